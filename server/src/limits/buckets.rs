//! Allowances that are spent and come back with time, one for each device or address.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How much may be asked at once, and how much of it comes back in a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// How many at once.
    pub burst: u32,
    /// How many more with every second; not nothing.
    pub rate: u32,
}

/// The allowances of everybody who spent some of theirs; whoever is not here has all of it.
///
/// For each the moment is kept at which everything will have come back, and nothing else.
#[derive(Debug)]
pub struct Buckets<K> {
    each: Duration,
    burst: Duration,
    most: usize,
    spent: Mutex<Spent<K>>,
}

#[derive(Debug)]
struct Spent<K> {
    whole_at: BTreeMap<K, Instant>,
    /// Shared by those for whom there is no room.
    strangers: Instant,
    /// When those who have all of theirs again were last forgotten.
    swept: Instant,
}

impl<K: Ord> Buckets<K> {
    /// Gives everybody the same allowance and remembers at most so many.
    pub fn new(allowance: Allowance, most: usize) -> Self {
        let each = Duration::from_secs(1) / allowance.rate.max(1);
        let now = Instant::now();
        let spent = Mutex::new(Spent { whole_at: BTreeMap::new(), strangers: now, swept: now });
        Self { each, burst: each * allowance.burst, most, spent }
    }

    /// Spends one, or tells how long it takes until there is one to spend.
    pub fn take(&self, key: K) -> Result<(), Duration> {
        self.take_at(key, Instant::now())
    }

    fn take_at(&self, key: K, now: Instant) -> Result<(), Duration> {
        // Whoever panicked here left a moment that is merely too early.
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.whole_at.len() >= self.most && !spent.whole_at.contains_key(&key) {
            // At most once in the time that one comes back in: a crowd of strangers must not make this slow.
            if now >= spent.swept + self.each {
                spent.swept = now;
                spent.whole_at.retain(|_, whole_at| *whole_at > now);
            }
            if spent.whole_at.len() >= self.most {
                return self.spend(&mut spent.strangers, now);
            }
        }
        self.spend(spent.whole_at.entry(key).or_insert(now), now)
    }

    fn spend(&self, whole_at: &mut Instant, now: Instant) -> Result<(), Duration> {
        let after = (*whole_at).max(now) + self.each;
        let beyond = after.duration_since(now).saturating_sub(self.burst);
        if beyond.is_zero() {
            *whole_at = after;
            Ok(())
        } else {
            Err(beyond)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn what_is_spent_comes_back() {
        let buckets = Buckets::new(Allowance { burst: 3, rate: 2 }, 10);
        let start = Instant::now();
        for _ in 0..3 {
            assert_eq!(buckets.take_at(1, start), Ok(()));
        }
        assert_eq!(buckets.take_at(1, start), Err(SECOND / 2), "it says how long");
        assert_eq!(buckets.take_at(2, start), Ok(()), "another has its own");
        assert_eq!(buckets.take_at(1, start + SECOND / 2), Ok(()));
        assert!(buckets.take_at(1, start + SECOND / 2).is_err());
        for _ in 0..3 {
            assert_eq!(buckets.take_at(1, start + 60 * SECOND), Ok(()), "never more than at once");
        }
        assert!(buckets.take_at(1, start + 60 * SECOND).is_err());
    }

    #[test]
    fn strangers_beyond_the_room_share_one_allowance() {
        let buckets = Buckets::new(Allowance { burst: 2, rate: 1 }, 2);
        let start = Instant::now();
        let known = [buckets.take_at(1, start), buckets.take_at(2, start)];
        assert_eq!(known, [Ok(()), Ok(())]);
        assert_eq!([buckets.take_at(3, start), buckets.take_at(4, start)], [Ok(()), Ok(())]);
        assert!(buckets.take_at(5, start).is_err(), "the strangers' two are spent");
        assert_eq!(buckets.take_at(1, start), Ok(()), "who is known is not touched");
        assert_eq!(buckets.spent.lock().unwrap().whole_at.len(), 2);
        assert_eq!(buckets.take_at(6, start + 9 * SECOND), Ok(()), "those who are whole make room");
        assert_eq!(buckets.spent.lock().unwrap().whole_at.keys().collect::<Vec<_>>(), [&6]);
    }
}
