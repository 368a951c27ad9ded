//! Comma-separated files read strictly: every cell knows its line and column, and nothing is guessed.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::refusal::{Reason, Refusal};

/// The largest file that is read, in bytes: a hundred thousand ballots are some five million.
pub const FILE_BYTES: u64 = 64 << 20;

/// A sheet: the names of its columns and its rows.
pub struct Sheet {
    file: PathBuf,
    columns: Vec<String>,
    /// The line of the column names.
    head: usize,
    rows: Vec<Row>,
}

/// One row of a sheet, as long as the first.
pub struct Row {
    cells: Vec<Cell>,
}

/// One cell and where it begins.
struct Cell {
    text: String,
    line: usize,
}

/// A column that a sheet certainly has.
#[derive(Clone, Copy, Debug)]
pub struct Column(usize);

/// Reads a text file whole; a byte-order mark is left out.
pub fn read_text(path: &Path) -> Result<String, Refusal> {
    let bytes = read_bytes(path)?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let (line, column) = (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1);
        Refusal { file: path.to_owned(), line, column, name: None, reason: Box::new(Reason::NotUtf8) }
    })
}

impl Sheet {
    /// Reads a file whose first row names the columns; rows that are wholly empty lines do not count.
    pub fn read(path: &Path) -> Result<Self, Refusal> {
        let mut rows = split(path, &read_bytes(path)?)?.into_iter();
        let names = rows.next().map_or(Vec::new(), |row| row.cells);
        let head = names.first().map_or(1, |cell| cell.line);
        let columns = names.into_iter().map(|cell| cell.text).collect();
        let sheet = Self { file: path.to_owned(), columns, head, rows: rows.collect() };
        for row in &sheet.rows {
            let (expected, found) = (sheet.columns.len(), row.cells.len());
            if found != expected {
                // The place is the first cell that is missing, or the first that is too many.
                let at = expected.min(found);
                let line = row.cells.get(at).or(row.cells.last()).map_or(1, |cell| cell.line);
                let name = sheet.columns.get(at).cloned();
                let reason = Box::new(Reason::CellCount { expected, found });
                return Err(Refusal { file: sheet.file, line, column: at + 1, name, reason });
            }
        }
        Ok(sheet)
    }

    /// Finds a column by its name; other columns may stand around it in any order.
    pub fn column(&self, name: &str) -> Result<Column, Refusal> {
        let mut places = self.columns.iter().enumerate().filter(|(_, column)| *column == name).map(|(at, _)| at);
        let refuse = |column, reason| {
            Err(Refusal {
                file: self.file.clone(),
                line: self.head,
                column,
                name: Some(name.to_owned()),
                reason: Box::new(reason),
            })
        };
        match (places.next(), places.next()) {
            (Some(at), None) => Ok(Column(at)),
            (Some(_), Some(again)) => refuse(again + 1, Reason::ColumnTwice),
            (None, _) => refuse(self.columns.len() + 1, Reason::MissingColumn),
        }
    }

    /// Returns the rows below the first.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Returns the text of a cell that names something: neither empty nor with spaces around it.
    pub fn name<'a>(&self, row: &'a Row, column: Column) -> Result<&'a str, Refusal> {
        match row.text(column) {
            "" => Err(self.refuse(row, column, Reason::Blank)),
            text if text.trim() != text => Err(self.refuse(row, column, Reason::Spaces(text.to_owned()))),
            text => Ok(text),
        }
    }

    /// Makes a refusal of the sheet as a whole.
    pub fn refuse_whole(&self, reason: Reason) -> Refusal {
        Refusal { file: self.file.clone(), line: 1, column: 1, name: None, reason: Box::new(reason) }
    }

    /// Makes a refusal that names the place of a cell.
    pub fn refuse(&self, row: &Row, column: Column, reason: Reason) -> Refusal {
        let name = self.columns.get(column.0).cloned();
        Refusal {
            file: self.file.clone(),
            line: row.line(column),
            column: column.0 + 1,
            name,
            reason: Box::new(reason),
        }
    }
}

impl Row {
    /// Returns the text of a cell.
    pub fn text(&self, column: Column) -> &str {
        self.cells.get(column.0).map_or("", |cell| cell.text.as_str())
    }

    /// Returns the line on which a cell begins.
    pub fn line(&self, column: Column) -> usize {
        self.cells.get(column.0).map_or(1, |cell| cell.line)
    }
}

/// Reads a file within [`FILE_BYTES`], without its byte-order mark.
fn read_bytes(path: &Path) -> Result<Vec<u8>, Refusal> {
    let refuse = |reason| Refusal { file: path.to_owned(), line: 1, column: 1, name: None, reason: Box::new(reason) };
    let file = File::open(path).map_err(|error| refuse(Reason::Unreadable(error)))?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| refuse(Reason::Unreadable(error)))?;
    if bytes.len() as u64 > FILE_BYTES {
        return Err(refuse(Reason::TooLarge));
    }
    if bytes.starts_with("\u{feff}".as_bytes()) {
        bytes.drain(.."\u{feff}".len());
    }
    Ok(bytes)
}

/// Where the splitting of a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the start of a cell.
    Start,
    /// In a cell without quotes.
    Plain,
    /// Between quotes.
    Quoted,
    /// Behind a quote that closes the cell, or is the first half of a doubled one.
    Closed,
}

/// Splits bytes into rows and cells after RFC 4180; lines end in LF, CRLF or CR.
fn split(path: &Path, bytes: &[u8]) -> Result<Vec<Row>, Refusal> {
    let mut splitter = Splitter {
        path,
        rows: Vec::new(),
        cells: Vec::new(),
        text: Vec::new(),
        state: State::Start,
        line: 1,
        began: 1,
    };
    let mut bytes = bytes.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        let ends = byte == b'\n' || (byte == b'\r' && bytes.peek() != Some(&b'\n'));
        match (splitter.state, byte) {
            (State::Quoted, b'"') => splitter.state = State::Closed,
            (State::Quoted, _) => {
                splitter.text.push(byte);
                splitter.line += usize::from(ends);
            }
            (State::Closed, b'"') => {
                splitter.text.push(byte);
                splitter.state = State::Quoted;
            }
            (State::Start, b'"') => splitter.state = State::Quoted,
            (_, b',') => splitter.end_cell()?,
            (_, b'\n' | b'\r') if ends => splitter.end_row()?,
            (_, b'\r') => {}
            (State::Closed, _) | (State::Plain, b'"') => return Err(splitter.refuse(Reason::StrayQuote)),
            (State::Start | State::Plain, _) => {
                splitter.text.push(byte);
                splitter.state = State::Plain;
            }
        }
    }
    if splitter.state == State::Quoted {
        return Err(splitter.refuse(Reason::OpenQuote));
    }
    splitter.end_row()?;
    Ok(splitter.rows)
}

/// A file half split.
struct Splitter<'a> {
    path: &'a Path,
    rows: Vec<Row>,
    cells: Vec<Cell>,
    text: Vec<u8>,
    state: State,
    line: usize,
    /// The line on which the cell began.
    began: usize,
}

impl Splitter<'_> {
    fn end_cell(&mut self) -> Result<(), Refusal> {
        let text = String::from_utf8(std::mem::take(&mut self.text)).map_err(|_| self.refuse(Reason::NotUtf8))?;
        self.cells.push(Cell { text, line: self.began });
        self.state = State::Start;
        self.began = self.line;
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Refusal> {
        if !(self.cells.is_empty() && self.state == State::Start) {
            self.end_cell()?;
            self.rows.push(Row { cells: std::mem::take(&mut self.cells) });
        }
        self.line += 1;
        self.began = self.line;
        Ok(())
    }

    fn refuse(&self, reason: Reason) -> Refusal {
        let (line, column) = (self.began, self.cells.len() + 1);
        let name = self.rows.first().and_then(|row| row.cells.get(column - 1)).map(|cell| cell.text.clone());
        Refusal { file: self.path.to_owned(), line, column, name, reason: Box::new(reason) }
    }
}
