//! The glossary's words for the domain's values, in the person's language.

use leptos::prelude::Signal;
use leptos_i18n::I18nContext;
use shared::domain::ballot::BallotMode;
use shared::domain::meeting::{MEMBERS, REPRESENTATIVES, RollStatus, Stage};
use shared::domain::person::{MemberClass, Residency, Standing};
use shared::domain::register;
use shared::domain::rulebook::{Quorum, RaterGroup};
use shared::domain::township::VillageKind;
use shared::id::GroupId;
use shared::role::{Role, Roles};
use shared::time::{Date, Instant};

use crate::i18n::*;
use crate::state::moment::{Moment, moment};

/// The language in use, as every page takes it.
pub type Words = I18nContext<Locale>;

/// Makes a signal of a sentence, so that it follows the language.
#[macro_export]
macro_rules! say {
    ($i18n:expr, $($sentence:tt)*) => {
        $crate::pages::words::said($i18n, |language| leptos_i18n::td_string!(language, $($sentence)*))
    };
}

/// Returns a signal of a sentence without gaps.
///
/// The sentence comes as a plain function: a closure with a type of its own would bring its own copy of everything
/// that draws a signal, some hundred kilobytes over all sentences.
pub fn said(i18n: Words, sentence: fn(Locale) -> &'static str) -> Signal<String> {
    Signal::derive(move || sentence(i18n.get_locale()).to_owned())
}

/// Returns the word that a declaration gives something, in the language in use.
pub fn declared(i18n: Words, words: register::Words) -> &'static str {
    match i18n.get_locale() {
        Locale::zh_CN => words.zh,
        Locale::en => words.en,
    }
}

/// Names a stage of a meeting.
pub fn stage(i18n: Words, stage: Stage) -> &'static str {
    match stage {
        Stage::Draft => t_string!(i18n, words.stage_draft),
        Stage::RollOpen => t_string!(i18n, words.stage_roll_open),
        Stage::Quorate => t_string!(i18n, words.stage_quorate),
        Stage::Voting => t_string!(i18n, words.stage_voting),
        Stage::Closed => t_string!(i18n, words.stage_closed),
        Stage::Counted => t_string!(i18n, words.stage_counted),
        Stage::Checked => t_string!(i18n, words.stage_checked),
        Stage::Decided => t_string!(i18n, words.stage_decided),
        Stage::Adjourned => t_string!(i18n, words.stage_adjourned),
        Stage::Void => t_string!(i18n, words.stage_void),
    }
}

/// Names how somebody stands on the roll; `None` is somebody not marked yet.
pub fn roll(i18n: Words, status: Option<RollStatus>) -> &'static str {
    match status {
        None => t_string!(i18n, words.roll_unmarked),
        Some(RollStatus::Present) => t_string!(i18n, words.roll_present),
        Some(RollStatus::Late) => t_string!(i18n, words.roll_late),
        Some(RollStatus::Left) => t_string!(i18n, words.roll_left),
        Some(RollStatus::Excused) => t_string!(i18n, words.roll_excused),
        Some(RollStatus::Absent) => t_string!(i18n, words.roll_absent),
        Some(RollStatus::Exempt) => t_string!(i18n, words.roll_exempt),
    }
}

/// Names how ballots are collected.
pub fn mode(i18n: Words, mode: BallotMode) -> &'static str {
    match mode {
        BallotMode::ShowOfHands => t_string!(i18n, words.mode_hands),
        BallotMode::SecretPaper => t_string!(i18n, words.mode_paper),
        BallotMode::SecretDevice => t_string!(i18n, words.mode_device),
    }
}

/// Explains a mode in one line.
pub fn mode_note(i18n: Words, mode: BallotMode) -> &'static str {
    match mode {
        BallotMode::ShowOfHands => t_string!(i18n, words.mode_hands_note),
        BallotMode::SecretPaper => t_string!(i18n, words.mode_paper_note),
        BallotMode::SecretDevice => t_string!(i18n, words.mode_device_note),
    }
}

/// Names a rater group: the two bodies of the roster in the person's language, any other as its rulebook has it.
pub fn group(i18n: Words, group: &RaterGroup) -> String {
    group_named(i18n, &group.id, &group.name)
}

/// Names a group by its identifier, or by the name that the rulebook gives it.
pub fn group_named(i18n: Words, id: &GroupId, name: &str) -> String {
    match id.as_str() {
        MEMBERS => t_string!(i18n, words.members).to_owned(),
        REPRESENTATIVES => t_string!(i18n, words.representatives).to_owned(),
        _ => name.to_owned(),
    }
}

/// Says a quorum as people do: at least, or more than, a share.
pub fn quorum(i18n: Words, quorum: Quorum) -> String {
    let (numerator, denominator) = (quorum.numerator, quorum.denominator);
    match quorum.strict {
        true => t_string!(i18n, words.more_than, numerator = numerator, denominator = denominator),
        false => t_string!(i18n, words.or_more, numerator = numerator, denominator = denominator),
    }
}

/// Names what a member's circumstances are; nothing for ordinary ones.
pub fn class(i18n: Words, class: MemberClass) -> Option<&'static str> {
    match class {
        MemberClass::Ordinary => None,
        MemberClass::Frail => Some(t_string!(i18n, words.class_frail)),
        MemberClass::Migrant => Some(t_string!(i18n, words.class_migrant)),
        MemberClass::InService => Some(t_string!(i18n, words.class_in_service)),
    }
}

/// Names where somebody lives; nothing for those registered and living here.
pub fn residency(i18n: Words, residency: Residency) -> Option<&'static str> {
    match residency {
        Residency::Registered => None,
        Residency::Resident => Some(t_string!(i18n, words.residency_resident)),
        Residency::Away => Some(t_string!(i18n, words.residency_away)),
    }
}

/// Names a Party standing.
pub fn standing(i18n: Words, standing: Standing) -> &'static str {
    match standing {
        Standing::Full => t_string!(i18n, words.standing_full),
        Standing::Probationary => t_string!(i18n, words.standing_probationary),
    }
}

/// Says stars as words; none and 0 are no star.
pub fn stars(i18n: Words, stars: Option<u8>) -> String {
    match stars {
        None | Some(0) => t_string!(i18n, words.no_stars).to_owned(),
        Some(count) => t_string!(i18n, words.stars, count = count),
    }
}

/// Writes a day.
pub fn date(i18n: Words, date: Date) -> String {
    let (year, month, day) = date.parts();
    t_string!(i18n, words.date, year = year, month = month, day = day, iso = date.to_string())
}

/// Writes a clock reading to the minute.
pub fn when(i18n: Words, at: Instant) -> String {
    let Some(Moment { date, hour, minute }) = moment(at) else { return String::new() };
    let (_, month, day) = date.parts();
    let clock = format!("{hour:02}:{minute:02}");
    t_string!(i18n, words.moment, month = month, day = day, iso = date.to_string(), clock = clock)
}

/// Writes the day of a clock reading.
pub fn day(i18n: Words, at: Instant) -> String {
    moment(at).map(|moment| date(i18n, moment.date)).unwrap_or_default()
}

/// Joins a list of names.
pub fn list(i18n: Words, names: &[String]) -> String {
    names.join(t_string!(i18n, words.list_join))
}

/// Joins sentences to a paragraph.
pub fn sentences(i18n: Words, sentences: &[String]) -> String {
    let gap = match i18n.get_locale() {
        Locale::zh_CN => "",
        Locale::en => " ",
    };
    sentences.iter().filter(|sentence| !sentence.is_empty()).cloned().collect::<Vec<_>>().join(gap)
}

/// Names a role.
pub fn role(i18n: Words, role: Role) -> &'static str {
    match role {
        Role::TownshipOffice => t_string!(i18n, roles.township_office),
        Role::AssessmentLead => t_string!(i18n, roles.assessment_lead),
        Role::Assessor => t_string!(i18n, roles.assessor),
        Role::Advisor => t_string!(i18n, roles.advisor),
        Role::PrecinctCommittee => t_string!(i18n, roles.precinct_committee),
        Role::VillageSecretary => t_string!(i18n, roles.village_secretary),
        Role::Scribe => t_string!(i18n, roles.scribe),
        Role::Teller => t_string!(i18n, roles.teller),
        Role::Scrutineer => t_string!(i18n, roles.scrutineer),
        Role::SupervisionCommittee => t_string!(i18n, roles.supervision_committee),
        Role::GroupLeader => t_string!(i18n, roles.group_leader),
        Role::PartyMember => t_string!(i18n, roles.party_member),
        Role::VillagerRepresentative => t_string!(i18n, roles.villager_representative),
        Role::Villager => t_string!(i18n, roles.villager),
        Role::Auditor => t_string!(i18n, roles.auditor),
    }
}

/// Names a role as its unit calls it: a community has residents where a village has villagers (E44).
pub fn role_in(i18n: Words, kind: VillageKind, one: Role) -> &'static str {
    match (kind, one) {
        (VillageKind::Community, Role::VillageSecretary) => t_string!(i18n, roles.community_secretary),
        (VillageKind::Community, Role::SupervisionCommittee) => t_string!(i18n, roles.community_supervision),
        (VillageKind::Community, Role::GroupLeader) => t_string!(i18n, roles.community_group_leader),
        (VillageKind::Community, Role::VillagerRepresentative) => t_string!(i18n, roles.community_representative),
        (VillageKind::Community, Role::Villager) => t_string!(i18n, roles.resident),
        _ => role(i18n, one),
    }
}

/// Names a stage, or the seal that ends them all.
pub fn stage_or_seal(i18n: Words, at: Stage, sealed: bool) -> &'static str {
    if sealed { t_string!(i18n, words.stage_sealed) } else { stage(i18n, at) }
}

/// Writes group and household number, or only what is known of them.
pub fn dwelling(i18n: Words, group: &str, household: &str) -> String {
    match household {
        "" => group.to_owned(),
        number => format!("{group} {}", t_string!(i18n, words.household_number, number = number)).trim().to_owned(),
    }
}

/// Writes a name with the household where others bear the same name (E20).
pub fn name(i18n: Words, name: &str, household: &str, shared: bool) -> String {
    if shared { aside(i18n, name, household) } else { name.to_owned() }
}

/// Writes something with a few words in brackets after it, in the brackets of the language.
pub fn aside(i18n: Words, what: &str, inside: &str) -> String {
    t_string!(i18n, words.aside, what = what.to_owned(), inside = inside.to_owned())
}

/// Writes who holds a phone of a unit: the name, and the roles as the unit calls them.
pub fn holder(i18n: Words, kind: VillageKind, name: &str, roles: Roles) -> String {
    let roles: Vec<String> = roles.iter().map(|one| role_in(i18n, kind, one).to_owned()).collect();
    format!("{name} · {}", list(i18n, &roles))
}
