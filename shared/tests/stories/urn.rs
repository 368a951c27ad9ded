//! The urn: one phone, voters in turn, nothing outside before closing, no ballot, order or time afterwards.

use shared::domain::ballot::{BallotMode, Mark};
use shared::domain::command::MeetingCommand;
use shared::domain::decide::Refusal;
use shared::domain::meeting::{Blocker, MeetingFact, RollStatus, Stage};

use crate::hall::{Hall, MEMBERS, REPS, group, level, person};

/// Drops a ballot with these levels for m1 to m4; 0 abstains.
fn drop(voter: &str, levels: [u32; 4]) -> MeetingCommand {
    let marks = levels.map(|score| if score == 0 { Mark::Abstained } else { level(score) });
    MeetingCommand::DropBallot { voter: person(voter), marks: marks.to_vec() }
}

fn ready() -> Hall {
    let mut hall = Hall::new();
    hall.begins("SH1", BallotMode::SecretDevice);
    hall.meet_all();
    hall.does("SH2", MeetingCommand::PlaceUrn);
    hall
}

#[test]
fn a_whole_meeting() {
    let mut hall = ready();
    // E9 and E8: r5 leaves before voting; a declared quorum stands. r4 is late by the roll and votes all the same.
    hall.marks("SH1", "r5", RollStatus::Left);
    hall.marks("SH1", "r4", RollStatus::Absent);
    hall.meet("SH1", "SH2");
    assert_eq!(hall.is_refused("SH2", drop("r4", [20; 4])), Refusal::NotPresent(person("r4")));
    hall.marks("SH1", "r4", RollStatus::Late);
    hall.meet("SH1", "SH2");
    let lamp = hall.meeting("SH2").lamps[1].clone();
    assert_eq!((lamp.roll.due, lamp.roll.present, lamp.in_room, lamp.is_lost()), (5, 5, 4, false));

    assert_eq!(hall.is_refused("SH2", drop("m1", [20; 4])), Refusal::OwnRow(person("m1")));
    hall.does("SH2", drop("m1", [0, 16, 16, 12]));
    hall.does("SH2", drop("m2", [20, 0, 16, 12]));
    assert_eq!(hall.is_refused("SH2", drop("m2", [8, 0, 8, 8])), Refusal::AlreadyVoted(person("m2")));
    // E10: m3 is member and representative, and votes once, as a member.
    hall.does("SH2", drop("m3", [20, 16, 0, 12]));
    hall.does("SH2", drop("m4", [20, 16, 16, 0]));
    for voter in ["r4", "r1", "r3", "r2"] {
        hall.does("SH2", drop(voter, [20, 16, if voter == "r1" { 8 } else { 12 }, 12]));
    }
    assert_eq!(hall.is_refused("SH2", drop("r5", [20; 4])), Refusal::NotPresent(person("r5")));

    // Before closing the record says who took a turn and nothing else; the urn holds no order.
    let said =
        |hall: &Hall| hall.facts("SH2").into_iter().filter(|fact| matches!(fact.value, MeetingFact::Urn(_))).count();
    assert_eq!(said(&hall), 0);
    assert!(hall.urn("SH2").unwrap().ballots().is_sorted());
    assert_eq!(hall.meeting("SH2").urn.voted.len(), 8);

    assert!(matches!(hall.is_refused("SH2", MeetingCommand::EmptyUrn), Refusal::Stage { .. }));
    hall.meet("SH1", "SH2");
    hall.moves("SH1", Stage::Closed).unwrap();
    hall.meet("SH1", "SH2");
    assert!(matches!(hall.is_refused("SH1", MeetingCommand::EmptyUrn), Refusal::UrnElsewhere { .. }));
    assert_eq!(
        hall.is_refused("SH1", MeetingCommand::Move { to: Stage::Counted, reason: String::new() }),
        Refusal::Blocked(vec![Blocker::UrnNotEmptied])
    );
    hall.does("SH2", MeetingCommand::EmptyUrn);
    assert_eq!((said(&hall), hall.urn("SH2")), (1, None));
    assert_eq!(hall.is_refused("SH2", MeetingCommand::EmptyUrn), Refusal::UrnEmptied);
    let meeting = hall.meeting("SH2");
    let tally = meeting.urn.tally.agreed().unwrap();
    assert!(tally.marks.values().flatten().all(|marks| marks.is_sorted()), "no order to be read");

    hall.does("SH1", MeetingCommand::MarkRoll { person: person("m4"), status: RollStatus::Left });
    hall.meet("SH1", "SH2");
    hall.moves("SH1", Stage::Counted).unwrap();
    hall.meet_all();
    assert_eq!(hall.is_refused("SH2", MeetingCommand::Check), Refusal::TookPart);
    hall.does("SH4", MeetingCommand::Check);
    hall.meet_all();
    // E14: own rows abstain for that subject alone, so that each member has three ballots in the peer group.
    hall.check(
        "SH3",
        "Checked
        members: 4 of 4 returned, 4 valid
        representatives: 4 of 4 returned, 4 valid
        Decided waits: NotDecided(PersonId(\"m1\"))
        Decided waits: NotDecided(PersonId(\"m2\"))
        Decided waits: NotDecided(PersonId(\"m3\"))
        m1: 100 100 = 100.00, 5 stars
        m2: 80 80 = 80.00, 3 stars
        m3: 80 55 = 70.00, 2 stars
        m4: 60 60 = 60.00, no grade",
    );
}

#[test]
fn an_urn_that_dies_voids_the_round() {
    let mut hall = ready();
    hall.does("SH2", drop("m1", [0, 16, 16, 12]));
    hall.meet("SH1", "SH2");
    hall.moves("SH1", Stage::Closed).unwrap();
    assert!(!hall.meeting("SH1").blockers_of(Stage::Counted).is_empty());
    hall.does("SH1", MeetingCommand::Move { to: Stage::Void, reason: "票箱手机损坏".to_owned() });
    hall.meet("SH1", "SH2");
    assert_eq!(hall.meeting("SH2").stage, Stage::Void);
    // The urn turns up again: what it holds is destroyed, not counted.
    hall.does("SH2", MeetingCommand::EmptyUrn);
    assert_eq!(hall.urn("SH2"), None);
    assert!(hall.facts("SH2").iter().all(|fact| !matches!(fact.value, MeetingFact::Urn(_))));
}

#[test]
fn two_urns_void_the_round() {
    let mut hall = ready();
    hall.does("SH1", MeetingCommand::PlaceUrn);
    hall.does("SH1", drop("m1", [0, 16, 16, 12]));
    hall.does("SH2", drop("m1", [0, 8, 8, 8]));
    hall.meet("SH1", "SH2");
    let meeting = hall.meeting("SH1");
    assert!(
        meeting.blockers.contains(&Blocker::TwoUrns) && meeting.blockers.contains(&Blocker::VotedTwice(person("m1")))
    );
    assert_eq!(hall.is_refused("SH1", drop("m2", [20, 0, 16, 12])), Refusal::TwoUrns);
    assert!(meeting.blockers_of(Stage::Counted).iter().any(Blocker::needs_void));
}

#[test]
fn nobody_votes_before_voting_or_without_an_urn() {
    let mut hall = Hall::new();
    hall.begins("SH1", BallotMode::SecretDevice);
    assert_eq!(hall.is_refused("SH1", drop("m1", [0, 16, 16, 12])), Refusal::NoUrn);
    assert_eq!(
        hall.is_refused("SH1", MeetingCommand::Move { to: Stage::Closed, reason: String::new() }),
        Refusal::Blocked(vec![Blocker::NoUrn])
    );
    hall.does("SH1", MeetingCommand::PlaceUrn);
    assert_eq!(hall.is_refused("SH1", drop("nobody", [20; 4])), Refusal::NotAttending(person("nobody")));
    assert!(matches!(hall.is_refused("SH1", drop("r1", [21, 8, 8, 8])), Refusal::OutOfRange { .. }));
    // The rater group that nobody voted in makes the session invalid (E12).
    for (voter, marks) in [("m1", [0, 16, 16, 12]), ("m2", [20, 0, 16, 12])] {
        hall.does("SH1", drop(voter, marks));
    }
    hall.moves("SH1", Stage::Closed).unwrap();
    hall.does("SH1", MeetingCommand::EmptyUrn);
    hall.moves("SH1", Stage::Counted).unwrap();
    hall.meet_all();
    hall.does("SH4", MeetingCommand::Check);
    hall.meet_all();
    let refusal = hall.decides("SH3", "m1", Some(3), "").unwrap_err();
    assert_eq!(refusal, Refusal::SessionInvalid);
    let tally = hall.meeting("SH3").urn.tally.agreed().unwrap().clone();
    assert_eq!((tally.dropped.get(&group(MEMBERS)), tally.dropped.get(&group(REPS))), (Some(&2), None));
}
