//! Randomness from the browser.

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// The browser gave no randomness, so that no key can be made and nothing may be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoEntropy;

/// Seeds a generator; drawing once and expanding keeps every later draw from failing.
pub fn draw() -> Result<ChaCha20Rng, NoEntropy> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|_| NoEntropy)?;
    Ok(ChaCha20Rng::from_seed(seed))
}
