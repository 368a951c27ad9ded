//! Writes the client to its folder, each file with a brotli and a gzip twin where that makes it smaller.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use crate::client::assets::Assets;
use crate::client::{Profile, fingerprint};
use crate::failure::Failure;
use crate::repository;

/// The window of brotli as a power of two: 4 MB reaches over the whole wasm.
const BROTLI_WINDOW: i32 = 22;

/// The compressed forms that lie beside a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// What every browser of this decade asks for.
    Brotli,
    /// What an old proxy leaves.
    Gzip,
}

impl Encoding {
    /// Returns the ending of the compressed twin's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gz",
        }
    }
}

/// Writes every file, then the page and the service worker, then takes away what a former build left.
///
/// The page comes last so that a relay that serves the folder meanwhile never names a file that is not there.
pub fn write(assets: &Assets, out: &Path, profile: Profile) -> Result<(), Failure> {
    std::fs::create_dir_all(out).map_err(Failure::at(out))?;
    fingerprint::forget(out)?;
    let mut kept = BTreeSet::new();
    let (entry, hashed): (Vec<_>, Vec<_>) = assets.iter().partition(|(name, _)| is_entry(name));
    for (name, content) in hashed.into_iter().chain(entry) {
        let path = out.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(Failure::at(folder))?;
        }
        repository::write(&path, content)?;
        kept.insert(path.clone());
        if is_compressed(name) {
            continue;
        }
        for encoding in [Encoding::Brotli, Encoding::Gzip] {
            let small = compress(content, encoding, profile).map_err(Failure::at(&path))?;
            if small.len() < content.len() {
                let twin = out.join(format!("{name}.{}", encoding.ending()));
                repository::write(&twin, &small)?;
                kept.insert(twin);
            }
        }
    }
    for stale in repository::files_below(out)?.into_iter().filter(|file| !kept.contains(file)) {
        std::fs::remove_file(&stale).map_err(Failure::at(&stale))?;
    }
    Ok(())
}

/// Returns whether a file is asked for by a fixed name and says which others are to be fetched.
fn is_entry(name: &str) -> bool {
    matches!(name, "index.html" | "sw.js")
}

/// Returns whether a file's own format is compressed.
fn is_compressed(name: &str) -> bool {
    name.ends_with(".png")
}

fn compress(content: &[u8], encoding: Encoding, profile: Profile) -> std::io::Result<Vec<u8>> {
    match encoding {
        Encoding::Brotli => {
            // The last two levels take ten times as long for a tenth less: worth it for phones, not for journeys.
            let quality = match profile {
                Profile::Client => 11,
                Profile::Journey => 9,
            };
            let parameters = brotli::enc::BrotliEncoderParams {
                quality,
                lgwin: BROTLI_WINDOW,
                size_hint: content.len(),
                ..Default::default()
            };
            let mut small = Vec::new();
            brotli::BrotliCompress(&mut &*content, &mut small, &parameters)?;
            Ok(small)
        }
        Encoding::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(content)?;
            encoder.finish()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn a_second_build_leaves_only_its_own_files() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("client");
        let text = "a line that repeats\n".repeat(50);
        for body in ["first", "second"] {
            let mut assets = Assets::new();
            assets.add("boot.js", format!("{body} {text}").into_bytes());
            assets.add_plain("index.html", b"x".to_vec());
            write(&assets, &out, Profile::Client).unwrap();
            let name = assets.published("boot.js").unwrap().to_owned();
            let mut expected = [format!("{name}.br"), format!("{name}.gz"), name.clone(), "index.html".to_owned()];
            expected.sort();
            let found: Vec<_> = repository::files_below(&out).unwrap();
            let found: Vec<_> = found.iter().map(|f| f.file_name().unwrap().to_string_lossy().into_owned()).collect();
            assert_eq!(found, expected, "what does not shrink has no twin");

            let mut plain = String::new();
            let small = std::fs::File::open(out.join(format!("{name}.br"))).unwrap();
            brotli::Decompressor::new(small, 4096).read_to_string(&mut plain).unwrap();
            assert_eq!(plain, format!("{body} {text}"));
        }
    }
}
