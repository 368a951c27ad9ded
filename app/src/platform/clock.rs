//! The device's clock and its one timer.

use gloo_timers::callback::Timeout;
use shared::time::Instant;

/// The longest wait the browser can be asked for, in milliseconds; a later instant is reached in several.
const LONGEST_WAIT: u64 = i32::MAX as u64;

/// Returns the device's idea of the instant; people may have set it wrong.
pub fn now() -> Instant {
    Instant(js_sys::Date::now() as u64)
}

/// Calls once when the clock reaches the instant; dropping the timer forgets it.
///
/// A browser in the background may be late, so whoever cares asks the clock again.
pub fn timer(at: Instant, call: impl FnOnce() + 'static) -> Timeout {
    let wait = at.0.saturating_sub(now().0).min(LONGEST_WAIT);
    Timeout::new(wait as u32, call)
}
