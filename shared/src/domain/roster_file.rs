//! A village's roster as a CSV file: read whole, every doubtful row named by line, column and reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::digest;
use crate::domain::command::Command;
use crate::domain::person::{Household, MemberClass, Person, Residency, Roster, Standing};
use crate::id::{HouseholdId, PersonId, UnitCode};

/// The largest file, in bytes: ten times the largest village of the township.
pub const FILE_BYTES: usize = 2 * 1024 * 1024;
/// The most rows: no village has as many people, and a phone shows that many without trouble.
pub const FILE_ROWS: usize = 5_000;
/// The longest cell, in bytes: names, groups and numbers are short, anything longer is in the wrong column.
pub const CELL_BYTES: usize = 120;
/// Years of birth outside this range are typing mistakes.
pub const BIRTH_YEARS: std::ops::RangeInclusive<u16> = 1900..=2100;
/// An ID number has eighteen figures, the last perhaps an X; none is ever kept (DOMAIN section 10).
const ID_NUMBER_FIGURES: usize = 18;

/// A column of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// 户号
    Household,
    /// 小组
    Group,
    /// 姓名
    Name,
    /// 拼音
    Pinyin,
    /// 出生年
    BirthYear,
    /// 户主: 是 or 否
    Head,
    /// 居住: 户籍, 常住 or 外出
    Residency,
    /// 党员: 正式, 预备 or nothing
    Party,
    /// 类别: 普通, 年老体弱, 流动 or 在职
    Class,
    /// 代表: 是 or 否
    Representative,
    /// 编号: tells two people of one name, household and year of birth apart
    Person,
}

impl Column {
    /// Every column, in the order in which a file is best written.
    pub const ALL: [Self; 11] = [
        Self::Household,
        Self::Group,
        Self::Name,
        Self::Pinyin,
        Self::BirthYear,
        Self::Head,
        Self::Residency,
        Self::Party,
        Self::Class,
        Self::Representative,
        Self::Person,
    ];

    /// Columns without which no row can be read.
    pub const NEEDED: [Self; 3] = [Self::Household, Self::Group, Self::Name];

    /// Returns the Chinese and the English name; a file may use either.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Household => ("户号", "household"),
            Self::Group => ("小组", "group"),
            Self::Name => ("姓名", "name"),
            Self::Pinyin => ("拼音", "pinyin"),
            Self::BirthYear => ("出生年", "birth_year"),
            Self::Head => ("户主", "head"),
            Self::Residency => ("居住", "residency"),
            Self::Party => ("党员", "party"),
            Self::Class => ("类别", "class"),
            Self::Representative => ("代表", "representative"),
            Self::Person => ("编号", "person"),
        }
    }
}

/// Why a row, or the whole file, cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowReason {
    /// The file is longer than [`FILE_BYTES`].
    FileTooLong,
    /// The file has more than [`FILE_ROWS`] rows; the rest was not read.
    TooManyRows,
    /// The file is not UTF-8 text.
    NotText,
    /// The file has no first row that names the columns.
    NoHeader,
    /// A needed column is missing.
    MissingColumn,
    /// A column stands twice.
    ColumnTwice,
    /// The row has more or fewer cells than the first one.
    CellCount,
    /// The cell must not be empty.
    Empty,
    /// The cell is longer than [`CELL_BYTES`].
    CellTooLong,
    /// The cell has a line break; perhaps a quote is missing.
    LineBreak,
    /// The cell holds what looks like an ID number; ID numbers are never kept.
    IdNumber,
    /// The cell is none of the words that its column takes.
    NotAWord,
    /// The cell is not a year of birth.
    NotAYear,
    /// An earlier row is the same person; number them in the column 编号 if they are two.
    SamePerson {
        /// That row's line.
        line: u64,
    },
    /// The household stands in another group in an earlier row.
    OtherGroup {
        /// That row's line.
        line: u64,
    },
    /// The household has a head in an earlier row.
    SecondHead {
        /// That row's line.
        line: u64,
    },
    /// A class is given to somebody who is no member.
    ClassWithoutParty,
}

/// A row that cannot be taken, and where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// The line of the file, from 1.
    pub line: u64,
    /// The number of the cell in its row, from 1; `None` where the whole row or file is meant.
    pub cell: Option<usize>,
    /// The column, where it is known.
    pub column: Option<Column>,
    /// What is wrong.
    pub reason: RowReason,
}

/// What a file holds; nothing is imported by reading it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterPreview {
    /// Households of the rows that can be taken, by number.
    pub households: Vec<Household>,
    /// People of the rows that can be taken, in the file's order.
    pub people: Vec<Person>,
    /// Every row that cannot be taken, in the file's order.
    pub problems: Vec<RowProblem>,
}

/// What an import would do to a roster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RosterChanges {
    /// People the roster does not have.
    pub new: usize,
    /// People the roster has otherwise, or whose household it has otherwise.
    pub changed: usize,
    /// People the roster has just so.
    pub unchanged: usize,
}

impl RosterPreview {
    /// Counts what accepting would change; a file that was imported before changes nothing.
    pub fn changes(&self, roster: &Roster) -> RosterChanges {
        let mut changes = RosterChanges::default();
        let moved: BTreeSet<&HouseholdId> = self
            .households
            .iter()
            .filter(|household| roster.households.get(&household.id).is_none_or(|known| known != *household))
            .map(|household| &household.id)
            .collect();
        for person in &self.people {
            match roster.people.get(&person.id) {
                None => changes.new += 1,
                Some(known) if *known != roster.kept(person) => changes.changed += 1,
                Some(_) if moved.contains(&person.household) => changes.changed += 1,
                Some(_) => changes.unchanged += 1,
            }
        }
        changes
    }

    /// Returns the command that imports every row that can be taken; `None` where there is none.
    pub fn into_command(self, village: UnitCode) -> Option<Command> {
        let Self { households, people, .. } = self;
        (!people.is_empty()).then_some(Command::ImportRoster { village, households, people })
    }
}

/// Reads a roster file: UTF-8 with or without a byte-order mark, comma-separated, columns in any order, their names
/// in Chinese or English. Columns of other names are passed over.
///
/// The same row gives the same ids on every phone, so that a file imported twice, or on two phones, is one roster.
pub fn read_roster(bytes: &[u8], village: &UnitCode) -> RosterPreview {
    let whole = |reason| RosterPreview {
        problems: vec![RowProblem { line: 1, cell: None, column: None, reason }],
        ..RosterPreview::default()
    };
    if bytes.len() > FILE_BYTES {
        return whole(RowReason::FileTooLong);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return whole(RowReason::NotText) };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut file = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = file.records();
    let header = match rows.next() {
        Some(Ok(header)) if header.iter().any(|cell| !cell.trim().is_empty()) => header,
        _ => return whole(RowReason::NoHeader),
    };
    let (places, problems) = columns(&header);
    if !problems.is_empty() {
        return RosterPreview { problems, ..RosterPreview::default() };
    }
    let mut reading = Reading::new(village, places);
    for (index, row) in rows.enumerate() {
        // Text that was checked above splits into cells without an error; a reader that still fails ends the file.
        let Ok(row) = row else { break };
        let line = row.position().map_or(0, csv::Position::line);
        if index == FILE_ROWS {
            reading.preview.problems.push(RowProblem {
                line,
                cell: None,
                column: None,
                reason: RowReason::TooManyRows,
            });
            break;
        }
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if row.len() != header.len() {
            reading.preview.problems.push(RowProblem { line, cell: None, column: None, reason: RowReason::CellCount });
            continue;
        }
        if let Err(problem) = reading.row(line, &row) {
            reading.preview.problems.push(problem);
        }
    }
    reading.finish()
}

/// Finds each column's place in the first row.
fn columns(header: &csv::StringRecord) -> (BTreeMap<Column, usize>, Vec<RowProblem>) {
    let mut places = BTreeMap::new();
    let mut problems = Vec::new();
    for (place, cell) in header.iter().enumerate() {
        let cell = cell.trim();
        let named = |column: &Column| cell == column.names().0 || cell.eq_ignore_ascii_case(column.names().1);
        let Some(column) = Column::ALL.into_iter().find(named) else { continue };
        if places.insert(column, place).is_some() {
            let (cell, column) = (Some(place + 1), Some(column));
            problems.push(RowProblem { line: 1, cell, column, reason: RowReason::ColumnTwice });
        }
    }
    for column in Column::NEEDED {
        if !places.contains_key(&column) {
            let column = Some(column);
            problems.push(RowProblem { line: 1, cell: None, column, reason: RowReason::MissingColumn });
        }
    }
    (places, problems)
}

/// A file half read.
struct Reading<'a> {
    village: &'a UnitCode,
    places: BTreeMap<Column, usize>,
    preview: RosterPreview,
    households: BTreeMap<HouseholdId, (Household, u64)>,
    heads: BTreeMap<HouseholdId, u64>,
    lines: BTreeMap<PersonId, u64>,
}

impl<'a> Reading<'a> {
    fn new(village: &'a UnitCode, places: BTreeMap<Column, usize>) -> Self {
        Self {
            village,
            places,
            preview: RosterPreview::default(),
            households: BTreeMap::new(),
            heads: BTreeMap::new(),
            lines: BTreeMap::new(),
        }
    }

    fn row(&mut self, line: u64, row: &csv::StringRecord) -> Result<(), RowProblem> {
        let at = |column: Column, reason| {
            let cell = self.places.get(&column).map(|place| place + 1);
            RowProblem { line, cell, column: Some(column), reason }
        };
        for (place, cell) in row.iter().enumerate() {
            let column = self.places.iter().find(|(_, at)| **at == place).map(|(column, _)| *column);
            let problem = |reason| RowProblem { line, cell: Some(place + 1), column, reason };
            if looks_like_id_number(cell) {
                return Err(problem(RowReason::IdNumber));
            }
            if column.is_some() && cell.len() > CELL_BYTES {
                return Err(problem(RowReason::CellTooLong));
            }
            if column.is_some() && cell.trim().contains(char::is_control) {
                return Err(problem(RowReason::LineBreak));
            }
        }
        let cell = |column: Column| self.places.get(&column).and_then(|place| row.get(*place)).unwrap_or("").trim();
        for column in Column::NEEDED {
            if cell(column).is_empty() {
                return Err(at(column, RowReason::Empty));
            }
        }
        let word = |column: Column| word(column, cell(column)).ok_or_else(|| at(column, RowReason::NotAWord));
        let birth_year = match cell(Column::BirthYear) {
            "" => None,
            text => {
                let year = text.parse::<u16>().ok().filter(|year| BIRTH_YEARS.contains(year));
                Some(year.ok_or_else(|| at(Column::BirthYear, RowReason::NotAYear))?)
            }
        };
        let residency = match word(Column::Residency)? {
            0 => Residency::Registered,
            1 => Residency::Resident,
            _ => Residency::Away,
        };
        let standing = match word(Column::Party)? {
            0 => None,
            1 => Some(Standing::Full),
            _ => Some(Standing::Probationary),
        };
        let class = match word(Column::Class)? {
            0 => MemberClass::Ordinary,
            1 => MemberClass::Frail,
            2 => MemberClass::Migrant,
            _ => MemberClass::InService,
        };
        if class != MemberClass::Ordinary && standing.is_none() {
            return Err(at(Column::Class, RowReason::ClassWithoutParty));
        }
        let (head, representative) = (word(Column::Head)? == 1, word(Column::Representative)? == 1);
        let household = household_id(cell(Column::Household));
        let id = person_id(self.village, cell(Column::Household), cell(Column::Name), birth_year, cell(Column::Person));
        if let Some(line) = self.lines.get(&id) {
            return Err(at(Column::Name, RowReason::SamePerson { line: *line }));
        }
        if let Some((known, line)) = self.households.get(&household)
            && known.group != cell(Column::Group)
        {
            return Err(at(Column::Group, RowReason::OtherGroup { line: *line }));
        }
        if let (true, Some(line)) = (head, self.heads.get(&household)) {
            return Err(at(Column::Head, RowReason::SecondHead { line: *line }));
        }
        let (number, group) = (cell(Column::Household).to_owned(), cell(Column::Group).to_owned());
        let (name, pinyin) = (cell(Column::Name).to_owned(), cell(Column::Pinyin).to_owned());
        self.lines.insert(id.clone(), line);
        let fresh = || (Household { id: household.clone(), number, group, head: None }, line);
        let kept = self.households.entry(household.clone()).or_insert_with(fresh);
        if head {
            kept.0.head = Some(id.clone());
            self.heads.insert(household.clone(), line);
        }
        self.preview.people.push(Person {
            id,
            name,
            pinyin,
            household,
            birth_year,
            residency,
            standing,
            class,
            representative,
            hidden: false,
        });
        Ok(())
    }

    fn finish(mut self) -> RosterPreview {
        self.preview.households = self.households.into_values().map(|(household, _)| household).collect();
        self.preview
    }
}

/// Returns the place of a cell's word among those that its column takes; an empty cell is the first of them.
fn word(column: Column, cell: &str) -> Option<usize> {
    let words: &[&[&str]] = match column {
        Column::Residency => &[&["户籍", "registered", ""], &["常住", "resident"], &["外出", "away"]],
        Column::Party => &[&["", "否", "no"], &["正式", "full"], &["预备", "probationary"]],
        Column::Class => {
            &[&["普通", "ordinary", ""], &["年老体弱", "frail"], &["流动", "migrant"], &["在职", "in_service"]]
        }
        _ => &[&["否", "no", "0", ""], &["是", "yes", "1"]],
    };
    words.iter().position(|same| same.iter().any(|word| cell.eq_ignore_ascii_case(word)))
}

/// Returns whether an ID number stands anywhere in a cell, however it is spaced.
fn looks_like_id_number(cell: &str) -> bool {
    let figures: Vec<char> = cell.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    figures.windows(ID_NUMBER_FIGURES).any(|run| match run {
        [body @ .., last] => {
            body.iter().all(char::is_ascii_digit) && (last.is_ascii_digit() || matches!(last, 'x' | 'X'))
        }
        [] => false,
    })
}

/// Returns a number without the zeros in front, which spreadsheets drop.
fn plain_number(number: &str) -> &str {
    let plain = number.trim_start_matches('0');
    if plain.is_empty() { number } else { plain }
}

/// Returns a household's id: its number where that can be an id, otherwise a digest of it.
pub fn household_id(number: &str) -> HouseholdId {
    let number = plain_number(number);
    let plain = HouseholdId::new(&number.to_ascii_lowercase());
    plain.unwrap_or_else(|_| HouseholdId::of_digest(&digest::of_text("pingyi/household", number)))
}

/// Returns a person's id: a digest of what tells them apart, so that two phones find the same one.
pub fn person_id(village: &UnitCode, household: &str, name: &str, birth_year: Option<u16>, person: &str) -> PersonId {
    let year = birth_year.map(|year| year.to_string()).unwrap_or_default();
    let text = [village.as_str(), plain_number(household), name, &year, person].join("\n");
    PersonId::of_digest(&digest::of_text("pingyi/person", &text))
}

impl fmt::Display for RowReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FileTooLong => write!(f, "the file is longer than {FILE_BYTES} bytes"),
            Self::TooManyRows => write!(f, "the file has more than {FILE_ROWS} rows"),
            Self::NotText => f.write_str("the file is not UTF-8 text"),
            Self::NoHeader => f.write_str("the first row must name the columns"),
            Self::MissingColumn => f.write_str("the column is missing"),
            Self::ColumnTwice => f.write_str("the column stands twice"),
            Self::CellCount => f.write_str("the row has more or fewer cells than the first one"),
            Self::Empty => f.write_str("the cell is empty"),
            Self::CellTooLong => write!(f, "the cell is longer than {CELL_BYTES} bytes"),
            Self::LineBreak => f.write_str("the cell has a line break; perhaps a quote is missing"),
            Self::IdNumber => f.write_str("this looks like an ID number, which is never kept"),
            Self::NotAWord => f.write_str("the column takes other words"),
            Self::NotAYear => f.write_str("this is not a year of birth"),
            Self::SamePerson { line } => write!(f, "the same person stands on line {line}"),
            Self::OtherGroup { line } => write!(f, "the household stands in another group on line {line}"),
            Self::SecondHead { line } => write!(f, "the household has its head on line {line}"),
            Self::ClassWithoutParty => f.write_str("only a Party member has a class"),
        }
    }
}

#[cfg(test)]
mod tests;
