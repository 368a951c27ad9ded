//! What a later version wrote: kept as it came, counted for nothing and handed on, until an update understands it.
//!
//! An entry of an unknown kind, and one about a document of an unknown kind, is part of the log like any other: it is
//! counted into the digest, so that the cursor moves on and the rest of the scope is read.

use std::collections::{BTreeMap, BTreeSet};

use super::cursor::{self, Item};
use super::queue::Pending;
use super::status::Note;
use super::{After, Replica};
use crate::document::Change;
use crate::id::{Actor, Address, DocumentId, DocumentKind, ScopeId};
use crate::identity::batch::ChangeHash;
use crate::identity::{Batch, Digest, Entry, Payload, Snapshot, Vouch};
use crate::wire::Refusal;

const LATER_ROWS: &str = "later/";
/// The most bytes kept unread: several villages' quarters. Beyond, pages of a later version are not taken and the
/// cursor stays before them, so that nothing is lost and the disk of a phone that is never updated does not fill.
pub(super) const LATER_BYTES: usize = 16 * 1024 * 1024;

/// One entry that was kept unread.
#[derive(Debug)]
struct Unread {
    hash: Digest,
    /// The document that it is about, if it says so.
    address: Option<Address>,
    bytes: Vec<u8>,
}

/// Everything that was kept unread, in the order in which it came.
#[derive(Debug, Default)]
pub(super) struct Later {
    kept: BTreeMap<(ScopeId, u64), Unread>,
    known: BTreeSet<(ScopeId, Digest)>,
    bytes: usize,
    /// Rows of whole documents that a later version kept on this very disk before it was exchanged for this one.
    pub(super) aside: usize,
    /// Entries to be pushed again, since the relay lost its log.
    again: BTreeSet<(ScopeId, u64)>,
}

fn key((scope, place): &(ScopeId, u64)) -> String {
    format!("{LATER_ROWS}{scope}/{place:012}")
}

impl Later {
    /// Keeps an entry; returns its row unless it was kept before.
    fn keep(&mut self, scope: &ScopeId, hash: Digest, bytes: Vec<u8>) -> Option<(String, Vec<u8>)> {
        if self.known.contains(&(scope.clone(), hash)) {
            return None;
        }
        let last = self.kept.range((scope.clone(), 0)..=(scope.clone(), u64::MAX)).next_back();
        let place = (scope.clone(), last.map_or(1, |((_, place), _)| place + 1));
        let row = (key(&place), bytes.clone());
        self.insert(place, hash, bytes);
        Some(row)
    }

    fn insert(&mut self, place: (ScopeId, u64), hash: Digest, bytes: Vec<u8>) {
        let address = match Entry::decode(&place.0, &bytes) {
            Ok(Entry::Batch(batch)) => Some(batch.address),
            Ok(Entry::Snapshot(snapshot)) => Some(snapshot.address),
            _ => None,
        };
        self.bytes += bytes.len();
        self.known.insert((place.0.clone(), hash));
        self.kept.insert(place, Unread { hash, address, bytes });
    }

    fn remove(&mut self, place: &(ScopeId, u64)) -> Option<(String, Unread)> {
        let unread = self.kept.remove(place)?;
        self.bytes -= unread.bytes.len();
        self.known.remove(&(place.0.clone(), unread.hash));
        self.again.remove(place);
        Some((key(place), unread))
    }

    /// Reads a row back, without its key's beginning.
    fn load(&mut self, place: &str, value: &[u8]) -> Option<()> {
        let (scope, place) = place.rsplit_once('/')?;
        let place = (scope.parse().ok()?, place.parse().ok()?);
        let hash = cursor::hash_of(&place.0, value).ok()?;
        self.insert(place, hash, value.to_vec());
        Some(())
    }

    /// Returns how many entries, and rows of a later version, are kept.
    pub(super) fn count(&self) -> usize {
        self.kept.len() + self.aside
    }

    /// Tells whether so many bytes more may be kept.
    pub(super) fn has_room(&self, bytes: usize) -> bool {
        self.bytes.saturating_add(bytes) <= LATER_BYTES
    }

    /// Returns the documents of a scope of which something is kept.
    pub(super) fn documents(&self, scope: &ScopeId) -> BTreeSet<Address> {
        self.kept.iter().filter(|((of, _), _)| of == scope).filter_map(|(_, unread)| unread.address.clone()).collect()
    }

    /// Returns the changes kept of a document, none before one it rests on, with the signatures over them.
    pub(super) fn of(&self, address: &Address) -> (Vec<Change>, Vec<Vouch>) {
        let (mut changes, mut vouches, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        let of_document = self.kept.iter().filter(|(_, unread)| unread.address.as_ref() == Some(address));
        for ((scope, _), unread) in of_document {
            let (payload, mut signed) = match Entry::decode(scope, &unread.bytes) {
                Ok(Entry::Batch(Batch { device, number, signature, payload, .. })) => {
                    (payload, vec![Vouch { device, number, hashes: Vec::new(), signature }])
                }
                Ok(Entry::Snapshot(Snapshot { payload, vouches, .. })) => (payload, vouches),
                _ => continue,
            };
            let Ok(opened) = Change::open(&payload) else { continue };
            signed.iter_mut().filter(|vouch| vouch.hashes.is_empty()).for_each(|vouch| {
                vouch.hashes = opened.iter().map(Change::hash).collect();
            });
            vouches.extend(signed);
            changes.extend(opened.into_iter().filter(|change| seen.insert(change.hash())));
        }
        (changes, vouches)
    }

    /// Returns entries of unknown kinds that the relay may have lost, by their places.
    pub(super) fn again<'a>(&'a self, scope: &'a ScopeId) -> impl Iterator<Item = (u64, &'a [u8])> {
        let again = self.again.iter().filter(move |(of, _)| of == scope);
        again.filter_map(|place| Some((place.1, self.kept.get(place)?.bytes.as_slice())))
    }

    /// Notes that an entry was pushed and answered; whoever understands it says what becomes of it.
    pub(super) fn pushed(&mut self, scope: &ScopeId, place: u64) {
        self.again.remove(&(scope.clone(), place));
    }

    /// Asks for a scope's entries of unknown kinds to be pushed again. What is about a document is compared instead.
    pub(super) fn push_again(&mut self, scope: &ScopeId) {
        let unknown = self.kept.iter().filter(|((of, _), unread)| of == scope && unread.address.is_none());
        self.again.extend(unknown.map(|(place, _)| place.clone()));
    }
}

impl Replica {
    /// Makes a device of an earlier version, which gives documents of these kinds no meaning.
    ///
    /// So it can be played what a phone that was not updated makes of a later version's records.
    pub fn of_earlier(unknown: &[DocumentKind]) -> Self {
        Self { unknown: unknown.to_vec(), ..Self::new() }
    }

    /// Tells whether this version gives a document a meaning.
    pub(super) fn reads(&self, document: &DocumentId) -> bool {
        let kind = document.kind();
        kind != DocumentKind::Later && !self.unknown.contains(&kind)
    }

    /// Returns how many bytes of a page would be kept unread, at most.
    pub(super) fn unread_bytes(&self, items: &[Item]) -> usize {
        let size = |item: &Item| match item {
            Item::Later(_, bytes) => bytes.len(),
            Item::Batch(Batch { address, .. }, changes) | Item::Snapshot(Snapshot { address, .. }, changes)
                if !self.reads(&address.document) =>
            {
                changes.iter().map(|change| change.bytes().len()).sum()
            }
            _ => 0,
        };
        items.iter().map(size).sum()
    }

    /// Keeps what this version cannot read, and gives back what it can.
    ///
    /// Who may not write any more is held to it at once, since only here it is known what stood before.
    pub(super) fn keep_unread(&mut self, scope: &ScopeId, item: Item, write: &mut Pending<After>) -> Option<Item> {
        let (hash, bytes) = match item {
            Item::Later(hash, bytes) => (hash, bytes),
            Item::Batch(batch, changes) if !self.reads(&batch.address.document) => {
                let hashes: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
                if self.is_barred(&batch, &hashes) {
                    self.note(Note::BadBatch(batch.address, Refusal::Revoked));
                    return None;
                }
                let hash = batch.hash(&hashes);
                (hash, Entry::Batch(Batch { payload: lasting(batch.payload, &changes), ..batch }).encode())
            }
            Item::Snapshot(snapshot, changes) if !self.reads(&snapshot.address.document) => {
                let hashes: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
                let hash = snapshot.hash(&hashes);
                let payload = lasting(snapshot.payload, &changes);
                (hash, Entry::Snapshot(Snapshot { payload, ..snapshot }).encode())
            }
            item => return Some(item),
        };
        if let Some(row) = self.later.keep(scope, hash, bytes) {
            write.puts.push(row);
            self.changed = true;
        }
        None
    }

    /// Reads again what an earlier version kept unread, and takes up what this one understands.
    pub(super) fn take_up(&mut self) {
        let mut read: BTreeMap<ScopeId, (Vec<Item>, Vec<String>)> = BTreeMap::new();
        let places: Vec<(ScopeId, u64)> = self.later.kept.keys().cloned().collect();
        for place in places {
            let Some(unread) = self.later.kept.get(&place) else { continue };
            let is_unread = match (Entry::decode(&place.0, &unread.bytes), &unread.address) {
                (Ok(Entry::Later(_)) | Err(_), _) => true,
                (Ok(_), Some(address)) => !self.reads(&address.document),
                (Ok(_), None) => false,
            };
            if is_unread {
                continue;
            }
            let Some((key, unread)) = self.later.remove(&place) else { continue };
            let (items, rows) = read.entry(place.0.clone()).or_default();
            rows.push(key);
            items.extend(cursor::open(&place.0, &unread.bytes).ok().map(|(_, item)| item));
        }
        for (scope, (items, deletes)) in read {
            let mut write = Pending { deletes, ..Pending::default() };
            self.take_items(&scope, items, true, &mut write);
            self.finish_page(write);
        }
    }

    /// Reads a row of this file back; nothing comes back for another's.
    pub(super) fn load_later(&mut self, key: &str, value: &[u8]) -> Option<bool> {
        let place = key.strip_prefix(LATER_ROWS)?;
        Some(self.later.load(place, value).is_some())
    }

    /// Returns every change that is held of a document, by hash, writer and place in the writer's row.
    pub(super) fn history(&self, address: &Address) -> Vec<(ChangeHash, Option<Actor>, u64)> {
        match self.shelves.get(address) {
            Some(shelf) => shelf.document.history(),
            None => {
                let (changes, _) = self.later.of(address);
                changes.iter().map(|change| (change.hash(), change.actor(), change.seq())).collect()
            }
        }
    }
}

/// Returns changes as they may lie on disk: a bundle is for the wire alone, since its format may change.
fn lasting(payload: Payload, changes: &[Change]) -> Payload {
    match payload {
        Payload::Bundle(_) => Payload::pack(changes.iter().map(|change| change.bytes().to_vec()).collect()),
        Payload::Raw(_) | Payload::Deflated(_) => payload,
    }
}
