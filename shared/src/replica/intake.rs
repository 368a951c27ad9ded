//! What is made of a page of the relay's log: certificates met, batches checked, documents and cursor moved at once.

use std::collections::{BTreeMap, BTreeSet};

use super::cursor::{Cursor, Item};
use super::directory::{Directory, Met, Reach};
use super::enrolment::Identity;
use super::journal::{Shelf, journal_key, pack_row};
use super::outbox::Header;
use super::queue::Pending;
use super::status::Note;
use super::{After, Replica};
use crate::access;
use crate::attestation;
use crate::document::Change;
use crate::id::{Address, DeviceNumber, ScopeId};
use crate::identity::batch::{BATCH_CHANGES, ChangeHash, EXPANDED_BYTES};
use crate::identity::{Batch, Certificate, Signature, Snapshot, Vouch};
use crate::wire::{DOCUMENT_CHANGES, Refusal};

/// The most changes kept as evidence from one page: one proves a fork, a hundred prove no more.
const EVIDENCE_ROWS: usize = 8;

/// Returns the key of a change that claims another's place in its writer's history.
fn evidence_key(address: &Address, hash: &ChangeHash) -> String {
    let name: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("evidence/{address}/{name}")
}

/// Returns how far each writer of a device has come in these documents, with changes that are about to be applied.
fn reach<'a>(
    device: DeviceNumber,
    shelves: impl Iterator<Item = (&'a Address, &'a Shelf)>,
    changes: &BTreeMap<Address, Vec<Change>>,
) -> Reach {
    let held = shelves.flat_map(|(address, shelf)| {
        let history = shelf.document.history().into_iter();
        history.filter_map(|(_, actor, seq)| Some((address.document.clone(), actor?, seq)))
    });
    let coming = changes.iter().flat_map(|(address, changes)| {
        changes.iter().filter_map(|change| Some((address.document.clone(), change.actor()?, change.seq())))
    });
    let mut reach = Reach::new();
    for (document, actor, seq) in held.chain(coming).filter(|(_, actor, _)| actor.device == device) {
        let last = reach.entry((document, actor)).or_default();
        *last = seq.max(*last);
    }
    reach
}

impl Replica {
    /// Takes the entries of a page and moves the cursor, in one write.
    pub(super) fn take_page(&mut self, scope: &ScopeId, restarted: bool, cursor: Cursor, items: Vec<Item>) {
        let mut write = Pending::default();
        if restarted {
            write.puts.extend(self.outbox.doubt(scope));
            write.puts.extend(self.repair(scope));
            self.later.push_again(scope);
            self.note(Note::RelayLost);
            self.retell(scope, &mut write);
        }
        self.take_items(scope, items, false, &mut write);
        self.cursors.insert(scope.clone(), cursor);
        write.puts.push((Cursor::key(scope), cursor.pack()));
        self.finish_page(write);
    }

    /// Takes entries of a scope's log; `again` are those that were kept unread, where a revocation stands behind them.
    pub(super) fn take_items(&mut self, scope: &ScopeId, items: Vec<Item>, again: bool, write: &mut Pending<After>) {
        let mut changes: BTreeMap<Address, Vec<Change>> = BTreeMap::new();
        let mut touched = BTreeSet::new();
        for item in items {
            let Some(item) = self.keep_unread(scope, item, write) else { continue };
            match item {
                Item::Later(..) => {}
                Item::Own(number) => write.puts.extend(self.outbox.acknowledge(scope, number)),
                Item::Certificate(certificate) => {
                    self.retelling.told(scope, &certificate.name(), write);
                    if self.meet(scope, &certificate, &changes, write) {
                        touched.extend(self.shelves.keys().filter(|address| address.scope == *scope).cloned());
                    }
                }
                Item::Act(act) => self.take_act(scope, act, write),
                Item::Snapshot(snapshot, brought) => {
                    let address = snapshot.address.clone();
                    match self.take_snapshot(snapshot, &brought, write) {
                        Ok(()) => changes.entry(address).or_default().extend(brought),
                        Err(reason) => self.note(Note::BadBatch(address, reason)),
                    }
                }
                Item::Batch(batch, batch_changes) => {
                    let address = batch.address.clone();
                    match self.take_batch(batch, &batch_changes, again, write) {
                        Ok(()) => changes.entry(address).or_default().extend(batch_changes),
                        Err(reason) => self.note(Note::BadBatch(address, reason)),
                    }
                }
            }
        }
        for (address, changes) in changes {
            if self.apply(&address, &changes, write) {
                touched.insert(address);
            }
        }
        self.say_what_stood(scope, write);
        self.reread(touched);
    }

    /// Writes what was taken, and does what follows from it.
    pub(super) fn finish_page(&mut self, mut write: Pending<After>) {
        if std::mem::take(&mut self.was_rolled_back) {
            self.skip_ahead(&mut write);
            self.note(Note::RolledBack);
        }
        self.queue.push(write);
        self.tell_apart();
        self.snapshot();
    }

    /// Takes in a certificate from the log; tells whether it is new.
    ///
    /// `changes` are those of the page that stand before it and are not applied yet.
    fn meet(
        &mut self,
        scope: &ScopeId,
        certificate: &Certificate,
        changes: &BTreeMap<Address, Vec<Change>>,
        write: &mut Pending<After>,
    ) -> bool {
        if self.comes_too_late(scope, certificate, write) {
            self.note(Note::BadCertificate);
            return false;
        }
        let Some(Identity { authority, .. }) = &self.identity else { return false };
        let met = self.directory.meet(certificate, authority);
        match met {
            Met::New => write.puts.extend(Directory::row(certificate)),
            Met::Known => {}
            Met::Refused => {
                self.note(Note::BadCertificate);
                return false;
            }
        }
        let renewed = certificate.claimed().ok().and_then(|grant| {
            let of_scope = self.shelves.iter().filter(|(address, _)| address.scope == *scope);
            let reach = || reach(grant.device, of_scope, changes);
            self.directory.renew(scope, (grant.device, grant.renewal), reach)
        });
        let is_renewed = renewed.is_some();
        write.puts.extend(renewed);
        if met == Met::New {
            self.names_changed();
        }
        met == Met::New || is_renewed
    }

    /// Checks a batch as the relay did, cheapest first. Own ones come back after a rollback of storage.
    fn take_batch(
        &mut self,
        batch: Batch,
        changes: &[Change],
        again: bool,
        write: &mut Pending<After>,
    ) -> Result<(), Refusal> {
        let hashes: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
        if !again && self.is_barred(&batch, &hashes) {
            return Err(Refusal::Revoked);
        }
        let accepted = self.trust.accepted(|| batch.hash(&hashes));
        let holder = accepted.or_else(|| self.directory.in_force(&batch.address.scope, batch.device));
        let holder = holder.ok_or(Refusal::Certificate)?;
        let Address { scope, document } = &batch.address;
        if batch.device != holder.device || !access::may_write(holder, scope, document.kind()) {
            return Err(Refusal::MayNotWrite);
        }
        let size: usize = changes.iter().map(|change| change.bytes().len()).sum();
        if size > EXPANDED_BYTES || changes.len() > BATCH_CHANGES || self.overflows(&batch.address, changes) {
            return Err(Refusal::TooLarge);
        }
        if changes.is_empty() {
            return Err(Refusal::Envelope);
        }
        if !changes.iter().all(|change| change.actor().is_some_and(|actor| actor.device == batch.device)) {
            return Err(Refusal::ForeignActor);
        }
        if !changes.iter().all(|change| access::is_in_force(holder, change.at())) {
            return Err(Refusal::Certificate);
        }
        batch.verify(&holder.key, &hashes).map_err(|_| Refusal::Signature)?;
        let key = holder.key;
        let ahead = self.read_at.plus_millis(access::CLOCK_MILLIS);
        if changes.iter().any(|change| change.at() > ahead) {
            self.note(Note::WrongClock(batch.address.clone(), batch.device));
        }
        self.see(batch.device, batch.number, write);
        if self.directory.get(batch.device).is_none_or(|known| known.key != key) {
            // A second use that was accepted: its numbers are another's, and its key vouches for this batch alone.
            self.outbox.brought(&hashes);
            return Ok(());
        }
        if self.identity.as_ref().is_some_and(|identity| identity.holder.device == batch.device) {
            let Batch { address, number, signature, .. } = batch;
            // A header lies on disk before its batch is sent: one that is not there was there once.
            self.was_rolled_back |= self.own_came_back(&address, number, hashes, signature, write);
        } else {
            let Batch { address, device, number, signature, .. } = batch;
            let vouch = Vouch { device, number, hashes, signature };
            self.keep_vouch(&address, &vouch, changes, write);
        }
        Ok(())
    }

    /// Keeps a signature, so that the changes can be handed on.
    ///
    /// What was accepted comes back with the office's verdict, and until then a signature over it would keep back what
    /// stood before it.
    fn keep_vouch(&mut self, address: &Address, vouch: &Vouch, changes: &[Change], write: &mut Pending<After>) {
        if self.trust.accepted(|| vouch.hash(address)).is_none() {
            write.puts.extend(self.vouches.insert(address, vouch, changes));
        }
    }

    /// Tells whether a batch stands behind a revocation of its device, was not accepted and was not here before.
    pub(super) fn is_barred(&self, batch: &Batch, hashes: &[ChangeHash]) -> bool {
        let shelf = self.shelves.get(&batch.address);
        let is_here = shelf.is_some_and(|shelf| hashes.iter().all(|hash| shelf.document.holds(hash)));
        let is_accepted = self.trust.accepted(|| batch.hash(hashes)).is_some();
        !is_accepted && !is_here && self.trust.bars(&batch.address.scope, batch.device)
    }

    /// Keeps the header of an own batch that the log has; tells whether it was not known. Another batch of the same
    /// number, begun after a rollback, is dissolved: its changes go under the next number.
    fn own_came_back(
        &mut self,
        address: &Address,
        number: u32,
        hashes: Vec<ChangeHash>,
        signature: Signature,
        write: &mut Pending<After>,
    ) -> bool {
        let known = self.outbox.get(&address.scope, number).map(|known| known.signature);
        if known.is_some_and(|known| known != signature) {
            write.deletes.extend(self.outbox.dissolve(&address.scope, number));
        }
        let header = Header { address: address.clone(), number, hashes, signature, at_township: true };
        write.puts.push((header.key(), header.pack()));
        self.outbox.insert(header);
        known != Some(signature)
    }

    /// Checks a snapshot as the relay did, and keeps the signatures in it.
    fn take_snapshot(
        &mut self,
        snapshot: Snapshot,
        changes: &[Change],
        write: &mut Pending<After>,
    ) -> Result<(), Refusal> {
        if self.overflows(&snapshot.address, changes) {
            return Err(Refusal::TooLarge);
        }
        let holder = |device| self.directory.who_may(&snapshot.address, device);
        let writers = attestation::check(&snapshot, changes, holder)?;
        let past = self.trust.past(&snapshot.address, &snapshot.vouches, changes);
        let document = self.shelves.get(&snapshot.address).map(|shelf| &shelf.document);
        if past.iter().any(|hash| !document.is_some_and(|document| document.holds(hash))) {
            return Err(Refusal::Revoked);
        }
        let own = self.identity.as_ref().map(|identity| identity.holder.device);
        let Snapshot { address, vouches, .. } = snapshot;
        let mine = changes.iter().zip(&writers).filter(|(_, writer)| Some(writer.device) == own);
        let mine: Vec<ChangeHash> = mine.map(|(change, _)| change.hash()).collect();
        let shelf = self.shelves.get(&address);
        let is_here = |hash| shelf.is_some_and(|shelf| shelf.document.holds(hash));
        self.was_rolled_back |= !mine.iter().all(is_here);
        for vouch in vouches {
            if Some(vouch.device) != own {
                self.keep_vouch(&address, &vouch, changes, write);
            } else {
                let Vouch { number, hashes, signature, .. } = vouch;
                self.own_came_back(&address, number, hashes, signature, write);
            }
        }
        self.outbox.brought(&mine);
        let there = mine.into_iter().collect();
        write.puts.extend(self.outbox.cover(&address, &there));
        Ok(())
    }

    /// Tells whether a document would hold more changes than it may.
    fn overflows(&self, address: &Address, changes: &[Change]) -> bool {
        let Some(Shelf { document, own, .. }) = self.shelves.get(address) else { return false };
        let fresh = || changes.iter().filter(|change| !document.holds(&change.hash())).count() as u64;
        // What this device has not sent is no part of the log, whose entries are the same for every device.
        let unsent = || own.iter().filter(|hash| !self.outbox.is_at_township(hash)).count() as u64;
        document.changes().saturating_add(changes.len() as u64) > DOCUMENT_CHANGES
            && document.changes().saturating_add(fresh()) > DOCUMENT_CHANGES.saturating_add(unsent())
    }

    /// Applies changes to a document and journals them; tells whether the document is another than before.
    fn apply(&mut self, address: &Address, changes: &[Change], write: &mut Pending<After>) -> bool {
        let Some(shelf) = self.shelf(address) else {
            self.note(Note::BadDocument(address.clone()));
            return false;
        };
        let fresh: Vec<Change> =
            changes.iter().filter(|change| !shelf.document.holds(&change.hash())).cloned().collect();
        if fresh.is_empty() {
            return false;
        }
        let applied = shelf.document.apply(&fresh);
        self.last_row += 1;
        let row = (journal_key(self.last_row), pack_row(address, &fresh));
        let (last_row, device) = (self.last_row, self.identity.as_ref().map(|identity| identity.holder.device));
        if let Some(shelf) = self.shelves.get_mut(address) {
            shelf.journalled(last_row, fresh.len());
            let own = fresh.iter().filter(|change| change.actor().map(|actor| actor.device) == device);
            shelf.own.extend(own.map(Change::hash));
        }
        write.puts.push(row);
        if !applied.waiting.is_empty() {
            // Kept in the document, where they count for nothing until what they rest on has come.
            self.note(Note::BadBatch(address.clone(), Refusal::MissingDependency));
        }
        if !applied.refused.is_empty() {
            self.note(Note::BadBatch(address.clone(), Refusal::Envelope));
        }
        if !applied.forked.is_empty() {
            self.note(Note::ForkedHistory(address.clone()));
            let forked = fresh.iter().filter(|change| applied.forked.contains(&change.hash()));
            // The other of the two is part of the document: together they prove what the writer did.
            let rows = forked.map(|change| (evidence_key(address, &change.hash()), change.bytes().to_vec()));
            write.puts.extend(rows.take(EVIDENCE_ROWS));
        }
        applied.changed
    }
}
