//! Points from the order in which assessors place the villages, whatever distance their scores leave between them.

use std::collections::BTreeMap;

use super::Card;
use crate::domain::rulebook::assessment::{AssessmentRule, Source};
use crate::number::{NumberError, Ratio};

/// Returns what orders come to, by village and the place of the criterion.
///
/// Of the villages that an assessor visited the first gets the criterion's maximum and each further place that much
/// divided by their number less; equal ones share the mean of their places. A village gets the plain mean over its
/// assessors: an order has no extremes that would have to be dropped.
pub(super) fn points<V: Ord + Clone>(
    rule: &AssessmentRule,
    cards: &[Card<V>],
) -> Result<BTreeMap<V, BTreeMap<usize, Ratio>>, NumberError> {
    let mut points: BTreeMap<V, BTreeMap<usize, Ratio>> = BTreeMap::new();
    for (place, criterion) in rule.criteria.iter().enumerate() {
        if rule.source(&criterion.id) != Source::Rank {
            continue;
        }
        let mut given: BTreeMap<&V, Vec<Ratio>> = BTreeMap::new();
        for sheet in sheets(place, cards).values() {
            for (village, score) in sheet {
                let share = share(sheet, *score)?.times(Ratio::integer(i128::from(criterion.max)))?;
                given.entry(village).or_default().push(share);
            }
        }
        for (village, shares) in given {
            let count = Ratio::integer(shares.len() as i128);
            points.entry(village.clone()).or_default().insert(place, Ratio::sum(shares)?.over(count)?);
        }
    }
    Ok(points)
}

/// Sorts what each assessor gave on a criterion.
fn sheets<V>(place: usize, cards: &[Card<V>]) -> BTreeMap<&str, Vec<(&V, Ratio)>> {
    let mut sheets: BTreeMap<&str, Vec<(&V, Ratio)>> = BTreeMap::new();
    for card in cards {
        if let Some(score) = card.scores.as_ref().and_then(|scores| scores.get(place)) {
            sheets.entry(&card.assessor).or_default().push((&card.village, *score));
        }
    }
    sheets
}

/// Returns the share of the maximum that a score's place comes to: all of it for the first, an nth for the last.
fn share<V>(sheet: &[(&V, Ratio)], own: Ratio) -> Result<Ratio, NumberError> {
    let count = sheet.len() as i128;
    let better = sheet.iter().filter(|(_, score)| *score > own).count() as i128;
    let equal = sheet.iter().filter(|(_, score)| *score == own).count() as i128;
    // The mean of the places `better + 1` to `better + equal`, doubled so that it is whole.
    let doubled = 2 * better + equal + 1;
    Ratio::new(2 * (count + 1) - doubled, 2 * count)
}
