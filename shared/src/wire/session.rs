//! Opening a session with a certificate, and founding a township on a fresh relay.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Refusal, WireError, begin, open};
use crate::cbor::{Reader, Writer};
use crate::id::{ID_BYTES, UnitCode};
use crate::identity::certificate::{CERTIFICATE_BYTES, NAME_BYTES};
use crate::identity::{Certificate, Context, DeviceKey, KeyError, PublicKey, Signature};
use crate::time::Instant;

/// The largest session request or answer, in bytes.
pub const SESSION_BYTES: usize = CERTIFICATE_BYTES + 256;
/// The largest founding request or answer, in bytes.
pub const FOUND_BYTES: usize = 512;

/// What a device shows at every sync: sixteen random bytes known to the relay.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Token(pub [u8; 16]);

impl Token {
    /// Returns the token as it stands after `Bearer ` in a header and in a founding link.
    pub fn to_text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Reads the text back.
    pub fn from_text(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(secret)")
    }
}

/// A device proves who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRequest {
    /// The device's certificate.
    pub certificate: Certificate,
    /// The relay's time as the device knows it: its own clock, or what a refusal told it.
    pub at: Instant,
    /// The device's signature over the time.
    pub signature: Signature,
}

impl SessionRequest {
    /// Signs a request.
    pub fn sign(certificate: Certificate, key: &DeviceKey, at: Instant) -> Self {
        let signature = key.sign(Context::Session, &at.0.to_be_bytes());
        Self { certificate, at, signature }
    }

    /// Checks the signature with the device key of the certificate.
    pub fn verify(&self, key: &PublicKey) -> Result<(), KeyError> {
        key.verify(Context::Session, &self.at.0.to_be_bytes(), &self.signature)
    }

    /// Writes the request.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = begin(3);
        writer.bytes(&self.certificate.encode()).uint(self.at.0).bytes(&self.signature.0);
        writer.finish()
    }

    /// Reads a request.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = open(bytes, 3, SESSION_BYTES)?;
        let request = Self {
            certificate: Certificate::decode(reader.bytes(CERTIFICATE_BYTES)?)?,
            at: Instant(reader.uint()?),
            signature: Signature(reader.fixed()?),
        };
        reader.end()?;
        Ok(request)
    }
}

/// The relay's answer to a session request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionResponse {
    /// The session is open.
    Open {
        /// What the device shows from here on.
        token: Token,
        /// The key that signs receipts.
        relay: PublicKey,
        /// The relay's epoch.
        epoch: u32,
        /// The relay's time, by which the device can see its own clock's offset.
        now: Instant,
    },
    /// The session was refused.
    Refused {
        /// Why.
        reason: Refusal,
        /// The relay's time, to sign with at the next attempt.
        now: Instant,
    },
}

impl SessionResponse {
    /// Writes the answer.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Open { token, relay, epoch, now } => {
                let mut writer = begin(4);
                writer.bytes(&token.0).bytes(&relay.0).uint((*epoch).into()).uint(now.0);
                writer.finish()
            }
            Self::Refused { reason, now } => {
                let mut writer = begin(2);
                writer.uint(reason.number().into()).uint(now.0);
                writer.finish()
            }
        }
    }

    /// Reads an answer.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        if let Ok(mut reader) = open(bytes, 2, SESSION_BYTES) {
            let reason = read_refusal(&mut reader)?;
            let now = Instant(reader.uint()?);
            reader.end()?;
            return Ok(Self::Refused { reason, now });
        }
        let mut reader = open(bytes, 4, SESSION_BYTES)?;
        let (token, relay) = (Token(reader.fixed()?), PublicKey(reader.fixed()?));
        let (epoch, now) = (reader.uint()?, Instant(reader.uint()?));
        reader.end()?;
        Ok(Self::Open { token, relay, epoch, now })
    }
}

/// The office's own device takes possession of a fresh relay; it succeeds once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRequest {
    /// The token of the founding link.
    pub token: Token,
    /// The township's authority.
    pub authority: PublicKey,
    /// The township's division code.
    pub code: UnitCode,
    /// The township's name.
    pub name: String,
    /// The authority's signature over all of these.
    pub signature: Signature,
}

impl FoundRequest {
    /// Signs a request with the authority's key.
    pub fn sign(token: Token, authority: &DeviceKey, code: UnitCode, name: String) -> Self {
        let signature = authority.sign(Context::Found, &Self::statement(&token, &code, &name));
        Self { token, authority: authority.public(), code, name, signature }
    }

    /// Checks that the sender holds the authority's key.
    pub fn verify(&self) -> Result<(), KeyError> {
        self.authority.verify(Context::Found, &Self::statement(&self.token, &self.code, &self.name), &self.signature)
    }

    fn statement(token: &Token, code: &UnitCode, name: &str) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.array(3).bytes(&token.0).text(code.as_str()).text(name);
        writer.finish()
    }

    /// Writes the request.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = begin(5);
        writer.bytes(&self.token.0).bytes(&self.authority.0).text(self.code.as_str()).text(&self.name);
        writer.bytes(&self.signature.0);
        writer.finish()
    }

    /// Reads a request.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = open(bytes, 5, FOUND_BYTES)?;
        let request = Self {
            token: Token(reader.fixed()?),
            authority: PublicKey(reader.fixed()?),
            code: reader.parsed(ID_BYTES)?,
            name: reader.text(NAME_BYTES)?.to_owned(),
            signature: Signature(reader.fixed()?),
        };
        reader.end()?;
        Ok(request)
    }
}

/// The relay's answer to a founding request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundResponse {
    /// The relay serves this authority from here on.
    Founded,
    /// The relay refused.
    Refused(Refusal),
}

impl FoundResponse {
    /// Writes the answer.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = begin(1);
        match self {
            Self::Founded => writer.null(),
            Self::Refused(reason) => writer.uint(reason.number().into()),
        };
        writer.finish()
    }

    /// Reads an answer.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = open(bytes, 1, FOUND_BYTES)?;
        let answer = if reader.nothing()? { Self::Founded } else { Self::Refused(read_refusal(&mut reader)?) };
        reader.end()?;
        Ok(answer)
    }
}

/// Reads a reason; one of a later version is taken as that.
pub(super) fn read_refusal(reader: &mut Reader<'_>) -> Result<Refusal, WireError> {
    Ok(Refusal::from_number(reader.uint()?).unwrap_or(Refusal::Version))
}

#[cfg(test)]
mod tests {
    use super::super::VERSION;
    use super::*;
    use crate::cbor::DecodeError;

    #[test]
    fn messages_read_back() {
        assert_eq!(Token::from_text(&Token([250; 16]).to_text()), Some(Token([250; 16])));
        assert_eq!(Token::from_text("AAAA"), None);
        let key = DeviceKey::from_seed([1; 32]);
        let request = SessionRequest::sign(Certificate::default(), &key, Instant(5));
        assert_eq!(SessionRequest::decode(&request.encode()), Ok(request.clone()));
        assert_eq!(request.verify(&key.public()), Ok(()));
        for answer in [
            SessionResponse::Open { token: Token([1; 16]), relay: key.public(), epoch: 7, now: Instant(9) },
            SessionResponse::Refused { reason: Refusal::Clock, now: Instant(9) },
        ] {
            let bytes = answer.encode();
            assert_eq!(SessionResponse::decode(&bytes), Ok(answer));
            for end in 0..bytes.len() {
                assert!(SessionResponse::decode(&bytes[..end]).is_err());
            }
        }
        let code = UnitCode::new("420529202").unwrap();
        let found = FoundRequest::sign(Token([2; 16]), &key, code, "牛庄乡".to_owned());
        assert_eq!(FoundRequest::decode(&found.encode()), Ok(found.clone()));
        assert_eq!(found.verify(), Ok(()));
        let renamed = FoundRequest { name: "别处".to_owned(), ..found };
        assert_eq!(renamed.verify(), Err(KeyError::Signature));
        for answer in [FoundResponse::Founded, FoundResponse::Refused(Refusal::FoundingToken)] {
            assert_eq!(FoundResponse::decode(&answer.encode()), Ok(answer));
        }
    }

    #[test]
    fn another_version_is_named() {
        let mut bytes = FoundResponse::Founded.encode();
        bytes[1] = VERSION + 1;
        assert_eq!(FoundResponse::decode(&bytes), Err(WireError::Version(u64::from(VERSION) + 1)));
        let long = FoundResponse::decode(&[0; FOUND_BYTES + 1]);
        assert_eq!(long, Err(WireError::Decode(DecodeError::TooLong)));
    }
}
