//! A phone on a disk and before a relay that nobody vouches for: whatever comes, it records what its holder asks.

use std::collections::{BTreeMap, VecDeque};
use std::sync::LazyLock;

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;
use shared::document::{Change, Document};
use shared::domain::command::Command;
use shared::domain::rulebook::Rulebook;
use shared::id::{Address, DeviceCode, DeviceNumber, DocumentKind, PersonId, ScopeId};
use shared::identity::batch::ChangeHash;
use shared::identity::invitation::Terms;
use shared::identity::{Batch, Certificate, DeviceKey, Digest, Entry, Invitation, Payload, Receipt};
use shared::replica::{Effect, Input, Outcome, Refused, Replica, RequestId, Ticket, Wake};
use shared::role::Role;
use shared::store::{Row, frame};
use shared::time::Instant;
use shared::wire::{Answered, SESSION_PATH, ScopeAnswer, SessionResponse, SyncResponse, Token};

use super::documents::MARK;

/// The most rows, and the most answers, that the fuzzer makes.
const PIECES: usize = 24;
/// More inputs than this after one another are a phone that talks to itself.
const STEPS: usize = 2000;
const EPOCH: u32 = 1;
/// The choice of a snapshot among keys.
const SNAPSHOT: u8 = 2;
const SCOPES: [&str; 3] = ["township", "village.420529202209", "village.420529202209.cases"];
const ADDRESSES: [&str; 13] = [
    "township/registry",
    "township/rulebooks",
    "village.420529202209/roster",
    "village.420529202209/meeting-2026-11-23-1",
    "township/assessment-2026-Q4",
    "township/flag",
    "township/affairs-2026",
    "village.420529202209/affairs-2026",
    "village.420529202209.cases/affairs-2026",
    "village.420529202209/points-2026-Q4",
    "village.420529202209/posts-2026-Q4",
    "village.420529202209/rulebooks",
    "village.420529202209/comets-2031-4",
];
/// What else lies on a disk, behind the beginning of its key.
const OTHERS: [&str; 13] = [
    "later",
    "repair",
    "vouch",
    "again",
    "invited",
    "seen",
    "renewed",
    "act",
    "wish",
    "barred",
    "contradiction",
    "evidence",
    "standing",
];

/// Each piece is a row: its first byte chooses the key and, by the highest bit, whether the row's frame is whole.
pub fn rows(bytes: &[u8]) {
    let mut disk = ENROLLED.clone();
    for (place, piece) in super::pieces(bytes, PIECES).into_iter().enumerate() {
        let Some((&choice, value)) = piece.split_first() else { continue };
        let value = if choice & 7 == SNAPSHOT { snapshot(value) } else { value.to_vec() };
        let framed = if choice & 0x80 == 0 { frame(&value) } else { value };
        disk.insert(key(choice & 0x7f, place), framed);
    }
    let mut phone = Phone::of(disk.clone(), 5);
    let recorded = phone.adopts();
    for (key, value) in disk.iter().filter(|(key, _)| ["journal/", "snapshot/"].iter().any(|at| key.starts_with(at))) {
        let lies = phone.disk.get(key);
        assert!(lies.is_none_or(|lies| lies == value), "{key} was written over");
    }
    phone.keeps(&recorded);
}

/// How keys go on: with a scope and a place in it, with a device, or with an address.
fn behind(at: usize, scope: &str, address: &str, place: usize) -> String {
    match OTHERS[at] {
        "later" => format!("{scope}/{place:012}"),
        "repair" => address.to_owned(),
        "vouch" => format!("{address}/{place:016x}.{place:08x}"),
        "invited" | "seen" => place.to_string(),
        "renewed" => format!("{scope}/{place}/{place}"),
        "contradiction" => scope.to_owned(),
        "evidence" => format!("{address}/{place}"),
        _ => format!("{scope}/{place:016x}"),
    }
}

/// A snapshot whose document is the beginning of one, or damaged: no other device's bytes get there.
fn snapshot(value: &[u8]) -> Vec<u8> {
    let Some(at) = value.windows(MARK.len()).position(|window| window == MARK) else { return value.to_vec() };
    let (head, document) = value.split_at(at);
    if BEGINNINGS.iter().any(|beginning| beginning == document) {
        return value.to_vec();
    }
    [head, &super::documents::damaged_at_least(document)].concat()
}

fn key(choice: u8, place: usize) -> String {
    let at = usize::from(choice >> 3);
    let (scope, address) = (SCOPES[at % 3], ADDRESSES[at % ADDRESSES.len()]);
    match choice & 7 {
        0 => "identity".to_owned(),
        1 => format!("journal/{:012}", place + 1),
        SNAPSHOT => format!("snapshot/{address}/{:08}", place + 1),
        3 => format!("cursor/{scope}"),
        4 => format!("outbox/{scope}/{:08}", place + 1),
        5 => format!("device/{place}"),
        6 => "urn/420529202209-2026-11-23-1".to_owned(),
        _ => match at.checked_sub(3) {
            None => ["relay", "numbers", "of a later version"][at].to_owned(),
            Some(12) => OTHERS[12].to_owned(),
            Some(at) => format!("{}/{}", OTHERS[at], behind(at, scope, address, place)),
        },
    }
}

/// Each piece is something that the relay, or whatever stands in its place, does.
pub fn answers(bytes: &[u8]) {
    let mut phone = Phone::enrolled();
    for piece in super::pieces(bytes, PIECES) {
        let Some((&choice, body)) = piece.split_first() else { continue };
        phone.now = phone.now.plus_millis(60_000);
        phone.handle(Input::Wake(Wake::Button));
        let asked = phone.asked.take();
        match (choice & 7, asked) {
            (0, Some(request)) => phone.answer(request, 200, body.to_vec()),
            (1, Some(request)) => phone.answer(request, 200 + u16::from(choice), body.to_vec()),
            (2, Some(request)) => phone.handle(Input::Unanswered { request }),
            (3, _) => phone.handle(Input::LiveMessage(body.to_vec())),
            (4, _) => phone.handle(Input::LiveOpened),
            (5, _) => phone.handle(Input::LiveClosed),
            (_, Some(request)) => {
                let page = phone.page(SCOPES[usize::from(choice >> 3) % 3], body);
                phone.answer(request, 200, page);
            }
            (_, None) => phone.handle(Input::Tick),
        }
    }
    let recorded = phone.adopts();
    phone.keeps(&recorded);
}

/// Documents in which nothing stands.
static BEGINNINGS: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| DocumentKind::ALL.into_iter().map(|kind| Document::genesis(kind).unwrap().save()).collect());

/// The disk of the office's phone; made once, since signing takes longer than everything that is looked at.
static ENROLLED: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let mut phone = Phone::of(BTreeMap::new(), 1);
    phone.handle(Input::Enrol { ticket: Ticket(1), link: invitation(1).to_link() });
    assert_eq!(phone.done.take(), Some(Ok(Outcome::Enrolled)));
    phone.disk
});

/// The key and the certificate of the device that writes what it likes.
static OTHER: LazyLock<(DeviceKey, Certificate)> = LazyLock::new(|| {
    let key = DeviceKey::from_seed([2; 32]);
    let certificate = invitation(2).accept(&key.public());
    (key, certificate)
});

struct Phone {
    replica: Replica,
    disk: BTreeMap<String, Vec<u8>>,
    rng: ChaCha8Rng,
    now: Instant,
    asked: Option<RequestId>,
    done: Option<Result<Outcome, Refused>>,
    logs: BTreeMap<ScopeId, (u64, Digest)>,
}

impl Phone {
    fn of(disk: BTreeMap<String, Vec<u8>>, seed: u64) -> Self {
        let rows = disk.iter().map(|(key, value)| Row { key: key.clone(), value: value.clone() }).collect();
        let mut phone = Self {
            replica: Replica::new(),
            disk,
            rng: ChaCha8Rng::seed_from_u64(seed),
            now: Instant(1_795_399_200_000),
            asked: None,
            done: None,
            logs: BTreeMap::new(),
        };
        phone.handle(Input::Loaded(rows));
        phone
    }

    /// The office's phone.
    fn enrolled() -> Self {
        Self::of(ENROLLED.clone(), 3)
    }

    /// Records something and returns where it stands, unless the phone says why it cannot.
    fn adopts(&mut self) -> Vec<(Address, shared::id::FactId)> {
        let rulebook = Box::new(Rulebook { version: 4_000_000_000, ..Rulebook::standard_review() });
        let command = Command::AdoptRulebook { rulebook, adopted_at: "党员大会".to_owned() };
        self.handle(Input::Command { ticket: Ticket(2), command });
        match self.done.take() {
            Some(Ok(Outcome::Recorded(facts))) => {
                let address: Address = "township/rulebooks".parse().unwrap();
                facts.into_iter().map(|fact| (address.clone(), fact)).collect()
            }
            Some(Ok(other)) => panic!("{other:?} is no answer"),
            Some(Err(_)) => Vec::new(),
            None => panic!("a wish has no answer"),
        }
    }

    /// Checks that what was ticked is there after a start.
    fn keeps(&self, recorded: &[(Address, shared::id::FactId)]) {
        let again = Self::of(self.disk.clone(), 9);
        for (address, fact) in recorded {
            assert!(again.replica.has(address, fact), "{fact} was ticked and is gone");
        }
    }

    fn answer(&mut self, request: RequestId, status: u16, body: Vec<u8>) {
        self.handle(Input::Answered { request, status, body });
    }

    /// Makes a page that the relay signed. Each piece is an entry: as it stands, or a change that another device
    /// signed, or that device's certificate.
    fn page(&mut self, scope: &str, bytes: &[u8]) -> Vec<u8> {
        let scope: ScopeId = scope.parse().unwrap();
        let (from, mut digest) = self.logs.get(&scope).copied().unwrap_or_default();
        let mut entries = Vec::new();
        for (place, piece) in super::pieces(bytes, PIECES).into_iter().enumerate() {
            let Some((&choice, value)) = piece.split_first() else { continue };
            let (entry, hash) = match choice & 3 {
                0 => (value.to_vec(), hash_of(&scope, value)),
                1 => {
                    let entry = Entry::Certificate(OTHER.1.clone());
                    (entry.encode(), Some(Entry::certificate_hash(&OTHER.1)))
                }
                _ => batch(&scope, choice, from as u32 + place as u32 + 1, value),
            };
            digest = hash.map_or(digest, |hash| digest.then(hash));
            entries.push(Answered::Theirs(entry));
        }
        let position = from + entries.len() as u64;
        let relay = DeviceKey::from_seed([77; 32]);
        let signature = Receipt { scope: scope.clone(), epoch: EPOCH, position, digest }.sign(&relay);
        self.logs.insert(scope.clone(), (position, digest));
        let answer = ScopeAnswer { entries, signature: Some(signature), ..ScopeAnswer::nothing(scope, EPOCH, from) };
        SyncResponse { scopes: vec![answer], refusals: Vec::new() }.encode()
    }

    fn handle(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        for _ in 0..STEPS {
            let Some(input) = inputs.pop_front() else { return };
            for effect in self.replica.handle(self.now, &mut self.rng, input) {
                match effect {
                    Effect::Write(write) => {
                        write.deletes.iter().for_each(|key| _ = self.disk.remove(key));
                        self.disk.extend(write.puts.into_iter().map(|row| (row.key, row.value)));
                        inputs.push_back(Input::Written(write.id));
                    }
                    Effect::Read { key } => {
                        let value = self.disk.get(&key).cloned();
                        inputs.push_back(Input::RowRead { key, value });
                    }
                    Effect::Send { request, path: SESSION_PATH, .. } => {
                        let relay = DeviceKey::from_seed([77; 32]).public();
                        let body = SessionResponse::Open { token: Token([1; 16]), relay, epoch: EPOCH, now: self.now };
                        inputs.push_back(Input::Answered { request, status: 200, body: body.encode() });
                    }
                    Effect::Send { request, .. } => self.asked = Some(request),
                    Effect::Done { result, .. } => self.done = Some(result),
                    _ => {}
                }
            }
        }
        panic!("the phone does not come to rest");
    }
}

/// A batch of one change that the other device signed, whatever the change says.
fn batch(scope: &ScopeId, choice: u8, number: u32, change: &[u8]) -> (Vec<u8>, Option<Digest>) {
    let change = super::documents::with_checksums(change);
    let hashes: Vec<ChangeHash> = Change::read(&change).map(|change| change.hash()).into_iter().collect();
    let address: Address = ADDRESSES[usize::from(choice >> 2) % ADDRESSES.len()].parse().unwrap();
    let address = Address { scope: scope.clone(), document: address.document };
    let payload = Payload::Raw(vec![change]);
    let batch = Batch::sign(&OTHER.0, address, DeviceNumber(2), number, &hashes, payload);
    let hash = batch.hash(&hashes);
    (Entry::Batch(batch).encode(), (!hashes.is_empty()).then_some(hash))
}

/// Returns the hash by which a log knows an entry, if it can be read.
fn hash_of(scope: &ScopeId, bytes: &[u8]) -> Option<Digest> {
    match Entry::decode(scope, bytes).ok()? {
        Entry::Certificate(certificate) => Some(Entry::certificate_hash(&certificate)),
        Entry::Batch(batch) => Some(batch.hash(&hashes_of(&batch.payload)?)),
        Entry::Snapshot(snapshot) => Some(snapshot.hash(&hashes_of(&snapshot.payload)?)),
        Entry::Act(act) => Some(act.hash()),
        Entry::Later(later) => Some(later.hash()),
    }
}

fn hashes_of(payload: &Payload) -> Option<Vec<ChangeHash>> {
    Some(Change::open(payload).ok()?.iter().map(Change::hash).collect())
}

fn invitation(number: u32) -> Invitation {
    let authority = DeviceKey::from_seed([9; 32]);
    let terms = Terms {
        device: DeviceNumber(number),
        code: DeviceCode::new(&format!("D{number}")).unwrap(),
        person: PersonId::new(&format!("p{number}")).unwrap(),
        name: format!("第{number}人"),
        roles: [Role::TownshipOffice, Role::VillageSecretary].into_iter().collect(),
        villages: ["420529202209".parse().unwrap()].into(),
        may_enrol: false,
        expires: Instant(u64::MAX),
    };
    Invitation::issue(authority.public(), &Certificate::default(), &authority, terms, [number as u8 + 100; 32])
}
