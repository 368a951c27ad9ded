//! Where a batch stands in a log, or why it does not: a pure decision over what the log is known to hold.

use std::collections::{BTreeMap, BTreeSet};

use shared::id::{Address, DeviceNumber, ScopeId};
use shared::identity::Digest;
use shared::identity::batch::ChangeHash;
use shared::wire::{DOCUMENT_BYTES, DOCUMENT_CHANGES, Refusal};

use super::questions::TOWNSHIP;
use super::{Certified, Head, Kept, Prepared, PreparedAct, Step};

/// How far a writer's row goes, or all rows of a document together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// How many changes there are: of a writer the last place too, as there is no gap.
    pub changes: u64,
    /// How many bytes they have.
    pub bytes: u64,
}

impl Extent {
    fn add(&mut self, bytes: u64) {
        self.changes += 1;
        self.bytes += bytes;
    }

    /// Tells whether a document of this extent may be: the same on every phone, with the genesis among the changes.
    fn fits(self) -> bool {
        self.changes < DOCUMENT_CHANGES && self.bytes <= DOCUMENT_BYTES
    }
}

/// Changes that become known with a batch.
#[derive(Debug)]
struct Fresh {
    changes: Vec<(Address, ChangeHash)>,
    writers: BTreeMap<(Address, [u8; 8]), Extent>,
    document: Extent,
}

/// What the log holds that bears on a group of batches, brought up to date by each that is placed.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The end of each scope's log.
    pub heads: BTreeMap<ScopeId, Head>,
    /// The changes of each document, its genesis among them although no log holds it.
    pub changes: BTreeSet<(Address, ChangeHash)>,
    /// The end of each writer's row.
    pub writers: BTreeMap<(Address, [u8; 8]), Extent>,
    /// What all rows of each document come to, its genesis aside.
    pub documents: BTreeMap<Address, Extent>,
    /// The entry under each batch number.
    pub batches: BTreeMap<(ScopeId, DeviceNumber, u32), Digest>,
    /// The certificates and acts in each scope, by name.
    pub named: BTreeSet<(ScopeId, Digest)>,
}

/// What has to be written for a group of batches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// New entries with their scopes, positions ascending within each.
    pub entries: Vec<Row>,
    /// New changes.
    pub changes: Vec<(Address, ChangeHash)>,
    /// The rows of writers that grew.
    pub writers: BTreeMap<(Address, [u8; 8]), Extent>,
    /// The scopes that grew.
    pub heads: BTreeMap<ScopeId, Head>,
}

/// One new entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The scope.
    pub scope: ScopeId,
    /// The position and the digest with it.
    pub head: Head,
    /// The device.
    pub device: DeviceNumber,
    /// The batch number; 0 for a certificate, an act or a snapshot.
    pub number: u32,
    /// The hash of the entry, or the name of a certificate or act: what a repeat is found by.
    pub hash: Digest,
    /// The entry.
    pub bytes: Vec<u8>,
}

impl Row {
    /// Returns the entry as it is read again.
    pub fn kept(self) -> (ScopeId, Kept) {
        let Self { scope, head, device, number, bytes, .. } = self;
        (scope, Kept { position: head.position, device, number, digest: head.digest, bytes })
    }
}

impl Known {
    /// Places a batch and, where the scope lacks it, its certificate before it; a repeated batch adds nothing.
    ///
    /// A refused batch changes nothing.
    pub fn place(&mut self, certificate: &Certified, batch: Prepared, rows: &mut Rows) -> Result<(), Refusal> {
        let scope = &batch.address.scope;
        let number = (scope.clone(), batch.device, batch.number);
        match self.batches.get(&number) {
            Some(hash) if *hash == batch.hash => return Ok(()),
            Some(_) => return Err(Refusal::NumberReused),
            None => {}
        }
        let fresh = self.follow(&batch.address, &batch.steps)?;
        if fresh.changes.iter().any(|(_, hash)| batch.past.contains(hash)) {
            return Err(Refusal::Revoked);
        }
        let is_snapshot = batch.number == 0;
        if is_snapshot && fresh.changes.is_empty() {
            return Ok(());
        }
        self.grow(&batch.address, fresh, rows);
        // Of a snapshot only the writers count, not who brought it.
        let own = (!is_snapshot).then_some(certificate);
        for certificate in batch.before.iter().chain(own) {
            self.certify(scope, certificate, rows);
        }
        if !is_snapshot {
            self.batches.insert(number, batch.hash);
        }
        self.add(scope, batch.device, batch.number, batch.hash, batch.bytes, rows);
        Ok(())
    }

    /// Tells whether a batch has to wait for a decision: its device was revoked in this log or the township's, or it
    /// comes for the first time and rests on one that was. One that stands already does not.
    pub fn is_barred(&self, certificate: &Certified, batch: &Prepared) -> bool {
        // Of what others bring each change is looked at by itself; a revoked device itself brings nothing.
        if batch.number == 0 {
            return false;
        }
        let scope = &batch.address.scope;
        let number = (scope.clone(), batch.device, batch.number);
        if self.batches.get(&number) == Some(&batch.hash) {
            return false;
        }
        // The township's log has everybody who came in time, before they come to any other.
        let stands = |at: &ScopeId| self.named.contains(&(at.clone(), certificate.name));
        let is_known = stands(scope) || stands(&TOWNSHIP);
        let names = certificate.revocations.iter().take(if is_known { 1 } else { usize::MAX });
        self.is_revoked(scope, names)
    }

    /// Places an act, and behind an acceptance its batch; what stands already adds nothing.
    pub fn act(&mut self, act: PreparedAct, rows: &mut Rows) -> Result<(), Refusal> {
        let PreparedAct { scope, device, name, hash, bytes, revocations, batch } = act;
        if self.named.contains(&(scope.clone(), name)) {
            return Ok(());
        }
        if self.is_revoked(&scope, &revocations) {
            return Err(Refusal::Revoked);
        }
        let Some((certificate, batch)) = batch else {
            self.named.insert((scope.clone(), name));
            self.add_named(&scope, device, name, hash, bytes, rows);
            return Ok(());
        };
        let fresh = self.follow(&batch.address, &batch.steps)?;
        self.grow(&batch.address, fresh, rows);
        self.named.insert((scope.clone(), name));
        self.add_named(&scope, device, name, hash, bytes, rows);
        if let Some(certificate) = &certificate {
            self.certify(&scope, certificate, rows);
        }
        // Of two devices on one invitation the numbers in the log are the first one's.
        let taken = self.batches.contains_key(&(scope.clone(), batch.device, batch.number));
        let number = match certificate.is_none() || taken {
            true => 0,
            false => batch.number,
        };
        if number > 0 {
            self.batches.insert((scope.clone(), batch.device, number), batch.hash);
        }
        self.add(&scope, batch.device, number, batch.hash, batch.bytes, rows);
        Ok(())
    }

    fn is_revoked<'a>(&self, scope: &ScopeId, names: impl IntoIterator<Item = &'a Digest>) -> bool {
        let stands = |name: &Digest| [scope, &TOWNSHIP].iter().any(|at| self.named.contains(&((*at).clone(), *name)));
        names.into_iter().any(stands)
    }

    fn certify(&mut self, scope: &ScopeId, certificate: &Certified, rows: &mut Rows) {
        if self.named.insert((scope.clone(), certificate.name)) {
            let Certified { device, name, hash, bytes, .. } = certificate.clone();
            self.add_named(scope, device, name, hash, bytes, rows);
        }
    }

    fn grow(&mut self, address: &Address, fresh: Fresh, rows: &mut Rows) {
        let Fresh { changes, writers, document } = fresh;
        self.documents.insert(address.clone(), document);
        self.changes.extend(changes.iter().cloned());
        self.writers.extend(writers.clone());
        rows.changes.extend(changes);
        rows.writers.extend(writers);
    }

    /// Checks that each change follows what is known and that the document has room, and returns what becomes known.
    fn follow(&self, address: &Address, steps: &[Step]) -> Result<Fresh, Refusal> {
        let mut document = self.documents.get(address).copied().unwrap_or_default();
        let mut changes: Vec<(Address, ChangeHash)> = Vec::new();
        let mut fresh: BTreeSet<ChangeHash> = BTreeSet::new();
        let mut writers = BTreeMap::new();
        for step in steps {
            let key = (address.clone(), step.hash);
            if self.changes.contains(&key) || fresh.contains(&step.hash) {
                continue;
            }
            let writer = (address.clone(), step.actor);
            let last = writers.get(&writer).or_else(|| self.writers.get(&writer)).copied().unwrap_or_default();
            if step.seq <= last.changes {
                return Err(Refusal::Fork);
            }
            if step.seq > last.changes + 1 {
                return Err(Refusal::Gap);
            }
            let holds = |hash: &ChangeHash| fresh.contains(hash) || self.changes.contains(&(address.clone(), *hash));
            if !step.dependencies.iter().all(holds) {
                return Err(Refusal::MissingDependency);
            }
            fresh.insert(step.hash);
            changes.push(key);
            let mut last = last;
            last.add(step.bytes);
            writers.insert(writer, last);
            document.add(step.bytes);
        }
        // What adds nothing is a repeat, whatever its document has become since.
        if !changes.is_empty() && !document.fits() {
            return Err(Refusal::TooLarge);
        }
        Ok(Fresh { changes, writers, document })
    }

    fn add(
        &mut self,
        scope: &ScopeId,
        device: DeviceNumber,
        number: u32,
        hash: Digest,
        bytes: Vec<u8>,
        rows: &mut Rows,
    ) {
        self.add_as(scope, (device, number), (hash, hash), bytes, rows);
    }

    fn add_named(
        &mut self,
        scope: &ScopeId,
        device: DeviceNumber,
        name: Digest,
        hash: Digest,
        bytes: Vec<u8>,
        rows: &mut Rows,
    ) {
        self.add_as(scope, (device, 0), (name, hash), bytes, rows);
    }

    fn add_as(
        &mut self,
        scope: &ScopeId,
        (device, number): (DeviceNumber, u32),
        (name, hash): (Digest, Digest),
        bytes: Vec<u8>,
        rows: &mut Rows,
    ) {
        let head = self.heads.entry(scope.clone()).or_default();
        *head = Head { position: head.position + 1, digest: head.digest.then(hash) };
        rows.heads.insert(scope.clone(), *head);
        rows.entries.push(Row { scope: scope.clone(), head: *head, device, number, hash: name, bytes });
    }
}

#[cfg(test)]
mod tests {
    use shared::identity::PublicKey;

    use super::*;

    const DEVICE: DeviceNumber = DeviceNumber(1);

    fn certificate() -> Certified {
        let (key, name, hash) = (PublicKey([0; 32]), Digest([200; 32]), Digest([200; 32]));
        let revocations = vec![Digest([201; 32]), Digest([202; 32])];
        Certified { device: DEVICE, key, name, hash, bytes: vec![200], revocations }
    }

    fn step(hash: u8, seq: u64, rests_on: &[u8]) -> Step {
        let dependencies = rests_on.iter().map(|hash| [*hash; 32]).collect();
        Step { hash: [hash; 32], actor: [1; 8], seq, bytes: 1, dependencies }
    }

    fn batch(number: u32, steps: Vec<Step>) -> Prepared {
        let address = "village.42/roster".parse().unwrap();
        let hash = Digest([number as u8 ^ steps[0].hash[0]; 32]);
        Prepared {
            address,
            device: DEVICE,
            number,
            before: Vec::new(),
            hash,
            bytes: vec![number as u8],
            steps,
            past: BTreeSet::new(),
        }
    }

    /// Places batches in turn and draws what became of each, and the log that results.
    fn check(batches: Vec<Prepared>, expected: &str) {
        let (mut known, mut rows) = (Known::default(), Rows::default());
        let drawn: Vec<String> = batches
            .into_iter()
            .map(|batch| match known.place(&certificate(), batch, &mut rows) {
                Ok(()) => "ok".to_owned(),
                Err(refusal) => format!("{refusal:?}"),
            })
            .collect();
        let log: Vec<String> = rows.entries.iter().map(|row| format!("{}:{}", row.head.position, row.number)).collect();
        assert_eq!(format!("{} | {}", drawn.join(" "), log.join(" ")), expected);
    }

    #[test]
    fn a_certificate_stands_before_the_first_batch_and_only_there() {
        check(vec![batch(1, vec![step(1, 1, &[])]), batch(2, vec![step(2, 2, &[1])])], "ok ok | 1:0 2:1 3:2");
    }

    /// A revocation, or an acceptance with its batch, by the number of its name.
    fn act(name: u8, batch: Option<(Option<Certified>, Prepared)>) -> PreparedAct {
        let (scope, name) = ("village.42".parse().unwrap(), Digest([name; 32]));
        PreparedAct {
            scope,
            device: DEVICE,
            name,
            hash: name,
            bytes: vec![],
            revocations: vec![Digest([210; 32])],
            batch,
        }
    }

    #[test]
    fn what_stands_before_a_revocation_stands() {
        let (mut known, mut rows) = (Known::default(), Rows::default());
        let (first, second) = (batch(1, vec![step(1, 1, &[])]), batch(2, vec![step(2, 2, &[1])]));
        assert!(!known.is_barred(&certificate(), &first));
        assert_eq!(known.place(&certificate(), first.clone(), &mut rows), Ok(()));
        assert_eq!(known.act(act(202, None), &mut rows), Ok(()));
        assert!(!known.is_barred(&certificate(), &second), "its enrolment stood before the one that it rests on fell");
        assert_eq!(known.act(act(201, None), &mut rows), Ok(()));
        assert!(known.is_barred(&certificate(), &second) && !known.is_barred(&certificate(), &first));
        let (scope, entries): (ScopeId, _) = ("village.42".parse().unwrap(), rows.entries.len());
        assert_eq!(known.act(act(201, None), &mut rows), Ok(()));
        assert_eq!((rows.entries.len(), known.heads[&scope].position), (entries, 4), "once is enough");

        let mut late = Known { named: [(scope.clone(), Digest([202; 32]))].into(), ..Known::default() };
        assert!(late.is_barred(&certificate(), &first), "an enrolment that comes after does not");
        late.named = [(ScopeId::Township, Digest([201; 32]))].into();
        assert!(late.is_barred(&certificate(), &first), "what stands in the township's log holds everywhere");
        late.named = [(scope, Digest([210; 32]))].into();
        assert_eq!(late.act(act(203, None), &mut rows), Err(Refusal::Revoked), "who was revoked decides nothing");
    }

    #[test]
    fn an_accepted_batch_is_placed_behind_its_verdict() {
        let (mut known, mut rows) = (Known::default(), Rows::default());
        let first = batch(1, vec![step(1, 1, &[])]);
        assert_eq!(known.place(&certificate(), first, &mut rows), Ok(()));
        assert_eq!(known.act(act(201, None), &mut rows), Ok(()));
        let gap = batch(3, vec![step(3, 3, &[])]);
        assert_eq!(known.act(act(103, Some((Some(certificate()), gap))), &mut rows), Err(Refusal::Gap));
        let held = batch(2, vec![step(2, 2, &[1])]);
        assert_eq!(known.act(act(102, Some((Some(certificate()), held))), &mut rows), Ok(()));
        // Another device took the same invitation up: its numbers are the first one's.
        let other = Step { actor: [2; 8], ..step(9, 1, &[]) };
        let second = Prepared { hash: Digest([99; 32]), ..batch(1, vec![other]) };
        assert_eq!(known.act(act(101, Some((None, second))), &mut rows), Ok(()));
        let log: Vec<String> = rows.entries.iter().map(|row| format!("{}:{}", row.hash.0[0], row.number)).collect();
        assert_eq!(log.join(" "), "200:0 0:1 201:0 102:0 0:2 101:0 99:0");
    }

    #[test]
    fn a_document_has_an_end() {
        let address: Address = "village.42/roster".parse().unwrap();
        let full = |changes, bytes| {
            let documents = [(address.clone(), Extent { changes, bytes })].into();
            Known { documents, ..Known::default() }
        };
        let two = || batch(1, vec![step(1, 1, &[]), step(2, 2, &[1])]);
        let place = |mut known: Known| known.place(&certificate(), two(), &mut Rows::default());
        assert_eq!(place(full(DOCUMENT_CHANGES - 3, 0)), Ok(()), "the genesis is a change");
        assert_eq!(place(full(DOCUMENT_CHANGES - 2, 0)), Err(Refusal::TooLarge));
        assert_eq!(place(full(0, DOCUMENT_BYTES - 2)), Ok(()));
        assert_eq!(place(full(0, DOCUMENT_BYTES - 1)), Err(Refusal::TooLarge));
        let (mut known, mut rows) = (full(DOCUMENT_CHANGES - 3, 0), Rows::default());
        assert_eq!(known.place(&certificate(), two(), &mut rows), Ok(()));
        let third = || batch(2, vec![step(3, 3, &[2])]);
        assert_eq!(known.place(&certificate(), third(), &mut rows), Err(Refusal::TooLarge), "each batch counts");
        assert_eq!(known.place(&certificate(), two(), &mut rows), Ok(()), "a repeat does not");
        let elsewhere = Prepared { address: "village.42/meeting-2026-11-23-1".parse().unwrap(), ..third() };
        let elsewhere = Prepared { steps: vec![Step { actor: [2; 8], ..step(4, 1, &[]) }], ..elsewhere };
        assert_eq!(known.place(&certificate(), elsewhere, &mut rows), Ok(()), "another document has room");
    }

    #[test]
    fn a_repeat_adds_nothing() {
        let once = || batch(1, vec![step(1, 1, &[])]);
        check(vec![once(), once()], "ok ok | 1:0 2:1");
    }

    #[test]
    fn a_refused_batch_leaves_no_trace() {
        check(
            vec![
                batch(1, vec![step(1, 1, &[]), step(3, 3, &[])]),
                batch(1, vec![step(1, 1, &[9])]),
                batch(1, vec![step(1, 1, &[])]),
            ],
            "Gap MissingDependency ok | 1:0 2:1",
        );
    }

    #[test]
    fn a_snapshot_brings_what_is_lacked_with_its_writers_certificates() {
        let other = Certified { name: Digest([201; 32]), ..certificate() };
        let theirs = Step { actor: [2; 8], ..step(2, 1, &[1]) };
        let snapshot = |steps| Prepared { before: vec![certificate(), other.clone()], ..batch(0, steps) };
        let mine = || batch(1, vec![step(1, 1, &[])]);
        check(vec![mine(), snapshot(vec![theirs.clone()])], "ok ok | 1:0 2:1 3:0 4:0");
        check(vec![snapshot(vec![step(1, 1, &[]), theirs.clone()]), mine()], "ok ok | 1:0 2:0 3:0 4:1");
        check(vec![mine(), snapshot(vec![step(1, 1, &[])])], "ok ok | 1:0 2:1");
        check(vec![snapshot(vec![theirs])], "MissingDependency | ");
    }

    #[test]
    fn a_place_and_a_number_are_taken_once() {
        check(
            vec![
                batch(1, vec![step(1, 1, &[])]),
                batch(2, vec![step(9, 1, &[])]),
                batch(1, vec![step(2, 2, &[])]),
                batch(3, vec![step(1, 1, &[]), step(2, 2, &[1])]),
            ],
            "ok Fork NumberReused ok | 1:0 2:1 3:3",
        );
    }
}
