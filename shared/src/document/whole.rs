//! Whether bytes can be a whole document as one is saved, looked at before Automerge looks at them.

/// What stands before every chunk.
const MARK: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Mark, four bytes of checksum and the type, which stand before the length.
const HEAD_BYTES: usize = 9;
/// The type of a chunk that is a whole document.
const WHOLE: u8 = 0;

/// Tells whether the bytes are one chunk that says it is a whole document, and nothing behind it.
///
/// A document is saved as such a chunk alone, and Automerge compares its checksum before it opens it. Of the other kinds
/// a bundle is opened first, by a decoder that does not expect what is wrong.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    let Some((head, rest)) = bytes.split_at_checked(HEAD_BYTES) else { return false };
    head.starts_with(&MARK) && head.ends_with(&[WHOLE]) && length(rest).is_some_and(|(length, rest)| length == rest)
}

/// Reads a length of seven bits a byte, the lowest first; returns it with that of what follows.
fn length(bytes: &[u8]) -> Option<(u64, u64)> {
    let digits = bytes.iter().position(|byte| byte & 0x80 == 0)?;
    let mut length = 0_u64;
    for byte in bytes.get(..=digits)?.iter().rev() {
        length = length.checked_mul(0x80)?.checked_add(u64::from(byte & 0x7f))?;
    }
    Some((length, (bytes.len() - digits - 1) as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, DocumentError, Entry};
    use crate::id::{Actor, DeviceNumber, DocumentKind};
    use crate::time::Instant;

    fn saved() -> Vec<u8> {
        let mut document = Document::genesis(DocumentKind::Meeting).unwrap();
        let fact = Entry::Fact("SH3-1".parse().unwrap(), vec![7; 300]);
        document.write(Actor { device: DeviceNumber(7), session: 1 }, Instant(0), &[fact]).unwrap();
        document.save()
    }

    #[test]
    fn a_saved_document_is_one() {
        assert!(is_one(&saved()));
        for kind in DocumentKind::ALL {
            assert!(is_one(&Document::genesis(kind).unwrap().save()), "{kind:?}");
        }
    }

    #[test]
    fn parts_more_and_others_are_none() {
        let saved = saved();
        assert!((0..saved.len()).all(|end| !is_one(&saved[..end])), "torn");
        assert!(!is_one(&[saved.as_slice(), &saved].concat()), "two");
        assert!(!is_one(&[saved.as_slice(), &[0]].concat()), "something behind it");
        assert!(!is_one(&[&saved[..9], &[0xff; 12]].concat()), "a length without end");
        for other in 1..=3 {
            assert!(!is_one(&[&saved[..8], &[other], &saved[9..]].concat()), "a chunk of type {other}");
        }
    }

    /// A fuzzer made a bundle on which Automerge's decoder stops the program before it compares the checksum.
    #[test]
    fn a_bundle_is_not_opened_as_a_document() {
        let bundle = include_bytes!("whole/bundle");
        assert_eq!(Document::load(DocumentKind::Meeting, bundle).err(), Some(DocumentError::Bytes));
        let behind = [saved().as_slice(), bundle].concat();
        assert_eq!(Document::load(DocumentKind::Meeting, &behind).err(), Some(DocumentError::Bytes));
    }
}
