//! What can be asked of `pingyi` on the command line.

pub mod score;
pub mod sheet;
pub mod refusal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Pingyi 评议: records of village appraisal, and a relay between phones and township.
#[derive(Parser)]
#[command(name = "pingyi", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compute a member review from a rulebook, a roll and ballots, and print it as JSON.
    Score(score::Arguments),
}

/// Carries out what the command line asks and returns the process's exit code.
pub fn run() -> ExitCode {
    match Cli::parse().command {
        Command::Score(arguments) => score::run(&arguments),
    }
}
