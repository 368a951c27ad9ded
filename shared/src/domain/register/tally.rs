//! What records come to in numbers: for one village each credit, for the township each record once (E43).

use std::collections::BTreeSet;

use super::{Counted, Kind, LineSubject, Measure, Record, Value};
use crate::id::{FactId, UnitCode};

/// One number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// What is counted.
    pub measure: &'static Measure,
    /// How much of it.
    pub count: i64,
}

/// Counts every measure of a kind over records, of one village or, without one, of all.
///
/// A joint record is credited to each of its villages, with the lines of that village's people, and counts once where no
/// village is asked for (DOMAIN section 6, rule 14). A record whose state is divided counts nowhere that asks for one.
pub fn tally<'a>(
    kind: &'static Kind,
    records: impl IntoIterator<Item = &'a Record>,
    village: Option<&UnitCode>,
) -> Vec<Tally> {
    let of_village = |record: &&Record| village.is_none_or(|village| record.hosts.contains(village));
    let records: Vec<&Record> =
        records.into_iter().filter(|record| record.kind.key == kind.key).filter(of_village).collect();
    let count = |measure: &'static Measure| Tally { measure, count: count(measure, &records, village) };
    kind.measures.iter().map(count).collect()
}

/// Tells whether a record of its kind counts for a measure, wherever it belongs.
pub fn counts(measure: &Measure, record: &Record) -> bool {
    let stands = measure.states.is_empty() || record.state().is_some_and(|at| measure.states.contains(&at.key));
    stands && measure.saying.is_none_or(|(field, word)| says(record, field, word))
}

fn count(measure: &Measure, records: &[&Record], village: Option<&UnitCode>) -> i64 {
    let records = records.iter().copied().filter(|record| counts(measure, record));
    match measure.what {
        Counted::Records => length(records.count()),
        Counted::Once(field) => {
            let different: BTreeSet<_> = records.map(|record| identity(record, field)).collect();
            length(different.len())
        }
        Counted::Villages => {
            let hosts = records.flat_map(|record| &record.hosts);
            length(hosts.filter(|host| village.is_none_or(|village| village == *host)).collect::<BTreeSet<_>>().len())
        }
        Counted::PersonTimes => length(records.map(|record| lines(record, village).len()).sum()),
        Counted::Persons => {
            let people: BTreeSet<_> = records.flat_map(|record| lines(record, village)).collect();
            length(people.len())
        }
        Counted::Sum(field) => {
            let number = |record: &Record| match record.value(field) {
                Some(Value::Number(number)) => *number,
                _ => 0,
            };
            records.map(number).fold(0, i64::saturating_add)
        }
    }
}

fn says(record: &Record, field: &str, word: &str) -> bool {
    matches!(record.value(field), Some(Value::Text(text)) if text == word)
}

/// What tells a record from others where a field says the same: people and households are those of their village.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Identity<'a> {
    Said(Option<&'a UnitCode>, &'a Value),
    Record(&'a FactId),
}

fn identity<'a>(record: &'a Record, field: &str) -> Identity<'a> {
    match record.value(field) {
        Some(value @ (Value::Person(_) | Value::Household(_))) => Identity::Said(record.hosts.first(), value),
        Some(value) => Identity::Said(None, value),
        None => Identity::Record(&record.id),
    }
}

/// Returns what stands on a record's list, of a village's lines where one is asked for.
///
/// Where the kind lists everybody once, somebody whom two phones listed apart stands there once.
fn lines<'a>(record: &'a Record, village: Option<&UnitCode>) -> Vec<(Option<&'a UnitCode>, &'a LineSubject)> {
    let own = match record.hosts.len() {
        1 => record.hosts.first(),
        _ => None,
    };
    let lines = record.listed().map(|(_, line)| (line.listed.village.as_ref().or(own), &line.listed.subject));
    let mut lines: Vec<_> = lines.filter(|(of, _)| village.is_none() || *of == village).collect();
    if !record.kind.lines.is_some_and(|lines| lines.repeats) {
        lines.sort();
        lines.dedup();
    }
    lines
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
