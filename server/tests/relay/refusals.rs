//! Every reason by which the relay refuses a batch, and that the others of the same request are kept.

use shared::id::Actor;
use shared::identity::{Batch, Payload};
use shared::wire::{Refusal, ScopeRequest, SyncRequest, SyncResponse};

use super::phone::{Phone, Township, post};

const SCOPE: &str = "village.420529202209";
const ROSTER: &str = "village.420529202209/roster";

/// Pushes one batch and returns the reason of its refusal, if it was refused.
async fn push(phone: &mut Phone, batch: Batch) -> Option<Refusal> {
    phone.sync(&[SCOPE], &[batch]).await.refusals.first().map(|refused| refused.reason)
}

#[tokio::test]
async fn each_reason_by_name() {
    let township = Township::found().await;
    let mut phone = township.scribe(1).await;
    let (first, second, third) = (phone.record(ROSTER, b"1"), phone.record(ROSTER, b"2"), phone.record(ROSTER, b"3"));
    assert_eq!(push(&mut phone, second.clone()).await, Some(Refusal::Gap));
    assert_eq!(push(&mut phone, first.clone()).await, None);

    let forged = Batch { number: 7, ..second.clone() };
    assert_eq!(push(&mut phone, forged).await, Some(Refusal::Signature));
    let stolen = Batch { device: shared::id::DeviceNumber(2), ..second.clone() };
    assert_eq!(push(&mut phone, stolen).await, Some(Refusal::Certificate));
    let empty = Batch::sign(&phone.key, first.address.clone(), first.device, 8, &[], Payload::Raw(vec![]));
    assert_eq!(push(&mut phone, empty).await, Some(Refusal::Envelope));

    let hash = |batch: &Batch| shared::document::Change::open(&batch.payload).unwrap()[0].hash();
    let renumbered = Batch::sign(
        &phone.key,
        second.address.clone(),
        second.device,
        first.number,
        &[hash(&second)],
        second.payload.clone(),
    );
    assert_eq!(push(&mut phone, renumbered).await, Some(Refusal::NumberReused));

    // The same place of the row once more, written by a copy of the phone.
    let mut copy = Phone::enrol(
        &township,
        &township.invite(1, &[shared::identity::Role::Scribe], &[super::phone::VILLAGE]),
        [1; 32],
    );
    let mut fork = copy.record(ROSTER, b"another first");
    fork = Batch::sign(&phone.key, fork.address.clone(), fork.device, 50, &[hash(&fork)], fork.payload.clone());
    assert_eq!(push(&mut phone, fork).await, Some(Refusal::Fork));

    let foreign = Actor { device: shared::id::DeviceNumber(9), session: 1 };
    let foreign = phone.record_as(foreign, ROSTER.parse().unwrap(), b"as another");
    assert_eq!(push(&mut phone, foreign).await, Some(Refusal::ForeignActor));
    let elsewhere = phone.record("village.420529202209/meeting-2026-11-23-1", b"x");
    let misplaced = Batch { address: ROSTER.parse().unwrap(), ..elsewhere };
    assert_eq!(push(&mut phone, misplaced).await, Some(Refusal::Signature), "the signature names the document");

    let other_session = Actor { device: phone.holder.device, session: 2 };
    let resting = phone.record_as(other_session, ROSTER.parse().unwrap(), b"rests on what the relay lacks");
    assert_eq!(push(&mut phone, resting).await, Some(Refusal::MissingDependency));

    let answer = phone.sync(&[SCOPE], &[third.clone(), second, third]).await;
    assert_eq!(answer.refusals.len(), 1, "only the one that came too early");
    assert_eq!((answer.refusals[0].entry, answer.refusals[0].reason), (Some(0), Refusal::Gap));
    assert_eq!(phone.log(SCOPE).0, 4, "a certificate and three batches");
}

#[tokio::test]
async fn noise_is_refused_entry_by_entry() {
    let township = Township::found().await;
    let mut phone = township.scribe(1).await;
    let good = shared::identity::Entry::Batch(phone.record(ROSTER, b"good")).encode();
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let push = vec![vec![], vec![0xff; 40], flipped, good];
    let scope = SCOPE.parse().unwrap();
    let request = SyncRequest { scopes: vec![ScopeRequest { push, ..ScopeRequest::reading(scope, 0, 0) }] };
    let (_, body) = post(phone.relay, "/sync", Some(phone.token), request.encode()).await;
    let answer = SyncResponse::decode(&body).unwrap();
    let reasons: Vec<_> = answer.refusals.iter().map(|refused| (refused.entry, refused.reason)).collect();
    assert_eq!(reasons, [0, 1, 2].map(|entry| (Some(entry), Refusal::Envelope)));
    assert_eq!(answer.scopes[0].entries.len(), 2);
}

#[tokio::test]
async fn a_request_beyond_the_limit_is_refused_whole() {
    let township = Township::found().await;
    let phone = township.scribe(1).await;
    let body = vec![0; shared::wire::REQUEST_BYTES + 1];
    let (status, _) = post(phone.relay, "/sync", Some(phone.token), body).await;
    assert_eq!(status, 413);
}
