//! The relay as simply as it can be said: a log per scope in memory, the same messages, the same checks, and some
//! processes that answer from the one store.

use std::collections::{BTreeMap, BTreeSet};

use crate::access;
use crate::attestation::{self, Stretch};
use crate::document::Change;
use crate::document::change::genesis_hash;
use crate::id::{Actor, Address, DeviceNumber, DocumentId, DocumentKind, ScopeId};
use crate::identity::batch::ChangeHash;
use crate::identity::{Certificate, DeviceKey, Digest, Entry, Holder, Payload, PublicKey, Receipt, Snapshot};
use crate::time::Instant;
use crate::wire::{
    Answered, FromPhone, Holdings, PAGE_BYTES, Refusal, SESSION_PATH, SESSION_SKEW_MILLIS, SYNC_PATH, ScopeAnswer,
    ScopeRefusal, ScopeRequest, SessionRequest, SessionResponse, SyncRequest, SyncResponse, Token,
};

/// One change as the log knows it.
#[derive(Clone, Debug)]
struct Place {
    document: DocumentId,
    hash: ChangeHash,
    actor: [u8; 8],
    seq: u64,
}

#[derive(Clone, Debug)]
struct Kept {
    hash: Digest,
    digest: Digest,
    device: DeviceNumber,
    /// The batch's number; 0 for a certificate.
    number: u32,
    bytes: Vec<u8>,
    changes: Vec<Place>,
}

/// Where a live connection stands.
#[derive(Debug, Default)]
struct Line {
    front: usize,
    token: Option<Token>,
    told: BTreeMap<ScopeId, u64>,
}

/// One process: what it knows that the store does not.
#[derive(Debug, Default)]
pub(super) struct Front {
    pub(super) is_up: bool,
    /// Whether it was replaced by a version that speaks otherwise.
    pub(super) speaks_later: bool,
    /// Whether it is of an earlier version, in which there are no meetings.
    pub(super) is_earlier: bool,
    sessions: BTreeMap<Token, (Holder, Certificate)>,
}

/// The entries of a stretch.
const STRETCH: usize = 6;
/// What a phone understands of a relay of a later version: an array that begins with a version it does not speak.
const LATER_ANSWER: [u8; 3] = [0x82, 0x02, 0x80];

/// What a relay has lost when it comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nothing: its log is on its disk.
    Nothing,
    /// The newest third of each log, and it knows: it was restored from a backup.
    Restored,
    /// The newest third of each log, and it does not know: its disk went back.
    Cut,
    /// Everything, its key too.
    Wiped,
}

/// A relay whose log outlives its restarts.
#[derive(Debug)]
pub struct Relay {
    authority: PublicKey,
    key: DeviceKey,
    epoch: u32,
    pub(super) fronts: Vec<Front>,
    logs: BTreeMap<ScopeId, Vec<Kept>>,
    next_token: u64,
    lines: BTreeMap<u64, Line>,
}

impl Relay {
    /// Makes the relay of an authority, with an empty log and so many processes.
    pub fn new(authority: PublicKey, fronts: usize) -> Self {
        Self {
            authority,
            key: DeviceKey::from_seed([77; 32]),
            epoch: 1,
            fronts: (0..fronts).map(|_| Front { is_up: true, ..Front::default() }).collect(),
            logs: BTreeMap::new(),
            next_token: 1,
            lines: BTreeMap::new(),
        }
    }

    /// Stops a process: its sessions and lines are gone, the log stays.
    pub(super) fn stop(&mut self, front: usize) -> BTreeSet<u64> {
        self.fronts[front] = Front::default();
        let ended: BTreeSet<u64> =
            self.lines.iter().filter(|(_, line)| line.front == front).map(|(number, _)| *number).collect();
        self.lines.retain(|number, _| !ended.contains(number));
        ended
    }

    /// Loses what `loss` says.
    pub(super) fn lose(&mut self, loss: Loss) {
        match loss {
            Loss::Nothing => {}
            Loss::Restored => {
                self.logs.values_mut().for_each(|log| log.truncate(log.len() * 2 / 3));
                self.epoch += 1;
            }
            Loss::Cut => self.logs.values_mut().for_each(|log| log.truncate(log.len() * 2 / 3)),
            Loss::Wiped => {
                self.logs.clear();
                self.epoch += 1;
                self.key = DeviceKey::from_seed([self.epoch as u8; 32]);
            }
        }
    }

    /// Tells whether every one of these changes is in a scope's log.
    pub(super) fn holds(&self, scope: &ScopeId, mut hashes: impl Iterator<Item = ChangeHash>) -> bool {
        let log = self.logs.get(scope).map(Vec::as_slice).unwrap_or_default();
        let known: BTreeSet<ChangeHash> = log.iter().flat_map(|kept| &kept.changes).map(|place| place.hash).collect();
        hashes.all(|hash| known.contains(&hash))
    }

    /// Returns the kept entries of a scope, as they lie in the log.
    pub(super) fn entries(&self, scope: &ScopeId) -> Vec<Vec<u8>> {
        self.logs.get(scope).into_iter().flatten().map(|kept| kept.bytes.clone()).collect()
    }

    /// Returns how many entries of a later version a scope's log holds.
    pub(super) fn later(&self, scope: &ScopeId) -> usize {
        let entries = self.entries(scope).into_iter();
        entries.filter(|bytes| matches!(Entry::decode(scope, bytes), Ok(Entry::Later(_)))).count()
    }

    /// Returns every byte that the relay keeps, to look for what must not be there.
    pub(super) fn bytes(&self) -> impl Iterator<Item = &[u8]> {
        self.logs.values().flatten().map(|kept| kept.bytes.as_slice())
    }

    /// Answers a request; the scopes that grew come with the answer.
    pub fn answer(
        &mut self,
        front: usize,
        path: &str,
        token: Option<Token>,
        body: &[u8],
        now: Instant,
    ) -> (u16, Vec<u8>, BTreeSet<ScopeId>) {
        if self.fronts[front].speaks_later {
            return (400, LATER_ANSWER.to_vec(), BTreeSet::new());
        }
        match path {
            SESSION_PATH => (200, self.session(front, body, now).encode(), BTreeSet::new()),
            SYNC_PATH => match (token, SyncRequest::decode(body)) {
                (_, Err(_)) => (400, Vec::new(), BTreeSet::new()),
                (Some(token), Ok(request)) if self.fronts[front].sessions.contains_key(&token) => {
                    let (answer, grown) = self.sync(front, token, &request);
                    (200, answer.encode(), grown)
                }
                _ => (401, Vec::new(), BTreeSet::new()),
            },
            _ => (404, Vec::new(), BTreeSet::new()),
        }
    }

    fn session(&mut self, front: usize, body: &[u8], now: Instant) -> SessionResponse {
        let refused = |reason| SessionResponse::Refused { reason, now };
        let Ok(request) = SessionRequest::decode(body) else { return refused(Refusal::Envelope) };
        if request.at.0.abs_diff(now.0) > SESSION_SKEW_MILLIS {
            return refused(Refusal::Clock);
        }
        let Ok(holder) = request.certificate.verify(&self.authority, now) else { return refused(Refusal::Certificate) };
        if request.verify(&holder.key).is_err() {
            return refused(Refusal::Signature);
        }
        let mut token = [0; 16];
        token[..8].copy_from_slice(&self.next_token.to_be_bytes());
        self.next_token += 1;
        // The township knows a device from its first session, before it has recorded anything.
        certify(self.logs.entry(ScopeId::Township).or_default(), holder.device, &request.certificate);
        self.fronts[front].sessions.insert(Token(token), (holder, request.certificate));
        SessionResponse::Open { token: Token(token), relay: self.key.public(), epoch: self.epoch, now }
    }

    fn sync(&mut self, front: usize, token: Token, request: &SyncRequest) -> (SyncResponse, BTreeSet<ScopeId>) {
        let mut answer = SyncResponse::default();
        let mut grown = BTreeSet::new();
        let Some((holder, certificate)) = self.fronts[front].sessions.get(&token).cloned() else {
            return (answer, grown);
        };
        for wanted in &request.scopes {
            let scope = &wanted.scope;
            if !access::may_read(&holder, scope) {
                let reason = Refusal::MayNotRead;
                answer.refusals.push(ScopeRefusal { scope: scope.clone(), entry: None, reason });
                continue;
            }
            if let Some((digest, signature)) = wanted.proof {
                let ScopeRequest { epoch, cursor: position, .. } = *wanted;
                let receipt = Receipt { scope: scope.clone(), epoch, position, digest };
                let kept = self.logs.get(scope).and_then(|log| log.get((position as usize).wrapping_sub(1)));
                let is_ours = receipt.verify(&self.key.public(), &signature).is_ok();
                if is_ours && epoch == self.epoch && kept.map(|kept| kept.digest) != Some(digest) {
                    self.epoch += 1;
                }
            }
            let mut own = BTreeSet::new();
            for (place, bytes) in wanted.push.iter().enumerate() {
                let is_unknown = self.fronts[front].is_earlier && is_about(scope, bytes, DocumentKind::Meeting);
                let taken = match is_unknown {
                    true => Err(Refusal::Version),
                    false => self.take(scope, &holder, &certificate, bytes),
                };
                match taken {
                    Ok((number, is_new)) => {
                        own.extend(number);
                        if is_new {
                            grown.insert(scope.clone());
                        }
                    }
                    Err(reason) => {
                        let entry = u32::try_from(place).ok();
                        answer.refusals.push(ScopeRefusal { scope: scope.clone(), entry, reason });
                    }
                }
            }
            let ends = self.logs.get(scope).map_or(0, Vec::len) as u64;
            let from = if wanted.epoch == self.epoch && wanted.cursor <= ends { wanted.cursor } else { 0 };
            let stretch = if wanted.stretches { self.stretch(scope, from) } else { None };
            let mut page = stretch.unwrap_or_else(|| self.page(scope, from, holder.device, &own));
            page.holdings = wanted.compare.iter().map(|document| self.holdings(scope, document)).collect();
            answer.scopes.push(page);
        }
        (answer, grown)
    }

    /// Returns a stretch of a log as a snapshot per document, where it is long enough.
    fn stretch(&self, scope: &ScopeId, from: u64) -> Option<ScopeAnswer> {
        let log = self.logs.get(scope)?.get(from as usize..).filter(|rest| rest.len() >= STRETCH)?;
        let (taken, rest) = log.split_at(STRETCH);
        let mut stretch = Stretch::default();
        for kept in taken {
            stretch.add(Entry::decode(scope, &kept.bytes).ok()?).ok()?;
        }
        let pack =
            |_: &Address, changes: &[Change]| Payload::pack(changes.iter().map(|c| c.bytes().to_vec()).collect());
        let entries = stretch.entries(pack).into_iter().map(|entry| Answered::Theirs(entry.encode())).collect();
        let (position, digest) = (from + STRETCH as u64, taken.last()?.digest);
        let receipt = Receipt { scope: scope.clone(), epoch: self.epoch, position, digest };
        let (signature, until) = (Some(receipt.sign(&self.key)), Some((position, digest)));
        let nothing = ScopeAnswer::nothing(scope.clone(), self.epoch, from);
        Some(ScopeAnswer { entries, more: !rest.is_empty(), signature, until, ..nothing })
    }

    fn holdings(&self, scope: &ScopeId, document: &DocumentId) -> Holdings {
        let mut writers = BTreeMap::new();
        let log = self.logs.get(scope).map(Vec::as_slice).unwrap_or_default();
        for place in log.iter().flat_map(|kept| &kept.changes).filter(|place| place.document == *document) {
            let last = writers.entry(place.actor).or_insert(0);
            *last = place.seq.max(*last);
        }
        Holdings { document: document.clone(), writers: writers.into_iter().collect() }
    }

    /// Keeps an entry; tells its number if it is a batch, and whether it was not kept before.
    pub(super) fn take(
        &mut self,
        scope: &ScopeId,
        holder: &Holder,
        certificate: &Certificate,
        bytes: &[u8],
    ) -> Result<(Option<u32>, bool), Refusal> {
        match Entry::decode(scope, bytes) {
            Ok(Entry::Batch(batch)) => {
                let changes = Change::open(&batch.payload).map_err(|_| Refusal::Envelope)?;
                let hashes: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
                if batch.device != holder.device || batch.verify(&holder.key, &hashes).is_err() {
                    return Err(Refusal::Signature);
                }
                if !access::may_write(holder, scope, batch.address.document.kind()) {
                    return Err(Refusal::MayNotWrite);
                }
                if changes.iter().any(|change| change.actor().map(|actor| actor.device) != Some(holder.device)) {
                    return Err(Refusal::ForeignActor);
                }
                let hash = batch.hash(&hashes);
                let log = self.logs.entry(scope.clone()).or_default();
                if let Some(kept) = log.iter().find(|kept| kept.device == batch.device && kept.number == batch.number) {
                    return if kept.hash == hash {
                        Ok((Some(batch.number), false))
                    } else {
                        Err(Refusal::NumberReused)
                    };
                }
                let places = follow(log, &batch.address, &changes)?;
                certify(log, holder.device, certificate);
                append(log, hash, holder.device, batch.number, bytes.to_vec(), places);
                Ok((Some(batch.number), true))
            }
            Ok(Entry::Snapshot(snapshot)) => {
                let holders: BTreeMap<DeviceNumber, (Holder, &Certificate)> = snapshot
                    .certificates
                    .iter()
                    .filter_map(|certificate| Some((certificate.holder(&self.authority).ok()?, certificate)))
                    .map(|(holder, certificate)| (holder.device, (holder, certificate)))
                    .collect();
                let changes = Change::open(&snapshot.payload).map_err(|_| Refusal::Envelope)?;
                let known = |device: DeviceNumber| holders.get(&device).map(|(holder, _)| holder);
                attestation::check(&snapshot, &changes, known)?;
                let log = self.logs.entry(scope.clone()).or_default();
                let places = follow(log, &snapshot.address, &changes)?;
                if places.is_empty() {
                    return Ok((None, false));
                }
                holders.iter().for_each(|(device, (_, certificate))| certify(log, *device, certificate));
                let hashes: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
                let kept = Snapshot { certificates: Vec::new(), ..snapshot.clone() };
                let (hash, bytes) = (snapshot.hash(&hashes), Entry::Snapshot(kept).encode());
                append(log, hash, holder.device, 0, bytes, places);
                Ok((None, true))
            }
            Ok(Entry::Certificate(certificate)) if *scope == ScopeId::Township => {
                let enrolled = certificate.holder(&self.authority).map_err(|_| Refusal::Certificate)?;
                let log = self.logs.entry(scope.clone()).or_default();
                let before = log.len();
                certify(log, enrolled.device, &certificate);
                Ok((None, log.len() > before))
            }
            // A relay that carries it understands it; these runs need only that it is carried.
            Ok(Entry::Later(later)) => {
                let (log, hash) = (self.logs.entry(scope.clone()).or_default(), later.hash());
                let is_new = !log.iter().any(|kept| kept.number == 0 && kept.hash == hash);
                if is_new {
                    append(log, hash, holder.device, 0, bytes.to_vec(), Vec::new());
                }
                Ok((None, is_new))
            }
            // Nobody is revoked in these runs.
            Ok(Entry::Certificate(_) | Entry::Act(_)) | Err(_) => Err(Refusal::Envelope),
        }
    }

    fn page(&self, scope: &ScopeId, from: u64, device: DeviceNumber, own: &BTreeSet<u32>) -> ScopeAnswer {
        let log = self.logs.get(scope).map(Vec::as_slice).unwrap_or_default();
        let after = log.get(usize::try_from(from).unwrap_or(usize::MAX)..).unwrap_or_default();
        let mut size = 0;
        let fitting = after.iter().enumerate().take_while(|(place, kept)| {
            size += kept.bytes.len();
            *place == 0 || size <= PAGE_BYTES
        });
        let page: Vec<&Kept> = fitting.map(|(_, kept)| kept).collect();
        let entries = page.iter().map(|kept| match kept.number {
            number if kept.device == device && own.contains(&number) => Answered::Own(number),
            _ => Answered::Theirs(kept.bytes.clone()),
        });
        let (entries, more) = (entries.collect(), page.len() < after.len());
        let mut answer = ScopeAnswer { entries, more, ..ScopeAnswer::nothing(scope.clone(), self.epoch, from) };
        let here = log.get((from as usize).wrapping_sub(1)).filter(|_| page.is_empty());
        answer.check = here.and_then(|kept| kept.digest.0.first_chunk().copied());
        answer.signature = page.last().map(|last| {
            let receipt =
                Receipt { scope: scope.clone(), epoch: self.epoch, position: answer.to(), digest: last.digest };
            receipt.sign(&self.key)
        });
        answer
    }

    /// Opens a line to a process.
    pub(super) fn open_line(&mut self, front: usize, line: u64) {
        self.lines.insert(line, Line { front, ..Line::default() });
    }

    /// Closes a line.
    pub(super) fn close_line(&mut self, line: u64) {
        self.lines.remove(&line);
    }

    /// Takes a frame from a line; nothing comes back if the line is to be closed.
    pub(super) fn frame(&mut self, line: u64, bytes: &[u8]) -> Option<(Option<Vec<u8>>, BTreeSet<ScopeId>)> {
        let front = self.lines.get(&line)?.front;
        match FromPhone::decode(bytes).ok()? {
            FromPhone::Hello(token) => {
                self.fronts[front].sessions.get(&token)?;
                self.lines.get_mut(&line)?.token = Some(token);
                Some((None, BTreeSet::new()))
            }
            FromPhone::Sync(request) => {
                let token = self.lines.get(&line)?.token?;
                let (answer, grown) = self.sync(front, token, &request);
                let told = &mut self.lines.get_mut(&line)?.told;
                told.extend(answer.scopes.iter().map(|scope| (scope.scope.clone(), scope.to())));
                Some((Some(answer.encode()), grown))
            }
        }
    }

    /// Returns what every line has to be told after these scopes grew.
    pub(super) fn news(&mut self, grown: &BTreeSet<ScopeId>) -> Vec<(u64, Vec<u8>)> {
        let mut news = Vec::new();
        for line in self.lines.keys().copied().collect::<Vec<_>>() {
            let Some(Line { front, token: Some(token), told }) = self.lines.get(&line) else { continue };
            let Some((holder, _)) = self.fronts[*front].sessions.get(token) else { continue };
            let behind = told.iter().filter(|(scope, _)| grown.contains(scope));
            let pages = behind.map(|(scope, from)| self.page(scope, *from, holder.device, &BTreeSet::new()));
            let scopes: Vec<ScopeAnswer> = pages.filter(|page| !page.entries.is_empty()).collect();
            if scopes.is_empty() {
                continue;
            }
            let positions: Vec<(ScopeId, u64)> = scopes.iter().map(|page| (page.scope.clone(), page.to())).collect();
            news.push((line, SyncResponse { scopes, refusals: Vec::new() }.encode()));
            if let Some(line) = self.lines.get_mut(&line) {
                line.told.extend(positions);
            }
        }
        news
    }
}

/// Tells whether an entry is about a document of a kind.
fn is_about(scope: &ScopeId, bytes: &[u8], kind: DocumentKind) -> bool {
    match Entry::decode(scope, bytes) {
        Ok(Entry::Batch(batch)) => batch.address.document.kind() == kind,
        Ok(Entry::Snapshot(snapshot)) => snapshot.address.document.kind() == kind,
        _ => false,
    }
}

/// Returns the changes that a log lacks, if each follows from what it holds and from those before.
fn follow(log: &[Kept], address: &Address, changes: &[Change]) -> Result<Vec<Place>, Refusal> {
    let held = log.iter().flat_map(|kept| &kept.changes).filter(|place| place.document == address.document);
    let mut rows: BTreeMap<[u8; 8], u64> = BTreeMap::new();
    let mut known: BTreeSet<ChangeHash> = BTreeSet::new();
    for place in held {
        known.insert(place.hash);
        let last = rows.entry(place.actor).or_insert(0);
        *last = place.seq.max(*last);
    }
    known.extend(genesis_hash(address.document.kind()));
    let mut places = Vec::new();
    for change in changes.iter().filter(|change| !known.contains(&change.hash())).collect::<Vec<_>>() {
        let actor = change.actor().map(Actor::to_bytes).ok_or(Refusal::ForeignActor)?;
        let last = rows.get(&actor).copied().unwrap_or(0);
        if change.seq() <= last {
            return Err(Refusal::Fork);
        }
        if change.seq() > last + 1 {
            return Err(Refusal::Gap);
        }
        if !change.dependencies().iter().all(|hash| known.contains(hash)) {
            return Err(Refusal::MissingDependency);
        }
        known.insert(change.hash());
        rows.insert(actor, change.seq());
        places.push(Place { document: address.document.clone(), hash: change.hash(), actor, seq: change.seq() });
    }
    Ok(places)
}

/// Puts a device's certificate into a log that lacks it.
fn certify(log: &mut Vec<Kept>, device: DeviceNumber, certificate: &Certificate) {
    let hash = Entry::certificate_hash(certificate);
    if !log.iter().any(|kept| kept.number == 0 && kept.hash == hash) {
        append(log, hash, device, 0, Entry::Certificate(certificate.clone()).encode(), Vec::new());
    }
}

fn append(log: &mut Vec<Kept>, hash: Digest, device: DeviceNumber, number: u32, bytes: Vec<u8>, changes: Vec<Place>) {
    let digest = log.last().map_or(Digest::EMPTY, |last| last.digest).then(hash);
    log.push(Kept { hash, digest, device, number, bytes, changes });
}
