//! What a store is asked before a group of batches can be placed: every list at once, each item once.

use shared::id::{Address, DeviceNumber, ScopeId};
use shared::identity::Digest;

use super::place::{Extent, Known};
use super::{Certified, Prepared, PreparedAct};
use crate::error::LogError;

/// Where every revocation by the office stands.
pub static TOWNSHIP: ScopeId = ScopeId::Township;

/// The lists; an answer names its question by the place in its list.
#[derive(Debug)]
pub struct Questions<'a> {
    /// The scopes whose logs will grow.
    pub scopes: Vec<&'a ScopeId>,
    /// Batch numbers that may have been used.
    pub batches: Vec<(&'a ScopeId, DeviceNumber, u32)>,
    /// Certificates and acts that may stand in a scope, by name.
    pub named: Vec<(&'a ScopeId, &'a Digest)>,
    /// Changes that a document may hold.
    pub changes: Vec<(&'a Address, &'a [u8; 32])>,
    /// Writers that may have a row in a document.
    pub writers: Vec<(&'a Address, &'a [u8; 8])>,
    /// Documents that will grow.
    pub documents: Vec<&'a Address>,
}

/// Something that the store holds.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// The entry under a batch number.
    Batch(Digest),
    /// It stands in the scope.
    Named,
    /// The document holds the change.
    Change,
    /// The end of a writer's row.
    Writer(Extent),
    /// What all rows of a document come to.
    Document(Extent),
}

impl<'a> Questions<'a> {
    /// Asks for everything that bears on placing these batches, each with its device's certificate.
    ///
    /// Of an act it has to be known whether it stands, and whether whoever decided was revoked.
    pub fn of(group: &[(Option<&'a Certified>, &'a Prepared)], acts: &[&'a PreparedAct]) -> Self {
        let (mut changes, mut writers, mut named) = (Vec::new(), Vec::new(), Vec::new());
        for act in acts {
            named.push((&act.scope, &act.name));
            named.extend(act.revocations.iter().flat_map(|name| [(&act.scope, name), (&TOWNSHIP, name)]));
        }
        for (certificate, batch) in group {
            let scope = &batch.address.scope;
            named.extend(batch.before.iter().map(|certificate| (scope, &certificate.name)));
            if let Some(certificate) = certificate {
                named.extend([(scope, &certificate.name), (&TOWNSHIP, &certificate.name)]);
                named.extend(certificate.revocations.iter().flat_map(|name| [(scope, name), (&TOWNSHIP, name)]));
            }
            for step in &batch.steps {
                changes.extend(step.dependencies.iter().chain([&step.hash]).map(|hash| (&batch.address, hash)));
                writers.push((&batch.address, &step.actor));
            }
        }
        Self {
            scopes: unique(
                group.iter().map(|(_, batch)| &batch.address.scope).chain(acts.iter().map(|act| &act.scope)).collect(),
            ),
            batches: unique(
                group.iter().map(|(_, batch)| (&batch.address.scope, batch.device, batch.number)).collect(),
            ),
            named: unique(named),
            changes: unique(changes),
            writers: unique(writers),
            documents: unique(group.iter().map(|(_, batch)| &batch.address).collect()),
        }
    }

    /// Takes an answer in.
    pub fn answered(&self, place: usize, answer: Answer, known: &mut Known) -> Result<(), LogError> {
        match answer {
            Answer::Batch(hash) => {
                let (scope, device, number) = of(&self.batches, place)?;
                known.batches.insert((scope.clone(), device, number), hash);
            }
            Answer::Named => {
                let (scope, hash) = of(&self.named, place)?;
                known.named.insert((scope.clone(), *hash));
            }
            Answer::Change => {
                let (address, hash) = of(&self.changes, place)?;
                known.changes.insert((address.clone(), *hash));
            }
            Answer::Writer(extent) => {
                let (address, actor) = of(&self.writers, place)?;
                known.writers.insert((address.clone(), *actor), extent);
            }
            Answer::Document(extent) => {
                known.documents.insert(of(&self.documents, place)?.clone(), extent);
            }
        }
        Ok(())
    }
}

fn of<T: Copy>(list: &[T], place: usize) -> Result<T, LogError> {
    list.get(place).copied().ok_or(LogError::Damaged)
}

fn unique<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort_unstable();
    items.dedup();
    items
}
