//! Makes sure that Chromium, its driver and Chinese letters are here.

use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::repository;
use crate::test::debian::Needed;

/// What the journeys need.
const BROWSER: Needed = Needed {
    purpose: "the browser journeys",
    packages: &["chromium", "chromium-driver", "fonts-noto-cjk"],
    is_there,
    advice,
};

/// Where Debian keeps the letters.
const LETTERS: &str = "/usr/share/fonts/opentype/noto";

/// Installs what is missing, or says exactly what somebody else has to install.
pub fn ensure() -> Result<(), Failure> {
    BROWSER.ensure()
}

/// Returns whether everything that the journeys need is here.
pub fn is_there() -> bool {
    repository::answers("chromium", "--version") && repository::answers("chromedriver", "--version") && has_letters()
}

fn has_letters() -> bool {
    let asked = Command::new("fc-list").arg(":lang=zh-cn").output();
    Path::new(LETTERS).is_dir() || asked.is_ok_and(|output| !output.stdout.is_empty())
}

fn advice() -> Failure {
    Failure::Missing {
        program: "Chromium, chromedriver or a Chinese font",
        advice: "The browser journeys need them: on Debian run `apt-get install chromium chromium-driver \
                 fonts-noto-cjk` as root; elsewhere install `chromium` and `chromedriver` of one version into the PATH. \
                 `cargo xtask test --fast` leaves the browser out.",
    }
}
