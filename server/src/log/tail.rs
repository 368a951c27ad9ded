//! The newest entries of every log, so that phones that are online are told of them without a question to the disk.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock};

use shared::id::{DeviceNumber, ScopeId};
use shared::wire::PAGE_ENTRIES;

use super::Kept;
use super::page::Room;

/// The most bytes held over all logs: some minutes of a township in which every village meets.
const TAIL_BYTES: usize = 4 * 1024 * 1024;
/// What holding an entry takes beside its bytes.
const ENTRY_OVERHEAD: usize = 256;
/// Entries that are gone and whose places in the order are kept all the same, beside as many as there are entries.
const GONE_ENTRIES: usize = 1024;

/// The newest entries; the oldest leave first, whichever log they are of.
#[derive(Clone, Debug, Default)]
pub struct Tail(Arc<RwLock<Newest>>);

#[derive(Debug, Default)]
struct Newest {
    logs: BTreeMap<ScopeId, VecDeque<Kept>>,
    /// Scope and position of each entry in the order in which they came, and of some that are gone.
    order: VecDeque<(ScopeId, u64)>,
    entries: usize,
    bytes: usize,
}

impl Tail {
    /// Takes in entries that are durable, each log's in order; what is held already or was passed over is left out.
    pub fn extend(&self, entries: impl IntoIterator<Item = (ScopeId, Kept)>) {
        let mut newest = self.0.write().unwrap_or_else(PoisonError::into_inner);
        entries.into_iter().for_each(|(scope, kept)| newest.add(scope, kept));
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Newest::default();
    }

    /// Returns the entries after a position that fit, or nothing where they are no longer held, or not yet.
    pub fn page(
        &self,
        scope: &ScopeId,
        after: u64,
        mut room: Room,
        own: impl Fn(DeviceNumber, u32) -> bool,
    ) -> Option<Vec<Kept>> {
        let newest = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let log = newest.logs.get(scope)?;
        let (first, last) = (log.front()?.position, log.back()?.position);
        if after + 1 < first || last <= after {
            return None;
        }
        let from = usize::try_from(after + 1 - first).ok()?;
        let fits = |kept: &&Kept| room.takes(if own(kept.device, kept.number) { 0 } else { kept.bytes.len() });
        Some(log.range(from..).take(PAGE_ENTRIES).take_while(fits).cloned().collect())
    }
}

impl Newest {
    fn add(&mut self, scope: ScopeId, kept: Kept) {
        match self.logs.get(&scope).and_then(VecDeque::back).map(|last| last.position) {
            Some(last) if kept.position <= last => return,
            Some(last) if kept.position > last + 1 => self.drop_log(&scope),
            _ => {}
        }
        self.bytes += size(&kept);
        self.entries += 1;
        self.order.push_back((scope.clone(), kept.position));
        self.logs.entry(scope).or_default().push_back(kept);
        while self.bytes > TAIL_BYTES
            && let Some((scope, position)) = self.order.pop_front()
        {
            self.drop_through(&scope, position);
        }
        if self.order.len() > 2 * self.entries + GONE_ENTRIES {
            self.forget_the_gone();
        }
    }

    /// Drops a log after which something is missing: another relay wrote it, or its commit was in doubt.
    fn drop_log(&mut self, scope: &ScopeId) {
        let dropped = self.logs.remove(scope).unwrap_or_default();
        self.entries -= dropped.len();
        self.bytes -= dropped.iter().map(size).sum::<usize>();
    }

    /// Drops the entries of a log up to and with a position.
    fn drop_through(&mut self, scope: &ScopeId, position: u64) {
        let Some(log) = self.logs.get_mut(scope) else { return };
        while let Some(first) = log.pop_front_if(|first| first.position <= position) {
            self.entries -= 1;
            self.bytes -= size(&first);
        }
        if log.is_empty() {
            self.logs.remove(scope);
        }
    }

    fn forget_the_gone(&mut self) {
        let holds = |log: &VecDeque<Kept>, position| {
            log.front().is_some_and(|first| first.position <= position)
                && log.back().is_some_and(|last| position <= last.position)
        };
        self.order.retain(|(scope, position)| self.logs.get(scope).is_some_and(|log| holds(log, *position)));
    }
}

fn size(kept: &Kept) -> usize {
    kept.bytes.len() + ENTRY_OVERHEAD
}

#[cfg(test)]
mod tests {
    use shared::identity::Digest;

    use super::*;

    #[test]
    fn gives_what_it_holds_without_a_gap() {
        let tail = Tail::default();
        tail.extend([5, 6, 7].map(|position| entry("village.42", position, 10)));
        check(&tail, 3, 100, None);
        check(&tail, 4, 100, Some(vec![5, 6, 7]));
        check(&tail, 5, 100, Some(vec![6, 7]));
        check(&tail, 5, 15, Some(vec![6]));
        check(&tail, 7, 100, None);
        tail.extend([entry("village.42", 6, 10), entry("village.42", 9, 10)]);
        check(&tail, 6, 100, None);
        check(&tail, 8, 100, Some(vec![9]));
    }

    #[test]
    fn holds_no_more_than_its_limit() {
        let tail = Tail::default();
        let large = TAIL_BYTES / 2 - ENTRY_OVERHEAD;
        tail.extend([entry("village.42", 1, large), entry("village.43", 1, large), entry("village.42", 2, 1)]);
        check(&tail, 0, usize::MAX, None);
        check(&tail, 1, usize::MAX, Some(vec![2]));
        let newest = tail.0.read().unwrap();
        assert_eq!((newest.bytes, newest.order.len()), (TAIL_BYTES / 2 + 1 + ENTRY_OVERHEAD, 2));
    }

    #[test]
    fn what_others_write_between_leaves_nothing_behind() {
        let tail = Tail::default();
        for position in 0..100_000 {
            // Every second entry is another relay's, and nobody here waits for it.
            tail.extend([entry("village.42", 2 * position, 1)]);
        }
        let newest = tail.0.read().unwrap();
        assert_eq!((newest.entries, newest.bytes), (1, 1 + ENTRY_OVERHEAD));
        assert!(newest.order.len() <= 2 + GONE_ENTRIES, "{}", newest.order.len());
    }

    fn entry(scope: &str, position: u64, bytes: usize) -> (ScopeId, Kept) {
        let digest = Digest([position as u8; 32]);
        (scope.parse().unwrap(), Kept { position, device: DeviceNumber(1), number: 1, digest, bytes: vec![0; bytes] })
    }

    fn check(tail: &Tail, after: u64, bytes: usize, expected: Option<Vec<u64>>) {
        let room = Room { left: bytes, at_least_one: false };
        let page = tail.page(&"village.42".parse().unwrap(), after, room, |_, _| false);
        assert_eq!(page.map(|page| page.iter().map(|kept| kept.position).collect()), expected, "after {after}");
    }
}
