//! Ranks once they are frozen: vetoes, ties, adjustments, and who confirms.

use shared::domain::assessment::{Assessment, AssessmentFact, Blocker, Move, Posted, Stage};
use shared::domain::command::{AssessmentCommand, AssessmentRefusal, Refusal};
use shared::role::Role;

use super::township::{Land, adjust, points, refused, village};

fn tie(villages: &[&str], shared: bool, reason: &str) -> AssessmentCommand {
    let villages = villages.iter().map(|code| village(code)).collect();
    AssessmentCommand::DecideTie { villages, shared, reason: reason.to_owned() }
}

/// Whoever froze does not confirm, from whatever phone, though they hold both roles.
#[test]
fn the_lead_does_not_confirm_what_the_lead_froze() {
    let mut land = Land::new();
    land.phone("LD9", "lead", &[Role::TownshipOffice], &[]);
    land.begins();
    land.scores_all();
    land.freezes();
    land.moves("LD9", Stage::Noticed).unwrap();
    assert_eq!(land.moves("LD9", Stage::Confirmed), Err(Refusal::SamePerson));
    let digest = land.assessment("LD9").result.as_ref().unwrap().digest;
    land.forge("LD9", AssessmentFact::Moved(Move { to: Stage::Confirmed, digest, reason: String::new() }));
    land.meet_all();
    assert_eq!(land.assessment("SJ1").stage, Stage::Noticed);
    land.moves("OF1", Stage::Confirmed).unwrap();
    land.meet_all();
    assert_eq!(land.assessment("SJ1").stage, Stage::Confirmed);
}

#[test]
fn an_adjustment_after_the_freeze_reopens_the_notice() {
    let mut land = Land::new();
    land.begins();
    land.scores_all();
    land.freezes();
    let before = land.assessment("SJ1").result.as_ref().unwrap().digest;
    land.confirms();
    assert_eq!(land.is_refused("OF1", adjust("1", Posted::Veto, " ")), Refusal::ReasonNeeded);
    let veto = land.does("OF1", adjust("1", Posted::Veto, "公示期内查实安全事故")).remove(0);
    land.meet_all();
    land.check(
        "SJ1",
        "Frozen
        1 village 2 80.00 of 3 cards
        2 village 3 70.00 of 3 cards, below by Score
        - village 1 90.00 of 3 cards, vetoed
        note: OF1-3 OtherResult
        note: OF1-4 OtherResult",
    );
    assert!(land.assessment("SJ1").confirmed.contains_key(&before), "history is kept");
    land.confirms();
    assert_eq!(land.assessment("SJ1").stage, Stage::Confirmed);
    land.does("LD1", AssessmentCommand::Strike { adjustment: veto, reason: "复核不实".to_owned() });
    land.meet_all();
    // The very result that was posted and confirmed before stands again.
    assert_eq!(land.assessment("SJ1").result.as_ref().unwrap().digest, before);
    assert_eq!(land.assessment("SJ1").stage, Stage::Confirmed);
}

#[test]
fn a_vetoed_first_leaves_the_first_place_to_the_next_e33() {
    let mut land = Land::new();
    land.begins();
    land.scores_all();
    land.does("OF1", adjust("1", Posted::Veto, "安全事故"));
    land.meet_all();
    land.freezes();
    let result = land.assessment("SJ1").result.clone().unwrap();
    assert_eq!(result.first().collect::<Vec<_>>(), [&village("2")]);
    let vetoed = result.standing(&village("1")).unwrap();
    assert_eq!((vetoed.published.unwrap().to_string(), vetoed.rank), ("90.00".to_owned(), None));
}

/// Villages 1 and 2 tie through the whole chain.
#[test]
fn a_tie_is_the_leads_to_decide_or_shared_e34() {
    let mut land = Land::new();
    land.begins();
    for code in ["LD1", "AS1", "AS2"] {
        land.scores(code, "1", "30", "50");
        land.scores(code, "2", "30", "50");
        land.scores(code, "3", "30", "49");
    }
    land.meet_all();
    land.freezes();
    let first = |land: &Land| -> Vec<String> {
        land.assessment("SJ3").result.as_ref().unwrap().first().map(ToString::to_string).collect()
    };
    assert_eq!(first(&land), ["1", "2"]);
    assert_eq!(land.assessment("SJ1").undecided_ties().count(), 1);
    assert!(matches!(land.is_refused("OF1", tie(&["1", "2"], true, "x")), Refusal::Role { .. }));
    assert_eq!(land.is_refused("LD1", tie(&["1", "3"], true, "x")), refused(AssessmentRefusal::NotTied));
    assert_eq!(land.is_refused("LD1", tie(&["2", "1"], false, "")), Refusal::ReasonNeeded);
    land.confirms();
    land.does("LD1", tie(&["2", "1"], false, "乙村进步更大"));
    land.meet_all();
    assert_eq!(first(&land), ["2"]);
    assert_eq!(land.assessment("SJ1").stage, Stage::Frozen, "what is decided is posted again");
    land.does("LD1", tie(&["1", "2"], true, "并列"));
    land.meet_all();
    assert_eq!((first(&land).len(), land.assessment("SJ1").undecided_ties().count()), (2, 0));
}

/// Two phones of the lead decided one tie apart: neither decision counts until one is taken.
#[test]
fn two_decisions_on_a_tie_count_only_once_settled() {
    let mut land = Land::new();
    land.phone("LD9", "lead", &[Role::AssessmentLead], &[]);
    land.begins();
    for code in ["LD1", "AS1", "AS2"] {
        for at in ["1", "2", "3"] {
            land.scores(code, at, "30", "50");
        }
    }
    land.meet_all();
    land.freezes();
    let all = ["1", "2", "3"];
    land.does("LD1", tie(&all, false, "甲村"));
    land.does("LD9", tie(&["3", "2", "1"], false, "丙社区"));
    land.meet_all();
    let assessment = land.assessment("SJ1");
    assert_eq!(assessment.result.as_ref().unwrap().first().count(), 3);
    let differ = Blocker::TiesDiffer(all.map(village).into());
    assert_eq!(land.moves("OF1", Stage::Noticed), Err(refused(AssessmentRefusal::Blocked(vec![differ]))));
    land.does("LD1", tie(&all, false, "甲村"));
    land.meet_all();
    assert_eq!(land.assessment("SJ1").result.as_ref().unwrap().first().collect::<Vec<_>>(), [&village("1")]);
}

/// Whatever the order in which facts came, and however often, a quarter is one and the same.
#[test]
fn a_quarter_does_not_depend_on_the_order_of_its_facts() {
    let mut land = Land::new();
    land.begins();
    land.scores_all();
    land.does("OF2", adjust("1", Posted::Deduction(points("10")), "离线记录"));
    land.moves("LD1", Stage::Scored).unwrap();
    land.does("LD1", AssessmentCommand::Freeze);
    land.meet(&["LD1", "AS1", "OF1"]);
    land.does("AS1", AssessmentCommand::Sign);
    land.meet(&["LD1", "AS1", "OF1"]);
    land.does("OF1", adjust("2", Posted::Veto, "查实"));
    land.moves("OF1", Stage::Noticed).unwrap();
    land.meet_all();
    let (facts, shown) = (land.facts("SJ1"), land.assessment("SJ1"));
    assert!(!shown.late.is_empty() && shown.stage == Stage::Noticed);
    for turn in 0..facts.len() {
        let mut turned: Vec<_> = facts.iter().rev().cloned().collect();
        turned.rotate_left(turn);
        turned.push(turned[0].clone());
        assert_eq!(Assessment::fold(land.quarter, turned, &land.powers()), *shown, "turned by {turn}");
    }
}
