//! What a relay counts and measures, for whoever watches over the machine; never a person, a device or a word.
//!
//! Each relay has a registry of its own, since several may run in one process.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use shared::wire::Refusal;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::error::ServerError;
use crate::relay::Relay;
use crate::running::stopped;

/// The shortest time that is told apart, in seconds: half of what a flush of a good disk takes.
const SHORTEST: f64 = 0.000_5;
/// How many times, each twice the one before: up to sixteen seconds, after which a phone has given up.
const TIMES: u16 = 16;

const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Why something was refused, by the name of the reason.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Reason {
    reason: String,
}

impl From<Refusal> for Reason {
    fn from(refusal: Refusal) -> Self {
        Self { reason: format!("{refusal:?}") }
    }
}

/// What one relay counts and measures.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// Batches that were kept, those that had been kept before included.
    pub admitted: Counter,
    /// Batches and scopes that were refused.
    pub refused: Family<Reason, Counter>,
    /// Whole requests that were refused, those for a session left out.
    pub requests_refused: Family<Reason, Counter>,
    /// Sessions that were opened.
    pub sessions: Counter,
    /// Sessions that were refused.
    pub sessions_refused: Family<Reason, Counter>,
    /// Connections that were ended at once since there are too many.
    pub connections_refused: Counter,
    /// Requests that failed since the log could not be read or written.
    pub store_errors: Counter,
    /// Bytes that came in, of every connection and as they stand on the wire.
    pub up: Counter,
    /// Bytes that went out, of every connection and as they stand on the wire.
    pub down: Counter,
    /// From a request that has arrived to its answer, by request or on a line.
    pub sync: Histogram,
    /// From a push that was checked until it is on the disk, the wait for the writer included.
    pub commit: Histogram,
    scopes: Gauge,
    entries: Gauge,
    queue: Gauge,
    lines: Gauge,
    connections: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let times = || Histogram::new(exponential_buckets(SHORTEST, 2.0, TIMES));
        let mut metrics = Self {
            registry: Registry::with_prefix("pingyi"),
            admitted: Counter::default(),
            refused: Family::default(),
            requests_refused: Family::default(),
            sessions: Counter::default(),
            sessions_refused: Family::default(),
            connections_refused: Counter::default(),
            store_errors: Counter::default(),
            up: Counter::default(),
            down: Counter::default(),
            sync: times(),
            commit: times(),
            scopes: Gauge::default(),
            entries: Gauge::default(),
            queue: Gauge::default(),
            lines: Gauge::default(),
            connections: Gauge::default(),
        };
        metrics.name();
        metrics
    }
}

impl Metrics {
    /// Gives everything its name.
    fn name(&mut self) {
        let registry = &mut self.registry;
        registry.register("batches_admitted", "Batches kept or known", self.admitted.clone());
        registry.register("batches_refused", "Batches and scopes refused", self.refused.clone());
        registry.register("requests_refused", "Whole requests refused", self.requests_refused.clone());
        registry.register("sessions_opened", "Sessions opened", self.sessions.clone());
        registry.register("sessions_refused", "Sessions refused", self.sessions_refused.clone());
        let (name, help) = ("connections_refused", "Connections ended at once for being too many");
        registry.register(name, help, self.connections_refused.clone());
        registry.register("store_errors", "Requests that the log failed", self.store_errors.clone());
        registry.register_with_unit("received", "Bytes that came in", Unit::Bytes, self.up.clone());
        registry.register_with_unit("sent", "Bytes that went out", Unit::Bytes, self.down.clone());
        registry.register_with_unit("sync", "From request to answer", Unit::Seconds, self.sync.clone());
        registry.register_with_unit("commit", "From push to disk", Unit::Seconds, self.commit.clone());
        registry.register("scopes", "Scopes with a log", self.scopes.clone());
        registry.register("log_entries", "Entries in the logs of all scopes", self.entries.clone());
        registry.register("writer_queue", "Orders that wait for the writer", self.queue.clone());
        registry.register("lines", "Phones on a live line", self.lines.clone());
        registry.register("connections", "Open connections", self.connections.clone());
    }

    /// Writes everything as text, with the state of a relay at this moment.
    fn text(&self, relay: &Relay) -> Option<String> {
        let (scopes, entries) = relay.log.extent();
        let (connections, lines) = relay.gate.open();
        let gauges = [
            (&self.scopes, scopes as u64),
            (&self.entries, entries),
            (&self.queue, relay.log.waiting() as u64),
            (&self.lines, lines as u64),
            (&self.connections, connections as u64),
        ];
        for (gauge, value) in gauges {
            gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        }
        let mut written = String::new();
        text::encode(&mut written, &self.registry).ok()?;
        Some(written)
    }
}

/// Serves `/metrics` at an address of its own, which the public need not reach, until the relay stops.
pub async fn serve(
    relay: Arc<Relay>,
    address: SocketAddr,
) -> Result<(SocketAddr, JoinHandle<std::io::Result<()>>), ServerError> {
    let failed = |error| ServerError::Listen(address, error);
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    let mut stopping = relay.stopping.clone();
    let router = Router::new().route("/metrics", get(metrics)).with_state(relay);
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move { stopped(&mut stopping).await });
    tracing::info!(address = %bound, "the metrics are served");
    Ok((bound, tokio::spawn(async move { serving.await })))
}

async fn metrics(State(relay): State<Arc<Relay>>) -> Response {
    match relay.metrics.text(&relay) {
        Some(text) => ([(header::CONTENT_TYPE, FORMAT)], text).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
