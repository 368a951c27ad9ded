//! The red flag from a confirmed quarter through everybody's hands.

use std::sync::Arc;

use shared::domain::assessment::{Posted, Stage};
use shared::domain::command::{AssessmentCommand, Command, FlagCommand, FlagRefusal, Refusal};
use shared::domain::decide::Fact;
use shared::domain::flag::{Award, Awarding, Custody, FlagFact, FlagFlaw, Handover};
use shared::id::{Address, DocumentId, FactId, ScopeId};
use shared::role::Role;
use shared::time::Date;

use super::township::{Land, adjust, village};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn award(land: &Land, villages: &[&str], weeks: u8, reason: &str) -> FlagCommand {
    let villages = villages.iter().map(|code| village(code)).collect();
    FlagCommand::Award { quarter: land.quarter, villages, weeks, reason: reason.to_owned() }
}

fn hand_over(to: &str, date: &str) -> FlagCommand {
    FlagCommand::HandOver { to: Some(village(to)), date: day(date), reason: String::new() }
}

fn refused(refusal: FlagRefusal) -> Result<Vec<FactId>, Refusal> {
    Err(Refusal::Flag(refusal))
}

/// The phone asks; everybody hears what came of it.
fn ask(land: &mut Land, code: &str, command: FlagCommand) -> Result<Vec<FactId>, Refusal> {
    let asked = land.ask_any(code, Command::Flag(command));
    land.meet_all();
    asked
}

fn does(land: &mut Land, code: &str, command: FlagCommand) -> FactId {
    ask(land, code, command).unwrap().remove(0)
}

fn custody(land: &Land) -> Arc<Custody> {
    land.workspace("SJ1").flag
}

/// Draws who had the flag from which day.
fn history(land: &Land) -> Vec<String> {
    let custody = custody(land);
    let holder = |village: &Option<_>| village.as_ref().map_or("office".to_owned(), ToString::to_string);
    let line = |handed: &Handover| format!("{} -> {} {}", holder(&handed.from), holder(&handed.to), handed.date);
    custody.history().into_iter().map(|state| line(&state.handover)).collect()
}

/// A confirmed quarter in which village 1 is first.
fn confirmed() -> Land {
    let mut land = Land::new();
    land.begins();
    land.scores_all();
    land.freezes();
    land.confirms();
    land
}

/// Villages 1 and 2 are first, and the lead has not decided.
fn tied() -> Land {
    let mut land = Land::new();
    land.begins();
    for code in ["LD1", "AS1", "AS2"] {
        land.scores(code, "1", "30", "50");
        land.scores(code, "2", "30", "50");
        land.scores(code, "3", "20", "50");
    }
    land.meet_all();
    land.freezes();
    land
}

fn decides_tie(land: &mut Land, shared: bool) {
    let villages = ["1", "2"].map(village).into();
    land.does("LD1", AssessmentCommand::DecideTie { villages, shared, reason: "再无可比".to_owned() });
    land.meet_all();
    land.confirms();
}

fn record(land: &mut Land, code: &str, fact: FlagFact) -> FactId {
    let address = Address { scope: ScopeId::Township, document: DocumentId::Flag };
    let id = land.record(code, address, Fact::Flag(Box::new(fact)));
    land.meet_all();
    id
}

fn flaw(land: &Land, fact: &FactId) -> Option<FlagFlaw> {
    custody(land).notes.iter().find(|note| note.fact == *fact).map(|note| note.flaw)
}

#[test]
fn the_flag_goes_from_hand_to_hand() {
    let mut land = confirmed();
    assert_eq!((custody(&land).holder(), custody(&land).award.agreed()), (None, None));
    assert_eq!(ask(&mut land, "OF1", hand_over("1", "2026-10-12")), refused(FlagRefusal::NoAward));
    let first = award(&land, &["1"], 0, "");
    assert!(matches!(ask(&mut land, "SJ1", first.clone()), Err(Refusal::Role { .. })));
    let not_first = award(&land, &["2"], 0, "喜欢");
    assert_eq!(ask(&mut land, "OF1", not_first), refused(FlagRefusal::NotEligible));
    does(&mut land, "OF1", first.clone());
    assert_eq!(ask(&mut land, "OF2", first), Err(Refusal::NothingToChange));
    assert_eq!(custody(&land).holder(), None, "awarded is not handed over");
    let handed = does(&mut land, "OF1", hand_over("1", "2026-10-12"));
    assert_eq!(custody(&land).holder(), None, "one side has signed");
    assert_eq!(custody(&land).waiting().count(), 1);
    assert_eq!(ask(&mut land, "OF1", FlagCommand::Countersign(handed.clone())), Err(Refusal::SamePerson));
    assert_eq!(ask(&mut land, "SJ2", FlagCommand::Countersign(handed.clone())), Err(Refusal::OtherVillage));
    does(&mut land, "SJ1", FlagCommand::Countersign(handed.clone()));
    assert_eq!(custody(&land).holder(), Some(&village("1")));
    let again = FlagCommand::Countersign(handed.clone());
    assert_eq!(ask(&mut land, "SJ1", again), refused(FlagRefusal::NoHandover(handed)));

    // The quarter after village 3 is first; both secretaries sign, the receiver before the giver.
    land.quarter = land.quarter.after().unwrap();
    land.begins();
    for code in ["LD1", "AS1", "AS2"] {
        land.scores(code, "1", "30", "50");
        land.scores(code, "2", "30", "49");
        land.scores(code, "3", "40", "50");
    }
    land.meet_all();
    land.freezes();
    land.confirms();
    let next = award(&land, &["3"], 0, "");
    does(&mut land, "OF2", next);
    assert_eq!(ask(&mut land, "SJ2", hand_over("3", "2027-01-11")), Err(Refusal::OtherVillage));
    let early = refused(FlagRefusal::Before(day("2026-10-12")));
    assert_eq!(ask(&mut land, "SJ1", hand_over("3", "2026-10-11")), early);
    let handed = does(&mut land, "SJ3", hand_over("3", "2027-01-11"));
    assert_eq!(
        ask(&mut land, "OF1", FlagCommand::Countersign(handed.clone())),
        Err(Refusal::Role { needs: &[Role::VillageSecretary] })
    );
    does(&mut land, "SJ1", FlagCommand::Countersign(handed));
    assert_eq!(history(&land), ["office -> 1 2026-10-12", "1 -> 3 2027-01-11"]);
    assert_eq!(custody(&land).notes, []);
}

#[test]
fn a_handover_waits_for_a_confirmed_quarter_e35() {
    let mut land = Land::new();
    let early = award(&land, &["1"], 0, "");
    assert_eq!(ask(&mut land, "OF1", early.clone()), refused(FlagRefusal::NotConfirmed { is: None }));
    land.begins();
    land.scores_all();
    land.freezes();
    land.moves("OF1", Stage::Noticed).unwrap();
    let noticed = FlagRefusal::NotConfirmed { is: Some(Stage::Noticed) };
    assert_eq!(ask(&mut land, "OF1", early.clone()), refused(noticed));
    // A faulty phone awards it all the same: on no phone does that count, and nothing can be handed over.
    let digest = land.assessment("OF1").result.as_ref().unwrap().digest;
    let forged = Award { quarter: land.quarter, digest, villages: vec![village("1")], weeks: 0, reason: String::new() };
    let forged = record(&mut land, "OF1", FlagFact::Awarded(Awarding { award: forged, replaces: Vec::new() }));
    assert_eq!(flaw(&land, &forged), Some(FlagFlaw::NotConfirmed));
    assert_eq!(ask(&mut land, "OF1", hand_over("1", "2026-10-12")), refused(FlagRefusal::NoAward));
    // Overturned while it was open to objection: there is nothing to undo.
    land.does("OF1", adjust("1", Posted::Veto, "公示期内查实"));
    land.meet_all();
    land.confirms();
    assert_eq!(ask(&mut land, "OF1", early), refused(FlagRefusal::NotEligible));
    let next = award(&land, &["2"], 0, "");
    does(&mut land, "OF1", next);
    assert_eq!(history(&land), Vec::<String>::new());
}

#[test]
fn the_next_eligible_takes_the_flag_of_a_vetoed_first_e33() {
    let mut land = Land::new();
    land.begins();
    land.scores_all();
    land.does("OF1", adjust("1", Posted::Veto, "安全事故"));
    land.meet_all();
    land.freezes();
    land.confirms();
    let vetoed = award(&land, &["1"], 0, "x");
    assert_eq!(ask(&mut land, "OF1", vetoed), refused(FlagRefusal::NotEligible));
    let next = award(&land, &["2"], 0, "");
    does(&mut land, "OF1", next);
    assert_eq!(custody(&land).award.agreed().unwrap().villages, [village("2")]);
}

#[test]
fn a_shared_first_takes_turns_or_the_chair_decides_e34() {
    let mut land = tied();
    land.confirms();
    let turns = award(&land, &["2", "1"], 2, "轮流");
    assert_eq!(ask(&mut land, "OF1", turns.clone()), refused(FlagRefusal::NotEligible), "neither broken nor shared");
    decides_tie(&mut land, true);
    let one = award(&land, &["2"], 0, " ");
    assert_eq!(ask(&mut land, "OF1", one), Err(Refusal::ReasonNeeded));
    let no_turns = award(&land, &["2", "1"], 0, "轮流");
    assert_eq!(ask(&mut land, "OF1", no_turns), refused(FlagRefusal::NotEligible));
    does(&mut land, "OF1", turns);
    let handed = does(&mut land, "OF1", hand_over("2", "2026-10-12"));
    does(&mut land, "SJ2", FlagCommand::Countersign(handed));
    let turn = |date: &str| custody(&land).turn(day(date)).unwrap().to_string();
    assert_eq!(
        ["2026-10-12", "2026-10-25", "2026-10-26", "2026-11-08", "2026-11-09"].map(turn),
        ["2", "2", "1", "1", "2"]
    );
    assert_eq!(ask(&mut land, "SJ2", hand_over("3", "2026-10-26")), refused(FlagRefusal::NotAwarded(village("3"))));
    for (giver, receiver, to, date) in [("SJ2", "SJ1", "1", "2026-10-26"), ("SJ1", "SJ2", "2", "2026-11-09")] {
        let handed = does(&mut land, giver, hand_over(to, date));
        does(&mut land, receiver, FlagCommand::Countersign(handed));
    }
    assert_eq!(history(&land), ["office -> 2 2026-10-12", "2 -> 1 2026-10-26", "1 -> 2 2026-11-09"]);

    let mut land = tied();
    decides_tie(&mut land, true);
    let chair = award(&land, &["1"], 0, "上季未得");
    does(&mut land, "OF1", chair);
    assert_eq!(custody(&land).turn(day("2026-12-01")), Some(&village("1")));

    let mut land = tied();
    decides_tie(&mut land, false);
    let second = award(&land, &["2"], 0, "x");
    assert_eq!(ask(&mut land, "OF1", second), refused(FlagRefusal::NotEligible));
    let first = award(&land, &["1"], 0, "");
    does(&mut land, "OF1", first);
}

/// After the flag was handed over the result is overturned, by what nobody could know before.
#[test]
fn an_overturned_result_is_corrected_and_its_history_kept() {
    let mut land = confirmed();
    let first = award(&land, &["1"], 0, "");
    does(&mut land, "OF1", first);
    let handed = does(&mut land, "OF1", hand_over("1", "2026-10-12"));
    does(&mut land, "SJ1", FlagCommand::Countersign(handed));
    land.does("OF1", adjust("1", Posted::Veto, "事后查实"));
    land.meet_all();
    let shown = custody(&land);
    assert!(shown.standing_award().unwrap().1.overturned);
    assert_eq!((shown.holder(), shown.notes.len()), (Some(&village("1")), 0), "who has it has it");
    assert_eq!(ask(&mut land, "SJ1", hand_over("1", "2026-11-01")), refused(FlagRefusal::Overturned));
    let back = |reason: &str| FlagCommand::HandOver { to: None, date: day("2026-11-02"), reason: reason.to_owned() };
    assert_eq!(ask(&mut land, "SJ1", back("")), Err(Refusal::ReasonNeeded));
    let handed = does(&mut land, "SJ1", back("名次作废"));
    does(&mut land, "OF1", FlagCommand::Countersign(handed));
    land.confirms();
    let corrected = award(&land, &["2"], 0, "");
    assert_eq!(ask(&mut land, "OF1", corrected), Err(Refusal::ReasonNeeded));
    let corrected = award(&land, &["2"], 0, "甲村一票否决");
    does(&mut land, "OF1", corrected);
    let handed = does(&mut land, "OF2", hand_over("2", "2026-11-20"));
    does(&mut land, "SJ2", FlagCommand::Countersign(handed));
    assert_eq!(history(&land), ["office -> 1 2026-10-12", "1 -> office 2026-11-02", "office -> 2 2026-11-20"]);
    assert_eq!(custody(&land).awards.len(), 2);
}

/// Two at the office award apart, and later two handovers are signed apart.
#[test]
fn what_two_phones_did_apart_is_settled() {
    let mut land = tied();
    decides_tie(&mut land, true);
    for (code, to) in [("OF1", "1"), ("OF2", "2")] {
        let apart = award(&land, &[to], 0, "集体研究");
        land.ask_any(code, Command::Flag(apart)).unwrap();
    }
    land.meet_all();
    assert!(custody(&land).award.is_divergence());
    assert_eq!(ask(&mut land, "OF1", hand_over("1", "2026-10-12")), refused(FlagRefusal::NoAward));
    let turns = award(&land, &["1", "2"], 1, "轮流");
    does(&mut land, "OF1", turns);
    for (office, secretary, to) in [("OF1", "SJ1", "1"), ("OF2", "SJ2", "2")] {
        let handed = land.ask_any(office, Command::Flag(hand_over(to, "2026-10-12"))).unwrap().remove(0);
        land.meet(if to == "1" { &["OF1", "SJ1"] } else { &["OF2", "SJ2"] });
        land.ask_any(secretary, Command::Flag(FlagCommand::Countersign(handed))).unwrap();
    }
    land.meet_all();
    assert!(custody(&land).holding.is_divergence(), "one flag was handed to two");
    let handed = does(&mut land, "SJ2", hand_over("1", "2026-10-13"));
    does(&mut land, "SJ1", FlagCommand::Countersign(handed));
    assert_eq!(custody(&land).holder(), Some(&village("1")));
}

/// What roles do not allow and what does not begin where the flag is counts on no phone.
#[test]
fn a_faulty_phone_moves_no_flag() {
    let mut land = confirmed();
    let first = award(&land, &["1"], 0, "");
    let first = does(&mut land, "OF1", first);
    let handover = |from: Option<&str>, to: Option<&str>| Handover {
        award: first.clone(),
        from: from.map(village),
        to: to.map(village),
        date: day("2026-10-12"),
        reason: String::new(),
        after: Vec::new(),
    };
    let digest = land.assessment("OF1").result.as_ref().unwrap().digest;
    let own = Award { quarter: land.quarter, digest, villages: vec![village("1")], weeks: 0, reason: String::new() };
    let wrong = [
        ("SJ1", FlagFact::Awarded(Awarding { award: own, replaces: Vec::new() }), FlagFlaw::Role),
        ("SJ2", FlagFact::Handed(handover(Some("1"), Some("2"))), FlagFlaw::Unknown),
        ("SJ2", FlagFact::Handed(handover(None, Some("2"))), FlagFlaw::Unknown),
        ("SJ2", FlagFact::Handed(handover(None, Some("1"))), FlagFlaw::Role),
        (
            "OF1",
            FlagFact::Handed(Handover { award: "OF1-99".parse().unwrap(), ..handover(None, Some("1")) }),
            FlagFlaw::Unknown,
        ),
        ("OF1", FlagFact::Countersigned("OF1-99".parse().unwrap()), FlagFlaw::Unknown),
    ];
    for (code, fact, expected) in wrong {
        let shown = format!("{fact:?}");
        let id = record(&mut land, code, fact);
        assert_eq!(flaw(&land, &id), Some(expected), "{shown}");
    }
    // The office's own second phone is the same person, and another village's secretary is no side.
    land.phone("OF9", "office", &[Role::TownshipOffice, Role::VillageSecretary], &["1"]);
    let handed = does(&mut land, "OF1", hand_over("1", "2026-10-12"));
    let same = record(&mut land, "OF9", FlagFact::Countersigned(handed.clone()));
    let other = record(&mut land, "SJ3", FlagFact::Countersigned(handed));
    assert_eq!((flaw(&land, &same), flaw(&land, &other)), (Some(FlagFlaw::SamePerson), Some(FlagFlaw::Role)));
    assert_eq!(custody(&land).holder(), None);
}
