//! The first page: who holds this phone, where, and which meetings there are.

use std::sync::Arc;

use shared::domain::Workspace;
use shared::domain::meeting::{Meeting, Stage};
use shared::domain::township::VillageKind;
use shared::id::{MeetingId, UnitCode};
use shared::identity::Holder;
use shared::role::Role;
use shared::time::Date;

use super::people::{PeopleCount, count};

/// A meeting in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingRow {
    /// Which meeting.
    pub id: MeetingId,
    /// The day.
    pub date: Date,
    /// What it calls itself; empty until its creation has arrived.
    pub title: String,
    /// Where people meet.
    pub place: String,
    /// How far it has come.
    pub stage: Stage,
    /// Whether its result is sealed.
    pub sealed: bool,
}

/// A village as its own first page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VillageHome {
    /// Its code.
    pub code: UnitCode,
    /// Its name; the code until the registry has arrived.
    pub name: String,
    /// Village or community; a village until the registry has arrived.
    pub kind: VillageKind,
    /// Its people.
    pub people: PeopleCount,
    /// Its meetings, the latest first.
    pub meetings: Vec<MeetingRow>,
}

/// Returns whether the holder's first page is the board of all villages.
pub fn sees_board(holder: &Holder) -> bool {
    holder.roles.any(&[Role::TownshipOffice, Role::Auditor])
}

/// Returns the villages a holder works in; several for an advisor, none for the office.
pub fn villages(holder: &Holder) -> Vec<UnitCode> {
    holder.villages.iter().cloned().collect()
}

/// Returns a village's first page.
pub fn village(workspace: &Workspace, code: &UnitCode) -> VillageHome {
    let known = workspace.villages.get(code);
    VillageHome {
        code: code.clone(),
        name: name(workspace, code),
        kind: workspace.township.units.get(code).map_or(VillageKind::Village, |unit| unit.kind),
        people: known.map(|village| count(&village.roster)).unwrap_or_default(),
        meetings: meetings(workspace, code),
    }
}

/// Returns what a unit is called.
pub fn name(workspace: &Workspace, code: &UnitCode) -> String {
    workspace.township.units.get(code).map_or_else(|| code.to_string(), |unit| unit.name.clone())
}

/// Returns a village's meetings, the latest first.
pub fn meetings(workspace: &Workspace, code: &UnitCode) -> Vec<MeetingRow> {
    let row = |(id, meeting): (&MeetingId, &Arc<Meeting>)| {
        let settings = meeting.settings.as_ref();
        MeetingRow {
            id: id.clone(),
            date: id.date,
            title: settings.map(|settings| settings.title.clone()).unwrap_or_default(),
            place: settings.map(|settings| settings.place.clone()).unwrap_or_default(),
            stage: meeting.stage,
            sealed: meeting.is_sealed(),
        }
    };
    let mut rows: Vec<MeetingRow> =
        workspace.villages.get(code).into_iter().flat_map(|village| &village.meetings).map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.date, row.id.round)));
    rows
}
