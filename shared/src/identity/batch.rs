//! A signed batch of changes, and the entries that a scope's log is made of.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use sha2::{Digest as _, Sha256};

use super::act::{ACT_VALUES, Act};
use super::certificate::{CERTIFICATE_BYTES, Certificate};
use super::key::{Context, DeviceKey, KeyError, PublicKey, Signature};
use super::receipt::Digest;
use super::snapshot::Snapshot;
use crate::cbor::{DecodeError, Reader, Writer};
use crate::id::{Address, DeviceNumber, ScopeId};

/// The hash of a change as Automerge computes it.
pub type ChangeHash = [u8; 32];

/// The most changes one batch may hold; a long offline day has some hundreds.
pub const BATCH_CHANGES: usize = 4096;
/// The most changes one payload may hold: those of the largest document, which a snapshot carries at once.
pub const PAYLOAD_CHANGES: usize = 20_000;
/// The largest payload on the wire, in bytes: the roster of the largest village, imported in one go.
pub const PAYLOAD_BYTES: usize = 512 * 1024;
/// The largest payload after inflating, in bytes, so that a small message cannot fill a small machine.
pub const EXPANDED_BYTES: usize = 4 * 1024 * 1024;
/// The largest encoded entry of a log, in bytes.
pub const ENTRY_BYTES: usize = PAYLOAD_BYTES + 256;

const RAW: u64 = 0;
const DEFLATED: u64 = 1;
const BUNDLE: u64 = 2;

/// The changes of a batch in one of the ways they travel; the signature does not depend on which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Each change as Automerge stores it.
    Raw(Vec<Vec<u8>>),
    /// The list of raw changes, deflated.
    Deflated(Vec<u8>),
    /// An Automerge bundle: a transport encoding that is never stored.
    Bundle(Vec<u8>),
}

impl Payload {
    /// Returns the smaller of raw and deflated.
    pub fn pack(changes: Vec<Vec<u8>>) -> Self {
        let mut writer = Writer::new();
        write_changes(&mut writer, &changes);
        let raw = writer.finish();
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        // Writing to memory does not fail; if it did, the raw form is as good.
        match encoder.write_all(&raw).and_then(|()| encoder.finish()) {
            Ok(deflated) if deflated.len() + 2 < raw.len() => Self::Deflated(deflated),
            _ => Self::Raw(changes),
        }
    }

    /// Returns the raw changes, or nothing for a bundle, which only Automerge can open.
    ///
    /// Never holds more than [`EXPANDED_BYTES`].
    pub fn changes(&self) -> Result<Option<Vec<Vec<u8>>>, DecodeError> {
        match self {
            Self::Raw(changes) => Ok(Some(changes.clone())),
            Self::Deflated(deflated) => {
                let mut raw = Vec::new();
                let mut decoder = DeflateDecoder::new(deflated.as_slice()).take(EXPANDED_BYTES as u64 + 1);
                decoder.read_to_end(&mut raw).map_err(|_| DecodeError::Shape)?;
                if raw.len() > EXPANDED_BYTES {
                    return Err(DecodeError::TooLong);
                }
                let mut reader = Reader::new(&raw);
                let changes = read_changes(&mut reader)?;
                reader.end()?;
                Ok(Some(changes))
            }
            Self::Bundle(_) => Ok(None),
        }
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        match self {
            Self::Raw(changes) => write_changes(writer.uint(RAW), changes),
            Self::Deflated(bytes) => drop(writer.uint(DEFLATED).bytes(bytes)),
            Self::Bundle(bytes) => drop(writer.uint(BUNDLE).bytes(bytes)),
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.uint()? {
            RAW => Ok(Self::Raw(read_changes(reader)?)),
            DEFLATED => Ok(Self::Deflated(reader.bytes(PAYLOAD_BYTES)?.to_vec())),
            BUNDLE => Ok(Self::Bundle(reader.bytes(PAYLOAD_BYTES)?.to_vec())),
            _ => Err(DecodeError::Shape),
        }
    }

    /// Returns how many bytes of changes travel.
    pub fn len(&self) -> usize {
        match self {
            Self::Raw(changes) => changes.iter().map(Vec::len).sum(),
            Self::Deflated(bytes) | Self::Bundle(bytes) => bytes.len(),
        }
    }

    /// Tells whether nothing travels.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn write_changes(writer: &mut Writer, changes: &[Vec<u8>]) {
    writer.array(changes.len());
    for change in changes {
        writer.bytes(change);
    }
}

fn read_changes(reader: &mut Reader<'_>) -> Result<Vec<Vec<u8>>, DecodeError> {
    let mut changes = Vec::new();
    for _ in 0..reader.list(PAYLOAD_CHANGES)? {
        changes.push(reader.bytes(EXPANDED_BYTES)?.to_vec());
    }
    Ok(changes)
}

/// Changes of one document that one device made and vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The document.
    pub address: Address,
    /// The device that made the changes.
    pub device: DeviceNumber,
    /// The count of batches of that device over all its documents, from 1.
    pub number: u32,
    /// The device's signature over all of these and the hashes of the changes.
    pub signature: Signature,
    /// The changes.
    pub payload: Payload,
}

impl Batch {
    /// Signs changes; `hashes` are those of the changes in the payload, in its order.
    pub fn sign(
        key: &DeviceKey,
        address: Address,
        device: DeviceNumber,
        number: u32,
        hashes: &[ChangeHash],
        payload: Payload,
    ) -> Self {
        let signature = key.sign(Context::Batch, &statement(&address, device, number, hashes));
        Self { address, device, number, signature, payload }
    }

    /// Checks the device's signature over the changes with these hashes.
    pub fn verify(&self, key: &PublicKey, hashes: &[ChangeHash]) -> Result<(), KeyError> {
        let statement = statement(&self.address, self.device, self.number, hashes);
        key.verify(Context::Batch, &statement, &self.signature)
    }

    /// Returns the hash by which a log knows the batch; it does not depend on how the changes are encoded.
    pub fn hash(&self, hashes: &[ChangeHash]) -> Digest {
        let statement = statement(&self.address, self.device, self.number, hashes);
        entry_hash(&[&statement, &self.signature.0])
    }
}

/// What a batch's signature covers.
pub(super) fn statement(address: &Address, device: DeviceNumber, number: u32, hashes: &[ChangeHash]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.array(4).text(&address.to_string()).uint(device.0.into()).uint(number.into()).bytes(hashes.as_flattened());
    writer.finish()
}

pub(super) fn entry_hash(parts: &[&[u8]]) -> Digest {
    let mut hasher = Sha256::new_with_prefix(b"pingyi/entry/1\0");
    parts.iter().for_each(|part| hasher.update(part));
    Digest(hasher.finalize().into())
}

/// One entry of a scope's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A device's certificate: it stands before the device's first batch in the scope.
    Certificate(Certificate),
    /// A batch of changes.
    Batch(Batch),
    /// Changes that somebody else than their writers brought, with their writers' signatures.
    Snapshot(Snapshot),
    /// A decision about a device, or a batch that waits for one.
    Act(Act),
    /// A kind of entry that only a later version understands.
    Later(LaterEntry),
}

/// An entry of a kind that this version does not know, as every later kind is written.
///
/// A log counts it by its bytes, so that who cannot read it can follow the log past it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaterEntry {
    /// The number of the kind.
    pub kind: u64,
    /// What a later version reads.
    pub body: Vec<u8>,
}

impl LaterEntry {
    /// Returns the hash by which a log knows the entry.
    pub fn hash(&self) -> Digest {
        let mut writer = Writer::new();
        self.write(&mut writer);
        entry_hash(&[b"later", &writer.finish()])
    }

    fn write(&self, writer: &mut Writer) {
        writer.array(LATER_VALUES).uint(self.kind).bytes(&self.body);
    }
}

/// The values of a batch, and of a snapshot, in an encoded entry.
const BATCH_VALUES: usize = 6;
const SNAPSHOT_VALUES: usize = 5;
/// The values of an entry of a later version; no other has so few.
const LATER_VALUES: usize = 2;

impl Entry {
    /// Returns the hash by which a log knows a certificate.
    pub fn certificate_hash(certificate: &Certificate) -> Digest {
        entry_hash(&[&certificate.encode()])
    }

    /// Writes the entry; the scope is known from where it stands.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        match self {
            Self::Certificate(certificate) => {
                writer.bytes(&certificate.encode());
            }
            Self::Batch(Batch { address, device, number, signature, payload }) => {
                writer.array(BATCH_VALUES).uint(device.0.into()).document(&address.document).uint((*number).into());
                payload.write(writer.bytes(&signature.0));
            }
            Self::Snapshot(snapshot) => snapshot.write(writer.array(SNAPSHOT_VALUES)),
            Self::Act(act) => act.write(writer.array(ACT_VALUES)),
            Self::Later(later) => later.write(&mut writer),
        }
        writer.finish()
    }

    /// Reads an entry that stands in this scope.
    pub fn decode(scope: &ScopeId, bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > ENTRY_BYTES {
            return Err(DecodeError::TooLong);
        }
        let mut reader = Reader::new(bytes);
        let entry = if reader.at_bytes()? {
            Self::Certificate(Certificate::decode(reader.bytes(CERTIFICATE_BYTES)?)?)
        } else {
            match reader.list(BATCH_VALUES)? {
                BATCH_VALUES => {
                    let device = DeviceNumber(reader.uint()?);
                    let address = Address { scope: scope.clone(), document: reader.document()? };
                    let (number, signature) = (reader.uint()?, Signature(reader.fixed()?));
                    let payload = Payload::read(&mut reader)?;
                    Self::Batch(Batch { address, device, number, signature, payload })
                }
                SNAPSHOT_VALUES => Self::Snapshot(Snapshot::read(scope, &mut reader)?),
                ACT_VALUES => Self::Act(Act::read(&mut reader)?),
                LATER_VALUES => {
                    Self::Later(LaterEntry { kind: reader.uint()?, body: reader.bytes(ENTRY_BYTES)?.to_vec() })
                }
                _ => return Err(DecodeError::Shape),
            }
        };
        reader.end()?;
        // What is counted by its bytes has one spelling.
        if matches!(entry, Self::Later(_)) && entry.encode() != bytes { Err(DecodeError::Shape) } else { Ok(entry) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(payload: Payload) -> Batch {
        let address = "village.420529202209/meeting-2026-11-23-1".parse().unwrap();
        Batch::sign(&DeviceKey::from_seed([1; 32]), address, DeviceNumber(u32::MAX), 300, &[[9; 32]], payload)
    }

    #[test]
    fn the_signature_does_not_depend_on_the_encoding() {
        let changes = vec![vec![1; 300]];
        let (raw, packed) = (batch(Payload::Raw(changes.clone())), batch(Payload::pack(changes.clone())));
        assert!(matches!(packed.payload, Payload::Deflated(_)));
        assert_eq!(packed.payload.changes(), Ok(Some(changes)));
        assert_eq!((raw.signature, raw.hash(&[[9; 32]])), (packed.signature, packed.hash(&[[9; 32]])));
        let key = DeviceKey::from_seed([1; 32]).public();
        assert_eq!(packed.verify(&key, &[[9; 32]]), Ok(()));
        assert_eq!(packed.verify(&key, &[[8; 32]]), Err(KeyError::Signature));
        let moved = Batch { number: 301, ..packed };
        assert_eq!(moved.verify(&key, &[[9; 32]]), Err(KeyError::Signature));
    }

    #[test]
    fn an_entry_reads_back_and_adds_under_a_hundred_bytes() {
        let entry = Entry::Batch(batch(Payload::Raw(vec![vec![7; 120]])));
        let scope = "village.420529202209".parse().unwrap();
        let bytes = entry.encode();
        assert_eq!(Entry::decode(&scope, &bytes), Ok(entry));
        assert!(bytes.len() - 120 <= 92, "{} bytes around the change", bytes.len() - 120);
        for end in 0..bytes.len() {
            assert!(Entry::decode(&scope, &bytes[..end]).is_err());
        }
        assert_eq!(Entry::decode(&scope, &[bytes.as_slice(), &[0]].concat()), Err(DecodeError::Trailing));
    }

    #[test]
    fn an_entry_of_a_later_version_is_counted_by_its_bytes() {
        let scope = "village.420529202209".parse().unwrap();
        let later = LaterEntry { kind: 7, body: b"unread".to_vec() };
        let bytes = Entry::Later(later.clone()).encode();
        assert_eq!(Entry::decode(&scope, &bytes), Ok(Entry::Later(later.clone())));
        assert_ne!(later.hash(), LaterEntry { kind: 8, ..later.clone() }.hash());
        (0..bytes.len()).for_each(|end| assert!(Entry::decode(&scope, &bytes[..end]).is_err()));
        let spelled = [&[0x82, 0x18, 7], &bytes[2..]].concat();
        assert_eq!(Entry::decode(&scope, &spelled), Err(DecodeError::Shape));
    }

    #[test]
    fn a_small_message_cannot_unfold_without_end() {
        let bomb = Payload::pack(vec![vec![0; EXPANDED_BYTES]]);
        assert!(bomb.len() < PAYLOAD_BYTES);
        assert_eq!(bomb.changes(), Err(DecodeError::TooLong));
    }
}
