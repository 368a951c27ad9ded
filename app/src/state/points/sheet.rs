//! A month's list for the wall: what is put up or booked, household by household.

use shared::domain::Workspace;
use shared::domain::points::flow::{Stage, State};
use shared::id::{FactId, UnitCode};
use shared::time::{Date, Month};

use super::work::{EntryRow, objected_notices, row_among};
use super::{natural, rules};

/// A list for the wall.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Title and version of the month's rule.
    pub rule: Option<(String, u32)>,
    /// Its lines, by household and day.
    pub rows: Vec<SheetRow>,
    /// How many households it names.
    pub households: usize,
}

/// A line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// Group and number of the household.
    pub dwelling: String,
    /// The head of the household with the given name masked; nothing beside a deduction (DOMAIN W6).
    pub name: String,
    /// The day.
    pub date: Date,
    /// What for.
    pub item: String,
    /// What people call the event.
    pub occasion: String,
    /// What it gives.
    pub points: i64,
    /// Its number, by which anybody can object to it.
    pub id: FactId,
}

/// Returns a month's list: what is on a notice or booked.
pub fn sheet(workspace: &Workspace, village: &UnitCode, month: Month) -> Sheet {
    let Some(of) = workspace.villages.get(village) else { return Sheet::default() };
    let is_up = |stages: &[Stage]| matches!(stages, [Stage::Noticed | Stage::Booked]);
    let entries = of.points.entries.iter().filter(|(_, entry)| {
        let stands = !matches!(entry.state, State::Reversed | State::Divided);
        entry.said().date.month() == month && stands && is_up(&entry.stages)
    });
    let objected = objected_notices(workspace);
    let mut rows: Vec<EntryRow> =
        entries.map(|(id, entry)| row_among(workspace, village, &objected, id, entry)).collect();
    rows.sort_by(|a, b| {
        let key = |row: &EntryRow| (row.date, row.id.clone());
        (natural(a.account.as_str()), key(a)).cmp(&(natural(b.account.as_str()), key(b)))
    });
    let mut accounts: Vec<_> = rows.iter().map(|row| row.account.clone()).collect();
    accounts.dedup();
    let line = |row: EntryRow| {
        let points = row.gives.map_or(0, i64::from);
        let name = if points < 0 { String::new() } else { masked(&row.head) };
        let EntryRow { dwelling, date, item, occasion, id, .. } = row;
        SheetRow { dwelling, name, date, item, occasion, points, id }
    };
    Sheet {
        rule: rules(workspace, village).of_month(month).map(|rule| (rule.title.clone(), rule.version)),
        rows: rows.into_iter().map(line).collect(),
        households: accounts.len(),
    }
}

/// Masks a name: the first character stays (E20).
fn masked(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => std::iter::once(first).chain(letters.map(|_| '＊')).collect(),
        None => String::new(),
    }
}
