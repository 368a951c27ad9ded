//! What the mechanisms come to in a year, of the township or of one village, each number with the records behind it.

use std::collections::BTreeSet;

use shared::domain::Workspace;
use shared::domain::register::{KINDS, Kind, Record, tally};
use shared::id::UnitCode;
use shared::time::Date;

use crate::state::register::list::Span;
use crate::state::register::{Figure, figure};

/// A kind of record and what it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearRow {
    /// The kind.
    pub kind: &'static Kind,
    /// How many records there are, with those behind the number.
    pub records: (usize, Span),
    /// What is counted of them, each with the records behind it.
    pub figures: Vec<(Figure, Span)>,
}

/// Returns the years of which any record is here, the latest first.
pub fn years(workspace: &Workspace) -> Vec<i32> {
    let years: BTreeSet<i32> = workspace.records().map(|(_, record)| record.date.parts().0).collect();
    years.into_iter().rev().collect()
}

/// Returns every kind with records in a year, or in all years where none is named.
///
/// For the township each record counts once; for a village each that is credited to it (E43).
pub fn year(workspace: &Workspace, year: Option<i32>, village: Option<&UnitCode>) -> Vec<YearRow> {
    let days = days(year);
    let row = |kind: &'static Kind| {
        let records: Vec<&Record> = workspace
            .records_of(kind)
            .map(|(_, record)| record)
            .filter(|record| days.holds(record))
            .filter(|record| village.is_none_or(|village| record.hosts.contains(village)))
            .collect();
        let figures = tally(kind, records.iter().copied(), village).into_iter().map(|tally| {
            let span = Span { measure: Some(tally.measure), ..days };
            (figure(kind, &tally), span)
        });
        let count = records.len();
        (count > 0).then(|| YearRow { kind, records: (count, days), figures: figures.collect() })
    };
    KINDS.iter().copied().filter_map(row).collect()
}

fn days(year: Option<i32>) -> Span {
    let day = |month, day| year.and_then(|year| Date::new(year, month, day).ok());
    Span { from: day(1, 1), until: day(12, 31), ..Span::default() }
}
