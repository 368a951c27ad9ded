//! Answers as HTTP: a message, or a refusal with the status that fits it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use shared::wire::{FoundResponse, Refusal};

/// Why an answer is a refusal, beside the answer for whoever counts.
#[derive(Clone, Copy, Debug)]
pub struct Refused(pub Refusal);

const CBOR: HeaderValue = HeaderValue::from_static("application/cbor");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Answers with a message.
pub fn message(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, CBOR), (header::CACHE_CONTROL, NO_STORE)], bytes).into_response()
}

/// Refuses a whole request; the body names the reason as a refused founding does.
pub fn refusal(reason: Refusal) -> Response {
    with_status(reason, FoundResponse::Refused(reason).encode())
}

/// Answers with a message that carries a refusal.
pub fn with_status(reason: Refusal, bytes: Vec<u8>) -> Response {
    let mut response = (status(reason), message(bytes)).into_response();
    response.extensions_mut().insert(Refused(reason));
    response
}

fn status(reason: Refusal) -> StatusCode {
    match reason {
        Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::Busy => StatusCode::TOO_MANY_REQUESTS,
        Refusal::NoSession => StatusCode::UNAUTHORIZED,
        Refusal::NotFounded | Refusal::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::Envelope | Refusal::Version => StatusCode::BAD_REQUEST,
        _ => StatusCode::FORBIDDEN,
    }
}
