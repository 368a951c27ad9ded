//! Says which step is running, and that a long one is still alive.

use std::io::{IsTerminal, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// How often a running step says so where no terminal shows cargo's own bar.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// How often a running program is asked whether it has ended.
const POLL: Duration = Duration::from_millis(50);

/// The count of steps of a task and how many have begun.
pub struct Progress {
    step: u32,
    steps: u32,
}

impl Progress {
    /// Starts a task of so many steps.
    pub fn of(steps: u32) -> Self {
        Self { step: 0, steps }
    }

    /// Begins the next step.
    pub fn step(&mut self, what: &str) {
        self.step += 1;
        say(&format!("[{}/{}] {what}", self.step, self.steps));
    }

    /// Adds a line to the running step.
    pub fn note(&self, what: &str) {
        say(&format!("      {what}"));
    }
}

/// Prints a line at once, in order with what child programs print.
pub fn say(line: &str) {
    println!("{line}");
    // A closed pipe is the reader's wish; the task goes on.
    let _ = std::io::stdout().flush();
}

/// Runs a program whose output goes straight to the terminal, until it succeeds.
pub fn run(what: &str, command: &mut Command) -> Result<(), Failure> {
    let mut child = spawn(what, command)?;
    let status = wait(what, &mut child)?;
    if status.success() { Ok(()) } else { Err(Failure::Command { what: what.to_owned() }) }
}

/// Runs a program and returns what it printed to standard output; the rest goes to the terminal.
pub fn capture(what: &str, command: &mut Command) -> Result<String, Failure> {
    let mut child = spawn(what, command.stdout(Stdio::piped()))?;
    // Drained by a thread, or a full pipe would stop the program that `wait` waits for.
    let stdout = child.stdout.take();
    let reader = std::thread::spawn(move || stdout.map_or_else(|| Ok(String::new()), std::io::read_to_string));
    let status = wait(what, &mut child)?;
    match reader.join() {
        Ok(Ok(text)) if status.success() => Ok(text),
        _ => Err(Failure::Command { what: what.to_owned() }),
    }
}

fn spawn(what: &str, command: &mut Command) -> Result<Child, Failure> {
    command.spawn().map_err(|error| Failure::File { path: what.into(), error })
}

fn wait(what: &str, child: &mut Child) -> Result<ExitStatus, Failure> {
    let start = Instant::now();
    let mut said = start;
    let silent = !std::io::stderr().is_terminal();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => {}
            Err(error) => return Err(Failure::File { path: what.into(), error }),
        }
        if silent && said.elapsed() >= HEARTBEAT {
            said = Instant::now();
            say(&format!("      … {what}, {} s", start.elapsed().as_secs()));
        }
        std::thread::sleep(POLL);
    }
}
