//! Why a command on files computes nothing, in one line that names the place.

use std::fmt;
use std::io;
use std::path::PathBuf;

use shared::domain::appraisal::AppraisalError;
use shared::domain::points::PointsError;
use shared::domain::ranking::RankingError;
use shared::domain::rulebook::file::RuleFileReason;
use shared::number::NumberError;
use shared::sheet::SheetFault;
use shared::time::DateError;

use super::sheet::FILE_BYTES;

/// The longest excerpt of a file that a message repeats, in characters.
const EXCERPT_CHARS: usize = 40;

/// A reason to compute nothing, with the place it stands at.
///
/// Every refusal has a line and a column, those without a place 1 and 1, so that editors and scripts can jump to it.
#[derive(Debug)]
pub struct Refusal {
    /// The file as it was named by the caller.
    pub file: PathBuf,
    /// Counts from 1.
    pub line: usize,
    /// From 1: the cell in a sheet, the character in other files.
    pub column: usize,
    /// The name of the column, where the place lies in one.
    pub name: Option<String>,
    /// What is wrong; boxed because every reader returns it, and nearly never.
    pub reason: Box<Reason>,
}

/// What is wrong with a file.
#[derive(Debug)]
pub enum Reason {
    /// The file cannot be opened or read.
    Unreadable(io::Error),
    /// The file has more than [`FILE_BYTES`].
    TooLarge,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// The sheet is none, or not the one it should be.
    Sheet(SheetFault),
    /// The cell must not be empty here.
    Blank,
    /// The cell must be empty here: a ballot that is not valid has no scores.
    NotBlank,
    /// The cell must be empty here: a veto has no points.
    VetoPoints,
    /// The cell is none of the words it may be.
    Word {
        /// What stands there.
        found: String,
        /// What may stand there.
        expected: &'static str,
    },
    /// The cell begins or ends with a space, which would make another name of it.
    Spaces(String),
    /// Another row says the same; its line.
    Twice(usize),
    /// The cell is not a number.
    Number {
        /// What stands there.
        found: String,
        /// Why it is none.
        error: NumberError,
    },
    /// The number is outside of its range.
    Range {
        /// What stands there.
        found: String,
        /// The largest it may be; the smallest is 0.
        max: u32,
    },
    /// The rulebook has no such group.
    UnknownGroup(String),
    /// The cell is not a whole number that a points entry can give.
    Points(String),
    /// The cell is not a date.
    Date {
        /// What stands there.
        found: String,
        /// Why it is none.
        error: DateError,
    },
    /// The cell is not an entry's number.
    EntryNumber(String),
    /// The rulebook cannot be used.
    Rule(RuleFileReason),
    /// The session cannot be computed.
    Appraisal(AppraisalError),
    /// The villages cannot be ranked.
    Ranking(RankingError),
    /// The entries cannot be folded.
    Fold(PointsError),
}

impl fmt::Display for Refusal {
    /// Writes one line whatever the file holds: `ballots.csv:14:5: ideology: "25" is not from 0 to 20`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", one_line(&self.file.to_string_lossy()), self.line, self.column)?;
        if let Some(name) = &self.name {
            write!(f, "{}: ", one_line(name))?;
        }
        f.write_str(&one_line(&self.reason.to_string()))
    }
}

impl std::error::Error for Refusal {}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "the file cannot be read: {error}"),
            Self::TooLarge => write!(f, "the file is larger than {FILE_BYTES} bytes"),
            Self::NotUtf8 => f.write_str("not UTF-8; save the file as UTF-8"),
            Self::Sheet(fault) => fault.fmt(f),
            Self::Blank => f.write_str("empty"),
            Self::NotBlank => f.write_str("a ballot that is not valid has no scores"),
            Self::VetoPoints => f.write_str("a veto has no points"),
            Self::Word { found, expected } => write!(f, "{} is not one of {expected}", excerpt(found)),
            Self::Spaces(found) => write!(f, "{} has a space around it", excerpt(found)),
            Self::Twice(line) => write!(f, "line {line} says this already"),
            Self::Number { found, error } => write!(f, "{} is no score: {error}", excerpt(found)),
            Self::Points(found) => write!(f, "{} is no whole number of points", excerpt(found)),
            Self::Date { found, error } => write!(f, "{} is no date: {error}", excerpt(found)),
            Self::EntryNumber(found) => write!(f, "{} is no entry's number such as SH1-42", excerpt(found)),
            Self::Range { found, max } => write!(f, "{} is not from 0 to {max}", excerpt(found)),
            Self::UnknownGroup(found) => write!(f, "the rulebook has no group {}", excerpt(found)),
            Self::Rule(reason) => reason.fmt(f),
            Self::Appraisal(error) => error.fmt(f),
            Self::Ranking(error) => error.fmt(f),
            Self::Fold(error) => error.fmt(f),
        }
    }
}

/// Quotes the beginning of what a file says.
fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT_CHARS) {
        Some((end, _)) => format!("\"{}…\"", &text[..end]),
        None => format!("\"{text}\""),
    }
}

/// Writes control characters out, line breaks among them, and leaves the rest as it is.
fn one_line(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut line, c| {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
        line
    })
}
