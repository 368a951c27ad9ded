//! A thousand townships in which everything goes wrong; each run is repeated by its seed.
//!
//! `PINGYI_SIM_RUNS` changes how many runs there are, `PINGYI_SIM_SEED` where they begin.

use shared::simulation::{Report, run};

fn setting(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is a whole number, not {text}")),
        Err(_) => otherwise,
    }
}

#[test]
fn a_thousand_runs_converge_and_lose_nothing() {
    let (first, runs) = (setting("PINGYI_SIM_SEED", 1), setting("PINGYI_SIM_RUNS", 1000));
    let mut all = Report::default();
    for seed in first..first + runs {
        all += run(seed).unwrap_or_else(|violation| panic!("seed {seed}: {violation}"));
    }
    println!("{runs} runs from seed {first}: {all:?}");
    if runs >= 1000 {
        let faults = [all.lost, all.duplicated, all.broken, all.crashes, all.write_failures, all.relay_restarts];
        assert!(faults.iter().all(|count| *count > 100), "the faults were tried: {all:?}");
        assert!(
            all.rollbacks > 100 && all.numbers_twice > 10,
            "storage went back, and numbers were given twice: {all:?}"
        );
        assert!(all.phones == 8 && all.ticked > 10_000, "people did something: {all:?}");
    }
}
