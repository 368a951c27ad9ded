//! Builds everything and hands over to the relay.

use std::path::Path;
use std::process::Command;

use crate::client::{self, Profile};
use crate::failure::Failure;
use crate::progress::{self, Progress};
use crate::repository;

/// The steps of the client, the relay's own build, and the start.
const STEPS: u32 = client::STEPS + 2;

/// Builds client and relay, makes the sample township on first start, and serves until stopped.
pub fn serve(port: u16, data: &Path) -> Result<(), Failure> {
    let mut progress = Progress::of(STEPS);
    let assets = client::default_folder(Profile::Client);
    client::build(Profile::Client, &assets, &mut progress)?;

    progress.step("The relay (some minutes the first time)");
    let mut cargo = repository::cargo();
    cargo.args(["build", "--release", "--package", "pingyi-server", "--bin", "pingyi"]);
    progress::run("compiling the relay", &mut cargo)?;

    progress.step(&format!("The township in {} at http://localhost:{port}", data.display()));
    let mut relay = Command::new(repository::target().join("release").join("pingyi"));
    relay.arg("serve").arg("--data").arg(data).args(["--port", &port.to_string()]).arg("--assets").arg(&assets);
    hand_over(relay.arg("--sample"))
}

/// Becomes the relay, so that stopping this command stops the relay itself.
#[cfg(unix)]
fn hand_over(relay: &mut Command) -> Result<(), Failure> {
    use std::os::unix::process::CommandExt;
    let path = relay.get_program().into();
    Err(Failure::File { path, error: relay.exec() })
}

/// Runs the relay until it stops.
#[cfg(not(unix))]
fn hand_over(relay: &mut Command) -> Result<(), Failure> {
    progress::run("the relay", relay)
}
