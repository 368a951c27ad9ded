//! Edge cases of DOMAIN section 9, by their numbers.

use super::*;

#[test]
fn an_excused_member_has_no_zero_stars_e17() {
    let mut branch = Branch::new();
    branch.logs("li", "li", "cleaning", "2026-10-08").unwrap();
    branch.excuses("secretary", "li", "2026-10").unwrap();
    let li = person("li");
    assert_eq!(branch.posts().outcome(&li, month("2026-10")), MonthOutcome::Excused);
    assert_eq!(branch.states("li", "li", "2026-10"), refused(PostRefusal::Excused(li.clone())));
    assert_eq!(branch.reviews("watcher", "li", "2026-10"), refused(PostRefusal::Excused(li.clone())));
    branch.whole("li", "2026-11", &[("cleaning", "80")]);
    branch.whole("li", "2026-12", &[("cleaning", "90")]);
    let PeriodOutcome::Rated { months, stars } = branch.posts().quarter(&li, "2026-Q4".parse().unwrap()) else {
        panic!("two of three months are enough");
    };
    assert_eq!((months, stars.published.to_string().as_str(), stars.stars), (2, "85.00", 3));
    let decision = "支部大会决定".to_owned();
    let empty = PostCommand::Excuse { person: li, month: month("2026-10"), decision };
    assert_eq!(branch.ask("secretary", empty), Err(Refusal::NothingToChange));
}

#[test]
fn an_excuse_holds_while_somebody_says_so_and_is_recalled_with_a_reason() {
    let mut branch = Branch::new();
    let recall =
        |reason: &str| PostCommand::Recall { person: person("li"), month: month("2026-10"), reason: reason.to_owned() };
    assert_eq!(branch.ask("scribe", recall("误记")), Err(Refusal::NothingToChange));
    branch.excuses("secretary", "li", "2026-10").unwrap();
    assert_eq!(branch.ask("scribe", recall("  ")), Err(Refusal::ReasonNeeded));
    branch.ask("scribe", recall("误记")).unwrap();
    branch.states("li", "li", "2026-10").unwrap();
    // Another phone excused again without having heard of the recall.
    let excuse = Excuse {
        person: person("li"),
        month: month("2026-10"),
        decision: "住院".to_owned(),
        lifted: false,
        replaces: Vec::new(),
    };
    let author = Author { device: DeviceNumber(1), holder: Some(person("secretary")) };
    let id = "SECRETARY-90".parse().unwrap();
    branch.hear("2026-Q4".parse().unwrap(), Recorded { id, author, at: Instant(0), value: PostFact::Excused(excuse) });
    assert!(branch.of_month("li", "2026-10").excused.is_divergence());
    assert_eq!(branch.posts().outcome(&person("li"), month("2026-10")), MonthOutcome::Excused);
}

#[test]
fn whoever_leaves_in_the_middle_of_a_month_is_appraised_for_the_days_before_e19() {
    let mut branch = Branch::new();
    branch.whole("li", "2026-10", &[("cleaning", "90")]);
    let confirmed = branch.of_month("li", "2026-10").clone();
    branch.logs("li", "li", "cleaning", "2026-11-05").unwrap();
    branch.holds("li", "cleaning", "2026-10-01", Some("2026-11-10")).unwrap();
    let not_held = refused(PostRefusal::NotHeld { person: person("li"), post: post("cleaning") });
    assert_eq!(branch.logs("li", "li", "cleaning", "2026-11-11"), not_held);
    branch.logs("li", "li", "cleaning", "2026-11-10").unwrap();
    branch.states("li", "li", "2026-11").unwrap();
    branch.reviews("watcher", "li", "2026-11").unwrap();
    branch.scores("secretary", "li", "2026-11", "cleaning", "70").unwrap();
    let roster = roster();
    assert!(branch.posts().held_in(month("2026-11"), &roster).contains_key(&person("li")));
    assert!(!branch.posts().held_in(month("2026-12"), &roster).contains_key(&person("li")));
    // Whoever is hidden has died or moved away: open months ask for nothing more, and what was confirmed stays.
    let village = branch.workspace.villages.get_mut(&branch.village).unwrap();
    Arc::make_mut(&mut village.roster).people.get_mut(&person("li")).unwrap().hidden = true;
    assert!(
        !branch
            .posts()
            .held_in(month("2026-11"), &branch.workspace.villages[&branch.village].roster)
            .contains_key(&person("li"))
    );
    assert_eq!(
        branch.scores("secretary", "li", "2026-11", "cleaning", "75"),
        Err(Refusal::NotOnRoster { field: None })
    );
    assert_eq!(branch.of_month("li", "2026-10"), &confirmed, "frozen results stay");
}

#[test]
fn a_post_that_was_never_held_is_taken_back() {
    let mut branch = Branch::new();
    branch.holds("li", "cleaning", "2026-10-01", Some("2026-09-30")).unwrap();
    assert!(!branch.posts().held_in(month("2026-10"), &roster()).contains_key(&person("li")));
    assert!(!branch.posts().holds(&person("li"), &post("cleaning"), date("2026-10-01")));
}

#[test]
fn an_entry_for_a_confirmed_month_is_listed_as_late_e26() {
    let mut branch = Branch::new();
    branch.whole("li", "2026-10", &[("cleaning", "90")]);
    let before = branch.of_month("li", "2026-10").clone();
    let late = branch.logs("scribe", "li", "cleaning", "2026-10-30").unwrap();
    let after = branch.of_month("li", "2026-10").clone();
    assert_eq!(after.late, [late]);
    assert_eq!((&after.result, after.stage, &after.confirmed), (&before.result, before.stage, &before.confirmed));
    let strike =
        PostCommand::Strike { entry: before.entries.keys().next().unwrap().clone(), reason: "记错".to_owned() };
    assert_eq!(branch.ask("scribe", strike), refused(PostRefusal::Confirmed(person("li"))));
}

#[test]
fn a_community_has_the_same_rules_e44() {
    let result = |code: &str| {
        let mut branch = Branch::of(code);
        branch.opens("2026-Q4");
        branch.holds("li", "cleaning", "2026-10-01", None).unwrap();
        branch.whole("li", "2026-10", &[("cleaning", "95.995")]);
        let MonthOutcome::Rated(result) = branch.posts().outcome(&person("li"), month("2026-10")) else { panic!() };
        result.clone()
    };
    // The second is a community, 集镇社区.
    assert_eq!(result(VILLAGE), result("420529202001"));
    assert_eq!(result("420529202001").stars.stars, 5, "V7");
}
