//! The red board and the warning board of a village as they hang on a day (W6).

use shared::domain::Workspace;
use shared::domain::poster;
use shared::domain::red_list::{BoardLine, Shown, red_board, warning_board};
use shared::id::{FactId, UnitCode};
use shared::time::Date;

use crate::state::people::dwelling;

/// Both boards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Boards {
    /// Good deeds.
    pub red: Vec<BoardRow>,
    /// What was to be put right and was not.
    pub warnings: Vec<BoardRow>,
}

/// A line of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardRow {
    /// The number of the record behind it.
    pub id: FactId,
    /// Under what it hangs.
    pub who: Who,
    /// What was done, or the matter.
    pub text: String,
    /// The item of the adopted list.
    pub item: String,
    /// The last day on which it hangs.
    pub until: Date,
}

/// Under what a line hangs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A name, and what tells it from others of the village; empty where nothing has to.
    Name(String, String),
    /// A household's number.
    Household(String),
}

/// Returns what hangs in a village on a day; the line that is to be taken down first stands first.
pub fn boards(workspace: &Workspace, village: &UnitCode, on: Date) -> Boards {
    let who = |shown: Shown<'_>| match shown {
        Shown::Household(number) => Who::Household(number.to_owned()),
        Shown::Name(person) => {
            let roster = workspace.villages.get(village).map(|village| &village.roster);
            let apart = roster.and_then(|roster| poster::apart(roster, person));
            let apart = apart.map(|(group, number)| dwelling(group, &number)).unwrap_or_default();
            Who::Name(person.name.clone(), apart)
        }
    };
    let row = |line: BoardLine<'_>| BoardRow {
        id: line.record.id.clone(),
        who: who(line.shown),
        text: line.text.to_owned(),
        item: line.item.to_owned(),
        until: line.until,
    };
    let rows = |lines: Vec<BoardLine<'_>>| {
        let mut rows: Vec<BoardRow> = lines.into_iter().map(row).collect();
        rows.sort_by(|a, b| (a.until, &a.id).cmp(&(b.until, &b.id)));
        rows
    };
    Boards { red: rows(red_board(workspace, village, on)), warnings: rows(warning_board(workspace, village, on)) }
}
