//! A new meeting as it is being prepared: who votes, who is rated, what is missing, and the settings it becomes.

use std::collections::BTreeSet;

use shared::domain::ballot::BallotMode;
use shared::domain::meeting::{Attendee, MEMBERS, MeetingSettings, REPRESENTATIVES, attendees};
use shared::domain::person::{MemberClass, Person, Roster, Standing};
use shared::domain::rulebook::Rulebook;
use shared::id::{GroupId, MeetingId, PersonId, UnitCode};
use shared::time::Date;

use super::people::{dwelling, repeated};

/// The most meetings of one day: one figure is enough for any village.
pub const ROUNDS_LIMIT: u8 = 9;

/// What the person has filled in so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingDraft {
    /// The day as typed.
    pub date: String,
    /// Which meeting of that day, as typed.
    pub round: String,
    /// What the meeting calls itself.
    pub title: String,
    /// Where people meet.
    pub place: String,
    /// How ballots are collected.
    pub mode: BallotMode,
    /// Who chairs.
    pub chair: Option<PersonId>,
    /// Who keeps the tally.
    pub teller: Option<PersonId>,
    /// Who witnesses it.
    pub scrutineer: Option<PersonId>,
    /// Whether members away for work are rated (E16).
    pub migrants_rated: bool,
    /// Whether frail members are rated (E17).
    pub frail_rated: bool,
}

/// What keeps a draft from becoming a meeting, in the order of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No day, or none of the calendar.
    Date,
    /// Not a number from 1 to [`ROUNDS_LIMIT`].
    Round,
    /// No title.
    Title,
    /// No place.
    Place,
    /// The rulebook has a group that no body of the roster answers to.
    UnknownGroup(String),
    /// Nobody of the roster votes in this group.
    NoVoters(String),
    /// Nobody is rated.
    NoSubjects,
    /// No chair.
    Chair,
    /// No teller.
    Teller,
    /// No scrutineer.
    Scrutineer,
    /// One person is teller and scrutineer.
    SameOfficer,
    /// The teller or scrutineer is rated; the name.
    OfficerIsSubject(String),
}

/// Who takes part, counted for the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turnout {
    /// Everybody who votes or is rated, in printed order.
    pub people: Vec<Attendee>,
    /// Voters of each rater group, in rulebook order.
    pub voters: Vec<(GroupId, String, usize)>,
    /// People who are member and representative (E10).
    pub both: usize,
    /// How many are rated.
    pub subjects: usize,
    /// Members away for work, rated or not.
    pub migrants: usize,
    /// Frail members, rated or not.
    pub frail: usize,
    /// Probationary members, rated or not.
    pub probationary: usize,
}

impl MeetingDraft {
    /// Starts a draft on a day, or on none where the clock is beyond the calendar.
    pub fn new(date: Option<Date>, title: String, place: String) -> Self {
        Self {
            date: date.map(|date| date.to_string()).unwrap_or_default(),
            round: "1".to_owned(),
            title,
            place,
            mode: BallotMode::SecretPaper,
            chair: None,
            teller: None,
            scrutineer: None,
            migrants_rated: true,
            frail_rated: true,
        }
    }

    /// Returns the meeting this draft names, once day and round are readable.
    pub fn id(&self, village: &UnitCode) -> Option<MeetingId> {
        let date = self.date.trim().parse().ok()?;
        let round = self.round.trim().parse().ok().filter(|round| (1..=ROUNDS_LIMIT).contains(round))?;
        Some(MeetingId { village: village.clone(), date, round })
    }

    /// Lists everything that is missing, in the order of the form.
    pub fn missing(&self, rulebook: &Rulebook, turnout: &Turnout) -> Vec<Missing> {
        let mut missing = Vec::new();
        let mut note = |wrong: bool, what: Missing| {
            if wrong {
                missing.push(what);
            }
        };
        note(self.date.trim().parse::<Date>().is_err(), Missing::Date);
        note(!self.round.trim().parse().is_ok_and(|round: u8| (1..=ROUNDS_LIMIT).contains(&round)), Missing::Round);
        note(self.title.trim().is_empty(), Missing::Title);
        note(self.place.trim().is_empty(), Missing::Place);
        for group in &rulebook.groups {
            if ![MEMBERS, REPRESENTATIVES].contains(&group.id.as_str()) {
                note(true, Missing::UnknownGroup(group.name.clone()));
            } else {
                let empty = turnout.voters.iter().any(|(id, _, count)| *id == group.id && *count == 0);
                note(empty, Missing::NoVoters(group.name.clone()));
            }
        }
        note(turnout.subjects == 0, Missing::NoSubjects);
        note(self.chair.is_none(), Missing::Chair);
        note(self.teller.is_none(), Missing::Teller);
        note(self.scrutineer.is_none(), Missing::Scrutineer);
        note(self.teller.is_some() && self.teller == self.scrutineer, Missing::SameOfficer);
        for officer in [&self.teller, &self.scrutineer].into_iter().flatten() {
            let rated = turnout.people.iter().find(|attendee| attendee.subject && attendee.person == *officer);
            if let Some(attendee) = rated {
                note(true, Missing::OfficerIsSubject(attendee.name.clone()));
            }
        }
        missing
    }

    /// Returns the settings of the meeting, or what is missing.
    pub fn settings(&self, roster: &Roster, rulebook: &Rulebook) -> Result<MeetingSettings, Vec<Missing>> {
        let turnout = self.turnout(roster, rulebook);
        let missing = self.missing(rulebook, &turnout);
        match (&self.chair, &self.teller, &self.scrutineer) {
            (Some(chair), Some(teller), Some(scrutineer)) if missing.is_empty() => Ok(MeetingSettings {
                title: self.title.trim().to_owned(),
                place: self.place.trim().to_owned(),
                mode: self.mode,
                rulebook: rulebook.clone(),
                people: turnout.people,
                teller: teller.clone(),
                scrutineer: scrutineer.clone(),
                chair: chair.clone(),
            }),
            _ => Err(missing),
        }
    }

    /// Draws up who votes where and who is rated: the domain's list, less those whom the form leaves out (E16, E17).
    pub fn turnout(&self, roster: &Roster, rulebook: &Rulebook) -> Turnout {
        // Who left before the day of the meeting is not due, and neither is who comes after it (E19).
        let then = self.date.trim().parse().ok().map(|day: Date| roster.on(day));
        let people = attendees(then.as_ref().unwrap_or(roster), rulebook);
        let mut turnout = Turnout { people, ..Turnout::default() };
        for attendee in &mut turnout.people {
            turnout.migrants += usize::from(attendee.class == MemberClass::Migrant && attendee.subject);
            turnout.frail += usize::from(attendee.class == MemberClass::Frail && attendee.subject);
            turnout.probationary += usize::from(attendee.standing == Some(Standing::Probationary));
            let person = roster.people.get(&attendee.person);
            turnout.both += usize::from(person.is_some_and(|p| p.standing.is_some() && p.representative));
            attendee.subject &= match attendee.class {
                MemberClass::Migrant => self.migrants_rated,
                MemberClass::Frail => self.frail_rated,
                MemberClass::Ordinary | MemberClass::InService => true,
            };
        }
        turnout.subjects = turnout.people.iter().filter(|attendee| attendee.subject).count();
        for group in &rulebook.groups {
            let count = turnout.people.iter().filter(|attendee| attendee.body.as_ref() == Some(&group.id)).count();
            turnout.voters.push((group.id.clone(), group.name.clone(), count));
        }
        turnout
    }
}

/// Somebody whom a form offers for an office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// Group and household, where the name alone may mean two people (E20); else nothing.
    pub dwelling: String,
}

/// Returns whom a form offers as chair, members first.
pub fn chairs(turnout: &Turnout) -> Vec<Offered> {
    named(turnout.people.iter())
}

/// Returns whom a form offers as teller or scrutineer: nobody who is rated, nobody of a rated person's household.
///
/// Representatives come to mind first; a village where none of them is free may ask any of its people.
pub fn tellers(turnout: &Turnout, roster: &Roster) -> Vec<Offered> {
    let home = |person: &PersonId| roster.people.get(person).map(|person| &person.household);
    let subjects = || turnout.people.iter().filter(|attendee| attendee.subject);
    let rated: BTreeSet<_> = subjects().filter_map(|attendee| home(&attendee.person)).collect();
    let is_free = |person: &PersonId| home(person).is_none_or(|home| !rated.contains(home));
    let people = turnout.people.iter().filter(|attendee| !attendee.subject && is_free(&attendee.person));
    let offered = named(people);
    if offered.len() > 1 {
        return offered;
    }
    let anybody = roster.people.values().filter(|person| !person.hidden && is_free(&person.id));
    let text = |person: &Person| {
        let household = roster.households.get(&person.household);
        let dwelling = household.map(|h| dwelling(&h.group, &h.number)).unwrap_or_default();
        Offered { person: person.id.clone(), name: person.name.clone(), dwelling }
    };
    anybody.filter(|person| !subjects().any(|subject| subject.person == person.id)).map(text).collect()
}

fn named<'a>(people: impl Iterator<Item = &'a Attendee> + Clone) -> Vec<Offered> {
    let shared = repeated(people.clone().map(|attendee| attendee.name.as_str()));
    let offer = |attendee: &Attendee| Offered {
        person: attendee.person.clone(),
        name: attendee.name.clone(),
        dwelling: if shared.contains(attendee.name.as_str()) { attendee.household.clone() } else { String::new() },
    };
    people.map(offer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::domain::meeting::{Author, Recorded};
    use shared::domain::person::Moves;
    use shared::domain::person::Residency;
    use shared::domain::person::fact::{Move, Place, RosterFact};
    use shared::id::DeviceNumber;
    use shared::id::HouseholdId;
    use shared::time::Instant;

    #[test]
    fn a_member_who_represents_votes_once_and_as_the_rulebook_says() {
        let (roster, mut rulebook, draft) = sample();
        let bodies =
            |rulebook: &Rulebook| draft.turnout(&roster, rulebook).voters.iter().map(|v| v.2).collect::<Vec<_>>();
        assert_eq!(bodies(&rulebook), [4, 2]);
        rulebook.body_of_both = GroupId::new(REPRESENTATIVES).unwrap();
        assert_eq!(bodies(&rulebook), [3, 3]);
        assert_eq!(draft.turnout(&roster, &rulebook).both, 1);
    }

    #[test]
    fn rates_every_member_unless_the_form_or_the_rulebook_says_otherwise() {
        let (roster, mut rulebook, mut draft) = sample();
        assert_eq!(draft.turnout(&roster, &rulebook).subjects, 4);
        draft.migrants_rated = false;
        assert_eq!(draft.turnout(&roster, &rulebook).subjects, 3);
        rulebook.probationary_rated = false;
        assert_eq!(draft.turnout(&roster, &rulebook).subjects, 2);
        assert_eq!(draft.turnout(&roster, &rulebook).voters[0].2, 4, "who is not rated still votes");
    }

    #[test]
    fn who_died_before_the_day_of_a_meeting_is_not_due_e19() {
        let (roster, rulebook, mut draft) = sample();
        let on = Date::new(2026, 11, 24).unwrap();
        let (people, to) = ([id("m1")].into(), Place::Died);
        let gone = RosterFact::Moved(Move { people, to, on, came: false, words: String::new(), replaces: Vec::new() });
        let author = Author { device: DeviceNumber(1), holder: None };
        let fact = Recorded { id: "SH1-1".parse().unwrap(), author, at: Instant(0), value: gone };
        let roster = roster.with(Moves::fold(&village(), vec![fact], &|_, _| None));
        let due = |draft: &MeetingDraft| draft.turnout(&roster, &rulebook).people.len();
        assert_eq!(due(&draft), 6, "the day before they count");
        draft.date = on.to_string();
        assert_eq!(due(&draft), 5);
    }

    #[test]
    fn says_everything_that_is_missing_in_the_order_of_the_form() {
        let (roster, rulebook, mut draft) = sample();
        draft.date = "2026-02-30".into();
        draft.round = "0".into();
        draft.place = " ".into();
        let missing = draft.settings(&roster, &rulebook).unwrap_err();
        use Missing::{Chair, Place, Round, Scrutineer, Teller};
        assert_eq!(missing, [Missing::Date, Round, Place, Chair, Teller, Scrutineer]);
        assert_eq!(draft.id(&village()), None);
    }

    #[test]
    fn teller_and_scrutineer_are_two_people_and_not_rated() {
        let (roster, rulebook, mut draft) = sample();
        (draft.chair, draft.teller, draft.scrutineer) = (Some(id("m1")), Some(id("r1")), Some(id("r1")));
        assert_eq!(draft.settings(&roster, &rulebook), Err(vec![Missing::SameOfficer]));
        draft.scrutineer = Some(id("m2"));
        assert_eq!(draft.settings(&roster, &rulebook), Err(vec![Missing::OfficerIsSubject("m2".into())]));
        draft.scrutineer = Some(id("r2"));
        let settings = draft.settings(&roster, &rulebook).unwrap();
        assert_eq!(
            settings.people.iter().map(|a| a.person.as_str()).collect::<Vec<_>>(),
            ["m1", "m2", "m3", "m4", "r1", "r2"]
        );
        let offered: Vec<_> =
            tellers(&draft.turnout(&roster, &rulebook), &roster).into_iter().map(|offered| offered.person).collect();
        assert_eq!(offered, [id("r1"), id("r2")]);
    }

    #[test]
    fn an_empty_roster_is_named_as_the_reason() {
        let (_, rulebook, draft) = sample();
        let missing = draft.settings(&Roster::default(), &rulebook).unwrap_err();
        assert!(missing.contains(&Missing::NoVoters("党员".into())), "{missing:?}");
        assert!(missing.contains(&Missing::NoSubjects));
    }

    fn sample() -> (Roster, Rulebook, MeetingDraft) {
        let mut roster = Roster::default();
        use MemberClass::{Migrant, Ordinary};
        let rows = [
            ("m1", Some(Standing::Full), Ordinary, false),
            ("m2", Some(Standing::Full), Ordinary, true),
            ("m3", Some(Standing::Full), Migrant, false),
            ("m4", Some(Standing::Probationary), Ordinary, false),
            ("r1", None, Ordinary, true),
            ("r2", None, Ordinary, true),
            ("v1", None, Ordinary, false),
        ];
        for (name, standing, class, representative) in rows {
            let person = Person {
                id: id(name),
                name: name.into(),
                pinyin: String::new(),
                household: HouseholdId::new(&format!("h-{name}")).unwrap(),
                birth_year: None,
                residency: Residency::Registered,
                standing,
                class,
                representative,
                hidden: false,
            };
            roster.people.insert(person.id.clone(), person);
        }
        let date = Date::new(2026, 11, 23).unwrap();
        (roster, Rulebook::standard_review(), MeetingDraft::new(Some(date), "评议会".into(), "村委会".into()))
    }

    fn id(text: &str) -> PersonId {
        PersonId::new(text).unwrap()
    }

    fn village() -> UnitCode {
        UnitCode::new("420529202209").unwrap()
    }
}
