//! The facts of one document of points, sorted by kind, each with the roles under which it was recorded.

use std::sync::Arc;

use super::fact::{MonthSeal, Moving, PointClaim, PointFact, Reversal, Telling};
use crate::domain::meeting::{Author, Recorded};
use crate::domain::register::Powers;
use crate::id::{DeviceNumber, FactId, UnitCode};
use crate::role::{Role, Roles};
use crate::time::Instant;

/// A recorded fact and what its author might be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed<T> {
    /// The fact.
    pub fact: Recorded<T>,
    /// The author's roles in the village when it was recorded; nothing while their certificate has not arrived.
    pub roles: Option<Roles>,
}

/// One document of points as it was recorded; a village's accounts follow from all of its journals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    pub(super) claims: Vec<Arc<Signed<PointClaim>>>,
    pub(super) moves: Vec<Arc<Signed<Moving>>>,
    pub(super) told: Vec<Arc<Signed<Telling>>>,
    pub(super) reversals: Vec<Arc<Signed<Reversal>>>,
    pub(super) seals: Vec<Arc<Signed<MonthSeal>>>,
    /// What becomes of accounts besides their entries.
    pub(super) others: Vec<Arc<Signed<PointFact>>>,
    /// Facts whose authors had none of the roles that may record them.
    pub(super) denied: Vec<FactId>,
}

impl<T> Signed<T> {
    /// Returns the number.
    pub fn id(&self) -> &FactId {
        &self.fact.id
    }

    /// Returns who recorded it.
    pub fn author(&self) -> &Author {
        &self.fact.author
    }

    /// Tells whether the author held a role; somebody unknown is believed.
    pub fn held(&self, role: Role) -> bool {
        self.roles.is_none_or(|roles| roles.contains(role))
    }
}

impl Journal {
    /// Sorts the facts of a village's document; `powers` tells under which each was recorded.
    ///
    /// Where it tells nothing the author is somebody whose certificate has not arrived: they are believed until it has.
    pub fn of(
        facts: Vec<Recorded<PointFact>>,
        village: &UnitCode,
        powers: &dyn Fn(&FactId, DeviceNumber) -> Option<Powers>,
    ) -> Self {
        let mut journal = Self::default();
        for fact in facts {
            let roles = powers(&fact.id, fact.author.device).map(|powers| powers.roles_in(village));
            if roles.is_some_and(|roles| !roles.any(fact.value.roles())) {
                journal.denied.push(fact.id);
                continue;
            }
            let Recorded { id, author, at, value } = fact;
            let head = Head { id, author, at, roles };
            match value {
                PointFact::Claimed(claim) => journal.claims.push(head.sign(claim)),
                PointFact::Moved(moving) => journal.moves.push(head.sign(moving)),
                PointFact::Told(telling) => journal.told.push(head.sign(telling)),
                PointFact::Reversed(reversal) => journal.reversals.push(head.sign(reversal)),
                PointFact::Closed(seal) => journal.seals.push(head.sign(*seal)),
                other => journal.others.push(head.sign(other)),
            }
        }
        journal
    }
}

/// A fact without what it says.
struct Head {
    id: FactId,
    author: Author,
    at: Instant,
    roles: Option<Roles>,
}

impl Head {
    fn sign<T>(self, value: T) -> Arc<Signed<T>> {
        let Self { id, author, at, roles } = self;
        Arc::new(Signed { fact: Recorded { id, author, at, value }, roles })
    }
}

/// Tells whether two authors are one person; two devices of one person are one.
pub(crate) fn same_author(one: &Author, other: &Author) -> bool {
    match (&one.holder, &other.holder) {
        (Some(one), Some(other)) => one == other,
        _ => one.device == other.device,
    }
}
