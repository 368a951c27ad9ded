//! The storage port as data: rows, atomic writes, and the frame that makes a torn row visible.

use std::fmt;

use sha2::{Digest, Sha256};

pub mod conformance;

/// The name of one write, counted up from the start of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WriteId(pub u64);

/// One row: a key and its bytes as they lie on disk, framed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The key.
    pub key: String,
    /// The framed value.
    pub value: Vec<u8>,
}

/// One atomic, durable transaction: all of it or nothing, and confirmed only once it is on disk.
///
/// Deletes are carried out before puts, so that a key named by both ends with the new value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The name under which the outcome is reported.
    pub id: WriteId,
    /// Rows to put, each replacing what lies under its key.
    pub puts: Vec<Row>,
    /// Keys to delete; a key that does not exist is no error.
    pub deletes: Vec<String>,
}

/// What storage said when it could not do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageTrouble {
    /// The space granted to the program is used up.
    Full,
    /// The browser refuses storage, as private windows do.
    Denied,
    /// Another tab holds the database.
    Busy,
    /// The transaction was aborted for a reason that the browser does not name.
    Aborted,
}

/// Why a row cannot be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowError {
    /// The row ends before its frame does.
    Torn,
    /// The bytes are not the ones that were written.
    Checksum,
    /// The frame is of a version that this program does not know.
    Version,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Torn => "a row ends before its frame does",
            Self::Checksum => "a row holds other bytes than were written",
            Self::Version => "a row was written by a later version",
        })
    }
}

impl std::error::Error for RowError {}

/// The first byte of every row.
const FRAME_VERSION: u8 = 1;
/// Version, four bytes of length, eight bytes of checksum.
const FRAME_BYTES: usize = 13;

/// Frames a value for storage: version, length, the first eight bytes of its SHA-256, the value.
pub fn frame(value: &[u8]) -> Vec<u8> {
    let mut row = Vec::with_capacity(FRAME_BYTES + value.len());
    row.push(FRAME_VERSION);
    row.extend_from_slice(&(value.len() as u32).to_be_bytes());
    row.extend_from_slice(&checksum(value));
    row.extend_from_slice(value);
    row
}

/// Returns the value inside a frame, or why it cannot be believed.
pub fn unframe(row: &[u8]) -> Result<&[u8], RowError> {
    let (&version, rest) = row.split_first().ok_or(RowError::Torn)?;
    if version != FRAME_VERSION {
        return Err(RowError::Version);
    }
    let (length, rest) = rest.split_first_chunk::<4>().ok_or(RowError::Torn)?;
    let (sum, value) = rest.split_first_chunk::<8>().ok_or(RowError::Torn)?;
    if value.len() != u32::from_be_bytes(*length) as usize {
        return Err(RowError::Torn);
    }
    if checksum(value) == *sum { Ok(value) } else { Err(RowError::Checksum) }
}

fn checksum(value: &[u8]) -> [u8; 8] {
    let mut sum = [0; 8];
    sum.copy_from_slice(&Sha256::digest(value)[..8]);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_or_changed_row_is_seen() {
        let row = frame(b"SH3-42");
        assert_eq!(unframe(&row), Ok(&b"SH3-42"[..]));
        for cut in 0..row.len() {
            assert_eq!(unframe(&row[..cut]), Err(RowError::Torn), "cut at {cut}");
        }
        for at in 0..row.len() {
            let mut changed = row.clone();
            changed[at] ^= 0x10;
            assert!(unframe(&changed).is_err(), "changed at {at}");
        }
    }
}
