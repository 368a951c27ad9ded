//! `GET /live`: the same messages over a WebSocket, and news without being asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use shared::id::ScopeId;
use shared::wire::{FromPhone, REQUEST_BYTES, SYNC_SCOPES, ScopeAnswer, SyncRequest, SyncResponse, Token};
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until, timeout};

use crate::answer;
use crate::door::guard::Asker;
use crate::error::LogError;
use crate::relay::{Relay, now};
use crate::running::stopped;
use crate::session::Session;
use crate::sync::{self, Cursor};

/// How long a connection may stay without saying who it is.
const HELLO_TIME: Duration = Duration::from_secs(10);
/// How often a silent connection is asked whether it is there; phones' networks drop silent ones after a minute.
const PING_TIME: Duration = Duration::from_secs(25);
/// How many pings may go unanswered before the connection is given up.
const SILENT_PINGS: u32 = 3;

/// What a line reads at once, in bytes; it is held as long as the line is, and most messages are smaller.
const LINE_BYTES: usize = 4096;

/// The least time between two pieces of news to one phone. The first entry after a quiet moment goes out at once; in a
/// busy meeting the next ones go together, or each would be sent to everybody by itself.
const NEWS_PAUSE: Duration = Duration::from_millis(50);

/// Opens the WebSocket: a phone, as long as it is online.
pub async fn live(
    State(relay): State<Arc<Relay>>,
    Extension(Asker(address)): Extension<Asker>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let place = match relay.gate.line(address) {
        Ok(place) => place,
        Err(reason) => return answer::refusal(reason),
    };
    let upgrade = upgrade.max_message_size(REQUEST_BYTES).max_frame_size(REQUEST_BYTES).read_buffer_size(LINE_BYTES);
    upgrade.on_upgrade(move |socket| async move {
        let number = relay.listeners.number();
        let mut connection =
            Connection { number, relay, token: None, socket, followed: BTreeMap::new(), own: BTreeSet::new() };
        if let Err(Ended::Failed(error)) = connection.serve().await {
            connection.relay.metrics.store_errors.inc();
            tracing::error!(%error, "a live connection failed");
        }
        connection.relay.listeners.leave(number);
        drop(place);
    })
}

/// Waits for a moment after the last news, and then for the next.
///
/// In this order, since the ring that ends the waiting must not be lost where the phone says something meanwhile.
async fn rung(bell: &Notify, told: Instant) {
    sleep_until(told + NEWS_PAUSE).await;
    bell.notified().await;
}

/// Why a connection is over.
enum Ended {
    /// The phone is gone, broke the protocol, or the relay stops.
    Gone,
    /// The log could not be read.
    Failed(LogError),
}

/// One phone that is online.
struct Connection {
    number: u64,
    relay: Arc<Relay>,
    token: Option<Token>,
    socket: WebSocket,
    /// Per scope the epoch and the position up to which the phone was given the log, and whether it has yet to ask for
    /// more.
    followed: BTreeMap<ScopeId, (u32, u64, bool)>,
    /// Batches that came over this connection and were not acknowledged yet.
    own: BTreeSet<u32>,
}

impl Connection {
    async fn serve(&mut self) -> Result<(), Ended> {
        let session = self.hello().await?;
        let (_place, asked_back) = self.relay.gate.line_of(session.share);
        let bell = Arc::new(Notify::new());
        let mut stopping = self.relay.stopping.clone();
        let mut ping = interval(PING_TIME);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut silent = 0;
        let mut told = Instant::now();
        while now() <= session.holder.expires {
            tokio::select! {
                message = self.socket.recv() => {
                    silent = 0;
                    match message {
                        Some(Ok(Message::Binary(bytes))) => self.answer(&session, &bell, &bytes).await?,
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                        _ => return Err(Ended::Gone),
                    }
                }
                () = rung(&bell, told) => {
                    self.tell(&session).await?;
                    told = Instant::now();
                }
                _ = ping.tick() => {
                    silent += 1;
                    if silent > SILENT_PINGS {
                        return Err(Ended::Gone);
                    }
                    self.send(Message::Ping(Vec::new().into())).await?;
                }
                () = asked_back.notified() => return Err(Ended::Gone),
                () = stopped(&mut stopping) => return Err(Ended::Gone),
            }
        }
        Ok(())
    }

    async fn hello(&mut self) -> Result<Arc<Session>, Ended> {
        match timeout(HELLO_TIME, self.socket.recv()).await {
            Ok(Some(Ok(Message::Binary(bytes)))) => match FromPhone::decode(&bytes) {
                // An unknown token ends the connection, upon which the phone opens a session.
                Ok(FromPhone::Hello(token)) => {
                    self.token = Some(token);
                    self.session()
                }
                _ => Err(Ended::Gone),
            },
            _ => Err(Ended::Gone),
        }
    }

    /// Returns who is behind the line, while the session lasts; a device that is given nothing has no line.
    fn session(&self) -> Result<Arc<Session>, Ended> {
        let session = self.token.and_then(|token| self.relay.sessions.find(&token));
        session.filter(|session| session.barred.is_none()).ok_or(Ended::Gone)
    }

    /// Answers a request and follows its scopes from here on.
    async fn answer(&mut self, session: &Arc<Session>, bell: &Arc<Notify>, bytes: &[u8]) -> Result<(), Ended> {
        self.session()?;
        let Ok(FromPhone::Sync(request)) = FromPhone::decode(bytes) else { return Err(Ended::Gone) };
        // Who asks more than its share over a line is read more slowly, and nothing is refused.
        while let Some(pause) = self.relay.gate.pause(session.share) {
            sleep(pause).await;
        }
        if self.followed.len() + request.scopes.len() > 2 * SYNC_SCOPES {
            return Err(Ended::Gone);
        }
        // Listening begins before the log is read, so that nothing falls between.
        for asked in &request.scopes {
            if shared::access::may_read(&session.holder, &asked.scope) && !self.followed.contains_key(&asked.scope) {
                self.relay.listeners.listen(self.number, &asked.scope, bell);
            }
        }
        let response = self.carry_out(session, request).await?;
        self.follow(&response.scopes);
        self.send(Message::Binary(response.encode().into())).await
    }

    /// Gives news of the scopes that the phone is not about to ask for itself.
    async fn tell(&mut self, session: &Arc<Session>) -> Result<(), Ended> {
        self.relay.keep_up().await.map_err(Ended::Failed)?;
        self.session()?;
        let followed = self.followed.iter().filter(|(_, (.., asks))| !asks);
        let cursors: Vec<_> = followed
            .map(|(scope, (epoch, position, _))| {
                let (scope, epoch, position) = (scope.clone(), *epoch, *position);
                Cursor { scope, epoch, position, stretches: false }
            })
            .collect();
        let mut scopes = sync::give(&self.relay, session, &cursors, &mut self.own).await.map_err(Ended::Failed)?;
        scopes.retain(|answer| !answer.entries.is_empty() || answer.more);
        if scopes.is_empty() {
            return Ok(());
        }
        self.follow(&scopes);
        let news = SyncResponse { scopes, refusals: Vec::new() };
        self.send(Message::Binary(news.encode().into())).await
    }

    async fn carry_out(&mut self, session: &Arc<Session>, request: SyncRequest) -> Result<SyncResponse, Ended> {
        sync::carry_out(&self.relay, session, request, &mut self.own).await.map_err(Ended::Failed)
    }

    fn follow(&mut self, answers: &[ScopeAnswer]) {
        let place = |answer: &ScopeAnswer| (answer.scope.clone(), (answer.epoch, answer.to(), answer.more));
        self.followed.extend(answers.iter().map(place));
    }

    async fn send(&mut self, message: Message) -> Result<(), Ended> {
        self.socket.send(message).await.map_err(|_| Ended::Gone)
    }
}
