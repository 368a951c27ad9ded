//! The relay as simply as it can be said: a log per scope in memory, the same messages, the same checks.

use std::collections::{BTreeMap, BTreeSet};

use crate::access;
use crate::document::Change;
use crate::document::change::genesis_hash;
use crate::id::{DeviceNumber, ScopeId};
use crate::identity::batch::ChangeHash;
use crate::identity::{Certificate, DeviceKey, Digest, Entry, Holder, PublicKey, Receipt};
use crate::time::Instant;
use crate::wire::{
    Answered, FromPhone, PAGE_BYTES, Refusal, SESSION_PATH, SYNC_PATH, ScopeAnswer, ScopeRefusal, SessionRequest,
    SessionResponse, SyncRequest, SyncResponse, Token,
};

#[derive(Clone, Debug)]
struct Kept {
    hash: Digest,
    digest: Digest,
    device: DeviceNumber,
    /// The batch's number; 0 for a certificate.
    number: u32,
    bytes: Vec<u8>,
    changes: Vec<ChangeHash>,
}

/// Where a live connection stands.
#[derive(Debug, Default)]
struct Line {
    token: Option<Token>,
    told: BTreeMap<ScopeId, u64>,
}

/// A relay whose log outlives its restarts.
#[derive(Debug)]
pub struct Relay {
    authority: PublicKey,
    key: DeviceKey,
    epoch: u32,
    pub(super) is_up: bool,
    logs: BTreeMap<ScopeId, Vec<Kept>>,
    sessions: BTreeMap<Token, (Holder, Certificate)>,
    next_token: u64,
    lines: BTreeMap<u64, Line>,
}

impl Relay {
    /// Makes the relay of an authority, with an empty log.
    pub fn new(authority: PublicKey) -> Self {
        Self {
            authority,
            key: DeviceKey::from_seed([77; 32]),
            epoch: 1,
            is_up: true,
            logs: BTreeMap::new(),
            sessions: BTreeMap::new(),
            next_token: 1,
            lines: BTreeMap::new(),
        }
    }

    /// Stops: sessions and lines are gone, the log stays.
    pub(super) fn stop(&mut self) -> BTreeSet<u64> {
        self.is_up = false;
        self.sessions.clear();
        std::mem::take(&mut self.lines).into_keys().collect()
    }

    /// Comes back from a backup that lacks the newest third of each log.
    pub(super) fn restore(&mut self) {
        self.epoch += 1;
        for log in self.logs.values_mut() {
            log.truncate(log.len() * 2 / 3);
        }
    }

    /// Returns every byte that the relay keeps, to look for what must not be there.
    pub(super) fn bytes(&self) -> impl Iterator<Item = &[u8]> {
        self.logs.values().flatten().map(|kept| kept.bytes.as_slice())
    }

    /// Answers a request; the scopes that grew come with the answer.
    pub fn answer(
        &mut self,
        path: &str,
        token: Option<Token>,
        body: &[u8],
        now: Instant,
    ) -> (u16, Vec<u8>, BTreeSet<ScopeId>) {
        match path {
            SESSION_PATH => (200, self.session(body, now).encode(), BTreeSet::new()),
            SYNC_PATH => match (token, SyncRequest::decode(body)) {
                (_, Err(_)) => (400, Vec::new(), BTreeSet::new()),
                (Some(token), Ok(request)) if self.sessions.contains_key(&token) => {
                    let (answer, grown) = self.sync(token, &request);
                    (200, answer.encode(), grown)
                }
                _ => (401, Vec::new(), BTreeSet::new()),
            },
            _ => (404, Vec::new(), BTreeSet::new()),
        }
    }

    fn session(&mut self, body: &[u8], now: Instant) -> SessionResponse {
        let refused = |reason| SessionResponse::Refused { reason, now };
        let Ok(request) = SessionRequest::decode(body) else { return refused(Refusal::Envelope) };
        let Ok(holder) = request.certificate.verify(&self.authority, now) else { return refused(Refusal::Certificate) };
        if request.verify(&holder.key).is_err() {
            return refused(Refusal::Signature);
        }
        let mut token = [0; 16];
        token[..8].copy_from_slice(&self.next_token.to_be_bytes());
        self.next_token += 1;
        self.sessions.insert(Token(token), (holder, request.certificate));
        SessionResponse::Open { token: Token(token), relay: self.key.public(), epoch: self.epoch, now }
    }

    fn sync(&mut self, token: Token, request: &SyncRequest) -> (SyncResponse, BTreeSet<ScopeId>) {
        let mut answer = SyncResponse::default();
        let mut grown = BTreeSet::new();
        let Some((holder, certificate)) = self.sessions.get(&token).cloned() else { return (answer, grown) };
        for wanted in &request.scopes {
            let scope = &wanted.scope;
            if !access::may_read(&holder, scope) {
                let reason = Refusal::MayNotRead;
                answer.refusals.push(ScopeRefusal { scope: scope.clone(), entry: None, reason });
                continue;
            }
            let mut own = BTreeSet::new();
            for (place, bytes) in wanted.push.iter().enumerate() {
                match self.take(scope, &holder, &certificate, bytes) {
                    Ok((number, is_new)) => {
                        own.insert(number);
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
            let from = if wanted.epoch == self.epoch { wanted.cursor } else { 0 };
            answer.scopes.push(self.page(scope, from, holder.device, &own));
        }
        (answer, grown)
    }

    /// Keeps a batch; tells its number and whether it was not kept before.
    fn take(
        &mut self,
        scope: &ScopeId,
        holder: &Holder,
        certificate: &Certificate,
        bytes: &[u8],
    ) -> Result<(u32, bool), Refusal> {
        let Ok(Entry::Batch(batch)) = Entry::decode(scope, bytes) else { return Err(Refusal::Envelope) };
        let changes = Change::open(&batch.payload).map_err(|_| Refusal::Envelope)?;
        let hashes: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
        if batch.device != holder.device || batch.verify(&holder.key, &hashes).is_err() {
            return Err(Refusal::Signature);
        }
        if !access::may_write(holder, scope, batch.address.document.kind()) {
            return Err(Refusal::MayNotWrite);
        }
        let hash = batch.hash(&hashes);
        let log = self.logs.entry(scope.clone()).or_default();
        if let Some(kept) = log.iter().find(|kept| kept.device == batch.device && kept.number == batch.number) {
            return if kept.hash == hash { Ok((batch.number, false)) } else { Err(Refusal::NumberReused) };
        }
        let mut known: BTreeSet<ChangeHash> = log.iter().flat_map(|kept| kept.changes.iter().copied()).collect();
        known.extend(genesis_hash(batch.address.document.kind()));
        for change in &changes {
            if change.actor().map(|actor| actor.device) != Some(holder.device) {
                return Err(Refusal::ForeignActor);
            }
            if !change.dependencies().iter().all(|hash| known.contains(hash)) {
                return Err(Refusal::MissingDependency);
            }
            known.insert(change.hash());
        }
        if !log.iter().any(|kept| kept.device == holder.device && kept.number == 0) {
            let entry = Entry::Certificate(certificate.clone());
            append(log, Entry::certificate_hash(certificate), holder.device, 0, entry.encode(), Vec::new());
        }
        append(log, hash, holder.device, batch.number, bytes.to_vec(), hashes);
        Ok((batch.number, true))
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
        let mut answer = ScopeAnswer {
            scope: scope.clone(),
            epoch: self.epoch,
            from,
            entries: entries.collect(),
            more: page.len() < after.len(),
            signature: None,
        };
        answer.signature = page.last().map(|last| {
            let receipt =
                Receipt { scope: scope.clone(), epoch: self.epoch, position: answer.to(), digest: last.digest };
            receipt.sign(&self.key)
        });
        answer
    }

    /// Opens a line.
    pub(super) fn open_line(&mut self, line: u64) {
        self.lines.insert(line, Line::default());
    }

    /// Closes a line.
    pub(super) fn close_line(&mut self, line: u64) {
        self.lines.remove(&line);
    }

    /// Takes a frame from a line; nothing comes back if the line is to be closed.
    pub(super) fn frame(&mut self, line: u64, bytes: &[u8]) -> Option<(Option<Vec<u8>>, BTreeSet<ScopeId>)> {
        match FromPhone::decode(bytes).ok()? {
            FromPhone::Hello(token) => {
                self.sessions.get(&token)?;
                self.lines.get_mut(&line)?.token = Some(token);
                Some((None, BTreeSet::new()))
            }
            FromPhone::Sync(request) => {
                let token = self.lines.get(&line)?.token?;
                let (answer, grown) = self.sync(token, &request);
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
            let Some(Line { token: Some(token), told }) = self.lines.get(&line) else { continue };
            let Some((holder, _)) = self.sessions.get(token) else { continue };
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

fn append(
    log: &mut Vec<Kept>,
    hash: Digest,
    device: DeviceNumber,
    number: u32,
    bytes: Vec<u8>,
    changes: Vec<ChangeHash>,
) {
    let digest = log.last().map_or(Digest::EMPTY, |last| last.digest).then(hash);
    log.push(Kept { hash, digest, device, number, bytes, changes });
}
