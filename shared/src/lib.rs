//! What the records mean, how they are kept and how they travel.
//!
//! Nothing here performs IO, reads a clock, draws randomness, starts a thread or awaits: time, randomness and
//! bytes are arguments, wishes are values.

pub mod cbor;
pub mod id;
pub mod role;
pub mod digest;
pub mod number;
pub mod time;
#[cfg(feature = "files")]
pub mod sheet;

pub mod domain;

pub mod access;
pub mod identity;
pub mod store;
pub mod wire;

pub mod document;
pub mod attestation;
pub mod replica;

pub mod simulation;
