//! Pauses between attempts: doubling, bounded, and shaken so that a village's phones do not call all at once.

use rand_core::RngCore;

use crate::time::Instant;

/// How long to wait after failures in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backoff {
    first_millis: u64,
    last_millis: u64,
    failures: u32,
}

impl Backoff {
    /// Makes a pause that begins at `first_millis`, doubles with every failure and stays at `last_millis`.
    pub const fn new(first_millis: u64, last_millis: u64) -> Self {
        Self { first_millis, last_millis, failures: 0 }
    }

    /// Counts a failure and returns when to try again: between half of the pause and all of it.
    pub fn fail(&mut self, now: Instant, rng: &mut dyn RngCore) -> Instant {
        let doublings = self.failures.min(20);
        let pause = (self.first_millis << doublings).min(self.last_millis);
        self.failures = self.failures.saturating_add(1);
        let half = pause / 2;
        now.plus_millis(half + rng.next_u64() % (pause - half + 1))
    }

    /// Forgets every failure.
    pub fn succeed(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_core::SeedableRng;

    use super::*;

    #[test]
    fn pauses_double_and_stay_bounded() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut backoff = Backoff::new(1000, 60_000);
        for (failure, longest) in [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000].into_iter().enumerate() {
            let pause = backoff.fail(Instant(0), &mut rng).0;
            assert!((longest / 2..=longest).contains(&pause), "failure {failure}: {pause}");
        }
        backoff.succeed();
        assert!(backoff.fail(Instant(0), &mut rng).0 <= 1000);
    }
}
