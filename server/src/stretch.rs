//! A stretch of a log for a phone that reads it for the first time: one snapshot per document instead of its batches.
//!
//! Changes pack far better together than batch by batch, and of each writer's signatures one is enough. Nothing is
//! kept in memory beyond a few stretches that are asked for again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use shared::attestation::Stretch;
use shared::document::{Change, Document};
use shared::id::{Address, ScopeId};
use shared::identity::batch::ChangeHash;
use shared::identity::{Digest, Entry, Payload, Snapshot};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::error::LogError;
use crate::log::{Kept, Log};

/// The fewest entries for which a stretch is made: below, the batches themselves are as short.
const FEWEST_ENTRIES: usize = 32;
/// The changes at which a stretch ends: packed they come to about one page, so that a cut costs no more than that.
const STRETCH_CHANGES: usize = 1200;
/// The bytes of entries at which a stretch ends, so that making one takes little memory.
const STRETCH_BYTES: usize = 1024 * 1024;
/// Entries read at once.
const READ_ENTRIES: usize = 256;
/// How many stretches are made at once; whoever comes meanwhile gets the batches themselves.
const MAKERS: usize = 1;
/// The most bytes of stretches kept for the next who asks, as when a village's phones enrol one after the other.
const KEPT_BYTES: usize = 4 * 1024 * 1024;

/// What stands for a part of a log.
#[derive(Clone, Debug)]
pub struct Made {
    /// The position after it.
    pub to: u64,
    /// The digest there.
    pub digest: Digest,
    /// Certificates and snapshots.
    pub entries: Vec<Vec<u8>>,
}

/// Makes stretches, a few at a time, and keeps some.
#[derive(Debug)]
pub struct Stretches {
    makers: Semaphore,
    kept: Mutex<BTreeMap<(ScopeId, u64), Made>>,
}

impl Default for Stretches {
    fn default() -> Self {
        Self { makers: Semaphore::new(MAKERS), kept: Mutex::default() }
    }
}

impl Stretches {
    /// Returns a stretch that begins after a position, or nothing where the batches themselves should be given.
    pub async fn make(&self, log: &Log, scope: &ScopeId, from: u64) -> Result<Option<Made>, LogError> {
        let place = (scope.clone(), from);
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&place).cloned();
        if kept.is_some() {
            return Ok(kept);
        }
        let Ok(_maker) = self.makers.try_acquire() else { return Ok(None) };
        let (taken, is_full) = take(log, scope, from).await?;
        let Some(last) = taken.last().filter(|_| taken.len() >= FEWEST_ENTRIES) else { return Ok(None) };
        let (to, digest) = (last.position, last.digest);
        let before = if from > 0 { earlier(log, scope, from).await? } else { Vec::new() };
        let of = scope.clone();
        // Packing takes the processor, not the network: it goes where nothing waits behind it.
        let entries = spawn_blocking(move || pack(&of, &before, &taken)).await.map_err(|_| LogError::NotKept)?;
        let made = entries.map(|entries| Made { to, digest, entries });
        // One that ends with the log is soon another.
        if let Some(made) = made.as_ref().filter(|_| is_full) {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.insert(place, made.clone());
            let size = |made: &Made| made.entries.iter().map(Vec::len).sum::<usize>();
            while kept.values().map(size).sum::<usize>() > KEPT_BYTES {
                kept.pop_first();
            }
        }
        Ok(made)
    }

    /// Forgets everything, as positions mean something else in another epoch.
    pub fn clear(&self) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Reads the entries of a stretch; tells whether it ended before the log did.
async fn take(log: &Log, scope: &ScopeId, from: u64) -> Result<(Vec<Kept>, bool), LogError> {
    let (mut taken, mut bytes, mut changes) = (Vec::new(), 0, 0);
    let mut position = from;
    loop {
        let page = log.entries(scope, position, READ_ENTRIES).await?;
        if page.is_empty() {
            return Ok((taken, false));
        }
        for kept in page {
            // A decision and a renewed certificate count from where they stand, so that no stretch reaches over one; nor
            // over what is of a later version, whose own stretches may hold it.
            let counts_from_here = match Entry::decode(scope, &kept.bytes) {
                Ok(Entry::Act(_) | Entry::Later(_)) => true,
                Ok(Entry::Certificate(certificate)) => certificate.claimed().is_ok_and(|grant| grant.renewal > 0),
                _ => false,
            };
            if counts_from_here || bytes > STRETCH_BYTES || changes >= STRETCH_CHANGES {
                return Ok((taken, true));
            }
            bytes += kept.bytes.len();
            changes += count(scope, &kept);
            position = kept.position;
            taken.push(kept);
        }
    }
}

fn count(scope: &ScopeId, kept: &Kept) -> usize {
    match Entry::decode(scope, &kept.bytes) {
        Ok(Entry::Batch(batch)) => Change::open(&batch.payload).map_or(0, |changes| changes.len()),
        Ok(Entry::Snapshot(snapshot)) => Change::open(&snapshot.payload).map_or(0, |changes| changes.len()),
        Ok(Entry::Certificate(_) | Entry::Act(_) | Entry::Later(_)) | Err(_) => 0,
    }
}

/// Reads everything before a position: what is packed together has to be put into the document it belongs to.
async fn earlier(log: &Log, scope: &ScopeId, from: u64) -> Result<Vec<Kept>, LogError> {
    let (mut before, mut position) = (Vec::new(), 0);
    while position < from {
        let page = log.entries(scope, position, READ_ENTRIES).await?;
        let Some(last) = page.last() else { break };
        position = last.position;
        before.extend(page.into_iter().filter(|kept| kept.position <= from));
    }
    Ok(before)
}

/// Packs a stretch; nothing comes back where an entry cannot be read or the result would be larger than the batches.
fn pack(scope: &ScopeId, before: &[Kept], taken: &[Kept]) -> Option<Vec<Vec<u8>>> {
    let mut stretch = Stretch::default();
    for kept in taken {
        stretch.add(Entry::decode(scope, &kept.bytes).ok()?).ok()?;
    }
    let wanted: BTreeSet<Address> = stretch.documents().map(|(address, _)| address.clone()).collect();
    let mut documents: BTreeMap<Address, Vec<Change>> = BTreeMap::new();
    for kept in before {
        let (address, payload) = match Entry::decode(scope, &kept.bytes).ok()? {
            Entry::Batch(batch) => (batch.address, batch.payload),
            Entry::Snapshot(Snapshot { address, payload, .. }) => (address, payload),
            Entry::Certificate(_) | Entry::Act(_) | Entry::Later(_) => continue,
        };
        if wanted.contains(&address) {
            documents.entry(address).or_default().extend(Change::open(&payload).ok()?);
        }
    }
    let entries = stretch.entries(|address, changes| {
        let bundled = bundle(address, documents.remove(address).unwrap_or_default(), changes);
        bundled.unwrap_or_else(|| Payload::pack(changes.iter().map(|change| change.bytes().to_vec()).collect()))
    });
    let entries: Vec<Vec<u8>> = entries.iter().map(Entry::encode).collect();
    let size = |entries: &[Vec<u8>]| entries.iter().map(Vec::len).sum::<usize>();
    (size(&entries) < taken.iter().map(|kept| kept.bytes.len()).sum()).then_some(entries)
}

fn bundle(address: &Address, before: Vec<Change>, changes: &[Change]) -> Option<Payload> {
    let mut document = Document::genesis(address.document.kind()).ok()?;
    document.apply(&before);
    document.apply(changes);
    let hashes: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
    document.pack(&hashes).ok().map(|(_, payload)| payload)
}
