//! `pingyi serve`: the relay until it is asked to stop.

use std::fs;
use std::future::Future;
use std::io::{self, IsTerminal, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

use crate::config::{Config, DEFAULT_PORT};
use crate::error::ServerError;
use crate::headless::Http;
use crate::limits::Limits;
use crate::log::postgres::DatabaseUrl;
use crate::running::{self, Running};
use crate::sample::township::{self, Extent};
use crate::tls::TlsFiles;

/// What is logged unless `RUST_LOG` says otherwise.
const LOG_FILTER: &str = "info";

/// Where the records are and where to serve.
#[derive(clap::Args)]
pub struct Arguments {
    /// The folder of the relay's own data; made when missing.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// A PostgreSQL database for the records, such as postgres://relay@db.example/niuzhuang, which other relays may
    /// share; without one they are in the data folder. Its password is read from PGPASSWORD or ~/.pgpass.
    #[arg(long, conflicts_with = "sample")]
    store: Option<DatabaseUrl>,
    /// The port.
    #[arg(long, default_value_t = DEFAULT_PORT)]
    port: u16,
    /// The address to listen at; every one of this machine unless given.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::UNSPECIFIED))]
    listen: IpAddr,
    /// The folder of the built app.
    #[arg(long)]
    assets: Option<PathBuf>,
    /// Where to serve the metrics, such as 127.0.0.1:9464; nowhere unless given.
    #[arg(long)]
    metrics: Option<SocketAddr>,
    /// The certificate and those that vouch for it, as PEM; read again at SIGHUP.
    #[arg(long, requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The certificate's key, as PEM.
    #[arg(long, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Fill a folder that does not exist yet with the sample township and a whole year of its records, or with
    /// `--sample=people` with its units, people and rulebook alone.
    #[arg(long, value_name = "EXTENT", num_args = 0..=1, require_equals = true, default_missing_value = "year")]
    sample: Option<Extent>,
}

/// Serves; each enrolment link stands on a line of its own, role and link parted by a tab, then where it serves.
pub fn run(arguments: Arguments) -> ExitCode {
    log_to_stderr();
    let Arguments { data, store, port, listen, assets, metrics, tls_cert, tls_key, sample } = arguments;
    in_runtime(async move {
        if let Some(extent) = sample.filter(|_| !data.exists()) {
            lay_sample(&data, extent).await?;
        }
        let tls = tls_cert.zip(tls_key).map(|(certificate, key)| TlsFiles { certificate, key });
        let listen = SocketAddr::new(listen, port);
        let config = Config { data, store, assets, listen, metrics, tls, limits: Limits::default() };
        running::run(&config, async |running: &Running| tell(running).await).await
    })
}

/// Builds the sample township in a folder beside, which takes its place once it is whole: a start that is cut off
/// leaves no half a township behind.
async fn lay_sample(data: &Path, extent: Extent) -> Result<(), ServerError> {
    let beside = data.with_extension("new");
    let failed = |error| ServerError::Data(beside.clone(), error);
    if beside.exists() {
        fs::remove_dir_all(&beside).map_err(failed)?;
    }
    let running = running::start(&Config::local(beside.clone())).await?;
    let token = running.relay.founding_token().await?.to_text();
    let transport = Http::new(&format!("http://127.0.0.1:{}", running.address.port()));
    let say = |line: &str| drop(writeln!(io::stderr(), "  {line}"));
    let links = township::build(&token, transport, extent, say).await.map_err(ServerError::Sample)?;
    let links: Vec<(String, String)> = links.into_iter().map(|link| (link.role, link.invitation)).collect();
    running.relay.keep_links(&links).await?;
    running.stop().await?;
    fs::rename(&beside, data).map_err(failed)
}

/// Prints how to enrol and where the relay serves.
async fn tell(running: &Running) -> Result<(), ServerError> {
    let scheme = if running.has_tls() { "https" } else { "http" };
    let page = format!("{scheme}://localhost:{}/", running.address.port());
    let mut lines = String::new();
    for (role, link) in running.relay.links().await? {
        lines.push_str(&format!("{role}\t{page}#/enrol/{link}\n"));
    }
    if running.relay.learn_authority().await?.is_none() {
        lines.push_str(&format!("found\t{page}#/found/{}\n", running.relay.founding_token().await?.to_text()));
    }
    lines.push_str(&format!("serving {page}\n"));
    let mut out = io::stdout().lock();
    out.write_all(lines.as_bytes()).and_then(|()| out.flush()).map_err(ServerError::Serve)
}

/// Carries out an asynchronous command and turns its failure into words and an exit code.
pub(super) fn in_runtime(command: impl Future<Output = Result<(), ServerError>>) -> ExitCode {
    let done = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(command),
        Err(error) => Err(ServerError::Serve(error)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Whoever reads has gone away: the exit code is all that is left.
            drop(writeln!(io::stderr(), "{error}"));
            ExitCode::FAILURE
        }
    }
}

/// Sends the log to standard error, so that standard output holds nothing but what was asked for.
///
/// What libraries say by the older way of logging is not heard: there the WebSocket tells every frame in full, and the
/// first frame of a line holds the session's token.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOG_FILTER));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let log = log.with_ansi(io::stderr().is_terminal()).finish();
    // Where something listens already it was asked for first.
    drop(tracing::subscriber::set_global_default(log));
}
