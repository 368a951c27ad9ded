//! A line of 50 kbit/s, 600 ms and 5 % loss under a clock of its own: it drops and cuts, and nobody waits for it.

use std::collections::BTreeMap;
use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use server::headless::{Http, Transport};
use shared::id::ScopeId;
use shared::wire::{SESSION_PATH, SYNC_PATH, SyncRequest, SyncResponse};
use tokio::sync::Notify;

/// What the village's line carries in one direction.
const BITS_PER_SECOND: u64 = 50_000;
/// The time to the relay and back.
const ROUND_TRIP_MILLIS: u64 = 600;
/// Round trips before the first question on a new connection: TCP's and that of TLS.
const HANDSHAKE_ROUND_TRIPS: u64 = 2;
/// What one packet takes of a message, as under an Ethernet's limit.
const PACKET_BYTES: usize = 1400;
/// Packets lost in a hundred.
const LOST_IN_A_HUNDRED: u32 = 5;
/// The pause before a lost packet is sent again, doubled with each loss (RFC 6298 section 2).
const RESENT_AFTER_MILLIS: u64 = 1000;
/// The silence after which a connection is given up; whatever arrives begins it anew.
const PATIENCE_MILLIS: u64 = 30_000;

/// How often the line is cut beside what patience ends.
#[derive(Clone, Copy, Debug)]
pub enum Cuts {
    /// Only when patience ends.
    Never,
    /// At one packet of so many, whatever it carries.
    OnePacketIn(u32),
}

/// What went over a line; bytes are those of bodies, and of a body that was cut those that came through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The time that it took, in virtual milliseconds.
    pub millis: u64,
    /// Syncs asked, answered or not.
    pub trips: usize,
    /// Bytes of syncs towards the relay.
    pub up: usize,
    /// Bytes of syncs towards the phone.
    pub down: usize,
    /// Sessions asked, answered or not.
    pub sessions: usize,
    /// Bytes of sessions in both directions.
    pub session_bytes: usize,
    /// The largest answer to a sync, whether or not all of it came through.
    pub largest: usize,
    /// Scopes named in the last sync.
    pub scopes: usize,
    /// How often the line was cut.
    pub cuts: usize,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { millis, trips, up, down, sessions, session_bytes, largest, scopes, cuts } = self;
        let seconds = format!("{}.{:03}", millis / 1000, millis % 1000);
        write!(
            f,
            "{seconds} virtual seconds, {up} bytes up and {down} down in {trips} round trips over {scopes} scopes, "
        )?;
        write!(f, "{sessions} sessions of {session_bytes} bytes together, {cuts} cuts, largest answer {largest} bytes")
    }
}

/// A line to a relay; clones are the same line, so that a test keeps one and its phones have the others.
#[derive(Clone)]
pub struct Line {
    http: Http,
    wire: Arc<Mutex<Wire>>,
    killed: Arc<Notify>,
}

struct Wire {
    random: ChaCha8Rng,
    cuts: Cuts,
    is_plugged: bool,
    /// Whether a connection stands, so that the next question needs no handshake.
    is_connected: bool,
    tally: Tally,
    /// How far the answers that came through have brought each log.
    reached: BTreeMap<ScopeId, u64>,
    /// The pages after which a phone dies, and how many it has had in this life.
    lives: Option<(usize, usize)>,
}

impl Line {
    /// Lays a line, unplugged.
    pub fn new(relay: std::net::SocketAddr, seed: u64, cuts: Cuts) -> Self {
        let wire = Wire {
            random: ChaCha8Rng::seed_from_u64(seed),
            cuts,
            is_plugged: false,
            is_connected: false,
            tally: Tally::default(),
            reached: BTreeMap::new(),
            lives: None,
        };
        let http = Http::new(&format!("http://{relay}"));
        Self { http, wire: Arc::new(Mutex::new(wire)), killed: Arc::default() }
    }

    /// Kills the phone whenever it asks for more after so many pages.
    pub fn killing_after(self, pages: usize) -> Self {
        self.wire().lives = Some((pages, 0));
        self
    }

    /// Brings the network up or takes it away; what went over the line is counted from here.
    pub fn plug(&self, is_plugged: bool) {
        let mut wire = self.wire();
        (wire.is_plugged, wire.is_connected, wire.tally) = (is_plugged, false, Tally::default());
    }

    /// Returns what went over the line.
    pub fn tally(&self) -> Tally {
        self.wire().tally
    }

    /// Waits until the phone is to die.
    pub async fn killed(&self) {
        self.killed.notified().await;
    }

    fn wire(&self) -> MutexGuard<'_, Wire> {
        self.wire.lock().unwrap()
    }
}

impl Transport for Line {
    async fn post(&mut self, path: &str, token: Option<&str>, body: Vec<u8>) -> Option<(u16, Vec<u8>)> {
        let is_sync = path == SYNC_PATH;
        assert!(is_sync || path == SESSION_PATH, "{path}");
        if is_sync && self.wire().dies() {
            self.killed.notify_one();
            return pending().await;
        }
        self.wire().ask(is_sync, &body)?;
        let (status, body) = self.http.post(path, token, body).await?;
        self.wire().answer(is_sync, &body)?;
        Some((status, body))
    }
}

impl Wire {
    /// Tells whether the phone has had the pages of a life, and begins the next.
    fn dies(&mut self) -> bool {
        match &mut self.lives {
            Some((pages, had)) if *had >= *pages => {
                *had = 0;
                self.is_connected = false;
                true
            }
            _ => false,
        }
    }

    /// Carries a question; nothing comes back where it did not get to the relay.
    fn ask(&mut self, is_sync: bool, body: &[u8]) -> Option<()> {
        if !self.is_plugged {
            return None;
        }
        if !self.is_connected {
            self.tally.millis += HANDSHAKE_ROUND_TRIPS * ROUND_TRIP_MILLIS;
            self.is_connected = true;
        }
        self.tally.millis += ROUND_TRIP_MILLIS;
        if is_sync {
            let asked = SyncRequest::decode(body).unwrap().scopes;
            for asked in &asked {
                let reached = self.reached.get(&asked.scope).copied().unwrap_or(0);
                assert!(asked.cursor >= reached, "{} again from {} after {reached}", asked.scope, asked.cursor);
            }
            self.tally.trips += 1;
            self.tally.scopes = asked.len();
        } else {
            self.tally.sessions += 1;
        }
        let (through, is_whole) = self.carry(body.len());
        *if is_sync { &mut self.tally.up } else { &mut self.tally.session_bytes } += through;
        is_whole.then_some(())
    }

    /// Carries an answer; nothing comes back where not all of it got to the phone.
    fn answer(&mut self, is_sync: bool, body: &[u8]) -> Option<()> {
        let (through, is_whole) = self.carry(body.len());
        *if is_sync { &mut self.tally.down } else { &mut self.tally.session_bytes } += through;
        if is_sync {
            self.tally.largest = self.tally.largest.max(body.len());
        }
        if is_sync && is_whole {
            for answer in SyncResponse::decode(body).unwrap().scopes {
                self.reached.insert(answer.scope.clone(), answer.to());
            }
            if let Some((_, had)) = &mut self.lives {
                *had += 1;
            }
        }
        is_whole.then_some(())
    }

    /// Carries bytes packet by packet; returns how many came through and whether the connection held.
    fn carry(&mut self, bytes: usize) -> (usize, bool) {
        let mut through = 0;
        while through < bytes {
            let packet = PACKET_BYTES.min(bytes - through);
            through += packet;
            if !self.send(packet) {
                self.tally.cuts += 1;
                self.is_connected = false;
                return (through, false);
            }
        }
        (through, true)
    }

    /// Sends a packet until it is there; tells whether the connection held.
    fn send(&mut self, packet: usize) -> bool {
        let (mut silence, mut pause) = (0, RESENT_AFTER_MILLIS);
        loop {
            silence += packet as u64 * 8 * 1000 / BITS_PER_SECOND;
            let is_lost = self.random.next_u32() % 100 < LOST_IN_A_HUNDRED;
            if !is_lost || silence + pause > PATIENCE_MILLIS {
                self.tally.millis += if is_lost { PATIENCE_MILLIS } else { silence };
                let is_cut =
                    matches!(self.cuts, Cuts::OnePacketIn(many) if self.random.next_u32().is_multiple_of(many));
                return !is_lost && !is_cut;
            }
            silence += pause;
            pause *= 2;
        }
    }
}
