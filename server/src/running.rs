//! A relay from its start to its orderly end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::config::Config;
use crate::door::Door;
use crate::error::ServerError;
use crate::metrics;
use crate::relay::Relay;
use crate::router;
use crate::tls::Tls;

/// How long requests under way may take to end when the relay stops.
const GRACE: Duration = Duration::from_secs(5);

/// A relay that serves.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where the metrics are, if they are served.
    pub metrics: Option<SocketAddr>,
    /// What it serves.
    pub relay: Arc<Relay>,
    tls: Option<Tls>,
    stop: watch::Sender<bool>,
    server: JoinHandle<io::Result<()>>,
    writer: JoinHandle<()>,
}

/// Starts a relay within this process; it serves when this returns.
pub async fn start(config: &Config) -> Result<Running, ServerError> {
    let tls = config.tls.clone().map(Tls::read).transpose().map_err(ServerError::Tls)?;
    let (stop, stopping) = watch::channel(false);
    let (relay, writer) = Relay::open(config, stopping.clone()).await?;
    let relay = Arc::new(relay);
    let failed = |error| ServerError::Listen(config.listen, error);
    let listener = TcpListener::bind(config.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let metrics = match config.metrics {
        Some(address) => Some(metrics::serve(relay.clone(), address).await?.0),
        None => None,
    };
    let routes = router(relay.clone(), config.assets.clone(), tls.is_some());
    let door = Door::new(relay.clone(), routes, tls.clone(), config.limits);
    let server = tokio::spawn(door.serve(listener));
    tracing::info!(%address, "the relay serves");
    Ok(Running { address, metrics, relay, tls, stop, server, writer })
}

/// Starts a relay, tells `ready` where, and serves until the process is asked to stop.
pub async fn run(
    config: &Config,
    ready: impl AsyncFnOnce(&Running) -> Result<(), ServerError>,
) -> Result<(), ServerError> {
    let mut signals = Signals::listen().map_err(ServerError::Serve)?;
    let running = start(config).await?;
    let outcome = match ready(&running).await {
        Ok(()) => signals.asked_to_stop(&running).await.map_err(ServerError::Serve),
        Err(error) => Err(error),
    };
    running.stop().await?;
    outcome
}

impl Running {
    /// Returns whether it is reached by TLS alone.
    pub fn has_tls(&self) -> bool {
        self.tls.is_some()
    }

    /// Reads the files of TLS again; where they cannot be used the relay goes on with what it has.
    pub fn reload(&self) {
        match self.tls.as_ref().map(Tls::reload) {
            Some(Ok(())) => tracing::info!("the certificate was read again"),
            Some(Err(error)) => tracing::error!(%error, "the certificate stays as it was"),
            None => tracing::info!("there is no certificate to read again"),
        }
    }

    /// Ends requests under way, closes live connections and the log.
    pub async fn stop(self) -> Result<(), ServerError> {
        let Self { relay, stop, mut server, writer, .. } = self;
        // Nobody listening means that serving has ended by itself.
        let _ = stop.send(true);
        match timeout(GRACE, &mut server).await {
            Ok(Ok(served)) => served.map_err(ServerError::Serve)?,
            Ok(Err(_)) => {}
            Err(_) => server.abort(),
        }
        drop(relay);
        if timeout(GRACE, writer).await.is_err() {
            tracing::warn!("the log is still in use; it closes with the process");
        }
        tracing::info!("the relay has stopped");
        Ok(())
    }
}

/// Waits until the relay stops, or whoever could stop it is gone.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    drop(stopping.wait_for(|stopping| *stopping).await);
}

/// How the system asks a process to do something.
#[cfg(unix)]
struct Signals {
    terminate: Signal,
    hang_up: Signal,
}

#[cfg(unix)]
impl Signals {
    /// Listens from here on; without that a signal would end the process at once.
    fn listen() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, hang_up: signal(SignalKind::hangup())? })
    }

    /// Waits for Ctrl-C or the polite request to end; a hang-up in between asks for the files of TLS to be read again.
    async fn asked_to_stop(&mut self, running: &Running) -> io::Result<()> {
        loop {
            tokio::select! {
                pressed = tokio::signal::ctrl_c() => return pressed,
                _ = self.terminate.recv() => return Ok(()),
                _ = self.hang_up.recv() => running.reload(),
            }
        }
    }
}

/// How the system asks a process to do something: where there is nothing else, by Ctrl-C.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    async fn asked_to_stop(&mut self, _running: &Running) -> io::Result<()> {
        tokio::signal::ctrl_c().await
    }
}
