//! Makes sure that Chromium, its driver and Chinese letters are here, from Debian's packages where that is permitted.

use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::progress::say;
use crate::{progress, repository};

/// What the journeys need, by the names of Debian's packages.
const PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-noto-cjk"];

/// Where Debian keeps the letters.
const LETTERS: &str = "/usr/share/fonts/opentype/noto";

/// Installs what is missing, or says exactly what somebody else has to install.
pub fn ensure() -> Result<(), Failure> {
    if is_there() {
        return Ok(());
    }
    if !repository::answers("apt-get", "--version") {
        return Err(advice());
    }
    let sudo: &[&str] = match () {
        () if user() == "0" => &[],
        () if may_sudo() => &["sudo", "-n"],
        () => return Err(advice()),
    };
    say(&format!("Installing {} for the browser journeys.", PACKAGES.join(", ")));
    apt(sudo, &["update"])?;
    apt(sudo, &[&["install", "--yes", "--no-install-recommends"], PACKAGES.as_slice()].concat())?;
    if is_there() { Ok(()) } else { Err(advice()) }
}

/// Returns whether everything that the journeys need is here.
pub fn is_there() -> bool {
    repository::answers("chromium", "--version") && repository::answers("chromedriver", "--version") && has_letters()
}

fn has_letters() -> bool {
    let asked = Command::new("fc-list").arg(":lang=zh-cn").output();
    Path::new(LETTERS).is_dir() || asked.is_ok_and(|output| !output.stdout.is_empty())
}

fn user() -> String {
    let asked = Command::new("id").arg("-u").output();
    asked.map_or_else(|_| String::new(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn may_sudo() -> bool {
    Command::new("sudo").args(["-n", "true"]).output().is_ok_and(|output| output.status.success())
}

fn apt(sudo: &[&str], arguments: &[&str]) -> Result<(), Failure> {
    let line = [sudo, &["apt-get"], arguments].concat();
    let mut command = Command::new(line[0]);
    command.args(&line[1..]).env("DEBIAN_FRONTEND", "noninteractive");
    progress::run("apt-get", &mut command)
}

fn advice() -> Failure {
    Failure::Missing {
        program: "Chromium, chromedriver or a Chinese font",
        advice: "The browser journeys need them: on Debian run `apt-get install chromium chromium-driver \
                 fonts-noto-cjk` as root; elsewhere install `chromium` and `chromedriver` of one version into the PATH. \
                 `cargo xtask test --fast` leaves the browser out.",
    }
}
