//! The status line: one claim, never more than was proved.

use shared::replica::{RelayStatus, Status, StorageStatus};

/// A clock this far from the relay's is worth a word, in milliseconds: dates on records would look wrong.
const SKEW: i64 = 5 * 60_000;

/// What the status line claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Something was recorded and is not on disk.
    NotSaved,
    /// Everything is on disk, so many changes have no receipt.
    OnThisPhone(usize),
    /// So many changes have no receipt, and all of them lie at the township until a person decides.
    Held(usize),
    /// Every change of this device has a receipt.
    AtTownship,
    /// Nothing of this device waits for a receipt, and no receipt came since the program started.
    Nothing,
}

/// Returns what the status proves.
pub fn claim(status: &Status) -> Claim {
    match (status.storage, status.unsent) {
        (StorageStatus::Failing { .. } | StorageStatus::Unreadable(_), _) => Claim::NotSaved,
        (_, 0) if status.last_receipt.is_some() => Claim::AtTownship,
        (_, 0) => Claim::Nothing,
        (_, unsent) => match unsent.saturating_sub(status.unsent_held) {
            0 => Claim::Held(unsent),
            unsent => Claim::OnThisPhone(unsent),
        },
    }
}

/// Tells whether a question to the relay is under way.
pub fn asking(status: &Status) -> bool {
    matches!(status.relay, RelayStatus::Asking { .. })
}

/// Tells whether the relay's last answer was a refusal, or one that cannot be believed.
pub fn refused(status: &Status) -> bool {
    matches!(status.relay, RelayStatus::Refusing { .. })
}

/// How the clock stands to the relay's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Never compared.
    Unknown,
    /// Close enough.
    Fine,
    /// So many minutes away.
    Off(u64),
}

/// Compares the clocks as of the last session.
pub fn clock(status: &Status) -> Clock {
    match status.skew_millis {
        None => Clock::Unknown,
        Some(skew) if skew.abs() < SKEW => Clock::Fine,
        Some(skew) => Clock::Off(skew.unsigned_abs() / 60_000),
    }
}

#[cfg(test)]
mod tests {
    use shared::store::StorageTrouble;
    use shared::time::Instant;

    use super::*;

    #[test]
    fn claims_no_more_than_was_proved() {
        let fresh = Status { storage: StorageStatus::Good, ..Status::default() };
        assert_eq!(claim(&fresh), Claim::Nothing);
        let receipt = Status { last_receipt: Some(Instant(1)), ..fresh.clone() };
        assert_eq!(claim(&receipt), Claim::AtTownship);
        let newer = Status { unsent: 3, ..receipt };
        assert_eq!(claim(&newer), Claim::OnThisPhone(3), "an old receipt says nothing of newer records");
        let held = |unsent_held| claim(&Status { unsent_held, ..newer.clone() });
        assert_eq!(held(3), Claim::Held(3), "the township has them, and nobody has decided");
        assert_eq!(held(1), Claim::OnThisPhone(2), "what it does not have comes first");
        let failing = StorageStatus::Failing { trouble: StorageTrouble::Full, since: Instant(1), waiting: 1 };
        assert_eq!(claim(&Status { storage: failing, ..newer }), Claim::NotSaved);
    }

    #[test]
    fn a_refusal_is_no_silence() {
        let at = |relay| Status { relay, ..Status::default() };
        let (trouble, retry_at) = (shared::replica::RelayTrouble::Receipt, Instant(2));
        assert!(refused(&at(RelayStatus::Refusing { trouble, retry_at })));
        // Nobody there is the usual state of a village, and is said on the page behind the line.
        assert!(!refused(&at(RelayStatus::Unreachable { since: Instant(1), retry_at })));
    }

    #[test]
    fn a_clock_is_off_in_either_direction() {
        let at = |skew| clock(&Status { skew_millis: skew, ..Status::default() });
        assert_eq!(at(None), Clock::Unknown);
        assert_eq!(at(Some(-299_999)), Clock::Fine);
        assert_eq!(at(Some(-600_000)), Clock::Off(10));
        assert_eq!(at(Some(86_400_000)), Clock::Off(1440));
    }
}
