//! Own changes on their way: grouped into signed batches whose numbers are never used twice.
//!
//! A batch's header lies on disk before the batch is sent, so that a phone that dies in between sends the very same
//! batch again, and the relay knows it by its hash.

use std::collections::{BTreeMap, BTreeSet};

use crate::cbor::{DecodeError, Reader, Writer};
use crate::document::{Change, Document};
use crate::id::{Address, DeviceNumber, DocumentId, ScopeId};
use crate::identity::batch::{BATCH_CHANGES, ChangeHash};
use crate::identity::{Batch, DeviceKey, Digest, Payload, Signature};

/// The most raw bytes of changes in one batch, so that its payload stays below the wire's limit however it is packed.
const BATCH_BYTES: usize = 384 * 1024;

/// What is known of one own batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub address: Address,
    pub number: u32,
    pub hashes: Vec<ChangeHash>,
    pub signature: Signature,
    /// Whether a receipt that verified covers it.
    pub at_township: bool,
}

impl Header {
    pub(super) fn key(&self) -> String {
        format!("outbox/{}/{:08}", self.address.scope, self.number)
    }

    pub(super) fn pack(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.array(6).scope(&self.address.scope).document(&self.address.document).uint(self.number.into());
        writer.bytes(self.hashes.as_flattened()).bytes(&self.signature.0).bool(self.at_township);
        writer.finish()
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        reader.array(6)?;
        let (scope, document): (ScopeId, DocumentId) = (reader.scope()?, reader.document()?);
        let number = reader.uint()?;
        let (hashes, torn) = reader.bytes(BATCH_CHANGES * 32)?.as_chunks::<32>();
        if !torn.is_empty() {
            return Err(DecodeError::Shape);
        }
        let (signature, at_township) = (Signature(reader.fixed()?), reader.bool()?);
        reader.end()?;
        Ok(Self { address: Address { scope, document }, number, hashes: hashes.to_vec(), signature, at_township })
    }

    /// Returns the hash by which the relay's log knows the batch.
    pub(super) fn hash(&self, device: DeviceNumber) -> Digest {
        let Self { address, number, signature, .. } = self.clone();
        Batch { address, device, number, signature, payload: Payload::Raw(Vec::new()) }.hash(&self.hashes)
    }

    /// Puts the batch together again from the document; nothing comes back if the document lost one of its changes.
    pub(super) fn batch(&self, device: DeviceNumber, document: &Document) -> Option<Batch> {
        let (order, payload) = document.pack(&self.hashes).ok()?;
        let payload = if order == self.hashes {
            payload
        } else {
            let changes =
                self.hashes.iter().map(|hash| document.change(hash)).collect::<Result<Vec<Change>, _>>().ok()?;
            Payload::pack(changes.iter().map(|change| change.bytes().to_vec()).collect())
        };
        let Self { address, number, signature, .. } = self.clone();
        Some(Batch { address, device, number, signature, payload })
    }
}

/// Every own batch by scope and number, as the relay's logs know them, and every own change that is in one.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    headers: BTreeMap<(ScopeId, u32), Header>,
    batched: BTreeSet<ChangeHash>,
    at_township: BTreeSet<ChangeHash>,
    /// Batches that the relay refused for themselves; they are not sent again until they are woken.
    resting: BTreeSet<(ScopeId, u32)>,
}

impl Outbox {
    /// Takes in a header that lies on disk, is about to, or came back from the relay.
    pub(super) fn insert(&mut self, header: Header) {
        self.batched.extend(&header.hashes);
        if header.at_township {
            self.at_township.extend(&header.hashes);
        }
        self.headers.insert((header.address.scope.clone(), header.number), header);
    }

    pub(super) fn get(&self, scope: &ScopeId, number: u32) -> Option<&Header> {
        self.headers.get(&(scope.clone(), number))
    }

    /// Returns the number of the batch that holds a change and that no receipt covers.
    pub(super) fn number_of(&self, scope: &ScopeId, hash: &ChangeHash) -> Option<u32> {
        self.waiting(scope).find(|header| header.hashes.contains(hash)).map(|header| header.number)
    }

    /// Tells whether the batch of a change is proved to be at the township.
    pub(super) fn is_at_township(&self, hash: &ChangeHash) -> bool {
        self.at_township.contains(hash)
    }

    /// Tells whether any of these own changes is in no batch.
    pub(super) fn lacks(&self, own: &[ChangeHash]) -> bool {
        own.iter().any(|hash| !self.batched.contains(hash))
    }

    /// Lets a batch rest that the relay refused for itself, and with it those of its document that come after it.
    pub(super) fn rest(&mut self, scope: &ScopeId, number: u32) {
        self.resting.insert((scope.clone(), number));
    }

    /// Tells whether a batch rests: itself, or one before it in its document.
    pub(super) fn rests(&self, header: &Header) -> bool {
        let scope = &header.address.scope;
        let mut resting = self.resting.range((scope.clone(), 0)..=(scope.clone(), header.number));
        resting.any(|place| self.headers.get(place).is_some_and(|other| other.address == header.address))
    }

    /// Lets every batch be sent again; tells whether one rested.
    pub(super) fn wake(&mut self) -> bool {
        !std::mem::take(&mut self.resting).is_empty()
    }

    /// Notes that a verified receipt covers a batch; returns the row to keep, unless that was known.
    pub(super) fn acknowledge(&mut self, scope: &ScopeId, number: u32) -> Option<(String, Vec<u8>)> {
        let header = self.headers.get_mut(&(scope.clone(), number)).filter(|header| !header.at_township)?;
        header.at_township = true;
        self.at_township.extend(&header.hashes);
        Some((header.key(), header.pack()))
    }

    /// Notes that the township has these changes of a document; returns the rows of the batches that it has whole.
    pub(super) fn cover(&mut self, address: &Address, hashes: &BTreeSet<ChangeHash>) -> Vec<(String, Vec<u8>)> {
        let mut rows = Vec::new();
        let headers = self.headers.values_mut().filter(|header| !header.at_township && header.address == *address);
        for header in headers.filter(|header| header.hashes.iter().all(|hash| hashes.contains(hash))) {
            header.at_township = true;
            self.at_township.extend(&header.hashes);
            rows.push((header.key(), header.pack()));
        }
        rows
    }

    /// Notes that own changes lie at the township in another's snapshot, so that no batch need bring them.
    pub(super) fn brought(&mut self, hashes: &[ChangeHash]) {
        self.batched.extend(hashes);
        self.at_township.extend(hashes);
    }

    /// Returns every batch of a document.
    pub(super) fn of<'a>(&'a self, address: &'a Address) -> impl Iterator<Item = &'a Header> {
        self.headers.values().filter(move |header| header.address == *address)
    }

    /// Forgets every receipt of a scope, as the relay that gave them was restored from a backup.
    pub(super) fn doubt(&mut self, scope: &ScopeId) -> Vec<(String, Vec<u8>)> {
        let mut rows = Vec::new();
        for header in self.headers.values_mut().filter(|header| header.at_township && header.address.scope == *scope) {
            header.at_township = false;
            self.at_township.retain(|hash| !header.hashes.contains(hash));
            rows.push((header.key(), header.pack()));
        }
        rows
    }

    /// Dissolves a batch that the relay refused, so that its changes are signed again; returns its key.
    pub(super) fn dissolve(&mut self, scope: &ScopeId, number: u32) -> Option<String> {
        let place = (scope.clone(), number);
        let header = self.headers.get(&place).filter(|header| !header.at_township)?;
        self.batched.retain(|hash| !header.hashes.contains(hash));
        let key = header.key();
        self.resting.remove(&place);
        self.headers.remove(&place);
        Some(key)
    }

    /// Tells whether a batch rests on own changes that are signed after it, or not at all.
    ///
    /// That comes of an earlier batch being dissolved: its changes follow under a later number, and a batch between
    /// the two would wait for one that waits for it. What rests on others' changes waits for those.
    pub(super) fn is_overtaken(&self, header: &Header, document: &Document, own: &[ChangeHash]) -> bool {
        let later = self.waiting(&header.address.scope).filter(|other| other.number > header.number);
        let mut after: BTreeSet<ChangeHash> = later.flat_map(|other| other.hashes.iter().copied()).collect();
        after.extend(own.iter().filter(|hash| !self.batched.contains(*hash)));
        let changes = header.hashes.iter().filter_map(|hash| document.change(hash).ok());
        changes.flat_map(|change| change.dependencies()).any(|hash| after.contains(&hash))
    }

    /// Returns the batches of a scope that no receipt covers, in the order of their numbers.
    pub(super) fn waiting<'a>(&'a self, scope: &'a ScopeId) -> impl Iterator<Item = &'a Header> {
        self.headers.values().filter(move |header| !header.at_township && header.address.scope == *scope)
    }

    /// Signs a document's own changes that are in no batch yet, in as few batches as the limits allow.
    pub(super) fn sign(
        &mut self,
        key: &DeviceKey,
        device: DeviceNumber,
        address: &Address,
        document: &Document,
        own: &[ChangeHash],
    ) -> Vec<Header> {
        let mut signed = Vec::new();
        let mut fresh: Vec<ChangeHash> = own.iter().filter(|hash| !self.batched.contains(*hash)).copied().collect();
        while !fresh.is_empty() {
            let rest = fresh.split_off(self.fitting(document, &fresh));
            let Ok((hashes, payload)) = document.pack(&fresh) else { break };
            let number = self.headers.keys().map(|(_, number)| *number).max().map_or(1, |last| last + 1);
            let Batch { signature, .. } = Batch::sign(key, address.clone(), device, number, &hashes, payload);
            let header = Header { address: address.clone(), number, hashes, signature, at_township: false };
            self.insert(header.clone());
            signed.push(header);
            fresh = rest;
        }
        signed
    }

    /// Returns how many of these changes fit into one batch; at least one.
    fn fitting(&self, document: &Document, hashes: &[ChangeHash]) -> usize {
        let mut bytes = 0;
        let fits = hashes.iter().take(BATCH_CHANGES).take_while(|hash| {
            bytes += document.change(hash).map_or(0, |change| change.bytes().len());
            bytes <= BATCH_BYTES
        });
        fits.count().max(1)
    }
}
