//! What the board shows of a township of two villages, and that each of its numbers opens what it counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cases::cases;
use super::layers::{Drive, Integrity, layers};
use super::quarters::quarters;
use super::year::{year, years};
use super::*;
use crate::state::register::Figure;
use crate::state::register::list::{self, Query};
use shared::domain::Village;
use shared::domain::assessment::{Assessment, AssessmentResult};
use shared::domain::meeting::{Author, Recorded};
use shared::domain::points::Counted as PointsCounted;
use shared::domain::points::fact::PointClaim;
use shared::domain::points::flow::{Stage as PointStage, State};
use shared::domain::points::{AccountEntry, Signed};
use shared::domain::ranking::{Capped, Standing};
use shared::domain::register::{Affair, Affairs, Counted, LineSubject, Listed, Opening, StepTaken, Value};
use shared::domain::township::{Unit, VillageKind};
use shared::domain::trim::TrimmedMean;
use shared::id::{Address, DeviceNumber, DocumentId, FactId, PersonId, ScopeId};
use shared::number::Ratio;
use shared::time::Quarter;

const SHAWAN: &str = "420529202209";
const JIZHEN: &str = "420529202001";

fn unit(code: &str) -> UnitCode {
    code.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn fact<T>(number: &str, value: T) -> Recorded<T> {
    let author = Author { device: DeviceNumber(1), holder: PersonId::new("wu").ok() };
    let id: FactId = number.parse().unwrap();
    Recorded { at: Instant(u64::from(id.counter) * 1000), id, author, value }
}

fn workspace() -> Workspace {
    let mut workspace = Workspace::default();
    for (code, name, kind) in [(SHAWAN, "沙湾村", VillageKind::Village), (JIZHEN, "集镇社区", VillageKind::Community)]
    {
        let (code, name, precinct) = (unit(code), name.to_owned(), "东片".to_owned());
        workspace.township.units.insert(code.clone(), Unit { code, name, kind, precinct });
    }
    workspace
}

fn opened(number: &str, kind: &str, hosts: &[&str], date: &str, values: &[(&str, &str)]) -> Recorded<Affair> {
    let value = |(key, text): &(&str, &str)| ((*key).to_owned(), Value::Text((*text).to_owned()));
    let (values, hosts) = (values.iter().map(value).collect(), hosts.iter().map(|host| unit(host)).collect());
    fact(number, Affair::Opened(Opening { kind: kind.to_owned(), hosts, date: day(date), values }))
}

fn took(number: &str, record: &str, step: &str, date: &str) -> Recorded<Affair> {
    let (record, step, date) = (record.parse().unwrap(), step.to_owned(), day(date));
    fact(number, Affair::Stepped(StepTaken { record, step, date, reason: "说明".to_owned(), replaces: Vec::new() }))
}

fn keep(workspace: &mut Workspace, scope: ScopeId, facts: Vec<Recorded<Affair>>) {
    let address = Address { scope, document: DocumentId::Affairs(2026) };
    workspace.registers.insert(address, Arc::new(Affairs::fold(facts, &BTreeMap::new())));
}

fn standing(village: &str, rank: Option<u32>, published: &str) -> Standing<UnitCode> {
    let nothing = Capped { given: Ratio::ZERO, counted: Ratio::ZERO };
    Standing {
        village: unit(village),
        cards: TrimmedMean::of(Vec::new(), 0).unwrap(),
        not_visited: 0,
        criteria: None,
        beside: Ratio::ZERO,
        bonus: nothing,
        deduction: nothing,
        exact: None,
        published: published.parse().ok(),
        disqualified: rank.is_none(),
        gain: None,
        rank,
        below_by: None,
    }
}

#[test]
fn three_layers_of_a_village_and_of_a_community_e44() {
    let mut workspace = workspace();
    let quarter: Quarter = "2026-Q2".parse().unwrap();
    let mut assessment = Assessment::fold(quarter, Vec::new(), &|_, _| None);
    let standings = vec![standing(SHAWAN, Some(1), "91.50"), standing(JIZHEN, None, "88.00")];
    assessment.result = Some(AssessmentResult { standings, digest: [0; 32] });
    workspace.assessments.insert(quarter, Arc::new(assessment));
    let mut village = Village::default();
    let accounts = Arc::make_mut(&mut village.points);
    let states = [State::At(PointStage::Booked), State::At(PointStage::Claimed), State::Held, State::Reversed];
    for (number, state) in (1..).zip(states) {
        let id = format!("SH1-{number}");
        let claim = PointClaim {
            account: "7".parse().unwrap(),
            person: None,
            item: "cleanup".parse().unwrap(),
            date: day("2026-05-04"),
            points: None,
            occasion: String::new(),
            note: String::new(),
        };
        let entry = AccountEntry {
            claim: Arc::new(Signed { fact: fact(&id, claim), roles: None }),
            state,
            stages: Vec::new(),
            gives: Some(2),
            counted: PointsCounted { points: 0, short: None },
            stands_in: None,
            twin: None,
            history: Vec::new(),
            told: Vec::new(),
            reversed: None,
        };
        accounts.entries.insert(id.parse().unwrap(), entry);
    }
    let month = day("2026-05-04").month();
    accounts.months.insert("7".parse().unwrap(), [(month, 12), (day("2025-05-04").month(), 90)].into());
    accounts.months.insert("8".parse().unwrap(), [(month, -2)].into());
    workspace.villages.insert(unit(SHAWAN), village);
    let layers = layers(&workspace, 2026);
    assert_eq!((layers.quarter, layers.confirmed), (Some(quarter), false));
    let [community, village] = layers.rows.as_slice() else { panic!("two units: {layers:?}") };
    assert_eq!((community.kind, community.integrity), (VillageKind::Community, None));
    let drive = |published: &str, rank, vetoed| Some(Drive { rank, published: published.parse().ok(), vetoed });
    assert_eq!((community.drive, village.drive), (drive("88.00", None, true), drive("91.50", Some(1), false)));
    assert_eq!(village.integrity, Some(Integrity { points: 10, accounts: 2, booked: 1, waiting: 2 }));
    assert_eq!((village.review.as_ref(), village.posts.len()), (None, 0));
    let quarters = quarters(&workspace);
    assert_eq!((quarters.quarters.len(), quarters.rows.len(), quarters.flag), (1, 2, None));
    assert!(quarters.rows.iter().all(|row| row.lines[0].is_some()));
}

#[test]
fn open_cases_are_told_apart_by_age_and_each_is_in_one() {
    let mut workspace = workspace();
    let today = day("2026-06-30");
    let dates = ["2026-07-02", "2026-06-23", "2026-06-22", "2026-05-31", "2026-05-30", "2026-04-01", "2026-03-31"];
    let mut facts: Vec<_> = (1..)
        .zip(dates)
        .map(|(number, date)| opened(&format!("SH1-{number}"), "dispute", &[SHAWAN], date, &[("matter", "地界")]))
        .collect();
    facts.push(opened("SH1-20", "dispute", &[SHAWAN], "2026-01-01", &[("matter", "已撤回")]));
    facts.push(took("SH1-21", "SH1-20", "withdraw", "2026-01-02"));
    keep(&mut workspace, ScopeId::Cases(unit(SHAWAN)), facts);
    let rows = cases(&workspace, today);
    let [row] = rows.as_slice() else { panic!("disputes alone: {rows:?}") };
    let ages: Vec<usize> = row.ages.iter().map(|(count, _)| *count).collect();
    assert_eq!((row.kind.key, row.open, ages.as_slice()), ("dispute", 7, [2, 2, 2, 1].as_slice()));
    for (count, span) in &row.ages {
        let query = Query { span: *span, ..Query::default() };
        assert_eq!(list::list(&workspace, row.kind, &query, 0).found, *count, "{span:?}");
    }
    assert_eq!(cases(&super::tests::workspace(), today), [], "whoever reads no case is shown none");
}

#[test]
fn every_number_of_a_year_opens_the_records_that_it_counts() {
    let mut workspace = workspace();
    let task: &[(&str, &str)] = &[("task", "扫雪")];
    let li = LineSubject::Name("李明".to_owned());
    let listed = |number: &str, record: &str, village: Option<&str>| {
        let (record, village) = (record.parse().unwrap(), village.map(unit));
        fact(number, Affair::Listed(Listed { record, village, subject: li.clone(), note: String::new() }))
    };
    let facts = vec![
        opened("SH1-1", "activity", &[SHAWAN], "2026-01-01", task),
        took("SH1-2", "SH1-1", "do", "2026-01-01"),
        listed("SH1-3", "SH1-1", None),
        opened("SH1-4", "activity", &[SHAWAN], "2026-12-31", task),
        opened("SH1-5", "activity", &[SHAWAN], "2025-12-31", task),
        took("SH1-6", "SH1-5", "do", "2025-12-31"),
    ];
    keep(&mut workspace, ScopeId::Village(unit(SHAWAN)), facts);
    let joint = vec![
        opened("SJ1-1", "theme-day", &[SHAWAN, JIZHEN], "2026-07-01", &[("topic", "学习")]),
        opened("SJ1-2", "activity", &[SHAWAN, JIZHEN], "2026-07-01", task),
        took("SJ1-3", "SJ1-2", "do", "2026-07-01"),
    ];
    keep(&mut workspace, ScopeId::Township, joint);
    assert_eq!(years(&workspace), [2026, 2025]);
    let activities = |of: Option<i32>, village: Option<&str>| {
        let village = village.map(unit);
        let rows = year(&workspace, of, village.as_ref());
        let row = rows.iter().find(|row| row.kind.key == "activity").expect("activities");
        let figures: Vec<Figure> = row.figures.iter().map(|(figure, _)| *figure).collect();
        (row.records.0, figures[0], figures[1])
    };
    let count = Figure::Count;
    assert_eq!(activities(Some(2026), None), (3, count(2), count(1)));
    assert_eq!(activities(None, None), (4, count(3), count(1)));
    assert_eq!(activities(Some(2026), Some(JIZHEN)), (1, count(1), count(0)), "credited to each, counted once");
    let mut seen = 0;
    for village in [None, Some(unit(SHAWAN)), Some(unit(JIZHEN))] {
        for row in year(&workspace, Some(2026), village.as_ref()) {
            let found = |span| {
                let query = Query { village: village.clone(), span, ..Query::default() };
                list::list(&workspace, row.kind, &query, 0).found
            };
            assert_eq!(found(row.records.1), row.records.0);
            for (figure, span) in &row.figures {
                if span.measure.is_some_and(|measure| measure.what == Counted::Records) {
                    assert_eq!(Figure::Count(found(*span) as i64), *figure, "{} {span:?}", row.kind.key);
                    seen += 1;
                }
            }
        }
    }
    assert!(seen >= 3, "{seen}");
}

#[test]
fn a_village_is_as_fresh_as_the_latest_of_its_records() {
    let mut workspace = workspace();
    let facts = vec![opened("SH1-7", "activity", &[SHAWAN], "2026-01-01", &[("task", "扫雪")])];
    keep(&mut workspace, ScopeId::Village(unit(SHAWAN)), facts);
    workspace.villages.insert(unit(SHAWAN), Village::default());
    let board = board(&workspace);
    assert_eq!((board.arrived, board.villages[0].fresh, board.villages[1].fresh), (1, None, Some(Instant(7000))));
}
