//! The collective economy (M20 to M26): tasks, pairings, incentives, trips, visits, bases, cooperatives.

use super::life::{Life, named, person, text};
use super::{CHINAN, SHAWAN};
use crate::domain::decide::Refusal;
use crate::domain::register::{Value, ValueFault};
use crate::id::UnitCode;

#[test]
fn m20_an_economy_task_reaches_its_milestones_and_is_done() {
    let mut life = Life::of("economy-task");
    life.opens("scribe", &[SHAWAN], &[("task", text("扩种木瓜")), ("about", text("product"))]);
    life.may_not("scribe", "start").lacks("secretary", "start", &["goal"]);
    life.writes("scribe", &[("goal", text("二百亩"))]).takes("secretary", "start", "active");
    life.lists("scribe", None, &[named("整地"), named("栽苗")]);
    assert_eq!(life.listing("scribe", None, named("整地")), Err(Refusal::NothingToChange));
    life.lacks("precinct", "finish", &["result"]).writes("precinct", &[("result", text("二百一十亩"))]);
    life.counts(None, "tasks 1, active 1, done 0, villages 1");
    life.takes("precinct", "finish", "done").rests(&[]);
    life.opens("neighbour", &[CHINAN], &[("task", text("建厂")), ("about", text("enterprise"))]);
    life.takes_because("neighbour", "stop", "stopped").rests(&[]);
    life.counts(None, "tasks 1, active 0, done 1, villages 1");
}

#[test]
fn m21_a_pairing_advises_the_weaker_village_until_it_is_closed() {
    let mut life = Life::of("pairing");
    let helped = |code: &str| Value::Unit(UnitCode::new(code).unwrap());
    let unknown = [("focus", text("木瓜与养殖")), ("helped", helped("420529202999"))];
    let refused = life.opening("neighbour", &[SHAWAN, CHINAN], &unknown);
    assert_eq!(refused, Err(Refusal::NotOnRoster { field: Some("helped") }));
    let values = [("focus", text("木瓜与养殖")), ("helped", helped(SHAWAN))];
    life.opens("neighbour", &[SHAWAN, CHINAN], &values).lacks("secretary", "start", &["goal"]);
    life.writes("neighbour", &[("goal", text("年增收十万"))]).takes("secretary", "start", "active");
    life.lists("neighbour", Some(CHINAN), &[named("教剪枝"), named("教剪枝")]);
    life.counts(None, "pairings 1, advice 2, villages 2").counts(Some(SHAWAN), "pairings 1, advice 0, villages 1");
    life.lacks("secretary", "close", &["result"]).writes("secretary", &[("result", text("已增收"))]);
    life.takes("secretary", "close", "closed").rests(&[]).counts(None, "pairings 0, advice 2, villages 0");
    life.opens("office", &[SHAWAN, CHINAN], &values).takes_because("office", "break-off", "closed").rests(&[]);
}

#[test]
fn m22_an_incentive_is_approved_as_it_was_computed_and_paid_by_another_person() {
    let mut life = Life::of("incentive");
    let money = |fen: i64| Value::Number(fen);
    let values = [
        ("name", text("2026年度")),
        ("rulebook", text("激励办法第1版")),
        ("tiers", text("marginal")),
        ("profit", money(1_234_567)),
        ("before", money(-1)),
        ("increment", money(1_234_568)),
        ("award", money(61_729)),
    ];
    let silent = Refusal::FieldsNeeded(vec!["tiers"]);
    let without: Vec<_> = values.iter().filter(|(field, _)| *field != "tiers").cloned().collect();
    assert_eq!(life.opening("office", &[SHAWAN], &without), Err(silent), "marginal or whole has to be said");
    assert!(matches!(life.opening("secretary", &[SHAWAN], &values), Err(Refusal::Role { .. })));
    life.opens("office", &[SHAWAN], &values).lacks("office", "discuss", &["meeting"]);
    let fault = Refusal::Value { field: "award", fault: ValueFault::Fixed };
    assert_eq!(life.writing("clerk", &[("award", money(61_730))]), Err(fault));
    life.writes("office", &[("meeting", text("党委会"))]).takes("office", "discuss", "discussed");
    life.takes("office", "notice", "noticed").not_the_same("office", "approve").takes("clerk", "approve", "approved");
    life.writes("clerk", &[("receipt", text("凭证7号"))]).not_the_same("clerk", "pay");
    life.counts(None, "awards 0, paid 0, waiting 61729, villages 0");
    life.takes("office", "pay", "paid").rests(&[]);
    life.opens("office", &[CHINAN], &values).takes_because("office", "refuse", "refused").rests(&[]);
    life.counts(None, "awards 1, paid 61729, waiting 0, villages 1");
}

#[test]
fn m23_a_study_trip_ends_with_what_is_done_about_it() {
    let mut life = Life::of("study-trip");
    let values = [("topic", text("茶旅融合")), ("destination", text("安吉"))];
    life.opens("office", &[SHAWAN, CHINAN], &values).takes("secretary", "do", "done");
    life.lists("secretary", Some(SHAWAN), &[person("li")]).lists("office", None, &[named("企业负责人")]);
    life.lacks("office", "find", &["findings"]).writes("neighbour", &[("findings", text("合作社统一收购"))]);
    life.takes("office", "find", "findings").lacks("office", "act", &["actions"]);
    life.writes("office", &[("actions", text("试行统购"))]).takes("neighbour", "act", "actions").rests(&[]);
    life.opens("office", &[], &values).takes_because("office", "cancel", "cancelled").rests(&[]);
    life.counts(None, "trips 1, person-times 2, acted 1").counts(Some(CHINAN), "trips 1, person-times 0, acted 1");
}

#[test]
fn m24_a_site_visit_sees_hears_checks_and_discusses() {
    let mut life = Life::of("site-visit");
    life.opens("precinct", &[SHAWAN, CHINAN], &[("topic", text("产业基地"))]).lacks("precinct", "do", &["place"]);
    life.writes("neighbour", &[("place", text("池南村"))]).takes("neighbour", "do", "done");
    life.writes("neighbour", &[("seen", text("基地")), ("heard", text("汇报"))]);
    life.lacks("secretary", "find", &["checked", "discussed"]);
    life.writes("secretary", &[("checked", text("台账")), ("discussed", text("短板"))]);
    life.takes("secretary", "find", "findings").writes("secretary", &[("actions", text("补台账"))]);
    life.takes("secretary", "act", "actions").rests(&[]).counts(None, "visits 1, person-times 0, acted 1");
    life.opens("precinct", &[SHAWAN], &[("topic", text("党建阵地"))]);
    life.takes_because("precinct", "cancel", "cancelled").rests(&[]).counts(None, "visits 1, person-times 0, acted 1");
}

#[test]
fn m25_a_base_runs_until_it_is_ended() {
    let mut life = Life::of("base");
    for (who, host) in [("secretary", SHAWAN), ("secretary", SHAWAN), ("neighbour", CHINAN)] {
        life.opens(who, &[host], &[("name", text("茶叶基地")), ("enterprise", text("采花茶业"))]);
        life.lacks(who, "start", &["trade", "terms"]);
        life.writes(who, &[("trade", text("茶叶")), ("terms", text("保底收购"))]);
        life.takes(who, "start", "running").rests(&["end"]);
    }
    life.counts(None, "bases 3, enterprises 1, villages 2").counts(Some(SHAWAN), "bases 2, enterprises 1, villages 1");
    life.takes_because("neighbour", "end", "ended").rests(&[]).counts(None, "bases 2, enterprises 1, villages 1");
}

#[test]
fn m26_a_cooperative_counts_its_village_and_its_households() {
    let mut life = Life::of("cooperative");
    for (who, host, households) in [("secretary", SHAWAN, 12), ("secretary", SHAWAN, 8), ("neighbour", CHINAN, 30)] {
        life.opens(who, &[host], &[("name", text("合作社")), ("trade", text("木瓜"))]);
        life.lacks(who, "start", &["households"]).writes(who, &[("households", Value::Number(households))]);
        life.may_not("scribe", "start").takes(who, "start", "running").rests(&["end"]);
    }
    life.counts(None, "cooperatives 3, villages 2, households 50");
    life.takes_because("neighbour", "end", "ended")
        .rests(&[])
        .counts(None, "cooperatives 2, villages 1, households 20");
}
