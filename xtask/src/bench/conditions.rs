//! Under what conditions the figures were taken, so that two runs can be compared.

use std::fs;

use crate::progress::say;

/// What the machine was doing.
pub struct Conditions {
    at_start: Option<String>,
    before_measuring: Option<String>,
}

impl Conditions {
    /// Notes the machine's load before anything is compiled.
    pub fn at_start() -> Self {
        Self { at_start: load(), before_measuring: None }
    }

    /// Notes it again when measuring begins; compiling leaves its own load behind.
    pub fn before_measuring(&mut self) {
        self.before_measuring = load();
    }

    /// Prints how the figures of the bench were taken.
    pub fn print(&self) {
        self.print_machine();
        say(
            "     First load: profile `client`, brotli 11. Messages and relay: profile `release`, load and relay on the",
        );
        say("     same processors, no TLS. Browser: headless Chromium on profile `client`, the page's own clock, its");
        say("     thread throttled 4× through CDP (service worker and disk are not), the relay stopped.");
    }

    /// Prints on what machine figures were taken, and what else it was doing.
    pub fn print_machine(&self) {
        let processors = std::thread::available_parallelism().map_or(0, usize::from);
        let unknown = || "unknown".to_owned();
        let (start, measuring) = (self.at_start.clone(), self.before_measuring.clone());
        say(&format!(
            "How: on {processors} processors; load of the last minute {} at the start, {} when measuring began.",
            start.unwrap_or_else(unknown),
            measuring.unwrap_or_else(unknown),
        ));
    }
}

/// Returns the load of the last minute, where the system tells it.
fn load() -> Option<String> {
    let told = fs::read_to_string("/proc/loadavg").ok()?;
    told.split_whitespace().next().map(str::to_owned)
}
