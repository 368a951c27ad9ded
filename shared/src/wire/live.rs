//! The frames of the WebSocket: a phone says hello once and then syncs; the relay answers, and speaks up by itself.
//!
//! Frames of the relay are [`SyncResponse`]s, whether they answer a request or bring news; either is understood by
//! its positions alone, so that a phone need not know which it is.
//!
//! [`SyncResponse`]: super::SyncResponse

use super::{REQUEST_BYTES, SyncRequest, Token, WireError, begin, open};
use crate::cbor::DecodeError;

const HELLO: u64 = 0;
const SYNC: u64 = 1;

/// A frame that a phone sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromPhone {
    /// The first frame: browsers cannot put the token into a header of a WebSocket.
    Hello(Token),
    /// Where the phone stands and what it pushes; from here on the relay sends news of these scopes.
    Sync(SyncRequest),
}

impl FromPhone {
    /// Writes the frame.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = begin(2);
        match self {
            Self::Hello(token) => {
                writer.uint(HELLO).bytes(&token.0);
            }
            Self::Sync(request) => request.write(writer.uint(SYNC)),
        }
        writer.finish()
    }

    /// Reads a frame.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = open(bytes, 2, REQUEST_BYTES)?;
        let frame = match reader.uint::<u64>()? {
            HELLO => Self::Hello(Token(reader.fixed()?)),
            SYNC => Self::Sync(SyncRequest::read(&mut reader)?),
            _ => return Err(DecodeError::Shape.into()),
        };
        reader.end()?;
        Ok(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_read_back() {
        for frame in [FromPhone::Hello(Token([3; 16])), FromPhone::Sync(SyncRequest::default())] {
            let bytes = frame.encode();
            assert_eq!(FromPhone::decode(&bytes), Ok(frame));
            assert!(FromPhone::decode(&[bytes.as_slice(), &[0]].concat()).is_err());
        }
    }
}
