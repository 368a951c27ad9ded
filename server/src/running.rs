//! A relay from its start to its orderly end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::config::Config;
use crate::error::ServerError;
use crate::relay::Relay;
use crate::router;

/// How long requests under way may take to end when the relay stops.
const GRACE: Duration = Duration::from_secs(5);

/// A relay that serves.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it serves.
    pub relay: Arc<Relay>,
    stop: watch::Sender<bool>,
    server: JoinHandle<io::Result<()>>,
    writer: JoinHandle<()>,
}

/// Starts a relay within this process; it serves when this returns.
pub async fn start(config: &Config) -> Result<Running, ServerError> {
    let (stop, stopping) = watch::channel(false);
    let (relay, writer) = Relay::open(config, stopping.clone()).await?;
    let relay = Arc::new(relay);
    let failed = |error| ServerError::Listen(config.listen, error);
    let listener = TcpListener::bind(config.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    // An answer is small and complete: to hold it back for more would only add a round trip.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let router = router(relay.clone(), config.assets.clone());
    let mut stopping = stopping;
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        // An error means that whoever could stop the relay is gone, upon which it stops too.
        let _ = stopping.wait_for(|stop| *stop).await;
    });
    let server = tokio::spawn(async move { serving.await });
    tracing::info!(%address, "the relay serves");
    Ok(Running { address, relay, stop, server, writer })
}

/// Starts a relay, tells `ready` where, and serves until the process is asked to stop.
pub async fn run(
    config: &Config,
    ready: impl AsyncFnOnce(&Running) -> Result<(), ServerError>,
) -> Result<(), ServerError> {
    let running = start(config).await?;
    let outcome = match ready(&running).await {
        Ok(()) => asked_to_stop().await.map_err(ServerError::Serve),
        Err(error) => Err(error),
    };
    running.stop().await?;
    outcome
}

impl Running {
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

/// Waits for Ctrl-C or, where there is such a thing, the system's polite request to end.
async fn asked_to_stop() -> io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
