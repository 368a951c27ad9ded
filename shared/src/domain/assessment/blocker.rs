//! What stands between a quarter and its freeze, each with what settles it.

use std::collections::BTreeSet;

use super::SettingsPart;
use crate::id::{CriterionId, PersonId, UnitCode};

/// Something that has to be settled before the quarter goes on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blocker {
    /// Two phones opened the quarter with other settings: the office chooses (E1).
    SettingsDiffer(BTreeSet<SettingsPart>),
    /// Nobody is on the group but one (E48).
    OneAssessor(PersonId),
    /// Scores are missing: the assessor gives them, or the lead says that they did not visit.
    Missing {
        /// Whose card.
        assessor: PersonId,
        /// The village.
        village: UnitCode,
        /// The criteria.
        criteria: Vec<CriterionId>,
    },
    /// Two phones of an assessor say different things: the assessor says which counts (E31).
    ScoresDiffer {
        /// Whose card.
        assessor: PersonId,
        /// The village.
        village: UnitCode,
        /// The criteria.
        criteria: Vec<CriterionId>,
    },
    /// A score is above the criterion's maximum (E15): the assessor corrects it.
    OutOfRange {
        /// Whose card.
        assessor: PersonId,
        /// The village.
        village: UnitCode,
        /// The criteria.
        criteria: Vec<CriterionId>,
    },
    /// The lead says that an assessor did not visit, and the assessor gave scores: the lead takes it back.
    VisitedAfterAll {
        /// Whose card.
        assessor: PersonId,
        /// The village.
        village: UnitCode,
    },
    /// Two phones of the lead say different things about a visit: the lead says which counts.
    VisitDiffers {
        /// Whose card.
        assessor: PersonId,
        /// The village.
        village: UnitCode,
    },
    /// Two proposals with other results were signed: the lead settles it by proposing once more.
    FreezesDiffer,
    /// Two decisions on one tie stand: the lead decides once more.
    TiesDiffer(Vec<UnitCode>),
    /// The numbers do not fit: no rulebook and no card that is printed comes near it.
    Arithmetic,
}
