//! Prints the figures of the product beside their budgets.

mod budget;
mod first_load;

use crate::bench::budget::{Amount, BUDGETS, Budget, Verdict};
use crate::client::{self, Profile};
use crate::failure::Failure;
use crate::progress::{self, Progress, say};
use crate::repository;

/// Programs that measure and print a line `figure<TAB>value<TAB>unit` per figure: the example `figures` of a package.
const MEASURERS: [(&str, &str); 2] = [("pingyi-shared", "shared"), ("pingyi-server", "server")];

/// A measured figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The name under which the budget stands.
    pub name: String,
    /// How much.
    pub amount: Amount,
    /// Of what.
    pub unit: String,
}

/// Measures everything that can be measured and prints it beside its budget.
pub fn bench() -> Result<(), Failure> {
    let mut progress = Progress::of(client::STEPS + 1);
    let assets = client::default_folder(Profile::Client);
    client::build(Profile::Client, &assets, &mut progress)?;
    let mut figures = first_load::measure(&assets)?;

    progress.step("Messages, documents and the relay, in release");
    for (package, folder) in MEASURERS {
        if repository::root().join(folder).join("examples").join("figures.rs").is_file() {
            figures.extend(measured_by(package)?);
        }
    }
    say("");
    let over = print(&figures);
    if over == 0 { Ok(()) } else { Err(Failure::Budgets { over }) }
}

fn measured_by(package: &str) -> Result<Vec<Figure>, Failure> {
    let mut cargo = repository::cargo();
    cargo.args(["run", "--release", "--package", package, "--example", "figures"]);
    let printed = progress::capture(&format!("measuring {package}"), &mut cargo)?;
    Ok(printed.lines().filter_map(figure).collect())
}

/// Reads `figure<TAB>value<TAB>unit`.
fn figure(line: &str) -> Option<Figure> {
    let mut parts = line.split('\t');
    let (name, amount, unit) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Figure { name: name.to_owned(), amount: Amount::parse(amount)?, unit: unit.to_owned() })
}

/// Prints every budget with its figure, then the figures that have no budget; returns how many are over.
///
/// What was measured twice, in the simulation and against the real relay, has a line for each.
fn print(figures: &[Figure]) -> usize {
    let mut over = 0;
    for budget in &BUDGETS {
        let measured: Vec<_> = figures.iter().filter(|figure| figure.name == budget.figure).collect();
        if measured.is_empty() {
            say(&line(budget, None));
        }
        for figure in measured {
            over += usize::from(budget.verdict(figure) == Verdict::Over);
            say(&line(budget, Some(figure)));
        }
    }
    for figure in figures.iter().filter(|figure| BUDGETS.iter().all(|budget| budget.figure != figure.name)) {
        say(&format!("{:<58} {:>14}", figure.name, format!("{} {}", figure.amount, figure.unit)));
    }
    over
}

fn line(budget: &Budget, figure: Option<&Figure>) -> String {
    let (measured, verdict) = match figure {
        None => ("–".to_owned(), "not measured"),
        Some(figure) => {
            let verdict = match budget.verdict(figure) {
                Verdict::Within => "",
                Verdict::Over => "OVER",
                Verdict::OtherUnit => "OTHER UNIT",
            };
            (format!("{} {}", figure.amount, figure.unit), verdict)
        }
    };
    format!("{:<58} {measured:>14}   {:<14} {verdict}", budget.title, budget.to_string()).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_a_line_of_three() {
        let read = figure("entry-up\t214\tB").unwrap();
        assert_eq!((read.name.as_str(), read.amount.to_string(), read.unit.as_str()), ("entry-up", "214".into(), "B"));
        assert_eq!(figure("Compiling shared"), None);
        assert_eq!(figure("entry-up\tmany\tB"), None);
    }
}
