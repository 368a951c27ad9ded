//! Facts of posts read back as they were packed, and as they were packed when phones first wrote them.

use super::*;
use crate::document::fact::{pack_post, read_post};

fn facts() -> Vec<PostFact> {
    let person: PersonId = "li".parse().unwrap();
    let post: CategoryId = "保洁".parse().unwrap();
    let date: Date = "2026-10-31".parse().unwrap();
    let month = date.month();
    let ids = |ids: &[&str]| -> Vec<FactId> { ids.iter().map(|id| id.parse().unwrap()).collect() };
    let replaces = ids(&["SH1-43", "JL2-7"]);
    let held = |until, replaces| {
        PostFact::Held(PostHeld { person: person.clone(), post: post.clone(), from: date, until, replaces })
    };
    let excuse = |lifted| {
        let (person, decision) = (person.clone(), "支部大会决定".to_owned());
        PostFact::Excused(Excuse { person, month, decision, lifted, replaces: replaces.clone() })
    };
    vec![
        PostFact::Opened(Box::new(PostOpening { rule: PostRule::standard(), replaces: replaces.clone() })),
        held(None, Vec::new()),
        held(Some(date), replaces.clone()),
        PostFact::Logged(WorkLogEntry { person: person.clone(), post: post.clone(), date, words: "扫雪".to_owned() }),
        PostFact::Struck(EntryStrike { entry: "SH1-44".parse().unwrap(), reason: "记错".to_owned() }),
        excuse(false),
        excuse(true),
        PostFact::Stated(SelfStatement {
            person: person.clone(),
            month,
            words: "每周扫两次".to_owned(),
            replaces: replaces.clone(),
        }),
        PostFact::Reviewed(PostReview {
            person: person.clone(),
            month,
            words: String::new(),
            facts: ids(&["SH1-44", "SH1-45"]),
            follows: ids(&["SH1-46"]),
            replaces: replaces.clone(),
        }),
        PostFact::Scored(PostScore {
            person,
            month,
            post,
            points: "87.5".parse().unwrap(),
            follows: ids(&["SH1-47"]),
            replaces: replaces.clone(),
        }),
        PostFact::Shown(ScoresShown { month, date, scores: ids(&["SH1-48"]) }),
        PostFact::Confirmed(MonthConfirmed {
            month,
            rule: "SH1-1".parse().unwrap(),
            scores: ids(&["SH1-48"]),
            digest: [7; 32],
            replaces,
        }),
    ]
}

#[test]
fn facts_of_posts_read_back() {
    for fact in facts() {
        let bytes = pack_post(&fact);
        assert_eq!(read_post(&bytes).as_ref(), Ok(&fact));
        assert!((0..bytes.len()).all(|end| read_post(&bytes[..end]).is_err()), "no part of a fact is a fact");
    }
}

/// What phones wrote has to be read for as long as its period is kept: one fact a line, in the order of [`facts`].
const GOLDEN: &str = include_str!("golden.txt");

#[test]
fn facts_that_were_written_are_read_for_ever() {
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|byte| format!("{byte:02x}")).collect() };
    let written: Vec<String> = facts().iter().map(|fact| hex(&pack_post(fact))).collect();
    assert_eq!(GOLDEN.lines().collect::<Vec<_>>(), written);
    for (line, fact) in GOLDEN.lines().zip(facts()) {
        let byte = |at: usize| u8::from_str_radix(&line[at..at + 2], 16).unwrap();
        let bytes: Vec<u8> = (0..line.len()).step_by(2).map(byte).collect();
        assert_eq!(read_post(&bytes), Ok(fact), "{line}");
    }
}

#[test]
fn what_is_not_a_fact_of_posts_is_an_error() {
    let date: Date = "2026-10-31".parse().unwrap();
    let mut later = Pack::new();
    later.uint(KIND, 199);
    assert!(read_post(&later.finish()).is_err(), "a kind of a later version");
    let mut lacking = Pack::new();
    lacking.uint(KIND, LOGGED).text(PERSON, "li");
    pack_date(&mut lacking, DATE, date);
    assert!(read_post(&lacking.finish()).is_err(), "an entry without its post");
    let mut month = Pack::new();
    month.uint(KIND, STATED).text(PERSON, "li").put(MONTH, |writer| _ = writer.array(2).int(2026).uint(13));
    assert!(read_post(&month.finish()).is_err(), "the calendar has no thirteenth month");
    let statement = &facts()[7];
    let mut more = pack(statement);
    more.text(40, "what a later version adds");
    assert_eq!(read_post(&more.finish()).as_ref(), Ok(statement));
}
