//! One record carried through its life by real decisions and the real fold, each person on a phone of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{CHINAN, SHAWAN, date};
use crate::domain::command::{Command, RegisterCommand};
use crate::domain::decide::{Edit, Fact, Refusal, decide};
use crate::domain::divergence::{Said, Settled};
use crate::domain::meeting::{Author, Recorded};
use crate::domain::person::{Household, MemberClass, Person, Residency, Roster};
use crate::domain::register::{Affair, Affairs, Kind, LineSubject, Powers, Record, Standing, Value, tally};
use crate::domain::rulebook::points::{Category, PointItem, PointsAdoption, PointsRule};
use crate::domain::township::{Unit, VillageKind};
use crate::domain::{Acting, Workspace};
use crate::id::{Address, DeviceCode, DeviceNumber, FactId, HouseholdId, PersonId, UnitCode};
use crate::role::Role;
use crate::time::{Date, Instant};

/// Who takes part: a name, a role and the villages for which it holds.
const PEOPLE: [(&str, Role, &[&str]); 12] = [
    ("office", Role::TownshipOffice, &[]),
    ("clerk", Role::TownshipOffice, &[]),
    ("precinct", Role::PrecinctCommittee, &[SHAWAN, CHINAN]),
    ("advisor", Role::Advisor, &[SHAWAN]),
    ("secretary", Role::VillageSecretary, &[SHAWAN]),
    ("neighbour", Role::VillageSecretary, &[CHINAN]),
    ("scribe", Role::Scribe, &[SHAWAN]),
    ("supervisor", Role::SupervisionCommittee, &[SHAWAN]),
    ("leader", Role::GroupLeader, &[SHAWAN]),
    ("member", Role::PartyMember, &[SHAWAN]),
    ("representative", Role::VillagerRepresentative, &[SHAWAN]),
    ("villager", Role::Villager, &[SHAWAN]),
];

/// Phones that hear each other, and the record of which everybody speaks.
pub struct Life {
    workspace: Workspace,
    facts: BTreeMap<Address, Vec<Recorded<Affair>>>,
    kind: &'static Kind,
    record: Option<FactId>,
    today: Date,
}

impl Life {
    /// Begins with nothing but two villages and their people.
    pub fn of(kind: &str) -> Self {
        let mut workspace = Workspace::default();
        for (code, people) in [(SHAWAN, ["li", "he"]), (CHINAN, ["wu", "he"])] {
            workspace.villages.entry(village(code)).or_default().roster = Arc::new(roster(people));
            let (kind, precinct) = (VillageKind::Village, String::new());
            let unit = Unit { code: village(code), name: code.to_owned(), kind, precinct };
            workspace.township.units.insert(unit.code.clone(), unit);
        }
        Self { workspace, facts: BTreeMap::new(), kind: Kind::of(kind).unwrap(), record: None, today: date() }
    }

    /// Asks for something and folds what comes of it, in both orders.
    pub fn ask(&mut self, who: &str, command: RegisterCommand) -> Result<FactId, Refusal> {
        let acting = acting(who);
        let edits = decide(&self.workspace, &acting, &Command::Register(command))?;
        let mut first = None;
        let mut place = None;
        for edit in &edits {
            let Edit::Fact { address, fact: Fact::Affair(affair) } = edit else { panic!("{edits:?}") };
            let facts = self.facts.entry(address.clone()).or_default();
            let id = FactId { device: acting.code.clone(), counter: facts.len() as u32 + 1 };
            let author = Author { device: acting.device, holder: Some(acting.holder.clone()) };
            facts.push(Recorded { id: id.clone(), author, at: Instant(0), value: (**affair).clone() });
            first.get_or_insert(id);
            place = Some(address);
        }
        let (Some(id), Some(address)) = (first, place) else { panic!("nothing was decided") };
        let facts = &self.facts[address];
        let affairs = Affairs::fold(facts.clone(), &powers());
        assert_eq!(affairs.notes, [], "what was decided counts");
        assert_eq!(Affairs::fold(facts.iter().rev().cloned().collect(), &powers()), affairs);
        self.workspace.registers.insert(address.clone(), Arc::new(affairs));
        Ok(id)
    }

    /// Opens a record, of which everybody speaks from then on.
    pub fn opens(&mut self, who: &str, hosts: &[&str], values: &[(&str, Value)]) -> &mut Self {
        self.record = Some(self.opening(who, hosts, values).unwrap());
        self
    }

    pub fn opening(&mut self, who: &str, hosts: &[&str], values: &[(&str, Value)]) -> Result<FactId, Refusal> {
        let (kind, hosts) = (self.kind, hosts.iter().map(|host| village(host)).collect());
        self.ask(who, RegisterCommand::Open { kind, hosts, date: self.today, values: values_of(values) })
    }

    pub fn writing(&mut self, who: &str, values: &[(&str, Value)]) -> Result<FactId, Refusal> {
        let (address, record) = self.place();
        self.ask(who, RegisterCommand::Write { address, record, values: values_of(values) })
    }

    pub fn writes(&mut self, who: &str, values: &[(&str, Value)]) -> &mut Self {
        self.writing(who, values).unwrap();
        self
    }

    pub fn taking(&mut self, who: &str, step: &str, reason: &str) -> Result<FactId, Refusal> {
        let ((address, record), step) = (self.place(), self.kind.step(step).unwrap());
        self.ask(who, RegisterCommand::Step { address, record, step, date: self.today, reason: reason.to_owned() })
    }

    /// Takes a step that asks for no reason, and stands where it leads.
    pub fn takes(&mut self, who: &str, step: &str, state: &str) -> &mut Self {
        self.taking(who, step, "").unwrap();
        assert_eq!(self.state(), state, "after {step}");
        self
    }

    /// Takes a step that is refused without a reason, and stands where it leads.
    pub fn takes_because(&mut self, who: &str, step: &str, state: &str) -> &mut Self {
        assert_eq!(self.taking(who, step, " "), Err(Refusal::ReasonNeeded), "{step}");
        self.taking(who, step, "有原因").unwrap();
        assert_eq!(self.state(), state, "after {step}");
        self
    }

    /// Cannot take a step before these fields say something.
    pub fn lacks(&mut self, who: &str, step: &str, fields: &[&'static str]) -> &mut Self {
        assert_eq!(self.taking(who, step, "有原因"), Err(Refusal::FieldsNeeded(fields.to_vec())), "{step}");
        self
    }

    /// Cannot take a step for want of the role.
    pub fn may_not(&mut self, who: &str, step: &str) -> &mut Self {
        let refused = self.taking(who, step, "有原因");
        assert!(matches!(refused, Err(Refusal::Role { .. } | Refusal::OtherVillage)), "{who} {step}: {refused:?}");
        self
    }

    /// Cannot take a step that somebody else has to take.
    pub fn not_the_same(&mut self, who: &str, step: &str) -> &mut Self {
        assert_eq!(self.taking(who, step, "有原因"), Err(Refusal::SamePerson), "{who} {step}");
        self
    }

    pub fn listing(&mut self, who: &str, of: Option<&str>, subject: LineSubject) -> Result<FactId, Refusal> {
        let ((address, record), village) = (self.place(), of.map(village));
        self.ask(who, RegisterCommand::List { address, record, village, subject, note: String::new() })
    }

    /// Puts several on the list in one entry.
    pub fn listing_all(&mut self, who: &str, subjects: &[LineSubject]) -> Result<FactId, Refusal> {
        let (address, record) = self.place();
        let lines = subjects.iter().map(|subject| (subject.clone(), String::new())).collect();
        self.ask(who, RegisterCommand::ListAll { address, record, village: None, lines })
    }

    pub fn lists(&mut self, who: &str, of: Option<&str>, subjects: &[LineSubject]) -> &mut Self {
        for subject in subjects {
            self.listing(who, of, subject.clone()).unwrap();
        }
        self
    }

    /// Lets everything from here on be done on another day.
    pub fn on(&mut self, day: &str) -> &mut Self {
        self.today = day.parse().unwrap();
        self
    }

    /// Speaks of another record from here on; one that was not opened yet is of this kind.
    pub fn speaks_of(&mut self, kind: &str, record: Option<FactId>) -> &mut Self {
        (self.kind, self.record) = (Kind::of(kind).unwrap(), record);
        self
    }

    /// Adopts a list of items for a village, with what each gives or costs.
    pub fn adopts(&mut self, of: &str, from: &str, items: &[(&str, i32)]) -> &mut Self {
        let item = |(place, (name, points)): (usize, &(&str, i32))| PointItem {
            id: format!("i{place}").parse().unwrap(),
            name: (*name).to_owned(),
            points: *points,
            category: "all".parse().unwrap(),
            per_day: None,
            per_month: None,
            evidence: String::new(),
        };
        let rule = PointsRule {
            id: "points".parse().unwrap(),
            version: 1,
            title: String::new(),
            categories: vec![Category { id: "all".parse().unwrap(), name: String::new(), per_month: None }],
            items: items.iter().enumerate().map(item).collect(),
            gain_per_month: None,
            loss_per_month: None,
            base: 0,
            redemption: false,
        };
        let key = (rule.id.clone(), rule.version);
        let value = PointsAdoption { rule, from: from.parse().unwrap(), adopted_at: String::new() };
        let adopted = Settled::Agreed(Said { value, by: Vec::new() });
        self.workspace.villages.entry(village(of)).or_default().points_rules.insert(key, adopted);
        self
    }

    /// Says in which year somebody of a village was born.
    pub fn born(&mut self, of: &str, person: &str, year: u16) -> &mut Self {
        let roster = &mut self.workspace.villages.get_mut(&village(of)).unwrap().roster;
        Arc::make_mut(roster).people.get_mut(&PersonId::new(person).unwrap()).unwrap().birth_year = Some(year);
        self
    }

    /// Gives somebody of a village a household of this number and group.
    pub fn lives(&mut self, of: &str, person: &str, number: &str, group: &str) -> &mut Self {
        let roster = Arc::make_mut(&mut self.workspace.villages.get_mut(&village(of)).unwrap().roster);
        let id = HouseholdId::new(number).unwrap();
        let (number, group) = (number.to_owned(), group.to_owned());
        roster.households.insert(id.clone(), Household { id: id.clone(), number, group, head: None });
        roster.people.get_mut(&PersonId::new(person).unwrap()).unwrap().household = id;
        self
    }

    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    pub fn record(&self) -> &Record {
        self.workspace.record(self.record.as_ref().unwrap()).unwrap().1
    }

    pub fn state(&self) -> &'static str {
        match self.record().standing() {
            Standing::At(state) => state.key,
            Standing::Divided(_) => "divided",
        }
    }

    /// The record is at rest and may take no step but these.
    pub fn rests(&self, steps: &[&str]) -> &Self {
        let state = self.record().state().unwrap();
        let further: Vec<&str> = self.kind.from(state.key).map(|step| step.key).collect();
        assert!(state.rests && further == steps, "{}: {further:?}", state.key);
        self
    }

    /// What the kind's records come to, for a village or the township.
    pub fn counts(&self, of: Option<&str>, expected: &str) -> &Self {
        let records = self.workspace.records_of(self.kind).map(|(_, record)| record);
        let tallies = tally(self.kind, records, of.map(village).as_ref());
        let counts: Vec<String> =
            tallies.iter().map(|tally| format!("{} {}", tally.measure.key, tally.count)).collect();
        assert_eq!(counts.join(", "), expected, "of {of:?}");
        self
    }

    fn place(&self) -> (Address, FactId) {
        let id = self.record.clone().unwrap();
        (self.workspace.record(&id).unwrap().0.clone(), id)
    }
}

pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub fn person(id: &str) -> LineSubject {
    LineSubject::Person(PersonId::new(id).unwrap())
}

pub fn household(id: &str) -> LineSubject {
    LineSubject::Household(HouseholdId::new(id).unwrap())
}

pub fn named(name: &str) -> LineSubject {
    LineSubject::Name(name.to_owned())
}

fn village(code: &str) -> UnitCode {
    UnitCode::new(code).unwrap()
}

fn values_of(values: &[(&str, Value)]) -> BTreeMap<String, Value> {
    values.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect()
}

fn acting(who: &str) -> Acting {
    let place = PEOPLE.iter().position(|(name, ..)| *name == who).unwrap();
    let (name, role, villages) = PEOPLE[place];
    Acting {
        device: DeviceNumber(place as u32 + 1),
        code: DeviceCode::new(&format!("D{place}")).unwrap(),
        holder: PersonId::new(name).unwrap(),
        name: name.to_owned(),
        roles: role.into(),
        villages: villages.iter().map(|code| village(code)).collect(),
    }
}

fn powers() -> BTreeMap<DeviceNumber, Powers> {
    let of = |(name, ..): &(&str, Role, &[&str])| {
        let acting = acting(name);
        (acting.device, Powers { roles: acting.roles, villages: acting.villages })
    };
    PEOPLE.iter().map(of).collect()
}

fn roster(people: [&str; 2]) -> Roster {
    let mut roster = Roster::default();
    for number in ["h1", "h2"] {
        let id = HouseholdId::new(number).unwrap();
        let (number, group) = (number.to_owned(), "1".to_owned());
        roster.households.insert(id.clone(), Household { id, number, group, head: None });
    }
    for id in BTreeSet::from(people) {
        let person = Person {
            id: PersonId::new(id).unwrap(),
            // Two people of one name, told apart by their place on the roster (E20).
            name: "李明".to_owned(),
            pinyin: String::new(),
            household: HouseholdId::new("h1").unwrap(),
            birth_year: None,
            residency: Residency::Registered,
            standing: None,
            class: MemberClass::Ordinary,
            representative: false,
            hidden: false,
        };
        roster.people.insert(person.id.clone(), person);
    }
    roster
}
