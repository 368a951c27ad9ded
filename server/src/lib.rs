//! A relay: passes signed batches between phones and the township.

pub mod cli;
pub mod sample;
