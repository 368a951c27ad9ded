//! What a meeting is created with: its rules and everybody who votes or is rated, frozen.

use super::meeting::{REPLACES, read_replaces};
use super::pack::{Fields, Pack, inner, list, place, placed, rest};
use super::{NAME_BYTES, rulebook};
use crate::cbor::{DecodeError, Reader};
use crate::domain::ballot::BallotMode;
use crate::domain::meeting::{Attendee, MeetingSettings, Opening};
use crate::domain::person::{MemberClass, Standing};
use crate::id::ID_BYTES;

/// The most people on one meeting's roll.
const PEOPLE: usize = 1000;

/// The places of these lists are their numbers on the wire and never change.
const MODES: [BallotMode; 3] = [BallotMode::ShowOfHands, BallotMode::SecretPaper, BallotMode::SecretDevice];
const STANDINGS: [Standing; 2] = [Standing::Full, Standing::Probationary];
const CLASSES: [MemberClass; 4] =
    [MemberClass::Ordinary, MemberClass::Frail, MemberClass::Migrant, MemberClass::InService];

pub(super) fn pack_settings(pack: &mut Pack, settings: &MeetingSettings) {
    pack.text(1, &settings.title).text(2, &settings.place).uint(3, place(&MODES, &settings.mode));
    pack.put(4, |writer| rulebook::pack(&settings.rulebook).write(writer));
    pack.list(5, &settings.people, |attendee, writer| pack_attendee(attendee).write(writer));
    pack.text(6, settings.teller.as_str()).text(7, settings.scrutineer.as_str()).text(8, settings.chair.as_str());
}

fn pack_attendee(attendee: &Attendee) -> Pack {
    let mut pack = Pack::new();
    pack.text(0, attendee.person.as_str()).text(1, &attendee.name).text(2, &attendee.household);
    if let Some(standing) = &attendee.standing {
        pack.uint(3, place(&STANDINGS, standing));
    }
    if attendee.class != MemberClass::Ordinary {
        pack.uint(4, place(&CLASSES, &attendee.class));
    }
    if let Some(body) = &attendee.body {
        pack.text(5, body.as_str());
    }
    pack.flag(6, attendee.subject);
    pack
}

pub(super) fn read_opening(fields: &mut Fields<'_>) -> Result<Opening, DecodeError> {
    let (mut title, mut at, mut mode, mut rules, mut people) = (String::new(), String::new(), None, None, Vec::new());
    let (mut teller, mut scrutineer, mut chair, mut replaces) = (None, None, None, Vec::new());
    rest(fields, |key, reader| {
        match key {
            1 => title = reader.text(NAME_BYTES)?.to_owned(),
            2 => at = reader.text(NAME_BYTES)?.to_owned(),
            3 => mode = Some(placed(&MODES, reader)?),
            4 => rules = Some(rulebook::read(reader)?),
            5 => people = list(reader, PEOPLE, read_attendee)?,
            6 => teller = Some(reader.parsed(ID_BYTES)?),
            7 => scrutineer = Some(reader.parsed(ID_BYTES)?),
            8 => chair = Some(reader.parsed(ID_BYTES)?),
            REPLACES => replaces = read_replaces(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let settings = MeetingSettings {
        title,
        place: at,
        mode: mode.ok_or(DecodeError::Shape)?,
        rulebook: rules.ok_or(DecodeError::Shape)?,
        people,
        teller: teller.ok_or(DecodeError::Shape)?,
        scrutineer: scrutineer.ok_or(DecodeError::Shape)?,
        chair: chair.ok_or(DecodeError::Shape)?,
    };
    Ok(Opening { settings, replaces })
}

fn read_attendee(reader: &mut Reader<'_>) -> Result<Attendee, DecodeError> {
    let (mut person, mut name, mut household) = (None, String::new(), String::new());
    let (mut standing, mut class, mut body, mut subject) = (None, MemberClass::Ordinary, None, false);
    inner(reader, |key, reader| {
        match key {
            0 => person = Some(reader.parsed(ID_BYTES)?),
            1 => name = reader.text(NAME_BYTES)?.to_owned(),
            2 => household = reader.text(NAME_BYTES)?.to_owned(),
            3 => standing = Some(placed(&STANDINGS, reader)?),
            4 => class = placed(&CLASSES, reader)?,
            5 => body = Some(reader.parsed(ID_BYTES)?),
            6 => subject = reader.bool()?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Attendee { person: person.ok_or(DecodeError::Shape)?, name, household, standing, class, body, subject })
}
