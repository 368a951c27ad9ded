//! The facts of the mobile red flag.

use super::meeting::{REPLACES, read_replaces};
use super::pack::{Fields, Pack, list, rest};
use super::{KIND, REASON_BYTES};
use crate::cbor::DecodeError;
use crate::domain::assessment::VILLAGES_LIMIT;
use crate::domain::flag::{Award, Awarding, FlagFact, Handover};
use crate::id::{FactId, ID_BYTES};
use crate::time::Date;

const AWARDED: u64 = 160;
const HANDED: u64 = 161;
const COUNTERSIGNED: u64 = 162;

pub(super) fn pack(fact: &FlagFact) -> Pack {
    let mut pack = Pack::new();
    match fact {
        FlagFact::Awarded(Awarding { award, replaces }) => {
            pack.uint(KIND, AWARDED).put(1, |writer| _ = writer.text(&award.quarter.to_string()));
            pack.bytes(2, &award.digest);
            pack.list(3, &award.villages, |village, writer| _ = writer.text(village.as_str()));
            pack.count(4, award.weeks.into()).text(5, &award.reason);
            pack_replaces(&mut pack, replaces);
        }
        FlagFact::Handed(Handover { award, from, to, date, reason, after }) => {
            pack.uint(KIND, HANDED).text(1, &award.to_string());
            pack.text(2, from.as_ref().map_or("", |village| village.as_str()));
            pack.text(3, to.as_ref().map_or("", |village| village.as_str()));
            pack.put(4, |writer| _ = writer.int(date.day_number().into())).text(5, reason);
            pack_replaces(&mut pack, after);
        }
        FlagFact::Countersigned(handover) => _ = pack.uint(KIND, COUNTERSIGNED).text(1, &handover.to_string()),
    }
    pack
}

fn pack_replaces(pack: &mut Pack, replaces: &[FactId]) {
    pack.list(REPLACES, replaces, |id, writer| _ = writer.text(&id.to_string()));
}

pub(super) fn read(kind: u64, fields: &mut Fields<'_>) -> Result<FlagFact, DecodeError> {
    match kind {
        AWARDED => read_awarding(fields).map(FlagFact::Awarded),
        HANDED => read_handover(fields).map(FlagFact::Handed),
        COUNTERSIGNED => read_countersigned(fields).map(FlagFact::Countersigned),
        _ => Err(DecodeError::Shape),
    }
}

fn read_awarding(fields: &mut Fields<'_>) -> Result<Awarding, DecodeError> {
    let (mut quarter, mut digest, mut villages) = (None, None, Vec::new());
    let (mut weeks, mut reason, mut replaces) = (0, String::new(), Vec::new());
    rest(fields, |key, reader| {
        match key {
            1 => quarter = Some(reader.parsed(ID_BYTES)?),
            2 => digest = Some(reader.fixed()?),
            3 => villages = list(reader, VILLAGES_LIMIT, |reader| reader.parsed(ID_BYTES))?,
            4 => weeks = reader.uint()?,
            5 => reason = reader.text(REASON_BYTES)?.to_owned(),
            REPLACES => replaces = read_replaces(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let (quarter, digest) = (quarter.ok_or(DecodeError::Shape)?, digest.ok_or(DecodeError::Shape)?);
    Ok(Awarding { award: Award { quarter, digest, villages, weeks, reason }, replaces })
}

fn read_handover(fields: &mut Fields<'_>) -> Result<Handover, DecodeError> {
    let (mut award, mut from, mut to, mut date) = (None, None, None, None);
    let (mut reason, mut after) = (String::new(), Vec::new());
    rest(fields, |key, reader| {
        match key {
            1 => award = Some(reader.parsed(ID_BYTES)?),
            2 => from = Some(reader.parsed(ID_BYTES)?),
            3 => to = Some(reader.parsed(ID_BYTES)?),
            4 => date = Some(Date::from_day_number(reader.int()?).map_err(|_| DecodeError::Shape)?),
            5 => reason = reader.text(REASON_BYTES)?.to_owned(),
            REPLACES => after = read_replaces(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let (award, date) = (award.ok_or(DecodeError::Shape)?, date.ok_or(DecodeError::Shape)?);
    Ok(Handover { award, from, to, date, reason, after })
}

fn read_countersigned(fields: &mut Fields<'_>) -> Result<FactId, DecodeError> {
    let mut handover = None;
    rest(fields, |key, reader| {
        match key {
            1 => handover = Some(reader.parsed(ID_BYTES)?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    handover.ok_or(DecodeError::Shape)
}
