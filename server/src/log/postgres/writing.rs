//! What one relay writes together: the logs that will grow are held first, then read, then written and told of.
//!
//! Two relays cannot wait for each other in a ring: both take scopes in the order of their names, after that devices in
//! the order of their numbers, after that the settings.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use shared::id::{Address, DeviceNumber, ScopeId};
use shared::identity::{Digest, PublicKey};
use sqlx::postgres::{PgConnectOptions, PgConnection, Postgres};
use sqlx::{ConnectOptions as _, Connection as _, Row as _, Transaction};

use super::news::{CHANNEL, News, SETTLED};
use super::{fixed, read_end, signed, small, unsigned};
use crate::error::LogError;
use crate::log::Head;
use crate::log::heads::Heads;
use crate::log::place::{Extent, Known, Rows};
use crate::log::questions::{Answer, Questions};

/// How long the server lets a writer that fell silent hold its logs; a relay that is alive needs milliseconds.
const SILENT_WRITER: &str = "10s";

/// Asks for all that bears on a group; each list is looked up row by row, whatever the planner believes of its length.
const KNOWN: &str = "
SELECT 0, w.place, e.hash, NULL::bigint, NULL::bigint
  FROM unnest($1::text[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS w (scope, device, number, place),
  LATERAL (SELECT hash FROM entry
           WHERE scope = w.scope AND device = w.device AND number = w.number AND number > 0 LIMIT 1) e
UNION ALL
SELECT 1, w.place, NULL, NULL, NULL
  FROM unnest($4::text[], $5::bytea[]) WITH ORDINALITY AS w (scope, hash, place),
  LATERAL (SELECT 1 FROM entry WHERE scope = w.scope AND hash = w.hash AND number = 0 LIMIT 1) e
UNION ALL
SELECT 2, w.place, NULL, NULL, NULL
  FROM unnest($6::text[], $7::text[], $8::bytea[]) WITH ORDINALITY AS w (scope, document, hash, place),
  LATERAL (SELECT 1 FROM change WHERE scope = w.scope AND document = w.document AND hash = w.hash LIMIT 1) e
UNION ALL
SELECT 3, w.place, NULL, e.seq, e.bytes
  FROM unnest($9::text[], $10::text[], $11::bytea[]) WITH ORDINALITY AS w (scope, document, actor, place),
  LATERAL (SELECT seq, bytes FROM writer
           WHERE scope = w.scope AND document = w.document AND actor = w.actor LIMIT 1) e
UNION ALL
SELECT 4, w.place, NULL, e.seq, e.bytes
  FROM unnest($12::text[], $13::text[]) WITH ORDINALITY AS w (scope, document, place),
  LATERAL (SELECT sum(seq)::bigint AS seq, sum(bytes)::bigint AS bytes FROM writer
           WHERE scope = w.scope AND document = w.document HAVING count(*) > 0) e";

/// Writes a group and tells the other relays, who hear of it when it is committed and not otherwise.
const WRITE: &str = "
WITH entries AS (
  INSERT INTO entry (scope, position, device, number, hash, digest, bytes)
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bytea[], $7::bytea[])
), changes AS (
  INSERT INTO change (scope, document, hash) SELECT * FROM unnest($8::text[], $9::text[], $10::bytea[])
), writers AS (
  INSERT INTO writer (scope, document, actor, seq, bytes)
  SELECT * FROM unnest($11::text[], $12::text[], $13::bytea[], $14::bigint[], $20::bigint[])
  ON CONFLICT (scope, document, actor) DO UPDATE SET seq = excluded.seq, bytes = excluded.bytes
), ends AS (
  UPDATE scope SET head = w.head, digest = w.digest
  FROM unnest($15::text[], $16::bigint[], $17::bytea[]) AS w (scope, head, digest) WHERE scope.scope = w.scope
)
SELECT count(pg_notify($18, w.news)) FROM unnest($19::text[]) AS w (news)";

/// The one connection that writes, made anew where it was lost.
#[derive(Debug)]
pub struct Pen {
    options: Box<PgConnectOptions>,
    connection: Option<PgConnection>,
    own: Arc<AtomicU32>,
}

impl Pen {
    /// Returns what will connect with the first that is written.
    pub(super) fn new(options: PgConnectOptions, own: Arc<AtomicU32>) -> Self {
        let options = options.options([("idle_in_transaction_session_timeout", SILENT_WRITER)]);
        Self { options: Box::new(options), connection: None, own }
    }

    /// Begins what is written together.
    pub async fn begin(&mut self) -> Result<Transaction<'_, Postgres>, LogError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        Ok(self.connection.insert(connection).begin().await?)
    }

    async fn connect(&self) -> Result<PgConnection, LogError> {
        let mut connection = self.options.connect().await?;
        let process: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut connection).await?;
        self.own.store(process.cast_unsigned(), Ordering::Release);
        Ok(connection)
    }

    /// Leaves a connection on which something failed.
    ///
    /// What was under way there may yet be committed, and is told of like another relay's.
    pub fn give_up(&mut self) {
        self.own.store(0, Ordering::Release);
        self.connection = None;
    }

    /// Closes the connection in order.
    pub async fn close(self) -> Result<(), LogError> {
        match self.connection {
            Some(connection) => Ok(connection.close().await?),
            None => Ok(()),
        }
    }
}

/// Holds the logs that will grow until the commit, and answers the questions.
pub async fn known(connection: &mut PgConnection, questions: &Questions<'_>, heads: &Heads) -> Result<Known, LogError> {
    let mut known = Known { heads: hold(connection, &questions.scopes, heads).await?, ..Known::default() };
    let Questions { batches, named, changes, writers, documents, .. } = questions;
    // A statement of its own after the lock, so that it sees what was committed by whoever held the lock before.
    let asked = sqlx::query(KNOWN)
        .bind(each(batches, |(scope, ..)| scope.to_string()))
        .bind(each(batches, |(_, device, _)| i64::from(device.0)))
        .bind(each(batches, |(.., number)| i64::from(*number)))
        .bind(each(named, |(scope, _)| scope.to_string()))
        .bind(each(named, |(_, hash)| hash.0.to_vec()))
        .bind(each(changes, |(address, _)| address.scope.to_string()))
        .bind(each(changes, |(address, _)| address.document.to_string()))
        .bind(each(changes, |(_, hash)| hash.to_vec()))
        .bind(each(writers, |(address, _)| address.scope.to_string()))
        .bind(each(writers, |(address, _)| address.document.to_string()))
        .bind(each(writers, |(_, actor)| actor.to_vec()))
        .bind(each(documents, |address| address.scope.to_string()))
        .bind(each(documents, |address| address.document.to_string()));
    for row in asked.fetch_all(connection).await? {
        // Ordinality counts from one.
        let place = row.try_get::<i64, _>(1)?.checked_sub(1).and_then(|place| usize::try_from(place).ok());
        let answer = match row.try_get::<i32, _>(0)? {
            0 => Answer::Batch(Digest(fixed(&row, 2)?)),
            1 => Answer::Named,
            2 => Answer::Change,
            kind => {
                let extent = Extent { changes: unsigned(row.try_get(3)?)?, bytes: unsigned(row.try_get(4)?)? };
                if kind == 3 { Answer::Writer(extent) } else { Answer::Document(extent) }
            }
        };
        questions.answered(place.ok_or(LogError::Damaged)?, answer, &mut known)?;
    }
    Ok(known)
}

/// Locks the rows of these scopes in the order of their names, and returns where their logs end.
async fn hold(
    connection: &mut PgConnection,
    scopes: &[&ScopeId],
    heads: &Heads,
) -> Result<BTreeMap<ScopeId, Head>, LogError> {
    let missing: Vec<String> = scopes
        .iter()
        .filter(|scope| heads.of(scope).is_none_or(|head| head.position == 0))
        .map(|scope| scope.to_string())
        .collect();
    if !missing.is_empty() {
        // All that are missing before any lock is taken, or two relays that make each other's rows could wait in a ring.
        let make = "INSERT INTO scope (scope, head, digest) \
                    SELECT name, 0, $2 FROM unnest($1::text[]) AS w (name) ORDER BY name COLLATE \"C\" \
                    ON CONFLICT DO NOTHING";
        sqlx::query(make).bind(missing).bind(Head::default().digest.0.to_vec()).execute(&mut *connection).await?;
    }
    let names = each(scopes, |scope| scope.to_string());
    let lock = "SELECT scope, head, digest FROM scope WHERE scope = ANY($1) ORDER BY scope FOR UPDATE";
    let held = sqlx::query(lock).bind(names).fetch_all(connection).await?;
    if held.len() != scopes.len() {
        return Err(LogError::Damaged);
    }
    held.iter().map(read_end).collect()
}

/// Writes what was placed, and tells the other relays.
pub async fn write(connection: &mut PgConnection, rows: &Rows) -> Result<(), LogError> {
    if rows.heads.is_empty() {
        return Ok(());
    }
    let Rows { entries, changes, writers, heads } = rows;
    let scope_of = |address: &Address| address.scope.to_string();
    let document_of = |address: &Address| address.document.to_string();
    let (mut positions, mut seqs, mut sizes, mut ends) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in entries {
        positions.push(signed(row.head.position)?);
    }
    for Extent { changes, bytes } in writers.values() {
        seqs.push(signed(*changes)?);
        sizes.push(signed(*bytes)?);
    }
    for head in heads.values() {
        ends.push(signed(head.position)?);
    }
    let writing = sqlx::query(WRITE)
        .bind(each(entries, |row| row.scope.to_string()))
        .bind(positions)
        .bind(each(entries, |row| i64::from(row.device.0)))
        .bind(each(entries, |row| i64::from(row.number)))
        .bind(each(entries, |row| row.hash.0.to_vec()))
        .bind(each(entries, |row| row.head.digest.0.to_vec()))
        .bind(each(entries, |row| row.bytes.clone()))
        .bind(each(changes, |(address, _)| scope_of(address)))
        .bind(each(changes, |(address, _)| document_of(address)))
        .bind(each(changes, |(_, hash)| hash.to_vec()))
        .bind(each(writers.keys(), |(address, _)| scope_of(address)))
        .bind(each(writers.keys(), |(address, _)| document_of(address)))
        .bind(each(writers.keys(), |(_, actor)| actor.to_vec()))
        .bind(seqs)
        .bind(each(heads.keys(), ScopeId::to_string))
        .bind(ends)
        .bind(each(heads.values(), |head| head.digest.0.to_vec()))
        .bind(CHANNEL)
        .bind(each(heads, |(scope, head)| News { scope: scope.clone(), head: *head }.to_string()))
        .bind(sizes);
    writing.execute(connection).await?;
    Ok(())
}

/// Binds device numbers to keys and returns the key that each is bound to; the first that asks has it.
pub async fn enrol(
    connection: &mut PgConnection,
    devices: &[(DeviceNumber, PublicKey)],
) -> Result<BTreeMap<DeviceNumber, PublicKey>, LogError> {
    let numbers = each(devices, |(device, _)| i64::from(device.0));
    let insert = "INSERT INTO device (device, key) \
                  SELECT device, key FROM unnest($1::bigint[], $2::bytea[]) WITH ORDINALITY AS w (device, key, place) \
                  ORDER BY device, place ON CONFLICT DO NOTHING";
    let keys = each(devices, |(_, key)| key.0.to_vec());
    sqlx::query(insert).bind(&numbers).bind(keys).execute(&mut *connection).await?;
    let bound = sqlx::query("SELECT device, key FROM device WHERE device = ANY($1)").bind(numbers);
    let bound = bound.fetch_all(connection).await?;
    bound.iter().map(|row| Ok((DeviceNumber(small(row, 0)?), PublicKey(fixed(row, 1)?)))).collect()
}

/// Holds the settings until the commit, and returns one of them.
pub async fn held_setting(connection: &mut PgConnection, name: &str) -> Result<Option<Vec<u8>>, LogError> {
    hold_settings(connection).await?;
    let found = sqlx::query_scalar("SELECT value FROM township WHERE name = $1").bind(name);
    Ok(found.fetch_optional(connection).await?)
}

/// Keeps a setting of the township, or removes it.
pub async fn settle(connection: &mut PgConnection, name: &str, value: Option<Vec<u8>>) -> Result<(), LogError> {
    hold_settings(connection).await?;
    let query = match value {
        Some(value) => {
            let keep = "INSERT INTO township (name, value) VALUES ($1, $2) \
                        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
            sqlx::query(keep).bind(name).bind(value)
        }
        None => sqlx::query("DELETE FROM township WHERE name = $1").bind(name),
    };
    query.execute(&mut *connection).await?;
    sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(SETTLED).execute(connection).await?;
    Ok(())
}

/// Holds the settings as a whole: they are few and seldom written, and nobody reads them while he waits for another.
async fn hold_settings(connection: &mut PgConnection) -> Result<(), LogError> {
    sqlx::query("LOCK TABLE township IN SHARE ROW EXCLUSIVE MODE").execute(connection).await?;
    Ok(())
}

fn each<I: IntoIterator, T>(items: I, of: impl FnMut(I::Item) -> T) -> Vec<T> {
    items.into_iter().map(of).collect()
}
