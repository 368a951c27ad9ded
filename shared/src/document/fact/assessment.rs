//! The facts of a quarter's assessment and of an assessor's cards.

use super::assessment_settings::{pack_settings, read_opening};
use super::freeze::{pack_freeze, read_freeze};
use super::meeting::{REPLACES, read_replaces};
use super::pack::{Fields, Pack, list, place, placed, rest};
use super::{KIND, REASON_BYTES};
use crate::cbor::DecodeError;
use crate::domain::assessment::{
    Adjusted, AssessmentFact, CardFact, Hundredths, Move, Posted, Resigned, Scored, Signature, Stage, Strike,
    TieDecision, Unvisited, VILLAGES_LIMIT,
};
use crate::id::{FactId, ID_BYTES};

const OPENED: u64 = 128;
const MOVED: u64 = 129;
const ADJUSTED: u64 = 130;
const STRUCK: u64 = 131;
const UNVISITED: u64 = 132;
const RESIGNED: u64 = 133;
const PROPOSED: u64 = 134;
const SIGNED: u64 = 135;
const TIE: u64 = 136;

const SCORED: u64 = 144;
const DONE: u64 = 145;

/// The places of these are their numbers in documents and never change.
const STAGES: [Stage; 8] = [
    Stage::Planned,
    Stage::Open,
    Stage::Scored,
    Stage::Frozen,
    Stage::Noticed,
    Stage::Confirmed,
    Stage::Archived,
    Stage::Cancelled,
];
const BONUS: u64 = 0;
const DEDUCTION: u64 = 1;
const VETO: u64 = 2;

pub(super) fn pack(fact: &AssessmentFact) -> Pack {
    let mut pack = Pack::new();
    match fact {
        AssessmentFact::Opened(opening) => {
            pack_settings(pack.uint(KIND, OPENED), &opening.settings);
            pack_replaces(&mut pack, &opening.replaces);
        }
        AssessmentFact::Moved(Move { to, digest, reason }) => {
            pack.uint(KIND, MOVED).uint(1, place(&STAGES, to)).bytes(2, digest).text(3, reason);
        }
        AssessmentFact::Adjusted(Adjusted { village, posted, reason, after }) => {
            let (kind, points) = match posted {
                Posted::Bonus(points) => (BONUS, points.0),
                Posted::Deduction(points) => (DEDUCTION, points.0),
                Posted::Veto => (VETO, 0),
            };
            pack.uint(KIND, ADJUSTED).text(1, village.as_str()).uint(2, kind).count(3, points).text(4, reason);
            pack_after(&mut pack, after.as_ref());
        }
        AssessmentFact::Struck(Strike { adjustment, reason, after }) => {
            pack.uint(KIND, STRUCK).text(1, &adjustment.to_string()).text(4, reason);
            pack_after(&mut pack, after.as_ref());
        }
        AssessmentFact::Unvisited(Unvisited { assessor, village, unvisited, reason, replaces }) => {
            pack.uint(KIND, UNVISITED).text(1, assessor.as_str()).text(2, village.as_str()).flag(3, *unvisited);
            pack_replaces(pack.text(4, reason), replaces);
        }
        AssessmentFact::Resigned(Resigned { assessor, reason }) => {
            pack.uint(KIND, RESIGNED).text(1, assessor.as_str()).text(4, reason);
        }
        AssessmentFact::Proposed(freeze) => {
            pack_freeze(pack.uint(KIND, PROPOSED), freeze);
            pack_replaces(&mut pack, &freeze.replaces);
        }
        AssessmentFact::Signed(Signature { proposal, digest }) => {
            pack.uint(KIND, SIGNED).text(1, &proposal.to_string()).bytes(2, digest);
        }
        AssessmentFact::TieDecided(TieDecision { after, villages, shared, reason, replaces }) => {
            pack.uint(KIND, TIE).list(1, villages, |village, writer| _ = writer.text(village.as_str()));
            pack_replaces(pack.flag(2, *shared).text(4, reason), replaces);
            pack_after(&mut pack, Some(after));
        }
    }
    pack
}

pub(super) fn pack_card(fact: &CardFact) -> Pack {
    let mut pack = Pack::new();
    match fact {
        CardFact::Scored(Scored { village, criterion, value, replaces }) => {
            pack.uint(KIND, SCORED).text(1, village.as_str()).text(2, criterion.as_str()).count(3, value.0);
            pack_replaces(&mut pack, replaces);
        }
        CardFact::Done(village) => _ = pack.uint(KIND, DONE).text(1, village.as_str()),
    }
    pack
}

fn pack_replaces(pack: &mut Pack, replaces: &[FactId]) {
    pack.list(REPLACES, replaces, |id, writer| _ = writer.text(&id.to_string()));
}

/// The key of the freeze after which something was decided.
const AFTER: u64 = 5;

fn pack_after(pack: &mut Pack, after: Option<&FactId>) {
    if let Some(after) = after {
        pack.text(AFTER, &after.to_string());
    }
}

pub(super) fn read(kind: u64, fields: &mut Fields<'_>) -> Result<AssessmentFact, DecodeError> {
    match kind {
        OPENED => read_opening(fields).map(Box::new).map(AssessmentFact::Opened),
        MOVED => read_move(fields).map(AssessmentFact::Moved),
        ADJUSTED => read_adjusted(fields).map(AssessmentFact::Adjusted),
        STRUCK => read_strike(fields).map(AssessmentFact::Struck),
        UNVISITED => read_unvisited(fields).map(AssessmentFact::Unvisited),
        RESIGNED => read_resigned(fields).map(AssessmentFact::Resigned),
        PROPOSED => read_freeze(fields).map(Box::new).map(AssessmentFact::Proposed),
        SIGNED => read_signature(fields).map(AssessmentFact::Signed),
        TIE => read_tie(fields).map(AssessmentFact::TieDecided),
        _ => Err(DecodeError::Shape),
    }
}

pub(super) fn read_card(kind: u64, fields: &mut Fields<'_>) -> Result<CardFact, DecodeError> {
    let (mut village, mut criterion, mut value, mut replaces) = (None, None, Hundredths(0), Vec::new());
    rest(fields, |key, reader| {
        match key {
            1 => village = Some(reader.parsed(ID_BYTES)?),
            2 => criterion = Some(reader.parsed(ID_BYTES)?),
            3 => value = Hundredths(reader.uint()?),
            REPLACES => replaces = read_replaces(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let village = village.ok_or(DecodeError::Shape)?;
    match kind {
        SCORED => {
            let criterion = criterion.ok_or(DecodeError::Shape)?;
            Ok(CardFact::Scored(Scored { village, criterion, value, replaces }))
        }
        DONE => Ok(CardFact::Done(village)),
        _ => Err(DecodeError::Shape),
    }
}

fn read_move(fields: &mut Fields<'_>) -> Result<Move, DecodeError> {
    let (mut to, mut digest, mut reason) = (None, None, String::new());
    rest(fields, |key, reader| {
        match key {
            1 => to = Some(placed(&STAGES, reader)?),
            2 => digest = Some(reader.fixed()?),
            3 => reason = reader.text(REASON_BYTES)?.to_owned(),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Move { to: to.ok_or(DecodeError::Shape)?, digest: digest.ok_or(DecodeError::Shape)?, reason })
}

fn read_adjusted(fields: &mut Fields<'_>) -> Result<Adjusted, DecodeError> {
    let (mut village, mut kind, mut points) = (None, None, Hundredths(0));
    let (mut reason, mut after) = (String::new(), None);
    rest(fields, |key, reader| {
        match key {
            1 => village = Some(reader.parsed(ID_BYTES)?),
            2 => kind = Some(reader.uint()?),
            3 => points = Hundredths(reader.uint()?),
            4 => reason = reader.text(REASON_BYTES)?.to_owned(),
            AFTER => after = Some(reader.parsed(ID_BYTES)?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let posted = match kind {
        Some(BONUS) => Posted::Bonus(points),
        Some(DEDUCTION) => Posted::Deduction(points),
        Some(VETO) => Posted::Veto,
        _ => return Err(DecodeError::Shape),
    };
    Ok(Adjusted { village: village.ok_or(DecodeError::Shape)?, posted, reason, after })
}

fn read_strike(fields: &mut Fields<'_>) -> Result<Strike, DecodeError> {
    let (mut adjustment, mut reason, mut after) = (None, String::new(), None);
    rest(fields, |key, reader| {
        match key {
            1 => adjustment = Some(reader.parsed(ID_BYTES)?),
            4 => reason = reader.text(REASON_BYTES)?.to_owned(),
            AFTER => after = Some(reader.parsed(ID_BYTES)?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Strike { adjustment: adjustment.ok_or(DecodeError::Shape)?, reason, after })
}

fn read_unvisited(fields: &mut Fields<'_>) -> Result<Unvisited, DecodeError> {
    let (mut assessor, mut village, mut unvisited) = (None, None, false);
    let (mut reason, mut replaces) = (String::new(), Vec::new());
    rest(fields, |key, reader| {
        match key {
            1 => assessor = Some(reader.parsed(ID_BYTES)?),
            2 => village = Some(reader.parsed(ID_BYTES)?),
            3 => unvisited = reader.bool()?,
            4 => reason = reader.text(REASON_BYTES)?.to_owned(),
            REPLACES => replaces = read_replaces(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let (assessor, village) = (assessor.ok_or(DecodeError::Shape)?, village.ok_or(DecodeError::Shape)?);
    Ok(Unvisited { assessor, village, unvisited, reason, replaces })
}

fn read_resigned(fields: &mut Fields<'_>) -> Result<Resigned, DecodeError> {
    let (mut assessor, mut reason) = (None, String::new());
    rest(fields, |key, reader| {
        match key {
            1 => assessor = Some(reader.parsed(ID_BYTES)?),
            4 => reason = reader.text(REASON_BYTES)?.to_owned(),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Resigned { assessor: assessor.ok_or(DecodeError::Shape)?, reason })
}

fn read_signature(fields: &mut Fields<'_>) -> Result<Signature, DecodeError> {
    let (mut proposal, mut digest) = (None, None);
    rest(fields, |key, reader| {
        match key {
            1 => proposal = Some(reader.parsed(ID_BYTES)?),
            2 => digest = Some(reader.fixed()?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Signature { proposal: proposal.ok_or(DecodeError::Shape)?, digest: digest.ok_or(DecodeError::Shape)? })
}

fn read_tie(fields: &mut Fields<'_>) -> Result<TieDecision, DecodeError> {
    let (mut villages, mut shared, mut reason) = (Vec::new(), false, String::new());
    let (mut after, mut replaces) = (None, Vec::new());
    rest(fields, |key, reader| {
        match key {
            1 => villages = list(reader, VILLAGES_LIMIT, |reader| reader.parsed(ID_BYTES))?,
            2 => shared = reader.bool()?,
            4 => reason = reader.text(REASON_BYTES)?.to_owned(),
            AFTER => after = Some(reader.parsed(ID_BYTES)?),
            REPLACES => replaces = read_replaces(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(TieDecision { after: after.ok_or(DecodeError::Shape)?, villages, shared, reason, replaces })
}

#[cfg(test)]
mod tests;
