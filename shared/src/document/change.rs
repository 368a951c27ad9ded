//! Changes as they travel: opened with limits, applied in one batch, packed in the smallest way.

mod claim;
mod taking;

use std::collections::BTreeSet;
use std::ops::Range;

use automerge::{Bundle, ChangeHash as Hash, ReadDoc};

use super::{Document, DocumentError};
use crate::cbor::DecodeError;
use crate::id::Actor;
use crate::identity::Payload;
use crate::identity::batch::{BATCH_CHANGES, ChangeHash, EXPANDED_BYTES};
use crate::time::Instant;
pub(super) use taking::Rows;
use taking::Taken;

/// The largest bundle accepted, in bytes: its columns are deflated, so that its size alone bounds what it unfolds to.
pub const BUNDLE_BYTES: usize = 64 * 1024;

/// Where the first bytes of a change's hash stand in it.
const CHECKSUM: Range<usize> = 4..8;
/// Where a change says of what type it is: after four bytes of mark and four of checksum.
const CHUNK_TYPE: usize = 8;
/// The type of a change that is not compressed.
const PLAIN_CHANGE: u8 = 1;

/// One change, read and checked against its own hash.
#[derive(Clone, Debug, PartialEq)]
pub struct Change(automerge::Change);

impl Change {
    /// Reads one raw change.
    ///
    /// A change that is compressed in itself is none of ours: payloads are deflated as a whole and with a limit, and
    /// what unfolds inside a change has none.
    pub fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.get(CHUNK_TYPE) != Some(&PLAIN_CHANGE) {
            return Err(DecodeError::Shape);
        }
        if !claim::is_sound(bytes) {
            return Err(DecodeError::TooLong);
        }
        let change = automerge::Change::from_bytes(bytes.to_vec()).map(Self).map_err(|_| DecodeError::Shape)?;
        // Automerge takes the sum as it stands: two spellings of one change would have one hash.
        if bytes.get(CHECKSUM) == change.hash().get(..CHECKSUM.len()) { Ok(change) } else { Err(DecodeError::Shape) }
    }

    /// Opens a payload and reads every change in it, in the order in which its signature counts them.
    pub fn open(payload: &Payload) -> Result<Vec<Self>, DecodeError> {
        match payload {
            Payload::Raw(changes) => changes.iter().map(|bytes| Self::read_of_others(bytes)).collect(),
            Payload::Bundle(bytes) => Self::open_bundle(bytes),
            Payload::Deflated(_) => {
                let changes = payload.changes()?.ok_or(DecodeError::Shape)?;
                changes.iter().map(|bytes| Self::read_of_others(bytes)).collect()
            }
        }
    }

    /// Reads a change that somebody else packed.
    ///
    /// A document keeps operations and not the bytes they came in: a change that says the same in other bytes than
    /// Automerge writes would come out of the document under another hash, and no snapshot with it could be read.
    fn read_of_others(bytes: &[u8]) -> Result<Self, DecodeError> {
        let change = Self::read(bytes)?;
        let written = automerge::Change::from(change.0.decode());
        if written.raw_bytes() == bytes { Ok(change) } else { Err(DecodeError::Shape) }
    }

    fn open_bundle(bytes: &[u8]) -> Result<Vec<Self>, DecodeError> {
        if bytes.len() > BUNDLE_BYTES {
            return Err(DecodeError::TooLong);
        }
        if !claim::bundle::is_sound(bytes) {
            return Err(DecodeError::Shape);
        }
        let bundle = Bundle::try_from(bytes).map_err(|_| DecodeError::Shape)?;
        let changes = bundle.to_changes().map_err(|_| DecodeError::Shape)?;
        let size: usize = changes.iter().map(|change| change.raw_bytes().len()).sum();
        if changes.len() > BATCH_CHANGES || size > EXPANDED_BYTES {
            return Err(DecodeError::TooLong);
        }
        changes.iter().map(|change| Self::read_of_others(change.raw_bytes())).collect()
    }

    /// Returns the hash.
    pub fn hash(&self) -> ChangeHash {
        self.0.hash().0
    }

    /// Returns the writer, or nothing if the actor is not one of ours, as the genesis's is not.
    pub fn actor(&self) -> Option<Actor> {
        Actor::from_bytes(self.0.actor_id().to_bytes())
    }

    /// Returns the place in the writer's row, from 1.
    pub fn seq(&self) -> u64 {
        self.0.seq()
    }

    /// Returns what the writer's clock said, to the second; nobody vouches for it.
    pub fn at(&self) -> Instant {
        Instant(u64::try_from(self.0.timestamp()).unwrap_or(0).saturating_mul(1000))
    }

    /// Returns the changes on which this one rests.
    pub fn dependencies(&self) -> Vec<ChangeHash> {
        self.0.deps().iter().map(|hash| hash.0).collect()
    }

    /// Returns the change as it is stored.
    pub fn bytes(&self) -> &[u8] {
        self.0.raw_bytes()
    }
}

/// What became of a batch of changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Whether the document is another than before.
    pub changed: bool,
    /// Changes that rest on others which are not here yet; they are kept and applied when those come.
    pub waiting: Vec<ChangeHash>,
    /// Changes that claim a place in a writer's row at which another stands; they are not part of the document.
    pub forked: Vec<ChangeHash>,
    /// Changes that claim of others what those do not hold; they are not part of the document.
    pub refused: Vec<ChangeHash>,
}

impl Document {
    /// Applies changes in one batch; applying twice equals applying once, in any order.
    pub fn apply(&mut self, changes: &[Change]) -> Applied {
        let before = self.inner.get_heads();
        let Taken { forked, refused } = taking::take(self, changes);
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.extend(changes.iter().map(|change| (change.hash(), change.clone())));
        waiting.retain(|hash, _| !forked.contains(hash) && !refused.contains(hash) && !self.holds(hash));
        self.waiting = waiting;
        let waits = |hash: &ChangeHash| self.waiting.contains_key(hash);
        let waiting = changes.iter().map(Change::hash).filter(waits).collect();
        Applied { changed: self.inner.get_heads() != before, waiting, forked, refused }
    }

    /// Tells whether changes wait for others; [`Document::save`] leaves them out.
    pub fn has_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Returns the raw change of a hash.
    pub fn change(&self, hash: &ChangeHash) -> Result<Change, DocumentError> {
        self.inner.get_change_by_hash(&Hash(*hash)).map(Change).ok_or(DocumentError::NoSuchChange)
    }

    /// Returns the changes of one device, every writer's row in its order.
    ///
    /// Rows of several sessions follow each other such that a change never stands before one it rests on.
    pub fn changes_of(&self, device: crate::id::DeviceNumber) -> Vec<ChangeHash> {
        let of_device = |actor: &automerge::ActorId| Actor::from_bytes(actor.to_bytes()).map(|actor| actor.device);
        let changes = self.inner.get_changes_meta(&[]);
        let mine = changes.into_iter().filter(|change| of_device(&change.actor) == Some(device));
        mine.map(|change| change.hash.0).collect()
    }

    /// Returns the changes of one device from which no other of its own follows, in order of their hashes.
    pub fn ends_of(&self, device: crate::id::DeviceNumber) -> Vec<ChangeHash> {
        let (mut ends, mut followed) = (BTreeSet::new(), BTreeSet::new());
        // None stands before one it rests on, so that backwards everything that follows has been seen.
        for change in self.inner.get_changes_meta(&[]).into_iter().rev() {
            let is_own = Actor::from_bytes(change.actor.to_bytes()).is_some_and(|actor| actor.device == device);
            let is_followed = followed.contains(&change.hash.0);
            if is_own && !is_followed {
                ends.insert(change.hash.0);
            }
            if is_own || is_followed {
                followed.extend(change.deps.iter().map(|hash| hash.0));
            }
        }
        ends.into_iter().collect()
    }

    /// Returns every change by hash, writer and place in the writer's row, none before one it rests on.
    ///
    /// The genesis has no writer.
    pub fn history(&self) -> Vec<(ChangeHash, Option<Actor>, u64)> {
        let changes = self.inner.get_changes_meta(&[]);
        let place = |change: automerge::ChangeMetadata<'_>| {
            (change.hash.0, Actor::from_bytes(change.actor.to_bytes()), change.seq)
        };
        changes.into_iter().map(place).collect()
    }

    /// Packs changes for the wire in the smallest of three ways, and returns their hashes in the payload's order.
    pub fn pack(&self, hashes: &[ChangeHash]) -> Result<(Vec<ChangeHash>, Payload), DocumentError> {
        let changes = hashes.iter().map(|hash| self.change(hash)).collect::<Result<Vec<_>, _>>()?;
        let packed = Payload::pack(changes.iter().map(|change| change.bytes().to_vec()).collect());
        match self.bundle(hashes, packed.len()) {
            Some(bundled) => Ok(bundled),
            None => Ok((hashes.to_vec(), packed)),
        }
    }

    /// Returns the changes as a bundle if that is shorter than `limit` and unfolds to exactly these changes.
    fn bundle(&self, hashes: &[ChangeHash], limit: usize) -> Option<(Vec<ChangeHash>, Payload)> {
        // What a bundle saves it saves between changes.
        if hashes.len() < 2 {
            return None;
        }
        let bundle = self.inner.bundle(hashes.iter().map(|hash| Hash(*hash))).ok()?;
        if bundle.bytes().len() >= limit || bundle.bytes().len() > BUNDLE_BYTES {
            return None;
        }
        // The format is marked experimental: nothing is sent that this very program could not open again.
        let opened = Change::open_bundle(bundle.bytes()).ok()?;
        let order: Vec<ChangeHash> = opened.iter().map(Change::hash).collect();
        let same = order.iter().collect::<BTreeSet<_>>() == hashes.iter().collect::<BTreeSet<_>>();
        same.then(|| (order, Payload::Bundle(bundle.bytes().to_vec())))
    }
}

/// Returns the hash of the genesis of a kind, on which every first change rests.
pub fn genesis_hash(kind: crate::id::DocumentKind) -> Option<ChangeHash> {
    let genesis = Document::genesis(kind).ok()?;
    genesis.inner.get_heads().first().map(|hash| hash.0)
}
