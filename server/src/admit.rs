//! Every check that an entry passes before the log is asked, cheapest first (DESIGN section 3).

use shared::access;
use shared::document::Change;
use shared::id::{Actor, ScopeId};
use shared::identity::batch::{ChangeHash, EXPANDED_BYTES};
use shared::identity::{Batch, Certificate, Entry, Holder, Payload};
use shared::time::Instant;
use shared::wire::Refusal;

use crate::log::{Certified, Prepared, Step};

/// Checks an entry that the holder of a device pushes into a scope.
///
/// What needs the log comes after: the batch number, each change's place in its writer's row, and dependencies.
pub fn admit(holder: &Holder, scope: &ScopeId, bytes: &[u8], now: Instant) -> Result<Prepared, Refusal> {
    let entry = Entry::decode(scope, bytes).map_err(|error| match error {
        shared::cbor::DecodeError::TooLong => Refusal::TooLarge,
        _ => Refusal::Envelope,
    })?;
    // The holder's own certificate is known from the session; nobody brings another's.
    let Entry::Batch(batch) = entry else { return Err(Refusal::Envelope) };
    if now > holder.expires || batch.device != holder.device {
        return Err(Refusal::Certificate);
    }
    if !access::may_write(holder, scope, batch.address.document.kind()) {
        return Err(Refusal::MayNotWrite);
    }
    let changes = Change::open(&batch.payload).map_err(|error| match error {
        shared::cbor::DecodeError::TooLong => Refusal::TooLarge,
        _ => Refusal::Envelope,
    })?;
    if changes.is_empty() {
        return Err(Refusal::Envelope);
    }
    let mut size = 0;
    let mut steps = Vec::with_capacity(changes.len());
    for change in &changes {
        let actor = change.actor().filter(|actor| actor.device == holder.device).ok_or(Refusal::ForeignActor)?;
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
    Ok(Prepared { address, device, number, hash, bytes, steps })
}

/// Prepares a certificate to stand in a scope before the device's first batch.
pub fn certify(holder: &Holder, certificate: Certificate) -> Certified {
    let hash = Entry::certificate_hash(&certificate);
    Certified { device: holder.device, hash, bytes: Entry::Certificate(certificate).encode() }
}

fn step(change: &Change, actor: Actor) -> Step {
    Step { hash: change.hash(), actor: actor.to_bytes(), seq: change.seq(), dependencies: change.dependencies() }
}
