//! A village's facts sorted by what they are about: each entry with its moves in an order in which none comes too early.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fact::{MonthSeal, Moving, PointClaim, PointFact};
use super::journal::{Journal, Signed};
use super::state::{Flaw, PointsNote};
use super::walk::Case;
use crate::id::{DeviceCode, FactId};

/// All facts of a village's journals.
pub(super) struct Pile<'a> {
    /// Every entry, by number.
    pub cases: Vec<Case<'a>>,
    /// Places of entries that say the same of one account, where there are several.
    pub alike: Vec<Vec<usize>>,
    /// Seals, in the order in which they are believed.
    pub seals: Vec<&'a Arc<Signed<MonthSeal>>>,
    /// Everything else, by number.
    pub others: Vec<&'a Arc<Signed<PointFact>>>,
    /// What does not count whatever else is recorded.
    pub notes: Vec<PointsNote>,
    /// The last fact of each device.
    pub up_to: BTreeMap<DeviceCode, u32>,
}

impl<'a> Pile<'a> {
    pub fn of(journals: &[&'a Journal]) -> Self {
        let mut notes = Vec::new();
        let denied: BTreeSet<&FactId> = journals.iter().flat_map(|journal| &journal.denied).collect();
        notes.extend(denied.iter().map(|id| note(id, None, Flaw::Role)));
        let mut claims = by_number(journals.iter().flat_map(|journal| &journal.claims));
        let mut moves = by_number(journals.iter().flat_map(|journal| &journal.moves));
        let mut told = by_number(journals.iter().flat_map(|journal| &journal.told));
        let mut reversals = by_number(journals.iter().flat_map(|journal| &journal.reversals));
        let mut seals = by_number(journals.iter().flat_map(|journal| &journal.seals));
        let mut others = by_number(journals.iter().flat_map(|journal| &journal.others));

        let mut ids: Vec<&FactId> = numbers(&claims).chain(numbers(&moves)).chain(numbers(&told)).collect();
        ids.extend(numbers(&reversals).chain(numbers(&seals)).chain(numbers(&others)));
        ids.extend(denied);
        ids.sort_unstable();
        let mut up_to = BTreeMap::new();
        for last in ids.chunk_by(|a, b| a.device == b.device).filter_map(<[_]>::last) {
            up_to.insert(last.device.clone(), last.counter);
        }
        // Where two different facts bear one number neither counts, so that no order decides.
        let twice: BTreeSet<&FactId> = ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        if !twice.is_empty() {
            claims.retain(|fact| !twice.contains(fact.id()));
            moves.retain(|fact| !twice.contains(fact.id()));
            told.retain(|fact| !twice.contains(fact.id()));
            reversals.retain(|fact| !twice.contains(fact.id()));
            seals.retain(|fact| !twice.contains(fact.id()));
            others.retain(|fact| !twice.contains(fact.id()));
            notes.extend(twice.into_iter().map(|id| note(id, None, Flaw::NumberTwice)));
        }

        let case = |claim| Case { claim, moves: Vec::new(), told: Vec::new(), reversals: Vec::new() };
        let mut pile = Self {
            cases: claims.into_iter().map(case).collect(),
            alike: Vec::new(),
            seals: believed(seals),
            others,
            notes,
            up_to,
        };
        for moving in in_order(&moves, &mut pile.notes) {
            // Entries of one list were mostly claimed one after the other.
            let mut next = 0;
            for entry in &moving.fact.value.entries {
                let is_next = pile.cases.get(next).is_some_and(|case| case.claim.id() == entry);
                match if is_next { Some(next) } else { pile.place(entry) } {
                    Some(at) => {
                        pile.cases[at].moves.push(moving);
                        next = at + 1;
                    }
                    None => pile.notes.push(note(moving.id(), Some(entry), Flaw::NoEntry)),
                }
            }
        }
        for telling in told {
            match pile.place(&telling.fact.value.entry) {
                Some(at) => pile.cases[at].told.push(telling),
                None => pile.notes.push(note(telling.id(), None, Flaw::NoEntry)),
            }
        }
        for reversal in reversals {
            match pile.place(&reversal.fact.value.entry) {
                Some(at) => pile.cases[at].reversals.push(reversal),
                None => pile.notes.push(note(reversal.id(), None, Flaw::NoEntry)),
            }
        }
        pile.alike = alike(&pile.cases);
        pile
    }

    /// Returns an entry's place.
    pub fn place(&self, entry: &FactId) -> Option<usize> {
        self.cases.binary_search_by(|case| case.claim.id().cmp(entry)).ok()
    }
}

pub(super) fn note(fact: &FactId, entry: Option<&FactId>, flaw: Flaw) -> PointsNote {
    PointsNote { fact: fact.clone(), entry: entry.cloned(), flaw }
}

fn numbers<'a, 'b, T>(facts: &'b [&'a Arc<Signed<T>>]) -> impl Iterator<Item = &'a FactId> + use<'a, 'b, T> {
    facts.iter().map(|fact| fact.id())
}

/// Sorts facts by number; the same fact twice is one.
fn by_number<'a, T: PartialEq>(facts: impl Iterator<Item = &'a Arc<Signed<T>>>) -> Vec<&'a Arc<Signed<T>>> {
    let mut sorted: Vec<_> = facts.collect();
    sorted.sort_by(|a, b| a.id().cmp(b.id()));
    sorted.dedup_by(|a, b| a == b);
    sorted
}

/// Puts moves behind those that they follow; what follows itself in a ring never counts.
fn in_order<'a>(moves: &[&'a Arc<Signed<Moving>>], notes: &mut Vec<PointsNote>) -> Vec<&'a Arc<Signed<Moving>>> {
    let place = |id: &FactId| moves.binary_search_by(|moving| moving.id().cmp(id)).ok();
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); moves.len()];
    let mut open: Vec<usize> = vec![0; moves.len()];
    for (at, moving) in moves.iter().enumerate() {
        let followed: BTreeSet<usize> = moving.fact.value.follows.iter().filter_map(place).collect();
        open[at] = followed.len();
        followed.into_iter().for_each(|before| followers[before].push(at));
    }
    let mut ready: BTreeSet<usize> = (0..moves.len()).filter(|at| open[*at] == 0).collect();
    let mut sorted = Vec::with_capacity(moves.len());
    while let Some(at) = ready.pop_first() {
        sorted.push(moves[at]);
        for after in &followers[at] {
            open[*after] -= 1;
            if open[*after] == 0 {
                ready.insert(*after);
            }
        }
    }
    let ring = moves.iter().enumerate().filter(|(at, _)| open[*at] > 0);
    notes.extend(ring.map(|(_, moving)| note(moving.id(), None, Flaw::Step)));
    sorted
}

/// Sorts seals by month. Of two of one month the one is believed first that the other one's author knew.
fn believed(mut seals: Vec<&Arc<Signed<MonthSeal>>>) -> Vec<&Arc<Signed<MonthSeal>>> {
    let known = |seal: &Signed<MonthSeal>, seals: &[&Arc<Signed<MonthSeal>>]| {
        let of_month = seals.iter().filter(|other| other.fact.value.month == seal.fact.value.month);
        of_month.filter(|other| other.id() != seal.id() && seal.fact.value.covers(other.id())).count()
    };
    let rank: BTreeMap<&FactId, usize> = seals.iter().map(|seal| (seal.id(), known(seal, &seals))).collect();
    seals.sort_by_key(|seal| (seal.fact.value.month, rank.get(seal.id()).copied(), seal.id()));
    seals
}

fn alike(cases: &[Case<'_>]) -> Vec<Vec<usize>> {
    let key = |at: usize| {
        let PointClaim { account, item, date, occasion, .. } = &cases[at].claim.fact.value;
        (date, account, item, occasion)
    };
    let mut places: Vec<usize> = (0..cases.len()).collect();
    // Stable, so that entries of one key stay in the order of their numbers.
    places.sort_by(|a, b| key(*a).cmp(&key(*b)));
    let groups = places.chunk_by(|a, b| key(*a) == key(*b));
    groups.filter(|group| group.len() > 1).map(<[usize]>::to_vec).collect()
}
