//! Counting hands: which subject is next in which group, and whether the figures can be right.

use shared::domain::divergence::Settled;
use shared::domain::meeting::{Meeting, MeetingSettings, RollStatus};
use shared::id::{GroupId, PersonId};

/// One subject of a group's count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandLine {
    /// Who is rated.
    pub person: PersonId,
    /// The name at opening.
    pub name: String,
    /// Group and household, to tell same names apart.
    pub household: String,
    /// Hands per level as recorded, if they are.
    pub hands: Option<Vec<u32>>,
    /// Whether two phones recorded different counts.
    pub differs: bool,
    /// Raters of the group in the room who may rate this subject: nobody rates themselves.
    pub raters: u32,
}

/// Returns the subjects of one group's count, in printed order.
pub fn lines(meeting: &Meeting, settings: &MeetingSettings, group: &GroupId) -> Vec<HandLine> {
    let present = meeting.lamps.iter().find(|lamp| lamp.group == *group).map_or(0, |lamp| lamp.in_room);
    settings
        .subjects()
        .map(|subject| {
            let settled = meeting.hands.get(&(subject.person.clone(), group.clone()));
            let own = subject.body.as_ref() == Some(group)
                && matches!(meeting.roll_status(&subject.person), Some(RollStatus::Present | RollStatus::Late));
            HandLine {
                person: subject.person.clone(),
                name: subject.name.clone(),
                household: subject.household.clone(),
                hands: settled.and_then(Settled::agreed).map(|tally| tally.hands.clone()),
                differs: settled.is_some_and(Settled::is_divergence),
                raters: present.saturating_sub(u32::from(own)),
            }
        })
        .collect()
}

/// Returns the place of the first subject without an agreed count.
pub fn first_open(lines: &[HandLine]) -> Option<usize> {
    lines.iter().position(|line| line.hands.is_none())
}

/// How the hands of one count compare with the raters in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// So many raised no hand.
    Abstained(u32),
    /// So many hands more than raters.
    Over(u32),
}

/// Compares hands with raters.
pub fn fit(hands: &[u32], raters: u32) -> Fit {
    let sum = hands.iter().fold(0_u32, |sum, count| sum.saturating_add(*count));
    match sum.checked_sub(raters) {
        Some(over) if over > 0 => Fit::Over(over),
        _ => Fit::Abstained(raters - sum),
    }
}
