//! What a sealed result rests on, so that anyone can compute it again.

use std::collections::BTreeMap;

use super::{Authors, Document};
use crate::id::DeviceCode;
use crate::identity::batch::ChangeHash;

/// The state of a document at one moment: what came later is no part of a result sealed on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// The last fact counter of each device.
    pub up_to: BTreeMap<DeviceCode, u32>,
    /// The changes that no other follows.
    pub heads: Vec<ChangeHash>,
}

impl Document {
    /// Returns what a result computed from the document as it stands rests on.
    pub fn basis(&self, authors: &Authors) -> Basis {
        let mut up_to = BTreeMap::new();
        for fact in self.facts(authors).facts {
            let last = up_to.entry(fact.id.device).or_default();
            *last = fact.id.counter.max(*last);
        }
        Basis { up_to, heads: self.heads() }
    }
}
