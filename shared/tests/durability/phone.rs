//! One phone without any relay: the engine and a disk on which every write can be watched, refused or torn.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;
use shared::domain::ballot::BallotMode;
use shared::domain::command::{Command, MeetingCommand};
use shared::domain::meeting::{MeetingSettings, RollStatus, Stage, attendees};
use shared::domain::person::{Household, MemberClass, Person, Residency, Standing};
use shared::domain::rulebook::Rulebook;
use shared::id::{DeviceCode, DeviceNumber, FactId, HouseholdId, MeetingId, PersonId, UnitCode};
use shared::identity::invitation::Terms;
use shared::identity::{Certificate, DeviceKey, Invitation};
use shared::replica::{Effect, Input, Outcome, Refused, Replica, Ticket};
use shared::role::Role;
use shared::store::{Row, StorageTrouble, Write};
use shared::time::Instant;

pub struct Phone {
    pub replica: Replica,
    pub disk: BTreeMap<String, Vec<u8>>,
    /// Every write that completed.
    pub writes: Vec<Write>,
    /// Writes that were asked for and not reported on, while `holds` is set.
    pub held: Vec<Write>,
    pub holds: bool,
    /// Storage refuses everything.
    pub is_full: bool,
    /// Storage refuses the write that comes after so many, once.
    pub fails_after: Option<usize>,
    /// What is read back is not there.
    pub forgets: bool,
    /// What was ticked, and after how many writes.
    pub ticked: Vec<(usize, FactId)>,
    pub done: BTreeMap<Ticket, Result<Outcome, Refused>>,
    /// How often pages were told to look again.
    pub told: u32,
    pub timer: Option<Instant>,
    pub now: Instant,
    pub rng: ChaCha8Rng,
    next: u64,
}

impl Phone {
    pub fn new(disk: BTreeMap<String, Vec<u8>>, seed: u64) -> Self {
        let mut phone = Self {
            replica: Replica::new(),
            disk,
            writes: Vec::new(),
            told: 0,
            held: Vec::new(),
            holds: false,
            is_full: false,
            fails_after: None,
            forgets: false,
            ticked: Vec::new(),
            done: BTreeMap::new(),
            timer: None,
            now: Instant(1_795_399_200_000),
            rng: ChaCha8Rng::seed_from_u64(seed),
            next: 1,
        };
        let rows = phone.disk.iter().map(|(key, value)| Row { key: key.clone(), value: value.clone() }).collect();
        phone.handle(Input::Loaded(rows));
        phone
    }

    /// A phone whose holder may do everything, with an adopted rulebook and a village of five.
    pub fn of_a_village() -> Self {
        let mut phone = Self::new(BTreeMap::new(), 1);
        let authority = DeviceKey::from_seed([9; 32]);
        let terms = Terms {
            device: DeviceNumber(7),
            code: DeviceCode::new("SH3").unwrap(),
            person: PersonId::new("li-na").unwrap(),
            name: "李娜".to_owned(),
            roles: [Role::TownshipOffice, Role::VillageSecretary, Role::Scribe].into_iter().collect(),
            villages: [village()].into(),
            may_enrol: true,
            expires: Instant(u64::MAX),
        };
        let invitation = Invitation::issue(authority.public(), &Certificate::default(), &authority, terms, [3; 32]);
        let ticket = phone.ticket();
        phone.handle(Input::Enrol { ticket, link: format!("http://localhost/#/enrol/{}", invitation.to_link()) });
        assert_eq!(phone.done[&ticket], Ok(Outcome::Enrolled));
        let rulebook = Box::new(Rulebook::standard_review());
        phone.must(Command::AdoptRulebook { rulebook, adopted_at: "党员大会".to_owned() });
        let people = (0..5).map(person).collect();
        phone.must(Command::ImportRoster { village: village(), households: (0..5).map(household).collect(), people });
        phone
    }

    /// Creates the meeting and brings it to voting.
    pub fn voting(mode: BallotMode) -> Self {
        let mut phone = Self::of_a_village();
        phone.must_meet(MeetingCommand::Open(Box::new(phone.settings(mode))));
        phone.must_meet(go(Stage::RollOpen));
        for number in 0..5 {
            phone.must_meet(MeetingCommand::MarkRoll { person: person(number).id, status: RollStatus::Present });
        }
        phone.must_meet(go(Stage::Quorate));
        phone.must_meet(go(Stage::Voting));
        phone
    }

    fn settings(&self, mode: BallotMode) -> MeetingSettings {
        let rulebook = Rulebook::standard_review();
        let people = attendees(&self.replica.workspace().villages[&village()].roster, &rulebook);
        let (teller, scrutineer, chair) = (person(3).id, person(4).id, person(2).id);
        let (title, place) = ("评议会".to_owned(), "村委会".to_owned());
        MeetingSettings { title, place, mode, rulebook, people, teller, scrutineer, chair }
    }

    pub fn ticket(&mut self) -> Ticket {
        self.next += 1;
        Ticket(self.next)
    }

    /// Asks for something and returns the ticket under which the answer will lie.
    pub fn ask(&mut self, command: Command) -> Ticket {
        let ticket = self.ticket();
        self.handle(Input::Command { ticket, command });
        ticket
    }

    /// Asks for something that must be granted.
    pub fn must(&mut self, command: Command) -> Outcome {
        let ticket = self.ask(command);
        self.done[&ticket].clone().unwrap()
    }

    pub fn must_meet(&mut self, command: MeetingCommand) -> Outcome {
        self.must(Command::Meeting(meeting(), command))
    }

    pub fn handle(&mut self, input: Input) {
        let effects = self.replica.handle(self.now, &mut self.rng, input);
        for effect in effects {
            match effect {
                Effect::Write(write) if self.holds => self.held.push(write),
                Effect::Write(write) => self.write(write),
                Effect::Read { key } => {
                    let value = self.disk.get(&key).filter(|_| !self.forgets).cloned();
                    self.handle(Input::RowRead { key, value });
                }
                Effect::Send { request, .. } => self.handle(Input::Unanswered { request }),
                Effect::Done { ticket, result } => {
                    if let Ok(Outcome::Recorded(facts)) = &result {
                        self.ticked.extend(facts.iter().map(|fact| (self.writes.len(), fact.clone())));
                    }
                    assert_eq!(self.done.insert(ticket, result), None, "a wish is answered once");
                }
                Effect::TimerAt(at) => self.timer = Some(at),
                Effect::Changed => self.told += 1,
                Effect::OpenLive | Effect::LiveSend(_) | Effect::CloseLive => {}
            }
        }
    }

    /// Carries out one write and reports on it.
    pub fn write(&mut self, write: Write) {
        if self.is_full || self.fails_after == Some(self.writes.len()) {
            self.fails_after = None;
            return self.handle(Input::WriteFailed(write.id, StorageTrouble::Full));
        }
        for key in &write.deletes {
            self.disk.remove(key);
        }
        self.disk.extend(write.puts.iter().map(|row| (row.key.clone(), row.value.clone())));
        let id = write.id;
        self.writes.push(write);
        self.handle(Input::Written(id));
    }

    /// Lets the clock reach the timer.
    pub fn wait(&mut self) {
        self.now = self.timer.take().expect("a timer is set").max(self.now);
        self.handle(Input::Tick);
    }

    /// Starts again from what lies on the disk.
    pub fn restarted(&self) -> Self {
        Self::new(self.disk.clone(), 99)
    }
}

pub fn go(to: Stage) -> MeetingCommand {
    MeetingCommand::Move { to, reason: String::new() }
}

pub fn village() -> UnitCode {
    UnitCode::new("420529202209").unwrap()
}

pub fn meeting() -> MeetingId {
    MeetingId { village: village(), date: "2026-11-23".parse().unwrap(), round: 1 }
}

pub fn person(number: u32) -> Person {
    Person {
        id: PersonId::new(&format!("p{number}")).unwrap(),
        name: format!("村民{number}"),
        pinyin: String::new(),
        household: household(number).id,
        birth_year: None,
        residency: Residency::Registered,
        standing: (number < 2).then_some(Standing::Full),
        class: MemberClass::Ordinary,
        representative: number >= 2,
        hidden: false,
    }
}

pub fn household(number: u32) -> Household {
    let id = HouseholdId::new(&format!("h{number}")).unwrap();
    Household { id, number: number.to_string(), group: "1".to_owned(), head: None }
}
