//! Makes sure that PostgreSQL's programs are here; the tests start a server of their own with them.

use std::fs;
use std::path::Path;

use crate::failure::Failure;
use crate::test::debian::Needed;

/// What the relay's tests on PostgreSQL need.
const DATABASE: Needed =
    Needed { purpose: "the relay's tests on PostgreSQL", packages: &["postgresql"], is_there, advice };

/// Where Debian keeps the programs, a folder for each version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// Installs what is missing, or says exactly what somebody else has to install.
pub fn ensure() -> Result<(), Failure> {
    DATABASE.ensure()
}

/// Returns whether a server can be made and started here.
pub fn is_there() -> bool {
    let programs = |version: &Path| ["initdb", "pg_ctl", "postgres"].map(|name| version.join("bin").join(name));
    let versions = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    versions.map(|entry| entry.path()).any(|version| programs(&version).iter().all(|program| program.exists()))
}

fn advice() -> Failure {
    Failure::Missing {
        program: "PostgreSQL",
        advice: "The relay's tests on PostgreSQL need its server programs, version 15 or later: on Debian run \
                 `apt-get install postgresql` as root. `cargo xtask test --fast` leaves these tests out where it is \
                 missing.",
    }
}
