//! So many batches in every second, whether the relay keeps up or not.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::device::Device;
use crate::outside::FIRST_VILLAGE;
use crate::process::{Process, thousandths};
use crate::stampede::Visitor;
use crate::{print, share};

/// The most phones that push; each has one question under way at a time, as the app does.
const PHONES: u32 = 500;
/// Phones of one village, each of which is given what the others push.
const PHONES_OF_VILLAGE: u32 = 10;
/// The first of their numbers and of their villages, away from those of the other parts.
const FIRST_DEVICE: u32 = 1_000;
const VILLAGES: u64 = FIRST_VILLAGE + 1_000;

/// Phones with sessions and all that they will push, signed.
pub struct Steady {
    phones: Vec<(Device, Visitor)>,
    rate: u32,
    total: u32,
}

impl Steady {
    /// Signs everything and opens the sessions, before any clock runs.
    pub async fn prepare(relay: &Process, rate: u32, seconds: u32) -> Self {
        let total = rate * seconds;
        let phones = PHONES.min(total).max(1);
        let client = reqwest::Client::new();
        let mut prepared = Vec::new();
        for number in 0..phones {
            let village = (VILLAGES + u64::from(number / PHONES_OF_VILLAGE)).to_string();
            let device = Device::alone(&relay.authority, &village, FIRST_DEVICE + number, total.div_ceil(phones));
            let visitor = Visitor::open(&client, relay.address, &device).await.unwrap();
            prepared.push((device, visitor));
        }
        Self { phones: prepared, rate, total }
    }

    /// Pushes at the rate and returns how many entries the log holds of it.
    ///
    /// A wait counts from when a batch was due: a relay that falls behind is not asked more gently.
    pub async fn run(self, relay: &Process) -> u64 {
        let Self { phones, rate, total } = self;
        let (before, start, count) = (relay.cpu_millis(), Instant::now(), phones.len() as u32);
        let mut crowd = JoinSet::new();
        for (place, (device, visitor)) in (0..).zip(phones) {
            crowd.spawn(async move {
                let (mut cursor, mut waits, mut failed) = (0, Vec::new(), 0);
                let due = (place..total).step_by(count as usize);
                for (batch, due) in device.batches.iter().zip(due) {
                    let due = start + Duration::from_secs(1) * due / rate;
                    sleep_until(due).await;
                    match visitor.sync(&device.request(cursor, visitor.epoch, std::slice::from_ref(batch))).await {
                        Some(answer) => {
                            cursor = answer.scopes[1].to();
                            waits.push(due.elapsed());
                        }
                        None => failed += 1,
                    }
                }
                (waits, failed)
            });
        }
        let (waits, failed): (Vec<Vec<Duration>>, Vec<usize>) = crowd.join_all().await.into_iter().unzip();
        let elapsed = start.elapsed();
        let (mut waits, failed) = (waits.concat(), failed.iter().sum::<usize>());
        waits.sort_unstable();
        let millis = |duration: Duration| thousandths(u64::try_from(duration.as_micros()).unwrap());
        let kept = waits.len() as u128;
        print("load-kept", kept * 1_000 / elapsed.as_millis().max(1), "/s");
        print("load-wait", millis(share(&waits, 99)), "ms");
        print("  … half of them within", millis(share(&waits, 50)), "ms");
        print("  … the longest", millis(waits.last().copied().unwrap_or_default()), "ms");
        print("  … processor for one batch", u128::from(relay.cpu_millis() - before) * 1_000 / kept.max(1), "µs");
        print("load-errors", failed, "batches");
        waits.len() as u64 + u64::from(count)
    }
}
