//! What a device can honestly say about its storage, the relay and its own records.

use std::collections::BTreeMap;

use crate::id::{Address, FactId};
use crate::store::StorageTrouble;
use crate::time::Instant;
use crate::wire::Refusal;

/// Where a record has been proved to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordState {
    /// Asked to be written; storage has not confirmed it.
    Writing,
    /// 在本机: on this phone's disk.
    OnThisPhone,
    /// 已到乡: at the township, proved by the relay's signed receipt.
    AtTownship,
}

/// Everything the status line may say; each claim is only what was proved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// How storage does.
    pub storage: StorageStatus,
    /// How the relay does.
    pub relay: RelayStatus,
    /// Whether the live connection stands.
    pub live: bool,
    /// Own changes that no receipt covers yet.
    pub unsent: usize,
    /// The same per document; documents with nothing unsent are absent.
    pub unsent_by_document: BTreeMap<Address, usize>,
    /// When this device's clock showed the last receipt that verified.
    pub last_receipt: Option<Instant>,
    /// The relay's clock less this device's, in milliseconds, as of the last session.
    pub skew_millis: Option<i64>,
    /// What was found wrong and kept, oldest first; at most [`NOTES`].
    pub notes: Vec<Note>,
}

/// The number of notes kept: enough to see a pattern, little enough to read.
pub const NOTES: usize = 50;

/// How storage does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StorageStatus {
    /// It has not been read yet.
    #[default]
    Loading,
    /// Every write asked for is on disk or under way.
    Good,
    /// It could not be read at start; nothing can be recorded.
    Unreadable(StorageTrouble),
    /// Writes fail and are tried again; what they hold is in memory only.
    Failing {
        /// What it said last.
        trouble: StorageTrouble,
        /// When it began.
        since: Instant,
        /// How many writes wait.
        waiting: usize,
    },
}

/// How the relay does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RelayStatus {
    /// Not tried since the program started.
    #[default]
    Untried,
    /// A question is under way.
    Asking {
        /// Since when.
        since: Instant,
    },
    /// It answered and everything known on both sides was exchanged.
    UpToDate {
        /// When.
        at: Instant,
    },
    /// It could not be reached.
    Unreachable {
        /// Since the first attempt that failed.
        since: Instant,
        /// When it is tried again by itself.
        retry_at: Instant,
    },
    /// It answered and refused.
    Refusing {
        /// What it refused.
        trouble: RelayTrouble,
        /// When it is tried again by itself.
        retry_at: Instant,
    },
}

/// What a relay's refusal, or an answer that cannot be believed, was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelayTrouble {
    /// It does not know or accept this device's certificate.
    Certificate,
    /// It has no township yet, or this township's founding was refused.
    Founding,
    /// This device's clock is too far from its own.
    Clock,
    /// It did not accept a batch of this device.
    Batch,
    /// It speaks another version.
    Version,
    /// It is overloaded or broken and says so.
    Busy,
    /// Its receipt's signature or digest chain does not hold: it is not the township's relay, or lost its log.
    Receipt,
    /// Its answer could not be read.
    Answer,
}

/// Something found wrong that a person may have to know; what it concerns was kept aside, never guessed at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A row of storage was torn or changed; its key.
    BadRow(String),
    /// A document on disk could not be read.
    BadDocument(Address),
    /// A fact could not be read: an unknown kind or a malformed value.
    UnknownFact(Address, String),
    /// A fact's number belongs to another device than the one that wrote it.
    ForeignNumber(Address, FactId),
    /// A certificate from the log did not verify.
    BadCertificate,
    /// A batch from the log was not taken, for the reason for which the relay should have refused it.
    BadBatch(Address, Refusal),
    /// Two changes claim the same place in one device's history.
    ForkedHistory(Address),
    /// This device's storage had gone back to an earlier state: the township holds records that it had lost.
    RolledBack,
    /// The relay had lost records and is being repaired; what only this device proves counts as unsent again.
    RelayLost,
    /// This device brings the relay so many changes of others, which it had lost and nobody else brought.
    Brought(Address, usize),
    /// This device gave a number twice, the second time after a rollback; the later record got the second number.
    NumberTwice(FactId, FactId),
}
