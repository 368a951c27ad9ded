//! The rulebook of a village assessment: criteria, caps on what is added and deducted, and how numbers are rounded.

use std::collections::BTreeMap;
use std::fmt;

use super::{CRITERIA_LIMIT, Criterion, MAX_LIMIT};
use crate::id::{CriterionId, RulebookId};
use crate::number::{DECIMALS_LIMIT, Decimal, Ratio, Rounding};

/// The names that a score sheet's own columns have, which no criterion can have.
pub const CARD_COLUMNS: [&str; 2] = ["village", "assessor"];

/// One version of the rules of a village assessment (考核评比办法).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssessmentRule {
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
    /// From how many cards one highest and one lowest total are dropped; 0 is never.
    pub trim_min: u32,
    /// What is scored, in the order of the card; the heaviest breaks ties, the first of equals.
    pub criteria: Vec<Criterion>,
    /// How the scores of a criterion come about, where not from the assessors' cards.
    pub sources: BTreeMap<CriterionId, Source>,
    /// Whether advisors score none of the villages to which they are linked (DOMAIN W2).
    pub recuse: bool,
    /// The most points that a village's additions come to; nothing is no cap.
    pub bonus_cap: Option<Decimal>,
    /// The most points that a village's deductions come to; nothing is no cap.
    pub deduction_cap: Option<Decimal>,
    /// Whether a final score is kept between 0 and the sum of all maxima (DOMAIN section 6, rule 7).
    pub clamp: bool,
}

/// How the scores of a criterion come about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Every assessor gives points, which count in the card's total.
    #[default]
    Assessors,
    /// One value per village by the office that is responsible for it, the same on every card; counts beside the cards.
    Office,
    /// Every assessor gives points, of which only the order of the villages counts; counts beside the cards.
    Rank,
}

/// What makes an assessment's rulebook unusable; the numbers are places in its criteria, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssessmentFault {
    /// The version is 0.
    Version,
    /// More decimals than can be published.
    Decimals,
    /// No criterion, or more than [`CRITERIA_LIMIT`].
    CriterionCount,
    /// A criterion has the identifier of an earlier one.
    CriterionTwice(usize),
    /// A criterion has the name of one of a card sheet's own columns.
    CriterionReserved(usize),
    /// A criterion's maximum is 0 or above [`MAX_LIMIT`].
    Max(usize),
    /// A source is given for a criterion that there is not.
    Source,
    /// No criterion is scored on cards, so that there is nothing to take a mean of.
    NoCards,
    /// The cap on additions is below 0.
    BonusCap,
    /// The cap on deductions is below 0.
    DeductionCap,
}

impl AssessmentRule {
    /// Checks everything that the arithmetic relies on, and lists every fault in the order of the fields.
    pub fn check(&self) -> Result<(), Vec<AssessmentFault>> {
        let mut faults = Vec::new();
        let mut note = |wrong: bool, fault| {
            if wrong {
                faults.push(fault);
            }
        };
        note(self.version == 0, AssessmentFault::Version);
        note(self.decimals > DECIMALS_LIMIT, AssessmentFault::Decimals);
        note(self.criteria.is_empty() || self.criteria.len() > CRITERIA_LIMIT, AssessmentFault::CriterionCount);
        for (at, criterion) in self.criteria.iter().enumerate() {
            let twice = self.criteria[..at].iter().any(|earlier| earlier.id == criterion.id);
            note(twice, AssessmentFault::CriterionTwice(at));
            note(CARD_COLUMNS.contains(&criterion.id.as_str()), AssessmentFault::CriterionReserved(at));
            note(!(1..=MAX_LIMIT).contains(&criterion.max), AssessmentFault::Max(at));
        }
        let known = |id: &CriterionId| self.criteria.iter().any(|criterion| criterion.id == *id);
        note(!self.sources.keys().all(known), AssessmentFault::Source);
        let carded = self.of(Source::Assessors).next().is_some();
        note(!self.criteria.is_empty() && !carded, AssessmentFault::NoCards);
        let negative = |cap: Option<Decimal>| cap.is_some_and(|cap| cap.units() < 0);
        note(negative(self.bonus_cap), AssessmentFault::BonusCap);
        note(negative(self.deduction_cap), AssessmentFault::DeductionCap);
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Returns how the scores of a criterion come about.
    pub fn source(&self, criterion: &CriterionId) -> Source {
        self.sources.get(criterion).copied().unwrap_or_default()
    }

    /// Returns the criteria of a source, in the order of the card.
    pub fn of(&self, source: Source) -> impl Iterator<Item = &Criterion> {
        self.criteria.iter().filter(move |criterion| self.source(&criterion.id) == source)
    }

    /// Returns the highest score without additions.
    pub fn max_total(&self) -> Ratio {
        Ratio::integer(self.criteria.iter().map(|criterion| i128::from(criterion.max)).sum())
    }

    /// Returns the place of the criterion with the highest maximum; of equals the first.
    pub fn heaviest(&self) -> usize {
        let max = self.criteria.iter().map(|criterion| criterion.max).max();
        self.criteria.iter().position(|criterion| Some(criterion.max) == max).unwrap_or(0)
    }
}

impl fmt::Display for AssessmentFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version => f.write_str("versions count from 1"),
            Self::Decimals => write!(f, "more than {DECIMALS_LIMIT} decimals"),
            Self::CriterionCount => write!(f, "a rulebook has 1 to {CRITERIA_LIMIT} criteria"),
            Self::CriterionTwice(_) => f.write_str("two criteria have this id"),
            Self::CriterionReserved(_) => f.write_str("a criterion has the name of another column of the scores"),
            Self::Max(_) => write!(f, "a criterion's maximum is from 1 to {MAX_LIMIT}"),
            Self::Source => f.write_str("a source is given for no criterion"),
            Self::NoCards => f.write_str("no criterion is scored by the assessors"),
            Self::BonusCap | Self::DeductionCap => f.write_str("a cap is not below 0"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    fn rule(maxima: &[u32]) -> AssessmentRule {
        let criterion = |(at, max): (usize, &u32)| Criterion {
            id: CriterionId::new(&format!("c{at}")).unwrap(),
            name: String::new(),
            max: *max,
        };
        AssessmentRule {
            id: RulebookId::new("village-assessment").unwrap(),
            version: 1,
            title: String::new(),
            decimals: 2,
            rounding: Rounding::HalfUp,
            trim_min: 5,
            criteria: maxima.iter().enumerate().map(criterion).collect(),
            sources: BTreeMap::new(),
            recuse: true,
            bonus_cap: None,
            deduction_cap: None,
            clamp: false,
        }
    }

    #[test]
    fn names_each_fault() {
        let check = |spoil: fn(&mut AssessmentRule), fault| {
            let mut rule = rule(&[40, 60]);
            assert_eq!(rule.check(), Ok(()));
            spoil(&mut rule);
            assert_eq!(rule.check(), Err(vec![fault]));
        };
        check(|r| r.version = 0, AssessmentFault::Version);
        check(|r| r.decimals = 10, AssessmentFault::Decimals);
        check(|r| r.criteria.clear(), AssessmentFault::CriterionCount);
        check(|r| r.criteria[1].id = r.criteria[0].id.clone(), AssessmentFault::CriterionTwice(1));
        check(|r| r.criteria[0].id = CriterionId::new("village").unwrap(), AssessmentFault::CriterionReserved(0));
        check(|r| r.criteria[0].max = 0, AssessmentFault::Max(0));
        check(|r| _ = r.sources.insert(CriterionId::new("x").unwrap(), Source::Rank), AssessmentFault::Source);
        check(
            |r| r.sources = r.criteria.iter().map(|criterion| (criterion.id.clone(), Source::Office)).collect(),
            AssessmentFault::NoCards,
        );
        check(|r| r.bonus_cap = "-1".parse().ok(), AssessmentFault::BonusCap);
        check(|r| r.deduction_cap = "-0.5".parse().ok(), AssessmentFault::DeductionCap);
    }

    #[test]
    fn the_heaviest_criterion_is_the_first_of_equals() {
        assert_eq!([rule(&[20, 30, 30]).heaviest(), rule(&[5]).heaviest(), rule(&[2, 2]).heaviest()], [1, 0, 0]);
        assert_eq!(rule(&[30, 25, 25, 20]).max_total(), Ratio::integer(100));
    }
}
