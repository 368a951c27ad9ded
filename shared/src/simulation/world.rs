//! One clock and a queue of events: who is there, what they try, and when a run is over.

use std::collections::BTreeMap;
use std::sync::Arc;

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

use super::faults::{Faults, below, chance};
use super::hostile::Hostile;
use super::model::{Loss, Relay};
use super::phone::{Phone, Wish};
use super::story::Story;
use super::{Report, Violation};
use crate::domain::command::{Command, MeetingCommand};
use crate::domain::decide::points;
use crate::id::{Address, DeviceCode, DeviceNumber, DocumentId, PersonId, ScopeId};
use crate::identity::invitation::Terms;
use crate::identity::{Certificate, DeviceKey, Invitation};
use crate::replica::{Input, RelayStatus, RequestId, Wake};
use crate::role::Role;
use crate::store::Write;
use crate::time::Instant;
use crate::wire::Token;

/// The most phones of a run, the office's included.
const PHONES: u32 = 8;
/// The most processes that answer from the one store.
const FRONTS: u32 = 3;
/// When the first event of a run happens: a morning in November 2026.
const BEGIN_MILLIS: u64 = 1_795_399_200_000;
/// How long people try things, in milliseconds.
const STORY_MILLIS: u64 = 600_000;
/// How long everything may take to settle once nothing goes wrong any more, in milliseconds.
const SETTLE_MILLIS: u64 = 3_600_000;
/// The most events of one run: far more than any that settles.
const EVENTS: usize = 20_000;

/// Something that happens at an instant.
#[derive(Debug)]
pub(super) enum Event {
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
    /// Somebody copies a phone's storage.
    Copies(usize),
    /// The copy takes the storage's place.
    RollsBack(usize),
    /// A process of the relay stops.
    RelayStops(usize),
    /// A process of the relay starts, having lost something or not, in a later version, an earlier one or this one.
    RelayStarts(usize, Loss, bool, bool),
    /// A device of a later version puts an entry into a log that the phones cannot read.
    Later,
    /// Somebody pushes what must not be taken.
    Attack,
    /// A phone breaks for good.
    Breaks(usize),
}

/// Everything there is in one run.
#[derive(Debug)]
pub(super) struct World {
    pub(super) rng: ChaCha8Rng,
    pub(super) now: u64,
    pub(super) events: BTreeMap<(u64, u64), Event>,
    pub(super) next_event: u64,
    pub(super) next_line: u64,
    pub(super) faults: Faults,
    pub(super) phones: Vec<Phone>,
    pub(super) relay: Relay,
    pub(super) hostile: Hostile,
    pub(super) links: Vec<String>,
    pub(super) story: Story,
    pub(super) report: Report,
    /// Since when nothing goes wrong; a phone rests only once it has compared itself with the relay after that.
    calm: u64,
}

impl World {
    pub(super) fn new(seed: u64) -> Result<Self, Violation> {
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
            let skew = match chance(&mut rng, 100) {
                true => i64::from(below(&mut rng, 6 * 365)) * 86_400_000 - 3 * 365 * 86_400_000,
                false => i64::from(below(&mut rng, 240_000)) - 120_000,
            };
            // The office and the chair make the meeting; an earlier version has none.
            let is_earlier = number > 1 && chance(&mut rng, 150);
            let mut phone = Phone::new(rng.next_u64(), skew);
            phone.is_earlier = is_earlier;
            phones.push(phone);
        }
        let hostile = Hostile::new(&authority, &story.village)?;
        let fronts = 1 + below(&mut rng, FRONTS) as usize;
        Ok(Self {
            rng,
            now: BEGIN_MILLIS,
            events: BTreeMap::new(),
            next_event: 0,
            next_line: 1,
            faults: Faults::NONE,
            phones,
            relay: Relay::new(authority.public(), fronts),
            hostile,
            links,
            story,
            report: Report::default(),
            calm: BEGIN_MILLIS,
        })
    }

    /// Enrols every phone and lets the office's first records reach them, with nothing going wrong.
    pub(super) fn begin(&mut self) -> Result<(), Violation> {
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
    pub(super) fn tell(&mut self) -> Result<(), Violation> {
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
        for (restarts, loses) in [(self.faults.relay_restarts, false), (self.faults.relay_losses, true)] {
            for _ in 0..restarts {
                let losses = [Loss::Restored, Loss::Cut, Loss::Wiped];
                let loss = if loses { losses[below(&mut self.rng, 3) as usize] } else { Loss::Nothing };
                let at = self.now + u64::from(below(&mut self.rng, STORY_MILLIS as u32));
                let back = at + 1 + u64::from(below(&mut self.rng, 60_000));
                let (front, speaks_later) = (self.front(), chance(&mut self.rng, 200));
                let is_earlier = !speaks_later && chance(&mut self.rng, 200);
                self.schedule(at, Event::RelayStops(front));
                self.schedule(back, Event::RelayStarts(front, loss, speaks_later, is_earlier));
            }
        }
        for _ in 0..self.faults.phone_rollbacks {
            let phone = below(&mut self.rng, self.phones.len() as u32) as usize;
            let after = below(&mut self.rng, STORY_MILLIS as u32);
            let back = after + below(&mut self.rng, STORY_MILLIS as u32 - after);
            self.schedule(self.now + u64::from(after), Event::Copies(phone));
            self.schedule(self.now + u64::from(back), Event::RollsBack(phone));
        }
        for _ in 0..self.faults.attacks {
            let at = self.now + u64::from(below(&mut self.rng, STORY_MILLIS as u32));
            self.schedule(at, Event::Attack);
        }
        for _ in 0..self.faults.later_entries {
            let at = self.now + u64::from(below(&mut self.rng, STORY_MILLIS as u32));
            self.schedule(at, Event::Later);
        }
        // The office and the chair stay, or there would be no story.
        for phone in (2..self.phones.len()).rev().take(self.faults.gone as usize) {
            let at = self.now + u64::from(below(&mut self.rng, STORY_MILLIS as u32));
            self.schedule(at, Event::Breaks(phone));
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
    pub(super) fn settle(&mut self) -> Result<(), Violation> {
        self.faults = Faults::NONE;
        self.calm = self.now;
        for front in &mut self.relay.fronts {
            (front.is_up, front.speaks_later, front.is_earlier) = (true, false, false);
        }
        for phone in 0..self.phones.len() {
            if self.phones[phone].is_gone {
                continue;
            }
            if self.phones[phone].is_earlier {
                self.crash(phone);
                self.update(phone);
            }
            if self.phones[phone].is_up {
                self.input(phone, Input::Wake(Wake::Online))?;
            } else {
                self.start(phone)?;
            }
        }
        self.run_until_rest(self.now + SETTLE_MILLIS)
    }

    pub(super) fn run_until_rest(&mut self, deadline: u64) -> Result<(), Violation> {
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

    pub(super) fn restless(&self) -> Violation {
        let first = self.phones[0].replica.heads();
        let describe = |(number, phone): (usize, &Phone)| {
            let heads = phone.replica.heads();
            let other: Vec<String> =
                heads.keys().filter(|at| heads.get(at) != first.get(at)).map(ToString::to_string).collect();
            let repairing = phone.replica.is_repairing();
            format!("phone {number}: repairing {repairing}, differs in {other:?}, {:?}", phone.replica.status())
        };
        Violation::Restless(self.living().map(describe).collect::<Vec<_>>().join("; "))
    }

    /// Tells whether every phone is up, waits for nothing and holds the same histories as the first.
    pub(super) fn is_at_rest(&self) -> bool {
        let first = self.phones[0].replica.heads();
        let later = self.later_entries();
        self.living().all(|(_, phone)| {
            let status = phone.replica.status();
            // Equal histories may all lack what the relay has, when every phone was rolled back.
            let is_compared = match status.relay {
                RelayStatus::UpToDate { at } => phone.world(at) >= self.calm,
                _ => false,
            };
            phone.is_up
                && !phone.replica.is_repairing()
                && phone.open.is_empty()
                && status.unsent == 0
                && is_compared
                // An answer that was on its way when all became calm may be older than the log's last entries.
                && status.later >= later
                && phone.replica.heads() == first
        })
    }

    /// Returns the phones that are not gone, by number.
    pub(super) fn living(&self) -> impl Iterator<Item = (usize, &Phone)> {
        self.phones.iter().enumerate().filter(|(_, phone)| !phone.is_gone)
    }

    pub(super) fn schedule(&mut self, at: u64, event: Event) {
        self.next_event += 1;
        self.events.insert((at, self.next_event), event);
    }

    pub(super) fn delay(&mut self) -> u64 {
        1 + self.rng.next_u64() % self.faults.delay_millis
    }

    pub(super) fn step(&mut self) -> Result<(), Violation> {
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
            Event::Copies(phone) => {
                self.phones[phone].copy();
                Ok(())
            }
            Event::RollsBack(phone) => {
                if let Some(copy) = self.phones[phone].take_copy() {
                    self.report.rollbacks += 1;
                    self.crash(phone);
                    self.phones[phone].disk = copy;
                }
                Ok(())
            }
            Event::Act(phone) => self.act(phone),
            Event::Breaks(phone) => {
                self.report.gone += 1;
                self.crash(phone);
                self.phones[phone].is_gone = true;
                Ok(())
            }
            Event::Start(phone) if !self.phones[phone].is_up && !self.phones[phone].is_gone => {
                if chance(&mut self.rng, 500) {
                    self.update(phone);
                }
                self.start(phone)
            }
            Event::Start(_) => Ok(()),
            Event::RelayStops(front) => {
                self.relay_stops(front);
                Ok(())
            }
            Event::Later => self.later(),
            Event::RelayStarts(front, loss, speaks_later, is_earlier) => {
                // Once nothing goes wrong any more, nothing is lost and every process speaks as the phones do.
                let is_calm = self.faults == Faults::NONE;
                let (loss, speaks_later) = (if is_calm { Loss::Nothing } else { loss }, speaks_later && !is_calm);
                self.report.relay_restarts += 1;
                if loss != Loss::Nothing {
                    self.report.relay_losses += 1;
                    for front in 0..self.relay.fronts.len() {
                        self.relay_stops(front);
                        self.relay.fronts[front].is_up = true;
                    }
                    self.relay.lose(loss);
                }
                self.report.later_versions += usize::from(speaks_later);
                self.relay.fronts[front].is_up = true;
                self.relay.fronts[front].speaks_later = speaks_later;
                self.relay.fronts[front].is_earlier = is_earlier && !is_calm;
                Ok(())
            }
            Event::Attack => self.attack(),
        }
    }

    /// Returns the process to which a phone's questions go: mostly the one as before, since whoever stands before the
    /// processes keeps an address with one of them, and another when that one is down or for no reason.
    pub(super) fn front_of(&mut self, phone: usize) -> usize {
        let front = self.phones[phone].front;
        if !self.relay.fronts[front].is_up || chance(&mut self.rng, 30) {
            self.phones[phone].front = self.front();
        }
        front
    }

    /// Gives a phone that is down the newer program, if it has an earlier one.
    fn update(&mut self, phone: usize) {
        if std::mem::take(&mut self.phones[phone].is_earlier) {
            self.report.updates += 1;
        }
    }

    /// Draws a process.
    pub(super) fn front(&mut self) -> usize {
        below(&mut self.rng, self.relay.fronts.len() as u32) as usize
    }

    pub(super) fn relay_stops(&mut self, front: usize) {
        let ended = self.relay.stop(front);
        for phone in 0..self.phones.len() {
            if let Some(line) = self.phones[phone].line.filter(|line| ended.contains(line)) {
                let at = self.now + self.delay();
                self.schedule(at, Event::LineEnds(phone, line));
            }
        }
    }

    pub(super) fn start(&mut self, phone: usize) -> Result<(), Violation> {
        let effects = self.phones[phone].start(self.now);
        if let Some((address, fact)) = self.phones[phone].lost() {
            return Err(Violation::Lost(phone, address, fact));
        }
        self.carry_out(phone, effects)
    }

    pub(super) fn act(&mut self, phone: usize) -> Result<(), Violation> {
        if !self.phones[phone].is_up || self.phones[phone].is_earlier {
            return Ok(());
        }
        let workspace = self.phones[phone].replica.workspace().clone();
        match self.story.wish(&workspace, phone == 1, &mut self.rng) {
            Some(command) => self.wish(phone, command),
            None => Ok(()),
        }
    }

    pub(super) fn wish(&mut self, phone: usize, command: Command) -> Result<(), Violation> {
        let township = |document| Address { scope: ScopeId::Township, document };
        let (address, drops) = match &command {
            Command::SetTownship { .. } => (township(DocumentId::Registry), false),
            Command::AdoptRulebook { .. } | Command::AdoptPointsRule { village: None, .. } => {
                (township(DocumentId::Rulebooks), false)
            }
            Command::AdoptPointsRule { village: Some(village), .. } => {
                let scope = ScopeId::Village(village.clone());
                (Address { scope, document: DocumentId::Rulebooks }, false)
            }
            Command::Points(village, command) => (points::address(village, command.today), false),
            Command::ImportRoster { village, .. } | Command::People(village, _) => (Address::roster(village), false),
            Command::Meeting(id, command) => {
                (Address::meeting(id), matches!(command, MeetingCommand::DropBallot { .. }))
            }
            Command::Posts(village, command) => {
                let workspace = self.phones[phone].replica.workspace();
                let posts = workspace.villages.get(village).map(|village| Arc::clone(&village.posts));
                match command.address(village, &posts.unwrap_or_default()) {
                    Some(address) => (address, false),
                    None => return Ok(()),
                }
            }
            Command::Register(command) => {
                let person = self.phones[phone].replica.me().map(|me| me.person.clone());
                match person.and_then(|person| command.address(&person)) {
                    Some(address) => (address, false),
                    None => return Ok(()),
                }
            }
            Command::Assessment(quarter, command) => match self.phones[phone].replica.me() {
                Some(me) => (command.address(*quarter, &me.person), false),
                None => return Ok(()),
            },
            Command::Flag(command) => (command.address(), false),
        };
        let ticket = self.phones[phone].ticket(Wish::Command(address, drops));
        self.input(phone, Input::Command { ticket, command })
    }

    pub(super) fn input_of(&mut self, phone: usize, life: u32, input: Input) -> Result<(), Violation> {
        if self.phones[phone].life == life { self.input(phone, input) } else { Ok(()) }
    }

    pub(super) fn input(&mut self, phone: usize, input: Input) -> Result<(), Violation> {
        if !self.phones[phone].is_up {
            return Ok(());
        }
        let effects = self.phones[phone].handle(self.now, input);
        self.carry_out(phone, effects)
    }
}
