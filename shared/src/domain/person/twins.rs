//! Entries that may be of one person: the same name, and something else that is the same.

use std::collections::BTreeMap;

use super::{Person, Roster};
use crate::id::PersonId;

/// What two entries of one name have in common besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alike {
    /// The household.
    Household,
    /// The year of birth.
    Birth,
}

/// Two entries that may be of one person; a person decides whether they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twins {
    /// The first by id.
    pub one: PersonId,
    /// The other.
    pub other: PersonId,
    /// What they have in common besides the name; at least one thing.
    pub alike: Vec<Alike>,
}

/// Returns every pair of visible entries that may be of one person, by name and id.
///
/// Exact: nothing is guessed from names that are merely similar, since two people who share a name are common (E20).
pub fn twins(roster: &Roster) -> Vec<Twins> {
    let mut by_name: BTreeMap<&str, Vec<&Person>> = BTreeMap::new();
    for person in roster.people.values().filter(|person| !person.hidden) {
        by_name.entry(person.name.as_str()).or_default().push(person);
    }
    let mut pairs = Vec::new();
    for namesakes in by_name.values() {
        for (place, one) in namesakes.iter().enumerate() {
            let others = namesakes.iter().skip(place + 1);
            pairs.extend(others.map(|other| pair(one, other)).filter(|pair| !pair.alike.is_empty()));
        }
    }
    pairs
}

fn pair(one: &Person, other: &Person) -> Twins {
    let birth = one.birth_year.is_some() && one.birth_year == other.birth_year;
    let alike = [(one.household == other.household, Alike::Household), (birth, Alike::Birth)];
    let alike = alike.into_iter().filter(|(same, _)| *same).map(|(_, alike)| alike).collect();
    Twins { one: one.id.clone(), other: other.id.clone(), alike }
}
