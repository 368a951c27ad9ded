//! The reserve pool, which the office alone reads: twenty people by where they come from and where they went.

use std::collections::BTreeSet;

use shared::domain::person::{Person, Residency};
use shared::domain::register::Value;
use shared::id::{PersonId, UnitCode};

use super::lot::{Lot, Lots};
use super::story::{Hand, Story, day_of};
use crate::sample::township::SampleError;

/// Who is in the pool: home, source, years of birth, how they are raised, what the review says, where they went.
const CADRES: &str = include_str!("cadres.csv");

/// Makes up the pool.
pub fn stories(lots: &mut Lots) -> Result<Vec<Story>, SampleError> {
    let mut known = BTreeSet::new();
    let row = |line: &str| story(line, lots, &mut known)?.ok_or(SampleError::Data("reserve cadres"));
    CADRES.lines().skip(1).map(row).collect()
}

fn story(line: &str, lots: &mut Lots, known: &mut BTreeSet<PersonId>) -> Result<Option<Story>, SampleError> {
    let cells: Vec<&str> = line.split(',').collect();
    let &[home, source, from, to, plan, opinion, end, village] = cells.as_slice() else { return Ok(None) };
    let (Ok(home), Ok(from), Ok(to)) = (UnitCode::new(home), from.parse(), to.parse()) else { return Ok(None) };
    let lot = lots.of_unit(&home)?;
    let Some(person) = somebody(lot, from..=to, known) else { return Ok(None) };
    known.insert(person.id.clone());
    let month = 1 + lot.below(4) as u8;
    let story = Story::of("reserve-cadre", &[&home], day_of(month, 8)?, Hand::Office)?
        .tells("name", &person.name)
        .says("person", Value::Person(person.id))
        .tells("source", source)
        .tells("plan", plan)
        .tells("opinion", opinion)
        .then(&Hand::Clerk, "review", 12)?
        .then(&Hand::Office, "admit", 5)?;
    Ok(match (end, UnitCode::new(village)) {
        ("", _) => Some(story),
        ("place", _) => Some(story.tells("place", "two-committees").then(&Hand::Office, "place", 90)?),
        ("post", Ok(village)) => Some(story.says("village", Value::Unit(village)).then(&Hand::Office, "post", 120)?),
        _ => None,
    })
}

/// Draws somebody born in these years who is not in the pool yet; whoever lives in the village comes first.
fn somebody(lot: &mut Lot, years: std::ops::RangeInclusive<u16>, known: &BTreeSet<PersonId>) -> Option<Person> {
    let born = |person: &&Person| person.birth_year.is_some_and(|year| years.contains(&year));
    let mut fitting: Vec<&Person> = lot.roster.people.values().filter(born).collect();
    fitting.retain(|person| !known.contains(&person.id));
    if fitting.iter().any(|person| person.residency != Residency::Away) {
        fitting.retain(|person| person.residency != Residency::Away);
    }
    let fitting: Vec<Person> = fitting.into_iter().cloned().collect();
    lot.one(&fitting).ok().cloned()
}
