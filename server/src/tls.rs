//! TLS from certificate files, which may be replaced while the relay serves.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// The protocol of requests and lines; a browser opens no WebSocket over another.
const PROTOCOL: &[u8] = b"http/1.1";

/// The files that prove who the relay is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate and those that vouch for it, the own one first, as PEM.
    pub certificate: PathBuf,
    /// The certificate's key, as PEM.
    pub key: PathBuf,
}

/// The reasons why files do not make TLS.
#[derive(Debug)]
pub enum TlsError {
    /// The file with the certificate cannot be read.
    Certificate(PathBuf, pem::Error),
    /// The file with the certificate holds none.
    NoCertificate(PathBuf),
    /// The file with the key cannot be read.
    Key(PathBuf, pem::Error),
    /// Certificate and key do not belong together or cannot be used.
    Pair(TlsFiles, rustls::Error),
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate(path, error) => write!(f, "no certificate can be read from {}: {error}", path.display()),
            Self::NoCertificate(path) => write!(f, "{} holds no certificate in PEM", path.display()),
            Self::Key(path, error) => write!(f, "no key can be read from {}: {error}", path.display()),
            Self::Pair(TlsFiles { certificate, key }, error) => {
                let (certificate, key) = (certificate.display(), key.display());
                write!(f, "the certificate in {certificate} cannot be used with the key in {key}: {error}")
            }
        }
    }
}

impl std::error::Error for TlsError {}

/// The files as they were last read.
#[derive(Clone, Debug)]
pub struct Tls {
    files: TlsFiles,
    config: Arc<RwLock<Arc<ServerConfig>>>,
}

impl Tls {
    /// Reads the files.
    pub fn read(files: TlsFiles) -> Result<Self, TlsError> {
        let config = Arc::new(RwLock::new(Arc::new(read(&files)?)));
        Ok(Self { files, config })
    }

    /// Reads the files again; connections from here on are shown what they hold. Where it fails nothing changes.
    pub fn reload(&self) -> Result<(), TlsError> {
        let read = Arc::new(read(&self.files)?);
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(())
    }

    /// Returns what brings a connection to TLS.
    pub fn acceptor(&self) -> TlsAcceptor {
        self.config.read().unwrap_or_else(PoisonError::into_inner).clone().into()
    }
}

fn read(files: &TlsFiles) -> Result<ServerConfig, TlsError> {
    let TlsFiles { certificate, key } = files;
    let unreadable = |error| TlsError::Certificate(certificate.clone(), error);
    let chain = CertificateDer::pem_file_iter(certificate).map_err(unreadable)?;
    let chain: Vec<CertificateDer<'static>> = chain.collect::<Result<_, _>>().map_err(unreadable)?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate(certificate.clone()));
    }
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| TlsError::Key(key.clone(), error))?;
    let mismatched = |error| TlsError::Pair(files.clone(), error);
    // Named, since a program may hold more than one maker of ciphers and then none is the default.
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(mismatched)?;
    let mut config = builder.with_no_client_auth().with_single_cert(chain, key).map_err(mismatched)?;
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    Ok(config)
}
