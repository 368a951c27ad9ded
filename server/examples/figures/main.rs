//! Measures the relay and prints a line per figure: its name, its value, its unit.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program that measures stops where it cannot")]
#![allow(dead_code, reason = "the load shares these modules and uses the rest")]

mod device;
mod inside;
mod line;
mod outside;
mod process;
mod stampede;

use tokio::runtime::Runtime;

use crate::process::Process;

fn main() {
    let runtime = Runtime::new().unwrap();
    // A word on the command line leaves out what it does not begin: for whoever works on one of the figures.
    let only = std::env::args().nth(1).unwrap_or_default();
    let wanted = |part: &str| part.starts_with(&only);
    if wanted("messages") {
        runtime.block_on(inside::messages());
    }
    if wanted("throughput") {
        inside::throughput(&runtime);
    }
    if wanted("reconnect") {
        runtime.block_on(inside::reconnect(1_000, 20));
    }
    if wanted("own") {
        runtime.block_on(outside::own_documents());
    }
    if wanted("meeting") {
        runtime.block_on(outside::one_meeting());
    }
    if wanted("lines") {
        runtime.block_on(async {
            if let Some(relay) = Process::start(&["relay-memory"]).await {
                drop(outside::many_lines(&relay).await);
            }
        });
    }
}

/// Prints a figure.
fn print(figure: &str, value: impl std::fmt::Display, unit: &str) {
    println!("{figure}\t{value}\t{unit}");
}
