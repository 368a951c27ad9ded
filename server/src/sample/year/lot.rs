//! Who and when, drawn by lot from a village's roster: the same at every start.

use std::collections::{BTreeMap, BTreeSet};

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};
use shared::domain::Village;
use shared::domain::person::{Person, Residency, Roster};
use shared::domain::register::LineSubject;
use shared::domain::township::Unit;
use shared::id::UnitCode;
use shared::time::Date;

use super::story::{Hand, day_of};
use crate::sample::people::{SEED, YEAR};
use crate::sample::township::SampleError;

/// Who takes part in the village's work: old enough to vote, and not too old to climb.
const AGES: std::ops::RangeInclusive<u16> = 18..=82;
/// The last day that every month has.
const DAYS: u32 = 28;

/// A lot for each unit.
pub struct Lots(BTreeMap<UnitCode, Lot>);

impl Lots {
    /// Makes the lots of all units.
    pub fn of(units: &[Unit], villages: &BTreeMap<UnitCode, Village>) -> Result<Self, SampleError> {
        let lot = |unit: &Unit| {
            let village = villages.get(&unit.code).ok_or(SampleError::Data("rosters"))?;
            Ok((unit.code.clone(), Lot::of(unit, &village.roster)))
        };
        units.iter().map(lot).collect::<Result<_, _>>().map(Self)
    }

    /// Returns the lot of a unit.
    pub fn of_unit(&mut self, code: &UnitCode) -> Result<&mut Lot, SampleError> {
        self.0.get_mut(code).ok_or(SampleError::Data("unit codes"))
    }

    /// Returns the lot of a unit by its name.
    pub fn named(&mut self, name: &str) -> Result<&mut Lot, SampleError> {
        self.0.values_mut().find(|lot| lot.unit.name == name).ok_or(SampleError::Data("names of units"))
    }
}

/// What is drawn in one unit.
pub struct Lot {
    /// The unit.
    pub unit: Unit,
    /// Its people and households.
    pub roster: Roster,
    adults: Vec<Person>,
    groups: Vec<String>,
    rng: ChaCha8Rng,
}

impl Lot {
    fn of(unit: &Unit, roster: &Roster) -> Self {
        let takes_part = |person: &&Person| {
            let age = YEAR.saturating_sub(person.birth_year.unwrap_or(YEAR));
            !person.hidden && person.residency != Residency::Away && AGES.contains(&age)
        };
        let adults = roster.people.values().filter(takes_part).cloned().collect();
        let groups: BTreeSet<&str> = roster.households.values().map(|household| household.group.as_str()).collect();
        let groups = groups.into_iter().map(str::to_owned).collect();
        let code = unit.code.as_str().bytes().fold(0, |sum: u64, byte| sum * 10 + u64::from(byte - b'0'));
        let rng = ChaCha8Rng::seed_from_u64(SEED ^ code);
        Self { unit: unit.clone(), roster: roster.clone(), adults, groups, rng }
    }

    /// Returns the hand of the unit's secretary.
    pub fn secretary(&self) -> Hand {
        Hand::Secretary(self.unit.code.clone())
    }

    /// Returns the hand of the unit's scribe.
    pub fn scribe(&self) -> Hand {
        Hand::Scribe(self.unit.code.clone())
    }

    /// Returns the hand of a leader of one of the unit's groups.
    pub fn leader(&self) -> Hand {
        Hand::Leader(self.unit.code.clone())
    }

    /// Returns the hand of the unit's supervision committee.
    pub fn supervision(&self) -> Hand {
        Hand::Supervision(self.unit.code.clone())
    }

    /// Draws a number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        // The sample's bounds are small: the remainder favours nobody who would notice.
        self.rng.next_u32() as usize % bound.max(1)
    }

    /// Draws one of several.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> Result<&'a T, SampleError> {
        of.get(self.below(of.len())).ok_or(SampleError::Data("words"))
    }

    /// Draws a day of one of these months, of any where none is named.
    pub fn day(&mut self, months: &[u8]) -> Result<Date, SampleError> {
        let month = match months {
            [] => self.below(12) as u8 + 1,
            months => *self.one(months)?,
        };
        let day = self.rng.next_u32() % DAYS + 1;
        day_of(month, day as u8)
    }

    /// Draws so many different people, fewer where there are no more.
    pub fn people(&mut self, count: usize) -> Vec<Person> {
        let mut adults = self.adults.clone();
        let count = count.min(adults.len());
        for place in 0..count {
            let other = place + self.below(adults.len() - place);
            adults.swap(place, other);
        }
        adults.truncate(count);
        adults
    }

    /// Draws so many different people as lines of a list.
    pub fn lines(&mut self, count: usize) -> Vec<(LineSubject, String)> {
        plain(self.people(count).into_iter().map(|person| LineSubject::Person(person.id)))
    }

    /// Draws a person for each name that a text may speak of, and a group.
    pub fn cast(&mut self) -> Cast {
        let mut names = self.people(2).into_iter().map(|person| person.name);
        let (name, other) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
        let group = self.below(self.groups.len());
        let group = self.groups.get(group).cloned().unwrap_or_default();
        Cast { name, other, group, village: self.unit.name.clone() }
    }
}

/// Makes lines with nothing noted beside the name.
pub fn plain(subjects: impl IntoIterator<Item = LineSubject>) -> Vec<(LineSubject, String)> {
    subjects.into_iter().map(|subject| (subject, String::new())).collect()
}

/// Of whom a text speaks.
pub struct Cast {
    /// Somebody of the village.
    pub name: String,
    /// Somebody else.
    pub other: String,
    group: String,
    village: String,
}

impl Cast {
    /// Puts the names into a text.
    pub fn fill(&self, text: &str) -> String {
        let text = text.replace("{name}", &self.name).replace("{other}", &self.other);
        text.replace("{group}", &self.group).replace("{village}", &self.village)
    }
}
