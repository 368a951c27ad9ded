//! Marks in as few bytes as they need: one byte for a subject whose scores are all equal, which most are.

use crate::cbor::{DecodeError, Reader, Writer};
use crate::domain::ballot::Mark;
use crate::domain::rulebook::CRITERIA_LIMIT;

/// The most subjects a ballot may have.
pub(super) const SUBJECTS: usize = 400;
/// The most marks that one list of an emptied urn may hold: one per rater.
pub(super) const RATERS: usize = 1000;

/// Up to this score a mark of equal scores is one byte.
const EQUAL_MAX: u32 = 0xef;
/// One score per criterion follows, each one byte.
const DIFFERENT: u8 = 0xf0;
/// The rater abstained on the subject.
const ABSTAINED: u8 = 0xf1;

/// Writes a ballot's marks: packed bytes where every mark has as many scores as the first, else one list per mark.
pub(super) fn write_marks(marks: &[Mark], writer: &mut Writer) {
    let criteria = criteria(marks);
    let mut packed = vec![criteria];
    if marks.iter().all(|mark| push(mark, criteria, &mut packed)) {
        writer.bytes(&packed);
        return;
    }
    writer.array(marks.len());
    for mark in marks {
        match mark {
            Mark::Abstained => drop_ref(writer.null()),
            Mark::Scores(scores) => {
                writer.array(scores.len());
                scores.iter().for_each(|score| drop_ref(writer.uint((*score).into())));
            }
        }
    }
}

fn drop_ref(_: &mut Writer) {}

/// Returns how many scores the first mark that has any has, or 0 if none has or there are too many.
fn criteria(marks: &[Mark]) -> u8 {
    let first = marks.iter().find_map(|mark| match mark {
        Mark::Scores(scores) => Some(scores.len()),
        Mark::Abstained => None,
    });
    first.and_then(|count| u8::try_from(count).ok()).unwrap_or(0)
}

/// Appends a mark, or tells that it does not fit the packed form.
fn push(mark: &Mark, criteria: u8, packed: &mut Vec<u8>) -> bool {
    let Mark::Scores(scores) = mark else {
        packed.push(ABSTAINED);
        return true;
    };
    let (Some(first), true) = (scores.first(), scores.len() == usize::from(criteria)) else { return false };
    if *first <= EQUAL_MAX && scores.iter().all(|score| score == first) {
        packed.push(*first as u8);
        return true;
    }
    packed.push(DIFFERENT);
    for score in scores {
        let Ok(score) = u8::try_from(*score) else { return false };
        packed.push(score);
    }
    true
}

/// Reads what [`write_marks`] wrote.
pub(super) fn read_marks(reader: &mut Reader<'_>, limit: usize) -> Result<Vec<Mark>, DecodeError> {
    if !reader.at_bytes()? {
        return super::pack::list(reader, limit, |reader| {
            if reader.nothing()? {
                return Ok(Mark::Abstained);
            }
            super::pack::list(reader, CRITERIA_LIMIT, Reader::uint).map(Mark::Scores)
        });
    }
    let packed = reader.bytes(limit * (CRITERIA_LIMIT + 1) + 1)?;
    let (&criteria, mut packed) = packed.split_first().ok_or(DecodeError::Shape)?;
    let mut marks = Vec::new();
    while let Some((&first, after)) = packed.split_first() {
        packed = after;
        marks.push(match first {
            ABSTAINED => Mark::Abstained,
            DIFFERENT => {
                let scores = packed.get(..usize::from(criteria)).ok_or(DecodeError::Shape)?;
                packed = &packed[scores.len()..];
                Mark::Scores(scores.iter().map(|score| u32::from(*score)).collect())
            }
            first if u32::from(first) <= EQUAL_MAX => Mark::Scores(vec![first.into(); criteria.into()]),
            _ => return Err(DecodeError::Shape),
        });
        if marks.len() > limit || usize::from(criteria) > CRITERIA_LIMIT {
            return Err(DecodeError::TooLong);
        }
    }
    Ok(marks)
}
