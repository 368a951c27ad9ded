//! A phone whose storage went back to an earlier state: its numbers go on where none was given, and a number that
//! stands over two records is told apart.
//!
//! A rollback cannot be seen without the township: a phone that was rolled back and records in a valley gives out
//! numbers that it gave before. Once its own lost batches come back from the log it knows. The record that its clock
//! dates first keeps the number, the later one is recorded again under a fresh number with the same time, and the
//! holder is told both. Until then every device shows the number as given twice and counts neither, so that nothing
//! is settled by the order of arrival. What was lost with the storage and never reached the township is lost; its
//! numbers, which may stand on paper, are passed over.

use std::collections::BTreeMap;

use super::enrolment::Identity;
use super::queue::Pending;
use super::status::Note;
use super::{After, Replica};
use crate::cbor::{DecodeError, Reader, Writer};
use crate::document::read::RawFact;
use crate::document::{Entry, fact};
use crate::id::{Actor, Address, DeviceNumber, DocumentKind, FactId};
use crate::time::Instant;

/// The key of the row that holds the first number to be given after a rollback.
pub(super) const NUMBERS_KEY: &str = "numbers";
/// Numbers after a rollback begin at a multiple of this, with a whole block left out: more than a phone records
/// between two syncs, so that none of the numbers that were lost with the storage is given again.
const BLOCK: u32 = 1000;

/// Tells whether one number of a device stands over two records; facts come sorted by number.
pub(super) fn is_doubled(facts: &[RawFact], own: Option<DeviceNumber>) -> bool {
    let differ = |a: &RawFact, b: &RawFact| a.id == b.id && (a.at, &a.bytes) != (b.at, &b.bytes);
    facts.windows(2).any(|pair| pair.iter().all(|fact| Some(fact.actor.device) == own) && differ(&pair[0], &pair[1]))
}

impl Replica {
    /// Begins a block of numbers of which none was given, and keeps where it begins.
    pub(super) fn skip_ahead(&mut self, write: &mut Pending<After>) {
        if self.skipped_to == Some(self.counter) {
            return;
        }
        self.counter = (self.counter / BLOCK).saturating_add(2).saturating_mul(BLOCK);
        self.skipped_to = Some(self.counter);
        let mut writer = Writer::new();
        writer.uint(self.counter.into());
        write.puts.push((NUMBERS_KEY.to_owned(), writer.finish()));
    }

    /// Reads the row of [`Replica::skip_ahead`] back.
    pub(super) fn load_numbers(&mut self, bytes: &[u8]) -> bool {
        let mut reader = Reader::new(bytes);
        let read = (|| {
            let counter = reader.uint::<u32>()?;
            reader.end()?;
            Ok::<_, DecodeError>(counter)
        })();
        self.counter = self.counter.max(read.unwrap_or(0));
        read.is_ok()
    }

    /// Tells apart the records of every document in which one number of this device stands over two.
    pub(super) fn tell_apart(&mut self) {
        for address in std::mem::take(&mut self.doubled) {
            let mut write = Pending::default();
            self.skip_ahead(&mut write);
            for (at, entries) in self.parted(&address) {
                let Some(identity) = &self.identity else { return };
                let actor = Actor { device: identity.holder.device, session: self.session };
                if self.record(&address, actor, at, &entries, &mut write).is_err() {
                    self.note(Note::BadDocument(address.clone()));
                }
            }
            self.queue.push(write);
            self.reread([address]);
        }
    }

    /// Returns what has to be recorded so that each number of this device stands over one record, by its time.
    fn parted(&mut self, address: &Address) -> BTreeMap<Instant, Vec<Entry>> {
        let (Some(Identity { holder, .. }), Some(shelf)) = (&self.identity, self.shelves.get(address)) else {
            return BTreeMap::new();
        };
        let (device, code) = (holder.device, holder.code.clone());
        let mut own: BTreeMap<FactId, Vec<RawFact>> = BTreeMap::new();
        for fact in shelf.document.facts(self.directory.authors()).facts {
            if fact.actor.device == device {
                own.entry(fact.id.clone()).or_default().push(fact);
            }
        }
        let mut entries: BTreeMap<Instant, Vec<Entry>> = BTreeMap::new();
        let (mut later, mut moved) = (Vec::new(), BTreeMap::new());
        for (id, mut facts) in own {
            // The same on a copy of this phone, so that two copies do not answer each other without end.
            facts.sort_by(|a, b| (a.at, &a.bytes, a.actor).cmp(&(b.at, &b.bytes, b.actor)));
            facts.dedup_by(|a, b| (a.at, &a.bytes) == (b.at, &b.bytes));
            let mut facts = facts.into_iter();
            let (Some(first), Some(second)) = (facts.next(), facts.next()) else { continue };
            entries.entry(first.at).or_default().push(Entry::Fact(id.clone(), first.bytes));
            for fact in [second].into_iter().chain(facts) {
                // With every number given out, the records stay as they are, shown as given twice.
                let Some(counter) = self.counter.checked_add(1) else { continue };
                self.counter = counter;
                let fresh = FactId { device: code.clone(), counter };
                moved.insert((fact.actor.session, id.clone()), fresh.clone());
                later.push((fresh, fact));
            }
        }
        for (fresh, fact) in later {
            self.note(Note::NumberTwice(fact.id.clone(), fresh.clone()));
            let bytes = match address.document.kind() {
                DocumentKind::Meeting | DocumentKind::Affairs | DocumentKind::Roster => renumbered(&fact, &moved),
                _ => fact.bytes,
            };
            entries.entry(fact.at).or_default().push(Entry::Fact(fresh, bytes));
        }
        entries
    }
}

/// Returns a meeting's fact as it says the same after the facts it replaces have got other numbers.
fn renumbered(fact: &RawFact, moved: &BTreeMap<(u32, FactId), FactId>) -> Vec<u8> {
    let fresh = |replaced: &FactId| moved.get(&(fact.actor.session, replaced.clone())).cloned();
    // What cannot be read names nothing that could be told apart.
    fact::renumber(&fact.bytes, fresh).ok().flatten().unwrap_or_else(|| fact.bytes.clone())
}
