//! Chromium through its driver, one profile per person.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};

/// A running chromedriver; browsers are asked of it.
#[derive(Debug)]
pub struct Driver {
    process: Child,
    url: String,
}

impl Driver {
    /// Starts chromedriver on a port of its choice.
    pub fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed (Debian package chromium-driver)");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port: u16 = lines
            .by_ref()
            .find_map(|line| {
                let line = line.unwrap();
                let (_, port) = line.split_once("started successfully on port ")?;
                port.trim_end_matches('.').parse().ok()
            })
            .expect("chromedriver says its port");
        std::thread::spawn(move || for _line in lines {});
        Self { process, url: format!("http://localhost:{port}") }
    }

    /// Opens a browser on a profile folder, as large as a phone or a desk.
    pub async fn browser(&self, profile: &Path, width: u32, height: u32) -> WebDriver {
        let mut capabilities = DesiredCapabilities::chrome();
        for flag in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--lang=zh-CN",
            // The page follows the browser's languages, which headless Chromium takes from here alone.
            "--accept-lang=zh-CN",
            &format!("--user-data-dir={}", profile.display()),
            &format!("--window-size={width},{height}"),
        ] {
            capabilities.add_arg(flag).unwrap();
        }
        WebDriver::new(&self.url, capabilities).await.expect("chromium starts (Debian package chromium)")
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Kills the browser of a profile with SIGKILL, as a dying battery would.
///
/// Only processes whose command line names this very profile folder are touched; the journey made that folder.
pub fn kill_browser(profile: &Path) {
    let flag = format!("--user-data-dir={}", profile.display());
    let mut killed = 0;
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(command) = std::fs::read(entry.path().join("cmdline")) else { continue };
        let named = command.split(|byte| *byte == 0).any(|argument| argument == flag.as_bytes());
        if named {
            let pid = entry.file_name().into_string().unwrap();
            killed += usize::from(Command::new("kill").args(["-9", &pid]).status().unwrap().success());
        }
    }
    assert!(killed > 0, "no browser ran on {}", profile.display());
}
