//! The roll as a list to tap: everybody of a body, how each stands, and what a tap does.

use shared::domain::divergence::Settled;
use shared::domain::meeting::{Attendee, Meeting, MeetingSettings, RollStatus, Stage};
use shared::id::{GroupId, PersonId};

use super::people::{Wanted, repeated};

/// What the menu of a row offers, in order; a tap on the row itself marks [`RollStatus::Present`].
pub const MENU: [RollStatus; 6] = [
    RollStatus::Present,
    RollStatus::Late,
    RollStatus::Left,
    RollStatus::Excused,
    RollStatus::Absent,
    RollStatus::Exempt,
];

/// One row of the roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollRow {
    /// Who.
    pub person: PersonId,
    /// The name at opening.
    pub name: String,
    /// Group and household at opening.
    pub household: String,
    /// Whether somebody else on the roll bears the name, so that the household must stand beside it (E20).
    pub shared_name: bool,
    /// How the person stands; `None` before anybody said so.
    pub status: Option<RollStatus>,
    /// What different people said, where they differ.
    pub differs: Vec<RollStatus>,
}

/// Whether the roll takes marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RollState {
    /// It has not begun.
    NotOpen,
    /// It takes marks.
    Open,
    /// The count stands on it.
    Closed,
}

/// Returns whether the roll takes marks: from its opening until the count (E8, E9).
pub fn state(stage: Stage) -> RollState {
    match stage {
        Stage::Draft => RollState::NotOpen,
        Stage::RollOpen | Stage::Quorate | Stage::Voting | Stage::Closed => RollState::Open,
        _ => RollState::Closed,
    }
}

/// Returns the rows of one body that a search finds, in printed order.
pub fn rows(meeting: &Meeting, settings: &MeetingSettings, body: &GroupId, search: &str) -> Vec<RollRow> {
    let wanted = Wanted::new(search);
    let shared = repeated(settings.people.iter().map(|attendee| attendee.name.as_str()));
    let is_wanted = |attendee: &&Attendee| {
        wanted.is_met_by(&attendee.name, "", None) || (!search.is_empty() && attendee.household.contains(search.trim()))
    };
    let row = |attendee: &Attendee| {
        let settled = meeting.roll.get(&attendee.person);
        let said = settled.map_or(&[][..], Settled::standing);
        RollRow {
            person: attendee.person.clone(),
            name: attendee.name.clone(),
            household: attendee.household.clone(),
            shared_name: shared.contains(attendee.name.as_str()),
            status: meeting.roll_status(&attendee.person),
            differs: if said.len() > 1 { said.iter().map(|said| said.value).collect() } else { Vec::new() },
        }
    };
    settings.raters(body).filter(is_wanted).map(row).collect()
}

/// Returns what a tap on a row marks: present, and absent again where that was a slip.
pub fn tapped(status: Option<RollStatus>) -> RollStatus {
    match status {
        Some(RollStatus::Present) => RollStatus::Absent,
        _ => RollStatus::Present,
    }
}

/// Returns the voters of whom the roll says nothing yet, in printed order.
pub fn unmarked(meeting: &Meeting, settings: &MeetingSettings) -> Vec<PersonId> {
    let voters = settings.people.iter().filter(|attendee| attendee.body.is_some());
    voters.filter(|attendee| !meeting.roll.contains_key(&attendee.person)).map(|a| a.person.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tap_marks_present_and_a_second_takes_it_back() {
        assert_eq!(tapped(None), RollStatus::Present);
        assert_eq!(tapped(Some(RollStatus::Present)), RollStatus::Absent);
        assert_eq!(tapped(Some(RollStatus::Absent)), RollStatus::Present);
        assert_eq!(tapped(Some(RollStatus::Excused)), RollStatus::Present);
    }

    #[test]
    fn takes_marks_until_the_count() {
        let open: Vec<bool> = super::super::meeting::STAGES.map(|stage| state(stage) == RollState::Open).into();
        assert_eq!(open, [false, true, true, true, true, false, false, false]);
        assert_eq!(state(Stage::Void), RollState::Closed);
    }
}
