//! The test binaries of the workspace, compiled once with one set of features and run one by one.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::failure::Failure;
use crate::progress::say;
use crate::test::report::Outcome;
use crate::{progress, repository};

/// The packages in the order of their rings, with what people call them; the journeys come last.
const RINGS: [(&str, &str); 5] = [
    (JOURNEYS, "tidy"),
    ("xtask", "build script"),
    ("pingyi-shared", "shared"),
    ("pingyi-server", "server"),
    ("pingyi-app", "app"),
];

/// The package whose suites need a browser, all but the two of [`READING`].
const JOURNEYS: &str = "pingyi-journeys";

/// The suite about the repository itself, and the one about what it and the journeys stand on.
const READING: [&str; 2] = ["tidy", UNIT];

/// The suite of a package's own tests.
const UNIT: &str = "unit";

/// The package of the relay, and its suite that starts a PostgreSQL server.
const ON_POSTGRES: (&str, &str) = ("pingyi-server", "postgres");

/// One test binary.
#[derive(Debug)]
pub struct Suite {
    package: String,
    target: String,
    binary: PathBuf,
    folder: PathBuf,
}

impl Suite {
    /// Returns whether the suite needs client, relay and browser.
    pub fn is_journey(&self) -> bool {
        self.package == JOURNEYS && !READING.contains(&self.target.as_str())
    }

    /// Returns whether the suite starts a PostgreSQL server.
    pub fn needs_postgres(&self) -> bool {
        (self.package.as_str(), self.target.as_str()) == ON_POSTGRES
    }

    /// Returns the name of the suite's ring.
    pub fn ring(&self) -> String {
        if self.is_journey() {
            return format!("journeys: {}", self.target);
        }
        let ring = RINGS.iter().find(|(package, _)| *package == self.package).map_or("", |(_, ring)| ring);
        if ring == self.target { ring.to_owned() } else { format!("{ring}: {}", self.target) }
    }

    /// Runs the suite as cargo would, with more environment.
    pub fn run(&self, environment: &[(&str, &Path)]) -> Result<Outcome, Failure> {
        let mut binary = Command::new(&self.binary);
        binary.current_dir(&self.folder).env("CARGO_MANIFEST_DIR", &self.folder);
        binary.envs(environment.iter().copied());
        if self.is_journey() {
            // Each journey runs several browsers; two at once would share two cores and time out.
            binary.arg("--test-threads=1");
        }
        run_counted(&self.ring(), &mut binary)
    }

    /// Orders suites by ring, unit tests of a package before its other suites.
    fn order(&self) -> (bool, usize, bool, String) {
        let ring = RINGS.iter().position(|(package, _)| *package == self.package).unwrap_or(RINGS.len());
        (self.is_journey(), ring, self.target != UNIT, self.target.clone())
    }
}

/// Compiles every test of the workspace and lists the binaries in ring order.
pub fn build() -> Result<Vec<Suite>, Failure> {
    let mut cargo = repository::cargo();
    cargo.args(["test", "--workspace", "--no-run", "--message-format", "json-render-diagnostics"]);
    let messages = progress::capture("compiling the tests", &mut cargo)?;
    let mut suites: Vec<Suite> = messages.lines().filter_map(suite).collect();
    suites.sort_by_key(Suite::order);
    Ok(suites)
}

/// Reads one of cargo's messages: a test binary, or nothing of interest.
fn suite(message: &str) -> Option<Suite> {
    let message: Value = serde_json::from_str(message).ok()?;
    if message["reason"] != "compiler-artifact" || message["profile"]["test"] != true {
        return None;
    }
    let folder = Path::new(message["manifest_path"].as_str()?).parent()?.to_path_buf();
    let package = package_name(message["package_id"].as_str()?).to_owned();
    let kind = message["target"]["kind"][0].as_str()?;
    let name = message["target"]["name"].as_str()?;
    let target = match kind {
        "test" | "bench" | "example" => name,
        // Programs of a package are thin; what they hold of tests counts with the library's.
        _ if kind == "bin" && package != "xtask" => return None,
        _ => UNIT,
    };
    Some(Suite { package, target: target.to_owned(), binary: message["executable"].as_str()?.into(), folder })
}

/// Reads the name out of `path+file:///folder#name@1.0` or `path+file:///name#1.0`.
fn package_name(id: &str) -> &str {
    let (path, fragment) = id.rsplit_once('#').unwrap_or(("", id));
    match fragment.split_once('@') {
        Some((name, _)) => name,
        None => path.rsplit('/').next().unwrap_or(path),
    }
}

/// Runs a program that prints libtest's lines, passing them on, and counts its tests.
pub fn run_counted(what: &str, command: &mut Command) -> Result<Outcome, Failure> {
    let fail = |error| Failure::File { path: what.into(), error };
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(fail)?;
    let mut tests = 0;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line.map_err(fail)?;
            tests += count(&line).unwrap_or(0);
            say(&line);
        }
    }
    let held = child.wait().map_err(fail)?.success();
    Ok(Outcome { tests: Some(tests), held })
}

/// Reads `test result: ok. 12 passed; 1 failed; ...`: how many tests ran.
fn count(line: &str) -> Option<u64> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |word: &str| {
        let part = counts.split(';').find_map(|part| part.trim().strip_suffix(word))?;
        part.trim().parse::<u64>().ok()
    };
    Some(number("passed")? + number("failed")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_ran() {
        let line = "test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(count(line), Some(4));
        assert_eq!(count("test stories::first ... ok"), None);
    }

    #[test]
    fn package_ids_name_their_package() {
        assert_eq!(package_name("path+file:///x/shared#pingyi-shared@0.1.0"), "pingyi-shared");
        assert_eq!(package_name("path+file:///x/xtask#0.1.0"), "xtask");
    }

    #[test]
    fn rings_go_from_the_inside_out() {
        let suite = |package: &str, target: &str| Suite {
            package: package.to_owned(),
            target: target.to_owned(),
            binary: PathBuf::new(),
            folder: PathBuf::new(),
        };
        let mut suites = [
            suite(JOURNEYS, "meeting_offline"),
            suite("pingyi-shared", "stories"),
            suite("pingyi-server", "unit"),
            suite("pingyi-shared", "unit"),
            suite(JOURNEYS, "tidy"),
            suite(JOURNEYS, UNIT),
        ];
        suites.sort_by_key(Suite::order);
        let rings: Vec<String> = suites.iter().map(Suite::ring).collect();
        assert_eq!(
            rings,
            ["tidy: unit", "tidy", "shared: unit", "shared: stories", "server: unit", "journeys: meeting_offline"]
        );
    }
}
