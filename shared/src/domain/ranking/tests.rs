//! The ranking of villages: caps, vetoes, villages not visited, and every link of the tie-break chain.

use super::*;
use crate::domain::rulebook::Criterion;
use crate::id::RulebookId;
use crate::number::Rounding;

fn rule() -> AssessmentRule {
    let criterion = |(id, max): (&str, u32)| Criterion { id: id.parse().unwrap(), name: String::new(), max };
    AssessmentRule {
        id: RulebookId::new("village-assessment").unwrap(),
        version: 1,
        title: String::new(),
        decimals: 2,
        rounding: Rounding::HalfUp,
        trim_min: 5,
        criteria: [("economy", 40), ("organisation", 60)].map(criterion).into(),
        sources: BTreeMap::new(),
        recuse: true,
        bonus_cap: "5".parse().ok(),
        deduction_cap: "10".parse().ok(),
        clamp: false,
    }
}

fn card(village: &'static str, economy: i128, organisation: i128) -> Card<&'static str> {
    by("one", village, economy, organisation)
}

fn by(assessor: &str, village: &'static str, economy: i128, organisation: i128) -> Card<&'static str> {
    let scores = Some(vec![Ratio::integer(economy), Ratio::integer(organisation)]);
    Card { village, assessor: assessor.to_owned(), scores }
}

fn points(text: &str) -> Ratio {
    text.parse().unwrap()
}

fn adjusted(village: &'static str, adjustment: Adjustment) -> Adjusted<&'static str> {
    Adjusted { village, adjustment }
}

/// Ranks and prints rank, village and published number of each.
fn table(
    cards: &[Card<&'static str>],
    adjustments: &[Adjusted<&'static str>],
    last: &[(&'static str, &str)],
    decided: &[&'static str],
) -> Vec<String> {
    let last = last.iter().map(|(village, published)| (*village, published.parse().unwrap())).collect();
    let standings = rank(&rule(), cards, adjustments, &last, decided).unwrap();
    let line = |standing: &Standing<&str>| {
        let rank = standing.rank.map_or("-".to_owned(), |rank| rank.to_string());
        let published = standing.published.map_or("-".to_owned(), |published| published.to_string());
        format!("{rank} {} {published} {:?}", standing.village, standing.below_by)
    };
    standings.iter().map(line).collect()
}

#[test]
fn additions_and_deductions_are_capped_and_a_veto_keeps_the_score_e33() {
    let cards = [card("a", 30, 50), card("b", 30, 55), card("c", 40, 60)];
    let adjustments = [
        adjusted("a", Adjustment::Bonus(points("3.5"))),
        adjusted("a", Adjustment::Bonus(points("4"))),
        adjusted("b", Adjustment::Deduction(points("11"))),
        adjusted("c", Adjustment::Veto),
    ];
    assert_eq!(table(&cards, &adjustments, &[], &[]), ["1 a 85.00 None", "2 b 75.00 Some(Score)", "- c 100.00 None"]);
    let standings = rank(&rule(), &cards, &adjustments, &BTreeMap::new(), &[]).unwrap();
    assert_eq!(standings[0].bonus, Capped { given: points("7.5"), counted: points("5") });
    assert!(standings[2].disqualified);
    let clamped = AssessmentRule { clamp: true, ..rule() };
    let over = [adjusted("c", Adjustment::Bonus(points("5"))), adjusted("a", Adjustment::Deduction(points("10")))];
    let cards = [card("c", 40, 60), card("a", 4, 5)];
    let standings = rank(&clamped, &cards, &over, &BTreeMap::new(), &[]).unwrap();
    let published: Vec<String> = standings.iter().filter_map(|s| s.published).map(|p| p.to_string()).collect();
    assert_eq!(published, ["100.00", "0.00"]);
}

#[test]
fn a_village_that_an_assessor_did_not_visit_is_not_scored_nought_e32() {
    let missed = Card { scores: None, ..card("a", 0, 0) };
    let standings = rank(
        &rule(),
        &[card("a", 40, 50), missed.clone(), Card { village: "b", ..missed }],
        &[],
        &BTreeMap::new(),
        &[],
    );
    let standings = standings.unwrap();
    assert_eq!(standings[0].published.unwrap().to_string(), "90.00");
    assert_eq!((standings[0].cards.count(), standings[0].not_visited), (1, 1));
    assert_eq!((standings[1].village, standings[1].published, standings[1].rank), ("b", None, None));
}

#[test]
fn ties_go_through_the_whole_chain_and_end_shared_e34() {
    let cards = [
        card("a", 40, 40),
        card("b", 40, 40),
        card("c", 40, 40),
        card("d", 30, 50),
        card("e", 40, 45),
        card("f", 0, 9),
    ];
    let deducted = [adjusted("e", Adjustment::Deduction(points("5")))];
    let last = [("a", "79.00"), ("b", "78.00"), ("c", "80.00")];
    let expected = [
        "1 d 80.00 None",
        "2 b 80.00 Some(HeaviestCriterion)",
        "3 a 80.00 Some(Gain)",
        "4 c 80.00 Some(Gain)",
        "5 e 80.00 Some(Deductions)",
        "6 f 9.00 Some(Score)",
    ];
    assert_eq!(table(&cards, &deducted, &last, &[]), expected);
    let equal = [card("b", 40, 40), card("a", 40, 40), card("c", 1, 1)];
    let shared = ["1 a 80.00 None", "1 b 80.00 Some(Shared)", "3 c 2.00 Some(Score)"];
    assert_eq!(table(&equal, &[], &[], &[]), shared);
    let decided = ["1 b 80.00 None", "2 a 80.00 Some(Decision)", "3 c 2.00 Some(Score)"];
    assert_eq!(table(&equal, &[], &[], &["b", "a"]), decided);
}

#[test]
fn the_lead_decides_nothing_that_the_numbers_tell_apart() {
    let cards = [card("a", 40, 40), card("b", 40, 41)];
    assert_eq!(table(&cards, &[], &[], &["a", "b"]), ["1 b 81.00 None", "2 a 80.00 Some(Score)"]);
}

#[test]
fn what_cannot_be_ranked_is_named() {
    let check = |cards: &[Card<&'static str>], adjustments: &[Adjusted<&'static str>], error| {
        assert_eq!(rank(&rule(), cards, adjustments, &BTreeMap::new(), &[]), Err(error));
    };
    check(&[card("a", 41, 0)], &[], RankingError::OutOfRange(0, 0));
    check(&[card("a", 1, -1)], &[], RankingError::OutOfRange(0, 1));
    check(&[Card { scores: Some(vec![]), ..card("a", 0, 0) }], &[], RankingError::ScoreCount(0));
    check(&[card("a", 1, 1)], &[adjusted("b", Adjustment::Veto)], RankingError::UnknownVillage(0));
    check(&[card("a", 1, 1)], &[adjusted("a", Adjustment::Bonus(points("-1")))], RankingError::Negative(0));
}

fn with(source: Source) -> AssessmentRule {
    AssessmentRule { sources: [("economy".parse().unwrap(), source)].into(), ..rule() }
}

#[test]
fn a_responsible_office_gives_one_value_beside_the_cards() {
    let rule = with(Source::Office);
    let cards = [by("one", "a", 30, 50), by("two", "a", 30, 60), by("three", "a", 30, 40)];
    let standings = rank(&rule, &cards, &[], &BTreeMap::new(), &[]).unwrap();
    assert_eq!(standings[0].cards.kept, [40, 50, 60].map(Ratio::integer));
    assert_eq!((standings[0].beside, standings[0].exact), (Ratio::integer(30), Some(Ratio::integer(80))));
    let differing = [by("one", "a", 30, 50), by("one", "b", 20, 50), by("two", "a", 31, 60)];
    assert_eq!(rank(&rule, &differing, &[], &BTreeMap::new(), &[]), Err(RankingError::OfficeDiffers(2, 0)));
}

/// Assessor one places a, b and c with a gulf between them, assessor two holds a and b equal and has not seen c.
#[test]
fn of_an_order_only_the_places_count() {
    let rule = with(Source::Rank);
    let cards = [
        by("one", "a", 40, 10),
        by("one", "b", 3, 10),
        by("one", "c", 2, 10),
        by("two", "a", 9, 10),
        by("two", "b", 9, 10),
    ];
    let standings = rank(&rule, &cards, &[], &BTreeMap::new(), &[]).unwrap();
    // Of 40: one gives 1, 2/3, 1/3; two gives both the mean of 1 and 1/2. So (1 + 3/4) / 2, (2/3 + 3/4) / 2 and 1/3.
    let beside: Vec<String> = standings.iter().map(|standing| standing.beside.to_string()).collect();
    assert_eq!(beside, ["35", "85/3", "40/3"]);
    let published: Vec<String> = standings.iter().map(|standing| standing.published.unwrap().to_string()).collect();
    assert_eq!(published, ["45.00", "38.33", "23.33"]);
    assert_eq!(standings[0].criteria.as_deref(), Some(&[Ratio::integer(35), Ratio::integer(10)][..]));
}
