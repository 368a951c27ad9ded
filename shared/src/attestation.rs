//! Whether an attested snapshot holds: every check that needs no log, the same on relay and phone.

use std::collections::BTreeSet;

use crate::access;
use crate::document::{Chains, Change};
use crate::id::{Actor, DeviceNumber};
use crate::identity::batch::EXPANDED_BYTES;
use crate::identity::{Holder, Snapshot};
use crate::wire::Refusal;

/// Checks a snapshot whose changes were opened, and returns each change's writer.
///
/// Every signature must be its device's own, every device must be allowed to write the document, and every change must
/// be vouched for. Whether certificates have expired is not asked: what was accepted in time stays true, and nobody
/// can say of what was lost when that was.
pub fn check<'a>(
    snapshot: &Snapshot,
    changes: &[Change],
    holder: impl Fn(DeviceNumber) -> Option<&'a Holder>,
) -> Result<Vec<Actor>, Refusal> {
    let address = &snapshot.address;
    let size: usize = changes.iter().map(|change| change.bytes().len()).sum();
    if size > EXPANDED_BYTES {
        return Err(Refusal::TooLarge);
    }
    if changes.is_empty() {
        return Err(Refusal::Envelope);
    }
    let mut devices = BTreeSet::new();
    for vouch in &snapshot.vouches {
        let holder = holder(vouch.device).ok_or(Refusal::Certificate)?;
        if !access::may_write(holder, &address.scope, address.document.kind()) {
            return Err(Refusal::MayNotWrite);
        }
        vouch.verify(address, &holder.key).map_err(|_| Refusal::Signature)?;
        devices.insert(vouch.device);
    }
    let writer = |change: &Change| change.actor().filter(|actor| devices.contains(&actor.device));
    let writers = changes.iter().map(writer).collect::<Option<Vec<Actor>>>().ok_or(Refusal::ForeignActor)?;
    let vouched = Chains::of(changes).vouched(&snapshot.vouches);
    if changes.iter().all(|change| vouched.contains(&change.hash())) { Ok(writers) } else { Err(Refusal::Signature) }
}
