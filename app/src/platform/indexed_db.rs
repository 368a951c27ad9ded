//! The records' storage: one object store of framed rows, one strict transaction per write.

use idb::{DatabaseEvent, Factory, ObjectStoreParams, Query, Transaction};
use js_sys::{Function, Promise, Reflect, Uint8Array};
use shared::store::{Row, StorageTrouble, Write};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, IdbDatabase, IdbTransaction};

const DATABASE: &str = "pingyi";
/// Raised only when the object stores change, which a newer program must do without losing a row.
const VERSION: u32 = 1;
const ROWS: &str = "rows";

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
}

/// The open database; only the tab that holds the seat may have one.
#[derive(Clone, Debug)]
pub struct IndexedDb {
    database: IdbDatabase,
}

impl IndexedDb {
    /// Opens the database, creating it at the first start.
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
        Ok(Self { database: database.into() })
    }

    /// Reads every row.
    pub async fn load(&self) -> Result<Vec<Row>, StorageTrouble> {
        let names = js_sys::Array::of1(&ROWS.into());
        let transaction = self.database.transaction_with_str_sequence(&names).map_err(|thrown| named(&thrown))?;
        let store = Transaction::from(transaction).object_store(ROWS).map_err(|error| aborted(&error))?;
        let keys = store.get_all_keys(None, None).map_err(|error| aborted(&error))?;
        let values = store.get_all(None, None).map_err(|error| aborted(&error))?;
        let keys = keys.await.map_err(|error| aborted(&error))?;
        let values = values.await.map_err(|error| aborted(&error))?;
        // Both lists come in key order from one transaction, so they belong together pair by pair.
        let row = |(key, value): (JsValue, JsValue)| {
            let key = key.as_string().ok_or(StorageTrouble::Aborted)?;
            Ok(Row { key, value: Uint8Array::new(&value).to_vec() })
        };
        keys.into_iter().zip(values).map(row).collect()
    }

    /// Reads one row as it lies on disk.
    pub async fn read(&self, key: &str) -> Result<Option<Vec<u8>>, StorageTrouble> {
        let names = js_sys::Array::of1(&ROWS.into());
        let transaction = self.database.transaction_with_str_sequence(&names).map_err(|thrown| named(&thrown))?;
        let store = Transaction::from(transaction).object_store(ROWS).map_err(|error| aborted(&error))?;
        let request = store.get(Query::Key(key.into())).map_err(|error| aborted(&error))?;
        let value = request.await.map_err(|error| aborted(&error))?;
        Ok(value.map(|value| Uint8Array::new(&value).to_vec()))
    }

    /// Starts a write at once, so that writes reach the disk in the order in which they were asked for.
    ///
    /// The future ends well only after the transaction's `complete`, which under strict durability means after
    /// the flush to disk.
    pub fn write(&self, write: &Write) -> impl Future<Output = Result<(), StorageTrouble>> + use<> {
        let started = self.start(write);
        async move { completed(started?).await }
    }

    /// Closes the database once running transactions have ended; every later write fails.
    pub fn close(&self) {
        self.database.close();
    }

    fn start(&self, write: &Write) -> Result<IdbTransaction, StorageTrouble> {
        let options = js_sys::Object::new();
        Reflect::set(&options, &"durability".into(), &"strict".into()).map_err(|thrown| named(&thrown))?;
        let database: &StrictDatabase = self.database.unchecked_ref();
        let transaction = database.transaction(ROWS, "readwrite", &options).map_err(|thrown| named(&thrown))?;
        let asked = self.ask(&transaction, write);
        if asked.is_err() {
            // Half of a write must not reach the disk; a transaction that is already gone needs no abort.
            drop(transaction.abort());
        }
        asked.map(|()| transaction)
    }

    fn ask(&self, transaction: &IdbTransaction, write: &Write) -> Result<(), StorageTrouble> {
        let store = Transaction::from(transaction.clone()).object_store(ROWS).map_err(|error| aborted(&error))?;
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
        "VersionError" => StorageTrouble::Busy,
        _ => StorageTrouble::Aborted,
    }
}
