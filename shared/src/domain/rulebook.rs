//! A rulebook of member review: criteria, rater groups with weights and quorums, bands, and how numbers are rounded.
//!
//! Every number here is a setting; a meeting carries a copy of the version it was opened with (W1).

pub mod assessment;
pub mod points;
pub mod post;
pub mod lint;
#[cfg(feature = "files")]
pub mod file;
mod standard;

use std::fmt;

use crate::id::{CriterionId, GroupId, RulebookId};
use crate::number::{DECIMALS_LIMIT, Decimal, Rounding};

/// The most rater groups: keeps the composite's denominator inside 128 bits for halls of hundreds.
pub const GROUPS_LIMIT: usize = 8;
/// The most criteria: DOMAIN section 8 warns above thirty items.
pub const CRITERIA_LIMIT: usize = 40;
/// The most bands: nobody can tell more stars apart on a poster.
pub const BANDS_LIMIT: usize = 20;
/// The most buttons that fit a keypad.
pub const LEVELS_LIMIT: usize = 6;
/// The largest maximum of a criterion, in points.
pub const MAX_LIMIT: u32 = 10_000;
/// What the weights of all groups sum to.
pub const WEIGHTS_SUM: u32 = 100;
/// The names that a ballot sheet's own columns have, which no criterion can have.
pub const BALLOT_COLUMNS: [&str; 4] = ["serial", "group", "subject", "status"];

/// One version of the rules of a member review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rulebook {
    /// What all versions share.
    pub id: RulebookId,
    /// Counts from 1.
    pub version: u32,
    /// What people call it.
    pub title: String,
    /// Digits after the point of a published number.
    pub decimals: u8,
    /// How a value between two published numbers is rounded.
    pub rounding: Rounding,
    /// From how many valid ballots one highest and one lowest total are dropped; 0 is never.
    pub trim_min: u32,
    /// What a rater group without a valid ballot means.
    pub empty_group: EmptyGroup,
    /// Who rates, in the order of the minutes.
    pub groups: Vec<RaterGroup>,
    /// What is rated, in the order of the ballot.
    pub criteria: Vec<Criterion>,
    /// Star bands, lowest first; below the first there are no stars.
    pub bands: Vec<StarBand>,
    /// The keypad's big buttons in points, highest first.
    pub levels: Vec<u32>,
    /// The body in which a person of two bodies votes.
    pub body_of_both: GroupId,
    /// Whether probationary members are rated; they are never graded.
    pub probationary_rated: bool,
    /// Groups with fewer valid ballots publish only the composite (ballot secrecy, W3).
    pub publish_min: u32,
}

/// What happens to a composite when a rater group has no valid ballot (DOMAIN section 6, rule 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum EmptyGroup {
    /// There is no composite, and the session is invalid if the group rated nobody at all.
    #[default]
    InvalidSession,
    /// The composite is divided by the weights that are present.
    Renormalise,
}

/// A body whose ballots are averaged apart and weighted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RaterGroup {
    /// Its identifier in ballots and roll.
    pub id: GroupId,
    /// What people call it.
    pub name: String,
    /// Its part of the composite, in hundredths.
    pub weight: u32,
    /// How many of those due must be present.
    pub quorum: Quorum,
}

/// A share of those due: `>=2/3` includes the figure (以上), `>1/2` does not (过半数).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// Whether exactly the share is too few.
    pub strict: bool,
    /// The upper number of the share.
    pub numerator: u32,
    /// The lower number of the share.
    pub denominator: u32,
}

/// One thing that is rated; in a member review, an aspect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// Its identifier, and its column on a sheet.
    pub id: CriterionId,
    /// What people call it.
    pub name: String,
    /// The highest mark in points; the lowest is 0.
    pub max: u32,
}

/// A half-open band of published numbers: from this one up to the next band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StarBand {
    /// How many stars it gives.
    pub stars: u8,
    /// The lowest published number that reaches it.
    pub from: Decimal,
}

/// What makes a rulebook unusable; the numbers are places in its lists, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RulebookFault {
    /// The version is 0.
    Version,
    /// More decimals than can be published.
    Decimals,
    /// No rater group, or more than [`GROUPS_LIMIT`].
    GroupCount,
    /// A group has the identifier of an earlier one.
    GroupTwice(usize),
    /// The weights sum to this and not to 100.
    Weights(u64),
    /// A group's quorum divides by nothing or asks for more than all.
    Quorum(usize),
    /// No criterion, or more than [`CRITERIA_LIMIT`].
    CriterionCount,
    /// A criterion has the identifier of an earlier one.
    CriterionTwice(usize),
    /// A criterion has the name of one of a ballot sheet's own columns.
    CriterionReserved(usize),
    /// A criterion's maximum is 0 or above [`MAX_LIMIT`].
    Max(usize),
    /// More bands than [`BANDS_LIMIT`].
    BandCount,
    /// A band does not give more stars, from a higher number, than the one before it.
    BandOrder(usize),
    /// More levels than [`LEVELS_LIMIT`].
    LevelCount,
    /// A level is above the maximum of some criterion.
    LevelTooHigh(usize),
    /// A level is not below the one before it.
    LevelOrder(usize),
    /// The body of a person in both is not a group.
    BodyOfBoth,
}

impl Rulebook {
    /// Checks everything that arithmetic and keypad rely on, and lists every fault in the order of the fields.
    pub fn check(&self) -> Result<(), Vec<RulebookFault>> {
        let mut faults = Vec::new();
        let mut note = |wrong: bool, fault: RulebookFault| {
            if wrong {
                faults.push(fault);
            }
        };
        note(self.version == 0, RulebookFault::Version);
        note(self.decimals > DECIMALS_LIMIT, RulebookFault::Decimals);
        note(self.groups.is_empty() || self.groups.len() > GROUPS_LIMIT, RulebookFault::GroupCount);
        for (at, group) in self.groups.iter().enumerate() {
            note(self.groups[..at].iter().any(|earlier| earlier.id == group.id), RulebookFault::GroupTwice(at));
            note(!group.quorum.is_possible(), RulebookFault::Quorum(at));
        }
        let sum = self.groups.iter().map(|group| u64::from(group.weight)).sum();
        note(!self.groups.is_empty() && sum != u64::from(WEIGHTS_SUM), RulebookFault::Weights(sum));
        note(self.criteria.is_empty() || self.criteria.len() > CRITERIA_LIMIT, RulebookFault::CriterionCount);
        for (at, criterion) in self.criteria.iter().enumerate() {
            let twice = self.criteria[..at].iter().any(|earlier| earlier.id == criterion.id);
            note(twice, RulebookFault::CriterionTwice(at));
            note(BALLOT_COLUMNS.contains(&criterion.id.as_str()), RulebookFault::CriterionReserved(at));
            note(!(1..=MAX_LIMIT).contains(&criterion.max), RulebookFault::Max(at));
        }
        note(self.bands.len() > BANDS_LIMIT, RulebookFault::BandCount);
        for (at, pair) in self.bands.windows(2).enumerate() {
            let rises = pair[0].stars < pair[1].stars && pair[0].from.value() < pair[1].from.value();
            note(!rises, RulebookFault::BandOrder(at + 1));
        }
        note(self.levels.len() > LEVELS_LIMIT, RulebookFault::LevelCount);
        for (at, level) in self.levels.iter().enumerate() {
            note(self.criteria.iter().any(|criterion| *level > criterion.max), RulebookFault::LevelTooHigh(at));
            note(at > 0 && *level >= self.levels[at - 1], RulebookFault::LevelOrder(at));
        }
        note(self.group(&self.body_of_both).is_none(), RulebookFault::BodyOfBoth);
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Returns the group of this identifier.
    pub fn group(&self, id: &GroupId) -> Option<&RaterGroup> {
        self.groups.iter().find(|group| group.id == *id)
    }

    /// Returns the highest total a ballot can have.
    pub fn max_total(&self) -> u64 {
        self.criteria.iter().map(|criterion| u64::from(criterion.max)).sum()
    }

    /// Returns the stars of a published number: those of the highest band it reaches, else 0.
    ///
    /// Stars are read from the published number so that people can check the poster by hand (rule 8).
    pub fn stars(&self, published: Decimal) -> u8 {
        self.band(published).map_or(0, |band| band.stars)
    }

    /// Returns the highest band that a published number reaches.
    pub fn band(&self, published: Decimal) -> Option<StarBand> {
        self.bands.iter().rev().find(|band| published.value() >= band.from.value()).copied()
    }
}

impl Quorum {
    /// Returns whether so many present are enough of those due, by cross-multiplication (rule 10).
    pub fn is_met(self, due: u32, present: u32) -> bool {
        let (have, need) =
            (u64::from(self.denominator) * u64::from(present), u64::from(self.numerator) * u64::from(due));
        if self.strict { have > need } else { have >= need }
    }

    /// Returns the smallest number present that is enough of those due.
    ///
    /// A denominator of 0, which [`Rulebook::check`] refuses, asks for one more than there are.
    pub fn required(self, due: u32) -> u32 {
        let need = u64::from(self.numerator) * u64::from(due);
        let required = match (self.denominator, self.strict) {
            (0, _) => u64::from(due) + 1,
            (denominator, true) => need / u64::from(denominator) + 1,
            (denominator, false) => need.div_ceil(u64::from(denominator)),
        };
        u32::try_from(required).unwrap_or(u32::MAX)
    }

    /// Returns whether a full hall can meet it.
    fn is_possible(self) -> bool {
        self.denominator > 0 && self.is_met(self.denominator, self.denominator)
    }
}

impl fmt::Display for Quorum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}/{}", if self.strict { ">" } else { ">=" }, self.numerator, self.denominator)
    }
}

impl fmt::Display for RulebookFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version => f.write_str("versions count from 1"),
            Self::Decimals => write!(f, "more than {DECIMALS_LIMIT} decimals"),
            Self::GroupCount => write!(f, "a rulebook has 1 to {GROUPS_LIMIT} groups"),
            Self::GroupTwice(_) => f.write_str("two groups have this id"),
            Self::Weights(sum) => write!(f, "the weights sum to {sum}, not to {WEIGHTS_SUM}"),
            Self::Quorum(_) => f.write_str("no hall can meet this quorum"),
            Self::CriterionCount => write!(f, "a rulebook has 1 to {CRITERIA_LIMIT} criteria"),
            Self::CriterionTwice(_) => f.write_str("two criteria have this id"),
            Self::CriterionReserved(_) => f.write_str("a criterion has the name of another column of the ballots"),
            Self::Max(_) => write!(f, "a criterion's maximum is from 1 to {MAX_LIMIT}"),
            Self::BandCount => write!(f, "more than {BANDS_LIMIT} bands"),
            Self::BandOrder(_) => f.write_str("bands rise: more stars from a higher number than the band before"),
            Self::LevelCount => write!(f, "more than {LEVELS_LIMIT} levels"),
            Self::LevelTooHigh(_) => f.write_str("a level is above the maximum of a criterion"),
            Self::LevelOrder(_) => f.write_str("levels fall: each is below the one before"),
            Self::BodyOfBoth => f.write_str("the body of a person in both is not a group"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(spoil: impl FnOnce(&mut Rulebook), fault: RulebookFault) {
        let mut rulebook = Rulebook::standard_review();
        spoil(&mut rulebook);
        assert_eq!(rulebook.check(), Err(vec![fault]));
    }

    #[test]
    fn names_each_fault() {
        assert_eq!(Rulebook::standard_review().check(), Ok(()));
        check(|r| r.version = 0, RulebookFault::Version);
        check(|r| r.decimals = 10, RulebookFault::Decimals);
        check(|r| r.groups[1].weight = 41, RulebookFault::Weights(101));
        check(|r| r.groups[1].id = r.groups[0].id.clone(), RulebookFault::GroupTwice(1));
        check(|r| r.groups[0].quorum.denominator = 0, RulebookFault::Quorum(0));
        check(|r| r.groups[0].quorum = Quorum { strict: true, numerator: 1, denominator: 1 }, RulebookFault::Quorum(0));
        check(|r| r.criteria[4].id = r.criteria[0].id.clone(), RulebookFault::CriterionTwice(4));
        check(|r| r.criteria[0].id = CriterionId::new("status").unwrap(), RulebookFault::CriterionReserved(0));
        check(|r| r.bands.swap(1, 2), RulebookFault::BandOrder(2));
        check(|r| r.bands[1].from = r.bands[0].from, RulebookFault::BandOrder(1));
        check(|r| r.bands[4].stars = 4, RulebookFault::BandOrder(4));
        check(|r| r.levels[0] = 21, RulebookFault::LevelTooHigh(0));
        check(|r| r.levels[3] = 12, RulebookFault::LevelOrder(3));
        check(|r| r.body_of_both = GroupId::new("nobody").unwrap(), RulebookFault::BodyOfBoth);
    }

    #[test]
    fn quorums_of_the_vectors() {
        let at_least = |numerator, denominator| Quorum { strict: false, numerator, denominator };
        let more_than = |numerator, denominator| Quorum { strict: true, numerator, denominator };
        assert_eq!([15, 16, 17, 18].map(|due| at_least(2, 3).required(due)), [10, 11, 12, 12]); // V11
        assert_eq!([11, 12, 13].map(|present| more_than(1, 2).required(present)), [6, 7, 7]); // V12
        assert_eq!([22, 23, 24].map(|due| at_least(1, 2).required(due)), [11, 12, 12]); // V13
        assert_eq!([22, 23, 24].map(|due| more_than(1, 2).required(due)), [12, 12, 13]);
        assert_eq!([22, 23, 24].map(|due| at_least(4, 5).required(due)), [18, 19, 20]);
        assert_eq!(at_least(2, 3).required(52), 35); // V14
        assert!(at_least(2, 3).is_met(18, 12), "E6");
        assert!(!at_least(2, 3).is_met(17, 11), "E7");
        assert_eq!((at_least(1, 2).required(0), more_than(1, 2).required(0)), (0, 1));
        for due in 0..60 {
            for quorum in [at_least(1, 2), at_least(2, 3), more_than(1, 2), more_than(2, 3), at_least(1, 1)] {
                let met: Vec<u32> = (0..=due + 1).filter(|present| quorum.is_met(due, *present)).collect();
                assert_eq!(met.first(), Some(&quorum.required(due)), "{quorum} of {due}");
            }
        }
    }

    #[test]
    fn stars_are_read_from_the_published_number() {
        let rulebook = Rulebook::standard_review();
        let stars = |text: &str| rulebook.stars(text.parse().unwrap());
        let published = ["0.00", "59.99", "60.00", "69.50", "70.00", "79.99", "80.00", "95.50", "96.00", "100.00"];
        assert_eq!(published.map(stars), [0, 0, 1, 1, 2, 2, 3, 4, 5, 5]);
    }
}
