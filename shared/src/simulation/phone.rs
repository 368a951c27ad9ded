//! A phone: the engine, a disk that outlives it, and a holder who remembers what was ticked.

use std::collections::{BTreeMap, BTreeSet};

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use super::judge::content;
use crate::domain::meeting::Urn;
use crate::id::{Address, DeviceCode, DocumentKind, FactId};
use crate::replica::{Effect, Input, RecordState, Replica, Ticket};
use crate::store::{Row, Write};
use crate::time::Instant;

/// What a holder wished for and waits for.
#[derive(Clone, Debug)]
pub(super) enum Wish {
    Enrol,
    /// A command about this document; whether it drops a ballot into the urn.
    Command(Address, bool),
}

/// A fact whose tick was shown, with what it says.
type Ticked = ((Address, FactId), Vec<u8>);

#[derive(Debug)]
pub(super) struct Phone {
    pub replica: Replica,
    rng: ChaCha8Rng,
    pub disk: BTreeMap<String, Vec<u8>>,
    /// How often the program was started; what belongs to an earlier life reaches nobody.
    pub life: u32,
    pub is_up: bool,
    /// Whether the phone broke for good, with all that only it held.
    pub is_gone: bool,
    /// Whether its program is of an earlier version, in which there are no meetings.
    pub is_earlier: bool,
    /// The live connection, if one stands or is being opened.
    pub line: Option<u64>,
    /// The last frame on its way up and down, since frames of one connection stay in order.
    pub line_up: u64,
    pub line_down: u64,
    /// The process of the relay to which its questions go.
    pub front: usize,
    /// This phone's clock less the world's, in milliseconds.
    skew: i64,
    next_ticket: u64,
    pub open: BTreeMap<Ticket, Wish>,
    /// Facts whose tick was shown, with what they say.
    pub ticked: BTreeMap<(Address, FactId), Vec<u8>>,
    /// Facts that a rollback took from the disk and the township had: they have to come back.
    pub owed: BTreeSet<Ticked>,
    /// An earlier copy of the disk.
    copy: Option<BTreeMap<String, Vec<u8>>>,
    /// Facts that the township was proved to have when the disk went back, with what they say; until the next start.
    proved: Option<BTreeSet<Ticked>>,
    /// Ballots whose drop into the urn was ticked.
    pub dropped: usize,
}

impl Phone {
    pub(super) fn new(seed: u64, skew: i64) -> Self {
        Self {
            replica: Replica::new(),
            rng: ChaCha8Rng::seed_from_u64(seed),
            disk: BTreeMap::new(),
            life: 0,
            is_up: false,
            is_gone: false,
            is_earlier: false,
            line: None,
            line_up: 0,
            line_down: 0,
            front: 0,
            skew,
            next_ticket: 1,
            open: BTreeMap::new(),
            ticked: BTreeMap::new(),
            owed: BTreeSet::new(),
            copy: None,
            proved: None,
            dropped: 0,
        }
    }

    /// Returns what this phone's clock shows.
    pub(super) fn clock(&self, now: u64) -> Instant {
        Instant(now.saturating_add_signed(self.skew))
    }

    /// Returns the world's time of a reading of this phone's clock.
    pub(super) fn world(&self, at: Instant) -> u64 {
        at.0.saturating_add_signed(-self.skew)
    }

    pub(super) fn handle(&mut self, now: u64, input: Input) -> Vec<Effect> {
        self.replica.handle(self.clock(now), &mut self.rng, input)
    }

    /// Starts the program with what lies on the disk.
    pub(super) fn start(&mut self, now: u64) -> Vec<Effect> {
        self.life += 1;
        self.is_up = true;
        let unknown: &[DocumentKind] = if self.is_earlier { &[DocumentKind::Meeting] } else { &[] };
        self.replica = Replica::of_earlier(unknown);
        let rows = self.disk.iter().map(|(key, value)| Row { key: key.clone(), value: value.clone() }).collect();
        let effects = self.handle(now, Input::Loaded(rows));
        if let Some(proved) = self.proved.take() {
            self.count_loss(&proved);
        }
        effects
    }

    /// Copies the disk.
    pub(super) fn copy(&mut self) {
        self.copy = Some(self.disk.clone());
    }

    /// Gives the copy out to take the disk's place, if there is one and the program can say what the township has.
    pub(super) fn take_copy(&mut self) -> Option<BTreeMap<String, Vec<u8>>> {
        let copy = self.copy.take().filter(|_| self.is_up)?;
        let at_township = |((address, fact), said): &Ticked| self.is_proved(address, &fact.device, said);
        let ticked = self.ticked.iter().map(|(at, said)| (at.clone(), said.clone()));
        self.proved = Some(ticked.filter(at_township).collect());
        Some(copy)
    }

    /// Tells whether the township was proved to have what was ticked, under whatever number of the device it stands:
    /// a number that was given twice may be there for the other record alone.
    pub(super) fn is_proved(&self, address: &Address, code: &DeviceCode, said: &[u8]) -> bool {
        let facts = self.replica.facts_of(address);
        let mut said = facts.iter().filter(|(fact, bytes)| fact.device == *code && content(bytes) == said);
        said.any(|(fact, _)| self.replica.state_of(address, fact) == Some(RecordState::AtTownship))
    }

    /// Sorts what was ticked into what is still here, what has to come back, and what went with the disk.
    fn count_loss(&mut self, proved: &BTreeSet<Ticked>) {
        for (at, content) in std::mem::take(&mut self.ticked) {
            if self.replica.has(&at.0, &at.1) {
                self.ticked.insert(at, content);
            } else if let Some(proved) = proved.get(&(at, content)) {
                self.owed.insert(proved.clone());
            }
        }
        self.dropped = self.replica.workspace().urns.values().map(Urn::len).sum();
    }

    /// Ends the program at once; memory is gone.
    pub(super) fn crash(&mut self) {
        self.is_up = false;
        self.life += 1;
        self.line = None;
        self.open.clear();
    }

    pub(super) fn ticket(&mut self, wish: Wish) -> Ticket {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        self.open.insert(ticket, wish);
        ticket
    }

    /// Carries out a write as one transaction.
    pub(super) fn write(&mut self, write: Write) {
        for key in write.deletes {
            self.disk.remove(&key);
        }
        self.disk.extend(write.puts.into_iter().map(|row| (row.key, row.value)));
    }

    pub(super) fn read(&self, key: &str) -> Option<Vec<u8>> {
        self.disk.get(key).cloned()
    }

    /// Returns the first ticked fact that the phone no longer has.
    pub(super) fn lost(&self) -> Option<(Address, FactId)> {
        self.ticked.keys().find(|(address, fact)| !self.replica.has(address, fact)).cloned()
    }
}
