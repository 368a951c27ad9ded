//! What is made of a page of the relay's log: certificates met, batches checked, documents and cursor moved at once.

use std::collections::{BTreeMap, BTreeSet};

use super::cursor::{Cursor, Item};
use super::directory::{Directory, Met};
use super::enrolment::Identity;
use super::journal::{journal_key, pack_row};
use super::outbox::Header;
use super::queue::Pending;
use super::status::Note;
use super::{After, Replica};
use crate::access;
use crate::document::Change;
use crate::id::{Address, ScopeId};
use crate::identity::batch::ChangeHash;
use crate::identity::{Batch, Certificate};

impl Replica {
    /// Takes the entries of a page and moves the cursor, in one write.
    pub(super) fn take_page(&mut self, scope: &ScopeId, restarted: bool, cursor: Cursor, items: Vec<Item>) {
        let mut write = Pending::default();
        if restarted {
            write.puts.extend(self.outbox.doubt(scope));
        }
        let mut changes: BTreeMap<Address, Vec<Change>> = BTreeMap::new();
        let mut touched = BTreeSet::new();
        for item in items {
            match item {
                Item::Own(number) => write.puts.extend(self.outbox.acknowledge(scope, number)),
                Item::Certificate(certificate) => {
                    if self.meet(&certificate, &mut write) {
                        touched.extend(self.shelves.keys().filter(|address| address.scope == *scope).cloned());
                    }
                }
                Item::Batch(batch, batch_changes) => {
                    let address = batch.address.clone();
                    if self.take_batch(batch, &batch_changes, &mut write) {
                        changes.entry(address).or_default().extend(batch_changes);
                    } else {
                        self.note(Note::BadBatch(address));
                    }
                }
            }
        }
        for (address, changes) in changes {
            if self.apply(&address, &changes, &mut write) {
                touched.insert(address);
            }
        }
        self.cursors.insert(scope.clone(), cursor);
        write.puts.push((Cursor::key(scope), cursor.pack()));
        self.reread(touched);
        if std::mem::take(&mut self.was_rolled_back) {
            self.skip_ahead(&mut write);
            self.note(Note::RolledBack);
        }
        self.queue.push(write);
        self.tell_apart();
        self.snapshot();
    }

    /// Takes in a certificate from the log; tells whether it is new.
    fn meet(&mut self, certificate: &Certificate, write: &mut Pending<After>) -> bool {
        let Some(Identity { authority, .. }) = &self.identity else { return false };
        match self.directory.meet(certificate, authority) {
            Met::New => write.puts.extend(Directory::row(certificate)),
            Met::Known => return false,
            Met::Refused => {
                self.note(Note::BadCertificate);
                return false;
            }
        }
        self.names_changed();
        true
    }

    /// Checks a batch as the relay did: signature, writers, role. Own ones come back after a rollback of storage.
    fn take_batch(&mut self, batch: Batch, changes: &[Change], write: &mut Pending<After>) -> bool {
        let Some(holder) = self.directory.get(batch.device) else { return false };
        let hashes: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
        let own_actors = changes.iter().all(|change| change.actor().is_some_and(|actor| actor.device == batch.device));
        let Address { scope, document } = &batch.address;
        let allowed = access::may_write(holder, scope, document.kind());
        if !own_actors || !allowed || batch.verify(&holder.key, &hashes).is_err() {
            return false;
        }
        if self.identity.as_ref().is_some_and(|identity| identity.holder.device == batch.device) {
            let Batch { address, number, signature, .. } = batch;
            let known = self.outbox.get(&address.scope, number).map(|known| known.signature);
            if known.is_some_and(|known| known != signature) {
                write.deletes.extend(self.outbox.dissolve(&address.scope, number));
            }
            // A header lies on disk before its batch is sent: one that is not there was there once.
            self.was_rolled_back |= known != Some(signature);
            let header = Header { address, number, hashes, signature, at_township: true };
            write.puts.push((header.key(), header.pack()));
            self.outbox.insert(header);
        }
        true
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
            shelf.journalled(last_row);
            let own = fresh.iter().filter(|change| change.actor().map(|actor| actor.device) == device);
            shelf.own.extend(own.map(Change::hash));
        }
        write.puts.push(row);
        if !applied.forked.is_empty() {
            self.note(Note::ForkedHistory(address.clone()));
        }
        applied.changed
    }
}
