//! Two phones over HTTP: exchange, repeats, cuts, pages.

use shared::wire::{Answered, FoundResponse, PAGE_BYTES, Refusal};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::phone::{Phone, Township};

const SCOPE: &str = "village.420529202209";
const MEETING: &str = "village.420529202209/meeting-2026-11-23-1";

/// Syncs until nothing more waits.
async fn catch_up(phone: &mut Phone) {
    while phone.sync(&[SCOPE], &[]).await.scopes[0].more {}
}

#[tokio::test]
async fn what_one_pushes_the_other_has() {
    let township = Township::found().await;
    let (mut one, mut two) = (township.scribe(1).await, township.scribe(2).await);
    let (first, second) = (one.record(MEETING, b"one"), two.record(MEETING, b"two"));
    let answer = one.sync(&["township", SCOPE], &[first]).await;
    assert!(matches!(answer.scopes[1].entries[..], [Answered::Theirs(_), Answered::Own(1)]), "{answer:?}");
    two.sync(&["township", SCOPE], &[second]).await;
    let quiet = two.sync(&["township", SCOPE], &[]).await;
    assert!(quiet.scopes.iter().all(|scope| scope.entries.is_empty() && scope.signature.is_none()));
    assert!(quiet.encode().len() <= 2 * 60);
    one.sync(&["township", SCOPE], &[]).await;
    assert_eq!(one.heads(MEETING), two.heads(MEETING));
    assert_eq!(one.log(SCOPE), two.log(SCOPE));
    assert_eq!(one.log(SCOPE).0, 4, "two certificates and two batches");
}

#[tokio::test]
async fn a_bundle_is_unfolded_before_it_is_kept() {
    let township = Township::found().await;
    let (mut one, mut two) = (township.scribe(1).await, township.scribe(2).await);
    for _ in 0..40 {
        one.record(MEETING, b"entry");
    }
    let document = &one.documents[&MEETING.parse().unwrap()];
    let (hashes, payload) = document.pack(&document.changes_of(one.holder.device)).unwrap();
    assert!(matches!(payload, shared::identity::Payload::Bundle(_)));
    let address = MEETING.parse().unwrap();
    let batch = shared::identity::Batch::sign(&one.key, address, one.holder.device, 99, &hashes, payload);
    assert!(shared::identity::Entry::Batch(batch.clone()).encode().len() < 2_000);
    let refused = township.running.relay.log.head(&SCOPE.parse().unwrap(), 0).await.unwrap();
    assert_eq!(refused.position, 0);
    let (status, _) =
        super::phone::post(one.relay, "/sync", Some(one.token), one.request(&[SCOPE], &[batch]).encode()).await;
    assert_eq!(status, 200);
    catch_up(&mut two).await;
    assert_eq!(one.heads(MEETING), two.heads(MEETING));
}

#[tokio::test]
async fn a_repeat_is_answered_with_its_place() {
    let township = Township::found().await;
    let mut phone = township.scribe(1).await;
    let batch = phone.record(MEETING, b"once");
    let request = phone.request(&[SCOPE], &[batch]).encode();
    let (_, first) = super::phone::post(phone.relay, "/sync", Some(phone.token), request.clone()).await;
    let (_, again) = super::phone::post(phone.relay, "/sync", Some(phone.token), request).await;
    assert_eq!(first, again, "the same question has the same answer");
    phone.take_in(&shared::wire::SyncResponse::decode(&again).unwrap());
    assert_eq!((phone.log(SCOPE).0, phone.acknowledged.len()), (2, 1));
}

/// A phone in a valley loses its line while it sends. The relay has a part of the request, or all of it, or all
/// of it and nobody to answer to; whichever it was, sending again must leave the record there once.
#[tokio::test]
async fn a_cut_costs_a_repeat_and_nothing_else() {
    let township = Township::found().await;
    let mut phone = township.scribe(1).await;
    let batch = phone.record(MEETING, b"cut");
    let body = phone.request(&[SCOPE], std::slice::from_ref(&batch)).encode();
    let head = format!(
        "POST /sync HTTP/1.1\r\nhost: relay\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n\r\n",
        phone.token.to_text(),
        body.len()
    );
    let whole = [head.as_bytes(), &body].concat();
    for end in [head.len() - 2, head.len(), head.len() + body.len() / 2, whole.len() - 1, whole.len()] {
        let mut line = TcpStream::connect(phone.relay).await.unwrap();
        line.write_all(&whole[..end]).await.unwrap();
        drop(line);
    }
    phone.sync(&[SCOPE], &[batch]).await;
    let next = phone.record(MEETING, b"after");
    phone.sync(&[SCOPE], &[next]).await;
    assert_eq!(phone.log(SCOPE).0, 3, "certificate, the repeated batch once, the next");
    assert_eq!(phone.acknowledged.len(), 2);
}

#[tokio::test]
async fn a_page_is_bounded_and_the_next_follows() {
    let township = Township::found().await;
    let (mut one, mut two) = (township.scribe(1).await, township.scribe(2).await);
    let mut batches: Vec<_> = (0..150).map(|at| one.record(MEETING, &[at as u8; 200])).collect();
    let noise: Vec<u8> = (0..3 * PAGE_BYTES as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    batches.push(one.record(MEETING, &noise));
    for part in batches.chunks(50) {
        let answer = one.sync(&[SCOPE], part).await;
        assert!(!answer.scopes[0].more && answer.encode().len() < 1_000, "what is one's own does not come back");
    }
    let mut pages = 0;
    loop {
        let answer = two.sync(&[SCOPE], &[]).await;
        let (page, size) = (&answer.scopes[0], answer.encode().len());
        assert!(size <= PAGE_BYTES || page.entries.len() == 1, "{size} bytes of {}", page.entries.len());
        pages += 1;
        if !page.more {
            break;
        }
    }
    assert!(pages > 3, "{pages} pages");
    assert_eq!(two.log(SCOPE), one.log(SCOPE));
    assert_eq!(two.heads(MEETING), one.heads(MEETING));
}

#[tokio::test]
async fn many_at_once_leave_no_gap() {
    let township = Township::found().await;
    let mut crowd = tokio::task::JoinSet::new();
    for number in 1..=20 {
        let mut phone = township.scribe(number).await;
        crowd.spawn(async move {
            for round in 0..5 {
                let batch = phone.record(MEETING, &[round]);
                // A phone that is behind pushes once and reads on until its own batch comes along.
                while phone.sync(&[SCOPE], std::slice::from_ref(&batch)).await.scopes[0].more {}
            }
            phone
        });
    }
    let mut phones = crowd.join_all().await;
    for phone in &mut phones {
        catch_up(phone).await;
        assert_eq!(phone.acknowledged.len(), 5);
    }
    assert!(phones.iter().all(|phone| phone.log(SCOPE) == (120, phones[0].log(SCOPE).1)));
    assert!(phones.iter().all(|phone| phone.heads(MEETING) == phones[0].heads(MEETING)));
}

/// The store takes nothing more. The phone is told to come again and has no receipt; with the store mended the same
/// push is kept.
#[tokio::test]
async fn what_cannot_be_kept_is_not_answered_for() {
    let township = Township::found().await;
    let mut phone = township.scribe(1).await;
    let first = phone.record(MEETING, b"before");
    phone.sync(&[SCOPE], &[first]).await;
    let proved = phone.log(SCOPE);
    township.records.break_writes().await;
    let batch = phone.record(MEETING, b"refused");
    let push = phone.request(&[SCOPE], std::slice::from_ref(&batch)).encode();
    let (status, body) = super::phone::post(phone.relay, "/sync", Some(phone.token), push).await;
    assert_eq!((status, FoundResponse::decode(&body)), (503, Ok(FoundResponse::Refused(Refusal::Unavailable))));
    let quiet = phone.sync(&[SCOPE], &[]).await;
    assert!(quiet.scopes[0].entries.is_empty() && phone.log(SCOPE) == proved, "reading goes on, and nothing came");
    township.records.mend_writes().await;
    phone.sync(&[SCOPE], &[batch]).await;
    assert_eq!((phone.log(SCOPE).0, phone.acknowledged.len()), (3, 2));
}
