//! Every message between a phone and the relay, its version and its limits.
//!
//! All messages are CBOR arrays that begin with the version. `/session`, `/sync`, `/found` are one request and one
//! answer; `/live` carries the same sync messages in WebSocket frames.

pub mod holdings;
pub mod live;
pub mod refusal;
pub mod session;
pub mod sync;

use std::fmt;

pub use holdings::Holdings;
pub use live::FromPhone;
pub use refusal::Refusal;
pub use session::{FOUND_BYTES, FoundRequest, FoundResponse, SESSION_BYTES, SessionRequest, SessionResponse, Token};
pub use sync::{Answered, ScopeAnswer, ScopeRefusal, ScopeRequest, SyncRequest, SyncResponse};

use crate::cbor::{DecodeError, Reader, Writer};
use crate::identity::batch::ENTRY_BYTES;

/// The version that both sides speak.
pub const VERSION: u8 = 1;
/// The most scopes in one request: an office with every village of a large township, and everybody who ever wrote to it.
pub const SYNC_SCOPES: usize = 512;
/// The most entries pushed for one scope in one request.
pub const PUSH_ENTRIES: usize = 512;
/// The largest request, in bytes: one entry of the largest kind and a day's small ones.
pub const REQUEST_BYTES: usize = 2 * ENTRY_BYTES;
/// The size at which an answer takes no more entries, in bytes over all its scopes, so that every page is soon
/// durable on a slow link.
pub const PAGE_BYTES: usize = 16 * 1024;
/// The most entries of one scope in one page; with [`PAGE_BYTES`] it bounds an answer even of empty entries.
pub const PAGE_ENTRIES: usize = 512;
/// The most refusals in one answer; a phone that gets so many has to stop anyway.
pub const REFUSALS: usize = 64;
/// The most documents of one scope that are compared in one request.
pub const COMPARED: usize = 32;
/// The size at which an answer takes up no more comparisons, in bytes: one document of the largest kind fits whatever
/// it takes, and a quarter's documents together.
pub const HOLDINGS_BYTES: usize = 512 * 1024;
/// The largest difference between the device's idea of the relay's time and the relay's own, in milliseconds.
pub const SESSION_SKEW_MILLIS: u64 = 10 * 60 * 1000;

/// The most changes of one document, its genesis included: three times the entries of a quarter, and still quick to read
/// on a cheap phone.
pub const DOCUMENT_CHANGES: u64 = 20_000;
/// The most bytes of changes of one document, as they come: four times what so many entries of a quarter take, so that
/// a few large changes cannot make a document that a cheap phone does not open.
pub const DOCUMENT_BYTES: u64 = 16 * 1024 * 1024;

/// The path of the session request.
pub const SESSION_PATH: &str = "/session";
/// The path of the sync request.
pub const SYNC_PATH: &str = "/sync";
/// The path of the founding request.
pub const FOUND_PATH: &str = "/found";
/// The path of the WebSocket.
pub const LIVE_PATH: &str = "/live";

/// The reasons why bytes are not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireError {
    /// The other side speaks a version that this side does not.
    Version(u64),
    /// The bytes cannot be read.
    Decode(DecodeError),
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) => write!(f, "the other side speaks version {version}, this side {VERSION}"),
            Self::Decode(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WireError {}

impl From<DecodeError> for WireError {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

/// Begins a message of so many values after the version.
fn begin(count: usize) -> Writer {
    let mut writer = Writer::new();
    writer.array(count + 1).uint(VERSION.into());
    writer
}

/// Reads the beginning of a message of so many values after the version.
///
/// The version is looked at before the count, so that a longer message of a later version is named as such.
fn open(bytes: &[u8], count: usize, limit: usize) -> Result<Reader<'_>, WireError> {
    if bytes.len() > limit {
        return Err(DecodeError::TooLong.into());
    }
    let mut reader = Reader::new(bytes);
    let values = reader.list(SYNC_SCOPES)?;
    let version = reader.uint::<u64>()?;
    if version != u64::from(VERSION) {
        return Err(WireError::Version(version));
    }
    if values == count + 1 { Ok(reader) } else { Err(DecodeError::Shape.into()) }
}
