//! Every refusal in words: what was refused and why, and what to do next.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::{PeopleRefusal, Refusal};
use shared::domain::meeting::Meeting;
use shared::domain::register::ValueFault;
use shared::replica::Refused;
use shared::role::Role;

use crate::pages::blocker::{self, Names, Told};
use crate::pages::words::{self, Words};
use crate::pages::{flag, quarter};
use crate::shell::Phone;
use crate::ui::banner::{Banner, BannerKind};

/// A text of this many bytes is about one Chinese character.
const BYTES_PER_CHARACTER: usize = 3;

macro_rules! told {
    ($i18n:expr, $what:ident $([$($said:tt)*])?, $next:ident $([$($done:tt)*])?) => {
        Told::new(
            t_string!($i18n, refused.$what $(, $($said)*)?).to_string(),
            t_string!($i18n, refused.$next $(, $($done)*)?).to_string(),
        )
    };
}

mod points;
mod posts;

/// A banner with a refusal, where there is one.
#[component]
pub fn RefusalBanner(
    /// What was refused and what to do next.
    #[prop(into)]
    told: Signal<Option<Told>>,
) -> impl IntoView {
    move || told.get().map(|Told { what, next }| view! { <Banner kind=BannerKind::Refusal title=what next=next /> })
}

/// Follows a refusal that was not about a meeting.
pub fn told(i18n: Words, phone: Phone, refused: Signal<Option<Refused>>) -> Memo<Option<Told>> {
    Memo::new(move |_| {
        let workspace = phone.workspace.get();
        refused.with(|refused| Some(tell(i18n, Names::new(i18n, &workspace, None), None, refused.as_ref()?)))
    })
}

/// Tells why a wish was refused; `meeting` is the one it was about, where it was about one.
pub fn tell(i18n: Words, names: Names<'_>, meeting: Option<&Meeting>, refused: &Refused) -> Told {
    match refused {
        Refused::Rule(refusal) => rule(i18n, names, meeting, refusal),
        other => of_device(i18n, other),
    }
}

fn of_device(i18n: Words, refused: &Refused) -> Told {
    match refused {
        Refused::NotEnrolled => told!(i18n, not_enrolled, not_enrolled_next),
        Refused::AlreadyEnrolled => told!(i18n, already_enrolled, already_enrolled_next),
        Refused::NotLoaded => told!(i18n, not_loaded, not_loaded_next),
        Refused::NotALink => told!(i18n, not_a_link, not_a_link_next),
        Refused::ForgedLink => told!(i18n, forged_link, forged_link_next),
        Refused::ExpiredLink => told!(i18n, expired_link, expired_link_next),
        Refused::CodeTaken => told!(i18n, code_taken, code_taken_next),
        Refused::MayNotRevoke => told!(i18n, may_not_revoke, may_not_revoke_next),
        Refused::OwnDevice => told!(i18n, own_device, own_device_next),
        Refused::AlreadyRevoked => told!(i18n, already_revoked, already_revoked_next),
        Refused::NoSuchDevice => told!(i18n, no_such_device, no_such_device_next),
        Refused::NotHeld => told!(i18n, not_held, not_held_next),
        Refused::AlreadyJudged => told!(i18n, already_judged, already_judged_next),
        Refused::MayNotInvite => told!(i18n, may_not_invite, may_not_invite_next),
        Refused::DocumentFull => told!(i18n, document_full, document_full_next),
        Refused::Document | Refused::Rule(_) => told!(i18n, document, document_next),
    }
}

// One table without a catch-all: a refusal that is added cannot stay without words.
fn rule(i18n: Words, names: Names<'_>, meeting: Option<&Meeting>, refusal: &Refusal) -> Told {
    match refusal {
        Refusal::Role { needs } => {
            let roles = roles(i18n, needs);
            told!(i18n, role, role_next[roles = roles])
        }
        Refusal::OtherVillage => told!(i18n, other_village, other_village_next),
        Refusal::NothingToChange => told!(i18n, nothing, nothing_next),
        Refusal::EmptyName => told!(i18n, empty_name, empty_name_next),
        Refusal::TooLong { limit } => {
            let characters = *limit / BYTES_PER_CHARACTER;
            told!(i18n, too_long, too_long_next [limit = *limit, characters = characters])
        }
        Refusal::TooMany { limit } => told!(i18n, too_many, too_many_next[limit = *limit]),
        Refusal::UnitTwice(code) => told!(i18n, unit_twice[code = code.to_string()], unit_twice_next),
        Refusal::RulebookFaults(_) => told!(i18n, rulebook_faults, rulebook_faults_next),
        Refusal::VersionTaken => told!(i18n, version_taken, version_taken_next),
        Refusal::RulebookNotAdopted => told!(i18n, not_adopted, not_adopted_next),
        Refusal::NoHousehold(person) => told!(i18n, no_household[name = names.person(person)], no_household_next),
        Refusal::NoMeeting => told!(i18n, no_meeting, no_meeting_next),
        Refusal::AlreadyOpen => told!(i18n, already_open, already_open_next),
        Refusal::NotOneOfTheSettings => told!(i18n, not_one, not_one_next),
        Refusal::BallotsUnderOtherSettings => told!(i18n, other_ballots, other_ballots_next),
        Refusal::Settings(fault) => told!(i18n, settings, settings_next[fault = blocker::fault(names, fault)]),
        Refusal::Stage { is, needs } => {
            let needed: Vec<String> = needs.iter().map(|stage| words::stage(i18n, *stage).to_owned()).collect();
            let needed = words::list(i18n, &needed);
            told!(i18n, stage[is = words::stage(i18n, *is)], stage_next[needs = needed])
        }
        Refusal::NoSuchMove { from, to } => {
            told!(i18n, no_move [from = words::stage(i18n, *from), to = words::stage(i18n, *to)], no_move_next)
        }
        Refusal::FollowsByItself(stage) => told!(i18n, by_itself[stage = words::stage(i18n, *stage)], by_itself_next),
        Refusal::Blocked(blockers) => {
            let first = meeting.zip(blockers.first()).map(|(meeting, first)| blocker::tell(names, meeting, first));
            let Told { what, next } = first.unwrap_or_default();
            match blockers.len() {
                0 | 1 => told!(i18n, blocked[what = what], blocked_next[next = next]),
                count => told!(i18n, blocked_more [what = what, count = count], blocked_more_next [next = next]),
            }
        }
        Refusal::ReasonNeeded => told!(i18n, reason, reason_next),
        Refusal::Sealed => told!(i18n, sealed, sealed_next),
        Refusal::NotAttending(person) => told!(i18n, not_attending[name = names.person(person)], not_attending_next),
        Refusal::UnknownGroup(group) => told!(i18n, unknown_group[group = names.group(group)], unknown_group_next),
        Refusal::NotASubject(person) => told!(i18n, not_a_subject[name = names.person(person)], not_a_subject_next),
        Refusal::Mode { is } => told!(i18n, mode[mode = words::mode(i18n, *is)], mode_next),
        Refusal::SerialRun { limit } => told!(i18n, serial_run[limit = *limit], serial_run_next),
        Refusal::SerialsTaken { by } => told!(i18n, serials_taken[group = names.group(by)], serials_taken_next),
        Refusal::SerialNotIssued(serial) => {
            told!(i18n, serial_not_issued[serial = serial.to_string()], serial_not_issued_next)
        }
        Refusal::SerialOfGroup { group } => {
            told!(i18n, serial_of_group[group = names.group(group)], serial_of_group_next)
        }
        Refusal::MarkCount { expected } => told!(i18n, mark_count[expected = *expected], mark_count_next),
        Refusal::ScoreCount { subject, expected } => {
            told!(i18n, score_count [name = names.person(subject), expected = *expected], score_count_next)
        }
        Refusal::OutOfRange { subject, max, .. } => {
            told!(i18n, out_of_range [name = names.person(subject), max = *max], out_of_range_next)
        }
        Refusal::HandLevels { expected } => told!(i18n, hand_levels[expected = *expected], hand_levels_next),
        Refusal::TooManyHands { raters } => told!(i18n, too_many_hands[raters = *raters], too_many_hands_next),
        Refusal::UrnElsewhere { .. } => told!(i18n, urn_elsewhere, urn_elsewhere_next),
        Refusal::TwoUrns => told!(i18n, two_urns, two_urns_next),
        Refusal::NoUrn => told!(i18n, no_urn, no_urn_next),
        Refusal::UrnEmptied => told!(i18n, urn_emptied, urn_emptied_next),
        Refusal::UrnLost => told!(i18n, urn_lost, urn_lost_next),
        Refusal::NotARater(person) => told!(i18n, not_a_rater[name = names.person(person)], not_a_rater_next),
        Refusal::NotPresent(person) => told!(i18n, not_present[name = names.person(person)], not_present_next),
        Refusal::AlreadyVoted(person) => told!(i18n, already_voted[name = names.person(person)], already_voted_next),
        Refusal::OwnRow(person) => told!(i18n, own_row, own_row_next[name = names.person(person)]),
        Refusal::CountsDoNotAdd(group) => told!(i18n, counts[group = names.group(group)], counts_next),
        Refusal::Unproved => told!(i18n, unproved, unproved_next),
        Refusal::TookPart => told!(i18n, took_part, took_part_next),
        Refusal::SessionInvalid => told!(i18n, invalid, invalid_next),
        Refusal::NotGraded { subject, .. } => told!(i18n, not_graded[name = names.person(subject)], not_graded_next),
        Refusal::NoSuchStars => told!(i18n, no_such_stars, no_such_stars_next),
        Refusal::DiffersWithoutReason { .. } => told!(i18n, differs, differs_next),
        Refusal::OverOneThird { cap } => told!(i18n, one_third[cap = *cap], one_third_next),
        Refusal::NoRecord(number) => told!(i18n, no_record[number = number.to_string()], no_record_next),
        Refusal::OneVillage => told!(i18n, one_village, one_village_next),
        Refusal::NoSuchField(field) => told!(i18n, no_such_field[field = field.clone()], no_such_field_next),
        Refusal::Value { field, fault } => {
            Told::new(t_string!(i18n, refused.value, field = names.field(field)), value_fault(i18n, *fault))
        }
        Refusal::FieldsNeeded(fields) => {
            let fields: Vec<String> = fields.iter().map(|field| names.field(field)).collect();
            told!(i18n, fields_needed[fields = words::list(i18n, &fields)], fields_needed_next)
        }
        Refusal::NotOnRoster { field: Some(field) } => {
            told!(i18n, not_on_roster[field = names.field(field)], not_on_roster_next)
        }
        Refusal::NotOnRoster { field: None } => told!(i18n, line_not_on_roster, not_on_roster_next),
        Refusal::NoSuchStep { from } => {
            let states: Vec<String> = from.iter().map(|state| names.state(state)).collect();
            told!(i18n, no_such_step[from = words::list(i18n, &states)], no_such_step_next)
        }
        Refusal::TooEarly { last } => told!(i18n, too_early[last = words::date(i18n, *last)], too_early_next),
        Refusal::OpenObjections(numbers) => {
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            told!(i18n, open_objections[numbers = words::list(i18n, &numbers)], open_objections_next)
        }
        Refusal::RecordedIt => told!(i18n, recorded_it, recorded_it_next),
        Refusal::NotOnList { item } => told!(i18n, not_on_list[item = item.clone()], not_on_list_next),
        Refusal::AboutMinor => told!(i18n, about_minor, about_minor_next),
        Refusal::SamePerson => told!(i18n, same_person, same_person_next),
        Refusal::NoList => told!(i18n, no_list, no_list_next),
        Refusal::Assessment(refusal) => quarter::told::refusal(i18n, names, refusal),
        Refusal::Flag(refusal) => flag::told::refusal(i18n, names, refusal),
        Refusal::People(refusal) => people(i18n, names, refusal),
        Refusal::Posts(refusal) => posts::posts(i18n, names, refusal),
        Refusal::Points(refusal) => points::tell(i18n, names, refusal),
        Refusal::PointsFaults(found) => points::faults(i18n, found),
    }
}

/// Says why a wish about a village's people was refused.
fn people(i18n: Words, names: Names<'_>, refusal: &PeopleRefusal) -> Told {
    match refusal {
        PeopleRefusal::Nobody => told!(i18n, nobody_moves, nobody_moves_next),
        PeopleRefusal::NoPerson(person) => told!(i18n, no_person[name = names.person(person)], no_person_next),
        PeopleRefusal::NoHousehold => told!(i18n, no_such_household, no_such_household_next),
        PeopleRefusal::HouseholdTaken => told!(i18n, household_taken, household_taken_next),
        PeopleRefusal::AlreadyListed(person) => {
            told!(i18n, already_listed[name = names.person(person)], already_listed_next)
        }
        PeopleRefusal::SameEntry => told!(i18n, same_entry, same_entry_next),
        PeopleRefusal::OwnEntry => told!(i18n, own_entry, own_entry_next),
        PeopleRefusal::NoFact(number) => told!(i18n, no_move_fact[number = number.to_string()], no_move_fact_next),
    }
}

/// Says why a value cannot stand in a field.
pub(super) fn value_fault(i18n: Words, fault: ValueFault) -> String {
    match fault {
        ValueFault::Shape => t_string!(i18n, refused.value_shape).to_owned(),
        ValueFault::TooLong { limit } => {
            t_string!(i18n, refused.value_long, limit = limit, characters = limit / BYTES_PER_CHARACTER)
        }
        ValueFault::Negative => t_string!(i18n, refused.value_negative).to_owned(),
        ValueFault::Choice => t_string!(i18n, refused.value_choice).to_owned(),
        ValueFault::Fixed => t_string!(i18n, refused.value_fixed).to_owned(),
    }
}

fn roles(i18n: Words, needs: &[Role]) -> String {
    words::list(i18n, &needs.iter().map(|role| words::role(i18n, *role).to_owned()).collect::<Vec<_>>())
}
