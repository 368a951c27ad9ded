//! The binary as a process of its own: what it prints, and that a power cut loses nothing it acknowledged.

use std::io::{BufRead, BufReader, Lines};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use shared::id::UnitCode;
use shared::identity::{Batch, DeviceKey, Role};
use shared::wire::{FoundRequest, SyncResponse, Token};

use tokio::task::JoinSet;

use super::phone::{Phone, VILLAGE, post};
use super::records::Records;

const SCOPE: &str = "village.420529202209";
const MEETING: &str = "village.420529202209/meeting-2026-11-23-1";

/// The relay as a process of its own.
pub struct Process {
    pub child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    /// Starts the relay on these records.
    pub fn serve(records: &Records) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
        Self::spawn_with(command.stderr(Stdio::null()), records.folder(), |command| records.say_to(command))
    }

    /// Starts the relay on these records as a command says that has more to it.
    pub fn spawn(command: &mut Command, data: &Path) -> Self {
        Self::spawn_with(command, data, |_| {})
    }

    /// Starts the relay on these records with more options.
    pub fn spawn_with(command: &mut Command, data: &Path, options: impl FnOnce(&mut Command)) -> Self {
        let command = command.args(["serve", "--port", "0", "--listen", "127.0.0.1", "--data"]).arg(data);
        options(command);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Reads up to the line that says where it serves, and returns the lines before it too.
    pub fn ready(&mut self) -> (Vec<String>, SocketAddr) {
        let mut before = Vec::new();
        for line in self.lines.by_ref() {
            let line = line.unwrap();
            if let Some((_, port)) = line.strip_prefix("serving http").and_then(|page| page.split_once("://localhost:"))
            {
                let port = port.trim_end_matches('/').parse().unwrap();
                return (before, SocketAddr::from(([127, 0, 0, 1], port)));
            }
            before.push(line);
        }
        panic!("the relay ended before it served: {before:?}");
    }

    /// Sends the process a signal by its name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success(), "{name} was not sent");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Makes a relay for a new township and returns the founding link.
pub fn init(records: &Records) -> String {
    let output = try_init(records);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Asks for a relay for a new township.
fn try_init(records: &Records) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
    records.say_to(command.args(["init", "--data"]).arg(records.folder()));
    command.output().unwrap()
}

/// Founds the township.
pub async fn found(relay: SocketAddr, link: &str) -> DeviceKey {
    let token = Token::from_text(link.rsplit('/').next().unwrap()).unwrap();
    let authority = DeviceKey::from_seed([1; 32]);
    let code = UnitCode::new("420529202").unwrap();
    let request = FoundRequest::sign(token, &authority, code, "牛庄乡".to_owned());
    assert_eq!(post(relay, "/found", None, request.encode()).await.0, 200);
    authority
}

#[tokio::test]
async fn init_prints_the_founding_link_until_it_is_used() {
    let records = Records::fresh().await;
    let link = init(&records);
    assert!(link.starts_with("http://localhost:8080/#/found/"), "{link}");
    assert_eq!(init(&records), link, "a second call changes nothing");
    let mut process = Process::serve(&records);
    let (before, relay) = process.ready();
    assert_eq!(before.len(), 1);
    assert_eq!(before[0].rsplit('/').next(), link.rsplit('/').next(), "serve prints it too");
    found(relay, &link).await;
    drop(process);
    assert!(Process::serve(&records).ready().0.is_empty(), "a founded township has no founding link");
    assert!(!try_init(&records).status.success());
}

/// Phones push while the relay is killed, without any time to write something down. Whatever a phone was answered
/// for is there after the restart, at the place of its receipt, and what it was not answered for can be repeated.
#[tokio::test]
async fn a_power_cut_loses_nothing_acknowledged() {
    let records = Records::fresh().await;
    let link = init(&records);
    let mut process = Process::serve(&records);
    let (_, mut relay) = process.ready();
    let authority = found(relay, &link).await;
    let mut phones: Vec<(Phone, Option<Batch>)> =
        (1..=6).map(|number| (Phone::of(&authority, relay, number, &[Role::Scribe], &[VILLAGE]), None)).collect();
    for round in 0..3 {
        let reader = Phone::of(&authority, relay, 50 + round, &[Role::Auditor], &[]);
        let cut = || {
            process.child.kill().unwrap();
            process.child.wait().unwrap();
        };
        phones = end_in_the_middle(phones, reader, relay, cut).await;
        process = Process::serve(&records);
        relay = process.ready().1;
        for (phone, _) in &mut phones {
            assert!(!phone.acknowledged.is_empty());
            let proved = phone.log(SCOPE).0;
            phone.open_session(relay).await;
            // The chain continues from the phone's last receipt, or the check of the next one fails.
            while phone.sync(&[SCOPE], &[]).await.scopes[0].more {}
            assert!(phone.log(SCOPE).0 >= proved);
        }
        let log = phones[0].0.log(SCOPE);
        assert!(phones.iter().all(|(phone, _)| phone.log(SCOPE) == log), "everybody was told the same");
    }
}

/// Lets phones push, ends the relay once the log has grown well, and returns them with what was not answered.
pub async fn end_in_the_middle(
    phones: Vec<(Phone, Option<Batch>)>,
    mut reader: Phone,
    relay: SocketAddr,
    end: impl FnOnce(),
) -> Vec<(Phone, Option<Batch>)> {
    let mut crowd = JoinSet::new();
    for (mut phone, unanswered) in phones {
        phone.open_session(relay).await;
        crowd.spawn(push_until_cut(phone, unanswered, || {}));
    }
    reader.open_session(relay).await;
    let start = reader.sync(&[SCOPE], &[]).await.scopes[0].to();
    while reader.log(SCOPE).0 < start + 40 {
        reader.sync(&[SCOPE], &[]).await;
    }
    end();
    crowd.join_all().await
}

/// Pushes one batch after another until no answer comes, and returns the one that was not answered.
///
/// `moment` is told of each before it is sent and after it was answered.
pub async fn push_until_cut(
    mut phone: Phone,
    mut unanswered: Option<Batch>,
    moment: impl Fn(),
) -> (Phone, Option<Batch>) {
    let client = reqwest::Client::new();
    loop {
        let batch = unanswered.take().unwrap_or_else(|| phone.record(MEETING, b"pushed"));
        let body = phone.request(&[SCOPE], std::slice::from_ref(&batch)).encode();
        let request = client.post(format!("http://{}/sync", phone.relay)).body(body);
        let request = request.header("authorization", format!("Bearer {}", phone.token.to_text()));
        moment();
        let Ok(answer) = request.send().await else { return (phone, Some(batch)) };
        let Ok(body) = answer.bytes().await else { return (phone, Some(batch)) };
        let answer = SyncResponse::decode(&body).unwrap();
        assert!(answer.refusals.is_empty(), "{answer:?}");
        phone.take_in(&answer);
        moment();
    }
}
