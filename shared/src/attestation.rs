//! Attested snapshots: whether one holds, the same on relay and phone, and a stretch of a log as one per document.

use std::collections::{BTreeMap, BTreeSet};

use crate::access;
use crate::cbor::DecodeError;
use crate::document::{Chains, Change};
use crate::id::{Actor, Address, DeviceNumber};
use crate::identity::batch::{ChangeHash, EXPANDED_BYTES};
use crate::identity::{Batch, Certificate, Entry, Holder, Payload, Snapshot, Vouch};
use crate::wire::Refusal;

/// Checks a snapshot whose changes were opened, and returns each change's writer.
///
/// Every signature must be its device's own, every device must be allowed to write the document, and every change must
/// be vouched for. Whether certificates have expired is not asked: what was accepted in time stays true, and nobody
/// can say of what was lost when that was.
pub fn check<'a>(
    snapshot: &Snapshot,
    changes: &[Change],
    holder: impl Fn(DeviceNumber) -> Option<&'a Holder>,
) -> Result<Vec<Actor>, Refusal> {
    let address = &snapshot.address;
    let size: usize = changes.iter().map(|change| change.bytes().len()).sum();
    if size > EXPANDED_BYTES {
        return Err(Refusal::TooLarge);
    }
    if changes.is_empty() {
        return Err(Refusal::Envelope);
    }
    let mut devices = BTreeSet::new();
    for vouch in &snapshot.vouches {
        let holder = holder(vouch.device).ok_or(Refusal::Certificate)?;
        if !access::may_write(holder, &address.scope, address.document.kind()) {
            return Err(Refusal::MayNotWrite);
        }
        vouch.verify(address, &holder.key).map_err(|_| Refusal::Signature)?;
        devices.insert(vouch.device);
    }
    let writer = |change: &Change| change.actor().filter(|actor| devices.contains(&actor.device));
    let writers = changes.iter().map(writer).collect::<Option<Vec<Actor>>>().ok_or(Refusal::ForeignActor)?;
    let vouched = Chains::of(changes).vouched(&snapshot.vouches);
    if changes.iter().all(|change| vouched.contains(&change.hash())) { Ok(writers) } else { Err(Refusal::Signature) }
}

/// Returns the changes of revoked devices of which nobody says that they were in time.
///
/// `known` holds for each revoked device the changes that its revocations name, and those of accepted batches: they
/// stand for all that they rest on. Whoever brings a change has to bring it with what proves it, unless that is there.
pub fn past(
    changes: impl IntoIterator<Item = (ChangeHash, DeviceNumber, Vec<ChangeHash>)>,
    known: &BTreeMap<DeviceNumber, Vec<ChangeHash>>,
) -> BTreeSet<ChangeHash> {
    if known.is_empty() {
        return BTreeSet::new();
    }
    let changes: BTreeMap<ChangeHash, (DeviceNumber, Vec<ChangeHash>)> =
        changes.into_iter().map(|(hash, device, rests_on)| (hash, (device, rests_on))).collect();
    let mut past = BTreeSet::new();
    for (device, heads) in known {
        let (mut proved, mut open) = (BTreeSet::new(), heads.clone());
        while let Some(hash) = open.pop() {
            if let Some((_, rests_on)) = changes.get(&hash).filter(|_| proved.insert(hash)) {
                open.extend(rests_on);
            }
        }
        let own = changes.iter().filter(|(hash, (by, _))| by == device && !proved.contains(*hash));
        past.extend(own.map(|(hash, _)| *hash));
    }
    past
}

/// A stretch of a log: its certificates, and each document's changes with the signatures over them.
#[derive(Debug, Default)]
pub struct Stretch {
    certificates: Vec<Certificate>,
    documents: BTreeMap<Address, (Vec<Change>, Vec<Vouch>)>,
    seen: BTreeSet<ChangeHash>,
}

impl Stretch {
    /// Adds the next entry.
    pub fn add(&mut self, entry: Entry) -> Result<(), DecodeError> {
        let (address, payload, mut vouches) = match entry {
            Entry::Certificate(certificate) => {
                self.certificates.push(certificate);
                return Ok(());
            }
            // A decision counts from where it stands, and nothing is put together over it, or over what cannot be read.
            Entry::Act(_) | Entry::Later(_) => return Err(DecodeError::Shape),
            Entry::Snapshot(Snapshot { address, payload, vouches, .. }) => (address, payload, vouches),
            Entry::Batch(Batch { address, device, number, signature, payload }) => {
                (address, payload, vec![Vouch { device, number, hashes: Vec::new(), signature }])
            }
        };
        let changes = Change::open(&payload)?;
        if let [vouch] = vouches.as_mut_slice()
            && vouch.hashes.is_empty()
        {
            vouch.hashes = changes.iter().map(Change::hash).collect();
        }
        let (kept, signed) = self.documents.entry(address).or_default();
        kept.extend(changes.into_iter().filter(|change| self.seen.insert(change.hash())));
        signed.extend(vouches);
        Ok(())
    }

    /// Returns how many changes there are.
    pub fn changes(&self) -> usize {
        self.seen.len()
    }

    /// Returns the documents with their changes.
    pub fn documents(&self) -> impl Iterator<Item = (&Address, &[Change])> {
        self.documents.iter().map(|(address, (changes, _))| (address, changes.as_slice()))
    }

    /// Returns the entries that stand for the stretch, packed by `pack`, which may order changes anew.
    pub fn entries(self, mut pack: impl FnMut(&Address, &[Change]) -> Payload) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self.certificates.into_iter().map(Entry::Certificate).collect();
        for (address, (changes, vouches)) in self.documents.into_iter().filter(|(_, (changes, _))| !changes.is_empty())
        {
            let mut vouches = Chains::of(&changes).sparing(vouches);
            vouches.sort_by_key(|vouch| (vouch.device, vouch.number));
            let payload = pack(&address, &changes);
            entries.push(Entry::Snapshot(Snapshot { address, certificates: Vec::new(), vouches, payload }));
        }
        entries
    }
}
