//! Voting at the urn: who may take the next turn, and a ballot without the voter's own line.

use shared::domain::ballot::Mark;
use shared::domain::divergence::Settled;
use shared::domain::meeting::{Attendee, Meeting, MeetingSettings, RollStatus};
use shared::id::{DeviceNumber, PersonId};

/// Where the urn stands, from the point of view of one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// No device serves as the urn yet.
    Nowhere,
    /// This device does.
    Here,
    /// Another device does; this is the code that people read on it.
    Elsewhere(String),
    /// Two devices do; the round can only be voided.
    Two,
}

/// Somebody in the room and whether they have voted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voter {
    /// Who.
    pub person: PersonId,
    /// The name at opening.
    pub name: String,
    /// Group and household, to tell same names apart.
    pub household: String,
    /// Whether they took their turn.
    pub voted: bool,
}

/// Returns where the urn stands.
pub fn place(meeting: &Meeting, me: DeviceNumber) -> Place {
    match &meeting.urn.placed {
        Settled::Nothing => Place::Nowhere,
        Settled::Agreed(said) if said.value == me => Place::Here,
        // Whoever placed it did so on that very device, so that the record's number begins with its code.
        Settled::Agreed(said) => {
            let code = said.by.first().map(|voice| voice.fact.device.to_string());
            Place::Elsewhere(code.unwrap_or_else(|| said.value.to_string()))
        }
        Settled::Divergence(_) => Place::Two,
    }
}

/// Returns those in the room, whoever has not voted first, in printed order.
pub fn voters(meeting: &Meeting, settings: &MeetingSettings) -> Vec<Voter> {
    let in_the_room = |attendee: &&Attendee| {
        let status = meeting.roll_status(&attendee.person);
        attendee.body.is_some() && matches!(status, Some(RollStatus::Present | RollStatus::Late))
    };
    let mut voters: Vec<Voter> = settings
        .people
        .iter()
        .filter(in_the_room)
        .map(|attendee| Voter {
            person: attendee.person.clone(),
            name: attendee.name.clone(),
            household: attendee.household.clone(),
            voted: meeting.urn.voted.contains(&attendee.person),
        })
        .collect();
    voters.sort_by_key(|voter| voter.voted);
    voters
}

/// Returns the subjects that a voter rates: everybody but themselves (W3).
pub fn rated_by<'a>(settings: &'a MeetingSettings, voter: &'a PersonId) -> impl Iterator<Item = &'a Attendee> {
    settings.subjects().filter(move |subject| subject.person != *voter)
}

/// Puts the voter's own line back as an abstention, so that the marks stand in the order of all subjects.
pub fn with_own_line(settings: &MeetingSettings, voter: &PersonId, rated: Vec<Mark>) -> Vec<Mark> {
    let mut rated = rated.into_iter();
    let line = |subject: &Attendee| {
        let own = subject.person == *voter;
        if own { Some(Mark::Abstained) } else { rated.next() }
    };
    settings.subjects().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::domain::divergence::{Said, Voice};
    use shared::domain::meeting::Author;
    use shared::id::{DeviceCode, FactId};
    use shared::time::Instant;

    #[test]
    fn another_phone_is_named_by_the_code_on_its_label() {
        let fact = FactId { device: DeviceCode::new("SH3").unwrap(), counter: 9 };
        let voice = Voice { fact, author: Author { device: DeviceNumber(7), holder: None }, at: Instant(1) };
        let mut meeting = Meeting::fold("420529202209-2026-11-23-1".parse().unwrap(), Vec::new());
        meeting.urn.placed = Settled::Agreed(Said { value: DeviceNumber(7), by: vec![voice] });
        assert_eq!(place(&meeting, DeviceNumber(7)), Place::Here);
        assert_eq!(place(&meeting, DeviceNumber(8)), Place::Elsewhere("SH3".to_owned()));
    }
}
