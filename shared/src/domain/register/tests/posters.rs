//! Posters of notices (W7): what hangs on the wall, how namesakes are told apart, and when a paper is another.

use super::life::{Life, household, named, person, text};
use super::{SHAWAN, Value};
use crate::domain::command::RegisterCommand;
use crate::domain::notice::LineState;
use crate::domain::poster::{PosterName, code, is_notice, is_of, poster};
use crate::id::FactId;

/// A notice about a person, a household and words, posted on Monday, 2026-11-23.
fn posted() -> Life {
    let mut life = Life::of("notice");
    let values = [("title", text("积分公示")), ("place", text("村委会墙")), ("poster", text("文书"))];
    life.on("2026-11-23").opens("scribe", &[SHAWAN], &values);
    life.lists("scribe", None, &[person("li"), household("h2"), named("集体林")]);
    life.takes("supervisor", "review", "reviewed").takes("secretary", "post", "posted");
    life
}

fn digest(life: &Life) -> [u8; 32] {
    poster(life.workspace(), life.record()).digest
}

fn names(life: &Life) -> Vec<String> {
    let poster = poster(life.workspace(), life.record());
    let name = |name: &PosterName<'_>| match name {
        PosterName::Person(name, None) => (*name).to_owned(),
        PosterName::Person(name, Some((group, number))) => format!("{name} {group} {number}"),
        PosterName::Household(number) => format!("household {number}"),
        PosterName::Words(words) => format!("words {words}"),
    };
    poster.lines.iter().map(|line| name(&line.who)).collect()
}

fn strikes(life: &mut Life, line: &FactId) {
    let (address, record) = {
        let (address, record) = life.workspace().record(&life.record().id).unwrap();
        (address.clone(), record.id.clone())
    };
    let strike = RegisterCommand::Strike { address, record, line: line.clone(), reason: "写错".to_owned() };
    life.ask("scribe", strike).unwrap();
}

#[test]
fn a_poster_says_what_stands_and_until_when_to_object() {
    let life = posted();
    let poster = poster(life.workspace(), life.record());
    assert!(is_notice(life.record()));
    assert_eq!((poster.posted, poster.until), ("2026-11-23".parse().ok(), "2026-11-28".parse().ok()));
    assert_eq!(poster.lines.iter().map(|line| line.state).collect::<Vec<_>>(), [LineState::Shown; 3]);
    assert_eq!(names(&life)[1..], ["household h2", "words 集体林"]);
}

#[test]
fn namesakes_are_told_apart_by_group_and_a_masked_household_number_e20() {
    let mut life = posted();
    life.lives(SHAWAN, "li", "310027", "二组").lives(SHAWAN, "he", "310045", "三组");
    assert_eq!(names(&life)[0], "李明 二组 ＊＊＊＊27");
    life.lives(SHAWAN, "he", "320027", "三组");
    assert_eq!(names(&life)[0], "李明 二组 ＊10027", "as much as is needed to tell them apart");
    life.lives(SHAWAN, "he", "310027", "二组");
    assert_eq!(names(&life)[0], "李明 二组 ＊＊＊＊27", "the number tells nothing of two in one house");
}

#[test]
fn a_paper_is_checked_against_the_record() {
    let mut life = posted();
    let paper = digest(&life);
    assert_eq!(code(&paper).len(), 32);
    assert!(is_of(life.workspace(), life.record(), &code(&paper)));
    assert!(is_of(life.workspace(), life.record(), &code(&paper).to_uppercase()));
    let mut other = paper;
    other[15] ^= 1;
    assert!(!is_of(life.workspace(), life.record(), &code(&other)));
    assert!(!is_of(life.workspace(), life.record(), &code(&paper)[..31]));

    // What may happen while it hangs leaves the paper what it is.
    life.lives(SHAWAN, "li", "310027", "二组").lives(SHAWAN, "he", "310045", "三组");
    assert_eq!(digest(&life), paper, "a household moved");
    let notice = life.record().id.clone();
    let line = life.record().lines.keys().next().unwrap().clone();
    let against = [("notice", text(&notice.to_string())), ("line", text(&line.to_string()))];
    let values = [&[("ground", text("分数不对")), ("heard", text("mouth"))], against.as_slice()].concat();
    life.speaks_of("objection", None).on("2026-11-24").opens("scribe", &[SHAWAN], &values);
    life.speaks_of("notice", Some(notice));
    let held = poster(life.workspace(), life.record());
    assert_eq!((held.lines[0].state, held.digest), (LineState::Held, paper));
}

#[test]
fn whatever_changes_the_paper_changes_its_digest() {
    let mut life = posted();
    let mut seen = vec![digest(&life)];
    let mut differs = |life: &Life, what: &str| {
        let digest = digest(life);
        assert!(!seen.contains(&digest), "{what}");
        seen.push(digest);
    };
    let line = life.record().lines.keys().next().unwrap().clone();
    strikes(&mut life, &line);
    assert_eq!(names(&life).len(), 2);
    differs(&life, "a line was struck");
    life.lists("scribe", None, &[named("集体林二")]);
    differs(&life, "a line was added");
    life.writes("scribe", &[("title", text("积分公示（更正）"))]);
    differs(&life, "another title");
    life.writes("scribe", &[("days", Value::Number(7))]);
    differs(&life, "another period");
    life.on("2026-11-25").takes_because("secretary", "amend", "amended");
    differs(&life, "an amendment");
}

#[test]
fn words_cannot_be_moved_from_one_line_to_another() {
    let of = |names: [&str; 2]| {
        let mut life = Life::of("notice");
        life.opens("scribe", &[SHAWAN], &[("title", text("公示"))]).lists("scribe", None, &names.map(named));
        digest(&life)
    };
    assert_ne!(of(["甲 2:乙", "丙"]), of(["甲", "乙 2:丙"]));
    assert_ne!(of(["甲\nline D6-3 words", "丙"]), of(["甲", "丙"]));
}
