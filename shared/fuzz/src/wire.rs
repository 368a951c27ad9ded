//! Messages between phone and relay.

use std::fmt::Debug;

use shared::identity::batch::ENTRY_BYTES;
use shared::wire::{
    Answered, FOUND_BYTES, FoundRequest, FoundResponse, FromPhone, PAGE_ENTRIES, PUSH_ENTRIES, REFUSALS, REQUEST_BYTES,
    SESSION_BYTES, SYNC_SCOPES, SessionRequest, SessionResponse, SyncRequest, SyncResponse, WireError,
};

pub fn session(bytes: &[u8]) {
    read_back(bytes, SESSION_BYTES, SessionRequest::decode, SessionRequest::encode);
    read_back(bytes, SESSION_BYTES, SessionResponse::decode, SessionResponse::encode);
    read_back(bytes, FOUND_BYTES, FoundRequest::decode, FoundRequest::encode);
    read_back(bytes, FOUND_BYTES, FoundResponse::decode, FoundResponse::encode);
}

pub fn sync(bytes: &[u8]) {
    let asked = read_back(bytes, REQUEST_BYTES, SyncRequest::decode, SyncRequest::encode);
    let live = match read_back(bytes, REQUEST_BYTES, FromPhone::decode, FromPhone::encode) {
        Some(FromPhone::Sync(request)) => Some(request),
        _ => None,
    };
    for request in asked.into_iter().chain(live) {
        assert!(request.scopes.len() <= SYNC_SCOPES);
        for scope in &request.scopes {
            assert!(scope.push.len() <= PUSH_ENTRIES && scope.push.iter().all(|entry| entry.len() <= ENTRY_BYTES));
        }
    }
    let Some(answer) = read_back(bytes, usize::MAX, SyncResponse::decode, SyncResponse::encode) else { return };
    assert!(answer.scopes.len() <= SYNC_SCOPES && answer.refusals.len() <= REFUSALS);
    for scope in &answer.scopes {
        assert!(scope.entries.len() <= PAGE_ENTRIES);
        let fits = |entry: &Answered| !matches!(entry, Answered::Theirs(bytes) if bytes.len() > ENTRY_BYTES);
        assert!(scope.entries.iter().all(fits) && scope.to() >= scope.from);
    }
}

/// Reads a message, which is within its limit, and reads it again as it is written; no message is written longer than
/// it can be read.
fn read_back<T: Debug + PartialEq>(
    bytes: &[u8],
    limit: usize,
    decode: fn(&[u8]) -> Result<T, WireError>,
    encode: fn(&T) -> Vec<u8>,
) -> Option<T> {
    let message = decode(bytes).ok()?;
    let written = encode(&message);
    assert!(bytes.len() <= limit && written.len() <= bytes.len(), "{} of {} bytes", written.len(), bytes.len());
    assert_eq!(decode(&written).as_ref(), Ok(&message));
    Some(message)
}
