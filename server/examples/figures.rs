//! Measures the relay and prints a line per figure: its name, its value, its unit.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program that measures stops where it cannot")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant as Stopwatch};

use server::admit::certify;
use server::session::Session;
use server::{Config, Relay, Running};
use shared::document::{self, Document};
use shared::id::{Actor, Address, DeviceCode, DeviceNumber, PersonId, ScopeId, UnitCode};
use shared::identity::invitation::Terms;
use shared::identity::{Batch, Certificate, DeviceKey, Entry, Invitation, Payload, Role};
use shared::time::Instant;
use shared::wire::{ScopeRequest, SessionRequest, SessionResponse, SyncRequest, SyncResponse, Token};
use tokio::task::JoinSet;

const VILLAGE: &str = "420529202209";
/// A point entry's content as documents keep it, by size.
const ENTRY: [u8; 40] = [7; 40];
const LATER: Instant = Instant(u64::MAX >> 1);

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(messages());
    runtime.block_on(throughput(100, 200));
    runtime.block_on(reconnect(1_000, 20));
}

/// A device with its signed batches, each of one change.
struct Device {
    key: DeviceKey,
    certificate: Certificate,
    batches: Vec<Batch>,
}

impl Device {
    /// Writes batches into a meeting of the device's own in a village.
    fn write(authority: &DeviceKey, village: &str, number: u32, batches: u32) -> Self {
        let terms = Terms {
            device: DeviceNumber(0x8000_0000 + number),
            code: DeviceCode::new(&format!("SH{number}")).unwrap(),
            person: PersonId::new("li-na").unwrap(),
            name: "李娜".to_owned(),
            roles: Role::Scribe.into(),
            villages: [UnitCode::new(village).unwrap()].into(),
            may_enrol: false,
            expires: LATER,
        };
        let (code, device) = (terms.code.clone(), terms.device);
        let mut seed = [1; 32];
        seed[..4].copy_from_slice(&number.to_be_bytes());
        let key = DeviceKey::from_seed(seed);
        let invitation = Invitation::issue(authority.public(), &Certificate::default(), authority, terms, seed);
        let certificate = invitation.accept(&key.public());
        let day = 1 + number / 200;
        let address = format!("village.{village}/meeting-2026-01-{day:02}-{}", 1 + number % 200);
        let address: Address = address.parse().unwrap();
        let mut document = Document::genesis(address.document.kind()).unwrap();
        let sign = |counter: u32| {
            let fact = document::Entry::Fact(format!("{code}-{counter}").parse().unwrap(), ENTRY.to_vec());
            let written = document.write(Actor { device, session: 1 }, Instant(1), &[fact]).unwrap().unwrap();
            let payload = Payload::Raw(vec![written.bytes]);
            Batch::sign(&key, address.clone(), device, counter, &[written.hash], payload)
        };
        let batches = (1..=batches).map(sign).collect();
        Self { key, certificate, batches }
    }
}

fn scope(village: &str) -> ScopeId {
    ScopeId::Village(UnitCode::new(village).unwrap())
}

fn request(village: &str, cursor: u64, epoch: u32, push: &[Batch]) -> SyncRequest {
    let scope = scope(village);
    let push = push.iter().map(|batch| Entry::Batch(batch.clone()).encode()).collect();
    let township = ScopeRequest { scope: ScopeId::Township, epoch, cursor: 0, push: Vec::new() };
    SyncRequest { scopes: vec![township, ScopeRequest { scope, epoch, cursor, push }] }
}

async fn start(authority: &DeviceKey, data: &std::path::Path) -> Running {
    let running = server::start(&Config::local(data)).await.unwrap();
    let token = running.relay.founding_token().await.unwrap();
    let code = UnitCode::new("420529202").unwrap();
    assert!(running.relay.found(token, authority.public(), &code, "牛庄乡").await.unwrap());
    running
}

fn session(relay: &Relay, device: &Device) -> Arc<Session> {
    let holder = device.certificate.holder(&relay.authority().unwrap()).unwrap();
    let certificate = certify(&holder, device.certificate.clone());
    Arc::new(Session { holder, certificate })
}

/// What one entry and no entry cost on the wire, in a request that names the township's scope and the village's.
async fn messages() {
    let (authority, data) = (DeviceKey::from_seed([1; 32]), tempfile::tempdir().unwrap());
    let running = start(&authority, data.path()).await;
    let device = Device::write(&authority, VILLAGE, 1, 2);
    let session = session(&running.relay, &device);
    let epoch = running.relay.epoch;
    let mut sizes = Vec::new();
    for (cursor, push) in [(0, &device.batches[..1]), (2, &device.batches[1..]), (3, &[])] {
        let up = request(VILLAGE, cursor, epoch, push);
        let length = up.encode().len();
        let down = server::sync::carry_out(&running.relay, &session, up, &mut BTreeSet::new()).await.unwrap();
        assert!(down.refusals.is_empty(), "{down:?}");
        sizes.push((length, down.encode().len()));
    }
    println!("entry-up\t{}\tB", sizes[1].0);
    println!("entry-down\t{}\tB", sizes[1].1);
    println!("nothing-up\t{}\tB", sizes[2].0.div_ceil(2));
    println!("nothing-down\t{}\tB", sizes[2].1.div_ceil(2));
    running.stop().await.unwrap();
}

/// How many batches of one change are verified, placed and on the disk in a second; all but HTTP.
///
/// Each device has a village of its own, so that nobody's reading is counted with the keeping.
async fn throughput(devices: u32, batches: u32) {
    let (authority, data) = (DeviceKey::from_seed([1; 32]), tempfile::tempdir().unwrap());
    let running = start(&authority, data.path()).await;
    let village = |number: u32| (420_529_202_201_u64 + u64::from(number)).to_string();
    let write = |number: u32| (village(number), Device::write(&authority, &village(number), number, batches));
    let devices: Vec<(String, Device)> = (0..devices).map(write).collect();
    let total = devices.len() as u64 * u64::from(batches);
    let stopwatch = Stopwatch::now();
    let mut crowd = JoinSet::new();
    for (village, device) in devices {
        let (relay, session) = (running.relay.clone(), session(&running.relay, &device));
        crowd.spawn(async move {
            for batch in &device.batches {
                let cursor = relay.log.head(&scope(&village)).position;
                let up = request(&village, cursor, relay.epoch, std::slice::from_ref(batch));
                let down = server::sync::carry_out(&relay, &session, up, &mut BTreeSet::new()).await.unwrap();
                assert!(down.refusals.is_empty() && down.scopes[1].signature.is_some(), "{down:?}");
            }
        });
    }
    crowd.join_all().await;
    println!("relay-batches\t{}\t/s", per_second(total, stopwatch.elapsed()));
    running.stop().await.unwrap();
}

/// How long it takes until phones that all come back at once have everything at the township, over HTTP.
async fn reconnect(phones: u32, batches: u32) {
    let (authority, data) = (DeviceKey::from_seed([1; 32]), tempfile::tempdir().unwrap());
    let running = start(&authority, data.path()).await;
    let devices: Vec<Device> = (0..phones).map(|number| Device::write(&authority, VILLAGE, number, batches)).collect();
    let total = devices.len() as u64 * u64::from(batches + 1);
    let client = reqwest::Client::new();
    let (address, epoch) = (running.address, running.relay.epoch);
    let stopwatch = Stopwatch::now();
    let mut crowd = JoinSet::new();
    for device in devices {
        let client = client.clone();
        crowd.spawn(async move {
            let post = async |path: &str, token: Option<Token>, body: Vec<u8>| {
                let mut request = client.post(format!("http://{address}{path}")).body(body);
                if let Some(token) = token {
                    request = request.header("authorization", format!("Bearer {}", token.to_text()));
                }
                request.send().await.unwrap().bytes().await.unwrap()
            };
            let proof = SessionRequest::sign(device.certificate.clone(), &device.key, server::relay::now());
            let opened = SessionResponse::decode(&post("/session", None, proof.encode()).await).unwrap();
            let SessionResponse::Open { token, .. } = opened else { panic!("{opened:?}") };
            let pushed = post("/sync", Some(token), request(VILLAGE, 0, epoch, &device.batches).encode()).await;
            let answer = SyncResponse::decode(&pushed).unwrap();
            assert!(answer.refusals.is_empty(), "{answer:?}");
        });
    }
    crowd.join_all().await;
    let elapsed = stopwatch.elapsed();
    assert_eq!(running.relay.log.head(&scope(VILLAGE)).position, total, "everything is kept");
    println!("reconnect\t{}.{:03}\ts", elapsed.as_secs(), elapsed.subsec_millis());
    running.stop().await.unwrap();
}

fn per_second(count: u64, elapsed: Duration) -> u64 {
    count * 1_000 / u64::try_from(elapsed.as_millis()).unwrap().max(1)
}
