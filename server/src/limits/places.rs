//! Places that are taken for as long as something lasts: so many in all, and so many for each.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// The places of one kind.
#[derive(Debug)]
pub struct Places<K> {
    most: usize,
    most_of_one: usize,
    taken: Arc<Mutex<Taken<K>>>,
}

#[derive(Debug)]
struct Taken<K> {
    next: u64,
    count: usize,
    /// Per holder its places, the oldest first, each with the bell that asks for it back.
    by_holder: BTreeMap<K, VecDeque<(u64, Arc<Notify>)>>,
}

/// A place that is taken until this is dropped.
#[derive(Debug)]
pub struct Place<K: Ord> {
    number: u64,
    holder: Option<K>,
    taken: Arc<Mutex<Taken<K>>>,
}

impl<K: Copy + Ord + Debug> Places<K> {
    /// Offers so many places, and so many of them to one holder.
    pub fn new(most: usize, most_of_one: usize) -> Self {
        let taken = Taken { next: 0, count: 0, by_holder: BTreeMap::new() };
        Self { most, most_of_one, taken: Arc::new(Mutex::new(taken)) }
    }

    /// Takes a place, if one is free; a holder who is not known counts towards all and nobody.
    pub fn take(&self, holder: Option<K>) -> Option<Place<K>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let held = holder.and_then(|holder| taken.by_holder.get(&holder)).map_or(0, VecDeque::len);
        if taken.count >= self.most || held >= self.most_of_one {
            return None;
        }
        let (number, _) = taken.add(holder);
        Some(Place { number, holder, taken: self.taken.clone() })
    }

    /// Takes a place whether one is free or not; the oldest of the holder is asked back where there are too many.
    ///
    /// The bell rings when this place is asked back.
    pub fn displace(&self, holder: K) -> (Place<K>, Arc<Notify>) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, bell) = taken.add(Some(holder));
        let held = taken.by_holder.get(&holder).into_iter().flatten();
        let beyond = held.clone().count().saturating_sub(self.most_of_one);
        held.take(beyond).for_each(|(_, bell)| bell.notify_one());
        (Place { number, holder: Some(holder), taken: self.taken.clone() }, bell)
    }

    /// Returns how many places are taken.
    pub fn taken(&self) -> usize {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).count
    }
}

impl<K: Ord> Taken<K> {
    fn add(&mut self, holder: Option<K>) -> (u64, Arc<Notify>) {
        let (number, bell) = (self.next, Arc::new(Notify::new()));
        self.next += 1;
        self.count += 1;
        if let Some(holder) = holder {
            self.by_holder.entry(holder).or_default().push_back((number, bell.clone()));
        }
        (number, bell)
    }
}

impl<K: Ord> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.count -= 1;
        if let Some(holder) = &self.holder
            && let Some(places) = taken.by_holder.get_mut(holder)
        {
            places.retain(|(number, _)| *number != self.number);
            if places.is_empty() {
                taken.by_holder.remove(holder);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stays_of_who_left() {
        let places = Places::new(10, 2);
        let held = [places.take(Some(1)), places.take(Some(2)), places.take(None)];
        assert_eq!(places.taken(), 3);
        drop(held);
        assert_eq!(places.taken(), 0);
        assert!(places.taken.lock().unwrap().by_holder.is_empty());
    }

    #[tokio::test]
    async fn the_oldest_gives_way() {
        let places = Places::new(10, 2);
        let held = [places.displace(1), places.displace(1), places.displace(1)];
        let asked = async {
            tokio::select! { biased; () = held[1].1.notified() => 1, () = held[0].1.notified() => 0 }
        };
        assert_eq!(asked.await, 0, "the first was asked back, the second was not");
    }
}
