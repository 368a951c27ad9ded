//! The only owner of an Automerge value: fixed beginnings, one transaction per command, batches in, bytes out.

pub mod change;
pub mod fact;
pub mod read;
pub mod schema;
pub mod seal;
pub mod vouched;
mod whole;
pub mod write;

use std::collections::BTreeMap;
use std::fmt;

use automerge::{Automerge, ChangeHash as Hash, ReadDoc};

pub use crate::domain::record::FieldValue;
use crate::id::DocumentKind;
use crate::identity::batch::ChangeHash;
pub use change::{Applied, Change};
pub use read::{Authors, KnownAuthor};
pub use vouched::Chains;
pub use write::{Entry, Written};

/// The reasons why a document could not be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentError {
    /// The bytes are not a document.
    Bytes,
    /// The bytes are a document that does not begin with the genesis of its kind.
    Genesis,
    /// Automerge would not take the transaction.
    Transaction,
    /// A change was asked for that the document does not hold.
    NoSuchChange,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes => "the bytes are not a document",
            Self::Genesis => "the document does not begin as its kind does",
            Self::Transaction => "the document would not take the change",
            Self::NoSuchChange => "the document does not hold the change",
        })
    }
}

impl std::error::Error for DocumentError {}

/// One replicated document.
///
/// Two documents of a kind share their first change, so that what two phones record apart meets in one history.
#[derive(Clone, Debug)]
pub struct Document {
    kind: DocumentKind,
    inner: Automerge,
    /// Changes that rest on others which are not here yet.
    waiting: BTreeMap<ChangeHash, Change>,
    /// How far each writer has come, once it was asked for.
    rows: Option<change::Rows>,
}

impl Document {
    /// Begins a document with the fixed bytes of its kind.
    ///
    /// A kind of a later version has none that is known here.
    pub fn genesis(kind: DocumentKind) -> Result<Self, DocumentError> {
        if kind == DocumentKind::Later {
            return Err(DocumentError::Genesis);
        }
        let inner = Automerge::load(schema::genesis(kind)).map_err(|_| DocumentError::Genesis)?;
        Ok(Self { kind, inner, waiting: BTreeMap::new(), rows: None })
    }

    /// Reads a document back from [`Document::save`].
    ///
    /// The bytes come from this device's own disk, so that they are damaged at worst: what the checksum does not show is
    /// taken as it stands. What others made comes as [`Change`]s.
    pub fn load(kind: DocumentKind, bytes: &[u8]) -> Result<Self, DocumentError> {
        if !whole::is_one(bytes) {
            return Err(DocumentError::Bytes);
        }
        let inner = Automerge::load(bytes).map_err(|_| DocumentError::Bytes)?;
        let genesis = Self::genesis(kind)?;
        let begins = genesis.inner.get_heads().iter().all(|hash| inner.get_change_meta_by_hash(hash).is_some());
        if begins {
            Ok(Self { kind, inner, waiting: BTreeMap::new(), rows: None })
        } else {
            Err(DocumentError::Genesis)
        }
    }

    /// Returns the whole document in its compact form, without changes that wait for others.
    pub fn save(&self) -> Vec<u8> {
        self.inner.save()
    }

    /// Returns the kind.
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// Returns the hashes of the changes that no other change follows, in order.
    pub fn heads(&self) -> Vec<ChangeHash> {
        self.inner.get_heads().into_iter().map(|hash| hash.0).collect()
    }

    /// Tells whether the change is part of the document, applied and not waiting.
    pub fn holds(&self, hash: &ChangeHash) -> bool {
        self.inner.get_change_meta_by_hash(&Hash(*hash)).is_some()
    }

    /// Returns how many changes the document holds, the genesis included.
    pub fn changes(&self) -> u64 {
        self.inner.stats().num_changes
    }
}

#[cfg(test)]
mod tests;
