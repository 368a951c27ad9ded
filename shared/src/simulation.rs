//! Many phones, one relay, one seed, one clock: everything that can go wrong between them, and what must hold after.
//!
//! A run is a function of its seed alone, so that a failure is repeated by its number.

mod faults;
mod model;
mod phone;
mod story;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

pub use faults::Faults;
pub use model::Relay;

use crate::domain::Workspace;
use crate::domain::ballot::BallotMode;
use crate::domain::command::{Command, MeetingCommand};
use crate::id::{Address, DeviceCode, DeviceNumber, DocumentId, FactId, IdError, PersonId, ScopeId};
use crate::identity::invitation::Terms;
use crate::identity::{Certificate, DeviceKey, Invitation};
use crate::replica::{Effect, Input, Outcome, RecordState, RequestId, Wake};
use crate::role::Role;
use crate::store::{StorageTrouble, Write};
use crate::time::Instant;
use crate::wire::Token;
use faults::{below, chance};
use phone::{Phone, Wish};
use story::Story;

/// The most phones of a run, the office's included.
const PHONES: u32 = 8;
/// When the first event of a run happens: a morning in November 2026.
const BEGIN_MILLIS: u64 = 1_795_399_200_000;
/// How long people try things, in milliseconds.
const STORY_MILLIS: u64 = 600_000;
/// How long everything may take to settle once nothing goes wrong any more, in milliseconds.
const SETTLE_MILLIS: u64 = 3_600_000;
/// How long a phone waits for an answer that never comes, in milliseconds.
const PATIENCE_MILLIS: u64 = 30_000;
/// The most events of one run: far more than any that settles.
const EVENTS: usize = 20_000;

/// What a run did, to show that it did something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Phones, the office's included.
    pub phones: usize,
    /// Wishes that were ticked.
    pub ticked: usize,
    /// Wishes that the rules refused.
    pub refused: usize,
    /// Messages that vanished.
    pub lost: usize,
    /// Requests that reached the relay twice.
    pub duplicated: usize,
    /// Live connections that broke.
    pub broken: usize,
    /// Phones that died and started again.
    pub crashes: usize,
    /// Writes that storage refused.
    pub write_failures: usize,
    /// Starts of the relay after the first, from a backup or not.
    pub relay_restarts: usize,
    /// Events in all.
    pub events: usize,
}

/// What must never happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A phone lost a record after its tick was shown.
    Lost(usize, Address, FactId),
    /// A record that was ticked on one phone is missing on another at the end.
    Missing(usize, Address, FactId),
    /// At the end a phone cannot prove that its record is at the township.
    Unproved(usize, Address, FactId),
    /// Two phones hold different histories of a document.
    Heads(usize, usize),
    /// Two phones with equal histories show different workspaces.
    Workspaces(usize, usize),
    /// What is known of a ballot was found at the relay before the urn was emptied.
    Leaked,
    /// Fewer ballots lie in the urn, or came out of it, than drops were ticked.
    UrnShort,
    /// With nothing going wrong any more, the phones did not come to rest.
    Restless(String),
    /// The run itself could not be set up.
    SetUp,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost(phone, address, fact) => write!(f, "phone {phone} lost {fact} of {address} after its tick"),
            Self::Missing(phone, address, fact) => write!(f, "phone {phone} never got {fact} of {address}"),
            Self::Unproved(phone, address, fact) => write!(f, "phone {phone} cannot prove {fact} of {address}"),
            Self::Heads(a, b) => write!(f, "phones {a} and {b} hold different histories"),
            Self::Workspaces(a, b) => write!(f, "phones {a} and {b} read equal histories differently"),
            Self::Leaked => f.write_str("a ballot left the urn before closing"),
            Self::UrnShort => f.write_str("a ballot whose drop was ticked is gone"),
            Self::Restless(what) => write!(f, "the phones did not come to rest: {what}"),
            Self::SetUp => f.write_str("the run could not be set up"),
        }
    }
}

impl std::error::Error for Violation {}

impl From<IdError> for Violation {
    fn from(_: IdError) -> Self {
        Self::SetUp
    }
}

/// Runs one seed to its end and checks everything that must hold.
pub fn run(seed: u64) -> Result<Report, Violation> {
    let mut world = World::new(seed)?;
    world.begin()?;
    world.tell()?;
    world.settle()?;
    world.judge()?;
    world.report.phones = world.phones.len();
    Ok(world.report)
}

#[derive(Debug)]
enum Event {
    /// Something reaches a phone, if it still lives the same life.
    Input(usize, u32, Input),
    /// A write completes on a phone's disk.
    Disk(usize, u32, Write),
    /// A question reaches the relay.
    Question { phone: usize, life: u32, request: RequestId, path: &'static str, token: Option<Token>, body: Vec<u8> },
    /// The relay hears that a phone wants a live connection.
    LineOpens(usize, u32, u64),
    /// A frame of a live connection reaches the relay.
    FrameUp(usize, u64, Vec<u8>),
    /// A frame of a live connection reaches the phone.
    FrameDown(usize, u64, Vec<u8>),
    /// A live connection ended; the phone notices.
    LineEnds(usize, u64),
    /// Somebody tries something.
    Act(usize),
    /// A phone is started.
    Start(usize),
    /// The relay stops.
    RelayStops,
    /// The relay starts, from a backup or from its own disk.
    RelayStarts(bool),
}

#[derive(Debug)]
struct World {
    rng: ChaCha8Rng,
    now: u64,
    events: BTreeMap<(u64, u64), Event>,
    next_event: u64,
    next_line: u64,
    faults: Faults,
    phones: Vec<Phone>,
    relay: Relay,
    links: Vec<String>,
    story: Story,
    report: Report,
}

impl World {
    fn new(seed: u64) -> Result<Self, Violation> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let story = Story::draw(&mut rng)?;
        let authority = DeviceKey::from_seed([9; 32]);
        let count = 2 + below(&mut rng, PHONES - 1).min(below(&mut rng, PHONES - 1));
        let (mut phones, mut links) = (Vec::new(), Vec::new());
        for number in 0..count {
            let (role, villages) = match number {
                0 => (Role::TownshipOffice, [].into()),
                1 => (Role::VillageSecretary, [story.village.clone()].into()),
                _ => (Role::Scribe, [story.village.clone()].into()),
            };
            let terms = Terms {
                device: DeviceNumber(1000 + number),
                code: DeviceCode::new(&format!("D{number}"))?,
                person: PersonId::new(&format!("holder{number}"))?,
                name: format!("持有人{number}"),
                roles: role.into(),
                villages,
                may_enrol: false,
                expires: Instant(u64::MAX),
            };
            let one_use = [number as u8 + 100; 32];
            links.push(
                Invitation::issue(authority.public(), &Certificate::default(), &authority, terms, one_use).to_link(),
            );
            let skew = i64::from(below(&mut rng, 240_000)) - 120_000;
            phones.push(Phone::new(rng.next_u64(), skew));
        }
        Ok(Self {
            rng,
            now: BEGIN_MILLIS,
            events: BTreeMap::new(),
            next_event: 0,
            next_line: 1,
            faults: Faults::NONE,
            phones,
            relay: Relay::new(authority.public()),
            links,
            story,
            report: Report::default(),
        })
    }

    /// Enrols every phone and lets the office's first records reach them, with nothing going wrong.
    fn begin(&mut self) -> Result<(), Violation> {
        for phone in 0..self.phones.len() {
            self.start(phone)?;
            let ticket = self.phones[phone].ticket(Wish::Enrol);
            let link = self.links[phone].clone();
            self.input(phone, Input::Enrol { ticket, link })?;
        }
        for command in self.story.beginning() {
            self.wish(0, command)?;
        }
        self.run_until_rest(self.now + SETTLE_MILLIS)
    }

    /// Lets people try things while everything goes wrong.
    fn tell(&mut self) -> Result<(), Violation> {
        self.faults = Faults::draw(&mut self.rng);
        let end = self.now + STORY_MILLIS;
        for phone in 1..self.phones.len() {
            // The chair has the most to do; the more phones there are the less each of the others tries.
            let acts = if phone == 1 { 22 } else { 2 + below(&mut self.rng, 9) };
            for _ in 0..acts {
                let at = self.now + u64::from(below(&mut self.rng, STORY_MILLIS as u32));
                self.schedule(at, Event::Act(phone));
            }
        }
        for (restarts, from_backup) in [(self.faults.relay_restarts, false), (self.faults.relay_restores, true)] {
            for _ in 0..restarts {
                let at = self.now + u64::from(below(&mut self.rng, STORY_MILLIS as u32));
                let back = at + 1 + u64::from(below(&mut self.rng, 60_000));
                self.schedule(at, Event::RelayStops);
                self.schedule(back, Event::RelayStarts(from_backup));
            }
        }
        while let Some(entry) = self.events.first_entry() {
            if entry.key().0 > end {
                break;
            }
            if self.report.events > EVENTS {
                return Err(self.restless());
            }
            self.step()?;
        }
        Ok(())
    }

    /// Stops everything that goes wrong, starts what is down and waits until all is exchanged.
    fn settle(&mut self) -> Result<(), Violation> {
        self.faults = Faults::NONE;
        self.relay.is_up = true;
        for phone in 0..self.phones.len() {
            if self.phones[phone].is_up {
                self.input(phone, Input::Wake(Wake::Online))?;
            } else {
                self.start(phone)?;
            }
        }
        self.run_until_rest(self.now + SETTLE_MILLIS)
    }

    fn run_until_rest(&mut self, deadline: u64) -> Result<(), Violation> {
        let mut steps = 0_u32;
        loop {
            // Looking costs more than a step; what rests, rests still a few steps later.
            if steps.is_multiple_of(8) && self.is_at_rest() {
                return Ok(());
            }
            steps += 1;
            let due = self.events.first_key_value().map(|((at, _), _)| *at);
            if due.is_none_or(|at| at > deadline) || self.report.events > EVENTS {
                return Err(self.restless());
            }
            self.step()?;
        }
    }

    fn restless(&self) -> Violation {
        let describe = |phone: &Phone| format!("{:?}", phone.replica.status());
        Violation::Restless(self.phones.iter().map(describe).collect::<Vec<_>>().join("; "))
    }

    /// Tells whether every phone is up, waits for nothing and holds the same histories as the first.
    fn is_at_rest(&self) -> bool {
        let first = self.phones[0].replica.heads();
        self.phones.iter().all(|phone| {
            phone.is_up && phone.open.is_empty() && phone.replica.status().unsent == 0 && phone.replica.heads() == first
        })
    }

    fn judge(&self) -> Result<(), Violation> {
        let first = &self.phones[0];
        for (number, phone) in self.phones.iter().enumerate() {
            if phone.replica.heads() != first.replica.heads() {
                return Err(Violation::Heads(0, number));
            }
            if shared_part(phone.replica.workspace()) != shared_part(first.replica.workspace()) {
                return Err(Violation::Workspaces(0, number));
            }
            for (address, fact) in &phone.ticked {
                if phone.replica.state_of(address, fact) != Some(RecordState::AtTownship) {
                    return Err(Violation::Unproved(number, address.clone(), fact.clone()));
                }
                if let Some(other) = self.phones.iter().position(|other| !other.replica.has(address, fact)) {
                    return Err(Violation::Missing(other, address.clone(), fact.clone()));
                }
            }
            self.judge_urn(phone)?;
        }
        Ok(())
    }

    /// Checks that no drop that was ticked is gone, and that nothing of a ballot is at the relay before closing.
    fn judge_urn(&self, phone: &Phone) -> Result<(), Violation> {
        let workspace = phone.replica.workspace();
        let Some(meeting) = workspace.meeting(&self.story.meeting) else { return Ok(()) };
        let in_urn = workspace.urns.get(&self.story.meeting).map_or(0, |urn| urn.len());
        let tallied = meeting.urn.tally.standing().first().map(|said| said.value.dropped.values().sum::<u32>());
        let ended = meeting.end_reason().is_some();
        if phone.dropped > in_urn.max(tallied.unwrap_or(0) as usize) && !ended {
            return Err(Violation::UrnShort);
        }
        let is_open = self.story.mode == BallotMode::SecretDevice && tallied.is_none();
        let leaks = |bytes: &[u8]| bytes.windows(4).any(|window| window == [20, 19, 18, 17]);
        if is_open && self.relay.bytes().any(leaks) { Err(Violation::Leaked) } else { Ok(()) }
    }

    fn schedule(&mut self, at: u64, event: Event) {
        self.next_event += 1;
        self.events.insert((at, self.next_event), event);
    }

    fn delay(&mut self) -> u64 {
        1 + self.rng.next_u64() % self.faults.delay_millis
    }

    fn step(&mut self) -> Result<(), Violation> {
        let Some(((at, _), event)) = self.events.pop_first() else { return Ok(()) };
        self.now = self.now.max(at);
        self.report.events += 1;
        match event {
            Event::Input(phone, life, input) => self.input_of(phone, life, input),
            Event::Disk(phone, life, write) => self.disk(phone, life, write),
            Event::Question { phone, life, request, path, token, body } => {
                self.question(phone, life, request, path, token, &body);
                Ok(())
            }
            Event::LineOpens(phone, life, line) => self.line_opens(phone, life, line),
            Event::FrameUp(phone, line, bytes) => {
                self.frame_up(phone, line, &bytes);
                Ok(())
            }
            Event::FrameDown(phone, line, bytes) => match self.phones[phone].line == Some(line) {
                true => self.input(phone, Input::LiveMessage(bytes)),
                false => Ok(()),
            },
            Event::LineEnds(phone, line) => {
                self.relay.close_line(line);
                match self.phones[phone].line.take_if(|open| *open == line) {
                    Some(_) => self.input(phone, Input::LiveClosed),
                    None => Ok(()),
                }
            }
            Event::Act(phone) => self.act(phone),
            Event::Start(phone) if !self.phones[phone].is_up => self.start(phone),
            Event::Start(_) => Ok(()),
            Event::RelayStops => {
                self.relay_stops();
                Ok(())
            }
            Event::RelayStarts(from_backup) => {
                self.report.relay_restarts += 1;
                if from_backup {
                    self.relay_stops();
                    self.relay.restore();
                }
                self.relay.is_up = true;
                Ok(())
            }
        }
    }

    fn relay_stops(&mut self) {
        let ended = self.relay.stop();
        for phone in 0..self.phones.len() {
            if let Some(line) = self.phones[phone].line.filter(|line| ended.contains(line)) {
                let at = self.now + self.delay();
                self.schedule(at, Event::LineEnds(phone, line));
            }
        }
    }

    fn start(&mut self, phone: usize) -> Result<(), Violation> {
        let effects = self.phones[phone].start(self.now);
        if let Some((address, fact)) = self.phones[phone].lost() {
            return Err(Violation::Lost(phone, address, fact));
        }
        self.carry_out(phone, effects)
    }

    fn act(&mut self, phone: usize) -> Result<(), Violation> {
        if !self.phones[phone].is_up {
            return Ok(());
        }
        let workspace = self.phones[phone].replica.workspace().clone();
        match self.story.wish(&workspace, phone == 1, &mut self.rng) {
            Some(command) => self.wish(phone, command),
            None => Ok(()),
        }
    }

    fn wish(&mut self, phone: usize, command: Command) -> Result<(), Violation> {
        let township = |document| Address { scope: ScopeId::Township, document };
        let (address, drops) = match &command {
            Command::SetTownship { .. } => (township(DocumentId::Registry), false),
            Command::AdoptRulebook { .. } => (township(DocumentId::Rulebooks), false),
            Command::ImportRoster { village, .. } => (Address::roster(village), false),
            Command::Meeting(id, command) => {
                (Address::meeting(id), matches!(command, MeetingCommand::DropBallot { .. }))
            }
        };
        let ticket = self.phones[phone].ticket(Wish::Command(address, drops));
        self.input(phone, Input::Command { ticket, command })
    }

    fn input_of(&mut self, phone: usize, life: u32, input: Input) -> Result<(), Violation> {
        if self.phones[phone].life == life { self.input(phone, input) } else { Ok(()) }
    }

    fn input(&mut self, phone: usize, input: Input) -> Result<(), Violation> {
        if !self.phones[phone].is_up {
            return Ok(());
        }
        let effects = self.phones[phone].handle(self.now, input);
        self.carry_out(phone, effects)
    }

    /// Carries out effects one by one; the phone may die after any of them.
    fn carry_out(&mut self, phone: usize, effects: Vec<Effect>) -> Result<(), Violation> {
        let life = self.phones[phone].life;
        for effect in effects {
            self.effect(phone, life, effect);
            if chance(&mut self.rng, self.faults.crash) && self.phones[phone].is_up {
                self.crash(phone);
                return Ok(());
            }
        }
        Ok(())
    }

    fn crash(&mut self, phone: usize) {
        self.report.crashes += 1;
        if let Some(line) = self.phones[phone].line {
            self.relay.close_line(line);
        }
        self.phones[phone].crash();
        // A write under way is on the disk or not; either way nobody was told.
        let under_way = |event: &Event| matches!(event, Event::Disk(of, ..) if *of == phone);
        let keys: Vec<_> = self.events.iter().filter(|(_, event)| under_way(event)).map(|(key, _)| *key).collect();
        for key in keys {
            let reached_the_disk = chance(&mut self.rng, 500);
            if let Some(Event::Disk(_, _, write)) = self.events.remove(&key).filter(|_| reached_the_disk) {
                self.phones[phone].write(write);
            }
        }
        let at = self.now + 1 + u64::from(below(&mut self.rng, 60_000));
        self.schedule(at, Event::Start(phone));
    }

    fn effect(&mut self, phone: usize, life: u32, effect: Effect) {
        match effect {
            Effect::Write(write) => {
                let at = self.now + 1 + self.rng.next_u64() % 20;
                self.schedule(at, Event::Disk(phone, life, write));
            }
            Effect::Read { key } => {
                let value = self.phones[phone].read(&key);
                self.schedule(self.now + 1, Event::Input(phone, life, Input::RowRead { key, value }));
            }
            Effect::Send { request, path, token, body } => {
                let token = token.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Token));
                let copies = 1 + u32::from(chance(&mut self.rng, self.faults.duplication));
                self.report.duplicated += copies as usize - 1;
                for _ in 0..copies {
                    let at = self.now + self.delay();
                    let (token, body) = (token, body.clone());
                    self.schedule(at, Event::Question { phone, life, request, path, token, body });
                }
            }
            Effect::OpenLive => {
                let line = self.next_line;
                self.next_line += 1;
                (self.phones[phone].line, self.phones[phone].line_up, self.phones[phone].line_down) =
                    (Some(line), 0, 0);
                let at = self.now + self.delay();
                self.schedule(at, Event::LineOpens(phone, life, line));
            }
            Effect::LiveSend(bytes) => {
                let Some(line) = self.phones[phone].line else { return };
                let at = (self.now + self.delay()).max(self.phones[phone].line_up);
                self.phones[phone].line_up = at;
                self.frame(phone, line, at, Event::FrameUp(phone, line, bytes));
            }
            Effect::CloseLive => {
                if let Some(line) = self.phones[phone].line.take() {
                    self.relay.close_line(line);
                }
            }
            Effect::TimerAt(at) => {
                let at = self.phones[phone].world(at).max(self.now);
                self.schedule(at, Event::Input(phone, life, Input::Tick));
            }
            Effect::Done { ticket, result } => {
                let Some(wish) = self.phones[phone].open.remove(&ticket) else { return };
                match (result, wish) {
                    (Ok(Outcome::Recorded(facts)), Wish::Command(address, drops)) => {
                        self.report.ticked += 1;
                        self.phones[phone].dropped += usize::from(drops);
                        self.phones[phone].ticked.extend(facts.into_iter().map(|fact| (address.clone(), fact)));
                    }
                    (Ok(_), _) => {}
                    (Err(_), _) => self.report.refused += 1,
                }
            }
            Effect::Changed => {}
        }
    }

    /// Sends a frame, or breaks the connection with it.
    fn frame(&mut self, phone: usize, line: u64, at: u64, event: Event) {
        if chance(&mut self.rng, self.faults.live_breaks) {
            self.report.broken += 1;
            self.schedule(at, Event::LineEnds(phone, line));
        } else {
            self.schedule(at, event);
        }
    }

    fn disk(&mut self, phone: usize, life: u32, write: Write) -> Result<(), Violation> {
        let id = write.id;
        if chance(&mut self.rng, self.faults.write_fails) {
            self.report.write_failures += 1;
            return self.input_of(phone, life, Input::WriteFailed(id, StorageTrouble::Full));
        }
        self.phones[phone].write(write);
        self.input_of(phone, life, Input::Written(id))
    }

    fn question(
        &mut self,
        phone: usize,
        life: u32,
        request: RequestId,
        path: &'static str,
        token: Option<Token>,
        body: &[u8],
    ) {
        let unanswered = Event::Input(phone, life, Input::Unanswered { request });
        if !self.relay.is_up || chance(&mut self.rng, self.faults.loss) {
            self.report.lost += 1;
            self.schedule(self.now + PATIENCE_MILLIS, unanswered);
            return;
        }
        let (status, body, grown) = self.relay.answer(path, token, body, Instant(self.now));
        self.tell_news(&grown);
        if chance(&mut self.rng, self.faults.loss) {
            self.report.lost += 1;
            self.schedule(self.now + PATIENCE_MILLIS, unanswered);
        } else {
            let at = self.now + self.delay();
            self.schedule(at, Event::Input(phone, life, Input::Answered { request, status, body }));
        }
    }

    fn line_opens(&mut self, phone: usize, life: u32, line: u64) -> Result<(), Violation> {
        if self.phones[phone].line != Some(line) || self.phones[phone].life != life {
            return Ok(());
        }
        if !self.relay.is_up || self.faults.no_live {
            self.phones[phone].line = None;
            return self.input(phone, Input::LiveClosed);
        }
        self.relay.open_line(line);
        self.input(phone, Input::LiveOpened)
    }

    fn frame_up(&mut self, phone: usize, line: u64, bytes: &[u8]) {
        if !self.relay.is_up {
            return;
        }
        match self.relay.frame(line, bytes) {
            None => {
                let at = self.now + self.delay();
                self.schedule(at, Event::LineEnds(phone, line));
            }
            Some((answer, grown)) => {
                if let Some(answer) = answer {
                    self.frame_down(phone, line, answer);
                }
                self.tell_news(&grown);
            }
        }
    }

    fn frame_down(&mut self, phone: usize, line: u64, bytes: Vec<u8>) {
        let at = (self.now + self.delay()).max(self.phones[phone].line_down);
        self.phones[phone].line_down = at;
        self.frame(phone, line, at, Event::FrameDown(phone, line, bytes));
    }

    fn tell_news(&mut self, grown: &BTreeSet<ScopeId>) {
        if grown.is_empty() {
            return;
        }
        for (line, bytes) in self.relay.news(grown) {
            if let Some(phone) = self.phones.iter().position(|phone| phone.line == Some(line)) {
                self.frame_down(phone, line, bytes);
            }
        }
    }
}

/// Returns what equal histories must show alike: an urn is one phone's own, and so is knowing oneself.
fn shared_part(workspace: &Workspace) -> Workspace {
    Workspace { urns: BTreeMap::new(), holders: BTreeMap::new(), ..workspace.clone() }
}
