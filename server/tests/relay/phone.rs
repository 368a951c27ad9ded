//! A phone as small as it can be: it signs, syncs, and checks all that it is given.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use server::{Config, Running};
use shared::document::{self, Change, Document};
use shared::id::{Actor, Address, DeviceCode, DeviceNumber, PersonId, ScopeId, UnitCode};
use shared::identity::invitation::Terms;
use shared::identity::{
    Batch, Certificate, DeviceKey, Digest, Entry, Holder, Invitation, Payload, PublicKey, Receipt, Role,
};
use shared::time::Instant;
use shared::wire::{
    Answered, FoundRequest, Refusal, ScopeRequest, SessionRequest, SessionResponse, SyncRequest, SyncResponse, Token,
};

use super::records::Records;

/// The village of most tests.
pub const VILLAGE: &str = "420529202209";
/// Another village.
pub const ELSEWHERE: &str = "420529202201";
/// A moment after every test.
pub const LATER: Instant = Instant(u64::MAX >> 1);

/// A relay whose township was founded by the authority's key.
pub struct Township {
    pub running: Running,
    pub authority: DeviceKey,
    pub records: Records,
}

impl Township {
    /// Starts a fresh relay and founds its township over the wire.
    pub async fn found() -> Self {
        Self::found_with(|_| {}).await
    }

    /// Starts a fresh relay that is told something more, and founds its township over the wire.
    pub async fn found_with(told: impl FnOnce(&mut Config)) -> Self {
        Self::found_on(Records::fresh().await, told).await
    }

    /// Starts a relay on these records, and founds its township over the wire.
    pub async fn found_on(records: Records, told: impl FnOnce(&mut Config)) -> Self {
        let mut config = records.config();
        told(&mut config);
        let running = server::start(&config).await.unwrap();
        let authority = DeviceKey::from_seed([1; 32]);
        let token = running.relay.founding_token().await.unwrap();
        let code = UnitCode::new("420529202").unwrap();
        let request = FoundRequest::sign(token, &authority, code, "牛庄乡".to_owned());
        let (status, _) = post(running.address, "/found", None, request.encode()).await;
        assert_eq!(status, 200);
        Self { running, authority, records }
    }

    /// Stops the relay and starts it again on the same data, at another port.
    pub async fn restart(self) -> Self {
        let Self { running, authority, records } = self;
        running.stop().await.unwrap();
        let running = server::start(&records.config()).await.unwrap();
        Self { running, authority, records }
    }

    /// Invites a device; its number stands for its seed, its code and its person too.
    pub fn invite(&self, number: u32, roles: &[Role], villages: &[&str]) -> Invitation {
        invite(&self.authority, number, roles, villages)
    }

    /// Invites a device whose holder may invite others, and revoke them.
    pub fn invite_who_enrols(&self, number: u32, roles: &[Role], villages: &[&str]) -> Invitation {
        issue(&self.authority, Terms { may_enrol: true, ..terms(number, roles, villages) })
    }

    /// Renews the certificate of a device.
    pub fn renew(&self, number: u32, renewal: u32, roles: &[Role], villages: &[&str]) -> Invitation {
        let (chain, terms) = (Certificate::default(), (terms(number, roles, villages), renewal));
        Invitation::renew(self.authority.public(), &chain, &self.authority, terms, [renewal as u8 + 200; 32], LATER)
    }

    /// Enrols a scribe of the village and opens a session.
    pub async fn scribe(&self, number: u32) -> Phone {
        self.phone(number, &[Role::Scribe], &[VILLAGE]).await
    }

    /// Enrols a device and opens a session.
    pub async fn phone(&self, number: u32, roles: &[Role], villages: &[&str]) -> Phone {
        let mut phone = Phone::enrol(self, &self.invite(number, roles, villages), [number as u8; 32]);
        phone.open_session(self.running.address).await;
        phone
    }
}

/// Pushes an entry as it is, and returns the reason for which it was refused.
pub async fn pushes(phone: &Phone, scope: &str, entry: Vec<u8>) -> Option<Refusal> {
    let request = ScopeRequest { push: vec![entry], ..ScopeRequest::reading(scope.parse().unwrap(), 0, 0) };
    let request = SyncRequest { scopes: vec![request] };
    let (status, body) = post(phone.relay, "/sync", Some(phone.token), request.encode()).await;
    assert_eq!(status, 200);
    let refusals = SyncResponse::decode(&body).unwrap().refusals;
    refusals.into_iter().find(|refusal| refusal.entry == Some(0)).map(|refusal| refusal.reason)
}

/// Invites a device; its number stands for its seed, its code and its person too.
pub fn invite(authority: &DeviceKey, number: u32, roles: &[Role], villages: &[&str]) -> Invitation {
    issue(authority, terms(number, roles, villages))
}

fn issue(authority: &DeviceKey, terms: Terms) -> Invitation {
    let seed = [terms.device.0 as u8 + 100; 32];
    Invitation::issue(authority.public(), &Certificate::default(), authority, terms, seed)
}

fn terms(number: u32, roles: &[Role], villages: &[&str]) -> Terms {
    Terms {
        device: DeviceNumber(number),
        code: DeviceCode::new(&format!("T{number}")).unwrap(),
        person: PersonId::new(&format!("p-{number}")).unwrap(),
        name: format!("第{number}人"),
        roles: roles.iter().copied().collect(),
        villages: villages.iter().map(|code| UnitCode::new(code).unwrap()).collect(),
        may_enrol: false,
        expires: LATER,
    }
}

/// A phone.
pub struct Phone {
    pub key: DeviceKey,
    pub certificate: Certificate,
    pub holder: Holder,
    pub token: Token,
    pub relay: SocketAddr,
    pub relay_key: Option<PublicKey>,
    /// The epoch that the relay told with the last session.
    pub epoch: u32,
    pub authority: PublicKey,
    /// Per scope: epoch, position, digest, as proved by receipts.
    pub logs: BTreeMap<ScopeId, (u32, u64, Digest)>,
    pub documents: BTreeMap<Address, Document>,
    /// Every receipt that it ever held: scope, position and digest.
    pub receipts: Vec<(ScopeId, u64, Digest)>,
    /// The numbers of own batches that were acknowledged.
    pub acknowledged: BTreeSet<u32>,
    holders: BTreeMap<DeviceNumber, Holder>,
    sent: BTreeMap<u32, Digest>,
    number: u32,
}

impl Phone {
    /// Takes an invitation up with the key of a seed.
    pub fn enrol(township: &Township, invitation: &Invitation, seed: [u8; 32]) -> Self {
        Self::with(township.authority.public(), township.running.address, invitation, seed)
    }

    /// Enrols a device at a relay that is known by its address alone.
    pub fn of(authority: &DeviceKey, relay: SocketAddr, number: u32, roles: &[Role], villages: &[&str]) -> Self {
        Self::with(authority.public(), relay, &invite(authority, number, roles, villages), [number as u8; 32])
    }

    fn with(authority: PublicKey, relay: SocketAddr, invitation: &Invitation, seed: [u8; 32]) -> Self {
        let key = DeviceKey::from_seed(seed);
        let certificate = invitation.accept(&key.public());
        let holder = certificate.holder(&authority).unwrap();
        Self {
            key,
            certificate,
            holder,
            token: Token([0; 16]),
            relay,
            relay_key: None,
            epoch: 0,
            authority,
            logs: BTreeMap::new(),
            documents: BTreeMap::new(),
            receipts: Vec::new(),
            acknowledged: BTreeSet::new(),
            holders: BTreeMap::new(),
            sent: BTreeMap::new(),
            number: 0,
        }
    }

    /// Asks for a session and returns the answer.
    pub async fn try_session(&mut self, relay: SocketAddr) -> SessionResponse {
        self.relay = relay;
        let request = SessionRequest::sign(self.certificate.clone(), &self.key, server::relay::now());
        let (_, body) = post(relay, "/session", None, request.encode()).await;
        SessionResponse::decode(&body).unwrap()
    }

    /// Opens a session.
    pub async fn open_session(&mut self, relay: SocketAddr) {
        match self.try_session(relay).await {
            SessionResponse::Open { token, relay, epoch, .. } => {
                assert!(self.relay_key.is_none_or(|known| known == relay), "the relay keeps its key");
                self.token = token;
                self.epoch = epoch;
                self.relay_key = Some(relay);
            }
            refused => panic!("{refused:?}"),
        }
    }

    /// Records a fact and returns the signed batch that carries it.
    pub fn record(&mut self, address: &str, content: &[u8]) -> Batch {
        let actor = Actor { device: self.holder.device, session: 1 };
        let address: Address = address.parse().unwrap();
        self.record_as(actor, address, content)
    }

    /// Records a fact under some actor.
    pub fn record_as(&mut self, actor: Actor, address: Address, content: &[u8]) -> Batch {
        self.number += 1;
        let fact = format!("{}-{}", self.holder.code, self.number).parse().unwrap();
        let document = open(&mut self.documents, &address);
        let entry = document::Entry::Fact(fact, content.to_vec());
        let written = document.write(actor, Instant(1), &[entry]).unwrap().unwrap();
        let payload = Payload::Raw(vec![written.bytes]);
        let batch = Batch::sign(&self.key, address, self.holder.device, self.number, &[written.hash], payload);
        self.sent.insert(batch.number, batch.hash(&[written.hash]));
        batch
    }

    /// Returns a request for scopes with these batches.
    pub fn request(&self, scopes: &[&str], push: &[Batch]) -> SyncRequest {
        let scopes = scopes.iter().map(|text| {
            let scope: ScopeId = text.parse().unwrap();
            let (epoch, cursor, _) = self.logs.get(&scope).copied().unwrap_or_default();
            let push = push.iter().filter(|batch| batch.address.scope == scope);
            let push = push.map(|batch| Entry::Batch(batch.clone()).encode()).collect();
            ScopeRequest { push, ..ScopeRequest::reading(scope, epoch, cursor) }
        });
        SyncRequest { scopes: scopes.collect() }
    }

    /// Syncs once and takes the answer in.
    pub async fn sync(&mut self, scopes: &[&str], push: &[Batch]) -> SyncResponse {
        let (status, body) = post(self.relay, "/sync", Some(self.token), self.request(scopes, push).encode()).await;
        assert_eq!(status, 200);
        let response = SyncResponse::decode(&body).unwrap();
        self.take_in(&response);
        response
    }

    /// Checks everything in an answer: signatures, the digest chain, the receipt; then applies it.
    pub fn take_in(&mut self, response: &SyncResponse) {
        for answer in &response.scopes {
            let log = self.logs.entry(answer.scope.clone()).or_insert((answer.epoch, 0, Digest::EMPTY));
            assert_eq!((answer.epoch, answer.from), (log.0, log.1), "the answer continues where the phone stands");
            for entry in &answer.entries {
                let hash = match entry {
                    Answered::Own(number) => {
                        self.acknowledged.insert(*number);
                        self.sent[number]
                    }
                    Answered::Theirs(bytes) => match Entry::decode(&answer.scope, bytes).unwrap() {
                        Entry::Certificate(certificate) => {
                            let holder = certificate.holder(&self.authority).unwrap();
                            self.holders.insert(holder.device, holder);
                            Entry::certificate_hash(&certificate)
                        }
                        Entry::Act(act) => act.hash(),
                        Entry::Later(later) => later.hash(),
                        Entry::Snapshot(_) => panic!("nothing was lost that somebody would have to bring"),
                        Entry::Batch(batch) => {
                            let holder = self.holders.get(&batch.device).expect("a certificate stands before");
                            let changes = Change::open(&batch.payload).unwrap();
                            let hashes: Vec<_> = changes.iter().map(Change::hash).collect();
                            assert_eq!(batch.verify(&holder.key, &hashes), Ok(()));
                            let applied = open(&mut self.documents, &batch.address).apply(&changes);
                            assert!(applied.waiting.is_empty() && applied.forked.is_empty(), "{applied:?}");
                            batch.hash(&hashes)
                        }
                    },
                };
                *log = (log.0, log.1 + 1, log.2.then(hash));
            }
            assert_eq!(answer.signature.is_some(), !answer.entries.is_empty());
            if let (Some(signature), Some(relay)) = (&answer.signature, &self.relay_key) {
                let (epoch, position, digest) = *log;
                let receipt = Receipt { scope: answer.scope.clone(), epoch, position, digest };
                assert_eq!(receipt.verify(relay, signature), Ok(()), "the receipt proves the whole chain");
                self.receipts.push((answer.scope.clone(), position, digest));
            }
        }
    }

    /// Returns the heads of a document.
    pub fn heads(&self, address: &str) -> Vec<[u8; 32]> {
        self.documents[&address.parse().unwrap()].heads()
    }

    /// Returns position and digest of a scope.
    pub fn log(&self, scope: &str) -> (u64, Digest) {
        let (_, position, digest) = self.logs[&scope.parse().unwrap()];
        (position, digest)
    }
}

fn open<'a>(documents: &'a mut BTreeMap<Address, Document>, address: &Address) -> &'a mut Document {
    let kind = address.document.kind();
    documents.entry(address.clone()).or_insert_with(|| Document::genesis(kind).unwrap())
}

/// Posts a body and returns status and answer.
pub async fn post(relay: SocketAddr, path: &str, token: Option<Token>, body: Vec<u8>) -> (u16, Vec<u8>) {
    let mut request = reqwest::Client::new().post(format!("http://{relay}{path}")).body(body);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {}", token.to_text()));
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.bytes().await.unwrap().to_vec())
}
