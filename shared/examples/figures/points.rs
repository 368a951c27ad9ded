//! What a quarter of points costs: saved, loaded, folded, and for each change.

use std::time::Instant as Stopwatch;

use shared::document::{Authors, Document, Entry, KnownAuthor, fact};
use shared::domain::divergence::{Said, Settled};
use shared::domain::meeting::{Author, Recorded};
use shared::domain::person::{Household, MemberClass, Person, Residency, Roster};
use shared::domain::points::fact::{Moving, PointClaim, PointFact};
use shared::domain::points::flow::PointStep;
use shared::domain::points::{Accounts, Journal, People};
use shared::domain::rulebook::points::{Category, PointItem, PointsAdoption, PointsRule, PointsRules, RulesOf};
use shared::id::{Actor, DeviceNumber, DocumentKind, FactId, HouseholdId, PersonId};
use shared::time::{Date, Instant};

use super::{name, print, village};

const ENTRIES: u32 = 6000;
const HOUSEHOLDS: u32 = 300;
const PEOPLE: u32 = 900;
/// How often each thing is timed.
const RUNS: usize = 7;
/// Entries that are moved on together, as a meeting does.
const TOGETHER: u32 = 60;
const OCCASIONS: [&str; 5] = ["清扫", "植树", "扫雪", "修路", "看望老人"];

fn household(number: u32) -> HouseholdId {
    format!("h-{:03}", number % HOUSEHOLDS).parse().unwrap()
}

/// A quarter's entries come from three phones, each saying what a village says.
fn claim(number: u32) -> PointClaim {
    let first: Date = "2026-10-01".parse().unwrap();
    PointClaim {
        account: household(number.wrapping_mul(7919) / 3),
        person: None,
        item: ["cleanup", "mediation", "courtyard"][number as usize % 3].parse().unwrap(),
        date: first.plus_days((number * 92 / ENTRIES) as i32).unwrap(),
        points: None,
        occasion: OCCASIONS[(number / 40) as usize % OCCASIONS.len()].to_owned(),
        note: if number.is_multiple_of(10) { name(number) } else { String::new() },
    }
}

/// The device of each phone, and where it writes.
fn actor(phone: u32) -> Actor {
    Actor { device: DeviceNumber(0x8000_0000 + phone), session: 0x5eed_0000 + phone }
}

fn id(phone: u32, counter: u32) -> FactId {
    FactId { device: format!("SH{phone}").parse().unwrap(), counter }
}

pub fn print_figures() {
    let mut document = Document::genesis(DocumentKind::Points).unwrap();
    let mut at = Instant(1_791_000_000_000);
    let (mut counters, mut bytes) = ([0; 4], 0);
    let mut write = |document: &mut Document, phone: u32, fact: &PointFact| {
        counters[phone as usize] += 1;
        at = at.plus_millis(61_000);
        let id = id(phone, counters[phone as usize]);
        let entry = Entry::Fact(id.clone(), fact::pack_points(fact));
        (id, document.write(actor(phone), at, &[entry]).unwrap().unwrap().bytes.len())
    };
    let mut entries = Vec::new();
    for number in 0..ENTRIES {
        let (id, length) = write(&mut document, 1 + number % 2, &PointFact::Claimed(claim(number)));
        entries.push(id);
        bytes += length;
    }
    print("points-change", bytes / ENTRIES as usize, "B", "");
    print("points-saved", document.save().len(), "B", "<= 90000 B");
    for run in entries.chunks(TOGETHER as usize) {
        let mut follows = Vec::new();
        for (phone, step) in
            [(0, PointStep::Verify), (3, PointStep::Deliberate), (1, PointStep::Notice), (3, PointStep::Book)]
        {
            let words = if step.asks_for_words() { "村民代表会议".to_owned() } else { String::new() };
            let entries = run.iter().cloned().collect();
            let moving = Moving { step, entries, words, follows: follows.drain(..).collect() };
            follows.push(write(&mut document, phone, &PointFact::Moved(moving)).0);
        }
    }
    let saved = document.save();
    print("points-saved-booked", saved.len(), "B", "");
    load_and_fold(&saved);
}

fn load_and_fold(saved: &[u8]) {
    let authors: Authors = (0..4)
        .map(|phone| {
            let person = format!("holder-{phone}").parse().unwrap();
            (actor(phone).device, KnownAuthor { code: id(phone, 1).device, person })
        })
        .collect();
    let document = Document::load(DocumentKind::Points, saved).unwrap();
    let load = || _ = Document::load(DocumentKind::Points, saved).unwrap();
    print("points-load", fastest(load), "ms", "<= 30 ms");
    let read = || {
        let facts = document.facts(&authors).facts.into_iter().map(|raw| {
            let holder = Some(authors[&raw.actor.device].person.clone());
            let author = Author { device: raw.actor.device, holder };
            Recorded { id: raw.id, author, at: raw.at, value: fact::read_points(&raw.bytes).unwrap() }
        });
        facts.collect::<Vec<_>>()
    };
    print("points-read", fastest(|| _ = read()), "ms", "");
    let (roster, rules, none) = (roster(), rules(), PointsRules::new());
    let rules = RulesOf { village: &none, township: &rules };
    let journal = Journal::of(read(), &village(), &|_, _| None);
    let fold = || Accounts::fold(&[&journal], People::of(&roster), rules, [].into());
    // Of two phones some say the same, as in a village; what is suspected waits.
    assert!(fold().entries.values().all(|entry| entry.counts() || entry.twin.is_some()));
    print("points-fold", fastest(|| _ = fold()), "ms", "<= 30 ms");
}

/// Returns the milliseconds of the fastest of some runs: the others waited for somebody else on this machine.
fn fastest(mut run: impl FnMut()) -> usize {
    let taken = (0..RUNS).map(|_| {
        let start = Stopwatch::now();
        run();
        start.elapsed()
    });
    taken.min().unwrap().as_millis() as usize
}

fn roster() -> Roster {
    let account = |number| {
        let id = household(number);
        (id.clone(), Household { id, number: number.to_string(), group: "1".to_owned(), head: None })
    };
    let person = |number: u32| {
        let id: PersonId = format!("holder-{number}").parse().unwrap();
        let person = Person {
            id: id.clone(),
            name: name(number),
            pinyin: String::new(),
            // Those who record live in houses of their own, since nobody books for the own household.
            household: if number < 4 { format!("h-9{number}").parse().unwrap() } else { household(number) },
            birth_year: Some(1970),
            residency: Residency::Registered,
            standing: None,
            class: MemberClass::Ordinary,
            representative: false,
            hidden: false,
        };
        (id, person)
    };
    Roster {
        households: (0..HOUSEHOLDS).map(account).collect(),
        people: (0..PEOPLE).map(person).collect(),
        ..Roster::default()
    }
}

fn rules() -> PointsRules {
    let item = |id: &str, points| PointItem {
        id: id.parse().unwrap(),
        name: String::new(),
        points,
        category: "all".parse().unwrap(),
        per_day: None,
        per_month: Some(20),
        evidence: String::new(),
    };
    let rule = PointsRule {
        id: "points".parse().unwrap(),
        version: 1,
        title: String::new(),
        categories: vec![Category { id: "all".parse().unwrap(), name: String::new(), per_month: Some(40) }],
        items: vec![item("cleanup", 5), item("mediation", 8), item("courtyard", 12)],
        gain_per_month: Some(60),
        loss_per_month: None,
        base: 0,
        redemption: false,
    };
    let value = PointsAdoption { rule, from: "2026-01-01".parse().unwrap(), adopted_at: String::new() };
    PointsRules::from([(("points".parse().unwrap(), 1), Settled::Agreed(Said { value, by: Vec::new() }))])
}
