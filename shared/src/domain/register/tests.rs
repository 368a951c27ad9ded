//! The fold of records in every order of their facts, what may not be, and what is counted; lives stand beside.

mod cadres;
mod cases;
mod declared;
mod economy;
mod honours;
mod life;
mod lists;
mod notices;
mod posters;
mod teams;

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::domain::divergence::Settled;
use crate::domain::meeting::{Author, Recorded};
use crate::id::{DeviceCode, DeviceNumber, FactId, UnitCode};
use crate::time::{Date, Instant};

const SHAWAN: &str = "420529202209";
const CHINAN: &str = "420529202202";

fn id(text: &str) -> FactId {
    text.parse().unwrap()
}

fn date() -> Date {
    "2026-11-23".parse().unwrap()
}

/// A fact of a device named by the first letter of its number: `A1-3` is of device 1, held by person a.
fn fact(number: &str, value: Affair) -> Recorded<Affair> {
    let id = id(number);
    let letter = id.device.as_str().chars().next().unwrap();
    let device = DeviceNumber(u32::from(letter) - u32::from('A') + 1);
    let holder = letter.to_ascii_lowercase().to_string().parse().ok();
    Recorded { id, author: Author { device, holder }, at: Instant(0), value }
}

fn opened(number: &str, kind: &str, hosts: &[&str], values: &[(&str, &str)]) -> Recorded<Affair> {
    let hosts = hosts.iter().map(|host| UnitCode::new(host).unwrap()).collect();
    fact(number, Affair::Opened(Opening { kind: kind.to_owned(), hosts, date: date(), values: texts(values) }))
}

fn texts(values: &[(&str, &str)]) -> BTreeMap<String, Value> {
    values.iter().map(|(field, text)| ((*field).to_owned(), Value::Text((*text).to_owned()))).collect()
}

fn wrote(number: &str, record: &str, values: &[(&str, &str)], replaces: &[&str]) -> Recorded<Affair> {
    let replaces = replaces.iter().map(|replaced| id(replaced)).collect();
    fact(number, Affair::Written(Writing { record: id(record), values: texts(values), replaces }))
}

fn took(number: &str, record: &str, step: &str, replaces: &[&str]) -> Recorded<Affair> {
    let replaces = replaces.iter().map(|replaced| id(replaced)).collect();
    let (step, reason) = (step.to_owned(), String::new());
    fact(number, Affair::Stepped(StepTaken { record: id(record), step, date: date(), reason, replaces }))
}

fn listed(number: &str, record: &str, village: Option<&str>, name: &str) -> Recorded<Affair> {
    let village = village.map(|village| UnitCode::new(village).unwrap());
    let subject = LineSubject::Person(name.parse().unwrap());
    fact(number, Affair::Listed(Listed { record: id(record), village, subject, note: String::new() }))
}

/// Device A is a scribe's, B a secretary's, C a villager's, all of two villages.
fn powers() -> BTreeMap<DeviceNumber, Powers> {
    let villages: BTreeSet<UnitCode> = [SHAWAN, CHINAN].map(|village| UnitCode::new(village).unwrap()).into();
    [Role::Scribe, Role::VillageSecretary, Role::Villager]
        .into_iter()
        .enumerate()
        .map(|(place, role)| {
            (DeviceNumber(place as u32 + 1), Powers { roles: role.into(), villages: villages.clone() })
        })
        .collect()
}

/// Folds facts in every rotation and checks that no order shows.
fn fold(facts: &[Recorded<Affair>]) -> Affairs {
    let affairs = Affairs::fold(facts.to_vec(), &powers());
    for turn in 1..facts.len() {
        let mut turned = facts.to_vec();
        turned.rotate_left(turn);
        assert_eq!(Affairs::fold(turned, &powers()), affairs, "turned by {turn}");
    }
    affairs
}

fn notes(affairs: &Affairs) -> Vec<String> {
    affairs.notes.iter().map(|note| format!("{} {:?}", note.fact, note.flaw)).collect()
}

fn standing(affairs: &Affairs, record: &str) -> String {
    match affairs.records[&id(record)].standing() {
        Standing::At(state) => state.key.to_owned(),
        Standing::Divided(states) => states.iter().map(|state| state.key).collect::<Vec<_>>().join(" or "),
    }
}

#[test]
fn a_record_lives_from_plan_to_count() {
    let facts = [
        opened("A1-1", "activity", &[SHAWAN], &[("task", "扫雪")]),
        wrote("A1-2", "A1-1", &[("place", "村委会")], &[]),
        took("A1-3", "A1-1", "announce", &[]),
        took("A1-4", "A1-1", "do", &["A1-3"]),
        listed("A1-5", "A1-1", None, "li"),
        took("B1-1", "A1-1", "count", &["A1-4"]),
    ];
    let affairs = fold(&facts);
    let record = &affairs.records[&id("A1-1")];
    assert_eq!((record.title(), standing(&affairs, "A1-1").as_str()), ("扫雪", "counted"));
    assert_eq!(record.value("place"), Some(&Value::Text("村委会".to_owned())));
    assert_eq!((record.steps.len(), record.listed().count(), notes(&affairs).len()), (3, 1, 0));
}

#[test]
fn two_people_who_step_apart_leave_it_to_somebody_to_settle() {
    let mut facts = vec![
        opened("A1-1", "activity", &[SHAWAN], &[("task", "扫雪")]),
        took("A1-2", "A1-1", "do", &[]),
        took("B1-1", "A1-1", "cancel", &[]),
    ];
    assert_eq!(standing(&fold(&facts), "A1-1"), "done or cancelled");
    facts.push(took("B1-2", "A1-1", "count", &["A1-2", "B1-1"]));
    assert_eq!(standing(&fold(&facts), "A1-1"), "counted");
}

#[test]
fn two_values_for_one_field_stand_side_by_side() {
    let mut facts = vec![
        opened("A1-1", "activity", &[SHAWAN], &[("task", "扫雪"), ("place", "村口")]),
        wrote("A1-2", "A1-1", &[("place", "学校")], &["A1-1"]),
        wrote("B1-1", "A1-1", &[("place", "祠堂")], &["A1-1"]),
    ];
    let affairs = fold(&facts);
    let record = &affairs.records[&id("A1-1")];
    assert!(record.values["place"].is_divergence() && record.value("place").is_none());
    assert_eq!(record.title(), "扫雪", "what was not written again stands");
    facts.push(wrote("B1-2", "A1-1", &[("place", "学校")], &["A1-2", "B1-1"]));
    let affairs = fold(&facts);
    let record = &affairs.records[&id("A1-1")];
    assert_eq!(record.value("place"), Some(&Value::Text("学校".to_owned())));
    assert_eq!(record.writings.len(), 3, "what made way is still told");
}

#[test]
fn what_may_not_be_does_not_count() {
    let mut foreign = opened("A1-9", "comet", &[SHAWAN], &[]);
    let facts = [
        opened("A1-1", "activity", &[SHAWAN], &[("task", "扫雪"), ("weight", "1")]),
        foreign.clone(),
        opened("C1-1", "activity", &[SHAWAN], &[("task", "x")]),
        wrote("C1-2", "A1-1", &[("task", "x")], &["A1-1"]),
        wrote("A1-2", "A1-7", &[("task", "x")], &[]),
        took("A1-3", "A1-1", "do", &[]),
        took("A1-4", "A1-1", "count", &["A1-3"]),
        took("B1-1", "A1-1", "announce", &["A1-3"]),
        took("B1-2", "A1-1", "count", &["B1-2"]),
        took("C1-3", "A1-1", "cancel", &[]),
        listed("C1-4", "A1-1", None, "li"),
        fact("A1-5", Affair::Struck(Strike { record: id("A1-1"), line: id("C1-4"), reason: String::new() })),
    ];
    let affairs = fold(&facts);
    let expected = [
        "A1-1 Value",
        "A1-2 NoRecord",
        "A1-4 SamePerson",
        "A1-5 Line",
        "A1-9 UnknownKind",
        "B1-1 Step",
        "B1-2 Step",
        "C1-1 Role",
        "C1-2 Role",
        "C1-3 Role",
        "C1-4 Role",
    ];
    assert_eq!(notes(&affairs), expected);
    assert_eq!((affairs.records.len(), standing(&affairs, "A1-1").as_str()), (1, "done"));

    foreign.value = facts[0].value.clone();
    let twice = [facts[1].clone(), foreign];
    assert_eq!(notes(&fold(&twice)), ["A1-9 NumberTwice"]);
}

#[test]
fn a_person_with_two_phones_is_one_person() {
    let mut other_phone = took("B1-1", "A1-1", "count", &["A1-2"]);
    let facts = |last: Recorded<Affair>| {
        [opened("A1-1", "activity", &[SHAWAN], &[("task", "扫雪")]), took("A1-2", "A1-1", "do", &[]), last]
    };
    assert_eq!(standing(&fold(&facts(other_phone.clone())), "A1-1"), "counted");
    other_phone.author.holder = "a".parse().ok();
    assert_eq!(notes(&fold(&facts(other_phone))), ["B1-1 SamePerson"]);
}

#[test]
fn a_joint_record_is_credited_to_each_and_counted_once_e43() {
    let facts = [
        opened("A1-1", "activity", &[SHAWAN, CHINAN], &[("task", "联合主题党日")]),
        took("A1-2", "A1-1", "do", &[]),
        listed("A1-3", "A1-1", Some(SHAWAN), "li"),
        listed("A1-4", "A1-1", Some(CHINAN), "he"),
        listed("A1-5", "A1-1", Some(CHINAN), "wu"),
        opened("A1-6", "activity", &[CHINAN], &[("task", "修路")]),
        took("A1-7", "A1-6", "do", &[]),
        listed("A1-8", "A1-6", None, "he"),
        opened("A1-9", "activity", &[CHINAN], &[("task", "计划中的")]),
    ];
    let affairs = fold(&facts);
    let counts = |village: Option<&str>| -> Vec<i64> {
        let village = village.map(|village| UnitCode::new(village).unwrap());
        let tallies = tally(Kind::of("activity").unwrap(), affairs.records.values(), village.as_ref());
        tallies.iter().map(|tally| tally.count).collect()
    };
    assert_eq!(counts(Some(SHAWAN)), [1, 1, 1]);
    assert_eq!(counts(Some(CHINAN)), [2, 3, 2], "he took part twice and is one person");
    assert_eq!(counts(None), [2, 4, 3]);
}

#[test]
fn a_struck_line_stays_readable_and_counts_no_more() {
    let facts = [
        opened("A1-1", "activity", &[SHAWAN], &[("task", "扫雪")]),
        listed("A1-2", "A1-1", None, "li"),
        fact("B1-1", Affair::Struck(Strike { record: id("A1-1"), line: id("A1-2"), reason: "记错".to_owned() })),
    ];
    let affairs = fold(&facts);
    let record = &affairs.records[&id("A1-1")];
    assert_eq!((record.listed().count(), record.lines[&id("A1-2")].struck.as_deref()), (0, Some("记错")));
    assert_eq!(record.strikes[&id("B1-1")].value.line, id("A1-2"));
    assert_eq!(record.last, Settled::Nothing);
    assert_eq!(DeviceCode::new("A1").unwrap(), id("A1-2").device);
}

#[test]
fn a_role_of_another_village_is_none_here() {
    let villages =
        |codes: &[&str]| -> BTreeSet<UnitCode> { codes.iter().map(|code| UnitCode::new(code).unwrap()).collect() };
    let powers = |role: Role, codes: &[&str]| Powers { roles: role.into(), villages: villages(codes) };
    let roles = [Role::Scribe, Role::TownshipOffice];
    let hosts = villages(&[SHAWAN]);
    let may = |powers: Powers, home, hosts: &BTreeSet<UnitCode>| powers.allow(&roles, home, hosts);
    assert_eq!(may(powers(Role::Scribe, &[SHAWAN]), Home::Village, &hosts), Ok(()));
    assert_eq!(may(powers(Role::Scribe, &[CHINAN]), Home::Village, &hosts), Err(Denied::OtherVillage));
    assert_eq!(may(powers(Role::Scribe, &[CHINAN]), Home::Township, &hosts), Err(Denied::OtherVillage));
    assert_eq!(may(powers(Role::Scribe, &[CHINAN]), Home::Township, &BTreeSet::new()), Ok(()));
    assert_eq!(may(powers(Role::Villager, &[SHAWAN]), Home::Village, &hosts), Err(Denied::Role));
    assert_eq!(may(powers(Role::TownshipOffice, &[]), Home::Village, &hosts), Ok(()));
}

#[test]
fn whom_two_phones_listed_apart_counts_once() {
    // Two scribes listed the same people apart; each phone had heard nothing of the other's list.
    let facts = [
        opened("A1-1", "activity", &[SHAWAN], &[("task", "扫雪")]),
        took("A1-2", "A1-1", "do", &[]),
        listed("A1-3", "A1-1", None, "li"),
        listed("B1-1", "A1-1", None, "li"),
    ];
    let affairs = fold(&facts);
    let counts: Vec<i64> =
        tally(Kind::of("activity").unwrap(), affairs.records.values(), None).iter().map(|tally| tally.count).collect();
    assert_eq!(counts, [1, 1, 1]);
    assert_eq!(affairs.records[&id("A1-1")].listed().count(), 2, "both lines stay readable");
}

#[test]
fn a_clock_set_to_next_year_changes_no_order_e38() {
    let mut facts = [
        opened("A1-1", "activity", &[SHAWAN], &[("task", "扫雪")]),
        took("A1-2", "A1-1", "announce", &[]),
        took("A1-3", "A1-1", "do", &["A1-2"]),
    ];
    facts[1].at = Instant(u64::MAX);
    assert_eq!(standing(&fold(&facts), "A1-1"), "done");
}

#[test]
fn what_is_fixed_stays_as_it_was_opened() {
    let facts = [
        opened("B1-1", "joint-task", &[SHAWAN], &[("task", "修路"), ("precinct", "一片区")]),
        wrote("B1-2", "B1-1", &[("precinct", "二片区"), ("task", "修桥")], &["B1-1"]),
    ];
    let affairs = fold(&facts);
    let record = &affairs.records[&id("B1-1")];
    assert_eq!((record.title(), notes(&affairs)), ("修桥", vec!["B1-2 Value".to_owned()]));
    assert_eq!(record.value("precinct"), Some(&Value::Text("一片区".to_owned())));
}

#[test]
fn a_list_takes_only_what_it_is_a_list_of() {
    let facts = [
        opened("B1-1", "joint-task", &[SHAWAN], &[("task", "修路"), ("precinct", "一片区")]),
        listed("B1-2", "B1-1", None, "li"),
        opened("A1-1", "service-circle", &[SHAWAN], &[("name", "李家湾")]),
        listed("A1-2", "A1-1", None, "li"),
    ];
    let affairs = fold(&facts);
    assert_eq!(notes(&affairs), ["A1-2 Line", "B1-2 Line"]);
    assert!(affairs.records.values().all(|record| record.lines.is_empty()));
}
