//! `pingyi backup`: everything a relay holds, into one file, while the relay runs.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::PathBuf;
use std::process::ExitCode;

use shared::identity::Receipt;
use tokio::sync::watch;

use super::serve::in_runtime;
use crate::backup::Backup;
use crate::config::Config;
use crate::error::ServerError;
use crate::log::postgres::DatabaseUrl;
use crate::relay::Relay;

/// Entries read at once: a page's worth, so that a running relay does not wait and memory stays small.
const READ_ENTRIES: usize = 512;

/// From where and to where.
#[derive(clap::Args)]
pub struct Arguments {
    /// The folder of the relay's own data.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// The PostgreSQL database that holds the records, if one does.
    #[arg(long)]
    store: Option<DatabaseUrl>,
    /// The file to write; one that is there is replaced once the new one is whole.
    #[arg(long)]
    to: PathBuf,
}

/// Writes the backup beside its place, and puts it there once it is on the disk.
pub fn run(arguments: Arguments) -> ExitCode {
    in_runtime(backup(arguments))
}

async fn backup(Arguments { data, store, to }: Arguments) -> Result<(), ServerError> {
    let unwritten = |error| ServerError::File(to.clone(), error);
    let (_stop, stopping) = watch::channel(false);
    let (relay, writer) = Relay::open_existing(&Config { store, ..Config::local(data) }, stopping).await?;
    let heading = relay.heading().await?.ok_or(ServerError::NotFounded)?;
    let beside = to.with_extension("part");
    let file = File::create(&beside).map_err(unwritten)?;
    let mut out = Backup::begin(BufWriter::new(file), &heading).map_err(unwritten)?;
    // Logs only grow: what stands before these ends stays as it is while others push.
    for (scope, head) in relay.log.ends().await? {
        out.scope(&scope).map_err(unwritten)?;
        let mut position = 0;
        while position < head.position {
            let count = READ_ENTRIES.min(usize::try_from(head.position - position).unwrap_or(READ_ENTRIES));
            for kept in relay.log.entries(&scope, position, count).await? {
                out.entry(&kept.bytes).map_err(unwritten)?;
                position = kept.position;
            }
        }
        let receipt = Receipt { scope, epoch: heading.epoch, position: head.position, digest: head.digest };
        out.receipt(&head, &receipt.sign(&relay.key)).map_err(unwritten)?;
    }
    let file = out.end().map_err(unwritten)?.into_inner().map_err(|error| unwritten(error.into_error()))?;
    file.sync_all().map_err(unwritten)?;
    fs::rename(&beside, &to).map_err(unwritten)?;
    drop(relay);
    if let Err(error) = writer.await {
        tracing::error!(%error, "the log did not close in order");
    }
    Ok(())
}
