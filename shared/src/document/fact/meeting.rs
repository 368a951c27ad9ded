//! A meeting's facts, kind by kind.

use std::collections::BTreeMap;

use super::ballot::{RATERS, SUBJECTS, read_marks, write_marks};
use super::pack::{Fields, Pack, list, place, rest};
use super::settings::{pack_settings, read_opening};
use super::{KIND, REASON_BYTES};
use crate::cbor::{DecodeError, Reader, Writer};
use crate::domain::ballot::{BallotContent, HandCount, PaperBallot, Serial, UrnTally};
use crate::domain::meeting::{
    BallotCount, BallotsIssued, CountCheck, Decision, MeetingFact, Reconciliation, RollMark, RollStatus, Seal, Stage,
    StageChange,
};
use crate::domain::rulebook::{GROUPS_LIMIT, LEVELS_LIMIT};
use crate::id::{FactId, ID_BYTES, PersonId};

const OPENED: u64 = 1;
const ROLL: u64 = 2;
const STAGE: u64 = 3;
const ISSUED: u64 = 4;
const PAPER: u64 = 5;
const HANDS: u64 = 6;
const URN_PLACED: u64 = 7;
const VOTED: u64 = 8;
const URN: u64 = 9;
const RECONCILED: u64 = 10;
const CHECKED: u64 = 11;
const DECIDED: u64 = 12;
const SEALED: u64 = 13;

/// The most facts one correction names.
const REPLACED: usize = 64;
/// The most devices a seal counts, and the most heads it names.
pub(super) const DEVICES: usize = 256;
/// The key under which every correction names what it replaces.
pub(super) const REPLACES: u64 = 15;

/// The places of these lists are their numbers on the wire and never change.
const ROLLS: [RollStatus; 6] = [
    RollStatus::Present,
    RollStatus::Late,
    RollStatus::Left,
    RollStatus::Excused,
    RollStatus::Absent,
    RollStatus::Exempt,
];
const STAGES: [Stage; 10] = [
    Stage::Draft,
    Stage::RollOpen,
    Stage::Quorate,
    Stage::Voting,
    Stage::Closed,
    Stage::Counted,
    Stage::Checked,
    Stage::Decided,
    Stage::Adjourned,
    Stage::Void,
];

pub(super) fn pack(fact: &MeetingFact) -> Pack {
    let mut pack = Pack::new();
    match fact {
        MeetingFact::Opened(opening) => {
            pack_settings(pack.uint(KIND, OPENED), &opening.settings);
            pack_replaces(&mut pack, &opening.replaces);
        }
        MeetingFact::Roll(RollMark { person, status, replaces }) => {
            pack.uint(KIND, ROLL).text(1, person.as_str()).uint(2, place(&ROLLS, status));
            pack_replaces(&mut pack, replaces);
        }
        MeetingFact::Stage(StageChange { to, reason }) => {
            pack.uint(KIND, STAGE).uint(1, place(&STAGES, to)).text(2, reason);
        }
        MeetingFact::Issued(BallotsIssued { group, first, last, replaces }) => {
            pack.uint(KIND, ISSUED).text(1, group.as_str()).uint(2, first.0.into()).uint(3, last.0.into());
            pack_replaces(&mut pack, replaces);
        }
        MeetingFact::Paper(PaperBallot { serial, group, content, replaces }) => {
            pack.uint(KIND, PAPER).uint(1, serial.0.into()).text(2, group.as_str());
            match content {
                BallotContent::Valid(marks) => pack.put(3, |writer| write_marks(marks, writer)),
                BallotContent::Spoiled => pack.flag(4, true),
                BallotContent::Abstained => pack.flag(5, true),
            };
            pack_replaces(&mut pack, replaces);
        }
        MeetingFact::Hands(HandCount { subject, group, hands, abstained, replaces }) => {
            pack.uint(KIND, HANDS).text(1, subject.as_str()).text(2, group.as_str());
            pack.list(3, hands, |count, writer| discard(writer.uint((*count).into()))).count(4, *abstained);
            pack_replaces(&mut pack, replaces);
        }
        MeetingFact::UrnPlaced => discard(pack.uint(KIND, URN_PLACED)),
        MeetingFact::Voted(person) => discard(pack.uint(KIND, VOTED).text(1, person.as_str())),
        MeetingFact::Urn(tally) => pack_urn(pack.uint(KIND, URN), tally),
        MeetingFact::Reconciled(Reconciliation { groups, note, replaces }) => {
            let groups: Vec<_> = groups.iter().collect();
            pack.uint(KIND, RECONCILED).text(2, note).list(1, &groups, |(group, count), writer| {
                writer.array(5).text(group.as_str()).uint(count.issued.into()).uint(count.returned.into());
                writer.uint(count.spoiled.into()).uint(count.abstained.into());
            });
            pack_replaces(&mut pack, replaces);
        }
        MeetingFact::Checked(CountCheck { digest }) => discard(pack.uint(KIND, CHECKED).bytes(1, digest)),
        MeetingFact::Decided(Decision { subject, stars, reason, replaces }) => {
            pack.uint(KIND, DECIDED).text(1, subject.as_str()).text(3, reason);
            if let Some(stars) = stars {
                pack.uint(2, (*stars).into());
            }
            pack_replaces(&mut pack, replaces);
        }
        MeetingFact::Sealed(Seal { up_to, heads, digest }) => {
            let up_to: Vec<_> = up_to.iter().collect();
            pack.uint(KIND, SEALED).list(1, &up_to, |(device, counter), writer| {
                writer.array(2).text(device.as_str()).uint((**counter).into());
            });
            pack.bytes(2, heads.as_flattened()).bytes(3, digest);
        }
    }
    pack
}

fn discard<T>(_: T) {}

fn pack_replaces(pack: &mut Pack, replaces: &[FactId]) {
    pack.list(REPLACES, replaces, |id, writer| discard(writer.text(&id.to_string())));
}

fn pack_urn(pack: &mut Pack, tally: &UrnTally) {
    let dropped: Vec<_> = tally.dropped.iter().collect();
    pack.list(1, &dropped, |(group, count), writer| {
        writer.array(2).text(group.as_str()).uint((**count).into());
    });
    let marks: Vec<_> = tally.marks.iter().collect();
    pack.list(2, &marks, |(group, subjects), writer: &mut Writer| {
        writer.array(2).text(group.as_str()).array(subjects.len());
        subjects.iter().for_each(|marks| write_marks(marks, writer));
    });
}

pub(super) fn read(kind: u64, fields: &mut Fields<'_>) -> Result<MeetingFact, DecodeError> {
    match kind {
        OPENED => read_opening(fields).map(|opening| MeetingFact::Opened(Box::new(opening))),
        PAPER => read_paper(fields).map(MeetingFact::Paper),
        URN => read_urn(fields).map(MeetingFact::Urn),
        RECONCILED => read_reconciliation(fields).map(MeetingFact::Reconciled),
        SEALED => read_seal(fields).map(MeetingFact::Sealed),
        _ => read_small(kind, fields),
    }
}

/// Reads the kinds whose fields are all plain.
fn read_small(kind: u64, fields: &mut Fields<'_>) -> Result<MeetingFact, DecodeError> {
    let (mut first, mut second, mut numbers, mut reason) = (None, None, BTreeMap::new(), String::new());
    let (mut hands, mut digest, mut replaces) = (Vec::new(), None, Vec::new());
    rest(fields, |key, reader| {
        match (kind, key) {
            (ROLL | ISSUED | HANDS | VOTED | DECIDED, 1) => first = Some(reader.text(ID_BYTES)?.to_owned()),
            (HANDS, 2) => second = Some(reader.text(ID_BYTES)?.to_owned()),
            (HANDS, 3) => hands = list(reader, LEVELS_LIMIT, Reader::uint)?,
            (CHECKED, 1) => digest = Some(reader.fixed()?),
            (STAGE, 2) | (DECIDED, 3) => reason = reader.text(REASON_BYTES)?.to_owned(),
            (ROLL, 2) | (STAGE, 1) | (ISSUED, 2 | 3) | (HANDS, 4) | (DECIDED, 2) => {
                numbers.insert(key, reader.uint::<u32>()?);
            }
            (ROLL | ISSUED | HANDS | DECIDED, REPLACES) => replaces = read_replaces(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let first = || first.clone().ok_or(DecodeError::Shape);
    let person = || PersonId::new(&first()?).map_err(|_| DecodeError::Shape);
    let number = |key| numbers.get(&key).copied().ok_or(DecodeError::Shape);
    let group = |text: String| text.parse().map_err(|_| DecodeError::Shape);
    Ok(match kind {
        ROLL => MeetingFact::Roll(RollMark { person: person()?, status: nth(&ROLLS, number(2)?)?, replaces }),
        STAGE => MeetingFact::Stage(StageChange { to: nth(&STAGES, number(1)?)?, reason }),
        ISSUED => {
            let (first_serial, last) = (Serial(number(2)?), Serial(number(3)?));
            MeetingFact::Issued(BallotsIssued { group: group(first()?)?, first: first_serial, last, replaces })
        }
        HANDS => MeetingFact::Hands(HandCount {
            subject: person()?,
            group: group(second.ok_or(DecodeError::Shape)?)?,
            hands,
            abstained: number(4).unwrap_or_default(),
            replaces,
        }),
        URN_PLACED => MeetingFact::UrnPlaced,
        VOTED => MeetingFact::Voted(person()?),
        CHECKED => MeetingFact::Checked(CountCheck { digest: digest.ok_or(DecodeError::Shape)? }),
        DECIDED => {
            let stars = match number(2) {
                Ok(stars) => Some(u8::try_from(stars).map_err(|_| DecodeError::Shape)?),
                Err(_) => None,
            };
            MeetingFact::Decided(Decision { subject: person()?, stars, reason, replaces })
        }
        _ => return Err(DecodeError::Shape),
    })
}

fn nth<T: Copy>(list: &[T], place: u32) -> Result<T, DecodeError> {
    list.get(place as usize).copied().ok_or(DecodeError::Shape)
}

pub(super) fn read_replaces(reader: &mut Reader<'_>) -> Result<Vec<FactId>, DecodeError> {
    list(reader, REPLACED, |reader| reader.parsed(ID_BYTES))
}

fn read_paper(fields: &mut Fields<'_>) -> Result<PaperBallot, DecodeError> {
    let (mut serial, mut group, mut content, mut replaces) = (None, None, None, Vec::new());
    rest(fields, |key, reader| {
        match key {
            1 => serial = Some(Serial(reader.uint()?)),
            2 => group = Some(reader.parsed(ID_BYTES)?),
            3 => content = Some(BallotContent::Valid(read_marks(reader, SUBJECTS)?)),
            4 if reader.bool()? => content = Some(BallotContent::Spoiled),
            5 if reader.bool()? => content = Some(BallotContent::Abstained),
            4 | 5 => return Err(DecodeError::Shape),
            REPLACES => replaces = read_replaces(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let (serial, group) = (serial.ok_or(DecodeError::Shape)?, group.ok_or(DecodeError::Shape)?);
    Ok(PaperBallot { serial, group, content: content.ok_or(DecodeError::Shape)?, replaces })
}

fn read_urn(fields: &mut Fields<'_>) -> Result<UrnTally, DecodeError> {
    let mut tally = UrnTally::default();
    rest(fields, |key, reader| {
        match key {
            1 => {
                for _ in 0..reader.list(GROUPS_LIMIT)? {
                    reader.array(2)?;
                    tally.dropped.insert(reader.parsed(ID_BYTES)?, reader.uint()?);
                }
            }
            2 => {
                for _ in 0..reader.list(GROUPS_LIMIT)? {
                    reader.array(2)?;
                    let group = reader.parsed(ID_BYTES)?;
                    tally.marks.insert(group, list(reader, SUBJECTS, |reader| read_marks(reader, RATERS))?);
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(tally)
}

fn read_reconciliation(fields: &mut Fields<'_>) -> Result<Reconciliation, DecodeError> {
    let (mut groups, mut note, mut replaces) = (BTreeMap::new(), String::new(), Vec::new());
    rest(fields, |key, reader| {
        match key {
            1 => {
                for _ in 0..reader.list(GROUPS_LIMIT)? {
                    reader.array(5)?;
                    let group = reader.parsed(ID_BYTES)?;
                    let (issued, returned) = (reader.uint()?, reader.uint()?);
                    let (spoiled, abstained) = (reader.uint()?, reader.uint()?);
                    groups.insert(group, BallotCount { issued, returned, spoiled, abstained });
                }
            }
            2 => note = reader.text(REASON_BYTES)?.to_owned(),
            REPLACES => replaces = read_replaces(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Reconciliation { groups, note, replaces })
}

fn read_seal(fields: &mut Fields<'_>) -> Result<Seal, DecodeError> {
    let (mut up_to, mut heads, mut digest) = (BTreeMap::new(), Vec::new(), None);
    rest(fields, |key, reader| {
        match key {
            1 => {
                for _ in 0..reader.list(DEVICES)? {
                    reader.array(2)?;
                    up_to.insert(reader.parsed(ID_BYTES)?, reader.uint()?);
                }
            }
            2 => {
                let (whole, torn) = reader.bytes(DEVICES * 32)?.as_chunks::<32>();
                heads = if torn.is_empty() { whole.to_vec() } else { return Err(DecodeError::Shape) };
            }
            3 => digest = Some(reader.fixed()?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Seal { up_to, heads, digest: digest.ok_or(DecodeError::Shape)? })
}
