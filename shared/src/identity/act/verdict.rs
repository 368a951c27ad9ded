//! The office's word on a batch that was held: it counts, or it does not.

use super::{VERDICT, read_chains, signer, write_chains};
use crate::cbor::{DecodeError, Reader, Writer};
use crate::id::{DeviceNumber, ScopeId};
use crate::identity::ActError;
use crate::identity::batch::entry_hash;
use crate::identity::certificate::{CERTIFICATE_BYTES, Certificate, Holder};
use crate::identity::key::{Context, DeviceKey, PublicKey, Signature};
use crate::identity::receipt::Digest;
use crate::time::Instant;

/// The largest statement, in bytes: a scope's name, a key, a digest and some numbers.
const STATEMENT_BYTES: usize = 512;

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

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.bytes(&write_chains(&self.by, &self.of)).bytes(&self.statement()).bytes(&self.signature.0);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
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
        Ok(Self { by, of, scope, device, key, batch, accepts, at, signature })
    }
}
