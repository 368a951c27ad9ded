//! What a relay is told when it starts.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use crate::limits::Limits;
use crate::log::postgres::DatabaseUrl;
use crate::tls::TlsFiles;

/// The port of `pingyi serve` unless another is asked for.
pub const DEFAULT_PORT: u16 = 8080;

/// What a relay is told when it starts.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder that holds the records, unless a store is named; made when missing.
    pub data: PathBuf,
    /// The PostgreSQL database that holds the records, which other relays may share.
    pub store: Option<DatabaseUrl>,
    /// The folder of the built app, or nothing for a relay alone.
    pub assets: Option<PathBuf>,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where to serve the metrics; nowhere unless it is said.
    pub metrics: Option<SocketAddr>,
    /// The files for TLS; without them the relay speaks plainly, as behind a proxy.
    pub tls: Option<TlsFiles>,
    /// What may be asked of it at once.
    pub limits: Limits,
}

impl Config {
    /// Returns a relay without an app on a free port of this machine, as tests want it.
    pub fn local(data: impl Into<PathBuf>) -> Self {
        let listen = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        Self {
            data: data.into(),
            store: None,
            assets: None,
            listen,
            metrics: None,
            tls: None,
            limits: Limits::default(),
        }
    }
}
