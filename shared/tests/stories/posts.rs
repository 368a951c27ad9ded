//! The monthly appraisal by post, on phones that meet when they can; E numbers are those of DOMAIN section 9.

use shared::domain::command::PostRefusal;
use shared::domain::decide::Refusal;
use shared::domain::post::{MonthStage, PeriodOutcome};

use super::branch::{Branch, confirm, excuse, hold, log, month, person, review, score, show, state};

const SHAWAN: &str = "420529202209";

#[test]
fn m6_a_month_goes_from_hand_to_hand_to_its_stars() {
    let mut branch = Branch::new(SHAWAN);
    branch.does("DY1", log("li", "2026-10-08"));
    branch.does("JL1", log("he", "2026-10-09"));
    branch.does("DY1", state("li", "2026-10"));
    branch.does("JL1", state("he", "2026-10"));
    assert_eq!(
        (branch.drawn("DY1", "li", "2026-10"), branch.drawn("SJ1", "li", "2026-10")),
        ("open".into(), "no record".into())
    );
    branch.meet("DY1", "JD1");
    branch.meet("JL1", "JD1");
    branch.does("JD1", review("li", "2026-10"));
    branch.does("JD1", review("he", "2026-10"));
    branch.meet("JD1", "SJ1");
    branch.does("SJ1", score("li", "2026-10", "92.5"));
    branch.does("SJ1", score("he", "2026-10", "79.995"));
    branch.meet("SJ1", "JL1");
    branch.does("JL1", show("2026-10", &["li", "he"]));
    branch.meet("JL1", "JD1");
    assert_eq!(branch.drawn("JD1", "li", "2026-10"), "92.50 not confirmed");
    branch.does("JD1", confirm("2026-10", &["li", "he"]));
    branch.meet_all();
    for code in ["SJ1", "JL1", "JD1", "DY1"] {
        assert_eq!(branch.drawn(code, "li", "2026-10"), "92.50 4 stars");
        assert_eq!(branch.drawn(code, "he", "2026-10"), "80.00 3 stars", "rounded once");
    }
    let final_ = PostRefusal::Confirmed(person("li"));
    branch.is_refused("SJ1", score("li", "2026-10", "100"), final_);
}

#[test]
fn who_logs_reviews_scores_and_confirms_is_kept_apart_on_every_phone() {
    let mut branch = Branch::new(SHAWAN);
    branch.is_refused("DY1", log("he", "2026-10-08"), PostRefusal::ForOthers);
    branch.is_refused("JD1", log("li", "2026-10-08"), PostRefusal::ForOthers);
    branch.is_reviewed("li", "2026-10");
    assert!(matches!(branch.ask("JL1", score("li", "2026-10", "80")), Err(Refusal::Role { .. })));
    branch.does("SJ1", score("li", "2026-10", "80"));
    branch.meet_all();
    branch.does("JL1", show("2026-10", &["li"]));
    branch.meet_all();
    assert_eq!(branch.ask("SJ1", confirm("2026-10", &["li"])), Err(Refusal::SamePerson));
    branch.does("JD1", confirm("2026-10", &["li"]));
}

#[test]
fn two_scores_given_apart_wait_for_a_third() {
    let mut branch = Branch::new(SHAWAN);
    branch.is_reviewed("li", "2026-10");
    branch.does("SJ1", score("li", "2026-10", "90"));
    branch.does("JD1", score("li", "2026-10", "70"));
    branch.meet_all();
    assert_eq!(branch.drawn("DY1", "li", "2026-10"), "divided");
    branch.is_refused("JL1", show("2026-10", &["li"]), PostRefusal::Divided(person("li")));
    branch.does("SJ1", score("li", "2026-10", "85"));
    branch.meet_all();
    assert_eq!(branch.drawn("DY1", "li", "2026-10"), "85.00 not confirmed");
}

#[test]
fn a_phone_that_comes_back_late_changes_no_confirmed_month() {
    let mut branch = Branch::new(SHAWAN);
    let late = branch.does("DY1", log("li", "2026-10-30"));
    branch.does("JL1", log("li", "2026-10-08"));
    branch.does("JL1", state("li", "2026-10"));
    branch.meet("JL1", "JD1");
    branch.does("JD1", review("li", "2026-10"));
    branch.meet("JD1", "SJ1");
    branch.does("SJ1", score("li", "2026-10", "88"));
    branch.meet("SJ1", "JL1");
    branch.does("JL1", show("2026-10", &["li"]));
    branch.meet("JL1", "JD1");
    branch.does("JD1", confirm("2026-10", &["li"]));
    let before = branch.of("JD1", "li", "2026-10");
    branch.meet_all();
    let after = branch.of("DY1", "li", "2026-10");
    assert_eq!(after.late, [late], "what came late is listed");
    assert_eq!((after.stage, &after.confirmed, &after.result), (before.stage, &before.confirmed, &before.result));
}

#[test]
fn an_excused_member_is_left_out_of_every_mean_e17() {
    let mut branch = Branch::new(SHAWAN);
    branch.does("SJ1", excuse("li", "2026-10"));
    // Another phone that has not heard of it goes on; the excuse holds when they meet.
    branch.does("JL1", log("li", "2026-10-08"));
    branch.does("JL1", state("li", "2026-10"));
    branch.meet_all();
    assert_eq!(branch.drawn("DY1", "li", "2026-10"), "excused");
    branch.is_refused("JD1", review("li", "2026-10"), PostRefusal::Excused(person("li")));
    for (of, points) in [("2026-11", "80"), ("2026-12", "90")] {
        branch.is_reviewed("li", of);
        branch.does("SJ1", score("li", of, points));
        branch.does("SJ1", show(of, &["li"]));
        branch.meet("SJ1", "JD1");
        branch.does("JD1", confirm(of, &["li"]));
        branch.meet_all();
    }
    let quarter = branch.posts("DY1").quarter(&person("li"), "2026-Q4".parse().unwrap());
    let PeriodOutcome::Rated { months, stars } = quarter else { panic!("{quarter:?}") };
    assert_eq!((months, stars.published.to_string().as_str(), stars.stars), (2, "85.00", 3), "no zero takes part");
}

#[test]
fn who_leaves_in_the_middle_of_a_month_keeps_the_days_before_e19() {
    let mut branch = Branch::new(SHAWAN);
    branch.is_reviewed("li", "2026-10");
    branch.does("SJ1", score("li", "2026-10", "90"));
    branch.does("SJ1", show("2026-10", &["li"]));
    branch.meet_all();
    branch.does("JD1", confirm("2026-10", &["li"]));
    branch.does("DY1", log("li", "2026-11-05"));
    branch.does("JL1", hold("li", "2026-10-01", Some("2026-11-10")));
    branch.meet_all();
    let not_held = PostRefusal::NotHeld { person: person("li"), post: "cleaning".parse().unwrap() };
    branch.is_refused("DY1", log("li", "2026-11-11"), not_held);
    branch.is_reviewed("li", "2026-11");
    assert_eq!(branch.of("JD1", "li", "2026-11").stage, MonthStage::Reviewed, "the days before are appraised");
    assert!(!branch.posts("JD1").held_in(month("2026-12"), &branch.roster).contains_key(&person("li")));
    // Whoever died or moved away is hidden: what is open asks for nothing more, what is frozen stays.
    branch.roster.people.get_mut(&person("li")).unwrap().hidden = true;
    assert_eq!(branch.ask("SJ1", score("li", "2026-11", "80")), Err(Refusal::NotOnRoster { field: None }));
    assert_eq!(branch.drawn("SJ1", "li", "2026-10"), "90.00 4 stars");
}

#[test]
fn a_community_appraises_by_the_same_rules_e44() {
    let drawn = |village: &str| {
        let mut branch = Branch::new(village);
        branch.is_reviewed("he", "2026-10");
        branch.does("SJ1", score("he", "2026-10", "95.995"));
        branch.does("SJ1", show("2026-10", &["he"]));
        branch.meet_all();
        branch.does("JD1", confirm("2026-10", &["he"]));
        branch.drawn("JD1", "he", "2026-10")
    };
    // The second is a community, 集镇社区.
    assert_eq!(drawn(SHAWAN), "96.00 5 stars");
    assert_eq!(drawn("420529202001"), drawn(SHAWAN));
}
