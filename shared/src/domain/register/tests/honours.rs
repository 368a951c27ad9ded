//! Sites, talks, models, commendations, projects and joint days (M14 to M19), each through its whole life.

use super::life::{Life, named, person, text};
use super::{CHINAN, SHAWAN};
use crate::domain::decide::Refusal;
use crate::domain::register::{Value, ValueFault};
use crate::id::PersonId;

#[test]
fn m14_an_education_site_opens_with_its_feature() {
    let mut life = Life::of("education-site");
    life.opens("office", &[], &[("name", text("官章红色教育馆")), ("rank", text("main"))]);
    life.lacks("office", "open", &["place", "feature"]);
    life.writes("office", &[("place", text("集镇")), ("feature", text("红色故事"))]);
    life.takes("office", "open", "open").rests(&["shut"]);
    for host in [("secretary", SHAWAN), ("neighbour", CHINAN)] {
        let values = [("name", text("木瓜园")), ("rank", text("village"))];
        life.opens(host.0, &[host.1], &values).writes(host.0, &[("place", text("村口")), ("feature", text("木瓜"))]);
        life.takes(host.0, "open", "open");
    }
    life.counts(None, "sites 3, main 1, village 2").counts(Some(SHAWAN), "sites 1, main 0, village 1");
    life.takes_because("neighbour", "shut", "shut").rests(&[]).counts(None, "sites 2, main 1, village 1");
}

#[test]
fn m15_a_good_deed_talk_is_held_and_counted_by_topic() {
    let mut life = Life::of("good-deed");
    for title in ["婆媳和睦", "照料老人"] {
        life.opens("leader", &[SHAWAN], &[("title", text(title)), ("topic", text("孝老爱亲"))]);
        life.lacks("scribe", "hold", &["speaker"]).writes("scribe", &[("speaker", text("李明"))]);
        life.takes("scribe", "hold", "held").lists("scribe", None, &[person("li")]).rests(&[]);
    }
    life.opens("scribe", &[SHAWAN], &[("title", text("拾金不昧")), ("topic", text("诚实守信"))]);
    life.takes_because("leader", "cancel", "cancelled").rests(&[]);
    life.counts(None, "talks 2, topics 1, person-times 2");
}

#[test]
fn m16_a_practitioner_is_listed_with_consent_and_by_somebody_else() {
    let mut life = Life::of("practitioner");
    let li = Value::Person(PersonId::new("li").unwrap());
    let values = [("name", text("李明")), ("person", li), ("merit", text("带头栽种木瓜"))];
    life.opens("secretary", &[SHAWAN], &values).lacks("scribe", "consent", &["consent"]);
    assert_eq!(life.taking("secretary", "list", ""), Err(Refusal::NoSuchStep { from: vec!["nominated"] }));
    life.writes("scribe", &[("consent", text("同意"))]).takes("scribe", "consent", "consented");
    life.not_the_same("secretary", "list").takes_because("scribe", "decline", "declined").rests(&[]);
    life.opens("representative", &[SHAWAN], &values).writes("scribe", &[("consent", text("同意"))]);
    life.takes("scribe", "consent", "consented").may_not("representative", "list");
    life.takes("secretary", "list", "listed").rests(&["end"]).counts(None, "practitioners 1, nominated 0");
    life.opens("member", &[SHAWAN], &values).writes("scribe", &[("consent", text("同意"))]);
    life.takes("scribe", "consent", "consented").takes("secretary", "list", "listed");
    life.counts(Some(SHAWAN), "practitioners 1, nominated 0");
    life.takes_because("scribe", "end", "ended").rests(&[]);
}

#[test]
fn m17_a_commendation_is_voted_noticed_and_awarded_by_another_than_who_nominated() {
    let mut life = Life::of("commendation");
    let vote = [("meeting", text("年终评选会")), ("present", Value::Number(30)), ("yes", Value::Number(28))];
    for sort in ["group", "family", "individual", "individual"] {
        let values = [("name", text("李明家")), ("for", text(sort)), ("title", text("清洁之家"))];
        life.opens("office", &[SHAWAN], &values).lacks("secretary", "vote", &["meeting", "present", "yes"]);
        life.writes("secretary", &vote).takes("secretary", "vote", "voted").may_not("secretary", "notice");
        life.lacks("office", "notice", &["deeds"]).writes("office", &[("deeds", text("……"))]);
        life.takes("office", "notice", "noticed").not_the_same("office", "award");
        life.takes("clerk", "award", "awarded").rests(&[]);
    }
    let values = [("name", text("何家")), ("for", text("family")), ("title", text("清洁之家"))];
    life.opens("neighbour", &[CHINAN], &values).takes_because("neighbour", "withdraw", "declined").rests(&[]);
    life.opens("neighbour", &[CHINAN], &values).writes("neighbour", &vote).takes("neighbour", "vote", "voted");
    life.may_not("neighbour", "decline").takes_because("office", "decline", "declined").rests(&[]);
    let fault = Refusal::Value { field: "yes", fault: ValueFault::Negative };
    assert_eq!(life.writing("neighbour", &[("yes", Value::Number(-1))]), Err(fault));
    life.counts(None, "awarded 4, groups 1, families 1, individuals 2");
    life.counts(Some(CHINAN), "awarded 0, groups 0, families 0, individuals 0");
}

#[test]
fn m18_a_six_people_project_is_counted_by_its_tag() {
    let mut life = Life::of("six-people");
    let other = [("project", text("义诊")), ("tag", text("利民"))];
    let fault = Refusal::Value { field: "tag", fault: ValueFault::Choice };
    assert_eq!(life.opening("scribe", &[SHAWAN], &other), Err(fault));
    for tag in ["education", "culture", "health", "safety", "convenience", "prosperity", "health"] {
        life.opens("scribe", &[SHAWAN], &[("project", text("义诊")), ("tag", text(tag)), ("place", text("村委会"))]);
        life.takes("leader", "announce", "announced").takes("scribe", "do", "done");
        life.lists("leader", None, &[person("li"), named("村医")]).not_the_same("scribe", "count");
        life.takes("supervisor", "count", "counted").rests(&[]);
    }
    life.opens("scribe", &[SHAWAN], &other.map(|(field, _)| (field, text("culture"))));
    life.takes_because("scribe", "cancel", "cancelled").rests(&[]);
    let counts = "projects 7, education 1, culture 1, health 2, safety 1, convenience 1, prosperity 1, person-times 14, \
                  persons 2";
    life.counts(None, counts);
}

#[test]
fn m19_a_joint_theme_day_is_credited_to_each_village_and_counted_once_e43() {
    let mut life = Life::of("theme-day");
    life.opens("precinct", &[SHAWAN, CHINAN], &[("topic", text("重温誓词")), ("place", text("池南村"))]);
    life.takes("neighbour", "announce", "announced").takes("precinct", "hold", "held");
    life.lists("secretary", Some(SHAWAN), &[person("li"), person("he")]);
    life.lists("neighbour", Some(CHINAN), &[person("he")]);
    assert_eq!(life.listing("neighbour", Some(CHINAN), person("li")), Err(Refusal::NotOnRoster { field: None }));
    life.not_the_same("precinct", "count").takes("neighbour", "count", "counted").rests(&[]);
    life.counts(Some(SHAWAN), "days 1, villages 1, person-times 2, persons 2");
    life.counts(Some(CHINAN), "days 1, villages 1, person-times 1, persons 1");
    life.counts(None, "days 1, villages 2, person-times 3, persons 3");
    life.opens("office", &[SHAWAN, CHINAN], &[("topic", text("植树"))]);
    life.takes_because("office", "cancel", "cancelled").rests(&[]);
    life.counts(None, "days 1, villages 2, person-times 3, persons 3");
}
