//! Plays seeded townships one after the other and prints progress, the seed of each that failed, and what it cost.
//!
//! Takes two whole numbers: how many runs, and the first seed.

#![allow(clippy::print_stdout, reason = "it prints what it finds")]

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use shared::simulation::{Report, run};

/// How often progress is printed: seldom enough for a log, often enough to see that it lives.
const PROGRESS: Duration = Duration::from_secs(10);
/// The clock ticks per second in which Linux counts a process's time, whatever the machine.
const TICKS: f32 = 100.0;

#[derive(Default)]
struct Tally {
    done: u64,
    failed: Vec<u64>,
    all: Report,
}

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let (Some(Ok(runs)), Some(Ok(first)), None) = (numbers.next(), numbers.next(), numbers.next()) else {
        println!("usage: simulate RUNS SEED, both whole numbers");
        return ExitCode::FAILURE;
    };
    let begun = Instant::now();
    let (next, tally) = (AtomicU64::new(0), Mutex::new((Tally::default(), begun)));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    if place >= runs {
                        break;
                    }
                    let seed = first.wrapping_add(place);
                    let result = run(seed);
                    let Ok(mut guard) = tally.lock() else { break };
                    let (tally, printed) = &mut *guard;
                    tally.done += 1;
                    match result {
                        Ok(report) => tally.all += report,
                        Err(violation) => {
                            println!("seed {seed}: {violation}");
                            tally.failed.push(seed);
                        }
                    }
                    if printed.elapsed() >= PROGRESS {
                        *printed = Instant::now();
                        println!("{} of {runs} runs, {} failed", tally.done, tally.failed.len());
                    }
                }
            });
        }
    });
    let Ok((tally, _)) = tally.into_inner() else { return ExitCode::FAILURE };
    println!("{runs} runs from seed {first}: {:?}", tally.all);
    let cpu = cpu_seconds().map_or("unknown".to_owned(), |seconds| format!("{seconds:.1}"));
    println!("{} failed; {:.1} s, {cpu} CPU seconds", tally.failed.len(), begun.elapsed().as_secs_f32());
    if tally.failed.is_empty() {
        return ExitCode::SUCCESS;
    }
    let seeds: Vec<String> = tally.failed.iter().map(ToString::to_string).collect();
    println!("failed seeds: {}", seeds.join(" "));
    ExitCode::FAILURE
}

/// Returns the processor time of this process, where the system tells.
fn cpu_seconds() -> Option<f32> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name stands in brackets and may hold anything; the fields are counted after it.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field)?.parse::<f32>().ok();
    Some((ticks(11)? + ticks(12)?) / TICKS)
}
