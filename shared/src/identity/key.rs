//! Ed25519 keys, and the contexts that keep a signature for one purpose from serving another.

use std::fmt;

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use rand_core::RngCore;

/// What a signature is for; it is signed with the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// Somebody who may enrol grants a device its roles.
    Grant,
    /// An invited device binds its own key to the grant.
    Certificate,
    /// A device vouches for changes it made.
    Batch,
    /// The relay vouches for a position of its log.
    Receipt,
    /// A device asks the relay for a token.
    Session,
    /// An authority takes possession of a fresh relay.
    Found,
    /// Somebody who may decides about a device or its batch.
    Act,
}

impl Context {
    fn prefix(self) -> &'static [u8] {
        match self {
            Self::Grant => b"pingyi/grant/1\0",
            Self::Certificate => b"pingyi/certificate/1\0",
            Self::Batch => b"pingyi/batch/1\0",
            Self::Receipt => b"pingyi/receipt/1\0",
            Self::Session => b"pingyi/session/1\0",
            Self::Found => b"pingyi/found/1\0",
            Self::Act => b"pingyi/act/1\0",
        }
    }

    fn message(self, statement: &[u8]) -> Vec<u8> {
        [self.prefix(), statement].concat()
    }
}

/// The reasons why a signature does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// The public key is not a point of the curve.
    Key,
    /// The signature is not of this key over this statement.
    Signature,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key => "the public key is not a key",
            Self::Signature => "the signature does not hold",
        })
    }
}

impl std::error::Error for KeyError {}

/// A signing key: of a device, of the township's authority, of the relay, or of one invitation.
#[derive(Clone)]
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    /// Makes the key of a 32-byte seed.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// Draws a key.
    pub fn draw(rng: &mut dyn RngCore) -> Self {
        let mut seed = [0; 32];
        rng.fill_bytes(&mut seed);
        Self::from_seed(seed)
    }

    /// Returns the seed, for the device's own storage and nothing else.
    pub fn seed(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Returns the public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs a statement for one purpose.
    pub fn sign(&self, context: Context, statement: &[u8]) -> Signature {
        Signature(self.0.sign(&context.message(statement)).to_bytes())
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceKey(secret of {:?})", self.public())
    }
}

/// The public half of a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// Checks that this key signed the statement for this purpose.
    pub fn verify(&self, context: Context, statement: &[u8], signature: &Signature) -> Result<(), KeyError> {
        let key = VerifyingKey::from_bytes(&self.0).map_err(|_| KeyError::Key)?;
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        key.verify_strict(&context.message(statement), &signature).map_err(|_| KeyError::Signature)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(")?;
        self.0[..4].iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str("…)")
    }
}

/// A signature over a context and a statement.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature(pub [u8; 64]);

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(")?;
        self.0[..4].iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str("…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_serves_one_purpose() {
        let key = DeviceKey::from_seed([7; 32]);
        let signature = key.sign(Context::Batch, b"statement");
        assert_eq!(key.public().verify(Context::Batch, b"statement", &signature), Ok(()));
        assert_eq!(key.public().verify(Context::Receipt, b"statement", &signature), Err(KeyError::Signature));
        assert_eq!(key.public().verify(Context::Batch, b"Statement", &signature), Err(KeyError::Signature));
        let other = DeviceKey::from_seed([8; 32]).public();
        assert_eq!(other.verify(Context::Batch, b"statement", &signature), Err(KeyError::Signature));
    }

    #[test]
    fn a_secret_is_not_printed() {
        let key = DeviceKey::from_seed([7; 32]);
        assert!(!format!("{key:?}").contains("07070707"));
    }
}
