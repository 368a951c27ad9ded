//! Sessions: a device proves once who holds it and shows a short token after that.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use shared::id::{DeviceNumber, ScopeId};
use shared::identity::{Certificate, Entry, HeldFor, Holder, PublicKey};
use shared::wire::{Refusal, SESSION_SKEW_MILLIS, SessionRequest, SessionResponse, Token, WireError};

use crate::admit;
use crate::answer;
use crate::door::guard::Message;
use crate::error::LogError;
use crate::log::Certified;
use crate::quarantine;
use crate::relay::{Relay, now, random};

/// Who is behind a token.
#[derive(Debug)]
pub struct Session {
    /// The holder, as the certificate proves.
    pub holder: Holder,
    /// The certificate, ready to enter a scope.
    pub certificate: Certified,
    /// The same as it was proved.
    pub chain: Certificate,
    /// Why the device is given nothing and all that it pushes is held; nothing for most.
    pub barred: Option<HeldFor>,
    /// Whose share of the limits it uses: not the rightful device's, where it is the second to use an invitation.
    pub share: DeviceNumber,
}

/// The open sessions: one per key, so that their number is bounded by the devices that were enrolled.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<Open>);

#[derive(Debug, Default)]
struct Open {
    by_token: BTreeMap<Token, Arc<Session>>,
    by_key: BTreeMap<PublicKey, Token>,
}

impl Sessions {
    /// Opens a session; a former one of the same device ends.
    pub fn open(&self, session: Session) -> Token {
        let token = Token(random());
        if let Ok(mut open) = self.0.lock() {
            if let Some(former) = open.by_key.insert(session.holder.key, token) {
                open.by_token.remove(&former);
            }
            open.by_token.insert(token, Arc::new(session));
        }
        token
    }

    /// Ends the sessions of a device, as it was revoked.
    pub fn end(&self, device: DeviceNumber) {
        if let Ok(mut open) = self.0.lock() {
            open.by_token.retain(|_, session| session.holder.device != device);
        }
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
            let (device, barred) = (session.holder.device, session.barred);
            let token = relay.sessions.open(session);
            match barred {
                Some(reason) => {
                    relay.metrics.sessions_refused.get_or_create(&quarantine::refusal(reason).into()).inc();
                    tracing::warn!(%device, ?reason, "a session was opened for what will be held");
                }
                None => {
                    relay.metrics.sessions.inc();
                    tracing::info!(%device, "a session was opened");
                }
            }
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

/// Enters a device into the township's log, where every phone learns of it and the office can revoke it, before it has
/// recorded anything; refused where it rests on a device that was revoked meanwhile.
///
/// The relay does so and not the phone: one that only reads, and hides, is then known as well.
async fn enter(relay: &Relay, certificate: &Certified, chain: &Certificate) -> Result<Result<(), Refusal>, LogError> {
    if let Some(bytes) = relay.log.named(&ScopeId::Township, &certificate.name).await? {
        let stands = Entry::decode(&ScopeId::Township, &bytes).ok();
        let is_same = matches!(stands, Some(Entry::Certificate(known)) if known.said() == chain.said());
        // Of two renewals that count the same the first one stands.
        return Ok(if is_same { Ok(()) } else { Err(Refusal::Certificate) });
    }
    relay.log.act(certificate.alone(ScopeId::Township)).await
}

/// Tells whether a certificate was renewed since, or is a renewal of none that stands.
///
/// Each renewal counts on from the one before, so that the next one tells.
async fn is_superseded(relay: &Relay, holder: &Holder) -> Result<bool, LogError> {
    let stands = async |renewal| {
        let name = Certificate::name_of_renewal(holder.device, renewal);
        relay.log.named(&ScopeId::Township, &name).await
    };
    if stands(holder.renewal.saturating_add(1)).await?.is_some() {
        return Ok(true);
    }
    Ok(holder.renewal > 1 && stands(holder.renewal - 1).await?.is_none())
}

async fn prove(relay: &Relay, request: SessionRequest) -> Result<Session, Refusal> {
    relay.keep_up().await.map_err(|_| Refusal::Unavailable)?;
    let authority = relay.learn_authority().await.map_err(|_| Refusal::Unavailable)?.ok_or(Refusal::NotFounded)?;
    if request.at.0.abs_diff(now().0) > SESSION_SKEW_MILLIS {
        return Err(Refusal::Clock);
    }
    let holder = request.certificate.verify(&authority, now()).map_err(|_| Refusal::Certificate)?;
    request.verify(&holder.key).map_err(|_| Refusal::Signature)?;
    if is_superseded(relay, &holder).await.map_err(|_| Refusal::Unavailable)? {
        return Err(Refusal::Certificate);
    }
    let mut barred =
        quarantine::barred(relay, &request.certificate, &holder).await.map_err(|_| Refusal::Unavailable)?;
    if barred.is_none() && !relay.log.enrol(holder.device, holder.key).await.map_err(|_| Refusal::Unavailable)? {
        barred = Some(HeldFor::InvitationUsed);
    }
    let certificate = admit::certify(&holder, request.certificate.clone());
    if barred.is_none() {
        match enter(relay, &certificate, &request.certificate).await.map_err(|_| Refusal::Unavailable)? {
            Ok(()) => {}
            Err(Refusal::Revoked) => barred = Some(HeldFor::Revoked),
            Err(refused) => return Err(refused),
        }
    }
    let [a, b, c, d, ..] = holder.key.0;
    let share = match barred {
        Some(HeldFor::InvitationUsed) => DeviceNumber(u32::from_be_bytes([a, b, c, d])),
        _ => holder.device,
    };
    Ok(Session { holder, certificate, chain: request.certificate, barred, share })
}
