//! A phone's key, certificate and signed batches, each of one change, written before any clock runs.

use std::sync::Arc;

use server::Relay;
use server::admit::certify;
use server::session::Session;
use shared::document::{self, Document};
use shared::id::{Actor, Address, DeviceCode, DeviceNumber, PersonId, ScopeId, UnitCode};
use shared::identity::invitation::Terms;
use shared::identity::{Batch, Certificate, DeviceKey, Entry, Invitation, Payload, Role};
use shared::time::Instant;
use shared::wire::{ScopeRequest, SyncRequest};

/// A point entry's content as documents keep it, by size.
const ENTRY: [u8; 40] = [7; 40];
const LATER: Instant = Instant(u64::MAX >> 1);
/// The highest bit marks the devices of an authority.
const FIRST_DEVICE: u32 = 0x8000_0000;

/// A device with its signed batches, each of one change.
pub struct Device {
    /// Its place among the devices of a measurement.
    pub number: u32,
    /// The only village it reads and writes.
    pub village: String,
    /// Its key.
    pub key: DeviceKey,
    /// Its certificate.
    pub certificate: Certificate,
    /// What it has to say.
    pub batches: Vec<Batch>,
}

impl Device {
    /// Writes batches into a meeting of the device's own.
    pub fn alone(authority: &DeviceKey, village: &str, number: u32, batches: u32) -> Self {
        let day = 1 + number / 200;
        Self::write(authority, village, &format!("meeting-2026-01-{day:02}-{}", 1 + number % 200), number, batches)
    }

    /// Writes batches into a document of a village.
    pub fn write(authority: &DeviceKey, village: &str, document: &str, number: u32, batches: u32) -> Self {
        let terms = Terms {
            device: DeviceNumber(FIRST_DEVICE + number),
            code: DeviceCode::new(&format!("SH{number}")).unwrap(),
            person: PersonId::new("li-na").unwrap(),
            name: "李娜".to_owned(),
            roles: Role::Scribe.into(),
            villages: [UnitCode::new(village).unwrap()].into(),
            may_enrol: false,
            expires: LATER,
        };
        let (code, device) = (terms.code.clone(), terms.device);
        let mut seed = [1; 32];
        seed[..4].copy_from_slice(&number.to_be_bytes());
        let key = DeviceKey::from_seed(seed);
        let invitation = Invitation::issue(authority.public(), &Certificate::default(), authority, terms, seed);
        let certificate = invitation.accept(&key.public());
        let address: Address = format!("village.{village}/{document}").parse().unwrap();
        let mut document = Document::genesis(address.document.kind()).unwrap();
        let sign = |counter: u32| {
            let fact = document::Entry::Fact(format!("{code}-{counter}").parse().unwrap(), ENTRY.to_vec());
            let written = document.write(Actor { device, session: 1 }, Instant(1), &[fact]).unwrap().unwrap();
            let payload = Payload::Raw(vec![written.bytes]);
            Batch::sign(&key, address.clone(), device, counter, &[written.hash], payload)
        };
        let batches = (1..=batches).map(sign).collect();
        Self { number, village: village.to_owned(), key, certificate, batches }
    }

    /// Returns the scope of the device's village.
    pub fn scope(&self) -> ScopeId {
        ScopeId::Village(UnitCode::new(&self.village).unwrap())
    }

    /// Returns a request that names the village's scope alone.
    pub fn push(&self, cursor: u64, epoch: u32, push: &[Batch]) -> ScopeRequest {
        let push = push.iter().map(|batch| Entry::Batch(batch.clone()).encode()).collect();
        ScopeRequest { push, ..ScopeRequest::reading(self.scope(), epoch, cursor) }
    }

    /// Returns a request that names the township's scope and the village's, as a phone's first one does.
    pub fn request(&self, cursor: u64, epoch: u32, push: &[Batch]) -> SyncRequest {
        let township = ScopeRequest::reading(ScopeId::Township, epoch, 0);
        SyncRequest { scopes: vec![township, self.push(cursor, epoch, push)] }
    }

    /// Returns the session that a relay in this process would open.
    pub fn session(&self, relay: &Relay) -> Arc<Session> {
        let holder = self.certificate.holder(&relay.authority().unwrap()).unwrap();
        let certificate = certify(&holder, self.certificate.clone());
        let (chain, share) = (self.certificate.clone(), holder.device);
        Arc::new(Session { holder, certificate, chain, barred: None, share })
    }
}

/// Returns the place of a batch's device among the devices of a measurement.
pub fn place(device: DeviceNumber) -> usize {
    (device.0 - FIRST_DEVICE) as usize
}
