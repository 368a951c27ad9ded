//! Repair after the relay lost something: document by document it says how much of each writer it holds, and the phones
//! bring what it lacks.
//!
//! Own batches go as they are. What others wrote is theirs to bring, so for a while nothing is done about it; what the
//! relay then still lacks goes in attested snapshots, in whose making nobody but the writers has to be trusted.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::Replica;
use super::outbox::Header;
use super::queue::Pending;
use super::status::Note;
use crate::document::{Chains, Change};
use crate::id::{Actor, Address, DeviceNumber, DocumentId, ScopeId};
use crate::identity::batch::{ChangeHash, ENTRY_BYTES};
use crate::identity::snapshot::{SNAPSHOT_DEVICES, SNAPSHOT_VOUCHES};
use crate::identity::{Entry, Payload, Snapshot, Vouch};
use crate::time::Instant;
use crate::wire::{COMPARED, Holdings};

/// How long others are given to bring what they wrote: phones that are online come back within a minute.
const AUTHORS_FIRST_MILLIS: u64 = 90_000;
/// Phones of one village do not all bring the same at once; how far apart they are at most.
const SPREAD_MILLIS: u64 = 60_000;
/// The longest pause before a document that could not be repaired is looked at again.
const LAST_PAUSE_MILLIS: u64 = 24 * 3_600_000;

/// How far the repair of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing is known; own batches wait for the answer, as most of them will turn out to be there.
    Ask,
    /// Others may bring theirs until then; the count is of the times this phone has tried.
    Wait(Instant, u32),
    /// To be looked at again; what is lacked then is brought.
    Again(u32),
    /// Snapshots are ready to be sent.
    Bring(u32),
    /// To be looked at once more after that.
    Check(u32),
}

/// The documents under repair.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    stages: BTreeMap<Address, Stage>,
    /// What is ready to be sent of each, part by part.
    snapshots: BTreeMap<Address, VecDeque<Vec<u8>>>,
}

/// Returns the key of the row that says that a document has to be compared.
fn key(address: &Address) -> String {
    format!("repair/{address}")
}

impl Repairs {
    /// Begins a document's repair; returns the row that keeps this in mind.
    fn begin(&mut self, address: Address) -> (String, Vec<u8>) {
        let row = (key(&address), Vec::new());
        self.snapshots.remove(&address);
        self.stages.insert(address, Stage::Ask);
        row
    }

    /// Reads a row back, without its key's beginning.
    pub(super) fn load(&mut self, address: &str) -> Option<()> {
        self.stages.insert(address.parse().ok()?, Stage::Ask);
        Some(())
    }

    /// Tells whether nothing is under repair.
    pub(super) fn is_done(&self) -> bool {
        self.stages.is_empty()
    }

    /// Tells whether own batches of a document wait to hear which of them are needed.
    pub(super) fn holds_back(&self, address: &Address) -> bool {
        self.stages.get(address) == Some(&Stage::Ask)
    }

    /// Notes what time has made due; tells whether anything is.
    pub(super) fn wait_until(&mut self, now: Instant) -> bool {
        let mut due = false;
        for stage in self.stages.values_mut() {
            if let Stage::Wait(until, tries) = *stage
                && until <= now
            {
                *stage = Stage::Again(tries);
                due = true;
            }
        }
        due
    }

    /// Returns when a document is due next.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let due = |stage: &Stage| if let Stage::Wait(until, _) = stage { Some(*until) } else { None };
        self.stages.values().filter_map(due).min()
    }

    /// Returns the documents of a scope to ask about.
    pub(super) fn asked(&self, scope: &ScopeId) -> Vec<DocumentId> {
        let asked = |stage: &Stage| matches!(stage, Stage::Ask | Stage::Again(_) | Stage::Check(_));
        let due = self.stages.iter().filter(|(address, stage)| address.scope == *scope && asked(stage));
        due.map(|(address, _)| address.document.clone()).take(COMPARED).collect()
    }

    /// Returns a snapshot of a scope that is ready to be sent.
    pub(super) fn snapshot(&self, scope: &ScopeId) -> Option<(&Address, &Vec<u8>)> {
        let mut ready = self.snapshots.iter().filter(|(address, _)| address.scope == *scope);
        ready.find_map(|(address, parts)| Some((address, parts.front()?)))
    }

    /// Notes that a snapshot was sent and answered, whatever the answer: the next comparison tells.
    pub(super) fn sent(&mut self, address: &Address) {
        if let Some(parts) = self.snapshots.get_mut(address) {
            parts.pop_front();
            if !parts.is_empty() {
                return;
            }
        }
        self.snapshots.remove(address);
        if let Some(stage) = self.stages.get_mut(address)
            && let Stage::Bring(tries) = *stage
        {
            *stage = Stage::Check(tries);
        }
    }

    /// Lets own batches of a scope go whose documents the relay did not speak of, so that nothing waits for ever.
    pub(super) fn unanswered(&mut self, scope: &ScopeId) {
        let waiting = self.stages.iter_mut().filter(|(address, _)| address.scope == *scope);
        waiting.filter(|(_, stage)| **stage == Stage::Ask).for_each(|(_, stage)| *stage = Stage::Check(0));
    }
}

impl Replica {
    /// Begins the repair of every document of a scope.
    pub(super) fn repair(&mut self, scope: &ScopeId) -> Vec<(String, Vec<u8>)> {
        let addresses = self.shelves.keys().filter(|address| address.scope == *scope).cloned();
        let addresses: BTreeSet<Address> = addresses.chain(self.later.documents(scope)).collect();
        addresses.into_iter().map(|address| self.repairs.begin(address)).collect()
    }

    /// Tells whether something is being repaired that the relay had lost.
    pub fn is_repairing(&self) -> bool {
        !self.repairs.is_done()
    }

    /// Takes what the relay holds of a document; tells whether it was asked about.
    pub(super) fn compare(&mut self, scope: &ScopeId, holdings: &Holdings, now: Instant) -> bool {
        let address = Address { scope: scope.clone(), document: holdings.document.clone() };
        let Some(stage @ (Stage::Ask | Stage::Again(_) | Stage::Check(_))) = self.repairs.stages.get(&address).copied()
        else {
            return false;
        };
        let held: BTreeMap<[u8; 8], u64> = holdings.writers.iter().copied().collect();
        let lacks = |actor: &Actor, seq: u64| held.get(&actor.to_bytes()).is_none_or(|last| *last < seq);
        // What is there is not said to be there on these words: the log's receipts prove it, or the batch goes again.
        let history = self.history(&address).into_iter();
        let lacked: Vec<(ChangeHash, Actor)> =
            history.filter_map(|(hash, actor, seq)| Some((hash, actor.filter(|actor| lacks(actor, seq))?))).collect();
        let mut write = Pending::default();
        let own = self.identity.as_ref().map(|identity| identity.holder.device);
        let others = lacked.iter().filter(|(_, actor)| Some(actor.device) != own).count();
        let pause = |tries: u32| {
            let spread = own.map_or(0, |device| u64::from(device.0).wrapping_mul(7919) % SPREAD_MILLIS);
            let pause = AUTHORS_FIRST_MILLIS.saturating_mul(1 << tries.min(16)).min(LAST_PAUSE_MILLIS);
            Stage::Wait(now.plus_millis(pause + spread), tries)
        };
        let next = match stage {
            _ if others == 0 => None,
            // One that was sent and not taken is tried again after ever longer pauses.
            Stage::Again(tries) => {
                let parts = self.attest(&address, &lacked);
                if parts.is_empty() {
                    self.note(Note::NotBrought(address.clone(), others));
                    Some(pause(tries.saturating_add(1)))
                } else {
                    self.note(Note::Brought(address.clone(), others));
                    self.repairs.snapshots.insert(address.clone(), parts.into());
                    Some(Stage::Bring(tries.saturating_add(1)))
                }
            }
            Stage::Check(tries) => Some(pause(tries)),
            _ => Some(pause(0)),
        };
        match next {
            Some(next) => _ = self.repairs.stages.insert(address, next),
            None => {
                write.deletes.push(key(&address));
                self.repairs.stages.remove(&address);
            }
        }
        self.queue.push(write);
        true
    }

    /// Packs changes that the relay lacks, as far as their writers' signatures are here, in parts that each fit an entry.
    ///
    /// Each part rests on the parts before it alone, and is vouched for by signatures over its own changes. Nothing comes
    /// back where the first part would not fit.
    fn attest(&self, address: &Address, lacked: &[(ChangeHash, Actor)]) -> Vec<Vec<u8>> {
        let devices: BTreeSet<DeviceNumber> = lacked.iter().map(|(_, actor)| actor.device).collect();
        let (unread, mut vouches) = self.later.of(address);
        vouches.extend(self.vouches.of(address, &devices));
        let own = self.identity.as_ref().map(|identity| identity.holder.device);
        vouches.extend(self.outbox.of(address).filter_map(|header| {
            let Header { number, signature, .. } = *header;
            Some(Vouch { device: own?, number, hashes: header.hashes.clone(), signature })
        }));
        let mut left: Vec<Change> = match self.shelves.get(address) {
            Some(shelf) => lacked.iter().filter_map(|(hash, _)| shelf.document.change(hash).ok()).collect(),
            None => {
                let lacked: BTreeSet<ChangeHash> = lacked.iter().map(|(hash, _)| *hash).collect();
                unread.into_iter().filter(|change| lacked.contains(&change.hash())).collect()
            }
        };
        // What a revoked device added is refused, and with it would be everything that comes along.
        let past = self.trust.past(address, &vouches, &left);
        let mut parts = Vec::new();
        while let Some((part, brought)) = self.part(address, &left, &vouches, &past) {
            parts.push(part);
            left.retain(|change| !brought.contains(&change.hash()));
        }
        parts
    }

    /// Packs as many changes from the first on as fit an entry; returns them too.
    fn part(
        &self,
        address: &Address,
        left: &[Change],
        vouches: &[Vouch],
        past: &BTreeSet<ChangeHash>,
    ) -> Option<(Vec<u8>, BTreeSet<ChangeHash>)> {
        let mut count = left.len();
        while count > 0 {
            let brought = vouched(&left[..count], vouches, past);
            if brought.is_empty() {
                return None;
            }
            let mut vouches = Chains::of(&brought).sparing(vouches.to_vec());
            vouches.sort_by_key(|vouch| (vouch.device, vouch.number));
            let writers: BTreeSet<DeviceNumber> = vouches.iter().map(|vouch| vouch.device).collect();
            if writers.iter().any(|device| self.directory.get(*device).is_none()) {
                return None;
            }
            let certificates: Vec<_> =
                writers.iter().flat_map(|device| self.directory.certificates_of(*device).cloned()).collect();
            let is_small = certificates.len() <= SNAPSHOT_DEVICES && vouches.len() <= SNAPSHOT_VOUCHES;
            let payload = Payload::pack(brought.iter().map(|change| change.bytes().to_vec()).collect());
            let bytes = Entry::Snapshot(Snapshot { address: address.clone(), certificates, vouches, payload }).encode();
            if is_small && bytes.len() <= ENTRY_BYTES {
                return Some((bytes, brought.iter().map(Change::hash).collect()));
            }
            // Somewhat less than in proportion, as what comes first packs no better than the rest.
            count = (count.min(brought.len()) * ENTRY_BYTES / bytes.len().max(ENTRY_BYTES)).min(count - 1) * 7 / 8;
        }
        None
    }
}

/// Returns the changes for which some of these signatures vouch, that are not among those past a revocation, and that
/// rest on no others among them.
fn vouched(changes: &[Change], vouches: &[Vouch], past: &BTreeSet<ChangeHash>) -> Vec<Change> {
    let mut brought = changes.to_vec();
    // What rests on a change for which nobody vouches stays behind with it, and with that the signatures over it.
    loop {
        let vouched = Chains::of(&brought).vouched(vouches);
        let mut left: BTreeSet<ChangeHash> = BTreeSet::new();
        for change in &brought {
            if past.contains(&change.hash())
                || !vouched.contains(&change.hash())
                || change.dependencies().iter().any(|hash| left.contains(hash))
            {
                left.insert(change.hash());
            }
        }
        if left.is_empty() {
            return brought;
        }
        brought.retain(|change| !left.contains(&change.hash()));
    }
}
