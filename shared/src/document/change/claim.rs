//! What a change claims to hold, counted before it is unfolded: a run of equal operations is a few bytes, however long
//! it says it is, and what unfolds it takes texts, lengths and the places of actors as they stand.

pub(super) mod bundle;
mod columns;
mod operations;

use crate::identity::batch::EXPANDED_BYTES;
use columns::Columns;

/// The most operations of one change: a roster of the largest village imported in one go has a third of it.
const OPERATIONS: u64 = 1 << 18;
/// Mark, checksum and type, which stand before the length.
const HEAD_BYTES: usize = 9;
/// The bytes of a change's hash.
const HASH_BYTES: usize = 32;

/// Tells whether an uncompressed change can be unfolded: its columns hold what they should, and no more values than a
/// change may have operations.
///
/// Whatever does not have the layout of a change cannot.
pub(super) fn is_sound(bytes: &[u8]) -> bool {
    bytes.get(HEAD_BYTES..).is_some_and(|body| read(&mut Cursor(body)).is_some())
}

fn read(at: &mut Cursor<'_>) -> Option<()> {
    at.number()?;
    let dependencies = at.number()?;
    at.skip(dependencies.checked_mul(HASH_BYTES as u64)?)?;
    at.text()?;
    // Place in the writer's row, first operation, time.
    (0..3).try_for_each(|_| at.number().map(drop))?;
    at.text()?;
    let others = at.number()?;
    for _ in 0..others {
        at.text()?;
    }
    let mut room = EXPANDED_BYTES;
    operations::check(&Columns::read(at, &mut room)?, others.checked_add(1)?)
}

/// The rest of the bytes.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn skip(&mut self, length: u64) -> Option<&'a [u8]> {
        let (skipped, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(skipped)
    }

    fn text(&mut self) -> Option<()> {
        let length = self.number()?;
        self.skip(length).map(drop)
    }

    /// Reads a number of seven bits a byte, the lowest first; the sign of a signed one is not looked at.
    fn number(&mut self) -> Option<u64> {
        Some(self.leb()?.0)
    }

    /// Reads a number of at most nine bytes, which is more than any of ours has, and its bits.
    fn short(&mut self) -> Option<(u64, u32)> {
        self.leb().filter(|(_, bits)| *bits < 64)
    }

    fn short_signed(&mut self) -> Option<i64> {
        let (value, bits) = self.short()?;
        let unused = 64 - bits;
        Some(value.cast_signed().wrapping_shl(unused).wrapping_shr(unused))
    }

    /// Returns the bits of a number and how many there are.
    fn leb(&mut self) -> Option<(u64, u32)> {
        let (mut value, mut bits) = (0_u64, 0);
        loop {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            if bits >= 64 {
                return None;
            }
            value |= u64::from(byte & 0x7f) << bits;
            bits += 7;
            if byte & 0x80 == 0 {
                return Some((value, bits.min(64)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A change with one column of this kind.
    fn with_column(kind: u8, column: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; HEAD_BYTES];
        // Length, no dependencies, an actor of one byte, three numbers, no message, no other actors, one column.
        bytes.extend([0, 0, 1, 9, 1, 1, 0, 0, 0, 1, kind, column.len() as u8]);
        bytes.extend(column);
        bytes
    }

    #[test]
    fn a_run_is_counted_by_what_it_claims() {
        let million = [0xc0, 0x84, 0x3d];
        let run = |count: &[u8]| [count, &[1]].concat();
        assert!(is_sound(&with_column(0x42, &run(&[5]))), "five equal ones");
        assert!(is_sound(&with_column(0x42, &[0x7e, 0, 1])), "two different ones");
        assert!(!is_sound(&with_column(0x42, &run(&million))), "a million equal ones");
        assert!(!is_sound(&with_column(0x42, &[&[0][..], &million].concat())), "a million times nothing");
        assert!(!is_sound(&with_column(0x70, &[&[1][..], &million].concat())), "a million in one group");
        assert!(!is_sound(&with_column(0x42, &[0xff; 12])), "a number without end");
        assert!(is_sound(&with_column(0x34, &million)), "flags that are down are read as far as there are operations");
        assert!(!is_sound(&with_column(0x34, &run(&million))), "no version puts a flag up");
        assert!(!is_sound(&with_column(0x42, &[0x7f, 5])), "no version counts up");
        assert!(!is_sound(&with_column(0x15, &[0x7f, 9, b'a'])), "a text that is longer than what there is");
        assert!(!is_sound(&with_column(0x15, &[0x7f, 1, 0xff])), "a text that is none");
        assert!(!is_sound(&with_column(0x01, &run(&[5]))), "an actor that there is not: the first is 0");
        assert!(!is_sound(&with_column(0x56, &[0x7f, 0x57])), "a value longer than what there is");
        assert!(!is_sound(&with_column(0x42, &[5])), "a run of nothing");
    }
}
