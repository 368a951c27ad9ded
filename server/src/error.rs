//! Why a relay could not start or go on.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use shared::wire::Refusal;

use crate::backup::BackupError;
use crate::sample::township::SampleError;
use crate::tls::TlsError;

/// The reasons why a relay could not start or go on.
#[derive(Debug)]
pub enum ServerError {
    /// The folder for the data cannot be made.
    Data(PathBuf, io::Error),
    /// A file cannot be read or written.
    File(PathBuf, io::Error),
    /// A file is not a backup that can be restored.
    Backup(PathBuf, BackupError),
    /// There is no relay in the folder.
    NoRelay(PathBuf),
    /// The township has not been founded, so that there is nothing to keep.
    NotFounded,
    /// The address cannot be listened at.
    Listen(SocketAddr, io::Error),
    /// The files for TLS cannot be used.
    Tls(TlsError),
    /// Serving ended with an error.
    Serve(io::Error),
    /// The log failed.
    Log(LogError),
    /// The township has been founded, so that nothing may be laid at its beginning.
    AlreadyFounded,
    /// An entry to be laid at a township's beginning does not pass the relay's own checks.
    Entry(Refusal),
    /// The sample township could not be built.
    Sample(SampleError),
}

/// The reasons why the log could not be read or written.
#[derive(Debug)]
pub enum LogError {
    /// The database failed.
    Database(sqlx::Error),
    /// The database was written by a later version.
    Schema(i64),
    /// A stored value is not what it should be.
    Damaged,
    /// A batch of a township's beginning does not follow those before it.
    Refused(Refusal),
    /// The writer could not keep it, or has ended.
    NotKept,
    /// The database did not answer in time.
    Silent,
    /// The database does not say what other relays write.
    Deaf,
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data(path, error) => write!(f, "the folder {} cannot be used: {error}", path.display()),
            Self::File(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Backup(path, error) => write!(f, "{}: {error}", path.display()),
            Self::NoRelay(path) => write!(f, "the folder {} holds no relay", path.display()),
            Self::NotFounded => f.write_str("no township was founded here"),
            Self::Listen(address, error) => write!(f, "cannot listen at {address}: {error}"),
            Self::Tls(error) => error.fmt(f),
            Self::Serve(error) => write!(f, "serving ended: {error}"),
            Self::Log(error) => error.fmt(f),
            Self::AlreadyFounded => f.write_str("the township in this folder is founded already"),
            Self::Sample(error) => error.fmt(f),
            Self::Entry(reason) => write!(f, "an entry of the new township was refused: {reason}"),
        }
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(error) => write!(f, "the database failed: {error}"),
            Self::Schema(version) => write!(f, "the database has version {version}, which this program does not know"),
            Self::Damaged => f.write_str("the database holds a value that it should not"),
            Self::Refused(reason) => write!(f, "a batch does not follow those before it: {reason}"),
            Self::NotKept => f.write_str("the log could not keep it"),
            Self::Silent => f.write_str("the database does not answer"),
            Self::Deaf => f.write_str("the line on which the database tells of news is lost"),
        }
    }
}

impl std::error::Error for ServerError {}
impl std::error::Error for LogError {}

impl From<LogError> for ServerError {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

impl From<sqlx::Error> for LogError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}
