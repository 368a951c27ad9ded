//! Phones that all come back at once, each with what it has gathered, over HTTP.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use shared::wire::{SESSION_PATH, SYNC_PATH, SessionRequest, SessionResponse, SyncRequest, SyncResponse, Token};
use tokio::task::JoinSet;

use crate::device::Device;

/// A phone that has a session.
pub struct Visitor {
    client: reqwest::Client,
    relay: SocketAddr,
    token: Token,
    /// The epoch of the relay's log.
    pub epoch: u32,
}

impl Visitor {
    /// Opens a session; nothing where the relay does not.
    pub async fn open(client: &reqwest::Client, relay: SocketAddr, device: &Device) -> Option<Self> {
        let proof = SessionRequest::sign(device.certificate.clone(), &device.key, server::relay::now());
        let asked = client.post(format!("http://{relay}{SESSION_PATH}")).body(proof.encode()).send().await.ok()?;
        match SessionResponse::decode(&asked.bytes().await.ok()?).ok()? {
            SessionResponse::Open { token, epoch, .. } => Some(Self { client: client.clone(), relay, token, epoch }),
            SessionResponse::Refused { .. } => None,
        }
    }

    /// Syncs once; nothing where the relay does not answer, or refuses a part.
    pub async fn sync(&self, request: &SyncRequest) -> Option<SyncResponse> {
        let asked = self.client.post(format!("http://{}{SYNC_PATH}", self.relay)).body(request.encode());
        let asked = asked.header("authorization", format!("Bearer {}", self.token.to_text())).send().await.ok()?;
        let answer = SyncResponse::decode(&asked.bytes().await.ok()?).ok()?;
        answer.refusals.is_empty().then_some(answer)
    }
}

/// Lets all of them come at once with all they have; returns how long each waited, and how many had no answer.
///
/// An answer to a push is a promise: the relay gives it when the disk has everything.
pub async fn stampede(relay: SocketAddr, devices: Vec<Device>) -> (Vec<Duration>, usize) {
    let client = reqwest::Client::new();
    let start = Instant::now();
    let mut crowd = JoinSet::new();
    for device in devices {
        let client = client.clone();
        crowd.spawn(async move {
            let visitor = Visitor::open(&client, relay, &device).await?;
            visitor.sync(&device.request(0, visitor.epoch, &device.batches)).await?;
            Some(start.elapsed())
        });
    }
    let outcomes = crowd.join_all().await;
    let failed = outcomes.iter().filter(|outcome| outcome.is_none()).count();
    let mut waits: Vec<Duration> = outcomes.into_iter().flatten().collect();
    waits.sort_unstable();
    (waits, failed)
}
