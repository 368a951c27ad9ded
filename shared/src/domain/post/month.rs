//! One person's month: what was recorded of it, how far it has come, and what it comes to.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::{EntryStrike, WorkLogEntry};
use crate::digest;
use crate::domain::divergence::{Settled, Voice};
use crate::domain::rulebook::post::{PostRule, PostStars};
use crate::id::{CategoryId, FactId, PersonId, UnitCode};
use crate::number::Decimal;
use crate::time::Month;

/// What the digest of a confirmation is a digest of.
const CONFIRMED: &str = "pingyi posts 1";

/// How far a month has come (W4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum MonthStage {
    /// The log takes entries.
    #[default]
    LogOpen,
    /// The person said how it was.
    SelfStated,
    /// The facts were reviewed.
    Reviewed,
    /// Every score that was given stands alone.
    Scored,
    /// Everybody could read the scores.
    Shown,
    /// The scores are final.
    Confirmed,
}

/// What a month of one person counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthOutcome<'a> {
    /// Nothing was recorded of it: excluded from every mean and never zero.
    NoRecord,
    /// The branch excused the person: excluded as well (E17).
    Excused,
    /// Something is recorded, and no score.
    Open,
    /// Two scores of one post stand, or two confirmations: somebody has to settle them.
    Divided,
    /// Scored and not confirmed.
    Provisional(&'a MonthResult),
    /// Confirmed.
    Rated(&'a MonthResult),
}

/// What scores come to under a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthResult {
    /// The rule.
    pub rule: Arc<PostRule>,
    /// The scores by post.
    pub posts: BTreeMap<CategoryId, Decimal>,
    /// What they make together, as published, and its stars.
    pub stars: PostStars,
}

/// An entry of the work log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Who wrote it down.
    pub by: Voice,
    /// What it says.
    pub entry: WorkLogEntry,
    /// What struck it, by number.
    pub strikes: BTreeMap<FactId, EntryStrike>,
}

/// A decision of the branch about a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excused {
    /// The decision in words.
    pub decision: String,
    /// Whether it says that the person is not excused after all.
    pub lifted: bool,
}

/// What a review found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// In words.
    pub words: String,
    /// The numbers of what it rests on.
    pub facts: Vec<FactId>,
}

/// One person's month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonMonth {
    /// The log, by number; entries that were struck stay readable.
    pub entries: BTreeMap<FactId, LogLine>,
    /// The branch's decisions on whether the person is excused.
    pub excused: Settled<Excused>,
    /// What the person said.
    pub statement: Settled<String>,
    /// What the review found.
    pub review: Settled<Reviewed>,
    /// The scores by post.
    pub scores: BTreeMap<CategoryId, Settled<Decimal>>,
    /// How far it has come.
    pub stage: MonthStage,
    /// What the scores come to, from [`MonthStage::Scored`] on; of a confirmed month what was confirmed.
    pub result: Option<MonthResult>,
    /// What was confirmed; a divergence where two people confirmed different scores apart.
    pub confirmed: Settled<MonthResult>,
    /// What stands beside a confirmation and was not known to it: it changes nothing (E26).
    pub late: Vec<FactId>,
}

impl PersonMonth {
    /// Returns what it counts as.
    pub fn outcome(&self) -> MonthOutcome<'_> {
        match (&self.confirmed, &self.result) {
            (Settled::Agreed(said), _) => MonthOutcome::Rated(&said.value),
            (Settled::Divergence(_), _) => MonthOutcome::Divided,
            _ if self.is_excused() => MonthOutcome::Excused,
            (_, Some(result)) => MonthOutcome::Provisional(result),
            _ if self.scores.values().any(Settled::is_divergence) => MonthOutcome::Divided,
            _ if self.standing_entries().next().is_none() && self.statement == Settled::Nothing => {
                MonthOutcome::NoRecord
            }
            _ => MonthOutcome::Open,
        }
    }

    /// Tells whether some decision that stands excuses the person.
    ///
    /// While one says so and another does not, nobody is scored: a score in doubt does more harm than a month left out.
    pub fn is_excused(&self) -> bool {
        self.excused.standing().iter().any(|said| !said.value.lifted)
    }

    /// Returns the entries that were not struck.
    pub fn standing_entries(&self) -> impl Iterator<Item = (&FactId, &LogLine)> {
        self.entries.iter().filter(|(_, line)| line.strikes.is_empty())
    }
}

/// Computes what scores come to; nothing without any, or where the rule does not take one of them.
pub(crate) fn rate(rule: &Arc<PostRule>, posts: BTreeMap<CategoryId, Decimal>) -> Option<MonthResult> {
    if !posts.iter().all(|(post, points)| rule.category(post).is_some() && rule.takes(*points)) {
        return None;
    }
    let scores: Vec<_> = posts.values().map(|points| points.value()).collect();
    // A rule takes few scores of few digits, far inside 128 bits; one that did not fit would be no result.
    let stars = rule.publish(rule.combine(&scores).ok()??).ok()?;
    Some(MonthResult { rule: Arc::clone(rule), posts, stars })
}

/// Returns the digest of results, by which everybody tells that they confirmed the same.
pub(crate) fn digest(village: &UnitCode, month: Month, results: &BTreeMap<PersonId, MonthResult>) -> [u8; 32] {
    let mut text = format!("{village} {month}\n");
    for (person, result) in results {
        let _ = writeln!(text, "person {person}");
        for (post, points) in &result.posts {
            let _ = writeln!(text, "post {post} {points}");
        }
        let PostStars { exact, published, stars } = result.stars;
        let _ = writeln!(text, "result {exact} {published} {stars}");
    }
    digest::of_text(CONFIRMED, &text)
}

/// Returns a decimal without noughts at its end, so that `84` and `84.0` are one score.
pub(crate) fn shortest(decimal: Decimal) -> Decimal {
    let (mut units, mut decimals) = (decimal.units(), decimal.decimals());
    while decimals > 0 && units % 10 == 0 {
        (units, decimals) = (units / 10, decimals - 1);
    }
    Decimal::new(units, decimals).unwrap_or(decimal)
}
