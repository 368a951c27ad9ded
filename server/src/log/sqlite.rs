//! What the log remembers, in one SQLite file: every table keyed by scope first, everything read by few statements.

use std::collections::BTreeMap;
use std::path::Path;

use shared::id::{Address, DeviceNumber, ScopeId};
use shared::identity::{Digest, PublicKey};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Row as _};

use super::page::Size;
use super::place::{Extent, Known, Rows};
use super::questions::{Answer, Questions};
use super::script::{Script, places};
use super::{Head, Kept, Weight};
use crate::error::LogError;

/// The version of the tables below, kept in the file.
const SCHEMA_VERSION: i64 = 2;
/// Connections that read; readers never wait for the writer.
const READERS: u32 = 4;
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
    bytes INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (scope, document, actor)) STRICT, WITHOUT ROWID;
CREATE TABLE device (device INTEGER PRIMARY KEY, key BLOB NOT NULL) STRICT;
CREATE TABLE township (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA user_version = 2;
";
/// Brings tables of the first version up to date; what they hold was never weighed and counts for nothing.
const FROM_FIRST: &str = "ALTER TABLE writer ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0; PRAGMA user_version = 2;";

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
            version @ 0..SCHEMA_VERSION => {
                let mut transaction = sqlx::Connection::begin(&mut connection).await?;
                let script = if version == 0 { SCHEMA } else { FROM_FIRST };
                sqlx::raw_sql(script).execute(&mut *transaction).await?;
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

    /// Returns the end of every scope's log.
    pub async fn heads(&self) -> Result<BTreeMap<ScopeId, Head>, LogError> {
        let rows = sqlx::query("SELECT head, digest, scope FROM scope").fetch_all(&self.readers).await?;
        let read = |row: &SqliteRow| {
            let scope = row.try_get::<&str, _>(2)?.parse().map_err(|_| LogError::Damaged)?;
            Ok((scope, read_head(row)?))
        };
        rows.iter().map(read).collect()
    }

    /// Returns the end of a scope's log.
    pub async fn head(&self, scope: &ScopeId) -> Result<Head, LogError> {
        let found = sqlx::query("SELECT head, digest FROM scope WHERE scope = ?").bind(scope.to_string());
        found.fetch_optional(&self.readers).await?.as_ref().map_or(Ok(Head::default()), read_head)
    }

    /// Returns so many entries after a position, or as many as there are.
    pub async fn entries(&self, scope: &ScopeId, after: u64, count: usize) -> Result<Vec<Kept>, LogError> {
        let entries = "SELECT position, device, number, digest, bytes FROM entry \
                       WHERE scope = ? AND position > ? ORDER BY position LIMIT ?";
        let rows = sqlx::query(entries).bind(scope.to_string()).bind(signed(after)?).bind(count as i64);
        rows.fetch_all(&self.readers).await?.iter().map(read_kept).collect()
    }

    /// Returns the entry under a name.
    pub async fn named(&self, scope: &ScopeId, name: &Digest) -> Result<Option<Vec<u8>>, LogError> {
        let entry = "SELECT bytes FROM entry WHERE scope = ? AND hash = ? AND number = 0";
        let found = sqlx::query_scalar(entry).bind(scope.to_string()).bind(name.0.to_vec());
        Ok(found.fetch_optional(&self.readers).await?)
    }

    /// Returns how much of a scope's log is a device's, its batches left out.
    pub async fn weight(&self, scope: &ScopeId, device: DeviceNumber) -> Result<Weight, LogError> {
        let weight = "SELECT count(*) FILTER (WHERE device = ?2 AND number = 0), \
                      coalesce(sum(length(bytes)) FILTER (WHERE device = ?2 AND number = 0), 0), \
                      coalesce(sum(length(bytes)), 0) FROM entry WHERE scope = ?1";
        let found = sqlx::query(weight).bind(scope.to_string()).bind(i64::from(device.0));
        let row = found.fetch_one(&self.readers).await?;
        let (batches, bytes, of_all) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        Ok(Weight { batches: unsigned(batches)?, bytes: unsigned(bytes)?, of_all: unsigned(of_all)? })
    }

    /// Returns the key that a device number is bound to.
    pub async fn bound(&self, device: DeviceNumber) -> Result<Option<PublicKey>, LogError> {
        let found = sqlx::query("SELECT key FROM device WHERE device = ?").bind(i64::from(device.0));
        let row = found.fetch_optional(&self.readers).await?;
        row.map(|row| Ok(PublicKey(fixed(&row, 0)?))).transpose()
    }

    /// Returns every writer's row of a document with its last place.
    pub async fn writers(&self, address: &Address) -> Result<Vec<([u8; 8], u64)>, LogError> {
        let rows = sqlx::query("SELECT actor, seq FROM writer WHERE scope = ? AND document = ? ORDER BY actor");
        let rows = rows.bind(address.scope.to_string()).bind(address.document.to_string());
        let read = |row: &SqliteRow| Ok((fixed(row, 0)?, unsigned(row.try_get(1)?)?));
        rows.fetch_all(&self.readers).await?.iter().map(read).collect()
    }

    /// Returns how large so many entries after a position are.
    pub async fn sizes(&self, scope: &ScopeId, after: u64, count: usize) -> Result<Vec<Size>, LogError> {
        let sizes = "SELECT length(bytes), device, number FROM entry WHERE scope = ? AND position > ? \
                     ORDER BY position LIMIT ?";
        let rows = sqlx::query(sizes).bind(scope.to_string()).bind(signed(after)?).bind(count as i64);
        let read = |row: &SqliteRow| {
            let bytes = usize::try_from(row.try_get::<i64, _>(0)?).map_err(|_| LogError::Damaged)?;
            Ok(Size { bytes, device: DeviceNumber(number(row, 1)?), number: number(row, 2)? })
        };
        rows.fetch_all(&self.readers).await?.iter().map(read).collect()
    }
}

/// Answers the questions, all of them at once; heads aside.
pub async fn known(connection: &mut SqliteConnection, questions: &Questions<'_>) -> Result<Known, LogError> {
    let mut script = Script::empty();
    for chunk in places(&questions.batches).chunks(STATEMENT_ROWS) {
        script.make_room(connection, chunk.len()).await?;
        script.wanted("a, b, c, d", chunk, |tuple, (scope, device, number)| {
            tuple.push_bind(scope.to_string()).push_bind(i64::from(device.0)).push_bind(i64::from(*number));
        });
        let entries = "SELECT 0, a, hash FROM wanted CROSS JOIN entry \
                       ON scope = b AND device = c AND number = d AND number > 0; ";
        script.query.push(entries);
    }
    for chunk in places(&questions.named).chunks(STATEMENT_ROWS) {
        script.make_room(connection, chunk.len()).await?;
        script.wanted("a, b, c", chunk, |tuple, (scope, hash)| {
            tuple.push_bind(scope.to_string()).push_bind(hash.0.to_vec());
        });
        script.query.push("SELECT 1, a, 0 FROM wanted CROSS JOIN entry ON scope = b AND hash = c AND number = 0; ");
    }
    for chunk in places(&questions.changes).chunks(STATEMENT_ROWS) {
        script.make_room(connection, chunk.len()).await?;
        script.wanted("a, b, c, d", chunk, |tuple, (address, hash)| {
            tuple.push_bind(address.scope.to_string()).push_bind(address.document.to_string());
            tuple.push_bind(hash.to_vec());
        });
        script.query.push("SELECT 2, a, 0 FROM wanted CROSS JOIN change ON scope = b AND document = c AND hash = d; ");
    }
    for chunk in places(&questions.writers).chunks(STATEMENT_ROWS) {
        script.make_room(connection, chunk.len()).await?;
        script.wanted("a, b, c, d", chunk, |tuple, (address, actor)| {
            tuple.push_bind(address.scope.to_string()).push_bind(address.document.to_string());
            tuple.push_bind(actor.to_vec());
        });
        script.query.push(
            "SELECT 3, a, seq, bytes FROM wanted CROSS JOIN writer ON scope = b AND document = c AND actor = d; ",
        );
    }
    for chunk in places(&questions.documents).chunks(STATEMENT_ROWS) {
        script.make_room(connection, chunk.len()).await?;
        script.wanted("a, b, c", chunk, |tuple, address| {
            tuple.push_bind(address.scope.to_string()).push_bind(address.document.to_string());
        });
        let extents = "SELECT 4, a, sum(seq), sum(bytes) FROM wanted CROSS JOIN writer \
                       ON scope = b AND document = c GROUP BY a; ";
        script.query.push(extents);
    }
    script.run(connection).await?;
    let mut known = Known::default();
    for row in &script.rows {
        let place = usize::try_from(row.try_get::<i64, _>(1)?).map_err(|_| LogError::Damaged)?;
        let answer = match row.try_get::<i64, _>(0)? {
            0 => Answer::Batch(Digest(fixed(row, 2)?)),
            1 => Answer::Named,
            2 => Answer::Change,
            3 => Answer::Writer(extent(row)?),
            _ => Answer::Document(extent(row)?),
        };
        questions.answered(place, answer, &mut known)?;
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
    for (writer, Extent { changes, bytes }) in &rows.writers {
        writers.push((writer, signed(*changes)?, signed(*bytes)?));
    }
    for chunk in writers.chunks(STATEMENT_ROWS) {
        script.make_room(connection, chunk.len()).await?;
        script.query.push("INSERT OR REPLACE INTO writer (scope, document, actor, seq, bytes) ");
        script.query.push_values(chunk, |mut tuple, ((address, actor), seq, bytes)| {
            tuple.push_bind(address.scope.to_string()).push_bind(address.document.to_string());
            tuple.push_bind(actor.to_vec()).push_bind(*seq).push_bind(*bytes);
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

/// Binds device numbers to keys and returns the key that each is bound to; the first that asks has it.
pub async fn enrol(
    connection: &mut SqliteConnection,
    devices: &[(DeviceNumber, PublicKey)],
) -> Result<BTreeMap<DeviceNumber, PublicKey>, LogError> {
    let mut bound = BTreeMap::new();
    for (device, key) in devices {
        let insert = sqlx::query("INSERT OR IGNORE INTO device (device, key) VALUES (?, ?)");
        insert.bind(i64::from(device.0)).bind(key.0.to_vec()).execute(&mut *connection).await?;
        let held = sqlx::query("SELECT key FROM device WHERE device = ?").bind(i64::from(device.0));
        bound.insert(*device, PublicKey(fixed(&held.fetch_one(&mut *connection).await?, 0)?));
    }
    Ok(bound)
}

/// Returns a setting of the township within what is being written.
pub async fn held_setting(connection: &mut SqliteConnection, name: &'static str) -> Result<Option<Vec<u8>>, LogError> {
    let found = sqlx::query_scalar("SELECT value FROM township WHERE name = ?").bind(name);
    Ok(found.fetch_optional(connection).await?)
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

fn extent(row: &SqliteRow) -> Result<Extent, LogError> {
    Ok(Extent { changes: unsigned(row.try_get(2)?)?, bytes: unsigned(row.try_get(3)?)? })
}

fn read_head(row: &SqliteRow) -> Result<Head, LogError> {
    Ok(Head { position: unsigned(row.try_get(0)?)?, digest: Digest(fixed(row, 1)?) })
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
