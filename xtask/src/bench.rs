//! Prints the figures of the product beside their budgets.

pub mod budget;
pub mod conditions;
mod first_load;
pub mod reading;
mod update;

use crate::bench::budget::{BUDGETS, Budget, Verdict};
use crate::bench::conditions::Conditions;
use crate::bench::reading::{Figure, Reading};
use crate::client::{self, Profile};
use crate::failure::Failure;
use crate::progress::{self, Progress, say};
use crate::repository;
use crate::test::browser;

/// A program that measures and prints a line per figure: the example `figures` of a package.
struct Measurer {
    package: &'static str,
    what: &'static str,
    /// Whether its own speed is in the figures; where only the page's is, the build of the tests does.
    release: bool,
    browser: bool,
}

const MEASURERS: [Measurer; 3] = [
    Measurer { package: "pingyi-shared", what: "Messages and records", release: true, browser: false },
    Measurer { package: "pingyi-server", what: "The relay", release: true, browser: false },
    Measurer { package: "pingyi-journeys", what: "A phone in Chromium", release: false, browser: true },
];

/// Measures everything that can be measured and prints it beside its budget.
///
/// A program that fails does not keep the others from measuring; the command fails after it has printed what it has.
///
/// `update` builds the client a second time, as a later release, which takes as long as the first.
pub fn bench(update: bool) -> Result<(), Failure> {
    let mut conditions = Conditions::at_start();
    let mut progress = Progress::of(client::STEPS + 1 + u32::from(update) + MEASURERS.len() as u32);
    let assets = client::default_folder(Profile::Client);
    client::build(Profile::Client, &assets, &mut progress)?;
    let mut readings = first_load::measure(&assets)?;

    if update {
        progress.step("The client as a later release, one sentence changed");
        readings.extend(update::measure(&assets)?);
    }
    progress.step("The relay, in release");
    let mut cargo = repository::cargo();
    cargo.args(["build", "--release", "--package", "pingyi-server", "--bin", "pingyi"]);
    progress::run("compiling the relay", &mut cargo)?;

    conditions.before_measuring();
    let mut failed = Ok(());
    for measurer in &MEASURERS {
        progress.step(measurer.what);
        if measurer.browser && !browser::is_there() {
            progress.note("Left out: there is no Chromium with its driver here; `cargo xtask test` installs them.");
            continue;
        }
        match measurer.run(&assets) {
            Ok(measured) => readings.extend(measured),
            Err(failure) => {
                progress.note(&failure.to_string());
                failed = failed.and(Err(failure));
            }
        }
    }
    say("");
    let over = print(&BUDGETS, &readings);
    say("");
    conditions.print();
    if over > 0 { Err(Failure::Budgets { over }) } else { failed }
}

impl Measurer {
    fn run(&self, assets: &std::path::Path) -> Result<Vec<Reading>, Failure> {
        let mut cargo = repository::cargo();
        cargo.args(["run", "--package", self.package, "--example", "figures"]);
        if self.release {
            cargo.arg("--release");
        }
        cargo.env("PINGYI_ASSETS", assets).env("PINGYI_BIN", repository::target().join("release").join("pingyi"));
        let printed = progress::capture(&format!("measuring {}", self.package), &mut cargo)?;
        Ok(printed.lines().filter_map(Reading::parse).collect())
    }
}

/// Prints every budget with its figure, then the figures that have no budget; returns how many are over.
///
/// What was measured twice, in the simulation and against the real relay, has a line for each. A figure without a
/// budget stands under the one it was printed after.
pub fn print(budgets: &[Budget], readings: &[Reading]) -> usize {
    let mut over = 0;
    for budget in budgets {
        let mut missing = true;
        let mut details = false;
        for reading in readings {
            match reading {
                Reading::Figure(figure) if figure.name == budget.figure => {
                    over += usize::from(budget.verdict(figure) == Verdict::Over);
                    say(&measured(budget, figure));
                    (missing, details) = (false, true);
                }
                Reading::Missing { name, reason } if name == budget.figure => {
                    say(&not_measured(budget, reason));
                    (missing, details) = (false, false);
                }
                Reading::Figure(figure) if details && figure.is_detail() => say(&detail(figure)),
                _ => details = false,
            }
        }
        if missing {
            say(&not_measured(budget, budget.awaits.unwrap_or("its program did not say")));
        }
    }
    let budgeted = |figure: &Figure| budgets.iter().any(|budget| budget.figure == figure.name);
    for reading in readings {
        if let Reading::Figure(figure) = reading
            && !figure.is_detail()
            && !budgeted(figure)
        {
            say(&detail(figure));
        }
    }
    over
}

fn measured(budget: &Budget, figure: &Figure) -> String {
    let verdict = match budget.verdict(figure) {
        Verdict::Within => "",
        Verdict::Over => "OVER",
        Verdict::OtherUnit => "OTHER UNIT",
    };
    let amount = format!("{} {}", figure.amount, figure.unit);
    format!("{:<58} {amount:>14}   {:<14} {verdict}", budget.title, budget.to_string()).trim_end().to_owned()
}

fn not_measured(budget: &Budget, reason: &str) -> String {
    format!("{:<58} {:>14}   {:<14} not measured: {reason}", budget.title, "–", budget.to_string())
}

fn detail(figure: &Figure) -> String {
    format!("{:<58} {:>14}", figure.name, format!("{} {}", figure.amount, figure.unit))
}
