//! What people can ask for about the mobile red flag, and every reason to refuse.

use crate::domain::assessment::Stage;
use crate::id::{Address, DocumentId, FactId, ScopeId, UnitCode};
use crate::time::{Date, Quarter};

/// A wish about the flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlagCommand {
    /// Award it on a confirmed quarter; where an award of that quarter stands, correct it.
    Award {
        /// The quarter.
        quarter: Quarter,
        /// The village; several in the order of their turns where they share the first rank.
        villages: Vec<UnitCode>,
        /// How many weeks a turn takes, where they take turns.
        weeks: u8,
        /// The chair's reason, where the first rank is shared or an award is corrected.
        reason: String,
    },
    /// Sign for one side that it changes hands.
    HandOver {
        /// Who gets it; nothing for the office.
        to: Option<UnitCode>,
        /// The day.
        date: Date,
        /// Why, where it goes back to the office.
        reason: String,
    },
    /// Sign for the other side.
    Countersign(FactId),
}

/// Why a wish about the flag was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlagRefusal {
    /// The quarter is not confirmed (E35).
    NotConfirmed {
        /// Where it stands; nothing where it was not opened.
        is: Option<Stage>,
    },
    /// The flag goes to the first rank, which is one village, or several once the lead has explicitly shared it.
    NotEligible,
    /// Nothing is awarded, or two awards stand apart: the office awards first.
    NoAward,
    /// The result has changed since: the office corrects the award first.
    Overturned,
    /// The flag is not awarded to this village.
    NotAwarded(UnitCode),
    /// It changed hands later than that.
    Before(Date),
    /// There is no such handover that waits for a signature.
    NoHandover(FactId),
}

impl FlagCommand {
    /// Returns the document that it writes.
    pub fn address(&self) -> Address {
        Address { scope: ScopeId::Township, document: DocumentId::Flag }
    }
}
