//! The township's board: which villages have arrived, and what became of each meeting.

pub mod layers;
pub mod quarters;
pub mod cases;
pub mod year;

use std::sync::Arc;

use shared::domain::Workspace;
use shared::domain::meeting::{Meeting, MeetingNote, Stage};
use shared::id::{Address, MeetingId, ScopeId, UnitCode};
use shared::time::{Date, Instant};

use super::people::{PeopleCount, count};
use super::register::story;

/// All villages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// The township's name; empty until the registry has arrived.
    pub township: String,
    /// The villages by precinct, in the registry's order of codes.
    pub villages: Vec<BoardVillage>,
    /// How many of them have arrived.
    pub arrived: usize,
}

/// One village of the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardVillage {
    /// Its code.
    pub code: UnitCode,
    /// Its name.
    pub name: String,
    /// Its precinct.
    pub precinct: String,
    /// Its people; nobody until its roster has arrived.
    pub people: PeopleCount,
    /// The latest of its records, by the clocks of its phones.
    pub fresh: Option<Instant>,
    /// Its meetings, the latest first.
    pub meetings: Vec<BoardMeeting>,
}

/// One meeting of the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardMeeting {
    /// Which meeting.
    pub id: MeetingId,
    /// The day.
    pub date: Date,
    /// What it calls itself.
    pub title: String,
    /// How far it has come.
    pub stage: Stage,
    /// How many are rated.
    pub subjects: usize,
    /// Whether the session is valid; `None` before the count.
    pub valid: Option<bool>,
    /// How many subjects were given how many stars, the highest first.
    pub stars: Vec<(u8, usize)>,
    /// What this device found when it computed the result again.
    pub recomputed: Recomputed,
}

/// What came of computing a sealed result again from the same facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recomputed {
    /// The village has not sealed it.
    NotSealed,
    /// The digest computed here is the sealed one.
    Equal,
    /// Something was sealed that cannot be computed from what it names.
    Different,
}

impl BoardVillage {
    /// Returns whether anything of the village is here.
    pub fn has_arrived(&self) -> bool {
        self.people.people > 0 || !self.meetings.is_empty() || self.fresh.is_some()
    }
}

/// Returns the board.
pub fn board(workspace: &Workspace) -> Board {
    let mut villages: Vec<BoardVillage> = workspace
        .township
        .units
        .values()
        .map(|unit| {
            let village = workspace.villages.get(&unit.code);
            let meetings = || village.into_iter().flat_map(|village| village.meetings.values()).map(Arc::as_ref);
            let mut rows: Vec<BoardMeeting> = meetings().map(row).collect();
            rows.sort_by_key(|row| std::cmp::Reverse((row.date, row.id.round)));
            BoardVillage {
                code: unit.code.clone(),
                name: unit.name.clone(),
                precinct: unit.precinct.clone(),
                people: village.map(|village| count(&village.roster)).unwrap_or_default(),
                fresh: meetings().filter_map(latest).chain(freshest(workspace, &unit.code)).max(),
                meetings: rows,
            }
        })
        .collect();
    villages.sort_by(|a, b| (&a.precinct, &a.code).cmp(&(&b.precinct, &b.code)));
    let arrived = villages.iter().filter(|village| village.has_arrived()).count();
    Board { township: workspace.township.name.clone(), villages, arrived }
}

/// Returns what this device found when it computed a meeting's result again.
///
/// Reading a seal recomputes it from the facts that it names; one that does not come out equal is a note.
pub fn recomputed(meeting: &Meeting) -> Recomputed {
    let differs = |note: &MeetingNote| matches!(note, MeetingNote::Seal(_) | MeetingNote::SecondSeal(_));
    if meeting.notes.iter().any(differs) {
        Recomputed::Different
    } else if meeting.is_sealed() {
        Recomputed::Equal
    } else {
        Recomputed::NotSealed
    }
}

fn row(meeting: &Meeting) -> BoardMeeting {
    let settings = meeting.settings.as_ref();
    let mut stars: std::collections::BTreeMap<u8, usize> = std::collections::BTreeMap::new();
    for stars_given in meeting.decisions.values().filter_map(|ruling| ruling.agreed()?.stars) {
        *stars.entry(stars_given).or_default() += 1;
    }
    BoardMeeting {
        id: meeting.id.clone(),
        date: meeting.id.date,
        title: settings.map(|settings| settings.title.clone()).unwrap_or_default(),
        stage: meeting.stage,
        subjects: settings.map_or(0, |settings| settings.subject_count()),
        valid: meeting.result.as_ref().map(|result| result.session.is_valid()),
        stars: stars.into_iter().rev().collect(),
        recomputed: recomputed(meeting),
    }
}

/// Returns the latest clock reading of a village's registers, accounts and moves.
fn freshest(workspace: &Workspace, code: &UnitCode) -> Option<Instant> {
    let of_village = |address: &Address| address.scope == ScopeId::Village(code.clone());
    let registers = workspace.registers.iter().filter(|(address, _)| of_village(address));
    let records = registers.flat_map(|(_, affairs)| affairs.records.values());
    let records = records.flat_map(|record| story::moments(record).into_iter().map(|(_, at, _)| at));
    let village = workspace.villages.get(code)?;
    let claims = village.points.entries.values().map(|entry| entry.claim.fact.at);
    let moves = village.roster.moves.history.values().map(|fact| fact.at);
    records.chain(claims).chain(moves).max()
}

/// Returns the latest clock reading that stands in a meeting's records.
fn latest(meeting: &Meeting) -> Option<Instant> {
    let moves = meeting.moves.iter().map(|change| change.at);
    let roll = meeting.roll.values().flat_map(|settled| settled.voices()).map(|voice| voice.at);
    let opened = meeting.opened.voices().map(|voice| voice.at);
    let seal = meeting.seal.iter().map(|seal| seal.voice.at);
    moves.chain(roll).chain(opened).chain(seal).max()
}

#[cfg(test)]
mod tests;
