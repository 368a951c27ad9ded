//! The relay killed again and again at random moments: whatever receipt a phone ever held is true for ever.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use shared::document::Change;
use shared::identity::{Batch, DeviceKey, Digest, Entry, Role};
use shared::wire::{Answered, SyncResponse};
use tokio::task::JoinSet;

use super::phone::{Phone, VILLAGE, post};
use super::process::{Process, found, push_until_cut};
use super::records::Records;

const SCOPE: &str = "village.420529202209";
/// How often the relay is killed; another database is as many processes to start.
const KILLS: u32 = if crate::ON_POSTGRES { 8 } else { 50 };
const PHONES: u32 = 6;
/// The latest moment at which it is killed, counted in requests sent and answered.
const MOMENTS: u64 = 120;

#[tokio::test]
async fn every_receipt_is_in_the_log_after_every_kill() {
    let seed = std::env::var("PINGYI_SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| u64::from_be_bytes(server::relay::random()));
    println!("seed {seed}: repeat with PINGYI_SEED={seed}");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let records = Records::fresh().await;
    let mut process = Process::serve(&records);
    let (lines, mut relay) = process.ready();
    let authority = found(relay, &lines[0]).await;
    let mut phones: Vec<(Phone, Option<Batch>)> =
        (1..=PHONES).map(|number| (Phone::of(&authority, relay, number, &[Role::Scribe], &[VILLAGE]), None)).collect();
    for kill in 1..=KILLS {
        let moment = 1 + (random.next_u64() % MOMENTS) as i64;
        phones = killed_at(process, relay, phones, moment).await;
        process = Process::serve(&records);
        relay = process.ready().1;
        let log = read(&authority, relay, 100 + kill).await;
        for (phone, _) in &phones {
            for (scope, position, digest) in &phone.receipts {
                assert_eq!(log.get(position), Some(digest), "{scope} at {position} after kill {kill} of seed {seed}");
            }
        }
    }
    let receipts: usize = phones.iter().map(|(phone, _)| phone.receipts.len()).sum();
    println!("{KILLS} kills, {receipts} receipts held, all of them true");
    assert!(receipts > KILLS as usize, "the phones held something");
}

/// Lets phones push until the relay is killed at some moment of theirs, and returns what was not answered.
async fn killed_at(
    process: Process,
    relay: SocketAddr,
    phones: Vec<(Phone, Option<Batch>)>,
    moment: i64,
) -> Vec<(Phone, Option<Batch>)> {
    let left = Arc::new(AtomicI64::new(i64::MAX));
    let process = Arc::new(Mutex::new(process));
    let mut crowd = JoinSet::new();
    let mut ready = Vec::new();
    for (mut phone, unanswered) in phones {
        phone.open_session(relay).await;
        ready.push((phone, unanswered));
    }
    left.store(moment, Ordering::SeqCst);
    for (phone, unanswered) in ready {
        let (left, process) = (left.clone(), process.clone());
        crowd.spawn(push_until_cut(phone, unanswered, move || {
            if left.fetch_sub(1, Ordering::SeqCst) == 1 {
                process.lock().unwrap().child.kill().unwrap();
            }
        }));
    }
    crowd.join_all().await
}

/// Reads the whole log as a device that has nothing, and returns the digest at each position.
async fn read(authority: &DeviceKey, relay: SocketAddr, number: u32) -> BTreeMap<u64, Digest> {
    let mut auditor = Phone::of(authority, relay, number, &[Role::Auditor], &[]);
    auditor.open_session(relay).await;
    let mut log = BTreeMap::new();
    let scope = SCOPE.parse().unwrap();
    let (mut position, mut digest) = (0, Digest::EMPTY);
    loop {
        let mut request = auditor.request(&[SCOPE], &[]);
        (request.scopes[0].epoch, request.scopes[0].cursor) = (auditor.epoch, position);
        let (status, body) = post(relay, "/sync", Some(auditor.token), request.encode()).await;
        assert_eq!(status, 200);
        let answer = SyncResponse::decode(&body).unwrap().scopes.remove(0);
        assert_eq!(answer.from, position);
        for entry in answer.entries {
            let Answered::Theirs(bytes) = entry else { panic!("an auditor writes nothing") };
            let hash = match Entry::decode(&scope, &bytes).unwrap() {
                Entry::Certificate(certificate) => Entry::certificate_hash(&certificate),
                Entry::Act(act) => act.hash(),
                Entry::Later(later) => later.hash(),
                Entry::Snapshot(_) => panic!("nothing was lost that somebody would have to bring"),
                Entry::Batch(batch) => {
                    let hashes: Vec<_> = Change::open(&batch.payload).unwrap().iter().map(Change::hash).collect();
                    batch.hash(&hashes)
                }
            };
            (position, digest) = (position + 1, digest.then(hash));
            log.insert(position, digest);
        }
        if !answer.more {
            return log;
        }
    }
}
