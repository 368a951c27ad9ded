//! The facts of a village's roster: moves, merges, and undoing either.

use super::KIND;
use super::meeting::{REPLACES, read_replaces};
use super::pack::{Fields, Pack, list, rest};
use crate::cbor::DecodeError;
use crate::domain::person::fact::{MOVE_LIMIT, Merge, Move, Place, RosterFact, Undo, WORDS_BYTES};
use crate::id::{FactId, ID_BYTES, PersonId};
use crate::time::Date;

const MOVED: u64 = 192;
const MERGED: u64 = 193;
const UNDONE: u64 = 194;

// One key means one thing in every kind.
const PEOPLE: u64 = 1;
const HOME: u64 = 2;
const LEFT: u64 = 3;
const UNIT: u64 = 4;
const DATE: u64 = 5;
const CAME: u64 = 6;
const WORDS: u64 = 7;
const ENTRY: u64 = 8;
const INTO: u64 = 9;
const DIED: u64 = 10;

pub(super) fn pack(fact: &RosterFact) -> Pack {
    let mut pack = Pack::new();
    match fact {
        RosterFact::Moved(Move { people, to, on, came, words, replaces }) => {
            let people: Vec<&PersonId> = people.iter().collect();
            pack.uint(KIND, MOVED).list(PEOPLE, &people, |person, writer| _ = writer.text(person.as_str()));
            match to {
                Place::Home(household) => pack.text(HOME, household.as_str()),
                Place::Left(unit) => pack.flag(LEFT, true).text(UNIT, unit.as_ref().map_or("", |unit| unit.as_str())),
                Place::Died => pack.flag(DIED, true),
            };
            pack.put(DATE, |writer| _ = writer.int(on.day_number().into())).flag(CAME, *came).text(WORDS, words);
            pack_replaces(&mut pack, replaces);
        }
        RosterFact::Merged(Merge { entry, into, words }) => {
            pack.uint(KIND, MERGED).text(WORDS, words).text(ENTRY, entry.as_str()).text(INTO, into.as_str());
        }
        RosterFact::Undone(Undo { fact, reason }) => {
            pack.uint(KIND, UNDONE).text(WORDS, reason);
            pack_replaces(&mut pack, std::slice::from_ref(fact));
        }
    }
    pack
}

fn pack_replaces(pack: &mut Pack, replaces: &[FactId]) {
    pack.list(REPLACES, replaces, |id, writer| _ = writer.text(&id.to_string()));
}

pub(super) fn read(kind: u64, fields: &mut Fields<'_>) -> Result<RosterFact, DecodeError> {
    let (mut people, mut place, mut unit, mut on, mut came) = (Vec::new(), None, None, None, false);
    let (mut words, mut entry, mut into, mut replaces) = (String::new(), None, None, Vec::new());
    rest(fields, |key, reader| {
        match key {
            PEOPLE => people = list(reader, MOVE_LIMIT, |reader| reader.parsed(ID_BYTES))?,
            HOME => place = Some(Place::Home(reader.parsed(ID_BYTES)?)),
            LEFT if reader.bool()? => place = Some(Place::Left(None)),
            DIED if reader.bool()? => place = Some(Place::Died),
            LEFT | DIED => return Err(DecodeError::Shape),
            UNIT => unit = Some(reader.parsed(ID_BYTES)?),
            DATE => on = Some(Date::from_day_number(reader.int()?).map_err(|_| DecodeError::Shape)?),
            CAME => came = reader.bool()?,
            WORDS => words = reader.text(WORDS_BYTES)?.to_owned(),
            ENTRY => entry = Some(reader.parsed(ID_BYTES)?),
            INTO => into = Some(reader.parsed(ID_BYTES)?),
            REPLACES => replaces = read_replaces(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let fact = match (kind, replaces.as_slice()) {
        (MOVED, _) => place.zip(on).filter(|_| !people.is_empty()).map(|(place, on)| {
            let to = match place {
                Place::Left(_) => Place::Left(unit),
                place => place,
            };
            RosterFact::Moved(Move { people: people.into_iter().collect(), to, on, came, words, replaces })
        }),
        (MERGED, _) => entry.zip(into).map(|(entry, into)| RosterFact::Merged(Merge { entry, into, words })),
        (UNDONE, [fact]) => Some(RosterFact::Undone(Undo { fact: fact.clone(), reason: words })),
        _ => None,
    };
    fact.ok_or(DecodeError::Shape)
}

#[cfg(test)]
mod tests;
