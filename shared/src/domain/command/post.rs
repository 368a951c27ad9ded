//! Everything a person can ask for about posts, and every reason to refuse that is theirs alone.

use std::collections::BTreeSet;

use crate::domain::post::MonthStage;
use crate::domain::rulebook::post::{PostRule, PostRuleFault};
use crate::id::{CategoryId, FactId, PersonId};
use crate::number::Decimal;
use crate::time::{Date, Month, Quarter};

/// A wish about a village's posts and the months in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostCommand {
    /// Open a quarter's log; where two phones opened it differently, choose one of their rules.
    Open {
        /// The quarter.
        quarter: Quarter,
        /// The rule.
        rule: Box<PostRule>,
    },
    /// Say who holds a post; asked for again, with another end, it corrects or ends what was said.
    Hold {
        /// The quarter in whose records it is written: one whose log is open.
        quarter: Quarter,
        /// Who.
        person: PersonId,
        /// The category of the post.
        post: CategoryId,
        /// The first day.
        from: Date,
        /// The last day, where it has ended; a day before the first says that it was never held.
        until: Option<Date>,
    },
    /// Write an entry of the work log.
    Log {
        /// Who did it.
        person: PersonId,
        /// In which post.
        post: CategoryId,
        /// The day.
        date: Date,
        /// What it was.
        words: String,
    },
    /// Strike an entry.
    Strike {
        /// Its number.
        entry: FactId,
        /// Why.
        reason: String,
    },
    /// Write down that the branch excused somebody for a month.
    Excuse {
        /// Who.
        person: PersonId,
        /// The month.
        month: Month,
        /// The decision in words.
        decision: String,
    },
    /// Write down that somebody is not excused after all.
    Recall {
        /// Who.
        person: PersonId,
        /// The month.
        month: Month,
        /// Why.
        reason: String,
    },
    /// Write down what somebody says of their month.
    State {
        /// Who.
        person: PersonId,
        /// The month.
        month: Month,
        /// What they say.
        words: String,
    },
    /// Review a month: everything that is recorded of it.
    Review {
        /// Whose.
        person: PersonId,
        /// The month.
        month: Month,
        /// What was found; may be empty.
        words: String,
    },
    /// Score a month in one post; where two scores stand this one settles them.
    Score {
        /// Whose.
        person: PersonId,
        /// The month.
        month: Month,
        /// The post.
        post: CategoryId,
        /// The score.
        points: Decimal,
    },
    /// Show the scores of people to everybody.
    Show {
        /// The month.
        month: Month,
        /// The day.
        date: Date,
        /// Whose.
        people: BTreeSet<PersonId>,
    },
    /// Confirm scores that were shown.
    Confirm {
        /// The month.
        month: Month,
        /// Whose.
        people: BTreeSet<PersonId>,
    },
}

/// Why a wish about posts was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostRefusal {
    /// The rule cannot be used as it is.
    Rule(Vec<PostRuleFault>),
    /// The quarter's log is open under a rule, and stays so.
    AlreadyOpen,
    /// Two rules stand, and one of them must be chosen as it is.
    NotOneOfTheRules,
    /// The quarter's log is not open, or two rules stand: open it, or choose one, first.
    NotOpen(Quarter),
    /// The rule has no such post.
    NoSuchPost(CategoryId),
    /// This person does not hold this post then.
    NotHeld {
        /// Who.
        person: PersonId,
        /// The post.
        post: CategoryId,
    },
    /// There is no such entry here, or it has not arrived.
    NoEntry(FactId),
    /// The scribe alone writes for others; everybody else for themselves.
    ForOthers,
    /// Nobody excuses, reviews, scores or confirms their own month.
    OwnMonth,
    /// The branch excused this person for the month.
    Excused(PersonId),
    /// Nothing is recorded of this person's month: it stays without a record and is not scored.
    NoFacts(PersonId),
    /// The month is at another stage than this asks for.
    Stage {
        /// Whose.
        person: PersonId,
        /// Where it stands.
        is: MonthStage,
        /// From where this can be done.
        needs: MonthStage,
    },
    /// Two scores of one post stand: score it once more.
    Divided(PersonId),
    /// The month is confirmed and stays as it is; what comes later is an entry of the log that is listed as late.
    Confirmed(PersonId),
    /// A score lies outside what the rule takes.
    Range {
        /// The highest score.
        max: u32,
    },
}
