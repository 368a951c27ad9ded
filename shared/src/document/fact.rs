//! Immutable facts as compact values: CBOR maps with integer keys, to which fields are only ever added.
//!
//! Key 0 holds the kind. A field that has its usual value is left out; a field that this version does not know is
//! passed over; a kind that it does not know is an error for that fact alone.

mod affair;
mod assessment;
mod assessment_rule;
mod assessment_settings;
mod ballot;
mod flag;
mod freeze;
mod meeting;
mod pack;
mod points;
mod points_rule;
mod post;
mod post_rule;
mod roster;
mod rulebook;
mod settings;

use crate::cbor::{DecodeError, Reader, Writer};
use crate::domain::Adoption;
use crate::domain::assessment::{AssessmentFact, CardFact};
use crate::domain::ballot::Mark;
use crate::domain::flag::FlagFact;
use crate::domain::meeting::MeetingFact;
use crate::domain::person::fact::RosterFact;
use crate::domain::points::fact::PointFact;
use crate::domain::post::PostFact;
use crate::domain::register::Affair;
use crate::domain::rulebook::points::PointsAdoption;
use crate::id::FactId;
use crate::time::Date;
use pack::Pack;

/// The largest packed fact, in bytes: the opening of a meeting of three hundred people.
pub const FACT_BYTES: usize = 128 * 1024;
/// The longest title, place or name, in bytes.
pub const NAME_BYTES: usize = 300;
/// The longest reason or note, in bytes: a handwritten page.
pub const REASON_BYTES: usize = 4000;

const KIND: u64 = 0;
const ADOPTED: u64 = 32;
const POINTS_ADOPTED: u64 = 33;

/// Packs a meeting's fact.
pub fn pack_meeting(fact: &MeetingFact) -> Vec<u8> {
    meeting::pack(fact).finish()
}

/// Reads a meeting's fact; never panics, whatever the bytes.
pub fn read_meeting(bytes: &[u8]) -> Result<MeetingFact, DecodeError> {
    let (kind, mut reader) = open(bytes)?;
    let fact = meeting::read(kind, &mut reader)?;
    reader.end()?;
    Ok(fact)
}

/// Packs a fact of a life-cycle record.
pub fn pack_affair(fact: &Affair) -> Vec<u8> {
    affair::pack(fact).finish()
}

/// Reads a fact of a life-cycle record; never panics, whatever the bytes.
pub fn read_affair(bytes: &[u8]) -> Result<Affair, DecodeError> {
    let (kind, mut reader) = open(bytes)?;
    let fact = affair::read(kind, &mut reader)?;
    reader.end()?;
    Ok(fact)
}

/// Returns a correction with other numbers for what it replaces, and nothing if it names none of those that have another.
///
/// Everything else stays as it was packed, with whatever a later version put there.
pub fn renumber(bytes: &[u8], fresh: impl Fn(&FactId) -> Option<FactId>) -> Result<Option<Vec<u8>>, DecodeError> {
    let mut reader = Reader::new(bytes);
    let count = reader.map(pack::FIELDS)?;
    let mut writer = Writer::new();
    writer.map(count);
    let mut changed = false;
    for _ in 0..count {
        let key = reader.value()?;
        let value = reader.value()?;
        writer.raw(key);
        if Reader::new(key).uint() != Ok(meeting::REPLACES) {
            writer.raw(value);
            continue;
        }
        let replaces = meeting::read_replaces(&mut Reader::new(value))?;
        writer.array(replaces.len());
        for replaced in replaces {
            let other = fresh(&replaced);
            changed |= other.is_some();
            writer.text(&other.unwrap_or(replaced).to_string());
        }
    }
    reader.end()?;
    Ok(changed.then(|| writer.finish()))
}

/// Packs a fact of a quarter's assessment.
pub fn pack_assessment(fact: &AssessmentFact) -> Vec<u8> {
    assessment::pack(fact).finish()
}

/// Reads a fact of a quarter's assessment; never panics, whatever the bytes.
pub fn read_assessment(bytes: &[u8]) -> Result<AssessmentFact, DecodeError> {
    let (kind, mut reader) = open(bytes)?;
    let fact = assessment::read(kind, &mut reader)?;
    reader.end()?;
    Ok(fact)
}

/// Packs a fact of an assessor's cards.
pub fn pack_card(fact: &CardFact) -> Vec<u8> {
    assessment::pack_card(fact).finish()
}

/// Reads a fact of an assessor's cards; never panics, whatever the bytes.
pub fn read_card(bytes: &[u8]) -> Result<CardFact, DecodeError> {
    let (kind, mut reader) = open(bytes)?;
    let fact = assessment::read_card(kind, &mut reader)?;
    reader.end()?;
    Ok(fact)
}

/// Packs a fact of the mobile red flag.
pub fn pack_flag(fact: &FlagFact) -> Vec<u8> {
    flag::pack(fact).finish()
}

/// Reads a fact of the mobile red flag; never panics, whatever the bytes.
pub fn read_flag(bytes: &[u8]) -> Result<FlagFact, DecodeError> {
    let (kind, mut reader) = open(bytes)?;
    let fact = flag::read(kind, &mut reader)?;
    reader.end()?;
    Ok(fact)
}

/// Packs a fact of points accounts.
pub fn pack_points(fact: &PointFact) -> Vec<u8> {
    points::pack(fact).finish()
}

/// Reads a fact of points accounts; never panics, whatever the bytes.
pub fn read_points(bytes: &[u8]) -> Result<PointFact, DecodeError> {
    let (kind, mut reader) = open(bytes)?;
    let fact = points::read(kind, &mut reader)?;
    reader.end()?;
    Ok(fact)
}

/// Packs a fact of a quarter's posts.
pub fn pack_post(fact: &PostFact) -> Vec<u8> {
    post::pack(fact).finish()
}

/// Reads a fact of a quarter's posts; never panics, whatever the bytes.
pub fn read_post(bytes: &[u8]) -> Result<PostFact, DecodeError> {
    let (kind, mut reader) = open(bytes)?;
    let fact = post::read(kind, &mut reader)?;
    reader.end()?;
    Ok(fact)
}

/// Packs a fact of a village's roster.
pub fn pack_roster(fact: &RosterFact) -> Vec<u8> {
    roster::pack(fact).finish()
}

/// Reads a fact of a village's roster; never panics, whatever the bytes.
pub fn read_roster(bytes: &[u8]) -> Result<RosterFact, DecodeError> {
    let (kind, mut reader) = open(bytes)?;
    let fact = roster::read(kind, &mut reader)?;
    reader.end()?;
    Ok(fact)
}

/// Writes a ballot's marks in as few bytes as they need.
pub fn write_marks(marks: &[Mark], writer: &mut Writer) {
    ballot::write_marks(marks, writer);
}

/// Reads a ballot's marks.
pub fn read_marks(reader: &mut Reader<'_>) -> Result<Vec<Mark>, DecodeError> {
    ballot::read_marks(reader, ballot::SUBJECTS)
}

/// Packs an adopted rulebook.
pub fn pack_adopted(adopted: &Adoption) -> Vec<u8> {
    let mut pack = Pack::new();
    pack.uint(KIND, ADOPTED).put(1, |writer| rulebook::pack(&adopted.rulebook).write(writer));
    pack.text(2, &adopted.adopted_at);
    pack.finish()
}

/// Reads an adopted rulebook; never panics, whatever the bytes.
pub fn read_adopted(bytes: &[u8]) -> Result<Adoption, DecodeError> {
    let (kind, mut reader) = open(bytes)?;
    if kind != ADOPTED {
        return Err(DecodeError::Shape);
    }
    let (mut rulebook, mut adopted_at) = (None, String::new());
    pack::rest(&mut reader, |key, reader| {
        match key {
            1 => rulebook = Some(rulebook::read(reader)?),
            2 => adopted_at = reader.text(REASON_BYTES)?.to_owned(),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    reader.end()?;
    Ok(Adoption { rulebook: rulebook.ok_or(DecodeError::Shape)?, adopted_at })
}

/// Packs an adopted rule of points.
pub fn pack_points_adopted(adopted: &PointsAdoption) -> Vec<u8> {
    let mut pack = Pack::new();
    pack.uint(KIND, POINTS_ADOPTED).put(1, |writer| points_rule::pack(&adopted.rule).write(writer));
    pack.text(2, &adopted.adopted_at).put(3, |writer| _ = writer.int(adopted.from.day_number().into()));
    pack.finish()
}

/// Reads an adopted rule of points; never panics, whatever the bytes.
pub fn read_points_adopted(bytes: &[u8]) -> Result<PointsAdoption, DecodeError> {
    let (kind, mut reader) = open(bytes)?;
    if kind != POINTS_ADOPTED {
        return Err(DecodeError::Shape);
    }
    let (mut rule, mut adopted_at, mut from) = (None, String::new(), None);
    pack::rest(&mut reader, |key, reader| {
        match key {
            1 => rule = Some(points_rule::read(reader)?),
            2 => adopted_at = reader.text(REASON_BYTES)?.to_owned(),
            3 => from = Some(Date::from_day_number(reader.int()?).map_err(|_| DecodeError::Shape)?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    reader.end()?;
    let (rule, from) = (rule.ok_or(DecodeError::Shape)?, from.ok_or(DecodeError::Shape)?);
    Ok(PointsAdoption { rule, from, adopted_at })
}

/// A fact of a document of rulebooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Adopted {
    /// A rulebook of member reviews.
    Review(Box<Adoption>),
    /// A rule of points.
    Points(Box<PointsAdoption>),
}

/// Reads whatever was adopted; never panics, whatever the bytes.
pub fn read_any_adopted(bytes: &[u8]) -> Result<Adopted, DecodeError> {
    match open(bytes)?.0 {
        POINTS_ADOPTED => read_points_adopted(bytes).map(|adopted| Adopted::Points(Box::new(adopted))),
        _ => read_adopted(bytes).map(|adopted| Adopted::Review(Box::new(adopted))),
    }
}

/// Reads the kind, which stands first, and leaves the reader at a map without its head.
fn open(bytes: &[u8]) -> Result<(u64, pack::Fields<'_>), DecodeError> {
    if bytes.len() > FACT_BYTES {
        return Err(DecodeError::TooLong);
    }
    let mut fields = pack::Fields::open(Reader::new(bytes))?;
    Ok((fields.kind(KIND)?, fields))
}

#[cfg(test)]
mod tests;
