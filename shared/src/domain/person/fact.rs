//! What is recorded of a village's people beside their fields: moves, two entries of one person, and undoing either.

use std::collections::BTreeSet;

use crate::id::{FactId, HouseholdId, PersonId, UnitCode};
use crate::role::Role;
use crate::time::Date;

/// The longest word on a move, a merge or an undoing, in bytes: a few sentences.
pub const WORDS_BYTES: usize = 600;
/// The most people who move together: the largest household several times over.
pub const MOVE_LIMIT: usize = 100;

/// Who may record any of it in a village; the office reads a village's people and moves none of them (E42).
pub const KEEPERS: &[Role] = &[Role::VillageSecretary, Role::Scribe];

/// One immutable fact of a village's roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RosterFact {
    /// People live elsewhere from a day on.
    Moved(Move),
    /// Two entries are of one person.
    Merged(Merge),
    /// A move or a merge was a mistake.
    Undone(Undo),
}

/// Where somebody is from a day on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In a household of the village.
    Home(HouseholdId),
    /// Away for good: in another unit of the township, where it is known.
    Left(Option<UnitCode>),
    /// 去世
    Died,
}

/// People who live elsewhere from a day on: until the day before they count where they were (E19).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Who.
    pub people: BTreeSet<PersonId>,
    /// Where to.
    pub to: Place,
    /// The first day there.
    pub on: Date,
    /// Whether they came to the village with it, so that they do not count here before.
    pub came: bool,
    /// What people say of it: from where, or why.
    pub words: String,
    /// Earlier moves of the same people on the same day, which make way.
    pub replaces: Vec<FactId>,
}

/// Two entries that are of one person: the first is shown as part of the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The entry that is given up.
    pub entry: PersonId,
    /// The entry that stays.
    pub into: PersonId,
    /// Why they are one.
    pub words: String,
}

/// A move or a merge that was a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// Its fact.
    pub fact: FactId,
    /// Why.
    pub reason: String,
}
