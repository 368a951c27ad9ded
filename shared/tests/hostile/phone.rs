//! A phone whose relay passes on whatever it is given, and devices that make it.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;
use shared::document::{Change, Document, Entry};
use shared::domain::command::Command;
use shared::domain::rulebook::Rulebook;
use shared::id::{Actor, Address, DeviceCode, DeviceNumber, DocumentKind, PersonId, ScopeId, UnitCode};
use shared::identity::batch::ChangeHash;
use shared::identity::invitation::Terms;
use shared::identity::{
    Act, Batch, Certificate, DeviceKey, Digest, Grant, Held, HeldFor, Invitation, Known, Payload, Reason, Receipt,
    Revocation,
};
use shared::replica::{Effect, Input, Note, Outcome, Refused, RelayStatus, Replica, RequestId, Status, Ticket, Wake};
use shared::role::Role;
use shared::store::Row;
use shared::time::Instant;
use shared::wire::{
    Answered, Refusal, SESSION_PATH, ScopeAnswer, ScopeRefusal, SessionResponse, SyncRequest, SyncResponse, Token,
};

pub const VILLAGE: &str = "village.420529202209";
pub const ROSTER: &str = "village.420529202209/roster";
pub const MEETING: &str = "village.420529202209/meeting-2026-11-23-1";
/// As many changes as a roster may have, by any reckoning.
pub const ROSTER_FACTS: u64 = 100_000;

const EPOCH: u32 = 1;

pub fn authority() -> DeviceKey {
    DeviceKey::from_seed([9; 32])
}

fn relay() -> DeviceKey {
    DeviceKey::from_seed([77; 32])
}

/// Invites the device of a number.
pub fn invitation(number: u32, roles: &[Role], expires: Instant) -> Invitation {
    let terms = Terms {
        device: DeviceNumber(number),
        code: DeviceCode::new(&format!("D{number}")).unwrap(),
        person: PersonId::new(&format!("p{number}")).unwrap(),
        name: format!("第{number}人"),
        roles: roles.iter().copied().collect(),
        villages: [UnitCode::new("420529202209").unwrap()].into(),
        may_enrol: roles.contains(&Role::TownshipOffice) || roles.contains(&Role::VillageSecretary),
        expires,
    };
    Invitation::issue(authority().public(), &Certificate::default(), &authority(), terms, [number as u8 + 100; 32])
}

/// Invites the device of a number once more.
pub fn renewal_of(number: u32, renewal: u32, roles: &[Role], expires: Instant) -> Invitation {
    let first = invitation(number, roles, expires);
    let Grant { device, code, person, name, roles, villages, may_enrol, .. } = first.terms().unwrap();
    let terms = Terms { device, code, person, name, roles, villages, may_enrol, expires };
    let one_use = [renewal as u8 + 200; 32];
    let (chain, giver) = (Certificate::default(), authority());
    Invitation::renew(giver.public(), &chain, &giver, (terms, renewal), one_use, expires)
}

/// A revocation as an entry, signed by whatever key.
pub fn revocation(key: &DeviceKey, chains: (Certificate, Certificate), number: u32) -> Vec<u8> {
    revocation_knowing(key, chains, number, Known::default())
}

/// The same by somebody who says what the device is known to have recorded.
pub fn revocation_knowing(key: &DeviceKey, chains: (Certificate, Certificate), number: u32, known: Known) -> Vec<u8> {
    let act = Revocation::sign(key, chains, DeviceNumber(number), Instant(1000), Reason::Lost, known);
    shared::identity::Entry::Act(Act::Revocation(Box::new(act))).encode()
}

/// A batch as the relay holds it for the office.
pub fn held(of: &Device, batch: &Batch, reason: HeldFor) -> Vec<u8> {
    let held = Held {
        scope: batch.address.scope.clone(),
        reason,
        arrived: Instant(5000),
        certificate: of.certificate.clone(),
        entry: entry(batch),
    };
    shared::identity::Entry::Act(Act::Held(Box::new(held))).encode()
}

pub fn entry(batch: &Batch) -> Vec<u8> {
    shared::identity::Entry::Batch(batch.clone()).encode()
}

/// A device that writes what it likes.
pub struct Device {
    pub key: DeviceKey,
    pub certificate: Certificate,
    number: u32,
    documents: BTreeMap<Address, Document>,
    facts: u32,
    batches: u32,
    /// What the device's clock shows.
    pub clock: Instant,
}

impl Device {
    pub fn new(number: u32, roles: &[Role]) -> Self {
        Self::with_key(number, roles, number as u8)
    }

    pub fn with_key(number: u32, roles: &[Role], seed: u8) -> Self {
        let key = DeviceKey::from_seed([seed; 32]);
        let certificate = invitation(number, roles, Instant(u64::MAX)).accept(&key.public());
        Self { key, certificate, number, documents: BTreeMap::new(), facts: 0, batches: 0, clock: Instant(1000) }
    }

    /// Takes up another certificate of the authority's for the same key, and returns it as an entry.
    pub fn renewed(&mut self, renewal: u32, roles: &[Role], expires: Instant) -> Vec<u8> {
        self.certificate = renewal_of(self.number, renewal, roles, expires).accept(&self.key.public());
        self.certificate()
    }

    /// A device that another one invited.
    pub fn invited_by(giver: &Self, number: u32, roles: &[Role]) -> Self {
        let mut device = Self::new(number, roles);
        let terms = Terms {
            device: DeviceNumber(number),
            code: DeviceCode::new(&format!("D{number}")).unwrap(),
            person: PersonId::new(&format!("p{number}")).unwrap(),
            name: format!("第{number}人"),
            roles: roles.iter().copied().collect(),
            villages: [UnitCode::new("420529202209").unwrap()].into(),
            may_enrol: false,
            expires: Instant(u64::MAX),
        };
        let one_use = [number as u8 + 150; 32];
        let invitation = Invitation::issue(authority().public(), &giver.certificate, &giver.key, terms, one_use);
        device.certificate = invitation.accept(&device.key.public());
        device
    }

    /// Revokes a device as this one's holder.
    pub fn revokes(&self, of: &Self) -> Vec<u8> {
        let chains = (self.certificate.clone(), of.certificate.clone());
        revocation(&self.key, chains, of.number)
    }

    pub fn certificate(&self) -> Vec<u8> {
        shared::identity::Entry::Certificate(self.certificate.clone()).encode()
    }

    pub fn record(&mut self, address: &str, content: &[u8]) -> Batch {
        self.record_as(Actor { device: DeviceNumber(self.number), session: 1 }, address, content)
    }

    /// Records a fact under some actor and signs it with this device's key.
    pub fn record_as(&mut self, actor: Actor, address: &str, content: &[u8]) -> Batch {
        let change = self.write(actor, address, content);
        self.sign(address, vec![change])
    }

    /// Records many facts in one batch.
    pub fn record_many(&mut self, address: &str, count: usize) -> Batch {
        let actor = Actor { device: DeviceNumber(self.number), session: 1 };
        let changes = (0..count).map(|_| self.write(actor, address, b"x")).collect();
        self.sign(address, changes)
    }

    fn write(&mut self, actor: Actor, address: &str, content: &[u8]) -> (ChangeHash, Vec<u8>) {
        let address: Address = address.parse().unwrap();
        let kind = address.document.kind();
        let document = self.documents.entry(address).or_insert_with(|| Document::genesis(kind).unwrap());
        self.facts += 1;
        let fact = format!("D{}-{}", self.number, self.facts).parse().unwrap();
        let written = document.write(actor, self.clock, &[Entry::Fact(fact, content.to_vec())]).unwrap().unwrap();
        (written.hash, written.bytes)
    }

    fn sign(&mut self, address: &str, changes: Vec<(ChangeHash, Vec<u8>)>) -> Batch {
        self.batches += 1;
        let (hashes, bytes): (Vec<_>, Vec<_>) = changes.into_iter().unzip();
        let (address, device) = (address.parse().unwrap(), DeviceNumber(self.number));
        Batch::sign(&self.key, address, device, self.batches, &hashes, Payload::pack(bytes))
    }
}

/// The engine, its disk, and how far the relay's logs have come.
pub struct Phone {
    pub replica: Replica,
    pub disk: BTreeMap<String, Vec<u8>>,
    rng: ChaCha8Rng,
    pub now: Instant,
    asked: Option<RequestId>,
    done: Option<Result<Outcome, Refused>>,
    /// What the last sync pushed.
    pub pushed: Vec<Vec<u8>>,
    by_scope: Vec<(ScopeId, Vec<u8>)>,
    logs: BTreeMap<ScopeId, (u64, Digest)>,
    /// Where the last sync said that the phone stands.
    pub cursors: BTreeMap<ScopeId, u64>,
}

impl Phone {
    pub fn new() -> Self {
        Self::of(BTreeMap::new(), 1)
    }

    /// Starts a phone on a disk; every start draws numbers of its own.
    pub fn of(disk: BTreeMap<String, Vec<u8>>, seed: u64) -> Self {
        let rows = disk.iter().map(|(key, value)| Row { key: key.clone(), value: value.clone() }).collect();
        let mut phone = Self {
            replica: Replica::new(),
            disk,
            rng: ChaCha8Rng::seed_from_u64(seed),
            now: Instant(1_795_399_200_000),
            asked: None,
            done: None,
            pushed: Vec::new(),
            by_scope: Vec::new(),
            logs: BTreeMap::new(),
            cursors: BTreeMap::new(),
        };
        phone.handle(Input::Loaded(rows));
        phone
    }

    /// A scribe's phone that has found the relay.
    pub fn enrolled() -> Self {
        Self::enrolled_as(Role::Scribe)
    }

    pub fn enrolled_as(role: Role) -> Self {
        let mut phone = Self::new();
        let link = invitation(1, &[role], Instant(u64::MAX)).to_link();
        assert_eq!(phone.enrol(&link), Ok(Outcome::Enrolled));
        phone
    }

    pub fn restarted(&self) -> Self {
        Self::of(self.disk.clone(), 3)
    }

    pub fn enrol(&mut self, link: &str) -> Result<Outcome, Refused> {
        self.handle(Input::Enrol { ticket: Ticket(1), link: link.to_owned() });
        self.done.take().unwrap()
    }

    /// Adopts a version of the standard rulebook and returns the numbers of the records.
    pub fn adopts(&mut self, version: u32) -> Vec<String> {
        let rulebook = Box::new(Rulebook { version, ..Rulebook::standard_review() });
        let command = Command::AdoptRulebook { rulebook, adopted_at: "党员大会".to_owned() };
        self.handle(Input::Command { ticket: Ticket(2), command });
        match self.done.take() {
            Some(Ok(Outcome::Recorded(facts))) => facts.iter().map(ToString::to_string).collect(),
            other => panic!("not recorded: {other:?}"),
        }
    }

    /// Answers the next sync with a page that the relay signed.
    pub fn give(&mut self, scope: &str, entries: Vec<Vec<u8>>) {
        self.give_signed(scope, entries, &relay());
    }

    pub fn give_signed(&mut self, scope: &str, entries: Vec<Vec<u8>>, key: &DeviceKey) {
        if self.asked.is_none() {
            self.handle(Input::Wake(Wake::Button));
        }
        let request = self.asked.take().unwrap();
        let scope: ScopeId = scope.parse().unwrap();
        let (from, digest) = self.logs.get(&scope).copied().unwrap_or_default();
        let hashes: Option<Vec<Digest>> = entries.iter().map(|bytes| hash(&scope, bytes)).collect();
        let position = from + entries.len() as u64;
        let digest = hashes.iter().flatten().fold(digest, |digest, hash| digest.then(*hash));
        let signature = Receipt { scope: scope.clone(), epoch: EPOCH, position, digest }.sign(key);
        if hashes.is_some() {
            self.logs.insert(scope.clone(), (position, digest));
        }
        let entries = entries.into_iter().map(Answered::Theirs).collect();
        let answer = ScopeAnswer { entries, signature: Some(signature), ..ScopeAnswer::nothing(scope, EPOCH, from) };
        let body = SyncResponse { scopes: vec![answer], refusals: Vec::new() }.encode();
        self.handle(Input::Answered { request, status: 200, body });
    }

    /// Answers the next sync with this for one scope.
    pub fn answer(&mut self, answer: ScopeAnswer) {
        if self.asked.is_none() {
            self.handle(Input::Wake(Wake::Button));
        }
        let request = self.asked.take().unwrap();
        let body = SyncResponse { scopes: vec![answer], refusals: Vec::new() }.encode();
        self.handle(Input::Answered { request, status: 200, body });
    }

    /// Answers the next sync with refusals: of a whole scope, or of the entry at a place.
    pub fn refuse(&mut self, refusals: &[(&str, Option<u32>, Refusal)]) {
        if self.asked.is_none() {
            self.handle(Input::Wake(Wake::Button));
        }
        let request = self.asked.take().unwrap();
        let refusal = |(scope, entry, reason): &(&str, Option<u32>, Refusal)| ScopeRefusal {
            scope: scope.parse().unwrap(),
            entry: *entry,
            reason: *reason,
        };
        let body = SyncResponse { scopes: Vec::new(), refusals: refusals.iter().map(refusal).collect() }.encode();
        self.handle(Input::Answered { request, status: 200, body });
    }

    /// Goes on, after a start, where the relay's log of a scope stood for the phone before.
    pub fn follow(&mut self, scope: &str, position: u64) {
        let key = format!("cursor/{scope}");
        let Some(cursor) = self.disk.get(&key).and_then(|row| shared::store::unframe(row).ok()) else { return };
        let mut reader = shared::cbor::Reader::new(cursor);
        reader.list(5).unwrap();
        let (_, _) = (reader.uint::<u32>().unwrap(), reader.uint::<u64>().unwrap());
        let digest: [u8; 32] = reader.fixed().unwrap();
        self.logs.insert(scope.parse().unwrap(), (position, Digest(digest)));
    }

    /// Lets the relay tell another history of a scope from here on.
    pub fn rewrite(&mut self, scope: &str, entries: &[Vec<u8>]) {
        let scope: ScopeId = scope.parse().unwrap();
        let digest = entries.iter().filter_map(|bytes| hash(&scope, bytes)).fold(Digest::EMPTY, Digest::then);
        self.logs.insert(scope, (entries.len() as u64, digest));
    }

    /// Lets time pass.
    pub fn wait(&mut self, millis: u64) {
        self.now = self.now.plus_millis(millis);
        self.handle(Input::Tick);
    }

    /// Returns the documents of the batches that the last sync pushed.
    pub fn pushed_documents(&self) -> Vec<String> {
        let batch = |(scope, bytes): &(ScopeId, Vec<u8>)| match shared::identity::Entry::decode(scope, bytes) {
            Ok(shared::identity::Entry::Batch(batch)) => Some(batch.address.to_string()),
            _ => None,
        };
        self.by_scope.iter().filter_map(batch).collect()
    }

    /// Wishes for something and returns what came of it.
    pub fn wish(&mut self, wish: impl FnOnce(Ticket) -> Input) -> Result<Outcome, Refused> {
        self.handle(wish(Ticket(3)));
        self.done.take().unwrap()
    }

    /// Lets the phone ask the relay once, without an answer, and returns what it pushed.
    pub fn pushes(&mut self) -> Vec<(ScopeId, Vec<u8>)> {
        if self.asked.is_none() {
            self.handle(Input::Wake(Wake::Button));
        }
        self.by_scope.clone()
    }

    pub fn has(&self, address: &str, fact: &str) -> bool {
        self.replica.has(&address.parse().unwrap(), &fact.parse().unwrap())
    }

    pub fn status(&self) -> &Status {
        self.replica.status()
    }

    /// Returns what was noted; that a fact of these tests means nothing to the product is not of interest.
    pub fn notes(&self) -> Vec<Note> {
        self.status().notes.iter().filter(|note| !matches!(note, Note::UnknownFact(..))).cloned().collect()
    }

    pub fn retry_at(&self) -> Instant {
        match self.status().relay {
            RelayStatus::Refusing { retry_at, .. } => retry_at,
            other => panic!("the phone does not complain of the relay: {other:?}"),
        }
    }

    /// Starts on a disk as a version that gives documents of these kinds no meaning.
    pub fn restarted_without(&self, unknown: &[DocumentKind]) -> Self {
        let mut phone = Self { disk: self.disk.clone(), replica: Replica::of_earlier(unknown), ..Self::new() };
        let rows = phone.disk.iter().map(|(key, value)| Row { key: key.clone(), value: value.clone() }).collect();
        phone.logs = self.logs.clone();
        phone.handle(Input::Loaded(rows));
        phone
    }

    fn handle(&mut self, input: Input) {
        for effect in self.replica.handle(self.now, &mut self.rng, input) {
            match effect {
                Effect::Write(write) => {
                    write.deletes.iter().for_each(|key| _ = self.disk.remove(key));
                    self.disk.extend(write.puts.into_iter().map(|row| (row.key, row.value)));
                    self.handle(Input::Written(write.id));
                }
                Effect::Read { key } => {
                    let value = self.disk.get(&key).cloned();
                    self.handle(Input::RowRead { key, value });
                }
                Effect::Send { request, path: SESSION_PATH, .. } => {
                    let (token, relay) = (Token([1; 16]), relay().public());
                    let body = SessionResponse::Open { token, relay, epoch: EPOCH, now: self.now }.encode();
                    self.handle(Input::Answered { request, status: 200, body });
                }
                Effect::Send { request, body, .. } => {
                    let scopes = SyncRequest::decode(&body).unwrap().scopes;
                    let of_scope = |asked: &shared::wire::ScopeRequest| {
                        let scope = asked.scope.clone();
                        asked.push.iter().map(move |bytes| (scope.clone(), bytes.clone())).collect::<Vec<_>>()
                    };
                    self.cursors = scopes.iter().map(|asked| (asked.scope.clone(), asked.cursor)).collect();
                    self.by_scope = scopes.iter().flat_map(of_scope).collect();
                    self.pushed = scopes.into_iter().flat_map(|scope| scope.push).collect();
                    self.asked = Some(request);
                }
                Effect::Done { result, .. } => self.done = Some(result),
                Effect::TimerAt(_) | Effect::Changed | Effect::OpenLive | Effect::LiveSend(_) | Effect::CloseLive => {}
            }
        }
    }
}

/// Returns the hash by which a log knows an entry, if it can be read.
fn hash(scope: &ScopeId, bytes: &[u8]) -> Option<Digest> {
    match shared::identity::Entry::decode(scope, bytes).ok()? {
        shared::identity::Entry::Certificate(certificate) => {
            Some(shared::identity::Entry::certificate_hash(&certificate))
        }
        shared::identity::Entry::Act(act) => Some(act.hash()),
        shared::identity::Entry::Later(later) => Some(later.hash()),
        shared::identity::Entry::Snapshot(snapshot) => {
            let changes = Change::open(&snapshot.payload).ok()?;
            Some(snapshot.hash(&changes.iter().map(Change::hash).collect::<Vec<_>>()))
        }
        shared::identity::Entry::Batch(batch) => {
            let changes = Change::open(&batch.payload).ok()?;
            Some(batch.hash(&changes.iter().map(Change::hash).collect::<Vec<_>>()))
        }
    }
}
