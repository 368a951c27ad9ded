//! How things stand between this device and the relay: one question at a time, live while the line holds.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_core::RngCore;

use super::backoff::Backoff;
use super::boundary::{Effect, RequestId};
use super::status::{RelayStatus, RelayTrouble};
use crate::id::{Address, ScopeId};
use crate::identity::{Digest, PublicKey};
use crate::time::Instant;
use crate::wire::{FromPhone, SYNC_PATH, SyncRequest, Token};

const FIRST_PAUSE_MILLIS: u64 = 2000;
const LAST_PAUSE_MILLIS: u64 = 300_000;
/// How long a batch rests that the relay refused for itself: only an update of either side, or a person, changes that.
const REST_MILLIS: u64 = 600_000;
/// How often the relay is asked although nothing seems to be new: the safety net under the live connection.
const POLL_MILLIS: u64 = 300_000;
/// How long an answer over the live connection may take before the line is given up.
const LIVE_ANSWER_MILLIS: u64 = 30_000;

/// What was pushed in one request, per scope in the order of the push.
pub(super) type Pushed = BTreeMap<ScopeId, Vec<Sent>>;

/// One entry that was pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// An own batch, by its number.
    Batch(u32),
    /// A snapshot of this document.
    Snapshot(Address),
    /// A decision about a device by its hash, or another's certificate by its name.
    Act(Digest),
    /// An entry of a later version, by its place among those kept.
    Later(u64),
}

impl Sent {
    pub(super) fn batch(&self) -> Option<u32> {
        if let Self::Batch(number) = self { Some(*number) } else { None }
    }

    pub(super) fn snapshot(&self) -> Option<&Address> {
        if let Self::Snapshot(address) = self { Some(address) } else { None }
    }
}

#[derive(Debug)]
struct Asked {
    request: RequestId,
    question: Question,
    since: Instant,
}

/// What was asked.
#[derive(Debug)]
pub(super) enum Question {
    Found,
    Session,
    Sync(Pushed),
}

#[derive(Debug)]
enum Live {
    Closed,
    Opening,
    Open {
        /// What was pushed and is not answered yet, and since when.
        pushed: Option<(Pushed, Instant)>,
    },
}

/// What is known of the relay and under way with it.
#[derive(Debug)]
pub(super) struct Link {
    next_request: u64,
    token: Option<Token>,
    /// Whether the token was never used: one that is refused at once is not asked for again at once.
    token_is_fresh: bool,
    /// The key that signs receipts, with the epoch in which it was first seen.
    pub relay: Option<(PublicKey, u32)>,
    /// The relay's clock less this device's, in milliseconds.
    pub skew: Option<i64>,
    asked: Option<Asked>,
    live: Live,
    live_at: Instant,
    live_backoff: Backoff,
    /// Whether there is something to tell or to ask.
    wanted: bool,
    /// Whether a pause after a failure is to be ignored.
    urgent: bool,
    /// Whether something gave hope since the last sync: a network came up, or the holder asked.
    hopeful: bool,
    backoff: Backoff,
    /// Since when every attempt failed, what the relay said, and when the next attempt is.
    failing: Option<(Instant, Option<RelayTrouble>, Instant)>,
    /// Why the relay refused an own batch that rests, and until when; everything else goes on.
    resting: Option<(RelayTrouble, Instant)>,
    up_to_date: Option<Instant>,
    poll_at: Option<Instant>,
    /// Scopes that the relay would not let this device read.
    excluded: BTreeSet<ScopeId>,
    /// Headers on their way to disk; their batches may not be sent before.
    pub unwritten: BTreeSet<u32>,
}

impl Link {
    pub(super) fn new() -> Self {
        Self {
            next_request: 1,
            token: None,
            token_is_fresh: false,
            relay: None,
            skew: None,
            asked: None,
            live: Live::Closed,
            live_at: Instant(0),
            live_backoff: Backoff::new(FIRST_PAUSE_MILLIS, LAST_PAUSE_MILLIS),
            wanted: true,
            urgent: false,
            hopeful: false,
            backoff: Backoff::new(FIRST_PAUSE_MILLIS, LAST_PAUSE_MILLIS),
            failing: None,
            resting: None,
            up_to_date: None,
            poll_at: None,
            excluded: BTreeSet::new(),
            unwritten: BTreeSet::new(),
        }
    }

    /// Notes that there is something to tell or to ask.
    pub(super) fn want(&mut self) {
        self.wanted = true;
    }

    /// Goes on with the next question at once, since the relay has just answered one.
    pub(super) fn proceed(&mut self) {
        self.wanted = true;
        self.urgent = true;
    }

    /// Tries at once, whatever failed before.
    pub(super) fn urge(&mut self) {
        self.wanted = true;
        self.urgent = true;
        self.hopeful = true;
        self.backoff.succeed();
        self.live_backoff.succeed();
        self.live_at = Instant(0);
    }

    pub(super) fn is_live(&self) -> bool {
        matches!(self.live, Live::Open { .. })
    }

    /// Tells whether a question should be asked at this moment.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        let answered = self.asked.is_none() && !matches!(self.live, Live::Open { pushed: Some(_) });
        let paused = self.failing.is_some_and(|(_, _, retry_at)| now < retry_at);
        answered && self.wanted && (self.urgent || !paused)
    }

    /// Notes what time has made due.
    pub(super) fn wait_until(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        if self.poll_at.is_some_and(|at| at <= now) {
            self.poll_at = None;
            self.wanted = true;
        }
        if self.live_deadline().is_some_and(|at| at <= now) {
            effects.push(Effect::CloseLive);
            self.live = Live::Closed;
            self.wanted = true;
        }
    }

    /// Returns when each thing is due that is, past or to come.
    pub(super) fn due(&self) -> [Option<Instant>; 5] {
        let retry_at = self.failing.map(|(_, _, retry_at)| retry_at).filter(|_| self.wanted);
        let live_at = self.live_wanted().then_some(self.live_at);
        [retry_at, self.poll_at, self.live_deadline(), live_at, self.resting.map(|(_, until)| until)]
    }

    fn live_deadline(&self) -> Option<Instant> {
        match &self.live {
            Live::Open { pushed: Some((_, since)) } => Some(since.plus_millis(LIVE_ANSWER_MILLIS)),
            _ => None,
        }
    }

    /// Tells whether the live connection should stand and does not.
    fn live_wanted(&self) -> bool {
        matches!(self.live, Live::Closed) && self.up_to_date.is_some() && self.failing.is_none() && self.token.is_some()
    }

    pub(super) fn open_live(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        if self.live_wanted() && self.live_at <= now {
            self.live = Live::Opening;
            effects.push(Effect::OpenLive);
        }
    }

    pub(super) fn live_opened(&mut self, effects: &mut Vec<Effect>) {
        let Some(token) = self.token else {
            effects.push(Effect::CloseLive);
            self.live = Live::Closed;
            return;
        };
        self.live = Live::Open { pushed: None };
        effects.push(Effect::LiveSend(FromPhone::Hello(token).encode()));
        // The first request tells the relay of which scopes it should speak.
        self.wanted = true;
    }

    pub(super) fn live_closed(&mut self, now: Instant, rng: &mut dyn RngCore) {
        // While a line stood, news may have been lost with it; one that never stood brought none.
        self.wanted |= matches!(self.live, Live::Open { .. });
        if !matches!(self.live, Live::Closed) {
            self.live = Live::Closed;
            self.live_at = self.live_backoff.fail(now, rng);
        }
    }

    /// Notes a failure: nobody there (`None`), or an answer that could not be used.
    pub(super) fn fail(&mut self, trouble: Option<RelayTrouble>, now: Instant, rng: &mut dyn RngCore) {
        let since = self.failing.map_or(now, |(since, ..)| since);
        self.failing = Some((since, trouble, self.backoff.fail(now, rng)));
        self.wanted = true;
    }

    fn succeed(&mut self) {
        self.failing = None;
        self.backoff.succeed();
    }

    /// Takes an answer to a sync: what is left to do decides whether everything is exchanged.
    pub(super) fn synced(&mut self, is_everything: bool, now: Instant) {
        self.succeed();
        if self.is_live() {
            self.live_backoff.succeed();
        }
        self.poll_at = Some(now.plus_millis(POLL_MILLIS));
        if is_everything {
            self.up_to_date = Some(now);
        } else {
            self.wanted = true;
        }
    }

    /// Notes that an own batch was refused for itself and rests.
    pub(super) fn rest(&mut self, trouble: RelayTrouble, now: Instant) {
        self.resting = Some((trouble, now.plus_millis(REST_MILLIS)));
    }

    /// Tells whether what rests is to be tried again, once.
    pub(super) fn is_rested(&mut self, now: Instant) -> bool {
        let is_rested = self.resting.take_if(|(_, until)| *until <= now).is_some();
        self.wanted |= is_rested;
        is_rested
    }

    /// Forgets that something rests.
    pub(super) fn end_rest(&mut self) {
        self.resting = None;
    }

    /// Tells whether the next sync only finds out if the relay can be reached again.
    ///
    /// Each attempt that signs makes a batch of its own; so an afternoon of vain attempts signs nothing, and
    /// everything recorded meanwhile travels as one batch.
    pub(super) fn probes(&self) -> bool {
        self.failing.is_some() && !self.hopeful
    }

    pub(super) fn exclude(&mut self, scope: ScopeId) {
        self.excluded.insert(scope);
    }

    pub(super) fn excludes(&self, scope: &ScopeId) -> bool {
        self.excluded.contains(scope)
    }

    pub(super) fn token(&self) -> Option<Token> {
        self.token
    }

    pub(super) fn open_session(&mut self, token: Token) {
        (self.token, self.token_is_fresh) = (Some(token), true);
        self.proceed();
    }

    /// Gives up a token that the relay does not know; fails if it had only just given it.
    /// Lets the next question be for a session, as there is another certificate.
    pub(super) fn begin_session(&mut self) {
        self.token = None;
        self.wanted = true;
        self.urgent = true;
    }

    pub(super) fn lose_session(&mut self, now: Instant, rng: &mut dyn RngCore) {
        self.token = None;
        self.wanted = true;
        if self.token_is_fresh {
            self.fail(Some(RelayTrouble::Certificate), now, rng);
        }
    }

    /// Asks a question of its own, such as for a session.
    pub(super) fn ask(
        &mut self,
        question: Question,
        path: &'static str,
        body: Vec<u8>,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        let request = RequestId(self.next_request);
        self.next_request += 1;
        self.urgent = false;
        let token = match question {
            Question::Sync(_) => self.token.map(|token| URL_SAFE_NO_PAD.encode(token.0)),
            Question::Found | Question::Session => None,
        };
        self.asked = Some(Asked { request, question, since: now });
        effects.push(Effect::Send { request, path, token, body });
    }

    /// Sends a sync request over the live connection if it stands, else as a question.
    pub(super) fn sync(&mut self, request: &SyncRequest, pushed: Pushed, now: Instant, effects: &mut Vec<Effect>) {
        self.wanted = false;
        self.hopeful = false;
        if let Live::Open { pushed: under_way } = &mut self.live {
            *under_way = Some((pushed, now));
            self.urgent = false;
            effects.push(Effect::LiveSend(FromPhone::Sync(request.clone()).encode()));
        } else {
            self.ask(Question::Sync(pushed), SYNC_PATH, request.encode(), now, effects);
        }
    }

    /// Returns the question that was answered, or nothing if nobody waits for it.
    pub(super) fn answered(&mut self, request: RequestId) -> Option<Question> {
        self.asked.take_if(|asked| asked.request == request).map(|asked| asked.question)
    }

    /// Returns what a message over the live connection may be the answer to.
    pub(super) fn live_pushed(&mut self) -> Option<Pushed> {
        match &mut self.live {
            Live::Open { pushed } => pushed.take().map(|(pushed, _)| pushed),
            Live::Closed | Live::Opening => None,
        }
    }

    /// Notes that the token served.
    pub(super) fn token_served(&mut self) {
        self.token_is_fresh = false;
    }

    pub(super) fn status(&self) -> RelayStatus {
        let since = match (&self.asked, &self.live) {
            (Some(asked), _) => Some(asked.since),
            (None, Live::Open { pushed: Some((_, since)) }) => Some(*since),
            (None, _) => None,
        };
        let refusing = self.resting.map(|(trouble, retry_at)| RelayStatus::Refusing { trouble, retry_at });
        match (since, self.failing, self.up_to_date) {
            (Some(since), ..) => RelayStatus::Asking { since },
            (None, Some((since, None, retry_at)), _) => RelayStatus::Unreachable { since, retry_at },
            (None, Some((_, Some(trouble), retry_at)), _) => RelayStatus::Refusing { trouble, retry_at },
            (None, None, Some(at)) => refusing.unwrap_or(RelayStatus::UpToDate { at }),
            (None, None, None) => refusing.unwrap_or(RelayStatus::Untried),
        }
    }
}
