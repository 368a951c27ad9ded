//! What must hold of every decoder and parser, whatever the bytes: one function a target.
//!
//! The fuzzer calls these with bytes of its making, and `tests/corpus.rs` with those that the repository keeps. Beside
//! not panicking each says what else must hold: what was read is written and read again as the same, and nothing is
//! larger than its limit. Memory is the fuzzer's to watch. Only public functions of `shared` are named.
//!
//! `cargo +nightly fuzz run sync --release -- -rss_limit_mb=512 -malloc_limit_mb=256 -max_total_time=600`

pub mod documents;
pub mod files;
pub mod folds;
pub mod identity;
pub mod parts;
pub mod phone;
pub mod records;
pub mod wire;

/// What a target does with bytes.
pub type Target = fn(&[u8]);

/// Every target by its name, which is that of its file and of its corpus.
pub const ALL: [(&str, Target); 20] = [
    ("session", wire::session),
    ("sync", wire::sync),
    ("entry", identity::entry),
    ("snapshot", parts::snapshot),
    ("certificate", identity::certificate),
    ("invitation", identity::invitation),
    ("names", files::names),
    ("fact", records::fact),
    ("fold", records::fold),
    ("affairs", folds::affairs),
    ("quarter", folds::quarter),
    ("points", folds::points),
    ("posts", folds::posts),
    ("change", documents::change),
    ("document", documents::document),
    ("rows", phone::rows),
    ("answers", phone::answers),
    ("roster", files::roster),
    ("rulebook", files::rulebook),
    ("sheet", files::sheet),
];

/// Splits bytes into so many pieces at most, each behind two bytes that say how long it is; the last takes what is
/// there.
fn pieces(mut bytes: &[u8], most: usize) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<2>().filter(|_| pieces.len() < most) {
        let (piece, rest) = rest.split_at(usize::from(u16::from_be_bytes(*length)).min(rest.len()));
        pieces.push(piece);
        bytes = rest;
    }
    pieces
}
