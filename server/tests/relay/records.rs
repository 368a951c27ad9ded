//! Where the relays of a test keep their records: each test has a place of its own, and may stop and start on it.

use std::path::Path;
use std::process::Command;

use server::Config;
use server::log::Log;
use server::log::postgres::DatabaseUrl;
use server::log::store::{Pen, Place, Store};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, raw_sql};

use super::database;

/// Where the relays of a test keep their records.
pub struct Records {
    folder: tempfile::TempDir,
    store: Option<String>,
}

impl Records {
    /// Returns a fresh place in the kind of store that this program's tests are about.
    pub async fn fresh() -> Self {
        Self::of(if crate::ON_POSTGRES { Some(database::fresh().await) } else { None })
    }

    /// Returns a fresh folder, or a database that is there.
    pub fn of(store: Option<String>) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), store }
    }

    /// Copies the records of a relay that has stopped, as a disk that is put back from an older picture holds them.
    pub async fn copy(&self) -> Self {
        let store = match &self.store {
            Some(url) => Some(database::copy(url).await),
            None => None,
        };
        let copy = Self::of(store);
        for name in std::fs::read_dir(self.folder()).unwrap() {
            let name = name.unwrap();
            std::fs::copy(name.path(), copy.folder().join(name.file_name())).unwrap();
        }
        copy
    }

    /// Returns the folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns a relay on these records.
    pub fn config(&self) -> Config {
        let store = self.store.as_ref().map(|url| url.parse().unwrap());
        Config { store, ..Config::local(self.folder.path()) }
    }

    /// Opens the log alone.
    pub async fn log(&self) -> Log {
        let (file, url) = (self.file(), self.config().store);
        Log::open(Self::place(&file, &url), Default::default()).await.unwrap().0
    }

    /// Opens the store under the log.
    pub async fn store(&self) -> (Store, Pen) {
        let (file, url) = (self.file(), self.config().store);
        Store::open(Self::place(&file, &url)).await.unwrap()
    }

    fn place<'a>(file: &'a Path, url: &'a Option<DatabaseUrl>) -> Place<'a> {
        url.as_ref().map_or(Place::File(file), Place::Database)
    }

    /// Tells the command line of a process where the records are, beside the folder.
    pub fn say_to(&self, command: &mut Command) {
        self.store.iter().for_each(|url| {
            command.args(["--store", url]);
        });
    }

    /// Makes every write of entries fail, as a full disk does, until it is mended.
    pub async fn break_writes(&self) {
        match &self.store {
            Some(url) => {
                let full = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS \
                            $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = 'disk_full'; END $$; \
                            CREATE TRIGGER full_disk BEFORE INSERT ON pingyi.entry EXECUTE FUNCTION full_disk()";
                database::tell(url, full).await;
            }
            None => {
                let full = "CREATE TRIGGER full_disk BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'no space'); END";
                self.tell_file(full).await;
            }
        }
    }

    /// Lets entries be written again.
    pub async fn mend_writes(&self) {
        match &self.store {
            Some(url) => database::tell(url, "DROP TRIGGER full_disk ON pingyi.entry; DROP FUNCTION full_disk()").await,
            None => self.tell_file("DROP TRIGGER full_disk").await,
        }
    }

    /// Takes the tables back to their first version, as a relay that was not updated left them.
    pub async fn age(&self) {
        match &self.store {
            Some(url) => {
                let first = "ALTER TABLE pingyi.writer DROP COLUMN bytes; UPDATE pingyi.version SET version = 1";
                database::tell(url, first).await;
            }
            None => self.tell_file("ALTER TABLE writer DROP COLUMN bytes; PRAGMA user_version = 1").await,
        }
    }

    async fn tell_file(&self, statement: &str) {
        let mut connection: SqliteConnection =
            SqliteConnectOptions::new().filename(self.file()).connect().await.unwrap();
        raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    }

    fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("relay.sqlite")
    }
}
