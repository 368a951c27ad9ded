//! Documents on disk: an append-only journal, and snapshots that replace its rows only after they were read back.
//!
//! Rows merged into a snapshot stay until the next snapshot is proved, so that the generation before it and the
//! journal together always hold everything.

use std::collections::BTreeMap;

use crate::cbor::{DecodeError, Reader, Writer};
use crate::document::{Change, Document, DocumentError};
use crate::id::{Address, DocumentKind, FactId};
use crate::identity::batch::{BATCH_CHANGES, ChangeHash, EXPANDED_BYTES};

/// The journal rows of one document after which it is written whole.
pub(super) const SNAPSHOT_ROWS: usize = 64;
/// The changes in them after which it is: a page of a log brings many in one row, and reading them one by one at the
/// next start takes longer than reading the document.
const SNAPSHOT_CHANGES: usize = 512;
/// The longest address, in bytes.
const ADDRESS_BYTES: usize = 120;

/// Returns the key of a journal row; keys order as their numbers.
pub(super) fn journal_key(seq: u64) -> String {
    format!("journal/{seq:012}")
}

/// Returns the key of a snapshot.
pub(super) fn snapshot_key(address: &Address, generation: u32) -> String {
    format!("snapshot/{address}/{generation:08}")
}

/// Packs changes of one document for the journal.
pub(super) fn pack_row(address: &Address, changes: &[Change]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.array(2).text(&address.to_string()).array(changes.len());
    for change in changes {
        writer.bytes(change.bytes());
    }
    writer.finish()
}

/// Reads a journal row.
pub(super) fn read_row(bytes: &[u8]) -> Result<(Address, Vec<Change>), DecodeError> {
    let mut reader = Reader::new(bytes);
    reader.array(2)?;
    let address = reader.parsed(ADDRESS_BYTES)?;
    let mut changes = Vec::new();
    // A page of the log may bring several batches of one document in one row.
    for _ in 0..reader.list(BATCH_CHANGES * 16)? {
        changes.push(Change::read(reader.bytes(EXPANDED_BYTES)?)?);
    }
    reader.end()?;
    Ok((address, changes))
}

/// A document and the rows in which it lies on disk.
#[derive(Debug)]
pub(super) struct Shelf {
    pub document: Document,
    /// The changes that this device made, in an order in which none stands before one it rests on.
    pub own: Vec<ChangeHash>,
    /// The changes that hold this device's facts, by number.
    pub numbers: BTreeMap<FactId, ChangeHash>,
    /// Rows that no proved snapshot holds, with the changes in each.
    rows: BTreeMap<u64, usize>,
    /// Rows that the newest proved snapshot holds, kept until the next one is proved.
    merged: Vec<u64>,
    /// The newest proved snapshot; 0 is none.
    generation: u32,
    /// Generations before it that lie on disk: one, and after a crash perhaps more.
    older: Vec<u32>,
    /// A snapshot that is being written and read back.
    proving: Option<Proving>,
}

#[derive(Debug)]
struct Proving {
    generation: u32,
    up_to: u64,
    heads: Vec<ChangeHash>,
}

impl Shelf {
    pub(super) fn new(address: &Address) -> Result<Self, DocumentError> {
        Ok(Self::of(Document::genesis(address.document.kind())?))
    }

    fn of(document: Document) -> Self {
        Self {
            document,
            own: Vec::new(),
            numbers: BTreeMap::new(),
            rows: BTreeMap::new(),
            merged: Vec::new(),
            generation: 0,
            older: Vec::new(),
            proving: None,
        }
    }

    /// Notes that a journal row holds so many changes of this document.
    pub(super) fn journalled(&mut self, seq: u64, changes: usize) {
        self.rows.insert(seq, changes);
    }

    /// Returns the snapshot row to write, if so many rows have gathered that it is time.
    pub(super) fn snapshot(&mut self, address: &Address) -> Option<(String, Vec<u8>)> {
        let is_long = self.rows.len() >= SNAPSHOT_ROWS || self.rows.values().sum::<usize>() >= SNAPSHOT_CHANGES;
        // A change that waits for another lies in the journal alone.
        if self.proving.is_some() || !is_long || self.document.has_waiting() {
            return None;
        }
        let (generation, up_to) = (self.generation + 1, *self.rows.last_key_value()?.0);
        self.proving = Some(Proving { generation, up_to, heads: self.document.heads() });
        let mut writer = Writer::new();
        writer.array(2).uint(up_to).bytes(&self.document.save());
        Some((snapshot_key(address, generation), writer.finish()))
    }

    /// Returns the key under which a snapshot waits to be read back.
    pub(super) fn proving_key(&self, address: &Address) -> Option<String> {
        self.proving.as_ref().map(|proving| snapshot_key(address, proving.generation))
    }

    /// Compares a snapshot read back with what was written; returns the keys that it makes superfluous.
    ///
    /// A snapshot that does not hold what it should is an error, and nothing is deleted.
    pub(super) fn prove(&mut self, address: &Address, read: Option<&[u8]>) -> Result<Vec<String>, DocumentError> {
        let Some(proving) = self.proving.take() else { return Ok(Vec::new()) };
        let (up_to, document) =
            read.and_then(|bytes| read_snapshot(address, bytes).ok()).ok_or(DocumentError::Bytes)?;
        if up_to != proving.up_to || document.heads() != proving.heads {
            return Err(DocumentError::Bytes);
        }
        let mut superfluous: Vec<String> = self.merged.drain(..).map(journal_key).collect();
        superfluous.extend(self.older.drain(..).map(|generation| snapshot_key(address, generation)));
        if self.generation > 0 {
            self.older.push(self.generation);
        }
        let later = self.rows.split_off(&(up_to + 1));
        self.merged = std::mem::replace(&mut self.rows, later).into_keys().collect();
        self.generation = proving.generation;
        Ok(superfluous)
    }
}

fn read_snapshot(address: &Address, bytes: &[u8]) -> Result<(u64, Document), DocumentError> {
    let mut reader = Reader::new(bytes);
    let read = (|| {
        reader.array(2)?;
        Ok::<_, DecodeError>((reader.uint()?, reader.bytes(bytes.len())?))
    })();
    let (up_to, saved) = read.map_err(|_| DocumentError::Bytes)?;
    Ok((up_to, Document::load(address.document.kind(), saved)?))
}

/// Collects the rows of documents, in any order, and puts the documents together.
#[derive(Debug, Default)]
pub(super) struct Loading {
    snapshots: BTreeMap<Address, BTreeMap<u32, Vec<u8>>>,
    rows: BTreeMap<Address, BTreeMap<u64, Vec<Change>>>,
    /// Rows of documents of a later version, which are left where they lie.
    pub later: usize,
    /// The number of the last journal row.
    pub last: u64,
}

impl Loading {
    /// Passes over a row without reading it; the number of a journal's row is used, so that none is written over it.
    pub(super) fn pass(&mut self, key: &str) {
        let seq = key.strip_prefix("journal/").and_then(|seq| seq.parse().ok());
        self.last = self.last.max(seq.unwrap_or(0));
    }

    /// Takes a row if it is a journal's or a snapshot's; tells whether its bytes make sense.
    pub(super) fn take(&mut self, key: &str, value: &[u8]) -> Option<bool> {
        if let Some(seq) = key.strip_prefix("journal/") {
            self.pass(key);
            let (Ok(seq), Ok((address, changes))) = (seq.parse(), read_row(value)) else { return Some(false) };
            if address.document.kind() == DocumentKind::Later {
                self.later += 1;
                return Some(true);
            }
            self.rows.entry(address).or_default().insert(seq, changes);
            return Some(true);
        }
        let (address, generation) = key.strip_prefix("snapshot/")?.rsplit_once('/')?;
        let (Ok(address), Ok(generation)) = (address.parse::<Address>(), generation.parse()) else {
            return Some(false);
        };
        if address.document.kind() == DocumentKind::Later {
            self.later += 1;
            return Some(true);
        }
        self.snapshots.entry(address).or_default().insert(generation, value.to_vec());
        Some(true)
    }

    /// Returns every document, and the addresses where a snapshot could not be read.
    ///
    /// A torn snapshot costs nothing: the generation before it and the journal hold the same.
    pub(super) fn finish(mut self) -> Result<(BTreeMap<Address, Shelf>, Vec<Address>), DocumentError> {
        let mut shelves = BTreeMap::new();
        let mut bad = Vec::new();
        let addresses: Vec<Address> = self.snapshots.keys().chain(self.rows.keys()).cloned().collect();
        for address in addresses {
            if shelves.contains_key(&address) {
                continue;
            }
            let mut shelf = None;
            let mut up_to = 0;
            let mut snapshots = self.snapshots.remove(&address).unwrap_or_default();
            while let Some((generation, bytes)) = snapshots.pop_last() {
                match read_snapshot(&address, &bytes) {
                    Ok((last, document)) => {
                        up_to = last;
                        let older = snapshots.into_keys().collect();
                        shelf = Some(Shelf { generation, older, ..Shelf::of(document) });
                        break;
                    }
                    Err(_) => bad.push(address.clone()),
                }
            }
            let mut shelf = match shelf {
                Some(shelf) => shelf,
                None => Shelf::new(&address)?,
            };
            let rows = self.rows.remove(&address).unwrap_or_default();
            let changes: Vec<Change> = rows.values().flatten().cloned().collect();
            shelf.document.apply(&changes);
            shelf.merged = rows.keys().take_while(|row| **row <= up_to).copied().collect();
            shelf.rows = rows.range(up_to + 1..).map(|(row, changes)| (*row, changes.len())).collect();
            shelves.insert(address, shelf);
        }
        Ok((shelves, bad))
    }
}
