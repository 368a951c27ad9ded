//! The one binary, `pingyi`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::run()
}
