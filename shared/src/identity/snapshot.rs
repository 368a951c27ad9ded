//! An attested snapshot: changes of one document brought by anybody, with the last signature of each of their writers.
//!
//! A writer's changes form a hash chain, so the signature over the last of them vouches for all before. Whoever holds
//! a document can hand it on with these, and whoever takes it in needs to trust nobody but the writers.

use super::batch::{BATCH_CHANGES, ChangeHash, Payload, entry_hash, statement};
use super::certificate::{CERTIFICATE_BYTES, Certificate};
use super::key::{Context, KeyError, PublicKey, Signature};
use super::receipt::Digest;
use crate::cbor::{DecodeError, Reader, Writer};
use crate::id::{Address, DeviceNumber, ScopeId};

/// The most devices whose certificates travel with one snapshot: every device of a large village over many years.
pub const SNAPSHOT_DEVICES: usize = 256;
/// The most signatures in one snapshot: a device's later signature covers its earlier ones unless its storage was
/// rolled back in between.
pub const SNAPSHOT_VOUCHES: usize = 1024;

/// The signed head of a batch, without its changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouch {
    /// The device that made the changes.
    pub device: DeviceNumber,
    /// The number of the batch.
    pub number: u32,
    /// The hashes of its changes, in the order of the signature.
    pub hashes: Vec<ChangeHash>,
    /// The device's signature.
    pub signature: Signature,
}

impl Vouch {
    /// Checks the device's signature for a document.
    pub fn verify(&self, address: &Address, key: &PublicKey) -> Result<(), KeyError> {
        let statement = statement(address, self.device, self.number, &self.hashes);
        key.verify(Context::Batch, &statement, &self.signature)
    }

    /// Returns the hash by which a log knows the batch.
    pub fn hash(&self, address: &Address) -> Digest {
        let statement = statement(address, self.device, self.number, &self.hashes);
        entry_hash(&[&statement, &self.signature.0])
    }

    /// Writes it.
    pub fn write(&self, writer: &mut Writer) {
        writer.array(4).uint(self.device.0.into()).uint(self.number.into());
        writer.bytes(self.hashes.as_flattened()).bytes(&self.signature.0);
    }

    /// Reads it back.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.array(4)?;
        let (device, number) = (DeviceNumber(reader.uint()?), reader.uint()?);
        let (hashes, torn) = reader.bytes(BATCH_CHANGES * 32)?.as_chunks::<32>();
        if !torn.is_empty() {
            return Err(DecodeError::Shape);
        }
        Ok(Self { device, number, hashes: hashes.to_vec(), signature: Signature(reader.fixed()?) })
    }
}

/// Changes of one document that other devices made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The document.
    pub address: Address,
    /// The certificates of the devices; left out where they stand before the snapshot in the log.
    pub certificates: Vec<Certificate>,
    /// The signatures that vouch for the changes.
    pub vouches: Vec<Vouch>,
    /// The changes, none before one that it rests on.
    pub payload: Payload,
}

impl Snapshot {
    /// Returns the hash by which a log knows the snapshot; `hashes` are those of its changes, in order.
    ///
    /// It depends neither on how the changes are encoded nor on the certificates that travel along.
    pub fn hash(&self, hashes: &[ChangeHash]) -> Digest {
        let mut writer = Writer::new();
        writer.array(3).text(&self.address.to_string()).array(self.vouches.len());
        self.vouches.iter().for_each(|vouch| vouch.write(&mut writer));
        writer.bytes(hashes.as_flattened());
        entry_hash(&[b"snapshot", &writer.finish()])
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.document(&self.address.document).array(self.certificates.len());
        for certificate in &self.certificates {
            writer.bytes(&certificate.encode());
        }
        writer.array(self.vouches.len());
        self.vouches.iter().for_each(|vouch| vouch.write(writer));
        self.payload.write(writer);
    }

    pub(super) fn read(scope: &ScopeId, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let address = Address { scope: scope.clone(), document: reader.document()? };
        let mut certificates = Vec::new();
        for _ in 0..reader.list(SNAPSHOT_DEVICES)? {
            certificates.push(Certificate::decode(reader.bytes(CERTIFICATE_BYTES)?)?);
        }
        let mut vouches = Vec::new();
        for _ in 0..reader.list(SNAPSHOT_VOUCHES)? {
            vouches.push(Vouch::read(reader)?);
        }
        Ok(Self { address, certificates, vouches, payload: Payload::read(reader)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{Batch, DeviceKey, Entry};

    fn snapshot() -> Snapshot {
        let address: Address = "village.420529202209/meeting-2026-11-23-1".parse().unwrap();
        let key = DeviceKey::from_seed([1; 32]);
        let payload = Payload::Raw(vec![vec![7; 40]]);
        let signed = Batch::sign(&key, address.clone(), DeviceNumber(1), 300, &[[9; 32]], payload.clone());
        let vouch = Vouch { device: DeviceNumber(1), number: 300, hashes: vec![[9; 32]], signature: signed.signature };
        Snapshot { address, certificates: vec![Certificate::default()], vouches: vec![vouch], payload }
    }

    #[test]
    fn a_batch_signature_vouches_without_the_batch() {
        let Snapshot { address, vouches, .. } = snapshot();
        let key = DeviceKey::from_seed([1; 32]).public();
        assert_eq!(vouches[0].verify(&address, &key), Ok(()));
        let other = "village.420529202209/roster".parse().unwrap();
        assert_eq!(vouches[0].verify(&other, &key), Err(KeyError::Signature));
        let more = Vouch { hashes: vec![[9; 32], [8; 32]], ..vouches[0].clone() };
        assert_eq!(more.verify(&address, &key), Err(KeyError::Signature));
    }

    #[test]
    fn it_reads_back_and_damage_is_an_error() {
        let snapshot = snapshot();
        let scope = snapshot.address.scope.clone();
        let bytes = Entry::Snapshot(snapshot.clone()).encode();
        assert_eq!(Entry::decode(&scope, &bytes), Ok(Entry::Snapshot(snapshot)));
        (0..bytes.len()).for_each(|end| assert!(Entry::decode(&scope, &bytes[..end]).is_err()));
    }

    #[test]
    fn its_hash_covers_what_it_says_and_not_how_it_travels() {
        let snapshot = snapshot();
        let hash = snapshot.hash(&[[9; 32]]);
        let bare = Snapshot { certificates: Vec::new(), payload: Payload::Raw(Vec::new()), ..snapshot.clone() };
        assert_eq!(bare.hash(&[[9; 32]]), hash);
        assert_ne!(snapshot.hash(&[[8; 32]]), hash);
        assert_ne!(Snapshot { vouches: Vec::new(), ..snapshot }.hash(&[[9; 32]]), hash);
    }
}
