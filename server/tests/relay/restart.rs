//! A relay that stops and starts again: nothing acknowledged is lost, and no position is given twice.

use super::phone::Township;

const SCOPE: &str = "village.420529202209";
const MEETING: &str = "village.420529202209/meeting-2026-11-23-1";

#[tokio::test]
async fn a_restart_keeps_everything_and_continues_the_chain() {
    let mut township = Township::found().await;
    let mut phone = township.scribe(1).await;
    for round in 0..3u8 {
        let batches: Vec<_> = (0..10).map(|at| phone.record(MEETING, &[round, at])).collect();
        phone.sync(&[SCOPE], &batches).await;
        township = township.restart().await;
        phone.open_session(township.running.address).await;
    }
    let quiet = phone.sync(&[SCOPE], &[]).await;
    assert!(quiet.scopes[0].entries.is_empty(), "the cursor is still good");
    assert_eq!((phone.log(SCOPE).0, phone.acknowledged.len()), (31, 30));
    let mut reader = township.scribe(2).await;
    while reader.sync(&[SCOPE], &[]).await.scopes[0].more {}
    assert_eq!(reader.log(SCOPE), phone.log(SCOPE));
    assert_eq!(reader.heads(MEETING), phone.heads(MEETING));
}

#[tokio::test]
async fn a_cursor_of_a_lost_log_begins_again() {
    let township = Township::found().await;
    let mut phone = township.scribe(1).await;
    let batch = phone.record(MEETING, b"kept");
    phone.sync(&[SCOPE], &[batch]).await;
    let mut request = phone.request(&[SCOPE], &[]);
    request.scopes[0].epoch = request.scopes[0].epoch.wrapping_add(1);
    let mut beyond = phone.request(&[SCOPE], &[]);
    beyond.scopes[0].cursor = 1_000;
    for request in [request, beyond] {
        let (_, body) = super::phone::post(phone.relay, "/sync", Some(phone.token), request.encode()).await;
        let answer = shared::wire::SyncResponse::decode(&body).unwrap();
        assert_eq!((answer.scopes[0].from, answer.scopes[0].entries.len()), (0, 2));
    }
}
