//! What goes wrong in one run, and how often; drawn from the seed.

use rand_chacha::ChaCha8Rng;
use rand_core::RngCore;

/// The faults of one run; probabilities in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Faults {
    /// A message, or the answer to it, vanishes.
    pub loss: u32,
    /// A request reaches the relay twice.
    pub duplication: u32,
    /// The longest a message takes, in milliseconds; each takes its own time, so that they overtake each other.
    pub delay_millis: u64,
    /// A live connection breaks with a message on it.
    pub live_breaks: u32,
    /// The live connection cannot be had at all.
    pub no_live: bool,
    /// A phone dies after one of its effects.
    pub crash: u32,
    /// Storage refuses a write.
    pub write_fails: u32,
    /// The relay stops and starts, this many times.
    pub relay_restarts: u32,
    /// The relay comes back and has lost records, this many times.
    pub relay_losses: u32,
    /// Somebody with a certificate pushes what must not be taken, this many times.
    pub attacks: u32,
    /// A device of a later version writes what the phones cannot read, this many times.
    pub later_entries: u32,
    /// Phones that break for good, this many.
    pub gone: u32,
    /// A phone's storage goes back to an earlier copy of itself, this many times.
    pub phone_rollbacks: u32,
}

impl Faults {
    /// Nothing goes wrong and every message takes a moment.
    pub const NONE: Self = Self {
        loss: 0,
        duplication: 0,
        delay_millis: 50,
        live_breaks: 0,
        no_live: false,
        crash: 0,
        write_fails: 0,
        relay_restarts: 0,
        relay_losses: 0,
        attacks: 0,
        later_entries: 0,
        gone: 0,
        phone_rollbacks: 0,
    };

    /// Draws the faults of one run; each kind is absent in some runs and heavy in others.
    pub fn draw(rng: &mut ChaCha8Rng) -> Self {
        let mut up_to = |most: u32| if chance(rng, 300) { 0 } else { below(rng, most + 1) };
        Self {
            loss: up_to(400),
            duplication: up_to(300),
            delay_millis: 50 + u64::from(up_to(20_000)),
            live_breaks: up_to(200),
            no_live: up_to(3) == 1,
            crash: up_to(40),
            write_fails: up_to(600),
            relay_restarts: up_to(3),
            relay_losses: up_to(6).saturating_sub(4),
            attacks: up_to(12),
            later_entries: up_to(4),
            gone: up_to(4) / 3,
            phone_rollbacks: up_to(3),
        }
    }
}

/// Draws true so many times in a thousand.
pub(super) fn chance(rng: &mut ChaCha8Rng, thousandths: u32) -> bool {
    below(rng, 1000) < thousandths
}

/// Draws a number below `end`; 0 if that is 0.
pub(super) fn below(rng: &mut ChaCha8Rng, end: u32) -> u32 {
    if end == 0 { 0 } else { rng.next_u32() % end }
}
