//! The life-cycle records that name a person or a household, as far as this phone reads them.

use std::collections::BTreeSet;

use shared::domain::Workspace;
use shared::domain::register::{Kind, LineSubject, Record, State, Value, Words};
use shared::id::{FactId, HouseholdId, PersonId, UnitCode};
use shared::time::Date;

/// The most records that stand on a page at once.
pub const MENTIONS_SHOWN: usize = 30;

/// Whom records are to name.
#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    /// A person, by every entry of theirs.
    People(&'a BTreeSet<PersonId>),
    /// A household of a village: numbers are those of their village.
    Household(&'a UnitCode, &'a HouseholdId),
}

/// A window of the records that name somebody, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentions {
    /// The records of the window.
    pub rows: Vec<Mention>,
    /// The place of the first of them.
    pub first: usize,
    /// How many there are.
    pub all: usize,
}

/// A record that names somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Its number.
    pub id: FactId,
    /// Its kind.
    pub kind: &'static Kind,
    /// What titles it.
    pub title: String,
    /// The day on which it happened or began.
    pub date: Date,
    /// The state in which it stands; nothing where people stepped apart.
    pub state: Option<&'static State>,
    /// As what it names them: its fields and its list.
    pub named: Vec<Words>,
}

/// Returns the window that begins at a place.
pub fn of(workspace: &Workspace, about: &About<'_>, first: usize) -> Mentions {
    let named = |record: &'_ Record| {
        let named = named(record, about);
        (!named.is_empty()).then_some(named)
    };
    let records = workspace.records().map(|(_, record)| record);
    let mut found: Vec<(&Record, Vec<Words>)> = records.filter_map(|record| Some((record, named(record)?))).collect();
    found.sort_by(|(a, _), (b, _)| (b.date, b.opened.at, &b.id).cmp(&(a.date, a.opened.at, &a.id)));
    let all = found.len();
    let first = if first < all { first } else { all.saturating_sub(1) / MENTIONS_SHOWN * MENTIONS_SHOWN };
    let row = |(record, named): (&Record, Vec<Words>)| Mention {
        id: record.id.clone(),
        kind: record.kind,
        title: record.title().to_owned(),
        date: record.date,
        state: record.state(),
        named,
    };
    Mentions { rows: found.into_iter().skip(first).take(MENTIONS_SHOWN).map(row).collect(), first, all }
}

fn named(record: &Record, about: &About<'_>) -> Vec<Words> {
    let of_field = |key: &str| {
        let said = record.values.get(key).map(|settled| settled.standing()).unwrap_or_default();
        said.iter().any(|said| about.is_value(record, &said.value))
    };
    let fields = record.kind.fields.iter().filter(|field| of_field(field.key)).map(|field| field.name);
    let only = record.hosts.first().filter(|_| record.hosts.len() == 1);
    let on_list = record.listed().any(|(_, line)| {
        let village = line.listed.village.as_ref().or(only);
        about.is_line(village, &line.listed.subject)
    });
    fields.chain(record.kind.lines.filter(|_| on_list).map(|lines| lines.name)).collect()
}

impl About<'_> {
    fn is_value(&self, record: &Record, value: &Value) -> bool {
        match (self, value) {
            (Self::People(ids), Value::Person(person)) => ids.contains(person),
            (Self::Household(village, id), Value::Household(household)) => {
                household == *id && record.hosts.contains(*village)
            }
            _ => false,
        }
    }

    fn is_line(&self, of: Option<&UnitCode>, subject: &LineSubject) -> bool {
        match (self, subject) {
            (Self::People(ids), LineSubject::Person(person)) => ids.contains(person),
            (Self::Household(village, id), LineSubject::Household(household)) => {
                household == *id && of == Some(*village)
            }
            _ => false,
        }
    }
}
