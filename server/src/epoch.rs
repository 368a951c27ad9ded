//! Under which number the log stands; it changes whenever the log may have lost something.
//!
//! What phones know of positions under the number before is worth nothing then: they read the log again, in few bytes,
//! and bring what it lacks.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::relay::random;

/// The epoch of every log of one relay.
#[derive(Debug)]
pub struct Epoch(AtomicU32);

impl Epoch {
    /// Goes on with an epoch.
    pub fn new(number: u32) -> Self {
        Self(AtomicU32::new(number))
    }

    /// Returns the epoch's number.
    pub fn number(&self) -> u32 {
        self.0.load(Ordering::Acquire)
    }

    /// Begins another epoch.
    pub fn begin(&self, number: u32) {
        self.0.store(number, Ordering::Release);
    }

    /// Draws the number of another epoch.
    pub fn draw() -> u32 {
        // Zero is what a phone says before it knows one.
        u32::from_be_bytes(random()).max(1)
    }
}
