//! What every store of the log must do: one script, played on each of them.

use std::collections::{BTreeMap, BTreeSet};

use server::error::LogError;
use server::log::writer::If;
use server::log::{Certified, Log, Prepared, Push, Step};
use shared::id::{Address, DeviceNumber, ScopeId};
use shared::identity::{Digest, PublicKey};
use shared::wire::{DOCUMENT_BYTES, Refusal};
use tokio::task::JoinSet;

use super::records::Records;

/// The scopes that the script writes into; taken in another order by every second pusher.
const SCOPES: [&str; 3] = ["township", "village.42", "village.42.cases"];

/// A device that writes rows of one change each into the scopes.
struct Writer {
    device: DeviceNumber,
    pushed: BTreeMap<&'static str, u64>,
    number: u32,
}

impl Writer {
    fn new(device: u32) -> Self {
        Self { device: DeviceNumber(device), pushed: BTreeMap::new(), number: 0 }
    }

    /// Returns the device's next batch in a scope; it rests on the device's last one there.
    fn next(&mut self, scope: &'static str, size: usize) -> Prepared {
        self.number += 1;
        let seq = self.pushed.entry(scope).or_insert(0);
        *seq += 1;
        self.batch(scope, self.number, self.pushed[scope], size)
    }

    fn batch(&self, scope: &str, number: u32, seq: u64, size: usize) -> Prepared {
        let address: Address = format!("{scope}/meeting-2026-11-23-1").parse().unwrap();
        let name = |seq: u64| mark(&format!("{} {scope} {seq}", self.device.0));
        let dependencies = if seq > 1 { vec![name(seq - 1).0] } else { Vec::new() };
        let mut actor = [0; 8];
        actor[..4].copy_from_slice(&self.device.0.to_be_bytes());
        let step = Step { hash: name(seq).0, actor, seq, bytes: 1, dependencies };
        let hash = mark(&format!("batch {} {scope} {number} {seq}", self.device.0));
        Prepared {
            past: std::collections::BTreeSet::new(),
            address,
            device: self.device,
            number,
            before: Vec::new(),
            hash,
            bytes: vec![seq as u8; size],
            steps: vec![step],
        }
    }

    fn push(&self, batches: Vec<Prepared>) -> Push {
        let hash = mark(&format!("certificate {}", self.device.0));
        let (key, bytes) = (PublicKey([0; 32]), vec![0xce; 8]);
        let certificate = Certified { device: self.device, key, name: hash, hash, bytes, revocations: Vec::new() };
        Push { certificate, batches, acts: Vec::new() }
    }
}

fn mark(text: &str) -> Digest {
    Digest(shared::digest::of_text("conformance", text))
}

fn scope(text: &str) -> ScopeId {
    text.parse().unwrap()
}

async fn position(log: &Log, name: &str) -> u64 {
    // Beyond what memory can know, so that the store itself is asked.
    log.head(&scope(name), u64::MAX >> 1).await.unwrap().position
}

/// Reads a whole log in pages of so many bytes.
async fn read(log: &Log, name: &str, bytes: usize) -> Vec<server::log::Kept> {
    let mut entries = Vec::new();
    loop {
        let page = log.page(&scope(name), entries.len() as u64, bytes, true, |_, _| false).await.unwrap();
        if page.is_empty() {
            return entries;
        }
        entries.extend(page);
    }
}

/// Checks that positions have no gap and that the digests chain, and returns what the log holds.
async fn check(log: &Log, name: &str, hashes: &BTreeMap<(DeviceNumber, u32), Digest>) -> usize {
    let entries = read(log, name, 1 << 20).await;
    let mut digest = Digest::EMPTY;
    let mut certified = BTreeSet::new();
    for (at, kept) in (1..).zip(&entries) {
        assert_eq!(kept.position, at, "{name}");
        let hash = match kept.number {
            0 => {
                assert!(certified.insert(kept.device), "a certificate stands once");
                mark(&format!("certificate {}", kept.device.0))
            }
            number => {
                assert!(certified.contains(&kept.device), "a certificate stands before");
                hashes[&(kept.device, number)]
            }
        };
        digest = digest.then(hash);
        assert_eq!(kept.digest, digest, "{name} at {at}");
    }
    let head = log.head(&scope(name), 0).await.unwrap();
    assert_eq!((head.position, head.digest), (entries.len() as u64, digest), "{name}");
    entries.len()
}

/// Many push at once into the same logs, and everything is pushed twice.
#[tokio::test]
async fn positions_have_no_gap_and_repeats_add_nothing() {
    const WRITERS: u32 = 12;
    const ROUNDS: u32 = 8;
    let records = Records::fresh().await;
    let log = records.log().await;
    let mut crowd = JoinSet::new();
    for number in 1..=WRITERS {
        let log = log.clone();
        crowd.spawn(async move {
            let mut writer = Writer::new(number);
            let mut hashes = BTreeMap::new();
            for _ in 0..ROUNDS {
                let mut batches: Vec<Prepared> = SCOPES.map(|name| writer.next(name, 40)).into();
                if number % 2 == 0 {
                    batches.reverse();
                }
                hashes.extend(batches.iter().map(|batch| ((batch.device, batch.number), batch.hash)));
                let (push, again) = (writer.push(batches.clone()), writer.push(batches));
                let (first, second) = tokio::join!(log.push(push), log.push(again));
                assert!(first.unwrap().iter().chain(&second.unwrap()).all(Result::is_ok));
            }
            hashes
        });
    }
    let hashes = crowd.join_all().await.into_iter().flatten().collect();
    for name in SCOPES {
        assert_eq!(check(&log, name, &hashes).await, (WRITERS * (ROUNDS + 1)) as usize);
    }
    let again = records.log().await;
    for name in SCOPES {
        check(&again, name, &hashes).await;
    }
}

#[tokio::test]
async fn what_does_not_follow_is_refused_by_name_and_leaves_no_trace() {
    let log = Records::fresh().await.log().await;
    let mut writer = Writer::new(1);
    let batches = vec![writer.next("township", 4), writer.next("township", 4)];
    assert_eq!(log.push(writer.push(batches)).await.unwrap(), [Ok(()), Ok(())]);
    let refused = [
        (writer.batch("township", 2, 3, 4), Refusal::NumberReused),
        (writer.batch("township", 3, 4, 4), Refusal::Gap),
        (
            Prepared {
                steps: vec![Step {
                    hash: [9; 32],
                    actor: [0, 0, 0, 1, 0, 0, 0, 0],
                    seq: 2,
                    bytes: 1,
                    dependencies: vec![],
                }],
                ..writer.batch("township", 3, 3, 4)
            },
            Refusal::Fork,
        ),
        (
            Prepared {
                steps: vec![Step { hash: [9; 32], actor: [7; 8], seq: 1, bytes: 1, dependencies: vec![[8; 32]] }],
                ..writer.batch("township", 3, 3, 4)
            },
            Refusal::MissingDependency,
        ),
    ];
    for (batch, reason) in refused {
        assert_eq!(log.push(writer.push(vec![batch])).await.unwrap(), [Err(reason.into())]);
        assert_eq!(position(&log, "township").await, 3);
    }
    let good = writer.batch("township", 3, 3, 4);
    assert_eq!(log.push(writer.push(vec![good])).await.unwrap(), [Ok(())], "what was refused took no place");
}

#[tokio::test]
async fn a_document_has_an_end_whoever_fills_it() {
    let records = Records::fresh().await;
    let (mut one, mut other) = (Writer::new(1), Writer::new(2));
    let of = |batch: Prepared, bytes| {
        let steps = batch.steps.iter().map(|step| Step { bytes, ..step.clone() }).collect();
        Prepared { steps, ..batch }
    };
    let log = records.log().await;
    let half = of(one.next("township", 4), DOCUMENT_BYTES / 2);
    assert_eq!(log.push(one.push(vec![half])).await.unwrap(), [Ok(())]);
    let more = of(other.next("township", 4), DOCUMENT_BYTES / 2 + 1);
    let placed = log.push(other.push(vec![more.clone()])).await.unwrap();
    assert_eq!(placed, [Err(Refusal::TooLarge.into())], "what another wrote counts");
    let less = of(more, DOCUMENT_BYTES / 2);
    assert_eq!(log.push(other.push(vec![less.clone()])).await.unwrap(), [Ok(())]);
    drop(log);
    let log = records.log().await;
    let last = of(one.next("township", 4), 1);
    let elsewhere = of(other.next("village.42", 4), 1);
    assert_eq!(log.push(one.push(vec![last])).await.unwrap(), [Err(Refusal::TooLarge.into())], "after a start too");
    let placed = log.push(other.push(vec![less, elsewhere])).await.unwrap();
    assert_eq!(placed, [Ok(()), Ok(())], "a repeat is answered with its place, and another document has room");
}

#[tokio::test]
async fn records_of_the_first_version_are_taken_over() {
    let records = Records::fresh().await;
    let mut writer = Writer::new(1);
    let log = records.log().await;
    let first = vec![writer.next("township", 4), writer.next("village.42", 4)];
    assert_eq!(log.push(writer.push(first)).await.unwrap(), [Ok(()), Ok(())]);
    drop(log);
    records.age().await;
    let log = records.log().await;
    assert_eq!(position(&log, "township").await, 2);
    let second = vec![writer.next("township", 4)];
    assert_eq!(log.push(writer.push(second)).await.unwrap(), [Ok(())], "it goes on where it stood");
    drop(log);
    assert_eq!(position(&records.log().await, "township").await, 3, "and once is enough");
}

/// The disk takes nothing more. Whoever pushes is not answered for it, the log stands where it stood, and with room on
/// the disk everything goes on without a gap.
#[tokio::test]
async fn what_cannot_be_written_is_not_acknowledged() {
    let records = Records::fresh().await;
    let log = records.log().await;
    let mut writer = Writer::new(1);
    let first = writer.next("township", 4);
    let mut hashes = BTreeMap::from([((first.device, first.number), first.hash)]);
    log.push(writer.push(vec![first])).await.unwrap();
    records.break_writes().await;
    let second = writer.next("township", 4);
    hashes.insert((second.device, second.number), second.hash);
    for _ in 0..3 {
        assert!(matches!(log.push(writer.push(vec![second.clone()])).await, Err(LogError::NotKept)));
        assert_eq!(position(&log, "township").await, 2);
    }
    records.mend_writes().await;
    assert_eq!(log.push(writer.push(vec![second])).await.unwrap(), [Ok(())]);
    assert_eq!(check(&log, "township", &hashes).await, 3);
}

#[tokio::test]
async fn a_page_holds_what_fits() {
    let records = Records::fresh().await;
    let log = records.log().await;
    let mut writer = Writer::new(1);
    for _ in 0..30 {
        let batch = writer.next("township", 100);
        log.push(writer.push(vec![batch])).await.unwrap();
    }
    let large = writer.next("township", 5_000);
    log.push(writer.push(vec![large])).await.unwrap();
    // What was just written is in memory; what opens the records anew has to read them.
    for log in [log, records.log().await] {
        let page = async |after, bytes, at_least_one, own: u32| {
            let mine = move |_, number| number > 0 && number <= own;
            let page = log.page(&scope("township"), after, bytes, at_least_one, mine).await.unwrap();
            page.iter().map(|kept| kept.position).collect::<Vec<_>>()
        };
        assert_eq!(page(1, 350, false, 0).await, [2, 3, 4]);
        assert_eq!(page(1, 1_260, false, 0).await, (2..=13).collect::<Vec<_>>());
        assert_eq!(page(1, 350, false, 10).await, (2..=14).collect::<Vec<_>>(), "one's own take no room");
        assert_eq!(page(31, 100, false, 0).await, [0; 0], "too large for what is left");
        assert_eq!(page(31, 100, true, 0).await, [32], "and yet a page of its own");
        assert_eq!(page(32, 100, true, 0).await, [0; 0]);
        assert_eq!(read(&log, "township", 1_000).await.len(), 32);
        assert_eq!(read(&log, "village.42", 1_000).await.len(), 0);
    }
}

#[tokio::test]
async fn settings_are_kept_where_the_condition_holds() {
    let records = Records::fresh().await;
    let log = records.log().await;
    let keep = async |log: &Log, condition, value: &str| {
        log.settle(condition, vec![("one", Some(value.into())), ("two", Some(value.into()))]).await.unwrap()
    };
    assert!(keep(&log, If::Missing(&["one", "three"]), "first").await);
    assert!(!keep(&log, If::Missing(&["three", "one"]), "second").await);
    assert!(!keep(&log, If::Is("one", "other".into()), "third").await);
    assert!(!keep(&log, If::Is("three", "".into()), "third").await);
    assert_eq!(log.setting("two").await.unwrap().as_deref(), Some(&b"first"[..]));
    assert!(keep(&log, If::Is("one", "first".into()), "fourth").await);
    assert!(log.settle(If::Always, vec![("one", None)]).await.unwrap());
    let again = records.log().await;
    assert_eq!(again.setting("one").await.unwrap(), None);
    assert_eq!(again.setting("two").await.unwrap().as_deref(), Some(&b"fourth"[..]));
}

#[tokio::test]
async fn whoever_enrols_first_has_the_number() {
    let log = Records::fresh().await.log().await;
    let enrol = |device, key| log.enrol(DeviceNumber(device), PublicKey([key; 32]));
    let both = tokio::join!(enrol(1, 1), enrol(1, 2), enrol(2, 3));
    let both = [both.0.unwrap(), both.1.unwrap(), both.2.unwrap()];
    assert_eq!(both, [true, false, true]);
    assert!(enrol(1, 1).await.unwrap() && !enrol(1, 2).await.unwrap() && !enrol(2, 1).await.unwrap());
}

/// The relay dies between writing and committing.
#[tokio::test]
async fn what_was_not_committed_was_never_there() {
    use server::log::heads::Heads;
    use server::log::place::Rows;
    use server::log::questions::Questions;
    use server::log::store::Store;

    let records = Records::fresh().await;
    let log = records.log().await;
    let mut writer = Writer::new(1);
    let first = writer.next("township", 4);
    let hashes = BTreeMap::from([((first.device, first.number), first.hash)]);
    let push = writer.push(vec![first.clone()]);
    {
        let (store, mut pen) = records.store().await;
        let heads = Heads::default();
        Store::settle_doubt(&store, &heads).await.unwrap();
        let mut writing = pen.begin().await.unwrap();
        let mut known = writing.known(&Questions::of(&[(Some(&push.certificate), &first)], &[]), &heads).await.unwrap();
        let mut rows = Rows::default();
        known.place(&push.certificate, first.clone(), &mut rows).unwrap();
        assert_eq!(rows.entries.len(), 2);
        writing.write(&rows).await.unwrap();
    }
    assert_eq!(position(&log, "township").await, 0);
    assert_eq!(log.push(push).await.unwrap(), [Ok(())]);
    assert_eq!(check(&log, "township", &hashes).await, 2);
}
