//! A meeting as its records tell it: every value that pages show and decisions rest on.

use std::collections::{BTreeMap, BTreeSet};

use super::blocker::Blocker;
use super::count::{GroupCount, Issued, SerialClash};
use super::paper::{PaperState, same_person};
use super::result::MeetingResult;
use super::roll::Lamp;
use super::settings::SettingsPart;
use super::urn::UrnState;
use super::{Author, MeetingSettings, Reconciliation, Recorded, RollStatus, Seal, Stage, StageChange};
use crate::domain::ballot::Serial;
use crate::domain::divergence::{Settled, Voice};
use crate::id::{DeviceCode, FactId, GroupId, MeetingId, PersonId};

/// A member review meeting, folded from its facts; equal facts give an equal meeting in whatever order they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Which meeting it is.
    pub id: MeetingId,
    /// What it was created with; a divergence where two phones created it differently (E1).
    pub opened: Settled<MeetingSettings>,
    /// The settings in use: the agreed ones, or the first of several until one is chosen; `None` before any arrived.
    pub settings: Option<MeetingSettings>,
    /// Where standing settings differ.
    pub settings_differ: BTreeSet<SettingsPart>,
    /// How far it has come. A conflict that arrives after the count takes it back to [`Stage::Closed`].
    pub stage: Stage,
    /// Every move, by fact number.
    pub moves: Vec<Recorded<StageChange>>,
    /// The roll by person.
    pub roll: BTreeMap<PersonId, Settled<RollStatus>>,
    /// The quorum lamps, in rulebook order.
    pub lamps: Vec<Lamp>,
    /// What was handed out, by group.
    pub issued: BTreeMap<GroupId, Issued>,
    /// Paper ballots by serial: all that were handed out or entered.
    pub paper: BTreeMap<Serial, PaperState>,
    /// Serials that do not fit what was handed out.
    pub clashes: BTreeMap<Serial, SerialClash>,
    /// Hands by subject and group.
    pub hands: BTreeMap<(PersonId, GroupId), Settled<HandTally>>,
    /// The urn.
    pub urn: UrnState,
    /// Sheets per group as the records count them; every group of the rulebook has its line.
    pub counts: BTreeMap<GroupId, GroupCount>,
    /// The hand count at closing; its `replaces` is left empty.
    pub reconciled: Settled<Reconciliation>,
    /// Everything that stands in the way of some stage.
    pub blockers: Vec<Blocker>,
    /// The result, from [`Stage::Counted`] on.
    pub result: Option<MeetingResult>,
    /// Everybody who entered ballots, counted hands or emptied the urn, corrected entries included.
    pub counters: BTreeSet<Author>,
    /// Confirmations of the count, by fact number; those with a flaw do not count.
    pub checks: Vec<CheckState>,
    /// The organisation's decisions by subject.
    pub decisions: BTreeMap<PersonId, Settled<Ruling>>,
    /// How many get the highest stars, and how many may without a reason.
    pub one_third: OneThird,
    /// The seal whose result was recomputed and found equal.
    pub seal: Option<SealState>,
    /// Facts that arrived after the seal's base; they change nothing sealed.
    pub late: Vec<FactId>,
    /// The last fact counter of each device; a seal's base.
    pub up_to: BTreeMap<DeviceCode, u32>,
    /// What was malformed and is passed over.
    pub notes: Vec<MeetingNote>,
}

/// Hands for one subject in one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandTally {
    /// Hands per level, in the order of the rulebook's levels.
    pub hands: Vec<u32>,
    /// Raters who raised none.
    pub abstained: u32,
}

/// A decision of the organisation on one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// The stars given; `None` leaves the subject without a grade.
    pub stars: Option<u8>,
    /// Why it differs from the arithmetic, or exceeds a third; may be empty.
    pub reason: String,
}

/// Somebody's word that the count is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckState {
    /// Who gave it.
    pub voice: Voice,
    /// Why it does not count, if it does not.
    pub flaw: Option<CheckFlaw>,
}

/// Why a confirmation does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckFlaw {
    /// It confirms another result than the present one.
    OtherResult,
    /// Its author entered ballots, counted hands or emptied the urn.
    TookPart,
    /// A certificate has not arrived, so that nobody can tell whether its author took part.
    Unproved,
}

/// The soft cap on the highest stars (DOMAIN section 6, rule 11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OneThird {
    /// A third of those who get a grade, rounded down.
    pub cap: u32,
    /// How many decisions give the highest stars.
    pub given: u32,
}

impl OneThird {
    /// Returns whether more than a third get the highest stars: allowed with a reason, flagged in the minutes (E50).
    pub fn is_exceeded(self) -> bool {
        self.given > self.cap
    }
}

/// A seal that was recomputed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealState {
    /// Who sealed.
    pub voice: Voice,
    /// What it says.
    pub seal: Seal,
}

/// Something malformed among a meeting's facts; it is passed over and kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeetingNote {
    /// Two different facts bear one number.
    OneNumberTwice(FactId),
    /// Its author has none of the roles of this village that may record such a thing (DOMAIN section 4).
    Role(FactId),
    /// Settings that no meeting can have.
    Settings(FactId),
    /// It speaks of a person, a group or a subject that the meeting does not have.
    Unknown(FactId),
    /// A number is outside what the rulebook allows (E15).
    OutOfRange(FactId),
    /// It belongs to another way of collecting ballots.
    OtherMode(FactId),
    /// A move to a stage that nobody moves to.
    Move(FactId),
    /// The content of an urn from a device that is not the urn.
    NotTheUrn(FactId),
    /// A seal whose result cannot be recomputed from what it names.
    Seal(FactId),
    /// A second seal over another result; the first by number stands.
    SecondSeal(FactId),
}

impl Meeting {
    /// Returns a meeting of which nothing is known.
    pub(super) fn empty(id: MeetingId) -> Self {
        Self {
            id,
            opened: Settled::Nothing,
            settings: None,
            settings_differ: BTreeSet::new(),
            stage: Stage::Draft,
            moves: Vec::new(),
            roll: BTreeMap::new(),
            lamps: Vec::new(),
            issued: BTreeMap::new(),
            paper: BTreeMap::new(),
            clashes: BTreeMap::new(),
            hands: BTreeMap::new(),
            urn: UrnState::default(),
            counts: BTreeMap::new(),
            reconciled: Settled::Nothing,
            blockers: Vec::new(),
            result: None,
            counters: BTreeSet::new(),
            checks: Vec::new(),
            decisions: BTreeMap::new(),
            one_third: OneThird::default(),
            seal: None,
            late: Vec::new(),
            up_to: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    /// Returns how a person stands on the roll; disputed presence counts for nothing until it is settled.
    pub fn roll_status(&self, person: &PersonId) -> Option<RollStatus> {
        self.roll.contains_key(person).then(|| super::roll::status(&self.roll, person))
    }

    /// Returns the chair's reason for ending the meeting without a result.
    pub fn end_reason(&self) -> Option<&str> {
        let ended = matches!(self.stage, Stage::Adjourned | Stage::Void);
        let last = self.moves.iter().find(|change| ended && change.value.to == self.stage)?;
        Some(&last.value.reason)
    }

    /// Returns the confirmation that counts.
    pub fn check(&self) -> Option<&CheckState> {
        self.checks.iter().find(|check| check.flaw.is_none())
    }

    /// Returns whether a result is sealed.
    pub fn is_sealed(&self) -> bool {
        self.seal.is_some()
    }

    /// Tells why somebody's confirmation of the count would not count: whoever took part in it cannot confirm it
    /// (DOMAIN section 4).
    pub fn check_flaw(&self, author: &Author) -> Option<CheckFlaw> {
        if self.counters.iter().any(|counter| same_person(counter, author)) {
            Some(CheckFlaw::TookPart)
        } else if author.holder.is_none() || self.counters.iter().any(|counter| counter.holder.is_none()) {
            Some(CheckFlaw::Unproved)
        } else {
            None
        }
    }
}
