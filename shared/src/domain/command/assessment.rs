//! What people can ask for about a quarter's assessment, and every reason to refuse.

use crate::domain::assessment::{AssessmentSettings, Blocker, CardFact, Hundredths, Posted, SettingsFault, Stage};
use crate::id::{Address, CriterionId, DocumentId, FactId, PersonId, ScopeId, UnitCode};
use crate::number::Decimal;
use crate::time::Quarter;

/// A wish about a quarter's assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssessmentCommand {
    /// Open the quarter; while it is planned correct it, and where two phones opened it differently choose one (E1).
    ///
    /// Once it is open only the assessors and the lead can be corrected.
    Open(Box<AssessmentSettings>),
    /// Move it on, or cancel it.
    Move {
        /// The stage that should begin.
        to: Stage,
        /// Why; required where it is cancelled.
        reason: String,
    },
    /// Give a village points; only what differs from the own cards is written.
    Score {
        /// The village.
        village: UnitCode,
        /// Points by criterion.
        scores: Vec<(CriterionId, Hundredths)>,
    },
    /// Say that one is through with a village.
    FinishVillage(UnitCode),
    /// Add points, take some, or disqualify; after the freeze it reopens the notice.
    Adjust {
        /// The village.
        village: UnitCode,
        /// What becomes of its score.
        posted: Posted,
        /// Why.
        reason: String,
    },
    /// Strike an adjustment.
    Strike {
        /// The adjustment.
        adjustment: FactId,
        /// Why.
        reason: String,
    },
    /// Say whether an assessor did not visit a village (E32).
    MarkUnvisited {
        /// The assessor.
        assessor: PersonId,
        /// The village.
        village: UnitCode,
        /// Whether they did not.
        unvisited: bool,
        /// Why; may be empty.
        reason: String,
    },
    /// Say that an assessor has left; what they gave stays.
    Resign {
        /// The assessor.
        assessor: PersonId,
        /// Why.
        reason: String,
    },
    /// Propose to freeze the cards as they stand.
    Freeze,
    /// Sign the proposal, which freezes them.
    Sign,
    /// Decide on villages that nothing else tells apart (E34).
    DecideTie {
        /// The villages, the best first where they are placed.
        villages: Vec<UnitCode>,
        /// Whether they share the rank.
        shared: bool,
        /// Why.
        reason: String,
    },
}

/// Why a wish about a quarter was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssessmentRefusal {
    /// The quarter was not opened, or its opening has not arrived.
    NotOpened,
    /// The settings cannot be used.
    Settings(SettingsFault),
    /// The registry knows this village otherwise, or not at all: copy it again.
    NotInRegistry(UnitCode),
    /// This assessor advises the village, and the rulebook lets nobody score a village that they advise.
    NotRecused(PersonId, UnitCode),
    /// Rule and villages are fixed once the quarter is open: cancel it, or correct assessors and lead alone.
    FrameFixed,
    /// Where two settings stand, one of them must be chosen as it is.
    NotOneOfTheSettings,
    /// This can be done at other stages only.
    Stage {
        /// Where the quarter stands.
        is: Stage,
    },
    /// Something stands in the way; each blocker says what settles it.
    Blocked(Vec<Blocker>),
    /// The village is not assessed in this quarter.
    NoVillage(UnitCode),
    /// The person is not among the assessors, or has left them.
    NotAssessor,
    /// The village or the criterion is somebody else's to score, or one advises the village oneself.
    NotAssigned(UnitCode),
    /// A score is above the criterion's maximum (E15).
    OutOfRange {
        /// The criterion.
        criterion: CriterionId,
        /// The highest score it takes.
        max: u32,
    },
    /// The assessor gave this village points: a visit took place.
    Visited,
    /// There is no such adjustment that stands.
    NoAdjustment(FactId),
    /// Nothing waits for a signature.
    NoProposal,
    /// The proposal has another value on one's own card than one gave.
    CardDiffers(UnitCode, CriterionId),
    /// The proposal holds other numbers of the quarter before than those that were confirmed.
    LastDiffers {
        /// The village.
        village: UnitCode,
        /// The number that was confirmed, if one was.
        confirmed: Option<Decimal>,
    },
    /// These villages do not share a rank.
    NotTied,
}

impl AssessmentCommand {
    /// Returns the document that it writes when this person asks for it.
    pub fn address(&self, quarter: Quarter, holder: &PersonId) -> Address {
        match self {
            Self::Score { .. } | Self::FinishVillage(_) => CardFact::address(quarter, holder),
            _ => Address { scope: ScopeId::Township, document: DocumentId::Assessment(quarter) },
        }
    }
}

impl CardFact {
    /// Returns where an assessor's cards of a quarter lie.
    pub fn address(quarter: Quarter, assessor: &PersonId) -> Address {
        Address { scope: ScopeId::Assessor(assessor.clone()), document: DocumentId::Cards(quarter) }
    }
}
