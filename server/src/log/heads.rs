//! Where the log of each scope ends: kept in memory, since every request asks and most find nothing new.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use shared::id::ScopeId;
use tokio::sync::Notify;

use super::Head;

/// The ends of the logs, while memory can be believed.
///
/// It is in doubt until the store has been read, after a commit that may or may not have reached the disk, and where
/// others write into the same store without this relay hearing of it. Whoever asks meanwhile asks the store.
#[derive(Clone, Debug, Default)]
pub struct Heads(Arc<Believed>);

#[derive(Debug, Default)]
struct Believed {
    ends: RwLock<Ends>,
    doubted: Notify,
}

#[derive(Debug, Default)]
struct Ends {
    by_scope: BTreeMap<ScopeId, Head>,
    trusted: bool,
    doubts: u64,
}

/// Which doubt a reading of the store answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt(u64);

impl Heads {
    /// Returns the end of a scope's log, or nothing while in doubt.
    pub fn of(&self, scope: &ScopeId) -> Option<Head> {
        let ends = self.read();
        ends.trusted.then(|| ends.by_scope.get(scope).copied().unwrap_or_default())
    }

    /// Returns how many scopes have a log, and how many entries all of them hold, as far as is known.
    pub fn extent(&self) -> (usize, u64) {
        let ends = self.read();
        (ends.by_scope.len(), ends.by_scope.values().map(|head| head.position).sum())
    }

    /// Takes in ends that are durable; an end never goes back.
    pub fn advance(&self, heads: impl IntoIterator<Item = (ScopeId, Head)>) {
        self.write().advance(heads);
    }

    /// Forgets everything until the store has been read again.
    pub fn doubt(&self) {
        let mut ends = self.write();
        *ends = Ends { doubts: ends.doubts + 1, ..Ends::default() };
        self.0.doubted.notify_one();
    }

    /// Waits until a doubt comes up; one that came up since the last wait counts.
    pub async fn doubted_anew(&self) {
        self.0.doubted.notified().await;
    }

    /// Returns the doubt that a reading which begins at this moment will answer, or nothing if there is none.
    pub fn doubted(&self) -> Option<Doubt> {
        let ends = self.read();
        (!ends.trusted).then_some(Doubt(ends.doubts))
    }

    /// Believes what was read of the whole store; false where a new doubt has come up since the reading began.
    pub fn trust(&self, doubt: Doubt, found: BTreeMap<ScopeId, Head>) -> bool {
        let mut ends = self.write();
        if ends.doubts != doubt.0 {
            return false;
        }
        ends.advance(found);
        ends.trusted = true;
        true
    }

    fn read(&self) -> RwLockReadGuard<'_, Ends> {
        self.0.ends.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Ends> {
        self.0.ends.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ends {
    fn advance(&mut self, heads: impl IntoIterator<Item = (ScopeId, Head)>) {
        for (scope, head) in heads {
            let known = self.by_scope.entry(scope).or_insert(head);
            if known.position < head.position {
                *known = head;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::identity::Digest;

    use super::*;

    fn at(position: u64) -> BTreeMap<ScopeId, Head> {
        [(scope(), Head { position, digest: Digest([position as u8; 32]) })].into()
    }

    fn scope() -> ScopeId {
        "village.42".parse().unwrap()
    }

    fn known(heads: &Heads) -> Option<u64> {
        heads.of(&scope()).map(|head| head.position)
    }

    #[test]
    fn nothing_is_believed_before_the_store_was_read() {
        let heads = Heads::default();
        heads.advance(at(2));
        assert_eq!(known(&heads), None);
        assert!(heads.trust(heads.doubted().unwrap(), BTreeMap::new()));
        assert_eq!((known(&heads), heads.doubted()), (Some(2), None));
    }

    #[test]
    fn an_end_never_goes_back() {
        let heads = Heads::default();
        let doubt = heads.doubted().unwrap();
        heads.advance(at(3));
        assert!(heads.trust(doubt, at(2)), "read before the third entry was committed");
        heads.advance(at(1));
        assert_eq!(known(&heads), Some(3));
    }

    #[test]
    fn a_reading_answers_the_doubt_that_it_began_with() {
        let heads = Heads::default();
        let doubt = heads.doubted().unwrap();
        heads.doubt();
        assert!(!heads.trust(doubt, at(2)));
        assert_eq!(known(&heads), None);
        assert!(heads.trust(heads.doubted().unwrap(), at(3)));
        assert_eq!(known(&heads), Some(3));
    }
}
