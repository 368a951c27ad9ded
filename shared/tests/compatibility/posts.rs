//! A document of a quarter's posts as the first schema of it wrote it.

use shared::document::fact;
use shared::domain::post::{
    EntryStrike, Excuse, MonthConfirmed, PostFact, PostHeld, PostOpening, PostReview, PostScore, ScoresShown,
    SelfStatement, WorkLogEntry,
};
use shared::domain::rulebook::post::{PostCategory, PostRule, SeveralPosts};
use shared::id::{CategoryId, DocumentKind, FactId, PersonId};
use shared::number::Rounding;
use shared::time::{Date, Month};

use super::quarter::reads_back;

const POSTS_1: &[u8] = include_bytes!("../golden/posts-1.automerge");

fn person() -> PersonId {
    "p-1".parse().unwrap()
}

fn post() -> CategoryId {
    "保洁".parse().unwrap()
}

fn date() -> Date {
    "2026-10-31".parse().unwrap()
}

fn month() -> Month {
    date().month()
}

fn ids(ids: &[&str]) -> Vec<FactId> {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

fn replaces() -> Vec<FactId> {
    ids(&["SJ1-43", "JL2-7"])
}

fn rule() -> PostRule {
    let category = |(id, name): (&str, &str)| PostCategory { id: id.parse().unwrap(), name: name.to_owned() };
    PostRule {
        version: 3,
        title: "月评办法".to_owned(),
        categories: [("保洁", "义务保洁员"), ("mediation", "义务调解员")].map(category).into(),
        max: 10,
        several: SeveralPosts::SumCapped,
        decimals: 1,
        rounding: Rounding::HalfEven,
        bands: Vec::new(),
        quarter_months: 3,
        year_months: 12,
        ..PostRule::standard()
    }
}

/// One fact of every kind, with every field in use.
fn every_fact() -> Vec<PostFact> {
    let opened = |rule| PostFact::Opened(Box::new(PostOpening { rule, replaces: replaces() }));
    let held =
        |until| PostFact::Held(PostHeld { person: person(), post: post(), from: date(), until, replaces: replaces() });
    let excuse = |lifted| {
        let (person, month, decision) = (person(), month(), "支部大会决定".to_owned());
        PostFact::Excused(Excuse { person, month, decision, lifted, replaces: replaces() })
    };
    let scored = |points: &str| {
        let (points, follows) = (points.parse().unwrap(), ids(&["JD1-2"]));
        let (person, month, post) = (person(), month(), post());
        PostFact::Scored(PostScore { person, month, post, points, follows, replaces: replaces() })
    };
    vec![
        opened(PostRule::standard()),
        opened(rule()),
        opened(PostRule { several: SeveralPosts::Best, ..rule() }),
        held(None),
        held(Some(date())),
        PostFact::Logged(WorkLogEntry { person: person(), post: post(), date: date(), words: "扫雪".to_owned() }),
        PostFact::Struck(EntryStrike { entry: "SH3-6".parse().unwrap(), reason: "记错".to_owned() }),
        excuse(false),
        excuse(true),
        PostFact::Stated(SelfStatement {
            person: person(),
            month: month(),
            words: "每周扫两次".to_owned(),
            replaces: replaces(),
        }),
        PostFact::Reviewed(PostReview {
            person: person(),
            month: month(),
            words: "属实".to_owned(),
            facts: ids(&["SH3-6", "A1-1"]),
            follows: ids(&["SH3-10"]),
            replaces: replaces(),
        }),
        scored("87.5"),
        scored("0"),
        PostFact::Shown(ScoresShown { month: month(), date: date(), scores: ids(&["SH3-12", "SH3-13"]) }),
        PostFact::Confirmed(MonthConfirmed {
            month: month(),
            rule: "SH3-1".parse().unwrap(),
            scores: ids(&["SH3-12"]),
            digest: [7; 32],
            replaces: replaces(),
        }),
    ]
}

#[test]
fn posts_of_the_first_schema() {
    reads_back(DocumentKind::Posts, POSTS_1, &every_fact(), fact::pack_post, fact::read_post);
}
