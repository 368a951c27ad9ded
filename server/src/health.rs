//! `GET /healthz`: whether the relay can read its log.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::relay::Relay;

/// Answers `ok` where the log can be read.
pub async fn health(State(relay): State<Arc<Relay>>) -> (StatusCode, &'static str) {
    match relay.log.setting("epoch").await {
        Ok(_) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            relay.metrics.store_errors.inc();
            tracing::error!(%error, "the log cannot be read");
            (StatusCode::SERVICE_UNAVAILABLE, "the log cannot be read\n")
        }
    }
}
