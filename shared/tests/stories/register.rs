//! Records with a life, decided and folded as on phones: what may be done, and what every refusal says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shared::domain::command::{Command, RegisterCommand};
use shared::domain::decide::{Edit, Fact, Refusal, decide};
use shared::domain::meeting::{Author, Recorded};
use shared::domain::person::{Household, MemberClass, Person, Residency};
use shared::domain::register::{Affair, Affairs, Kind, LineSubject, Powers, Record, Standing, Value, ValueFault};
use shared::domain::{Acting, Workspace};
use shared::id::{Address, DeviceCode, DeviceNumber, FactId, HouseholdId, PersonId, UnitCode};
use shared::role::Role;
use shared::time::{Date, Instant};

const VILLAGE: &str = "420529202209";
const ELSEWHERE: &str = "420529202202";

/// Phones that always hear each other: each is a person with roles in a village.
struct Village {
    workspace: Workspace,
    facts: BTreeMap<Address, Vec<Recorded<Affair>>>,
    powers: BTreeMap<DeviceNumber, Powers>,
    counter: u32,
}

fn village(code: &str) -> UnitCode {
    UnitCode::new(code).unwrap()
}

fn day() -> Date {
    "2026-11-23".parse().unwrap()
}

impl Village {
    fn new() -> Self {
        let mut workspace = Workspace::default();
        let household = HouseholdId::new("h1").unwrap();
        let mut roster = shared::domain::person::Roster::default();
        let home = Household { id: household.clone(), number: "1".to_owned(), group: "1".to_owned(), head: None };
        roster.households.insert(household.clone(), home);
        for id in ["li", "he"] {
            let person = Person {
                id: PersonId::new(id).unwrap(),
                name: id.to_owned(),
                pinyin: id.to_owned(),
                household: household.clone(),
                birth_year: None,
                residency: Residency::Registered,
                standing: None,
                class: MemberClass::Ordinary,
                representative: false,
                hidden: false,
            };
            roster.people.insert(person.id.clone(), person);
        }
        workspace.villages.entry(village(VILLAGE)).or_default().roster = Arc::new(roster);
        Self { workspace, facts: BTreeMap::new(), powers: BTreeMap::new(), counter: 0 }
    }

    /// Whoever asks is on a phone of their own, numbered by their name.
    fn ask(&mut self, who: &str, role: Role, at: &str, command: RegisterCommand) -> Result<Option<FactId>, Refusal> {
        let device = DeviceNumber(who.bytes().fold(7, |sum, byte| sum * 31 + u32::from(byte)));
        let acting = Acting {
            device,
            code: DeviceCode::new(&who.to_ascii_uppercase()).unwrap(),
            holder: PersonId::new(who).unwrap(),
            name: who.to_owned(),
            roles: role.into(),
            villages: [village(at)].into(),
        };
        let powers = Powers { roles: acting.roles, villages: acting.villages.clone() };
        self.powers.insert(device, powers);
        let edits = decide(&self.workspace, &acting, &Command::Register(command))?;
        let mut last = None;
        for edit in edits {
            let Edit::Fact { address, fact: Fact::Affair(value) } = edit else { panic!("{edit:?}") };
            self.counter += 1;
            let id = FactId { device: acting.code.clone(), counter: self.counter };
            let author = Author { device, holder: Some(acting.holder.clone()) };
            let fact = Recorded { id: id.clone(), author, at: Instant(0), value: *value };
            let facts = self.facts.entry(address.clone()).or_default();
            facts.push(fact);
            let affairs = Affairs::fold(facts.clone(), &self.powers);
            assert_eq!(affairs.notes, [], "what was decided counts");
            self.workspace.registers.insert(address, Arc::new(affairs));
            last = Some(id);
        }
        Ok(last)
    }

    fn scribe(&mut self, command: RegisterCommand) -> Result<Option<FactId>, Refusal> {
        self.ask("sc", Role::Scribe, VILLAGE, command)
    }

    fn secretary(&mut self, command: RegisterCommand) -> Result<Option<FactId>, Refusal> {
        self.ask("se", Role::VillageSecretary, VILLAGE, command)
    }

    fn record(&self, id: &FactId) -> (&Address, &Record) {
        self.workspace.record(id).unwrap()
    }

    fn step(&self, id: &FactId, step: &str, reason: &str) -> RegisterCommand {
        let (address, record) = self.record(id);
        let step = record.kind.step(step).unwrap();
        let (address, record) = (address.clone(), record.id.clone());
        RegisterCommand::Step { address, record, step, date: day(), reason: reason.to_owned() }
    }

    fn write(&self, id: &FactId, values: &[(&str, Value)]) -> RegisterCommand {
        let (address, record) = self.record(id);
        RegisterCommand::Write { address: address.clone(), record: record.id.clone(), values: values_of(values) }
    }

    fn list(&self, id: &FactId, subject: LineSubject) -> RegisterCommand {
        let (address, record) = self.record(id);
        let (address, record) = (address.clone(), record.id.clone());
        RegisterCommand::List { address, record, village: None, subject, note: String::new() }
    }

    fn standing(&self, id: &FactId) -> &'static str {
        match self.record(id).1.standing() {
            Standing::At(state) => state.key,
            Standing::Divided(_) => "divided",
        }
    }
}

fn values_of(values: &[(&str, Value)]) -> BTreeMap<String, Value> {
    values.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn person(id: &str) -> LineSubject {
    LineSubject::Person(PersonId::new(id).unwrap())
}

fn open(hosts: &[&str], values: &[(&str, Value)]) -> RegisterCommand {
    let hosts: BTreeSet<UnitCode> = hosts.iter().map(|host| village(host)).collect();
    RegisterCommand::Open { kind: Kind::of("activity").unwrap(), hosts, date: day(), values: values_of(values) }
}

#[test]
fn a_record_is_opened_written_listed_and_stepped() {
    let mut here = Village::new();
    let id = here.scribe(open(&[VILLAGE], &[("task", text("扫雪"))])).unwrap().unwrap();
    assert_eq!(here.record(&id).0.to_string(), "village.420529202209/affairs-2026");
    let lacks = here.step(&id, "announce", "");
    assert_eq!(here.scribe(lacks.clone()), Err(Refusal::FieldsNeeded(vec!["place"])));
    here.scribe(here.write(&id, &[("place", text("村委会"))])).unwrap();
    here.scribe(lacks).unwrap();
    assert_eq!(here.scribe(here.write(&id, &[("place", text("村委会"))])), Err(Refusal::NothingToChange));
    assert_eq!(here.scribe(here.write(&id, &[("task", Value::Nothing)])), Err(Refusal::FieldsNeeded(vec!["task"])));
    let line = here.scribe(here.list(&id, person("li"))).unwrap().unwrap();
    assert_eq!(here.scribe(here.list(&id, person("li"))), Err(Refusal::NothingToChange));
    assert_eq!(here.scribe(here.list(&id, person("nobody"))), Err(Refusal::NotOnRoster { field: None }));
    assert_eq!(here.scribe(here.list(&id, LineSubject::Name(" ".to_owned()))), Err(Refusal::EmptyName));
    here.scribe(here.list(&id, LineSubject::Name("乡干部".to_owned()))).unwrap();
    let (address, record) = (here.record(&id).0.clone(), id.clone());
    let strike = |reason: &str| RegisterCommand::Strike {
        address: address.clone(),
        record: record.clone(),
        line: line.clone(),
        reason: reason.to_owned(),
    };
    assert_eq!(here.scribe(strike("")), Err(Refusal::ReasonNeeded));
    here.scribe(strike("记错")).unwrap();
    assert_eq!(here.scribe(strike("记错")), Err(Refusal::NothingToChange));
    here.scribe(here.step(&id, "do", "")).unwrap();
    let count = here.step(&id, "count", "");
    assert_eq!(here.scribe(count.clone()), Err(Refusal::SamePerson), "the scribe confirms nothing of their own");
    here.secretary(count).unwrap();
    assert_eq!(here.standing(&id), "counted");
    let back = here.step(&id, "cancel", "大雪");
    assert_eq!(here.secretary(back), Err(Refusal::NoSuchStep { from: vec!["counted"] }));
}

#[test]
fn a_step_that_ends_something_early_has_a_reason() {
    let mut here = Village::new();
    let id = here.scribe(open(&[VILLAGE], &[("task", text("扫雪"))])).unwrap().unwrap();
    assert_eq!(here.scribe(here.step(&id, "cancel", " ")), Err(Refusal::ReasonNeeded));
    here.scribe(here.step(&id, "cancel", "大雪封山")).unwrap();
    assert_eq!(here.standing(&id), "cancelled");
}

#[test]
fn what_cannot_be_opened_is_refused_by_name() {
    let mut here = Village::new();
    let task = ("task", text("扫雪"));
    let mut check = |values: &[(&str, Value)], hosts: &[&str], refusal| {
        assert_eq!(here.scribe(open(hosts, values)), Err(refusal));
    };
    check(&[], &[VILLAGE], Refusal::FieldsNeeded(vec!["task"]));
    check(&[("task", text("  "))], &[VILLAGE], Refusal::FieldsNeeded(vec!["task"]));
    check(&[task.clone(), ("colour", text("red"))], &[VILLAGE], Refusal::NoSuchField("colour".to_owned()));
    let long = text(&"雪".repeat(100));
    let limit = shared::domain::register::LINE_BYTES;
    let fault = ValueFault::TooLong { limit };
    check(&[("task", long)], &[VILLAGE], Refusal::Value { field: "task", fault });
    check(&[("task", Value::Number(3))], &[VILLAGE], Refusal::Value { field: "task", fault: ValueFault::Shape });
    check(std::slice::from_ref(&task), &[VILLAGE, ELSEWHERE], Refusal::OneVillage);
    check(std::slice::from_ref(&task), &[ELSEWHERE], Refusal::OtherVillage);
    let villager = here.ask("vi", Role::Villager, VILLAGE, open(&[VILLAGE], &[task]));
    assert!(matches!(villager, Err(Refusal::Role { .. })));
}
