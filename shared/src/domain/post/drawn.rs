//! Facts of a month that are recorded already, so that nothing is typed twice (W4).

use super::super::Workspace;
use crate::domain::divergence::Settled;
use crate::domain::meeting::RollStatus;
use crate::domain::register::{Kind, LineSubject, Record, Value};
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
    let mut facts = meetings(workspace, village, person);
    for (kind, tells, states) in SOURCES {
        let Some(kind) = Kind::of(kind) else { continue };
        for (address, record) in workspace.records_of(kind) {
            let here = record.hosts.contains(village);
            let Some(date) = told(record, tells, states, village, person).filter(|_| here) else { continue };
            let is_case = matches!(address.scope, ScopeId::Cases(_));
            let title = if is_case { String::new() } else { record.title().to_owned() };
            let from = DrawnFrom::Record { kind: kind.key, address: address.clone() };
            facts.push(DrawnFact { date, number: record.id.clone(), from, title });
        }
    }
    facts.retain(|fact| fact.date.month() == month);
    facts.sort_by(|a, b| (a.date, &a.number).cmp(&(b.date, &b.number)));
    facts
}

/// Returns every meeting in which the roll says that a person was present; disputed presence says nothing yet.
fn meetings(workspace: &Workspace, village: &UnitCode, person: &PersonId) -> Vec<DrawnFact> {
    let meetings = workspace.villages.get(village).into_iter().flat_map(|village| &village.meetings);
    let present = meetings.filter_map(|(id, meeting)| {
        let Settled::Agreed(said) = meeting.roll.get(person)? else { return None };
        let came = matches!(said.value, RollStatus::Present | RollStatus::Late | RollStatus::Left);
        let number = said.by.first().filter(|_| came)?.fact.clone();
        let title = meeting.settings.as_ref().map_or_else(String::new, |settings| settings.title.clone());
        Some(DrawnFact { date: id.date, number, from: DrawnFrom::Meeting(id.clone()), title })
    });
    present.collect()
}

/// Returns the day on which a record tells that somebody did something; nothing where it does not.
fn told(record: &Record, tells: Tells, states: &[&str], village: &UnitCode, person: &PersonId) -> Option<Date> {
    if !states.is_empty() && !record.state().is_some_and(|state| states.contains(&state.key)) {
        return None;
    }
    match tells {
        Tells::Listed => {
            let ours = |of: &Option<UnitCode>| of.as_ref().is_none_or(|of| of == village);
            let subject = LineSubject::Person(person.clone());
            record.listed().find(|(_, line)| line.listed.subject == subject && ours(&line.listed.village))?;
            // A record that was planned happened on the day of the step that says so.
            let to = |step: &str| record.kind.step(step).is_some_and(|step| states.contains(&step.to));
            let steps = record.steps.values().filter(|taken| to(&taken.value.step));
            Some(
                steps
                    .map(|taken| taken.value.date)
                    .min()
                    .filter(|_| !begins_there(record, states))
                    .unwrap_or(record.date),
            )
        }
        Tells::Field(field) => (record.value(field) == Some(&Value::Person(person.clone()))).then_some(record.date),
        Tells::Steps(steps) => {
            let theirs = record.steps.values().filter(|taken| {
                taken.author.holder.as_ref() == Some(person) && steps.contains(&taken.value.step.as_str())
            });
            theirs.map(|taken| taken.value.date).min()
        }
    }
}

/// Tells whether records of a kind took place as soon as they were opened.
fn begins_there(record: &Record, states: &[&str]) -> bool {
    record.kind.first().is_some_and(|first| states.contains(&first.key))
}

#[cfg(test)]
mod tests {
    use super::*;

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
