//! What stands in a meeting's way, in words: what is wrong, and what settles it.

use leptos_i18n::t_string;
use shared::domain::Workspace;
use shared::domain::appraisal::InvalidReason;
use shared::domain::meeting::{Blocker, Meeting, MeetingSettings, SerialClash, SettingsFault, SettingsPart};
use shared::domain::register::Kind;
use shared::id::{CategoryId, GroupId, PersonId};

use crate::pages::words::{self, Words};
use crate::state::posts::post_name;

/// What something is called in words, and what settles it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// What is wrong.
    pub what: String,
    /// What to do next; may be empty.
    pub next: String,
}

impl Told {
    /// Puts two sentences together.
    pub fn new(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self { what: what.into(), next: next.into() }
    }
}

/// Names people and groups as a meeting's own papers do, fields and states as a kind of record declares them.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    i18n: Words,
    workspace: &'a Workspace,
    settings: Option<&'a MeetingSettings>,
    kind: Option<&'static Kind>,
}

impl<'a> Names<'a> {
    /// Names as this meeting does; without one, as the rosters do.
    pub fn new(i18n: Words, workspace: &'a Workspace, settings: Option<&'a MeetingSettings>) -> Self {
        Self { i18n, workspace, settings, kind: None }
    }

    /// The same, with the words of a kind of record.
    pub fn with_kind(self, kind: Option<&'static Kind>) -> Self {
        Self { kind, ..self }
    }

    /// Returns the records that the names are taken from.
    pub fn workspace(&self) -> &'a Workspace {
        self.workspace
    }

    /// Names a field of the kind of record; by its key where the kind is not known.
    pub fn field(&self, key: &str) -> String {
        let field = self.kind.and_then(|kind| kind.field(key));
        field.map_or_else(|| key.to_owned(), |field| words::declared(self.i18n, field.name).to_owned())
    }

    /// Names a state of the kind of record; by its key where the kind is not known.
    pub fn state(&self, key: &str) -> String {
        let state = self.kind.and_then(|kind| kind.state(key));
        state.map_or_else(|| key.to_owned(), |state| words::declared(self.i18n, state.name).to_owned())
    }

    /// Names a person: by the meeting's list, a roster, or a certificate; else by the identifier.
    pub fn person(&self, id: &PersonId) -> String {
        let attendee = self.settings.and_then(|settings| settings.attendee(id)).map(|attendee| &attendee.name);
        let of_roster = || self.workspace.villages.values().find_map(|village| village.roster.people.get(id));
        attendee
            .or_else(|| of_roster().map(|person| &person.name))
            .or_else(|| self.workspace.holders.get(id))
            .cloned()
            .unwrap_or_else(|| id.to_string())
    }

    /// Names a category of posts as the latest rule that knows it does; else by the identifier.
    pub fn post(&self, id: &CategoryId) -> String {
        post_name(self.workspace, id)
    }

    /// Names whoever holds a device, as far as that is known.
    pub fn author(&self, id: Option<&PersonId>) -> String {
        id.map_or_else(|| t_string!(self.i18n, blocker.somebody).to_owned(), |id| self.person(id))
    }

    /// Names a rater group.
    pub fn group(&self, id: &GroupId) -> String {
        let group = self.settings.and_then(|settings| settings.rulebook.group(id));
        group.map_or_else(|| id.to_string(), |group| words::group(self.i18n, group))
    }
}

/// Tells what a blocker of a meeting is and what settles it.
pub fn tell(names: Names<'_>, meeting: &Meeting, blocker: &Blocker) -> Told {
    let i18n = names.i18n;
    match blocker {
        Blocker::SettingsDiffer => {
            let parts = words::list(i18n, &parts(names, meeting));
            Told::new(t_string!(i18n, blocker.settings, parts = parts), t_string!(i18n, blocker.settings_next))
        }
        Blocker::NoQuorum { group, due, in_room, required } => Told::new(
            t_string!(
                i18n,
                blocker.quorum,
                group = names.group(group),
                in_room = *in_room,
                required = *required,
                due = *due
            ),
            t_string!(i18n, blocker.quorum_next),
        ),
        Blocker::RollDiffers(person) => {
            let standing = meeting.roll.get(person).map_or(&[][..], |settled| settled.standing());
            let values: Vec<String> =
                standing.iter().map(|said| words::roll(i18n, Some(said.value)).to_owned()).collect();
            let values = words::list(i18n, &values);
            Told::new(
                t_string!(i18n, blocker.roll, name = names.person(person), values = values),
                t_string!(i18n, blocker.roll_next),
            )
        }
        Blocker::Serial(serial, clash) => {
            let serial = serial.to_string();
            match clash {
                SerialClash::NotIssued => Told::new(
                    t_string!(i18n, blocker.serial_not_issued, serial = serial),
                    t_string!(i18n, blocker.serial_not_issued_next),
                ),
                SerialClash::IssuedTwice(groups) => {
                    let groups: Vec<String> = groups.iter().map(|group| names.group(group)).collect();
                    let groups = words::list(i18n, &groups);
                    Told::new(
                        t_string!(i18n, blocker.serial_twice, serial = serial, groups = groups),
                        t_string!(i18n, blocker.serial_twice_next),
                    )
                }
                SerialClash::OtherGroup { issued_to } => Told::new(
                    t_string!(i18n, blocker.serial_other, serial = serial, group = names.group(issued_to)),
                    t_string!(i18n, blocker.serial_other_next),
                ),
            }
        }
        Blocker::PaperDiffers(serial) => {
            Told::new(t_string!(i18n, blocker.paper, serial = serial.to_string()), t_string!(i18n, blocker.paper_next))
        }
        Blocker::OneSided { serial, by } => Told::new(
            t_string!(i18n, blocker.one_sided, serial = serial.to_string(), name = names.author(by.as_ref())),
            t_string!(i18n, blocker.one_sided_next),
        ),
        Blocker::NotReconciled(group) => Told::new(
            t_string!(i18n, blocker.unreconciled, group = names.group(group)),
            t_string!(i18n, blocker.unreconciled_next),
        ),
        Blocker::ReconciliationsDiffer => {
            Told::new(t_string!(i18n, blocker.reconciliations), t_string!(i18n, blocker.reconciliations_next))
        }
        Blocker::MoreReturnedThanIssued { group, issued, returned } => Told::new(
            t_string!(i18n, blocker.too_many, group = names.group(group), returned = *returned, issued = *issued),
            t_string!(i18n, blocker.void_next),
        ),
        Blocker::NotEntered { group, sheets } => Told::new(
            t_string!(i18n, blocker.not_entered, group = names.group(group), sheets = *sheets),
            t_string!(i18n, blocker.not_entered_next),
        ),
        Blocker::MoreEnteredThanReturned { group, sheets } => Told::new(
            t_string!(i18n, blocker.too_many_entered, group = names.group(group), sheets = *sheets),
            t_string!(i18n, blocker.too_many_entered_next),
        ),
        Blocker::NoteNeeded(group) => {
            Told::new(t_string!(i18n, blocker.note, group = names.group(group)), t_string!(i18n, blocker.note_next))
        }
        Blocker::HandsMissing { subject, group } => Told::new(
            t_string!(i18n, blocker.hands_missing, name = names.person(subject), group = names.group(group)),
            t_string!(i18n, blocker.hands_missing_next),
        ),
        Blocker::HandsDiffer { subject, group } => Told::new(
            t_string!(i18n, blocker.hands, name = names.person(subject), group = names.group(group)),
            t_string!(i18n, blocker.hands_next),
        ),
        Blocker::NoUrn => Told::new(t_string!(i18n, blocker.no_urn), t_string!(i18n, blocker.no_urn_next)),
        Blocker::TwoUrns => Told::new(t_string!(i18n, blocker.two_urns), t_string!(i18n, blocker.void_paper_next)),
        Blocker::VotedTwice(person) => Told::new(
            t_string!(i18n, blocker.voted_twice, name = names.person(person)),
            t_string!(i18n, blocker.void_paper_next),
        ),
        Blocker::UrnNotEmptied => {
            Told::new(t_string!(i18n, blocker.urn_not_emptied), t_string!(i18n, blocker.urn_not_emptied_next))
        }
        Blocker::UrnsDiffer => {
            Told::new(t_string!(i18n, blocker.urns_differ), t_string!(i18n, blocker.void_paper_next))
        }
        Blocker::Incalculable => {
            Told::new(t_string!(i18n, blocker.incalculable), t_string!(i18n, blocker.incalculable_next))
        }
        Blocker::NotChecked => {
            Told::new(t_string!(i18n, blocker.not_checked), t_string!(i18n, blocker.not_checked_next))
        }
        Blocker::Invalid(reason) => {
            let what = match reason {
                InvalidReason::Quorum(group) => {
                    t_string!(i18n, blocker.invalid_quorum, group = names.group(group))
                }
                InvalidReason::EmptyGroup(group) => {
                    t_string!(i18n, blocker.invalid_empty, group = names.group(group))
                }
            };
            Told::new(what, t_string!(i18n, blocker.void_next))
        }
        Blocker::NotDecided(person) => Told::new(
            t_string!(i18n, blocker.not_decided, name = names.person(person)),
            t_string!(i18n, blocker.not_decided_next),
        ),
        Blocker::DecisionsDiffer(person) => Told::new(
            t_string!(i18n, blocker.decisions, name = names.person(person)),
            t_string!(i18n, blocker.decisions_next),
        ),
    }
}

/// Says which stage a blocker keeps from beginning.
pub fn holds_up(i18n: Words, blocker: &Blocker) -> String {
    t_string!(i18n, blocker.holds_up, stage = words::stage(i18n, blocker.blocks()))
}

/// Names the parts in which two creations of a meeting differ (E1).
pub fn parts(names: Names<'_>, meeting: &Meeting) -> Vec<String> {
    let i18n = names.i18n;
    let people: Vec<&PersonId> = meeting
        .settings_differ
        .iter()
        .filter_map(|part| match part {
            SettingsPart::Person(person) => Some(person),
            _ => None,
        })
        .collect();
    let mut parts: Vec<String> = meeting
        .settings_differ
        .iter()
        .filter_map(|part| match part {
            SettingsPart::Title => Some(t_string!(i18n, blocker.part_title)),
            SettingsPart::Place => Some(t_string!(i18n, blocker.part_place)),
            SettingsPart::Mode => Some(t_string!(i18n, blocker.part_mode)),
            SettingsPart::Rulebook => Some(t_string!(i18n, blocker.part_rulebook)),
            SettingsPart::Teller => Some(t_string!(i18n, blocker.part_teller)),
            SettingsPart::Scrutineer => Some(t_string!(i18n, blocker.part_scrutineer)),
            SettingsPart::Chair => Some(t_string!(i18n, blocker.part_chair)),
            SettingsPart::Order => Some(t_string!(i18n, blocker.part_order)),
            SettingsPart::Person(_) => None,
        })
        .map(str::to_owned)
        .collect();
    match people.as_slice() {
        [] => {}
        [one] => parts.push(t_string!(i18n, blocker.part_person, name = names.person(one))),
        many => parts.push(t_string!(i18n, blocker.part_people, count = many.len())),
    }
    parts
}

/// Tells why settings cannot be used.
pub fn fault(names: Names<'_>, fault: &SettingsFault) -> String {
    let i18n = names.i18n;
    match fault {
        SettingsFault::Title => t_string!(i18n, blocker.fault_title).to_owned(),
        SettingsFault::Rulebook(_) => t_string!(i18n, blocker.fault_rulebook).to_owned(),
        SettingsFault::Round => t_string!(i18n, blocker.fault_round).to_owned(),
        SettingsFault::TooManyPeople => t_string!(i18n, blocker.fault_too_many).to_owned(),
        SettingsFault::PersonTwice(person) => t_string!(i18n, blocker.fault_twice, name = names.person(person)),
        SettingsFault::UnknownBody(person) => t_string!(i18n, blocker.fault_body, name = names.person(person)),
        SettingsFault::NoSubjects => t_string!(i18n, blocker.fault_no_subjects).to_owned(),
        SettingsFault::NobodyIn(group) => t_string!(i18n, blocker.fault_nobody, group = names.group(group)),
        SettingsFault::NoLevels => t_string!(i18n, blocker.fault_levels).to_owned(),
        SettingsFault::TellerIsScrutineer => t_string!(i18n, blocker.fault_same_officer).to_owned(),
        SettingsFault::OfficerIsSubject(person) => t_string!(i18n, blocker.fault_officer, name = names.person(person)),
        SettingsFault::OfficerIsKin { officer, subject } => {
            t_string!(i18n, blocker.fault_kin, officer = names.person(officer), subject = names.person(subject))
        }
    }
}
