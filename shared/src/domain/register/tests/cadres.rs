//! Young cadres (M27 to M29): mentor pairs, lectures and the pool that is never public.

use super::life::{Life, named, person, text};
use super::{CHINAN, SHAWAN};
use crate::domain::decide::Refusal;
use crate::domain::register::{Home, Kind, Value, ValueFault};
use crate::id::{PersonId, UnitCode};

fn on_roster(id: &str) -> Value {
    Value::Person(PersonId::new(id).unwrap())
}

#[test]
fn m27_a_mentor_pair_is_agreed_reviewed_and_goes_on_until_it_ends() {
    let mut life = Life::of("mentor-pair");
    let values = [("goal", text("会写材料")), ("mentor", text("乡宣传委员")), ("cadre", on_roster("li"))];
    life.opens("advisor", &[SHAWAN], &values).not_the_same("advisor", "agree").may_not("scribe", "agree");
    life.takes("secretary", "agree", "agreed").lacks("scribe", "start", &["check"]);
    life.writes("scribe", &[("check", Value::Date("2027-01-10".parse().unwrap()))]);
    life.takes("scribe", "start", "active").lists("scribe", None, &[named("看周记"), named("看周记")]);
    life.lacks("advisor", "review", &["review"]).writes("advisor", &[("review", text("有进步"))]);
    life.takes("advisor", "review", "reviewed").takes("member", "go-on", "active");
    life.counts(None, "pairs 1, checks 2, ended 0");
    life.takes("secretary", "review", "reviewed").takes("secretary", "end", "ended").rests(&[]);
    life.counts(None, "pairs 0, checks 2, ended 1");
}

#[test]
fn m27_a_mentor_pair_whose_cadre_moves_away_ends_early_and_stays_readable() {
    let mut life = Life::of("mentor-pair");
    let values = [("goal", text("会带队伍")), ("mentor", text("老支书")), ("cadre", on_roster("he"))];
    life.opens("member", &[SHAWAN], &values).takes_because("secretary", "break-off", "ended").rests(&[]);
    assert_eq!((life.record().title(), life.record().steps.len()), ("会带队伍", 1));
}

#[test]
fn m28_a_lecture_is_scheduled_held_and_noted_once_for_all_villages_e43() {
    let mut life = Life::of("lecture");
    life.opens("secretary", &[SHAWAN, CHINAN], &[("topic", text("怎样开好院坝会")), ("hall", text("short"))]);
    life.lacks("neighbour", "schedule", &["speaker", "place"]);
    life.writes("secretary", &[("speaker", text("李明")), ("place", text("集镇"))]);
    life.takes("neighbour", "schedule", "scheduled").takes("advisor", "hold", "held");
    life.lists("secretary", Some(SHAWAN), &[person("he")]).lists("neighbour", Some(CHINAN), &[person("he")]);
    life.lacks("secretary", "note", &["feedback"]).writes("secretary", &[("feedback", text("听得懂"))]);
    life.takes("secretary", "note", "noted").rests(&[]);
    life.opens("office", &[], &[("topic", text("党课")), ("hall", text("hall"))]);
    life.takes_because("office", "cancel", "cancelled").rests(&[]);
    life.counts(None, "lectures 1, hall 0, short 1, person-times 2, persons 2");
    life.counts(Some(CHINAN), "lectures 1, hall 0, short 1, person-times 1, persons 1");
}

#[test]
fn m29_a_reserve_cadre_is_reviewed_by_another_taken_into_the_pool_and_placed() {
    let mut life = Life::of("reserve-cadre");
    assert_eq!(Kind::of("reserve-cadre").unwrap().home, Home::Office, "the pool is never public");
    let values = |source: &str, of: &str| [("name", text("李明")), ("source", text(source)), ("person", on_roster(of))];
    assert!(matches!(life.opening("secretary", &[SHAWAN], &values("local", "li")), Err(Refusal::Role { .. })));
    let enters = |life: &mut Life, host: &str, source: &str, of: &str| {
        life.opens("office", &[host], &values(source, of)).lacks("clerk", "review", &["opinion"]);
        life.writes("office", &[("opinion", text("可用"))]).not_the_same("office", "review");
        life.takes("clerk", "review", "reviewed")
            .takes("office", "admit", "in-pool")
            .rests(&["place", "post", "leave"]);
    };
    enters(&mut life, SHAWAN, "wealth", "li");
    let fault = Refusal::Value { field: "source", fault: ValueFault::Fixed };
    assert_eq!(life.writing("office", &[("source", text("local"))]), Err(fault), "fixed at entry");
    life.lacks("office", "place", &["place"]).writes("office", &[("place", text("two-committees"))]);
    life.takes("office", "place", "placed").rests(&[]);
    enters(&mut life, SHAWAN, "returned", "he");
    life.lacks("office", "post", &["village"]);
    life.writes("office", &[("village", Value::Unit(UnitCode::new(CHINAN).unwrap()))]);
    life.takes("office", "post", "posted").rests(&[]);
    enters(&mut life, CHINAN, "local", "wu");
    enters(&mut life, CHINAN, "graduate", "he");
    let counts = "raised 4, wealth 1, graduates 1, returned 1, local 1, in-pool 2, posted 1, committees 1";
    life.counts(None, counts);
    life.takes_because("office", "leave", "left").rests(&[]);
    life.counts(
        None,
        &counts.replace("raised 4", "raised 3").replace("graduates 1", "graduates 0").replace("pool 2", "pool 1"),
    );
}

#[test]
fn m29_a_reserve_cadre_entered_twice_is_counted_once_and_namesakes_are_two_e20() {
    let mut life = Life::of("reserve-cadre");
    for (host, of) in [(SHAWAN, "li"), (SHAWAN, "li"), (SHAWAN, "he"), (CHINAN, "he")] {
        let values = [("name", text("李明")), ("source", text("local")), ("person", on_roster(of))];
        life.opens("office", &[host], &values).writes("office", &[("opinion", text("可用"))]);
        life.takes("clerk", "review", "reviewed").takes("clerk", "admit", "in-pool");
    }
    let counts = "raised 3, wealth 0, graduates 0, returned 0, local 3, in-pool 3, posted 0, committees 0";
    life.counts(None, counts);
}
