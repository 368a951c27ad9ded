//! What comes next at each stage, drawn as one line per step of a small meeting.

use super::*;
use crate::state::ballots;
use shared::domain::ballot::{BallotContent, Mark, PaperBallot, Serial};
use shared::domain::meeting::{
    Attendee, BallotsIssued, MEMBERS, MeetingFact, Opening, REPRESENTATIVES, Reconciliation, Recorded, RollMark,
    RollStatus, StageChange,
};
use shared::domain::person::{MemberClass, Standing};
use shared::domain::rulebook::Rulebook;
use shared::id::{DeviceCode, DeviceNumber, FactId, GroupId, MeetingId, PersonId};
use shared::time::Instant;

#[test]
fn one_thing_to_do_at_each_stage() {
    let mut hall = Hall::default();
    hall.record(1, MeetingFact::Opened(Box::new(Opening { settings: settings(), replaces: Vec::new() })));
    hall.check(Next::Move(Stage::RollOpen));
    hall.move_to(Stage::RollOpen);
    hall.check(Next::Go(MeetingPage::Roll));
    for person in ["m1", "m2", "r1", "r2"] {
        hall.record(
            1,
            MeetingFact::Roll(RollMark { person: id(person), status: RollStatus::Present, replaces: Vec::new() }),
        );
    }
    hall.check(Next::Move(Stage::Quorate));
    hall.move_to(Stage::Quorate);
    hall.check(Next::Move(Stage::Voting));
    hall.move_to(Stage::Voting);
    hall.check(Next::Go(MeetingPage::Ballots));
    for (first, group) in [(1, MEMBERS), (2, REPRESENTATIVES)] {
        let (group, serial) = (GroupId::new(group).unwrap(), Serial(first));
        hall.record(1, MeetingFact::Issued(BallotsIssued { group, first: serial, last: serial, replaces: Vec::new() }));
    }
    hall.paper(1, 1, MEMBERS);
    hall.paper(1, 2, REPRESENTATIVES);
    hall.check(Next::Go(MeetingPage::Ballots));
    hall.paper(2, 1, MEMBERS);
    hall.paper(2, 2, REPRESENTATIVES);
    hall.check(Next::Move(Stage::Closed));
    hall.move_to(Stage::Closed);
    hall.check(Next::Go(MeetingPage::Closing));
    let meeting = hall.meeting();
    let counts = meeting.counts.iter().map(|(group, count)| {
        let hand = shared::domain::meeting::BallotCount {
            issued: count.issued,
            returned: count.returned,
            ..Default::default()
        };
        (group.clone(), hand)
    });
    let groups = counts.collect();
    hall.record(1, MeetingFact::Reconciled(Reconciliation { groups, note: String::new(), replaces: Vec::new() }));
    hall.check(Next::Move(Stage::Counted));
    hall.move_to(Stage::Counted);
    hall.check(Next::WaitForCheck);
    assert_eq!(next(&hall.meeting(), &author(3)), Next::Check, "whoever entered nothing can check");
}

#[test]
fn a_conflict_stops_its_step_and_is_listed_with_few_of_its_kind() {
    let mut hall = Hall::default();
    hall.record(1, MeetingFact::Opened(Box::new(Opening { settings: settings(), replaces: Vec::new() })));
    hall.move_to(Stage::RollOpen);
    for (device, status) in [(1, RollStatus::Present), (2, RollStatus::Absent)] {
        for person in ["m1", "m2", "r1", "r2"] {
            hall.record(device, MeetingFact::Roll(RollMark { person: id(person), status, replaces: Vec::new() }));
        }
    }
    let meeting = hall.meeting();
    assert_eq!(conflicts(&meeting, 3).len(), 3, "{:?}", meeting.blockers);
    assert_eq!(steps(&meeting)[0].state, StepState::Stopped);
    assert_eq!(next(&meeting, &author(1)), Next::Go(MeetingPage::Roll));
}

#[test]
fn a_ballot_read_again_begins_where_the_entries_differ() {
    let mut hall = Hall::default();
    hall.record(1, MeetingFact::Opened(Box::new(Opening { settings: settings(), replaces: Vec::new() })));
    let group = GroupId::new(MEMBERS).unwrap();
    let first = Serial(1);
    let issued = BallotsIssued { group: group.clone(), first, last: first, replaces: Vec::new() };
    hall.record(1, MeetingFact::Issued(issued));
    for (device, second) in [(1, 12), (2, 20)] {
        let content = BallotContent::Valid(vec![Mark::Scores(vec![16; 5]), Mark::Scores(vec![second; 5])]);
        let ballot = PaperBallot { serial: first, group: group.clone(), content, replaces: Vec::new() };
        hall.record(device, MeetingFact::Paper(ballot));
    }
    let keypad = ballots::keypad(&hall.meeting(), &settings(), first, &id("holder-1"));
    assert_eq!(keypad.at(), 1);
    assert_eq!(keypad.marks_of(1), [Some(12); 5], "one's own marks, never the other's");
}

#[test]
fn an_adjourned_meeting_has_nothing_next() {
    let mut hall = Hall::default();
    hall.record(1, MeetingFact::Opened(Box::new(Opening { settings: settings(), replaces: Vec::new() })));
    hall.move_to(Stage::RollOpen);
    hall.move_to(Stage::Adjourned);
    hall.check(Next::Ended);
    assert_eq!(place(Stage::Adjourned), None);
}

/// A meeting in the making: facts of up to three devices.
#[derive(Default)]
struct Hall {
    facts: Vec<Recorded<MeetingFact>>,
}

impl Hall {
    fn record(&mut self, device: u32, value: MeetingFact) {
        let counter = self.facts.len() as u32 + 1;
        let code = DeviceCode::new(&format!("D{device}")).unwrap();
        let id = FactId { device: code, counter };
        self.facts.push(Recorded { id, author: author(device), at: Instant(0), value });
    }

    fn move_to(&mut self, to: Stage) {
        self.record(1, MeetingFact::Stage(StageChange { to, reason: "人不够".into() }));
    }

    fn paper(&mut self, device: u32, serial: u32, group: &str) {
        let content = BallotContent::Valid(vec![Mark::Scores(vec![16; 5]); 2]);
        let group = GroupId::new(group).unwrap();
        let ballot = PaperBallot { serial: Serial(serial), group, content, replaces: Vec::new() };
        self.record(device, MeetingFact::Paper(ballot));
    }

    fn meeting(&self) -> Meeting {
        let id: MeetingId = "420529202209-2026-11-23-1".parse().unwrap();
        Meeting::fold(id, self.facts.clone())
    }

    #[track_caller]
    fn check(&self, expected: Next) {
        let meeting = self.meeting();
        assert_eq!(next(&meeting, &author(1)), expected, "at {:?}: {:?}", meeting.stage, meeting.blockers);
    }
}

fn author(device: u32) -> Author {
    Author { device: DeviceNumber(device), holder: Some(id(&format!("holder-{device}"))) }
}

fn id(text: &str) -> PersonId {
    PersonId::new(text).unwrap()
}

/// Two members who are rated and two representatives who are not.
fn settings() -> MeetingSettings {
    let attendee = |name: &str, body: &str, standing: Option<Standing>| Attendee {
        person: id(name),
        name: name.into(),
        household: String::new(),
        standing,
        class: MemberClass::Ordinary,
        body: Some(GroupId::new(body).unwrap()),
        subject: standing.is_some(),
    };
    MeetingSettings {
        title: "评议会".into(),
        place: "村委会".into(),
        mode: BallotMode::SecretPaper,
        rulebook: Rulebook::standard_review(),
        people: vec![
            attendee("m1", MEMBERS, Some(Standing::Full)),
            attendee("m2", MEMBERS, Some(Standing::Full)),
            attendee("r1", REPRESENTATIVES, None),
            attendee("r2", REPRESENTATIVES, None),
        ],
        teller: id("r1"),
        scrutineer: id("r2"),
        chair: id("m1"),
    }
}
