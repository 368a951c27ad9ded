//! The same exchange over a WebSocket, and news that nobody asked for.

use futures_util::{SinkExt, StreamExt};
use shared::identity::{Act, Batch, Certificate, Entry, Known, Reason, Revocation, Role};
use shared::time::Instant;
use shared::wire::{FromPhone, SyncResponse};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::phone::{Phone, Township, pushes};

const SCOPE: &str = "village.420529202209";
const MEETING: &str = "village.420529202209/meeting-2026-11-23-1";

/// A phone with its line to the relay.
pub struct Line {
    pub phone: Phone,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Line {
    /// Opens the line.
    pub async fn open(phone: Phone) -> Self {
        let (socket, _) = connect_async(format!("ws://{}/live", phone.relay)).await.unwrap();
        let mut line = Self { phone, socket };
        let hello = FromPhone::Hello(line.phone.token);
        line.send(hello).await;
        line
    }

    async fn send(&mut self, frame: FromPhone) {
        self.socket.send(Message::Binary(frame.encode().into())).await.unwrap();
    }

    /// Pushes batches, or asks for what is new.
    pub async fn push(&mut self, batches: &[Batch]) {
        let request = self.phone.request(&[SCOPE], batches);
        self.send(FromPhone::Sync(request)).await;
    }

    /// Waits for the next frame, if the relay sends one, and takes it in.
    pub async fn hear(&mut self) -> Option<SyncResponse> {
        loop {
            match self.socket.next().await? {
                Ok(Message::Binary(bytes)) => {
                    let response = SyncResponse::decode(&bytes).unwrap();
                    self.phone.take_in(&response);
                    return Some(response);
                }
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                _ => return None,
            }
        }
    }
}

#[tokio::test]
async fn phones_in_one_meeting_see_each_other() {
    let township = Township::found().await;
    let mut one = Line::open(township.scribe(1).await).await;
    let mut two = Line::open(township.scribe(2).await).await;
    for line in [&mut one, &mut two] {
        line.push(&[]).await;
        line.hear().await.unwrap();
    }
    for round in 0..10u8 {
        let batch = one.phone.record(MEETING, &[round]);
        one.push(&[batch]).await;
        while !one.phone.acknowledged.contains(&u32::from(round + 1)) {
            one.hear().await.unwrap();
        }
        while two.phone.logs[&SCOPE.parse().unwrap()].1 < one.phone.log(SCOPE).0 {
            let news = two.hear().await.unwrap();
            assert!(!news.scopes[0].entries.is_empty(), "news brings something");
        }
    }
    assert_eq!(one.phone.log(SCOPE), two.phone.log(SCOPE));
    assert_eq!(one.phone.heads(MEETING), two.phone.heads(MEETING));
}

#[tokio::test]
async fn what_comes_by_request_reaches_those_who_are_live() {
    let township = Township::found().await;
    let mut plain = township.scribe(1).await;
    let mut live = Line::open(township.scribe(2).await).await;
    live.push(&[]).await;
    live.hear().await.unwrap();
    let batch = plain.record(MEETING, b"by request");
    plain.sync(&[SCOPE], &[batch]).await;
    live.hear().await.unwrap();
    assert_eq!(live.phone.heads(MEETING), plain.heads(MEETING));
}

#[tokio::test]
async fn an_unknown_token_ends_the_line() {
    let township = Township::found().await;
    let mut phone = township.scribe(1).await;
    phone.token = shared::wire::Token([3; 16]);
    let mut line = Line::open(phone).await;
    assert!(line.hear().await.is_none());
}

/// The revocation is itself an entry of a log that the phone follows, so that its line ends without another word.
#[tokio::test]
async fn a_revocation_ends_the_line() {
    let township = Township::found().await;
    let (mut honest, office) = (township.scribe(2).await, township.phone(3, &[Role::TownshipOffice], &[]).await);
    let mut lost = Line::open(township.scribe(1).await).await;
    let mut other = Line::open(township.scribe(4).await).await;
    for line in [&mut lost, &mut other] {
        line.push(&[]).await;
        line.hear().await.unwrap();
    }
    let none = (Certificate::default(), Certificate::default());
    let (device, known) = (lost.phone.holder.device, Known::default());
    let revoked = Revocation::sign(&township.authority, none, device, Instant(1), Reason::Lost, known);
    let revoked = Entry::Act(Act::Revocation(Box::new(revoked))).encode();
    assert_eq!(pushes(&office, SCOPE, revoked).await, None);
    assert!(lost.hear().await.is_none(), "it is told nothing more");
    other.hear().await.unwrap();
    let batch = honest.record(MEETING, b"after it");
    honest.sync(&[SCOPE], &[batch]).await;
    other.hear().await.unwrap();
    assert_eq!(other.phone.heads(MEETING), honest.heads(MEETING), "and nobody else's line is the worse for it");
}

#[tokio::test]
async fn stopping_ends_every_line() {
    let township = Township::found().await;
    let mut line = Line::open(township.scribe(1).await).await;
    line.push(&[]).await;
    line.hear().await.unwrap();
    township.running.stop().await.unwrap();
    assert!(line.hear().await.is_none());
}
