//! What is recorded of posts and of people's months in them: immutable facts, of which everything else follows.

use crate::domain::rulebook::post::PostRule;
use crate::id::{CategoryId, FactId, PersonId};
use crate::number::Decimal;
use crate::time::{Date, Month};

/// One immutable fact of a quarter's posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostFact {
    /// The quarter's log was opened under a rule.
    Opened(Box<PostOpening>),
    /// Somebody holds a post.
    Held(PostHeld),
    /// Something that somebody did in a post was written down; the fact's number is the entry's.
    Logged(WorkLogEntry),
    /// An entry of the log was struck.
    Struck(EntryStrike),
    /// The branch excused somebody for a month.
    Excused(Excuse),
    /// Somebody said how their month was.
    Stated(SelfStatement),
    /// A month's facts were reviewed.
    Reviewed(PostReview),
    /// A month in a post was scored.
    Scored(PostScore),
    /// Scores were shown to everybody.
    Shown(ScoresShown),
    /// Scores that were shown are final.
    Confirmed(MonthConfirmed),
}

/// The opening of a quarter's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostOpening {
    /// The rule as it stood at opening; later versions never touch the quarter (W1).
    pub rule: PostRule,
    /// Earlier openings, where two phones opened the quarter differently and this one settles it.
    pub replaces: Vec<FactId>,
}

/// A post that somebody holds (岗位).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostHeld {
    /// Who.
    pub person: PersonId,
    /// The category of the post.
    pub post: CategoryId,
    /// The first day.
    pub from: Date,
    /// The last day, where it has ended; a day before the first says that it was never held.
    pub until: Option<Date>,
    /// What was recorded earlier of the same post and makes way.
    pub replaces: Vec<FactId>,
}

/// Something that somebody did in a post (写实记录).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkLogEntry {
    /// Who did it.
    pub person: PersonId,
    /// In which post.
    pub post: CategoryId,
    /// The day.
    pub date: Date,
    /// What it was.
    pub words: String,
}

/// An entry that was struck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryStrike {
    /// The number of the entry.
    pub entry: FactId,
    /// Why.
    pub reason: String,
}

/// A decision of the branch to excuse somebody for a month, or that such a decision does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excuse {
    /// Who.
    pub person: PersonId,
    /// The month.
    pub month: Month,
    /// The decision in words.
    pub decision: String,
    /// Whether it says that the person is not excused after all.
    pub lifted: bool,
    /// Earlier decisions on the same month.
    pub replaces: Vec<FactId>,
}

/// What somebody said of their own month (自评).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfStatement {
    /// Who.
    pub person: PersonId,
    /// The month.
    pub month: Month,
    /// What they said.
    pub words: String,
    /// Earlier statements that this one corrects.
    pub replaces: Vec<FactId>,
}

/// A review of somebody's month (审核).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostReview {
    /// Whose month.
    pub person: PersonId,
    /// The month.
    pub month: Month,
    /// What was found; may be empty.
    pub words: String,
    /// The numbers of what it rests on: entries of the log, marks on rolls, records.
    pub facts: Vec<FactId>,
    /// The statements that it follows.
    pub follows: Vec<FactId>,
    /// Earlier reviews that this one corrects.
    pub replaces: Vec<FactId>,
}

/// The score of somebody's month in one post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostScore {
    /// Whose month.
    pub person: PersonId,
    /// The month.
    pub month: Month,
    /// The post.
    pub post: CategoryId,
    /// From 0 to the rule's highest.
    pub points: Decimal,
    /// The reviews that it follows.
    pub follows: Vec<FactId>,
    /// Earlier scores that this one corrects.
    pub replaces: Vec<FactId>,
}

/// A list of scores that everybody could read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoresShown {
    /// The month.
    pub month: Month,
    /// The day on which they were shown.
    pub date: Date,
    /// The numbers of the scores.
    pub scores: Vec<FactId>,
}

/// The word that scores which were shown are final: the seal of those months.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthConfirmed {
    /// The month.
    pub month: Month,
    /// The opening under whose rule the stars were read.
    pub rule: FactId,
    /// The numbers of the scores.
    pub scores: Vec<FactId>,
    /// The digest of the results.
    pub digest: [u8; 32],
    /// Confirmations of the same months, where two were given apart and this one settles it.
    pub replaces: Vec<FactId>,
}
