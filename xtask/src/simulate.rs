//! Plays seeded townships in which everything goes wrong: the simulation of `shared`, on every core, in release.

use crate::failure::Failure;
use crate::{progress, repository};

/// Runs so many seeds from the first; fails if any of them did, after all of them ran.
pub fn simulate(runs: u64, seed: u64) -> Result<(), Failure> {
    let mut cargo = repository::cargo();
    cargo.args(["run", "--release", "--package", "pingyi-shared", "--example", "simulate", "--"]);
    cargo.args([runs.to_string(), seed.to_string()]);
    progress::run(&format!("the simulation of {runs} runs from seed {seed}"), &mut cargo)
}
