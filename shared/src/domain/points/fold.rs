//! From journals to accounts: total, and a function of the set of facts, the roster and the rules alone.
//!
//! Seals cut the facts into stretches. What counts at a seal counts for ever; what comes later, or is taken back later,
//! stands as an adjustment in the first month that was open when it came (DOMAIN section 6, rule 13).

use std::collections::{BTreeMap, BTreeSet};

use super::fact::{MonthSeal, PointClaim};
use super::journal::Journal;
use super::people::People;
use super::pile::{Pile, note};
use super::reading::Reading;
use super::state::{Accounts, Flaw};
use crate::domain::meeting::Author;
use crate::domain::rulebook::points::RulesOf;
use crate::id::{DeviceNumber, FactId, PersonId};

impl MonthSeal {
    /// Tells whether a fact is among those on which the seal rests.
    pub fn covers(&self, fact: &FactId) -> bool {
        self.up_to.get(&fact.device).is_some_and(|last| fact.counter <= *last)
    }
}

impl Accounts {
    /// Folds the journals of a village; never fails, and their order does not matter.
    pub fn fold(journals: &[&Journal], people: People<'_>, rules: RulesOf<'_>, cadres: BTreeSet<PersonId>) -> Self {
        let mut pile = Pile::of(journals);
        let homes = people.homes(authors(journals));
        let people = people.with(&homes);
        let mut wrong = Vec::new();
        // A seal that is not found again is left out, and everything is read once more without it.
        let reading = loop {
            let reading = Reading::of(&pile, people, rules);
            let Some(seal) = reading.wrong_seal() else { break reading };
            wrong.push(note(&seal, None, Flaw::Seal));
            drop(reading);
            pile.seals.retain(|other| *other.id() != seal);
        };
        let mut accounts = reading.into_accounts();
        accounts.notes.extend(pile.notes.iter().cloned());
        accounts.notes.extend(wrong);
        accounts.up_to.clone_from(&pile.up_to);
        accounts.cadres = cadres;
        super::spending::fill(&mut accounts, &pile.others, people, rules);
        accounts.notes.sort();
        accounts.flags.sort();
        accounts.flags.dedup();
        accounts
    }
}

/// Returns one author of each device that recorded something about entries.
fn authors<'a>(journals: &[&'a Journal]) -> impl Iterator<Item = &'a Author> {
    let mut authors: BTreeMap<DeviceNumber, &Author> = BTreeMap::new();
    for journal in journals {
        let claims = journal.claims.iter().map(|claim| claim.author());
        let moves = journal.moves.iter().map(|moving| moving.author());
        let reversals = journal.reversals.iter().map(|reversal| reversal.author());
        for author in claims.chain(moves).chain(reversals) {
            authors.entry(author.device).or_insert(author);
        }
    }
    authors.into_values()
}

/// Tells whether two claims can be about one person; of two that name different people each stands for itself.
pub(super) fn may_be_one(one: &PointClaim, other: &PointClaim) -> bool {
    one.person.is_none() || other.person.is_none() || one.person == other.person
}

/// Tells whether somebody claimed what another entry says as well, whatever device it came from.
pub(crate) fn is_alike(one: &PointClaim, other: &PointClaim) -> bool {
    let key = |claim: &PointClaim| (claim.account.clone(), claim.item.clone(), claim.date, claim.occasion.clone());
    may_be_one(one, other) && key(one) == key(other)
}
