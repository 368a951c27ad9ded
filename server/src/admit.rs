//! Every check that an entry passes before the log is asked, cheapest first (DESIGN section 3).
//!
//! | What is pushed | Refusal | Test |
//! |---|---|---|
//! | a request, entry or payload beyond its limit, a decompression bomb | `TooLarge`, or the whole request with 413 | `what_is_too_large`, `a_request_beyond_the_limit_is_refused_whole` |
//! | a batch with which its document would hold more changes, or bytes of them, than it may | `TooLarge` | `a_document_has_an_end` |
//! | malformed CBOR or Automerge, a bomb inside a change, no change, a certificate | `Envelope` | `what_cannot_be_read`, `noise_is_refused_entry_by_entry` |
//! | a batch in another device's name, a certificate that has expired by the relay's clock or by the batch's own | `Certificate` | `who_is_not_let_in` |
//! | an invitation used twice | `InvitationUsed` for every scope, batches `Held` | `an_invitation_enrols_one_device`, `a_second_use_waits_for_the_office` |
//! | anything of a revoked device, or of one enrolled by it since | `Revoked` for every scope, batches `Held` | `a_revoked_device_is_given_nothing_after_a_restart_either` |
//! | a snapshot that adds to what a revoked device is known to have recorded | `Revoked` | `what_a_friend_brings_of_a_revoked_device_is_looked_at_change_by_change` |
//! | more of one device than is held | `QuarantineFull` | `what_is_held_has_an_end` |
//! | a decision by who may not, of what is not held, or forged | `MayNotWrite`, `NotHeld`, `Certificate` | `only_who_may_revokes` |
//! | another scope than the holder reads | `MayNotRead`, for the whole scope | `another_village_is_neither_read_nor_written` |
//! | a kind of document that the role may not write | `MayNotWrite` | `who_is_not_let_in`, `a_reader_does_not_write` |
//! | changes under another device's actor id | `ForeignActor` | `what_is_forged` |
//! | a batch moved, renumbered or changed after signing | `Signature` | `what_is_forged` |
//! | an entry, or a document of a kind, that only a later version has | `Version` | `what_is_of_a_later_version` |
//! | a gap, a second change at one place, a missing dependency, a number used for another batch | `Gap`, `Fork`, `MissingDependency`, `NumberReused` | `each_reason_by_name`, and the log's own |
//! | a batch again | none: it is answered with its place | `a_repeat_is_answered_with_its_place` |

use std::collections::{BTreeMap, BTreeSet};

use shared::access;
use shared::attestation;
use shared::cbor::DecodeError;
use shared::document::Change;
use shared::id::{Actor, DeviceNumber, DocumentKind, ScopeId};
use shared::identity::batch::{BATCH_CHANGES, ChangeHash, EXPANDED_BYTES};
use shared::identity::{Batch, Certificate, Entry, Holder, Payload, PublicKey, Snapshot};
use shared::time::Instant;
use shared::wire::Refusal;

use crate::log::{Certified, Prepared, Step};
use crate::quarantine;

/// Checks an entry that the holder of a device pushes into a scope of this authority's township.
///
/// What needs the log comes after: the batch number, each change's place in its writer's row, and dependencies.
pub fn admit(
    authority: &PublicKey,
    holder: &Holder,
    scope: &ScopeId,
    bytes: &[u8],
    now: Instant,
) -> Result<Prepared, Refusal> {
    admit_entry(authority, holder, read(scope, bytes)?, bytes, now)
}

/// Reads an entry.
pub fn read(scope: &ScopeId, bytes: &[u8]) -> Result<Entry, Refusal> {
    Entry::decode(scope, bytes).map_err(reason)
}

/// Checks an entry that was read from these bytes.
///
/// What only a later version understands is refused as such and not carried unread: who may write a kind, and on what
/// its documents begin, is what the relay enforces, and nobody could take back what it let in. The phone keeps the
/// batch and comes again. What a later relay on the same store placed is given out as it stands.
pub fn admit_entry(
    authority: &PublicKey,
    holder: &Holder,
    entry: Entry,
    bytes: &[u8],
    now: Instant,
) -> Result<Prepared, Refusal> {
    match entry {
        Entry::Batch(batch) => admit_batch(holder, batch, bytes, now),
        Entry::Snapshot(_) if now > holder.expires => Err(Refusal::Certificate),
        Entry::Snapshot(snapshot) => admit_snapshot(authority, snapshot),
        // The holder's own certificate is known from the session; another's comes with a snapshot.
        Entry::Certificate(_) | Entry::Act(_) => Err(Refusal::Envelope),
        Entry::Later(_) => Err(Refusal::Version),
    }
}

fn reason(error: DecodeError) -> Refusal {
    match error {
        DecodeError::TooLong => Refusal::TooLarge,
        _ => Refusal::Envelope,
    }
}

/// Checks what somebody brings of others' changes, who may be expired: what they signed in time stays true.
fn admit_snapshot(authority: &PublicKey, snapshot: Snapshot) -> Result<Prepared, Refusal> {
    let mut holders = BTreeMap::new();
    let mut before = Vec::with_capacity(snapshot.certificates.len());
    for certificate in &snapshot.certificates {
        let holder = certificate.holder(authority).map_err(|_| Refusal::Certificate)?;
        before.push(certify(&holder, certificate.clone()));
        // What was written under an earlier certificate comes with what was written since it was renewed.
        let may = access::may_write(&holder, &snapshot.address.scope, snapshot.address.document.kind());
        if may || !holders.contains_key(&holder.device) {
            holders.insert(holder.device, holder);
        }
    }
    let prepared = attest(snapshot, |device| holders.get(&device))?;
    Ok(Prepared { before, ..prepared })
}

/// Checks a snapshot whose writers are known, and prepares it without their certificates.
pub fn attest<'a>(
    snapshot: Snapshot,
    holder: impl Fn(DeviceNumber) -> Option<&'a Holder>,
) -> Result<Prepared, Refusal> {
    if snapshot.address.document.kind() == DocumentKind::Later {
        return Err(Refusal::Version);
    }
    let changes = Change::open(&snapshot.payload).map_err(reason)?;
    let writers = attestation::check(&snapshot, &changes, holder)?;
    let steps = changes.iter().zip(writers).map(|(change, writer)| step(change, writer)).collect();
    let hashes: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
    let hash = snapshot.hash(&hashes);
    let address = snapshot.address.clone();
    let device = snapshot.vouches.first().map(|vouch| vouch.device).ok_or(Refusal::Signature)?;
    let payload = Payload::pack(changes.iter().map(|change| change.bytes().to_vec()).collect());
    let kept = Snapshot { certificates: Vec::new(), payload, ..snapshot };
    let bytes = Entry::Snapshot(kept).encode();
    Ok(Prepared { address, device, number: 0, before: Vec::new(), hash, bytes, steps, past: BTreeSet::new() })
}

/// Checks a batch that the holder of a device pushes; `bytes` are the entry it was read from.
pub fn admit_batch(holder: &Holder, batch: Batch, bytes: &[u8], now: Instant) -> Result<Prepared, Refusal> {
    let scope = &batch.address.scope;
    if now > holder.expires || batch.device != holder.device {
        return Err(Refusal::Certificate);
    }
    if batch.address.document.kind() == DocumentKind::Later {
        return Err(Refusal::Version);
    }
    if !access::may_write(holder, scope, batch.address.document.kind()) {
        return Err(Refusal::MayNotWrite);
    }
    let changes = Change::open(&batch.payload).map_err(reason)?;
    if changes.is_empty() {
        return Err(Refusal::Envelope);
    }
    if changes.len() > BATCH_CHANGES {
        return Err(Refusal::TooLarge);
    }
    let mut size = 0;
    let mut steps = Vec::with_capacity(changes.len());
    for change in &changes {
        let actor = change.actor().filter(|actor| actor.device == holder.device).ok_or(Refusal::ForeignActor)?;
        if !access::is_in_force(holder, change.at()) {
            return Err(Refusal::Certificate);
        }
        steps.push(step(change, actor));
        size += change.bytes().len();
    }
    if size > EXPANDED_BYTES {
        return Err(Refusal::TooLarge);
    }
    let hashes: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
    batch.verify(&holder.key, &hashes).map_err(|_| Refusal::Signature)?;
    let hash = batch.hash(&hashes);
    let Batch { ref address, device, number, .. } = batch;
    let address = address.clone();
    let bytes = match &batch.payload {
        Payload::Raw(_) | Payload::Deflated(_) => bytes.to_vec(),
        // A bundle is for the wire: its format may change, and what is kept must be read for ever.
        Payload::Bundle(_) => {
            let payload = Payload::pack(changes.iter().map(|change| change.bytes().to_vec()).collect());
            Entry::Batch(Batch { payload, ..batch }).encode()
        }
    };
    Ok(Prepared { address, device, number, before: Vec::new(), hash, bytes, steps, past: BTreeSet::new() })
}

/// Prepares a certificate to stand in a scope before the device's first batch.
pub fn certify(holder: &Holder, certificate: Certificate) -> Certified {
    let (name, hash) = (certificate.name(), Entry::certificate_hash(&certificate));
    let revocations = quarantine::revocations(&certificate, holder.device);
    let bytes = Entry::Certificate(certificate).encode();
    Certified { device: holder.device, key: holder.key, name, hash, bytes, revocations }
}

fn step(change: &Change, actor: Actor) -> Step {
    let (hash, seq, bytes) = (change.hash(), change.seq(), change.bytes().len() as u64);
    Step { hash, actor: actor.to_bytes(), seq, bytes, dependencies: change.dependencies() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed, helpers included")]
mod tests {
    use shared::document::{Document, Entry as Put};
    use shared::id::{DeviceCode, DeviceNumber, PersonId, UnitCode};
    use shared::identity::batch::{ENTRY_BYTES, PAYLOAD_BYTES};
    use shared::identity::{DeviceKey, Role};

    use super::*;

    const SCOPE: &str = "village.420529202209";
    const ROSTER: &str = "village.420529202209/roster";
    const NOW: Instant = Instant(1000);

    fn key() -> DeviceKey {
        DeviceKey::from_seed([1; 32])
    }

    fn holder(role: Role) -> Holder {
        Holder {
            device: DeviceNumber(1),
            code: DeviceCode::new("SH1").unwrap(),
            person: PersonId::new("li").unwrap(),
            name: "李".to_owned(),
            roles: role.into(),
            villages: [UnitCode::new("420529202209").unwrap()].into(),
            may_enrol: false,
            expires: NOW,
            key: key().public(),
            renewal: 0,
        }
    }

    fn batch_of(actor: DeviceNumber) -> Batch {
        let address: shared::id::Address = ROSTER.parse().unwrap();
        let mut document = Document::genesis(address.document.kind()).unwrap();
        let fact = Put::Fact("SH1-1".parse().unwrap(), b"x".to_vec());
        let written = document.write(Actor { device: actor, session: 1 }, NOW, &[fact]).unwrap().unwrap();
        Batch::sign(&key(), address, DeviceNumber(1), 1, &[written.hash], Payload::Raw(vec![written.bytes]))
    }

    fn batch() -> Batch {
        batch_of(DeviceNumber(1))
    }

    fn bytes(batch: Batch) -> Vec<u8> {
        Entry::Batch(batch).encode()
    }

    fn with(payload: Payload) -> Vec<u8> {
        bytes(Batch { payload, ..batch() })
    }

    /// Pushes bytes as a scribe of the village.
    #[track_caller]
    fn check(bytes: &[u8], expected: Option<Refusal>) {
        let admitted = admit(&key().public(), &holder(Role::Scribe), &SCOPE.parse().unwrap(), bytes, NOW);
        assert_eq!(admitted.err(), expected);
    }

    #[test]
    fn what_is_signed_by_who_may_is_admitted() {
        check(&bytes(batch()), None);
    }

    #[test]
    fn what_is_too_large() {
        check(&vec![0x58; ENTRY_BYTES + 1], Some(Refusal::TooLarge));
        check(&with(Payload::Raw(vec![vec![0; ENTRY_BYTES]])), Some(Refusal::TooLarge));
        check(&with(Payload::Deflated(vec![0; PAYLOAD_BYTES + 1])), Some(Refusal::TooLarge));
        check(&with(Payload::pack(vec![vec![0; EXPANDED_BYTES]])), Some(Refusal::TooLarge));
    }

    #[test]
    fn what_cannot_be_read() {
        let good = batch();
        let mut compressed = Change::open(&good.payload).unwrap()[0].bytes().to_vec();
        compressed[8] = 2;
        let mut flipped = bytes(good);
        *flipped.last_mut().unwrap() ^= 1;
        let certificate = Entry::Certificate(Certificate::default()).encode();
        let none = bytes(Batch::sign(&key(), ROSTER.parse().unwrap(), DeviceNumber(1), 1, &[], Payload::Raw(vec![])));
        let payloads = [
            Payload::Raw(vec![vec![7; 40]]),
            Payload::Raw(vec![compressed]),
            Payload::Deflated(vec![7; 40]),
            Payload::Bundle(vec![7; 40]),
        ];
        for bad in [vec![], vec![0xff; 40], flipped, certificate, none].into_iter().chain(payloads.map(with)) {
            check(&bad, Some(Refusal::Envelope));
        }
    }

    #[test]
    fn who_is_not_let_in() {
        let scope = SCOPE.parse().unwrap();
        let of = |role, now| admit(&key().public(), &holder(role), &scope, &bytes(batch()), now).err();
        assert_eq!(of(Role::Scribe, NOW), None, "the last moment counts");
        assert_eq!(of(Role::Scribe, Instant(NOW.0 + 1)), Some(Refusal::Certificate));
        let written = Instant(NOW.0 + 2 * access::CLOCK_MILLIS);
        let address: shared::id::Address = ROSTER.parse().unwrap();
        let mut document = Document::genesis(address.document.kind()).unwrap();
        let fact = Put::Fact("SH1-1".parse().unwrap(), b"x".to_vec());
        let actor = Actor { device: DeviceNumber(1), session: 1 };
        let late = document.write(actor, written, &[fact]).unwrap().unwrap();
        let late = Batch::sign(&key(), address, DeviceNumber(1), 1, &[late.hash], Payload::Raw(vec![late.bytes]));
        check(&bytes(late), Some(Refusal::Certificate));
        assert_eq!(of(Role::Auditor, NOW), Some(Refusal::MayNotWrite));
        assert_eq!(of(Role::Teller, NOW), Some(Refusal::MayNotWrite), "a teller writes meetings, not rosters");
        check(&bytes(Batch { device: DeviceNumber(2), ..batch() }), Some(Refusal::Certificate));
    }

    #[test]
    fn what_is_of_a_later_version() {
        let document: shared::id::Address = "village.420529202209/comets-2031-4".parse().unwrap();
        check(&bytes(Batch { address: document.clone(), ..batch() }), Some(Refusal::Version));
        let snapshot = Snapshot {
            address: document,
            certificates: Vec::new(),
            vouches: Vec::new(),
            payload: Payload::Raw(vec![vec![7; 40]]),
        };
        check(&Entry::Snapshot(snapshot).encode(), Some(Refusal::Version));
        let entry = shared::identity::LaterEntry { kind: 7, body: b"unread".to_vec() };
        check(&Entry::Later(entry).encode(), Some(Refusal::Version));
    }

    #[test]
    fn what_is_forged() {
        check(&bytes(batch_of(DeviceNumber(2))), Some(Refusal::ForeignActor));
        check(&bytes(Batch { number: 2, ..batch() }), Some(Refusal::Signature));
        let address = "village.420529202209/meeting-2026-11-23-1".parse().unwrap();
        check(&bytes(Batch { address, ..batch() }), Some(Refusal::Signature));
    }
}
