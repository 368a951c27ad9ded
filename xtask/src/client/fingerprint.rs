//! Remembers from what a client was built, so that a second start is fast.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::client::Profile;
use crate::failure::Failure;
use crate::repository;

/// Everything that the client is made from, tool included.
const INPUTS: [&str; 9] = [
    "app",
    "shared",
    "style",
    "xtask",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    ".cargo",
    "server/Cargo.toml",
];

/// Returns one hash over the profile and every input file.
pub fn of_inputs(profile: Profile) -> Result<String, Failure> {
    let root = repository::root();
    let mut digest = Sha256::new();
    digest.update(profile.name());
    for input in INPUTS {
        for file in repository::files_below(&root.join(input))? {
            let content = repository::read(&file)?;
            let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().into_owned();
            // Lengths keep the end of one file from being the start of the next.
            digest.update(format!("{name}\0{}\0", content.len()));
            digest.update(content);
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Reads what the folder was built from; nothing when it was not finished.
pub fn recorded(out: &Path) -> Option<String> {
    std::fs::read_to_string(file(out)).ok()
}

/// Marks the folder as built from these inputs.
pub fn record(out: &Path, inputs: &str) -> Result<(), Failure> {
    repository::write(&file(out), inputs.as_bytes())
}

/// Marks the folder as unfinished.
pub fn forget(out: &Path) -> Result<(), Failure> {
    match std::fs::remove_file(file(out)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Failure::File { path: file(out), error }),
        _ => Ok(()),
    }
}

fn file(out: &Path) -> PathBuf {
    // Beside the folder and not in it: nothing of it can be served.
    let name = out.file_name().map_or_else(|| "client".into(), |name| name.to_string_lossy().into_owned());
    out.with_file_name(format!(".{name}.inputs"))
}
