//! The metrics count what happened, at an address of their own, and name nobody.

use shared::identity::Role;
use shared::wire::{FromPhone, Token};

use futures_util::SinkExt;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use super::limits::is_answered;
use super::phone::{ELSEWHERE, Phone, Township, post};

const SCOPE: &str = "village.420529202209";
const MEETING: &str = "village.420529202209/meeting-2026-11-23-1";

async fn read(township: &Township) -> String {
    let url = format!("http://{}/metrics", township.running.metrics.unwrap());
    let answer = reqwest::get(url).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/openmetrics-text; version=1.0.0; charset=utf-8");
    answer.text().await.unwrap()
}

/// Returns the value of a line, or nothing where there is none.
fn value(text: &str, name: &str) -> Option<u64> {
    let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    found.map(|value| value.parse().unwrap())
}

#[tokio::test]
async fn what_happens_is_counted() {
    let township = Township::found_with(|config| config.metrics = Some(([127, 0, 0, 1], 0).into())).await;
    let before = read(&township).await;
    assert_eq!(value(&before, "pingyi_batches_admitted_total"), Some(0));

    let mut phone = township.scribe(1).await;
    let (first, second, third) =
        (phone.record(MEETING, b"1"), phone.record(MEETING, b"2"), phone.record(MEETING, b"3"));
    phone.sync(&[SCOPE], &[first, third]).await;
    phone.sync(&[SCOPE], &[second]).await;
    post(phone.relay, "/sync", Some(Token([9; 16])), phone.request(&[SCOPE], &[]).encode()).await;
    let mut stranger = Phone::enrol(&township, &township.invite(1, &[Role::Scribe], &[ELSEWHERE]), [7; 32]);
    stranger.try_session(phone.relay).await;
    let (mut line, _) = connect_async(format!("ws://{}/live", phone.relay)).await.unwrap();
    for frame in [FromPhone::Hello(phone.token), FromPhone::Sync(phone.request(&[SCOPE], &[]))] {
        line.send(Message::Binary(frame.encode().into())).await.unwrap();
    }
    assert!(is_answered(&mut line).await);

    let after = read(&township).await;
    for (name, expected) in [
        ("pingyi_batches_admitted_total", 2),
        ("pingyi_batches_refused_total{reason=\"Gap\"}", 1),
        ("pingyi_requests_refused_total{reason=\"NoSession\"}", 1),
        ("pingyi_sessions_opened_total", 1),
        ("pingyi_sessions_refused_total{reason=\"InvitationUsed\"}", 1),
        ("pingyi_store_errors_total", 0),
        ("pingyi_scopes", 2),
        ("pingyi_log_entries", 4),
        ("pingyi_writer_queue", 0),
        ("pingyi_lines", 1),
        ("pingyi_sync_seconds_count", 3),
        ("pingyi_commit_seconds_count", 2),
    ] {
        assert_eq!(value(&after, name), Some(expected), "{name} in\n{after}");
    }
    for name in ["pingyi_received_bytes_total", "pingyi_sent_bytes_total"] {
        assert!(value(&after, name) > value(&before, name), "{name} in\n{after}");
    }
    assert!(value(&after, "pingyi_connections") >= Some(1), "{after}");
    for word in ["420529", "meeting", "T1", "p-1", "人", "127.0.0.1"] {
        assert!(!after.contains(word), "{word} in\n{after}");
    }
}

#[tokio::test]
async fn the_public_cannot_read_them() {
    let township = Township::found().await;
    assert_eq!(township.running.metrics, None, "nowhere unless it is said");
    let answer = reqwest::get(format!("http://{}/metrics", township.running.address)).await.unwrap();
    assert_eq!(answer.status().as_u16(), 404);
}
