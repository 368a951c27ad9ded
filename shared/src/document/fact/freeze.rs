//! The lead's proposal to freeze: every assessor's cards in as few bytes as they need.

use std::collections::BTreeMap;

use super::meeting::{DEVICES, REPLACES, read_replaces};
use super::pack::{Fields, Pack, list, rest};
use crate::cbor::{DecodeError, Reader, Writer};
use crate::domain::assessment::{ASSESSORS_LIMIT, Freeze, Hundredths, VILLAGES_LIMIT};
use crate::domain::rulebook::CRITERIA_LIMIT;
use crate::id::{CriterionId, ID_BYTES, PersonId, UnitCode};
use crate::number::DECIMAL_TEXT_BYTES;

/// An assessor's cards, each with its village and its points by the place of the criterion.
type Sheet<'a> = Vec<(&'a UnitCode, &'a BTreeMap<CriterionId, Hundredths>)>;

pub(super) fn pack_freeze(pack: &mut Pack, freeze: &Freeze) {
    let mut criteria: Vec<&CriterionId> = freeze.cards.values().flat_map(BTreeMap::keys).collect();
    criteria.sort();
    criteria.dedup();
    let mut sheets: BTreeMap<&PersonId, Sheet<'_>> = BTreeMap::new();
    for ((assessor, village), card) in &freeze.cards {
        sheets.entry(assessor).or_default().push((village, card));
    }
    let sheets: Vec<(&PersonId, Sheet<'_>)> = sheets.into_iter().collect();
    pack.list(1, &criteria, |criterion, writer| _ = writer.text(criterion.as_str()));
    pack.list(2, &sheets, |(assessor, sheet), writer| {
        writer.array(2).text(assessor.as_str()).array(sheet.len());
        for (village, card) in sheet {
            writer.array(2).text(village.as_str()).array(criteria.len());
            criteria.iter().for_each(|criterion| write_points(card.get(*criterion), writer));
        }
    });
    let last: Vec<_> = freeze.last.iter().collect();
    pack.list(3, &last, |(village, number), writer| {
        writer.array(2).text(village.as_str()).text(&number.to_string());
    });
    let up_to: Vec<_> = freeze.up_to.iter().collect();
    pack.list(4, &up_to, |(device, counter), writer| {
        writer.array(2).text(device.as_str()).uint((**counter).into());
    });
    pack.bytes(5, &freeze.digest);
}

fn write_points(points: Option<&Hundredths>, writer: &mut Writer) {
    match points {
        Some(points) => writer.uint(points.0.into()),
        None => writer.null(),
    };
}

pub(super) fn read_freeze(fields: &mut Fields<'_>) -> Result<Freeze, DecodeError> {
    let (mut criteria, mut cards, mut last) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    let (mut up_to, mut digest, mut replaces) = (BTreeMap::new(), None, Vec::new());
    rest(fields, |key, reader| {
        match key {
            1 => criteria = list(reader, CRITERIA_LIMIT, |reader| reader.parsed(ID_BYTES))?,
            2 => {
                for _ in 0..reader.list(ASSESSORS_LIMIT)? {
                    read_sheet(&criteria, &mut cards, reader)?;
                }
            }
            3 => {
                for _ in 0..reader.list(VILLAGES_LIMIT)? {
                    reader.array(2)?;
                    last.insert(reader.parsed(ID_BYTES)?, reader.parsed(DECIMAL_TEXT_BYTES)?);
                }
            }
            4 => {
                for _ in 0..reader.list(DEVICES)? {
                    reader.array(2)?;
                    up_to.insert(reader.parsed(ID_BYTES)?, reader.uint()?);
                }
            }
            5 => digest = Some(reader.fixed()?),
            REPLACES => replaces = read_replaces(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Freeze { cards, last, up_to, digest: digest.ok_or(DecodeError::Shape)?, replaces })
}

fn read_sheet(
    criteria: &[CriterionId],
    cards: &mut BTreeMap<(PersonId, UnitCode), BTreeMap<CriterionId, Hundredths>>,
    reader: &mut Reader<'_>,
) -> Result<(), DecodeError> {
    reader.array(2)?;
    let assessor: PersonId = reader.parsed(ID_BYTES)?;
    for _ in 0..reader.list(VILLAGES_LIMIT)? {
        reader.array(2)?;
        let village = reader.parsed(ID_BYTES)?;
        reader.array(criteria.len())?;
        let card = cards.entry((assessor.clone(), village)).or_default();
        for criterion in criteria {
            if !reader.nothing()? {
                card.insert(criterion.clone(), Hundredths(reader.uint()?));
            }
        }
    }
    Ok(())
}
