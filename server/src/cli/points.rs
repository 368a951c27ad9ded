//! `pingyi points`: points accounts from files to JSON, for ledgers on paper and for checking.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use shared::domain::points::{Entry, EntryStatus, Ledger, PointsError, fold};
use shared::domain::rulebook::file::read_points;
use shared::id::{FactId, ItemId};
use shared::sheet::{Column, Row};
use shared::time::Date;

use super::printed::print;
use super::refusal::{Reason, Refusal};
use super::sheet::{Sheet, read_rule};

/// The files of points accounts.
#[derive(clap::Args)]
pub struct Arguments {
    /// The rulebook, TOML.
    #[arg(long)]
    rulebook: PathBuf,
    /// The entries: id, account, item, date, points, status, reverses.
    #[arg(long)]
    entries: PathBuf,
}

/// Computes and prints.
pub fn run(arguments: &Arguments) -> ExitCode {
    print(ledger(arguments).as_ref().map(Output::of))
}

/// Reads the files and folds the entries.
pub fn ledger(arguments: &Arguments) -> Result<Ledger<String>, Refusal> {
    let rule = read_rule(&arguments.rulebook, read_points)?;
    let sheet = Sheet::read(&arguments.entries)?;
    let columns = EntryColumns::find(&sheet)?;
    let entries: Vec<Entry<String>> =
        sheet.rows().iter().map(|row| columns.read(&sheet, row)).collect::<Result<_, _>>()?;
    fold(&rule, &entries).map_err(|error| {
        let (at, column) = match error {
            PointsError::Twice(at) => (at, columns.id),
            PointsError::UnknownItem(at) => (at, columns.item),
            PointsError::UnknownReversed(at) => (at, columns.reverses),
        };
        sheet.refuse(&sheet.rows()[at], column, Reason::Fold(error))
    })
}

/// Where an entry sheet keeps what.
struct EntryColumns {
    id: Column,
    account: Column,
    item: Column,
    date: Column,
    points: Column,
    status: Column,
    reverses: Column,
}

impl EntryColumns {
    fn find(sheet: &Sheet) -> Result<Self, Refusal> {
        Ok(Self {
            id: sheet.column("id")?,
            account: sheet.column("account")?,
            item: sheet.column("item")?,
            date: sheet.column("date")?,
            points: sheet.column("points")?,
            status: sheet.column("status")?,
            reverses: sheet.column("reverses")?,
        })
    }

    fn read(&self, sheet: &Sheet, row: &Row) -> Result<Entry<String>, Refusal> {
        Ok(Entry {
            id: read_number(sheet, row, self.id)?,
            account: sheet.name(row, self.account)?.to_owned(),
            item: read_item(sheet, row, self.item)?,
            date: read_date(sheet, row, self.date)?,
            points: read_points_given(sheet, row, self.points)?,
            status: read_status(sheet, row, self.status)?,
            reverses: match row.text(self.reverses) {
                "" => None,
                _ => Some(read_number(sheet, row, self.reverses)?),
            },
        })
    }
}

fn read_number(sheet: &Sheet, row: &Row, column: Column) -> Result<FactId, Refusal> {
    let text = sheet.name(row, column)?;
    text.parse().map_err(|_| sheet.refuse(row, column, Reason::EntryNumber(text.to_owned())))
}

/// Reads an item's identifier; one that no rulebook could have is one that this rulebook has not.
fn read_item(sheet: &Sheet, row: &Row, column: Column) -> Result<ItemId, Refusal> {
    let unknown = |_| sheet.refuse(row, column, Reason::Fold(PointsError::UnknownItem(0)));
    sheet.name(row, column)?.parse().map_err(unknown)
}

fn read_date(sheet: &Sheet, row: &Row, column: Column) -> Result<Date, Refusal> {
    let text = sheet.name(row, column)?;
    text.parse().map_err(|error| sheet.refuse(row, column, Reason::Date { found: text.to_owned(), error }))
}

/// Reads a whole number, below 0 for what costs; a plus, an exponent or a point are not points.
fn read_points_given(sheet: &Sheet, row: &Row, column: Column) -> Result<i32, Refusal> {
    let text = sheet.name(row, column)?;
    let plain = text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit());
    let points = plain.then(|| text.parse().ok()).flatten();
    points.ok_or_else(|| sheet.refuse(row, column, Reason::Points(text.to_owned())))
}

fn read_status(sheet: &Sheet, row: &Row, column: Column) -> Result<EntryStatus, Refusal> {
    match sheet.name(row, column)? {
        "booked" => Ok(EntryStatus::Booked),
        "held" => Ok(EntryStatus::Held),
        "rejected" => Ok(EntryStatus::Rejected),
        other => {
            let expected = "booked, held, rejected";
            Err(sheet.refuse(row, column, Reason::Word { found: other.to_owned(), expected }))
        }
    }
}

/// The result as it is printed; the order of the fields is the order of the keys.
#[derive(Serialize)]
struct Output<'a> {
    accounts: Vec<AccountOutput<'a>>,
    entries: Vec<EntryOutput>,
}

#[derive(Serialize)]
struct AccountOutput<'a> {
    account: &'a str,
    month: String,
    total: i64,
}

#[derive(Serialize)]
struct EntryOutput {
    id: String,
    counted: i64,
}

impl<'a> Output<'a> {
    /// Numbers stand in the order of their text, so that a list sorted by any tool agrees.
    fn of(ledger: &'a Ledger<String>) -> Self {
        let account = |((account, month), total): (&'a (String, _), &i64)| AccountOutput {
            account,
            month: shared::time::Month::to_string(month),
            total: *total,
        };
        let entries: BTreeMap<String, i64> =
            ledger.entries.iter().map(|(id, counted)| (id.to_string(), counted.points)).collect();
        Self {
            accounts: ledger.totals.iter().map(account).collect(),
            entries: entries.into_iter().map(|(id, counted)| EntryOutput { id, counted }).collect(),
        }
    }
}
