//! Reading facts of points accounts back.

use std::collections::{BTreeMap, BTreeSet};

use super::super::meeting::read_replaces;
use super::super::pack::{Fields, list, placed, rest};
use super::{
    ASKED, CANCELLED, CLAIMED, CLOSED, FIRST_DAY, HANDED_OVER, KEEPER, LINKED, MOVED, REPLACES, REVERSED, SHARED, TOLD,
};
use crate::cbor::{DecodeError, Reader};
use crate::domain::points::fact::{
    AccountLink, BATCH_LIMIT, Cancellation, DEVICES_LIMIT, FOLLOWS_LIMIT, HandOver, HonourShare, KeeperNamed,
    MONTHS_LIMIT, MonthSeal, Moving, NOTE_BYTES, OCCASION_BYTES, PointClaim, PointFact, Redemption, Reversal, Telling,
    WORDS_BYTES,
};
use crate::domain::points::flow::PointStep;
use crate::id::{DeviceCode, DeviceNumber, FactId, ID_BYTES, RulebookId};
use crate::time::{Date, Month};

pub(in crate::document::fact) fn read(kind: u64, fields: &mut Fields<'_>) -> Result<PointFact, DecodeError> {
    match kind {
        CLAIMED => read_claim(fields).map(PointFact::Claimed),
        MOVED => read_moving(fields).map(PointFact::Moved),
        TOLD => read_telling(fields).map(PointFact::Told),
        REVERSED => {
            let (entry, reason) = read_with_words(fields)?;
            Ok(PointFact::Reversed(Reversal { entry, reason }))
        }
        CLOSED => read_seal(fields).map(|seal| PointFact::Closed(Box::new(seal))),
        SHARED => read_share(fields).map(PointFact::Shared),
        LINKED => read_link(fields).map(PointFact::Linked),
        KEEPER => read_keeper(fields).map(PointFact::Keeper),
        ASKED => read_redemption(fields).map(PointFact::Asked),
        HANDED_OVER => read_hand_over(fields).map(PointFact::HandedOver),
        CANCELLED => {
            let (redemption, reason) = read_with_words(fields)?;
            Ok(PointFact::Cancelled(Cancellation { redemption, reason }))
        }
        _ => Err(DecodeError::Shape),
    }
}

fn read_claim(fields: &mut Fields<'_>) -> Result<PointClaim, DecodeError> {
    let (mut account, mut person, mut item, mut date) = (None, None, None, None);
    let (mut points, mut occasion, mut note) = (None, String::new(), String::new());
    rest(fields, |key, reader| {
        match key {
            1 => account = Some(reader.parsed(ID_BYTES)?),
            2 => person = Some(reader.parsed(ID_BYTES)?),
            3 => item = Some(reader.parsed(ID_BYTES)?),
            4 => date = Some(read_date(reader)?),
            5 => points = Some(reader.int()?),
            6 => occasion = reader.text(OCCASION_BYTES)?.to_owned(),
            7 => note = reader.text(NOTE_BYTES)?.to_owned(),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let (account, item) = (account.ok_or(DecodeError::Shape)?, item.ok_or(DecodeError::Shape)?);
    Ok(PointClaim { account, person, item, date: date.ok_or(DecodeError::Shape)?, points, occasion, note })
}

fn read_moving(fields: &mut Fields<'_>) -> Result<Moving, DecodeError> {
    let (mut step, mut entries, mut words, mut follows) = (None, BTreeSet::new(), String::new(), BTreeSet::new());
    rest(fields, |key, reader| {
        match key {
            1 => step = Some(placed(&PointStep::ALL, reader)?),
            2 => entries = read_facts(reader, BATCH_LIMIT)?,
            3 => words = reader.text(WORDS_BYTES)?.to_owned(),
            4 => follows = read_facts(reader, FOLLOWS_LIMIT)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Moving { step: step.ok_or(DecodeError::Shape)?, entries, words, follows })
}

fn read_telling(fields: &mut Fields<'_>) -> Result<Telling, DecodeError> {
    let (mut entry, mut date, mut answer) = (None, None, String::new());
    rest(fields, |key, reader| {
        match key {
            1 => entry = Some(reader.parsed(ID_BYTES)?),
            2 => date = Some(read_date(reader)?),
            3 => answer = reader.text(WORDS_BYTES)?.to_owned(),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Telling { entry: entry.ok_or(DecodeError::Shape)?, date: date.ok_or(DecodeError::Shape)?, answer })
}

/// Reads a fact that is about another one and gives a reason.
fn read_with_words(fields: &mut Fields<'_>) -> Result<(FactId, String), DecodeError> {
    let (mut of, mut words) = (None, String::new());
    rest(fields, |key, reader| {
        match key {
            1 => of = Some(reader.parsed(ID_BYTES)?),
            2 => words = reader.text(WORDS_BYTES)?.to_owned(),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok((of.ok_or(DecodeError::Shape)?, words))
}

fn read_seal(fields: &mut Fields<'_>) -> Result<MonthSeal, DecodeError> {
    let (mut month, mut up_to, mut rules) = (None, BTreeMap::new(), BTreeMap::new());
    let (mut barred, mut digest) = (BTreeSet::new(), None);
    rest(fields, |key, reader| {
        match key {
            1 => month = Some(read_month(reader)?),
            2 => up_to = list(reader, DEVICES_LIMIT, read_last)?.into_iter().collect(),
            3 => rules = list(reader, MONTHS_LIMIT, read_rule)?.into_iter().collect(),
            4 => barred = read_facts(reader, FOLLOWS_LIMIT)?,
            5 => digest = Some(reader.fixed()?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let (month, digest) = (month.ok_or(DecodeError::Shape)?, digest.ok_or(DecodeError::Shape)?);
    Ok(MonthSeal { month, up_to, rules, barred, digest })
}

fn read_last(reader: &mut Reader<'_>) -> Result<(DeviceCode, u32), DecodeError> {
    reader.array(2)?;
    Ok((reader.parsed(ID_BYTES)?, reader.uint()?))
}

fn read_rule(reader: &mut Reader<'_>) -> Result<(Month, (RulebookId, u32)), DecodeError> {
    reader.array(3)?;
    Ok((read_month(reader)?, (reader.parsed(ID_BYTES)?, reader.uint()?)))
}

fn read_share(fields: &mut Fields<'_>) -> Result<HonourShare, DecodeError> {
    let (mut from, mut to, mut points, mut words) = (None, None, 0, String::new());
    rest(fields, |key, reader| {
        match key {
            1 => from = Some(reader.parsed(ID_BYTES)?),
            2 => to = Some(reader.parsed(ID_BYTES)?),
            3 => points = reader.uint()?,
            4 => words = reader.text(WORDS_BYTES)?.to_owned(),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(HonourShare { from: from.ok_or(DecodeError::Shape)?, to: to.ok_or(DecodeError::Shape)?, points, words })
}

fn read_link(fields: &mut Fields<'_>) -> Result<AccountLink, DecodeError> {
    let (mut from, mut into, mut words) = (None, None, String::new());
    rest(fields, |key, reader| {
        match key {
            1 => from = Some(reader.parsed(ID_BYTES)?),
            2 => into = Some(reader.parsed(ID_BYTES)?),
            3 => words = reader.text(WORDS_BYTES)?.to_owned(),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(AccountLink { from: from.ok_or(DecodeError::Shape)?, into: into.ok_or(DecodeError::Shape)?, words })
}

fn read_keeper(fields: &mut Fields<'_>) -> Result<KeeperNamed, DecodeError> {
    let (mut device, mut replaces) = (None, Vec::new());
    rest(fields, |key, reader| {
        match key {
            1 => device = Some(DeviceNumber(reader.uint()?)),
            REPLACES => replaces = read_replaces(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(KeeperNamed { device: device.ok_or(DecodeError::Shape)?, replaces })
}

fn read_redemption(fields: &mut Fields<'_>) -> Result<Redemption, DecodeError> {
    let (mut account, mut points, mut goods, mut date) = (None, 0, String::new(), None);
    rest(fields, |key, reader| {
        match key {
            1 => account = Some(reader.parsed(ID_BYTES)?),
            2 => points = reader.uint()?,
            3 => goods = reader.text(NOTE_BYTES)?.to_owned(),
            4 => date = Some(read_date(reader)?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let (account, date) = (account.ok_or(DecodeError::Shape)?, date.ok_or(DecodeError::Shape)?);
    Ok(Redemption { account, points, goods, date })
}

fn read_hand_over(fields: &mut Fields<'_>) -> Result<HandOver, DecodeError> {
    let (mut redemption, mut keeper) = (None, None);
    rest(fields, |key, reader| {
        match key {
            1 => redemption = Some(reader.parsed(ID_BYTES)?),
            2 => keeper = Some(reader.parsed(ID_BYTES)?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(HandOver { redemption: redemption.ok_or(DecodeError::Shape)?, keeper: keeper.ok_or(DecodeError::Shape)? })
}

/// Reads runs of facts, of which there are at most so many together.
fn read_facts(reader: &mut Reader<'_>, limit: usize) -> Result<BTreeSet<FactId>, DecodeError> {
    let mut facts = BTreeSet::new();
    for _ in 0..reader.list(limit)? {
        reader.array(3)?;
        let device: DeviceCode = reader.parsed(ID_BYTES)?;
        let (first, count): (u32, u32) = (reader.uint()?, reader.uint()?);
        let last = first.checked_add(count).ok_or(DecodeError::Shape)?;
        if facts.len().saturating_add(count as usize) > limit {
            return Err(DecodeError::TooLong);
        }
        facts.extend((first..last).map(|counter| FactId { device: device.clone(), counter }));
    }
    Ok(facts)
}

fn read_date(reader: &mut Reader<'_>) -> Result<Date, DecodeError> {
    let day: i32 = reader.int()?;
    let day = day.checked_add(FIRST_DAY).ok_or(DecodeError::Shape)?;
    Date::from_day_number(day).map_err(|_| DecodeError::Shape)
}

fn read_month(reader: &mut Reader<'_>) -> Result<Month, DecodeError> {
    Month::from_number(reader.int()?).map_err(|_| DecodeError::Shape)
}
