//! What the pages of a person, a household and doubtful entries show of a small village.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::moving::{Missing, MoveDraft, Way, companions};
use super::*;
use shared::domain::command::{Command, PeopleCommand};
use shared::domain::meeting::{Author, Recorded};
use shared::domain::person::fact::{Merge, Move, RosterFact, Undo};
use shared::domain::person::{Household, MemberClass, Moves, Person, Residency};
use shared::domain::register::{Affair, Affairs, LineSubject, Listed, Opening, Value};
use shared::id::{Address, DeviceNumber, DocumentId, ScopeId};
use shared::time::Instant;

const SHAWAN: &str = "420529202209";

fn village() -> UnitCode {
    SHAWAN.parse().unwrap()
}

fn person(id: &str) -> PersonId {
    id.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn fact<T>(number: &str, value: T) -> Recorded<T> {
    let author = Author { device: DeviceNumber(1), holder: PersonId::new("wu").ok() };
    let number: FactId = number.parse().unwrap();
    Recorded { at: Instant(u64::from(number.counter) * 1000), id: number, author, value }
}

/// 李 and 王 of household 1, 张 twice in household 2; whatever `facts` say of them.
fn workspace(facts: Vec<Recorded<RosterFact>>) -> Workspace {
    let mut roster = Roster::default();
    for number in ["1", "2"] {
        let (id, group): (HouseholdId, _) = (number.parse().unwrap(), "一组".to_owned());
        let head = (number == "1").then(|| person("li"));
        roster.households.insert(id.clone(), Household { id, number: number.to_owned(), group, head });
    }
    for (id, name, home) in [("li", "李明", "1"), ("wang", "王芳", "1"), ("z1", "张伟", "2"), ("z2", "张伟", "2")]
    {
        let row = Person {
            id: person(id),
            name: name.to_owned(),
            pinyin: String::new(),
            household: home.parse().unwrap(),
            birth_year: Some(1960),
            residency: Residency::Registered,
            standing: None,
            class: MemberClass::Ordinary,
            representative: false,
            hidden: false,
        };
        roster.people.insert(row.id.clone(), row);
    }
    let roster = Arc::new(roster.with(Moves::fold(&village(), facts, &|_, _| None)));
    let mut workspace = Workspace::default();
    workspace.villages.insert(village(), Village { roster, ..Village::default() });
    workspace.holders.insert(person("wu"), "吴文书".to_owned());
    workspace
}

fn gone(number: &str, who: &str, to: Place, on: &str) -> Recorded<RosterFact> {
    let (people, words) = ([person(who)].into(), "说明".to_owned());
    fact(number, RosterFact::Moved(Move { people, to, on: day(on), came: false, words, replaces: Vec::new() }))
}

fn shown(workspace: &Workspace, id: &str, on: &str) -> PersonPage {
    page(workspace, &person(id), day(on), 0).expect("the roster has them")
}

#[test]
fn a_page_says_where_somebody_is_on_the_day_e19() {
    let workspace = workspace(vec![gone("SH1-1", "li", Place::Died, "2026-05-10")]);
    assert_eq!(shown(&workspace, "li", "2026-05-09").at, Whereabouts::Here);
    let after = shown(&workspace, "li", "2026-05-10");
    assert_eq!(after.at, Whereabouts::Died(day("2026-05-10")));
    assert_eq!((after.row.name.as_str(), after.row.household.as_str(), after.row.head), ("李明", "1", true));
    let [entry] = after.story.as_slice() else { panic!("one move: {:?}", after.story) };
    assert_eq!((entry.by.as_deref(), entry.words.as_str()), (Some("吴文书"), "说明"));
    let living = |on: &str| {
        let page = household::page(&workspace, &village(), &"1".parse().unwrap(), day(on), 0).unwrap();
        page.people.iter().map(|row| row.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(living("2026-05-09"), ["李明", "王芳"], "the head first");
    assert_eq!(living("2026-05-10"), ["王芳"]);
    assert_eq!(page(&workspace, &person("nobody"), day("2026-05-10"), 0), None);
}

#[test]
fn a_merged_entry_leads_to_the_one_that_stays() {
    let merge = Merge { entry: person("z2"), into: person("z1"), words: String::new() };
    let facts = vec![fact("SH1-1", RosterFact::Merged(merge))];
    let together = workspace(facts.clone());
    let page = shown(&together, "z2", "2026-05-09");
    assert_eq!((page.row.id.as_str(), page.merged, page.twins), ("z1", vec![person("z2")], vec![]));
    assert_eq!(twins::count(&together, &village()), 0);
    let undo = Undo { fact: "SH1-1".parse().unwrap(), reason: "两个人".to_owned() };
    let apart = workspace(facts.into_iter().chain([fact("SH1-2", RosterFact::Undone(undo))]).collect());
    let page = shown(&apart, "z2", "2026-05-09");
    assert_eq!((page.row.id.as_str(), page.twins.len()), ("z2", 1));
    assert_eq!(page.story[0].undone.as_deref(), Some("两个人"));
    let shown = twins::page(&apart, &village(), day("2026-05-09"), 99);
    assert_eq!((shown.pairs.len(), shown.all, shown.first, shown.merges.len()), (1, 1, 0, 1));
}

#[test]
fn records_that_name_somebody_are_found_by_field_and_by_list() {
    let mut workspace = workspace(Vec::new());
    let opening = |kind: &str, date: &str, values: &[(&str, Value)]| {
        let values: BTreeMap<String, Value> =
            values.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        Affair::Opened(Opening { kind: kind.to_owned(), hosts: [village()].into(), date: day(date), values })
    };
    let listed = |record: &str, subject| {
        let record = record.parse().unwrap();
        Affair::Listed(Listed { record, village: None, subject, note: String::new() })
    };
    let text = |text: &str| Value::Text(text.to_owned());
    let facts = vec![
        fact("SH1-1", opening("activity", "2026-02-20", &[("task", text("扫雪"))])),
        fact("SH1-2", listed("SH1-1", LineSubject::Person(person("li")))),
        fact(
            "SH1-3",
            opening(
                "service-circle",
                "2026-01-05",
                &[("name", text("第一圈")), ("member", Value::Person(person("li")))],
            ),
        ),
        fact("SH1-4", listed("SH1-3", LineSubject::Household("2".parse().unwrap()))),
    ];
    let scope = ScopeId::Village(village());
    let address = Address { scope, document: DocumentId::Affairs(2026) };
    workspace.registers.insert(address, Arc::new(Affairs::fold(facts, &BTreeMap::new())));
    let of = |id: &str| {
        let rows = shown(&workspace, id, "2026-05-09").records.rows;
        rows.iter().map(|row| format!("{} {}", row.id, row.named.len())).collect::<Vec<_>>()
    };
    assert_eq!(of("li"), ["SH1-1 1", "SH1-3 1"], "the latest first");
    assert_eq!(of("wang"), Vec::<String>::new());
    let home = household::page(&workspace, &village(), &"2".parse().unwrap(), day("2026-05-09"), 7).unwrap();
    assert_eq!((home.records.rows.len(), home.records.first, home.points), (1, 0, None));
    let elsewhere = "420529202208".parse().unwrap();
    let number = "2".parse().unwrap();
    assert_eq!(mentions::of(&workspace, &About::Household(&elsewhere, &number), 0).all, 0, "another village's number");
}

#[test]
fn a_draft_of_a_move_becomes_a_wish_or_says_what_is_missing() {
    let workspace = workspace(Vec::new());
    let today = day("2026-05-09");
    let others: Vec<_> =
        companions(&workspace, &village(), &person("wang"), today).into_iter().map(|row| row.name).collect();
    assert_eq!(others, ["王芳", "李明"], "who moves first, then whom they live with");
    let mut draft = MoveDraft::of(person("wang"), "一组".to_owned(), today);
    assert_eq!(draft.wish(&village()), Err(Missing::Household));
    draft.way = Way::Split;
    assert_eq!(draft.wish(&village()), Err(Missing::Number));
    draft.number = " 003 ".to_owned();
    let Ok(Command::People(_, PeopleCommand::Split { household, on, .. })) = draft.wish(&village()) else {
        panic!("a split")
    };
    assert_eq!((household.id.as_str(), household.number.as_str(), on), ("3", "003", today));
    draft.on = "gestern".to_owned();
    assert_eq!(draft.wish(&village()), Err(Missing::Day));
    (draft.way, draft.on) = (Way::Died, "2026-05-08".to_owned());
    let Ok(Command::People(_, PeopleCommand::Move { to, .. })) = draft.wish(&village()) else { panic!("a move") };
    assert_eq!(to, Place::Died);
    draft.people.clear();
    assert_eq!(draft.wish(&village()), Err(Missing::People));
}

#[test]
fn a_search_finds_people_and_households_of_every_village() {
    let mut workspace = workspace(vec![gone("SH1-1", "li", Place::Died, "2026-05-10")]);
    let other: UnitCode = "420529202208".parse().unwrap();
    let roster = Arc::clone(&workspace.villages[&village()].roster);
    workspace.villages.insert(other.clone(), Village { roster, ..Village::default() });
    let names = |search: &str, on: &str| {
        let found = finding::find(&workspace, search, day(on));
        let names: Vec<String> = found.people.iter().map(|(_, row)| row.name.clone()).collect();
        (names.join(" "), found.all, found.households.len())
    };
    assert_eq!(names("  ", "2026-05-09"), (String::new(), 0, 0));
    assert_eq!(names("李", "2026-05-09"), ("李明 李明".to_owned(), 2, 0));
    assert_eq!(names("李", "2026-05-10"), (String::new(), 0, 0));
    assert_eq!(names("2", "2026-05-10"), ("张伟 张伟 张伟 张伟".to_owned(), 4, 2), "one of each village");
}
