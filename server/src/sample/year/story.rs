//! One record's way through its year: who opens it, who takes each step, on which day.

use std::collections::{BTreeMap, BTreeSet};

use shared::domain::register::{Kind, LineSubject, Step, Value};
use shared::id::UnitCode;
use shared::time::Date;

use crate::sample::people::YEAR;
use crate::sample::township::SampleError;

/// Who records.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hand {
    /// The township office.
    Office,
    /// A second person of the township office, for what one person may not do alone.
    Clerk,
    /// One of those who assess the villages, by place in their list; the first leads.
    Assessor(usize),
    /// The committee of this precinct.
    Precinct(String),
    /// The secretary of a village.
    Secretary(UnitCode),
    /// The scribe of a village.
    Scribe(UnitCode),
    /// The leader of a villager group.
    Leader(UnitCode),
    /// The supervision committee of a village.
    Supervision(UnitCode),
}

/// Something that somebody does to a record.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Opens it, with what [`Story::says`] holds.
    Open,
    /// Writes fields.
    Write(BTreeMap<String, Value>),
    /// Takes a step on a day, with the reason where one is asked for.
    Step(&'static Step, Date, String),
    /// Puts people or things of a village on the list, each with a note.
    List(Option<UnitCode>, Vec<(LineSubject, String)>),
}

/// A record from its opening to where the year leaves it.
#[derive(Clone, Debug)]
pub struct Story {
    /// What it is.
    pub kind: &'static Kind,
    /// Whose it is.
    pub hosts: BTreeSet<UnitCode>,
    /// The day on which it happened or began.
    pub date: Date,
    /// What it says when it is opened.
    pub says: BTreeMap<String, Value>,
    /// What is done to it, in order.
    pub deeds: Vec<(Hand, Deed)>,
    today: Date,
}

impl Story {
    /// Begins a record.
    pub fn of(kind: &str, hosts: &[&UnitCode], date: Date, by: Hand) -> Result<Self, SampleError> {
        let kind = Kind::of(kind).ok_or(SampleError::Data("kinds of records"))?;
        let hosts = hosts.iter().copied().cloned().collect();
        Ok(Self { kind, hosts, date, says: BTreeMap::new(), deeds: vec![(by, Deed::Open)], today: date })
    }

    /// Says something; a step that needs it has it written just before, or else it is said at the opening.
    pub fn says(mut self, field: &str, value: Value) -> Self {
        self.says.insert(field.to_owned(), value);
        self
    }

    /// Says a text.
    pub fn tells(self, field: &str, text: impl Into<String>) -> Self {
        self.says(field, Value::Text(text.into()))
    }

    /// Takes a step so many days after the one before.
    pub fn then(self, by: &Hand, step: &str, days: i32) -> Result<Self, SampleError> {
        self.because(by, step, days, "")
    }

    /// Takes a step for a reason.
    pub fn because(mut self, by: &Hand, step: &str, days: i32, reason: &str) -> Result<Self, SampleError> {
        let step = self.kind.step(step).ok_or(SampleError::Data("steps of records"))?;
        let day = self.today.plus_days(days).map_err(|_| SampleError::Data("days"))?;
        self.today = day.clamp(day_of(1, 1)?, day_of(12, 31)?);
        let is_later = |field: &&str| self.kind.field(field).is_some_and(|field| !field.required);
        let later: Vec<&str> = step.needs.iter().copied().filter(is_later).collect();
        let later: BTreeMap<String, Value> =
            later.into_iter().filter_map(|field| self.says.remove_entry(field)).collect();
        if !later.is_empty() {
            self.deeds.push((by.clone(), Deed::Write(later)));
        }
        self.deeds.push((by.clone(), Deed::Step(step, self.today, reason.to_owned())));
        Ok(self)
    }

    /// Puts people or things on the list.
    pub fn lists(mut self, by: &Hand, of: Option<&UnitCode>, lines: Vec<(LineSubject, String)>) -> Self {
        if !lines.is_empty() {
            self.deeds.push((by.clone(), Deed::List(of.cloned(), lines)));
        }
        self
    }
}

/// Returns a day of the sample's year.
pub fn day_of(month: u8, day: u8) -> Result<Date, SampleError> {
    Date::new(i32::from(YEAR), month, day).map_err(|_| SampleError::Data("days"))
}
