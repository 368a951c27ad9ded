//! The digest of a canonical text, by which people and phones tell that they computed the same result.

use sha2::{Digest as _, Sha256};

/// Returns the SHA-256 of a purpose and a text.
///
/// The purpose keeps digests of different things apart even where their texts are equal.
pub fn of_text(purpose: &str, text: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    // The length stands first so that no purpose and text can be cut elsewhere to the same bytes.
    hash.update((purpose.len() as u64).to_be_bytes());
    hash.update(purpose.as_bytes());
    hash.update(text.as_bytes());
    hash.finalize().into()
}

/// Returns a digest as people compare it aloud: its first twelve digits in groups of four.
pub fn short(digest: &[u8; 32]) -> String {
    let digits: Vec<String> = digest[..6].chunks(2).map(|pair| format!("{:02x}{:02x}", pair[0], pair[1])).collect();
    digits.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purpose_and_text_do_not_run_together() {
        assert_ne!(of_text("ab", "c"), of_text("a", "bc"));
        assert_eq!(of_text("a", "b"), of_text("a", "b"));
        assert_eq!(short(&[0xab; 32]), "abab abab abab");
    }
}
