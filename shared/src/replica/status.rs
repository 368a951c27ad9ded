//! What a device can honestly say about its storage, the relay and its own records.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::id::{Address, DeviceCode, DeviceNumber, FactId, PersonId, ScopeId, UnitCode};
use crate::identity::{Digest, HeldFor, PublicKey, Reason};
use crate::role::Roles;
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
    /// 待决定: kept at the township, where a person decides whether it counts; the relay says so, no receipt proves it.
    Awaiting,
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
    /// Those of them that the township keeps for a person's decision, as the relay said; no receipt proves it.
    pub unsent_held: usize,
    /// All of them per document; documents with nothing unsent are absent.
    pub unsent_by_document: BTreeMap<Address, usize>,
    /// When this device's clock showed the last receipt that verified.
    pub last_receipt: Option<Instant>,
    /// The relay's clock less this device's, in milliseconds, as of the last session.
    pub skew_millis: Option<i64>,
    /// What was found wrong and kept, oldest first; at most [`NOTES`].
    pub notes: Vec<Note>,
    /// How many entries of a later version are kept unread until this device is updated; none of them counts here.
    pub later: usize,
    /// How this device stands with the township.
    pub standing: Standing,
    /// Own batches that wait at the township for a person's decision.
    pub awaiting: usize,
    /// Own batches that the township decided against; they stay on this device.
    pub rejected: usize,
    /// Every device that is known, by its short name.
    pub devices: Arc<Vec<KnownDevice>>,
    /// Where the relay's log contradicts a receipt that this device holds; kept as evidence for the office.
    pub contradictions: Vec<Contradiction>,
    /// What waits for a decision, or was decided; at the township's office alone, the oldest first.
    pub held: Arc<Vec<HeldBatch>>,
}

/// The relay signed two histories of one scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The scope.
    pub scope: ScopeId,
    /// The position of the receipt that this device holds.
    pub position: u64,
    /// The digest that the receipt names.
    pub ours: Digest,
    /// The digest that the log has there as it is shown.
    pub theirs: Digest,
}

/// How a device stands with its township.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// Its certificate is believed, as far as it knows.
    #[default]
    Enrolled,
    /// It was revoked: it is given nothing more, and what it pushes waits for a decision.
    Revoked,
    /// Another device took its invitation up before: what it pushes waits for a decision.
    SecondUse,
}

/// A device as the logs know it, or one that was invited from here and not heard of since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownDevice {
    /// Its number.
    pub device: DeviceNumber,
    /// Its short name.
    pub code: DeviceCode,
    /// Who holds it.
    pub person: PersonId,
    /// The holder's name.
    pub name: String,
    /// What the holder may do.
    pub roles: Roles,
    /// The villages that the roles extend to.
    pub villages: BTreeSet<UnitCode>,
    /// Whether the holder may invite others.
    pub may_enrol: bool,
    /// Whether nothing of it has come yet.
    pub is_silent: bool,
    /// That it was revoked.
    pub revoked: Option<RevokedDevice>,
    /// Whether this device's holder may revoke it.
    pub may_revoke: bool,
}

/// What is known of a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevokedDevice {
    /// What the clock of who revoked it showed.
    pub at: Instant,
    /// Why.
    pub reason: Reason,
    /// Whether it stands in the township's log; before that it holds on this device alone.
    pub is_at_township: bool,
}

/// A batch that the relay may not place, and what was decided of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBatch {
    /// The hash by which a log knows it.
    pub batch: Digest,
    /// The device that made it.
    pub device: DeviceNumber,
    /// The key that signed it.
    pub key: PublicKey,
    /// The device's short name.
    pub code: DeviceCode,
    /// The holder's name.
    pub name: String,
    /// The device's number of the batch.
    pub number: u32,
    /// The document.
    pub address: Address,
    /// How many changes it holds.
    pub changes: usize,
    /// From when to when the changes were made, as the device's own clock says.
    pub written: (Instant, Instant),
    /// When it came, as the relay's clock says.
    pub arrived: Instant,
    /// Why it waits.
    pub reason: HeldFor,
    /// What was decided, once the log has it; nothing while it waits.
    pub verdict: Option<bool>,
    /// What was decided here and is on its way to the log.
    pub wished: Option<bool>,
}

/// The number of notes kept: enough to see a pattern, little enough to read.
pub const NOTES: usize = 50;
/// The most notes about facts of one document that nobody understands: whoever fills a document with such facts leaves
/// room for what else is to be told.
pub const UNKNOWN_NOTES: usize = 5;

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
    /// It was told that this device was revoked.
    Revoked,
    /// It knows another device that took the same invitation up before.
    SecondUse,
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
    /// A device dates its records more than a day ahead (E38); they count, and no order follows from their dates.
    WrongClock(Address, DeviceNumber),
    /// A decision about a device in this scope's log does not hold; nothing was believed of it.
    BadAct(ScopeId),
    /// The relay did not place a decision of this device in this scope's log.
    ActRefused(ScopeId, Refusal),
    /// The relay had lost records and is being repaired; what only this device proves counts as unsent again.
    RelayLost,
    /// This device brings the relay so many changes of others, which it had lost and nobody else brought.
    Brought(Address, usize),
    /// The relay lacks so many changes of others, and this device does not hold what proves them.
    NotBrought(Address, usize),
    /// This device gave a number twice, the second time after a rollback; the later record got the second number.
    NumberTwice(FactId, FactId),
}
