//! What a change claims to hold, counted before it is unfolded: a run of equal operations is a few bytes, however long
//! it says it is.

/// The most operations of one change: a roster of the largest village imported in one go has a third of it.
const OPERATIONS: u64 = 1 << 18;
/// Mark, checksum and type, which stand before the length.
const HEAD_BYTES: usize = 9;
/// The bytes of a change's hash.
const HASH_BYTES: usize = 32;

/// How values stand in a column, by the lowest three bits of its specification.
const GROUP: u64 = 0;
const BOOLEAN: u64 = 4;
const TEXT: u64 = 5;
const RAW: u64 = 7;

/// Tells whether no column of an uncompressed change claims more values than a change may have operations.
///
/// Whatever does not have the layout of a change is not bounded.
pub(super) fn is_bounded(bytes: &[u8]) -> bool {
    bytes.get(HEAD_BYTES..).is_some_and(|body| columns(&mut Cursor(body)).is_some())
}

fn columns(at: &mut Cursor<'_>) -> Option<()> {
    at.number()?;
    let dependencies = at.number()?;
    at.skip(dependencies.checked_mul(HASH_BYTES as u64)?)?;
    at.text()?;
    // Place in the writer's row, first operation, time.
    (0..3).try_for_each(|_| at.number().map(drop))?;
    at.text()?;
    for _ in 0..at.number()? {
        at.text()?;
    }
    let mut layout = Vec::new();
    for _ in 0..at.number()? {
        layout.push((at.number()? & 7, at.number()?));
    }
    for (kind, length) in layout {
        let mut column = Cursor(at.skip(length)?);
        if kind != BOOLEAN && kind != RAW {
            values(kind, &mut column)?;
        }
    }
    Some(())
}

/// Goes through the runs of a column; nothing comes back if they claim too much.
fn values(kind: u64, column: &mut Cursor<'_>) -> Option<()> {
    let (mut count, mut grouped) = (0_u64, 0_u64);
    while !column.0.is_empty() {
        let run = column.signed()?;
        count = count.checked_add(match run {
            0 => column.number()?,
            run => run.unsigned_abs(),
        })?;
        let written = if run > 0 { 1 } else { run.min(0).unsigned_abs() };
        if count > OPERATIONS {
            return None;
        }
        for _ in 0..written {
            let value = if kind == TEXT { column.text().map(|()| 0)? } else { column.number()? };
            // A group's value says how many values of the next columns belong to one operation.
            let times = if run > 0 { run.unsigned_abs() } else { 1 };
            if kind == GROUP {
                grouped = grouped.checked_add(value.checked_mul(times)?)?;
            }
        }
    }
    (grouped <= OPERATIONS).then_some(())
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

    fn signed(&mut self) -> Option<i64> {
        let (value, bits) = self.leb()?;
        let value = value.cast_signed();
        let unused = 64_u32.saturating_sub(bits);
        Some(value.wrapping_shl(unused).wrapping_shr(unused))
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
        assert!(is_bounded(&with_column(0x42, &run(&[5]))), "five equal ones");
        assert!(is_bounded(&with_column(0x42, &[0x7e, 1, 2])), "two different ones");
        assert!(!is_bounded(&with_column(0x42, &run(&million))), "a million equal ones");
        assert!(!is_bounded(&with_column(0x42, &[&[0][..], &million].concat())), "a million times nothing");
        assert!(!is_bounded(&with_column(0x70, &[&[1][..], &million].concat())), "a million in one group");
        assert!(!is_bounded(&with_column(0x42, &[0xff; 12])), "a number without end");
        assert!(is_bounded(&with_column(0x34, &run(&million))), "flags are only read as far as there are operations");
        assert!(!is_bounded(&with_column(0x42, &[5])), "a run of nothing");
    }
}
