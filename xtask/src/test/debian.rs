//! What the tests need of Debian's packages: installed where that is permitted, named where it is not.

use std::process::Command;

use crate::failure::Failure;
use crate::progress::say;
use crate::{progress, repository};

/// Something that the tests need.
pub struct Needed {
    /// What it is for.
    pub purpose: &'static str,
    /// By the names of Debian's packages.
    pub packages: &'static [&'static str],
    /// Whether it is here.
    pub is_there: fn() -> bool,
    /// What somebody who may install it is told.
    pub advice: fn() -> Failure,
}

impl Needed {
    /// Installs what is missing, or says exactly what somebody else has to install.
    pub fn ensure(&self) -> Result<(), Failure> {
        if (self.is_there)() {
            return Ok(());
        }
        if !repository::answers("apt-get", "--version") {
            return Err((self.advice)());
        }
        let sudo: &[&str] = match () {
            () if user() == "0" => &[],
            () if may_sudo() => &["sudo", "-n"],
            () => return Err((self.advice)()),
        };
        say(&format!("Installing {} for {}.", self.packages.join(", "), self.purpose));
        apt(sudo, &["update"])?;
        apt(sudo, &[&["install", "--yes", "--no-install-recommends"], self.packages].concat())?;
        if (self.is_there)() { Ok(()) } else { Err((self.advice)()) }
    }
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
