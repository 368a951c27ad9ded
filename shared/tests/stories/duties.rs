//! Roles on every device: what a role may not do does not count, though a faulty device recorded it.

use shared::domain::ballot::BallotMode;
use shared::domain::command::{MeetingCommand, Refusal};
use shared::domain::meeting::{CheckFlaw, CountCheck, Decision, Meeting, MeetingFact, MeetingNote, Stage, StageChange};
use shared::role::{Duty, Role};

use super::hall::{Hall, MEMBERS, REPS, level, person, valid};
use shared::domain::ballot::{BallotContent, PaperBallot, Serial};

/// Returns the numbers that a phone passes over because their authors had no role for them.
fn passed_over(hall: &Hall, code: &str) -> Vec<String> {
    let role = |note: &MeetingNote| match note {
        MeetingNote::Role(fact) => Some(fact.to_string()),
        _ => None,
    };
    hall.meeting(code).notes.iter().filter_map(role).collect()
}

fn moved(to: Stage) -> MeetingFact {
    MeetingFact::Stage(StageChange { to, reason: "faulty".to_owned() })
}

#[test]
fn nobody_moves_a_meeting_whose_role_does_not_allow_it() {
    let mut hall = Hall::new();
    hall.begins("SH1", BallotMode::SecretPaper);
    let shown = hall.meeting("SH1");
    for (code, fact) in [("SH2", "SH2-1"), ("SH4", "SH4-1")] {
        assert!(matches!(hall.ask(code, MeetingCommand::Seal), Err(Refusal::Role { .. })), "by command");
        hall.record(code, moved(Stage::Void));
        hall.meet("SH1", code);
        assert_eq!(passed_over(&hall, "SH1").last().map(String::as_str), Some(fact));
    }
    hall.meet_all();
    for code in ["SH1", "SH2", "SH3", "SH4"] {
        let meeting = hall.meeting(code);
        assert_eq!(passed_over(&hall, code), ["SH2-1", "SH4-1"], "the same on {code}");
        assert_eq!(Meeting { notes: shown.notes.clone(), ..meeting }, shown, "and nothing else changed");
    }
}

/// Whoever may only confirm has not entered a ballot by trying to: the entry does not count, and neither does it make
/// the supervision committee a party to the count.
#[test]
fn a_ballot_from_who_may_not_enter_one_is_no_entry() {
    let mut hall = Hall::new();
    hall.begins("SH1", BallotMode::SecretPaper);
    hall.issues("SH1", MEMBERS, 1, 1).unwrap();
    hall.enters("SH1", 1, MEMBERS, valid(&[20, 20, 20, 20])).unwrap();
    let content = BallotContent::Valid(vec![level(20); 4]);
    let group = super::hall::group(MEMBERS);
    hall.record("SH4", MeetingFact::Paper(PaperBallot { serial: Serial(1), group, content, replaces: Vec::new() }));
    hall.meet_all();
    let meeting = hall.meeting("SH1");
    assert_eq!(passed_over(&hall, "SH1"), ["SH4-1"]);
    assert_eq!(meeting.counters.len(), 1, "only the scribe took part");
    assert_eq!(meeting.counts[&super::hall::group(MEMBERS)].returned, 0, "one person's entry confirms nothing");
}

/// Whoever took part in the count confirms it from no phone: not from the one that counted, and not from one that took
/// its place after it was lost. Nor do two phones of one person make two people of a ballot's entry.
#[test]
fn who_counted_confirms_nothing_on_any_device() {
    let mut hall = super::paper::issued();
    hall.phone("SH9", "scribe", &[Role::Scribe, Role::VillageSecretary]);
    hall.meet_all();
    super::paper::enters_pile(&mut hall, "SH1");
    super::paper::enters_pile(&mut hall, "SH9");
    hall.meet_all();
    assert!(hall.meeting("SH3").counts.values().all(|count| count.returned == 0), "one person entered all of it");
    super::paper::enters_pile(&mut hall, "SH2");
    for code in ["SH1", "SH2"] {
        hall.enters(code, 15, REPS, BallotContent::Spoiled).unwrap();
    }
    hall.moves("SH1", Stage::Closed).unwrap();
    hall.meet_all();
    hall.reconciles("SH1", [4, 4, 0, 0], [5, 5, 1, 0], "").unwrap();
    hall.moves("SH1", Stage::Counted).unwrap();
    hall.meet_all();
    let digest = hall.meeting("SH3").result.expect("the count is complete").digest;
    for code in ["SH1", "SH9", "SH2"] {
        assert_eq!(hall.is_refused(code, MeetingCommand::Check), Refusal::TookPart, "{code} by command");
        hall.record(code, MeetingFact::Checked(CountCheck { digest }));
    }
    hall.meet_all();
    for code in ["SH1", "SH2", "SH3", "SH4", "SH9"] {
        let meeting = hall.meeting(code);
        let flaws: Vec<_> = meeting.checks.iter().map(|check| check.flaw).collect();
        assert_eq!(flaws, [Some(CheckFlaw::TookPart); 3], "on {code}");
        assert_eq!((meeting.check(), meeting.stage), (None, Stage::Counted), "on {code}");
    }
    hall.does("SH4", MeetingCommand::Check);
    hall.meet_all();
    assert_eq!(hall.meeting("SH1").stage, Stage::Checked, "somebody else's word is one");
}

#[test]
fn only_the_secretary_decides() {
    let mut hall = Hall::new();
    hall.begins("SH1", BallotMode::SecretPaper);
    let decision = Decision { subject: person("m1"), stars: Some(5), reason: "x".to_owned(), replaces: Vec::new() };
    hall.record("SH1", MeetingFact::Decided(decision.clone()));
    hall.record("SH3", MeetingFact::Decided(Decision { stars: Some(3), ..decision }));
    hall.meet_all();
    let decided = &hall.meeting("SH2").decisions[&person("m1")];
    assert_eq!(decided.agreed().map(|ruling| ruling.stars), Some(Some(3)), "the scribe's word is none");
}

/// A device with no role in the village at all, such as one whose holder serves another.
#[test]
fn a_stranger_records_nothing() {
    let mut hall = Hall::new();
    hall.phone("EL1", "stranger", &[]);
    hall.phone("EL2", "member", &[Role::PartyMember, Role::VillagerRepresentative]);
    hall.begins("SH1", BallotMode::SecretPaper);
    hall.issues("SH1", REPS, 1, 3).unwrap();
    let before = hall.meeting("SH1");
    for code in ["EL1", "EL2"] {
        hall.record(code, MeetingFact::Checked(CountCheck { digest: [0; 32] }));
        hall.record(code, moved(Stage::Closed));
    }
    hall.meet_all();
    assert_eq!(passed_over(&hall, "SH1"), ["EL1-1", "EL1-2", "EL2-1", "EL2-2"]);
    assert_eq!(Meeting { notes: before.notes.clone(), ..hall.meeting("SH1") }, before);
}

#[test]
fn every_duty_has_somebody_and_none_is_a_readers() {
    for duty in Duty::ALL {
        assert!(!duty.roles().is_empty(), "{duty:?}");
        let readers = [Role::Auditor, Role::Advisor, Role::PartyMember, Role::TownshipOffice];
        assert!(readers.iter().all(|role| !duty.roles().contains(role)), "{duty:?}");
    }
}
