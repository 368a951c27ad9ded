//! The newest entries of every log, so that phones that are online are told of them without a question to the disk.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock};

use shared::id::{DeviceNumber, ScopeId};
use shared::wire::PAGE_ENTRIES;

use super::Kept;
use super::page::Room;
use super::place::Row;

/// The most bytes held over all logs: some minutes of a township in which every village meets.
const TAIL_BYTES: usize = 4 * 1024 * 1024;
/// What holding an entry takes beside its bytes.
const ENTRY_OVERHEAD: usize = 256;

/// The newest entries; the oldest leave first, whichever log they are of.
#[derive(Clone, Debug, Default)]
pub struct Tail(Arc<RwLock<Newest>>);

#[derive(Debug, Default)]
struct Newest {
    logs: BTreeMap<ScopeId, VecDeque<Kept>>,
    /// The scope of each entry, in the order in which they came.
    order: VecDeque<ScopeId>,
    bytes: usize,
}

impl Tail {
    /// Takes in entries that are durable, each log's in order.
    pub fn extend(&self, rows: Vec<Row>) {
        let mut newest = self.0.write().unwrap_or_else(PoisonError::into_inner);
        rows.into_iter().for_each(|row| newest.add(row));
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
    fn add(&mut self, Row { scope, head, device, number, bytes, .. }: Row) {
        // A group whose commit was in doubt leaves a gap that only the disk can fill.
        let follows =
            self.logs.get(&scope).and_then(VecDeque::back).is_none_or(|kept| kept.position + 1 == head.position);
        if !follows {
            let dropped = self.logs.remove(&scope).unwrap_or_default();
            self.bytes -= dropped.iter().map(size).sum::<usize>();
        }
        let kept = Kept { position: head.position, device, number, digest: head.digest, bytes };
        self.bytes += size(&kept);
        self.order.push_back(scope.clone());
        self.logs.entry(scope).or_default().push_back(kept);
        while self.bytes > TAIL_BYTES
            && let Some(oldest) = self.order.pop_front()
        {
            self.drop_oldest(&oldest);
        }
    }

    fn drop_oldest(&mut self, scope: &ScopeId) {
        let Some(log) = self.logs.get_mut(scope) else { return };
        self.bytes -= log.pop_front().as_ref().map_or(0, size);
        if log.is_empty() {
            self.logs.remove(scope);
        }
    }
}

fn size(kept: &Kept) -> usize {
    kept.bytes.len() + ENTRY_OVERHEAD
}

#[cfg(test)]
mod tests {
    use shared::identity::Digest;

    use super::super::Head;
    use super::*;

    #[test]
    fn gives_what_it_holds_without_a_gap() {
        let tail = Tail::default();
        tail.extend([5, 6, 7].map(|position| row("village.42", position, 10)).into());
        check(&tail, 3, 100, None);
        check(&tail, 4, 100, Some(vec![5, 6, 7]));
        check(&tail, 5, 100, Some(vec![6, 7]));
        check(&tail, 5, 15, Some(vec![6]));
        check(&tail, 7, 100, None);
        tail.extend(vec![row("village.42", 9, 10)]);
        check(&tail, 6, 100, None);
        check(&tail, 8, 100, Some(vec![9]));
    }

    #[test]
    fn holds_no_more_than_its_limit() {
        let tail = Tail::default();
        let large = TAIL_BYTES / 2 - ENTRY_OVERHEAD;
        tail.extend(vec![row("village.42", 1, large), row("village.43", 1, large), row("village.42", 2, 1)]);
        check(&tail, 0, usize::MAX, None);
        check(&tail, 1, usize::MAX, Some(vec![2]));
        let newest = tail.0.read().unwrap();
        assert_eq!((newest.bytes, newest.order.len()), (TAIL_BYTES / 2 + 1 + ENTRY_OVERHEAD, 2));
    }

    fn row(scope: &str, position: u64, bytes: usize) -> Row {
        let head = Head { position, digest: Digest([position as u8; 32]) };
        let (scope, bytes) = (scope.parse().unwrap(), vec![0; bytes]);
        Row { scope, head, device: DeviceNumber(1), number: 1, hash: Digest([0; 32]), bytes }
    }

    fn check(tail: &Tail, after: u64, bytes: usize, expected: Option<Vec<u64>>) {
        let room = Room { left: bytes, at_least_one: false };
        let page = tail.page(&"village.42".parse().unwrap(), after, room, |_, _| false);
        assert_eq!(page.map(|page| page.iter().map(|kept| kept.position).collect()), expected, "after {after}");
    }
}
