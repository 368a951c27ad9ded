//! Where people were on which day, and which entries are one person: a function of the facts alone.

use std::collections::{BTreeMap, BTreeSet};

use super::fact::{KEEPERS, Merge, Move, Place, RosterFact, Undo};
use crate::domain::divergence::{Claim, Settled, Voice, settle};
use crate::domain::meeting::Recorded;
use crate::domain::register::Powers;
use crate::id::{DeviceNumber, FactId, HouseholdId, PersonId, UnitCode};
use crate::time::{Date, Month};

/// What somebody's move of a day says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// Where they are from that day on.
    pub place: Place,
    /// Whether they came to the village with it.
    pub came: bool,
}

/// The moves and merges of a village's people, folded from its facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Stays by person and first day; a divergence where two phones say different things of one day.
    pub stays: BTreeMap<PersonId, BTreeMap<Date, Settled<Stay>>>,
    /// Entries that are shown as part of another, each with that other.
    pub merged: BTreeMap<PersonId, PersonId>,
    /// Every move and merge that counts, undone ones among them, by number.
    pub history: BTreeMap<FactId, Recorded<RosterFact>>,
    /// What was undone, each with the undoing.
    pub undone: BTreeMap<FactId, Recorded<Undo>>,
    /// What does not count, and why.
    pub notes: Vec<MovesNote>,
    /// The households in which people who moved stood at first.
    pub(super) first: BTreeMap<PersonId, HouseholdId>,
}

/// Something that does not count, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MovesNote {
    /// The fact.
    pub fact: FactId,
    /// Why it does not count.
    pub flaw: MovesFlaw,
}

/// Why a fact of the roster does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MovesFlaw {
    /// Another fact bears the same number; neither counts.
    NumberTwice,
    /// The author had none of the roles that may do this.
    Role,
    /// The author is one of the two whose entries are merged.
    OwnEntry,
    /// An entry merged with itself.
    SameEntry,
    /// It undoes what is not there, or what does not count.
    Unknown,
}

impl Moves {
    /// Folds the facts of a village's roster; never fails, and their order does not matter.
    ///
    /// `powers` tells what an author might do when a fact was recorded. Where it tells nothing the certificate has not
    /// arrived: they are believed until it has.
    pub fn fold(
        village: &UnitCode,
        facts: Vec<Recorded<RosterFact>>,
        powers: &dyn Fn(&FactId, DeviceNumber) -> Option<Powers>,
    ) -> Self {
        let mut moves = Self::default();
        let mut undoings = Vec::new();
        for (id, fact) in moves.by_number(facts) {
            let roles = powers(&id, fact.author.device).map(|powers| powers.roles_in(village));
            let flaw = match &fact.value {
                _ if roles.is_some_and(|roles| !roles.any(KEEPERS)) => Some(MovesFlaw::Role),
                RosterFact::Merged(merge) => flaw_of_merge(merge, fact.author.holder.as_ref()),
                RosterFact::Moved(_) | RosterFact::Undone(_) => None,
            };
            match (flaw, &fact.value) {
                (Some(flaw), _) => moves.notes.push(MovesNote { fact: id, flaw }),
                (None, RosterFact::Undone(undo)) => undoings.push(fact.cast(undo.clone())),
                (None, _) => _ = moves.history.insert(id, fact),
            }
        }
        for undo in undoings {
            match moves.history.contains_key(&undo.value.fact) {
                true => _ = moves.undone.entry(undo.value.fact.clone()).or_insert(undo),
                false => moves.notes.push(MovesNote { fact: undo.id, flaw: MovesFlaw::Unknown }),
            }
        }
        moves.stays = moves.settled();
        moves.merged = roots(moves.standing().filter_map(|fact| match &fact.value {
            RosterFact::Merged(merge) => Some((&merge.entry, &merge.into)),
            _ => None,
        }));
        moves.notes.sort();
        moves
    }

    /// Returns the moves and merges that stand.
    pub fn standing(&self) -> impl Iterator<Item = &Recorded<RosterFact>> {
        self.history.values().filter(|fact| !self.undone.contains_key(&fact.id))
    }

    /// Returns where somebody was on a day as far as moves tell; nothing before the first of them.
    ///
    /// A day of which two phones say different things counts as if nobody had moved on it, until somebody settles it.
    pub fn place(&self, person: &PersonId, on: Date) -> Option<&Place> {
        let stays = self.stays.get(person)?;
        stays.range(..=on).rev().find_map(|(_, stay)| stay.agreed()).map(|stay| &stay.place)
    }

    /// Tells whether somebody belonged to the village on a day.
    pub fn is_here(&self, person: &PersonId, on: Date) -> bool {
        match self.place(person, on) {
            Some(place) => matches!(place, Place::Home(_)),
            None => !self.agreed(person).next().is_some_and(|(_, stay)| stay.came),
        }
    }

    /// Tells whether somebody belonged to the village on any day of a month.
    pub fn is_here_in(&self, person: &PersonId, month: Month) -> bool {
        let home = |(day, stay): (Date, &Stay)| day.month() == month && matches!(stay.place, Place::Home(_));
        self.is_here(person, month.first_day()) || self.agreed(person).any(home)
    }

    /// Returns somebody's moves on which everybody agrees, by day.
    pub fn agreed(&self, person: &PersonId) -> impl Iterator<Item = (Date, &Stay)> {
        let stays = self.stays.get(person).into_iter().flatten();
        stays.filter_map(|(day, stay)| Some((*day, stay.agreed()?)))
    }

    /// Leaves out numbers that two different facts bear, so that no order decides.
    fn by_number(&mut self, facts: Vec<Recorded<RosterFact>>) -> BTreeMap<FactId, Recorded<RosterFact>> {
        let (mut sorted, mut twice) = (BTreeMap::<FactId, Recorded<RosterFact>>::new(), BTreeSet::new());
        for fact in facts {
            match sorted.get(&fact.id) {
                Some(other) if *other != fact => _ = twice.insert(fact.id),
                Some(_) => {}
                None => _ = sorted.insert(fact.id.clone(), fact),
            }
        }
        for fact in twice {
            sorted.remove(&fact);
            self.notes.push(MovesNote { fact, flaw: MovesFlaw::NumberTwice });
        }
        sorted
    }

    fn settled(&self) -> BTreeMap<PersonId, BTreeMap<Date, Settled<Stay>>> {
        let mut claims: BTreeMap<&PersonId, BTreeMap<Date, Vec<Claim<'_, Stay>>>> = BTreeMap::new();
        for fact in self.standing() {
            let RosterFact::Moved(Move { people, to, on, came, replaces, .. }) = &fact.value else { continue };
            for person in people {
                let value = Stay { place: to.clone(), came: *came };
                let days = claims.entry(person).or_default();
                days.entry(*on).or_default().push(Claim { voice: Voice::of(fact), value, replaces });
            }
        }
        let days = |days: BTreeMap<Date, Vec<Claim<'_, Stay>>>| {
            days.into_iter().map(|(day, claims)| (day, settle(claims))).collect()
        };
        claims.into_iter().map(|(person, of)| (person.clone(), days(of))).collect()
    }
}

fn flaw_of_merge(merge: &Merge, author: Option<&PersonId>) -> Option<MovesFlaw> {
    if merge.entry == merge.into {
        return Some(MovesFlaw::SameEntry);
    }
    author.is_some_and(|author| *author == merge.entry || *author == merge.into).then_some(MovesFlaw::OwnEntry)
}

/// Returns the entries that are shown as part of another, each with the one that stays.
///
/// All entries that merges tie together are one person. The one that stays is one that no merge gave up; where two
/// phones gave up each other's, or kept different ones, it is the first by id.
fn roots<'a>(merges: impl Iterator<Item = (&'a PersonId, &'a PersonId)>) -> BTreeMap<PersonId, PersonId> {
    let mut first: BTreeMap<&PersonId, &PersonId> = BTreeMap::new();
    let mut given_up = BTreeSet::new();
    for (entry, into) in merges {
        given_up.insert(entry);
        let (one, other) = (find(&first, entry), find(&first, into));
        first.insert(entry, one);
        first.entry(into).or_insert(other);
        first.insert(one.max(other), one.min(other));
    }
    let mut tied: BTreeMap<&PersonId, BTreeSet<&PersonId>> = BTreeMap::new();
    for person in first.keys() {
        tied.entry(find(&first, person)).or_default().insert(person);
    }
    let stays = |entries: &BTreeSet<&'a PersonId>| {
        entries.difference(&given_up).next().or_else(|| entries.first()).copied().cloned()
    };
    let one = |entries: BTreeSet<&'a PersonId>| {
        let root = stays(&entries);
        let others = entries.into_iter().cloned().filter_map(move |entry| Some((entry, root.clone()?)));
        others.filter(|(entry, root)| entry != root)
    };
    tied.into_values().flat_map(one).collect()
}

fn find<'a>(first: &BTreeMap<&'a PersonId, &'a PersonId>, person: &'a PersonId) -> &'a PersonId {
    let mut at = person;
    while let Some(next) = first.get(at).filter(|next| **next != at) {
        at = next;
    }
    at
}

#[cfg(test)]
mod tests;
