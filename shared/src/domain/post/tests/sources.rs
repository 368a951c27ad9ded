//! What is drawn from rolls and records, and that a month rests on it without a line typed twice.

use super::*;
use crate::domain::ballot::BallotMode;
use crate::domain::meeting::{self, Attendee, Meeting, MeetingFact, MeetingSettings, RollMark, RollStatus};
use crate::domain::register::{Affair, Affairs, LineSubject, Listed, Opening, StepTaken, Value};
use crate::domain::rulebook::Rulebook;
use crate::id::{Address, MeetingId, ScopeId};

fn number(text: &str) -> FactId {
    text.parse().unwrap()
}

fn by<T>(id: &str, holder: &str, value: T) -> Recorded<T> {
    let author = Author { device: DeviceNumber(2), holder: Some(person(holder)) };
    Recorded { id: number(id), author, at: Instant(0), value }
}

fn opening(id: &str, kind: &str, on: &str, values: &[(&str, Value)]) -> Recorded<Affair> {
    let values = values.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect();
    let hosts = [UnitCode::new(VILLAGE).unwrap()].into();
    by(id, "secretary", Affair::Opened(Opening { kind: kind.to_owned(), hosts, date: date(on), values }))
}

fn listed(id: &str, record: &str, who: &str) -> Recorded<Affair> {
    let (record, subject) = (number(record), LineSubject::Person(person(who)));
    by(id, "secretary", Affair::Listed(Listed { record, village: None, subject, note: String::new() }))
}

fn step(id: &str, record: &str, step: &str, on: &str, replaces: &[&str]) -> Recorded<Affair> {
    let replaces = replaces.iter().map(|id| number(id)).collect();
    let (record, step, reason) = (number(record), step.to_owned(), String::new());
    by(id, "secretary", Affair::Stepped(StepTaken { record, step, date: date(on), reason, replaces }))
}

/// Puts records where they lie; whoever wrote them is somebody whose certificate has not arrived.
fn put(branch: &mut Branch, scope: ScopeId, facts: Vec<Recorded<Affair>>) {
    let address = Address { scope, document: DocumentId::Affairs(2026) };
    let affairs = Affairs::fold(facts, &BTreeMap::new());
    assert_eq!(affairs.notes, []);
    branch.workspace.registers.insert(address, Arc::new(affairs));
}

fn meet(branch: &mut Branch, on: &str, marks: &[(&str, &str, RollStatus)]) {
    let id = MeetingId { village: branch.village.clone(), date: date(on), round: 1 };
    let attendee = |(who, body): (&str, &str)| Attendee {
        person: person(who),
        name: who.to_owned(),
        household: String::new(),
        standing: None,
        class: MemberClass::Ordinary,
        body: body.parse().ok(),
        subject: true,
    };
    let settings = MeetingSettings {
        title: "十月党员大会".to_owned(),
        place: "村委会".to_owned(),
        mode: BallotMode::ShowOfHands,
        rulebook: Rulebook::standard_review(),
        people: [("li", meeting::MEMBERS), ("he", meeting::REPRESENTATIVES)].map(attendee).into(),
        teller: person("scribe"),
        scrutineer: person("watcher"),
        chair: person("secretary"),
    };
    let opening = meeting::Opening { settings, replaces: Vec::new() };
    let mut facts = vec![by("M1-1", "secretary", MeetingFact::Opened(Box::new(opening)))];
    for (id, who, status) in marks {
        let mark = RollMark { person: person(who), status: *status, replaces: Vec::new() };
        facts.push(by(id, "scribe", MeetingFact::Roll(mark)));
    }
    let meeting = Meeting::fold(id.clone(), facts);
    let village = branch.workspace.villages.get_mut(&branch.village).unwrap();
    village.meetings.insert(id, Arc::new(meeting));
}

/// What is drawn of 李's October, as date, number and title.
fn of_li(branch: &Branch) -> Vec<String> {
    let facts = drawn(&branch.workspace, &branch.village, &person("li"), month("2026-10"));
    facts.iter().map(|fact| format!("{} {} {}", fact.date, fact.number, fact.title)).collect()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn whatever_is_recorded_of_somebody_is_drawn_once() {
    let mut branch = Branch::new();
    meet(&mut branch, "2026-10-20", &[("M1-2", "li", RollStatus::Late), ("M1-3", "he", RollStatus::Excused)]);
    let village = branch.village.clone();
    put(
        &mut branch,
        ScopeId::Village(village),
        vec![
            opening("A1-1", "activity", "2026-09-28", &[("task", text("清河"))]),
            listed("A1-2", "A1-1", "li"),
            listed("A1-3", "A1-1", "li"),
            step("A1-4", "A1-1", "do", "2026-10-03", &[]),
            step("A1-5", "A1-1", "count", "2026-11-03", &["A1-4"]),
            opening("A1-6", "activity", "2026-10-04", &[("task", text("还没办的"))]),
            listed("A1-7", "A1-6", "li"),
            opening("A1-8", "service", "2026-10-05", &[("task", text("送药")), ("team", text("一队"))]),
            listed("A1-9", "A1-8", "li"),
            step("A1-12", "A1-8", "confirm", "2026-11-01", &[]),
            opening(
                "A1-10",
                "visit",
                "2026-10-06",
                &[
                    ("subject", text("问冷暖")),
                    ("household", Value::Household(HouseholdId::new("h1").unwrap())),
                    ("visitor", Value::Person(person("li"))),
                ],
            ),
            opening("A1-11", "service", "2026-10-07", &[("task", text("别人的")), ("team", text("一队"))]),
        ]
        .into_iter()
        .map(|mut fact| {
            // Confirmed by somebody else than whoever opened or did it.
            if ["A1-5", "A1-12"].contains(&fact.id.to_string().as_str()) {
                fact.author = Author { device: DeviceNumber(3), holder: Some(person("watcher")) };
            }
            fact
        })
        .collect(),
    );
    let expected =
        ["2026-10-03 A1-1 清河", "2026-10-05 A1-8 送药", "2026-10-06 A1-10 问冷暖", "2026-10-20 M1-2 十月党员大会"];
    assert_eq!(of_li(&branch), expected);
    assert!(drawn(&branch.workspace, &branch.village, &person("he"), month("2026-10")).is_empty());
    branch.states("li", "li", "2026-10").unwrap();
    branch.reviews("watcher", "li", "2026-10").unwrap();
    let facts = &branch.of_month("li", "2026-10").review.agreed().unwrap().facts;
    assert_eq!(facts, &["A1-1", "A1-8", "A1-10", "M1-2"].map(number), "nothing was typed, and the month has a record");
}

#[test]
fn a_shared_event_is_drawn_by_the_village_of_the_line() {
    let mut branch = Branch::new();
    let hosts: BTreeSet<UnitCode> = [VILLAGE, "420529202202"].map(|code| UnitCode::new(code).unwrap()).into();
    let theme = |id: &str, day: &str| {
        let values = [("topic".to_owned(), text("主题党日"))].into();
        let opening = Opening { kind: "theme-day".to_owned(), hosts: hosts.clone(), date: date(day), values };
        by(id, "secretary", Affair::Opened(opening))
    };
    let line = |id: &str, record: &str, village: &str| {
        let (record, village) = (number(record), Some(UnitCode::new(village).unwrap()));
        let subject = LineSubject::Person(person("li"));
        by(id, "secretary", Affair::Listed(Listed { record, village, subject, note: String::new() }))
    };
    let facts = vec![
        theme("A1-1", "2026-10-01"),
        line("A1-2", "A1-1", VILLAGE),
        step("A1-3", "A1-1", "hold", "2026-10-01", &[]),
        theme("A1-4", "2026-10-02"),
        line("A1-5", "A1-4", "420529202202"),
        step("A1-6", "A1-4", "hold", "2026-10-02", &[]),
    ];
    put(&mut branch, ScopeId::Township, facts);
    assert_eq!(of_li(&branch), ["2026-10-01 A1-1 主题党日"]);
}

#[test]
fn of_a_case_the_number_alone_is_told() {
    let mut branch = Branch::new();
    let village = branch.village.clone();
    let mut handled = step("A1-3", "A1-1", "handle", "2026-10-09", &["A1-2"]);
    handled.author.holder = Some(person("li"));
    let facts = vec![
        opening("A1-1", "dispute", "2026-10-08", &[("matter", text("两家争界"))]),
        step("A1-2", "A1-1", "register", "2026-10-08", &[]),
        handled,
    ];
    put(&mut branch, ScopeId::Cases(village), facts);
    assert_eq!(of_li(&branch), ["2026-10-09 A1-1 "]);
}
