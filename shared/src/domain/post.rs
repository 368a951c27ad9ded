//! The monthly appraisal by post (设岗定责·月度量化评议, M6, W4): from posts and a work log to the stars of a month.
//!
//! A month of a person goes from an open log through self-statement, review, score and showing to its confirmation.
//! Each fact names the ones of the layer before on which it rests, so that what a confirmation says follows from
//! what it names alone: whatever arrives later is listed as late and changes nothing.

mod beside;
mod drawn;
mod duty;
mod fact;
mod fold;
mod month;
mod state;

pub use beside::{BothStars, beside};
pub use drawn::{DrawnFact, DrawnFrom, drawn, drawn_of_all};
pub(crate) use duty::may;
pub use duty::{PostDenied, PostDuty};
pub use fact::{
    EntryStrike, Excuse, MonthConfirmed, PostFact, PostHeld, PostOpening, PostReview, PostScore, ScoresShown,
    SelfStatement, WorkLogEntry,
};
pub use month::{Excused, LogLine, MonthOutcome, MonthResult, MonthStage, PersonMonth, Reviewed};
pub(crate) use month::{digest, rate, shortest};
pub use state::{PeriodOutcome, PostFlaw, PostNote, Posts, QuarterPosts};

/// The longest entry of a work log, in bytes: a few sentences on what was done.
pub const ENTRY_BYTES: usize = 900;
/// The longest statement, review, decision or reason, in bytes: a handwritten page.
pub const WORDS_BYTES: usize = 3000;
/// The most facts that one review rests on: several a day for a month.
pub const FACTS_LIMIT: usize = 200;
/// The most scores that one list shows or confirms: two posts of everybody in a large branch.
pub const SCORES_LIMIT: usize = 2000;

#[cfg(test)]
mod tests;
