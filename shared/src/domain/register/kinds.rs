//! Every kind of record, in the order of the mechanisms.

mod activity;

use super::Kind;

/// Every kind of record that this version knows.
pub const KINDS: &[&Kind] = &[&activity::KIND];
