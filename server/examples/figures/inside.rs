//! Figures of a relay within this process: sizes of messages, batches a second, a stampede over HTTP.

use std::collections::BTreeSet;
use std::time::{Duration, Instant as Stopwatch};

use server::{Config, Running};
use shared::id::{ScopeId, UnitCode};
use shared::identity::DeviceKey;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::device::Device;
use crate::print;
use crate::process::cpu_millis;
use crate::stampede::stampede;

const VILLAGE: &str = "420529202209";
/// How often the batches of a second are counted: one run is at the mercy of whatever else the machine does.
const REPETITIONS: usize = 5;
/// Phones that push at the same time, each into a village of its own.
const DEVICES: u32 = 100;
/// Batches of each of them.
const BATCHES: u32 = 200;

async fn start(authority: &DeviceKey, data: &std::path::Path) -> Running {
    let running = server::start(&Config::local(data)).await.unwrap();
    let token = running.relay.founding_token().await.unwrap();
    let code = UnitCode::new("420529202").unwrap();
    assert!(running.relay.found(token, authority.public(), &code, "牛庄乡").await.unwrap());
    running
}

/// What one entry and no entry cost on the wire, in a request that names the township's scope and the village's.
pub async fn messages() {
    let (authority, data) = (DeviceKey::from_seed([1; 32]), tempfile::tempdir().unwrap());
    let running = start(&authority, data.path()).await;
    let device = Device::alone(&authority, VILLAGE, 1, 2);
    let session = device.session(&running.relay);
    let epoch = running.relay.epoch.number();
    let mut sizes = Vec::new();
    for (cursor, push) in [(0, &device.batches[..1]), (2, &device.batches[1..]), (3, &[])] {
        let up = device.request(cursor, epoch, push);
        let length = up.encode().len();
        let down = server::sync::carry_out(&running.relay, &session, up, &mut BTreeSet::new()).await.unwrap();
        assert!(down.refusals.is_empty(), "{down:?}");
        sizes.push((length, down.encode().len()));
    }
    print("entry-up", sizes[1].0, "B");
    print("entry-down", sizes[1].1, "B");
    print("nothing-up", sizes[2].0.div_ceil(2), "B");
    print("nothing-down", sizes[2].1.div_ceil(2), "B");
    running.stop().await.unwrap();
}

/// How many batches of one change are verified, placed and on the disk in a second; all but HTTP.
pub fn throughput(runtime: &Runtime) {
    let runs: Vec<(Duration, u64)> = (0..REPETITIONS).map(|_| runtime.block_on(pushed(DEVICES, BATCHES))).collect();
    let total = u64::from(DEVICES) * u64::from(BATCHES);
    let mut rates: Vec<u64> = runs.iter().map(|(elapsed, _)| per_second(total, *elapsed)).collect();
    let mut millis: Vec<u64> = runs.iter().map(|(_, millis)| *millis).collect();
    rates.sort_unstable();
    millis.sort_unstable();
    print("relay-batches", rates[REPETITIONS / 2], "/s");
    print("  slowest of the runs", rates[0], "/s");
    print("  fastest of the runs", rates[REPETITIONS - 1], "/s");
    print("  processor for one batch, load included", millis[REPETITIONS / 2] * 1_000 / total, "µs");
}

/// Pushes batches one by one from many phones and returns how long it took and what the processor did for it.
///
/// Each device has a village of its own, so that nobody's reading is counted with the keeping.
async fn pushed(devices: u32, batches: u32) -> (Duration, u64) {
    let (authority, data) = (DeviceKey::from_seed([1; 32]), tempfile::tempdir().unwrap());
    let running = start(&authority, data.path()).await;
    let village = |number: u32| (420_529_202_201_u64 + u64::from(number)).to_string();
    let devices: Vec<Device> =
        (0..devices).map(|number| Device::alone(&authority, &village(number), number, batches)).collect();
    let (stopwatch, before) = (Stopwatch::now(), cpu_millis(std::process::id()));
    let mut crowd = JoinSet::new();
    for device in devices {
        let (relay, session) = (running.relay.clone(), device.session(&running.relay));
        crowd.spawn(async move {
            let scope = device.scope();
            for batch in &device.batches {
                let cursor = relay.log.head(&scope, 0).await.unwrap().position;
                let up = device.request(cursor, relay.epoch.number(), std::slice::from_ref(batch));
                let down = server::sync::carry_out(&relay, &session, up, &mut BTreeSet::new()).await.unwrap();
                assert!(down.refusals.is_empty() && down.scopes[1].signature.is_some(), "{down:?}");
            }
        });
    }
    crowd.join_all().await;
    let measured = (stopwatch.elapsed(), cpu_millis(std::process::id()) - before);
    running.stop().await.unwrap();
    measured
}

/// How long it takes until phones that all come back at once have everything at the township, over HTTP.
pub async fn reconnect(phones: u32, batches: u32) {
    let (authority, data) = (DeviceKey::from_seed([1; 32]), tempfile::tempdir().unwrap());
    let running = start(&authority, data.path()).await;
    let devices: Vec<Device> = (0..phones).map(|number| Device::alone(&authority, VILLAGE, number, batches)).collect();
    let total = devices.len() as u64 * u64::from(batches + 1);
    let stopwatch = Stopwatch::now();
    let (_, failed) = stampede(running.address, devices).await;
    assert_eq!(failed, 0, "everybody is answered");
    let elapsed = stopwatch.elapsed();
    let scope = ScopeId::Village(UnitCode::new(VILLAGE).unwrap());
    assert_eq!(running.relay.log.head(&scope, 0).await.unwrap().position, total, "everything is kept");
    print("reconnect", format_args!("{}.{:03}", elapsed.as_secs(), elapsed.subsec_millis()), "s");
    running.stop().await.unwrap();
}

fn per_second(count: u64, elapsed: Duration) -> u64 {
    count * 1_000 / u64::try_from(elapsed.as_millis()).unwrap().max(1)
}
