//! What the township decides about a device, as signed entries of the log: revocations, verdicts, and what waits for one.
//!
//! A revocation counts from where it stands in a scope's log: what the device pushed before stands, what comes later is
//! held in the office's log until somebody accepts or rejects it. The log has no clock, so that nobody's date decides.

pub mod held;
pub mod revocation;
pub mod verdict;

use std::fmt;

pub use held::{HELD_BYTES, Held, HeldFor};
pub use revocation::{KNOWN_HEADS, Known, Reason, Revocation};
pub use verdict::Verdict;

use super::batch::entry_hash;
use super::certificate::{CERTIFICATE_BYTES, Certificate, CertificateError, Holder};
use super::key::{Context, PublicKey, Signature};
use super::receipt::Digest;
use crate::cbor::{DecodeError, Reader, Writer};
use crate::time::Instant;

/// The values of an act in an encoded entry; a batch has more.
pub(super) const ACT_VALUES: usize = 4;
const REVOCATION: u64 = 0;
const VERDICT: u64 = 1;
const HELD: u64 = 2;

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
            Self::Revocation(act) => act.write(writer.uint(REVOCATION)),
            Self::Verdict(act) => act.write(writer.uint(VERDICT)),
            Self::Held(held) => held.write(writer.uint(HELD)),
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.uint::<u64>()? {
            REVOCATION => Revocation::read(reader).map(|act| Self::Revocation(Box::new(act))),
            VERDICT => Verdict::read(reader).map(|act| Self::Verdict(Box::new(act))),
            HELD => Held::read(reader).map(|held| Self::Held(Box::new(held))),
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
    use super::super::key::DeviceKey;
    use super::*;
    use crate::id::{DeviceNumber, ScopeId};

    fn authority() -> DeviceKey {
        DeviceKey::from_seed([1; 32])
    }

    fn revocation() -> Revocation {
        let nobody = (Certificate::default(), Certificate::default());
        let known = Known { seen: 3, heads: vec![[6; 32]] };
        Revocation::sign(&authority(), nobody, DeviceNumber(7), Instant(9), Reason::Lost, known)
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
            Revocation { known: Known { seen: 4, heads: vec![[6; 32]] }, ..revocation() },
            Revocation { known: Known { seen: 3, heads: vec![[5; 32]] }, ..revocation() },
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
