//! The whole phone except its browser: people's drafts go in, a fake disk keeps what the replica asks it to keep.

#![allow(clippy::unwrap_used, reason = "a helper of a test that cannot go on fails the test")]

use std::collections::{BTreeMap, VecDeque};

use app::state::devices::{self, Reach};
use app::state::founding;
use app::state::reopening;
use app::state::route::Errand;
use app::state::status::{Claim, claim};
use app::state::units;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use shared::domain::command::{Command, Refusal};
use shared::id::UnitCode;
use shared::replica::{Effect, Input, Outcome, Refused, Replica, Ticket};
use shared::role::Role;
use shared::store::{Row, StorageTrouble, Write};
use shared::time::Instant;

const NOW: Instant = Instant(1_795_400_000_000);
const SHAWAN: &str = "420529202209";

/// A replica with a disk and no network.
struct Phone {
    replica: Replica,
    rng: ChaCha20Rng,
    disk: BTreeMap<String, Vec<u8>>,
    /// Writes fail while this holds.
    full: bool,
    answers: BTreeMap<Ticket, Result<Outcome, Refused>>,
    tickets: u64,
}

impl Phone {
    fn new(seed: u64) -> Self {
        let (replica, rng) = (Replica::new(), ChaCha20Rng::seed_from_u64(seed));
        let mut phone = Self { replica, rng, disk: BTreeMap::new(), full: false, answers: BTreeMap::new(), tickets: 0 };
        phone.reload(seed);
        phone
    }

    /// Starts again from what lies on the disk.
    fn reload(&mut self, seed: u64) {
        self.replica = Replica::new();
        self.rng = ChaCha20Rng::seed_from_u64(seed);
        let rows = self.disk.iter().map(|(key, value)| Row { key: key.clone(), value: value.clone() }).collect();
        self.feed(Input::Loaded(rows));
    }

    fn feed(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            for effect in self.replica.handle(NOW, &mut self.rng, input) {
                match effect {
                    Effect::Write(write) => inputs.push_back(self.write(write)),
                    Effect::Read { key } => {
                        let value = self.disk.get(&key).cloned();
                        inputs.push_back(Input::RowRead { key, value });
                    }
                    Effect::Send { request, .. } => inputs.push_back(Input::Unanswered { request }),
                    Effect::OpenLive => inputs.push_back(Input::LiveClosed),
                    Effect::Done { ticket, result } => drop(self.answers.insert(ticket, result)),
                    Effect::LiveSend(_) | Effect::CloseLive | Effect::TimerAt(_) | Effect::Changed => {}
                }
            }
        }
    }

    fn write(&mut self, write: Write) -> Input {
        if self.full {
            return Input::WriteFailed(write.id, StorageTrouble::Full);
        }
        for key in &write.deletes {
            self.disk.remove(key);
        }
        self.disk.extend(write.puts.into_iter().map(|row| (row.key, row.value)));
        Input::Written(write.id)
    }

    /// Asks, and returns the answer if one came at once.
    fn wish(&mut self, input: impl FnOnce(Ticket) -> Input) -> Option<Result<Outcome, Refused>> {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.feed(input(ticket));
        self.answers.remove(&ticket)
    }

    fn ask(&mut self, command: Command) -> Option<Result<Outcome, Refused>> {
        self.wish(|ticket| Input::Command { ticket, command })
    }
}

fn founded() -> Phone {
    let mut office = Phone::new(1);
    let draft = founding::Draft {
        township: "420529202000".to_owned(),
        name: "牛庄乡".to_owned(),
        holder: "王芳".to_owned(),
        device: "BG1".to_owned(),
    };
    let token = shared::wire::Token([7; 16]).to_text();
    let founding = draft.founding(&token).unwrap();
    let answer = office.wish(|ticket| Input::Found { ticket, founding });
    assert_eq!(answer, Some(Ok(Outcome::Founded)));
    office
}

fn named() -> Command {
    let (units, faults) = units::read("420529202209,沙湾村,村,集镇片区\n420529202001,集镇社区,,集镇片区");
    assert_eq!(faults, []);
    Command::SetTownship { name: "牛庄乡".to_owned(), units }
}

fn invited(office: &mut Phone) -> String {
    let draft = devices::Draft {
        reach: Some(Reach::Village(UnitCode::new(SHAWAN).unwrap())),
        role: Some(Role::Scribe),
        name: "李娜".to_owned(),
        person: None,
        code: "sw2".to_owned(),
        may_enrol: false,
    };
    let wish = draft.wish(NOW).unwrap();
    match office.wish(|ticket| Input::Invite { ticket, wish }) {
        Some(Ok(Outcome::Invited(payload))) => payload,
        other => panic!("an invitation is answered with its link, not {other:?}"),
    }
}

#[test]
fn an_office_founds_invites_and_finds_everything_again_without_a_network() {
    let mut office = founded();
    assert!(matches!(office.ask(named()), Some(Ok(Outcome::Recorded(_)))));
    assert!(matches!(claim(office.replica.status()), Claim::OnThisPhone(unsent) if unsent > 0));
    let places = devices::reaches(office.replica.workspace(), office.replica.me().unwrap());
    assert_eq!(places.len(), 3, "the township, a village and a community");

    let before = office.replica.workspace().clone();
    office.reload(2);
    assert_eq!(*office.replica.workspace(), before);
    assert!(office.replica.authority_seed().is_some(), "the authority's key outlives the program");
    assert!(matches!(claim(office.replica.status()), Claim::OnThisPhone(unsent) if unsent > 0));
}

#[test]
fn an_invitation_read_off_a_screen_enrols_another_phone_once() {
    let mut office = founded();
    office.ask(named());
    let address = format!("http://localhost:8080{}", Errand::Enrol(invited(&mut office)).href());
    let Some(Errand::Enrol(link)) = Errand::of_pasted(&address) else { panic!("{address} is an enrolment") };

    let mut scribe = Phone::new(3);
    let enrol = |link: &str| {
        let link = link.to_owned();
        move |ticket| Input::Enrol { ticket, link }
    };
    assert_eq!(scribe.wish(enrol(&link)), Some(Ok(Outcome::Enrolled)));
    let me = scribe.replica.me().unwrap();
    assert_eq!((me.name.as_str(), me.code.as_str()), ("李娜", "SW2"));
    assert_eq!(devices::reaches(scribe.replica.workspace(), me), [], "a scribe invites nobody");
    assert_eq!(scribe.wish(enrol(&link)), Some(Err(Refused::AlreadyEnrolled)));
    assert!(matches!(scribe.ask(named()), Some(Err(Refused::Rule(Refusal::Role { .. })))));

    scribe.reload(4);
    assert_eq!(scribe.replica.me().map(|me| me.code.to_string()).as_deref(), Some("SW2"));
}

#[test]
fn the_office_takes_up_its_township_on_another_device_from_the_saved_key() {
    let office = founded();
    let file = reopening::key_file(&office.replica.authority_seed().unwrap());
    let draft = reopening::Draft {
        key: reopening::key_in(file.as_bytes()),
        holder: "王芳".to_owned(),
        device: "BG2".to_owned(),
    };
    let link = draft.invitation(NOW, [5; reopening::RANDOM_BYTES]).unwrap();

    let mut other = Phone::new(8);
    assert_eq!(other.wish(|ticket| Input::Enrol { ticket, link }), Some(Ok(Outcome::Enrolled)));
    let me = other.replica.me().unwrap();
    assert!(me.roles.contains(Role::TownshipOffice) && me.may_enrol);
    assert_eq!(other.replica.authority_seed(), office.replica.authority_seed(), "the key can be saved again");
    assert!(matches!(other.ask(named()), Some(Ok(Outcome::Recorded(_)))));
}

#[test]
fn what_the_disk_refused_is_not_answered_as_recorded() {
    let mut office = founded();
    office.full = true;
    assert_eq!(office.ask(named()), None, "no tick before the disk has it");
    assert_eq!(claim(office.replica.status()), Claim::NotSaved);
    let disk = office.disk.clone();
    office.full = false;
    office.reload(5);
    assert_eq!(office.disk, disk);
    assert!(office.replica.workspace().township.units.is_empty(), "what was never on the disk is gone");
}
