//! Facts of a quarter and of cards read back as they were packed, and the largest of them fits.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::document::fact::{FACT_BYTES, pack_assessment, pack_card, read_assessment, read_card};
use crate::domain::assessment::{
    ASSESSORS_LIMIT, AssessedVillage, AssessmentSettings, AssessorSetting, Freeze, Opening, SCORES_LIMIT,
};
use crate::domain::rulebook::assessment::{AssessmentRule, Source};
use crate::domain::rulebook::{CRITERIA_LIMIT, Criterion};
use crate::domain::township::VillageKind;
use crate::id::{CriterionId, PersonId, UnitCode};
use crate::number::Rounding;

fn village(code: &str) -> UnitCode {
    code.parse().unwrap()
}

fn replaces() -> Vec<FactId> {
    vec!["LD1-43".parse().unwrap(), "OF2-7".parse().unwrap()]
}

fn settings() -> AssessmentSettings {
    let criterion = |(id, max): (&str, u32)| Criterion { id: id.parse().unwrap(), name: format!("{id}分"), max };
    let rule = AssessmentRule {
        id: "village-assessment".parse().unwrap(),
        version: 3,
        title: "考核评比办法".to_owned(),
        decimals: 1,
        rounding: Rounding::HalfEven,
        trim_min: 5,
        criteria: [("组织", 40), ("income", 10), ("观摩", 50)].map(criterion).into(),
        sources: [("income".parse().unwrap(), Source::Office), ("观摩".parse().unwrap(), Source::Rank)].into(),
        recuse: false,
        bonus_cap: "5.5".parse().ok(),
        deduction_cap: "10".parse().ok(),
        clamp: true,
    };
    let assessed = |(code, kind): (&str, VillageKind)| AssessedVillage {
        code: village(code),
        name: format!("{code}号"),
        kind,
        precinct: "东片".to_owned(),
    };
    let assessor = AssessorSetting {
        person: "one".parse().unwrap(),
        name: "甲".to_owned(),
        villages: [village("420529202201"), village("420529202209")].into(),
        criteria: ["组织", "观摩"].map(|id| id.parse().unwrap()).into(),
        recused: [village("420529202209")].into(),
    };
    AssessmentSettings {
        title: "第三季度".to_owned(),
        rule,
        villages: [("420529202209", VillageKind::Village), ("420529202201", VillageKind::Community)]
            .map(assessed)
            .into(),
        assessors: vec![assessor],
        lead: "lead".parse().unwrap(),
    }
}

fn freeze() -> Freeze {
    let card = |pairs: &[(&str, u32)]| -> BTreeMap<CriterionId, Hundredths> {
        pairs.iter().map(|(id, points)| (id.parse().unwrap(), Hundredths(*points))).collect()
    };
    let key = |person: &str, code: &str| (person.parse::<PersonId>().unwrap(), village(code));
    Freeze {
        cards: [
            (key("one", "420529202201"), card(&[("组织", 3550), ("观摩", 0)])),
            (key("one", "420529202209"), card(&[("组织", 10)])),
            (key("station", "420529202201"), card(&[("income", 225)])),
        ]
        .into(),
        last: [(village("420529202201"), "86.10".parse().unwrap())].into(),
        up_to: [("LD1".parse().unwrap(), 42), ("OF1".parse().unwrap(), 300_000)].into(),
        digest: [7; 32],
        replaces: replaces(),
    }
}

/// One fact of every kind, with every field in use.
fn every_fact() -> Vec<AssessmentFact> {
    let adjusted = |posted, after| {
        AssessmentFact::Adjusted(Adjusted { village: village("1"), posted, reason: "逾期".to_owned(), after })
    };
    let after: Option<FactId> = "LD1-9".parse().ok();
    vec![
        AssessmentFact::Opened(Box::new(Opening { settings: settings(), replaces: replaces() })),
        AssessmentFact::Moved(Move { to: Stage::Cancelled, digest: [3; 32], reason: "洪灾".to_owned() }),
        adjusted(Posted::Bonus(Hundredths(150)), None),
        adjusted(Posted::Deduction(Hundredths(u32::MAX)), after.clone()),
        adjusted(Posted::Veto, after.clone()),
        AssessmentFact::Struck(Strike {
            adjustment: "OF1-4".parse().unwrap(),
            reason: "记错".to_owned(),
            after: after.clone(),
        }),
        AssessmentFact::Unvisited(Unvisited {
            assessor: "one".parse().unwrap(),
            village: village("1"),
            unvisited: true,
            reason: "塌方".to_owned(),
            replaces: replaces(),
        }),
        AssessmentFact::Resigned(Resigned { assessor: "one".parse().unwrap(), reason: "调离".to_owned() }),
        AssessmentFact::Proposed(Box::new(freeze())),
        AssessmentFact::Signed(Signature { proposal: "LD1-9".parse().unwrap(), digest: [7; 32] }),
        AssessmentFact::TieDecided(TieDecision {
            after: "LD1-9".parse().unwrap(),
            villages: vec![village("2"), village("1")],
            shared: true,
            reason: "并列".to_owned(),
            replaces: replaces(),
        }),
    ]
}

#[test]
fn facts_of_a_quarter_read_back() {
    for fact in every_fact() {
        let bytes = pack_assessment(&fact);
        assert_eq!(read_assessment(&bytes).as_ref(), Ok(&fact));
        assert!((0..bytes.len()).all(|end| read_assessment(&bytes[..end]).is_err()), "no part of a fact is a fact");
    }
}

#[test]
fn facts_of_cards_read_back() {
    let criterion: CriterionId = "组织".parse().unwrap();
    let scored = |value, replaces| {
        CardFact::Scored(Scored { village: village("1"), criterion: criterion.clone(), value, replaces })
    };
    let facts = [
        scored(Hundredths(0), Vec::new()),
        scored(Hundredths(1750), replaces()),
        CardFact::Done(village("420529202209")),
    ];
    for fact in facts {
        let bytes = pack_card(&fact);
        assert_eq!(read_card(&bytes).as_ref(), Ok(&fact));
        assert!((0..bytes.len()).all(|end| read_card(&bytes[..end]).is_err()), "no part of a fact is a fact");
    }
}

/// As many scores as settings allow, by people and criteria with the longest names, are one fact.
#[test]
fn the_largest_freeze_fits() {
    let name = |place: usize| format!("{place:040}");
    let criteria: Vec<CriterionId> = (0..CRITERIA_LIMIT).map(|place| name(place).parse().unwrap()).collect();
    let villages = SCORES_LIMIT / ASSESSORS_LIMIT / CRITERIA_LIMIT;
    let mut full = freeze();
    full.cards.clear();
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
    ordinary.cards.clear();
    for assessor in people {
        for at in 0..10 {
            let key = (assessor.clone(), village(&format!("42052920220{at}")));
            ordinary.cards.insert(key, criteria.iter().map(|id| (id.clone(), Hundredths(2250))).collect());
        }
    }
    let bytes = pack_assessment(&AssessmentFact::Proposed(Box::new(ordinary)));
    assert!(bytes.len() < 2300, "{} bytes", bytes.len());
}
