//! Villages of a quarter by their published numbers: trimmed means, what is added and deducted, and ties.
//!
//! One function for cards in files and for cards on phones; DOMAIN section 6, rules 2, 3, 7 and 9.

mod order;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use crate::domain::rulebook::assessment::{AssessmentRule, Source};
use crate::domain::trim::TrimmedMean;
use crate::number::{Decimal, NumberError, Ratio, round};

/// What one assessor gave one village.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card<V> {
    /// The village that is scored.
    pub village: V,
    /// Who scored it; what one of them gave is compared where only the order counts.
    pub assessor: String,
    /// One score per criterion, in the rulebook's order; nothing where the assessor did not visit (E32).
    ///
    /// The value of a responsible office stands on every card of its village.
    pub scores: Option<Vec<Ratio>>,
}

/// Something that is added to a village's score or taken from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjusted<V> {
    /// The village.
    pub village: V,
    /// What becomes of its score.
    pub adjustment: Adjustment,
}

/// What becomes of a score beside the cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adjustment {
    /// 加分: so many points more.
    Bonus(Ratio),
    /// 扣分: so many points fewer.
    Deduction(Ratio),
    /// 一票否决: no rank, whatever the score.
    Veto,
}

/// A village's place in a quarter, with everything that "show the sum" needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing<V> {
    /// The village.
    pub village: V,
    /// The totals of the cards that count, and their mean.
    pub cards: TrimmedMean,
    /// How many assessors did not visit it.
    pub not_visited: usize,
    /// The plain mean of each criterion over all cards, in the rulebook's order; nothing without a card.
    ///
    /// Where only the order of the villages counts, the points that the order comes to.
    pub criteria: Option<Vec<Ratio>>,
    /// What counts beside the cards: the values of responsible offices and the points of orders.
    pub beside: Ratio,
    /// What is added, before its cap and after.
    pub bonus: Capped,
    /// What is deducted, before its cap and after.
    pub deduction: Capped,
    /// The exact final score; nothing without a card.
    pub exact: Option<Ratio>,
    /// The final score, rounded once.
    pub published: Option<Decimal>,
    /// Whether a veto keeps it from having a rank; its score is shown all the same.
    pub disqualified: bool,
    /// The published number against last quarter's; nothing where there was none.
    pub gain: Option<Ratio>,
    /// The competition rank (1, 1, 3); nothing for a vetoed village and one without a score.
    pub rank: Option<u32>,
    /// What places it below the village before it in the ranking; nothing for the first and for the rest.
    pub below_by: Option<TieStep>,
}

/// A sum of points and what its cap leaves of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capped {
    /// The sum as it was given.
    pub given: Ratio,
    /// What counts.
    pub counted: Ratio,
}

/// What tells two villages of a ranking apart, in the order in which it is asked (rule 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TieStep {
    /// The published number.
    Score,
    /// Fewer points deducted.
    Deductions,
    /// The higher plain mean in the heaviest criterion.
    HeaviestCriterion,
    /// The larger gain on last quarter's published number.
    Gain,
    /// The lead's decision, whose reason is written.
    Decision,
    /// Nothing: they share the rank.
    Shared,
}

/// Why nothing can be computed; the numbers are places in the lists, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RankingError {
    /// A card does not have one score per criterion.
    ScoreCount(usize),
    /// The score of a card's criterion is below 0 or above its maximum (E15).
    OutOfRange(usize, usize),
    /// A card has another value of a criterion's responsible office than an earlier one of its village.
    OfficeDiffers(usize, usize),
    /// An adjustment is of a village that has no card, not even an unvisited one.
    UnknownVillage(usize),
    /// An adjustment's points are below 0; whether they are added or deducted is its kind.
    Negative(usize),
    /// A number does not fit.
    Number(NumberError),
}

/// Ranks the villages that have cards, by a checked rulebook.
///
/// `last` holds last quarter's published numbers, `decided` the order in which the lead placed villages that nothing
/// else tells apart. The order of cards and adjustments does not matter. Ranked villages come first, equal ones by
/// their code, then the others by theirs.
pub fn rank<V: Ord + Clone>(
    rule: &AssessmentRule,
    cards: &[Card<V>],
    adjustments: &[Adjusted<V>],
    last: &BTreeMap<V, Decimal>,
    decided: &[V],
) -> Result<Vec<Standing<V>>, RankingError> {
    let mut tallies = tally(rule, cards)?;
    for (at, adjusted) in adjustments.iter().enumerate() {
        let tally = tallies.get_mut(&adjusted.village).ok_or(RankingError::UnknownVillage(at))?;
        match adjusted.adjustment {
            Adjustment::Bonus(points) | Adjustment::Deduction(points) if points.is_negative() => {
                return Err(RankingError::Negative(at));
            }
            Adjustment::Bonus(points) => tally.bonus = tally.bonus.plus(points)?,
            Adjustment::Deduction(points) => tally.deduction = tally.deduction.plus(points)?,
            Adjustment::Veto => tally.vetoed = true,
        }
    }
    let mut orders = order::points(rule, cards)?;
    for (village, tally) in &mut tallies {
        tally.orders = orders.remove(village).unwrap_or_default();
    }
    let standings: Result<Vec<_>, _> =
        tallies.into_iter().map(|(village, tally)| tally.stand(rule, last.get(&village).copied(), village)).collect();
    Ok(place(rule, standings?, decided))
}

/// A village's cards and adjustments, before any arithmetic on the whole.
#[derive(Default)]
struct Tally {
    totals: Vec<Ratio>,
    /// The sum of each criterion over all cards.
    sums: Vec<Ratio>,
    /// What responsible offices gave, by the place of the criterion.
    office: BTreeMap<usize, Ratio>,
    /// What orders come to, by the place of the criterion.
    orders: BTreeMap<usize, Ratio>,
    not_visited: usize,
    bonus: Capless,
    deduction: Capless,
    vetoed: bool,
}

/// A sum that begins at nothing.
#[derive(Clone, Copy)]
struct Capless(Ratio);

impl Default for Capless {
    fn default() -> Self {
        Self(Ratio::ZERO)
    }
}

impl Capless {
    fn plus(self, points: Ratio) -> Result<Self, NumberError> {
        self.0.plus(points).map(Self)
    }

    fn capped(self, cap: Option<Decimal>) -> Capped {
        let counted = cap.map_or(self.0, |cap| self.0.min(cap.value()));
        Capped { given: self.0, counted }
    }
}

fn tally<V: Ord + Clone>(rule: &AssessmentRule, cards: &[Card<V>]) -> Result<BTreeMap<V, Tally>, RankingError> {
    let mut tallies: BTreeMap<V, Tally> = BTreeMap::new();
    for (at, card) in cards.iter().enumerate() {
        let tally = tallies.entry(card.village.clone()).or_default();
        let Some(scores) = &card.scores else {
            tally.not_visited += 1;
            continue;
        };
        if scores.len() != rule.criteria.len() {
            return Err(RankingError::ScoreCount(at));
        }
        tally.sums.resize(scores.len(), Ratio::ZERO);
        for (place, (score, criterion)) in scores.iter().zip(&rule.criteria).enumerate() {
            if score.is_negative() || *score > Ratio::integer(i128::from(criterion.max)) {
                return Err(RankingError::OutOfRange(at, place));
            }
            tally.sums[place] = tally.sums[place].plus(*score)?;
            let office = rule.source(&criterion.id) == Source::Office;
            if office && *tally.office.entry(place).or_insert(*score) != *score {
                return Err(RankingError::OfficeDiffers(at, place));
            }
        }
        let carded = scores.iter().zip(&rule.criteria).filter(|(_, c)| rule.source(&c.id) == Source::Assessors);
        tally.totals.push(Ratio::sum(carded.map(|(score, _)| *score))?);
    }
    Ok(tallies)
}

impl Tally {
    fn stand<V>(self, rule: &AssessmentRule, last: Option<Decimal>, village: V) -> Result<Standing<V>, NumberError> {
        let count = Ratio::integer(self.totals.len() as i128);
        let mut criteria = match self.totals.len() {
            0 => None,
            _ => Some(self.sums.into_iter().map(|sum| sum.over(count)).collect::<Result<Vec<_>, _>>()?),
        };
        for (place, points) in criteria.iter_mut().flat_map(|criteria| criteria.iter_mut().enumerate()) {
            *points = self.orders.get(&place).copied().unwrap_or(*points);
        }
        let beside = Ratio::sum(self.office.into_values().chain(self.orders.into_values()))?;
        let (bonus, deduction) = (self.bonus.capped(rule.bonus_cap), self.deduction.capped(rule.deduction_cap));
        let cards = TrimmedMean::of(self.totals, rule.trim_min)?;
        let exact = match cards.mean {
            None => None,
            Some(mean) => {
                let score = mean.plus(beside)?.plus(bonus.counted)?.minus(deduction.counted)?;
                Some(if rule.clamp { score.clamp(Ratio::ZERO, rule.max_total()) } else { score })
            }
        };
        let published = exact.map(|exact| round(exact, rule.decimals, rule.rounding)).transpose()?;
        let gain = match (published, last) {
            (Some(published), Some(last)) => Some(published.value().minus(last.value())?),
            _ => None,
        };
        Ok(Standing {
            village,
            cards,
            not_visited: self.not_visited,
            criteria,
            beside,
            bonus,
            deduction,
            exact,
            published,
            disqualified: self.vetoed,
            gain,
            rank: None,
            below_by: None,
        })
    }
}

/// What is compared, the better the smaller; a village without a last quarter has no gain, as one that stood still.
type Key = (Reverse<Ratio>, Ratio, Reverse<Ratio>, Reverse<Ratio>, usize);

fn key<V: PartialEq>(rule: &AssessmentRule, standing: &Standing<V>, decided: &[V]) -> Option<Key> {
    let published = standing.published.filter(|_| !standing.disqualified)?;
    let heaviest = standing.criteria.as_ref().and_then(|criteria| criteria.get(rule.heaviest())).copied();
    let decision = decided.iter().position(|village| *village == standing.village).unwrap_or(decided.len());
    Some((
        Reverse(published.value()),
        standing.deduction.counted,
        Reverse(heaviest.unwrap_or(Ratio::ZERO)),
        Reverse(standing.gain.unwrap_or(Ratio::ZERO)),
        decision,
    ))
}

/// Sorts and numbers the standings; villages that share a rank stay in the order of their codes.
fn place<V: Ord + Clone>(rule: &AssessmentRule, standings: Vec<Standing<V>>, decided: &[V]) -> Vec<Standing<V>> {
    let keyed = standings.into_iter().map(|standing| (key(rule, &standing, decided), standing));
    let (mut ranked, rest): (Vec<_>, Vec<_>) = keyed.partition(|(key, _)| key.is_some());
    ranked.sort_by_key(|(key, _)| *key);
    let keys: Vec<Key> = ranked.iter().filter_map(|(key, _)| *key).collect();
    let mut shared = 1;
    for (at, (_, standing)) in ranked.iter_mut().enumerate() {
        let below_by = at.checked_sub(1).map(|before| step(keys[before], keys[at]));
        if below_by != Some(TieStep::Shared) {
            shared = u32::try_from(at + 1).unwrap_or(u32::MAX);
        }
        (standing.rank, standing.below_by) = (Some(shared), below_by);
    }
    ranked.into_iter().chain(rest).map(|(_, standing)| standing).collect()
}

/// Returns the first step at which two keys differ.
fn step(before: Key, after: Key) -> TieStep {
    if before.0 != after.0 {
        TieStep::Score
    } else if before.1 != after.1 {
        TieStep::Deductions
    } else if before.2 != after.2 {
        TieStep::HeaviestCriterion
    } else if before.3 != after.3 {
        TieStep::Gain
    } else if before.4 != after.4 {
        TieStep::Decision
    } else {
        TieStep::Shared
    }
}

impl From<NumberError> for RankingError {
    fn from(error: NumberError) -> Self {
        Self::Number(error)
    }
}

impl fmt::Display for RankingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ScoreCount(_) => f.write_str("a card has one score per criterion"),
            Self::OutOfRange(..) => f.write_str("the score is out of range"),
            Self::OfficeDiffers(..) => {
                f.write_str("the responsible office's value is the same on every card of a village")
            }
            Self::UnknownVillage(_) => f.write_str("no card is of this village"),
            Self::Negative(_) => f.write_str("points are not below 0"),
            Self::Number(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for RankingError {}

#[cfg(test)]
mod tests;
