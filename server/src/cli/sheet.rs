//! The files of the calculating commands: read within a limit, and each mistake with its file, line and column.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use shared::domain::rulebook::file::RuleFileError;
use shared::number::{NumberError, Ratio};
use shared::sheet::{self, Column, Row, SheetError};

use super::refusal::{Reason, Refusal};

/// The largest file that is read, in bytes: a hundred thousand ballots are some five million.
pub const FILE_BYTES: u64 = 64 << 20;

/// A sheet and the file it came from.
pub struct Sheet {
    file: PathBuf,
    sheet: sheet::Sheet,
}

/// Reads a rulebook file by the reader of its kind.
pub fn read_rule<R>(path: &Path, read: fn(&str) -> Result<R, RuleFileError>) -> Result<R, Refusal> {
    read(&read_text(path)?).map_err(|error| Refusal {
        file: path.to_owned(),
        line: error.line,
        column: error.column,
        name: None,
        reason: Box::new(Reason::Rule(error.reason)),
    })
}

/// Reads a text file whole.
fn read_text(path: &Path) -> Result<String, Refusal> {
    let bytes = read_bytes(path)?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
        let before = before.trim_start_matches('\u{feff}');
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let (line, column) = (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1);
        Refusal { file: path.to_owned(), line, column, name: None, reason: Box::new(Reason::NotUtf8) }
    })
}

impl Sheet {
    /// Reads a file whose first row names the columns.
    pub fn read(path: &Path) -> Result<Self, Refusal> {
        let sheet = sheet::Sheet::parse(&read_bytes(path)?).map_err(|error| refuse(path, error))?;
        Ok(Self { file: path.to_owned(), sheet })
    }

    /// Finds a column by its name; other columns may stand around it in any order.
    pub fn column(&self, name: &str) -> Result<Column, Refusal> {
        self.sheet.column(name).map_err(|error| refuse(&self.file, error))
    }

    /// Returns the rows below the first.
    pub fn rows(&self) -> &[Row] {
        self.sheet.rows()
    }

    /// Returns the text of a cell that names something: neither empty nor with spaces around it.
    pub fn name<'a>(&self, row: &'a Row, column: Column) -> Result<&'a str, Refusal> {
        match row.text(column) {
            "" => Err(self.refuse(row, column, Reason::Blank)),
            text if text.trim() != text => Err(self.refuse(row, column, Reason::Spaces(text.to_owned()))),
            text => Ok(text),
        }
    }

    /// Reads a cell that holds a decimal, exactly.
    pub fn number(&self, row: &Row, column: Column) -> Result<Ratio, Refusal> {
        let text = match row.text(column) {
            "" => return Err(self.refuse(row, column, Reason::Blank)),
            text => text,
        };
        text.parse()
            .map_err(|error: NumberError| self.refuse(row, column, Reason::Number { found: text.to_owned(), error }))
    }

    /// Reads a score from 0 to a criterion's maximum.
    pub fn score(&self, row: &Row, column: Column, max: u32) -> Result<Ratio, Refusal> {
        let score = self.number(row, column)?;
        if score.is_negative() || score > Ratio::integer(i128::from(max)) {
            return Err(self.refuse(row, column, Reason::Range { found: row.text(column).to_owned(), max }));
        }
        Ok(score)
    }

    /// Makes a refusal of the sheet as a whole.
    pub fn refuse_whole(&self, reason: Reason) -> Refusal {
        Refusal { file: self.file.clone(), line: 1, column: 1, name: None, reason: Box::new(reason) }
    }

    /// Makes a refusal that names the place of a cell.
    pub fn refuse(&self, row: &Row, column: Column, reason: Reason) -> Refusal {
        let (name, place) = self.sheet.place(column);
        Refusal {
            file: self.file.clone(),
            line: row.line(column),
            column: place,
            name: name.map(str::to_owned),
            reason: Box::new(reason),
        }
    }
}

fn refuse(path: &Path, error: SheetError) -> Refusal {
    let SheetError { line, column, name, fault } = error;
    Refusal { file: path.to_owned(), line, column, name, reason: Box::new(Reason::Sheet(fault)) }
}

/// Reads a file within [`FILE_BYTES`].
fn read_bytes(path: &Path) -> Result<Vec<u8>, Refusal> {
    let refuse = |reason| Refusal { file: path.to_owned(), line: 1, column: 1, name: None, reason: Box::new(reason) };
    let file = File::open(path).map_err(|error| refuse(Reason::Unreadable(error)))?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| refuse(Reason::Unreadable(error)))?;
    if bytes.len() as u64 > FILE_BYTES { Err(refuse(Reason::TooLarge)) } else { Ok(bytes) }
}
