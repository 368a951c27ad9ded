//! Five thousand townships in which everything goes wrong; each run is repeated by its seed.
//!
//! `PINGYI_SIM_RUNS` changes how many runs there are, `PINGYI_SIM_SEED` where they begin.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use shared::simulation::{Report, run};

fn setting(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is a whole number, not {text}")),
        Err(_) => otherwise,
    }
}

#[test]
fn five_thousand_runs_converge_and_lose_nothing() {
    let (first, runs) = (setting("PINGYI_SIM_SEED", 1), setting("PINGYI_SIM_RUNS", 5000));
    let (next, done) = (AtomicU64::new(0), Mutex::new((Report::default(), Vec::new())));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    if place >= runs {
                        break;
                    }
                    let seed = first + place;
                    let result = run(seed);
                    let mut done = done.lock().unwrap();
                    match result {
                        Ok(report) => done.0 += report,
                        Err(violation) => done.1.push(format!("seed {seed}: {violation}")),
                    }
                }
            });
        }
    });
    let (all, violations) = done.into_inner().unwrap();
    println!("{runs} runs from seed {first}: {all:?}");
    assert!(violations.is_empty(), "{}", violations.join("\n"));
    if runs >= 1000 {
        let faults = [all.lost, all.duplicated, all.broken, all.crashes, all.write_failures, all.rollbacks];
        assert!(faults.iter().all(|count| *count > 100), "the faults were tried: {all:?}");
        let wrecks = [all.relay_restarts, all.relay_losses, all.later_versions, all.attacks, all.gone];
        assert!(wrecks.iter().all(|count| *count > 100), "the wrecks were tried: {all:?}");
        assert!(all.updates > 50 && all.later_entries > 100, "versions lived beside each other: {all:?}");
        assert!(all.brought > 50, "what was lost was brought by others: {all:?}");
        assert!(all.numbers_twice > 10, "storage went back, and numbers were given twice: {all:?}");
        assert!(all.phones == 8 && all.ticked > 10_000, "people did something: {all:?}");
    }
}
