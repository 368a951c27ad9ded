//! The engine: one input in, effects out.
//!
//! It asks nobody: time, randomness and bytes are arguments, wishes are effects. A wish is answered with
//! [`Effect::Done`] only once storage has confirmed what it changed.

pub mod boundary;
pub mod status;

pub use boundary::{Effect, Founding, Input, InvitationWish, Outcome, Refused, RequestId, Ticket, Wake};
pub use status::{Note, RecordState, RelayStatus, RelayTrouble, Status, StorageStatus};
