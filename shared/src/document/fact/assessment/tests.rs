//! The largest freeze fits one fact, and an ordinary one is small.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::fact::{FACT_BYTES, pack_assessment, read_assessment};
use crate::domain::assessment::{ASSESSORS_LIMIT, AssessmentFact, Freeze, Hundredths, SCORES_LIMIT};
use crate::domain::rulebook::CRITERIA_LIMIT;
use crate::id::{CriterionId, PersonId};

fn freeze() -> Freeze {
    let up_to = [("LD1".parse().unwrap(), 42), ("OF1".parse().unwrap(), 300_000)].into();
    Freeze { cards: BTreeMap::new(), last: BTreeMap::new(), up_to, digest: [7; 32], replaces: Vec::new() }
}

/// As many scores as settings allow, by people and criteria with the longest names, are one fact.
#[test]
fn the_largest_freeze_fits() {
    let name = |place: usize| format!("{place:040}");
    let criteria: Vec<CriterionId> = (0..CRITERIA_LIMIT).map(|place| name(place).parse().unwrap()).collect();
    let villages = SCORES_LIMIT / ASSESSORS_LIMIT / CRITERIA_LIMIT;
    let mut full = freeze();
    for assessor in 0..ASSESSORS_LIMIT {
        for at in 0..villages {
            let key = (name(assessor).parse().unwrap(), format!("{at:012}").parse().unwrap());
            full.cards.insert(key, criteria.iter().map(|id| (id.clone(), Hundredths(1_000_000))).collect());
        }
    }
    let scores: usize = full.cards.values().map(BTreeMap::len).sum();
    assert!(scores > SCORES_LIMIT - ASSESSORS_LIMIT * CRITERIA_LIMIT, "{scores} scores are nearly the limit");
    let fact = AssessmentFact::Proposed(Box::new(full));
    let bytes = pack_assessment(&fact);
    assert!(bytes.len() < FACT_BYTES, "{} bytes", bytes.len());
    assert_eq!(read_assessment(&bytes), Ok(fact));
}

/// Ten villages, seven assessors, four criteria: what a township writes down each quarter.
#[test]
fn an_ordinary_freeze_is_small() {
    let criteria: Vec<CriterionId> =
        ["organisation", "economy", "service", "environment"].map(|id| id.parse().unwrap()).into();
    let people: BTreeSet<PersonId> = (1..=7).map(|n| format!("assessor-{n}").parse().unwrap()).collect();
    let mut ordinary = freeze();
    for assessor in people {
        for at in 0..10 {
            let key = (assessor.clone(), format!("42052920220{at}").parse().unwrap());
            ordinary.cards.insert(key, criteria.iter().map(|id| (id.clone(), Hundredths(2250))).collect());
        }
    }
    let bytes = pack_assessment(&AssessmentFact::Proposed(Box::new(ordinary)));
    assert!(bytes.len() < 2300, "{} bytes", bytes.len());
}
