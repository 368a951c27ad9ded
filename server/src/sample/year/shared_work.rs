//! What several villages share, what the township keeps and what a village has one of, as `records.toml` tells it.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::domain::register::{Kind, LineSubject, Shape, Value};
use shared::id::UnitCode;
use shared::time::Date;

use super::lot::{Lots, plain};
use super::story::{Hand, Story, day_of};
use crate::sample::township::SampleError;

const RECORDS: &str = include_str!("records.toml");
/// What the table writes where a person is to be drawn.
const SOMEBODY: &str = "?";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    record: Vec<Told>,
}

/// One record as the table tells it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    kind: String,
    of: Vec<String>,
    on: String,
    by: String,
    says: BTreeMap<String, String>,
    steps: Vec<String>,
    #[serde(default)]
    lists: Vec<String>,
    #[serde(default)]
    people: usize,
}

/// Makes up what the table tells.
pub fn stories(lots: &mut Lots) -> Result<Vec<Story>, SampleError> {
    let table: Table = toml::from_str(RECORDS).map_err(|_| SampleError::Data("records of the year"))?;
    table.record.iter().map(|told| story(told, lots)).collect()
}

fn story(told: &Told, lots: &mut Lots) -> Result<Story, SampleError> {
    let hosts: Vec<UnitCode> =
        told.of.iter().map(|name| Ok(lots.named(name)?.unit.code.clone())).collect::<Result<_, SampleError>>()?;
    let by = hand(&told.by, &hosts, lots)?;
    let hosted: Vec<&UnitCode> = hosts.iter().collect();
    let mut story = Story::of(&told.kind, &hosted, day(&told.on)?, by.clone())?;
    for (field, text) in &told.says {
        let value = value(story.kind, field, text, &hosts, lots)?;
        story = story.says(field, value);
    }
    let mut steps = told.steps.iter();
    if let Some(first) = steps.next() {
        story = step(story, first, &hosts, lots)?;
    }
    for host in &hosts {
        story = story.lists(&by, Some(host), lots.of_unit(host)?.lines(told.people));
    }
    story = story.lists(&by, hosts.first(), plain(told.lists.iter().cloned().map(LineSubject::Name)));
    steps.try_fold(story, |story, told| step(story, told, &hosts, lots))
}

/// Reads a step: who takes it, what it is, after how many days.
fn step(story: Story, told: &str, hosts: &[UnitCode], lots: &mut Lots) -> Result<Story, SampleError> {
    let parts: Vec<&str> = told.split(' ').collect();
    let &[by, step, days] = parts.as_slice() else { return Err(SampleError::Data("steps of records")) };
    let days = days.parse().map_err(|_| SampleError::Data("steps of records"))?;
    story.then(&hand(by, hosts, lots)?, step, days)
}

/// Finds who is meant, of the first village where several share a record.
fn hand(name: &str, hosts: &[UnitCode], lots: &mut Lots) -> Result<Hand, SampleError> {
    let first = hosts.first().ok_or(SampleError::Data("hosts of records"));
    Ok(match name {
        "office" => Hand::Office,
        "clerk" => Hand::Clerk,
        "precinct" => Hand::Precinct(lots.of_unit(first?)?.unit.precinct.clone()),
        "secretary" => Hand::Secretary(first?.clone()),
        "scribe" => Hand::Scribe(first?.clone()),
        _ => return Err(SampleError::Data("keepers of records")),
    })
}

/// Reads a value as its field takes it.
fn value(kind: &Kind, field: &str, text: &str, hosts: &[UnitCode], lots: &mut Lots) -> Result<Value, SampleError> {
    let fault = SampleError::Data("fields of records");
    Ok(match kind.field(field).map(|field| field.shape) {
        Some(Shape::Line | Shape::Text | Shape::Choice(_)) => Value::Text(text.to_owned()),
        Some(Shape::Count | Shape::Money) => Value::Number(text.parse().map_err(|_| fault)?),
        Some(Shape::Date) => Value::Date(day(text)?),
        Some(Shape::Unit) => Value::Unit(lots.named(text)?.unit.code.clone()),
        Some(Shape::Person) if text == SOMEBODY => {
            let host = hosts.first().ok_or(SampleError::Data("hosts of records"))?;
            let person = lots.of_unit(host)?.people(1).pop().ok_or(SampleError::Data("rosters"))?;
            Value::Person(person.id)
        }
        _ => return Err(fault),
    })
}

/// Reads a day such as `03-11`.
pub fn day(text: &str) -> Result<Date, SampleError> {
    let parts = text.split_once('-').and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
    let (month, day) = parts.ok_or(SampleError::Data("days"))?;
    day_of(month, day)
}
