//! What the relay may not place: batches of revoked devices and of a second use of an invitation, kept for a person.
//!
//! A held batch is an entry of the office's log, so that it is durable, receipted and read by the office alone. Whoever
//! pushed it is told that it waits; it counts once the office's signed verdict has placed it in its own log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shared::access;
use shared::attestation;
use shared::id::{Actor, DeviceNumber, ScopeId};
use shared::identity::act::HELD_BYTES;
use shared::identity::batch::{ChangeHash, ENTRY_BYTES, PAYLOAD_BYTES};
use shared::identity::{Act, Certificate, Digest, Entry, Held, HeldFor, Holder, PublicKey, Revocation, Verdict};
use shared::time::Instant;
use shared::wire::{Refusal, ScopeRefusal, ScopeRequest, SyncRequest, SyncResponse};

use crate::admit;
use crate::error::LogError;
use crate::log::{Prepared, PreparedAct, Step};
use crate::relay::{Relay, now};
use crate::session::Session;

/// The most batches held of one device: a season of an honest phone, and no more work for the office than a morning.
pub const HELD_BATCHES: u64 = 256;
/// The most bytes held of one device: a batch of the largest kind and a season of small ones. Every device of the
/// office carries them.
pub const HELD_DEVICE_BYTES: u64 = 2 * PAYLOAD_BYTES as u64;
/// The largest log of the office for which anything more is held: what a cheap phone of the office still takes in.
pub const HELD_ALL_BYTES: u64 = 64 * ENTRY_BYTES as u64;

/// Answers a device that is given nothing: every scope is refused by name, every batch kept for a decision.
pub async fn answer(
    relay: &Relay,
    session: &Arc<Session>,
    reason: HeldFor,
    request: SyncRequest,
) -> Result<SyncResponse, LogError> {
    let mut refusals = Vec::new();
    for ScopeRequest { scope, push, .. } in request.scopes {
        refusals.push(ScopeRefusal { scope: scope.clone(), entry: None, reason: refusal(reason) });
        for (entry, bytes) in (0..).zip(&push) {
            // Of others it brings nothing, and decides nothing.
            let admitted = match admit::read(&scope, bytes) {
                Ok(Entry::Batch(batch)) => admit::admit_batch(&session.holder, batch, bytes, now()),
                Ok(_) => Err(refusal(reason)),
                Err(refused) => Err(refused),
            };
            let reason = match admitted {
                Ok(batch) => hold(relay, &session.chain, batch, reason).await?,
                Err(refused) => refused,
            };
            refusals.push(ScopeRefusal { scope: scope.clone(), entry: Some(entry), reason });
        }
    }
    Ok(SyncResponse { refusals, ..SyncResponse::default() })
}

/// Keeps a batch for a decision, unless there was one, and tells how it stands.
pub async fn hold(
    relay: &Relay,
    certificate: &Certificate,
    batch: Prepared,
    reason: HeldFor,
) -> Result<Refusal, LogError> {
    hold_since(relay, certificate, batch, reason, now()).await
}

async fn hold_since(
    relay: &Relay,
    certificate: &Certificate,
    batch: Prepared,
    reason: HeldFor,
    arrived: Instant,
) -> Result<Refusal, LogError> {
    let Prepared { address, device, hash, bytes, .. } = batch;
    // One at a time, so that the limits hold however many requests come at once.
    let _alone = relay.holding.lock().await;
    if relay.log.named(&address.scope, &Verdict::name(&hash, true)).await?.is_some() {
        return Ok(Refusal::Accepted);
    }
    if relay.log.named(&ScopeId::Office, &Verdict::name(&hash, false)).await?.is_some() {
        return Ok(Refusal::Rejected);
    }
    let name = Held::name(&address.scope, &hash);
    if relay.log.named(&ScopeId::Office, &name).await?.is_some() {
        return Ok(Refusal::Held);
    }
    let (size, weight) = (bytes.len() as u64, relay.log.weight(&ScopeId::Office, device).await?);
    let fits = bytes.len() <= HELD_BYTES
        && weight.batches < HELD_BATCHES
        && weight.bytes + size <= HELD_DEVICE_BYTES
        && weight.of_all + size <= HELD_ALL_BYTES;
    if !fits {
        return Ok(Refusal::QuarantineFull);
    }
    let held = Held { scope: address.scope, reason, arrived, certificate: certificate.clone(), entry: bytes };
    let act = prepared(ScopeId::Office, device, name, Act::Held(Box::new(held)));
    match relay.log.act(act).await? {
        Ok(()) => {
            tracing::warn!(%device, ?reason, "a batch is held for the office");
            Ok(Refusal::Held)
        }
        Err(refused) => Ok(refused),
    }
}

/// Keeps a decision that somebody signed who may, whoever brings it.
pub async fn decide(relay: &Relay, by: &Holder, scope: &ScopeId, act: Act) -> Result<Result<(), Refusal>, LogError> {
    let Some(authority) = relay.authority() else { return Ok(Err(Refusal::NotFounded)) };
    // What was signed in time stays true when the office brings it to a relay that had lost it.
    let at = if access::may_judge(Some(by)) { Instant(0) } else { now() };
    let checked = match act {
        Act::Revocation(act) => {
            let earlier = revocation(relay, scope, &Revocation::name(act.device)).await?;
            let is_more = earlier.is_some_and(|earlier| act.follows(&earlier));
            check_revocation(&authority, scope, *act, at, is_more)
        }
        Act::Verdict(verdict) => match check_verdict(&authority, scope, &verdict, at) {
            Ok(signers) => accept(relay, &authority, *verdict, signers).await?,
            Err(refused) => Err(refused),
        },
        Act::Held(held) if *scope == ScopeId::Office => return hold_again(relay, &authority, by, *held).await,
        Act::Held(_) => Err(Refusal::Envelope),
    };
    let (act, ended) = match checked {
        Ok(checked) => checked,
        Err(refused) => return Ok(Err(refused)),
    };
    let placed = relay.log.act(act).await?;
    if let (Ok(()), Some(device)) = (placed, ended) {
        relay.sessions.end(device);
        tracing::warn!(%device, "a device was revoked");
    }
    Ok(placed)
}

/// Holds again what the office knows to have been held, where the log shows why.
///
/// Only the relay says what it holds; the office brings it back to one that lost its log, with its decisions behind it.
async fn hold_again(
    relay: &Relay,
    authority: &PublicKey,
    by: &Holder,
    held: Held,
) -> Result<Result<(), Refusal>, LogError> {
    let Held { scope, reason, arrived, certificate, entry } = held;
    if !access::may_judge(Some(by)) {
        return Ok(Err(Refusal::MayNotWrite));
    }
    let Ok(holder) = certificate.holder(authority) else { return Ok(Err(Refusal::Certificate)) };
    let is_so = match reason {
        HeldFor::InvitationUsed => relay.log.bound(holder.device).await?.is_some_and(|key| key != holder.key),
        HeldFor::Revoked => {
            let mut stands = false;
            for name in revocations(&certificate, holder.device) {
                for at in [&scope, &ScopeId::Township] {
                    stands |= relay.log.named(at, &name).await?.is_some();
                }
            }
            stands
        }
    };
    if !is_so {
        return Ok(Err(Refusal::Envelope));
    }
    let batch = match admit::read(&scope, &entry) {
        Ok(Entry::Batch(batch)) => admit::admit_batch(&holder, batch, &entry, arrived.min(holder.expires)),
        Ok(_) => Err(Refusal::Envelope),
        Err(refused) => Err(refused),
    };
    match batch {
        Ok(batch) => Ok(match hold_since(relay, &certificate, batch, reason, arrived).await? {
            Refusal::Held | Refusal::Accepted | Refusal::Rejected => Ok(()),
            refused => Err(refused),
        }),
        Err(refused) => Ok(Err(refused)),
    }
}

/// Returns the changes in a snapshot that revoked devices made when they were revoked already, as far as the log tells.
///
/// Where a revocation is placed at this very moment every phone refuses by the log's order what is let through here.
pub async fn past(relay: &Relay, batch: &Prepared) -> Result<BTreeSet<ChangeHash>, LogError> {
    let Ok(Entry::Snapshot(snapshot)) = Entry::decode(&batch.address.scope, &batch.bytes) else {
        return Ok(BTreeSet::new());
    };
    let scope = &batch.address.scope;
    let mut known: BTreeMap<DeviceNumber, Vec<ChangeHash>> = BTreeMap::new();
    for device in snapshot.vouches.iter().map(|vouch| vouch.device).collect::<BTreeSet<_>>() {
        for at in [scope, &ScopeId::Township] {
            for name in [Revocation::name(device), Revocation::name_of_more(device)] {
                if let Some(act) = revocation(relay, at, &name).await? {
                    known.entry(device).or_default().extend(act.known.heads);
                }
            }
        }
    }
    for vouch in &snapshot.vouches {
        let Some(heads) = known.get_mut(&vouch.device) else { continue };
        if relay.log.named(scope, &Verdict::name(&vouch.hash(&snapshot.address), true)).await?.is_some() {
            heads.extend(&vouch.hashes);
        }
    }
    let device = |step: &Step| Actor::from_bytes(&step.actor).map(|actor| actor.device);
    let steps = batch.steps.iter().filter_map(|step| Some((step.hash, device(step)?, step.dependencies.clone())));
    Ok(attestation::past(steps, &known))
}

/// Returns the revocation that stands under a name.
async fn revocation(relay: &Relay, scope: &ScopeId, name: &Digest) -> Result<Option<Revocation>, LogError> {
    let found = relay.log.named(scope, name).await?;
    Ok(match found.and_then(|bytes| Entry::decode(scope, &bytes).ok()) {
        Some(Entry::Act(Act::Revocation(act))) => Some(*act),
        _ => None,
    })
}

/// Enters a device that somebody else brings, as a relay that lost its log lacks those who have not come back.
///
/// It costs its giver's signature, and what stands already is not entered again.
pub async fn enter(relay: &Relay, scope: &ScopeId, certificate: Certificate) -> Result<Result<(), Refusal>, LogError> {
    let Some(authority) = relay.authority() else { return Ok(Err(Refusal::NotFounded)) };
    if *scope != ScopeId::Township {
        return Ok(Err(Refusal::Envelope));
    }
    let Ok(holder) = certificate.holder(&authority) else { return Ok(Err(Refusal::Certificate)) };
    let certified = admit::certify(&holder, certificate);
    if relay.log.named(scope, &certified.name).await?.is_some() {
        return Ok(Ok(()));
    }
    if !relay.log.enrol(holder.device, holder.key).await? {
        return Ok(Err(Refusal::InvitationUsed));
    }
    relay.log.act(certified.alone(ScopeId::Township)).await
}

/// Prepares an act that stood in a log to be laid again; with an acceptance comes who made the batch behind it.
///
/// Of a device that was revoked before in that log a revocation is the later word.
pub fn again(
    authority: &PublicKey,
    scope: &ScopeId,
    act: Act,
    revoked: impl FnOnce(DeviceNumber) -> bool,
) -> Result<(PreparedAct, Option<Holder>), Refusal> {
    let (device, name, holder) = match &act {
        Act::Revocation(act) if revoked(act.device) => (act.device, Revocation::name_of_more(act.device), None),
        Act::Revocation(act) => (act.device, Revocation::name(act.device), None),
        Act::Verdict(act) => {
            let holder = act.holder(authority).map_err(|_| Refusal::Certificate)?;
            (act.device, Verdict::name(&act.batch, act.accepts), act.accepts.then_some(holder))
        }
        Act::Held(held) => {
            let holder = held.certificate.holder(authority).map_err(|_| Refusal::Certificate)?;
            let batch = admit::admit(authority, &holder, &held.scope, &held.entry, Instant(0))?;
            (holder.device, Held::name(&held.scope, &batch.hash), None)
        }
    };
    Ok((prepared(scope.clone(), device, name, act), holder))
}

/// Tells whether a device that proved its certificate is to be given nothing.
///
/// One that rests on a revoked device goes on where the relay knew it before; afterwards nobody is let in by it.
pub async fn barred(relay: &Relay, certificate: &Certificate, holder: &Holder) -> Result<Option<HeldFor>, LogError> {
    let scopes = || [ScopeId::Township].into_iter().chain(holder.villages.iter().cloned().map(ScopeId::Village));
    for scope in scopes() {
        if relay.log.named(&scope, &Revocation::name(holder.device)).await?.is_some() {
            return Ok(Some(HeldFor::Revoked));
        }
    }
    match relay.log.bound(holder.device).await? {
        Some(key) if key == holder.key => return Ok(None),
        Some(_) => return Ok(Some(HeldFor::InvitationUsed)),
        None => {}
    }
    for giver in certificate.givers() {
        for scope in scopes() {
            if relay.log.named(&scope, &Revocation::name(giver)).await?.is_some() {
                return Ok(Some(HeldFor::Revoked));
            }
        }
    }
    Ok(None)
}

/// Returns the names under which a revocation of a device would stand, then of those that its enrolment rests on.
pub fn revocations(certificate: &Certificate, device: DeviceNumber) -> Vec<Digest> {
    [device].into_iter().chain(certificate.givers()).map(Revocation::name).collect()
}

/// Returns the name under which a device that is given nothing is told so.
pub fn refusal(reason: HeldFor) -> Refusal {
    match reason {
        HeldFor::Revoked => Refusal::Revoked,
        HeldFor::InvitationUsed => Refusal::InvitationUsed,
    }
}

/// What is ordered, and whose session ends with it.
type Checked = Result<(PreparedAct, Option<DeviceNumber>), Refusal>;

fn check_revocation(authority: &PublicKey, scope: &ScopeId, act: Revocation, at: Instant, is_more: bool) -> Checked {
    let by = act.verify(authority).map_err(|_| Refusal::Certificate)?;
    let of = act.holder(authority).map_err(|_| Refusal::Certificate)?;
    is_in_force(by.as_ref(), at)?;
    let stands = matches!(scope, ScopeId::Township | ScopeId::Village(_));
    // A village's word about its own device does not reach beyond the village.
    let office = by.as_ref().is_none_or(|by| by.roles.contains(shared::identity::Role::TownshipOffice));
    if !stands || !access::may_revoke(by.as_ref(), of.as_ref()) || (!office && *scope == ScopeId::Township) {
        return Err(Refusal::MayNotWrite);
    }
    let (device, signers) = (act.device, signers(&act.by));
    let name = if is_more { Revocation::name_of_more(device) } else { Revocation::name(device) };
    let act = prepared(scope.clone(), device, name, Act::Revocation(Box::new(act)));
    Ok((PreparedAct { revocations: signers, ..act }, Some(device)))
}

fn check_verdict(authority: &PublicKey, scope: &ScopeId, act: &Verdict, at: Instant) -> Result<Vec<Digest>, Refusal> {
    let by = act.verify(authority).map_err(|_| Refusal::Certificate)?;
    is_in_force(by.as_ref(), at)?;
    if !access::may_judge(by.as_ref()) || act.stands_in() != scope {
        return Err(Refusal::MayNotWrite);
    }
    Ok(signers(&act.by))
}

/// Prepares a verdict, and with an acceptance the batch that was held.
async fn accept(
    relay: &Relay,
    authority: &PublicKey,
    verdict: Verdict,
    signers: Vec<Digest>,
) -> Result<Checked, LogError> {
    let held = relay.log.named(&ScopeId::Office, &Held::name(&verdict.scope, &verdict.batch)).await?;
    let Some(Entry::Act(Act::Held(held))) = held.and_then(|bytes| Entry::decode(&ScopeId::Office, &bytes).ok()) else {
        return Ok(Err(Refusal::NotHeld));
    };
    let name = Verdict::name(&verdict.batch, verdict.accepts);
    let (scope, device, accepts, hash) = (verdict.stands_in().clone(), verdict.device, verdict.accepts, verdict.batch);
    let act = prepared(scope, device, name, Act::Verdict(Box::new(verdict)));
    let act = PreparedAct { revocations: signers, ..act };
    if !accepts {
        return Ok(Ok((act, None)));
    }
    let batch = held.certificate.holder(authority).map_err(|_| Refusal::Certificate).and_then(|holder| {
        // What the office accepts was in time when it came.
        let batch = admit::admit(authority, &holder, &held.scope, &held.entry, held.arrived.min(holder.expires))?;
        // A second use has no place of its own: its verdict names the key.
        let certificate = (held.reason == HeldFor::Revoked).then(|| admit::certify(&holder, held.certificate.clone()));
        Ok((certificate, batch))
    });
    Ok(batch.and_then(|(certificate, batch)| match batch.hash == hash {
        true => Ok((PreparedAct { batch: Some((certificate, batch)), ..act }, None)),
        false => Err(Refusal::NotHeld),
    }))
}

fn is_in_force(by: Option<&Holder>, at: Instant) -> Result<(), Refusal> {
    if by.is_some_and(|by| at > by.expires) { Err(Refusal::Certificate) } else { Ok(()) }
}

fn signers(by: &Certificate) -> Vec<Digest> {
    by.claimed().map(|grant| revocations(by, grant.device)).unwrap_or_default()
}

fn prepared(scope: ScopeId, device: DeviceNumber, name: Digest, act: Act) -> PreparedAct {
    let (hash, bytes) = (act.hash(), Entry::Act(act).encode());
    PreparedAct { scope, device, name, hash, bytes, revocations: Vec::new(), batch: None }
}
