//! The fold: what does not count, and what two phones said apart.

use super::*;

/// A fact of somebody's phone, as it would arrive from an app that checks nothing.
fn fact(number: &str, value: PostFact) -> Recorded<PostFact> {
    let id: FactId = number.parse().unwrap();
    let who = id.device.as_str().to_ascii_lowercase();
    let acting = acting(&who, &UnitCode::new(VILLAGE).unwrap());
    Recorded { id, author: Author { device: acting.device, holder: Some(acting.holder) }, at: Instant(0), value }
}

fn ids(ids: &[&str]) -> Vec<FactId> {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

fn opened(number: &str, rule: PostRule, replaces: &[&str]) -> Recorded<PostFact> {
    fact(number, PostFact::Opened(Box::new(PostOpening { rule, replaces: ids(replaces) })))
}

fn logged(number: &str, who: &str, on: &str) -> Recorded<PostFact> {
    let (person, post, date, words) = (person(who), post("cleaning"), date(on), "扫雪".to_owned());
    fact(number, PostFact::Logged(WorkLogEntry { person, post, date, words }))
}

fn stated(number: &str, who: &str) -> Recorded<PostFact> {
    let (person, month, words) = (person(who), month("2026-10"), number.to_owned());
    fact(number, PostFact::Stated(SelfStatement { person, month, words, replaces: Vec::new() }))
}

fn reviewed(number: &str, who: &str, facts: &[&str], follows: &[&str]) -> Recorded<PostFact> {
    let (person, month, words, facts) = (person(who), month("2026-10"), String::new(), ids(facts));
    let follows = ids(follows);
    fact(number, PostFact::Reviewed(PostReview { person, month, words, facts, follows, replaces: Vec::new() }))
}

fn scored(number: &str, who: &str, points: &str, follows: &[&str], replaces: &[&str]) -> Recorded<PostFact> {
    let (person, month, post, points) = (person(who), month("2026-10"), post("cleaning"), points.parse().unwrap());
    let (follows, replaces) = (ids(follows), ids(replaces));
    fact(number, PostFact::Scored(PostScore { person, month, post, points, follows, replaces }))
}

fn shown(number: &str, scores: &[&str]) -> Recorded<PostFact> {
    let (month, date, scores) = (month("2026-10"), date("2026-11-02"), ids(scores));
    fact(number, PostFact::Shown(ScoresShown { month, date, scores }))
}

/// A confirmation of one person's score, with its true digest or another.
fn confirmed(number: &str, who: &str, points: &str, scores: &[&str], replaces: &[&str]) -> Recorded<PostFact> {
    let rule = Arc::new(PostRule::standard());
    let result = rate(&rule, [(post("cleaning"), points.parse().unwrap())].into()).unwrap();
    let village = UnitCode::new(VILLAGE).unwrap();
    let digest = digest(&village, month("2026-10"), &[(person(who), result)].into());
    let (month, rule, scores) = (month("2026-10"), "SECRETARY-1".parse().unwrap(), ids(scores));
    fact(number, PostFact::Confirmed(MonthConfirmed { month, rule, scores, digest, replaces: ids(replaces) }))
}

/// A month of 李 that the secretary scored with 80 and showed.
fn october() -> Vec<Recorded<PostFact>> {
    vec![
        opened("SECRETARY-1", PostRule::standard(), &[]),
        logged("LI-1", "li", "2026-10-08"),
        stated("LI-2", "li"),
        reviewed("WATCHER-1", "li", &["LI-1"], &["LI-2"]),
        scored("SECRETARY-2", "li", "80", &["WATCHER-1"], &[]),
        shown("SCRIBE-1", &["SECRETARY-2"]),
    ]
}

fn fold(facts: &[Recorded<PostFact>]) -> QuarterPosts {
    let village = UnitCode::new(VILLAGE).unwrap();
    let of = |facts| QuarterPosts::fold(&village, "2026-Q4".parse().unwrap(), facts, &powers(&village));
    let posts = of(facts.to_vec());
    for turn in 1..facts.len() {
        let mut turned = facts.to_vec();
        turned.rotate_left(turn);
        assert_eq!(of(turned), posts, "turned by {turn}");
    }
    posts
}

fn li(posts: &QuarterPosts) -> &PersonMonth {
    &posts.months[&(month("2026-10"), person("li"))]
}

#[track_caller]
fn check(more: &[Recorded<PostFact>], notes: &[&str]) -> QuarterPosts {
    let mut facts = october();
    facts.extend_from_slice(more);
    let posts = fold(&facts);
    let found: Vec<String> = posts.notes.iter().map(|note| format!("{} {:?}", note.fact, note.flaw)).collect();
    assert_eq!(found, notes);
    posts
}

#[test]
fn a_month_that_nothing_stands_against_counts() {
    let posts = check(&[confirmed("WATCHER-2", "li", "80", &["SECRETARY-2"], &[])], &[]);
    assert_eq!((li(&posts).stage, li(&posts).late.len()), (MonthStage::Confirmed, 0));
}

#[test]
fn duties_are_kept_apart_whatever_an_app_lets_through() {
    check(&[logged("WATCHER-9", "li", "2026-10-09")], &["WATCHER-9 ForOthers"]);
    check(&[logged("VILLAGER-1", "villager", "2026-10-09")], &["VILLAGER-1 Role"]);
    check(&[reviewed("SCRIBE-9", "li", &["LI-1"], &["LI-2"])], &["SCRIBE-9 Role"]);
    check(&[confirmed("SECRETARY-9", "li", "80", &["SECRETARY-2"], &[])], &["SECRETARY-9 SamePerson"]);
    let own = [
        logged("WATCHER-7", "watcher", "2026-10-09"),
        stated("WATCHER-8", "watcher"),
        reviewed("WATCHER-9", "watcher", &["WATCHER-7"], &["WATCHER-8"]),
        reviewed("OTHER-1", "watcher", &["WATCHER-7"], &["WATCHER-8"]),
        scored("WATCHER-10", "watcher", "100", &["OTHER-1"], &[]),
    ];
    check(&own, &["WATCHER-9 OwnMonth", "WATCHER-10 OwnMonth"]);
    // The watcher is a scribe as well by the phone of the scribe: the person is one.
    let mut entry = logged("SCRIBE-9", "li", "2026-10-09");
    entry.author.holder = Some(person("watcher"));
    let follows = [entry, reviewed("WATCHER-9", "li", &["SCRIBE-9"], &["LI-2"])];
    check(&follows, &["WATCHER-9 SamePerson"]);
}

#[test]
fn what_rests_on_nothing_does_not_count() {
    check(&[reviewed("WATCHER-9", "li", &[], &["LI-2"])], &["WATCHER-9 NoFacts"]);
    check(&[reviewed("WATCHER-9", "li", &["LI-1"], &[])], &["WATCHER-9 Unfounded"]);
    check(&[reviewed("WATCHER-9", "he", &["LI-1"], &["LI-2"])], &["WATCHER-9 Unfounded"]);
    check(&[scored("SECRETARY-9", "li", "80", &["LI-2"], &[])], &["SECRETARY-9 Unfounded"]);
    check(&[scored("SECRETARY-9", "li", "100.5", &["WATCHER-1"], &[])], &["SECRETARY-9 Range"]);
    check(&[shown("SCRIBE-9", &["SECRETARY-2", "SECRETARY-7"])], &["SCRIBE-9 Unfounded"]);
    check(&[shown("SCRIBE-9", &[])], &["SCRIBE-9 Unfounded"]);
    let unshown = [
        scored("SECRETARY-3", "li", "85", &["WATCHER-1"], &["SECRETARY-2"]),
        confirmed("WATCHER-2", "li", "85", &["SECRETARY-3"], &[]),
    ];
    check(&unshown, &["WATCHER-2 Unfounded"]);
    check(&[confirmed("WATCHER-2", "li", "81", &["SECRETARY-2"], &[])], &["WATCHER-2 Digest"]);
    let strike = EntryStrike { entry: "LI-9".parse().unwrap(), reason: String::new() };
    check(&[fact("LI-8", PostFact::Struck(strike))], &["LI-8 Unfounded"]);
    check(&[logged("LI-9", "li", "2027-01-01")], &["LI-9 Quarter"]);
    check(&[opened("SCRIBE-9", PostRule { max: 0, ..PostRule::standard() }, &[])], &["SCRIBE-9 Rule"]);
    check(
        &[stated("LI-2", "he")],
        &["LI-2 NumberTwice", "SCRIBE-1 Unfounded", "SECRETARY-2 Unfounded", "WATCHER-1 Unfounded"],
    );
}

#[test]
fn two_scores_apart_stand_side_by_side_until_one_settles_them() {
    let other = scored("WATCHER-5", "li", "90", &["WATCHER-1"], &[]);
    let posts = check(std::slice::from_ref(&other), &[]);
    assert!(li(&posts).scores[&post("cleaning")].is_divergence());
    assert_eq!((li(&posts).stage, li(&posts).outcome()), (MonthStage::Reviewed, MonthOutcome::Divided));
    let settled = scored("SECRETARY-5", "li", "90", &["WATCHER-1"], &["SECRETARY-2", "WATCHER-5"]);
    let posts = check(&[other, settled], &[]);
    assert_eq!(li(&posts).stage, MonthStage::Scored);
}

#[test]
fn two_spellings_of_one_score_agree() {
    let posts = check(&[scored("WATCHER-5", "li", "80.0", &["WATCHER-1"], &[])], &[]);
    assert_eq!(li(&posts).scores[&post("cleaning")].facts().len(), 2);
    assert_eq!(li(&posts).stage, MonthStage::Shown);
}

#[test]
fn what_was_confirmed_stays_whatever_comes_later() {
    let mut facts = vec![confirmed("WATCHER-2", "li", "80", &["SECRETARY-2"], &[])];
    let before = li(&check(&facts, &[])).clone();
    let excuse = Excuse {
        person: person("li"),
        month: month("2026-10"),
        decision: "住院".to_owned(),
        lifted: false,
        replaces: Vec::new(),
    };
    facts.extend([
        scored("SECRETARY-3", "li", "95", &["WATCHER-1"], &["SECRETARY-2"]),
        shown("SCRIBE-2", &["SECRETARY-3"]),
        logged("SCRIBE-3", "li", "2026-10-30"),
        fact("SCRIBE-4", PostFact::Excused(excuse)),
        opened("SCRIBE-5", PostRule { bands: Vec::new(), ..PostRule::standard() }, &[]),
        fact("LI-3", PostFact::Struck(EntryStrike { entry: "LI-1".parse().unwrap(), reason: "记错".to_owned() })),
    ]);
    let posts = check(&facts, &[]);
    let after = li(&posts);
    assert_eq!((&after.result, after.stage, after.outcome()), (&before.result, before.stage, before.outcome()));
    assert_eq!(after.late, ids(&["LI-3", "SCRIBE-3", "SCRIBE-4", "SECRETARY-3"]));
    assert!(posts.rule.is_divergence(), "the quarter's other months wait until somebody chooses a rule");
}

#[test]
fn two_confirmations_apart_are_for_people_to_settle() {
    let facts = [
        confirmed("WATCHER-2", "li", "80", &["SECRETARY-2"], &[]),
        scored("SECRETARY-3", "li", "95", &["WATCHER-1"], &["SECRETARY-2"]),
        shown("SCRIBE-2", &["SECRETARY-3"]),
        confirmed("OTHER-1", "li", "95", &["SECRETARY-3"], &[]),
    ];
    let posts = check(&facts, &[]);
    assert_eq!((li(&posts).outcome(), li(&posts).stage), (MonthOutcome::Divided, MonthStage::Shown));
    let mut settled = facts.to_vec();
    settled.push(confirmed("OTHER-2", "li", "95", &["SECRETARY-3"], &["WATCHER-2", "OTHER-1"]));
    let posts = check(&settled, &[]);
    assert_eq!(li(&posts).result.as_ref().unwrap().stars.published.to_string(), "95.00");
}

#[test]
fn two_rules_apart_are_for_people_to_choose_from() {
    let other = PostRule { max: 10, bands: Vec::new(), ..PostRule::standard() };
    let apart = opened("SCRIBE-5", other, &[]);
    let posts = check(std::slice::from_ref(&apart), &[]);
    assert!(posts.rule.is_divergence() && li(&posts).result.is_none());
    let chosen = opened("SECRETARY-5", PostRule::standard(), &["SECRETARY-1", "SCRIBE-5"]);
    assert!(li(&check(&[apart, chosen], &[])).result.is_some());
}

#[test]
fn whose_certificate_has_not_arrived_is_believed_until_it_has() {
    let mut entry = logged("SCRIBE-9", "li", "2026-10-09");
    (entry.author.device, entry.author.holder) = (DeviceNumber(99), None);
    let posts = check(&[entry], &[]);
    assert_eq!(li(&posts).entries.len(), 2);
}
