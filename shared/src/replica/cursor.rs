//! Where a device stands in a scope's log, and what it believes of a page of it.

use crate::cbor::{DecodeError, Reader, Writer};
use crate::document::Change;
use crate::id::ScopeId;
use crate::identity::batch::ChangeHash;
use crate::identity::{Act, Batch, Certificate, Digest, Entry, PublicKey, Receipt, Signature, Snapshot};
use crate::wire::sync::CHECK_BYTES;
use crate::wire::{Answered, ScopeAnswer};

use super::status::RelayTrouble;

/// A position in a scope's log, with the digest of everything up to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    pub epoch: u32,
    pub position: u64,
    pub digest: Digest,
    /// The relay's signature over all of these; missing where an earlier version kept none.
    pub receipt: Option<Signature>,
    /// Whether this log has never been read to its end, so that stretches of it may be taken.
    pub is_first: bool,
}

impl Cursor {
    pub(super) fn key(scope: &ScopeId) -> String {
        format!("cursor/{scope}")
    }

    pub(super) fn pack(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.array(5).uint(self.epoch.into()).uint(self.position).bytes(&self.digest.0);
        match self.receipt {
            Some(receipt) => writer.bytes(&receipt.0),
            None => writer.null(),
        };
        writer.bool(self.is_first);
        writer.finish()
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let values = reader.list(5)?;
        let (epoch, position, digest) = (reader.uint()?, reader.uint()?, Digest(reader.fixed()?));
        let receipt = if values < 4 || reader.nothing()? { None } else { Some(Signature(reader.fixed()?)) };
        let is_first = values > 4 && reader.bool()?;
        let cursor = Self { epoch, position, digest, receipt, is_first };
        reader.end()?;
        Ok(cursor)
    }
}

/// One entry of a page whose receipt verified.
#[derive(Debug)]
pub(super) enum Item {
    /// A device's certificate, to be checked.
    Certificate(Certificate),
    /// A batch with its changes in the order that its signature counts.
    Batch(Batch, Vec<Change>),
    /// A snapshot with its changes in the order that its hash counts.
    Snapshot(Snapshot, Vec<Change>),
    /// An own batch, by its number.
    Own(u32),
    /// A decision about a device, or a held batch, to be checked.
    Act(Act),
    /// An entry of a kind that this version does not know, with its hash, as it came.
    Later(Digest, Vec<u8>),
}

/// What a page brings.
#[derive(Debug)]
pub(super) enum Page {
    /// Nothing that was not known.
    Nothing,
    /// It begins after a gap: the cursor has to be sent again.
    Gap,
    /// The relay's log does not go on from the cursor that its own receipt proves.
    Lost,
    /// Entries that the relay's signature covers together with everything before them.
    News {
        /// Whether the relay's log is another than before, so that its earlier receipts prove nothing.
        restarted: bool,
        /// The cursor after the page.
        cursor: Cursor,
        /// The entries.
        items: Vec<Item>,
    },
}

/// Reads a page and checks it against the relay's signature; nothing of a page that fails may be used.
///
/// `own` gives the log's hash of an own batch.
pub(super) fn read_page(
    answer: &ScopeAnswer,
    cursor: Cursor,
    relay: &PublicKey,
    own: impl Fn(u32) -> Option<Digest>,
) -> Result<Page, RelayTrouble> {
    let other_log = answer.epoch != cursor.epoch;
    let restarted = other_log && cursor.epoch != 0;
    let lost = !other_log && answer.from == 0 && cursor.position > 0;
    if lost && (answer.more || answer.to() < cursor.position) {
        return Ok(Page::Lost);
    }
    // Nobody can say up to where two epochs are the same: what is known is read again, and costs a page or a few.
    let mut cursor = if other_log { Cursor { epoch: answer.epoch, ..Cursor::default() } } else { cursor };
    if answer.from > cursor.position {
        return Ok(Page::Gap);
    }
    let known = usize::try_from(cursor.position - answer.from).unwrap_or(usize::MAX);
    if !restarted && cursor.position >= answer.to() {
        let is_same = |check: [u8; CHECK_BYTES]| cursor.digest.0.starts_with(&check);
        let is_other = answer.from == cursor.position && !answer.check.is_none_or(is_same);
        return Ok(if is_other { Page::Lost } else { Page::Nothing });
    }
    let is_first = cursor.is_first || cursor.position == 0;
    if answer.until.is_some() && !is_first {
        // Entry by entry the log is proved to go on from the receipt in hand; a stretch proves it from there on only.
        return Err(RelayTrouble::Answer);
    }
    let mut items = Vec::new();
    for entry in answer.entries.iter().skip(if answer.until.is_some() { 0 } else { known }) {
        let (hash, item) = match entry {
            Answered::Own(number) => (own(*number).ok_or(RelayTrouble::Answer)?, Item::Own(*number)),
            Answered::Theirs(bytes) => open(&answer.scope, bytes)?,
        };
        cursor.position += 1;
        cursor.digest = cursor.digest.then(hash);
        items.push(item);
    }
    if let Some((position, digest)) = answer.until {
        (cursor.position, cursor.digest) = (position, digest);
    }
    cursor.is_first = is_first && answer.more;
    if !items.is_empty() {
        let Cursor { epoch, position, digest, .. } = cursor;
        let receipt = Receipt { scope: answer.scope.clone(), epoch, position, digest };
        let signature = answer.signature.ok_or(RelayTrouble::Receipt)?;
        if receipt.verify(relay, &signature).is_err() {
            // The digest covers everything before: here, or there, something else stands at an earlier position.
            return if other_log { Err(RelayTrouble::Receipt) } else { Ok(Page::Lost) };
        }
        cursor.receipt = Some(signature);
    }
    Ok(Page::News { restarted, cursor, items })
}

/// Returns the hash by which a log counts an entry.
pub(super) fn hash_of(scope: &ScopeId, bytes: &[u8]) -> Result<Digest, RelayTrouble> {
    open(scope, bytes).map(|(hash, _)| hash)
}

/// Reads an entry; returns with it the hash by which a log counts it.
pub(super) fn open(scope: &ScopeId, bytes: &[u8]) -> Result<(Digest, Item), RelayTrouble> {
    match Entry::decode(scope, bytes).map_err(|_| RelayTrouble::Answer)? {
        Entry::Certificate(certificate) => Ok((Entry::certificate_hash(&certificate), Item::Certificate(certificate))),
        Entry::Act(act) => Ok((act.hash(), Item::Act(act))),
        Entry::Later(later) => Ok((later.hash(), Item::Later(later.hash(), bytes.to_vec()))),
        Entry::Snapshot(snapshot) => {
            let changes = Change::open(&snapshot.payload).map_err(|_| RelayTrouble::Answer)?;
            let hashes: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
            Ok((snapshot.hash(&hashes), Item::Snapshot(snapshot, changes)))
        }
        Entry::Batch(batch) => {
            let changes = Change::open(&batch.payload).map_err(|_| RelayTrouble::Answer)?;
            let hashes: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
            Ok((batch.hash(&hashes), Item::Batch(batch, changes)))
        }
    }
}
