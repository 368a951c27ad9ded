//! Points accounts from claim to booking, on phones that meet when they can; E numbers are those of DOMAIN section 9.

use std::collections::BTreeMap;

use shared::domain::command::{Command, PointsRefusal, PointsWish};
use shared::domain::decide::{Refusal, decide};
use shared::domain::meeting::{Author, Recorded};
use shared::domain::points::fact::{Moving, PointFact};
use shared::domain::points::flow::{PointStep, Stage, State};
use shared::domain::points::{Cap, Flaw, Short};
use shared::domain::register::{Affair, LineSubject, Listed, Opening, StepTaken, Value};
use shared::domain::rulebook::lint::Lint;
use shared::domain::{Acting, Workspace};
use shared::id::{DeviceNumber, FactId};
use shared::role::Role;
use shared::time::Instant;

use super::ledger::{Ledger, claim, entry, home, rule, said, village};

#[test]
fn an_event_is_claimed_at_once_and_booked_step_by_step() {
    let mut ledger = Ledger::new();
    let batch = ["h5 cleanup 2026-10-11 at=清扫", "h6 cleanup 2026-10-11 at=清扫 person=p6"].map(said);
    let numbers = ledger.does("SH1", PointsWish::Claim(batch.to_vec()));
    assert_eq!(numbers, [entry("SH1-1"), entry("SH1-2")], "one command, an entry for each");
    let steps = [
        ("SH4", PointStep::Verify, Stage::Verified),
        ("SH3", PointStep::Deliberate, Stage::Deliberated),
        ("SH1", PointStep::Notice, Stage::Noticed),
        ("SH3", PointStep::Book, Stage::Booked),
    ];
    for (code, step, stage) in steps {
        ledger.meet_all();
        assert_eq!(ledger.drawn(code, "h6"), "", "nothing counts before it is booked");
        ledger.step(code, step, "SH1-1 SH1-2").unwrap();
        assert_eq!(ledger.state(code, "SH1-2"), State::At(stage));
    }
    let accounts = ledger.accounts("SH3");
    assert_eq!((ledger.drawn("SH3", "h5"), ledger.drawn("SH3", "h6")), ("2026-10 5".into(), "2026-10 5".into()));
    assert_eq!(accounts.persons[&"p6".parse().unwrap()].values().sum::<i64>(), 5);
    assert_eq!((accounts.balance(&home("h6")).honour(), accounts.balance(&home("h4")).honour()), (105, 100));
    assert_eq!(accounts.notes, []);
    let again = PointsRefusal::NoSuchStep { entry: entry("SH1-1"), is: State::At(Stage::Booked) };
    assert_eq!(ledger.step("SH3", PointStep::Book, "SH1-1"), Err(again.into()));
}

#[test]
fn who_may_do_what() {
    let mut ledger = Ledger::new();
    assert!(matches!(ledger.ask("SH4", claim("h5 cleanup 2026-10-11")), Err(Refusal::Role { .. })));
    ledger.does("SH1", claim("h5 cleanup 2026-10-11"));
    let person = PointsRefusal::SamePerson(entry("SH1-1"));
    assert_eq!(ledger.step("SH1", PointStep::Verify, "SH1-1"), Err(person.into()), "no scribe confirms their own");
    ledger.meet_all();
    assert!(matches!(ledger.step("SH5", PointStep::Verify, "SH1-1"), Err(Refusal::Role { .. })));
    assert!(matches!(ledger.step("SH2", PointStep::Deliberate, "SH1-1"), Err(Refusal::Role { .. })));
    // The claimant's wife cannot verify what he claimed.
    ledger.villager("w1", "h1", 1972);
    ledger.phone("SH6", "w1", &[Role::SupervisionCommittee]);
    ledger.meet_all();
    let house = PointsRefusal::SameHousehold(entry("SH1-1"));
    assert_eq!(ledger.step("SH6", PointStep::Verify, "SH1-1"), Err(house.into()));
    // The secretary does not approve what the own household gets.
    ledger.does("SH1", claim("h3 cleanup 2026-10-11"));
    ledger.meet_all();
    ledger.step("SH4", PointStep::Verify, "SH1-1 SH1-2").unwrap();
    ledger.meet_all();
    let own = PointsRefusal::OwnHousehold(entry("SH1-2"));
    assert_eq!(ledger.step("SH3", PointStep::Deliberate, "SH1-1 SH1-2"), Err(own.into()));
    assert_eq!(ledger.state("SH3", "SH1-1"), State::At(Stage::Verified), "one that cannot go stops the list");
    ledger.step("SH3", PointStep::Deliberate, "SH1-1").unwrap();
}

#[test]
fn the_fold_believes_nobody_past_their_duties() {
    let mut ledger = Ledger::new();
    ledger.does("SH1", claim("h3 cleanup 2026-10-11"));
    let entries = [entry("SH1-1")];
    let moved = |step, follows: &[&str]| {
        PointFact::Moved(Moving {
            step,
            entries: entries.clone().into(),
            words: "村民代表会议".to_owned(),
            follows: follows.iter().map(|id| entry(id)).collect(),
        })
    };
    ledger.record("SH1", moved(PointStep::Verify, &[]));
    ledger.record("SH5", moved(PointStep::Verify, &[]));
    ledger.record("SH4", moved(PointStep::Verify, &[]));
    ledger.record("SH3", moved(PointStep::Book, &["SH4-1"]));
    ledger.record("SH3", moved(PointStep::Deliberate, &["SH4-1"]));
    ledger.meet_all();
    let accounts = ledger.accounts("SH1");
    let flaws: Vec<(String, Flaw)> = accounts.notes.iter().map(|note| (note.fact.to_string(), note.flaw)).collect();
    let expected =
        [("SH1-2", Flaw::SamePerson), ("SH3-1", Flaw::Step), ("SH3-2", Flaw::OwnHousehold), ("SH5-1", Flaw::Role)];
    assert_eq!(flaws, expected.map(|(id, flaw)| (id.to_owned(), flaw)));
    assert_eq!(ledger.state("SH1", "SH1-1"), State::At(Stage::Verified));
}

/// E25: two phones record the same household at the same event.
#[test]
fn the_second_of_two_phones_is_held_until_somebody_decides_e25() {
    let mut ledger = Ledger::new();
    let same = "h5 cleanup 2026-10-11 at=清扫";
    let numbers = ledger.book(&[("SH1", same)]);
    assert_eq!(numbers, ["SH1-1"]);
    let known = PointsRefusal::Duplicate { of: Some(entry("SH1-1")) };
    ledger.is_refused("SH2", claim(same), known);

    let mut ledger = Ledger::new();
    ledger.does("SH1", claim(same));
    ledger.does("SH2", claim(same));
    ledger.does("SH2", claim("h5 cleanup 2026-10-12 at=清扫"));
    ledger.meet_all();
    assert_eq!(ledger.state("SH1", "SH1-1"), State::At(Stage::Claimed));
    assert_eq!(ledger.state("SH1", "SH2-1"), State::Held);
    assert_eq!(ledger.state("SH1", "SH2-2"), State::At(Stage::Claimed), "another day is another event");
    assert_eq!(ledger.accounts("SH1").entries[&entry("SH2-1")].twin, Some(entry("SH1-1")));
    let held = PointsRefusal::Held(entry("SH2-1"));
    assert_eq!(ledger.step("SH4", PointStep::Verify, "SH2-1"), Err(held.into()));
    // Whoever claimed it does not let it pass; somebody else does, and it goes its way.
    ledger.step("SH4", PointStep::Release, "SH2-1").unwrap();
    ledger.books("SH1-1 SH2-1");
    assert_eq!(ledger.drawn("SH1", "h5"), "2026-10 10");
    // Of the other pair the first is turned down, and the second is free.
    ledger.does("SH1", claim("h6 cleanup 2026-10-11"));
    ledger.does("SH2", claim("h6 cleanup 2026-10-11"));
    ledger.meet_all();
    assert_eq!(ledger.state("SH1", "SH2-3"), State::Held);
    let first = ledger.accounts("SH1").entries[&entry("SH2-3")].twin.clone().unwrap();
    ledger.step("SH3", PointStep::Reject, &first.to_string()).unwrap();
    assert_eq!(ledger.state("SH3", "SH2-3"), State::At(Stage::Claimed));
}

#[test]
fn two_people_of_one_house_are_no_twins() {
    let mut ledger = Ledger::new();
    ledger.villager("q6", "h6", 1980);
    ledger.does("SH1", claim("h6 cleanup 2026-10-11 at=清扫 person=p6"));
    ledger.does("SH2", claim("h6 cleanup 2026-10-11 at=清扫 person=q6"));
    ledger.does("SH5", claim("h6 cleanup 2026-10-11 at=清扫"));
    ledger.meet_all();
    let states = ["SH1-1", "SH2-1", "SH5-1"].map(|id| ledger.state("SH1", id));
    assert_eq!(states, [State::At(Stage::Claimed), State::At(Stage::Claimed), State::Held]);
}

/// E27: each phone stays under the cap, and together they are over it.
#[test]
fn a_cap_that_is_reached_by_a_merge_goes_by_date_and_number_e27() {
    let mut ledger = Ledger::new();
    for (code, text) in [
        ("SH1", "h5 cleanup 2026-10-12 at=甲"),
        ("SH1", "h5 cleanup 2026-10-03 at=乙"),
        ("SH2", "h5 cleanup 2026-10-05 at=丙"),
    ] {
        ledger.does(code, claim(text));
    }
    ledger.books("SH1-1 SH1-2 SH2-1");
    let counted = |id: &str| ledger.accounts("SH5").entries[&entry(id)].counted;
    assert_eq!(["SH1-2", "SH2-1", "SH1-1"].map(|id| counted(id).points), [5, 5, 0]);
    assert_eq!(counted("SH1-1").short, Some(Short::Over(Cap::ItemMonth)), "the loser shows why");
}

#[test]
fn a_deduction_is_told_before_it_is_booked() {
    let mut ledger = Ledger::new();
    ledger.is_refused("SH1", claim("h6 dumping 2026-10-11 person=p6"), PointsRefusal::NoteNeeded);
    ledger.does("SH1", claim("h6 dumping 2026-10-11 person=p6 note=河边"));
    let steps = [("SH4", PointStep::Verify), ("SH3", PointStep::Deliberate), ("SH3", PointStep::Notice)];
    for (code, step) in steps {
        ledger.meet_all();
        ledger.step(code, step, "SH1-1").unwrap();
    }
    let told = PointsRefusal::NotTold(entry("SH1-1"));
    assert_eq!(ledger.step("SH3", PointStep::Book, "SH1-1"), Err(told.into()));
    let booked = PointFact::Moved(Moving {
        step: PointStep::Book,
        entries: [entry("SH1-1")].into(),
        words: String::new(),
        follows: [entry("SH3-2")].into(),
    });
    ledger.record("SH3", booked);
    assert!(ledger.accounts("SH3").notes.iter().any(|note| note.flaw == Flaw::NotTold), "nor is it past the rules");
    let tell = PointsWish::Tell { entry: entry("SH1-1"), date: ledger.today, answer: "认可".to_owned() };
    ledger.does("SH3", tell);
    ledger.step("SH3", PointStep::Book, "SH1-1").unwrap();
    assert_eq!(ledger.drawn("SH3", "h6"), "2026-10 -5");
}

/// E46: nothing is said against a minor; what a minor did well is the household's.
#[test]
fn nothing_is_deducted_for_a_minor_e46() {
    let mut ledger = Ledger::new();
    let minor = PointsRefusal::Minor("c6".parse().unwrap());
    ledger.is_refused("SH1", claim("h6 dumping 2026-10-11 person=c6 note=河边"), minor);
    ledger.record("SH1", PointFact::Claimed(said("h6 dumping 2026-10-11 person=c6 note=河边")));
    assert_eq!(ledger.state("SH1", "SH1-1"), State::At(Stage::Rejected));
    ledger.book(&[("SH1", "h6 cleanup 2026-10-11 person=c6")]);
    let accounts = ledger.accounts("SH1");
    assert_eq!(ledger.drawn("SH1", "h6"), "2026-10 5");
    assert!(accounts.persons.is_empty(), "a minor has no points in their own name");
}

#[test]
fn who_moves_apart_is_asked_to_settle_it() {
    let mut ledger = Ledger::new();
    ledger.does("SH1", claim("h5 cleanup 2026-10-11"));
    ledger.meet_all();
    ledger.step("SH2", PointStep::Verify, "SH1-1").unwrap();
    ledger.step("SH4", PointStep::Verify, "SH1-1").unwrap();
    ledger.meet_all();
    assert_eq!(ledger.state("SH1", "SH1-1"), State::At(Stage::Verified), "two who say the same agree");
    ledger.step("SH3", PointStep::Deliberate, "SH1-1").unwrap();
    ledger.step("SH4", PointStep::Reject, "SH1-1").unwrap();
    ledger.meet_all();
    assert_eq!(ledger.state("SH1", "SH1-1"), State::Divided);
    let divided = PointsRefusal::NoSuchStep { entry: entry("SH1-1"), is: State::Divided };
    assert_eq!(ledger.step("SH3", PointStep::Book, "SH1-1"), Err(divided.into()));
    ledger.step("SH3", PointStep::Deliberate, "SH1-1").unwrap();
    ledger.meet_all();
    assert_eq!(ledger.state("SH4", "SH1-1"), State::At(Stage::Deliberated));
}

#[test]
fn the_supervision_committee_s_veto_is_its_own() {
    let mut ledger = Ledger::new();
    ledger.book(&[("SH1", "h5 cleanup 2026-10-11")]);
    ledger.step("SH4", PointStep::Hold, "SH1-1").unwrap();
    ledger.meet_all();
    assert_eq!((ledger.state("SH3", "SH1-1"), ledger.drawn("SH3", "h5")), (State::Held, String::new()));
    let vetoed = PointsRefusal::Vetoed(entry("SH1-1"));
    assert_eq!(ledger.step("SH3", PointStep::Release, "SH1-1"), Err(vetoed.into()));
    ledger.step("SH4", PointStep::Release, "SH1-1").unwrap();
    assert_eq!((ledger.state("SH4", "SH1-1"), ledger.counted("SH4", "SH1-1")), (State::At(Stage::Booked), 5));
}

#[test]
fn claims_that_cannot_be_are_named() {
    let mut ledger = Ledger::new();
    let mut refused = |text: &str, why| ledger.is_refused("SH1", claim(text), why);
    refused("h9 cleanup 2026-10-11", PointsRefusal::NoAccount(home("h9")));
    refused("h6 praise 2026-10-11", PointsRefusal::NoItem("praise".parse().unwrap()));
    refused("h6 cleanup 2026-08-11", PointsRefusal::NoRule(super::ledger::month("2026-08")));
    refused("h6 cleanup 2026-10-21", PointsRefusal::NotYet("2026-10-21".parse().unwrap()));
    refused("h6 cleanup 2026-10-11 points=-1", PointsRefusal::Points { item: 5 });
    refused("h6 cleanup 2026-10-11 person=p5", PointsRefusal::OtherHousehold("p5".parse().unwrap()));
    let twice = vec![said("h6 cleanup 2026-10-11"); 2];
    ledger.is_refused("SH1", PointsWish::Claim(twice), PointsRefusal::Duplicate { of: None });
    ledger.is_refused("SH1", PointsWish::Claim(Vec::new()), PointsRefusal::NothingChosen);
    ledger.roster.households.get_mut(&home("h6")).unwrap().group = "2".to_owned();
    ledger.is_refused("SH2", claim("h6 cleanup 2026-10-11"), PointsRefusal::OtherGroup);
    // What a later month's rule says does not touch this one.
    ledger.adopt(rule(2, true), "2026-10-02");
    ledger.does("SH1", claim("h6 cleanup 2026-10-11"));
}

/// A notice `SH1-100` of `h5` and `h6`, and an objection `SH1-105` to the line of `h5`, as far as it came.
fn noticed(objection: &[&str]) -> Vec<Recorded<Affair>> {
    let fact = |counter: u32, value| {
        let author = Author { device: DeviceNumber(77), holder: "p1".parse().ok() };
        let id = FactId { device: "SH1".parse().unwrap(), counter };
        Recorded { id, author, at: Instant(counter.into()), value }
    };
    let opened = |kind: &str, values: &[(&str, &str)]| {
        let text = |(key, text): &(&str, &str)| (key.to_string(), Value::Text(text.to_string()));
        let values: BTreeMap<String, Value> = values.iter().map(text).collect();
        let date = "2026-10-12".parse().unwrap();
        Affair::Opened(Opening { kind: kind.to_owned(), hosts: [village()].into(), date, values })
    };
    let listed = |account: &str| {
        let subject = LineSubject::Household(home(account));
        Affair::Listed(Listed { record: entry("SH1-100"), village: None, subject, note: String::new() })
    };
    let mut facts = vec![
        fact(100, opened("notice", &[("title", "公示")])),
        fact(101, listed("h5")),
        fact(102, listed("h6")),
        fact(105, opened("objection", &[("ground", "没来"), ("notice", "SH1-100"), ("line", "SH1-101")])),
    ];
    for (place, step) in objection.iter().enumerate() {
        let (record, date) = (entry("SH1-105"), "2026-10-14".parse().unwrap());
        let before = u32::try_from(place).unwrap() + 105;
        let mut taken = fact(
            before + 1,
            Affair::Stepped(StepTaken {
                record,
                step: step.to_string(),
                date,
                reason: "核实过".to_owned(),
                replaces: (place > 0).then(|| entry(&format!("SH1-{before}"))).into_iter().collect(),
            }),
        );
        taken.author.holder = "p4".parse().ok();
        facts.push(taken);
    }
    facts
}

#[test]
fn what_is_objected_to_is_not_booked_until_the_objection_came_to_nothing() {
    let mut ledger = Ledger::new();
    for account in ["h5", "h6"] {
        ledger.does("SH1", claim(&format!("{account} cleanup 2026-10-11")));
    }
    for (code, step) in [("SH4", PointStep::Verify), ("SH3", PointStep::Deliberate)] {
        ledger.meet_all();
        ledger.step(code, step, "SH1-1 SH1-2").unwrap();
    }
    ledger.meet_all();
    let entries = vec![entry("SH1-1"), entry("SH1-2")];
    ledger.does("SH1", PointsWish::Step { step: PointStep::Notice, entries, words: "SH1-100".to_owned() });
    ledger.meet_all();
    assert_eq!(ledger.accounts("SH3").entries[&entry("SH1-1")].notice(), Some(entry("SH1-100")));

    ledger.files(noticed(&[]));
    let objected = PointsRefusal::Objected { entry: entry("SH1-1"), notice: entry("SH1-100") };
    assert_eq!(ledger.step("SH3", PointStep::Book, "SH1-1"), Err(objected.clone().into()));
    ledger.step("SH3", PointStep::Book, "SH1-2").unwrap();
    ledger.files(noticed(&["accept", "look", "uphold"]));
    assert_eq!(
        ledger.step("SH3", PointStep::Book, "SH1-1"),
        Err(objected.into()),
        "an upheld one is not booked either"
    );
    ledger.files(noticed(&["accept", "look", "dismiss"]));
    ledger.step("SH3", PointStep::Book, "SH1-1").unwrap();
}

#[test]
fn a_rule_that_scores_what_none_may_is_not_adopted() {
    let acting = Acting {
        device: DeviceNumber(1),
        code: "SH3".parse().unwrap(),
        holder: "p3".parse().unwrap(),
        name: String::new(),
        roles: Role::VillageSecretary.into(),
        villages: [village()].into(),
    };
    let adopt = |name: &str| {
        let mut rule = rule(1, false);
        rule.items[0].name = name.to_owned();
        let (from, adopted_at) = ("2026-10-01".parse().unwrap(), "村民代表会议".to_owned());
        let command = Command::AdoptPointsRule { village: Some(village()), rule: Box::new(rule), from, adopted_at };
        decide(&Workspace::default(), &acting, &command)
    };
    let Err(Refusal::Points(PointsRefusal::Linted(found))) = adopt("按时上传照片") else {
        panic!("it is adopted")
    };
    assert_eq!(found.iter().map(|finding| finding.lint).collect::<Vec<_>>(), [Lint::Photos]);
    assert_eq!(adopt("参加清扫").map(|edits| edits.len()), Ok(1), "warnings are answered in words");
}
