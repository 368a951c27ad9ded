//! Where the log is kept: the one seam between what is decided and the database that remembers it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use shared::id::{Address, DeviceNumber, ScopeId};
use shared::identity::{Digest, PublicKey};
use sqlx::postgres::Postgres;
use sqlx::sqlite::{Sqlite, SqliteConnection};
use sqlx::{Connection as _, Transaction};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::heads::Heads;
use super::page::Size;
use super::place::{Known, Rows};
use super::postgres::news::Hearing;
use super::postgres::writing;
use super::questions::Questions;
use super::tail::Tail;
use super::{Head, Kept, Weight, postgres, sqlite};
use crate::error::LogError;
use crate::listeners::Listeners;
use postgres::DatabaseUrl;

/// How long a database that other machines share may take over one question; then the phone is told to come again. A
/// line that was cut without a word would keep it waiting for a quarter of an hour.
const ANSWER_TIME: Duration = Duration::from_secs(10);
/// How long it may take over a group of pushes, in which it may wait for another relay to fall silent first.
const GROUP_TIME: Duration = Duration::from_secs(30);

/// Where a store is.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// A SQLite file; made when missing.
    File(&'a Path),
    /// A PostgreSQL database, which other relays may share.
    Database(&'a DatabaseUrl),
}

/// Whether a setting may have been kept that this relay has not read yet.
#[derive(Clone, Debug, Default)]
pub struct Settled(Arc<AtomicBool>);

impl Settled {
    /// Notes that a setting was kept.
    pub fn tell(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Returns whether a setting was kept since this was asked last.
    pub fn take(&self) -> bool {
        self.0.load(Ordering::Acquire) && self.0.swap(false, Ordering::AcqRel)
    }
}

/// What reads; as many at once as like.
#[derive(Clone, Debug)]
pub enum Store {
    /// One file of this machine.
    Sqlite(sqlite::Database),
    /// A database that other relays may share.
    Postgres(postgres::Database),
}

/// What writes; there is one in a relay.
#[derive(Debug)]
pub enum Pen {
    /// The only writer of the file.
    Sqlite(SqliteConnection),
    /// One of the database's writers.
    Postgres(writing::Pen),
}

/// What is written together or not at all; dropped before it is committed it leaves nothing.
#[derive(Debug)]
pub enum Writing<'a> {
    /// Into the file.
    Sqlite(Transaction<'a, Sqlite>),
    /// Into the database.
    Postgres(Transaction<'a, Postgres>),
}

impl Store {
    /// Opens the store, making what is missing.
    pub async fn open(place: Place<'_>) -> Result<(Self, Pen), LogError> {
        match place {
            Place::File(path) => {
                let (database, connection) = sqlite::Database::open(path).await?;
                Ok((Self::Sqlite(database), Pen::Sqlite(connection)))
            }
            Place::Database(url) => {
                let (database, pen) = postgres::Database::open(url).await?;
                Ok((Self::Postgres(database), Pen::Postgres(pen)))
            }
        }
    }

    /// Hears from here on what others write into the store, where others can.
    pub fn hear(
        &self,
        heads: &Heads,
        tail: &Tail,
        listeners: &Arc<Listeners>,
        settled: &Settled,
    ) -> Option<JoinHandle<()>> {
        let Self::Postgres(database) = self else { return None };
        let (heads, tail, listeners) = (heads.clone(), tail.clone(), listeners.clone());
        let hearing = Hearing { database: database.clone(), heads, tail, listeners, settled: settled.clone() };
        Some(tokio::spawn(async { match hearing.run().await {} }))
    }

    /// Asks the store where the logs end, where memory does not know.
    ///
    /// A store that others write into is asked by whoever hears them: otherwise what they write between the asking and
    /// the hearing would be missed.
    pub async fn settle_doubt(&self, heads: &Heads) -> Result<(), LogError> {
        if let Self::Sqlite(database) = self
            && let Some(doubt) = heads.doubted()
        {
            heads.trust(doubt, database.heads().await?);
        }
        Ok(())
    }

    /// Returns a setting of the township.
    pub async fn setting(&self, name: &'static str) -> Result<Option<Vec<u8>>, LogError> {
        match self {
            Self::Sqlite(database) => database.setting(name).await,
            Self::Postgres(database) => in_time(database.setting(name)).await,
        }
    }

    /// Returns the end of every scope's log.
    pub async fn heads(&self) -> Result<BTreeMap<ScopeId, Head>, LogError> {
        match self {
            Self::Sqlite(database) => database.heads().await,
            Self::Postgres(database) => database.heads().await,
        }
    }

    /// Returns the end of a scope's log.
    pub async fn head(&self, scope: &ScopeId) -> Result<Head, LogError> {
        match self {
            Self::Sqlite(database) => database.head(scope).await,
            Self::Postgres(database) => in_time(database.head(scope)).await,
        }
    }

    /// Returns so many entries after a position, or as many as there are.
    pub async fn entries(&self, scope: &ScopeId, after: u64, count: usize) -> Result<Vec<Kept>, LogError> {
        match self {
            Self::Sqlite(database) => database.entries(scope, after, count).await,
            Self::Postgres(database) => in_time(database.entries(scope, after, count)).await,
        }
    }

    /// Returns the entry under a name.
    pub async fn named(&self, scope: &ScopeId, name: &Digest) -> Result<Option<Vec<u8>>, LogError> {
        match self {
            Self::Sqlite(database) => database.named(scope, name).await,
            Self::Postgres(database) => database.named(scope, name).await,
        }
    }

    /// Returns how much of a scope's log is a device's, its batches left out.
    pub async fn weight(&self, scope: &ScopeId, device: DeviceNumber) -> Result<Weight, LogError> {
        match self {
            Self::Sqlite(database) => database.weight(scope, device).await,
            Self::Postgres(database) => database.weight(scope, device).await,
        }
    }

    /// Returns the key that a device number is bound to.
    pub async fn bound(&self, device: DeviceNumber) -> Result<Option<PublicKey>, LogError> {
        match self {
            Self::Sqlite(database) => database.bound(device).await,
            Self::Postgres(database) => database.bound(device).await,
        }
    }

    /// Returns every writer's row of a document with its last place.
    pub async fn writers(&self, address: &Address) -> Result<Vec<([u8; 8], u64)>, LogError> {
        match self {
            Self::Sqlite(database) => database.writers(address).await,
            Self::Postgres(database) => database.writers(address).await,
        }
    }

    /// Returns how large so many entries after a position are.
    pub async fn sizes(&self, scope: &ScopeId, after: u64, count: usize) -> Result<Vec<Size>, LogError> {
        match self {
            Self::Sqlite(database) => database.sizes(scope, after, count).await,
            Self::Postgres(database) => in_time(database.sizes(scope, after, count)).await,
        }
    }
}

async fn in_time<T>(asked: impl Future<Output = Result<T, LogError>>) -> Result<T, LogError> {
    timeout(ANSWER_TIME, asked).await.map_err(|_| LogError::Silent)?
}

impl Pen {
    /// Begins what is written together.
    pub async fn begin(&mut self) -> Result<Writing<'_>, LogError> {
        match self {
            Self::Sqlite(connection) => Ok(Writing::Sqlite(connection.begin_with("BEGIN IMMEDIATE").await?)),
            Self::Postgres(pen) => Ok(Writing::Postgres(pen.begin().await?)),
        }
    }

    /// Returns how long a group may take; nothing where there is no line that could be cut.
    pub fn patience(&self) -> Option<Duration> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(_) => Some(GROUP_TIME),
        }
    }

    /// Leaves behind what failed.
    pub fn give_up(&mut self) {
        match self {
            // The file is still there, and a transaction that was dropped is rolled back.
            Self::Sqlite(_) => {}
            Self::Postgres(pen) => pen.give_up(),
        }
    }

    /// Closes the database in order.
    pub async fn close(self) -> Result<(), LogError> {
        match self {
            Self::Sqlite(connection) => Ok(connection.close().await?),
            Self::Postgres(pen) => pen.close().await,
        }
    }
}

impl Writing<'_> {
    /// Binds device numbers to keys and returns the key that each is bound to; the first that asks has it.
    pub async fn enrol(
        &mut self,
        devices: &[(DeviceNumber, PublicKey)],
    ) -> Result<BTreeMap<DeviceNumber, PublicKey>, LogError> {
        match self {
            Self::Sqlite(transaction) => sqlite::enrol(transaction, devices).await,
            Self::Postgres(transaction) => writing::enrol(transaction, devices).await,
        }
    }

    /// Answers the questions, genesis aside; the logs that will grow are held until the commit.
    pub async fn known(&mut self, questions: &Questions<'_>, heads: &Heads) -> Result<Known, LogError> {
        match self {
            Self::Sqlite(transaction) => {
                let mut known = sqlite::known(transaction, questions).await?;
                for scope in &questions.scopes {
                    // The only writer knows where the logs end, or has asked the file before it writes.
                    known.heads.insert((*scope).clone(), heads.of(scope).ok_or(LogError::NotKept)?);
                }
                Ok(known)
            }
            Self::Postgres(transaction) => writing::known(transaction, questions, heads).await,
        }
    }

    /// Writes what was placed.
    pub async fn write(&mut self, rows: &Rows) -> Result<(), LogError> {
        match self {
            Self::Sqlite(transaction) => sqlite::write(transaction, rows).await,
            Self::Postgres(transaction) => writing::write(transaction, rows).await,
        }
    }

    /// Returns a setting of the township, which nobody changes until the commit.
    pub async fn held_setting(&mut self, name: &'static str) -> Result<Option<Vec<u8>>, LogError> {
        match self {
            Self::Sqlite(transaction) => sqlite::held_setting(transaction, name).await,
            Self::Postgres(transaction) => writing::held_setting(transaction, name).await,
        }
    }

    /// Keeps a setting of the township, or removes it.
    pub async fn settle(&mut self, name: &'static str, value: Option<Vec<u8>>) -> Result<(), LogError> {
        match self {
            Self::Sqlite(transaction) => sqlite::settle(transaction, name, value).await,
            Self::Postgres(transaction) => writing::settle(transaction, name, value).await,
        }
    }

    /// Commits; after that the disk has it.
    pub async fn commit(self) -> Result<(), LogError> {
        match self {
            Self::Sqlite(transaction) => Ok(transaction.commit().await?),
            Self::Postgres(transaction) => Ok(transaction.commit().await?),
        }
    }
}
