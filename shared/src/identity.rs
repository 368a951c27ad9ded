//! Who wrote something and who says so: keys, certificates, invitations, signed batches and acts, attested snapshots,
//! receipts.

pub mod act;
pub mod batch;
pub mod certificate;
pub mod invitation;
pub mod key;
pub mod receipt;
pub mod snapshot;

pub use crate::role::{Role, Roles};
pub use act::{Act, ActError, Held, HeldFor, Known, Reason, Revocation, Verdict};
pub use batch::{Batch, Entry, LaterEntry, Payload};
pub use certificate::{Certificate, CertificateError, Grant, Holder};
pub use invitation::Invitation;
pub use key::{Context, DeviceKey, KeyError, PublicKey, Signature};
pub use receipt::{Digest, Receipt};
pub use snapshot::{Snapshot, Vouch};
