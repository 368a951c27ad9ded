//! A batch that waits for a person's decision, as the relay keeps it in the office's log.

use crate::cbor::{DecodeError, Reader, Writer};
use crate::id::ScopeId;
use crate::identity::batch::{ENTRY_BYTES, entry_hash};
use crate::identity::certificate::{CERTIFICATE_BYTES, Certificate};
use crate::identity::receipt::Digest;
use crate::time::Instant;

/// The largest entry that can be held: together with its certificate it is an entry of the office's log itself.
pub const HELD_BYTES: usize = ENTRY_BYTES - CERTIFICATE_BYTES - 256;

/// The largest heading of one, in bytes: a scope's name and a time.
const HEAD_BYTES: usize = 256;

/// Why a batch waits for a person's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeldFor {
    /// Its device, or one that its enrolment rests on, was revoked before it came.
    Revoked,
    /// Another device took the same invitation up before.
    InvitationUsed,
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

impl Held {
    /// Returns the name by which the office's log finds a held batch.
    pub fn name(scope: &ScopeId, batch: &Digest) -> Digest {
        entry_hash(&[b"held", scope.to_string().as_bytes(), &batch.0])
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        let mut head = Writer::new();
        head.array(3).scope(&self.scope).bool(self.reason == HeldFor::Revoked).uint(self.arrived.0);
        writer.bytes(&head.finish()).bytes(&self.certificate.encode()).bytes(&self.entry);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut head = Reader::new(reader.bytes(HEAD_BYTES)?);
        head.array(3)?;
        let scope = head.scope()?;
        let reason = if head.bool()? { HeldFor::Revoked } else { HeldFor::InvitationUsed };
        let arrived = Instant(head.uint()?);
        head.end()?;
        let certificate = Certificate::decode(reader.bytes(CERTIFICATE_BYTES)?)?;
        let entry = reader.bytes(HELD_BYTES)?.to_vec();
        Ok(Self { scope, reason, arrived, certificate, entry })
    }
}
