//! The only build script: builds the client, serves it, proves the project and measures it.

// A build script talks to the person who started it.
#![allow(clippy::print_stdout)]

mod bench;
mod client;
mod failure;
mod load;
mod progress;
mod repository;
mod serve;
mod simulate;
mod test;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::client::Profile;
use crate::failure::Failure;
use crate::progress::Progress;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, serves, tests and measures Pingyi.")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds the client: page, wasm, styles and service worker, each compressed beside itself.
    Build {
        /// How the wasm is compiled: `client` is small, `journey` is quick to build.
        #[arg(long, value_enum, default_value_t = Profile::Client)]
        profile: Profile,
        /// The folder to fill; what a former build left there is replaced.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Builds everything, makes the sample township on first start and serves it.
    Serve {
        /// The port to listen on.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Where the relay keeps its records; `data` in the repository unless given.
        #[arg(long)]
        data: Option<PathBuf>,
    },
    /// Runs everything that proves the project and prints how many tests each ring ran.
    Test {
        /// Leaves out the browser journeys.
        #[arg(long)]
        fast: bool,
    },
    /// Plays seeded townships in which everything goes wrong, and prints the seed of each that failed.
    Simulate {
        /// How many runs.
        #[arg(long, default_value_t = 1000)]
        runs: u64,
        /// The first seed; the others follow it. A failure is repeated with its seed and one run.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Puts a relay of its own under load: idle phones, a steady rate of signed batches, a stampede.
    Load {
        /// Batches a second.
        #[arg(long, default_value_t = 500)]
        rate: u32,
        /// For how many seconds.
        #[arg(long, default_value_t = 20)]
        seconds: u32,
        /// An empty PostgreSQL database for the relay; a folder of its own unless given.
        #[arg(long)]
        store: Option<String>,
    },
    /// Prints the figures of the product beside their budgets.
    Bench {
        /// Builds the client twice, to measure what a release with one changed page costs a phone.
        #[arg(long)]
        update: bool,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<(), Failure> {
    match task {
        Task::Build { profile, out } => {
            let out = out.unwrap_or_else(|| client::default_folder(profile));
            client::build(profile, &out, &mut Progress::of(client::STEPS))?;
            match profile {
                Profile::Client => Ok(()),
                Profile::Journey => client::build_storage_page(&client::storage_page_folder()),
            }
        }
        Task::Serve { port, data } => serve::serve(port, &data.unwrap_or_else(|| repository::root().join("data"))),
        Task::Test { fast } => test::test(fast),
        Task::Simulate { runs, seed } => simulate::simulate(runs, seed),
        Task::Load { rate, seconds, store } => load::load(rate, seconds, store.as_deref()),
        Task::Bench { update } => bench::bench(update),
    }
}
