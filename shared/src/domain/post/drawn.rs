//! Facts of a month that are recorded already, so that nothing is typed twice (W4).

use std::collections::BTreeMap;

use super::super::Workspace;
use crate::domain::divergence::Settled;
use crate::domain::meeting::RollStatus;
use crate::domain::register::{LineSubject, Record, Value};
use crate::id::{Address, FactId, MeetingId, PersonId, ScopeId, UnitCode};
use crate::time::{Date, Month};

/// Something that a record tells of a person's month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawnFact {
    /// The day.
    pub date: Date,
    /// The number of the record, or of the mark on the roll.
    pub number: FactId,
    /// What it was drawn from.
    pub from: DrawnFrom,
    /// The title of what it was drawn from; empty for a case, of which the number alone is told.
    pub title: String,
}

/// What a fact was drawn from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DrawnFrom {
    /// The roll of a meeting.
    Meeting(MeetingId),
    /// A life-cycle record.
    Record {
        /// Its kind.
        kind: &'static str,
        /// Where it lies.
        address: Address,
    },
}

/// How a record of a kind tells that somebody did something.
#[derive(Clone, Copy)]
enum Tells {
    /// They are on its list, and it took place.
    Listed,
    /// This field names them.
    Field(&'static str),
    /// They took one of these steps.
    Steps(&'static [&'static str]),
}

/// What is drawn from which kinds of record: a kind, how it tells, and the states in which it took place; in every
/// state where the list is empty.
const SOURCES: [(&str, Tells, &[&str]); 7] = [
    ("activity", Tells::Listed, &["done", "counted"]),
    ("lecture", Tells::Listed, &["held", "noted"]),
    ("theme-day", Tells::Listed, &["held", "counted"]),
    ("service", Tells::Listed, &["recorded", "confirmed"]),
    ("visit", Tells::Field("visitor"), &[]),
    ("clue", Tells::Steps(&["handle", "resolve"]), &[]),
    ("dispute", Tells::Steps(&["handle", "resolve"]), &[]),
];

/// Returns what the records that this device reads tell of a person's month, by date and number.
///
/// A record is told once, on the day on which it took place. What a phone may not read it does not tell: cases are
/// drawn by those who handle them.
pub fn drawn(workspace: &Workspace, village: &UnitCode, person: &PersonId, month: Month) -> Vec<DrawnFact> {
    drawn_of_all(workspace, village, month).remove(person).unwrap_or_default()
}

/// Returns the same for everybody of whom something is told, in one pass over the records.
pub fn drawn_of_all(workspace: &Workspace, village: &UnitCode, month: Month) -> BTreeMap<PersonId, Vec<DrawnFact>> {
    let mut facts: BTreeMap<PersonId, Vec<DrawnFact>> = BTreeMap::new();
    for (person, fact) in meetings(workspace, village, month) {
        facts.entry(person.clone()).or_default().push(fact);
    }
    let of_kind = |record: &Record| SOURCES.iter().find(|(kind, ..)| *kind == record.kind.key);
    for (address, record) in workspace.records().filter(|(_, record)| record.hosts.contains(village)) {
        let Some((_, tells, states)) = of_kind(record) else { continue };
        let is_case = matches!(address.scope, ScopeId::Cases(_));
        for (person, date) in told(record, *tells, states, village, month) {
            let title = if is_case { String::new() } else { record.title().to_owned() };
            let from = DrawnFrom::Record { kind: record.kind.key, address: address.clone() };
            let fact = DrawnFact { date, number: record.id.clone(), from, title };
            facts.entry(person.clone()).or_default().push(fact);
        }
    }
    for facts in facts.values_mut() {
        facts.sort_by(|a, b| (a.date, &a.number).cmp(&(b.date, &b.number)));
    }
    facts
}

/// Returns who was present in which meeting of a month, as the rolls say; disputed presence says nothing yet.
fn meetings<'a>(workspace: &'a Workspace, village: &UnitCode, month: Month) -> Vec<(&'a PersonId, DrawnFact)> {
    let meetings = workspace.villages.get(village).into_iter().flat_map(|village| &village.meetings);
    let present = meetings.filter(|(id, _)| id.date.month() == month).flat_map(|(id, meeting)| {
        let title = meeting.settings.as_ref().map_or("", |settings| settings.title.as_str());
        meeting.roll.iter().filter_map(move |(person, status)| {
            let Settled::Agreed(said) = status else { return None };
            let came = matches!(said.value, RollStatus::Present | RollStatus::Late | RollStatus::Left);
            let number = said.by.first().filter(|_| came)?.fact.clone();
            let from = DrawnFrom::Meeting(id.clone());
            Some((person, DrawnFact { date: id.date, number, from, title: title.to_owned() }))
        })
    });
    present.collect()
}

/// Returns who did something in a month as a record tells it, each once with the day.
fn told<'a>(
    record: &'a Record,
    tells: Tells,
    states: &[&str],
    village: &UnitCode,
    month: Month,
) -> BTreeMap<&'a PersonId, Date> {
    if !states.is_empty() && !record.state().is_some_and(|state| states.contains(&state.key)) {
        return BTreeMap::new();
    }
    let mut told: BTreeMap<&PersonId, Date> = BTreeMap::new();
    match tells {
        Tells::Listed => {
            let date = took_place(record, states);
            let ours = |of: &Option<UnitCode>| of.as_ref().is_none_or(|of| of == village);
            // The lines of a record of another month need not be read.
            let lines = record.listed().filter(|_| date.month() == month);
            for (_, line) in lines.filter(|(_, line)| ours(&line.listed.village)) {
                if let LineSubject::Person(person) = &line.listed.subject {
                    told.insert(person, date);
                }
            }
        }
        Tells::Field(field) => {
            if let Some(Value::Person(person)) = record.value(field) {
                told.insert(person, record.date);
            }
        }
        Tells::Steps(steps) => {
            for taken in record.steps.values().filter(|taken| steps.contains(&taken.value.step.as_str())) {
                let Some(person) = &taken.author.holder else { continue };
                let day = told.entry(person).or_insert(taken.value.date);
                *day = taken.value.date.min(*day);
            }
        }
    }
    told.retain(|_, date| date.month() == month);
    told
}

/// Returns the day on which a record took place: of one that was planned, the day of the step that says so.
fn took_place(record: &Record, states: &[&str]) -> Date {
    let to = |step: &str| record.kind.step(step).is_some_and(|step| states.contains(&step.to));
    let steps = record.steps.values().filter(|taken| to(&taken.value.step)).map(|taken| taken.value.date);
    steps.min().filter(|_| !begins_there(record, states)).unwrap_or(record.date)
}

/// Tells whether records of a kind took place as soon as they were opened.
fn begins_there(record: &Record, states: &[&str]) -> bool {
    record.kind.first().is_some_and(|first| states.contains(&first.key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::register::Kind;

    #[test]
    fn every_source_is_declared_as_it_is_read() {
        for (key, tells, states) in SOURCES {
            let kind = Kind::of(key).unwrap();
            assert!(states.iter().all(|state| kind.state(state).is_some()), "{key}");
            let declared = match tells {
                Tells::Listed => kind.lines.is_some() && !states.is_empty(),
                Tells::Field(field) => kind.field(field).is_some(),
                Tells::Steps(steps) => steps.iter().all(|step| kind.step(step).is_some()),
            };
            assert!(declared, "{key}");
        }
    }
}
