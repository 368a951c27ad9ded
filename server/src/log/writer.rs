//! The one writer: takes every order that waits, carries them out in one transaction, and answers after the commit.
//!
//! Being alone it is the lock of every scope, so that positions have no gap and no reader's cursor can pass a
//! slower writer. Being fed in groups it pays for one flush of the disk where many wait.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use shared::document::change::genesis_hash;
use shared::id::{DeviceNumber, DocumentKind};
use shared::identity::PublicKey;
use shared::identity::batch::ChangeHash;
use shared::wire::Refusal;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout};

use super::heads::Heads;
use super::place::{Known, Row, Rows};
use super::questions::Questions;
use super::store::{Pen, Store, Writing};
use super::tail::Tail;
use super::{Certified, Prepared, PreparedAct, Push, Unplaced};
use crate::error::LogError;
use crate::listeners::Listeners;

/// The most orders in one transaction, so that nobody waits for everybody.
const GROUP_ORDERS: usize = 512;
/// The most changes in one transaction, for the same reason.
const GROUP_CHANGES: usize = 8192;

/// How long a busy writer lets orders gather: a group costs one flush of the disk and four changes of thread whatever its
/// size, and a phone waits longer than this for the network.
const GATHERING: Duration = Duration::from_millis(5);
/// How soon after a group the next one counts as busy; whoever comes alone is served at once.
const BUSY: Duration = Duration::from_millis(50);

/// What became of each batch of a push.
type Placed = Vec<Result<(), Unplaced>>;
/// Settings of the township by name; nothing removes one.
pub type Settings = Vec<(&'static str, Option<Vec<u8>>)>;
type Reply<T> = oneshot::Sender<T>;

/// What must hold for settings to be kept; nobody can change it between the look and the commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum If {
    /// Nothing.
    Always,
    /// None of these settings is there.
    Missing(&'static [&'static str]),
    /// A setting has this value.
    Is(&'static str, Vec<u8>),
}

/// Something the writer is asked to do.
#[derive(Debug)]
pub enum Order {
    /// Keep the batches of a push.
    Push(Push, Reply<Placed>),
    /// Keep a decision.
    Act(Box<PreparedAct>, Reply<Result<(), Refusal>>),
    /// Lay the beginning of a township: its first batches and settings, all or none.
    Lay(Vec<Push>, Settings, Reply<()>),
    /// Bind a device number to a key.
    Enrol(DeviceNumber, PublicKey, Reply<bool>),
    /// Keep or remove settings of the township, if it is so.
    Settle(If, Settings, Reply<bool>),
}

/// An answer that waits for the commit.
enum Answer {
    Push(Placed, Reply<Placed>),
    Act(Result<(), Refusal>, Reply<Result<(), Refusal>>),
    YesOrNo(bool, Reply<bool>),
    Done(Reply<()>),
}

/// Carries out orders until nobody is left to give any.
pub async fn run(
    (store, mut pen): (Store, Pen),
    mut orders: mpsc::Receiver<Order>,
    (heads, tail): (Heads, Tail),
    listeners: Arc<Listeners>,
) {
    let mut genesis = BTreeMap::new();
    let mut held = None;
    let mut served: Option<Instant> = None;
    while let Some(first) = match held.take() {
        Some(order) => Some(order),
        None => orders.recv().await,
    } {
        if served.is_some_and(|served| served.elapsed() < BUSY) {
            sleep(GATHERING).await;
        }
        let mut size = first.changes();
        let mut group = vec![first];
        while group.len() < GROUP_ORDERS
            && let Ok(order) = orders.try_recv()
        {
            size += order.changes();
            if size > GROUP_CHANGES {
                held = Some(order);
                break;
            }
            group.push(order);
        }
        settle_doubt(&store, &heads).await;
        let patience = pen.patience();
        let carried = carry_out(&mut pen, &heads, &mut genesis, group);
        let carried = match patience {
            Some(patience) => timeout(patience, carried).await.unwrap_or(Err(LogError::Silent)),
            None => carried.await,
        };
        match carried {
            Ok((answers, Rows { entries, heads: moved, .. })) => {
                // Before the heads: who sees that a log has grown finds here what has come.
                tail.extend(entries.into_iter().map(Row::kept));
                heads.advance(moved.clone());
                answers.into_iter().for_each(Answer::send);
                moved.keys().for_each(|scope| listeners.wake(scope));
            }
            Err(error) => {
                tracing::error!(%error, "a group of pushes could not be kept");
                // A commit that failed may have reached the disk all the same: the disk says where the logs end.
                pen.give_up();
                heads.doubt();
                tail.clear();
                settle_doubt(&store, &heads).await;
            }
        }
        served = Some(Instant::now());
    }
    if let Err(error) = pen.close().await {
        tracing::error!(%error, "the database could not be closed");
    }
}

/// Asks the store where the logs end, where memory does not know.
async fn settle_doubt(store: &Store, heads: &Heads) {
    if let Err(error) = store.settle_doubt(heads).await {
        tracing::error!(%error, "the ends of the logs could not be read");
    }
}

/// Carries out a group in one transaction; where it fails the orders are dropped, which their callers see.
async fn carry_out(
    pen: &mut Pen,
    heads: &Heads,
    genesis: &mut BTreeMap<DocumentKind, Option<ChangeHash>>,
    group: Vec<Order>,
) -> Result<(Vec<Answer>, Rows), LogError> {
    let mut writing = pen.begin().await?;
    let mut known = {
        let pushes = group.iter().flat_map(Order::pushes);
        let pushed = pushes.flat_map(|push| push.batches.iter().map(|batch| (Some(&push.certificate), batch)));
        let acts: Vec<&PreparedAct> = group.iter().flat_map(Order::acts).collect();
        let accepted = acts.iter().filter_map(|act| act.batch.as_ref());
        let accepted = accepted.map(|(certificate, batch)| (certificate.as_ref(), batch));
        let batches: Vec<(Option<&Certified>, &Prepared)> = pushed.chain(accepted).collect();
        let mut known = if batches.is_empty() && acts.is_empty() {
            Known::default()
        } else {
            writing.known(&Questions::of(&batches, &acts), heads).await?
        };
        for (_, batch) in batches {
            let kind = batch.address.document.kind();
            if let Some(hash) = genesis.entry(kind).or_insert_with(|| genesis_hash(kind)) {
                known.changes.insert((batch.address.clone(), *hash));
            }
        }
        known
    };
    let enrolled: Vec<(DeviceNumber, PublicKey)> = group.iter().filter_map(Order::enrols).collect();
    let bound = if enrolled.is_empty() { BTreeMap::new() } else { writing.enrol(&enrolled).await? };
    let mut rows = Rows::default();
    let mut answers = Vec::with_capacity(group.len());
    for order in group {
        answers.push(match order {
            Order::Push(Push { certificate, batches, .. }, reply) => {
                let placed = batches.into_iter().map(|batch| match known.is_barred(&certificate, &batch) {
                    true => Err(Unplaced::Revoked(Box::new(batch))),
                    false => Ok(known.place(&certificate, batch, &mut rows)?),
                });
                Answer::Push(placed.collect(), reply)
            }
            Order::Act(act, reply) => Answer::Act(known.act(*act, &mut rows), reply),
            Order::Enrol(device, key, reply) => Answer::YesOrNo(bound.get(&device) == Some(&key), reply),
            Order::Settle(condition, settings, reply) => {
                let holds = condition.holds(&mut writing).await?;
                if holds {
                    settle(&mut writing, settings).await?;
                }
                Answer::YesOrNo(holds, reply)
            }
            Order::Lay(pushes, settings, reply) => {
                for Push { certificate, batches, acts } in pushes {
                    for act in acts {
                        known.act(act, &mut rows).map_err(LogError::Refused)?;
                    }
                    for batch in batches {
                        known.place(&certificate, batch, &mut rows).map_err(LogError::Refused)?;
                    }
                }
                settle(&mut writing, settings).await?;
                Answer::Done(reply)
            }
        });
    }
    writing.write(&rows).await?;
    writing.commit().await?;
    Ok((answers, rows))
}

async fn settle(writing: &mut Writing<'_>, settings: Settings) -> Result<(), LogError> {
    for (name, value) in settings {
        writing.settle(name, value).await?;
    }
    Ok(())
}

impl If {
    async fn holds(&self, writing: &mut Writing<'_>) -> Result<bool, LogError> {
        match self {
            Self::Always => Ok(true),
            Self::Missing(names) => {
                for name in *names {
                    if writing.held_setting(name).await?.is_some() {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Is(name, value) => Ok(writing.held_setting(name).await?.as_ref() == Some(value)),
        }
    }
}

impl Order {
    fn pushes(&self) -> &[Push] {
        match self {
            Self::Push(push, _) => std::slice::from_ref(push),
            Self::Lay(pushes, ..) => pushes,
            Self::Act(..) | Self::Enrol(..) | Self::Settle(..) => &[],
        }
    }

    fn acts(&self) -> impl Iterator<Item = &PreparedAct> {
        let own = match self {
            Self::Act(act, _) => Some(&**act),
            _ => None,
        };
        own.into_iter().chain(self.pushes().iter().flat_map(|push| &push.acts))
    }

    fn enrols(&self) -> Option<(DeviceNumber, PublicKey)> {
        match self {
            Self::Enrol(device, key, _) => Some((*device, *key)),
            _ => None,
        }
    }

    fn changes(&self) -> usize {
        let accepted = self.acts().filter_map(|act| act.batch.as_ref()).map(|(_, batch)| batch);
        self.pushes().iter().flat_map(|push| &push.batches).chain(accepted).map(|batch| batch.steps.len()).sum()
    }
}

impl Answer {
    /// Answers; a caller that has gone away does not matter, since what it pushed is kept.
    fn send(self) {
        match self {
            Self::Push(placed, reply) => drop(reply.send(placed)),
            Self::Act(placed, reply) => drop(reply.send(placed)),
            Self::YesOrNo(so, reply) => drop(reply.send(so)),
            Self::Done(reply) => drop(reply.send(())),
        }
    }
}
