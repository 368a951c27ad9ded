//! The rulebook of a village assessment as it is frozen into a quarter.

use super::NAME_BYTES;
use super::pack::{Pack, inner, list, place, placed};
use crate::cbor::{DecodeError, Reader, Writer};
use crate::domain::rulebook::assessment::{AssessmentRule, Source};
use crate::domain::rulebook::{CRITERIA_LIMIT, Criterion};
use crate::id::ID_BYTES;
use crate::number::{DECIMAL_TEXT_BYTES, Decimal, Rounding};

/// The places of these are their numbers in documents and never change.
const SOURCES: [Source; 3] = [Source::Assessors, Source::Office, Source::Rank];

pub(super) fn pack(rule: &AssessmentRule) -> Pack {
    let mut pack = Pack::new();
    pack.text(0, rule.id.as_str()).uint(1, rule.version.into()).text(2, &rule.title);
    pack.uint(3, rule.decimals.into()).flag(4, rule.rounding == Rounding::HalfEven);
    pack.uint(5, rule.trim_min.into());
    pack.list(6, &rule.criteria, |criterion, writer| {
        writer.array(4).text(criterion.id.as_str()).text(&criterion.name).uint(criterion.max.into());
        writer.uint(place(&SOURCES, &rule.source(&criterion.id)));
    });
    pack_cap(&mut pack, 7, rule.bonus_cap);
    pack_cap(&mut pack, 8, rule.deduction_cap);
    // The usual setting is left out: advisors do not score their own villages.
    pack.flag(9, rule.clamp).flag(10, !rule.recuse);
    pack
}

fn pack_cap(pack: &mut Pack, key: u64, cap: Option<Decimal>) {
    if let Some(cap) = cap {
        pack.put(key, |writer: &mut Writer| _ = writer.text(&cap.to_string()));
    }
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<AssessmentRule, DecodeError> {
    let (mut id, mut version, mut title, mut decimals) = (None, 0, String::new(), 0);
    let (mut rounding, mut trim_min, mut criteria) = (Rounding::HalfUp, 0, Vec::new());
    let (mut bonus_cap, mut deduction_cap, mut clamp, mut recuse) = (None, None, false, true);
    inner(reader, |key, reader| {
        match key {
            0 => id = Some(reader.parsed(ID_BYTES)?),
            1 => version = reader.uint()?,
            2 => title = reader.text(NAME_BYTES)?.to_owned(),
            3 => decimals = reader.uint()?,
            4 => rounding = if reader.bool()? { Rounding::HalfEven } else { Rounding::HalfUp },
            5 => trim_min = reader.uint()?,
            6 => criteria = list(reader, CRITERIA_LIMIT, read_criterion)?,
            7 => bonus_cap = Some(reader.parsed(DECIMAL_TEXT_BYTES)?),
            8 => deduction_cap = Some(reader.parsed(DECIMAL_TEXT_BYTES)?),
            9 => clamp = reader.bool()?,
            10 => recuse = !reader.bool()?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let other = |(criterion, source): &(Criterion, Source)| {
        (*source != Source::Assessors).then(|| (criterion.id.clone(), *source))
    };
    let sources = criteria.iter().filter_map(other).collect();
    Ok(AssessmentRule {
        id: id.ok_or(DecodeError::Shape)?,
        version,
        title,
        decimals,
        rounding,
        trim_min,
        criteria: criteria.into_iter().map(|(criterion, _)| criterion).collect(),
        sources,
        recuse,
        bonus_cap,
        deduction_cap,
        clamp,
    })
}

fn read_criterion(reader: &mut Reader<'_>) -> Result<(Criterion, Source), DecodeError> {
    reader.array(4)?;
    let (id, name) = (reader.parsed(ID_BYTES)?, reader.text(NAME_BYTES)?.to_owned());
    let criterion = Criterion { id, name, max: reader.uint()? };
    Ok((criterion, placed(&SOURCES, reader)?))
}
