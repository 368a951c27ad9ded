//! Records as a CSV file for a sheet: a row each, columns named by the keys of the declaration, which never change.

use shared::domain::Workspace;
use shared::domain::register::{Field, Kind, LineSubject, Record, Shape, Standing, Value};
use shared::time::Date;

use super::{author, money, pick};
use crate::state::home;

/// Tells programs of sheets that the file is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// Columns that every kind has; a field's key has no point, so that none is meant by two names.
const FIRST: [&str; 5] = ["record.number", "record.kind", "record.date", "record.villages", "record.state"];
/// Columns at the end.
const LAST: [&str; 3] = ["record.listed", "record.names", "record.opened-by"];
/// What stands between several values of one cell.
const AND: &str = "; ";
/// What stands between values that different people said.
const OR: &str = " | ";

/// Writes records of a kind, in the order given.
pub fn csv(workspace: &Workspace, kind: &'static Kind, records: &[&Record]) -> Vec<u8> {
    let fields = kind.fields.iter().map(|field| field.key);
    let mut text = BYTE_ORDER_MARK.to_owned();
    write_row(&mut text, FIRST.into_iter().chain(fields).chain(LAST).map(str::to_owned));
    for record in records {
        write_row(&mut text, cells(workspace, record).into_iter());
    }
    text.into_bytes()
}

/// Returns the name of the file.
pub fn file_name(kind: &Kind, today: Option<Date>) -> String {
    let day = today.map(|today| format!("-{today}")).unwrap_or_default();
    format!("pingyi-{}{day}.csv", kind.key)
}

fn cells(workspace: &Workspace, record: &Record) -> Vec<String> {
    let villages: Vec<String> = record.hosts.iter().map(|code| home::name(workspace, code)).collect();
    let state = match record.standing() {
        Standing::At(state) => state.key.to_owned(),
        Standing::Divided(states) => states.iter().map(|state| state.key).collect::<Vec<_>>().join(OR),
    };
    let names: Vec<String> =
        record.listed().map(|(_, line)| subject(workspace, record, &line.listed.subject)).collect();
    let mut cells =
        vec![record.id.to_string(), record.kind.key.to_owned(), record.date.to_string(), villages.join(AND), state];
    cells.extend(record.kind.fields.iter().map(|field| said(workspace, record, field)));
    cells.push(names.len().to_string());
    cells.push(names.join(AND));
    cells.push(author(workspace, &record.opened.author).unwrap_or_default());
    cells
}

/// Returns everything that stands in a field.
fn said(workspace: &Workspace, record: &Record, field: &Field) -> String {
    let standing = record.values.get(field.key).map(|settled| settled.standing()).unwrap_or_default();
    let values: Vec<String> = standing.iter().map(|said| value(workspace, record, field, &said.value)).collect();
    values.join(OR)
}

/// Writes a value the same in every language: choices by key, money in yuan, days as a calendar has them.
fn value(workspace: &Workspace, record: &Record, field: &Field, value: &Value) -> String {
    match value {
        Value::Nothing => String::new(),
        Value::Text(text) => text.clone(),
        Value::Number(number) if field.shape == Shape::Money => money::write(*number),
        Value::Number(number) => number.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Person(id) => super::person_name(workspace, &record.hosts, id),
        Value::Household(id) => pick::household(workspace, &record.hosts, id)
            .map_or_else(|| id.to_string(), |household| household.number.clone()),
        Value::Unit(code) => home::name(workspace, code),
    }
}

fn subject(workspace: &Workspace, record: &Record, subject: &LineSubject) -> String {
    match subject {
        LineSubject::Person(id) => super::person_name(workspace, &record.hosts, id),
        LineSubject::Household(id) => pick::household(workspace, &record.hosts, id)
            .map_or_else(|| id.to_string(), |household| household.number.clone()),
        LineSubject::Name(name) => name.clone(),
    }
}

fn write_row(text: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.map(|cell| quoted(&cell)).collect();
    text.push_str(&cells.join(","));
    text.push_str("\r\n");
}

/// Quotes a cell where it has to be, and keeps a sheet from taking words for a formula.
///
/// A text that begins like a formula gets an apostrophe, which sheets take as "this is text"; numbers stay numbers.
fn quoted(cell: &str) -> String {
    let begins_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_number = cell.strip_prefix('-').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
    let cell = if begins_formula && !is_number { format!("'{cell}") } else { cell.to_owned() };
    match cell.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell,
    }
}
