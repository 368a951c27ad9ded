//! The red board and the warning board of a village (红黑榜, W6): what hangs on them on a day, and under which name.
//!
//! Both are records with a life, declared in [`crate::domain::register::kinds`]; here is what they rest on besides:
//! the adopted list of items, who is a minor, the time to put something right, and how long a line hangs. A line that
//! a faulty phone brought about against one of these is in the record and on no board.

use crate::domain::decide::Refusal;
use crate::domain::person::{Person, Roster};
use crate::domain::points::People;
use crate::domain::register::kinds::{red_list, reminder};
use crate::domain::register::{Kind, Record, Step, Value};
use crate::domain::rulebook::points::RulesOf;
use crate::domain::{Village, Workspace};
use crate::id::{HouseholdId, UnitCode};
use crate::time::Date;

/// Under what a line hangs on a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown<'a> {
    /// The name of an adult who consented.
    Name(&'a Person),
    /// The household's number as people write it, and nothing else of anybody.
    Household(&'a str),
}

/// A line of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoardLine<'a> {
    /// The record behind it.
    pub record: &'a Record,
    /// Under what it hangs.
    pub shown: Shown<'a>,
    /// What was done, or the matter.
    pub text: &'a str,
    /// The item of the adopted list.
    pub item: &'a str,
    /// The last day on which it hangs.
    pub until: Date,
}

/// Returns what hangs on a village's red board on a day: a name where an adult consented, else a household's number (E47).
pub fn red_board<'a>(workspace: &'a Workspace, village: &UnitCode, on: Date) -> Vec<BoardLine<'a>> {
    let Some(of) = workspace.villages.get(village) else { return Vec::new() };
    let line = |record: &'a Record| {
        let Some(Value::Person(person)) = record.value("person") else { return None };
        let person = of.roster.people.get(person)?;
        let named = record.state().is_some_and(|state| state.key == "listed")
            && !People::of(&of.roster).is_minor(&person.id, on);
        let shown = if named { Shown::Name(person) } else { household(&of.roster, &person.household)? };
        line_of(workspace, of, record, shown, on)
    };
    of_village(workspace, &red_list::KIND, village).filter_map(line).collect()
}

/// Returns what hangs on a village's warning board on a day: households' numbers and matters, never a name, and nothing
/// about a minor (E46).
pub fn warning_board<'a>(workspace: &'a Workspace, village: &UnitCode, on: Date) -> Vec<BoardLine<'a>> {
    let Some(of) = workspace.villages.get(village) else { return Vec::new() };
    let line = |record: &'a Record| {
        let Some(Value::Household(id)) = record.value("household") else { return None };
        if about_minor(&of.roster, record.value("person"), record.date) || listed_early(record).is_some() {
            return None;
        }
        line_of(workspace, of, record, household(&of.roster, id)?, on)
    };
    of_village(workspace, &reminder::KIND, village).filter_map(line).collect()
}

/// Returns the last day on which a listed record hangs: as it says, or one period of points, which is a month.
pub fn hangs_until(record: &Record) -> Option<Date> {
    if let Some(Value::Date(until)) = record.value("until") {
        return Some(*until);
    }
    let listed = record.steps.values().filter(|taken| taken.value.step.starts_with("list"));
    let listed = listed.map(|taken| taken.value.date).max()?;
    let (_, _, day) = listed.parts();
    let (year, month) = listed.month().after().parts();
    // The same day of the next month, or its last one where it is shorter.
    (1..=day).rev().find_map(|day| Date::new(year, month, day).ok())
}

fn of_village<'a>(
    workspace: &'a Workspace,
    kind: &'static Kind,
    village: &UnitCode,
) -> impl Iterator<Item = &'a Record> {
    workspace.records_of(kind).map(|(_, record)| record).filter(move |record| record.hosts.contains(village))
}

fn household<'a>(roster: &'a Roster, id: &HouseholdId) -> Option<Shown<'a>> {
    roster.households.get(id).map(|household| Shown::Household(&household.number))
}

/// Returns a line, if the record stands on a board on this day and its item was adopted.
fn line_of<'a>(
    workspace: &'a Workspace,
    of: &'a Village,
    record: &'a Record,
    shown: Shown<'a>,
    on: Date,
) -> Option<BoardLine<'a>> {
    record.state().filter(|state| ["listed", "unnamed"].contains(&state.key))?;
    let until = hangs_until(record).filter(|until| on <= *until)?;
    let Some(Value::Text(item)) = record.value("item") else { return None };
    is_adopted(workspace, of, record.kind, item, record.date).then_some(BoardLine {
        record,
        shown,
        text: record.title(),
        item,
        until,
    })
}

/// Tells whether the list that held on a day has this item, and for deeds or for reminders as the kind has it.
fn is_adopted(workspace: &Workspace, of: &Village, kind: &Kind, item: &str, on: Date) -> bool {
    let rules = RulesOf { village: &of.points_rules, township: &workspace.points_rules };
    let gains = kind.key == red_list::KIND.key;
    let items = rules.of_month(on.month()).into_iter().flat_map(|rule| &rule.items);
    items.filter(|listed| (listed.points > 0) == gains).any(|listed| listed.name.trim() == item.trim())
}

fn about_minor(roster: &Roster, person: Option<&Value>, on: Date) -> bool {
    matches!(person, Some(Value::Person(person)) if People::of(roster).is_minor(person, on))
}

/// Returns the day until which there was time to put it right, where it was listed before that had passed.
fn listed_early(record: &Record) -> Option<Date> {
    let Some(Value::Date(by)) = record.value("cure-by") else { return None };
    let early = |day: Date| day <= *by;
    let mut listed = record.steps.values().filter(|taken| taken.value.step == "list").map(|taken| taken.value.date);
    listed.any(early).then_some(*by)
}

/// Refuses what may not be opened or written: items that nobody adopted, and reminders about a minor.
pub(super) fn check_values<'a>(
    workspace: &Workspace,
    kind: &'static Kind,
    hosts: impl Iterator<Item = &'a UnitCode>,
    date: Date,
    value: impl Fn(&str) -> Option<&'a Value>,
) -> Result<(), Refusal> {
    if ![red_list::KIND.key, reminder::KIND.key].contains(&kind.key) {
        return Ok(());
    }
    for of in hosts.filter_map(|host| workspace.villages.get(host)) {
        if let Some(Value::Text(item)) = value("item")
            && !is_adopted(workspace, of, kind, item, date)
        {
            return Err(Refusal::NotOnList { item: item.clone() });
        }
        if kind.key == reminder::KIND.key && about_minor(&of.roster, value("person"), date) {
            return Err(Refusal::AboutMinor);
        }
    }
    Ok(())
}

/// Refuses to list a minor by name, and what there still is time to put right.
pub(super) fn check_step(
    workspace: &Workspace,
    record: &Record,
    step: &Step,
    date: Option<Date>,
) -> Result<(), Refusal> {
    if step.key != "list" {
        return Ok(());
    }
    if record.kind.key == red_list::KIND.key {
        let mut rosters = record.hosts.iter().filter_map(|host| workspace.villages.get(host)).map(|of| &of.roster);
        let minor = rosters.any(|roster| about_minor(roster, record.value("person"), date.unwrap_or(record.date)));
        return if minor { Err(Refusal::AboutMinor) } else { Ok(()) };
    }
    match (record.value("cure-by"), date) {
        (Some(Value::Date(last)), Some(date)) if record.kind.key == reminder::KIND.key && date <= *last => {
            Err(Refusal::TooEarly { last: *last })
        }
        _ => Ok(()),
    }
}
