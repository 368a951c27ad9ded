//! A relay: passes signed batches between phones and the township.
//!
//! It knows scopes, documents, hashes, devices and roles, and never reads what a record means.

pub mod cli;

pub mod admit;
pub mod answer;
pub mod assets;
pub mod backup;
pub mod config;
pub mod door;
pub mod epoch;
pub mod error;
pub mod found;
pub mod headless;
pub mod health;
pub mod limits;
pub mod listeners;
pub mod live;
pub mod log;
pub mod metrics;
pub mod quarantine;
pub mod relay;
pub mod running;
pub mod sample;
pub mod seed;
pub mod session;
pub mod stretch;
pub mod sync;
pub mod tls;

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::http::header::{self, HeaderName};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use shared::wire::{FOUND_BYTES, FOUND_PATH, LIVE_PATH, REQUEST_BYTES, SESSION_BYTES, SESSION_PATH, SYNC_PATH};
use tower_http::set_header::SetResponseHeaderLayer;

pub use config::Config;
use door::guard::guard;
pub use error::ServerError;
pub use relay::Relay;
pub use running::{Running, run, start};
pub use seed::Seed;

/// What a page of ours may load: its own files and nothing else; wasm may be compiled, text never run as code.
const CONTENT_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// For a year a browser that came by TLS comes by nothing else.
const ONLY_TLS: &str = "max-age=31536000";

/// Returns every route with who calls it.
pub fn router(relay: Arc<Relay>, assets: Option<PathBuf>, tls: bool) -> Router {
    let api = Router::new()
        // The office's own device, once, on a relay fresh from `pingyi init`.
        .route(FOUND_PATH, post(found::found).layer(DefaultBodyLimit::max(FOUND_BYTES)))
        // A phone that has no token the relay knows.
        .route(SESSION_PATH, post(session::open).layer(DefaultBodyLimit::max(SESSION_BYTES)))
        // A phone that has something to push or wants to know.
        .route(SYNC_PATH, post(sync::sync).layer(DefaultBodyLimit::max(REQUEST_BYTES)))
        // A phone, as long as it is online.
        .route(LIVE_PATH, get(live::live))
        .route_layer(from_fn_with_state(relay.clone(), guard))
        // Whoever watches over the machine.
        .route("/healthz", get(health::health))
        .with_state(relay);
    // A browser, for the page and its files.
    let app = Router::new().fallback(get(assets::serve)).with_state(Arc::new(assets));
    let only_tls = tls.then_some((header::STRICT_TRANSPORT_SECURITY, ONLY_TLS));
    [
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(self), geolocation=(), microphone=()"),
    ]
    .into_iter()
    .chain(only_tls)
    .fold(api.merge(app), |router, (name, value)| {
        router.layer(SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value)))
    })
}
