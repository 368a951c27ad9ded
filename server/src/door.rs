//! The door: takes connections, with or without TLS, counts them, and lets those end in order that are under way.

pub mod guard;
pub mod line;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use crate::limits::{Limits, neighbour};
use crate::relay::Relay;
use crate::running::stopped;
use crate::tls::Tls;
use guard::Peer;
use line::Line;

/// The longest head of a request, in bytes, and the most that is read from a connection at once: several times what
/// any browser sends here, where nothing sets a cookie.
const HEAD_BYTES: usize = 16 * 1024;
/// How long to wait where the system has no room for another connection, rather than to ask it again at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(500);

/// What every connection is served with.
#[derive(Clone, Debug)]
pub struct Door {
    relay: Arc<Relay>,
    routes: TowerToHyperService<Router>,
    tls: Option<Tls>,
    limits: Limits,
}

impl Door {
    /// Leads to these routes.
    pub fn new(relay: Arc<Relay>, routes: Router, tls: Option<Tls>, limits: Limits) -> Self {
        Self { relay, routes: TowerToHyperService::new(routes), tls, limits }
    }

    /// Takes connections until the relay stops, and returns when those under way have ended.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        let mut stopping = self.relay.stopping.clone();
        let (under_way, mut all_ended) = mpsc::channel(1);
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, address)) => self.take(stream, address, under_way.clone()),
                    Err(error) if is_of_one_connection(&error) => {}
                    Err(error) => {
                        tracing::error!(%error, "no connection can be taken");
                        sleep(ACCEPT_PAUSE).await;
                    }
                },
                () = stopped(&mut stopping) => break,
            }
        }
        drop(listener);
        drop(under_way);
        // Nobody sends anything: the channel ends when the last connection has let go of it.
        let _: Option<()> = all_ended.recv().await;
        Ok(())
    }

    /// Serves a connection by itself, unless there are too many.
    fn take(&self, stream: TcpStream, address: SocketAddr, under_way: mpsc::Sender<()>) {
        // A proxy on this machine speaks for many, and says for whom with each request.
        let counted = (!address.ip().to_canonical().is_loopback()).then(|| neighbour(address.ip()));
        let Some(place) = self.relay.gate.connect(counted) else {
            self.relay.metrics.connections_refused.inc();
            return;
        };
        // An answer is small and complete: to hold it back for more would only add a round trip.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
        let line = Line::new(stream, place, &self.relay.metrics, self.limits.stall_time);
        let (door, peer) = (self.clone(), address.ip());
        tokio::spawn(async move {
            let mut stopping = door.relay.stopping.clone();
            match door.tls.as_ref().map(Tls::acceptor) {
                None => door.converse(line, peer).await,
                Some(acceptor) => tokio::select! {
                    accepted = timeout(door.limits.head_time, acceptor.accept(line)) => match accepted {
                        Ok(Ok(stream)) => door.converse(stream, peer).await,
                        Ok(Err(error)) => tracing::debug!(%error, "a connection did not come to TLS"),
                        Err(_) => tracing::debug!("a connection took too long to come to TLS"),
                    },
                    () = stopped(&mut stopping) => {}
                },
            }
            drop(under_way);
        });
    }

    async fn converse<S>(&self, stream: S, peer: IpAddr)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let routes = self.routes.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            routes.call(request)
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(self.limits.head_time).max_buf_size(HEAD_BYTES);
        let connection = builder.serve_connection(TokioIo::new(stream), service).with_upgrades();
        let (mut connection, mut stopping) = (pin!(connection), self.relay.stopping.clone());
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = stopped(&mut stopping) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}

/// Tells whether an error belongs to the one who connected and not to the listener.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
