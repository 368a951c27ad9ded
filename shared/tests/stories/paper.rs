//! Secret paper: two people enter the pile apart, and the township could compute it again.

use shared::domain::ballot::{BallotContent, BallotMode, Mark};
use shared::domain::command::MeetingCommand;
use shared::domain::decide::Refusal;
use shared::domain::meeting::{Blocker, MeetingFact, SettingsFault, Stage};

use crate::hall::{Hall, MEMBERS, REPS, level, valid};

/// A meeting whose ballots are handed out: 001 to 004 to members, 011 to 015 to representatives.
pub fn issued() -> Hall {
    let mut hall = Hall::new();
    hall.begins("SH1", BallotMode::SecretPaper);
    hall.issues("SH1", MEMBERS, 1, 4).unwrap();
    hall.issues("SH1", REPS, 11, 15).unwrap();
    hall.meet_all();
    hall
}

/// One person enters the whole pile; the marks are for m1 to m4.
pub fn enters_pile(hall: &mut Hall, code: &str) {
    for (serial, levels) in [(1, [20, 16, 16, 12]), (2, [20, 20, 16, 12]), (3, [16, 16, 16, 16]), (4, [20, 16, 12, 8])]
    {
        hall.enters(code, serial, MEMBERS, valid(&levels)).unwrap();
    }
    for serial in 11..15 {
        hall.enters(code, serial, REPS, valid(&[20, 16, 12, 12])).unwrap();
    }
}

#[test]
fn a_whole_meeting() {
    let mut hall = issued();
    enters_pile(&mut hall, "SH1");
    enters_pile(&mut hall, "SH2");
    hall.enters("SH1", 15, REPS, BallotContent::Spoiled).unwrap();
    hall.enters("SH2", 15, REPS, BallotContent::Spoiled).unwrap();
    hall.moves("SH1", Stage::Closed).unwrap();
    hall.meet("SH1", "SH2");
    hall.reconciles("SH1", [4, 4, 0, 0], [5, 5, 1, 0], "").unwrap();
    hall.moves("SH1", Stage::Counted).unwrap();
    hall.meet_all();
    // Members' three means and four totals are too few to trim; of five representatives one is spoiled (E11).
    hall.check(
        "SH3",
        "Counted
        members: 4 of 4 returned, 4 valid
        representatives: 5 of 5 returned, 4 valid
        Checked waits: NotChecked
        Decided waits: NotDecided(PersonId(\"m1\"))
        Decided waits: NotDecided(PersonId(\"m2\"))
        Decided waits: NotDecided(PersonId(\"m3\"))
        m1: 95 100 = 97.00, 5 stars
        m2: 85 80 = 83.00, 3 stars
        m3: 75 60 = 69.00, 1 stars
        m4: 60 60 = 60.00, no grade",
    );
    let published = |person: &str| {
        let meeting = hall.meeting("SH1");
        let result = meeting.result.unwrap();
        result.scorecard(&crate::hall::person(person)).unwrap().publishes_groups(hall.rulebook.publish_min)
    };
    assert!(!published("m1"), "E11: groups of fewer than five publish only the composite");

    assert_eq!(hall.is_refused("SH3", decide("m1", Some(5), "")), needs_checked(Stage::Counted));
    assert_eq!(hall.is_refused("SH1", MeetingCommand::Check), Refusal::TookPart);
    assert_eq!(hall.is_refused("SH2", MeetingCommand::Check), Refusal::TookPart);
    hall.does("SH4", MeetingCommand::Check);
    hall.meet("SH3", "SH4");
    assert_eq!(hall.meeting("SH3").stage, Stage::Checked);

    // The organisation's word: one differs with a reason, the probationary member gets no grade (E18).
    let differs = Refusal::DiffersWithoutReason { computed: Some(3) };
    assert_eq!(hall.is_refused("SH3", decide("m2", Some(4), "")), differs);
    assert!(matches!(hall.is_refused("SH3", decide("m4", Some(1), "")), Refusal::NotGraded { .. }));
    assert_eq!(hall.is_refused("SH3", decide("m2", Some(6), "?")), Refusal::NoSuchStars);
    hall.decides("SH3", "m1", Some(5), "").unwrap();
    hall.decides("SH3", "m2", Some(4), "抢险有功").unwrap();
    assert!(matches!(hall.is_refused("SH3", MeetingCommand::Seal), Refusal::Blocked(_)));
    hall.decides("SH3", "m3", Some(1), "").unwrap();
    hall.does("SH3", MeetingCommand::Seal);
    assert_eq!(hall.is_refused("SH3", decide("m3", Some(2), "late")), Refusal::Sealed);

    // What a phone recorded without knowing of the seal is late and changes nothing.
    hall.enters("SH2", 1, MEMBERS, valid(&[8, 8, 8, 8])).unwrap();
    hall.meet_all();
    hall.check(
        "SH4",
        "Decided
        members: 4 of 4 returned, 4 valid
        representatives: 5 of 5 returned, 4 valid
        m1: 95 100 = 97.00, 5 stars, decided Some(5)
        m2: 85 80 = 83.00, 3 stars, decided Some(4) 抢险有功
        m3: 75 60 = 69.00, 1 stars, decided Some(1)
        m4: 60 60 = 60.00, no grade
        sealed by m1
        late: SH2-10",
    );
}

#[test]
fn entries_that_differ_are_read_again_from_the_paper() {
    let mut hall = issued();
    enters_pile(&mut hall, "SH1");
    enters_pile(&mut hall, "SH2");
    hall.moves("SH1", Stage::Closed).unwrap();
    // E3: two aspects of m2, and the whole of m3; E2: every other serial is the same twice.
    let mut marks = vec![level(20), level(16), Mark::Abstained, level(12)];
    marks[1] = Mark::Scores(vec![16, 15, 16, 16, 17]);
    hall.enters("SH2", 1, MEMBERS, BallotContent::Valid(marks)).unwrap();
    hall.enters("SH2", 2, MEMBERS, BallotContent::Spoiled).unwrap();
    hall.enters("SH1", 15, REPS, valid(&[20, 20, 20, 20])).unwrap();
    hall.meet("SH1", "SH2");
    hall.reconciles("SH1", [4, 4, 0, 0], [5, 5, 0, 0], "").unwrap();
    hall.check(
        "SH1",
        "Closed
        001 differs: [Subject { subject: PersonId(\"m2\"), criteria: [CriterionId(\"neighbours\"), \
         CriterionId(\"example\")] }, Subject { subject: PersonId(\"m3\"), criteria: [] }]
        002 differs: [Kind]
        015 only by scribe
        members: 2 of 4 returned, 2 valid
        representatives: 4 of 5 returned, 4 valid
        Counted waits: PaperDiffers(Serial(1))
        Counted waits: PaperDiffers(Serial(2))
        Counted waits: OneSided { serial: Serial(15), by: Some(PersonId(\"scribe\")) }",
    );
    assert!(matches!(hall.is_refused("SH1", to(Stage::Counted)), Refusal::Blocked(blockers) if blockers.len() == 3));
    // A second phone of the same person confirms nothing.
    hall.phone("SH9", "scribe", &[shared::role::Role::Scribe]);
    hall.meet("SH1", "SH9");
    assert_eq!(
        hall.is_refused("SH9", enter(15, valid(&[20, 20, 20, 20]))),
        Refusal::NothingToChange,
        "the scribe has said so already"
    );
    hall.enters("SH2", 15, REPS, valid(&[20, 20, 20, 20])).unwrap();
    hall.enters("SH2", 1, MEMBERS, valid(&[20, 16, 16, 12])).unwrap();
    hall.enters("SH1", 2, MEMBERS, BallotContent::Spoiled).unwrap();
    hall.meet("SH1", "SH2");
    hall.check(
        "SH1",
        "Closed
        members: 4 of 4 returned, 3 valid
        representatives: 5 of 5 returned, 5 valid
        Counted waits: NoteNeeded(GroupId(\"members\"))",
    );
    hall.reconciles("SH1", [4, 4, 1, 0], [5, 5, 0, 0], "").unwrap();
    hall.moves("SH1", Stage::Counted).unwrap();
    assert_eq!(hall.meeting("SH1").stage, Stage::Counted);
}

#[test]
fn a_conflict_that_arrives_after_the_count_takes_it_back() {
    let mut hall = issued();
    hall.phone("SH5", "m2", &[shared::role::Role::Scribe]);
    hall.meet_all();
    enters_pile(&mut hall, "SH1");
    enters_pile(&mut hall, "SH2");
    hall.enters("SH5", 3, MEMBERS, valid(&[8, 8, 8, 8])).unwrap();
    hall.moves("SH1", Stage::Closed).unwrap();
    hall.meet("SH1", "SH2");
    hall.reconciles("SH1", [4, 4, 0, 0], [5, 4, 0, 0], "一张未交回").unwrap();
    hall.moves("SH1", Stage::Counted).unwrap();
    hall.meet("SH1", "SH4");
    hall.does("SH4", MeetingCommand::Check);
    assert_eq!(hall.meeting("SH4").stage, Stage::Checked);
    hall.meet_all();
    let meeting = hall.meeting("SH4");
    assert_eq!((meeting.stage, &meeting.blockers[..]), (Stage::Closed, &[Blocker::PaperDiffers(serial(3))][..]));
    // Three people entered it: all that stands must agree.
    hall.enters("SH5", 3, MEMBERS, valid(&[16, 16, 16, 16])).unwrap();
    hall.meet_all();
    assert_eq!(hall.meeting("SH4").stage, Stage::Checked, "the same result again, so that its check counts");
}

#[test]
fn sheets_are_reconciled() {
    // E4: a sheet came back whose serial is in nobody's entries.
    let mut hall = issued();
    enters_pile(&mut hall, "SH1");
    enters_pile(&mut hall, "SH2");
    hall.moves("SH1", Stage::Closed).unwrap();
    hall.meet("SH1", "SH2");
    assert_eq!(
        hall.meeting("SH1").blockers,
        [Blocker::NotReconciled(crate::hall::group(MEMBERS)), Blocker::NotReconciled(crate::hall::group(REPS))]
    );
    hall.reconciles("SH1", [4, 4, 0, 0], [5, 5, 0, 0], "").unwrap();
    let group = crate::hall::group(REPS);
    assert_eq!(hall.meeting("SH1").blockers, [Blocker::NotEntered { group: group.clone(), sheets: 1 }]);
    // Unreturned is explained by issued = returned + unreturned, in writing.
    hall.reconciles("SH1", [4, 4, 0, 0], [5, 4, 0, 0], "").unwrap();
    assert_eq!(hall.meeting("SH1").blockers, [Blocker::NoteNeeded(group.clone())]);
    hall.reconciles("SH1", [4, 4, 0, 0], [5, 4, 0, 0], "一张未交回").unwrap();
    assert_eq!(hall.meeting("SH1").blockers, []);
    // E5: more came back than were handed out; no note helps, and a false "issued" does not either.
    hall.reconciles("SH1", [4, 4, 0, 0], [6, 6, 0, 0], "多出一张").unwrap();
    let void = Blocker::MoreReturnedThanIssued { group: group.clone(), issued: 5, returned: 6 };
    assert!(void.needs_void());
    assert_eq!(hall.is_refused("SH1", to(Stage::Counted)), Refusal::Blocked(vec![void]));
    assert_eq!(hall.is_refused("SH1", to(Stage::Void)), Refusal::ReasonNeeded);
    hall.does("SH1", MeetingCommand::Move { to: Stage::Void, reason: "票多于发出数".to_owned() });
    assert_eq!((hall.meeting("SH1").stage, hall.meeting("SH1").result), (Stage::Void, None));
    assert_eq!(hall.meeting("SH1").end_reason(), Some("票多于发出数"));
    let impossible = hall.reconciles("SH2", [4, 1, 1, 1], [5, 5, 0, 0], "");
    assert_eq!(impossible, Err(Refusal::CountsDoNotAdd(crate::hall::group(MEMBERS))));
}

#[test]
fn serials_belong_to_one_group_and_are_handed_out_once() {
    let mut hall = issued();
    let members = crate::hall::group(MEMBERS);
    assert_eq!(hall.issues("SH1", REPS, 4, 9), Err(Refusal::SerialsTaken { by: members.clone() }));
    assert!(matches!(hall.issues("SH1", REPS, 9, 8), Err(Refusal::SerialRun { .. })));
    assert!(matches!(hall.issues("SH1", REPS, 0, 8), Err(Refusal::SerialRun { .. })));
    assert_eq!(hall.issues("SH1", MEMBERS, 1, 4), Err(Refusal::NothingToChange));
    assert_eq!(hall.enters("SH1", 99, MEMBERS, BallotContent::Spoiled), Err(Refusal::SerialNotIssued(serial(99))));
    let other = Err(Refusal::SerialOfGroup { group: members });
    assert_eq!(hall.enters("SH1", 4, REPS, BallotContent::Spoiled), other);
    // Two phones hand out the same run apart: that is one run. Different runs that overlap are named.
    hall.issues("SH1", MEMBERS, 21, 22).unwrap();
    hall.issues("SH2", MEMBERS, 21, 22).unwrap_err();
    hall.phone("SH6", "r3", &[shared::role::Role::Scribe]);
    hall.meet("SH2", "SH6");
    hall.issues("SH6", MEMBERS, 21, 22).unwrap();
    hall.issues("SH6", REPS, 31, 32).unwrap();
    hall.issues("SH1", MEMBERS, 32, 33).unwrap();
    hall.enters("SH6", 31, REPS, BallotContent::Spoiled).unwrap();
    hall.meet("SH1", "SH6");
    let meeting = hall.meeting("SH1");
    assert_eq!(meeting.clashes.keys().map(|serial| serial.0).collect::<Vec<_>>(), [32]);
    assert_eq!(meeting.counts[&crate::hall::group(MEMBERS)].issued, 8);
    assert!(meeting.blockers.iter().any(|blocker| matches!(blocker, Blocker::Serial(at, _) if at.0 == 32)));
    // A run that overlaps its own group's earlier run corrects it.
    hall.issues("SH1", MEMBERS, 33, 33).unwrap();
    assert!(hall.meeting("SH1").clashes.is_empty());
}

#[test]
fn a_lost_phone_s_ballots_are_entered_again() {
    // E36: SH2 falls into the river before it met anybody; its holder enters the pile again on a new device.
    let mut hall = issued();
    enters_pile(&mut hall, "SH1");
    enters_pile(&mut hall, "SH2");
    hall.phone("SH8", "r1", &[shared::role::Role::Teller]);
    hall.meet("SH1", "SH8");
    assert!(hall.meeting("SH1").counts.values().all(|count| count.returned == 0));
    enters_pile(&mut hall, "SH8");
    hall.meet("SH1", "SH8");
    assert_eq!(hall.meeting("SH1").counts.values().map(|count| count.returned).sum::<u32>(), 8);
    // The lost phone is found again: equal entries of one person on two devices are one.
    hall.meet("SH1", "SH2");
    assert_eq!(hall.meeting("SH1").counts.values().map(|count| count.returned).sum::<u32>(), 8);
}

#[test]
fn teller_and_scrutineer_stand_apart() {
    let mut hall = Hall::new();
    let mut open = |change: fn(&mut Hall, &mut shared::domain::meeting::MeetingSettings)| {
        let mut settings = hall.settings(BallotMode::SecretPaper);
        change(&mut hall, &mut settings);
        match hall.is_refused("SH1", MeetingCommand::Open(Box::new(settings))) {
            Refusal::Settings(fault) => fault,
            other => panic!("{other:?}"),
        }
    };
    let person = crate::hall::person;
    assert_eq!(open(|_, s| s.scrutineer = s.teller.clone()), SettingsFault::TellerIsScrutineer);
    assert_eq!(open(|_, s| s.teller = s.chair.clone()), SettingsFault::OfficerIsSubject(person("m1")));
    let kin = SettingsFault::OfficerIsKin { officer: person("r2"), subject: person("m2") };
    assert_eq!(
        open(|hall, _| {
            let home = hall.roster.people[&crate::hall::person("m2")].household.clone();
            hall.edit("r2", |person| person.household = home);
        }),
        kin
    );
}

#[test]
fn what_a_faulty_phone_writes_is_passed_over() {
    // E15: refused at entry, and a phone that writes it all the same merges nothing in.
    let mut hall = issued();
    let refusal = hall.enters("SH1", 1, MEMBERS, valid(&[21, 16, 16, 16])).unwrap_err();
    assert!(matches!(refusal, Refusal::OutOfRange { max: 20, .. }), "{refusal:?}");
    assert_eq!(hall.enters("SH1", 1, MEMBERS, valid(&[20])).unwrap_err(), Refusal::MarkCount { expected: 4 });
    let short = BallotContent::Valid(vec![Mark::Scores(vec![20]); 4]);
    assert!(matches!(hall.enters("SH1", 1, MEMBERS, short).unwrap_err(), Refusal::ScoreCount { .. }));
    let before = hall.meeting("SH2").paper;
    let ballot = shared::domain::ballot::PaperBallot {
        serial: serial(1),
        group: crate::hall::group(MEMBERS),
        content: valid(&[99, 16, 16, 16]),
        replaces: Vec::new(),
    };
    hall.record("SH1", MeetingFact::Paper(ballot));
    hall.meet("SH1", "SH2");
    assert_eq!(hall.meeting("SH2").paper, before);
    assert!(matches!(hall.meeting("SH2").notes[..], [shared::domain::meeting::MeetingNote::OutOfRange(_)]));
}

fn serial(number: u32) -> shared::domain::ballot::Serial {
    shared::domain::ballot::Serial(number)
}

fn enter(number: u32, content: BallotContent) -> MeetingCommand {
    MeetingCommand::EnterPaper { serial: serial(number), group: crate::hall::group(REPS), content }
}

fn to(to: Stage) -> MeetingCommand {
    MeetingCommand::Move { to, reason: String::new() }
}

fn decide(subject: &str, stars: Option<u8>, reason: &str) -> MeetingCommand {
    MeetingCommand::Decide { subject: crate::hall::person(subject), stars, reason: reason.to_owned() }
}

fn needs_checked(is: Stage) -> Refusal {
    Refusal::Stage { is, needs: &[Stage::Checked, Stage::Decided] }
}
