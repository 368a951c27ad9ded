//! Writes in the order in which they were asked for, one at a time, each tried until storage takes it.
//!
//! A later row may rest on an earlier one, as a cursor rests on the entries before it; so no write overtakes another.

use std::collections::VecDeque;

use rand_core::RngCore;

use super::backoff::Backoff;
use super::boundary::Effect;
use super::status::StorageStatus;
use crate::store::{Row, StorageTrouble, Write, WriteId, frame};
use crate::time::Instant;

const FIRST_PAUSE_MILLIS: u64 = 500;
const LAST_PAUSE_MILLIS: u64 = 60_000;

/// The most writes that wait before nothing more is asked of the relay: what it told lies in memory alone until then,
/// and a page with the largest entry is half a megabyte.
const WAITING_WRITES: usize = 16;

/// One atomic write and what follows once it is durable.
#[derive(Debug)]
pub(super) struct Pending<T> {
    pub puts: Vec<(String, Vec<u8>)>,
    pub deletes: Vec<String>,
    pub after: Vec<T>,
}

impl<T> Default for Pending<T> {
    fn default() -> Self {
        Self { puts: Vec::new(), deletes: Vec::new(), after: Vec::new() }
    }
}

/// The writes that storage has not confirmed.
#[derive(Debug)]
pub(super) struct Queue<T> {
    next: u64,
    flying: Option<WriteId>,
    waiting: VecDeque<Pending<T>>,
    failing: Option<(StorageTrouble, Instant)>,
    retry_at: Option<Instant>,
    backoff: Backoff,
}

impl<T> Queue<T> {
    pub(super) fn new() -> Self {
        Self {
            next: 1,
            flying: None,
            waiting: VecDeque::new(),
            failing: None,
            retry_at: None,
            backoff: Backoff::new(FIRST_PAUSE_MILLIS, LAST_PAUSE_MILLIS),
        }
    }

    pub(super) fn push(&mut self, write: Pending<T>) {
        self.waiting.push_back(write);
    }

    /// Sends the first waiting write unless one is under way or a failed one pauses.
    pub(super) fn pump(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        if self.flying.is_some() || self.retry_at.is_some_and(|at| now < at) {
            return;
        }
        let Some(write) = self.waiting.front() else { return };
        let id = WriteId(self.next);
        self.next += 1;
        self.flying = Some(id);
        self.retry_at = None;
        let puts = write.puts.iter().map(|(key, value)| Row { key: key.clone(), value: frame(value) }).collect();
        effects.push(Effect::Write(Write { id, puts, deletes: write.deletes.clone() }));
    }

    /// Takes storage's confirmation and returns what follows; nothing for a write that is not under way.
    pub(super) fn written(&mut self, id: WriteId) -> Vec<T> {
        if self.flying != Some(id) {
            return Vec::new();
        }
        self.flying = None;
        self.failing = None;
        self.backoff.succeed();
        self.waiting.pop_front().map(|write| write.after).unwrap_or_default()
    }

    /// Takes storage's refusal: the write stays first and is tried again after a pause.
    pub(super) fn failed(&mut self, id: WriteId, trouble: StorageTrouble, now: Instant, rng: &mut dyn RngCore) {
        if self.flying != Some(id) {
            return;
        }
        self.flying = None;
        let since = self.failing.map_or(now, |(_, since)| since);
        self.failing = Some((trouble, since));
        self.retry_at = Some(self.backoff.fail(now, rng));
    }

    /// Ends the pause after a failure, since something may have changed that the clock does not know of.
    pub(super) fn urge(&mut self) {
        self.retry_at = None;
    }

    /// Tells whether so much waits for storage that nothing more should be asked for.
    pub(super) fn is_behind(&self) -> bool {
        self.waiting.len() >= WAITING_WRITES
    }

    pub(super) fn retry_at(&self) -> Option<Instant> {
        self.retry_at.filter(|_| !self.waiting.is_empty() && self.flying.is_none())
    }

    pub(super) fn status(&self) -> StorageStatus {
        match self.failing {
            Some((trouble, since)) => StorageStatus::Failing { trouble, since, waiting: self.waiting.len() },
            None => StorageStatus::Good,
        }
    }
}
