//! No secret stands in the log, however much of it is asked for, nor in any address that is asked for.

use std::fs::{self, File};
use std::process::Command;

use futures_util::SinkExt;
use shared::identity::Role;
use shared::wire::{FromPhone, Token};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use super::limits::is_answered;
use super::phone::{Phone, VILLAGE, invite, post};
use super::process::{Process, found, init};
use super::records::Records;

const SCOPE: &str = "village.420529202209";
const MEETING: &str = "village.420529202209/meeting-2026-11-23-1";
/// A word that somebody entered, as long as nothing else in the log.
const WORDS: &[u8] = "谁也不该在日志里读到这句话".as_bytes();

/// The ways in which bytes may stand in a text.
fn spellings(bytes: &[u8]) -> Vec<String> {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let list = bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    let escaped: String = bytes.iter().map(|byte| byte.escape_ascii().to_string()).collect();
    vec![hex.to_uppercase(), hex, list, escaped]
}

#[tokio::test]
async fn the_log_holds_no_secret_at_any_level() {
    let records = Records::of(None);
    let link = init(&records);
    assert!(link.contains("/#/"), "behind the sign that a browser keeps to itself: {link}");
    let log = records.folder().join("log.txt");
    let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
    command.env("RUST_LOG", "trace").stderr(File::create(&log).unwrap());
    let mut process = Process::spawn(&mut command, records.folder());
    let (_, relay) = process.ready();
    let authority = found(relay, &link).await;
    let invitation = invite(&authority, 1, &[Role::Scribe], &[VILLAGE]);
    let mut phone = Phone::of(&authority, relay, 1, &[Role::Scribe], &[VILLAGE]);
    phone.open_session(relay).await;
    let batch = phone.record(MEETING, WORDS);
    phone.sync(&[SCOPE], &[batch]).await;
    // What is refused is talked about most.
    post(relay, "/session", None, phone.token.0.to_vec()).await;
    post(relay, "/sync", Some(phone.token), invitation.to_link().into_bytes()).await;
    let (mut line, _) = connect_async(format!("ws://{relay}/live")).await.unwrap();
    let batch = phone.record(MEETING, WORDS);
    for frame in [FromPhone::Hello(phone.token), FromPhone::Sync(phone.request(&[SCOPE], &[batch]))] {
        line.send(Message::Binary(frame.encode().into())).await.unwrap();
    }
    assert!(is_answered(&mut line).await);
    process.signal("TERM");
    assert!(process.child.wait().unwrap().success());

    let log = fs::read_to_string(log).unwrap();
    assert!(log.contains("a session was opened") && log.contains("TRACE"), "the log was written at its finest");
    let founding = Token::from_text(link.rsplit('/').next().unwrap()).unwrap();
    let invited = invitation.to_link();
    let mut secrets = vec![
        ("the session's token", vec![phone.token.to_text()]),
        ("the founding token", vec![founding.to_text()]),
        ("the invitation", vec![invited[invited.len() - 40..].to_owned()]),
        ("what somebody entered", vec![String::from_utf8(WORDS.to_vec()).unwrap()]),
        ("a name", vec!["第1人".to_owned()]),
    ];
    let bytes = [
        ("the session's token", phone.token.0.to_vec()),
        ("the founding token", founding.0.to_vec()),
        ("the device's key", phone.key.seed().to_vec()),
        ("the authority's key", authority.seed().to_vec()),
        ("the invitation's key", vec![101; 32]),
        ("what somebody entered", WORDS.to_vec()),
        ("a name", "第1人".as_bytes().to_vec()),
    ];
    secrets.extend(bytes.iter().map(|(name, bytes)| (*name, spellings(bytes))));
    for (name, texts) in secrets {
        for text in texts {
            let said = log.lines().find(|line| line.contains(&text));
            assert!(said.is_none(), "{name} stands in the log: {}", said.unwrap());
        }
    }
}
