//! Public notices and objections (W7): which lines stand, which are held, and when a reply is due.
//!
//! Both are records with a life, declared in [`crate::domain::register::kinds::notice`]; here is what follows from the
//! two together. Nothing depends on today's date: whoever shows a notice compares the days with their own.

use std::collections::BTreeMap;

use crate::domain::calendar::working_days_after;
use crate::domain::decide::Refusal;
use crate::domain::register::kinds::notice::{NOTICE, OBJECTION, TOWNSHIP_NOTICE, TOWNSHIP_OBJECTION};
use crate::domain::register::{LineSubject, OPENED, Record, Step, Value};
use crate::domain::{Acting, Workspace};
use crate::id::{FactId, HouseholdId, PersonId};
use crate::time::Date;

/// The working days within which an objection is answered (DOMAIN W7).
pub const REPLY_DAYS: u16 = 5;
/// The working days after which an answer is late whatever the reason.
pub const REPLY_DAYS_MOST: u16 = 10;

/// How a line of a notice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineState {
    /// Nobody objects, or every objection came to nothing.
    Shown,
    /// An objection is open: it counts for nothing yet, also where the notice was confirmed before (E23).
    Held,
    /// An objection was upheld, wholly or partly: the line is to be changed or has been.
    Disputed,
    /// It was struck.
    Withdrawn,
}

/// What became of an objection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Open,
    Upheld,
    Nothing,
}

/// Returns how each line of a notice stands, by its number.
pub fn lines(workspace: &Workspace, notice: &Record) -> BTreeMap<FactId, LineState> {
    let mut lines: BTreeMap<FactId, LineState> = BTreeMap::new();
    for (id, line) in &notice.lines {
        lines.insert(id.clone(), if line.struck.is_some() { LineState::Withdrawn } else { LineState::Shown });
    }
    for objection in objections(workspace, notice) {
        let state = match outcome(workspace, objection) {
            Outcome::Open => LineState::Held,
            Outcome::Upheld => LineState::Disputed,
            Outcome::Nothing => continue,
        };
        let of = match objection.value("line") {
            Some(Value::Text(line)) => line.trim().parse::<FactId>().ok(),
            _ => None,
        };
        for (id, stands) in &mut lines {
            // An objection that names no line, or none of this notice, is against the whole of it.
            let meant = of.as_ref().is_none_or(|of| of == id || !notice.lines.contains_key(of));
            if meant && *stands != LineState::Withdrawn && *stands != LineState::Held {
                *stands = state;
            }
        }
    }
    lines
}

/// Returns the objections against a notice, by number.
pub fn objections<'a>(workspace: &'a Workspace, notice: &'a Record) -> impl Iterator<Item = &'a Record> {
    let kind = if notice.kind.key == TOWNSHIP_NOTICE.key { &TOWNSHIP_OBJECTION } else { &OBJECTION };
    let number = notice.id.to_string();
    let against = move |record: &Record| matches!(record.value("notice"), Some(Value::Text(of)) if *of == number);
    workspace.records_of(kind).map(|(_, record)| record).filter(move |record| against(record))
}

/// Returns how a village's notice stands towards an account, or towards one of its people, by every line that names
/// either; nothing where the notice is not here or names neither.
pub fn stands_for(
    workspace: &Workspace,
    notice: &FactId,
    account: &HouseholdId,
    person: Option<&PersonId>,
) -> Option<LineState> {
    let (_, notice) = workspace.record(notice).filter(|(_, record)| record.kind.key == NOTICE.key)?;
    let names = |id: &FactId| match notice.lines.get(id).map(|line| &line.listed.subject) {
        Some(LineSubject::Household(named)) => named == account,
        Some(LineSubject::Person(named)) => Some(named) == person,
        _ => false,
    };
    let states: Vec<LineState> =
        lines(workspace, notice).into_iter().filter(|(id, _)| names(id)).map(|(_, s)| s).collect();
    let worst = [LineState::Held, LineState::Disputed, LineState::Shown, LineState::Withdrawn];
    worst.into_iter().find(|state| states.contains(state))
}

/// Returns the days by which an objection is to be answered, at best and at the latest; nothing where the calendar ends.
pub fn reply_due(objection: &Record) -> Option<(Date, Date)> {
    let due = |days| working_days_after(objection.date, days);
    due(REPLY_DAYS).zip(due(REPLY_DAYS_MOST))
}

/// Returns the notice against which an objection is, if it is here.
pub fn notice_of<'a>(workspace: &'a Workspace, objection: &Record) -> Option<&'a Record> {
    let Some(Value::Text(number)) = objection.value("notice") else { return None };
    let (_, record) = workspace.record(&number.parse().ok()?)?;
    [&NOTICE, &TOWNSHIP_NOTICE].iter().any(|kind| kind.key == record.kind.key).then_some(record)
}

fn outcome(workspace: &Workspace, objection: &Record) -> Outcome {
    let upheld =
        || objection.steps.values().any(|taken| ["uphold", "uphold-partly"].contains(&taken.value.step.as_str()));
    match objection.state().map(|state| state.key) {
        // What somebody found out about their own record is no finding.
        Some("declined" | "upheld" | "partly-upheld" | "dismissed" | "replied" | "settled")
            if is_handled_by_recorder(workspace, objection) =>
        {
            Outcome::Open
        }
        Some("declined") => Outcome::Nothing,
        Some("upheld" | "partly-upheld" | "dismissed" | "replied" | "settled" | "final") => {
            if upheld() {
                Outcome::Upheld
            } else {
                Outcome::Nothing
            }
        }
        _ => Outcome::Open,
    }
}

const HANDLING: [&str; 7] = ["accept", "decline", "look", "uphold", "uphold-partly", "dismiss", "reply"];

/// Tells whether whoever drew up the notice took a part in handling the objection against it.
fn is_handled_by_recorder(workspace: &Workspace, objection: &Record) -> bool {
    let Some(notice) = notice_of(workspace, objection) else { return false };
    let recorders = notice.takers(OPENED);
    let handlers = HANDLING.iter().flat_map(|step| objection.takers(step));
    let mut same = handlers.filter_map(|handler| handler.holder.as_ref());
    same.any(|handler| recorders.iter().any(|recorder| recorder.holder.as_ref() == Some(handler)))
}

/// Refuses what a notice and its objections do not let be done to each other.
pub(super) fn check_step(workspace: &Workspace, acting: &Acting, record: &Record, step: &Step) -> Result<(), Refusal> {
    let is = |kinds: [&str; 2]| kinds.contains(&record.kind.key);
    if is([OBJECTION.key, TOWNSHIP_OBJECTION.key]) && HANDLING.contains(&step.key) {
        let recorded = notice_of(workspace, record).is_some_and(|notice| {
            notice.takers(OPENED).iter().any(|recorder| recorder.holder.as_ref() == Some(&acting.holder))
        });
        if recorded {
            return Err(Refusal::RecordedIt);
        }
    }
    let waits_for_all = matches!(record.value("hold"), Some(Value::Text(hold)) if hold == "all");
    if is([NOTICE.key, TOWNSHIP_NOTICE.key]) && step.to == "confirmed" && waits_for_all {
        let open = objections(workspace, record).filter(|objection| outcome(workspace, objection) == Outcome::Open);
        let open: Vec<FactId> = open.map(|objection| objection.id.clone()).collect();
        if !open.is_empty() {
            return Err(Refusal::OpenObjections(open));
        }
    }
    Ok(())
}
