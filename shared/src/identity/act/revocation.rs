//! A device writes no more: what it recorded before stands, and what that was is said so exactly that nobody can add to
//! it.
//!
//! A log says by its order what came before. A relay that lost its log gets that from whoever brings it, and a batch
//! number in a thief's hand is whatever the thief says. So a revocation names the last changes that were known: by their
//! hashes they stand for everything that they rest on, and for nothing else.

use super::{REVOCATION, read_chains, signer, write_chains};
use crate::cbor::{DecodeError, Reader, Writer};
use crate::id::DeviceNumber;
use crate::identity::ActError;
use crate::identity::batch::{ChangeHash, entry_hash};
use crate::identity::certificate::{CERTIFICATE_BYTES, Certificate, Holder};
use crate::identity::key::{Context, DeviceKey, PublicKey, Signature};
use crate::identity::receipt::Digest;
use crate::time::Instant;

/// The most changes that a revocation names: as many documents as a village has in ten years, one or two of each.
pub const KNOWN_HEADS: usize = 512;
/// The largest statement, in bytes: these hashes and some numbers.
const STATEMENT_BYTES: usize = KNOWN_HEADS * 32 + 64;

/// What whoever revokes a device knew it to have recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The number of its last batch: evidence for people, no rule.
    pub seen: u32,
    /// In each document of the scope the changes of the device from which no other of its own follows.
    pub heads: Vec<ChangeHash>,
}

/// Why a device writes no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// 丢失: nobody knows where it is.
    Lost,
    /// 损坏: it is broken or was wiped.
    Broken,
    /// 离任: its holder no longer holds the post.
    LeftPost,
    /// 冒用: somebody else writes with it, or took its invitation up.
    Misused,
}

impl Reason {
    /// Every reason; its place is its number and never changes.
    pub const ALL: [Self; 4] = [Self::Lost, Self::Broken, Self::LeftPost, Self::Misused];

    fn from_number(number: u64) -> Result<Self, DecodeError> {
        usize::try_from(number).ok().and_then(|place| Self::ALL.get(place)).copied().ok_or(DecodeError::Shape)
    }
}

/// Somebody who may says that a device writes no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// The certificate of who says so; empty when the authority does.
    pub by: Certificate,
    /// The certificate of the device; may be empty when the office speaks, which may revoke any.
    pub of: Certificate,
    /// The device.
    pub device: DeviceNumber,
    /// What the clock of who says so showed.
    pub at: Instant,
    /// Why.
    pub reason: Reason,
    /// What whoever revokes knew the device to have recorded.
    pub known: Known,
    /// The signature over device, time, reason and what was known.
    pub signature: Signature,
}

impl Revocation {
    /// Signs with the key of a certificate, or with the authority's where that is empty.
    pub fn sign(
        key: &DeviceKey,
        (by, of): (Certificate, Certificate),
        device: DeviceNumber,
        at: Instant,
        reason: Reason,
        known: Known,
    ) -> Self {
        let mut revocation = Self { by, of, device, at, reason, known, signature: Signature([0; 64]) };
        revocation.signature = key.sign(Context::Act, &revocation.statement());
        revocation
    }

    /// Checks who says so; nothing comes back for the authority itself.
    pub fn verify(&self, authority: &PublicKey) -> Result<Option<Holder>, ActError> {
        signer(&self.by, authority, self.at, &self.statement(), &self.signature)
    }

    /// Returns who holds the device, if its certificate came along.
    pub fn holder(&self, authority: &PublicKey) -> Result<Option<Holder>, ActError> {
        if self.of.links.is_empty() {
            return Ok(None);
        }
        let holder = self.of.holder(authority).map_err(ActError::Certificate)?;
        if holder.device == self.device { Ok(Some(holder)) } else { Err(ActError::OtherDevice) }
    }

    /// Returns the name by which a log finds the revocation of a device.
    pub fn name(device: DeviceNumber) -> Digest {
        entry_hash(&[b"revocation", &device.0.to_be_bytes()])
    }

    /// Returns the name of the one later word by which the same signer says of more that it was recorded in time.
    pub fn name_of_more(device: DeviceNumber) -> Digest {
        entry_hash(&[b"revocation, more known", &device.0.to_be_bytes()])
    }

    /// Tells whether this is the same signer's later word on the same device.
    pub fn follows(&self, earlier: &Self) -> bool {
        let key = |by: &Certificate| by.links.last().map(|link| link.device);
        self.device == earlier.device && key(&self.by) == key(&earlier.by) && self.known != earlier.known
    }

    fn statement(&self) -> Vec<u8> {
        let Known { seen, heads } = &self.known;
        let mut writer = Writer::new();
        writer.array(6).uint(REVOCATION).uint(self.device.0.into()).uint(self.at.0);
        writer.uint(self.reason as u64).uint((*seen).into()).bytes(heads.as_flattened());
        writer.finish()
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.bytes(&write_chains(&self.by, &self.of)).bytes(&self.statement()).bytes(&self.signature.0);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (by, of) = read_chains(reader.bytes(2 * CERTIFICATE_BYTES + 16)?)?;
        let mut said = Reader::new(reader.bytes(STATEMENT_BYTES)?);
        said.array(6)?;
        if said.uint::<u64>()? != REVOCATION {
            return Err(DecodeError::Shape);
        }
        let (device, at) = (DeviceNumber(said.uint()?), Instant(said.uint()?));
        let (reason, seen) = (Reason::from_number(said.uint()?)?, said.uint()?);
        let (heads, torn) = said.bytes(KNOWN_HEADS * 32)?.as_chunks::<32>();
        if !torn.is_empty() {
            return Err(DecodeError::Shape);
        }
        let known = Known { seen, heads: heads.to_vec() };
        said.end()?;
        Ok(Self { by, of, device, at, reason, known, signature: Signature(reader.fixed()?) })
    }
}
