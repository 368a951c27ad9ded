//! What is said to the relay and what is made of its answers.

use rand_core::RngCore;

use super::boundary::{Effect, RequestId};
use super::cursor::{Page, read_page};
use super::enrolment::{IDENTITY_KEY, Identity};
use super::link::{Pushed, Question, Sent};
use super::outbox::Header;
use super::queue::Pending;
use super::status::RelayTrouble;
use super::{After, Replica};
use crate::access;
use crate::cbor::{Reader, Writer};
use crate::id::ScopeId;
use crate::identity::{Entry, PublicKey};
use crate::time::Instant;
use crate::wire::{
    FOUND_PATH, FoundResponse, PUSH_ENTRIES, REQUEST_BYTES, Refusal, SESSION_PATH, ScopeAnswer, ScopeRefusal,
    ScopeRequest, SessionRequest, SessionResponse, SyncRequest, SyncResponse, WireError,
};

/// The key of the row that holds the relay's key and epoch.
pub(super) const RELAY_KEY: &str = "relay";
/// The room left in a request for scopes and cursors, in bytes.
const REQUEST_MARGIN: usize = 8 * 1024;
/// The most acts pushed for one scope in one request; an office decides one at a time.
const ACT_ENTRIES: usize = 32;
/// The most entries of a later version pushed again for one scope in one request; the next one takes more.
const LATER_ENTRIES: usize = 32;

impl Replica {
    /// Asks the relay the next question, if one is due.
    pub(super) fn converse(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        if !self.link.is_due(now) || self.queue.is_behind() {
            return;
        }
        let Some(identity) = &self.identity else { return };
        if let Some(request) = identity.founding.clone() {
            self.link.ask(Question::Found, FOUND_PATH, request, now, effects);
        } else if self.link.token().is_none() {
            let at = Instant(now.0.saturating_add_signed(self.link.skew.unwrap_or(0)));
            let request = SessionRequest::sign(identity.certificate.clone(), &identity.key, at);
            self.link.ask(Question::Session, SESSION_PATH, request.encode(), now, effects);
        } else {
            if !self.link.probes() {
                self.sign_own_changes();
            }
            if self.link.unwritten.is_empty() {
                let (request, pushed) = self.sync_request();
                self.link.sync(&request, pushed, now, effects);
            }
        }
    }

    /// Groups own changes into batches whose headers go to disk before anything is sent.
    fn sign_own_changes(&mut self) {
        let Some(Identity { key, holder, .. }) = &self.identity else { return };
        let mut write = Pending::default();
        let mut numbers = Vec::new();
        for (address, shelf) in &self.shelves {
            for header in self.outbox.sign(key, holder.device, address, &shelf.document, &shelf.own) {
                write.puts.push((header.key(), header.pack()));
                numbers.push(header.number);
            }
        }
        if !numbers.is_empty() {
            self.link.unwritten.extend(&numbers);
            write.after.push(After::Signed(numbers));
            self.queue.push(write);
        }
    }

    /// Returns the scopes that this device asks for.
    ///
    /// Its own letters are asked for while no log is known, as after storage was emptied, and then only where it has
    /// any: nobody answers what was not said.
    pub(super) fn scopes(&self) -> Vec<ScopeId> {
        let Some(Identity { holder, .. }) = &self.identity else { return Vec::new() };
        let mut scopes = access::scopes_for(holder, self.workspace.township.units.keys(), self.directory.all());
        let own = ScopeId::Letters(holder.person.clone());
        let wrote = self.shelves.keys().any(|address| address.scope == own);
        scopes.retain(|scope| *scope != own || wrote || self.cursors.is_empty());
        scopes
    }

    fn sync_request(&self) -> (SyncRequest, Pushed) {
        let (mut request, mut pushed) = (SyncRequest::default(), Pushed::new());
        let Some(Identity { holder, .. }) = &self.identity else { return (request, pushed) };
        let mut room = REQUEST_BYTES - REQUEST_MARGIN;
        for scope in self.scopes() {
            if self.link.excludes(&scope) || self.notary.is_contradicted(&scope) {
                continue;
            }
            if let Some(cursor) = self.notary.cursor(&scope) {
                request.scopes.push(ScopeRequest::reading(scope, cursor.epoch, cursor.position));
                continue;
            }
            let cursor = self.cursors.get(&scope).copied().unwrap_or_default();
            let mut push = Vec::new();
            for act in self.trust.wishes(&scope).take(ACT_ENTRIES) {
                let bytes = Entry::Act(act.clone()).encode();
                if bytes.len() > room {
                    break;
                }
                room -= bytes.len();
                push.push(bytes);
                pushed.entry(scope.clone()).or_default().push(Sent::Act(act.hash()));
            }
            for (digest, entry) in self.retelling.next(&scope).take(ACT_ENTRIES) {
                let bytes = entry.encode();
                if bytes.len() > room {
                    break;
                }
                room -= bytes.len();
                push.push(bytes);
                pushed.entry(scope.clone()).or_default().push(Sent::Act(*digest));
            }
            // Alone, as it may be as large as a request.
            let snapshot = self.repairs.snapshot(&scope).filter(|_| pushed.is_empty());
            if let Some((address, bytes)) = snapshot {
                room = 0;
                push.push(bytes.clone());
                pushed.entry(scope.clone()).or_default().push(Sent::Snapshot(address.clone()));
            }
            for (place, bytes) in self.later.again(&scope).take(LATER_ENTRIES) {
                if bytes.len() > room {
                    break;
                }
                room -= bytes.len();
                push.push(bytes.to_vec());
                pushed.entry(scope.clone()).or_default().push(Sent::Later(place));
            }
            let sendable = |header: &&Header| {
                !self.repairs.holds_back(&header.address)
                    && self.trust.fate(&scope, header.number).is_none()
                    && !self.outbox.rests(header)
            };
            let room_for_others = 2 * ACT_ENTRIES + LATER_ENTRIES;
            for header in self.outbox.waiting(&scope).filter(sendable).take(PUSH_ENTRIES - room_for_others) {
                let Some(shelf) = self.shelves.get(&header.address) else { continue };
                let Some(batch) = header.batch(holder.device, &shelf.document) else { continue };
                let bytes = Entry::Batch(batch).encode();
                if bytes.len() > room {
                    break;
                }
                room -= bytes.len();
                push.push(bytes);
                pushed.entry(scope.clone()).or_default().push(Sent::Batch(header.number));
            }
            let compare = self.repairs.asked(&scope);
            let proof = cursor.receipt.filter(|_| self.cut_short.contains(&scope));
            let proof = proof.map(|receipt| (cursor.digest, receipt));
            let reading = ScopeRequest::reading(scope, cursor.epoch, cursor.position);
            let stretches = cursor.is_first || cursor.position == 0;
            request.scopes.push(ScopeRequest { push, compare, proof, stretches, ..reading });
        }
        (request, pushed)
    }

    pub(super) fn unanswered(&mut self, request: RequestId, now: Instant, rng: &mut dyn RngCore) {
        if self.link.answered(request).is_some() {
            self.link.fail(None, now, rng);
        }
    }

    pub(super) fn answered(
        &mut self,
        request: RequestId,
        status: u16,
        body: &[u8],
        now: Instant,
        rng: &mut dyn RngCore,
    ) {
        let Some(question) = self.link.answered(request) else { return };
        let result = match question {
            Question::Found => self.found_answer(body),
            Question::Session => self.session_answer(body, now),
            Question::Sync(pushed) if status == 200 => self.sync_answer(body, &pushed, now),
            Question::Sync(_) if status == 401 => {
                self.link.lose_session(now, rng);
                Ok(())
            }
            // A refused sync names its reason as a refused founding does.
            Question::Sync(_) => match FoundResponse::decode(body) {
                Ok(FoundResponse::Refused(reason)) => Err(trouble_of_refusal(reason)),
                Ok(FoundResponse::Founded) | Err(_) => Err(RelayTrouble::Answer),
            },
        };
        // Whatever stands between phone and relay may answer in the relay's place, and then it says so in its status.
        let result = match result {
            Err(RelayTrouble::Answer | RelayTrouble::Version) if status == 429 || status >= 500 => {
                Err(RelayTrouble::Busy)
            }
            result => result,
        };
        if let Err(trouble) = result {
            self.link.fail(Some(trouble), now, rng);
        }
    }

    pub(super) fn live_message(&mut self, body: &[u8], now: Instant, rng: &mut dyn RngCore) {
        let pushed = self.link.live_pushed().unwrap_or_default();
        if let Err(trouble) = self.sync_answer(body, &pushed, now) {
            self.link.fail(Some(trouble), now, rng);
        }
    }

    fn found_answer(&mut self, body: &[u8]) -> Result<(), RelayTrouble> {
        match FoundResponse::decode(body).map_err(trouble_of)? {
            FoundResponse::Founded => {
                if let Some(identity) = &mut self.identity {
                    identity.founding = None;
                    let row = (IDENTITY_KEY.to_owned(), identity.pack());
                    self.queue.push(Pending { puts: vec![row], ..Pending::default() });
                }
                self.link.proceed();
                Ok(())
            }
            FoundResponse::Refused(reason) => Err(trouble_of_refusal(reason)),
        }
    }

    fn session_answer(&mut self, body: &[u8], now: Instant) -> Result<(), RelayTrouble> {
        let skew = |theirs: Instant| {
            i64::try_from(theirs.0).unwrap_or(i64::MAX).saturating_sub(i64::try_from(now.0).unwrap_or(i64::MAX))
        };
        match SessionResponse::decode(body).map_err(trouble_of)? {
            SessionResponse::Open { token, relay, epoch, now: theirs } => {
                self.link.skew = Some(skew(theirs));
                self.trust_relay(relay, epoch)?;
                self.begin_epoch(epoch);
                self.link.open_session(token);
                Ok(())
            }
            SessionResponse::Refused { reason, now: theirs } => {
                self.link.skew = Some(skew(theirs));
                Err(trouble_of_refusal(reason))
            }
        }
    }

    /// Keeps the key that signs receipts. Another key under the same epoch is not the township's relay.
    fn trust_relay(&mut self, relay: PublicKey, epoch: u32) -> Result<(), RelayTrouble> {
        match self.link.relay {
            Some((known, _)) if known == relay => return Ok(()),
            Some((_, first)) if first == epoch => return Err(RelayTrouble::Receipt),
            _ => {}
        }
        self.link.relay = Some((relay, epoch));
        let mut writer = Writer::new();
        writer.array(2).bytes(&relay.0).uint(epoch.into());
        self.queue.push(Pending { puts: vec![(RELAY_KEY.to_owned(), writer.finish())], ..Pending::default() });
        Ok(())
    }

    /// Reads the relay's row back.
    pub(super) fn load_relay(&mut self, bytes: &[u8]) -> bool {
        let mut reader = Reader::new(bytes);
        let read = (|| {
            reader.array(2)?;
            Ok::<_, crate::cbor::DecodeError>((PublicKey(reader.fixed()?), reader.uint()?))
        })();
        self.link.relay = read.ok();
        self.link.relay.is_some()
    }

    fn sync_answer(&mut self, body: &[u8], pushed: &Pushed, now: Instant) -> Result<(), RelayTrouble> {
        let answer = SyncResponse::decode(body).map_err(trouble_of)?;
        self.link.token_served();
        let mut trouble = None;
        let mut unfinished = false;
        for address in pushed.values().flatten().filter_map(Sent::snapshot) {
            self.repairs.sent(address);
            self.retelling.ask_again();
            unfinished = true;
        }
        for (scope, sent) in pushed.iter().flat_map(|(scope, sent)| sent.iter().map(move |sent| (scope, sent))) {
            if let Sent::Later(place) = sent {
                self.later.pushed(scope, *place);
                unfinished = true;
            }
        }
        for scope in &answer.scopes {
            match self.scope_answer(scope, now) {
                Ok(is_everything) => unfinished |= !is_everything,
                Err(error) => trouble = Some(error),
            }
        }
        for refusal in &answer.refusals {
            trouble = self.refused(refusal, pushed, now).or(trouble);
        }
        self.let_in_again(&answer.scopes);
        self.taken(&answer.refusals, pushed);
        let waits = |scope: &ScopeId| {
            let is_due =
                |header: &&Header| self.trust.fate(scope, header.number).is_none() && !self.outbox.rests(header);
            let mut waiting = self.outbox.waiting(scope).filter(is_due);
            let decided = self.trust.wishes(scope).next().is_some() || self.retelling.next(scope).next().is_some();
            waiting.next().is_some() || decided
        };
        let waiting = answer.scopes.iter().any(|scope| waits(&scope.scope));
        let unsigned = self.shelves.values().any(|shelf| self.outbox.lacks(&shelf.own));
        match trouble {
            Some(trouble) => Err(trouble),
            None => {
                self.link.synced(!unfinished && !waiting && !unsigned, now);
                Ok(())
            }
        }
    }

    /// Notes of what was told again that the relay took it: everything that it did not refuse.
    fn taken(&mut self, refusals: &[ScopeRefusal], pushed: &Pushed) {
        for (scope, sent) in pushed {
            for (place, sent) in (0..).zip(sent) {
                let mut of_scope = refusals.iter().filter(|refusal| refusal.scope == *scope);
                let is_refused = of_scope.any(|refusal| refusal.entry.is_none_or(|entry| entry == place));
                if let (Sent::Act(digest), false) = (sent, is_refused) {
                    self.retold(scope, digest);
                }
            }
        }
    }

    /// Takes one scope's page; tells whether nothing more waits at the relay.
    fn scope_answer(&mut self, answer: &ScopeAnswer, now: Instant) -> Result<bool, RelayTrouble> {
        if self.queue.is_behind() {
            // The cursor stays, so that what is not taken in comes again once storage has caught up.
            return Ok(false);
        }
        let (relay, _) = self.link.relay.ok_or(RelayTrouble::Receipt)?;
        let Some(Identity { holder, .. }) = &self.identity else { return Err(RelayTrouble::Certificate) };
        let device = holder.device;
        let cursor = self.cursors.get(&answer.scope).copied().unwrap_or_default();
        if self.notary.is_contradicted(&answer.scope) {
            return Ok(true);
        }
        if self.notary.cursor(&answer.scope).is_some() {
            return self.audit(answer);
        }
        let own = |number| self.outbox.get(&answer.scope, number).map(|header| header.hash(device));
        let page = read_page(answer, cursor, &relay, own)?;
        if let Page::News { items, .. } = &page
            && !self.later.has_room(self.unread_bytes(items))
        {
            return Err(RelayTrouble::Version);
        }
        let compared = answer.holdings.iter().filter(|held| self.compare(&answer.scope, held, now)).count();
        self.repairs.unanswered(&answer.scope);
        let was_cut_short = self.cut_short.remove(&answer.scope);
        match page {
            // A page holds the entries of several scopes; those for which it had no room come with the next.
            Page::Nothing => {
                if !answer.more {
                    self.retelling.read_to_end(&answer.scope);
                }
                Ok(!answer.more && compared == 0)
            }
            Page::Gap => Ok(false),
            Page::Lost => {
                // The relay is shown its own receipt; one that goes on as before is not the one that gave it.
                self.cut_short.insert(answer.scope.clone());
                if was_cut_short || cursor.receipt.is_none() {
                    // It is not said lightly that a relay lies: its log is read once more from its beginning.
                    self.notary.doubt(&answer.scope, cursor);
                    Err(RelayTrouble::Receipt)
                } else {
                    Ok(false)
                }
            }
            Page::News { restarted, cursor, items } => {
                let brought_entries = !items.is_empty();
                self.read_at = Instant(now.0.saturating_add_signed(self.link.skew.unwrap_or(0)));
                self.take_page(&answer.scope, restarted, cursor, items);
                if !answer.more {
                    self.retelling.read_to_end(&answer.scope);
                }
                if brought_entries {
                    self.status.last_receipt = Some(now);
                }
                Ok(!answer.more && !restarted && compared == 0)
            }
        }
    }

    /// Takes a refusal; what cannot be settled here is trouble that a person sees.
    fn refused(&mut self, refusal: &ScopeRefusal, pushed: &Pushed, now: Instant) -> Option<RelayTrouble> {
        let sent = refusal.entry.and_then(|entry| pushed.get(&refusal.scope)?.get(entry as usize));
        if matches!(sent, Some(Sent::Snapshot(_) | Sent::Later(_))) {
            return None;
        }
        let Some(_) = refusal.entry else {
            if refusal.reason == Refusal::MayNotRead {
                self.link.exclude(refusal.scope.clone());
                return None;
            }
            self.settle_fate(&refusal.scope, None, refusal.reason);
            return Some(trouble_of_refusal(refusal.reason));
        };
        if let Some(Sent::Act(hash)) = sent {
            self.act_refused(&refusal.scope, hash, refusal.reason);
            return None;
        }
        let number = sent.and_then(Sent::batch);
        if self.settle_fate(&refusal.scope, number, refusal.reason) {
            return None;
        }
        if let Some(number) = number.filter(|_| is_of_the_batch(refusal.reason)) {
            self.outbox.rest(&refusal.scope, number);
            self.link.rest(trouble_of_refusal(refusal.reason), now);
            return None;
        }
        if let Some(number) = number.filter(|number| self.is_to_be_signed_again(refusal, *number)) {
            let deletes = self.outbox.dissolve(&refusal.scope, number).into_iter().collect();
            self.queue.push(Pending { deletes, ..Pending::default() });
        } else if number
            .and_then(|number| self.outbox.get(&refusal.scope, number))
            .is_some_and(|sent| self.outbox.rests(sent))
        {
            // It was sent together with the one on which it rests, which was refused.
            return None;
        } else if matches!(refusal.reason, Refusal::Gap | Refusal::MissingDependency) {
            // Own batches go in order: what this one rests on was at the relay. The next question brings the proof.
            self.cut_short.insert(refusal.scope.clone());
        }
        Some(trouble_of_refusal(refusal.reason))
    }

    /// Tells whether the changes of a refused batch can go into another that will not be refused.
    fn is_to_be_signed_again(&self, refusal: &ScopeRefusal, number: u32) -> bool {
        match refusal.reason {
            // Storage was rolled back and the number used before.
            Refusal::NumberReused => true,
            Refusal::Gap | Refusal::MissingDependency => {
                let Some(header) = self.outbox.get(&refusal.scope, number) else { return false };
                let shelf = self.shelves.get(&header.address);
                shelf.is_some_and(|shelf| self.outbox.is_overtaken(header, &shelf.document, &shelf.own))
            }
            _ => false,
        }
    }
}

/// Tells whether the relay refused a batch for what it is, so that the same batch would be refused again while others
/// are not.
fn is_of_the_batch(reason: Refusal) -> bool {
    use Refusal::{Envelope, ForeignActor, MayNotWrite, Signature, TooLarge, Version};
    matches!(reason, TooLarge | Version | Envelope | MayNotWrite | Signature | ForeignActor)
}

fn trouble_of(error: WireError) -> RelayTrouble {
    match error {
        WireError::Version(_) => RelayTrouble::Version,
        WireError::Decode(_) => RelayTrouble::Answer,
    }
}

fn trouble_of_refusal(reason: Refusal) -> RelayTrouble {
    match reason {
        Refusal::Revoked => RelayTrouble::Revoked,
        Refusal::InvitationUsed => RelayTrouble::SecondUse,
        Refusal::Certificate | Refusal::NoSession | Refusal::MayNotRead => RelayTrouble::Certificate,
        Refusal::NotFounded | Refusal::FoundingToken => RelayTrouble::Founding,
        Refusal::Clock => RelayTrouble::Clock,
        Refusal::Version => RelayTrouble::Version,
        Refusal::Unavailable | Refusal::Busy => RelayTrouble::Busy,
        _ => RelayTrouble::Batch,
    }
}
