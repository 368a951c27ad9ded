//! The public notice of a quarter's result: since when it stands, when it ends, and what is objected to.

use shared::domain::Workspace;
use shared::domain::assessment::{Assessment, Stage};
use shared::domain::calendar::notice_end;
use shared::domain::command::RegisterCommand;
use shared::domain::notice::{LineState, lines, objections};
use shared::domain::register::kinds::notice::{NOTICE_DAYS, TOWNSHIP_NOTICE};
use shared::domain::register::{LineSubject, Record, Standing, State, Value};
use shared::id::{Address, FactId};
use shared::time::{Date, Instant};

use super::ranking::{RankRow, rows};
use crate::state::moment::moment;
use crate::state::result::digest_text;

/// A notice of the township about this quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// Its number.
    pub id: FactId,
    /// Where it stands; nothing where people stepped apart.
    pub state: Option<&'static State>,
    /// Whether it names the digest of the result as it stands.
    pub is_of_result: bool,
    /// How many lines stand, are held, and are disputed.
    pub lines: (usize, usize, usize),
    /// The objections against it, by number.
    pub objections: Vec<FactId>,
}

/// When the result was posted, and when the notice has run its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// When the clock of who posted it said so.
    pub at: Instant,
    /// The day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Whether that day has passed.
    pub is_over: bool,
}

/// Returns since when the result as it stands is posted; nothing before.
pub fn posted(assessment: &Assessment, today: Option<Date>) -> Option<Posted> {
    let digest = assessment.result.as_ref()?.digest;
    let posted = |moved: &&shared::domain::meeting::Recorded<shared::domain::assessment::Move>| {
        moved.value.to == Stage::Noticed && moved.value.digest == digest
    };
    let at = assessment.moves.iter().filter(posted).map(|moved| moved.at).min()?;
    let from = moment(at)?.date;
    let until = notice_end(from, NOTICE_DAYS)?;
    Some(Posted { at, from, until, is_over: today.is_some_and(|today| until < today) })
}

/// Returns the township's notices that name this quarter, by number.
pub fn notices(workspace: &Workspace, assessment: &Assessment) -> Vec<NoticeRow> {
    let (about, digest) = (assessment.quarter.to_string(), result_digest(assessment));
    let text = |record: &Record, field: &str| match record.value(field) {
        Some(Value::Text(text)) => text.trim().to_owned(),
        _ => String::new(),
    };
    let row = |record: &Record| {
        let standing = lines(workspace, record);
        let count = |state: LineState| standing.values().filter(|line| **line == state).count();
        NoticeRow {
            id: record.id.clone(),
            state: match record.standing() {
                Standing::At(state) => Some(state),
                Standing::Divided(_) => None,
            },
            is_of_result: digest.as_ref() == Some(&text(record, "digest")),
            lines: (count(LineState::Shown), count(LineState::Held), count(LineState::Disputed)),
            objections: objections(workspace, record).map(|objection| objection.id.clone()).collect(),
        }
    };
    let records = workspace.records_of(&TOWNSHIP_NOTICE).map(|(_, record)| record);
    records.filter(|record| text(record, "about") == about).map(row).collect()
}

fn result_digest(assessment: &Assessment) -> Option<String> {
    assessment.result.as_ref().map(|result| digest_text(&result.digest))
}

/// Returns the wish for a notice of this result, which a second person reviews and posts.
pub fn drawn_up(assessment: &Assessment, today: Date, title: String) -> Option<RegisterCommand> {
    let text = |text: String| Value::Text(text);
    let values = [
        ("title", text(title)),
        ("about", text(assessment.quarter.to_string())),
        ("digest", text(result_digest(assessment)?)),
        ("days", Value::Number(i64::from(NOTICE_DAYS))),
    ];
    Some(RegisterCommand::Open {
        kind: &TOWNSHIP_NOTICE,
        hosts: std::collections::BTreeSet::new(),
        date: today,
        values: values.into_iter().map(|(field, value)| (field.to_owned(), value)).collect(),
    })
}

/// Returns the wishes for the lines of a notice: a village each, with what `say` makes of its rank and number.
pub fn drawn_lines(
    workspace: &Workspace,
    assessment: &Assessment,
    notice: &FactId,
    say: impl Fn(&RankRow) -> String,
) -> Vec<RegisterCommand> {
    let Some((address, _)) = workspace.record(notice) else { return Vec::new() };
    let address: &Address = address;
    let line = |row: RankRow| RegisterCommand::List {
        address: address.clone(),
        record: notice.clone(),
        village: None,
        note: say(&row),
        subject: LineSubject::Name(row.name),
    };
    rows(assessment).unwrap_or_default().into_iter().map(line).collect()
}
