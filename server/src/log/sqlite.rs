//! What the log remembers, in one SQLite file: every table keyed by scope first, everything read by few statements.

use std::collections::BTreeMap;
use std::path::Path;

use shared::id::{Address, DeviceNumber, ScopeId};
use shared::identity::{Digest, PublicKey};
use shared::wire::PAGE_ENTRIES;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Row as _};

use super::place::{Known, Rows};
use super::script::{Script, places};
use super::{Certified, Head, Kept, Prepared};
use crate::error::LogError;

/// The version of the tables below, kept in the file.
const SCHEMA_VERSION: i64 = 1;
/// Connections that read; readers never wait for the writer.
const READERS: u32 = 4;
/// Entries that are read without asking for their sizes first.
const FEW_ENTRIES: usize = 8;
/// Rows in one statement: SQLite takes 32,766 values, and the widest row has seven.
const STATEMENT_ROWS: usize = 4096;

const SCHEMA: &str = "
CREATE TABLE scope (scope TEXT PRIMARY KEY, head INTEGER NOT NULL, digest BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE entry (
    scope TEXT NOT NULL, position INTEGER NOT NULL, device INTEGER NOT NULL, number INTEGER NOT NULL,
    hash BLOB NOT NULL, digest BLOB NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (scope, position)) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entry_batch ON entry (scope, device, number) WHERE number > 0;
CREATE UNIQUE INDEX entry_certificate ON entry (scope, hash) WHERE number = 0;
CREATE TABLE change (
    scope TEXT NOT NULL, document TEXT NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (scope, document, hash)) STRICT, WITHOUT ROWID;
CREATE TABLE writer (
    scope TEXT NOT NULL, document TEXT NOT NULL, actor BLOB NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (scope, document, actor)) STRICT, WITHOUT ROWID;
CREATE TABLE device (device INTEGER PRIMARY KEY, key BLOB NOT NULL) STRICT;
CREATE TABLE township (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
";

/// The readers of the one file.
#[derive(Clone, Debug)]
pub struct Database {
    readers: SqlitePool,
}

impl Database {
    /// Opens the file, makes it when missing, and returns with it the one connection that writes.
    pub async fn open(path: &Path) -> Result<(Self, SqliteConnection), LogError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A receipt is given after the disk has the entry, not after the system promised to write it.
            .synchronous(SqliteSynchronous::Full)
            .disable_statement_logging();
        let mut connection = options.connect().await?;
        match sqlx::query_scalar::<_, i64>("PRAGMA user_version").fetch_one(&mut connection).await? {
            0 => {
                let mut transaction = sqlx::Connection::begin(&mut connection).await?;
                sqlx::raw_sql(SCHEMA).execute(&mut *transaction).await?;
                transaction.commit().await?;
            }
            SCHEMA_VERSION => {}
            later => return Err(LogError::Schema(later)),
        }
        let readers = SqlitePoolOptions::new().max_connections(READERS).connect_with(options.read_only(true)).await?;
        Ok((Self { readers }, connection))
    }

    /// Returns a setting of the township.
    pub async fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, LogError> {
        let found = sqlx::query_scalar("SELECT value FROM township WHERE name = ?").bind(name.to_owned());
        Ok(found.fetch_optional(&self.readers).await?)
    }

    /// Returns the entries after a position while they fit into so many bytes; those that are `own` take no room.
    pub async fn page(
        &self,
        scope: &ScopeId,
        after: u64,
        bytes: usize,
        at_least_one: bool,
        own: impl Fn(DeviceNumber, u32) -> bool,
    ) -> Result<Vec<Kept>, LogError> {
        // Most phones are a few entries behind: those are read at once. A phone that is far behind is told their
        // sizes first, since an entry may be large and only what fits is to be held in memory.
        let mut found = self.read(scope, after, FEW_ENTRIES).await?;
        if found.len() == FEW_ENTRIES {
            let count = self.fitting(scope, after, bytes, at_least_one, &own).await?;
            found = self.read(scope, after, count).await?;
        }
        let mut room = Room { left: bytes, at_least_one };
        let fits = |kept: &Kept| room.takes(if own(kept.device, kept.number) { 0 } else { kept.bytes.len() });
        Ok(found.into_iter().take_while(fits).collect())
    }

    /// Counts the entries after a position that fit.
    async fn fitting(
        &self,
        scope: &ScopeId,
        after: u64,
        bytes: usize,
        at_least_one: bool,
        own: &impl Fn(DeviceNumber, u32) -> bool,
    ) -> Result<usize, LogError> {
        let sizes = "SELECT length(bytes), device, number FROM entry WHERE scope = ? AND position > ? \
                     ORDER BY position LIMIT ?";
        let sizes = sqlx::query(sizes).bind(scope.to_string()).bind(signed(after)?).bind(PAGE_ENTRIES as i64);
        let mut room = Room { left: bytes, at_least_one };
        let mut count = 0;
        for row in sizes.fetch_all(&self.readers).await? {
            let (device, number) = (number(&row, 1)?, number(&row, 2)?);
            let size = if own(DeviceNumber(device), number) { 0 } else { unsigned(row.try_get(0)?)? };
            if !room.takes(usize::try_from(size).map_err(|_| LogError::Damaged)?) {
                break;
            }
            count += 1;
        }
        Ok(count)
    }

    async fn read(&self, scope: &ScopeId, after: u64, count: usize) -> Result<Vec<Kept>, LogError> {
        let entries = "SELECT position, device, number, digest, bytes FROM entry \
                       WHERE scope = ? AND position > ? ORDER BY position LIMIT ?";
        let rows = sqlx::query(entries).bind(scope.to_string()).bind(signed(after)?).bind(count as i64);
        rows.fetch_all(&self.readers).await?.iter().map(read_kept).collect()
    }
}

/// What a page still takes.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// How many bytes.
    pub left: usize,
    /// Whether the next entry is taken whatever its size.
    pub at_least_one: bool,
}

impl Room {
    /// Takes an entry of so many bytes, if it fits or is the first of a page that must not be empty.
    pub fn takes(&mut self, size: usize) -> bool {
        let fits = size <= self.left || self.at_least_one;
        self.left = self.left.saturating_sub(size);
        self.at_least_one = false;
        fits
    }
}

/// Returns the end of every scope's log.
pub async fn heads(connection: &mut SqliteConnection) -> Result<BTreeMap<ScopeId, Head>, LogError> {
    let rows = sqlx::query("SELECT head, digest, scope FROM scope").fetch_all(connection).await?;
    let read = |row: &SqliteRow| {
        let scope = row.try_get::<&str, _>(2)?.parse().map_err(|_| LogError::Damaged)?;
        Ok((scope, read_head(row, 0)?))
    };
    rows.iter().map(read).collect()
}

/// Reads everything that bears on placing these batches, each with its device's certificate; heads aside.
///
/// All questions are asked at once.
pub async fn known(connection: &mut SqliteConnection, batches: &[(&Certified, &Prepared)]) -> Result<Known, LogError> {
    let mut certificates: Vec<(&ScopeId, &Digest)> =
        batches.iter().map(|(certificate, batch)| (&batch.address.scope, &certificate.hash)).collect();
    let mut changes: Vec<(&Address, &[u8; 32])> = Vec::new();
    let mut writers: Vec<(&Address, &[u8; 8])> = Vec::new();
    for (_, batch) in batches {
        for step in &batch.steps {
            changes.extend(step.dependencies.iter().chain([&step.hash]).map(|hash| (&batch.address, hash)));
            writers.push((&batch.address, &step.actor));
        }
    }
    let (certificates, changes, writers) = (unique(&mut certificates), unique(&mut changes), unique(&mut writers));
    let mut script = Script::empty();
    for chunk in places(batches).chunks(STATEMENT_ROWS) {
        script.make_room(connection, chunk.len()).await?;
        script.wanted("a, b, c, d", chunk, |tuple, (_, batch)| {
            tuple.push_bind(batch.address.scope.to_string());
            tuple.push_bind(i64::from(batch.device.0)).push_bind(i64::from(batch.number));
        });
        let entries = "SELECT 0, a, hash FROM wanted CROSS JOIN entry \
                       ON scope = b AND device = c AND number = d AND number > 0; ";
        script.query.push(entries);
    }
    for chunk in places(certificates).chunks(STATEMENT_ROWS) {
        script.make_room(connection, chunk.len()).await?;
        script.wanted("a, b, c", chunk, |tuple, (scope, hash)| {
            tuple.push_bind(scope.to_string()).push_bind(hash.0.to_vec());
        });
        script.query.push("SELECT 1, a, 0 FROM wanted CROSS JOIN entry ON scope = b AND hash = c AND number = 0; ");
    }
    for chunk in places(changes).chunks(STATEMENT_ROWS) {
        script.make_room(connection, chunk.len()).await?;
        script.wanted("a, b, c, d", chunk, |tuple, (address, hash)| {
            tuple.push_bind(address.scope.to_string()).push_bind(address.document.to_string());
            tuple.push_bind(hash.to_vec());
        });
        script.query.push("SELECT 2, a, 0 FROM wanted CROSS JOIN change ON scope = b AND document = c AND hash = d; ");
    }
    for chunk in places(writers).chunks(STATEMENT_ROWS) {
        script.make_room(connection, chunk.len()).await?;
        script.wanted("a, b, c, d", chunk, |tuple, (address, actor)| {
            tuple.push_bind(address.scope.to_string()).push_bind(address.document.to_string());
            tuple.push_bind(actor.to_vec());
        });
        script
            .query
            .push("SELECT 3, a, seq FROM wanted CROSS JOIN writer ON scope = b AND document = c AND actor = d; ");
    }
    script.run(connection).await?;
    let mut known = Known::default();
    for row in &script.rows {
        let place = usize::try_from(row.try_get::<i64, _>(1)?).map_err(|_| LogError::Damaged)?;
        match row.try_get::<i64, _>(0)? {
            0 => {
                let (_, batch) = batches.get(place).ok_or(LogError::Damaged)?;
                let key = (batch.address.scope.clone(), batch.device, batch.number);
                known.batches.insert(key, Digest(fixed(row, 2)?));
            }
            1 => {
                let (scope, hash) = certificates.get(place).ok_or(LogError::Damaged)?;
                known.certificates.insert(((*scope).clone(), **hash));
            }
            2 => {
                let (address, hash) = changes.get(place).ok_or(LogError::Damaged)?;
                known.changes.insert(((*address).clone(), **hash));
            }
            _ => {
                let (address, actor) = writers.get(place).ok_or(LogError::Damaged)?;
                known.writers.insert(((*address).clone(), **actor), unsigned(row.try_get(2)?)?);
            }
        }
    }
    Ok(known)
}

/// Writes what was placed, at once as far as it goes.
pub async fn write(connection: &mut SqliteConnection, rows: &Rows) -> Result<(), LogError> {
    let mut script = Script::empty();
    for chunk in rows.entries.chunks(STATEMENT_ROWS) {
        script.make_room(connection, chunk.len()).await?;
        let mut positions = Vec::with_capacity(chunk.len());
        for row in chunk {
            positions.push(signed(row.head.position)?);
        }
        script.query.push("INSERT INTO entry (scope, position, device, number, hash, digest, bytes) ");
        script.query.push_values(chunk.iter().zip(positions), |mut tuple, (row, position)| {
            tuple.push_bind(row.scope.to_string()).push_bind(position);
            tuple.push_bind(i64::from(row.device.0)).push_bind(i64::from(row.number));
            tuple.push_bind(row.hash.0.to_vec()).push_bind(row.head.digest.0.to_vec()).push_bind(row.bytes.clone());
        });
        script.query.push("; ");
    }
    for chunk in rows.changes.chunks(STATEMENT_ROWS) {
        script.make_room(connection, chunk.len()).await?;
        script.query.push("INSERT INTO change (scope, document, hash) ");
        script.query.push_values(chunk, |mut tuple, (address, hash)| {
            tuple.push_bind(address.scope.to_string()).push_bind(address.document.to_string());
            tuple.push_bind(hash.to_vec());
        });
        script.query.push("; ");
    }
    let mut writers = Vec::with_capacity(rows.writers.len());
    for (writer, seq) in &rows.writers {
        writers.push((writer, signed(*seq)?));
    }
    for chunk in writers.chunks(STATEMENT_ROWS) {
        script.make_room(connection, chunk.len()).await?;
        script.query.push("INSERT OR REPLACE INTO writer (scope, document, actor, seq) ");
        script.query.push_values(chunk, |mut tuple, ((address, actor), seq)| {
            tuple.push_bind(address.scope.to_string()).push_bind(address.document.to_string());
            tuple.push_bind(actor.to_vec()).push_bind(*seq);
        });
        script.query.push("; ");
    }
    let mut heads = Vec::with_capacity(rows.heads.len());
    for (scope, head) in &rows.heads {
        heads.push((scope, signed(head.position)?, head.digest));
    }
    for chunk in heads.chunks(STATEMENT_ROWS) {
        script.make_room(connection, chunk.len()).await?;
        script.query.push("INSERT OR REPLACE INTO scope (scope, head, digest) ");
        script.query.push_values(chunk, |mut tuple, (scope, position, digest)| {
            tuple.push_bind(scope.to_string()).push_bind(*position).push_bind(digest.0.to_vec());
        });
        script.query.push("; ");
    }
    script.run(connection).await
}

/// Binds a device number to a key; false if it is bound to another.
pub async fn enrol(connection: &mut SqliteConnection, device: DeviceNumber, key: PublicKey) -> Result<bool, LogError> {
    let insert = sqlx::query("INSERT OR IGNORE INTO device (device, key) VALUES (?, ?)");
    insert.bind(i64::from(device.0)).bind(key.0.to_vec()).execute(&mut *connection).await?;
    let bound = sqlx::query("SELECT key FROM device WHERE device = ?").bind(i64::from(device.0));
    Ok(fixed::<32>(&bound.fetch_one(&mut *connection).await?, 0)? == key.0)
}

/// Keeps a setting of the township, or removes it.
pub async fn settle(
    connection: &mut SqliteConnection,
    name: &'static str,
    value: Option<Vec<u8>>,
) -> Result<(), LogError> {
    let query = match value {
        Some(value) => {
            sqlx::query("INSERT OR REPLACE INTO township (name, value) VALUES (?, ?)").bind(name).bind(value)
        }
        None => sqlx::query("DELETE FROM township WHERE name = ?").bind(name),
    };
    query.execute(&mut *connection).await?;
    Ok(())
}

fn unique<T: Ord>(items: &mut Vec<T>) -> &[T] {
    items.sort_unstable();
    items.dedup();
    items
}

fn read_head(row: &SqliteRow, column: usize) -> Result<Head, LogError> {
    Ok(Head { position: unsigned(row.try_get(column)?)?, digest: Digest(fixed(row, column + 1)?) })
}

fn read_kept(row: &SqliteRow) -> Result<Kept, LogError> {
    Ok(Kept {
        position: unsigned(row.try_get(0)?)?,
        device: DeviceNumber(number(row, 1)?),
        number: number(row, 2)?,
        digest: Digest(fixed(row, 3)?),
        bytes: row.try_get(4)?,
    })
}

fn number(row: &SqliteRow, column: usize) -> Result<u32, LogError> {
    u32::try_from(row.try_get::<i64, _>(column)?).map_err(|_| LogError::Damaged)
}

fn fixed<const N: usize>(row: &SqliteRow, column: usize) -> Result<[u8; N], LogError> {
    row.try_get::<&[u8], _>(column)?.try_into().map_err(|_| LogError::Damaged)
}

fn signed(value: u64) -> Result<i64, LogError> {
    i64::try_from(value).map_err(|_| LogError::Damaged)
}

fn unsigned(value: i64) -> Result<u64, LogError> {
    u64::try_from(value).map_err(|_| LogError::Damaged)
}
