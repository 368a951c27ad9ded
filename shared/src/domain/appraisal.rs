//! Five aspects to a star: totals, trimmed means, the composite and what is published of it.
//!
//! One function for paper in files and for meetings on phones; DOMAIN section 6, rules 1 to 8 and 10. Nothing is
//! rounded before publication, and everything that "show the sum" needs stands in the result.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::domain::meeting::RollStatus;
use crate::domain::rulebook::{EmptyGroup, RaterGroup, Rulebook, StarBand, WEIGHTS_SUM};
use crate::domain::trim::{Dropped, TrimmedMean};
use crate::id::GroupId;
use crate::number::{Decimal, NumberError, Ratio, round};

/// What one ballot says of one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatedBallot<S> {
    /// Who rates.
    pub group: GroupId,
    /// Who is rated.
    pub subject: S,
    /// What the ballot says.
    pub mark: RatedMark,
}

/// A mark as the arithmetic sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RatedMark {
    /// One score per criterion, in the rulebook's order.
    Valid(Vec<Ratio>),
    /// 废票: returned, not valid.
    Spoiled,
    /// 弃权: counts for turnout, not for the mean.
    Abstained,
}

/// How many of a body are due and how many of them are present.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RollCount {
    /// 应到
    pub due: u32,
    /// 实到
    pub present: u32,
}

/// What a session comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionResult<S> {
    /// Why the session is invalid: quorums first, then empty groups, each in rulebook order.
    pub reasons: Vec<InvalidReason>,
    /// The quorum of each group, in rulebook order.
    pub quorum: Vec<QuorumResult>,
    /// A scorecard per subject, by subject.
    pub scorecards: Vec<Scorecard<S>>,
}

/// Why a session is invalid.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InvalidReason {
    /// Too few of this body are present.
    Quorum(GroupId),
    /// This group gave no valid ballot at all, and the rulebook does not renormalise.
    EmptyGroup(GroupId),
}

/// How a body stands against its quorum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuorumResult {
    /// The body.
    pub group: GroupId,
    /// Who had to come, and who came.
    pub roll: RollCount,
    /// The smallest number present that is enough.
    pub required: u32,
    /// Whether it is reached.
    pub met: bool,
}

/// One subject's results (评分表).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scorecard<S> {
    /// Who is rated.
    pub subject: S,
    /// What each group gave, in rulebook order; every group has its line.
    pub groups: Vec<GroupScore>,
    /// The composite and what is published of it; `None` where a group is missing and the rulebook asks for all.
    pub score: Option<CompositeScore>,
}

/// What one group gave one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupScore {
    /// The group.
    pub group: GroupId,
    /// Its weight in hundredths.
    pub weight: u32,
    /// The totals that count, lowest first.
    pub kept: Vec<Ratio>,
    /// The totals that were dropped, if there were enough ballots.
    pub dropped: Option<Dropped>,
    /// Ballots spoiled.
    pub spoiled: u32,
    /// Ballots that abstain.
    pub abstained: u32,
    /// The sum of the totals that count.
    pub sum: Ratio,
    /// The sum over how many there are; `None` without a valid ballot.
    pub mean: Option<Ratio>,
}

/// The composite (综合得分), from exact value to stars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompositeScore {
    /// The sum of each present group's weight times its mean.
    pub weighted: Ratio,
    /// What the weighted sum is divided by: 100, or the weights present.
    pub divisor: u32,
    /// The exact composite.
    pub composite: Ratio,
    /// The composite, rounded once.
    pub published: Decimal,
    /// The highest band that the published number reaches.
    pub band: Option<StarBand>,
    /// The stars of the band, else 0.
    pub stars: u8,
}

/// Why nothing can be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppraisalError {
    /// A ballot is not one of this session; its place in the list, from 0.
    Ballot(usize, BallotFault),
    /// A number does not fit.
    Number(NumberError),
}

/// What is wrong with a ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BallotFault {
    /// The rulebook has no such group.
    UnknownGroup,
    /// The session does not rate this subject.
    UnknownSubject,
    /// Not one score per criterion.
    ScoreCount,
    /// The score of this criterion, from 0, is below 0 or above its maximum (E15).
    OutOfRange(usize),
}

/// Computes a session from a checked rulebook, a roll and ballots.
///
/// The order of the ballots does not matter. Every subject gets a scorecard, rated or not. Scorecards are computed
/// even when the session is invalid: the reasons say why they do not count.
pub fn appraise<S: Ord + Clone>(
    rulebook: &Rulebook,
    roll: &BTreeMap<GroupId, RollCount>,
    subjects: &BTreeSet<S>,
    ballots: &[RatedBallot<S>],
) -> Result<SessionResult<S>, AppraisalError> {
    let tallies = tally(rulebook, subjects, ballots)?;
    let mut scorecards = Vec::with_capacity(tallies.len());
    for (subject, tallies) in tallies {
        let groups = rulebook.groups.iter().zip(tallies);
        let groups: Vec<GroupScore> =
            groups.map(|(group, tally)| tally.score(rulebook, group)).collect::<Result<_, _>>()?;
        let score = composite(rulebook, &groups)?;
        scorecards.push(Scorecard { subject, groups, score });
    }
    let quorum: Vec<QuorumResult> = rulebook.groups.iter().map(|group| quorum(group, roll)).collect();
    let failed = quorum.iter().filter(|quorum| !quorum.met).map(|quorum| InvalidReason::Quorum(quorum.group.clone()));
    let rated = |at: usize| scorecards.iter().any(|card| card.groups[at].mean.is_some());
    let empty = rulebook.groups.iter().enumerate().filter(|(at, _)| {
        // Without renormalising, nobody's composite is complete when a whole group is silent (rule 5, E12).
        rulebook.empty_group == EmptyGroup::InvalidSession && !rated(*at)
    });
    let reasons = failed.chain(empty.map(|(_, group)| InvalidReason::EmptyGroup(group.id.clone()))).collect();
    Ok(SessionResult { reasons, quorum, scorecards })
}

impl<S> SessionResult<S> {
    /// Returns whether the scorecards count.
    pub fn is_valid(&self) -> bool {
        self.reasons.is_empty()
    }
}

impl<S> Scorecard<S> {
    /// Returns whether the groups' means may be published beside the composite.
    ///
    /// From the composite and one group's mean the other's follows, so that one small group silences all (W3, E11).
    pub fn publishes_groups(&self, publish_min: u32) -> bool {
        self.groups.iter().all(|group| group.ballots() == 0 || group.ballots() >= publish_min as usize)
    }
}

impl GroupScore {
    /// Returns how many valid ballots there are, those dropped included.
    pub fn ballots(&self) -> usize {
        self.kept.len() + self.dropped_count()
    }

    /// Returns how many valid ballots do not count: none or two.
    pub fn dropped_count(&self) -> usize {
        if self.dropped.is_some() { 2 } else { 0 }
    }
}

impl RollCount {
    /// Counts one person: late and left are present, leave and absence are due, the exempt are neither (E8, E9, E17).
    pub fn count(&mut self, status: RollStatus) {
        let (due, present) = match status {
            RollStatus::Present | RollStatus::Late | RollStatus::Left => (1, 1),
            RollStatus::Excused | RollStatus::Absent => (1, 0),
            RollStatus::Exempt => (0, 0),
        };
        self.due += due;
        self.present += present;
    }
}

impl From<NumberError> for AppraisalError {
    fn from(error: NumberError) -> Self {
        Self::Number(error)
    }
}

impl fmt::Display for AppraisalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ballot(_, fault) => fault.fmt(f),
            Self::Number(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for AppraisalError {}

impl fmt::Display for BallotFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownGroup => "the rulebook has no such group",
            Self::UnknownSubject => "this subject is not rated in the session",
            Self::ScoreCount => "a valid ballot has one score per criterion",
            Self::OutOfRange(_) => "the score is out of range",
        })
    }
}

#[cfg(test)]
mod tests;

/// One group's ballots on one subject, before any arithmetic on them.
#[derive(Clone, Default)]
struct GroupTally {
    totals: Vec<Ratio>,
    spoiled: u32,
    abstained: u32,
}

/// Sorts ballots into one tally per subject and group, checking each.
fn tally<S: Ord + Clone>(
    rulebook: &Rulebook,
    subjects: &BTreeSet<S>,
    ballots: &[RatedBallot<S>],
) -> Result<BTreeMap<S, Vec<GroupTally>>, AppraisalError> {
    let fresh = |subject: &S| (subject.clone(), vec![GroupTally::default(); rulebook.groups.len()]);
    let mut tallies: BTreeMap<S, Vec<GroupTally>> = subjects.iter().map(fresh).collect();
    for (at, ballot) in ballots.iter().enumerate() {
        let fault = |fault| AppraisalError::Ballot(at, fault);
        let group = rulebook.groups.iter().position(|group| group.id == ballot.group);
        let group = group.ok_or(fault(BallotFault::UnknownGroup))?;
        let tally = tallies.get_mut(&ballot.subject).ok_or(fault(BallotFault::UnknownSubject))?;
        match &ballot.mark {
            RatedMark::Valid(scores) => {
                check_scores(rulebook, scores).map_err(fault)?;
                tally[group].totals.push(Ratio::sum(scores.iter().copied())?);
            }
            RatedMark::Spoiled => tally[group].spoiled += 1,
            RatedMark::Abstained => tally[group].abstained += 1,
        }
    }
    Ok(tallies)
}

/// Checks that there is one score per criterion, each from 0 to its maximum.
fn check_scores(rulebook: &Rulebook, scores: &[Ratio]) -> Result<(), BallotFault> {
    if scores.len() != rulebook.criteria.len() {
        return Err(BallotFault::ScoreCount);
    }
    let fits = |(score, max): (&Ratio, u32)| !score.is_negative() && *score <= Ratio::integer(i128::from(max));
    let maxima = rulebook.criteria.iter().map(|criterion| criterion.max);
    scores.iter().zip(maxima).position(|pair| !fits(pair)).map_or(Ok(()), |at| Err(BallotFault::OutOfRange(at)))
}

impl GroupTally {
    /// Drops one highest and one lowest total where there are enough, and takes the mean of the rest (rule 3).
    fn score(self, rulebook: &Rulebook, group: &RaterGroup) -> Result<GroupScore, NumberError> {
        let TrimmedMean { kept, dropped, sum, mean } = TrimmedMean::of(self.totals, rulebook.trim_min)?;
        Ok(GroupScore {
            group: group.id.clone(),
            weight: group.weight,
            kept,
            dropped,
            spoiled: self.spoiled,
            abstained: self.abstained,
            sum,
            mean,
        })
    }
}

/// Weighs the means and publishes the composite (rules 2, 4, 5 and 8).
fn composite(rulebook: &Rulebook, groups: &[GroupScore]) -> Result<Option<CompositeScore>, NumberError> {
    let present = || groups.iter().filter_map(|group| group.mean.map(|mean| (group.weight, mean)));
    let divisor = match rulebook.empty_group {
        EmptyGroup::InvalidSession if present().count() < groups.len() => return Ok(None),
        EmptyGroup::InvalidSession => WEIGHTS_SUM,
        // Groups of weight 0 alone, such as a self-review, give nothing to divide by.
        EmptyGroup::Renormalise => match present().map(|(weight, _)| weight).sum() {
            0 => return Ok(None),
            weights => weights,
        },
    };
    let mut weighted = Ratio::ZERO;
    for (weight, mean) in present() {
        weighted = weighted.plus(mean.times(Ratio::integer(i128::from(weight)))?)?;
    }
    let composite = weighted.over(Ratio::integer(i128::from(divisor)))?;
    let published = round(composite, rulebook.decimals, rulebook.rounding)?;
    let band = rulebook.band(published);
    let stars = band.map_or(0, |band| band.stars);
    Ok(Some(CompositeScore { weighted, divisor, composite, published, band, stars }))
}

/// Compares a body's roll with its quorum; a body without a roll has nobody due.
fn quorum(group: &RaterGroup, roll: &BTreeMap<GroupId, RollCount>) -> QuorumResult {
    let roll = roll.get(&group.id).copied().unwrap_or_default();
    let (required, met) = (group.quorum.required(roll.due), group.quorum.is_met(roll.due, roll.present));
    QuorumResult { group: group.id.clone(), roll, required, met }
}
