//! What follows from facts of every kind of document that is folded, whatever somebody with a certificate put there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shared::document::fact::{
    read_affair, read_assessment, read_card, read_flag, read_points, read_points_adopted, read_post,
};
use shared::domain::assessment::{Assessment, AssessmentFact, CardFact, Cards, Stage};
use shared::domain::flag::{Custody, FlagFact};
use shared::domain::meeting::{Author, Recorded};
use shared::domain::notice::reply_due;
use shared::domain::person::{Household, MemberClass, Person, Residency, Roster};
use shared::domain::points::{Accounts, Journal, People};
use shared::domain::post::{Posts, QuarterPosts};
use shared::domain::register::{Affairs, KINDS, Powers, tally};
use shared::domain::rulebook::points::{RulesOf, points_rules};
use shared::id::{DeviceNumber, FactId, HouseholdId, PersonId, UnitCode};
use shared::role::{Role, Roles};
use shared::time::{Instant, Month, Quarter};

/// The most facts of one document that the fuzzer writes; what goes wrong among more goes wrong among so many.
const FACTS: usize = 48;
const VILLAGES: [&str; 2] = ["420529202209", "420529202202"];
/// Households and who lives in them: in the first two of those who record, in the second somebody who is a child.
const PEOPLE: [(&str, &str, u16); 4] =
    [("h-1", "li-na", 1980), ("h-1", "wang-wu", 1982), ("h-2", "p-1", 2015), ("h-2", "p-2", 1950)];
/// Who holds which of the devices; of one more the certificate has not arrived.
const HOLDERS: [&str; 7] = ["li-na", "wang-wu", "li-na", "zhao-liu", "sun-qi", "zhou-ba", "wu-jiu"];

/// Records with a life.
pub fn affairs(bytes: &[u8]) {
    let facts = facts(bytes, |_, bytes| read_affair(bytes).ok());
    let fold = |facts| Affairs::fold_of(facts, &powers);
    let affairs = fold(facts.clone());
    assert_eq!(fold(turned(&facts)), affairs, "the order of arrival shows");
    for record in affairs.records.values() {
        let _ = (record.standing(), record.title(), record.listed().count(), reply_due(record));
        for step in record.kind.steps {
            let _ = (record.waits_until(step), record.takers(step.key));
        }
    }
    for kind in KINDS {
        let whole = tally(kind, affairs.records.values(), None);
        let of_one = tally(kind, affairs.records.values(), Some(&village(0)));
        assert_eq!(whole.len(), of_one.len());
    }
}

/// A quarter's assessment with the cards of one assessor, and the flag that rests on it.
pub fn quarter(bytes: &[u8]) {
    let quarter = Quarter::new(2026, 4).unwrap();
    let of = |sort: u8| move |by: u8| by >> 4 & 3 == sort;
    let facts_of: Vec<Recorded<AssessmentFact>> = facts(bytes, |by, bytes| pick(of(0)(by), || read_assessment(bytes)));
    let cards_of: Vec<Recorded<CardFact>> = facts(bytes, |by, bytes| pick(of(1)(by), || read_card(bytes)));
    let flag_of: Vec<Recorded<FlagFact>> = facts(bytes, |by, bytes| pick(of(2)(by), || read_flag(bytes)));

    let assessment = Assessment::fold(quarter, facts_of.clone(), &powers);
    assert_eq!(Assessment::fold(quarter, turned(&facts_of), &powers), assessment, "the order of arrival shows");
    let assessor: PersonId = "li-na".parse().unwrap();
    let cards = Cards::fold(&assessor, cards_of.clone(), &powers);
    assert_eq!(Cards::fold(&assessor, turned(&cards_of), &powers), cards, "the order of arrival shows");

    let _ = (assessment.proposal(), assessment.undecided_ties().count());
    for to in [Stage::Open, Stage::Scored, Stage::Noticed, Stage::Confirmed, Stage::Cancelled] {
        let _ = assessment.digest_for(to);
    }
    if let Ok(freeze) = assessment.freeze(&BTreeMap::from([(assessor, Arc::new(cards))]), BTreeMap::new()) {
        let found = assessment.preview(&freeze).map(|result| result.digest);
        assert_eq!(found, Some(freeze.digest), "what may be frozen is found again");
    }
    if let Some(result) = &assessment.result {
        let _ = (result.first().count(), result.published(), result.tied());
    }
    let assessments = BTreeMap::from([(quarter, Arc::new(assessment))]);
    let custody = Custody::fold(flag_of.clone(), &powers, &assessments);
    assert_eq!(Custody::fold(turned(&flag_of), &powers, &assessments), custody, "the order of arrival shows");
    let _ = (custody.standing_award(), custody.holder(), custody.waiting().count(), custody.history());
}

/// Points accounts, from the documents of two quarters and the rules that a village and its township adopted.
pub fn points(bytes: &[u8]) {
    let adopted = |sort: u8| facts(bytes, move |by, bytes| pick(by >> 4 & 3 == sort, || read_points_adopted(bytes)));
    let (of_village, of_township) = (points_rules(adopted(2)), points_rules(adopted(3)));
    let rules = RulesOf { village: &of_village, township: &of_township };
    let roster = roster();
    let of_quarter = |sort: u8| facts(bytes, move |by, bytes| pick(by >> 4 & 3 == sort, || read_points(bytes)));
    let (first, second) = (of_quarter(0), of_quarter(1));
    let journal = |facts| Journal::of(facts, &village(0), &powers);
    let fold = |journals: &[&Journal]| Accounts::fold(journals, People::of(&roster), rules, BTreeSet::new());
    let accounts = fold(&[&journal(first.clone()), &journal(second.clone())]);
    let other_way = fold(&[&journal(turned(&second)), &journal(turned(&first))]);
    assert_eq!(other_way, accounts, "the order of arrival shows");
    let quarter = Quarter::new(2026, 4).unwrap();
    for account in accounts.months.keys().chain(accounts.balances.keys()).chain(roster.households.keys()) {
        let _ = (accounts.quarter(account, quarter), accounts.year(account, 2026));
        let balance = accounts.balance(account);
        let _ = (balance.honour(), balance.spendable(), balance.free(), accounts.linked(account));
    }
}

/// Posts and their appraisals.
pub fn posts(bytes: &[u8]) {
    let facts = facts(bytes, |_, bytes| read_post(bytes).ok());
    let quarter = Quarter::new(2026, 4).unwrap();
    let fold = |facts| QuarterPosts::fold_of(&village(0), quarter, facts, &powers);
    let folded = fold(facts.clone());
    assert_eq!(fold(turned(&facts)), folded, "the order of arrival shows");
    let people: BTreeSet<PersonId> = folded.months.keys().map(|(_, person)| person.clone()).collect();
    let months: BTreeSet<Month> = folded.months.keys().map(|(month, _)| *month).collect();
    let posts = Posts { quarters: BTreeMap::from([(quarter, Arc::new(folded))]) };
    let roster = roster();
    for person in &people {
        let _ = (posts.quarter(person, quarter), posts.year(person, 2026));
        months.iter().for_each(|month| _ = posts.outcome(person, *month));
    }
    months.iter().for_each(|month| _ = posts.held_in(*month, &roster));
    let _ = posts.holdings();
}

/// Each piece is a byte that says by which device, of which sort and whether under the number of the piece before, and
/// a fact; its number follows from its place.
fn facts<T>(bytes: &[u8], read: impl Fn(u8, &[u8]) -> Option<T>) -> Vec<Recorded<T>> {
    let pieces = super::pieces(bytes, FACTS);
    let fact = |(place, piece): (u32, &&[u8])| {
        let (by, fact) = piece.split_first()?;
        let value = read(*by, fact)?;
        let device = u32::from(by & 7);
        let code = format!("SH{}", device + 1).parse().unwrap();
        let counter = (place + 1).saturating_sub(u32::from(by >> 6 & 1));
        let holder = HOLDERS.get(device as usize).map(|name| name.parse().unwrap());
        let author = Author { device: DeviceNumber(device), holder };
        Some(Recorded { id: FactId { device: code, counter }, author, at: Instant(1_795_399_200_000), value })
    };
    (0..).zip(&pieces).filter_map(fact).collect()
}

fn pick<T, E>(is_wanted: bool, read: impl FnOnce() -> Result<T, E>) -> Option<T> {
    if is_wanted { read().ok() } else { None }
}

/// The same facts in another order, and some of them twice.
fn turned<T: Clone>(facts: &[Recorded<T>]) -> Vec<Recorded<T>> {
    facts.iter().rev().chain(facts.iter().take(3)).cloned().collect()
}

fn village(place: usize) -> UnitCode {
    VILLAGES[place].parse().unwrap()
}

/// All may everything but somebody's second phone, which records for a village; of the last nothing is known.
fn powers(_: &FactId, device: DeviceNumber) -> Option<Powers> {
    HOLDERS.get(device.0 as usize)?;
    let roles: Roles = if device.0 == 2 { Role::Scribe.into() } else { Role::ALL.into_iter().collect() };
    Some(Powers { roles, villages: VILLAGES.iter().map(|village| village.parse().unwrap()).collect() })
}

fn roster() -> Roster {
    let mut roster = Roster::default();
    for (number, id, born) in PEOPLE {
        let (household, id): (HouseholdId, PersonId) = (number.parse().unwrap(), id.parse().unwrap());
        let person = Person {
            id: id.clone(),
            name: String::new(),
            pinyin: String::new(),
            household: household.clone(),
            birth_year: Some(born),
            residency: Residency::default(),
            standing: None,
            class: MemberClass::default(),
            representative: false,
            hidden: false,
        };
        roster.people.insert(id, person);
        let home = Household { id: household.clone(), number: String::new(), group: number.to_owned(), head: None };
        roster.households.insert(household, home);
    }
    roster
}
