//! Moves, merges and their undoing, on phones that meet in either order.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::*;
use crate::domain::command::{Command, PeopleCommand, PeopleRefusal};
use crate::domain::decide::{Edit, Fact, Refusal, decide};
use crate::domain::meeting::Author;
use crate::domain::person::{Household, MemberClass, Person, Residency, Roster, Standing, twins};
use crate::domain::record::{FieldValue, Fields, household_fields, person_fields, read_roster};
use crate::domain::{Acting, Workspace};
use crate::id::DeviceCode;
use crate::role::Role;
use crate::time::Instant;

/// A village's phones: fields that everybody has, and facts that each has seen.
struct Town {
    village: UnitCode,
    fields: Fields,
    facts: BTreeMap<&'static str, BTreeMap<FactId, Recorded<RosterFact>>>,
    powers: BTreeMap<DeviceNumber, Powers>,
    acting: BTreeMap<&'static str, Acting>,
}

fn person(id: &str) -> PersonId {
    id.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn home(id: &str) -> Place {
    Place::Home(id.parse().unwrap())
}

impl Town {
    /// Households 1 and 2; 李 and his wife 王 in the first, 张 twice in the second. Phones: SJ1 of the secretary, WS1 and
    /// WS2 of two scribes, JD1 of the supervision committee.
    fn new() -> Self {
        let village: UnitCode = "420529202209".parse().unwrap();
        let mut fields = Fields::new();
        for number in ["1", "2"] {
            let (id, number) = (number.parse().unwrap(), number.to_owned());
            fields.extend(household_fields(&Household { id, number, group: "一组".to_owned(), head: None }));
        }
        for (id, name, household, birth) in [
            ("li", "李明", "1", 1960),
            ("wang", "王芳", "1", 1962),
            ("z1", "张伟", "2", 1990),
            ("z2", "张伟", "2", 1990),
        ] {
            let row = Person {
                id: person(id),
                name: name.to_owned(),
                pinyin: String::new(),
                household: household.parse().unwrap(),
                birth_year: Some(birth),
                residency: Residency::Registered,
                standing: (id == "li").then_some(Standing::Full),
                class: MemberClass::Ordinary,
                representative: false,
                hidden: false,
            };
            fields.extend(person_fields(&row));
        }
        let mut town =
            Self { village, fields, facts: BTreeMap::new(), powers: BTreeMap::new(), acting: BTreeMap::new() };
        let phones = [
            ("SJ1", "z1", Role::VillageSecretary),
            ("WS1", "wu", Role::Scribe),
            ("WS2", "he", Role::Scribe),
            ("JD1", "jd", Role::SupervisionCommittee),
        ];
        for (number, (code, holder, role)) in (1..).zip(phones) {
            let (device, villages) = (DeviceNumber(number), BTreeSet::from([town.village.clone()]));
            let (holder, name) = (person(holder), holder.to_owned());
            let code_of = DeviceCode::new(code).unwrap();
            town.powers.insert(device, Powers { roles: role.into(), villages: villages.clone() });
            town.facts.insert(code, BTreeMap::new());
            town.acting.insert(code, Acting { device, code: code_of, holder, name, roles: role.into(), villages });
        }
        town
    }

    fn roster(&self, code: &str) -> Roster {
        let facts: Vec<_> = self.facts[code].values().rev().cloned().collect();
        let moves = Moves::fold(&self.village, facts, &|_, device| self.powers.get(&device).cloned());
        read_roster(&self.fields).0.with(moves)
    }

    fn ask(&mut self, code: &'static str, command: PeopleCommand) -> Result<FactId, Refusal> {
        let mut workspace = Workspace::default();
        workspace.villages.entry(self.village.clone()).or_default().roster = self.roster(code).into();
        let acting = &self.acting[code];
        let edits = decide(&workspace, acting, &Command::People(self.village.clone(), command))?;
        let mut recorded = None;
        for edit in edits {
            match edit {
                Edit::Field { key, value, .. } => _ = self.fields.insert(key, value),
                Edit::Fact { fact: Fact::Roster(fact), .. } => recorded = Some(*fact),
                other => panic!("{other:?}"),
            }
        }
        Ok(self.record(code, recorded.expect("every wish about people records one fact")))
    }

    /// Records a fact without asking anybody, as a faulty phone does.
    fn record(&mut self, code: &'static str, value: RosterFact) -> FactId {
        let acting = &self.acting[code];
        let own = self.facts[code].keys().filter(|id| id.device == acting.code).count();
        let id = FactId { device: acting.code.clone(), counter: u32::try_from(own).unwrap() + 1 };
        let author = Author { device: acting.device, holder: Some(acting.holder.clone()) };
        let fact = Recorded { id: id.clone(), author, at: Instant(0), value };
        self.facts.get_mut(code).unwrap().insert(id.clone(), fact);
        id
    }

    fn meet(&mut self) {
        let all: BTreeMap<_, _> = self.facts.values().flatten().map(|(id, fact)| (id.clone(), fact.clone())).collect();
        self.facts.values_mut().for_each(|facts| facts.clone_from(&all));
        let shown = self.roster("SJ1");
        assert!(self.facts.keys().all(|code| self.roster(code) == shown), "equal facts, equal roster");
    }

    fn go(&mut self, code: &'static str, people: &[&str], to: Place, on: &str) -> Result<FactId, Refusal> {
        let people = people.iter().map(|id| person(id)).collect();
        self.ask(code, PeopleCommand::Move { people, to, on: day(on), words: String::new() })
    }

    fn merge(&mut self, code: &'static str, entry: &str, into: &str) -> Result<FactId, Refusal> {
        let (entry, into) = (person(entry), person(into));
        self.ask(code, PeopleCommand::Merge { entry, into, words: "同一人".to_owned() })
    }

    fn undo(&mut self, code: &'static str, fact: &FactId) -> Result<FactId, Refusal> {
        self.ask(code, PeopleCommand::Undo { fact: fact.clone(), reason: "记错".to_owned() })
    }

    /// Draws everybody who counts on a day with their household.
    fn drawn(&self, on: &str) -> String {
        let then = self.roster("SJ1").on(day(on));
        let mut drawn = String::new();
        for person in then.people.values().filter(|person| !person.hidden) {
            write!(drawn, "{}@{} ", person.id, person.household).unwrap();
        }
        drawn.trim_end().to_owned()
    }
}

#[test]
fn who_dies_or_leaves_counts_until_the_day_e19() {
    let mut town = Town::new();
    town.go("SJ1", &["li"], Place::Died, "2026-05-10").unwrap();
    town.go("WS1", &["wang"], Place::Left("420529202201".parse().ok()), "2026-08-01").unwrap();
    town.meet();
    assert_eq!(town.drawn("2026-05-09"), "li@1 wang@1 z1@2 z2@2");
    assert_eq!(town.drawn("2026-05-10"), "wang@1 z1@2 z2@2");
    assert_eq!(town.drawn("2026-08-01"), "z1@2 z2@2");
    let roster = town.roster("SJ1");
    assert_eq!(
        (roster.on(day("2026-05-09")).members().count(), roster.on(day("2026-05-10")).members().count()),
        (1, 0)
    );
    town.go("WS1", &["wang"], home("2"), "2026-09-01").unwrap();
    town.meet();
    assert_eq!(town.drawn("2026-09-01"), "wang@2 z1@2 z2@2", "who comes back counts from that day");
    assert_eq!(town.drawn("2026-08-31"), "z1@2 z2@2");
}

#[test]
fn who_leaves_or_comes_within_a_month_was_here_in_it_e19() {
    let mut town = Town::new();
    town.go("SJ1", &["li"], Place::Left(None), "2026-05-10").unwrap();
    town.go("SJ1", &["li"], home("2"), "2026-07-31").unwrap();
    let moves = town.roster("SJ1").moves;
    let months = ["2026-04-30", "2026-05-01", "2026-06-30", "2026-07-01", "2026-08-01"];
    let here = months.map(|on| moves.is_here_in(&person("li"), day(on).month()));
    assert_eq!(here, [true, true, false, true, true]);
}

#[test]
fn a_household_splits_and_joins_from_a_day_e29() {
    let mut town = Town::new();
    let household = |number: &str| Household {
        id: number.parse().unwrap(),
        number: number.to_owned(),
        group: "一组".to_owned(),
        head: None,
    };
    let split = |number: &str, who: &[&str]| PeopleCommand::Split {
        household: household(number),
        people: who.iter().map(|id| person(id)).collect(),
        on: day("2026-06-01"),
        words: "分户".to_owned(),
    };
    assert_eq!(town.ask("WS1", split("2", &["z2"])), Err(Refusal::People(PeopleRefusal::HouseholdTaken)));
    assert_eq!(town.ask("WS1", split("3", &[])), Err(Refusal::People(PeopleRefusal::Nobody)));
    town.ask("WS1", split("3", &["z2"])).unwrap();
    town.go("WS2", &["li", "wang"], home("2"), "2026-07-01").unwrap();
    town.meet();
    assert_eq!(town.drawn("2026-05-31"), "li@1 wang@1 z1@2 z2@2");
    assert_eq!(town.drawn("2026-06-01"), "li@1 wang@1 z1@2 z2@3");
    assert_eq!(town.drawn("2026-07-01"), "li@2 wang@2 z1@2 z2@3");
    assert_eq!(town.roster("SJ1").people[&person("z2")].household.as_str(), "3", "without a day: the last home");
    assert_eq!(town.go("SJ1", &["li"], home("9"), "2026-07-02"), Err(Refusal::People(PeopleRefusal::NoHousehold)));
    assert_eq!(town.go("SJ1", &["li"], home("2"), "2026-07-02"), Err(Refusal::NothingToChange));
}

/// A file that was made before somebody moved is imported again: it brings nobody back.
#[test]
fn an_old_file_moves_nobody_back() {
    let mut town = Town::new();
    let before = town.roster("SJ1").people[&person("z2")].clone();
    town.go("SJ1", &["z2"], home("1"), "2026-06-01").unwrap();
    town.merge("WS1", "li", "wang").unwrap();
    town.meet();
    let roster = town.roster("SJ1");
    assert_eq!(roster.kept(&before), roster.people[&person("z2")]);
    let merged = &roster.people[&person("li")];
    assert_eq!(roster.kept(&Person { hidden: false, ..merged.clone() }), *merged);
}

#[test]
fn two_phones_that_move_somebody_apart_are_settled_by_a_third() {
    let mut town = Town::new();
    town.go("WS1", &["z2"], home("1"), "2026-06-01").unwrap();
    town.go("WS2", &["z2"], Place::Left(None), "2026-06-01").unwrap();
    town.meet();
    let stays = town.roster("SJ1").moves.stays[&person("z2")][&day("2026-06-01")].clone();
    assert!(stays.is_divergence());
    assert_eq!(town.drawn("2026-06-02"), "li@1 wang@1 z1@2 z2@2", "until then it counts as if nobody had moved");
    town.go("SJ1", &["z2"], home("1"), "2026-06-01").unwrap();
    town.meet();
    assert_eq!(town.drawn("2026-06-02"), "li@1 wang@1 z1@2 z2@1");
}

#[test]
fn who_arrives_counts_from_the_day() {
    let mut town = Town::new();
    let newcomer =
        Person { id: person("sun"), name: "孙".to_owned(), ..town.roster("SJ1").people[&person("z1")].clone() };
    let arrive = |person: &Person| PeopleCommand::Arrive {
        person: Box::new(person.clone()),
        on: day("2026-06-01"),
        words: "从集镇社区迁来".to_owned(),
    };
    town.ask("WS1", arrive(&newcomer)).unwrap();
    town.meet();
    assert_eq!(town.drawn("2026-05-31"), "li@1 wang@1 z1@2 z2@2");
    assert_eq!(town.drawn("2026-06-01"), "li@1 sun@2 wang@1 z1@2 z2@2");
    let twice = town.ask("WS2", arrive(&newcomer));
    assert_eq!(twice, Err(Refusal::People(PeopleRefusal::AlreadyListed(person("sun")))));
    town.go("WS2", &["sun"], home("1"), "2026-06-01").unwrap();
    town.meet();
    assert_eq!(town.drawn("2026-05-31"), "li@1 wang@1 z1@2 z2@2", "a corrected arrival is still one");
}

#[test]
fn a_merge_hides_one_entry_and_is_undone() {
    let mut town = Town::new();
    let pairs = twins(&town.roster("SJ1"));
    assert_eq!(pairs.iter().map(|pair| (pair.one.as_str(), pair.other.as_str())).collect::<Vec<_>>(), [("z1", "z2")]);
    let merge = town.merge("WS1", "z2", "z1").unwrap();
    town.meet();
    let roster = town.roster("SJ1");
    assert_eq!(town.drawn("2026-06-01"), "li@1 wang@1 z1@2");
    assert_eq!(roster.entries(&person("z2")), [person("z1"), person("z2")]);
    assert_eq!((twins(&roster), town.merge("WS2", "z2", "z1")), (vec![], Err(Refusal::NothingToChange)));
    let reasonless = PeopleCommand::Undo { fact: merge.clone(), reason: " ".to_owned() };
    assert_eq!(town.ask("WS2", reasonless), Err(Refusal::ReasonNeeded));
    town.undo("WS2", &merge).unwrap();
    town.meet();
    assert_eq!(town.drawn("2026-06-01"), "li@1 wang@1 z1@2 z2@2");
    assert_eq!(town.undo("WS1", &merge), Err(Refusal::People(PeopleRefusal::NoFact(merge))));
    assert_eq!(twins(&town.roster("SJ1")), pairs, "and they are found again");
}

#[test]
fn a_move_is_undone() {
    let mut town = Town::new();
    let first = town.go("WS1", &["z2"], home("1"), "2026-06-01").unwrap();
    town.meet();
    let second = town.go("WS2", &["z2"], Place::Died, "2026-06-01").unwrap();
    town.meet();
    assert_eq!(town.drawn("2026-06-01"), "li@1 wang@1 z1@2", "the correction of a day stands");
    town.undo("SJ1", &second).unwrap();
    town.meet();
    assert_eq!(town.drawn("2026-06-01"), "li@1 wang@1 z1@2 z2@1", "what it replaced stands again");
    town.undo("SJ1", &first).unwrap();
    town.meet();
    assert_eq!(town.drawn("2026-06-01"), "li@1 wang@1 z1@2 z2@2");
}

/// Three phones tie four entries together in their own ways: they are one person, the same on every phone.
#[test]
fn merges_that_cross_make_one_person() {
    let mut town = Town::new();
    town.merge("WS1", "li", "wang").unwrap();
    town.merge("WS2", "wang", "li").unwrap();
    town.meet();
    assert_eq!(town.drawn("2026-06-01"), "li@1 z1@2 z2@2", "the first by id where each was given up");
    town.merge("WS2", "li", "z2").unwrap();
    town.meet();
    assert_eq!(town.drawn("2026-06-01"), "z1@2 z2@2");
    assert_eq!(town.roster("SJ1").entries(&person("wang")), ["z2", "li", "wang"].map(person));
}

#[test]
fn only_keepers_of_the_village_count_and_nobody_merges_their_own_entry() {
    let mut town = Town::new();
    assert!(matches!(town.go("JD1", &["li"], Place::Died, "2026-06-01"), Err(Refusal::Role { .. })));
    assert_eq!(town.merge("SJ1", "z2", "z1"), Err(Refusal::People(PeopleRefusal::OwnEntry)));
    let merge = |entry: &str, into: &str| {
        RosterFact::Merged(Merge { entry: person(entry), into: person(into), words: String::new() })
    };
    town.record("JD1", merge("li", "wang"));
    town.record("SJ1", merge("z1", "z2"));
    town.record("WS1", merge("li", "li"));
    town.record("WS1", RosterFact::Undone(Undo { fact: "XX1-9".parse().unwrap(), reason: String::new() }));
    town.meet();
    assert_eq!(town.drawn("2026-06-01"), "li@1 wang@1 z1@2 z2@2");
    let notes: Vec<String> =
        town.roster("WS2").moves.notes.iter().map(|note| format!("{} {:?}", note.fact, note.flaw)).collect();
    assert_eq!(notes, ["JD1-1 Role", "SJ1-1 OwnEntry", "WS1-1 SameEntry", "WS1-2 Unknown"]);
    town.acting.get_mut("WS1").unwrap().villages = BTreeSet::new();
    assert_eq!(town.go("WS1", &["li"], Place::Died, "2026-06-01"), Err(Refusal::OtherVillage));
}

/// Two people who share a name are common (E20): a name alone makes no pair, and neither does an unknown year.
#[test]
fn namesakes_are_a_pair_only_with_something_else_in_common() {
    let mut town = Town::new();
    let check = |town: &Town, expected: &str| {
        let pair = |pair: super::super::Twins| format!("{}={} {:?}", pair.one, pair.other, pair.alike);
        let pairs: Vec<String> = twins(&town.roster("SJ1")).into_iter().map(pair).collect();
        assert_eq!(pairs.join("; "), expected);
    };
    check(&town, "z1=z2 [Household, Birth]");
    town.fields.insert("person:z2.household".to_owned(), FieldValue::Text("1".to_owned()));
    check(&town, "z1=z2 [Birth]");
    town.fields.insert("person:z2.birth".to_owned(), FieldValue::Nothing);
    check(&town, "");
    town.fields.insert("person:z1.birth".to_owned(), FieldValue::Nothing);
    check(&town, "");
    town.fields.insert("person:li.name".to_owned(), FieldValue::Text("张伟".to_owned()));
    check(&town, "li=z2 [Household]");
}
