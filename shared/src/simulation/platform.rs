//! What a phone's wishes come to: disks, lines and questions, and everything that goes wrong with them.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_core::RngCore;

use super::Violation;
use super::faults::{below, chance};
use super::judge::content;
use super::model::Front;
use super::phone::Wish;
use super::world::{Event, World};
use crate::id::ScopeId;
use crate::replica::{Effect, Input, Outcome, RequestId};
use crate::store::{StorageTrouble, Write};
use crate::time::Instant;
use crate::wire::Token;

/// How long a phone waits for an answer that never comes, in milliseconds.
const PATIENCE_MILLIS: u64 = 30_000;

impl World {
    /// Carries out effects one by one; the phone may die after any of them.
    pub(super) fn carry_out(&mut self, phone: usize, effects: Vec<Effect>) -> Result<(), Violation> {
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

    pub(super) fn crash(&mut self, phone: usize) {
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

    pub(super) fn effect(&mut self, phone: usize, life: u32, effect: Effect) {
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
                        for fact in facts {
                            let said = self.phones[phone].replica.values_of(&address, &fact);
                            // A number that was given twice by then holds what was said under it among others.
                            let said = said.last().map(|bytes| content(bytes)).unwrap_or_default();
                            self.phones[phone].ticked.insert((address.clone(), fact), said);
                        }
                    }
                    (Ok(_), _) => {}
                    (Err(_), _) => self.report.refused += 1,
                }
            }
            Effect::Changed => {}
        }
    }

    /// Sends a frame, or breaks the connection with it.
    pub(super) fn frame(&mut self, phone: usize, line: u64, at: u64, event: Event) {
        if chance(&mut self.rng, self.faults.live_breaks) {
            self.report.broken += 1;
            self.schedule(at, Event::LineEnds(phone, line));
        } else {
            self.schedule(at, event);
        }
    }

    pub(super) fn disk(&mut self, phone: usize, life: u32, write: Write) -> Result<(), Violation> {
        let id = write.id;
        if chance(&mut self.rng, self.faults.write_fails) {
            self.report.write_failures += 1;
            return self.input_of(phone, life, Input::WriteFailed(id, StorageTrouble::Full));
        }
        self.phones[phone].write(write);
        self.input_of(phone, life, Input::Written(id))
    }

    pub(super) fn question(
        &mut self,
        phone: usize,
        life: u32,
        request: RequestId,
        path: &'static str,
        token: Option<Token>,
        body: &[u8],
    ) {
        let unanswered = Event::Input(phone, life, Input::Unanswered { request });
        let front = self.front_of(phone);
        if !self.relay.fronts[front].is_up || chance(&mut self.rng, self.faults.loss) {
            self.report.lost += 1;
            self.schedule(self.now + PATIENCE_MILLIS, unanswered);
            return;
        }
        let (status, body, grown) = self.relay.answer(front, path, token, body, Instant(self.now));
        self.tell_news(&grown);
        if chance(&mut self.rng, self.faults.loss) {
            self.report.lost += 1;
            self.schedule(self.now + PATIENCE_MILLIS, unanswered);
        } else {
            let at = self.now + self.delay();
            self.schedule(at, Event::Input(phone, life, Input::Answered { request, status, body }));
        }
    }

    pub(super) fn line_opens(&mut self, phone: usize, life: u32, line: u64) -> Result<(), Violation> {
        if self.phones[phone].line != Some(line) || self.phones[phone].life != life {
            return Ok(());
        }
        let front = self.front_of(phone);
        let Front { is_up, speaks_later, .. } = self.relay.fronts[front];
        if !is_up || speaks_later || self.faults.no_live {
            self.phones[phone].line = None;
            return self.input(phone, Input::LiveClosed);
        }
        self.relay.open_line(front, line);
        self.input(phone, Input::LiveOpened)
    }

    pub(super) fn frame_up(&mut self, phone: usize, line: u64, bytes: &[u8]) {
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

    pub(super) fn frame_down(&mut self, phone: usize, line: u64, bytes: Vec<u8>) {
        let at = (self.now + self.delay()).max(self.phones[phone].line_down);
        self.phones[phone].line_down = at;
        self.frame(phone, line, at, Event::FrameDown(phone, line, bytes));
    }

    pub(super) fn tell_news(&mut self, grown: &BTreeSet<ScopeId>) {
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
