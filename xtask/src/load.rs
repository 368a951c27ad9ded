//! Puts a relay of its own under load and prints what came of it beside the budgets.

use crate::bench;
use crate::bench::budget::{BUDGETS, Budget, at_least, at_most};
use crate::bench::conditions::Conditions;
use crate::bench::reading::Reading;
use crate::failure::Failure;
use crate::progress::{self, Progress, say};
use crate::repository;

/// Of a hundred batches asked for so many may still be under way when the clock stops.
const UNDER_WAY: u32 = 1;

/// Builds relay and load in release, runs the load and prints the figures; fails where one is over its budget.
pub fn load(rate: u32, seconds: u32, store: Option<&str>) -> Result<(), Failure> {
    let mut conditions = Conditions::at_start();
    let mut progress = Progress::of(3);
    progress.step("The relay, in release");
    let mut cargo = repository::cargo();
    cargo.args(["build", "--release", "--package", "pingyi-server", "--bin", "pingyi"]);
    progress::run("compiling the relay", &mut cargo)?;
    progress.step("The load, in release");
    let mut cargo = repository::cargo();
    cargo.args(["build", "--release", "--package", "pingyi-server", "--example", "load"]);
    progress::run("compiling the load", &mut cargo)?;

    progress.step("Idle phones, a steady rate, a stampede");
    conditions.before_measuring();
    let release = repository::target().join("release");
    let mut program = std::process::Command::new(release.join("examples").join("load"));
    program.args(["--rate", &rate.to_string(), "--seconds", &seconds.to_string()]);
    program.arg("--binary").arg(release.join("pingyi"));
    program.args(store.map(|url| ["--store", url]).iter().flatten());
    let printed = progress::capture("the load", &mut program)?;
    let readings: Vec<Reading> = printed.lines().filter_map(Reading::parse).collect();
    say("");
    let over = bench::print(&budgets(rate), &readings);
    say("");
    conditions.print_machine();
    say("     Profile `release`, load and relay on the same processors, no TLS.");
    if over > 0 { Err(Failure::Budgets { over }) } else { Ok(()) }
}

/// What is asked of the relay under this load, beside what is asked of it anyhow.
fn budgets(rate: u32) -> Vec<Budget> {
    let kept = i64::from(rate) * i64::from(100 - UNDER_WAY) / 100;
    let own = [
        at_least("load-kept", "Batches kept, each of one change", kept, "/s"),
        at_most("load-wait", "… 99 % answered within", 1_000, "ms"),
        at_most("load-errors", "… not answered, or refused", 0, "batches"),
        at_most("reconnect-errors", "Phones of the stampede that were not served", 0, "phones"),
    ];
    let anyhow = ["reconnect", "relay-memory"];
    BUDGETS.into_iter().filter(|budget| anyhow.contains(&budget.figure)).chain(own).collect()
}
