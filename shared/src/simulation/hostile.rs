//! Somebody with a certificate of the village who pushes what must not be taken, and garbage that may be.

use rand_core::RngCore;

use super::Violation;
use super::faults::below;
use super::world::World;
use crate::document::{Change, Document, Entry as Put};
use crate::id::{Actor, Address, DeviceCode, DeviceNumber, PersonId, ScopeId, UnitCode};
use crate::identity::batch::ChangeHash;
use crate::identity::invitation::Terms;
use crate::identity::{Batch, Certificate, DeviceKey, Entry, Holder, Invitation, LaterEntry, Payload, Snapshot, Vouch};
use crate::role::Role;
use crate::time::Instant;

const DEVICE: DeviceNumber = DeviceNumber(6666);
/// The office's device, in whose name things are forged.
const VICTIM: DeviceNumber = DeviceNumber(1000);

/// Somebody hostile.
#[derive(Debug)]
pub(super) struct Hostile {
    key: DeviceKey,
    holder: Holder,
    certificate: Certificate,
    scope: ScopeId,
    roster: Address,
    /// What was pushed in earnest, from which everything else is made.
    document: Document,
    number: u32,
}

impl Hostile {
    pub(super) fn new(authority: &DeviceKey, village: &UnitCode) -> Result<Self, Violation> {
        let terms = Terms {
            device: DEVICE,
            code: DeviceCode::new("EVIL")?,
            person: PersonId::new("nobody")?,
            name: "无名".to_owned(),
            roles: Role::Scribe.into(),
            villages: [village.clone()].into(),
            may_enrol: false,
            expires: Instant(u64::MAX),
        };
        let key = DeviceKey::from_seed([66; 32]);
        let invitation = Invitation::issue(authority.public(), &Certificate::default(), authority, terms, [67; 32]);
        let certificate = invitation.accept(&key.public());
        let holder = certificate.holder(&authority.public()).map_err(|_| Violation::SetUp)?;
        let roster = Address::roster(village);
        let document = Document::genesis(roster.document.kind()).map_err(|_| Violation::SetUp)?;
        Ok(Self { key, holder, certificate, scope: roster.scope.clone(), roster, document, number: 0 })
    }

    /// Makes a change as a device in a copy of the document.
    fn change(&self, document: &mut Document, actor: Actor, fact: &str, content: u64) -> Result<Change, Violation> {
        let put = Put::Fact(fact.parse()?, content.to_be_bytes().to_vec());
        let written = document.write(actor, Instant(content), &[put]).ok().flatten().ok_or(Violation::SetUp)?;
        Change::read(&written.bytes).map_err(|_| Violation::SetUp)
    }

    fn batch(&self, device: DeviceNumber, number: u32, address: &Address, changes: &[&Change]) -> Batch {
        let hashes: Vec<ChangeHash> = changes.iter().map(|change| change.hash()).collect();
        let payload = Payload::Raw(changes.iter().map(|change| change.bytes().to_vec()).collect());
        Batch::sign(&self.key, address.clone(), device, number, &hashes, payload)
    }
}

impl World {
    /// Puts an entry of a later version into the village's log.
    pub(super) fn later(&mut self) -> Result<(), Violation> {
        let entry = LaterEntry { kind: 7, body: self.rng.next_u64().to_be_bytes().to_vec() };
        let Hostile { scope, holder, certificate, .. } = &self.hostile;
        let bytes = Entry::Later(entry).encode();
        self.relay.take(scope, holder, certificate, &bytes).map_err(|_| Violation::SetUp)?;
        self.report.later_entries += 1;
        let grown = [scope.clone()].into();
        self.tell_news(&grown);
        Ok(())
    }

    /// Tries one thing; the relay must refuse it, garbage under the own name aside.
    pub(super) fn attack(&mut self) -> Result<(), Violation> {
        self.report.attacks += 1;
        let (kind, content) = (below(&mut self.rng, 9), self.rng.next_u64() >> 24);
        let hostile = &self.hostile;
        let session = u32::try_from(content & 0xffff).unwrap_or(1);
        let (own, victim) = (Actor { device: DEVICE, session }, Actor { device: VICTIM, session });
        let mut copy = hostile.document.clone();
        let mut change = |actor, fact: &str, content| hostile.change(&mut copy, actor, fact, content);
        let fresh = hostile.number + 1;
        let (what, entry) = match kind {
            0 => ("noise", content.to_be_bytes().to_vec()),
            1 => {
                let forged = change(victim, "D0-1", content)?;
                (
                    "a batch in another's name",
                    Entry::Batch(hostile.batch(VICTIM, 1, &hostile.roster, &[&forged])).encode(),
                )
            }
            2 => {
                let foreign = change(victim, "D0-1", content)?;
                let batch = hostile.batch(DEVICE, fresh, &hostile.roster, &[&foreign]);
                ("a change under another's actor", Entry::Batch(batch).encode())
            }
            3 => {
                change(own, "EVIL-1", content)?;
                let second = change(own, "EVIL-2", content)?;
                (
                    "a change after a gap",
                    Entry::Batch(hostile.batch(DEVICE, fresh, &hostile.roster, &[&second])).encode(),
                )
            }
            4 => {
                let first = change(own, "EVIL-1", content)?;
                let mut other = hostile.document.clone();
                let second = hostile.change(&mut other, own, "EVIL-1", content + 1)?;
                let batch = hostile.batch(DEVICE, fresh, &hostile.roster, &[&first, &second]);
                ("two changes at one place", Entry::Batch(batch).encode())
            }
            5 => {
                let forged = change(victim, "D0-1", content)?;
                let Batch { signature, payload, .. } = hostile.batch(VICTIM, 1, &hostile.roster, &[&forged]);
                let vouch = Vouch { device: VICTIM, number: 1, hashes: vec![forged.hash()], signature };
                let (address, certificates) = (hostile.roster.clone(), vec![hostile.certificate.clone()]);
                let snapshot = Snapshot { address, certificates, vouches: vec![vouch], payload };
                ("a snapshot for which its writer does not vouch", Entry::Snapshot(snapshot).encode())
            }
            6 => {
                let mine = change(own, "EVIL-1", content)?;
                let registry: Address = "township/registry".parse().map_err(|_| Violation::SetUp)?;
                let batch = hostile.batch(DEVICE, fresh, &registry, &[&mine]);
                let taken = self.relay.take(
                    &ScopeId::Township,
                    &hostile.holder,
                    &hostile.certificate,
                    &Entry::Batch(batch).encode(),
                );
                return if taken.is_ok() { Err(Violation::Admitted("a record outside the role")) } else { Ok(()) };
            }
            7 => {
                // Another's batch as it stands in the log, as if it were the pusher's.
                let others = self.relay.entries(&hostile.scope);
                let mut batches = others.into_iter().filter(|bytes| {
                    matches!(Entry::decode(&hostile.scope, bytes), Ok(Entry::Batch(batch)) if batch.device != DEVICE)
                });
                match batches.next_back() {
                    Some(bytes) => ("another's batch again", bytes),
                    None => return Ok(()),
                }
            }
            _ => {
                let garbage = change(own, if content % 2 == 0 { "EVIL-1" } else { "D0-1" }, content)?;
                let bytes = Entry::Batch(hostile.batch(DEVICE, fresh, &hostile.roster, &[&garbage])).encode();
                let taken = self.relay.take(&hostile.scope, &hostile.holder, &hostile.certificate, &bytes);
                if taken.is_ok() {
                    self.hostile.document = copy;
                    self.hostile.number = fresh;
                    let grown = [self.hostile.scope.clone()].into();
                    self.tell_news(&grown);
                }
                return Ok(());
            }
        };
        match self.relay.take(&hostile.scope, &hostile.holder, &hostile.certificate, &entry) {
            Ok(_) => Err(Violation::Admitted(what)),
            Err(_) => Ok(()),
        }
    }
}
