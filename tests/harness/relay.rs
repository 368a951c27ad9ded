//! The relay as its own process, so that it can be stopped, killed and started again.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// A relay with a sample township in a folder that goes with it.
#[derive(Debug)]
pub struct Relay {
    process: Option<Child>,
    data: tempfile::TempDir,
    assets: PathBuf,
    options: &'static [&'static str],
    port: u16,
    links: BTreeMap<String, String>,
}

impl Relay {
    /// Starts a relay with the sample township and waits until it serves.
    pub fn start() -> Self {
        Self::serving(folder("PINGYI_ASSETS"), &["--sample=people"])
    }

    /// Starts a relay with the sample township and a whole year of its records.
    pub fn with_a_year() -> Self {
        Self::serving(folder("PINGYI_ASSETS"), &["--sample"])
    }

    /// Starts a relay that serves the page of the storage script in the place of the app.
    pub fn with_storage_page() -> Self {
        Self::serving(folder("PINGYI_STORAGE_PAGE"), &[])
    }

    fn serving(assets: PathBuf, options: &'static [&'static str]) -> Self {
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let data = tempfile::tempdir().unwrap();
        let mut relay = Self { process: None, data, assets, options, port, links: BTreeMap::new() };
        relay.resume();
        relay
    }

    /// Returns the address of the page.
    pub fn url(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }

    /// Returns the port on this machine.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the address of a page, given its path with the leading slash.
    pub fn page(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }

    /// Returns the folder with the relay's own data.
    pub fn data(&self) -> PathBuf {
        // The relay makes it: a sample is laid only into a folder that is not there yet.
        self.data.path().join("township")
    }

    /// Returns the enrolment link of a sample role, such as `scribe`.
    pub fn link(&self, role: &str) -> String {
        let found = self.links.get(role);
        found.unwrap_or_else(|| panic!("no link for {role} among {:?}", self.links.keys())).clone()
    }

    /// Kills the process at once, as a power cut would.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Starts the process again on the same data and port.
    pub fn resume(&mut self) {
        assert!(self.process.is_none(), "the relay is running");
        let mut process = Command::new(folder("PINGYI_BIN"))
            .arg("serve")
            .args(self.options)
            .args(["--port", &self.port.to_string(), "--data"])
            .arg(self.data())
            .arg("--assets")
            .arg(&self.assets)
            // What a journey prints is about the journey.
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the relay starts");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        // Each link stands on a line `role<TAB>link`; the last line before serving begins with `serving`.
        for line in lines.by_ref() {
            let line = line.unwrap();
            if let Some((role, link)) = line.split_once('\t') {
                self.links.insert(role.trim().to_owned(), link.trim().to_owned());
            }
            if line.starts_with("serving") {
                break;
            }
        }
        // Keeps the pipe open so that later output does not end the process.
        std::thread::spawn(move || for _line in lines {});
        self.process = Some(process);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Returns a file or folder that the test command names in an environment variable.
fn folder(variable: &str) -> PathBuf {
    std::env::var_os(variable).unwrap_or_else(|| panic!("{variable} is not set; run `cargo xtask test`")).into()
}
