//! A record's timeline: everything that was opened, written, taken, listed and struck, by whom, and when they say.

use shared::domain::Workspace;
use shared::domain::meeting::Author;
use shared::domain::register::{Field, Record, Step};
use shared::id::FactId;
use shared::time::{Date, Instant};

use super::{author, sheet};

/// The most entries that stand on a page at once.
pub const ENTRIES_SHOWN: usize = 40;

/// A window of the timeline, the latest entry first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story {
    /// The entries of the window.
    pub entries: Vec<Entry>,
    /// The place of the first of them.
    pub first: usize,
    /// How many there are.
    pub all: usize,
}

/// Something that happened to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The record number, also written on paper.
    pub fact: FactId,
    /// Who did it; nothing while their certificate is not here.
    pub by: Option<String>,
    /// When, by their clock.
    pub at: Instant,
    /// What.
    pub what: Happened,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// The record was opened.
    Opened,
    /// Fields were written.
    Wrote(Vec<&'static Field>),
    /// A step was taken.
    Stepped {
        /// Which; nothing for one of another version.
        step: Option<&'static Step>,
        /// The day that was stated.
        date: Date,
        /// Why, where somebody said.
        reason: String,
    },
    /// Somebody was put on the list.
    Listed(String),
    /// A line was struck.
    Struck {
        /// Who stood on it.
        name: String,
        /// Why.
        reason: String,
    },
}

/// Returns the window of a record's timeline that begins at a place.
///
/// Clocks order it for reading and decide nothing; what they show alike stands by number.
pub fn story(workspace: &Workspace, record: &Record, first: usize) -> Story {
    let mut moments = moments(record);
    moments.sort_by(|a, b| (b.1, b.0).cmp(&(a.1, a.0)));
    let all = moments.len();
    let first = if first < all { first } else { all.saturating_sub(1) / ENTRIES_SHOWN * ENTRIES_SHOWN };
    let entry = |(fact, at, by): (&FactId, Instant, &Author)| {
        Some(Entry { fact: fact.clone(), by: author(workspace, by), at, what: what(workspace, record, fact)? })
    };
    let entries = moments.into_iter().skip(first).take(ENTRIES_SHOWN).filter_map(entry).collect();
    Story { entries, first, all }
}

/// Returns number, clock and author of everything that counts.
pub fn moments(record: &Record) -> Vec<(&FactId, Instant, &Author)> {
    let mut moments = vec![(&record.id, record.opened.at, &record.opened.author)];
    moments.extend(record.writings.iter().map(|(id, writing)| (id, writing.at, &writing.author)));
    moments.extend(record.steps.iter().map(|(id, step)| (id, step.at, &step.author)));
    moments.extend(record.lines.iter().map(|(id, line)| (id, line.by.at, &line.by.author)));
    moments.extend(record.strikes.iter().map(|(id, strike)| (id, strike.at, &strike.author)));
    moments
}

fn what(workspace: &Workspace, record: &Record, fact: &FactId) -> Option<Happened> {
    let name = |line: &FactId| {
        let line = record.lines.get(line)?;
        Some(sheet::subject(workspace, &record.hosts, &line.listed.subject).0)
    };
    if *fact == record.id {
        return Some(Happened::Opened);
    }
    if let Some(writing) = record.writings.get(fact) {
        let fields = record.kind.fields.iter().filter(|field| writing.value.values.contains_key(field.key));
        return Some(Happened::Wrote(fields.collect()));
    }
    if let Some(taken) = record.steps.get(fact) {
        let (step, reason) = (record.kind.step(&taken.value.step), taken.value.reason.clone());
        return Some(Happened::Stepped { step, date: taken.value.date, reason });
    }
    if let Some(strike) = record.strikes.get(fact) {
        let name = name(&strike.value.line).unwrap_or_default();
        return Some(Happened::Struck { name, reason: strike.value.reason.clone() });
    }
    name(fact).map(Happened::Listed)
}
