//! Where the log is kept: the one seam between what is decided and the database that remembers it.

use std::collections::BTreeMap;
use std::path::Path;

use shared::id::{Address, DeviceNumber, ScopeId};
use shared::identity::PublicKey;
use sqlx::sqlite::{Sqlite, SqliteConnection};
use sqlx::{Connection as _, Transaction};

use super::heads::Heads;
use super::page::Size;
use super::place::{Known, Rows};
use super::questions::Questions;
use super::{Head, Kept, sqlite};
use crate::error::LogError;

/// What reads; as many at once as like.
#[derive(Clone, Debug)]
pub enum Store {
    /// One file of this machine.
    Sqlite(sqlite::Database),
}

/// What writes; there is one in a relay.
#[derive(Debug)]
pub enum Pen {
    /// The only writer of the file.
    Sqlite(SqliteConnection),
}

/// What is written together or not at all; dropped before it is committed it leaves nothing.
#[derive(Debug)]
pub enum Writing<'a> {
    /// Into the file.
    Sqlite(Transaction<'a, Sqlite>),
}

impl Store {
    /// Opens the file, makes it when missing.
    pub async fn open(path: &Path) -> Result<(Self, Pen), LogError> {
        let (database, connection) = sqlite::Database::open(path).await?;
        Ok((Self::Sqlite(database), Pen::Sqlite(connection)))
    }

    /// Returns a setting of the township.
    pub async fn setting(&self, name: &'static str) -> Result<Option<Vec<u8>>, LogError> {
        match self {
            Self::Sqlite(database) => database.setting(name).await,
        }
    }

    /// Returns the end of every scope's log.
    pub async fn heads(&self) -> Result<BTreeMap<ScopeId, Head>, LogError> {
        match self {
            Self::Sqlite(database) => database.heads().await,
        }
    }

    /// Returns the end of a scope's log.
    pub async fn head(&self, scope: &ScopeId) -> Result<Head, LogError> {
        match self {
            Self::Sqlite(database) => database.head(scope).await,
        }
    }

    /// Returns so many entries after a position, or as many as there are.
    pub async fn entries(&self, scope: &ScopeId, after: u64, count: usize) -> Result<Vec<Kept>, LogError> {
        match self {
            Self::Sqlite(database) => database.entries(scope, after, count).await,
        }
    }

    /// Returns every writer's row of a document with its last place.
    pub async fn writers(&self, address: &Address) -> Result<Vec<([u8; 8], u64)>, LogError> {
        match self {
            Self::Sqlite(database) => database.writers(address).await,
        }
    }

    /// Returns how large so many entries after a position are.
    pub async fn sizes(&self, scope: &ScopeId, after: u64, count: usize) -> Result<Vec<Size>, LogError> {
        match self {
            Self::Sqlite(database) => database.sizes(scope, after, count).await,
        }
    }
}

impl Pen {
    /// Begins what is written together.
    pub async fn begin(&mut self) -> Result<Writing<'_>, LogError> {
        match self {
            Self::Sqlite(connection) => Ok(Writing::Sqlite(connection.begin_with("BEGIN IMMEDIATE").await?)),
        }
    }

    /// Closes the database in order.
    pub async fn close(self) -> Result<(), LogError> {
        match self {
            Self::Sqlite(connection) => Ok(connection.close().await?),
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
        }
    }

    /// Writes what was placed.
    pub async fn write(&mut self, rows: &Rows) -> Result<(), LogError> {
        match self {
            Self::Sqlite(transaction) => sqlite::write(transaction, rows).await,
        }
    }

    /// Keeps a setting of the township, or removes it.
    pub async fn settle(&mut self, name: &'static str, value: Option<Vec<u8>>) -> Result<(), LogError> {
        match self {
            Self::Sqlite(transaction) => sqlite::settle(transaction, name, value).await,
        }
    }

    /// Commits; after that the disk has it.
    pub async fn commit(self) -> Result<(), LogError> {
        match self {
            Self::Sqlite(transaction) => Ok(transaction.commit().await?),
        }
    }
}
