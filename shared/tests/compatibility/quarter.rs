//! Documents of a quarter, of cards and of the flag as the first schema of them wrote them.

use std::collections::BTreeMap;

use shared::document::fact;
use shared::domain::assessment::{
    Adjusted, AssessedVillage, AssessmentFact, AssessmentSettings, AssessorSetting, CardFact, Freeze, Hundredths, Move,
    Opening, Posted, Resigned, Scored, Signature, Stage, Strike, TieDecision, Unvisited,
};
use shared::domain::flag::{Award, Awarding, FlagFact, Handover};
use shared::domain::rulebook::Criterion;
use shared::domain::rulebook::assessment::{AssessmentRule, Source};
use shared::domain::township::VillageKind;
use shared::id::{CriterionId, DocumentKind, FactId, PersonId, UnitCode};
use shared::number::Rounding;

use super::{authors, check, one_each};

const ASSESSMENT_1: &[u8] = include_bytes!("../golden/assessment-1.automerge");
const CARDS_1: &[u8] = include_bytes!("../golden/cards-1.automerge");
const FLAG_1: &[u8] = include_bytes!("../golden/flag-1.automerge");

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

fn cards() -> Vec<CardFact> {
    let scored = |value, replaces| {
        let criterion = "组织".parse().unwrap();
        CardFact::Scored(Scored { village: village("1"), criterion, value, replaces })
    };
    vec![
        scored(Hundredths(0), Vec::new()),
        scored(Hundredths(1750), replaces()),
        CardFact::Done(village("420529202209")),
    ]
}

fn flag() -> Vec<FlagFact> {
    let award = Award {
        quarter: "2026-Q3".parse().unwrap(),
        digest: [9; 32],
        villages: ["420529202209", "420529202201"].map(village).into(),
        weeks: 2,
        reason: "轮流".to_owned(),
    };
    let back = Handover {
        award: "OF1-5".parse().unwrap(),
        from: "420529202209".parse().ok(),
        to: None,
        date: "2026-10-12".parse().unwrap(),
        reason: "名次作废".to_owned(),
        after: replaces(),
    };
    let first = Handover { from: None, to: back.from.clone(), after: Vec::new(), ..back.clone() };
    vec![
        FlagFact::Awarded(Awarding { award, replaces: replaces() }),
        FlagFact::Handed(back),
        FlagFact::Handed(first),
        FlagFact::Countersigned("SJ2-7".parse().unwrap()),
    ]
}

/// Every fact reads back from its document and no part of one is a fact; the document is what this version writes.
pub(super) fn reads_back<T: PartialEq + std::fmt::Debug, E: std::fmt::Debug>(
    kind: DocumentKind,
    golden: &[u8],
    facts: &[T],
    pack: fn(&T) -> Vec<u8>,
    read: fn(&[u8]) -> Result<T, E>,
) {
    let document = check(kind, golden, one_each(facts.iter().map(pack).collect()));
    let raw = document.facts(&authors());
    assert_eq!(raw.skipped, []);
    let found: Vec<T> = raw.facts.iter().map(|raw| read(&raw.bytes).unwrap()).collect();
    assert_eq!(found, facts);
    for bytes in raw.facts.iter().map(|raw| &raw.bytes) {
        assert!((0..bytes.len()).all(|end| read(&bytes[..end]).is_err()), "no part of a fact is a fact");
    }
}

#[test]
fn a_quarter_of_the_first_schema() {
    reads_back(DocumentKind::Assessment, ASSESSMENT_1, &every_fact(), fact::pack_assessment, fact::read_assessment);
}

#[test]
fn cards_of_the_first_schema() {
    reads_back(DocumentKind::Cards, CARDS_1, &cards(), fact::pack_card, fact::read_card);
}

#[test]
fn a_flag_of_the_first_schema() {
    reads_back(DocumentKind::Flag, FLAG_1, &flag(), fact::pack_flag, fact::read_flag);
}
