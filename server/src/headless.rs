//! A phone without a screen: the engine with its rows in a file or in memory, for commands that record as a device.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rand_core::{OsRng, TryRngCore};
use shared::domain::Workspace;
use shared::domain::command::Command;
use shared::id::Address;
use shared::identity::batch::ChangeHash;
use shared::replica::Replica;
use shared::replica::boundary::{Effect, Input, Outcome, Refused, RequestId, Ticket, Wake};
use shared::replica::status::{RelayStatus, Status};
use shared::store::{Row, StorageTrouble, Write};
use shared::time::Instant;

/// How the engine's questions reach a relay.
pub trait Transport {
    /// Posts a body; returns the HTTP status and the answer, or nothing where no answer came.
    fn post(&mut self, path: &str, token: Option<&str>, body: Vec<u8>) -> impl Future<Output = Option<(u16, Vec<u8>)>>;
}

/// The reasons why a wish came to nothing.
#[derive(Debug)]
pub enum HeadlessError {
    /// The engine refused.
    Refused(Refused),
    /// The rows could not be read or written.
    Rows(io::Error),
    /// The engine gave no answer: storage failed under it.
    Unanswered,
    /// The relay did not take everything; what it said last.
    NotSent(RelayStatus),
}

impl std::fmt::Display for HeadlessError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(reason) => write!(f, "refused: {reason:?}"),
            Self::Rows(error) => write!(f, "the device's file cannot be used: {error}"),
            Self::Unanswered => f.write_str("the record could not be written"),
            Self::NotSent(status) => write!(f, "recorded here, not yet at the township: {status:?}"),
        }
    }
}

impl std::error::Error for HeadlessError {}

/// A relay over HTTP, such as the one on this machine.
#[derive(Clone, Debug)]
pub struct Http {
    relay: String,
    client: reqwest::Client,
}

impl Http {
    /// Names the relay by its address, such as `http://localhost:8080`.
    pub fn new(relay: &str) -> Self {
        Self { relay: relay.trim_end_matches('/').to_owned(), client: reqwest::Client::new() }
    }
}

impl Transport for Http {
    async fn post(&mut self, path: &str, token: Option<&str>, body: Vec<u8>) -> Option<(u16, Vec<u8>)> {
        let question = self.client.post(format!("{}{path}", self.relay)).body(body);
        let question = match token {
            Some(token) => question.bearer_auth(token),
            None => question,
        };
        // Whatever keeps an answer from coming, the engine only needs to know that none came.
        let answer = question.send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.bytes().await.ok()?.to_vec()))
    }
}

/// What is to be asked: its name, the path, the token and the body.
type Question = (RequestId, &'static str, Option<String>, Vec<u8>);

/// A device that people work through commands.
pub struct Headless<T> {
    replica: Replica,
    rows: BTreeMap<String, Vec<u8>>,
    file: Option<PathBuf>,
    transport: T,
    next_ticket: u64,
    done: Option<Result<Outcome, Refused>>,
    /// How far the device's clock is ahead of the machine's, in milliseconds.
    ahead: u64,
}

impl<T: Transport> Headless<T> {
    /// Starts a device that forgets everything at the end.
    pub async fn in_memory(transport: T) -> Result<Self, HeadlessError> {
        Self::start(BTreeMap::new(), None, transport).await
    }

    /// Starts a device that keeps its rows in one file, made when it is missing.
    pub async fn in_file(file: &Path, transport: T) -> Result<Self, HeadlessError> {
        let rows = match fs::read(file) {
            Ok(bytes) => unpack(&bytes).ok_or_else(|| HeadlessError::Rows(io::ErrorKind::InvalidData.into()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(HeadlessError::Rows(error)),
        };
        Self::start(rows, Some(file.to_owned()), transport).await
    }

    async fn start(
        rows: BTreeMap<String, Vec<u8>>,
        file: Option<PathBuf>,
        transport: T,
    ) -> Result<Self, HeadlessError> {
        let loaded = rows.iter().map(|(key, value)| Row { key: key.clone(), value: value.clone() }).collect();
        let mut device = Self { replica: Replica::new(), rows, file, transport, next_ticket: 1, done: None, ahead: 0 };
        device.run(Input::Loaded(loaded)).await;
        Ok(device)
    }

    /// Returns what the device knows.
    pub fn workspace(&self) -> &Workspace {
        self.replica.workspace()
    }

    /// Returns what the device can say of its relay and storage.
    pub fn status(&self) -> &Status {
        self.replica.status()
    }

    /// Returns the heads of every document; devices with equal heads show equal records.
    pub fn heads(&self) -> BTreeMap<Address, Vec<ChangeHash>> {
        self.replica.heads()
    }

    /// Returns whether the device has a certificate.
    pub fn is_enrolled(&self) -> bool {
        self.replica.me().is_some()
    }

    /// Lets the device believe that so much time has passed, and do what is due by then.
    pub async fn pass(&mut self, millis: u64) {
        self.ahead += millis;
        self.run(Input::Tick).await;
    }

    /// Takes up an invitation.
    pub async fn enrol(&mut self, link: &str) -> Result<Outcome, HeadlessError> {
        let link = link.to_owned();
        self.ask(|ticket| Input::Enrol { ticket, link }).await
    }

    /// Carries out a command of the device's holder; it is durable when this returns.
    pub async fn command(&mut self, command: Command) -> Result<Outcome, HeadlessError> {
        self.ask(|ticket| Input::Command { ticket, command }).await
    }

    /// Carries out any wish that the engine answers by ticket.
    pub async fn ask(&mut self, wish: impl FnOnce(Ticket) -> Input) -> Result<Outcome, HeadlessError> {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        self.done = None;
        self.run(wish(ticket)).await;
        self.done.take().ok_or(HeadlessError::Unanswered)?.map_err(HeadlessError::Refused)
    }

    /// Exchanges everything with the relay.
    pub async fn sync(&mut self) -> Result<(), HeadlessError> {
        self.run(Input::Wake(Wake::Button)).await;
        match self.replica.status().relay {
            RelayStatus::UpToDate { .. } if self.replica.status().unsent == 0 => Ok(()),
            status => Err(HeadlessError::NotSent(status)),
        }
    }

    /// Tells the engine something and carries out what it wishes until it wishes nothing more.
    ///
    /// Nothing is asked before all that was told is on the disk, so that whoever ends a command loses no page that came.
    async fn run(&mut self, input: Input) {
        let (mut inputs, mut questions) = (VecDeque::from([input]), VecDeque::new());
        loop {
            let input = match inputs.pop_front() {
                Some(input) => input,
                None => {
                    let Some((request, path, token, body)): Option<Question> = questions.pop_front() else { return };
                    match self.transport.post(path, token.as_deref(), body).await {
                        Some((status, body)) => Input::Answered { request, status, body },
                        None => Input::Unanswered { request },
                    }
                }
            };
            for effect in self.replica.handle(now().plus_millis(self.ahead), &mut OsRng.unwrap_err(), input) {
                match effect {
                    Effect::Write(write) => inputs.push_back(self.write(write)),
                    Effect::Read { key } => {
                        let value = self.rows.get(&key).cloned();
                        inputs.push_back(Input::RowRead { key, value });
                    }
                    Effect::Send { request, path, token, body } => questions.push_back((request, path, token, body)),
                    // A command comes and goes: it stays neither connected nor awake.
                    Effect::OpenLive => inputs.push_back(Input::LiveClosed),
                    Effect::LiveSend(_) | Effect::CloseLive | Effect::TimerAt(_) | Effect::Changed => {}
                    Effect::Done { result, .. } => self.done = Some(result),
                }
            }
        }
    }

    fn write(&mut self, write: Write) -> Input {
        for key in &write.deletes {
            self.rows.remove(key);
        }
        for row in write.puts {
            self.rows.insert(row.key, row.value);
        }
        match self.file.as_deref().map_or(Ok(()), |file| replace(file, &pack(&self.rows))) {
            Ok(()) => Input::Written(write.id),
            Err(error) if error.kind() == io::ErrorKind::StorageFull => {
                Input::WriteFailed(write.id, StorageTrouble::Full)
            }
            Err(_) => Input::WriteFailed(write.id, StorageTrouble::Aborted),
        }
    }
}

/// Reads the machine's clock.
fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Replaces a file so that a crash leaves either the old rows or the new ones.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = file.with_extension("new");
    let mut new = fs::File::create(&beside)?;
    new.write_all(bytes)?;
    new.sync_all()?;
    fs::rename(&beside, file)
}

/// Packs rows: per row the length of key and value, four bytes each, then both. The engine frames values itself.
fn pack(rows: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (key, value) in rows {
        for part in [key.as_bytes(), value] {
            bytes.extend_from_slice(&(part.len() as u32).to_be_bytes());
            bytes.extend_from_slice(part);
        }
    }
    bytes
}

fn unpack(mut bytes: &[u8]) -> Option<BTreeMap<String, Vec<u8>>> {
    let mut part = || -> Option<Option<Vec<u8>>> {
        if bytes.is_empty() {
            return Some(None);
        }
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (part, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        bytes = rest;
        Some(Some(part.to_vec()))
    };
    let mut rows = BTreeMap::new();
    while let Some(key) = part()? {
        rows.insert(String::from_utf8(key).ok()?, part()??);
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_and_a_cut_file_is_refused() {
        let rows = BTreeMap::from([("a".to_owned(), vec![1, 2]), ("b/1".to_owned(), Vec::new())]);
        let bytes = pack(&rows);
        assert_eq!(unpack(&bytes), Some(rows));
        for cut in 1..bytes.len() {
            assert!(unpack(&bytes[..cut]).is_none_or(|rows| rows.len() < 2), "cut at {cut}");
        }
    }
}
