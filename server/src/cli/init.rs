//! `pingyi init`: a relay for a new township, and the link by which the office's own device founds it.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use tokio::sync::watch;

use super::serve::in_runtime;
use crate::config::{Config, DEFAULT_PORT};
use crate::error::ServerError;
use crate::log::postgres::DatabaseUrl;
use crate::relay::Relay;

/// Where the records will be.
#[derive(clap::Args)]
pub struct Arguments {
    /// The folder of the relay's own data; made when missing.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// A PostgreSQL database for the records; without one they are in the data folder.
    #[arg(long)]
    store: Option<DatabaseUrl>,
    /// The address under which the office will open the page.
    #[arg(long, default_value_t = format!("http://localhost:{DEFAULT_PORT}"))]
    page: String,
}

/// Makes the relay's key and prints the founding link; a second call prints the same link again.
pub fn run(arguments: Arguments) -> ExitCode {
    in_runtime(init(arguments))
}

async fn init(Arguments { data, store, page }: Arguments) -> Result<(), ServerError> {
    let (_stop, stopping) = watch::channel(false);
    let (relay, writer) = Relay::open(&Config { store, ..Config::local(data) }, stopping).await?;
    let token = relay.founding_token().await?;
    drop(relay);
    if let Err(error) = writer.await {
        tracing::error!(%error, "the log did not close in order");
    }
    writeln!(io::stdout(), "{}/#/found/{}", page.trim_end_matches('/'), token.to_text()).map_err(ServerError::Serve)
}
