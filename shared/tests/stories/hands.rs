//! Show of hands: counted per subject and level, no ballot anywhere.

use shared::domain::ballot::BallotMode;
use shared::domain::command::MeetingCommand;
use shared::domain::decide::Refusal;
use shared::domain::meeting::{Blocker, Stage};

use crate::hall::{Hall, MEMBERS, REPS, group, person};

fn count(subject: &str, of: &str, hands: [u32; 4]) -> MeetingCommand {
    MeetingCommand::CountHands { subject: person(subject), group: group(of), hands: hands.to_vec() }
}

#[test]
fn a_whole_meeting() {
    let mut hall = Hall::new();
    hall.begins("SH1", BallotMode::ShowOfHands);
    // Nobody raises a hand for themselves: of four members three rate m1, and one of them raises none (E14).
    hall.does("SH1", count("m1", MEMBERS, [2, 0, 0, 0]));
    assert_eq!(hall.is_refused("SH1", count("m1", MEMBERS, [4, 0, 0, 0])), Refusal::TooManyHands { raters: 3 });
    assert_eq!(hall.is_refused("SH1", count("r1", MEMBERS, [1, 0, 0, 0])), Refusal::NotASubject(person("r1")));
    let short = MeetingCommand::CountHands { subject: person("m1"), group: group(REPS), hands: vec![1] };
    assert_eq!(hall.is_refused("SH1", short), Refusal::HandLevels { expected: 4 });
    for subject in ["m2", "m3", "m4"] {
        hall.does("SH1", count(subject, MEMBERS, [1, 2, 0, 0]));
    }
    for subject in ["m1", "m2", "m3"] {
        hall.does("SH1", count(subject, REPS, [1, 3, 1, 0]));
    }
    hall.moves("SH1", Stage::Closed).unwrap();
    let missing = Blocker::HandsMissing { subject: person("m4"), group: group(REPS) };
    let refused = hall.is_refused("SH1", MeetingCommand::Move { to: Stage::Counted, reason: String::new() });
    assert_eq!(refused, Refusal::Blocked(vec![missing]));
    hall.does("SH1", count("m4", REPS, [0, 0, 5, 0]));
    hall.moves("SH1", Stage::Counted).unwrap();
    hall.meet_all();
    hall.does("SH4", MeetingCommand::Check);
    hall.meet_all();
    // m1: two hands of level 20 are two ballots of 100; representatives give 100, 80 80 80, 60 and five are trimmed.
    hall.check(
        "SH3",
        "Checked
        Decided waits: NotDecided(PersonId(\"m1\"))
        Decided waits: NotDecided(PersonId(\"m2\"))
        Decided waits: NotDecided(PersonId(\"m3\"))
        m1: 100 80 = 92.00, 4 stars
        m2: 260/3 80 = 84.00, 3 stars
        m3: 260/3 80 = 84.00, 3 stars
        m4: 260/3 60 = 76.00, no grade",
    );
}

#[test]
fn two_counts_that_differ_are_counted_again() {
    let mut hall = Hall::new();
    hall.begins("SH1", BallotMode::ShowOfHands);
    hall.meet("SH1", "SH2");
    hall.does("SH1", count("m1", REPS, [5, 0, 0, 0]));
    hall.does("SH2", count("m1", REPS, [4, 1, 0, 0]));
    hall.meet("SH1", "SH2");
    let differs = Blocker::HandsDiffer { subject: person("m1"), group: group(REPS) };
    assert!(hall.meeting("SH1").blockers.contains(&differs));
    hall.does("SH2", count("m1", REPS, [5, 0, 0, 0]));
    assert!(!hall.meeting("SH2").blockers.contains(&differs));
}
