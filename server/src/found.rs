//! `POST /found`: the office's own device gives a fresh relay its authority, once.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use shared::wire::{FoundRequest, FoundResponse, Refusal, WireError};

use crate::answer;
use crate::door::guard::Message;
use crate::relay::Relay;

/// Founds the township.
pub async fn found(State(relay): State<Arc<Relay>>, Message(body): Message) -> Response {
    match take(&relay, &body).await {
        Ok(()) => {
            tracing::info!("the township was founded");
            answer::message(FoundResponse::Founded.encode())
        }
        Err(reason) => {
            tracing::warn!(?reason, "a founding was refused");
            answer::refusal(reason)
        }
    }
}

async fn take(relay: &Relay, body: &[u8]) -> Result<(), Refusal> {
    let request = FoundRequest::decode(body).map_err(|error| match error {
        WireError::Version(_) => Refusal::Version,
        WireError::Decode(_) => Refusal::Envelope,
    })?;
    request.verify().map_err(|_| Refusal::Signature)?;
    match relay.found(request.token, request.authority, &request.code, &request.name).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Refusal::FoundingToken),
        Err(_) => Err(Refusal::Unavailable),
    }
}
