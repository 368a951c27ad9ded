//! What a quarter is opened with: its rule, the villages as they were grouped, and who scores what.

use std::collections::BTreeSet;

use super::meeting::{REPLACES, read_replaces};
use super::pack::{Fields, Pack, inner, list, place, placed, rest};
use super::{NAME_BYTES, assessment_rule};
use crate::cbor::{DecodeError, Reader};
use crate::domain::assessment::{
    ASSESSORS_LIMIT, AssessedVillage, AssessmentSettings, AssessorSetting, Opening, VILLAGES_LIMIT,
};
use crate::domain::rulebook::CRITERIA_LIMIT;
use crate::domain::township::VillageKind;
use crate::id::{CriterionId, ID_BYTES, PersonId, UnitCode};

/// The places of these are their numbers in documents and never change.
const KINDS: [VillageKind; 2] = [VillageKind::Village, VillageKind::Community];

/// An assessor with places in the lists of villages and criteria, which stand in the same fact.
struct Placed {
    person: PersonId,
    name: String,
    villages: Vec<usize>,
    criteria: Vec<usize>,
    recused: Vec<usize>,
}

pub(super) fn pack_settings(pack: &mut Pack, settings: &AssessmentSettings) {
    pack.text(1, &settings.title);
    pack.put(2, |writer| assessment_rule::pack(&settings.rule).write(writer));
    pack.list(3, &settings.villages, |village, writer| {
        writer.array(4).text(village.code.as_str()).text(&village.name).uint(place(&KINDS, &village.kind));
        writer.text(&village.precinct);
    });
    pack.list(4, &settings.assessors, |assessor, writer| pack_assessor(settings, assessor).write(writer));
    pack.text(5, settings.lead.as_str());
}

fn pack_assessor(settings: &AssessmentSettings, assessor: &AssessorSetting) -> Pack {
    let villages = |codes: &BTreeSet<UnitCode>| -> Vec<usize> {
        let assessed = settings.villages.iter().enumerate();
        assessed.filter(|(_, village)| codes.contains(&village.code)).map(|(at, _)| at).collect()
    };
    let criteria = settings.rule.criteria.iter().enumerate();
    let criteria: Vec<usize> =
        criteria.filter(|(_, criterion)| assessor.criteria.contains(&criterion.id)).map(|(at, _)| at).collect();
    let mut pack = Pack::new();
    let mut places = |key, places: &[usize]| {
        pack.list(key, places, |place, writer| _ = writer.uint(*place as u64));
    };
    places(2, &villages(&assessor.villages));
    places(3, &criteria);
    places(4, &villages(&assessor.recused));
    pack.text(0, assessor.person.as_str()).text(1, &assessor.name);
    pack
}

pub(super) fn read_opening(fields: &mut Fields<'_>) -> Result<Opening, DecodeError> {
    let (mut title, mut rule, mut villages, mut assessors) = (String::new(), None, Vec::new(), Vec::new());
    let (mut lead, mut replaces) = (None, Vec::new());
    rest(fields, |key, reader| {
        match key {
            1 => title = reader.text(NAME_BYTES)?.to_owned(),
            2 => rule = Some(assessment_rule::read(reader)?),
            3 => villages = list(reader, VILLAGES_LIMIT, read_village)?,
            4 => assessors = list(reader, ASSESSORS_LIMIT, read_assessor)?,
            5 => lead = Some(reader.parsed(ID_BYTES)?),
            REPLACES => replaces = read_replaces(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let rule = rule.ok_or(DecodeError::Shape)?;
    let codes: Vec<UnitCode> = villages.iter().map(|village| village.code.clone()).collect();
    let criteria: Vec<CriterionId> = rule.criteria.iter().map(|criterion| criterion.id.clone()).collect();
    let assessor = |placed: Placed| {
        Ok(AssessorSetting {
            person: placed.person,
            name: placed.name,
            villages: of_places(&codes, &placed.villages)?,
            criteria: of_places(&criteria, &placed.criteria)?,
            recused: of_places(&codes, &placed.recused)?,
        })
    };
    let assessors = assessors.into_iter().map(assessor).collect::<Result<_, _>>()?;
    let lead = lead.ok_or(DecodeError::Shape)?;
    Ok(Opening { settings: AssessmentSettings { title, rule, villages, assessors, lead }, replaces })
}

fn of_places<T: Clone + Ord>(list: &[T], places: &[usize]) -> Result<BTreeSet<T>, DecodeError> {
    places.iter().map(|at| list.get(*at).cloned().ok_or(DecodeError::Shape)).collect()
}

fn read_village(reader: &mut Reader<'_>) -> Result<AssessedVillage, DecodeError> {
    reader.array(4)?;
    let (code, name) = (reader.parsed(ID_BYTES)?, reader.text(NAME_BYTES)?.to_owned());
    let kind = placed(&KINDS, reader)?;
    Ok(AssessedVillage { code, name, kind, precinct: reader.text(NAME_BYTES)?.to_owned() })
}

fn read_assessor(reader: &mut Reader<'_>) -> Result<Placed, DecodeError> {
    let (mut person, mut name) = (None, String::new());
    let (mut villages, mut criteria, mut recused) = (Vec::new(), Vec::new(), Vec::new());
    inner(reader, |key, reader| {
        match key {
            0 => person = Some(reader.parsed(ID_BYTES)?),
            1 => name = reader.text(NAME_BYTES)?.to_owned(),
            2 => villages = list(reader, VILLAGES_LIMIT, Reader::uint)?,
            3 => criteria = list(reader, CRITERIA_LIMIT, Reader::uint)?,
            4 => recused = list(reader, VILLAGES_LIMIT, Reader::uint)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Placed { person: person.ok_or(DecodeError::Shape)?, name, villages, criteria, recused })
}
