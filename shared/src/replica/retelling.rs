//! Telling a relay that lost its log what stood in it beside records: which devices were enrolled, and what was decided.
//!
//! Records come back as batches and snapshots, and would stand before any revocation if nobody said that one stood there.
//! So every phone tells what it knows as soon as it has read to the end of the new log and has not met it there: first
//! who was enrolled, since an enrolment that comes after a revocation of its giver lets nobody in; then who was revoked;
//! then what was held and what was decided of it, which only the office knows.

use std::collections::{BTreeMap, BTreeSet};

use super::queue::Pending;
use super::status::Note;
use super::{After, Replica};
use crate::id::ScopeId;
use crate::identity::{Act, Digest, Entry};
use crate::wire::Refusal;

const AGAIN_ROWS: &str = "again/";

/// What is told before what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Enrolment,
    Revocation,
    Held,
    Verdict,
}

/// What is to be told again.
#[derive(Debug, Default)]
pub(super) struct Retelling {
    due: BTreeMap<(Turn, ScopeId, u64), (Digest, Entry)>,
    /// Scopes whose new log was read to its end: what was not met there is not there.
    read: BTreeSet<ScopeId>,
    /// What rests on records that the relay still lacks.
    waiting: BTreeSet<Digest>,
}

impl Retelling {
    /// Begins with a scope anew; returns the rows to keep.
    fn begin(&mut self, scope: &ScopeId, entries: Vec<Entry>) -> Vec<(String, Vec<u8>)> {
        self.read.remove(scope);
        let rows = (0..).zip(entries).filter_map(|(place, entry)| {
            let row = (format!("{AGAIN_ROWS}{scope}/{place:016x}"), entry.encode());
            self.insert(scope.clone(), place, entry).map(|()| row)
        });
        rows.collect()
    }

    fn insert(&mut self, scope: ScopeId, place: u64, entry: Entry) -> Option<()> {
        let (turn, digest) = match &entry {
            Entry::Certificate(certificate) => (Turn::Enrolment, certificate.name()),
            Entry::Act(act @ Act::Revocation(_)) => (Turn::Revocation, act.hash()),
            Entry::Act(act @ Act::Held(_)) => (Turn::Held, act.hash()),
            Entry::Act(act @ Act::Verdict(_)) => (Turn::Verdict, act.hash()),
            Entry::Batch(_) | Entry::Snapshot(_) | Entry::Later(_) => return None,
        };
        self.due.insert((turn, scope, place), (digest, entry));
        Some(())
    }

    /// Reads a row back; nothing comes back for another's.
    pub(super) fn load(&mut self, key: &str, value: &[u8]) -> Option<bool> {
        let read = key.strip_prefix(AGAIN_ROWS)?.rsplit_once('/').and_then(|(scope, place)| {
            let (scope, place) = (scope.parse().ok()?, u64::from_str_radix(place, 16).ok()?);
            let entry = Entry::decode(&scope, value).ok()?;
            self.insert(scope, place, entry)
        });
        Some(read.is_some())
    }

    /// Notes whether a scope's log was read to its end.
    pub(super) fn read_to_end(&mut self, scope: &ScopeId) {
        if !self.due.is_empty() {
            self.read.insert(scope.clone());
        }
    }

    /// Returns what is to be told in a scope next, by its digest.
    pub(super) fn next<'a>(&'a self, scope: &'a ScopeId) -> impl Iterator<Item = (&'a Digest, &'a Entry)> {
        let open = |((_, of, _), (digest, _)): &(&(Turn, ScopeId, u64), &(Digest, Entry))| {
            self.read.contains(of) && !self.waiting.contains(digest)
        };
        let turn = self.due.iter().find(open).map(|((turn, ..), _)| *turn);
        let next = self.due.iter().filter(open).filter(move |((of, at, _), _)| Some(*of) == turn && at == scope);
        next.map(|(_, (digest, entry))| (digest, entry))
    }

    /// Strikes out what a scope's log has.
    pub(super) fn told(&mut self, scope: &ScopeId, digest: &Digest, write: &mut Pending<After>) {
        let found = self.due.iter().find(|((_, of, _), (known, _))| of == scope && known == digest);
        if let Some(key) = found.map(|(key, _)| key.clone()) {
            self.due.remove(&key);
            let (_, scope, place) = key;
            write.deletes.push(format!("{AGAIN_ROWS}{scope}/{place:016x}"));
        }
    }

    /// Lets what waits for records be tried again.
    pub(super) fn ask_again(&mut self) {
        self.waiting.clear();
    }
}

impl Replica {
    /// Begins to tell what stood in a scope's log, as another one begins; what is known stays believed meanwhile.
    pub(super) fn retell(&mut self, scope: &ScopeId, write: &mut Pending<After>) {
        self.trust.fates.retain(|(of, _), _| of != scope);
        let own = self.identity.as_ref().map(|identity| identity.certificate.name());
        let mut entries = Vec::new();
        if *scope == ScopeId::Township {
            // Its own certificate the relay has from the session.
            let others = self.directory.certificates().filter(|certificate| Some(certificate.name()) != own);
            entries.extend(others.map(|certificate| Entry::Certificate(certificate.clone())));
        }
        entries.extend(self.trust.acts(scope).map(|act| Entry::Act(act.clone())));
        write.puts.extend(self.retelling.begin(scope, entries));
    }

    /// Strikes out what a relay took that was told again, whether or not the log shows it in these very words.
    pub(super) fn retold(&mut self, scope: &ScopeId, digest: &Digest) {
        let mut write = Pending::default();
        self.retelling.told(scope, digest, &mut write);
        if !write.deletes.is_empty() {
            self.queue.push(write);
        }
    }

    /// Takes it that the relay did not place what it was told again.
    pub(super) fn not_retold(&mut self, scope: &ScopeId, digest: &Digest, reason: Refusal) {
        match reason {
            Refusal::Gap | Refusal::MissingDependency | Refusal::Fork => _ = self.retelling.waiting.insert(*digest),
            // Whoever decided it is believed here all the same; others may know what this device does not.
            _ => {
                self.retold(scope, digest);
                if reason != Refusal::NotHeld {
                    self.note(Note::ActRefused(scope.clone(), reason));
                }
            }
        }
    }
}
