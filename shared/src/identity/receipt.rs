//! The relay's signature over a position of a scope's log, and with it over everything before.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::key::{Context, DeviceKey, KeyError, PublicKey, Signature};
use crate::cbor::Writer;
use crate::id::ScopeId;

/// The hash of an entry, or of a log up to a position.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of an empty log.
    pub const EMPTY: Self = Self([0; 32]);

    /// Returns the digest of the log that has one entry more.
    pub fn then(self, entry: Self) -> Self {
        Self(Sha256::new().chain_update(self.0).chain_update(entry.0).finalize().into())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(")?;
        self.0[..4].iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str("…)")
    }
}

/// What the relay vouches for: its log of a scope, up to a position, has this digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The scope.
    pub scope: ScopeId,
    /// The relay's epoch, which changes when it is restored from a backup.
    pub epoch: u32,
    /// The position of the last entry covered, from 1.
    pub position: u64,
    /// The digest of the log up to and with that entry.
    pub digest: Digest,
}

impl Receipt {
    /// Signs with the relay's own key.
    pub fn sign(&self, relay: &DeviceKey) -> Signature {
        relay.sign(Context::Receipt, &self.statement())
    }

    /// Checks the relay's signature.
    pub fn verify(&self, relay: &PublicKey, signature: &Signature) -> Result<(), KeyError> {
        relay.verify(Context::Receipt, &self.statement(), signature)
    }

    fn statement(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.array(4).text(&self.scope.to_string()).uint(self.epoch.into()).uint(self.position).bytes(&self.digest.0);
        writer.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_covers_everything_before_it() {
        let relay = DeviceKey::from_seed([1; 32]);
        let digest = Digest::EMPTY.then(Digest([1; 32])).then(Digest([2; 32]));
        let receipt = Receipt { scope: ScopeId::Township, epoch: 7, position: 2, digest };
        let signature = receipt.sign(&relay);
        assert_eq!(receipt.verify(&relay.public(), &signature), Ok(()));
        let swapped = Digest::EMPTY.then(Digest([2; 32])).then(Digest([1; 32]));
        for other in [
            Receipt { digest: swapped, ..receipt.clone() },
            Receipt { position: 3, ..receipt.clone() },
            Receipt { epoch: 8, ..receipt.clone() },
            Receipt { scope: ScopeId::Office, ..receipt.clone() },
        ] {
            assert_eq!(other.verify(&relay.public(), &signature), Err(KeyError::Signature));
        }
    }
}
