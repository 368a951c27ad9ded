//! Under which number the log stands, and how far earlier numbers meant the same.
//!
//! An epoch begins whenever the log may have lost something: what phones know of positions under the number before is
//! worth nothing beyond the point up to which both are the same.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use shared::cbor::{DecodeError, Reader, Writer};
use shared::id::ScopeId;

use crate::relay::random;

/// The most logs of earlier epochs that are remembered: every scope of a province, for some restores.
const REMEMBERED: usize = 1 << 20;

/// The epoch of every log of one relay.
#[derive(Debug)]
pub struct Epochs(RwLock<Epoch>);

/// One epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Epoch {
    /// Its number, which is not 0.
    pub number: u32,
    /// Up to which position a scope's log of an earlier epoch is the same as this one's; missing is 0.
    pub lineage: BTreeMap<(u32, ScopeId), u64>,
}

impl Epochs {
    /// Goes on with an epoch.
    pub fn new(epoch: Epoch) -> Self {
        Self(RwLock::new(epoch))
    }

    /// Returns the epoch's number.
    pub fn number(&self) -> u32 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).number
    }

    /// Returns the epoch.
    pub fn current(&self) -> Epoch {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns up to which position a scope's log of another epoch is the same as this one's.
    pub fn shared(&self, number: u32, scope: &ScopeId) -> u64 {
        let epoch = self.0.read().unwrap_or_else(PoisonError::into_inner);
        epoch.lineage.get(&(number, scope.clone())).copied().unwrap_or(0)
    }

    /// Begins another epoch.
    pub fn begin(&self, epoch: Epoch) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = epoch;
    }
}

impl Epoch {
    /// Draws the number of an epoch that has nothing in common with any before.
    pub fn draw() -> Self {
        // Zero is what a phone says before it knows one.
        Self { number: u32::from_be_bytes(random()).max(1), lineage: BTreeMap::new() }
    }

    /// Draws the number of an epoch whose logs go on where those of this one end.
    pub fn after(&self, ends: &BTreeMap<ScopeId, u64>) -> Self {
        let mut next = Self::draw();
        let end = |scope: &ScopeId| ends.get(scope).copied().unwrap_or(0);
        let earlier =
            self.lineage.iter().map(|((number, scope), shared)| ((*number, scope.clone()), (*shared).min(end(scope))));
        next.lineage.extend(earlier);
        next.lineage.extend(ends.iter().map(|(scope, end)| ((self.number, scope.clone()), *end)));
        next
    }

    /// Packs the lineage for the store.
    pub fn pack_lineage(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.array(3 * self.lineage.len());
        for ((number, scope), shared) in &self.lineage {
            writer.uint((*number).into()).scope(scope).uint(*shared);
        }
        writer.finish()
    }

    /// Reads an epoch back.
    pub fn read(number: u32, lineage: &[u8]) -> Result<Self, DecodeError> {
        let mut epoch = Self { number, lineage: BTreeMap::new() };
        let mut reader = Reader::new(lineage);
        for _ in 0..reader.list(3 * REMEMBERED)? / 3 {
            let (number, scope) = (reader.uint()?, reader.scope()?);
            epoch.lineage.insert((number, scope), reader.uint()?);
        }
        reader.end()?;
        Ok(epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_epochs_share_ends_with_the_shorter_log() {
        let village: ScopeId = "village.42".parse().unwrap();
        let ends = |end| BTreeMap::from([(ScopeId::Township, 5), (village.clone(), end)]);
        let first = Epoch::draw();
        let second = first.after(&ends(100));
        let third = second.after(&ends(70));
        let read = Epoch::read(third.number, &third.pack_lineage()).unwrap();
        assert_eq!(read, third);
        let epochs = Epochs::new(third.clone());
        assert_eq!(epochs.shared(first.number, &village), 70);
        assert_eq!(epochs.shared(second.number, &village), 70);
        assert_eq!(epochs.shared(second.number, &ScopeId::Township), 5);
        assert_eq!(epochs.shared(second.number, &ScopeId::Office), 0);
        assert_eq!(epochs.shared(third.number.wrapping_add(1), &village), 0);
        epochs.begin(Epoch::draw());
        assert_eq!(epochs.shared(second.number, &village), 0);
    }
}
