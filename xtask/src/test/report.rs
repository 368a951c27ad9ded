//! What each ring said, and the table of all of them.

use std::time::Instant;

use crate::failure::Failure;
use crate::progress::{self, say};
use crate::repository;

/// What a ring that ran has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How many tests ran; nothing where a ring is one check.
    pub tests: Option<u64>,
    /// Whether all of it held.
    pub held: bool,
}

impl Outcome {
    /// Returns the outcome of a ring that is one check, which held.
    pub fn checked() -> Self {
        Self { tests: None, held: true }
    }
}

struct Row {
    ring: String,
    outcome: Outcome,
    seconds: u64,
}

/// The rings so far.
pub struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// Starts with no ring.
    pub fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// Runs a ring, notes how it went, and returns what it made unless it stopped.
    pub fn ring<T>(&mut self, name: &str, work: impl FnOnce() -> Result<(T, Outcome), Failure>) -> Option<T> {
        say(&format!("\n== {} · {name}", self.rows.len() + 1));
        let start = Instant::now();
        let (made, outcome) = match work() {
            Ok((made, outcome)) => (Some(made), outcome),
            Err(failure) => {
                say(&failure.to_string());
                (None, Outcome { tests: None, held: false })
            }
        };
        self.rows.push(Row { ring: name.to_owned(), outcome, seconds: start.elapsed().as_secs() });
        made
    }

    /// Runs a ring that is one cargo command.
    pub fn cargo(&mut self, name: &str, arguments: &[&str]) {
        self.ring(name, || {
            let what = format!("cargo {}", arguments.first().unwrap_or(&""));
            progress::run(&what, repository::cargo().args(arguments)).map(|()| ((), Outcome::checked()))
        });
    }

    /// Prints the table.
    pub fn print(&self) {
        say(&format!("\n{}", self.table()));
    }

    /// Returns a failure if any ring failed.
    pub fn verdict(&self) -> Result<(), Failure> {
        match self.rows.iter().filter(|row| !row.outcome.held).count() {
            0 => Ok(()),
            failed => Err(Failure::Rings { failed }),
        }
    }

    fn table(&self) -> String {
        let width = self.rows.iter().map(|row| row.ring.chars().count()).max().unwrap_or(0).max(4);
        let line = |ring: &str, tests: &str, seconds: &str, said: &str| {
            let line = format!("{ring}{}  {tests:>6}  {seconds:>7}  {said}", " ".repeat(width - ring.chars().count()));
            format!("{}\n", line.trim_end())
        };
        let mut table = line("ring", "tests", "seconds", "");
        let mut tests = 0;
        for row in &self.rows {
            tests += row.outcome.tests.unwrap_or(0);
            let count = row.outcome.tests.map_or("–".to_owned(), |tests| tests.to_string());
            let said = if row.outcome.held { "" } else { "FAILED" };
            table.push_str(&line(&row.ring, &count, &row.seconds.to_string(), said));
        }
        let seconds: u64 = self.rows.iter().map(|row| row.seconds).sum();
        table.push_str(&line("all", &tests.to_string(), &seconds.to_string(), ""));
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_ring_is_in_the_table_and_fails_the_whole() {
        let mut report = Report::new();
        report.ring("tidy", || Ok(((), Outcome { tests: Some(12), held: true })));
        assert!(report.verdict().is_ok());
        let made: Option<()> = report.ring("journeys", || Err(Failure::NoWasm));
        assert_eq!(made, None);
        let expected = "\
ring       tests  seconds
tidy          12        0
journeys       –        0  FAILED
all           12        0
";
        assert_eq!(report.table(), expected);
        assert!(matches!(report.verdict(), Err(Failure::Rings { failed: 1 })));
    }
}
