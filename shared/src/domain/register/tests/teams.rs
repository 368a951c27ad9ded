//! Tasks, teams, circles and activities (M7 to M11), each through its whole life.

use super::life::{Life, household, named, person, text};
use super::{CHINAN, SHAWAN};
use crate::domain::command::RegisterCommand;
use crate::domain::decide::Refusal;
use crate::domain::register::{LINES_AT_ONCE, Value, ValueFault};
use crate::id::{HouseholdId, PersonId};

#[test]
fn m7_a_joint_task_of_a_precinct_is_done_and_keeps_its_precinct_e45() {
    let mut life = Life::of("joint-task");
    life.opens("precinct", &[SHAWAN, CHINAN], &[("task", text("修通村公路")), ("precinct", text("一片区"))]);
    life.may_not("neighbour", "start").lacks("precinct", "start", &["goal"]);
    life.writes("neighbour", &[("goal", text("八公里"))]).takes("precinct", "start", "active");
    life.lists("secretary", Some(SHAWAN), &[named("三公里"), named("三公里")]).lists("neighbour", Some(CHINAN), &[]);
    let fault = Refusal::Value { field: "precinct", fault: ValueFault::Fixed };
    assert_eq!(life.writing("office", &[("precinct", text("二片区"))]), Err(fault));
    life.lacks("office", "finish", &["result"]).writes("precinct", &[("result", text("已通车"))]);
    life.takes("office", "finish", "done").rests(&[]);
    life.counts(None, "tasks 1, done 1, precincts 1").counts(Some(CHINAN), "tasks 1, done 1, precincts 1");
    life.opens("office", &[SHAWAN], &[("task", text("护林")), ("precinct", text("一片区"))]);
    life.takes_because("office", "stop", "stopped").rests(&[]);
    life.opens("office", &[CHINAN], &[("task", text("护林")), ("precinct", text("二片区"))]);
    life.counts(None, "tasks 2, done 1, precincts 2").counts(Some(SHAWAN), "tasks 1, done 1, precincts 1");
}

#[test]
fn m8_an_advisor_note_is_agreed_with_the_secretary_and_done() {
    let mut life = Life::of("advisor-note");
    let problem = [("problem", text("账目公开不及时"))];
    assert!(matches!(life.opening("secretary", &[SHAWAN], &problem), Err(Refusal::Role { .. })));
    assert_eq!(life.opening("advisor", &[CHINAN], &problem), Err(Refusal::OtherVillage));
    life.opens("advisor", &[SHAWAN], &problem);
    life.may_not("advisor", "agree").lacks("secretary", "agree", &["goal"]);
    life.writes("advisor", &[("goal", text("按月公开"))]).takes("secretary", "agree", "agreed");
    life.lacks("secretary", "finish", &["result"]).writes("advisor", &[("result", text("已按月公开"))]);
    life.takes("secretary", "finish", "done").rests(&[]);
    life.opens("advisor", &[SHAWAN], &[("problem", text("阵地破旧"))]);
    life.takes_because("advisor", "carry", "carried").rests(&[]);
    life.counts(Some(SHAWAN), "notes 2, done 1, carried 1");
}

#[test]
fn m9_a_vanguard_team_has_its_roster_and_is_counted_apart_from_volunteers_e20() {
    let mut life = Life::of("vanguard-team");
    life.opens("scribe", &[SHAWAN], &[("name", text("沙湾先锋队")), ("sort", text("vanguard"))]);
    life.lists("scribe", None, &[person("li"), person("he")]).rests(&["dissolve"]);
    assert_eq!(life.listing("scribe", None, person("li")), Err(Refusal::NothingToChange));
    life.opens("neighbour", &[CHINAN], &[("name", text("池南先锋队")), ("sort", text("vanguard"))]);
    life.lists("neighbour", None, &[person("he")]);
    life.opens("secretary", &[SHAWAN], &[("name", text("沙湾志愿队")), ("sort", text("volunteer"))]);
    life.lists("secretary", None, &[person("li"), named("驻村大学生")]);
    life.counts(None, "teams 2, members 3, volunteer-teams 1, volunteers 2");
    life.may_not("scribe", "dissolve").takes_because("secretary", "dissolve", "dissolved").rests(&[]);
    life.counts(Some(SHAWAN), "teams 1, members 2, volunteer-teams 0, volunteers 0");
}

#[test]
fn m9_a_service_is_confirmed_by_somebody_else_than_who_recorded_it() {
    let mut life = Life::of("service");
    let values = [("task", text("清扫村道")), ("team", text("沙湾先锋队"))];
    life.opens("scribe", &[SHAWAN], &values).lists("scribe", None, &[person("li"), person("he")]);
    life.not_the_same("scribe", "confirm").may_not("member", "confirm");
    life.takes("supervisor", "confirm", "confirmed").rests(&[]);
    life.opens("member", &[SHAWAN], &values).lists("leader", None, &[person("li")]);
    life.counts(Some(SHAWAN), "services 2, person-times 3, persons 2");
    life.takes_because("member", "withdraw", "withdrawn").rests(&[]);
    life.counts(None, "services 1, person-times 2, persons 2");
}

#[test]
fn m10_a_service_circle_lists_households_and_follows_a_split() {
    let mut life = Life::of("service-circle");
    let member = Value::Person(PersonId::new("li").unwrap());
    life.opens("member", &[SHAWAN], &[("name", text("李家湾服务圈")), ("member", member)]);
    assert_eq!(life.listing("member", None, person("he")), Err(Refusal::NotOnRoster { field: None }));
    assert_eq!(life.listing("member", None, named("新户")), Err(Refusal::NotOnRoster { field: None }));
    let line = life.listing("member", None, household("h1")).unwrap();
    let home = life.record().opened.fact.clone();
    let address = "village.420529202209/affairs-2026".parse().unwrap();
    let strike = RegisterCommand::Strike { address, record: home, line, reason: "分户".to_owned() };
    life.ask("scribe", strike).unwrap();
    life.lists("scribe", None, &[household("h1"), household("h2")]);
    assert_eq!(life.record().lines.len(), 3, "the line that was struck stays readable");
    life.counts(None, "circles 1, members 1, households 2").rests(&["end"]);
    life.takes_because("secretary", "end", "ended").rests(&[]).counts(None, "circles 0, members 0, households 0");
}

#[test]
fn m10_a_visit_notes_a_need_that_is_met_or_passed_on() {
    let mut life = Life::of("visit");
    let of = |id: &str| Value::Household(HouseholdId::new(id).unwrap());
    let unknown = life.opening("member", &[SHAWAN], &[("subject", text("走访")), ("household", of("h9"))]);
    assert_eq!(unknown, Err(Refusal::NotOnRoster { field: Some("household") }));
    life.opens("member", &[SHAWAN], &[("subject", text("走访")), ("household", of("h1"))]).rests(&["need"]);
    life.lacks("member", "need", &["need"]).writes("member", &[("need", text("代购药品"))]);
    life.takes("member", "need", "needed").lacks("member", "meet", &["answer"]);
    life.writes("scribe", &[("answer", text("已送到"))]).takes("scribe", "meet", "met").rests(&[]);
    life.opens("member", &[SHAWAN], &[("subject", text("回访")), ("household", of("h1")), ("need", text("修路灯"))]);
    life.takes("member", "need", "needed").takes_because("secretary", "pass-on", "passed-on").rests(&[]);
    life.opens("scribe", &[SHAWAN], &[("subject", text("走访")), ("household", of("h2"))]);
    life.counts(Some(SHAWAN), "visits 3, households 2, needs 2, met 1");
}

#[test]
fn m11_an_activity_is_planned_announced_done_and_counted_by_somebody_else() {
    let mut life = Life::of("activity");
    life.opens("leader", &[SHAWAN], &[("task", text("扫雪"))]).lacks("scribe", "announce", &["place"]);
    life.writes("scribe", &[("place", text("村口"))]).takes("leader", "announce", "announced");
    life.takes("scribe", "do", "done").lists("leader", None, &[person("li"), person("he"), named("过路司机")]);
    life.not_the_same("scribe", "count").takes("supervisor", "count", "counted").rests(&[]);
    life.opens("scribe", &[SHAWAN], &[("task", text("修渠"))]).takes("scribe", "do", "done");
    life.lists("scribe", None, &[person("li")]).counts(None, "activities 2, person-times 4, persons 3");
    life.opens("scribe", &[SHAWAN], &[("task", text("植树"))])
        .takes_because("leader", "cancel", "cancelled")
        .rests(&[]);
    life.counts(Some(SHAWAN), "activities 2, person-times 4, persons 3");
    life.counts(Some(CHINAN), "activities 0, person-times 0, persons 0");
}

#[test]
fn m11_a_whole_hall_is_listed_in_one_entry_or_not_at_all() {
    let mut life = Life::of("activity");
    life.opens("scribe", &[SHAWAN], &[("task", text("扫雪"))]).takes("scribe", "do", "done");
    let stranger = life.listing_all("scribe", &[person("li"), person("nobody")]);
    assert_eq!(stranger, Err(Refusal::NotOnRoster { field: None }));
    assert_eq!(life.listing_all("scribe", &[person("li"), person("li")]), Err(Refusal::NothingToChange));
    assert_eq!(life.listing_all("scribe", &[]), Err(Refusal::NothingToChange));
    let crowd: Vec<_> = (0..=LINES_AT_ONCE).map(|number| named(&number.to_string())).collect();
    assert_eq!(life.listing_all("scribe", &crowd), Err(Refusal::TooMany { limit: LINES_AT_ONCE }));
    assert!(matches!(life.listing_all("representative", &[person("li")]), Err(Refusal::Role { .. })));
    life.counts(None, "activities 1, person-times 0, persons 0");
    life.listing_all("scribe", &[person("li"), person("he"), named("过路司机")]).unwrap();
    assert_eq!(life.listing_all("leader", &[named("来客"), person("he")]), Err(Refusal::NothingToChange));
    life.counts(None, "activities 1, person-times 3, persons 3");
    life.speaks_of("joint-task", None);
    life.opens("precinct", &[SHAWAN], &[("task", text("修路")), ("precinct", text("一片区"))]);
    life.listing_all("precinct", &[named("三公里"), named("三公里")]).unwrap();
    assert_eq!(life.record().listed().count(), 2, "shares may be alike");
}

#[test]
fn m11_the_township_changes_nothing_in_a_villages_activity_e42() {
    let mut life = Life::of("activity");
    life.opens("scribe", &[SHAWAN], &[("task", text("扫雪。"))]).may_not("office", "cancel");
    let refused = life.writing("office", &[("task", text("扫雪"))]);
    assert!(matches!(refused, Err(Refusal::Role { .. })), "{refused:?}");
    assert_eq!(life.record().title(), "扫雪。");
}
