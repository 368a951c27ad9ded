//! What assessors give, what they do not, and what is asked of nobody.

use std::collections::BTreeMap;

use shared::domain::assessment::{Blocker, CardFact, Scored, Stage};
use shared::domain::command::{AssessmentCommand, AssessmentRefusal, Refusal};
use shared::domain::decide::Fact;
use shared::domain::rulebook::Criterion;
use shared::domain::rulebook::assessment::Source;
use shared::role::Role;

use super::township::{Land, criterion, person, points, refused, village};

fn unvisited(assessor: &str, at: &str, unvisited: bool) -> AssessmentCommand {
    let (assessor, village) = (person(assessor), village(at));
    AssessmentCommand::MarkUnvisited { assessor, village, unvisited, reason: "塌方".to_owned() }
}

/// The advisor of village 3 is an assessor too: they score the others, and their card of village 3 is asked of nobody.
#[test]
fn an_advisor_does_not_score_the_own_village() {
    let mut land = Land::new();
    land.phone("AD1", "two", &[Role::Advisor], &["3"]);
    land.settings.assessors[2].recused.insert(village("3"));
    land.begins();
    for code in ["LD1", "AS1", "AS2"] {
        land.scores(code, "1", "35", "55");
        land.scores(code, "2", "30", "50");
    }
    land.scores("LD1", "3", "25", "45");
    land.scores("AS1", "3", "25", "45");
    let own = AssessmentCommand::Score { village: village("3"), scores: vec![(criterion("order"), points("60"))] };
    assert_eq!(land.is_refused("AS2", own), refused(AssessmentRefusal::NotAssigned(village("3"))));
    // A faulty phone records it all the same: the lead collects what the settings ask for and nothing else.
    let forged = Scored { village: village("3"), criterion: criterion("order"), value: points("60"), replaces: vec![] };
    land.record("AS2", CardFact::address(land.quarter, &person("two")), Fact::Card(CardFact::Scored(forged)));
    land.meet_all();
    land.freezes();
    assert_eq!(land.assessment("SJ1").result.as_ref().unwrap().standings[2].cards.count(), 2);
}

/// Nobody but the assessor and the lead reads a card before the freeze; everybody does afterwards.
#[test]
fn cards_are_their_assessors_until_the_freeze() {
    let mut land = Land::new();
    land.begins();
    land.scores_all();
    let readers: Vec<usize> = ["OF1", "LD1", "AS1", "SJ1"]
        .iter()
        .map(|code| land.workspace(code).cards.get(&land.quarter).map_or(0, BTreeMap::len))
        .collect();
    assert_eq!(readers, [0, 3, 1, 0]);
    assert!(matches!(land.is_refused("OF1", AssessmentCommand::FinishVillage(village("1"))), Refusal::Role { .. }));
    land.freezes();
    let frozen = land.assessment("SJ1").frozen.clone().unwrap();
    assert_eq!(frozen.freeze.card(&person("two"), &village("3")).unwrap()[&criterion("order")], points("45"));
}

/// Assessor one has two phones, on which village 2 got different points.
#[test]
fn an_assessor_who_scores_twice_settles_it_e31() {
    let mut land = Land::new();
    land.phone("AS9", "one", &[Role::Assessor], &[]);
    land.begins();
    land.scores_all();
    let second = AssessmentCommand::Score { village: village("2"), scores: vec![(criterion("order"), points("44.5"))] };
    let mut apart = Land::new();
    apart.phone("AS9", "one", &[Role::Assessor], &[]);
    apart.begins();
    apart.does("AS9", second.clone());
    apart.scores_all();
    let cards = apart.workspace("AS1").cards_of(apart.quarter, &person("one")).unwrap().clone();
    assert_eq!(cards.divergences().collect::<Vec<_>>(), [&(village("2"), criterion("order"))]);
    apart.moves("LD1", Stage::Scored).unwrap();
    let differ =
        Blocker::ScoresDiffer { assessor: person("one"), village: village("2"), criteria: vec![criterion("order")] };
    let blocked = refused(AssessmentRefusal::Blocked(vec![differ]));
    assert_eq!(apart.is_refused("LD1", AssessmentCommand::Freeze), blocked);
    apart.does("AS9", second.clone());
    apart.meet_all();
    apart.freezes();
    let result = apart.assessment("SJ1").result.clone().unwrap();
    assert_eq!(result.standing(&village("2")).unwrap().exact.unwrap().to_string(), "469/6");

    // On one phone, or after they have met, a second score is a correction.
    land.meet_all();
    land.does("AS9", second.clone());
    assert_eq!(land.is_refused("AS9", second), Refusal::NothingToChange);
    land.meet_all();
    assert_eq!(land.workspace("AS1").cards_of(land.quarter, &person("one")).unwrap().divergences().count(), 0);
}

/// A landslide kept assessor two from village 3.
#[test]
fn a_village_not_visited_is_left_out_and_never_nought_e32() {
    let mut land = Land::new();
    land.begins();
    for code in ["LD1", "AS1", "AS2"] {
        land.scores(code, "1", "35", "55");
        land.scores(code, "2", "30", "50");
    }
    land.scores("LD1", "3", "25", "45");
    land.scores("AS1", "3", "24", "44");
    land.meet_all();
    land.moves("LD1", Stage::Scored).unwrap();
    let criteria = vec![criterion("economy"), criterion("order")];
    let missing = Blocker::Missing { assessor: person("two"), village: village("3"), criteria };
    let blocked = refused(AssessmentRefusal::Blocked(vec![missing]));
    assert_eq!(land.is_refused("LD1", AssessmentCommand::Freeze), blocked);
    assert!(matches!(land.is_refused("OF1", unvisited("two", "3", true)), Refusal::Role { .. }));
    assert_eq!(land.is_refused("LD1", unvisited("two", "1", true)), refused(AssessmentRefusal::Visited));
    land.does("LD1", unvisited("two", "3", true));
    land.freezes();
    let assessment = land.assessment("SJ3");
    let standing = assessment.result.as_ref().unwrap().standing(&village("3")).unwrap();
    assert_eq!((standing.published.unwrap().to_string(), standing.not_visited), ("69.00".to_owned(), 1));
}

/// The lead's word cannot take a card away: the assessor did visit, on a phone that came later.
#[test]
fn a_visit_that_took_place_cannot_be_denied() {
    let mut land = Land::new();
    land.begins();
    land.does("LD1", unvisited("two", "3", true));
    land.scores_all();
    land.moves("LD1", Stage::Scored).unwrap();
    let after_all = Blocker::VisitedAfterAll { assessor: person("two"), village: village("3") };
    let blocked = refused(AssessmentRefusal::Blocked(vec![after_all]));
    assert_eq!(land.is_refused("LD1", AssessmentCommand::Freeze), blocked);
    land.does("LD1", unvisited("two", "3", false));
    land.freezes();
    assert_eq!(land.assessment("SJ1").result.as_ref().unwrap().standings[2].cards.count(), 3);
}

#[test]
fn an_assessor_who_leaves_leaves_the_scores() {
    let mut land = Land::new();
    land.begins();
    land.scores_all();
    let mut gone = Land::new();
    gone.begins();
    for code in ["LD1", "AS1"] {
        gone.scores(code, "1", "35", "55");
        gone.scores(code, "2", "30", "50");
        gone.scores(code, "3", "25", "45");
    }
    gone.scores("AS2", "1", "36", "60");
    gone.does(
        "AS2",
        AssessmentCommand::Score { village: village("2"), scores: vec![(criterion("order"), points("9"))] },
    );
    gone.meet_all();
    gone.does("OF1", AssessmentCommand::Resign { assessor: person("two"), reason: "调离".to_owned() });
    gone.meet_all();
    let late = AssessmentCommand::Score { village: village("3"), scores: vec![(criterion("order"), points("9"))] };
    assert_eq!(gone.is_refused("AS2", late), refused(AssessmentRefusal::NotAssessor));
    gone.freezes();
    gone.check(
        "SJ1",
        "Frozen
        1 village 1 92.00 of 3 cards
        2 village 2 80.00 of 2 cards, below by Score
        3 village 3 70.00 of 2 cards, below by Score",
    );
    assert!(gone.assessment("SJ1").resigned.contains_key(&person("two")), "marked");
}

/// The economy station answers for what each village earned, and an on-site comparison counts as an order.
#[test]
fn offices_and_orders_count_beside_the_cards() {
    let mut land = Land::new();
    let id = |name: &str| Criterion { id: criterion(name), name: name.to_owned(), max: 10 };
    land.settings.rule.criteria.extend([id("income"), id("onsite")]);
    land.settings.rule.sources = [(criterion("income"), Source::Office), (criterion("onsite"), Source::Rank)].into();
    land.settings.assessors = ["lead", "one", "two"].map(|name| land.assessor(name)).into();
    for assessor in &mut land.settings.assessors {
        assessor.criteria.remove(&criterion("income"));
    }
    let mut station = land.assessor("station");
    station.criteria = [criterion("income")].into();
    land.settings.assessors.push(station);
    land.phone("ST1", "station", &[Role::Assessor], &[]);
    land.begins();
    land.scores_all();
    let gives = |land: &mut Land, code: &str, on: &str, given: [&str; 3]| {
        for (at, value) in ["1", "2", "3"].into_iter().zip(given) {
            let scores = vec![(criterion(on), points(value))];
            land.does(code, AssessmentCommand::Score { village: village(at), scores });
        }
    };
    gives(&mut land, "ST1", "income", ["2.25", "7", "10"]);
    let foreign = AssessmentCommand::Score { village: village("1"), scores: vec![(criterion("income"), points("9"))] };
    assert_eq!(land.is_refused("AS1", foreign), refused(AssessmentRefusal::NotAssigned(village("1"))));
    let above =
        AssessmentCommand::Score { village: village("1"), scores: vec![(criterion("onsite"), points("10.01"))] };
    let refusal = land.is_refused("AS1", above);
    assert_eq!(refusal, refused(AssessmentRefusal::OutOfRange { criterion: criterion("onsite"), max: 10 }), "E15");
    gives(&mut land, "LD1", "onsite", ["9", "8", "1"]);
    gives(&mut land, "AS1", "onsite", ["2", "2", "1"]);
    gives(&mut land, "AS2", "onsite", ["5", "6", "7"]);
    land.meet_all();
    land.freezes();
    // Places: lead 1, 2/3, 1/3; one 5/6, 5/6, 1/3; two 1/3, 2/3, 1. So 65/9, 65/9 and 50/9 of 10 points.
    let result = land.assessment("SJ1").result.clone().unwrap();
    let beside = |at: &str| result.standing(&village(at)).unwrap().beside.to_string();
    assert_eq!(["1", "2", "3"].map(beside), ["341/36", "128/9", "140/9"]);
    let published: Vec<String> = result.published().values().map(ToString::to_string).collect();
    assert_eq!(published, ["99.47", "94.22", "85.56"]);
}
