//! What people can ask for about the people of a village, and every reason to refuse.

use std::collections::BTreeSet;

use crate::domain::person::fact::Place;
use crate::domain::person::{Household, Person};
use crate::id::{FactId, PersonId};
use crate::time::Date;

/// A wish about a village's people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleCommand {
    /// Move people to a household, or write down that they left or died; a move of theirs on the same day makes way.
    Move {
        /// Who.
        people: BTreeSet<PersonId>,
        /// Where to.
        to: Place,
        /// The first day there.
        on: Date,
        /// From where, or why.
        words: String,
    },
    /// Found a household with people of another one (分户).
    Split {
        /// The new household.
        household: Household,
        /// Who goes.
        people: BTreeSet<PersonId>,
        /// The first day of it.
        on: Date,
        /// Why.
        words: String,
    },
    /// Take in somebody who came from elsewhere and who does not count here before.
    Arrive {
        /// Who, with the household.
        person: Box<Person>,
        /// The first day here.
        on: Date,
        /// From where.
        words: String,
    },
    /// Show an entry as part of another, since both are of one person.
    Merge {
        /// The entry that is given up.
        entry: PersonId,
        /// The entry that stays.
        into: PersonId,
        /// Why they are one.
        words: String,
    },
    /// Undo a move or a merge.
    Undo {
        /// Its number.
        fact: FactId,
        /// Why.
        reason: String,
    },
}

/// Why a wish about a village's people was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleRefusal {
    /// Nobody is to move.
    Nobody,
    /// This person is not on the village's roster.
    NoPerson(PersonId),
    /// The village has no such household.
    NoHousehold,
    /// The village has a household of this number.
    HouseholdTaken,
    /// This person is on the village's roster; a move brings them back.
    AlreadyListed(PersonId),
    /// An entry cannot be merged with itself.
    SameEntry,
    /// Nobody merges their own entry: somebody else does.
    OwnEntry,
    /// There is no such move or merge that stands.
    NoFact(FactId),
}
