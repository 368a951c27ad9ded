//! Notices and objections (W7): the days, the lines that are held, and who may handle what.

use super::life::{Life, named, person, text};
use super::*;
use crate::domain::decide::Refusal;
use crate::domain::notice::{LineState, lines, reply_due};
use crate::id::FactId;

/// A notice with two lines, drawn up by the scribe, reviewed by the committee and posted on Monday, 2026-11-23.
fn posted(values: &[(&str, Value)]) -> (Life, FactId, Vec<FactId>) {
    let mut life = Life::of("notice");
    let named_place = [("title", text("评议结果公示")), ("place", text("村委会墙")), ("poster", text("文书"))];
    life.on("2026-11-23").opens("scribe", &[SHAWAN], &[&named_place, values].concat());
    life.lists("scribe", None, &[person("li"), named("无户口者")]);
    life.takes("supervisor", "review", "reviewed").takes("secretary", "post", "posted");
    let record = life.record();
    let (notice, lines) = (record.id.clone(), record.lines.keys().cloned().collect());
    (life, notice, lines)
}

/// Files an objection against a line and speaks of it from then on.
fn object(life: &mut Life, notice: &FactId, line: Option<&FactId>, day: &str) -> FactId {
    let line = line.map_or(String::new(), ToString::to_string);
    let notice = notice.to_string();
    let values =
        [("ground", text("分数不对")), ("notice", text(&notice)), ("line", text(&line)), ("heard", text("mouth"))];
    life.speaks_of("objection", None).on(day).opens("scribe", &[SHAWAN], &values);
    life.record().id.clone()
}

fn states(life: &mut Life, notice: &FactId) -> Vec<LineState> {
    let (_, record) = life.workspace().record(notice).unwrap();
    lines(life.workspace(), record).into_values().collect()
}

#[test]
fn a_notice_stands_its_days_before_it_is_confirmed() {
    let (mut life, ..) = posted(&[]);
    let too_early = Err(Refusal::TooEarly { last: "2026-11-28".parse().unwrap() });
    assert_eq!(life.on("2026-11-28").taking("secretary", "confirm", ""), too_early);
    life.on("2026-11-29").takes("secretary", "confirm", "confirmed").takes("secretary", "take-down", "taken-down");
    life.takes("secretary", "archive", "archived").rests(&[]).counts(Some(SHAWAN), "notices 1, standing 0");
}

#[test]
fn the_chair_may_lengthen_a_notice_and_not_shorten_it() {
    for (days, last) in [(2, "2026-11-28"), (7, "2026-11-30")] {
        let (mut life, ..) = posted(&[("days", Value::Number(days))]);
        let last = last.parse().unwrap();
        assert_eq!(life.on("2026-11-25").taking("secretary", "confirm", ""), Err(Refusal::TooEarly { last }));
    }
}

#[test]
fn a_line_with_an_open_objection_is_held_and_the_rest_confirms_e22() {
    let (mut life, notice, of) = posted(&[]);
    let objection = object(&mut life, &notice, Some(&of[0]), "2026-11-24");
    assert_eq!(states(&mut life, &notice), [LineState::Held, LineState::Shown]);
    let due = reply_due(life.record()).unwrap();
    assert_eq!((due.0.to_string(), due.1.to_string()), ("2026-12-01".to_owned(), "2026-12-08".to_owned()));
    life.speaks_of("notice", Some(notice.clone())).on("2026-11-29").takes("secretary", "confirm", "confirmed");
    life.speaks_of("objection", Some(objection)).takes("supervisor", "accept", "accepted");
    life.takes("supervisor", "look", "looking").lacks("supervisor", "uphold", &["found"]);
    life.writes("scribe", &[("found", text("漏计一票"))]).takes("supervisor", "uphold", "upheld");
    assert_eq!(states(&mut life, &notice), [LineState::Disputed, LineState::Shown]);
    life.lacks("supervisor", "reply", &["reply"]).writes("scribe", &[("reply", text("已更正"))]);
    life.takes("supervisor", "reply", "replied").takes("scribe", "settle", "settled").rests(&[]);
}

#[test]
fn an_upheld_objection_amends_the_notice_with_a_short_second_period() {
    let (mut life, _, of) = posted(&[]);
    let (address, record) = {
        let record = life.record().id.clone();
        (life.workspace().record(&record).unwrap().0.clone(), record)
    };
    let strike = crate::domain::command::RegisterCommand::Strike {
        address,
        record,
        line: of[0].clone(),
        reason: "漏计一票".to_owned(),
    };
    life.ask("scribe", strike).unwrap();
    life.on("2026-11-25").takes_because("secretary", "amend", "amended");
    let too_early = Err(Refusal::TooEarly { last: "2026-11-28".parse().unwrap() });
    assert_eq!(life.on("2026-11-28").taking("secretary", "confirm-amended", ""), too_early);
    life.on("2026-11-29").takes("secretary", "confirm-amended", "confirmed");
}

#[test]
fn an_objection_of_the_last_day_that_comes_after_confirmation_reopens_its_line_e23() {
    let (mut life, notice, of) = posted(&[]);
    life.on("2026-11-29").takes("secretary", "confirm", "confirmed");
    object(&mut life, &notice, Some(&of[1]), "2026-11-28");
    assert_eq!(states(&mut life, &notice), [LineState::Shown, LineState::Held]);
    life.takes("supervisor", "accept", "accepted").takes("supervisor", "look", "looking");
    life.writes("scribe", &[("found", text("核对原票无误"))]).takes_because("supervisor", "dismiss", "dismissed");
    assert_eq!(states(&mut life, &notice), [LineState::Shown, LineState::Shown]);
}

#[test]
fn whoever_drew_up_the_notice_does_not_handle_objections_to_it_e24() {
    let (mut life, notice, of) = posted(&[]);
    object(&mut life, &notice, Some(&of[0]), "2026-11-24");
    life.may_not("scribe", "accept");
    let mut own = Life::of("notice");
    own.on("2026-11-23").opens("secretary", &[SHAWAN], &[("title", text("公示"))]).lists(
        "secretary",
        None,
        &[person("li")],
    );
    let notice = own.record().id.clone();
    object(&mut own, &notice, None, "2026-11-24");
    assert_eq!(own.taking("secretary", "accept", ""), Err(Refusal::RecordedIt));
    own.takes("supervisor", "accept", "accepted");
}

#[test]
fn an_objection_to_the_whole_holds_every_line_and_may_hold_the_notice() {
    let (mut life, notice, of) = posted(&[("hold", text("all"))]);
    let objection = object(&mut life, &notice, None, "2026-11-24");
    assert_eq!(states(&mut life, &notice), [LineState::Held; 2]);
    life.speaks_of("notice", Some(notice.clone())).on("2026-11-29");
    let open = Err(Refusal::OpenObjections(vec![objection.clone()]));
    assert_eq!(life.taking("secretary", "confirm", ""), open);
    life.speaks_of("objection", Some(objection)).takes_because("supervisor", "decline", "declined").rests(&[]);
    life.speaks_of("notice", Some(notice)).takes("secretary", "confirm", "confirmed");
    assert_eq!(of.len(), 2);
}

#[test]
fn an_objection_goes_once_to_the_township_which_has_the_last_word() {
    let (mut life, notice, of) = posted(&[]);
    object(&mut life, &notice, Some(&of[0]), "2026-11-24");
    life.takes("supervisor", "accept", "accepted").takes("supervisor", "look", "looking");
    life.writes("scribe", &[("found", text("无误")), ("reply", text("维持原结果"))]);
    life.takes_because("supervisor", "dismiss", "dismissed").takes("supervisor", "reply", "replied");
    life.takes("scribe", "escalate", "escalated");
    assert_eq!(states(&mut life, &notice), [LineState::Held, LineState::Shown]);
    life.may_not("supervisor", "last-word").lacks("office", "last-word", &["last-word"]);
    life.writes("office", &[("last-word", text("维持"))]).takes("office", "last-word", "final").rests(&[]);
    assert_eq!(states(&mut life, &notice), [LineState::Shown, LineState::Shown]);
}
