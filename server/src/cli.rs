//! What can be asked of `pingyi` on the command line.

pub mod backup;
pub mod import;
pub mod init;
pub mod points;
mod printed;
pub mod rank;
pub mod refusal;
pub mod restore;
pub mod score;
pub mod serve;
pub mod sheet;

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
    /// Serve the app and pass records between phones and the township until stopped.
    Serve(serve::Arguments),
    /// Make a relay for a new township and print the link by which the office founds it.
    Init(init::Arguments),
    /// Write everything that a relay holds, which may be running, into one file that holds no secret.
    Backup(backup::Arguments),
    /// Make a relay from a backup; phones and relay bring each other what either lacks.
    Restore(restore::Arguments),
    /// Preview a village's roster from a CSV file and, with --accept, record it at the township.
    Import(import::Arguments),
    /// Compute a member review from a rulebook, a roll and ballots, and print it as JSON.
    Score(score::Arguments),
    /// Compute a village assessment from a rulebook, cards and what is added or deducted, and print it as JSON.
    Rank(rank::Arguments),
    /// Compute points accounts from a rulebook and entries, and print them as JSON.
    Points(points::Arguments),
}

/// Carries out what the command line asks and returns the process's exit code.
pub fn run() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(arguments) => serve::run(arguments),
        Command::Init(arguments) => init::run(arguments),
        Command::Backup(arguments) => backup::run(arguments),
        Command::Restore(arguments) => restore::run(arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Score(arguments) => score::run(&arguments),
        Command::Rank(arguments) => rank::run(&arguments),
        Command::Points(arguments) => points::run(&arguments),
    }
}
