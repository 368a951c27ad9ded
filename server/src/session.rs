//! Sessions: a device proves once who holds it and shows a short token after that.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use shared::id::DeviceNumber;
use shared::identity::Holder;
use shared::wire::{Refusal, SESSION_SKEW_MILLIS, SessionRequest, SessionResponse, Token, WireError};

use crate::admit;
use crate::answer;
use crate::door::guard::Message;
use crate::log::Certified;
use crate::relay::{Relay, now, random};

/// Who is behind a token.
#[derive(Debug)]
pub struct Session {
    /// The holder, as the certificate proves.
    pub holder: Holder,
    /// The certificate, ready to enter a scope.
    pub certificate: Certified,
}

/// The open sessions: one per device, so that their number is bounded by the devices that were enrolled.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<Open>);

#[derive(Debug, Default)]
struct Open {
    by_token: BTreeMap<Token, Arc<Session>>,
    by_device: BTreeMap<DeviceNumber, Token>,
}

impl Sessions {
    /// Opens a session; a former one of the same device ends.
    pub fn open(&self, session: Session) -> Token {
        let token = Token(random());
        if let Ok(mut open) = self.0.lock() {
            if let Some(former) = open.by_device.insert(session.holder.device, token) {
                open.by_token.remove(&former);
            }
            open.by_token.insert(token, Arc::new(session));
        }
        token
    }

    /// Returns who is behind a token, while the certificate has not expired.
    pub fn find(&self, token: &Token) -> Option<Arc<Session>> {
        let session = self.0.lock().ok()?.by_token.get(token).cloned()?;
        (now() <= session.holder.expires).then_some(session)
    }

    /// Returns who is behind the token in the headers of a request.
    pub fn of(&self, headers: &HeaderMap) -> Option<Arc<Session>> {
        let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
        self.find(&Token::from_text(text)?)
    }
}

/// `POST /session`: a phone, whenever it has no token that the relay knows.
pub async fn open(State(relay): State<Arc<Relay>>, Message(body): Message) -> Response {
    let opened = match SessionRequest::decode(&body) {
        Ok(request) => prove(&relay, request).await,
        Err(WireError::Version(_)) => Err(Refusal::Version),
        Err(WireError::Decode(_)) => Err(Refusal::Envelope),
    };
    match opened {
        Ok(session) => {
            let device = session.holder.device;
            let token = relay.sessions.open(session);
            relay.metrics.sessions.inc();
            tracing::info!(%device, "a session was opened");
            let answer =
                SessionResponse::Open { token, relay: relay.key.public(), epoch: relay.epoch.number(), now: now() };
            answer::message(answer.encode())
        }
        Err(reason) => {
            tracing::info!(?reason, "a session was refused");
            answer::with_status(reason, SessionResponse::Refused { reason, now: now() }.encode())
        }
    }
}

async fn prove(relay: &Relay, request: SessionRequest) -> Result<Session, Refusal> {
    relay.keep_up().await.map_err(|_| Refusal::Unavailable)?;
    let authority = relay.learn_authority().await.map_err(|_| Refusal::Unavailable)?.ok_or(Refusal::NotFounded)?;
    if request.at.0.abs_diff(now().0) > SESSION_SKEW_MILLIS {
        return Err(Refusal::Clock);
    }
    let holder = request.certificate.verify(&authority, now()).map_err(|_| Refusal::Certificate)?;
    request.verify(&holder.key).map_err(|_| Refusal::Signature)?;
    match relay.log.enrol(holder.device, holder.key).await {
        Ok(true) => {
            let certificate = admit::certify(&holder, request.certificate);
            Ok(Session { holder, certificate })
        }
        Ok(false) => Err(Refusal::InvitationUsed),
        Err(_) => Err(Refusal::Unavailable),
    }
}
