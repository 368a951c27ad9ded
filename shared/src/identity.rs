//! Who wrote something and who says so: keys, certificates, invitations, signed batches, attested snapshots, receipts.

pub mod batch;
pub mod certificate;
pub mod invitation;
pub mod key;
pub mod receipt;
pub mod snapshot;

pub use crate::role::{Role, Roles};
pub use batch::{Batch, Entry, Payload};
pub use certificate::{Certificate, CertificateError, Grant, Holder};
pub use invitation::Invitation;
pub use key::{Context, DeviceKey, KeyError, PublicKey, Signature};
pub use receipt::{Digest, Receipt};
pub use snapshot::{Snapshot, Vouch};
