//! The append-only log of each scope: gapless positions, one digest over everything, acknowledged after the disk has it.
//!
//! [`place`] decides from the answers to its [`questions`], a [`store`] remembers, [`writer`] brings the two together
//! once per group of pushes; [`heads`] and [`tail`] hold where the logs end and what is newest for those who ask.

pub mod place;
pub mod questions;
pub mod store;
pub mod sqlite;
pub mod script;
pub mod postgres;
pub mod writer;
pub mod heads;
pub mod tail;
pub mod page;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shared::id::{Address, DeviceNumber, ScopeId};
use shared::identity::batch::ChangeHash;
use shared::identity::{Digest, PublicKey};
use shared::wire::Refusal;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::error::LogError;
use crate::listeners::Listeners;
use heads::Heads;
use page::Room;
use store::{Place, Settled, Store};
use tail::Tail;
use writer::{If, Order, Settings};

/// The most orders that wait for the writer; beyond, callers wait their turn.
const QUEUE: usize = 1024;

/// Something that a device pushed and that passed every check which needs no log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The document.
    pub address: Address,
    /// The device.
    pub device: DeviceNumber,
    /// The device's number of the batch; 0 for a snapshot.
    pub number: u32,
    /// Certificates that have to stand before it, where the scope lacks them.
    pub before: Vec<Certified>,
    /// The hash of the entry.
    pub hash: Digest,
    /// The entry as it is kept.
    pub bytes: Vec<u8>,
    /// The changes in it, in order.
    pub steps: Vec<Step>,
    /// Those of revoked devices of which nobody says that they were in time: they may be there and must not be new.
    pub past: BTreeSet<ChangeHash>,
}

/// Where one change belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The change.
    pub hash: ChangeHash,
    /// The writer's eight bytes.
    pub actor: [u8; 8],
    /// The place in the writer's row, from 1.
    pub seq: u64,
    /// How many bytes it has.
    pub bytes: u64,
    /// What it rests on.
    pub dependencies: Vec<ChangeHash>,
}

/// A device's certificate, which enters a scope before the device's first batch there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certified {
    /// The device.
    pub device: DeviceNumber,
    /// Its key.
    pub key: PublicKey,
    /// The name by which a log finds it: a certificate that says the same is not placed again.
    pub name: Digest,
    /// The hash of the entry.
    pub hash: Digest,
    /// The entry as it is kept.
    pub bytes: Vec<u8>,
    /// The names under which a revocation of the device would stand, and after it those of whom it rests on.
    pub revocations: Vec<Digest>,
}

impl Certified {
    /// Returns what places the certificate by itself, in a log that lacks it.
    ///
    /// It is refused once a device that it rests on is revoked there.
    pub fn alone(&self, scope: ScopeId) -> PreparedAct {
        let Self { device, name, hash, bytes, revocations, .. } = self.clone();
        PreparedAct { scope, device, name, hash, bytes, revocations, batch: None }
    }
}

/// A decision about a device, or a batch that waits for one, which passed every check that needs no log.
///
/// A certificate that comes by itself is placed in the same way.
#[derive(Clone, Debug)]
pub struct PreparedAct {
    /// The scope in whose log it stands.
    pub scope: ScopeId,
    /// The device whose room it takes.
    pub device: DeviceNumber,
    /// The name by which the log finds it; what stands under it is not placed again.
    pub name: Digest,
    /// The hash by which the log counts it.
    pub hash: Digest,
    /// The entry as it is kept.
    pub bytes: Vec<u8>,
    /// The names under which a revocation of whoever decided would stand.
    pub revocations: Vec<Digest>,
    /// The batch that was accepted, with the certificate that it may need.
    pub batch: Option<(Option<Certified>, Prepared)>,
}

/// Why a batch was not placed.
#[derive(Debug, PartialEq, Eq)]
pub enum Unplaced {
    /// For this reason; it is not kept.
    Refused(Refusal),
    /// Its device, or one that it rests on, is revoked in this log: it comes back to be held.
    Revoked(Box<Prepared>),
}

impl From<Refusal> for Unplaced {
    fn from(reason: Refusal) -> Self {
        Self::Refused(reason)
    }
}

/// How much is held of a device, and of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// How many batches of the device.
    pub batches: u64,
    /// How many bytes of the device.
    pub bytes: u64,
    /// How many bytes the whole log has.
    pub of_all: u64,
}

/// The batches that one device pushes in one request; each is taken or refused by itself.
#[derive(Clone, Debug)]
pub struct Push {
    /// The device's certificate.
    pub certificate: Certified,
    /// The batches.
    pub batches: Vec<Prepared>,
    /// Decisions that stand before them, as a log that is laid again has them.
    pub acts: Vec<PreparedAct>,
}

impl Push {
    /// Returns decisions alone, as a log that is laid again has them; no device stands behind it.
    pub fn of_acts(acts: Vec<PreparedAct>) -> Self {
        let (device, key, none) = (DeviceNumber(0), PublicKey([0; 32]), Digest::EMPTY);
        let (bytes, revocations) = (Vec::new(), Vec::new());
        let certificate = Certified { device, key, name: none, hash: none, bytes, revocations };
        Self { certificate, batches: Vec::new(), acts }
    }
}

/// The end of a scope's log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The position of the last entry; 0 when there is none.
    pub position: u64,
    /// The digest of the log up to and with that entry.
    pub digest: Digest,
}

/// One entry as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The position, from 1.
    pub position: u64,
    /// The device that pushed it.
    pub device: DeviceNumber,
    /// The device's number of the batch; 0 for a certificate or an act.
    pub number: u32,
    /// The digest of the log up to and with this entry.
    pub digest: Digest,
    /// The entry.
    pub bytes: Vec<u8>,
}

/// The log of every scope of one relay.
#[derive(Clone, Debug)]
pub struct Log {
    orders: mpsc::Sender<Order>,
    heads: Heads,
    tail: Tail,
    settled: Settled,
    store: Store,
}

impl Log {
    /// Opens the store, making what is missing, and starts its one writer.
    ///
    /// The listeners of a scope are woken when it has new entries, after they are durable. The writer ends when the
    /// last clone of the log is gone; the handle waits for that.
    pub async fn open(place: Place<'_>, listeners: Arc<Listeners>) -> Result<(Self, JoinHandle<()>), LogError> {
        let (store, pen) = Store::open(place).await?;
        let (heads, tail) = (Heads::default(), Tail::default());
        store.settle_doubt(&heads).await?;
        let settled = Settled::default();
        let hearing = store.hear(&heads, &tail, &listeners, &settled);
        let (orders, received) = mpsc::channel(QUEUE);
        let log = Self { orders, heads, tail, settled, store };
        let (of_store, of_memory) = ((log.store.clone(), pen), (log.heads.clone(), log.tail.clone()));
        let writer = tokio::spawn(async move {
            writer::run(of_store, received, of_memory, listeners).await;
            if let Some(hearing) = hearing {
                hearing.abort();
            }
        });
        Ok((log, writer))
    }

    /// Keeps the batches of a push, and answers for each once it is durable.
    pub async fn push(&self, push: Push) -> Result<Vec<Result<(), Unplaced>>, LogError> {
        self.order(|reply| Order::Push(push, reply)).await
    }

    /// Keeps a decision, and with an acceptance its batch, and answers once it is durable.
    pub async fn act(&self, act: PreparedAct) -> Result<Result<(), Refusal>, LogError> {
        self.order(|reply| Order::Act(Box::new(act), reply)).await
    }

    /// Returns the entry that stands in a scope under the name of a certificate or an act.
    pub async fn named(&self, scope: &ScopeId, name: &Digest) -> Result<Option<Vec<u8>>, LogError> {
        self.store.named(scope, name).await
    }

    /// Returns how much of a scope's log are entries of a device that are no batches of its own.
    pub async fn weight(&self, scope: &ScopeId, device: DeviceNumber) -> Result<Weight, LogError> {
        self.store.weight(scope, device).await
    }

    /// Returns the key that a device number is bound to.
    pub async fn bound(&self, device: DeviceNumber) -> Result<Option<PublicKey>, LogError> {
        self.store.bound(device).await
    }

    /// Binds a device number to the key that took its invitation up; false if another key did so before.
    pub async fn enrol(&self, device: DeviceNumber, key: PublicKey) -> Result<bool, LogError> {
        self.order(|reply| Order::Enrol(device, key, reply)).await
    }

    /// Keeps the first batches and settings of a township, all or none.
    pub async fn lay(&self, pushes: Vec<Push>, settings: Settings) -> Result<(), LogError> {
        self.order(|reply| Order::Lay(pushes, settings, reply)).await
    }

    /// Keeps settings of the township, all or none; none and false where the condition does not hold.
    pub async fn settle(&self, condition: If, settings: Settings) -> Result<bool, LogError> {
        self.order(|reply| Order::Settle(condition, settings, reply)).await
    }

    /// Returns a setting of the township.
    pub async fn setting(&self, name: &'static str) -> Result<Option<Vec<u8>>, LogError> {
        self.store.setting(name).await
    }

    /// Returns whether another relay on the same store may have kept a setting since this was asked last.
    ///
    /// While this relay does not hear the others, that is always so.
    pub fn may_be_settled_elsewhere(&self) -> bool {
        self.settled.take() || self.heads.doubted().is_some()
    }

    /// Asks for the settings to be read again.
    pub fn doubt_settings(&self) {
        self.settled.tell();
    }

    /// Returns the end of a scope's log.
    ///
    /// `seen` is a position that the asker has seen: where it lies beyond what memory knows, the store is asked.
    pub async fn head(&self, scope: &ScopeId, seen: u64) -> Result<Head, LogError> {
        match self.heads.of(scope) {
            Some(head) if seen <= head.position => Ok(head),
            _ => self.store.head(scope).await,
        }
    }

    /// Returns the digest of a scope's log up to a position, or nothing where the log ends before it.
    pub async fn digest(&self, scope: &ScopeId, position: u64) -> Result<Option<Digest>, LogError> {
        let Some(before) = position.checked_sub(1) else { return Ok(Some(Digest::EMPTY)) };
        let found = self.store.entries(scope, before, 1).await?;
        Ok(found.first().map(|kept| kept.digest))
    }

    /// Returns so many entries after a position, from the store.
    pub async fn entries(&self, scope: &ScopeId, after: u64, count: usize) -> Result<Vec<Kept>, LogError> {
        self.store.entries(scope, after, count).await
    }

    /// Returns where every log ends, from the store.
    pub async fn ends(&self) -> Result<BTreeMap<ScopeId, Head>, LogError> {
        self.store.heads().await
    }

    /// Returns every writer's row of a document with its last place.
    pub async fn writers(&self, address: &Address) -> Result<Vec<([u8; 8], u64)>, LogError> {
        self.store.writers(address).await
    }

    /// Returns how many scopes have a log, and how many entries all of them hold.
    pub fn extent(&self) -> (usize, u64) {
        self.heads.extent()
    }

    /// Returns how many orders wait for the writer.
    pub fn waiting(&self) -> usize {
        self.orders.max_capacity() - self.orders.capacity()
    }

    /// Returns the entries after a position while they fit into so many bytes.
    ///
    /// `at_least_one` ignores the bytes once; entries that are `own` take no room.
    pub async fn page(
        &self,
        scope: &ScopeId,
        after: u64,
        bytes: usize,
        at_least_one: bool,
        own: impl Fn(DeviceNumber, u32) -> bool,
    ) -> Result<Vec<Kept>, LogError> {
        let room = Room { left: bytes, at_least_one };
        match self.tail.page(scope, after, room, &own) {
            Some(page) => Ok(page),
            None => page::read(&self.store, scope, after, room, own).await,
        }
    }

    async fn order<T>(&self, order: impl FnOnce(oneshot::Sender<T>) -> Order) -> Result<T, LogError> {
        let (reply, answer) = oneshot::channel();
        self.orders.send(order(reply)).await.map_err(|_| LogError::NotKept)?;
        answer.await.map_err(|_| LogError::NotKept)
    }
}
