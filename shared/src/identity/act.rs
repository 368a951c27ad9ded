//! What the township decides about a device, as signed entries of the log: revocations, verdicts, and what waits for one.
//!
//! A revocation counts from where it stands in a scope's log: what the device pushed before stands, what comes later is
//! held in the office's log until somebody accepts or rejects it. The log has no clock, so that nobody's date decides.

use std::fmt;

use super::batch::{ENTRY_BYTES, entry_hash};
use super::certificate::{CERTIFICATE_BYTES, Certificate, CertificateError, Holder};
use super::key::{Context, DeviceKey, PublicKey, Signature};
use super::receipt::Digest;
use crate::cbor::{DecodeError, Reader, Writer};
use crate::id::{DeviceNumber, ScopeId};
use crate::time::Instant;

/// The values of an act in an encoded entry; a batch has more.
pub(super) const ACT_VALUES: usize = 4;
/// The largest entry that can be held: together with its certificate it is an entry of the office's log itself.
pub const HELD_BYTES: usize = ENTRY_BYTES - CERTIFICATE_BYTES - 256;

const REVOCATION: u64 = 0;
const VERDICT: u64 = 1;
const HELD: u64 = 2;

/// The largest statement of an act, in bytes: a scope's name, two digests and some numbers.
const STATEMENT_BYTES: usize = 512;

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

/// Why a batch waits for a person's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeldFor {
    /// Its device, or one that its enrolment rests on, was revoked before it came.
    Revoked,
    /// Another device took the same invitation up before.
    InvitationUsed,
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
    /// The last batch of the device that whoever revokes had seen: evidence for people, no rule.
    pub seen: u32,
    /// The signature over device, time, reason and that number.
    pub signature: Signature,
}

/// The office says whether a held batch counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The certificate of who says so; empty when the authority does.
    pub by: Certificate,
    /// The certificate of the device that made the batch: after a second use of an invitation not the one in the log.
    pub of: Certificate,
    /// The scope that the batch is for.
    pub scope: ScopeId,
    /// The device that made it.
    pub device: DeviceNumber,
    /// The key that signed it.
    pub key: PublicKey,
    /// The hash by which a log knows the batch.
    pub batch: Digest,
    /// Whether it counts.
    pub accepts: bool,
    /// What the clock of who says so showed.
    pub at: Instant,
    /// The signature over all of these but the certificates.
    pub signature: Signature,
}

/// A batch that the relay may not place, as it stands in the office's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The scope that the batch is for.
    pub scope: ScopeId,
    /// Why it waits.
    pub reason: HeldFor,
    /// What the relay's clock showed when it came.
    pub arrived: Instant,
    /// The certificate of the device that pushed it.
    pub certificate: Certificate,
    /// The batch as an entry of its scope's log.
    pub entry: Vec<u8>,
}

/// A signed decision about a device, or what waits for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A device writes no more.
    Revocation(Box<Revocation>),
    /// A held batch counts, or does not.
    Verdict(Box<Verdict>),
    /// A batch is held.
    Held(Box<Held>),
}

/// The reasons why an act proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActError {
    /// The certificate of who says so does not hold, or had expired by then.
    Certificate(CertificateError),
    /// The signature is not theirs.
    Signature,
    /// The certificate is another device's than the one spoken of.
    OtherDevice,
}

impl fmt::Display for ActError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate(error) => error.fmt(f),
            Self::Signature => f.write_str("the act is not signed by who is said to have signed it"),
            Self::OtherDevice => f.write_str("the certificate is another device's"),
        }
    }
}

impl std::error::Error for ActError {}

impl Revocation {
    /// Signs with the key of a certificate, or with the authority's where that is empty.
    pub fn sign(
        key: &DeviceKey,
        (by, of): (Certificate, Certificate),
        device: DeviceNumber,
        at: Instant,
        reason: Reason,
        seen: u32,
    ) -> Self {
        let mut revocation = Self { by, of, device, at, reason, seen, signature: Signature([0; 64]) };
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

    fn statement(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.array(5).uint(REVOCATION).uint(self.device.0.into()).uint(self.at.0);
        writer.uint(self.reason as u64).uint(self.seen.into());
        writer.finish()
    }
}

impl Verdict {
    /// Signs with the key of a certificate, or with the authority's where that is empty; any signature is replaced.
    pub fn sign(self, key: &DeviceKey) -> Self {
        let signature = key.sign(Context::Act, &self.statement());
        Self { signature, ..self }
    }

    /// Checks who says so; nothing comes back for the authority itself.
    pub fn verify(&self, authority: &PublicKey) -> Result<Option<Holder>, ActError> {
        signer(&self.by, authority, self.at, &self.statement(), &self.signature)
    }

    /// Returns who holds the device that made the batch.
    pub fn holder(&self, authority: &PublicKey) -> Result<Holder, ActError> {
        let holder = self.of.holder(authority).map_err(ActError::Certificate)?;
        let is_it = (holder.device, holder.key) == (self.device, self.key);
        if is_it { Ok(holder) } else { Err(ActError::OtherDevice) }
    }

    /// Returns the name by which a log finds one verdict on a batch.
    pub fn name(batch: &Digest, accepts: bool) -> Digest {
        entry_hash(&[if accepts { b"accepted" } else { b"rejected" }, &batch.0])
    }

    /// Returns the scope in whose log it stands: an acceptance before its batch, a rejection beside what was held.
    pub fn stands_in(&self) -> &ScopeId {
        if self.accepts { &self.scope } else { &ScopeId::Office }
    }

    fn statement(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.array(7).uint(VERDICT).scope(&self.scope).uint(self.device.0.into()).bytes(&self.key.0);
        writer.bytes(&self.batch.0).bool(self.accepts).uint(self.at.0);
        writer.finish()
    }
}

impl Held {
    /// Returns the name by which the office's log finds a held batch.
    pub fn name(scope: &ScopeId, batch: &Digest) -> Digest {
        entry_hash(&[b"held", scope.to_string().as_bytes(), &batch.0])
    }
}

impl Act {
    /// Returns the hash by which a log counts the act.
    pub fn hash(&self) -> Digest {
        entry_hash(&[b"act", &self.encode()])
    }

    fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write(writer.array(ACT_VALUES));
        writer.finish()
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        match self {
            Self::Revocation(act) => {
                writer.uint(REVOCATION).bytes(&write_chains(&act.by, &act.of));
                writer.bytes(&act.statement()).bytes(&act.signature.0);
            }
            Self::Verdict(act) => {
                writer.uint(VERDICT).bytes(&write_chains(&act.by, &act.of));
                writer.bytes(&act.statement()).bytes(&act.signature.0);
            }
            Self::Held(held) => {
                let mut head = Writer::new();
                head.array(3).scope(&held.scope).bool(held.reason == HeldFor::Revoked).uint(held.arrived.0);
                writer.uint(HELD).bytes(&head.finish()).bytes(&held.certificate.encode()).bytes(&held.entry);
            }
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.uint::<u64>()? {
            REVOCATION => {
                let (by, of) = read_chains(reader.bytes(2 * CERTIFICATE_BYTES + 16)?)?;
                let mut said = Reader::new(reader.bytes(STATEMENT_BYTES)?);
                said.array(5)?;
                if said.uint::<u64>()? != REVOCATION {
                    return Err(DecodeError::Shape);
                }
                let (device, at) = (DeviceNumber(said.uint()?), Instant(said.uint()?));
                let (reason, seen) = (Reason::from_number(said.uint()?)?, said.uint()?);
                said.end()?;
                let signature = Signature(reader.fixed()?);
                Ok(Self::Revocation(Box::new(Revocation { by, of, device, at, reason, seen, signature })))
            }
            VERDICT => {
                let (by, of) = read_chains(reader.bytes(2 * CERTIFICATE_BYTES + 16)?)?;
                let mut said = Reader::new(reader.bytes(STATEMENT_BYTES)?);
                said.array(7)?;
                if said.uint::<u64>()? != VERDICT {
                    return Err(DecodeError::Shape);
                }
                let (scope, device) = (said.scope()?, DeviceNumber(said.uint()?));
                let (key, batch) = (PublicKey(said.fixed()?), Digest(said.fixed()?));
                let (accepts, at) = (said.bool()?, Instant(said.uint()?));
                said.end()?;
                let signature = Signature(reader.fixed()?);
                Ok(Self::Verdict(Box::new(Verdict { by, of, scope, device, key, batch, accepts, at, signature })))
            }
            HELD => {
                let mut head = Reader::new(reader.bytes(STATEMENT_BYTES)?);
                head.array(3)?;
                let scope = head.scope()?;
                let reason = if head.bool()? { HeldFor::Revoked } else { HeldFor::InvitationUsed };
                let arrived = Instant(head.uint()?);
                head.end()?;
                let certificate = Certificate::decode(reader.bytes(CERTIFICATE_BYTES)?)?;
                let entry = reader.bytes(HELD_BYTES)?.to_vec();
                Ok(Self::Held(Box::new(Held { scope, reason, arrived, certificate, entry })))
            }
            _ => Err(DecodeError::Shape),
        }
    }
}

fn write_chains(by: &Certificate, of: &Certificate) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.array(2).bytes(&by.encode()).bytes(&of.encode());
    writer.finish()
}

fn read_chains(bytes: &[u8]) -> Result<(Certificate, Certificate), DecodeError> {
    let mut reader = Reader::new(bytes);
    reader.array(2)?;
    let by = Certificate::decode(reader.bytes(CERTIFICATE_BYTES)?)?;
    let of = Certificate::decode(reader.bytes(CERTIFICATE_BYTES)?)?;
    reader.end()?;
    Ok((by, of))
}

fn signer(
    by: &Certificate,
    authority: &PublicKey,
    at: Instant,
    statement: &[u8],
    signature: &Signature,
) -> Result<Option<Holder>, ActError> {
    let holder = match by.links.is_empty() {
        true => None,
        false => Some(by.verify(authority, at).map_err(ActError::Certificate)?),
    };
    let key = holder.as_ref().map_or(authority, |holder| &holder.key);
    key.verify(Context::Act, statement, signature).map_err(|_| ActError::Signature)?;
    Ok(holder)
}

#[cfg(test)]
mod tests {
    use super::super::batch::Entry;
    use super::*;

    fn authority() -> DeviceKey {
        DeviceKey::from_seed([1; 32])
    }

    fn revocation() -> Revocation {
        let nobody = || (Certificate::default(), Certificate::default());
        Revocation::sign(&authority(), nobody(), DeviceNumber(7), Instant(9), Reason::Lost, 3)
    }

    fn verdict() -> Verdict {
        let verdict = Verdict {
            by: Certificate::default(),
            of: Certificate::default(),
            scope: "village.42".parse().unwrap(),
            device: DeviceNumber(7),
            key: authority().public(),
            batch: Digest([5; 32]),
            accepts: true,
            at: Instant(9),
            signature: Signature([0; 64]),
        };
        verdict.sign(&authority())
    }

    #[test]
    fn an_act_says_what_was_signed_and_nothing_else() {
        let authority = authority().public();
        assert_eq!(revocation().verify(&authority), Ok(None));
        assert_eq!(verdict().verify(&authority), Ok(None));
        for other in [
            Revocation { device: DeviceNumber(8), ..revocation() },
            Revocation { at: Instant(10), ..revocation() },
            Revocation { reason: Reason::Misused, ..revocation() },
            Revocation { seen: 4, ..revocation() },
        ] {
            assert_eq!(other.verify(&authority), Err(ActError::Signature));
        }
        for other in [
            Verdict { accepts: false, ..verdict() },
            Verdict { batch: Digest([6; 32]), ..verdict() },
            Verdict { scope: ScopeId::Township, ..verdict() },
            Verdict { key: DeviceKey::from_seed([2; 32]).public(), ..verdict() },
        ] {
            assert_eq!(other.verify(&authority), Err(ActError::Signature));
        }
    }

    #[test]
    fn acts_read_back_and_damage_is_an_error() {
        let held = Held {
            scope: ScopeId::Township,
            reason: HeldFor::InvitationUsed,
            arrived: Instant(4),
            certificate: Certificate::default(),
            entry: vec![1, 2, 3],
        };
        for act in
            [Act::Revocation(Box::new(revocation())), Act::Verdict(Box::new(verdict())), Act::Held(Box::new(held))]
        {
            let entry = Entry::Act(act);
            let bytes = entry.encode();
            assert_eq!(Entry::decode(&ScopeId::Township, &bytes), Ok(entry));
            for end in 0..bytes.len() {
                assert!(Entry::decode(&ScopeId::Township, &bytes[..end]).is_err(), "cut at {end}");
            }
        }
    }
}
