//! Two relays, each a process of its own, on one database: one township, wherever a phone hangs.

use shared::identity::{Batch, Digest, Receipt, Role};
use shared::wire::{FoundResponse, Refusal};
use tokio::task::JoinSet;

use super::database::{self, Server};
use super::live::Line;
use super::phone::{Phone, Township, VILLAGE, post};
use super::process::{Process, found, push_until_cut};
use super::records::Records;

const SCOPE: &str = "village.420529202209";
const MEETING: &str = "village.420529202209/meeting-2026-11-23-1";
/// How often something is tried that must succeed before long.
const TRIES: usize = 10_000;

/// Breaks the lines on which relays hear each other, and counts those that were there.
const DEAFEN: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                      WHERE datname = current_database() AND query LIKE 'LISTEN%'";

/// Two relays that were started at the same time on an empty database, and founded at the first.
struct Pair {
    records: Records,
    url: String,
    relays: [Process; 2],
    at: [std::net::SocketAddr; 2],
    authority: shared::identity::DeviceKey,
}

impl Pair {
    async fn found(url: String) -> Self {
        let records = Records::of(Some(url.clone()));
        let mut relays = [Process::serve(&records), Process::serve(&records)];
        let [(first, one), (second, two)] = [relays[0].ready(), relays[1].ready()];
        assert_eq!(token(&first), token(&second), "one founding link, whoever drew it");
        let authority = found(one, &first[0]).await;
        Self { records, url, relays, at: [one, two], authority }
    }

    /// Enrols a scribe of the village at the first relay or the second.
    async fn scribe(&self, number: u32, at: usize) -> Phone {
        let mut phone = Phone::of(&self.authority, self.at[at], number, &[Role::Scribe], &[VILLAGE]);
        phone.open_session(self.at[at]).await;
        phone
    }
}

fn token(lines: &[String]) -> String {
    lines[0].rsplit('/').next().unwrap().to_owned()
}

async fn catch_up(phone: &mut Phone) {
    while phone.sync(&[SCOPE], &[]).await.scopes[0].more {}
}

/// Phones push at both relays at once, and each goes to the other relay for every second batch.
#[tokio::test]
async fn positions_have_no_gap_whoever_gives_them() {
    const PHONES: u32 = 10;
    const ROUNDS: u32 = 6;
    let pair = Pair::found(database::fresh().await).await;
    let mut crowd = JoinSet::new();
    for number in 1..=PHONES {
        let mut phone = pair.scribe(number, number as usize % 2).await;
        let at = pair.at;
        crowd.spawn(async move {
            for round in 0..ROUNDS {
                // The relay's key is the same at both, or the phone would not believe the second; and a phone that
                // has seen more than the relay has heard is not told to begin again.
                phone.open_session(at[(number + round) as usize % 2]).await;
                let batch = phone.record(MEETING, &[round as u8]);
                while phone.sync(&[SCOPE], std::slice::from_ref(&batch)).await.scopes[0].more {}
            }
            phone
        });
    }
    let mut phones = crowd.join_all().await;
    for phone in &mut phones {
        catch_up(phone).await;
    }
    let first = phones[0].log(SCOPE);
    assert_eq!(first.0, u64::from(PHONES * (ROUNDS + 1)), "a certificate each and every batch, once");
    assert!(phones.iter().all(|phone| phone.log(SCOPE) == first && phone.heads(MEETING) == phones[0].heads(MEETING)));
}

#[tokio::test]
async fn news_cross_from_one_relay_to_the_other() {
    let pair = Pair::found(database::fresh().await).await;
    let mut one = Line::open(pair.scribe(1, 0).await).await;
    let mut two = Line::open(pair.scribe(2, 1).await).await;
    for line in [&mut one, &mut two] {
        line.push(&[]).await;
        line.hear().await.unwrap();
    }
    for round in 0..20u8 {
        let (from, to) = if round % 2 == 0 { (&mut one, &mut two) } else { (&mut two, &mut one) };
        let batch = from.phone.record(MEETING, &[round]);
        let number = batch.number;
        from.push(&[batch]).await;
        while !from.phone.acknowledged.contains(&number) {
            from.hear().await.unwrap();
        }
        while to.phone.logs[&SCOPE.parse().unwrap()].1 < from.phone.log(SCOPE).0 {
            let news = to.hear().await.unwrap();
            assert!(!news.scopes[0].entries.is_empty(), "news brings something");
        }
    }
    assert_eq!(one.phone.log(SCOPE), two.phone.log(SCOPE));
    assert_eq!(one.phone.heads(MEETING), two.phone.heads(MEETING));
}

/// One relay is shown that the disk went back and begins another epoch; the other goes on with it.
#[tokio::test]
async fn an_epoch_begins_for_both() {
    let url = database::fresh().await;
    let township = Township::found_on(Records::of(Some(url.clone())), |_| {}).await;
    let other = server::start(&Records::of(Some(url)).config()).await.unwrap();
    let mut phone = township.scribe(1).await;
    let batch = phone.record(MEETING, b"kept");
    phone.sync(&[SCOPE], &[batch]).await;
    phone.open_session(other.address).await;
    let first = phone.epoch;
    let (scope, digest) = (SCOPE.parse().unwrap(), Digest([7; 32]));
    let lost = Receipt { scope, epoch: first, position: 99, digest };
    let relay = &township.running.relay;
    relay.doubt(&lost, &lost.sign(&relay.key)).await.unwrap();
    let begun = relay.epoch.number();
    assert_ne!(begun, first);
    let mut tries = 0;
    while phone.epoch != begun {
        phone.open_session(other.address).await;
        tries += 1;
        assert!(tries < TRIES, "the other relay does not hear of it");
    }
    let request = phone.request(&[SCOPE], &[]).encode();
    let (_, body) = post(other.address, "/sync", Some(phone.token), request).await;
    let answer = shared::wire::SyncResponse::decode(&body).unwrap().scopes.remove(0);
    assert_eq!((answer.epoch, answer.from, answer.entries.len()), (begun, 0, 2), "the phone begins again");
    other.relay.doubt(&lost, &lost.sign(&relay.key)).await.unwrap();
    assert_eq!(other.relay.epoch.number(), begun, "a receipt of the old epoch proves nothing of the new one");
}

/// The line on which a relay hears the other breaks, and everything that is said meanwhile is lost for good. The relay
/// looks up what it has missed, and the phones that wait there are told.
#[tokio::test]
async fn a_deaf_moment_hides_nothing() {
    let pair = Pair::found(database::fresh().await).await;
    let mut pusher = pair.scribe(1, 0).await;
    let mut listener = Line::open(pair.scribe(2, 1).await).await;
    listener.push(&[]).await;
    listener.hear().await.unwrap();
    for round in 0..5u8 {
        let mut tries = 0;
        while database::ask(&pair.url, DEAFEN).await < 2 {
            tries += 1;
            assert!(tries < TRIES, "the relays do not listen");
        }
        let batch = pusher.record(MEETING, &[round]);
        pusher.sync(&[SCOPE], &[batch]).await;
        while listener.phone.logs[&SCOPE.parse().unwrap()].1 < pusher.log(SCOPE).0 {
            listener.hear().await.unwrap();
        }
    }
    assert_eq!(listener.phone.log(SCOPE), pusher.log(SCOPE));
}

/// One of two relays is killed in the middle of pushes. Its phones go on at the other, which has all that the dead one
/// acknowledged and was never held up by it.
#[tokio::test]
async fn a_killed_relay_is_survived_by_the_other() {
    let mut pair = Pair::found(database::fresh().await).await;
    let mut phones: Vec<(Phone, Option<Batch>)> = Vec::new();
    for number in 1..=8 {
        phones.push((pair.scribe(number, number as usize % 2).await, None));
    }
    for round in 0..3 {
        let (dies, lives) = (round % 2, 1 - round % 2);
        let mut crowd = JoinSet::new();
        for (mut phone, unanswered) in phones {
            let at = pair.at[phone.holder.device.0 as usize % 2];
            phone.open_session(at).await;
            crowd.spawn(push_until_cut(phone, unanswered, || {}));
        }
        let mut auditor = Phone::of(&pair.authority, pair.at[lives], 50 + round as u32, &[Role::Auditor], &[]);
        auditor.open_session(pair.at[lives]).await;
        catch_up(&mut auditor).await;
        let start = auditor.log(SCOPE).0;
        while auditor.log(SCOPE).0 < start + 60 {
            auditor.sync(&[SCOPE], &[]).await;
        }
        pair.relays[dies].child.kill().unwrap();
        pair.relays[dies].child.wait().unwrap();
        // Those of the other go on, and are not let go before they have.
        let start = auditor.log(SCOPE).0;
        while auditor.log(SCOPE).0 < start + 60 {
            auditor.sync(&[SCOPE], &[]).await;
        }
        pair.relays[lives].child.kill().unwrap();
        pair.relays[lives].child.wait().unwrap();
        phones = crowd.join_all().await;
        pair.relays = [Process::serve(&pair.records), Process::serve(&pair.records)];
        pair.at = [pair.relays[0].ready().1, pair.relays[1].ready().1];
        for (phone, _) in &mut phones {
            assert!(!phone.acknowledged.is_empty());
            // At the relay where it did not hang before: the chain goes on from its last receipt.
            phone.open_session(pair.at[1 - phone.holder.device.0 as usize % 2]).await;
            catch_up(phone).await;
        }
        let log = phones[0].0.log(SCOPE);
        assert!(phones.iter().all(|(phone, _)| phone.log(SCOPE) == log), "everybody was told the same");
    }
}

/// The database's machine loses its power. Phones are told to come again and lose nothing; with the database back the
/// same relays go on.
#[tokio::test]
async fn the_database_crashes_and_comes_back() {
    let mut server = Server::start();
    let pair = Pair::found(server.database().await).await;
    let mut phones = [pair.scribe(1, 0).await, pair.scribe(2, 1).await];
    for round in 0..2u8 {
        for phone in &mut phones {
            let batch = phone.record(MEETING, &[round]);
            phone.sync(&[SCOPE], &[batch]).await;
        }
        server.crash();
        let proved: Vec<_> = phones.iter().map(|phone| phone.receipts.clone()).collect();
        let mut refused = Vec::new();
        for phone in &mut phones {
            let batch = phone.record(MEETING, b"without a database");
            let push = phone.request(&[SCOPE], std::slice::from_ref(&batch)).encode();
            let (status, body) = post(phone.relay, "/sync", Some(phone.token), push).await;
            assert_eq!((status, FoundResponse::decode(&body)), (503, Ok(FoundResponse::Refused(Refusal::Unavailable))));
            refused.push(batch);
        }
        server.start_again();
        for (phone, batch) in phones.iter_mut().zip(refused) {
            let mut tries = 0;
            while !phone.acknowledged.contains(&batch.number) {
                let push = phone.request(&[SCOPE], std::slice::from_ref(&batch)).encode();
                let (status, body) = post(phone.relay, "/sync", Some(phone.token), push).await;
                if status == 200 {
                    phone.take_in(&shared::wire::SyncResponse::decode(&body).unwrap());
                }
                tries += 1;
                assert!(tries < TRIES, "the relay does not come back: {status}");
            }
        }
        for phone in &mut phones {
            catch_up(phone).await;
        }
        assert_eq!(phones[0].log(SCOPE), phones[1].log(SCOPE));
        for (phone, proved) in phones.iter().zip(proved) {
            assert!(phone.receipts.starts_with(&proved), "the chain goes on from what was proved");
        }
    }
    assert_eq!(phones[0].log(SCOPE).0, 2 + 8, "two certificates, and every batch once");
}
