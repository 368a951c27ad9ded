//! The records' storage: one object store of framed rows, one strict transaction per write.
//!
//! A tab can be frozen for hours with the database open and wake up to write. So each opening has a number, the next
//! one puts a row that ends it, and a write of an opening that was ended fails as a whole: every write adds that same
//! row and takes it out again, which storage refuses where the row already lies.

use std::cell::Cell;
use std::rc::Rc;

use idb::{DatabaseEvent, Factory, KeyRange, ObjectStore, ObjectStoreParams, Query, Transaction};
use js_sys::{Function, Promise, Reflect, Uint8Array};
use shared::store::{Row, StorageTrouble, Write};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, IdbDatabase, IdbTransaction};

const DATABASE: &str = "pingyi";
/// Raised only when the object stores change, which a newer program must do without losing a row.
const VERSION: u32 = 1;
const ROWS: &str = "rows";
/// Before the number of an opening, in the key of the row that ends it; no row of the records begins so.
const ENDED: &str = "seat/";
/// How many ended openings are remembered: a tab that sleeps through more of them was discarded long before.
const ENDED_KEPT: u64 = 64;

#[wasm_bindgen]
extern "C" {
    /// A database whose transactions take options; the bindings have them only as an unstable interface.
    type StrictDatabase;

    #[wasm_bindgen(method, catch)]
    fn transaction(
        this: &StrictDatabase,
        store: &str,
        mode: &str,
        options: &JsValue,
    ) -> Result<IdbTransaction, JsValue>;

    /// A transaction that can be told that nothing more will be asked of it.
    type FinalTransaction;

    #[wasm_bindgen(method, catch)]
    fn commit(this: &FinalTransaction) -> Result<(), JsValue>;
}

/// The open database; only the tab that holds the seat may have one.
#[derive(Clone, Debug)]
pub struct IndexedDb {
    database: IdbDatabase,
    /// The number of the opening before this one.
    before: u64,
    /// Whether the row is on disk that ends every opening before this one.
    is_alone: Rc<Cell<bool>>,
}

impl IndexedDb {
    /// Opens the database, creating it at the first start, and ends every opening before this one.
    pub async fn open() -> Result<Self, StorageTrouble> {
        let factory = Factory::new().map_err(|_| StorageTrouble::Denied)?;
        let mut request =
            factory.open(DATABASE, Some(VERSION)).map_err(|error| trouble(&error, StorageTrouble::Denied))?;
        request.on_upgrade_needed(|event| {
            // A failure aborts the upgrade, and with it the opening below.
            if let Ok(database) = event.database() {
                drop(database.create_object_store(ROWS, ObjectStoreParams::new()));
            }
        });
        let database = request.await.map_err(|error| trouble(&error, StorageTrouble::Denied))?;
        if !database.store_names().iter().any(|name| name == ROWS) {
            return Err(StorageTrouble::Denied);
        }
        let mut opened = Self { database: database.into(), before: 0, is_alone: Rc::default() };
        opened.sit_down().await?;
        Ok(opened)
    }

    /// Ends every opening before this one; after this their writes fail, and the rows are read as they stay.
    async fn sit_down(&mut self) -> Result<(), StorageTrouble> {
        let transaction = self.begin("relaxed")?;
        let store = Transaction::from(transaction.clone()).object_store(ROWS).map_err(|error| aborted(&error))?;
        let all = KeyRange::bound(&ended(0).into(), &ended(u64::MAX).into(), None, None);
        let all = Query::KeyRange(all.map_err(|error| aborted(&error))?);
        let keys = store.get_all_keys(Some(all), None).map_err(|error| aborted(&error))?;
        let keys = keys.await.map_err(|error| aborted(&error))?;
        let number = |key: &JsValue| key.as_string()?.strip_prefix(ENDED)?.parse::<u64>().ok();
        self.before = keys.iter().filter_map(number).max().unwrap_or(0) + 1;
        let old = KeyRange::bound(&ended(0).into(), &ended(self.before.saturating_sub(ENDED_KEPT)).into(), None, None);
        let old = Query::KeyRange(old.map_err(|error| aborted(&error))?);
        store.delete(old).map_err(|error| aborted(&error))?;
        self.end_others(&store)?;
        match completed(transaction).await {
            Ok(()) => self.is_alone.set(true),
            // Records can be read where nothing can be written; the first write that finds room ends the others.
            Err(StorageTrouble::Full) => {}
            Err(trouble) => return Err(trouble),
        }
        Ok(())
    }

    fn end_others(&self, store: &ObjectStore) -> Result<(), StorageTrouble> {
        let end = store.put(&Uint8Array::new_with_length(0), Some(&ended(self.before).into()));
        end.map(drop).map_err(|error| aborted(&error))
    }

    /// Reads every row.
    pub async fn load(&self) -> Result<Vec<Row>, StorageTrouble> {
        let names = js_sys::Array::of1(&ROWS.into());
        let transaction = self.database.transaction_with_str_sequence(&names).map_err(|thrown| named(&thrown))?;
        let store = Transaction::from(transaction.clone()).object_store(ROWS).map_err(|error| aborted(&error))?;
        let keys = store.get_all_keys(None, None).map_err(|error| aborted(&error))?;
        let values = store.get_all(None, None).map_err(|error| aborted(&error))?;
        finish(&transaction);
        let keys = keys.await.map_err(|error| aborted(&error))?;
        let values = values.await.map_err(|error| aborted(&error))?;
        // Both lists come in key order from one transaction, so they belong together pair by pair.
        let row = |(key, value): (JsValue, JsValue)| {
            let key = key.as_string().ok_or(StorageTrouble::Aborted)?;
            Ok(Row { key, value: Uint8Array::new(&value).to_vec() })
        };
        let is_record = |row: &Result<Row, _>| row.as_ref().map_or(true, |row: &Row| !row.key.starts_with(ENDED));
        keys.into_iter().zip(values).map(row).filter(is_record).collect()
    }

    /// Reads one row as it lies on disk.
    pub async fn read(&self, key: &str) -> Result<Option<Vec<u8>>, StorageTrouble> {
        let names = js_sys::Array::of1(&ROWS.into());
        let transaction = self.database.transaction_with_str_sequence(&names).map_err(|thrown| named(&thrown))?;
        let store = Transaction::from(transaction.clone()).object_store(ROWS).map_err(|error| aborted(&error))?;
        let request = store.get(Query::Key(key.into())).map_err(|error| aborted(&error))?;
        finish(&transaction);
        let value = request.await.map_err(|error| aborted(&error))?;
        Ok(value.map(|value| Uint8Array::new(&value).to_vec()))
    }

    /// Tells whether another tab has opened the database since this one did.
    pub async fn is_ended(&self) -> bool {
        // Storage that cannot be read is no other tab.
        self.read(&ended(self.before + 1)).await.is_ok_and(|row| row.is_some())
    }

    /// Starts a write at once, so that writes reach the disk in the order in which they were asked for.
    ///
    /// The future ends well only after the transaction's `complete`, which under strict durability means after
    /// the flush to disk. It ends as busy when another tab has opened the database since this one did.
    pub fn write(&self, write: &Write) -> impl Future<Output = Result<(), StorageTrouble>> + use<> {
        let started = self.start(write);
        let is_alone = Rc::clone(&self.is_alone);
        async move {
            completed(started?).await?;
            is_alone.set(true);
            Ok(())
        }
    }

    /// Closes the database once running transactions have ended; every later write fails.
    pub fn close(&self) {
        self.database.close();
    }

    fn start(&self, write: &Write) -> Result<IdbTransaction, StorageTrouble> {
        let transaction = self.begin("strict")?;
        let asked = self.ask(&transaction, write);
        match &asked {
            Ok(()) => finish(&transaction),
            // Half of a write must not reach the disk; a transaction that is already gone needs no abort.
            Err(_) => drop(transaction.abort()),
        }
        asked.map(|()| transaction)
    }

    fn begin(&self, durability: &str) -> Result<IdbTransaction, StorageTrouble> {
        let options = js_sys::Object::new();
        Reflect::set(&options, &"durability".into(), &durability.into()).map_err(|thrown| named(&thrown))?;
        let database: &StrictDatabase = self.database.unchecked_ref();
        database.transaction(ROWS, "readwrite", &options).map_err(|thrown| named(&thrown))
    }

    fn ask(&self, transaction: &IdbTransaction, write: &Write) -> Result<(), StorageTrouble> {
        let store = Transaction::from(transaction.clone()).object_store(ROWS).map_err(|error| aborted(&error))?;
        if !self.is_alone.get() {
            self.end_others(&store)?;
        }
        let mine: JsValue = ended(self.before + 1).into();
        store.add(&Uint8Array::new_with_length(0), Some(&mine)).map_err(|error| aborted(&error))?;
        store.delete(Query::Key(mine)).map_err(|error| aborted(&error))?;
        for key in &write.deletes {
            store.delete(Query::Key(key.into())).map_err(|error| aborted(&error))?;
        }
        for row in &write.puts {
            let value = Uint8Array::from(row.value.as_slice());
            store.put(&value, Some(&row.key.as_str().into())).map_err(|error| aborted(&error))?;
        }
        Ok(())
    }
}

/// Returns the key of the row that ends an opening; keys order as their numbers.
fn ended(opening: u64) -> String {
    format!("{ENDED}{opening:020}")
}

/// Says that nothing more is asked of a transaction, so that it ends without this tab, were it frozen, and keeps the
/// database from no other.
fn finish(transaction: &IdbTransaction) {
    // A browser that cannot be told finds out by itself.
    drop(transaction.unchecked_ref::<FinalTransaction>().commit());
}

/// Waits for `complete` or `abort`, the two ends a transaction can come to.
async fn completed(transaction: IdbTransaction) -> Result<(), StorageTrouble> {
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    match JsFuture::from(promise).await {
        Ok(_) => Ok(()),
        Err(_) => Err(transaction.error().map_or(StorageTrouble::Aborted, |error| of_name(&error.name()))),
    }
}

fn aborted(error: &idb::Error) -> StorageTrouble {
    trouble(error, StorageTrouble::Aborted)
}

fn trouble(error: &idb::Error, otherwise: StorageTrouble) -> StorageTrouble {
    match error {
        idb::Error::DomException(exception) => of_name(&exception.name()),
        idb::Error::IndexedDbOpenFailed(thrown)
        | idb::Error::UpdateFailed(thrown)
        | idb::Error::DeleteFailed(thrown)
        | idb::Error::GetFailed(thrown)
        | idb::Error::GetAllFailed(thrown)
        | idb::Error::GetAllKeysFailed(thrown)
        | idb::Error::TransactionOpenFailed(thrown) => named(thrown),
        _ => otherwise,
    }
}

fn named(thrown: &JsValue) -> StorageTrouble {
    thrown.dyn_ref::<DomException>().map_or(StorageTrouble::Aborted, |exception| of_name(&exception.name()))
}

fn of_name(name: &str) -> StorageTrouble {
    match name {
        "QuotaExceededError" => StorageTrouble::Full,
        // A database closed by the browser, or one that it never lets open.
        "SecurityError" | "InvalidStateError" | "NotAllowedError" => StorageTrouble::Denied,
        // The rows of this opening were ended, or a later program has the database.
        "ConstraintError" | "VersionError" => StorageTrouble::Busy,
        _ => StorageTrouble::Aborted,
    }
}
