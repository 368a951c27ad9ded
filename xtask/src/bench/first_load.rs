//! What a phone downloads before its first meeting.

use std::path::Path;

use crate::bench::Figure;
use crate::bench::budget::Amount;
use crate::client::Encoding;
use crate::failure::Failure;
use crate::repository;

/// Measures the page, every file it asks for and the service worker, as brotli where a twin lies beside them.
///
/// Icons are left out: only a home screen asks for them.
pub fn measure(assets: &Path) -> Result<Vec<Figure>, Failure> {
    let mut all = 0;
    let mut figures = Vec::new();
    for file in repository::files_below(assets)? {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !is_needed(&name) {
            continue;
        }
        let twin = assets.join(format!("{name}.{}", Encoding::Brotli.ending()));
        let sent = if twin.is_file() { twin } else { file };
        let bytes = std::fs::metadata(&sent).map_err(Failure::at(&sent))?.len();
        all += bytes;
        // The hash in the name is not part of the figure's.
        let mut parts = name.split('.');
        let plain = format!("  {}.{}", parts.next().unwrap_or(""), parts.next_back().unwrap_or(""));
        figures.push(Figure { name: plain, amount: Amount::whole(bytes), unit: "B".to_owned() });
    }
    figures.insert(0, Figure { name: "first-load".to_owned(), amount: Amount::whole(all), unit: "B".to_owned() });
    Ok(figures)
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
        let figures = measure(folder.path()).unwrap();
        let read: Vec<_> = figures.iter().map(|f| format!("{}={}", f.name.trim(), f.amount)).collect();
        assert_eq!(read, ["first-load=35", "index.html=5", "pingyi.wasm=30"]);
    }
}
