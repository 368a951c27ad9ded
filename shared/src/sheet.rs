//! Comma-separated text read strictly: every cell knows its line and column, and nothing is guessed.

use std::fmt;

/// A sheet: the names of its columns and its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    columns: Vec<String>,
    /// The line of the column names.
    head: usize,
    rows: Vec<Row>,
}

/// One row of a sheet, as long as the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    cells: Vec<Cell>,
}

/// One cell and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cell {
    text: String,
    line: usize,
}

/// A column that a sheet certainly has.
#[derive(Clone, Copy, Debug)]
pub struct Column(usize);

/// A mistake in a sheet and the cell it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetError {
    /// Counts from 1.
    pub line: usize,
    /// The cell of the line, from 1.
    pub column: usize,
    /// The name of the column, where the place lies in one.
    pub name: Option<String>,
    /// What is wrong.
    pub fault: SheetFault,
}

/// What is wrong with a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetFault {
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// A quoted cell does not end.
    OpenQuote,
    /// A quote inside a cell without quotes, or text behind a closing quote.
    StrayQuote,
    /// The row has fewer or more cells than the first.
    CellCount {
        /// Cells of the first row.
        expected: usize,
        /// Cells of this one.
        found: usize,
    },
    /// The first row has no such column.
    MissingColumn,
    /// The first row has this column twice.
    ColumnTwice,
}

impl Sheet {
    /// Reads text whose first row names the columns; rows that are wholly empty lines do not count.
    ///
    /// A byte-order mark is left out; lines end in LF, CRLF or CR; quotes are those of RFC 4180.
    pub fn parse(bytes: &[u8]) -> Result<Self, SheetError> {
        let mut rows = split(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes))?.into_iter();
        let names = rows.next().map_or(Vec::new(), |row| row.cells);
        let head = names.first().map_or(1, |cell| cell.line);
        let columns = names.into_iter().map(|cell| cell.text).collect();
        let sheet = Self { columns, head, rows: rows.collect() };
        for row in &sheet.rows {
            let (expected, found) = (sheet.columns.len(), row.cells.len());
            if found != expected {
                // The place is the first cell that is missing, or the first that is too many.
                let at = expected.min(found);
                let line = row.cells.get(at).or(row.cells.last()).map_or(1, |cell| cell.line);
                let name = sheet.columns.get(at).cloned();
                return Err(SheetError {
                    line,
                    column: at + 1,
                    name,
                    fault: SheetFault::CellCount { expected, found },
                });
            }
        }
        Ok(sheet)
    }

    /// Finds a column by its name; other columns may stand around it in any order.
    pub fn column(&self, name: &str) -> Result<Column, SheetError> {
        let mut places = self.columns.iter().enumerate().filter(|(_, column)| *column == name).map(|(at, _)| at);
        let refuse = |column, fault| Err(SheetError { line: self.head, column, name: Some(name.to_owned()), fault });
        match (places.next(), places.next()) {
            (Some(at), None) => Ok(Column(at)),
            (Some(_), Some(again)) => refuse(again + 1, SheetFault::ColumnTwice),
            (None, _) => refuse(self.columns.len() + 1, SheetFault::MissingColumn),
        }
    }

    /// Returns the rows below the first.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Returns the name and the place of a column, which counts from 1.
    pub fn place(&self, column: Column) -> (Option<&str>, usize) {
        (self.columns.get(column.0).map(String::as_str), column.0 + 1)
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

impl fmt::Display for SheetFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 => f.write_str("not UTF-8; save the file as UTF-8"),
            Self::OpenQuote => f.write_str("the quote that opens this cell is never closed"),
            Self::StrayQuote => f.write_str("a quote stands where none can; double it and put the cell between quotes"),
            Self::CellCount { expected, found } => write!(f, "the row has {found} cells, the first row {expected}"),
            Self::MissingColumn => f.write_str("this column is missing"),
            Self::ColumnTwice => f.write_str("this column stands twice"),
        }
    }
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
fn split(bytes: &[u8]) -> Result<Vec<Row>, SheetError> {
    let mut splitter =
        Splitter { rows: Vec::new(), cells: Vec::new(), text: Vec::new(), state: State::Start, line: 1, began: 1 };
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
            (State::Closed, _) | (State::Plain, b'"') => return Err(splitter.refuse(SheetFault::StrayQuote)),
            (State::Start | State::Plain, _) => {
                splitter.text.push(byte);
                splitter.state = State::Plain;
            }
        }
    }
    if splitter.state == State::Quoted {
        return Err(splitter.refuse(SheetFault::OpenQuote));
    }
    splitter.end_row()?;
    Ok(splitter.rows)
}

/// A file half split.
struct Splitter {
    rows: Vec<Row>,
    cells: Vec<Cell>,
    text: Vec<u8>,
    state: State,
    line: usize,
    /// The line on which the cell began.
    began: usize,
}

impl Splitter {
    fn end_cell(&mut self) -> Result<(), SheetError> {
        let text = String::from_utf8(std::mem::take(&mut self.text)).map_err(|_| self.refuse(SheetFault::NotUtf8))?;
        self.cells.push(Cell { text, line: self.began });
        self.state = State::Start;
        self.began = self.line;
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), SheetError> {
        if !(self.cells.is_empty() && self.state == State::Start) {
            self.end_cell()?;
            self.rows.push(Row { cells: std::mem::take(&mut self.cells) });
        }
        self.line += 1;
        self.began = self.line;
        Ok(())
    }

    fn refuse(&self, fault: SheetFault) -> SheetError {
        let (line, column) = (self.began, self.cells.len() + 1);
        let name = self.rows.first().and_then(|row| row.cells.get(column - 1)).map(|cell| cell.text.clone());
        SheetError { line, column, name, fault }
    }
}
