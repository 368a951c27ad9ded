//! Red lists and reminders (M5, W6): each through its life, and what the two boards of a village say.

use super::life::{Life, text};
use super::{CHINAN, SHAWAN};
use crate::domain::decide::Refusal;
use crate::domain::red_list::{BoardLine, Shown, hangs_until, red_board, warning_board};
use crate::domain::register::{Value, ValueFault};
use crate::id::{HouseholdId, PersonId, UnitCode};

const ITEMS: &[(&str, i32)] = &[("孝老爱亲", 5), ("占道堆放", -2)];

fn of_person(id: &str) -> Value {
    Value::Person(PersonId::new(id).unwrap())
}

fn deed(person: &str) -> [(&'static str, Value); 3] {
    [("deed", text("照料邻居老人")), ("item", text("孝老爱亲")), ("person", of_person(person))]
}

fn matter() -> [(&'static str, Value); 3] {
    let household = Value::Household(HouseholdId::new("h1").unwrap());
    [("matter", text("柴堆占道")), ("item", text("占道堆放")), ("household", household)]
}

/// A village that adopted its list, from the day on which it holds.
fn life(kind: &str) -> Life {
    let mut life = Life::of(kind);
    life.adopts(SHAWAN, "2026-11-01", ITEMS);
    life
}

fn said(lines: &[BoardLine<'_>]) -> Vec<String> {
    let line = |line: &BoardLine<'_>| {
        let who = match line.shown {
            Shown::Name(person) => person.name.as_str(),
            Shown::Household(number) => number,
        };
        format!("{who} {} {} {}", line.text, line.item, line.until)
    };
    lines.iter().map(line).collect()
}

fn red(life: &Life, village: &str, on: &str) -> Vec<String> {
    said(&red_board(life.workspace(), &UnitCode::new(village).unwrap(), on.parse().unwrap()))
}

fn warnings(life: &Life, on: &str) -> Vec<String> {
    said(&warning_board(life.workspace(), &UnitCode::new(SHAWAN).unwrap(), on.parse().unwrap()))
}

#[test]
fn m5_a_good_deed_is_checked_consented_and_listed_until_its_period_ends() {
    let mut life = life("red-list");
    life.on("2026-11-23").opens("member", &[SHAWAN], &deed("li")).may_not("scribe", "check");
    life.takes("supervisor", "check", "checked").lacks("scribe", "consent", &["consent"]);
    life.writes("scribe", &[("consent", text("当面同意"))]).takes("scribe", "consent", "consented");
    assert_eq!(red(&life, SHAWAN, "2026-11-23"), [""; 0], "what is not listed hangs nowhere");
    life.may_not("supervisor", "list").takes("secretary", "list", "listed");
    assert_eq!(red(&life, SHAWAN, "2026-12-23"), ["李明 照料邻居老人 孝老爱亲 2026-12-23"]);
    assert_eq!(red(&life, SHAWAN, "2026-12-24"), [""; 0], "its period has passed, whether or not somebody noted it");
    assert_eq!(red(&life, CHINAN, "2026-12-23"), [""; 0]);
    life.takes("scribe", "expire", "expired").rests(&[]).counts(None, "entries 1, listed 0");
}

#[test]
fn without_consent_a_deed_hangs_under_the_household_s_number_e47() {
    let mut life = life("red-list");
    life.on("2026-11-23").opens("member", &[SHAWAN], &deed("li")).takes("supervisor", "check", "checked");
    assert_eq!(life.taking("secretary", "list", ""), Err(Refusal::NoSuchStep { from: vec!["checked"] }));
    life.takes("secretary", "list-unnamed", "unnamed");
    assert_eq!(red(&life, SHAWAN, "2026-11-23"), ["h1 照料邻居老人 孝老爱亲 2026-12-23"]);

    // Consent that is taken back takes the name down at once.
    life.opens("member", &[SHAWAN], &deed("he")).takes("supervisor", "check", "checked");
    life.writes("scribe", &[("consent", text("当面同意"))]).takes("scribe", "consent", "consented");
    life.takes("secretary", "list", "listed").takes("scribe", "unname", "unnamed");
    assert_eq!(red(&life, SHAWAN, "2026-11-23"), ["h1 照料邻居老人 孝老爱亲 2026-12-23"; 2]);
    life.takes_because("secretary", "withdraw", "withdrawn").rests(&[]).counts(None, "entries 1, listed 1");
}

#[test]
fn a_minor_is_praised_under_the_household_s_number() {
    let mut life = life("red-list");
    life.born(SHAWAN, "li", 2012).on("2026-11-23").opens("member", &[SHAWAN], &deed("li"));
    life.takes("supervisor", "check", "checked").writes("scribe", &[("consent", text("家长同意"))]);
    life.takes("scribe", "consent", "consented");
    assert_eq!(life.taking("secretary", "list", ""), Err(Refusal::AboutMinor));
    life.takes("secretary", "list-unnamed", "unnamed");
    assert_eq!(red(&life, SHAWAN, "2026-11-30").len(), 1);
    // The year of birth may become known after the name was put up.
    let mut known = self::life("red-list");
    known.on("2026-11-23").opens("member", &[SHAWAN], &deed("he")).takes("supervisor", "check", "checked");
    known.writes("scribe", &[("consent", text("当面同意"))]).takes("scribe", "consent", "consented");
    known.takes("secretary", "list", "listed").born(SHAWAN, "he", 2010);
    assert_eq!(red(&known, SHAWAN, "2026-11-30"), ["h1 照料邻居老人 孝老爱亲 2026-12-23"]);
}

#[test]
fn only_items_of_the_adopted_list_are_listed() {
    let mut life = life("red-list");
    let not_on_list = |item: &str| Err(Refusal::NotOnList { item: item.to_owned() });
    let mut other = deed("li");
    other[1].1 = text("表现良好");
    assert_eq!(life.on("2026-11-23").opening("member", &[SHAWAN], &other), not_on_list("表现良好"));
    other[1].1 = text("占道堆放");
    assert_eq!(life.opening("member", &[SHAWAN], &other), not_on_list("占道堆放"), "what costs praises nobody");
    assert_eq!(life.on("2026-10-31").opening("member", &[SHAWAN], &deed("li")), not_on_list("孝老爱亲"), "not yet");
    assert_eq!(life.opening("neighbour", &[CHINAN], &deed("wu")), not_on_list("孝老爱亲"), "another village's list");
    life.on("2026-11-23").opens("member", &[SHAWAN], &deed("li"));
    let fixed = Refusal::Value { field: "item", fault: ValueFault::Fixed };
    assert_eq!(
        life.adopts(SHAWAN, "2026-11-01", &[("尊师", 1), ("孝老", 1)]).taking("supervisor", "check", "").err(),
        None
    );
    assert_eq!(life.writing("scribe", &[("item", text("尊师"))]), Err(fixed));
}

#[test]
fn m5_a_reminder_is_told_given_time_looked_at_again_and_cleared() {
    let mut life = life("reminder");
    life.on("2026-11-02").opens("scribe", &[SHAWAN], &matter()).takes("leader", "tell", "told");
    life.lacks("leader", "cure", &["cure-by"]);
    life.writes("scribe", &[("cure-by", Value::Date("2026-11-12".parse().unwrap())), ("answer", text("周末搬走"))]);
    life.takes("leader", "cure", "curing").lacks("supervisor", "recheck", &["found"]);
    life.writes("scribe", &[("found", text("已搬走"))]).may_not("scribe", "recheck");
    life.takes("supervisor", "recheck", "rechecked").takes("supervisor", "clear", "cleared").rests(&[]);
    assert_eq!(warnings(&life, "2026-11-12"), [""; 0]);
    life.opens("secretary", &[SHAWAN], &matter()).takes_because("secretary", "withdraw", "withdrawn").rests(&[]);
    life.counts(None, "reminders 2, open 0, cleared 1, listed 0");
}

#[test]
fn m5_a_meeting_may_list_a_household_s_number_and_the_matter_until_it_is_cleared() {
    let mut life = life("reminder");
    life.on("2026-11-02").opens("scribe", &[SHAWAN], &matter()).takes("secretary", "tell", "told");
    life.writes("scribe", &[("cure-by", Value::Date("2026-11-12".parse().unwrap())), ("person", of_person("li"))]);
    life.takes("secretary", "cure", "curing").writes("scribe", &[("found", text("仍在"))]);
    life.takes("supervisor", "recheck", "rechecked").takes("secretary", "refer", "referred");
    let too_early = Err(Refusal::TooEarly { last: "2026-11-12".parse().unwrap() });
    assert_eq!(life.on("2026-11-12").taking("secretary", "list", ""), too_early, "there still is time");
    life.on("2026-11-30").lacks("secretary", "list", &["meeting"]);
    life.writes("scribe", &[("meeting", text("十一月村民代表会议"))]).takes("secretary", "list", "listed");
    assert_eq!(warnings(&life, "2026-12-30"), ["h1 柴堆占道 占道堆放 2026-12-30"]);
    life.writes("scribe", &[("until", Value::Date("2026-12-10".parse().unwrap()))]);
    assert_eq!(warnings(&life, "2026-12-11"), [""; 0]);
    life.takes("supervisor", "clear", "cleared");
    assert_eq!(warnings(&life, "2026-12-01"), [""; 0], "what is cleared vanishes at once");
}

#[test]
fn who_noted_a_reminder_neither_looks_again_nor_lists_it() {
    let mut life = life("reminder");
    life.opens("secretary", &[SHAWAN], &matter()).takes("leader", "tell", "told");
    let more =
        [("cure-by", Value::Date("2026-11-12".parse().unwrap())), ("found", text("仍在")), ("meeting", text("会"))];
    life.writes("scribe", &more).takes("leader", "cure", "curing").not_the_same("secretary", "recheck");
    life.takes("supervisor", "recheck", "rechecked").takes("secretary", "refer", "referred");
    life.not_the_same("secretary", "list");
}

#[test]
fn a_reminder_about_a_minor_is_refused_e46() {
    let mut life = life("reminder");
    life.born(SHAWAN, "li", 2012).on("2026-11-02");
    let about = [matter().to_vec(), vec![("person", of_person("li"))]].concat();
    assert_eq!(life.opening("scribe", &[SHAWAN], &about), Err(Refusal::AboutMinor));
    life.opens("scribe", &[SHAWAN], &matter());
    assert_eq!(life.writing("scribe", &[("person", of_person("li"))]), Err(Refusal::AboutMinor));
    // The year of birth may become known after it was listed: then it is on no board.
    let more =
        [("cure-by", Value::Date("2026-11-03".parse().unwrap())), ("found", text("仍在")), ("meeting", text("会"))];
    life.writes("scribe", &more).writes("scribe", &[("person", of_person("he"))]).takes("leader", "tell", "told");
    life.takes("leader", "cure", "curing").takes("supervisor", "recheck", "rechecked");
    life.takes("secretary", "refer", "referred").on("2026-11-30").takes("secretary", "list", "listed");
    assert_eq!(warnings(&life, "2026-11-30").len(), 1);
    life.born(SHAWAN, "he", 2009);
    assert_eq!(warnings(&life, "2026-11-30"), [""; 0]);
}

#[test]
fn a_line_hangs_for_one_period_where_nobody_says_how_long() {
    let mut life = life("red-list");
    life.adopts(SHAWAN, "2026-01-01", ITEMS).on("2026-01-31").opens("member", &[SHAWAN], &deed("li"));
    life.takes("supervisor", "check", "checked").takes("secretary", "list-unnamed", "unnamed");
    assert_eq!(hangs_until(life.record()), Some("2026-02-28".parse().unwrap()));
}
