//! What a phone downloads before its first meeting.

use std::collections::BTreeMap;
use std::path::Path;

use crate::bench::budget::Amount;
use crate::bench::reading::{Figure, Reading};
use crate::client::Encoding;
use crate::failure::Failure;
use crate::repository;

/// Measures the page, every file it asks for and the service worker, as brotli where a twin lies beside them.
pub fn measure(assets: &Path) -> Result<Vec<Reading>, Failure> {
    let sent = sent(assets)?;
    let figure =
        |name: String, bytes: u64| Reading::Figure(Figure { name, amount: Amount::whole(bytes), unit: "B".to_owned() });
    let all = figure("first-load".to_owned(), sent.values().sum());
    let each = sent.into_iter().map(|(name, bytes)| {
        // The hash in the name is not part of the figure's.
        let mut parts = name.split('.');
        figure(format!("  {}.{}", parts.next().unwrap_or(""), parts.next_back().unwrap_or("")), bytes)
    });
    Ok(std::iter::once(all).chain(each).collect())
}

/// Lists the files that the page needs, by name, and how many bytes travel for each.
///
/// Icons are left out: only a home screen asks for them.
pub fn sent(assets: &Path) -> Result<BTreeMap<String, u64>, Failure> {
    let mut sent = BTreeMap::new();
    for file in repository::files_below(assets)? {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !is_needed(&name) {
            continue;
        }
        let twin = assets.join(format!("{name}.{}", Encoding::Brotli.ending()));
        let travels = if twin.is_file() { twin } else { file };
        sent.insert(name, std::fs::metadata(&travels).map_err(Failure::at(&travels))?.len());
    }
    Ok(sent)
}

fn is_needed(name: &str) -> bool {
    let twin =
        [Encoding::Brotli, Encoding::Gzip].iter().any(|encoding| name.ends_with(&format!(".{}", encoding.ending())));
    !twin && !name.ends_with(".png") && !name.starts_with("too-old")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_counted_once() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in
            [("pingyi.0.wasm", 90), ("pingyi.0.wasm.br", 30), ("pingyi.0.wasm.gz", 40), ("index.html", 5)]
        {
            std::fs::write(folder.path().join(name), vec![0; bytes]).unwrap();
        }
        std::fs::write(folder.path().join("icon-512.0.png"), [0; 900]).unwrap();
        let read = |reading: &Reading| match reading {
            Reading::Figure(figure) => format!("{}={}", figure.name.trim(), figure.amount),
            Reading::Missing { .. } => String::new(),
        };
        let read: Vec<_> = measure(folder.path()).unwrap().iter().map(read).collect();
        assert_eq!(read, ["first-load=35", "index.html=5", "pingyi.wasm=30"]);
    }
}
