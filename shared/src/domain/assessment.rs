//! A village assessment (考核评比): a quarter from opening to confirmed ranks, and what assessors give in it.
//!
//! Everything of it is a fact of the township's document but the cards, which are their assessor's own until the lead
//! freezes: the freeze carries them into the township's document, so that everybody can compute the result again.

mod blocker;
mod board;
mod cards;
mod collect;
mod fold;
mod proposal;
mod result;
mod settings;
mod state;

pub use blocker::Blocker;
pub use cards::{CardFact, CardFlaw, CardNote, Cards, Scored};
pub use result::AssessmentResult;
pub use settings::{
    ASSESSORS_LIMIT, AssessedVillage, AssessmentSettings, AssessorSetting, SCORES_LIMIT, SettingsFault, SettingsPart,
    VILLAGES_LIMIT,
};
pub use state::{AdjustmentState, Assessment, AssessmentNote, Flaw, Frozen, Proposal, Stage, Tie};

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::domain::meeting::Author;
use crate::id::{CriterionId, DeviceCode, FactId, PersonId, UnitCode};
use crate::number::{Decimal, NumberError, Ratio};
use crate::role::Role;

/// The longest reason, in bytes: a paragraph.
pub const REASON_BYTES: usize = 1500;
/// The longest title, name of a village or an assessor, or name of a criterion, in bytes: a line on paper.
pub const LINE_BYTES: usize = 200;
/// Digits after the point of every number that is given: what people write on a score sheet.
const GIVEN_DECIMALS: u8 = 2;

/// Points as an assessor or the office gives them, in hundredths; never below 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hundredths(pub u32);

/// One immutable fact of a quarter's assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssessmentFact {
    /// The quarter was opened with these settings.
    Opened(Box<Opening>),
    /// It moved on, or was ended.
    Moved(Move),
    /// Points were added or taken, or a village disqualified.
    Adjusted(Adjusted),
    /// Such an adjustment was struck.
    Struck(Strike),
    /// An assessor did not visit a village, or did after all.
    Unvisited(Unvisited),
    /// An assessor left the group; what they gave stays.
    Resigned(Resigned),
    /// The lead proposed to freeze these cards.
    Proposed(Box<Freeze>),
    /// Another assessor signed a proposal, which freezes the quarter.
    Signed(Signature),
    /// The lead decided on villages that nothing else tells apart.
    TieDecided(TieDecision),
}

/// The quarter's opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// What it is opened with.
    pub settings: AssessmentSettings,
    /// Earlier openings that this one corrects, or settles where two phones differed (E1).
    pub replaces: Vec<FactId>,
}

/// The quarter moved to a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The stage that begins.
    pub to: Stage,
    /// The digest of what is moved on: the settings until the freeze, then the result.
    ///
    /// What changes afterwards takes the move with it: a result that is adjusted has to be posted again (W2).
    pub digest: [u8; 32],
    /// Why; required where the quarter is cancelled.
    pub reason: String,
}

/// What becomes of a village's score beside the cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Posted {
    /// 加分
    Bonus(Hundredths),
    /// 扣分
    Deduction(Hundredths),
    /// 一票否决
    Veto,
}

/// Points were added or taken, or a village disqualified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjusted {
    /// The village.
    pub village: UnitCode,
    /// What becomes of its score.
    pub posted: Posted,
    /// Why.
    pub reason: String,
    /// The freeze after which it was made; nothing before one.
    pub after: Option<FactId>,
}

/// An adjustment was struck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strike {
    /// The adjustment.
    pub adjustment: FactId,
    /// Why.
    pub reason: String,
    /// The freeze after which it was struck; nothing before one.
    pub after: Option<FactId>,
}

/// The lead's word on whether an assessor visited a village (E32).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unvisited {
    /// The assessor.
    pub assessor: PersonId,
    /// The village.
    pub village: UnitCode,
    /// Whether they did not; else an earlier word is taken back.
    pub unvisited: bool,
    /// Why, if somebody asks.
    pub reason: String,
    /// Earlier words on the two that this one replaces.
    pub replaces: Vec<FactId>,
}

/// An assessor left the group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resigned {
    /// The assessor.
    pub assessor: PersonId,
    /// Why.
    pub reason: String,
}

/// The lead's proposal to freeze: everything a result is computed from that does not lie in the document already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freeze {
    /// What each assessor gave each village, as it stood on the lead's device.
    pub cards: BTreeMap<(PersonId, UnitCode), BTreeMap<CriterionId, Hundredths>>,
    /// The published numbers of the quarter before, where it is confirmed.
    pub last: BTreeMap<UnitCode, Decimal>,
    /// The last fact counter of each device that it rests on.
    pub up_to: BTreeMap<DeviceCode, u32>,
    /// The digest of the result.
    pub digest: [u8; 32],
    /// Earlier proposals whose place it takes, or that it settles where two were signed.
    pub replaces: Vec<FactId>,
}

/// A second person's word for a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The proposal.
    pub proposal: FactId,
    /// The digest that was signed.
    pub digest: [u8; 32],
}

/// The lead's decision on villages that share a rank (E34).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TieDecision {
    /// The freeze whose result it is about.
    pub after: FactId,
    /// The villages, the best first where they are placed.
    pub villages: Vec<UnitCode>,
    /// Whether they share the rank; else they are placed in this order.
    pub shared: bool,
    /// Why.
    pub reason: String,
    /// Earlier decisions on these villages that this one replaces.
    pub replaces: Vec<FactId>,
}

impl AssessmentFact {
    /// Returns the roles that may record it: refusals and the fold both read this table (DOMAIN section 4).
    pub fn roles(&self) -> &'static [Role] {
        match self {
            Self::Opened(_) => &[Role::TownshipOffice],
            Self::Moved(moved) => moved.to.roles(),
            Self::Adjusted(_) | Self::Struck(_) | Self::Resigned(_) => &[Role::TownshipOffice, Role::AssessmentLead],
            Self::Unvisited(_) | Self::Proposed(_) | Self::TieDecided(_) => &[Role::AssessmentLead],
            Self::Signed(_) => &[Role::Assessor],
        }
    }
}

impl Hundredths {
    /// Returns the exact number of points.
    pub fn value(self) -> Ratio {
        Ratio::new(self.0.into(), 100).unwrap_or(Ratio::ZERO)
    }
}

impl fmt::Display for Hundredths {
    /// Writes no more places than the number has: `18`, `17.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, part) if part % 10 == 0 => write!(f, "{whole}.{}", part / 10),
            (whole, part) => write!(f, "{whole}.{part:02}"),
        }
    }
}

impl FromStr for Hundredths {
    type Err = NumberError;

    /// Reads a decimal of at most two places that is not below 0.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        let decimal: Decimal = text.parse()?;
        let scale = GIVEN_DECIMALS.checked_sub(decimal.decimals()).ok_or(NumberError::TooFine)?;
        let units = decimal.units().checked_mul(10_i128.pow(scale.into())).ok_or(NumberError::Overflow)?;
        if units < 0 {
            Err(NumberError::Shape)
        } else {
            u32::try_from(units).map(Self).map_err(|_| NumberError::Overflow)
        }
    }
}

/// Tells whether two authors are one person; where a certificate has not arrived the devices are compared.
pub(in crate::domain) fn same_person(a: &Author, b: &Author) -> bool {
    match (&a.holder, &b.holder) {
        (Some(a), Some(b)) => a == b,
        _ => a.device == b.device,
    }
}

#[cfg(test)]
mod tests;
