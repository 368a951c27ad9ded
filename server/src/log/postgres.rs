//! What the log remembers, in a PostgreSQL database that any number of relays share: the same tables, scope first.
//!
//! Positions are given under a lock on the scope's row, which [`writing`] takes, and [`news`] hears what the other
//! relays have written.

pub mod news;
pub mod writing;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use shared::id::{Address, DeviceNumber, ScopeId};
use shared::identity::{Digest, PublicKey};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use super::page::Size;
use super::{Head, Kept, Weight};
use crate::error::LogError;
use writing::Pen;

/// The version of the tables below, kept in the database.
const SCHEMA_VERSION: i64 = 2;
/// Connections that read, of each relay; a server takes a hundred in all unless told otherwise.
const READERS: u32 = 4;
/// How long a reader waits for a connection before the phone is told to come again.
const READER_WAIT: Duration = Duration::from_secs(10);
/// The lock under which relays that start together make the tables once; any number that nobody else uses.
const MAKING: i64 = 0x7069_6e67_7969;

/// The tables stand in a schema of their own, so that the database may hold other things beside them.
const SCHEMA: &str = r#"
CREATE SCHEMA IF NOT EXISTS pingyi;
CREATE TABLE pingyi.version (version bigint NOT NULL);
CREATE TABLE pingyi.scope (scope text COLLATE "C" PRIMARY KEY, head bigint NOT NULL, digest bytea NOT NULL);
CREATE TABLE pingyi.entry (
    scope text COLLATE "C" NOT NULL, position bigint NOT NULL, device bigint NOT NULL, number bigint NOT NULL,
    hash bytea NOT NULL, digest bytea NOT NULL, bytes bytea NOT NULL,
    PRIMARY KEY (scope, position));
CREATE UNIQUE INDEX entry_batch ON pingyi.entry (scope, device, number) WHERE number > 0;
CREATE UNIQUE INDEX entry_certificate ON pingyi.entry (scope, hash) WHERE number = 0;
CREATE TABLE pingyi.change (
    scope text COLLATE "C" NOT NULL, document text COLLATE "C" NOT NULL, hash bytea NOT NULL,
    PRIMARY KEY (scope, document, hash));
CREATE TABLE pingyi.writer (
    scope text COLLATE "C" NOT NULL, document text COLLATE "C" NOT NULL, actor bytea NOT NULL, seq bigint NOT NULL,
    bytes bigint NOT NULL DEFAULT 0, PRIMARY KEY (scope, document, actor));
CREATE TABLE pingyi.device (device bigint PRIMARY KEY, key bytea NOT NULL);
CREATE TABLE pingyi.township (name text PRIMARY KEY, value bytea NOT NULL);
INSERT INTO pingyi.version VALUES (2);
"#;
/// Brings tables of the first version up to date; what they hold was never weighed and counts for nothing. A relay of
/// that version that still runs beside this one goes on, and weighs nothing either.
const FROM_FIRST: &str = "ALTER TABLE pingyi.writer ADD COLUMN bytes bigint NOT NULL DEFAULT 0;
UPDATE pingyi.version SET version = 2";

/// Where a database is and who asks it; never shown, since it may hold a password.
#[derive(Clone)]
pub struct DatabaseUrl(PgConnectOptions);

/// Why a text does not say where a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseUrlError {
    /// It begins with something else.
    Scheme,
    /// What follows cannot be read.
    Unreadable,
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(DatabaseUrlError::Scheme);
        }
        text.parse().map(Self).map_err(|_: sqlx::Error| DatabaseUrlError::Unreadable)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl")
    }
}

impl fmt::Display for DatabaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "a store begins with postgres:// (without one the records are in the data folder)",
            Self::Unreadable => "it is not of the form postgres://user@host:port/database",
        })
    }
}

impl std::error::Error for DatabaseUrlError {}

/// The readers of the one database.
#[derive(Clone, Debug)]
pub struct Database {
    readers: PgPool,
    options: Box<PgConnectOptions>,
    /// The server's process behind this relay's own writer, whose news are known here; 0 while there is none.
    own: Arc<AtomicU32>,
}

impl Database {
    /// Opens the database, makes the tables when missing, and returns with it what writes.
    pub async fn open(DatabaseUrl(options): &DatabaseUrl) -> Result<(Self, Pen), LogError> {
        let options = options
            .clone()
            .application_name("pingyi")
            .options([
                ("search_path", "pingyi"),
                // Every question is by key: a plan that reads a table from end to end is wrong however small it is.
                ("enable_seqscan", "off"),
                ("jit", "off"),
                // A receipt is given after the disk has the entry, whatever the server's own setting says.
                ("synchronous_commit", "on"),
            ])
            .disable_statement_logging();
        make_tables(&options).await?;
        let readers = PgPoolOptions::new().max_connections(READERS).acquire_timeout(READER_WAIT);
        let readers = readers.connect_with(options.clone()).await?;
        let own = Arc::<AtomicU32>::default();
        let pen = Pen::new(options.clone(), own.clone());
        Ok((Self { readers, options: Box::new(options), own }, pen))
    }

    /// Returns a setting of the township.
    pub async fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, LogError> {
        let found = sqlx::query_scalar("SELECT value FROM township WHERE name = $1").bind(name);
        Ok(found.fetch_optional(&self.readers).await?)
    }

    /// Returns the end of every scope's log.
    pub async fn heads(&self) -> Result<BTreeMap<ScopeId, Head>, LogError> {
        let rows = sqlx::query("SELECT scope, head, digest FROM scope WHERE head > 0").fetch_all(&self.readers).await?;
        rows.iter().map(read_end).collect()
    }

    /// Returns the end of a scope's log.
    pub async fn head(&self, scope: &ScopeId) -> Result<Head, LogError> {
        let found = sqlx::query("SELECT scope, head, digest FROM scope WHERE scope = $1").bind(scope.to_string());
        let found = found.fetch_optional(&self.readers).await?;
        found.as_ref().map_or(Ok(Head::default()), |row| Ok(read_end(row)?.1))
    }

    /// Returns so many entries after a position, or as many as there are.
    pub async fn entries(&self, scope: &ScopeId, after: u64, count: usize) -> Result<Vec<Kept>, LogError> {
        let entries = "SELECT position, device, number, digest, bytes FROM entry \
                       WHERE scope = $1 AND position > $2 ORDER BY position LIMIT $3";
        let rows = sqlx::query(entries).bind(scope.to_string()).bind(signed(after)?).bind(count as i64);
        rows.fetch_all(&self.readers).await?.iter().map(read_kept).collect()
    }

    /// Returns every writer's row of a document with its last place.
    pub async fn writers(&self, address: &Address) -> Result<Vec<([u8; 8], u64)>, LogError> {
        let rows = sqlx::query("SELECT actor, seq FROM writer WHERE scope = $1 AND document = $2 ORDER BY actor");
        let rows = rows.bind(address.scope.to_string()).bind(address.document.to_string());
        let read = |row: &PgRow| Ok((fixed(row, 0)?, unsigned(row.try_get(1)?)?));
        rows.fetch_all(&self.readers).await?.iter().map(read).collect()
    }

    /// Returns the entry under a name.
    pub async fn named(&self, scope: &ScopeId, name: &Digest) -> Result<Option<Vec<u8>>, LogError> {
        let entry = "SELECT bytes FROM entry WHERE scope = $1 AND hash = $2 AND number = 0";
        let found = sqlx::query_scalar(entry).bind(scope.to_string()).bind(name.0.to_vec());
        Ok(found.fetch_optional(&self.readers).await?)
    }

    /// Returns how much of a scope's log is a device's, its batches left out.
    pub async fn weight(&self, scope: &ScopeId, device: DeviceNumber) -> Result<Weight, LogError> {
        let weight = "SELECT count(*) FILTER (WHERE device = $2 AND number = 0), \
                      coalesce(sum(length(bytes)) FILTER (WHERE device = $2 AND number = 0), 0)::bigint, \
                      coalesce(sum(length(bytes)), 0)::bigint FROM entry WHERE scope = $1";
        let found = sqlx::query(weight).bind(scope.to_string()).bind(i64::from(device.0));
        let row = found.fetch_one(&self.readers).await?;
        let (batches, bytes, of_all) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        Ok(Weight { batches: unsigned(batches)?, bytes: unsigned(bytes)?, of_all: unsigned(of_all)? })
    }

    /// Returns the key that a device number is bound to.
    pub async fn bound(&self, device: DeviceNumber) -> Result<Option<PublicKey>, LogError> {
        let found = sqlx::query("SELECT key FROM device WHERE device = $1").bind(i64::from(device.0));
        let row = found.fetch_optional(&self.readers).await?;
        row.map(|row| Ok(PublicKey(fixed(&row, 0)?))).transpose()
    }

    /// Returns how large so many entries after a position are.
    pub async fn sizes(&self, scope: &ScopeId, after: u64, count: usize) -> Result<Vec<Size>, LogError> {
        let sizes = "SELECT length(bytes)::bigint, device, number FROM entry WHERE scope = $1 AND position > $2 \
                     ORDER BY position LIMIT $3";
        let rows = sqlx::query(sizes).bind(scope.to_string()).bind(signed(after)?).bind(count as i64);
        let read = |row: &PgRow| {
            let bytes = usize::try_from(row.try_get::<i64, _>(0)?).map_err(|_| LogError::Damaged)?;
            Ok(Size { bytes, device: DeviceNumber(small(row, 1)?), number: small(row, 2)? })
        };
        rows.fetch_all(&self.readers).await?.iter().map(read).collect()
    }
}

/// Makes the tables where they are missing, one relay at a time.
async fn make_tables(options: &PgConnectOptions) -> Result<(), LogError> {
    let mut connection = options.connect().await?;
    let mut transaction = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(MAKING).execute(&mut *transaction).await?;
    let there: bool =
        sqlx::query_scalar("SELECT to_regclass('pingyi.version') IS NOT NULL").fetch_one(&mut *transaction).await?;
    if !there {
        sqlx::raw_sql(SCHEMA).execute(&mut *transaction).await?;
    }
    let version = "SELECT version FROM version";
    if sqlx::query_scalar::<_, i64>(version).fetch_one(&mut *transaction).await? == 1 {
        sqlx::raw_sql(FROM_FIRST).execute(&mut *transaction).await?;
    }
    match sqlx::query_scalar::<_, i64>(version).fetch_one(&mut *transaction).await? {
        SCHEMA_VERSION => transaction.commit().await?,
        later => return Err(LogError::Schema(later)),
    }
    let flushes: String = sqlx::query_scalar("SHOW fsync").fetch_one(&mut connection).await?;
    if flushes != "on" {
        tracing::warn!("the database does not wait for its disk: what it acknowledged is lost with a power cut");
    }
    Ok(connection.close().await?)
}

fn read_end(row: &PgRow) -> Result<(ScopeId, Head), LogError> {
    let scope = row.try_get::<&str, _>(0)?.parse().map_err(|_| LogError::Damaged)?;
    Ok((scope, Head { position: unsigned(row.try_get(1)?)?, digest: Digest(fixed(row, 2)?) }))
}

fn read_kept(row: &PgRow) -> Result<Kept, LogError> {
    Ok(Kept {
        position: unsigned(row.try_get(0)?)?,
        device: DeviceNumber(small(row, 1)?),
        number: small(row, 2)?,
        digest: Digest(fixed(row, 3)?),
        bytes: row.try_get(4)?,
    })
}

fn small(row: &PgRow, column: usize) -> Result<u32, LogError> {
    u32::try_from(row.try_get::<i64, _>(column)?).map_err(|_| LogError::Damaged)
}

fn fixed<const N: usize>(row: &PgRow, column: usize) -> Result<[u8; N], LogError> {
    row.try_get::<&[u8], _>(column)?.try_into().map_err(|_| LogError::Damaged)
}

fn signed(value: u64) -> Result<i64, LogError> {
    i64::try_from(value).map_err(|_| LogError::Damaged)
}

fn unsigned(value: i64) -> Result<u64, LogError> {
    u64::try_from(value).map_err(|_| LogError::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_told_by_its_scheme() {
        let check = |text: &str, expected| assert_eq!(text.parse::<DatabaseUrl>().err(), expected, "{text}");
        check("postgres://relay@db.example:5432/niuzhuang", None);
        check("postgresql:///niuzhuang?host=/run/postgresql", None);
        check("mysql://db.example/niuzhuang", Some(DatabaseUrlError::Scheme));
        check("postgres://db.example:port/niuzhuang", Some(DatabaseUrlError::Unreadable));
    }

    #[test]
    fn a_password_is_not_shown() {
        let url: DatabaseUrl = "postgres://relay:opensesame@db.example/niuzhuang".parse().unwrap();
        assert!(!format!("{url:?}").contains("opensesame"));
    }
}
