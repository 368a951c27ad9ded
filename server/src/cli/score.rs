//! `pingyi score`: a member review from files to JSON, for meetings on paper and for checking.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use shared::domain::appraisal::{
    AppraisalError, BallotFault, GroupScore, InvalidReason, QuorumResult, RatedBallot, RatedMark, RollCount, Scorecard,
    SessionResult, appraise,
};
use shared::domain::meeting::RollStatus;
use shared::domain::rulebook::file::read_review;
use shared::domain::rulebook::{BALLOT_COLUMNS, Rulebook};
use shared::id::GroupId;
use shared::sheet::{Column, Row};

use super::printed::print;
use super::refusal::{Reason, Refusal};
use super::sheet::{Sheet, read_rule};

/// The files of a member review.
#[derive(clap::Args)]
pub struct Arguments {
    /// The rulebook, TOML.
    #[arg(long)]
    rulebook: PathBuf,
    /// The roll: person, body, status.
    #[arg(long)]
    roll: PathBuf,
    /// The ballots: serial, group, subject, status and a column per criterion.
    #[arg(long)]
    ballots: PathBuf,
}

/// Computes and prints.
pub fn run(arguments: &Arguments) -> ExitCode {
    print(score(arguments).as_ref().map(Output::of))
}

/// Reads the three files and computes the session.
pub fn score(arguments: &Arguments) -> Result<SessionResult<String>, Refusal> {
    let rulebook = read_rule(&arguments.rulebook, read_review)?;
    let roll = read_roll(&rulebook, &Sheet::read(&arguments.roll)?)?;
    let sheet = Sheet::read(&arguments.ballots)?;
    let columns = BallotColumns::find(&rulebook, &sheet)?;
    let ballots = read_ballots(&rulebook, &sheet, &columns)?;
    let subjects: BTreeSet<String> = ballots.iter().map(|ballot| ballot.subject.clone()).collect();
    appraise(&rulebook, &roll, &subjects, &ballots).map_err(|error| locate(&rulebook, &sheet, &columns, error))
}

/// Counts who is due and present per body; a person stands once in each body's roll.
fn read_roll(rulebook: &Rulebook, sheet: &Sheet) -> Result<BTreeMap<GroupId, RollCount>, Refusal> {
    let (person, body, status) = (sheet.column("person")?, sheet.column("body")?, sheet.column("status")?);
    let mut roll: BTreeMap<GroupId, RollCount> = BTreeMap::new();
    let mut seen = BTreeMap::new();
    for row in sheet.rows() {
        let name = sheet.name(row, person)?;
        let group = read_group(rulebook, sheet, row, body)?;
        let status = match sheet.name(row, status)? {
            "present" => RollStatus::Present,
            "late" => RollStatus::Late,
            "left" => RollStatus::Left,
            "leave" => RollStatus::Excused,
            "absent" => RollStatus::Absent,
            "exempt" => RollStatus::Exempt,
            other => {
                let expected = "present, late, left, leave, absent, exempt";
                return Err(sheet.refuse(row, status, Reason::Word { found: other.to_owned(), expected }));
            }
        };
        if let Some(line) = seen.insert((name, group.clone()), row.line(person)) {
            return Err(sheet.refuse(row, person, Reason::Twice(line)));
        }
        roll.entry(group).or_default().count(status);
    }
    Ok(roll)
}

/// Where a ballot sheet keeps what.
struct BallotColumns {
    serial: Column,
    group: Column,
    subject: Column,
    status: Column,
    criteria: Vec<Column>,
}

impl BallotColumns {
    fn find(rulebook: &Rulebook, sheet: &Sheet) -> Result<Self, Refusal> {
        let [serial, group, subject, status] = BALLOT_COLUMNS;
        let criteria = rulebook.criteria.iter().map(|criterion| sheet.column(criterion.id.as_str()));
        Ok(Self {
            serial: sheet.column(serial)?,
            group: sheet.column(group)?,
            subject: sheet.column(subject)?,
            status: sheet.column(status)?,
            criteria: criteria.collect::<Result<_, _>>()?,
        })
    }
}

/// Reads one ballot per row.
///
/// A serial may stand on a row per subject, because one sheet of paper may rate many; the same serial of the same
/// group twice on one subject is refused. Ballots without a serial cannot be told apart and all count (E4).
fn read_ballots(
    rulebook: &Rulebook,
    sheet: &Sheet,
    columns: &BallotColumns,
) -> Result<Vec<RatedBallot<String>>, Refusal> {
    let mut seen = BTreeMap::new();
    let mut ballots = Vec::with_capacity(sheet.rows().len());
    for row in sheet.rows() {
        let serial = row.text(columns.serial);
        let group = read_group(rulebook, sheet, row, columns.group)?;
        let subject = sheet.name(row, columns.subject)?;
        let mark = read_mark(rulebook, sheet, row, columns)?;
        if !serial.is_empty() {
            let serial = sheet.name(row, columns.serial)?;
            if let Some(line) = seen.insert((serial, group.clone(), subject), row.line(columns.serial)) {
                return Err(sheet.refuse(row, columns.serial, Reason::Twice(line)));
            }
        }
        ballots.push(RatedBallot { group, subject: subject.to_owned(), mark });
    }
    Ok(ballots)
}

fn read_mark(rulebook: &Rulebook, sheet: &Sheet, row: &Row, columns: &BallotColumns) -> Result<RatedMark, Refusal> {
    let mark = match sheet.name(row, columns.status)? {
        "valid" => {
            let pairs = rulebook.criteria.iter().zip(&columns.criteria);
            let scores = pairs.map(|(criterion, column)| sheet.score(row, *column, criterion.max));
            return scores.collect::<Result<_, _>>().map(RatedMark::Valid);
        }
        "spoiled" => RatedMark::Spoiled,
        "abstained" => RatedMark::Abstained,
        other => {
            let expected = "valid, spoiled, abstained";
            return Err(sheet.refuse(row, columns.status, Reason::Word { found: other.to_owned(), expected }));
        }
    };
    match columns.criteria.iter().find(|column| !row.text(**column).is_empty()) {
        Some(column) => Err(sheet.refuse(row, *column, Reason::NotBlank)),
        None => Ok(mark),
    }
}

fn read_group(rulebook: &Rulebook, sheet: &Sheet, row: &Row, column: Column) -> Result<GroupId, Refusal> {
    let text = sheet.name(row, column)?;
    match rulebook.groups.iter().find(|group| group.id.as_str() == text) {
        Some(group) => Ok(group.id.clone()),
        None => Err(sheet.refuse(row, column, Reason::UnknownGroup(text.to_owned()))),
    }
}

/// Finds the row that the arithmetic refuses; sums that overflow belong to the sheet as a whole.
fn locate(rulebook: &Rulebook, sheet: &Sheet, columns: &BallotColumns, error: AppraisalError) -> Refusal {
    let reason = Reason::Appraisal(error);
    match error {
        AppraisalError::Ballot(at, fault) => {
            let column = match fault {
                BallotFault::UnknownGroup => columns.group,
                BallotFault::UnknownSubject => columns.subject,
                BallotFault::ScoreCount => columns.status,
                BallotFault::OutOfRange(criterion) => columns.criteria[criterion.min(rulebook.criteria.len() - 1)],
            };
            sheet.refuse(&sheet.rows()[at], column, reason)
        }
        AppraisalError::Number(_) => sheet.refuse_whole(reason),
    }
}

/// The result as it is printed; the order of the fields is the order of the keys.
#[derive(Serialize)]
struct Output<'a> {
    session: &'static str,
    reasons: Vec<String>,
    quorum: Vec<QuorumOutput<'a>>,
    subjects: Vec<SubjectOutput<'a>>,
}

#[derive(Serialize)]
struct QuorumOutput<'a> {
    group: &'a str,
    due: u32,
    present: u32,
    required: u32,
    met: bool,
}

#[derive(Serialize)]
struct SubjectOutput<'a> {
    subject: &'a str,
    groups: Vec<GroupOutput<'a>>,
    composite: Option<String>,
    published: Option<String>,
    stars: Option<u8>,
}

#[derive(Serialize)]
struct GroupOutput<'a> {
    group: &'a str,
    ballots: usize,
    dropped: usize,
    mean: Option<String>,
}

impl<'a> Output<'a> {
    fn of(result: &'a SessionResult<String>) -> Self {
        let reason = |reason: &InvalidReason| match reason {
            InvalidReason::Quorum(group) => format!("quorum:{group}"),
            InvalidReason::EmptyGroup(group) => format!("empty_group:{group}"),
        };
        Self {
            session: if result.is_valid() { "valid" } else { "invalid" },
            reasons: result.reasons.iter().map(reason).collect(),
            quorum: result.quorum.iter().map(QuorumOutput::of).collect(),
            subjects: result.scorecards.iter().map(SubjectOutput::of).collect(),
        }
    }
}

impl<'a> QuorumOutput<'a> {
    fn of(quorum: &'a QuorumResult) -> Self {
        Self {
            group: quorum.group.as_str(),
            due: quorum.roll.due,
            present: quorum.roll.present,
            required: quorum.required,
            met: quorum.met,
        }
    }
}

impl<'a> SubjectOutput<'a> {
    fn of(card: &'a Scorecard<String>) -> Self {
        Self {
            subject: &card.subject,
            groups: card.groups.iter().map(GroupOutput::of).collect(),
            composite: card.score.map(|score| score.composite.to_string()),
            published: card.score.map(|score| score.published.to_string()),
            stars: card.score.map(|score| score.stars),
        }
    }
}

impl<'a> GroupOutput<'a> {
    fn of(group: &'a GroupScore) -> Self {
        Self {
            group: group.group.as_str(),
            ballots: group.ballots(),
            dropped: group.dropped_count(),
            mean: group.mean.map(|mean| mean.to_string()),
        }
    }
}
