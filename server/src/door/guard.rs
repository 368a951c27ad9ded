//! What a request passes before anybody reads it: where its page is from, who asks, and whether it asks too much.

use std::future::poll_fn;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::Arc;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use shared::wire::{REQUEST_BYTES, Refusal, SESSION_PATH, SYNC_PATH, SessionResponse};

use crate::answer::{self, Refused};
use crate::limits::neighbour;
use crate::relay::{Relay, now};

/// Where a proxy on this machine says for whom it asks; the last one in the list is its own word.
const FORWARDED: &str = "x-forwarded-for";

/// Who is at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// The address whose limits apply to a request; nothing where a proxy on this machine does not say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asker(pub Option<IpAddr>);

/// A body within its route's limit; one that is not is refused by name.
#[derive(Debug)]
pub struct Message(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Message {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        Bytes::from_request(request, state).await.map(Self).map_err(|rejected| {
            let is_long = rejected.status() == StatusCode::PAYLOAD_TOO_LARGE;
            answer::refusal(if is_long { Refusal::TooLarge } else { Refusal::Envelope })
        })
    }
}

/// Lets a request pass, or answers in its place; counts what was refused, here or behind.
pub async fn guard(State(relay): State<Arc<Relay>>, request: Request, next: Next) -> Response {
    let is_session = request.uri().path() == SESSION_PATH;
    let response = pass(&relay, request, next).await;
    if let Some(Refused(reason)) = response.extensions().get() {
        let metrics = &relay.metrics;
        let refused = if is_session { &metrics.sessions_refused } else { &metrics.requests_refused };
        refused.get_or_create(&(*reason).into()).inc();
        if *reason == Refusal::Unavailable {
            metrics.store_errors.inc();
        }
    }
    response
}

async fn pass(relay: &Relay, mut request: Request, next: Next) -> Response {
    if !is_of_this_site(request.headers()) {
        return refuse(request, Refusal::Origin).await;
    }
    let asker = asker(&request);
    request.extensions_mut().insert(asker);
    if request.uri().path() != SYNC_PATH {
        let permit = match relay.gate.address(asker.0).and_then(|()| relay.gate.unproved()) {
            Ok(permit) => permit,
            Err(reason) => return refuse(request, reason).await,
        };
        let response = next.run(request).await;
        drop(permit);
        return response;
    }
    let asked = match relay.sessions.of(request.headers()) {
        Some(session) => relay.gate.device(session.share).map(|()| session),
        None => Err(relay.gate.address(asker.0).err().unwrap_or(Refusal::NoSession)),
    };
    match asked {
        Ok(session) => {
            request.extensions_mut().insert(session);
            next.run(request).await
        }
        Err(reason) => refuse(request, reason).await,
    }
}

/// Refuses a request once all of it has come, unkept: whoever still sends would miss the answer.
async fn refuse(request: Request, reason: Refusal) -> Response {
    let is_session = request.uri().path() == SESSION_PATH;
    drain(request.into_body()).await;
    if is_session {
        answer::with_status(reason, SessionResponse::Refused { reason, now: now() }.encode())
    } else {
        answer::refusal(reason)
    }
}

async fn drain(mut body: Body) {
    let mut room = REQUEST_BYTES;
    while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Some(left) = room.checked_sub(frame.data_ref().map_or(0, Bytes::len)) else { return };
        room = left;
    }
}

/// Tells whether a request comes from a page of this very site, or from no page at all.
///
/// Only the host is compared: whether the site is reached by TLS is known to the proxy before the relay, not to it.
fn is_of_this_site(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let (Some(host), Ok(origin)) = (headers.get(header::HOST), origin.to_str()) else { return false };
    origin.split_once("://").is_some_and(|(_, site)| site.as_bytes().eq_ignore_ascii_case(host.as_bytes()))
}

fn asker(request: &Request) -> Asker {
    let peer = request.extensions().get().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |Peer(address)| *address);
    if !peer.to_canonical().is_loopback() {
        return Asker(Some(neighbour(peer)));
    }
    let named = request.headers().get_all(FORWARDED).iter().next_back();
    let last = named.and_then(|list| list.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    Asker(last.map(neighbour))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(peer: &str, headers: &[(&str, &str)]) -> Request {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(Peer(peer.parse().unwrap()));
        request
    }

    #[test]
    fn only_a_proxy_on_this_machine_is_believed() {
        let asker = |peer, forwarded: &[&str]| {
            let headers: Vec<_> = forwarded.iter().map(|value| (FORWARDED, *value)).collect();
            super::asker(&request(peer, &headers)).0.map(|address| address.to_string())
        };
        assert_eq!(
            asker("192.0.2.9", &["198.51.100.1"]).as_deref(),
            Some("192.0.2.9"),
            "a stranger says what it likes"
        );
        assert_eq!(asker("127.0.0.1", &["10.0.0.1, 198.51.100.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(asker("::1", &["203.0.113.1", "198.51.100.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(asker("127.0.0.1", &[]), None);
        assert_eq!(asker("127.0.0.1", &["unknown"]), None);
    }

    #[test]
    fn only_pages_of_this_site_may_ask() {
        let may = |headers: &[(&str, &str)]| is_of_this_site(request("127.0.0.1", headers).headers());
        assert!(may(&[("host", "pingyi.example")]), "a command is no page");
        assert!(may(&[("host", "pingyi.example"), ("origin", "https://pingyi.example")]));
        assert!(may(&[("host", "localhost:8080"), ("origin", "http://localhost:8080")]));
        for origin in ["https://pingyi.example.org", "http://localhost:8081", "null", "", "https://"] {
            assert!(!may(&[("host", "pingyi.example"), ("origin", origin)]), "{origin}");
        }
        assert!(!may(&[("origin", "https://pingyi.example")]));
    }
}
