//! A quarter as its records tell it: every value that pages show and decisions rest on.

use std::collections::{BTreeMap, BTreeSet};

use super::{Adjusted, AssessmentResult, AssessmentSettings, Blocker, Freeze, Move, SettingsPart};
use crate::domain::divergence::{Settled, Voice};
use crate::domain::meeting::{Author, Recorded};
use crate::id::{DeviceCode, FactId, PersonId, UnitCode};
use crate::role::Role;
use crate::time::Quarter;

/// How far a quarter has come (W2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Created; nobody scores yet.
    Planned,
    /// Assessors score.
    Open,
    /// The lead has ended the scoring; what is missing is looked for.
    Scored,
    /// Lead and one other have frozen the cards; the result is known to everybody.
    Frozen,
    /// The result is posted.
    Noticed,
    /// The notice has run its time, and what was objected to is decided.
    Confirmed,
    /// Laid by.
    Archived,
    /// Ended without a result.
    Cancelled,
}

/// A quarter's assessment, folded from its facts; equal facts give an equal one in whatever order they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// Which quarter.
    pub quarter: Quarter,
    /// What it was opened with; a divergence where two phones opened it differently (E1).
    pub opened: Settled<AssessmentSettings>,
    /// The settings in use: those frozen, else the agreed ones, else the first of several until one is chosen.
    pub settings: Option<AssessmentSettings>,
    /// Where standing settings differ.
    pub settings_differ: BTreeSet<SettingsPart>,
    /// How far it has come. A result that changes takes it back to [`Stage::Frozen`].
    pub stage: Stage,
    /// Every move, by fact number; those of an earlier result among them.
    pub moves: Vec<Recorded<Move>>,
    /// Why the quarter was cancelled, where it was.
    pub cancelled: Option<Recorded<String>>,
    /// Additions, deductions and vetoes, by number.
    pub adjustments: BTreeMap<FactId, AdjustmentState>,
    /// The lead's word on visits: whether the assessor did *not* visit the village.
    pub unvisited: BTreeMap<(PersonId, UnitCode), Settled<bool>>,
    /// Assessors who left, and why; what they gave stays.
    pub resigned: BTreeMap<PersonId, Recorded<String>>,
    /// What the lead proposed to freeze, by fact number.
    pub proposals: Vec<Proposal>,
    /// What is frozen.
    pub frozen: Option<Frozen>,
    /// The lead's decisions on ties, by the villages that tied.
    pub ties: BTreeMap<BTreeSet<UnitCode>, Settled<Tie>>,
    /// The result with everything that was decided after the freeze; known from [`Stage::Frozen`] on.
    pub result: Option<AssessmentResult>,
    /// Results that were posted and confirmed, each by its digest, with who confirmed it; overturned ones among them.
    pub confirmed: BTreeMap<[u8; 32], Voice>,
    /// What stands in the way as far as the township's own document tells.
    pub blockers: Vec<Blocker>,
    /// Facts that came after the freeze without naming it; they change nothing frozen.
    pub late: Vec<FactId>,
    /// The last fact counter of each device; a freeze's base.
    pub up_to: BTreeMap<DeviceCode, u32>,
    /// What was passed over.
    pub notes: Vec<AssessmentNote>,
}

/// An addition, a deduction or a veto.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdjustmentState {
    /// Who made it.
    pub voice: Voice,
    /// What it says.
    pub adjusted: Adjusted,
    /// Why it was struck, where it was.
    pub struck: Option<String>,
}

/// What the lead proposed to freeze.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Who proposed it.
    pub voice: Voice,
    /// What would be frozen.
    pub freeze: Freeze,
    /// Who signed it and may.
    pub signed: Vec<Voice>,
    /// Why it cannot be frozen, if it cannot.
    pub flaw: Option<Flaw>,
}

/// A proposal that was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// The proposals of this result; one, unless it was proposed twice.
    pub proposals: BTreeSet<FactId>,
    /// Who proposed it.
    pub by: Voice,
    /// Who signed it.
    pub signed: Vec<Voice>,
    /// What was frozen.
    pub freeze: Freeze,
}

/// The lead's decision on villages that nothing else tells apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// The villages, the best first where they are placed.
    pub villages: Vec<UnitCode>,
    /// Whether they share the rank.
    pub shared: bool,
    /// Why.
    pub reason: String,
}

/// Something of a quarter that does not count, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AssessmentNote {
    /// The fact.
    pub fact: FactId,
    /// Why it does not count.
    pub flaw: Flaw,
}

/// Why a fact of a quarter does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// Another fact bears the same number; neither counts.
    NumberTwice,
    /// The author has none of the roles that may do this.
    Role,
    /// Settings that no assessment can have.
    Settings,
    /// It speaks of a village, an assessor, an adjustment or a proposal that there is not.
    Unknown,
    /// A reason is missing.
    Reason,
    /// Nobody moves a quarter there: it follows from the second signature.
    Move,
    /// It was not at the stage for it.
    Stage,
    /// It is about another result than the one that it rests on.
    OtherResult,
    /// The cards are not those that the settings ask for.
    Cards,
    /// Somebody else has to do this: the same person did what it must be kept apart from.
    SamePerson,
    /// The signer is none of the assessors, or has left them.
    NotAssessor,
    /// The quarter was frozen already.
    Frozen,
}

impl Stage {
    /// Returns the roles that move a quarter there; nobody moves it to where it begins or is frozen.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Planned | Self::Frozen => &[],
            Self::Open | Self::Cancelled => &[Role::TownshipOffice, Role::AssessmentLead],
            Self::Scored => &[Role::AssessmentLead],
            Self::Noticed | Self::Confirmed | Self::Archived => &[Role::TownshipOffice],
        }
    }
}

impl Assessment {
    /// Returns a quarter of which nothing is known.
    pub(super) fn empty(quarter: Quarter) -> Self {
        Self {
            quarter,
            opened: Settled::Nothing,
            settings: None,
            settings_differ: BTreeSet::new(),
            stage: Stage::Planned,
            moves: Vec::new(),
            cancelled: None,
            adjustments: BTreeMap::new(),
            unvisited: BTreeMap::new(),
            resigned: BTreeMap::new(),
            proposals: Vec::new(),
            frozen: None,
            ties: BTreeMap::new(),
            result: None,
            confirmed: BTreeMap::new(),
            blockers: Vec::new(),
            late: Vec::new(),
            up_to: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    /// Returns the result once nothing more is expected of anybody: confirmed, and perhaps laid by.
    pub fn confirmed_result(&self) -> Option<&AssessmentResult> {
        self.result.as_ref().filter(|_| matches!(self.stage, Stage::Confirmed | Stage::Archived))
    }

    /// Returns the digest that a move to a stage names: of the settings until the freeze, then of the result.
    pub fn digest_for(&self, to: Stage) -> Option<[u8; 32]> {
        match to {
            Stage::Planned | Stage::Frozen => None,
            Stage::Open | Stage::Scored => self.settings.as_ref().map(|settings| settings.frame_digest(self.quarter)),
            Stage::Noticed | Stage::Confirmed | Stage::Archived => self.result.as_ref().map(|result| result.digest),
            Stage::Cancelled => Some([0; 32]),
        }
    }

    /// Returns the proposal that waits for its second signature: the last one without a flaw.
    pub fn proposal(&self) -> Option<&Proposal> {
        let replaced = |id: &FactId| self.proposals.iter().any(|other| other.freeze.replaces.contains(id));
        let sound = self.proposals.iter().rev().filter(|proposal| proposal.flaw.is_none());
        sound.into_iter().find(|proposal| proposal.signed.is_empty() && !replaced(&proposal.voice.fact))
    }

    /// Tells why somebody's signature under a proposal would not count.
    pub fn signature_flaw(&self, author: &Author, proposal: &Proposal) -> Option<Flaw> {
        let settings = self.settings.as_ref();
        signature_flaw(settings, self.resigned.keys(), &proposal.voice.author, author)
    }

    /// Tells why somebody's confirmation would not count: whoever froze does not confirm (DOMAIN section 4).
    pub fn confirmation_flaw(&self, author: &Author) -> Option<Flaw> {
        let frozen = self.frozen.as_ref()?;
        let froze = |proposal: &&Proposal| frozen.proposals.contains(&proposal.voice.fact);
        let mut by = self.proposals.iter().filter(froze).map(|proposal| &proposal.voice.author);
        by.any(|lead| super::same_person(lead, author)).then_some(Flaw::SamePerson)
    }

    /// Returns whether assessors give scores.
    pub fn takes_scores(&self) -> bool {
        matches!(self.stage, Stage::Open | Stage::Scored)
    }

    /// Returns villages that share a rank and on which the lead has not decided.
    pub fn undecided_ties(&self) -> impl Iterator<Item = BTreeSet<UnitCode>> {
        let tied = self.result.iter().flat_map(AssessmentResult::tied);
        tied.filter(|villages| self.ties.get(villages).and_then(Settled::agreed).is_none())
    }
}

/// Tells why a signature would not count, given who proposed and who has left.
pub(super) fn signature_flaw<'a>(
    settings: Option<&AssessmentSettings>,
    mut resigned: impl Iterator<Item = &'a PersonId>,
    proposer: &Author,
    signer: &Author,
) -> Option<Flaw> {
    // Without a certificate nobody can tell who signed: it counts once that has arrived.
    let Some(holder) = &signer.holder else { return Some(Flaw::NotAssessor) };
    if settings.and_then(|settings| settings.assessor(holder)).is_none() || resigned.any(|person| person == holder) {
        return Some(Flaw::NotAssessor);
    }
    super::same_person(proposer, signer).then_some(Flaw::SamePerson)
}
