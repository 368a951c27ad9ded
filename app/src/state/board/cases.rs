//! Cases of which something is asked still, by how long ago they were reported.

use shared::domain::Workspace;
use shared::domain::register::{Home, KINDS, Kind};
use shared::time::Date;

use crate::state::register::list::Span;

/// The ages that are told apart, in days: within a week, a month, a quarter, and longer.
///
/// The days are the age up to which a case belongs to the one before the next.
pub const AGES: [i32; 3] = [7, 30, 90];

/// A kind of case and how many of each age are open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    /// Problem clues or disputes.
    pub kind: &'static Kind,
    /// How many are open.
    pub open: usize,
    /// How many of each age, the youngest first, with the days on which those were reported.
    pub ages: Vec<(usize, Span)>,
}

/// Returns the open cases of every kind by age; nothing where no case is here that this phone may read.
pub fn cases(workspace: &Workspace, today: Date) -> Vec<CaseRow> {
    let spans = spans(today);
    let row = |kind: &'static Kind| {
        let records: Vec<_> = workspace.records_of(kind).map(|(_, record)| record).collect();
        let count = |span: &Span| records.iter().filter(|record| span.holds(record)).count();
        let open = count(&Span { open: true, ..Span::default() });
        let ages = spans.iter().map(|span| (count(span), *span)).collect();
        (!records.is_empty()).then_some(CaseRow { kind, open, ages })
    };
    KINDS.iter().copied().filter(|kind| kind.home == Home::Cases).filter_map(row).collect()
}

/// Returns the days of each age; what is dated ahead is among the youngest.
fn spans(today: Date) -> Vec<Span> {
    let ago = |days: i32| today.plus_days(-days).ok();
    let firsts = AGES.iter().map(|days| ago(*days)).chain([None]);
    let lasts = [None].into_iter().chain(AGES.iter().map(|days| ago(days + 1)));
    firsts.zip(lasts).map(|(from, until)| Span { from, until, open: true, measure: None }).collect()
}
