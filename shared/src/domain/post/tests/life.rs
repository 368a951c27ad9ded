//! A month from its open log to its confirmation, with every refusal on the way.

use super::*;

#[test]
fn a_month_goes_from_its_log_to_its_stars() {
    let mut branch = Branch::new();
    let october = |branch: &Branch| branch.of_month("li", "2026-10").stage;
    branch.logs("li", "li", "cleaning", "2026-10-08").unwrap();
    assert_eq!(october(&branch), MonthStage::LogOpen);
    branch.states("li", "li", "2026-10").unwrap();
    assert_eq!(october(&branch), MonthStage::SelfStated);
    branch.reviews("watcher", "li", "2026-10").unwrap();
    assert_eq!(october(&branch), MonthStage::Reviewed);
    branch.scores("secretary", "li", "2026-10", "cleaning", "92.5").unwrap();
    assert_eq!(october(&branch), MonthStage::Scored);
    branch.shows("2026-10", &["li"]).unwrap();
    assert_eq!(october(&branch), MonthStage::Shown);
    let MonthOutcome::Provisional(result) = branch.posts().outcome(&person("li"), month("2026-10")) else { panic!() };
    assert_eq!(result.stars.published.to_string(), "92.50");
    branch.confirms("watcher", "2026-10", &["li"]).unwrap();
    assert_eq!(october(&branch), MonthStage::Confirmed);
    let MonthOutcome::Rated(result) = branch.posts().outcome(&person("li"), month("2026-10")) else { panic!() };
    assert_eq!((result.stars.published.to_string().as_str(), result.stars.stars), ("92.50", 4));
    assert_eq!(branch.of_month("li", "2026-10").late, []);
}

#[test]
fn several_posts_of_one_person_make_one_score() {
    let mut branch = Branch::new();
    branch.whole("he", "2026-10", &[("cleaning", "80"), ("mediation", "91")]);
    let MonthOutcome::Rated(result) = branch.posts().outcome(&person("he"), month("2026-10")) else { panic!() };
    assert_eq!((result.stars.exact.to_string().as_str(), result.stars.stars), ("171/2", 3));
    assert_eq!(result.posts.len(), 2);
}

#[test]
fn nothing_is_done_before_what_it_rests_on() {
    let mut branch = Branch::new();
    let stage = |is, needs| refused(PostRefusal::Stage { person: person("li"), is, needs });
    assert_eq!(branch.shows("2026-10", &["li"]), refused(PostRefusal::NoFacts(person("li"))));
    assert_eq!(branch.reviews("watcher", "li", "2026-10"), stage(MonthStage::LogOpen, MonthStage::SelfStated));
    branch.states("li", "li", "2026-10").unwrap();
    let nothing = refused(PostRefusal::NoFacts(person("li")));
    assert_eq!(branch.reviews("watcher", "li", "2026-10"), nothing, "no facts are no record and never zero");
    branch.logs("li", "li", "cleaning", "2026-10-08").unwrap();
    let early = branch.scores("secretary", "li", "2026-10", "cleaning", "80");
    assert_eq!(early, stage(MonthStage::SelfStated, MonthStage::Reviewed));
    branch.reviews("watcher", "li", "2026-10").unwrap();
    assert_eq!(branch.shows("2026-10", &["li"]), stage(MonthStage::Reviewed, MonthStage::Scored));
    branch.scores("secretary", "li", "2026-10", "cleaning", "80").unwrap();
    assert_eq!(branch.confirms("watcher", "2026-10", &["li"]), stage(MonthStage::Scored, MonthStage::Shown));
    branch.shows("2026-10", &["li"]).unwrap();
    assert_eq!(branch.shows("2026-10", &["li"]), Err(Refusal::NothingToChange));
    branch.confirms("watcher", "2026-10", &["li"]).unwrap();
    let final_ = refused(PostRefusal::Confirmed(person("li")));
    assert_eq!(branch.scores("secretary", "li", "2026-10", "cleaning", "90"), final_);
    assert_eq!(branch.confirms("watcher", "2026-10", &["li"]), final_);
    assert_eq!(branch.excuses("secretary", "li", "2026-10"), final_);
}

#[test]
fn whoever_did_one_thing_does_not_do_the_other() {
    let mut branch = Branch::new();
    branch.holds("secretary", "opinion", "2026-10-01", None).unwrap();
    assert_eq!(branch.logs("watcher", "li", "cleaning", "2026-10-08"), refused(PostRefusal::ForOthers));
    assert_eq!(branch.states("li", "he", "2026-10"), refused(PostRefusal::ForOthers));
    assert!(matches!(branch.logs("villager", "li", "cleaning", "2026-10-08"), Err(Refusal::Role { .. })));
    branch.logs("scribe", "li", "cleaning", "2026-10-08").unwrap();
    branch.logs("secretary", "secretary", "opinion", "2026-10-09").unwrap();
    branch.states("scribe", "li", "2026-10").unwrap();
    branch.states("secretary", "secretary", "2026-10").unwrap();
    assert!(matches!(branch.reviews("scribe", "li", "2026-10"), Err(Refusal::Role { .. })));
    assert_eq!(branch.reviews("secretary", "secretary", "2026-10"), refused(PostRefusal::OwnMonth));
    branch.reviews("watcher", "secretary", "2026-10").unwrap();
    let own = branch.scores("secretary", "secretary", "2026-10", "opinion", "100");
    assert_eq!(own, refused(PostRefusal::OwnMonth), "nobody scores themselves");
    branch.scores("watcher", "secretary", "2026-10", "opinion", "88").unwrap();
    branch.shows("2026-10", &["secretary"]).unwrap();
    assert_eq!(branch.confirms("watcher", "2026-10", &["secretary"]), Err(Refusal::SamePerson));
    assert_eq!(branch.confirms("secretary", "2026-10", &["secretary"]), refused(PostRefusal::OwnMonth));
    branch.confirms("other", "2026-10", &["secretary"]).unwrap();
    assert_eq!(branch.excuses("secretary", "secretary", "2026-11"), refused(PostRefusal::OwnMonth));
}

#[test]
fn who_logged_for_somebody_does_not_review_them() {
    let mut branch = Branch::new();
    // The scribe of this month sits on the committee from the next one on: the person counts and not the phone.
    let entry = WorkLogEntry {
        person: person("li"),
        post: post("cleaning"),
        date: date("2026-10-08"),
        words: "扫雪".to_owned(),
    };
    let author = Author { device: DeviceNumber(2), holder: Some(person("watcher")) };
    let id = "SCRIBE-90".parse().unwrap();
    let fact = Recorded { id, author, at: Instant(0), value: PostFact::Logged(entry) };
    branch.hear("2026-Q4".parse().unwrap(), fact);
    branch.states("scribe", "li", "2026-10").unwrap();
    assert_eq!(branch.reviews("watcher", "li", "2026-10"), Err(Refusal::SamePerson));
    branch.reviews("other", "li", "2026-10").unwrap();
}

#[test]
fn what_cannot_stand_is_refused_by_name() {
    let mut branch = Branch::of(VILLAGE);
    let quarter: Quarter = "2026-Q4".parse().unwrap();
    assert_eq!(branch.holds("li", "cleaning", "2026-10-01", None), refused(PostRefusal::NotOpen(quarter)));
    let mut rule = Box::new(PostRule::standard());
    rule.max = 0;
    let open = branch.ask("secretary", PostCommand::Open { quarter, rule });
    assert!(matches!(open, Err(Refusal::Posts(PostRefusal::Rule(_)))));
    branch.opens("2026-Q4");
    let again = PostCommand::Open { quarter, rule: Box::new(PostRule::standard()) };
    assert_eq!(branch.ask("secretary", again), refused(PostRefusal::AlreadyOpen));
    let unknown = branch.holds("li", "fishing", "2026-10-01", None);
    assert_eq!(unknown, refused(PostRefusal::NoSuchPost(post("fishing"))));
    assert_eq!(branch.holds("nobody", "cleaning", "2026-10-01", None), Err(Refusal::NotOnRoster { field: None }));
    branch.holds("li", "cleaning", "2026-10-05", None).unwrap();
    assert_eq!(branch.holds("li", "cleaning", "2026-10-05", None), Err(Refusal::NothingToChange));
    let not_held = || refused(PostRefusal::NotHeld { person: person("li"), post: post("cleaning") });
    assert_eq!(branch.logs("li", "li", "cleaning", "2026-10-04"), not_held(), "before the first day");
    let entry = branch.logs("li", "li", "cleaning", "2026-10-05").unwrap();
    let words = "字".repeat(ENTRY_BYTES);
    let long = PostCommand::Log { person: person("li"), post: post("cleaning"), date: date("2026-10-06"), words };
    assert_eq!(branch.ask("li", long), Err(Refusal::TooLong { limit: ENTRY_BYTES }));
    let strike =
        |entry: &str, reason: &str| PostCommand::Strike { entry: entry.parse().unwrap(), reason: reason.to_owned() };
    assert_eq!(branch.ask("li", strike("LI-99", "记错")), refused_no_entry("LI-99"));
    branch.states("li", "li", "2026-10").unwrap();
    branch.reviews("watcher", "li", "2026-10").unwrap();
    for points in ["100.01", "-1"] {
        let outside = branch.scores("secretary", "li", "2026-10", "cleaning", points);
        assert_eq!(outside, refused(PostRefusal::Range { max: 100 }), "E15");
    }
    branch.scores("secretary", "li", "2026-10", "cleaning", "84").unwrap();
    assert_eq!(branch.scores("secretary", "li", "2026-10", "cleaning", "84.0"), Err(Refusal::NothingToChange));
    assert_eq!(branch.ask("li", strike(&entry.to_string(), " ")), Err(Refusal::ReasonNeeded));
    branch.ask("li", strike(&entry.to_string(), "记错")).unwrap();
    assert_eq!(branch.ask("li", strike(&entry.to_string(), "记错")), Err(Refusal::NothingToChange));
    assert_eq!(branch.of_month("li", "2026-10").standing_entries().count(), 0);
}

fn refused_no_entry(entry: &str) -> Result<FactId, Refusal> {
    refused(PostRefusal::NoEntry(entry.parse().unwrap()))
}

#[test]
fn a_score_that_follows_a_corrected_review_is_given_once_more() {
    let mut branch = Branch::new();
    branch.logs("li", "li", "cleaning", "2026-10-08").unwrap();
    branch.states("li", "li", "2026-10").unwrap();
    branch.reviews("watcher", "li", "2026-10").unwrap();
    branch.scores("secretary", "li", "2026-10", "cleaning", "80").unwrap();
    branch.logs("li", "li", "cleaning", "2026-10-20").unwrap();
    branch.reviews("watcher", "li", "2026-10").unwrap();
    assert_eq!(branch.of_month("li", "2026-10").stage, MonthStage::Reviewed);
    branch.scores("secretary", "li", "2026-10", "cleaning", "80").unwrap();
    branch.shows("2026-10", &["li"]).unwrap();
    branch.scores("secretary", "li", "2026-10", "cleaning", "85").unwrap();
    let changed = branch.of_month("li", "2026-10").stage;
    assert_eq!(changed, MonthStage::Scored, "what was changed after it was shown is shown again");
}
