//! Puts a relay of its own under load, with batches that were really signed, and prints a line per figure.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program that measures stops where it cannot"
)]
#![allow(dead_code, reason = "the program of the figures shares these modules and uses the rest")]

#[path = "../figures/device.rs"]
mod device;
#[path = "../figures/line.rs"]
mod line;
#[path = "../figures/outside.rs"]
mod outside;
#[path = "../figures/process.rs"]
mod process;
#[path = "../figures/stampede.rs"]
mod stampede;
mod steady;

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use crate::device::Device;
use crate::outside::FIRST_VILLAGE;
use crate::process::{Process, thousandths};
use crate::steady::Steady;

/// Phones that come back at once, and the batches of each.
const STAMPEDE: (u32, u32) = (1_000, 20);
/// The first of their numbers; those of the other parts lie below.
const STAMPEDE_DEVICES: u32 = 2_000;
/// The village of the stampede, away from those of the other parts.
const STAMPEDE_VILLAGE: u64 = FIRST_VILLAGE + 5_000;

#[derive(Parser)]
struct Arguments {
    /// The relay's binary.
    #[arg(long)]
    binary: PathBuf,
    /// Batches a second.
    #[arg(long)]
    rate: u32,
    /// For how many seconds.
    #[arg(long)]
    seconds: u32,
    /// An empty PostgreSQL database; a folder of its own unless given.
    #[arg(long)]
    store: Option<String>,
}

#[tokio::main]
async fn main() {
    let Arguments { binary, rate, seconds, store } = Arguments::parse();
    let Some(relay) = Process::serve(&binary, store.as_deref()).await else {
        println!("load-kept\t-\tthe relay did not start, or the database holds a township already");
        return;
    };
    let lines = outside::many_lines(&relay).await;
    let steady = Steady::prepare(&relay, rate, seconds).await;
    drop(lines);
    let kept = steady.run(&relay).await;

    let write = |number| Device::alone(&relay.authority, &STAMPEDE_VILLAGE.to_string(), number, STAMPEDE.1);
    let devices: Vec<Device> = (STAMPEDE_DEVICES..STAMPEDE_DEVICES + STAMPEDE.0).map(write).collect();
    let before = relay.cpu_millis();
    let (waits, failed) = stampede::stampede(relay.address, devices).await;
    print("reconnect", seconds_of(waits.last().copied().unwrap_or_default()), "s");
    print("  … half of them within", seconds_of(share(&waits, 50)), "s");
    print("  … processor", relay.cpu_millis() - before, "ms");
    print("reconnect-errors", failed, "phones");
    print("Memory of the relay at most", thousandths(relay.peak_kilobytes()), "MB");

    // Of the idle phones and of the stampede, a certificate each and the batches.
    let entries = u64::from(outside::IDLE.0 * 2 + STAMPEDE.0 * (STAMPEDE.1 + 1)) + kept;
    let bytes = relay.end();
    if store.is_none() {
        print("Disk for one entry of the log", bytes / entries, "B");
        print("Entries in the log", entries, "entries");
    }
}

/// Prints a figure.
fn print(figure: &str, value: impl std::fmt::Display, unit: &str) {
    println!("{figure}\t{value}\t{unit}");
}

/// Returns the wait that so many of a hundred stay within; the waits are in order.
fn share(waits: &[Duration], percent: usize) -> Duration {
    waits.get((waits.len() * percent / 100).min(waits.len().saturating_sub(1))).copied().unwrap_or_default()
}

fn seconds_of(duration: Duration) -> String {
    thousandths(u64::try_from(duration.as_millis()).unwrap())
}
