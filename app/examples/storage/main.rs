//! The storage script on this browser's own database, one step at a time; `tests/storage.rs` says which step is next.

use std::cell::{Cell, RefCell};

use app::platform::indexed_db::IndexedDb;
use shared::store::conformance::{Step, script};
use shared::store::{Row, StorageTrouble, Write, WriteId};
use wasm_bindgen::prelude::*;

/// Rows of 32 kB that together exceed the space that the journey grants; one large row would be weighed too late,
/// since Chromium puts it beside the database.
const TOO_MANY: usize = 256;

thread_local! {
    static OPEN: RefCell<Option<IndexedDb>> = const { RefCell::new(None) };
    static WRITES: Cell<u64> = const { Cell::new(1) };
}

fn main() {}

/// Carries out one step of the script and returns what is wrong, or nothing.
#[wasm_bindgen]
pub async fn step(number: usize) -> Option<String> {
    let step = script().into_iter().nth(number)?;
    carry_out(step).await.err()
}

async fn carry_out(step: Step) -> Result<(), String> {
    let database = open().await?;
    match step {
        Step::Write { puts, deletes } => write(&database, puts, deletes).await.map_err(|trouble| said(&trouble)),
        Step::Abort { mut puts } => {
            // The browser ends the transaction by itself once the rows exceed what it grants.
            puts.extend((0..TOO_MANY).map(|n| Row { key: format!("snapshot/{n}"), value: vec![7; 32 << 10] }));
            match write(&database, puts, Vec::new()).await {
                Err(StorageTrouble::Full) => Ok(()),
                Err(trouble) => Err(said(&trouble)),
                Ok(()) => Err("rows that do not fit were confirmed".to_owned()),
            }
        }
        Step::Reopen => {
            database.close();
            OPEN.take();
            open().await.map(drop)
        }
        Step::Read { key, expect } => {
            let found = database.read(&key).await.map_err(|trouble| said(&trouble))?;
            same(&found, &expect)
        }
        Step::LoadAll { expect } => {
            let mut rows = database.load().await.map_err(|trouble| said(&trouble))?;
            rows.sort_by(|a, b| a.key.cmp(&b.key));
            same(&rows, &expect)
        }
    }
}

async fn open() -> Result<IndexedDb, String> {
    if let Some(database) = OPEN.with_borrow(Clone::clone) {
        return Ok(database);
    }
    let database = IndexedDb::open().await.map_err(|trouble| said(&trouble))?;
    OPEN.set(Some(database.clone()));
    Ok(database)
}

async fn write(database: &IndexedDb, puts: Vec<Row>, deletes: Vec<String>) -> Result<(), StorageTrouble> {
    let id = WriteId(WRITES.replace(WRITES.get() + 1));
    database.write(&Write { id, puts, deletes }).await
}

fn said(trouble: &StorageTrouble) -> String {
    format!("storage said {trouble:?}")
}

fn same<T: PartialEq + std::fmt::Debug>(found: &T, expect: &T) -> Result<(), String> {
    if found == expect { Ok(()) } else { Err(format!("found {found:?}, not {expect:?}")) }
}
