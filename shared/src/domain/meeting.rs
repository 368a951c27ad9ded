//! A member review meeting: what is recorded of it, from settings to seal, and what follows from the records.

mod blocker;
mod compute;
mod count;
mod fold;
mod paper;
mod result;
mod roll;
mod settings;
mod state;
mod urn;

pub use blocker::Blocker;
pub use count::{GroupCount, Issued, SERIAL_LIMIT, SERIALS_LIMIT, SerialClash};
pub use paper::{PaperDifference, PaperEntry, PaperState, Sheet};
pub use result::{Grading, MeetingResult};
pub use roll::Lamp;
pub use settings::{ATTENDEES_LIMIT, LINE_BYTES, MEMBERS, REPRESENTATIVES, SettingsFault, SettingsPart, attendees};
pub use state::{CheckFlaw, CheckState, HandTally, Meeting, MeetingNote, OneThird, Ruling, SealState};
pub use urn::{Urn, UrnBallot, UrnState};

use std::collections::BTreeMap;

use crate::domain::ballot::{BallotMode, HandCount, PaperBallot, Serial, UrnTally};
use crate::domain::person::{MemberClass, Standing};
use crate::domain::rulebook::Rulebook;
use crate::id::{DeviceCode, DeviceNumber, FactId, GroupId, PersonId};
use crate::role::Duty;
use crate::time::Instant;

/// Who recorded a fact, as the signature over it proves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Author {
    /// The device.
    pub device: DeviceNumber,
    /// The person to whom the device was certified; `None` while the certificate has not arrived.
    pub holder: Option<PersonId>,
}

/// A fact with its number, its author and what the author's clock said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded<T> {
    /// The record number, also written on paper.
    pub id: FactId,
    /// Who recorded it.
    pub author: Author,
    /// What the recording device's clock said; shown, never used for order.
    pub at: Instant,
    /// The fact itself.
    pub value: T,
}

impl<T> Recorded<T> {
    /// Returns a part of the fact with the same number, author and time.
    pub fn cast<U>(&self, value: U) -> Recorded<U> {
        Recorded { id: self.id.clone(), author: self.author.clone(), at: self.at, value }
    }
}

impl<T: Clone> Recorded<&T> {
    /// Returns the same with a value of its own.
    fn cloned_value(&self) -> Recorded<T> {
        let (id, author) = (self.id.clone(), self.author.clone());
        Recorded { id, author, at: self.at, value: self.value.clone() }
    }
}

/// One immutable fact of a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeetingFact {
    /// The meeting was created with these settings.
    Opened(Box<Opening>),
    /// Somebody's presence was marked.
    Roll(RollMark),
    /// The chair moved the meeting on.
    Stage(StageChange),
    /// Ballots with these serials were handed out to a group.
    Issued(BallotsIssued),
    /// One person entered one paper ballot.
    Paper(PaperBallot),
    /// Hands were counted for one subject.
    Hands(HandCount),
    /// This device serves as the urn.
    UrnPlaced,
    /// This person took a turn at the urn; what they said is in the urn alone.
    Voted(PersonId),
    /// The urn was emptied at closing.
    Urn(UrnTally),
    /// Issued, returned and spoiled were compared at closing.
    Reconciled(Reconciliation),
    /// A second person checked the count of this digest.
    Checked(CountCheck),
    /// The organisation gave its final word on a subject.
    Decided(Decision),
    /// The result was sealed.
    Sealed(Seal),
}

impl MeetingFact {
    /// Returns what one does in recording it; only those who may do that are believed.
    pub fn duty(&self) -> Duty {
        match self {
            Self::Opened(_) | Self::Roll(_) | Self::Stage(_) | Self::Issued(_) | Self::Sealed(_) => Duty::Frame,
            Self::Paper(_) | Self::Hands(_) | Self::UrnPlaced | Self::Voted(_) | Self::Urn(_) | Self::Reconciled(_) => {
                Duty::Count
            }
            Self::Checked(_) => Duty::Check,
            Self::Decided(_) => Duty::Decide,
        }
    }

    /// Returns the facts that this one replaces, if it is of a kind that corrects earlier ones.
    pub fn replaces_mut(&mut self) -> Option<&mut Vec<FactId>> {
        match self {
            Self::Opened(opening) => Some(&mut opening.replaces),
            Self::Roll(mark) => Some(&mut mark.replaces),
            Self::Issued(run) => Some(&mut run.replaces),
            Self::Paper(ballot) => Some(&mut ballot.replaces),
            Self::Hands(count) => Some(&mut count.replaces),
            Self::Reconciled(reconciliation) => Some(&mut reconciliation.replaces),
            Self::Decided(decision) => Some(&mut decision.replaces),
            Self::Stage(_) | Self::UrnPlaced | Self::Voted(_) | Self::Urn(_) | Self::Checked(_) | Self::Sealed(_) => {
                None
            }
        }
    }
}

/// The meeting's creation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// What it is created with.
    pub settings: MeetingSettings,
    /// Earlier openings that this one corrects, or settles where two phones differed (E1).
    pub replaces: Vec<FactId>,
}

/// What a meeting is created with; frozen from then on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingSettings {
    /// What the meeting calls itself.
    pub title: String,
    /// Where people meet.
    pub place: String,
    /// How ballots are collected.
    pub mode: BallotMode,
    /// The rulebook version as it stood at opening; later versions never touch it (W1).
    pub rulebook: Rulebook,
    /// Everybody who votes or is rated, in printed order.
    pub people: Vec<Attendee>,
    /// Who keeps the tally (计票人) and who witnesses it (监票人); never the same person.
    pub teller: PersonId,
    /// The scrutineer (监票人).
    pub scrutineer: PersonId,
    /// Who chairs.
    pub chair: PersonId,
}

/// A person as the meeting's roll and ballots name them, frozen so that later moves change no record (E19).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendee {
    /// The person on the roster.
    pub person: PersonId,
    /// The name at opening.
    pub name: String,
    /// Villager group and household number at opening, to tell same names apart (E20).
    pub household: String,
    /// Party standing at opening.
    pub standing: Option<Standing>,
    /// The member's circumstances at opening.
    pub class: MemberClass,
    /// The body in which the person votes; `None` for those who are only rated.
    pub body: Option<GroupId>,
    /// Whether the meeting rates this person.
    pub subject: bool,
}

/// How somebody stands on the roll (到会登记).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RollStatus {
    /// 实到
    Present,
    /// Came after the roll was called; present.
    Late,
    /// Left before closing; still present for a quorum already declared (E9).
    Left,
    /// 请假: due, not present.
    Excused,
    /// 缺席: due, not present.
    Absent,
    /// Not due, after a branch decision (E17).
    Exempt,
}

/// One mark on the roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollMark {
    /// Whose presence.
    pub person: PersonId,
    /// How they stand.
    pub status: RollStatus,
    /// Earlier marks of this person that this one follows.
    pub replaces: Vec<FactId>,
}

/// How far a meeting has come (W3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Created; the roll is not open.
    Draft,
    /// The roll is being called.
    RollOpen,
    /// Every body had its quorum when the chair declared it.
    Quorate,
    /// Ballots are issued and collected.
    Voting,
    /// No ballot is taken any more; issued and returned are reconciled.
    Closed,
    /// The count is complete and without divergence.
    Counted,
    /// A second person checked the count.
    Checked,
    /// The organisation decided on every subject.
    Decided,
    /// Ended without a result: no quorum, or the chair adjourned.
    Adjourned,
    /// The round is void: more ballots came back than were issued, or the urn was lost (E5).
    Void,
}

/// The chair moved the meeting to a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageChange {
    /// The stage that begins.
    pub to: Stage,
    /// Why, where the stage asks for a reason; may be empty.
    pub reason: String,
}

/// A run of serials handed out to a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BallotsIssued {
    /// Who received them.
    pub group: GroupId,
    /// The first serial.
    pub first: Serial,
    /// The last serial, included.
    pub last: Serial,
    /// Earlier runs of this group that this one corrects.
    pub replaces: Vec<FactId>,
}

/// Issued, returned and spoiled per group, as counted by hand at closing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciliation {
    /// The hand count per group.
    pub groups: BTreeMap<GroupId, BallotCount>,
    /// Why the numbers differ; required when they do, printed with them.
    pub note: String,
    /// Earlier reconciliations that this one corrects.
    pub replaces: Vec<FactId>,
}

/// Sheets of one group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BallotCount {
    /// Handed out.
    pub issued: u32,
    /// Came back, spoiled and abstained included.
    pub returned: u32,
    /// Of those returned, spoiled.
    pub spoiled: u32,
    /// Of those returned, blank.
    pub abstained: u32,
}

/// A second person's word that the count is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountCheck {
    /// The digest of the result that was checked.
    pub digest: [u8; 32],
}

/// The organisation's final word on one subject (组织评定).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who is decided on.
    pub subject: PersonId,
    /// The stars given; `None` leaves the subject without a grade (probationary, excused).
    pub stars: Option<u8>,
    /// Why it differs from the arithmetic; required when it does.
    pub reason: String,
    /// Earlier decisions on this subject that this one corrects.
    pub replaces: Vec<FactId>,
}

/// What a result was computed from, so that anyone can recompute it; what arrives later changes nothing.
///
/// Deciding leaves `heads` empty: whoever writes the document fills them in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The last fact counter of each device that the result rests on.
    pub up_to: BTreeMap<DeviceCode, u32>,
    /// The document's heads at that moment.
    pub heads: Vec<[u8; 32]>,
    /// The digest of the result.
    pub digest: [u8; 32],
}
