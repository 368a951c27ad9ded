//! What the records mean: plain values and pure functions, with no notion of replication, bytes or clocks.

pub mod township;
pub mod person;
pub mod rulebook;
pub mod ballot;
pub mod meeting;
pub mod appraisal;
pub mod command;
