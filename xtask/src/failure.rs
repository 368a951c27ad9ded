//! Everything that stops a task, in words that say what to do next.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The reason why a task stopped.
#[derive(Debug)]
pub enum Failure {
    /// A program that the task needs is not on this machine.
    Missing { program: &'static str, advice: &'static str },
    /// A program ran and reported failure; its own words are above.
    Command { what: String },
    /// A file or folder could not be read or written.
    File { path: PathBuf, error: io::Error },
    /// The compiled client has no wasm among its artifacts.
    NoWasm,
    /// wasm-bindgen refused the compiled client.
    Bindgen { reason: String },
    /// A file of the page names an asset that is not built.
    UnknownAsset { file: String, asset: String },
    /// A stylesheet has an import line outside the entry file, or one that cannot be read.
    Import { file: String, line: String },
    /// Some rings of the test command failed.
    Rings { failed: usize },
    /// Some figures are over their budgets.
    Budgets { over: usize },
}

impl Failure {
    /// Returns a mapper from an IO error to a failure that names the path.
    pub fn at(path: &Path) -> impl FnOnce(io::Error) -> Failure {
        let path = path.to_path_buf();
        move |error| Failure::File { path, error }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { program, advice } => write!(f, "{program} is not on this machine. {advice}"),
            Self::Command { what } => write!(f, "Stopped: {what} failed; the reason is above."),
            Self::File { path, error } => write!(f, "Stopped at {}: {error}", path.display()),
            Self::NoWasm => write!(f, "Stopped: the client compiled to no .wasm file; is the bin `pingyi-app` there?"),
            Self::Bindgen { reason } => write!(f, "Stopped: wasm-bindgen refused the client: {reason}"),
            Self::UnknownAsset { file, asset } => write!(f, "Stopped: {file} names {asset}, which is not built."),
            Self::Import { file, line } => {
                write!(f, "Stopped: {file} has the import `{line}`; imports stand in style/main.css, one a line.")
            }
            Self::Rings { failed } => write!(f, "{failed} of the rings failed; the table says which."),
            Self::Budgets { over } => write!(f, "{over} of the figures are over their budgets."),
        }
    }
}

impl std::error::Error for Failure {}
