//! Somebody who may read everything and looks at what the relay really sends, change by change.

use std::sync::{Arc, Mutex};

use automerge::ScalarValue;
use automerge::legacy::OpType;
use server::headless::{Headless, Http, Transport};
use shared::document::change::Change;
use shared::document::fact::read_meeting;
use shared::domain::Workspace;
use shared::domain::meeting::MeetingFact;
use shared::id::{Address, DeviceNumber, PersonId};
use shared::identity::Entry;
use shared::wire::sync::{Answered, SyncResponse};

use crate::Relay;

/// A device without a screen that keeps every answer of the relay as it came.
pub struct Auditor {
    device: Headless<Listening>,
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
}

/// One batch as it lies on the relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The document that it changes.
    pub address: Address,
    /// Whose it is.
    pub device: DeviceNumber,
    /// Its number among that device's batches.
    pub number: u32,
    /// The changes in it.
    pub changes: Vec<SentChange>,
}

/// One change of a batch, taken apart without the product's own reading of documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentChange {
    /// Its bytes.
    pub raw: Vec<u8>,
    /// The facts of meetings among the values that it writes.
    pub facts: Vec<MeetingFact>,
    /// How many of its operations write anything else.
    pub others: usize,
}

struct Listening {
    http: Http,
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Transport for Listening {
    async fn post(&mut self, path: &str, token: Option<&str>, body: Vec<u8>) -> Option<(u16, Vec<u8>)> {
        let answer = self.http.post(path, token, body).await?;
        if path == "/sync" {
            self.heard.lock().unwrap().push(answer.1.clone());
        }
        Some(answer)
    }
}

impl Auditor {
    /// Takes up the link of a role and fetches everything that it may read.
    pub async fn enrol(relay: &Relay, role: &str) -> Self {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let transport = Listening { http: Http::new(&relay.url()), heard: heard.clone() };
        let mut device = Headless::in_memory(transport).await.unwrap();
        device.enrol(&relay.link(role)).await.unwrap();
        let mut auditor = Self { device, heard };
        auditor.sync().await;
        auditor
    }

    /// Fetches what is new.
    pub async fn sync(&mut self) {
        self.device.sync().await.unwrap();
    }

    /// Returns what the records say.
    pub fn workspace(&self) -> &Workspace {
        self.device.workspace()
    }

    /// Returns every batch that the relay has sent so far, in the order of its logs.
    pub fn sent(&self) -> Vec<Sent> {
        let answers = self.heard.lock().unwrap();
        let mut sent = Vec::new();
        for answer in answers.iter() {
            for scope in SyncResponse::decode(answer).unwrap().scopes {
                for entry in scope.entries {
                    let Answered::Theirs(bytes) = entry else { continue };
                    if let Entry::Batch(batch) = Entry::decode(&scope.scope, &bytes).unwrap() {
                        let changes = Change::open(&batch.payload).unwrap().iter().map(take_apart).collect();
                        sent.push(Sent { address: batch.address, device: batch.device, number: batch.number, changes });
                    }
                }
            }
        }
        sent
    }

    /// Returns every fact of a meeting that the relay has sent so far.
    pub fn facts(&self) -> Vec<MeetingFact> {
        let changes = self.sent().into_iter().flat_map(|sent| sent.changes);
        changes.flat_map(|change| change.facts).collect()
    }

    /// Returns whom every mark of a roll is about, in the order of the relay's log.
    pub fn marked(&self) -> Vec<PersonId> {
        let mark = |fact| if let MeetingFact::Roll(mark) = fact { Some(mark.person) } else { None };
        self.facts().into_iter().filter_map(mark).collect()
    }
}

fn take_apart(change: &Change) -> SentChange {
    let raw = change.bytes().to_vec();
    let decoded = automerge::Change::from_bytes(raw.clone()).unwrap().decode();
    let fact = |op: &automerge::legacy::Op| match &op.action {
        OpType::Put(ScalarValue::Bytes(bytes)) => read_meeting(bytes).ok(),
        _ => None,
    };
    let facts: Vec<MeetingFact> = decoded.operations.iter().filter_map(fact).collect();
    SentChange { raw, others: decoded.operations.len() - facts.len(), facts }
}
