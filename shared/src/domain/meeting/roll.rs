//! The roll and its lamps: who is due, who is here, and whether a body has its quorum.

use std::collections::BTreeMap;

use super::{MeetingSettings, RollStatus};
use crate::domain::appraisal::RollCount;
use crate::domain::divergence::Settled;
use crate::id::{GroupId, PersonId};

/// A body's quorum at a glance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lamp {
    /// The body.
    pub group: GroupId,
    /// Who must come and who came; those who left count as present (E9), those who came late too (E8).
    pub roll: RollCount,
    /// Those present who have not left.
    pub in_room: u32,
    /// Those of whom the roll says nothing yet; they are due.
    pub unmarked: u32,
    /// The smallest number in the room that is enough.
    pub required: u32,
    /// Whether enough are in the room.
    pub met: bool,
    /// Whether the chair has declared the meeting quorate.
    pub declared: bool,
}

impl Lamp {
    /// Returns whether a declared quorum is no more in the room: a warning, for ballots already in stand (W3).
    pub fn is_lost(&self) -> bool {
        self.declared && !self.met
    }
}

/// The roll by person.
pub(super) type Roll = BTreeMap<PersonId, Settled<RollStatus>>;

/// Returns how a person counts: unmarked is absent, and disputed presence counts for nothing until it is settled.
pub(super) fn status(roll: &Roll, person: &PersonId) -> RollStatus {
    let standing = roll.get(person).map_or(&[][..], Settled::standing);
    let statuses = || standing.iter().map(|said| said.value);
    let mut one = statuses();
    match (one.next(), one.next()) {
        (None, _) => RollStatus::Absent,
        (Some(status), None) => status,
        _ if statuses().all(is_in_room) => RollStatus::Present,
        _ if statuses().all(|status| is_in_room(status) || status == RollStatus::Left) => RollStatus::Left,
        _ => RollStatus::Absent,
    }
}

/// Returns whether somebody of this status is in the room.
pub(super) fn is_in_room(status: RollStatus) -> bool {
    matches!(status, RollStatus::Present | RollStatus::Late)
}

/// Returns a lamp per rater group, in rulebook order.
pub(super) fn lamps(settings: &MeetingSettings, roll: &Roll, declared: bool) -> Vec<Lamp> {
    let lamp = |group: &crate::domain::rulebook::RaterGroup| {
        let mut count = RollCount::default();
        let (mut in_room, mut unmarked) = (0, 0);
        for rater in settings.raters(&group.id) {
            let status = status(roll, &rater.person);
            count.count(status);
            in_room += u32::from(is_in_room(status));
            unmarked += u32::from(!roll.contains_key(&rater.person));
        }
        Lamp {
            group: group.id.clone(),
            roll: count,
            in_room,
            unmarked,
            required: group.quorum.required(count.due),
            met: group.quorum.is_met(count.due, in_room),
            declared,
        }
    };
    settings.rulebook.groups.iter().map(lamp).collect()
}
