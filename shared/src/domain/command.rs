//! Everything a person can ask for, and every reason to refuse.

use crate::domain::ballot::{BallotContent, Mark, Serial};
use crate::domain::meeting::{MeetingSettings, Reconciliation, RollStatus, Stage};
use crate::domain::person::{Household, Person};
use crate::domain::rulebook::Rulebook;
use crate::domain::township::Unit;
use crate::id::{GroupId, MeetingId, PersonId, UnitCode};

/// A wish of the person who holds the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Name the township and its units.
    SetTownship {
        /// The township's name.
        name: String,
        /// All its units.
        units: Vec<Unit>,
    },
    /// Put a rulebook version in force.
    AdoptRulebook {
        /// The version.
        rulebook: Box<Rulebook>,
        /// The meeting that adopted it, in words.
        adopted_at: String,
    },
    /// Take people and households into a village's roster; equal ones change nothing.
    ImportRoster {
        /// The village.
        village: UnitCode,
        /// Its households.
        households: Vec<Household>,
        /// Its people.
        people: Vec<Person>,
    },
    /// Something about one meeting.
    Meeting(MeetingId, MeetingCommand),
}

/// A wish about one meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeetingCommand {
    /// Create it.
    Open(Box<MeetingSettings>),
    /// Mark somebody on the roll.
    MarkRoll {
        /// Whose presence.
        person: PersonId,
        /// How they stand.
        status: RollStatus,
    },
    /// Move the meeting on, or end it.
    Move {
        /// The stage that should begin.
        to: Stage,
        /// Why; required for `Adjourned` and `Void`.
        reason: String,
    },
    /// Hand out a run of serials.
    Issue {
        /// To whom.
        group: GroupId,
        /// The first serial.
        first: Serial,
        /// The last serial, included.
        last: Serial,
    },
    /// Enter one paper ballot.
    EnterPaper {
        /// The printed number.
        serial: Serial,
        /// The group it was issued to.
        group: GroupId,
        /// What stands on it.
        content: BallotContent,
    },
    /// Count hands for one subject.
    CountHands {
        /// Who is rated.
        subject: PersonId,
        /// Who rates.
        group: GroupId,
        /// Hands per level.
        hands: Vec<u32>,
    },
    /// Let this device serve as the urn.
    PlaceUrn,
    /// Drop a ballot into the urn on this device.
    DropBallot {
        /// Who takes the turn; recorded apart from what they say.
        voter: PersonId,
        /// A mark per subject; goes into the urn's local store only.
        marks: Vec<Mark>,
    },
    /// Empty the urn into the record; only at closing and only on the urn's own device.
    EmptyUrn,
    /// Write down the hand count of sheets.
    Reconcile(Reconciliation),
    /// Confirm the count as a second person.
    Check,
    /// Decide on one subject.
    Decide {
        /// Who.
        subject: PersonId,
        /// The stars given.
        stars: Option<u8>,
        /// Why it differs from the arithmetic.
        reason: String,
    },
    /// Seal the result.
    Seal,
}
