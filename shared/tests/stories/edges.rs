//! The edges of DOMAIN section 9 that no whole meeting above walks along.

use shared::domain::ballot::{BallotContent, BallotMode};
use shared::domain::command::MeetingCommand;
use shared::domain::decide::Refusal;
use shared::domain::meeting::{Blocker, Grading, RollStatus, SettingsFault, Stage};
use shared::domain::person::MemberClass;
use shared::role::Role;

use crate::hall::{Hall, MEMBERS, REPS, person, valid};

/// Runs a paper meeting to the count; `members` and `reps` are the levels each ballot gives to every subject.
fn counted(hall: &mut Hall, members: &[BallotContent], reps: &[BallotContent]) {
    hall.begins("SH1", BallotMode::SecretPaper);
    let (m, r) = (members.len() as u32, reps.len() as u32);
    hall.issues("SH1", MEMBERS, 1, m.max(1)).unwrap();
    hall.issues("SH1", REPS, 101, 100 + r.max(1)).unwrap();
    hall.meet_all();
    for code in ["SH1", "SH2"] {
        for (serial, content) in (1..).zip(members) {
            hall.enters(code, serial, MEMBERS, content.clone()).unwrap();
        }
        for (serial, content) in (101..).zip(reps) {
            hall.enters(code, serial, REPS, content.clone()).unwrap();
        }
    }
    hall.moves("SH1", Stage::Closed).unwrap();
    hall.meet("SH1", "SH2");
    hall.reconciles("SH1", [m.max(1), m, 0, 0], [r.max(1), r, 0, 0], "未交回").unwrap();
    hall.moves("SH1", Stage::Counted).unwrap();
    hall.meet_all();
    hall.does("SH4", MeetingCommand::Check);
    hall.meet_all();
}

#[track_caller]
fn check_stars(hall: &Hall, expected: &[&str]) {
    let meeting = hall.meeting("SH3");
    let result = meeting.result.unwrap();
    let line = |card: &shared::domain::appraisal::Scorecard<_>| {
        let published = card.score.map_or("-".to_owned(), |score| score.published.to_string());
        format!("{} {published} {:?}", card.subject, result.stars(&card.subject))
    };
    assert_eq!(result.session.scorecards.iter().map(line).collect::<Vec<_>>(), expected);
}

#[test]
fn e1_two_phones_create_one_meeting() {
    let mut hall = Hall::new();
    hall.phone("SH7", "r3", &[Role::Scribe]);
    let settings = hall.settings(BallotMode::SecretPaper);
    hall.does("SH1", MeetingCommand::Open(Box::new(settings.clone())));
    hall.does("SH7", MeetingCommand::Open(Box::new(settings.clone())));
    hall.meet("SH1", "SH7");
    hall.check(
        "SH1",
        "Draft\n members: 0 of 4 here, 2 needed\n representatives: 0 of 5 here, 4 needed
        Quorate waits: NoQuorum { group: GroupId(\"members\"), due: 4, in_room: 0, required: 2 }
        Quorate waits: NoQuorum { group: GroupId(\"representatives\"), due: 5, in_room: 0, required: 4 }",
    );

    let mut hall = Hall::new();
    hall.phone("SH7", "r3", &[Role::Scribe]);
    let mut other = settings.clone();
    other.place = "小学".to_owned();
    other.people.retain(|attendee| attendee.person != person("r5"));
    hall.does("SH1", MeetingCommand::Open(Box::new(settings.clone())));
    hall.does("SH7", MeetingCommand::Open(Box::new(other.clone())));
    hall.moves("SH7", Stage::RollOpen).unwrap();
    hall.marks("SH7", "m1", RollStatus::Present);
    hall.meet("SH1", "SH7");
    let meeting = hall.meeting("SH1");
    let parts: Vec<String> = meeting.settings_differ.iter().map(|part| format!("{part:?}")).collect();
    assert_eq!(parts, ["Place", "Person(PersonId(\"r5\"))"]);
    let blocked = Refusal::Blocked(vec![Blocker::SettingsDiffer]);
    let mark = MeetingCommand::MarkRoll { person: person("m2"), status: RollStatus::Present };
    assert_eq!(hall.is_refused("SH1", mark.clone()), blocked);
    let mut third = settings.clone();
    third.title = "别的会".to_owned();
    assert_eq!(hall.is_refused("SH1", MeetingCommand::Open(Box::new(third))), Refusal::NotOneOfTheSettings);
    hall.does("SH1", MeetingCommand::Open(Box::new(other)));
    hall.does("SH1", mark);
    hall.meet("SH1", "SH7");
    let meeting = hall.meeting("SH7");
    assert_eq!((meeting.stage, meeting.settings.unwrap().place.as_str()), (Stage::RollOpen, "小学"));
    assert_eq!(hall.is_refused("SH7", MeetingCommand::Open(Box::new(settings))), Refusal::AlreadyOpen);
}

#[test]
fn e1_ballots_bind_the_choice_of_settings() {
    // Marks stand in the order of the subjects: under other subjects they would speak of other people.
    let mut hall = Hall::new();
    hall.begins("SH1", BallotMode::SecretPaper);
    hall.issues("SH1", MEMBERS, 1, 4).unwrap();
    hall.enters("SH1", 1, MEMBERS, valid(&[20, 20, 20, 20])).unwrap();
    hall.phone("SH7", "r3", &[Role::Scribe]);
    let mut other = hall.settings(BallotMode::SecretPaper);
    other.people.retain(|attendee| attendee.person != person("m2"));
    hall.does("SH7", MeetingCommand::Open(Box::new(other.clone())));
    hall.meet("SH1", "SH7");
    let refusal = hall.is_refused("SH1", MeetingCommand::Open(Box::new(other)));
    assert_eq!(refusal, Refusal::BallotsUnderOtherSettings);
    hall.does("SH1", MeetingCommand::Move { to: Stage::Void, reason: "两份名单不同".to_owned() });
}

#[test]
fn e6_e7_quorum_by_cross_multiplication() {
    for (due, present, quorate) in [(18, 12, true), (17, 11, false), (18, 11, false)] {
        let mut hall = Hall::new();
        for n in 6..=due {
            hall.villager(&format!("r{n}"));
        }
        hall.does("SH1", MeetingCommand::Open(Box::new(hall.settings(BallotMode::SecretPaper))));
        hall.moves("SH1", Stage::RollOpen).unwrap();
        hall.marks("SH1", "m1 m2", RollStatus::Present);
        for n in 1..=due {
            let status = if n <= present { RollStatus::Present } else { RollStatus::Excused };
            hall.marks("SH1", &format!("r{n}"), status);
        }
        let lamp = hall.meeting("SH1").lamps[1].clone();
        assert_eq!((lamp.roll.due, lamp.roll.present, lamp.met), (due, present, quorate), "{due} due");
        assert_eq!(hall.moves("SH1", Stage::Quorate).is_ok(), quorate, "{present} of {due}");
    }
}

#[test]
fn without_a_quorum_the_meeting_is_adjourned() {
    let mut hall = Hall::new();
    hall.begins("SH1", BallotMode::SecretPaper);
    hall.issues("SH1", MEMBERS, 1, 4).unwrap();
    hall.enters("SH1", 1, MEMBERS, valid(&[20, 20, 20, 20])).unwrap();
    // E9: three leave during voting; a warning, nothing more.
    hall.marks("SH1", "r1 r2 r3", RollStatus::Left);
    let meeting = hall.meeting("SH1");
    assert!(meeting.lamps[1].is_lost() && meeting.lamps[1].roll.present == 5);
    assert_eq!(meeting.blockers_of(Stage::Closed), []);
    let adjourn = |reason: &str| MeetingCommand::Move { to: Stage::Adjourned, reason: reason.to_owned() };
    assert_eq!(hall.is_refused("SH1", adjourn(" ")), Refusal::ReasonNeeded);
    hall.does("SH1", adjourn("人数不足"));
    hall.check("SH1", "Adjourned\n representatives: 2 of 5 here, 4 needed, declared and lost");
    assert!(matches!(hall.enters("SH1", 2, MEMBERS, BallotContent::Spoiled), Err(Refusal::Stage { .. })));
}

#[test]
fn e8_late_members_change_present_and_not_due() {
    let mut hall = Hall::new();
    hall.does("SH1", MeetingCommand::Open(Box::new(hall.settings(BallotMode::SecretPaper))));
    hall.moves("SH1", Stage::RollOpen).unwrap();
    hall.marks("SH1", "m1 m2 r1 r2 r3 r4", RollStatus::Present);
    hall.moves("SH1", Stage::Quorate).unwrap();
    hall.moves("SH1", Stage::Voting).unwrap();
    hall.marks("SH1", "r5", RollStatus::Late);
    let roll = hall.meeting("SH1").lamps[1].roll;
    assert_eq!((roll.due, roll.present), (5, 5));
}

#[test]
fn two_marks_of_one_person_are_a_divergence() {
    let mut hall = Hall::new();
    hall.does("SH1", MeetingCommand::Open(Box::new(hall.settings(BallotMode::SecretPaper))));
    hall.moves("SH1", Stage::RollOpen).unwrap();
    hall.phone("SH7", "r3", &[Role::Scribe]);
    hall.meet("SH1", "SH7");
    hall.marks("SH1", "m1 m2 r1 r2 r3 r4 r5", RollStatus::Present);
    hall.marks("SH7", "r1", RollStatus::Absent);
    hall.marks("SH7", "r2", RollStatus::Present);
    hall.meet("SH1", "SH7");
    assert_eq!(hall.moves("SH1", Stage::Quorate), Err(Refusal::Blocked(vec![Blocker::RollDiffers(person("r1"))])));
    assert_eq!(hall.meeting("SH1").lamps[1].in_room, 4, "disputed presence counts for nothing");
    hall.marks("SH7", "r1", RollStatus::Present);
    hall.meet("SH1", "SH7");
    hall.moves("SH1", Stage::Quorate).unwrap();
}

#[test]
fn e12_without_representatives_ballots_the_session_is_invalid() {
    let mut hall = Hall::new();
    counted(&mut hall, &[valid(&[20, 20, 20, 20])], &[]);
    let meeting = hall.meeting("SH3");
    assert!(!meeting.result.as_ref().unwrap().session.is_valid());
    assert!(meeting.blockers.iter().any(|blocker| matches!(blocker, Blocker::Invalid(_)) && blocker.needs_void()));
    assert_eq!(hall.decides("SH3", "m1", Some(5), "reason"), Err(Refusal::SessionInvalid));
}

#[test]
fn e13_all_equal_scores_tie() {
    let mut hall = Hall::new();
    counted(&mut hall, &vec![valid(&[16; 4]); 4], &vec![valid(&[16; 4]); 5]);
    check_stars(&hall, &["m1 80.00 Some(3)", "m2 80.00 Some(3)", "m3 80.00 Some(3)", "m4 80.00 None"]);
}

#[test]
fn e16_a_migrant_who_is_away_is_rated() {
    let mut hall = Hall::new();
    hall.edit("m2", |person| person.class = MemberClass::Migrant);
    hall.does("SH1", MeetingCommand::Open(Box::new(hall.settings(BallotMode::ShowOfHands))));
    hall.moves("SH1", Stage::RollOpen).unwrap();
    hall.marks("SH1", "m1 m3 m4 r1 r2 r3 r4 r5", RollStatus::Present);
    hall.marks("SH1", "m2", RollStatus::Absent);
    hall.moves("SH1", Stage::Quorate).unwrap();
    hall.moves("SH1", Stage::Voting).unwrap();
    for subject in ["m1", "m2", "m3", "m4"] {
        for group in [MEMBERS, REPS] {
            let (subject, group) = (person(subject), crate::hall::group(group));
            hall.does("SH1", MeetingCommand::CountHands { subject, group, hands: vec![0, 2, 0, 0] });
        }
    }
    hall.moves("SH1", Stage::Closed).unwrap();
    hall.moves("SH1", Stage::Counted).unwrap();
    hall.meet_all();
    check_stars(&hall, &["m1 80.00 Some(3)", "m2 80.00 Some(3)", "m3 80.00 Some(3)", "m4 80.00 None"]);
}

#[test]
fn e17_the_bedridden_are_exempt_and_not_zero() {
    let mut hall = Hall::new();
    hall.edit("m2", |person| person.class = MemberClass::Frail);
    hall.begins("SH1", BallotMode::SecretPaper);
    hall.marks("SH1", "m2", RollStatus::Exempt);
    assert_eq!(hall.meeting("SH1").lamps[0].roll.due, 3, "not due");
    hall.issues("SH1", MEMBERS, 1, 1).unwrap();
    hall.issues("SH1", REPS, 2, 2).unwrap();
    hall.meet_all();
    for code in ["SH1", "SH2"] {
        hall.enters(code, 1, MEMBERS, valid(&[16; 4])).unwrap();
        hall.enters(code, 2, REPS, valid(&[16; 4])).unwrap();
    }
    hall.moves("SH1", Stage::Closed).unwrap();
    hall.meet("SH1", "SH2");
    hall.reconciles("SH1", [1, 1, 0, 0], [1, 1, 0, 0], "").unwrap();
    hall.moves("SH1", Stage::Counted).unwrap();
    hall.meet_all();
    hall.does("SH4", MeetingCommand::Check);
    hall.meet_all();
    check_stars(&hall, &["m1 80.00 Some(3)", "m2 80.00 None", "m3 80.00 Some(3)", "m4 80.00 None"]);
    let refusal = hall.decides("SH3", "m2", Some(1), "").unwrap_err();
    assert_eq!(refusal, Refusal::NotGraded { subject: person("m2"), grading: Grading::Exempt });
    hall.decides("SH3", "m1", Some(3), "").unwrap();
    hall.decides("SH3", "m3", Some(3), "").unwrap();
    assert_eq!(hall.meeting("SH3").stage, Stage::Decided, "the exempt need no decision");
}

#[test]
fn e18_probationary_members_are_rated_if_the_rule_says_so() {
    let mut hall = Hall::new();
    let rated = |hall: &Hall| hall.settings(BallotMode::SecretPaper).subject_count();
    assert_eq!(rated(&hall), 4);
    hall.rulebook.probationary_rated = false;
    assert_eq!(rated(&hall), 3);
    assert!(hall.settings(BallotMode::SecretPaper).attendee(&person("m4")).unwrap().body.is_some());
}

#[test]
fn e49_a_score_between_whole_numbers_has_its_star() {
    let mut hall = Hall::new();
    let half = |score| BallotContent::Valid(vec![shared::domain::ballot::Mark::Scores(vec![score, 14, 14, 14, 14]); 4]);
    counted(&mut hall, &[half(13), half(14)], &[half(13), half(14)]);
    check_stars(&hall, &["m1 69.50 Some(1)", "m2 69.50 Some(1)", "m3 69.50 Some(1)", "m4 69.50 None"]);
}

#[test]
fn e50_more_than_a_third_excellent_needs_a_reason() {
    let mut hall = Hall::new();
    counted(&mut hall, &[valid(&[20; 4])], &[valid(&[20; 4])]);
    hall.decides("SH3", "m1", Some(5), "").unwrap();
    assert_eq!(hall.decides("SH3", "m2", Some(5), ""), Err(Refusal::OverOneThird { cap: 1 }));
    hall.decides("SH3", "m2", Some(5), "全年带头").unwrap();
    hall.decides("SH3", "m3", Some(4), "达到三分之一").unwrap();
    let meeting = hall.meeting("SH3");
    assert_eq!((meeting.one_third.cap, meeting.one_third.given, meeting.one_third.is_exceeded()), (1, 2, true));
    assert_eq!(meeting.stage, Stage::Decided, "allowed, and flagged");
}

#[test]
fn who_may_do_what() {
    let mut hall = Hall::new();
    hall.phone("SH7", "r3", &[Role::PartyMember]);
    hall.phone("OF1", "office", &[Role::TownshipOffice]);
    let open = MeetingCommand::Open(Box::new(hall.settings(BallotMode::SecretPaper)));
    for code in ["SH2", "SH4", "SH7", "OF1"] {
        assert!(matches!(hall.is_refused(code, open.clone()), Refusal::Role { .. }), "{code}");
    }
    let mut silent = hall.settings(BallotMode::SecretPaper);
    silent.people.retain(|attendee| attendee.body != Some(crate::hall::group(REPS)));
    let fault = SettingsFault::NobodyIn(crate::hall::group(REPS));
    assert_eq!(hall.is_refused("SH1", MeetingCommand::Open(Box::new(silent))), Refusal::Settings(fault));
    let mut newer = hall.settings(BallotMode::SecretPaper);
    newer.rulebook.version = 2;
    assert_eq!(hall.is_refused("SH1", MeetingCommand::Open(Box::new(newer))), Refusal::RulebookNotAdopted);
    hall.does("SH1", open);
    for to in [Stage::Checked, Stage::Decided] {
        let refusal = hall.is_refused("SH1", MeetingCommand::Move { to, reason: String::new() });
        assert_eq!(refusal, Refusal::FollowsByItself(to));
    }
    let refusal = hall.is_refused("SH1", MeetingCommand::Move { to: Stage::Voting, reason: String::new() });
    assert_eq!(refusal, Refusal::NoSuchMove { from: Stage::Draft, to: Stage::Voting });
    hall.meet("SH1", "SH3");
    assert_eq!(
        hall.is_refused("SH3", MeetingCommand::Seal),
        Refusal::Stage { is: Stage::Draft, needs: &[Stage::Decided] }
    );
}
