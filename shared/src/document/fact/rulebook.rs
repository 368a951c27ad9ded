//! A rulebook version as it is frozen into a meeting.

use super::NAME_BYTES;
use super::pack::{Pack, inner, list};
use crate::cbor::{DecodeError, Reader, Writer};
use crate::domain::rulebook::{BANDS_LIMIT, CRITERIA_LIMIT, GROUPS_LIMIT, LEVELS_LIMIT};
use crate::domain::rulebook::{Criterion, EmptyGroup, Quorum, RaterGroup, Rulebook, StarBand};
use crate::id::ID_BYTES;
use crate::number::{DECIMAL_TEXT_BYTES, Rounding};

pub(super) fn pack(rulebook: &Rulebook) -> Pack {
    let mut pack = Pack::new();
    pack.text(0, rulebook.id.as_str()).uint(1, rulebook.version.into()).text(2, &rulebook.title);
    pack.uint(3, rulebook.decimals.into()).flag(4, rulebook.rounding == Rounding::HalfEven);
    pack.uint(5, rulebook.trim_min.into()).flag(6, rulebook.empty_group == EmptyGroup::Renormalise);
    pack.list(7, &rulebook.groups, write_group);
    pack.list(8, &rulebook.criteria, |criterion, writer| {
        writer.array(3).text(criterion.id.as_str()).text(&criterion.name).uint(criterion.max.into());
    });
    pack.list(9, &rulebook.bands, write_band);
    pack.list(10, &rulebook.levels, |level, writer| {
        writer.uint((*level).into());
    });
    pack.text(11, rulebook.body_of_both.as_str()).flag(12, rulebook.probationary_rated);
    pack.uint(13, rulebook.publish_min.into());
    pack
}

fn write_group(group: &RaterGroup, writer: &mut Writer) {
    let Quorum { strict, numerator, denominator } = group.quorum;
    writer.array(6).text(group.id.as_str()).text(&group.name).uint(group.weight.into());
    writer.bool(strict).uint(numerator.into()).uint(denominator.into());
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Rulebook, DecodeError> {
    let (mut id, mut body_of_both) = (None, None);
    let (mut version, mut title, mut decimals, mut rounding) = (0, String::new(), 0, Rounding::HalfUp);
    let (mut trim_min, mut publish_min, mut empty_group) = (0, 0, EmptyGroup::InvalidSession);
    let (mut groups, mut criteria, mut bands, mut levels) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut probationary_rated = false;
    inner(reader, |key, reader| {
        match key {
            0 => id = Some(reader.parsed(ID_BYTES)?),
            1 => version = reader.uint()?,
            2 => title = reader.text(NAME_BYTES)?.to_owned(),
            3 => decimals = reader.uint()?,
            4 => rounding = if reader.bool()? { Rounding::HalfEven } else { Rounding::HalfUp },
            5 => trim_min = reader.uint()?,
            6 => empty_group = if reader.bool()? { EmptyGroup::Renormalise } else { EmptyGroup::InvalidSession },
            7 => groups = list(reader, GROUPS_LIMIT, read_group)?,
            8 => criteria = list(reader, CRITERIA_LIMIT, read_criterion)?,
            9 => bands = list(reader, BANDS_LIMIT, read_band)?,
            10 => levels = list(reader, LEVELS_LIMIT, Reader::uint)?,
            11 => body_of_both = Some(reader.parsed(ID_BYTES)?),
            12 => probationary_rated = reader.bool()?,
            13 => publish_min = reader.uint()?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Rulebook {
        id: id.ok_or(DecodeError::Shape)?,
        version,
        title,
        decimals,
        rounding,
        trim_min,
        empty_group,
        groups,
        criteria,
        bands,
        levels,
        body_of_both: body_of_both.ok_or(DecodeError::Shape)?,
        probationary_rated,
        publish_min,
    })
}

fn read_group(reader: &mut Reader<'_>) -> Result<RaterGroup, DecodeError> {
    reader.array(6)?;
    let (id, name, weight) = (reader.parsed(ID_BYTES)?, reader.text(NAME_BYTES)?.to_owned(), reader.uint()?);
    let quorum = Quorum { strict: reader.bool()?, numerator: reader.uint()?, denominator: reader.uint()? };
    Ok(RaterGroup { id, name, weight, quorum })
}

fn read_criterion(reader: &mut Reader<'_>) -> Result<Criterion, DecodeError> {
    reader.array(3)?;
    Ok(Criterion { id: reader.parsed(ID_BYTES)?, name: reader.text(NAME_BYTES)?.to_owned(), max: reader.uint()? })
}

pub(super) fn write_band(band: &StarBand, writer: &mut Writer) {
    writer.array(2).uint(band.stars.into()).text(&band.from.to_string());
}

pub(super) fn read_band(reader: &mut Reader<'_>) -> Result<StarBand, DecodeError> {
    reader.array(2)?;
    Ok(StarBand { stars: reader.uint()?, from: reader.parsed(DECIMAL_TEXT_BYTES)? })
}
