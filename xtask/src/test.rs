//! Proves the project: every ring in order, each with its count, and a table at the end.

pub mod browser;
mod database;
mod debian;
mod report;
mod suites;

use std::path::Path;

use crate::client::{self, Profile};
use crate::failure::Failure;
use crate::progress::{self, Progress, say};
use crate::repository;
use crate::test::report::{Outcome, Report};
use crate::test::suites::Suite;

/// Runs every ring; `fast` leaves out the browser, and PostgreSQL where it is missing.
///
/// A ring that fails does not keep the later ones from running: one run shows all that is wrong.
pub fn test(fast: bool) -> Result<(), Failure> {
    if !fast {
        // First, so that a missing browser is said at once and not after half an hour.
        browser::ensure()?;
        database::ensure()?;
    }
    client::ensure_target()?;
    let mut report = Report::new();
    check_sources(&mut report);

    match report.ring("compile the tests", || suites::build().map(|suites| (suites, Outcome::checked()))) {
        Some(suites) => run_suites(&mut report, &suites, fast),
        None => say("No test runs, since they do not compile."),
    }
    report.print();
    report.verdict()
}

/// Checks that need no test binary: layout of the text, lints, documentation.
fn check_sources(report: &mut Report) {
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"];
    let phone = ["clippy", "--package", "pingyi-app", "--target", client::TARGET, "--", "--deny", "warnings"];
    report.cargo("format", &["fmt", "--all", "--check"]);
    report.cargo("lints", &clippy);
    report.cargo("lints on the phone", &phone);
    report.ring("documentation", || {
        let mut cargo = repository::cargo();
        cargo.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "--deny warnings");
        progress::run("cargo doc", &mut cargo).map(|()| ((), Outcome::checked()))
    });
}

/// Runs the suites from the innermost ring outwards, the journeys on a client and a relay of their own.
fn run_suites(report: &mut Report, suites: &[Suite], fast: bool) {
    let (ready, waiting): (Vec<&Suite>, Vec<&Suite>) = suites
        .iter()
        .filter(|suite| !suite.is_journey())
        .partition(|suite| !suite.needs_postgres() || database::is_there());
    for suite in waiting {
        say(&format!("\nLeft out: {}, since PostgreSQL is missing; `cargo xtask test` installs it.", suite.ring()));
    }
    for suite in ready {
        report.ring(&suite.ring(), || suite.run(&[]).map(|outcome| ((), outcome)));
    }
    report.ring("examples in the documentation", || {
        let mut cargo = repository::cargo();
        cargo.args(["test", "--workspace", "--doc"]);
        suites::run_counted("cargo test --doc", &mut cargo).map(|outcome| ((), outcome))
    });
    if fast {
        return;
    }
    let assets = client::default_folder(Profile::Journey);
    let storage = client::storage_page_folder();
    let built = report.ring("client for the journeys", || {
        client::build(Profile::Journey, &assets, &mut Progress::of(client::STEPS))?;
        client::build_storage_page(&storage)?;
        Ok(((), Outcome::checked()))
    });
    let relay = report.ring("relay for the journeys", || {
        let mut cargo = repository::cargo();
        // The same selection as for the tests, so that nothing is compiled twice with other features.
        cargo.args(["build", "--workspace", "--bins"]);
        progress::run("compiling the relay", &mut cargo).map(|()| ((), Outcome::checked()))
    });
    if built.is_none() || relay.is_none() {
        say("The journeys do not run without client and relay.");
        return;
    }
    let relay = repository::target().join("debug").join("pingyi");
    let environment: [(&str, &Path); 3] =
        [("PINGYI_ASSETS", &assets), ("PINGYI_STORAGE_PAGE", &storage), ("PINGYI_BIN", &relay)];
    for suite in suites.iter().filter(|suite| suite.is_journey()) {
        report.ring(&suite.ring(), || suite.run(&environment).map(|outcome| ((), outcome)));
    }
}
