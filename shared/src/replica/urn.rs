//! The urn on disk: one value per meeting, rewritten whole, in the order of its contents and never of its drops.

use crate::cbor::{DecodeError, Reader, Writer};
use crate::document::fact;
use crate::domain::meeting::{Urn, UrnBallot};
use crate::id::{ID_BYTES, MeetingId};

/// The most ballots in one urn.
const BALLOTS: usize = 1000;

/// Returns the key of a meeting's urn.
pub(super) fn urn_key(meeting: &MeetingId) -> String {
    format!("urn/{meeting}")
}

/// Packs an urn; equal contents give equal bytes, whatever the order of the drops.
pub(super) fn pack_urn(urn: &Urn) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.array(urn.len());
    for ballot in urn.ballots() {
        writer.array(2).text(ballot.group.as_str());
        fact::write_marks(&ballot.marks, &mut writer);
    }
    writer.finish()
}

/// Reads an urn back.
pub(super) fn read_urn(bytes: &[u8]) -> Result<Urn, DecodeError> {
    let mut reader = Reader::new(bytes);
    let mut ballots = Vec::new();
    for _ in 0..reader.list(BALLOTS)? {
        reader.array(2)?;
        ballots.push(UrnBallot { group: reader.parsed(ID_BYTES)?, marks: fact::read_marks(&mut reader)? });
    }
    reader.end()?;
    Ok(Urn::new(ballots))
}
