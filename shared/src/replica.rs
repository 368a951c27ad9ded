//! The engine: one input in, effects out.
//!
//! It asks nobody: time, randomness and bytes are arguments, wishes are effects. A wish is answered with
//! [`Effect::Done`] only once storage has confirmed what it changed.

pub mod boundary;
pub mod status;

mod backoff;
mod cursor;
mod deciding;
mod directory;
mod enrolment;
mod exchange;
mod intake;
mod journal;
mod later;
mod link;
mod notary;
mod outbox;
mod points;
mod queue;
mod records;
mod renewing;
mod repair;
mod retelling;
mod rollback;
mod revoking;
mod start;
mod trust;
mod urn;
mod vouches;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rand_core::RngCore;

pub use crate::wire::Refusal;
pub use boundary::{Effect, Founding, Input, InvitationWish, Outcome, Refused, Renewal, RequestId, Ticket, Wake};
pub use status::{
    Contradiction, HeldBatch, KnownDevice, Note, RecordState, RelayStatus, RelayTrouble, RevokedDevice, Standing,
    Status, StorageStatus,
};

use crate::domain::Workspace;
use crate::domain::points::Journal;
use crate::id::{Address, DeviceNumber, DocumentKind, ScopeId, UnitCode};
use crate::identity::batch::ChangeHash;
use crate::identity::{Grant, Holder};
use crate::store::{StorageTrouble, unframe};
use crate::time::{Instant, Quarter};

use cursor::Cursor;
use directory::Directory;
use enrolment::{IDENTITY_KEY, Identity};
use journal::Shelf;
use later::Later;
use link::Link;
use notary::Notary;
use outbox::Outbox;
use queue::{Pending, Queue};
use repair::Repairs;
use retelling::Retelling;
use status::{NOTES, UNKNOWN_NOTES};
use trust::Trust;
use vouches::Vouches;

/// The digits of a division code that name the township.
const TOWNSHIP_DIGITS: usize = 9;

/// What follows once a write is durable.
#[derive(Debug)]
enum After {
    /// A wish is answered.
    Done(Ticket, Outcome),
    /// These changes are on disk.
    Durable(Vec<ChangeHash>),
    /// These batches may be sent.
    Signed(Vec<u32>),
    /// This document's snapshot is to be read back.
    Snapshot(Address),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Loading,
    Unreadable(StorageTrouble),
    Ready,
}

/// One device: its identity, its documents, its conversation with the relay.
///
/// Everything the platform reports goes in through [`Replica::handle`]; everything it has to do comes back.
#[derive(Debug)]
pub struct Replica {
    phase: Phase,
    identity: Option<Identity>,
    /// Drawn at every start, so that a phone whose storage was rolled back does not fork its own history.
    session: u32,
    /// The last number this device gave to a fact.
    counter: u32,
    /// The first number of the block begun after a rollback, while nothing was recorded in it.
    skipped_to: Option<u32>,
    /// Whether the page in hand holds something of this device that its storage did not.
    was_rolled_back: bool,
    /// Documents in which one number of this device stands over two records.
    doubled: BTreeSet<Address>,
    /// The number of the last journal row.
    last_row: u64,
    directory: Directory,
    shelves: BTreeMap<Address, Shelf>,
    later: Later,
    /// Kinds of documents to which this version gives no meaning, beside those that no version has yet.
    unknown: Vec<DocumentKind>,
    /// Documents of points as they were read last, by village and quarter: accounts follow from all of a village's.
    journals: BTreeMap<UnitCode, BTreeMap<Quarter, Journal>>,
    outbox: Outbox,
    cursors: BTreeMap<ScopeId, Cursor>,
    vouches: Vouches,
    repairs: Repairs,
    /// Scopes whose log ended before a cursor that the relay's own receipt proves.
    cut_short: BTreeSet<ScopeId>,
    queue: Queue<After>,
    link: Link,
    trust: Trust,
    retelling: Retelling,
    /// What the relay's clock showed when the page in hand was read, as far as this device knows.
    read_at: Instant,
    notary: Notary,
    /// The last batch seen of each device.
    seen: BTreeMap<DeviceNumber, u32>,
    /// Devices that were invited from here, as they were granted.
    invited: BTreeMap<DeviceNumber, Grant>,
    /// Own changes that storage has not confirmed.
    writing: BTreeSet<ChangeHash>,
    workspace: Arc<Workspace>,
    /// The workspace as it was when storage had confirmed every own record in it.
    proved: Arc<Workspace>,
    status: Status,
    changed: bool,
    timer: Option<Instant>,
}

impl Default for Replica {
    fn default() -> Self {
        Self::new()
    }
}

impl Replica {
    /// Makes a device that has not read its storage yet.
    pub fn new() -> Self {
        Self {
            phase: Phase::Loading,
            identity: None,
            session: 0,
            counter: 0,
            skipped_to: None,
            was_rolled_back: false,
            doubled: BTreeSet::new(),
            last_row: 0,
            directory: Directory::default(),
            shelves: BTreeMap::new(),
            later: Later::default(),
            unknown: Vec::new(),
            journals: BTreeMap::new(),
            outbox: Outbox::default(),
            cursors: BTreeMap::new(),
            vouches: Vouches::default(),
            repairs: Repairs::default(),
            cut_short: BTreeSet::new(),
            queue: Queue::new(),
            link: Link::new(),
            trust: Trust::default(),
            retelling: Retelling::default(),
            read_at: Instant(0),
            notary: Notary::default(),
            seen: BTreeMap::new(),
            invited: BTreeMap::new(),
            writing: BTreeSet::new(),
            workspace: Arc::default(),
            proved: Arc::default(),
            status: Status::default(),
            changed: false,
            timer: None,
        }
    }

    /// Returns everything the device knows, what storage has not confirmed included.
    pub fn workspace(&self) -> &Arc<Workspace> {
        &self.workspace
    }

    /// Returns what pages may show as recorded: nothing of this device that storage has not confirmed.
    pub fn proved(&self) -> &Arc<Workspace> {
        &self.proved
    }

    /// Returns what may be said of storage, relay and own records.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// Returns who holds the device, once it is enrolled.
    pub fn me(&self) -> Option<&Holder> {
        self.identity.as_ref().map(|identity| &identity.holder)
    }

    /// Returns the seed of the authority's key, on the one device that has it, so that it can be kept as a file.
    pub fn authority_seed(&self) -> Option<[u8; 32]> {
        self.identity.as_ref()?.authority_seed()
    }

    /// Takes one input and returns what has to be done about it, in order.
    pub fn handle(&mut self, now: Instant, rng: &mut dyn RngCore, input: Input) -> Vec<Effect> {
        let mut effects = Vec::new();
        match input {
            Input::Loaded(rows) => {
                self.read_at = now;
                self.load(rows, rng);
            }
            Input::LoadFailed(trouble) => self.phase = Phase::Unreadable(trouble),
            Input::Written(id) => {
                let after = self.queue.written(id);
                after.into_iter().for_each(|after| self.follow(after, &mut effects));
            }
            Input::WriteFailed(id, trouble) => self.queue.failed(id, trouble, now, rng),
            Input::RowRead { key, value } => self.row_read(&key, value.as_deref()),
            Input::Enrol { ticket, .. }
            | Input::Found { ticket, .. }
            | Input::Refound { ticket, .. }
            | Input::Invite { ticket, .. }
            | Input::Renew { ticket, .. }
            | Input::Command { ticket, .. }
            | Input::Revoke { ticket, .. }
            | Input::Replace { ticket, .. }
            | Input::Judge { ticket, .. }
                if self.phase != Phase::Ready =>
            {
                effects.push(Effect::Done { ticket, result: Err(Refused::NotLoaded) });
            }
            Input::Enrol { ticket, link } if self.identity.is_some() => {
                let renewed = self.take_renewal(ticket, &link, now);
                self.refuse(ticket, renewed, &mut effects);
            }
            Input::Enrol { ticket, link } => {
                let identity = self.unenrolled().and_then(|()| Identity::enrol(&link, now, rng));
                self.become_device(ticket, identity, Outcome::Enrolled, &mut effects);
            }
            Input::Found { ticket, founding } => {
                let identity = self.unenrolled().and_then(|()| Identity::found(founding, now, rng));
                self.become_device(ticket, identity, Outcome::Founded, &mut effects);
            }
            Input::Refound { ticket, token } => {
                if let Err(refused) = self.refound(ticket, &token) {
                    effects.push(Effect::Done { ticket, result: Err(refused) });
                }
            }
            Input::Invite { ticket, wish } => {
                let invited = self.invite(ticket, wish, Pending::default(), rng);
                self.refuse(ticket, invited, &mut effects);
            }
            Input::Renew { ticket, wish } => {
                let renewed = self.renew(ticket, wish, rng);
                self.refuse(ticket, renewed, &mut effects);
            }
            Input::Revoke { ticket, device, reason } => {
                let revoked = self.revoke_alone(ticket, device, reason, now);
                self.refuse(ticket, revoked, &mut effects);
            }
            Input::Replace { ticket, device, reason, code, take_by, expires } => {
                let replaced = self.replace(ticket, (device, reason), code, (take_by, expires), now, rng);
                self.refuse(ticket, replaced, &mut effects);
            }
            Input::Judge { ticket, batch, accepts } => {
                let judged = self.judge(ticket, batch, accepts, now);
                self.refuse(ticket, judged, &mut effects);
            }
            Input::Command { ticket, command } => {
                let recorded = self.command(ticket, &command, now);
                self.refuse(ticket, recorded, &mut effects);
            }
            Input::Wake(_) => {
                self.trust.ask_again();
                self.retelling.ask_again();
                self.outbox.wake();
                self.link.end_rest();
                self.link.urge();
                // Whoever comes back to the page may have made room.
                self.queue.urge();
            }
            Input::Tick => self.timer = None,
            Input::Answered { request, status, body } => self.answered(request, status, &body, now, rng),
            Input::Unanswered { request } => self.unanswered(request, now, rng),
            Input::LiveOpened => self.link.live_opened(&mut effects),
            Input::LiveMessage(body) => self.live_message(&body, now, rng),
            Input::LiveClosed => self.link.live_closed(now, rng),
        }
        self.settle(now, &mut effects);
        effects
    }

    /// Does what every input may have made possible: write, talk, tell, set the clock.
    fn settle(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        if self.phase == Phase::Ready {
            self.link.wait_until(now, effects);
            if self.repairs.wait_until(now) {
                self.link.want();
            }
            if self.link.is_rested(now) {
                self.outbox.wake();
            }
            // What was taken in goes to disk before more is asked for.
            self.queue.pump(now, effects);
            self.converse(now, effects);
            if self.identity.is_some() {
                self.link.open_live(now, effects);
            }
            self.queue.pump(now, effects);
        }
        let status = self.describe();
        self.changed |= status != self.status;
        // A page shows a record as ticked as soon as it finds it, so it finds it when the disk has it. Storage that
        // fails is told at once, and that something waits.
        let unproved = !self.writing.is_empty();
        if !unproved {
            self.proved = Arc::clone(&self.workspace);
        }
        let hides = unproved && status.storage == StorageStatus::Good;
        self.status = status;
        if self.changed && !hides {
            self.changed = false;
            effects.push(Effect::Changed);
        }
        let others = self.link.due().into_iter().chain([self.repairs.next_due()]);
        let due = others.filter(|_| self.identity.is_some()).chain([self.queue.retry_at()]).flatten();
        // What is due and not done waits for something else than time, an answer or storage, and must not hide what
        // time will bring: storage itself is tried again by it.
        if let Some(due) = due.filter(|due| *due > now).min().filter(|due| self.timer != Some(*due)) {
            self.timer = Some(due);
            effects.push(Effect::TimerAt(due));
        }
    }

    fn describe(&self) -> Status {
        let unsent_by_document = self.unsent();
        Status {
            storage: match self.phase {
                Phase::Loading => StorageStatus::Loading,
                Phase::Unreadable(trouble) => StorageStatus::Unreadable(trouble),
                Phase::Ready => self.queue.status(),
            },
            relay: self.link.status(),
            live: self.link.is_live(),
            later: self.later.count(),
            unsent: unsent_by_document.values().sum(),
            unsent_held: self.unsent_held(),
            unsent_by_document,
            skew_millis: self.link.skew,
            contradictions: self.notary.contradictions(),
            standing: self.trust.standing,
            awaiting: self.trust.fates(Refusal::Held),
            rejected: self.trust.fates(Refusal::Rejected),
            ..self.status.clone()
        }
    }

    fn follow(&mut self, after: After, effects: &mut Vec<Effect>) {
        match after {
            After::Done(ticket, outcome) => effects.push(Effect::Done { ticket, result: Ok(outcome) }),
            After::Durable(hashes) => {
                self.writing.retain(|hash| !hashes.contains(hash));
                self.link.want();
                self.changed = true;
            }
            After::Signed(numbers) => self.link.unwritten.retain(|number| !numbers.contains(number)),
            After::Snapshot(address) => {
                let key = self.shelves.get(&address).and_then(|shelf| shelf.proving_key(&address));
                effects.extend(key.map(|key| Effect::Read { key }));
            }
        }
    }

    /// Compares a snapshot read back with the document it should hold, and only then deletes what it replaces.
    fn row_read(&mut self, key: &str, value: Option<&[u8]>) {
        let proving = self.shelves.iter().find(|(address, shelf)| shelf.proving_key(address).as_deref() == Some(key));
        let Some(address) = proving.map(|(address, _)| address.clone()) else { return };
        let Some(shelf) = self.shelves.get_mut(&address) else { return };
        match shelf.prove(&address, value.and_then(|row| unframe(row).ok())) {
            Ok(deletes) if deletes.is_empty() => {}
            Ok(deletes) => self.queue.push(Pending { deletes, ..Pending::default() }),
            Err(_) => self.note(Note::BadRow(key.to_owned())),
        }
    }

    fn unenrolled(&self) -> Result<(), Refused> {
        if self.identity.is_none() { Ok(()) } else { Err(Refused::AlreadyEnrolled) }
    }

    fn become_device(
        &mut self,
        ticket: Ticket,
        identity: Result<Identity, Refused>,
        outcome: Outcome,
        effects: &mut Vec<Effect>,
    ) {
        match identity {
            Err(refused) => effects.push(Effect::Done { ticket, result: Err(refused) }),
            Ok(identity) => {
                self.directory.meet(&identity.certificate, &identity.authority);
                let mut puts = vec![(IDENTITY_KEY.to_owned(), identity.pack())];
                puts.extend(Directory::row(&identity.certificate));
                self.queue.push(Pending { puts, deletes: Vec::new(), after: vec![After::Done(ticket, outcome)] });
                self.identity = Some(identity);
                self.link.want();
                self.names_changed();
            }
        }
    }

    fn refound(&mut self, ticket: Ticket, token: &str) -> Result<(), Refused> {
        let township = &self.workspace.township;
        // A unit's code begins with its township's.
        let code = township.units.keys().next().and_then(|code| code.as_str().get(..TOWNSHIP_DIGITS));
        let code = code.and_then(|code| UnitCode::new(code).ok()).ok_or(Refused::NotALink)?;
        let name = township.name.clone();
        let identity = self.identity.as_mut().ok_or(Refused::NotEnrolled)?;
        identity.refound(token, code, name)?;
        let row = (IDENTITY_KEY.to_owned(), identity.pack());
        self.queue.push(Pending {
            puts: vec![row],
            deletes: Vec::new(),
            after: vec![After::Done(ticket, Outcome::Founded)],
        });
        self.link.urge();
        Ok(())
    }

    /// Answers a wish that was refused; one that was not is answered once it is durable.
    fn refuse(&self, ticket: Ticket, asked: Result<(), Refused>, effects: &mut Vec<Effect>) {
        if let Err(refused) = asked {
            effects.push(Effect::Done { ticket, result: Err(refused) });
        }
    }

    fn note(&mut self, note: Note) {
        let is_one_more = match &note {
            Note::UnknownFact(of, _) => {
                let of_document = |note: &&Note| matches!(note, Note::UnknownFact(address, _) if address == of);
                self.status.notes.iter().filter(of_document).count() >= UNKNOWN_NOTES
            }
            _ => false,
        };
        if self.status.notes.len() < NOTES && !is_one_more && !self.status.notes.contains(&note) {
            self.status.notes.push(note);
            self.changed = true;
        }
    }
}
