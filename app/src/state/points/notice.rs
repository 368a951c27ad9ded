//! Putting entries on the wall: a notice with a line for each household, and the step that names it.

use std::collections::{BTreeMap, BTreeSet};

use shared::domain::Workspace;
use shared::domain::command::{Command, PointsCommand, PointsWish, RegisterCommand};
use shared::domain::points::flow::PointStep;
use shared::domain::register::kinds::notice::NOTICE;
use shared::domain::register::{LineSubject, Value};
use shared::id::{FactId, HouseholdId, UnitCode};
use shared::identity::Holder;
use shared::time::Date;

use super::work::row;

/// The longest note beside a line, in bytes: what fits beside a name on a wall.
const NOTE_BYTES: usize = 180;

/// Returns the wish for a notice of this title, to be posted at a place by somebody.
pub fn opening(village: &UnitCode, today: Date, title: &str, place: &str, poster: &str) -> RegisterCommand {
    let said = [("title", title), ("place", place), ("poster", poster)];
    let values = said.into_iter().filter(|(_, text)| !text.trim().is_empty());
    let values: BTreeMap<String, Value> =
        values.map(|(key, text)| (key.to_owned(), Value::Text(text.trim().to_owned()))).collect();
    RegisterCommand::Open { kind: &NOTICE, hosts: BTreeSet::from([village.clone()]), date: today, values }
}

/// Returns what follows once the notice has its number: a line for each household, then the step.
pub fn lines_and_step(
    workspace: &Workspace,
    me: &Holder,
    village: &UnitCode,
    today: Date,
    notice: &FactId,
    entries: &[FactId],
) -> Vec<Command> {
    let opened = opening(village, today, "", "", "");
    let Some(address) = opened.address(&me.person) else { return Vec::new() };
    let known = workspace.villages.get(village).map(|village| &village.points.entries);
    let mut by_account: BTreeMap<HouseholdId, String> = BTreeMap::new();
    for id in entries {
        let Some(entry) = known.and_then(|known| known.get(id)) else { continue };
        let shown = row(workspace, village, id, entry);
        let line = format!("{} {} {:+}", shown.date, shown.item, shown.gives.unwrap_or_default());
        let note = by_account.entry(shown.account).or_default();
        if note.len() + line.len() < NOTE_BYTES {
            let gap = if note.is_empty() { "" } else { "; " };
            note.push_str(gap);
            note.push_str(&line);
        }
    }
    let line = |(account, note): (HouseholdId, String)| {
        let (address, record, subject) = (address.clone(), notice.clone(), LineSubject::Household(account));
        Command::Register(RegisterCommand::List { address, record, village: None, subject, note })
    };
    let mut commands: Vec<Command> = by_account.into_iter().map(line).collect();
    let (step, words) = (PointStep::Notice, notice.to_string());
    let wish = PointsWish::Step { step, entries: entries.to_vec(), words };
    commands.push(Command::Points(village.clone(), PointsCommand { today, wish }));
    commands
}
