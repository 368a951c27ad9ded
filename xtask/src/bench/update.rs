//! What a phone downloads after a release in which one page says one thing differently: two real builds, compared.

use std::collections::BTreeMap;
use std::path::Path;

use crate::bench::budget::Amount;
use crate::bench::first_load;
use crate::bench::reading::{Figure, Reading};
use crate::client::Profile;
use crate::failure::Failure;
use crate::{progress, repository};

/// What of the repository the client is built from.
const SOURCES: [&str; 11] = [
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "app",
    "rust-toolchain.toml",
    "server",
    "shared",
    "style",
    "tests",
    "xtask",
];

/// The sentences of one page; the first of them is what the later release says differently.
const PAGE: &str = "app/locales/zh-CN/status.json";

/// Builds the later release from a copy of the sources and adds up the files that the released one does not have.
///
/// The page and the service worker are asked for anew at every release, changed or not.
pub fn measure(released: &Path) -> Result<Vec<Reading>, Failure> {
    let copy = repository::target().join("pingyi").join("later");
    let sources = copy.join("sources");
    for source in SOURCES {
        for file in repository::files_below(&repository::root().join(source))? {
            let name = file.strip_prefix(repository::root()).unwrap_or(&file);
            let content = repository::read(&file)?;
            let content = if name == Path::new(PAGE) { changed(content) } else { content };
            place(&sources.join(name), &content)?;
        }
    }
    let later = copy.join("client");
    let mut cargo = repository::cargo();
    // The same target folder: what the client depends on is compiled already.
    cargo.current_dir(&sources).env("CARGO_TARGET_DIR", repository::target());
    cargo.args(["run", "--package", "xtask", "--", "build", "--profile", Profile::Client.name(), "--out"]).arg(&later);
    progress::run("building the later release", &mut cargo)?;

    let (known, wanted) = (first_load::sent(released)?, first_load::sent(&later)?);
    Ok(vec![Reading::Figure(Figure {
        name: "update-one-page".to_owned(),
        amount: Amount::whole(downloaded(&known, &wanted)),
        unit: "B".to_owned(),
    })])
}

/// Adds up what is not kept under its hashed name, and what has no hash in its name.
fn downloaded(known: &BTreeMap<String, u64>, wanted: &BTreeMap<String, u64>) -> u64 {
    let kept = |name: &str| known.contains_key(name) && name.split('.').count() > 2;
    wanted.iter().filter(|(name, _)| !kept(name)).map(|(_, bytes)| bytes).sum()
}

/// Makes the first sentence of a file of sentences longer.
fn changed(content: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&content).into_owned();
    text.replacen("\": \"", "\": \"（新）", 1).into_bytes()
}

/// Writes a file unless it says so already: an unchanged file need not be compiled again.
fn place(path: &Path, content: &[u8]) -> Result<(), Failure> {
    if path.is_file() && repository::read(path)? == content {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Failure::at(folder))?;
    }
    repository::write(path, content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_file_is_not_downloaded_again() {
        let files = |list: &[(&str, u64)]| list.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)).collect();
        let known = files(&[("a.0.wasm", 100), ("b.0.css", 10), ("index.html", 3), ("sw.js", 2)]);
        let wanted = files(&[("a.1.wasm", 101), ("b.0.css", 10), ("index.html", 3), ("sw.js", 2)]);
        assert_eq!(downloaded(&known, &wanted), 106);
    }

    #[test]
    fn one_sentence_is_changed() {
        let text = "{\n  \"title\": \"状态\",\n  \"note\": \"备注\"\n}".as_bytes().to_vec();
        let changed = String::from_utf8(changed(text)).unwrap();
        assert_eq!(changed, "{\n  \"title\": \"（新）状态\",\n  \"note\": \"备注\"\n}");
    }
}
