//! Builds the client: cargo, wasm-bindgen, hashed names, one stylesheet, the page, its service worker, compression.

mod assets;
mod compile;
mod compress;
mod fingerprint;
mod page;
mod styles;

use std::path::{Path, PathBuf};

use crate::client::assets::Assets;
use crate::client::compile::Program;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::repository;

pub use crate::client::compile::{TARGET, ensure_target};
pub use crate::client::compress::Encoding;

/// The number of steps that [`build`] announces.
pub const STEPS: u32 = 3;

/// The ways to compile the client; each is a profile of the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Profile {
    /// As small as it gets: what phones load.
    Client,
    /// The same code, built in a third of the time: what the browser journeys load.
    Journey,
}

impl Profile {
    /// Returns the name of the cargo profile.
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Journey => "journey",
        }
    }
}

/// Returns where a client is built when nobody says where.
pub fn default_folder(profile: Profile) -> PathBuf {
    repository::target().join("pingyi").join(profile.name())
}

/// Fills a folder with the client; does nothing when nothing has changed since the last time.
///
/// Every name but `index.html` and `sw.js` carries the hash of its content, so a relay may let it be kept for ever.
pub fn build(profile: Profile, out: &Path, progress: &mut Progress) -> Result<(), Failure> {
    progress.step("The compiler and its wasm target");
    ensure_target()?;

    let inputs = fingerprint::of_inputs(profile)?;
    if fingerprint::recorded(out).as_deref() == Some(inputs.as_str()) {
        progress.step("The client: unchanged since it was built");
        progress.step("Its page: unchanged since it was built");
        return Ok(());
    }

    progress.step(match profile {
        Profile::Client => "The client, as small as it gets (some minutes the first time)",
        Profile::Journey => "The client, for the browser journeys",
    });
    let compiled = compile::compile(Program::Client, profile)?;

    progress.step("Its page: names, styles, service worker, compression");
    let mut assets = Assets::new();
    let version = page::assemble(&mut assets, compiled)?;
    compress::write(&assets, out, profile)?;
    fingerprint::record(out, &inputs)?;
    progress.note(&format!("version {version} in {}", out.display()));
    Ok(())
}

/// Returns where the page of the storage script is built.
pub fn storage_page_folder() -> PathBuf {
    repository::target().join("pingyi").join("storage")
}

/// Fills a folder with the page that runs the storage script in a browser; nothing in it is hashed or compressed.
pub fn build_storage_page(out: &Path) -> Result<(), Failure> {
    let compiled = compile::compile(Program::Storage, Profile::Journey)?;
    std::fs::create_dir_all(out).map_err(Failure::at(out))?;
    let page = repository::root().join("app").join("examples").join("storage");
    for name in ["index.html", "run.js"] {
        repository::write(&out.join(name), &repository::read(&page.join(name))?)?;
    }
    for (name, content) in compiled.snippets {
        let path = out.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(Failure::at(folder))?;
        }
        repository::write(&path, &content)?;
    }
    repository::write(&out.join("pingyi.js"), &compiled.script)?;
    repository::write(&out.join("pingyi.wasm"), &compiled.wasm)
}
