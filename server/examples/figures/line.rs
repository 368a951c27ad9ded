//! A phone's line to the relay, as thin as it can be: it counts what it hears and checks that nothing is missing.

use std::ops::Range;

use futures_util::{SinkExt, StreamExt};
use shared::identity::Entry;
use shared::wire::{
    Answered, FromPhone, LIVE_PATH, SESSION_PATH, SessionRequest, SessionResponse, SyncRequest, SyncResponse,
};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::device::{Device, place};
use crate::process::Process;

/// Something that a line brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The receipt for one of the phone's own batches, by its number.
    Receipt(u32),
    /// Another phone's batch, by the phone's place and the batch's number.
    Entry(usize, u32),
}

/// A phone that is online.
pub struct Line {
    /// The phone.
    pub device: Device,
    /// The position up to which it has the village's log.
    pub cursor: u64,
    /// Whether more waits, which the relay gives when it is asked.
    more: bool,
    epoch: u32,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Line {
    /// Opens a session and a line, and asks for everything once.
    pub async fn open(client: &reqwest::Client, process: &Process, device: Device) -> Self {
        let address = process.address;
        let proof = SessionRequest::sign(device.certificate.clone(), &device.key, server::relay::now());
        let asked = client.post(format!("http://{address}{SESSION_PATH}")).body(proof.encode()).send().await.unwrap();
        let opened = SessionResponse::decode(&asked.bytes().await.unwrap()).unwrap();
        let SessionResponse::Open { token, epoch, .. } = opened else { panic!("{opened:?}") };
        let (socket, _) = connect_async(format!("ws://{address}{LIVE_PATH}")).await.unwrap();
        let mut line = Self { device, cursor: 0, more: false, epoch, socket };
        line.send(&FromPhone::Hello(token)).await;
        line.send(&FromPhone::Sync(line.device.request(0, epoch, &[]))).await;
        line.hear().await;
        line
    }

    /// Sends the batches at these places of the phone's list.
    pub async fn push(&mut self, places: Range<usize>) {
        let batches = &self.device.batches[places];
        let request = SyncRequest { scopes: vec![self.device.push(self.cursor, self.epoch, batches)] };
        self.send(&FromPhone::Sync(request)).await;
    }

    /// Asks for the next page, where the last one was not all.
    pub async fn go_on(&mut self) {
        if std::mem::take(&mut self.more) {
            self.push(0..0).await;
        }
    }

    /// Waits for the next message and returns what it brought beyond what is here already.
    ///
    /// Can be dropped while it waits: nothing that has come is lost.
    pub async fn hear(&mut self) -> Vec<Heard> {
        let bytes = loop {
            match self.socket.next().await {
                Some(Ok(Message::Binary(bytes))) => break bytes,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("phone {} was cut off: {other:?}", self.device.number),
            }
        };
        let answer = SyncResponse::decode(&bytes).unwrap();
        assert!(answer.refusals.is_empty(), "{answer:?}");
        let scope = self.device.scope();
        let mut heard = Vec::new();
        for answer in answer.scopes.into_iter().filter(|answer| answer.scope == scope) {
            assert!(answer.from <= self.cursor, "a gap in the log");
            let known = usize::try_from(self.cursor - answer.from).unwrap();
            self.cursor = self.cursor.max(answer.to());
            self.more = answer.more;
            heard.extend(answer.entries.into_iter().enumerate().filter_map(|(at, entry)| match entry {
                // A receipt may stand in a message whose entries have come before.
                Answered::Own(number) => Some(Heard::Receipt(number)),
                Answered::Theirs(_) if at < known => None,
                Answered::Theirs(bytes) => match Entry::decode(&scope, &bytes).unwrap() {
                    Entry::Batch(batch) => Some(Heard::Entry(place(batch.device), batch.number)),
                    Entry::Certificate(_) | Entry::Snapshot(_) | Entry::Act(_) | Entry::Later(_) => None,
                },
            }));
        }
        heard
    }

    async fn send(&mut self, message: &FromPhone) {
        self.socket.send(Message::Binary(message.encode().into())).await.unwrap();
    }
}
