//! The records of one kind as a list: searched, filtered, newest first, a window of it at a time.

use std::collections::BTreeMap;

use shared::domain::Workspace;
use shared::domain::register::{Kind, LineSubject, Measure, Record, Standing, State, Value, counts};
use shared::id::{FactId, HouseholdId, PersonId, UnitCode};
use shared::time::Date;

use super::pick;
use crate::state::home;
use crate::state::people::Wanted;

/// The most rows that stand on a page at once: a few screens of a phone, drawn without a wait.
pub const ROWS_SHOWN: usize = 60;

/// What somebody looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// A part of the title, a number, a name, pinyin, its initials or a household number.
    pub search: String,
    /// The state, where one is asked for.
    pub at: Option<At>,
    /// The village, where one is asked for.
    pub village: Option<UnitCode>,
    /// What a number of the board counts, where one led here.
    pub span: Span,
}

/// The records behind a number: those of some days, that count for a measure, or of which something is asked still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first day, where one is asked for.
    pub from: Option<Date>,
    /// The last day, where one is asked for.
    pub until: Option<Date>,
    /// Only records that are not at rest.
    pub open: bool,
    /// Only records that count for it.
    pub measure: Option<&'static Measure>,
}

impl Span {
    /// Tells whether every record belongs to it.
    pub fn is_whole(&self) -> bool {
        *self == Self::default()
    }

    /// Tells whether a record belongs to it; one that people stepped apart in is not at rest.
    pub fn holds(&self, record: &Record) -> bool {
        self.from.is_none_or(|from| from <= record.date)
            && self.until.is_none_or(|until| record.date <= until)
            && !(self.open && record.state().is_some_and(|state| state.rests))
            && self.measure.is_none_or(|measure| counts(measure, record))
    }
}

/// Where records stand, as a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// In the state of this place in the declaration.
    State(usize),
    /// In several at once, until somebody settles it.
    Divided,
}

/// What the list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordList {
    /// The rows of the window.
    pub rows: Vec<RecordRow>,
    /// The place of the first of them.
    pub first: usize,
    /// How many were found.
    pub found: usize,
    /// How many the search finds in each state that has any, whatever state is asked for.
    pub states: Vec<(At, usize)>,
    /// How many there are without search and state.
    pub all: usize,
}

/// One record of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow {
    /// Its number.
    pub id: FactId,
    /// What titles it; empty where its title is divided.
    pub title: String,
    /// The day on which it happened or began.
    pub date: Date,
    /// The names of its villages.
    pub hosts: Vec<String>,
    /// The state in which it stands; nothing where people stepped apart.
    pub state: Option<&'static State>,
    /// How many stand on its list; nothing for kinds without one.
    pub listed: Option<usize>,
    /// Whether two people said different things about one of its fields.
    pub differs: bool,
}

/// Returns the window of the list that begins at a place.
pub fn list(workspace: &Workspace, kind: &'static Kind, query: &Query, first: usize) -> RecordList {
    let of_village = of_village(workspace, kind, query.village.as_ref());
    let of_village = within(of_village, query.span);
    let all = of_village.len();
    let found = searched(workspace, of_village, &query.search);
    let mut states: BTreeMap<At, usize> = BTreeMap::new();
    for at in found.iter().filter_map(|record| at(record)) {
        *states.entry(at).or_default() += 1;
    }
    let found = standing_at(found, query.at);
    // A list that grew shorter keeps a window with something in it.
    let first = if first < found.len() { first } else { found.len().saturating_sub(1) / ROWS_SHOWN * ROWS_SHOWN };
    let rows = found.iter().skip(first).take(ROWS_SHOWN).map(|record| row(workspace, record)).collect();
    RecordList { rows, first, found: found.len(), states: states.into_iter().collect(), all }
}

/// Returns everything that a query finds, newest first.
pub fn found<'a>(workspace: &'a Workspace, kind: &'static Kind, query: &Query) -> Vec<&'a Record> {
    let of_village = within(of_village(workspace, kind, query.village.as_ref()), query.span);
    standing_at(searched(workspace, of_village, &query.search), query.at)
}

fn of_village<'a>(workspace: &'a Workspace, kind: &'static Kind, village: Option<&UnitCode>) -> Vec<&'a Record> {
    let records = workspace.records_of(kind).map(|(_, record)| record);
    let mut records: Vec<&Record> =
        records.filter(|record| village.is_none_or(|village| record.hosts.contains(village))).collect();
    records.sort_by(|a, b| (b.date, b.opened.at, &b.id).cmp(&(a.date, a.opened.at, &a.id)));
    records
}

fn within(mut records: Vec<&Record>, span: Span) -> Vec<&Record> {
    if !span.is_whole() {
        records.retain(|record| span.holds(record));
    }
    records
}

fn searched<'a>(workspace: &Workspace, records: Vec<&'a Record>, search: &str) -> Vec<&'a Record> {
    if search.trim().is_empty() {
        return records;
    }
    let wanted = Wanted::new(search);
    records.into_iter().filter(|record| is_met(workspace, &wanted, record)).collect()
}

fn standing_at(mut records: Vec<&Record>, asked: Option<At>) -> Vec<&Record> {
    if asked.is_some() {
        records.retain(|record| at(record) == asked);
    }
    records
}

/// Returns where a record stands, as the filter has it.
fn at(record: &Record) -> Option<At> {
    match record.standing() {
        Standing::At(state) => record.kind.states.iter().position(|other| other == state).map(At::State),
        Standing::Divided(_) => Some(At::Divided),
    }
}

fn is_met(workspace: &Workspace, wanted: &Wanted, record: &Record) -> bool {
    let text = |text: &str| wanted.is_met_by(&text.to_lowercase(), "", None);
    let person = |id: &PersonId| {
        let found = pick::person(workspace, &record.hosts, id);
        found.is_some_and(|(person, household)| wanted.is_met_by(&person.name, &person.pinyin, household))
    };
    let household = |id: &HouseholdId| {
        let found = pick::household(workspace, &record.hosts, id);
        found.is_some_and(|household| wanted.is_met_by("", "", Some(household)))
    };
    let subject = |subject: &LineSubject| match subject {
        LineSubject::Person(id) => person(id),
        LineSubject::Household(id) => household(id),
        LineSubject::Name(name) => text(name),
    };
    let value = |value: &Value| match value {
        Value::Person(id) => person(id),
        Value::Household(id) => household(id),
        _ => false,
    };
    let said = || record.values.values().flat_map(|settled| settled.standing()).any(|said| value(&said.value));
    text(record.title())
        || text(&record.id.to_string())
        || said()
        || record.listed().any(|(_, line)| subject(&line.listed.subject))
}

fn row(workspace: &Workspace, record: &Record) -> RecordRow {
    RecordRow {
        id: record.id.clone(),
        title: record.title().to_owned(),
        date: record.date,
        hosts: record.hosts.iter().map(|code| home::name(workspace, code)).collect(),
        state: record.state(),
        listed: record.kind.lines.map(|_| record.listed().count()),
        differs: record.values.values().any(|settled| settled.is_divergence()),
    }
}
