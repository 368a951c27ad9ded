//! `pingyi restore`: a relay from a backup, under a new epoch, so that phones bring what the backup lacks.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use tokio::sync::watch;

use super::serve::in_runtime;
use crate::backup::Restore;
use crate::config::Config;
use crate::error::ServerError;
use crate::log::postgres::DatabaseUrl;
use crate::relay::Relay;

/// Batches written at once: one transaction's worth.
const LAID_BATCHES: usize = 2048;

/// From where and to where.
#[derive(clap::Args)]
pub struct Arguments {
    /// The backup.
    #[arg(long)]
    from: PathBuf,
    /// The folder of the new relay's data, which must hold no records.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// An empty PostgreSQL database for the records; without one they are in the data folder.
    #[arg(long)]
    store: Option<DatabaseUrl>,
}

/// Checks and lays every entry; only when all are there is the relay one that phones can use.
pub fn run(arguments: Arguments) -> ExitCode {
    in_runtime(restore(arguments))
}

async fn restore(Arguments { from, data, store }: Arguments) -> Result<(), ServerError> {
    let bad = |error| ServerError::Backup(from.clone(), error);
    let file = File::open(&from).map_err(|error| ServerError::File(from.clone(), error))?;
    let mut backup = Restore::begin(BufReader::new(file)).map_err(bad)?;
    let (_stop, stopping) = watch::channel(false);
    let (relay, writer) = Relay::open(&Config { store, ..Config::local(data) }, stopping).await?;
    if relay.learn_authority().await?.is_some() || !relay.log.ends().await?.is_empty() {
        return Err(ServerError::AlreadyFounded);
    }
    loop {
        let pushes = backup.read(LAID_BATCHES).map_err(bad)?;
        if pushes.is_empty() {
            break;
        }
        relay.lay_entries(pushes).await?;
    }
    for (device, key) in backup.devices() {
        relay.log.enrol(device, key).await?;
    }
    relay.go_on(backup.heading(), backup.ends()).await?;
    let entries: u64 = backup.ends().values().map(|head| head.position).sum();
    writeln!(io::stdout(), "{} logs with {entries} entries", backup.ends().len()).map_err(ServerError::Serve)?;
    drop(relay);
    if let Err(error) = writer.await {
        tracing::error!(%error, "the log did not close in order");
    }
    Ok(())
}
