//! What counts, put together: each month with what stands in it, how far it has come, and what came late.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Of, Sheets};
use crate::domain::divergence::{Claim, Settled, Voice, settle};
use crate::domain::post::{
    Excused, LogLine, MonthResult, MonthStage, PersonMonth, QuarterPosts, Reviewed, rate, shortest,
};
use crate::id::{FactId, PersonId};
use crate::time::Month;

/// Whose month.
type Whose = (Month, PersonId);

pub(super) fn build(sheets: &Sheets<'_>) -> QuarterPosts {
    let mut quarter = QuarterPosts::default();
    let rules = settle_by(&sheets.openings, |opening| ((), Arc::new(opening.rule.clone()), &opening.replaces));
    quarter.rule = rules.into_values().next().unwrap_or_default();
    quarter.held = sheets.held.iter().map(|(id, (fact, held))| ((*id).clone(), fact.cast((*held).clone()))).collect();
    let months = &mut quarter.months;
    for (id, (fact, entry)) in &sheets.entries {
        let mut strikes = BTreeMap::new();
        for (number, (_, strike)) in sheets.strikes.iter().filter(|(_, (_, strike))| strike.entry == **id) {
            strikes.insert((*number).clone(), (*strike).clone());
        }
        let line = LogLine { by: Voice::of(fact), entry: (*entry).clone(), strikes };
        let month = months.entry((entry.date.month(), entry.person.clone())).or_default();
        month.entries.insert((*id).clone(), line);
    }
    let excused = settle_by(&sheets.excuses, |excuse| {
        let value = Excused { decision: excuse.decision.clone(), lifted: excuse.lifted };
        ((excuse.month, excuse.person.clone()), value, &excuse.replaces)
    });
    excused.into_iter().for_each(|(whose, value)| months.entry(whose).or_default().excused = value);
    let stated = settle_by(&sheets.statements, |stated| {
        ((stated.month, stated.person.clone()), stated.words.clone(), &stated.replaces)
    });
    stated.into_iter().for_each(|(whose, value)| months.entry(whose).or_default().statement = value);
    let reviewed = settle_by(&sheets.reviews, |review| {
        let value = Reviewed { words: review.words.clone(), facts: review.facts.clone() };
        ((review.month, review.person.clone()), value, &review.replaces)
    });
    reviewed.into_iter().for_each(|(whose, value)| months.entry(whose).or_default().review = value);
    let scored = settle_by(&sheets.scores, |score| {
        let whose = (score.month, score.person.clone());
        ((whose, score.post.clone()), shortest(score.points), &score.replaces)
    });
    for ((whose, post), value) in scored {
        months.entry(whose).or_default().scores.insert(post, value);
    }
    for (whose, value) in confirmed(sheets) {
        months.entry(whose).or_default().confirmed = value;
    }
    for (whose, month) in months.iter_mut() {
        month.stage = stage(sheets, month);
        month.result = match (&month.confirmed, quarter.rule.agreed()) {
            (Settled::Agreed(said), _) => Some(said.value.clone()),
            (Settled::Nothing, Some(rule)) if month.stage >= MonthStage::Scored => {
                let posts = month.scores.iter().filter_map(|(post, points)| Some((post.clone(), *points.agreed()?)));
                rate(rule, posts.collect())
            }
            _ => None,
        };
        month.late = late(sheets, whose, month);
    }
    quarter
}

/// Settles facts of one sort by what they are about.
fn settle_by<'f, T, K: Ord, V: PartialEq>(
    of: &Of<'f, T>,
    split: impl Fn(&'f T) -> (K, V, &'f [FactId]),
) -> BTreeMap<K, Settled<V>> {
    let mut claims: BTreeMap<K, Vec<Claim<'f, V>>> = BTreeMap::new();
    for (fact, value) in of.values() {
        let (about, value, replaces) = split(value);
        claims.entry(about).or_default().push(Claim { voice: Voice::of(fact), value, replaces });
    }
    claims.into_iter().map(|(about, claims)| (about, settle(claims))).collect()
}

fn confirmed(sheets: &Sheets<'_>) -> BTreeMap<Whose, Settled<MonthResult>> {
    let mut claims: BTreeMap<Whose, Vec<Claim<'_, MonthResult>>> = BTreeMap::new();
    for (fact, confirmed, results) in &sheets.confirmations {
        for (person, result) in results {
            let claim = Claim { voice: Voice::of(fact), value: result.clone(), replaces: &confirmed.replaces };
            claims.entry((confirmed.month, person.clone())).or_default().push(claim);
        }
    }
    claims.into_iter().map(|(whose, claims)| (whose, settle(claims))).collect()
}

/// Tells how far a month has come: each layer has to rest on what stands of the one before.
fn stage(sheets: &Sheets<'_>, month: &PersonMonth) -> MonthStage {
    let rests = |follows: &[FactId], standing: &[FactId]| follows.iter().any(|id| standing.contains(id));
    let (statements, reviews) = (month.statement.facts(), month.review.facts());
    let mut scores = month.scores.values();
    if month.confirmed.agreed().is_some() {
        MonthStage::Confirmed
    } else if statements.is_empty() {
        MonthStage::LogOpen
    } else if !reviews.iter().any(|id| rests(&sheets.reviews[id].1.follows, &statements)) {
        MonthStage::SelfStated
    } else if month.scores.is_empty()
        || scores.any(|score| {
            score.is_divergence() || !score.facts().iter().any(|id| rests(&sheets.scores[id].1.follows, &reviews))
        })
    {
        MonthStage::Reviewed
    } else if !month.scores.values().all(|score| score.facts().iter().any(|id| sheets.shown.contains(id))) {
        MonthStage::Scored
    } else {
        MonthStage::Shown
    }
}

/// Returns what stands in a confirmed month beside everything that its confirmations rest on.
fn late(sheets: &Sheets<'_>, whose: &Whose, month: &PersonMonth) -> Vec<FactId> {
    let by: BTreeSet<FactId> = month.confirmed.facts().into_iter().collect();
    let of = sheets.confirmations.iter().filter(|(fact, ..)| by.contains(&fact.id));
    let mut open: Vec<&FactId> = of.flat_map(|(_, confirmed, _)| &confirmed.scores).collect();
    if open.is_empty() {
        return Vec::new();
    }
    let mut known: BTreeSet<&FactId> = BTreeSet::new();
    while let Some(id) = open.pop() {
        let ours = |person: &PersonId, of: Month| (of, person) == (whose.0, &whose.1);
        if let Some((_, score)) = sheets.scores.get(id).filter(|(_, score)| ours(&score.person, score.month)) {
            open.extend(score.follows.iter().chain(&score.replaces).filter(|id| !known.contains(id)));
        } else if let Some((_, review)) = sheets.reviews.get(id) {
            open.extend(
                review.follows.iter().chain(&review.replaces).chain(&review.facts).filter(|id| !known.contains(id)),
            );
        } else if let Some((_, stated)) = sheets.statements.get(id) {
            open.extend(stated.replaces.iter().filter(|id| !known.contains(id)));
        }
        known.insert(id);
    }
    let mut standing: Vec<FactId> = Vec::new();
    for (id, line) in &month.entries {
        // An entry that counted and was struck stays counted: the strike is what came late.
        match known.contains(id) {
            true => standing.extend(line.strikes.keys().cloned()),
            false if line.strikes.is_empty() => standing.push(id.clone()),
            false => {}
        }
    }
    let excused = month.excused.standing().iter().filter(|said| !said.value.lifted);
    standing.extend(excused.flat_map(|said| said.by.iter().map(|voice| voice.fact.clone())));
    standing.extend(month.statement.facts().into_iter().chain(month.review.facts()));
    standing.extend(month.scores.values().flat_map(Settled::facts));
    standing.retain(|id| !known.contains(id));
    standing.sort();
    standing
}
