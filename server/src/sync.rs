//! One sync: keep what is pushed, then give what is lacked, a page at most.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use shared::access;
use shared::id::{Address, DocumentId, ScopeId};
use shared::identity::{Act, Certificate, Entry, HeldFor, PublicKey, Receipt};
use shared::wire::{
    Answered, HOLDINGS_BYTES, Holdings, PAGE_BYTES, REFUSALS, Refusal, ScopeAnswer, ScopeRefusal, ScopeRequest,
    SyncRequest, SyncResponse, WireError,
};

use crate::admit;
use crate::answer;
use crate::door::guard::Message;
use crate::error::LogError;
use crate::log::page;
use crate::log::{Certified, Prepared, Push, Unplaced};
use crate::quarantine;
use crate::relay::{Relay, now};
use crate::session::Session;
use crate::stretch::Made;

/// The most batch numbers a live connection remembers as its own; beyond, it gets them back with their content.
const OWN_NUMBERS: usize = 4096;

/// What a scope takes of an answer beside its entries, at most, in bytes: its name, the position, a receipt.
const HEAD_BYTES: usize = 128;
/// What a scope takes that brings nothing, at most, in bytes.
const QUIET_BYTES: usize = 32;

/// The bytes after which no further document is compared, so that one of the largest kind fits an answer after them.
const COMPARED_BYTES: usize = HOLDINGS_BYTES / 4;

/// The largest push, in bytes, that is checked where it arrives: the few entries of a moment, which take less time than
/// to hand them to another thread and back. Even inflated to the utmost they take some milliseconds.
const CHECKED_AT_ONCE: usize = 2048;

/// Where a phone stands in a scope's log.
#[derive(Clone, Debug)]
pub struct Cursor {
    /// The scope.
    pub scope: ScopeId,
    /// The epoch of the position.
    pub epoch: u32,
    /// The position up to which the phone has the log.
    pub position: u64,
    /// Whether stretches may stand for entries.
    pub stretches: bool,
}

impl Cursor {
    fn of(asked: &ScopeRequest) -> Self {
        let ScopeRequest { scope, epoch, cursor, stretches, .. } = asked;
        Self { scope: scope.clone(), epoch: *epoch, position: *cursor, stretches: *stretches }
    }
}

/// `POST /sync`: a phone, whenever it has something to push or wants to know.
pub async fn sync(
    State(relay): State<Arc<Relay>>,
    Extension(session): Extension<Arc<Session>>,
    Message(body): Message,
) -> Response {
    let request = match SyncRequest::decode(&body) {
        Ok(request) => request,
        Err(WireError::Version(_)) => return answer::refusal(Refusal::Version),
        Err(WireError::Decode(_)) => return answer::refusal(Refusal::Envelope),
    };
    match carry_out(&relay, &session, request, &mut BTreeSet::new()).await {
        Ok(response) => answer::message(response.encode()),
        Err(error) => {
            tracing::error!(%error, "a sync failed");
            answer::refusal(Refusal::Unavailable)
        }
    }
}

/// Carries out one request; `own` holds the numbers of batches that the asking connection has pushed itself.
pub async fn carry_out(
    relay: &Relay,
    session: &Arc<Session>,
    request: SyncRequest,
    own: &mut BTreeSet<u32>,
) -> Result<SyncResponse, LogError> {
    let since = Instant::now();
    relay.keep_up().await?;
    let mut refusals = Vec::new();
    if let Some(reason) = session.barred {
        let mut answer = quarantine::answer(relay, session, reason, request).await?;
        count(relay, &answer.refusals);
        answer.refusals.truncate(REFUSALS);
        return Ok(answer);
    }
    let (scopes, unreadable): (Vec<_>, Vec<_>) =
        request.scopes.into_iter().partition(|asked| access::may_read(&session.holder, &asked.scope));
    refusals.extend(unreadable.into_iter().map(|asked| ScopeRefusal {
        scope: asked.scope,
        entry: None,
        reason: Refusal::MayNotRead,
    }));
    let current = relay.epoch.number();
    if scopes.iter().any(|asked| asked.epoch != 0 && asked.epoch != current) {
        relay.learn_epoch().await?;
    }
    for asked in &scopes {
        if let Some((digest, signature)) = asked.proof {
            let ScopeRequest { ref scope, epoch, cursor: position, .. } = *asked;
            relay.doubt(&Receipt { scope: scope.clone(), epoch, position, digest }, &signature).await?;
        }
    }
    let cursors: Vec<Cursor> = scopes.iter().map(Cursor::of).collect();
    let compared: Vec<(ScopeId, Vec<DocumentId>)> =
        scopes.iter().map(|asked| (asked.scope.clone(), asked.compare.clone())).collect();
    if scopes.iter().any(|asked| !asked.push.is_empty()) {
        keep(relay, session, scopes, own, &mut refusals).await?;
    }
    count(relay, &refusals);
    refusals.truncate(REFUSALS);
    let mut scopes = give(relay, session, &cursors, own).await?;
    compare(relay, compared, &mut scopes).await?;
    relay.metrics.sync.observe(since.elapsed().as_secs_f64());
    Ok(SyncResponse { scopes, refusals })
}

fn count(relay: &Relay, refusals: &[ScopeRefusal]) {
    refusals.iter().for_each(|refused| {
        relay.metrics.refused.get_or_create(&refused.reason.into()).inc();
    });
}

/// Checks and keeps what is pushed.
async fn keep(
    relay: &Relay,
    session: &Arc<Session>,
    scopes: Vec<ScopeRequest>,
    own: &mut BTreeSet<u32>,
    refusals: &mut Vec<ScopeRefusal>,
) -> Result<(), LogError> {
    let size: usize = scopes.iter().flat_map(|asked| &asked.push).map(Vec::len).sum();
    // Without an authority there are no sessions, and without a session nobody gets here.
    let authority = relay.authority().ok_or(LogError::NotKept)?;
    let Checked { places, mut batches, said, refusals: refused } = if size <= CHECKED_AT_ONCE {
        check(&authority, session, &scopes)
    } else {
        let pusher = session.clone();
        // Signatures and inflating take the processor, not the network: they go where nothing waits behind them.
        let checked = tokio::task::spawn_blocking(move || check(&authority, &pusher, &scopes)).await;
        checked.map_err(|_| LogError::NotKept)?
    };
    refusals.extend(refused);
    for (scope, entry, said) in said {
        let placed = match said {
            Said::Act(act) => quarantine::decide(relay, &session.holder, &scope, act).await?,
            Said::Enrolled(certificate) => quarantine::enter(relay, &scope, certificate).await?,
        };
        if let Err(reason) = placed {
            refusals.push(ScopeRefusal { scope, entry: Some(entry), reason });
        }
    }
    if batches.is_empty() {
        return Ok(());
    }
    for Certified { device, key, .. } in batches.iter().flat_map(|batch| &batch.before) {
        // A device of which only others speak has its number from here on, as if it had come itself.
        if !relay.log.enrol(*device, *key).await? {
            let used = places.into_iter().map(|(scope, entry)| {
                let (entry, reason) = (Some(entry), Refusal::InvitationUsed);
                ScopeRefusal { scope, entry, reason }
            });
            refusals.extend(used);
            return Ok(());
        }
    }
    for batch in batches.iter_mut().filter(|batch| batch.number == 0) {
        batch.past = quarantine::past(relay, batch).await?;
    }
    let numbers: Vec<u32> = batches.iter().map(|batch| batch.number).collect();
    let since = Instant::now();
    let placed = relay.log.push(Push { certificate: session.certificate.clone(), batches, acts: Vec::new() }).await?;
    relay.metrics.commit.observe(since.elapsed().as_secs_f64());
    relay.metrics.admitted.inc_by(placed.iter().filter(|placed| placed.is_ok()).count() as u64);
    for ((placed, number), (scope, entry)) in placed.into_iter().zip(numbers).zip(places) {
        match placed {
            Ok(()) if number > 0 && own.len() < OWN_NUMBERS => drop(own.insert(number)),
            Ok(()) => {}
            Err(unplaced) => {
                let reason = match unplaced {
                    Unplaced::Refused(reason) => reason,
                    Unplaced::Revoked(batch) => {
                        quarantine::hold(relay, &session.chain, *batch, HeldFor::Revoked).await?
                    }
                };
                refusals.push(ScopeRefusal { scope, entry: Some(entry), reason });
            }
        }
    }
    let device = session.holder.device;
    refusals.iter().for_each(|refused| {
        tracing::warn!(%device, scope = %refused.scope, reason = ?refused.reason, "a push was refused");
    });
    Ok(())
}

/// What was pushed, sorted; each with its scope and the place where it stood in the request.
#[derive(Default)]
struct Checked {
    places: Vec<(ScopeId, u32)>,
    batches: Vec<Prepared>,
    said: Vec<(ScopeId, u32, Said)>,
    refusals: Vec<ScopeRefusal>,
}

/// Something about devices, which whoever pushed it need not have said.
enum Said {
    /// A decision.
    Act(Act),
    /// Somebody's certificate.
    Enrolled(Certificate),
}

/// Checks every entry by itself and remembers where it stood in the request.
fn check(authority: &PublicKey, session: &Session, scopes: &[ScopeRequest]) -> Checked {
    let mut checked = Checked::default();
    let now = now();
    for ScopeRequest { scope, push, .. } in scopes {
        for (entry, bytes) in (0..).zip(push) {
            let admitted = match admit::read(scope, bytes) {
                Ok(Entry::Act(act)) => {
                    checked.said.push((scope.clone(), entry, Said::Act(act)));
                    continue;
                }
                Ok(Entry::Certificate(certificate)) => {
                    checked.said.push((scope.clone(), entry, Said::Enrolled(certificate)));
                    continue;
                }
                Ok(read) => admit::admit_entry(authority, &session.holder, read, bytes, now),
                Err(reason) => Err(reason),
            };
            match admitted {
                Ok(prepared) => {
                    checked.places.push((scope.clone(), entry));
                    checked.batches.push(prepared);
                }
                Err(reason) => checked.refusals.push(ScopeRefusal { scope: scope.clone(), entry: Some(entry), reason }),
            }
        }
    }
    checked
}

/// Returns what is lacked after these cursors; one page over all scopes.
pub async fn give(
    relay: &Relay,
    session: &Session,
    cursors: &[Cursor],
    own: &mut BTreeSet<u32>,
) -> Result<Vec<ScopeAnswer>, LogError> {
    let mut room = PAGE_BYTES;
    let mut empty = true;
    let current = relay.epoch.number();
    let mut answers = Vec::with_capacity(cursors.len());
    for Cursor { scope, epoch, position: cursor, stretches } in cursors {
        let head = relay.log.head(scope, *cursor).await?;
        // A cursor of another epoch, or beyond the log, belongs to a log that was lost: the phone begins again.
        let from = if *epoch == current && *cursor <= head.position { *cursor } else { 0 };
        if (*stretches || from < *cursor) && empty && from < head.position {
            let made = relay.stretches.make(&relay.log, scope, from).await?;
            if let Some(Made { to, digest, entries }) = made {
                let receipt = Receipt { scope: scope.clone(), epoch: current, position: to, digest };
                let (signature, until) = (Some(relay.receipt(receipt)), Some((to, digest)));
                room = room.saturating_sub(entries.iter().map(Vec::len).sum());
                empty = false;
                let entries = entries.into_iter().map(Answered::Theirs).collect();
                let nothing = ScopeAnswer::nothing(scope.clone(), current, from);
                answers.push(ScopeAnswer { entries, more: to < head.position, signature, until, ..nothing });
                continue;
            }
        }
        room = room.saturating_sub(HEAD_BYTES);
        let mine = |device, number| device == session.holder.device && number > 0 && own.contains(&number);
        let kept =
            if from < head.position { relay.log.page(scope, from, room, empty, mine).await? } else { Vec::new() };
        let to = from + kept.len() as u64;
        let signature = kept.last().map(|last| {
            relay.receipt(Receipt { scope: scope.clone(), epoch: current, position: to, digest: last.digest })
        });
        let mut entries = Vec::with_capacity(kept.len());
        for entry in kept {
            empty = false;
            if entry.device == session.holder.device && entry.number > 0 && own.remove(&entry.number) {
                entries.push(Answered::Own(entry.number));
            } else {
                room = room.saturating_sub(page::taken(entry.bytes.len()));
                entries.push(Answered::Theirs(entry.bytes));
            }
        }
        if entries.is_empty() {
            room += HEAD_BYTES - QUIET_BYTES;
        }
        let more = to < head.position;
        let nothing = ScopeAnswer::nothing(scope.clone(), current, from);
        let is_quiet = from > 0 && entries.is_empty() && from == head.position;
        let check = head.digest.0.first_chunk().copied().filter(|_| is_quiet);
        answers.push(ScopeAnswer { entries, more, signature, check, ..nothing });
    }
    Ok(answers)
}

/// Says of the documents asked about how much of each writer the log holds, as many as fit.
async fn compare(
    relay: &Relay,
    asked: Vec<(ScopeId, Vec<DocumentId>)>,
    answers: &mut [ScopeAnswer],
) -> Result<(), LogError> {
    let mut size = 0;
    for (scope, documents) in asked {
        let Some(answer) = answers.iter_mut().find(|answer| answer.scope == scope) else { continue };
        for document in documents {
            if size > COMPARED_BYTES {
                return Ok(());
            }
            let address = Address { scope: scope.clone(), document: document.clone() };
            let holdings = Holdings { document, writers: relay.log.writers(&address).await? };
            size += holdings.size();
            answer.holdings.push(holdings);
        }
    }
    Ok(())
}
