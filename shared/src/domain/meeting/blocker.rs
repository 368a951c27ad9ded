//! What stands in a meeting's way: every conflict and gap as a value, with the first stage it keeps from beginning.

use super::count::SerialClash;
use super::{Meeting, Stage};
use crate::domain::appraisal::InvalidReason;
use crate::domain::ballot::Serial;
use crate::id::{GroupId, PersonId};

/// One thing that must be settled before a stage can begin.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blocker {
    /// Two phones created the meeting differently; one of the settings must be chosen (E1).
    SettingsDiffer,
    /// Too few of this body are in the room.
    NoQuorum {
        /// The body.
        group: GroupId,
        /// How many must come.
        due: u32,
        /// How many are in the room.
        in_room: u32,
        /// How many it takes.
        required: u32,
    },
    /// Two people marked this person's presence differently.
    RollDiffers(PersonId),
    /// This serial does not fit what was handed out.
    Serial(Serial, SerialClash),
    /// Entries of this serial differ; read it again from the paper (E3).
    PaperDiffers(Serial),
    /// Only this person entered the serial; a second must.
    OneSided {
        /// The serial.
        serial: Serial,
        /// Who entered it; `None` while their certificate has not arrived.
        by: Option<PersonId>,
    },
    /// Issued, returned and spoiled were not compared for this group.
    NotReconciled(GroupId),
    /// Two people compared them differently.
    ReconciliationsDiffer,
    /// More came back than were handed out: the round is void (E5).
    MoreReturnedThanIssued {
        /// The group.
        group: GroupId,
        /// Sheets handed out, by the records.
        issued: u32,
        /// Sheets that came back, by hand.
        returned: u32,
    },
    /// Sheets that came back and are not in the records: missing serials, or sheets without one (E4, E36).
    NotEntered {
        /// The group.
        group: GroupId,
        /// How many.
        sheets: u32,
    },
    /// More sheets are in the records than came back.
    MoreEnteredThanReturned {
        /// The group.
        group: GroupId,
        /// How many.
        sheets: u32,
    },
    /// The numbers of this group differ, and no note says why.
    NoteNeeded(GroupId),
    /// Hands were not counted for this subject in this group.
    HandsMissing {
        /// Who is rated.
        subject: PersonId,
        /// Who rates.
        group: GroupId,
    },
    /// Two people counted hands differently; count them again.
    HandsDiffer {
        /// Who is rated.
        subject: PersonId,
        /// Who rates.
        group: GroupId,
    },
    /// No device serves as the urn.
    NoUrn,
    /// Two devices serve as urns: nobody can say that all voted once, so that the round is void.
    TwoUrns,
    /// This person took a turn at two urns: the round is void.
    VotedTwice(PersonId),
    /// The urn was not emptied into the record.
    UrnNotEmptied,
    /// The urn's content was recorded twice, differently: the round is void.
    UrnsDiffer,
    /// The numbers are too large to compute with.
    Incalculable,
    /// Nobody who took no part in the count has confirmed this result.
    NotChecked,
    /// The session is invalid (E12): nothing can be decided on.
    Invalid(InvalidReason),
    /// The organisation has not decided on this subject.
    NotDecided(PersonId),
    /// Two decisions on this subject differ.
    DecisionsDiffer(PersonId),
}

impl Blocker {
    /// Returns the first stage that cannot begin, or cannot be held, while this stands.
    pub fn blocks(&self) -> Stage {
        match self {
            Self::SettingsDiffer => Stage::RollOpen,
            Self::NoQuorum { .. } => Stage::Quorate,
            Self::NoUrn => Stage::Closed,
            Self::RollDiffers(_)
            | Self::Serial(..)
            | Self::PaperDiffers(_)
            | Self::OneSided { .. }
            | Self::NotReconciled(_)
            | Self::ReconciliationsDiffer
            | Self::MoreReturnedThanIssued { .. }
            | Self::NotEntered { .. }
            | Self::MoreEnteredThanReturned { .. }
            | Self::NoteNeeded(_)
            | Self::HandsMissing { .. }
            | Self::HandsDiffer { .. }
            | Self::TwoUrns
            | Self::VotedTwice(_)
            | Self::UrnNotEmptied
            | Self::UrnsDiffer
            | Self::Incalculable => Stage::Counted,
            Self::NotChecked => Stage::Checked,
            Self::Invalid(_) | Self::NotDecided(_) | Self::DecisionsDiffer(_) => Stage::Decided,
        }
    }

    /// Returns whether nothing but voiding the round helps.
    pub fn needs_void(&self) -> bool {
        matches!(
            self,
            Self::MoreReturnedThanIssued { .. }
                | Self::TwoUrns
                | Self::VotedTwice(_)
                | Self::UrnsDiffer
                | Self::Invalid(_)
        )
    }
}

impl Meeting {
    /// Returns what keeps a stage from beginning: everything that blocks it or a stage before it.
    ///
    /// A disputed roll keeps the quorum from being declared as well as the count from standing.
    pub fn blockers_of(&self, to: Stage) -> Vec<Blocker> {
        let stands = |blocker: &&Blocker| match blocker {
            Blocker::RollDiffers(_) => to >= Stage::Quorate,
            // A quorum once declared stands (E9); it is asked again before voting and not after.
            Blocker::NoQuorum { .. } => matches!(to, Stage::Quorate | Stage::Voting),
            blocker => blocker.blocks() <= to,
        };
        self.blockers.iter().filter(stands).cloned().collect()
    }
}
