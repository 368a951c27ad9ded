//! The facts of life-cycle records.

use std::collections::{BTreeMap, BTreeSet};

use super::KIND;
use super::meeting::{REPLACES, read_replaces};
use super::pack::{Fields, Pack, list, rest};
use crate::cbor::{DecodeError, Reader, Writer};
use crate::domain::register::{
    Affair, FIELDS_LIMIT, HOSTS_LIMIT, LINE_BYTES, LineSubject, Listed, Opening, StepTaken, Strike, TEXT_BYTES, Value,
    Writing,
};
use crate::id::{FactId, ID_BYTES, UnitCode};
use crate::time::Date;

const OPENED: u64 = 64;
const WRITTEN: u64 = 65;
const STEPPED: u64 = 66;
const LISTED: u64 = 67;
const STRUCK: u64 = 68;

const NOTHING: u64 = 0;
const TEXT: u64 = 1;
const NUMBER: u64 = 2;
const DATE: u64 = 3;
const PERSON: u64 = 4;
const HOUSEHOLD: u64 = 5;
const UNIT: u64 = 6;

pub(super) fn pack(fact: &Affair) -> Pack {
    let mut pack = Pack::new();
    match fact {
        Affair::Opened(Opening { kind, hosts, date, values }) => {
            pack.uint(KIND, OPENED).text(1, kind);
            let hosts: Vec<&UnitCode> = hosts.iter().collect();
            pack.list(2, &hosts, |host, writer| _ = writer.text(host.as_str()));
            pack.put(3, |writer| _ = writer.int(date.day_number().into()));
            pack_values(&mut pack, 4, values);
        }
        Affair::Written(Writing { record, values, replaces }) => {
            pack.uint(KIND, WRITTEN).text(1, &record.to_string());
            pack_values(&mut pack, 2, values);
            pack_replaces(&mut pack, replaces);
        }
        Affair::Stepped(StepTaken { record, step, date, reason, replaces }) => {
            pack.uint(KIND, STEPPED).text(1, &record.to_string()).text(2, step);
            pack.put(3, |writer| _ = writer.int(date.day_number().into())).text(4, reason);
            pack_replaces(&mut pack, replaces);
        }
        Affair::Listed(Listed { record, village, subject, note }) => {
            pack.uint(KIND, LISTED).text(1, &record.to_string());
            pack.text(2, village.as_ref().map_or("", UnitCode::as_str));
            match subject {
                LineSubject::Person(person) => pack.text(3, person.as_str()),
                LineSubject::Household(household) => pack.text(4, household.as_str()),
                LineSubject::Name(name) => pack.put(5, |writer| _ = writer.text(name)),
            };
            pack.text(6, note);
        }
        Affair::Struck(Strike { record, line, reason }) => {
            pack.uint(KIND, STRUCK).text(1, &record.to_string()).text(2, &line.to_string()).text(3, reason);
        }
    }
    pack
}

fn pack_replaces(pack: &mut Pack, replaces: &[FactId]) {
    pack.list(REPLACES, replaces, |id, writer| _ = writer.text(&id.to_string()));
}

fn pack_values(pack: &mut Pack, key: u64, values: &BTreeMap<String, Value>) {
    let values: Vec<_> = values.iter().collect();
    pack.list(key, &values, |(field, value), writer| write_value(field, value, writer));
}

fn write_value(field: &str, value: &Value, writer: &mut Writer) {
    writer.array(3).text(field);
    match value {
        Value::Nothing => writer.uint(NOTHING).null(),
        Value::Text(text) => writer.uint(TEXT).text(text),
        Value::Number(number) => writer.uint(NUMBER).int(*number),
        Value::Date(date) => writer.uint(DATE).int(date.day_number().into()),
        Value::Person(person) => writer.uint(PERSON).text(person.as_str()),
        Value::Household(household) => writer.uint(HOUSEHOLD).text(household.as_str()),
        Value::Unit(unit) => writer.uint(UNIT).text(unit.as_str()),
    };
}

pub(super) fn read(kind: u64, fields: &mut Fields<'_>) -> Result<Affair, DecodeError> {
    match kind {
        OPENED => read_opening(fields).map(Affair::Opened),
        WRITTEN => read_writing(fields).map(Affair::Written),
        STEPPED => read_step(fields).map(Affair::Stepped),
        LISTED => read_listed(fields).map(Affair::Listed),
        STRUCK => read_strike(fields).map(Affair::Struck),
        _ => Err(DecodeError::Shape),
    }
}

fn read_opening(fields: &mut Fields<'_>) -> Result<Opening, DecodeError> {
    let (mut kind, mut hosts, mut date, mut values) = (None, BTreeSet::new(), None, BTreeMap::new());
    rest(fields, |key, reader| {
        match key {
            1 => kind = Some(said(reader)?),
            2 => hosts = list(reader, HOSTS_LIMIT, |reader| reader.parsed(ID_BYTES))?.into_iter().collect(),
            3 => date = Some(read_date(reader)?),
            4 => values = read_values(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let (kind, date) = (kind.ok_or(DecodeError::Shape)?, date.ok_or(DecodeError::Shape)?);
    Ok(Opening { kind, hosts, date, values })
}

/// Reads the name of a kind or of a step, which says something: what says nothing is not packed.
fn said(reader: &mut Reader<'_>) -> Result<String, DecodeError> {
    let name = reader.text(ID_BYTES)?;
    if name.is_empty() { Err(DecodeError::Shape) } else { Ok(name.to_owned()) }
}

fn read_writing(fields: &mut Fields<'_>) -> Result<Writing, DecodeError> {
    let (mut record, mut values, mut replaces) = (None, BTreeMap::new(), Vec::new());
    rest(fields, |key, reader| {
        match key {
            1 => record = Some(reader.parsed(ID_BYTES)?),
            2 => values = read_values(reader)?,
            REPLACES => replaces = read_replaces(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Writing { record: record.ok_or(DecodeError::Shape)?, values, replaces })
}

fn read_step(fields: &mut Fields<'_>) -> Result<StepTaken, DecodeError> {
    let (mut record, mut step, mut date) = (None, None, None);
    let (mut reason, mut replaces) = (String::new(), Vec::new());
    rest(fields, |key, reader| {
        match key {
            1 => record = Some(reader.parsed(ID_BYTES)?),
            2 => step = Some(said(reader)?),
            3 => date = Some(read_date(reader)?),
            4 => reason = reader.text(TEXT_BYTES)?.to_owned(),
            REPLACES => replaces = read_replaces(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let (record, step) = (record.ok_or(DecodeError::Shape)?, step.ok_or(DecodeError::Shape)?);
    Ok(StepTaken { record, step, date: date.ok_or(DecodeError::Shape)?, reason, replaces })
}

fn read_listed(fields: &mut Fields<'_>) -> Result<Listed, DecodeError> {
    let (mut record, mut village, mut subject, mut note) = (None, None, None, String::new());
    rest(fields, |key, reader| {
        match key {
            1 => record = Some(reader.parsed(ID_BYTES)?),
            2 => village = Some(reader.parsed(ID_BYTES)?),
            3 => subject = Some(LineSubject::Person(reader.parsed(ID_BYTES)?)),
            4 => subject = Some(LineSubject::Household(reader.parsed(ID_BYTES)?)),
            5 => subject = Some(LineSubject::Name(reader.text(LINE_BYTES)?.to_owned())),
            6 => note = reader.text(TEXT_BYTES)?.to_owned(),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let (record, subject) = (record.ok_or(DecodeError::Shape)?, subject.ok_or(DecodeError::Shape)?);
    Ok(Listed { record, village, subject, note })
}

fn read_strike(fields: &mut Fields<'_>) -> Result<Strike, DecodeError> {
    let (mut record, mut line, mut reason) = (None, None, String::new());
    rest(fields, |key, reader| {
        match key {
            1 => record = Some(reader.parsed(ID_BYTES)?),
            2 => line = Some(reader.parsed(ID_BYTES)?),
            3 => reason = reader.text(TEXT_BYTES)?.to_owned(),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(Strike { record: record.ok_or(DecodeError::Shape)?, line: line.ok_or(DecodeError::Shape)?, reason })
}

fn read_date(reader: &mut Reader<'_>) -> Result<Date, DecodeError> {
    Date::from_day_number(reader.int()?).map_err(|_| DecodeError::Shape)
}

fn read_values(reader: &mut Reader<'_>) -> Result<BTreeMap<String, Value>, DecodeError> {
    let pairs = list(reader, FIELDS_LIMIT, |reader| {
        reader.array(3)?;
        let field = reader.text(ID_BYTES)?.to_owned();
        let value = match reader.uint()? {
            NOTHING if reader.nothing()? => Value::Nothing,
            TEXT => Value::Text(reader.text(TEXT_BYTES)?.to_owned()),
            NUMBER => Value::Number(reader.int()?),
            DATE => Value::Date(read_date(reader)?),
            PERSON => Value::Person(reader.parsed(ID_BYTES)?),
            HOUSEHOLD => Value::Household(reader.parsed(ID_BYTES)?),
            UNIT => Value::Unit(reader.parsed(ID_BYTES)?),
            _ => return Err(DecodeError::Shape),
        };
        Ok((field, value))
    })?;
    Ok(pairs.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::fact::{pack_affair, read_affair};

    #[test]
    fn a_kind_or_step_without_a_name_is_none() {
        let opening = Opening {
            kind: "a".to_owned(),
            hosts: BTreeSet::new(),
            date: "2026-11-23".parse().unwrap(),
            values: BTreeMap::new(),
        };
        let mut writer = Writer::new();
        writer.map(3).uint(KIND).uint(OPENED).uint(1).text("a").uint(3).int(opening.date.day_number().into());
        let named = writer.finish();
        assert_eq!(read_affair(&named), Ok(Affair::Opened(opening)));
        let mut writer = Writer::new();
        writer.map(3).uint(KIND).uint(OPENED).uint(1).text("").uint(3).int(20_000);
        assert_eq!(read_affair(&writer.finish()), Err(DecodeError::Shape));
    }

    #[test]
    fn facts_of_records_read_back() {
        let record: FactId = "SH1-42".parse().unwrap();
        let replaces: Vec<FactId> = vec!["SH1-43".parse().unwrap(), "JL2-7".parse().unwrap()];
        let date: Date = "2026-11-23".parse().unwrap();
        let village: UnitCode = "420529202209".parse().unwrap();
        let values: BTreeMap<String, Value> = [
            ("task", Value::Text("扫雪".to_owned())),
            ("place", Value::Nothing),
            ("loss", Value::Number(-250)),
            ("day", Value::Date(date)),
            ("who", Value::Person("p-1".parse().unwrap())),
            ("home", Value::Household("h-1".parse().unwrap())),
            ("unit", Value::Unit(village.clone())),
        ]
        .map(|(field, value)| (field.to_owned(), value))
        .into();
        let listed =
            |subject| Affair::Listed(Listed { record: record.clone(), village: None, subject, note: String::new() });
        let facts = [
            Affair::Opened(Opening {
                kind: "activity".to_owned(),
                hosts: [village.clone()].into(),
                date,
                values: values.clone(),
            }),
            Affair::Written(Writing { record: record.clone(), values, replaces: replaces.clone() }),
            Affair::Stepped(StepTaken {
                record: record.clone(),
                step: "cancel".to_owned(),
                date,
                reason: "大雪封山".to_owned(),
                replaces,
            }),
            listed(LineSubject::Person("p-1".parse().unwrap())),
            listed(LineSubject::Household("h-1".parse().unwrap())),
            listed(LineSubject::Name(String::new())),
            Affair::Listed(Listed {
                record: record.clone(),
                village: Some(village),
                subject: LineSubject::Name("客人".to_owned()),
                note: "两次".to_owned(),
            }),
            Affair::Struck(Strike { record, line: "SH1-44".parse().unwrap(), reason: "记错".to_owned() }),
        ];
        for fact in facts {
            let bytes = pack_affair(&fact);
            assert_eq!(read_affair(&bytes).as_ref(), Ok(&fact));
            assert!((0..bytes.len()).all(|end| read_affair(&bytes[..end]).is_err()), "no part of a fact is a fact");
        }
    }
}
