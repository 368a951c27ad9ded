//! A village's records as pages show them, whatever kind they are of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shared::domain::command::Refusal;
use shared::domain::meeting::{Author, Recorded};
use shared::domain::person::{Household, MemberClass, Person, Residency, Roster};
use shared::domain::register::{
    Affair, Affairs, Home, Kind, LineSubject, Listed, Opening, Standing, StepTaken, Strike, Value, Writing,
};
use shared::domain::township::{Unit, VillageKind};
use shared::domain::{Village, Workspace};
use shared::id::{Address, DeviceCode, DeviceNumber, DocumentId, FactId, HouseholdId, PersonId, ScopeId, UnitCode};
use shared::identity::{Holder, PublicKey};
use shared::role::{Role, Roles};
use shared::time::Instant;

use super::list::{At, Query, list};
use super::sheet::{lines, sheet};
use super::story::{Happened, story};
use super::{Figure, export, may_open, may_open_in, overview, reads};

const SHAWAN: &str = "420529202209";
const CHINAN: &str = "420529202207";

#[test]
fn newest_first_and_found_by_title_number_name_and_pinyin() {
    let workspace = workspace();
    check(&workspace, "", "A1-20 A1-10 A1-1");
    check(&workspace, "雪", "A1-1");
    check(&workspace, "a1-10", "A1-10");
    check(&workspace, "刘芳", "A1-1");
    check(&workspace, "lf", "A1-1");
    check(&workspace, "外来", "A1-10");
    check(&workspace, "王伟", "");
}

#[test]
fn states_are_counted_over_what_the_search_finds() {
    let workspace = workspace();
    let found = list(&workspace, activity(), &Query::default(), 0);
    let states = |found: &super::list::RecordList| {
        let name = |at: &At| match at {
            At::State(place) => activity().states[*place].key,
            At::Divided => "divided",
        };
        found.states.iter().map(|(at, count)| format!("{} {count}", name(at))).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(states(&found), "planned 1, done 1, divided 1");
    let done = Query { at: Some(found.states[1].0), ..Query::default() };
    let found = list(&workspace, activity(), &done, 0);
    assert_eq!((found.found, found.all, states(&found).as_str()), (1, 3, "planned 1, done 1, divided 1"));
}

#[test]
fn a_window_of_a_long_list_never_grows() {
    let mut workspace = workspace();
    let many = (1..=200).map(|number| opened(&format!("B1-{number}"), &[SHAWAN], "2026-03-01", "巡查"));
    add(&mut workspace, many.collect());
    let window = |first| {
        let found = list(&workspace, activity(), &Query::default(), first);
        (found.first, found.rows.len(), found.found)
    };
    assert_eq!(window(0), (0, 60, 203));
    assert_eq!(window(180), (180, 23, 203));
    assert_eq!(window(1000), (180, 23, 203), "a window that is beyond the end shows the last");
}

#[test]
fn who_reads_several_villages_may_ask_for_one() {
    let workspace = workspace();
    let of = |village: &str| Query { village: UnitCode::new(village).ok(), ..Query::default() };
    let found = |query| list(&workspace, activity(), &query, 0).rows.len();
    assert_eq!((found(of(SHAWAN)), found(of(CHINAN))), (3, 1), "a joint record is each village's");
}

#[test]
fn numbers_are_the_village_s_or_the_township_s() {
    let workspace = workspace();
    let counts = |me: &Holder, village: Option<&UnitCode>| {
        let groups = overview(&workspace, me, village);
        let row = groups.iter().flat_map(|group| &group.kinds).find(|row| row.kind == activity()).unwrap().clone();
        row.figures.iter().map(|(_, figure)| *figure).collect::<Vec<_>>()
    };
    let figures = |counts: [i64; 3]| counts.map(Figure::Count).to_vec();
    let office = holder(Role::TownshipOffice, &[]);
    assert_eq!(counts(&holder(Role::Scribe, &[SHAWAN]), None), figures([1, 2, 2]));
    assert_eq!(counts(&office, None), figures([1, 2, 2]));
    assert_eq!(counts(&office, UnitCode::new(CHINAN).ok().as_ref()), figures([0, 0, 0]));
}

#[test]
fn who_may_not_open_one_hears_why() {
    let hosts = BTreeSet::from([UnitCode::new(SHAWAN).unwrap()]);
    let may = |role, villages: &[&str]| may_open(&holder(role, villages), activity(), &hosts);
    assert_eq!(may(Role::Scribe, &[SHAWAN]), Ok(()));
    assert_eq!(may(Role::Villager, &[SHAWAN]), Err(Refusal::Role { needs: activity().keepers }));
    assert_eq!(may(Role::Scribe, &[CHINAN]), Err(Refusal::OtherVillage));
}

#[test]
fn who_may_open_one_for_any_village_is_asked_for_which() {
    let (workspace, office) = (workspace(), holder(Role::TownshipOffice, &[]));
    let objection = Kind::of("objection").unwrap();
    assert_eq!(may_open_in(&workspace, &office, objection, None), Ok(()));
    assert_eq!(may_open_in(&workspace, &office, activity(), None), Err(Refusal::Role { needs: activity().keepers }));
}

#[test]
fn a_page_says_what_leads_on_and_what_keeps_the_viewer_from_it() {
    let workspace = workspace();
    let steps = |me: &Holder, record: &str| {
        let (address, record) = workspace.record(&id(record)).unwrap();
        let steps = sheet(&workspace, me, None, address, record).steps;
        let said = |view: &super::sheet::StepView| match &view.may {
            Ok(()) => view.step.key.to_owned(),
            Err(Refusal::Role { .. }) => format!("{}: role", view.step.key),
            Err(other) => format!("{}: {other:?}", view.step.key),
        };
        steps.iter().map(said).collect::<Vec<_>>().join(", ")
    };
    let (scribe, villager) = (holder(Role::Scribe, &[SHAWAN]), holder(Role::Villager, &[SHAWAN]));
    assert_eq!(steps(&scribe, "A1-1"), "count: SamePerson");
    assert_eq!(steps(&holder_of(2, "b", Role::VillageSecretary), "A1-1"), "count");
    assert_eq!(steps(&villager, "A1-1"), "count: role");
    assert_eq!(steps(&scribe, "A1-10"), "announce: FieldsNeeded([\"place\"]), do, cancel");
}

#[test]
fn what_was_said_apart_stands_side_by_side_with_who_said_it() {
    let workspace = workspace();
    let (address, record) = workspace.record(&id("A1-20")).unwrap();
    let sheet = sheet(&workspace, &holder(Role::Scribe, &[SHAWAN]), None, address, record);
    assert!(matches!(sheet.standing, Standing::Divided(_)));
    let apart: Vec<_> = sheet.apart.iter().map(|apart| (apart.step.key, apart.by[0].name.clone().unwrap())).collect();
    assert_eq!(apart, [("do", "文书".to_owned()), ("cancel", "书记".to_owned())]);
    let place = sheet.fields.iter().find(|view| view.field.key == "place").unwrap();
    let said: Vec<_> = place.said.iter().map(|said| (said.value.clone(), said.by[0].name.clone().unwrap())).collect();
    let text = |text: &str| Value::Text(text.to_owned());
    assert_eq!(said, [(text("学校"), "文书".to_owned()), (text("祠堂"), "书记".to_owned())]);
    assert_eq!(sheet.steps.iter().map(|view| view.step.key).collect::<Vec<_>>(), ["count"]);
}

#[test]
fn struck_lines_stay_in_the_list_and_in_the_story() {
    let workspace = workspace();
    let (_, record) = workspace.record(&id("A1-1")).unwrap();
    let list = lines(&workspace, record, 0);
    let rows: Vec<_> = list.rows.iter().map(|row| (row.name.as_str(), row.struck.as_deref())).collect();
    assert_eq!(rows, [("王五", Some("记错")), ("刘芳", None), ("外甥", None)]);
    let story = story(&workspace, record, 0);
    let told = |entry: &super::story::Entry| match &entry.what {
        Happened::Opened => "opened".to_owned(),
        Happened::Wrote(fields) => format!("wrote {}", fields[0].key),
        Happened::Stepped { step, .. } => format!("took {}", step.unwrap().key),
        Happened::Listed(name) => format!("listed {name}"),
        Happened::Struck { name, reason } => format!("struck {name}: {reason}"),
    };
    let told: Vec<_> = story.entries.iter().map(told).collect();
    let expected =
        ["struck 王五: 记错", "listed 王五", "listed 刘芳", "listed 外甥", "took do", "wrote place", "opened"];
    assert_eq!((told, story.all), (expected.map(str::to_owned).to_vec(), 7));
}

#[test]
fn a_sheet_of_all_records_reads_in_any_program() {
    let mut workspace = workspace();
    add(&mut workspace, vec![opened("C1-1", &[SHAWAN], "2026-05-01", "=cmd(\"x\"), 扫雪")]);
    let (_, record) = workspace.record(&id("C1-1")).unwrap();
    let csv = String::from_utf8(export::csv(&workspace, activity(), &[record])).unwrap();
    let rows: Vec<&str> = csv.trim_start_matches('\u{feff}').split_terminator("\r\n").collect();
    assert!(csv.starts_with('\u{feff}'));
    assert_eq!(
        rows,
        [
            "record.number,record.kind,record.date,record.villages,record.state,task,place,content,record.listed,\
             record.names,record.opened-by",
            "C1-1,activity,2026-05-01,沙湾村,planned,\"'=cmd(\"\"x\"\"), 扫雪\",,,0,,",
        ]
    );
}

#[test]
fn a_kind_is_shown_to_those_who_read_where_it_lies() {
    let workspace = workspace();
    let at = |home| Kind { home, ..*activity() };
    let seen = |me: &Holder, home| reads(&workspace, me, &at(home));
    let (scribe, office) = (holder(Role::Scribe, &[SHAWAN]), holder(Role::TownshipOffice, &[]));
    assert_eq!([Home::Village, Home::Cases, Home::Office].map(|home| seen(&scribe, home)), [true, false, false]);
    assert_eq!([Home::Village, Home::Cases, Home::Office].map(|home| seen(&office, home)), [true; 3]);
}

#[track_caller]
fn check(workspace: &Workspace, search: &str, expected: &str) {
    let query = Query { search: search.to_owned(), ..Query::default() };
    let found = list(workspace, activity(), &query, 0);
    let found: Vec<String> = found.rows.iter().map(|row| row.id.to_string()).collect();
    assert_eq!(found.join(" "), expected, "{search}");
}

/// Three activities: one done with a list, one planned of two villages, one on which two people disagree.
pub(super) fn workspace() -> Workspace {
    let listed = |number: &str, subject| {
        let listed = Listed { record: id("A1-1"), village: None, subject, note: String::new() };
        fact(number, Affair::Listed(listed))
    };
    let name = |name: &str| LineSubject::Name(name.to_owned());
    let facts = vec![
        opened("A1-1", &[SHAWAN], "2026-01-10", "扫雪"),
        wrote("A1-2", "A1-1", "村委会"),
        took("A1-3", "A1-1", "do"),
        listed("A1-4", name("外甥")),
        listed("A1-5", LineSubject::Person(PersonId::new("p1").unwrap())),
        listed("A1-6", name("王五")),
        fact("A1-7", Affair::Struck(Strike { record: id("A1-1"), line: id("A1-6"), reason: "记错".to_owned() })),
        opened("A1-10", &[SHAWAN, CHINAN], "2026-02-10", "接待外来考察"),
        opened("A1-20", &[SHAWAN], "2026-02-20", "修路"),
        wrote("A1-21", "A1-20", "学校"),
        wrote("B1-21", "A1-20", "祠堂"),
        took("A1-22", "A1-20", "do"),
        took("B1-22", "A1-20", "cancel"),
    ];
    let mut workspace = Workspace::default();
    for (code, name) in [(SHAWAN, "沙湾村"), (CHINAN, "茶南村")] {
        let code = UnitCode::new(code).unwrap();
        let unit =
            Unit { code: code.clone(), name: name.to_owned(), kind: VillageKind::Village, precinct: String::new() };
        workspace.township.units.insert(code, unit);
    }
    let roster = Arc::new(roster());
    workspace.villages.insert(UnitCode::new(SHAWAN).unwrap(), Village { roster, ..Village::default() });
    for (holder, name) in [("a", "文书"), ("b", "书记")] {
        workspace.holders.insert(PersonId::new(holder).unwrap(), name.to_owned());
    }
    add(&mut workspace, facts);
    workspace
}

pub(super) fn add(workspace: &mut Workspace, facts: Vec<Recorded<Affair>>) {
    let scope = ScopeId::Village(UnitCode::new(SHAWAN).unwrap());
    let address = Address { scope, document: DocumentId::Affairs(2026) };
    let mut affairs = workspace.registers.get(&address).map(|affairs| (**affairs).clone()).unwrap_or_default();
    affairs.records.extend(Affairs::fold(facts, &BTreeMap::new()).records);
    workspace.registers.insert(address, Arc::new(affairs));
}

fn roster() -> Roster {
    let household = HouseholdId::new("h1").unwrap();
    let person = Person {
        id: PersonId::new("p1").unwrap(),
        name: "刘芳".to_owned(),
        pinyin: "liú fāng".to_owned(),
        household: household.clone(),
        birth_year: None,
        residency: Residency::Registered,
        standing: None,
        class: MemberClass::Ordinary,
        representative: false,
        hidden: false,
    };
    let home = Household {
        id: household.clone(),
        number: "12".to_owned(),
        group: "一组".to_owned(),
        head: Some(person.id.clone()),
    };
    Roster { people: [(person.id.clone(), person)].into(), households: [(household, home)].into(), ..Roster::default() }
}

pub(super) fn activity() -> &'static Kind {
    Kind::of("activity").unwrap()
}

pub(super) fn id(text: &str) -> FactId {
    text.parse().unwrap()
}

fn fact(number: &str, value: Affair) -> Recorded<Affair> {
    let number = id(number);
    let (device, holder) = match number.device.as_str() {
        "A1" => (1, "a"),
        _ => (2, "b"),
    };
    let author = Author {
        device: DeviceNumber(device),
        holder: PersonId::new(holder).ok().filter(|_| number.device.as_str() != "C1"),
    };
    Recorded { at: Instant(u64::from(number.counter)), id: number, author, value }
}

fn opened(number: &str, hosts: &[&str], date: &str, task: &str) -> Recorded<Affair> {
    let hosts = hosts.iter().map(|host| UnitCode::new(host).unwrap()).collect();
    let values = BTreeMap::from([("task".to_owned(), Value::Text(task.to_owned()))]);
    fact(number, Affair::Opened(Opening { kind: "activity".to_owned(), hosts, date: date.parse().unwrap(), values }))
}

fn wrote(number: &str, record: &str, place: &str) -> Recorded<Affair> {
    let values = BTreeMap::from([("place".to_owned(), Value::Text(place.to_owned()))]);
    fact(number, Affair::Written(Writing { record: id(record), values, replaces: Vec::new() }))
}

fn took(number: &str, record: &str, step: &str) -> Recorded<Affair> {
    let date = "2026-02-21".parse().unwrap();
    let step = step.to_owned();
    fact(number, Affair::Stepped(StepTaken { record: id(record), step, date, reason: String::new(), replaces: vec![] }))
}

pub(super) fn holder(role: Role, villages: &[&str]) -> Holder {
    let villages = villages.iter().map(|code| UnitCode::new(code).unwrap()).collect();
    Holder { villages, ..holder_of(1, "a", role) }
}

/// Somebody of 沙湾村.
fn holder_of(device: u32, person: &str, role: Role) -> Holder {
    Holder {
        device: DeviceNumber(device),
        code: DeviceCode::new("A1").unwrap(),
        person: PersonId::new(person).unwrap(),
        name: String::new(),
        roles: Roles::from(role),
        villages: BTreeSet::from([UnitCode::new(SHAWAN).unwrap()]),
        may_enrol: false,
        expires: Instant(u64::MAX),
        key: PublicKey([0; 32]),
        renewal: 0,
    }
}
