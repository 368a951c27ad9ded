//! Measures messages and records and prints a line `figure<TAB>value<TAB>unit<TAB>budget` for each.
//!
//! The phones are the real engine, the relay is the simulation's; bytes are those of request and answer bodies.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that cannot go on has failed; it prints")]

#[path = "figures/points.rs"]
mod points;

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;
use shared::domain::ballot::{BallotContent, BallotMode, Mark, Serial};
use shared::domain::command::{Command, MeetingCommand};
use shared::domain::meeting::{Attendee, BallotCount, MeetingSettings, Reconciliation, RollStatus, Stage};
use shared::domain::person::{MemberClass, Standing};
use shared::domain::rulebook::Rulebook;
use shared::id::{DeviceCode, DeviceNumber, GroupId, MeetingId, PersonId, UnitCode};
use shared::identity::invitation::Terms;
use shared::identity::{Certificate, DeviceKey, Invitation};
use shared::replica::{Effect, Input, Replica, Ticket, Wake};
use shared::role::Role;
use shared::simulation::{Relay, run};
use shared::time::Instant;
use shared::wire::{SYNC_PATH, Token};

const SUBJECTS: u32 = 40;
const MEMBER_RATERS: u32 = 18;
const REPRESENTATIVES: u32 = 12;
const RATERS: u32 = MEMBER_RATERS + REPRESENTATIVES;
/// How many simulated townships stand behind the figure of lost records.
const RUNS: u64 = 1000;

/// A phone that is connected whenever it is told to sync.
struct Phone {
    replica: Replica,
    rng: ChaCha8Rng,
    now: Instant,
    next: u64,
    up: usize,
    down: usize,
    trips: usize,
    round: u8,
}

impl Phone {
    fn new(number: u32, roles: &[Role]) -> Self {
        let authority = DeviceKey::from_seed([9; 32]);
        let terms = Terms {
            device: DeviceNumber(0x8000_0000 + number),
            code: DeviceCode::new(&format!("SH{number}")).unwrap(),
            person: PersonId::new(&format!("holder-{number}")).unwrap(),
            name: "李娜".to_owned(),
            roles: roles.iter().copied().collect(),
            villages: [village()].into(),
            may_enrol: false,
            expires: Instant(u64::MAX),
        };
        let invitation = Invitation::issue(authority.public(), &Certificate::default(), &authority, terms, [3; 32]);
        let mut phone = Self {
            replica: Replica::new(),
            rng: ChaCha8Rng::seed_from_u64(number.into()),
            now: Instant(1_795_399_200_000),
            next: 1,
            up: 0,
            down: 0,
            trips: 0,
            round: 1,
        };
        phone.handle(Input::Loaded(vec![]), None);
        phone.handle(Input::Enrol { ticket: Ticket(0), link: invitation.to_link() }, None);
        phone
    }

    /// Handles an input; without a relay every question goes unanswered.
    fn handle(&mut self, input: Input, mut relay: Option<&mut Relay>) {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            for effect in self.replica.handle(self.now, &mut self.rng, input) {
                match effect {
                    Effect::Write(write) => inputs.push(Input::Written(write.id)),
                    Effect::Read { key } => inputs.push(Input::RowRead { key, value: None }),
                    Effect::Send { request, path, token, body } => {
                        let Some(relay) = relay.as_deref_mut() else {
                            inputs.push(Input::Unanswered { request });
                            continue;
                        };
                        let token = token.map(|text| Token(URL_SAFE_NO_PAD.decode(text).unwrap().try_into().unwrap()));
                        let (status, answer, _) = relay.answer(0, path, token, &body, self.now);
                        if path == SYNC_PATH {
                            (self.up, self.down) = (self.up + body.len(), self.down + answer.len());
                            self.trips += 1;
                        }
                        inputs.push(Input::Answered { request, status, body: answer });
                    }
                    Effect::OpenLive => inputs.push(Input::LiveClosed),
                    Effect::Done { result, .. } => assert!(result.is_ok(), "{result:?}"),
                    Effect::LiveSend(_) | Effect::CloseLive | Effect::TimerAt(_) | Effect::Changed => {}
                }
            }
        }
    }

    fn must(&mut self, command: Command) {
        self.next += 1;
        // A minute passes between two things that people do.
        self.now = self.now.plus_millis(20_000);
        self.handle(Input::Command { ticket: Ticket(self.next), command }, None);
    }

    fn meet(&mut self, command: MeetingCommand) {
        self.must(Command::Meeting(meeting(self.round), command));
    }

    /// Exchanges everything and returns bytes up, bytes down and round trips.
    fn sync(&mut self, relay: &mut Relay) -> (usize, usize, usize) {
        (self.up, self.down, self.trips) = (0, 0, 0);
        self.now = self.now.plus_millis(1);
        self.handle(Input::Wake(Wake::Button), Some(relay));
        assert_eq!(self.replica.status().unsent, 0, "{:?}", self.replica.status());
        (self.up, self.down, self.trips)
    }

    fn roll(&mut self, number: u32) {
        let present = self.replica.workspace().meeting(&meeting(self.round)).unwrap().roll_status(&person(number));
        let status = if present == Some(RollStatus::Present) { RollStatus::Late } else { RollStatus::Present };
        self.meet(MeetingCommand::MarkRoll { person: person(number), status });
    }
}

fn village() -> UnitCode {
    UnitCode::new("420529202209").unwrap()
}

/// The meeting of small messages is of the first round, the one held to its closing of the second.
fn meeting(round: u8) -> MeetingId {
    MeetingId { village: village(), date: "2026-11-23".parse().unwrap(), round }
}

fn person(number: u32) -> PersonId {
    PersonId::new(&format!("sw-{number:04}")).unwrap()
}

/// Three characters of a name, different for everybody.
fn name(number: u32) -> String {
    let pick = |list: &str, at: u32| list.chars().nth(at as usize % list.chars().count()).unwrap();
    let family = pick("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗", number);
    [family, pick("国秀建桂志玉德春明文永世", number / 3), pick("英兰华珍平军芳海云林生芝祥", number / 2)]
        .iter()
        .collect()
}

fn settings() -> MeetingSettings {
    let people = (0..SUBJECTS + REPRESENTATIVES).map(|number| Attendee {
        person: person(number),
        name: name(number),
        household: format!("{}·{}", 1 + number % 4, 1 + number),
        standing: (number < SUBJECTS).then_some(Standing::Full),
        class: MemberClass::Ordinary,
        body: match number {
            number if number < MEMBER_RATERS => Some(group(0)),
            number if number >= SUBJECTS => Some(group(1)),
            _ => None,
        },
        subject: number < SUBJECTS,
    });
    MeetingSettings {
        title: "党员评议会".to_owned(),
        place: "沙湾村委会".to_owned(),
        mode: BallotMode::SecretPaper,
        rulebook: Rulebook::standard_review(),
        people: people.collect(),
        teller: person(SUBJECTS),
        scrutineer: person(SUBJECTS + 1),
        chair: person(0),
    }
}

fn group(place: usize) -> GroupId {
    Rulebook::standard_review().groups[place].id.clone()
}

/// One rater's ballot: a level for each subject, ten of them with five scores of their own.
fn ballot(rater: u32) -> BallotContent {
    let mark = |subject: u32| {
        let level = [20, 16, 16, 20, 12, 16, 20, 8][((subject * 7 + rater * 3) % 8) as usize];
        if !(subject + rater).is_multiple_of(4) {
            return Mark::Scores(vec![level; 5]);
        }
        Mark::Scores((0..5).map(|aspect| 20 - (subject * 5 + rater * 11 + aspect * 3) % 12).collect())
    };
    BallotContent::Valid((0..SUBJECTS).map(mark).collect())
}

fn print(figure: &str, value: usize, unit: &str, budget: &str) {
    println!("{figure}\t{value}\t{unit}\t{budget}");
}

fn main() {
    points::print_figures();
    let mut relay = Relay::new(DeviceKey::from_seed([9; 32]).public(), 1);
    let mut scribe = Phone::new(1, &[Role::TownshipOffice, Role::Scribe, Role::VillageSecretary]);
    let mut teller = Phone::new(2, &[Role::Teller]);
    scribe.must(Command::AdoptRulebook {
        rulebook: Box::new(Rulebook::standard_review()),
        adopted_at: "党员大会".to_owned(),
    });
    scribe.sync(&mut relay);
    teller.sync(&mut relay);
    scribe.meet(MeetingCommand::Open(Box::new(settings())));
    scribe.meet(MeetingCommand::Move { to: Stage::RollOpen, reason: String::new() });
    scribe.sync(&mut relay);
    small_messages(&mut scribe, &mut relay);
    closing(&mut scribe, &mut teller, &mut relay);
    let lost = (1..=RUNS).filter(|seed| run(*seed).is_err()).count();
    print("lost", lost, "records", "0");
}

/// A whole meeting is recorded without a signal by two phones and sent when it is over.
fn closing(scribe: &mut Phone, teller: &mut Phone, relay: &mut Relay) {
    let (mut up, mut trips) = (0, 0);
    (scribe.round, teller.round) = (2, 2);
    scribe.meet(MeetingCommand::Open(Box::new(settings())));
    scribe.meet(MeetingCommand::Move { to: Stage::RollOpen, reason: String::new() });
    for number in (0..MEMBER_RATERS).chain(SUBJECTS..SUBJECTS + REPRESENTATIVES) {
        scribe.roll(number);
    }
    scribe.meet(MeetingCommand::Move { to: Stage::Quorate, reason: String::new() });
    for (group, first, last) in [(group(0), 1, MEMBER_RATERS), (group(1), MEMBER_RATERS + 1, RATERS)] {
        scribe.meet(MeetingCommand::Issue { group, first: Serial(first), last: Serial(last) });
    }
    scribe.meet(MeetingCommand::Move { to: Stage::Voting, reason: String::new() });
    // The teller's phone stood beside the scribe's until here; what it heard then is not counted twice.
    let first = scribe.sync(relay);
    teller.sync(relay);
    (up, trips) = (up + first.0, trips + first.2);
    print("meeting-up-before-voting", first.0, "B", "");
    for phone in [&mut *scribe, &mut *teller] {
        for rater in 0..RATERS {
            let group = group(usize::from(rater >= MEMBER_RATERS));
            phone.meet(MeetingCommand::EnterPaper { serial: Serial(rater + 1), group, content: ballot(rater) });
        }
        let (bytes, _, count) = phone.sync(relay);
        (up, trips) = (up + bytes, trips + count);
        print("meeting-up-ballots-of-one-phone", bytes, "B", "");
    }
    scribe.sync(relay);
    scribe.meet(MeetingCommand::Move { to: Stage::Closed, reason: String::new() });
    let count = |returned| BallotCount { issued: returned, returned, spoiled: 0, abstained: 0 };
    let groups: BTreeMap<_, _> = [(group(0), count(MEMBER_RATERS)), (group(1), count(REPRESENTATIVES))].into();
    scribe.meet(MeetingCommand::Reconcile(Reconciliation { groups, note: String::new(), replaces: vec![] }));
    scribe.meet(MeetingCommand::Move { to: Stage::Counted, reason: String::new() });
    let (bytes, _, count) = scribe.sync(relay);
    print("meeting-up", up + bytes, "B", "<= 8000 B");
    print("meeting-round-trips", trips + count, "trips", "");
}

fn small_messages(scribe: &mut Phone, relay: &mut Relay) {
    let (up, down, _) = scribe.sync(relay);
    let scopes = shared::access::scopes_for(scribe.replica.me().unwrap(), &BTreeSet::new(), []).len();
    print("nothing-up", up.div_ceil(scopes), "B", "<= 60 B");
    print("nothing-down", down.div_ceil(scopes), "B", "<= 60 B");
    scribe.roll(0);
    let (up, down, trips) = scribe.sync(relay);
    assert_eq!(trips, 1, "one round trip");
    print("entry-up", up, "B", "<= 280 B");
    print("entry-down", down, "B", "<= 120 B");
    for number in 0..100 {
        scribe.roll(number % MEMBER_RATERS);
    }
    let (up, _, trips) = scribe.sync(relay);
    assert_eq!(trips, 1, "one round trip");
    print("hundred-up", up, "B", "<= 2000 B");
}
