//! What records come to in numbers: for one village each credit, for the township each record once (E43).

use std::collections::BTreeSet;

use super::{Counted, Kind, LineSubject, Measure, Record, Value};
use crate::id::UnitCode;

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

fn count(measure: &Measure, records: &[&Record], village: Option<&UnitCode>) -> i64 {
    let counts = |record: &&&Record| {
        measure.states.is_empty() || record.state().is_some_and(|state| measure.states.contains(&state.key))
    };
    let records = records.iter().filter(counts);
    match measure.what {
        Counted::Records => length(records.count()),
        Counted::PersonTimes => length(records.map(|record| lines(record, village).count()).sum()),
        Counted::Persons => {
            let people: BTreeSet<_> = records.flat_map(|record| lines(record, village)).collect();
            length(people.len())
        }
        Counted::Sum(field) => {
            let number = |record: &&Record| match record.value(field) {
                Some(Value::Number(number)) => *number,
                _ => 0,
            };
            records.map(number).fold(0, i64::saturating_add)
        }
        Counted::Saying(field, word) => {
            let says = |record: &&&Record| matches!(record.value(field), Some(Value::Text(text)) if text == word);
            length(records.filter(says).count())
        }
    }
}

/// Returns who stands on a record's list, of a village's people where one is asked for.
fn lines<'a>(
    record: &'a Record,
    village: Option<&'a UnitCode>,
) -> impl Iterator<Item = (Option<&'a UnitCode>, &'a LineSubject)> {
    let own = match record.hosts.len() {
        1 => record.hosts.first(),
        _ => None,
    };
    record
        .listed()
        .map(move |(_, line)| (line.listed.village.as_ref().or(own), &line.listed.subject))
        .filter(move |(of, _)| village.is_none() || *of == village)
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
