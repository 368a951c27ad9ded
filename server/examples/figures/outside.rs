//! Figures of a relay in a process of its own: phones on live lines, as many as a township has.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant as Stopwatch};

use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at};

use crate::device::Device;
use crate::line::{Heard, Line};
use crate::print;
use crate::process::{Process, thousandths};

/// The first of the villages that phones are given.
pub const FIRST_VILLAGE: u64 = 420_529_202_201;
/// Phones that open a line at the same time; a crowd at the door is another figure.
const AT_ONCE: usize = 50;

/// Phones of the figure of own documents, and the edits of each.
const OWN: (u32, usize) = (500, 20);
/// Phones of one meeting, and the entries of each.
const MEETING: (usize, usize) = (50, 100);
/// The time between two entries of one phone: nobody's thumb is faster for long.
const PACE: Duration = Duration::from_millis(100);
/// Phones that are only there, and the villages they are in.
pub const IDLE: (u32, u32) = (1_000, 10);

/// What the relay spends on phones that each write a document of their own, one edit after another's receipt.
pub async fn own_documents() {
    let Some(relay) = Process::start(&["own-documents-cpu", "own-documents-memory"]).await else { return };
    let edits = OWN.1;
    let village = |number: u32| (FIRST_VILLAGE + u64::from(number)).to_string();
    let write = |number| Device::alone(&relay.authority, &village(number), number, edits as u32);
    let lines = open(&relay, (0..OWN.0).map(write).collect()).await;
    let (stopwatch, before) = (Stopwatch::now(), relay.cpu_millis());
    let mut crowd = JoinSet::new();
    for mut line in lines {
        crowd.spawn(async move {
            for at in 0..edits {
                line.push(at..at + 1).await;
                while !line.hear().await.contains(&Heard::Receipt(at as u32 + 1)) {}
            }
            line
        });
    }
    let lines = crowd.join_all().await;
    // Its certificate stands before a phone's edits.
    assert!(lines.iter().all(|line| line.cursor == edits as u64 + 1), "everything is kept");
    let elapsed = u64::try_from(stopwatch.elapsed().as_millis()).unwrap();
    print("own-documents-cpu", relay.cpu_millis() - before, "ms");
    print("own-documents-memory", thousandths(relay.peak_kilobytes()), "MB");
    print("  … until the last receipt", thousandths(elapsed), "s");
    print("  … sessions and lines before that: CPU", before, "ms");
}

/// What every entry of a meeting waits for.
struct Entry {
    sent: AtomicU64,
    seen: AtomicU32,
    seen_by_all: AtomicU64,
}

/// What the relay spends on one meeting in which everybody sees everybody's entries, and how soon they see them.
pub async fn one_meeting() {
    let Some(relay) = Process::start(&["live-cpu", "live-seen"]).await else { return };
    let (phones, entries) = MEETING;
    let village = FIRST_VILLAGE.to_string();
    let write = |number| Device::write(&relay.authority, &village, "meeting-2026-01-01-1", number, entries as u32);
    let lines = open(&relay, (0..phones as u32).map(write).collect()).await;
    let entry = |_| Entry { sent: AtomicU64::new(0), seen: AtomicU32::new(0), seen_by_all: AtomicU64::new(0) };
    let board: Arc<Vec<Entry>> = Arc::new((0..phones * entries).map(entry).collect());
    let (start, before) = (Instant::now(), relay.cpu_millis());
    let mut crowd = JoinSet::new();
    for (place, line) in lines.into_iter().enumerate() {
        // Thumbs do not fall together: the phones' first entries are spread over the pace.
        let first = start + PACE * place as u32 / phones as u32;
        crowd.spawn(attend(line, place, start, first, board.clone()));
    }
    let cursors = crowd.join_all().await;
    assert!(cursors.iter().all(|cursor| *cursor == (phones * (entries + 1)) as u64), "all converge");
    print("live-cpu", relay.cpu_millis() - before, "ms");
    let waited = |entry: &Entry| entry.seen_by_all.load(Ordering::Relaxed) - entry.sent.load(Ordering::Relaxed);
    let mut waits: Vec<u64> = board.iter().map(waited).collect();
    waits.sort_unstable();
    print("live-seen", thousandths(waits[waits.len() * 99 / 100]), "ms");
    print("  … half of the entries within", thousandths(waits[waits.len() / 2]), "ms");
    print("  … peak memory", thousandths(relay.peak_kilobytes()), "MB");
}

/// Enters one thing after another and looks at what the others enter until everything is here.
///
/// As the app does it asks one question at a time; what is entered meanwhile goes with the next.
async fn attend(mut line: Line, place: usize, start: Instant, first: Instant, board: Arc<Vec<Entry>>) -> u64 {
    let (phones, entries) = MEETING;
    let micros = || u64::try_from(start.elapsed().as_micros()).unwrap();
    let mut thumb = interval_at(first, PACE);
    let (mut entered, mut sent, mut proved) = (0, 0, 0);
    while line.cursor < (phones * (entries + 1)) as u64 {
        tokio::select! {
            _ = thumb.tick(), if entered < entries => {
                board[place * entries + entered].sent.store(micros(), Ordering::Relaxed);
                entered += 1;
            }
            heard = line.hear() => for heard in heard {
                match heard {
                    Heard::Receipt(number) => proved = proved.max(number as usize),
                    Heard::Entry(phone, number) => {
                        let entry = &board[phone * entries + number as usize - 1];
                        if entry.seen.fetch_add(1, Ordering::Relaxed) as usize + 2 == phones {
                            entry.seen_by_all.store(micros(), Ordering::Relaxed);
                        }
                    }
                }
            },
        }
        line.go_on().await;
        if proved == sent && sent < entered {
            line.push(sent..entered).await;
            sent = entered;
        }
    }
    line.cursor
}

/// What the relay holds while a township's phones are online and have said something once.
///
/// Returns the phones, which stay online as long as they are held.
pub async fn many_lines(relay: &Process) -> Vec<Line> {
    let before = relay.resident_kilobytes();
    let village = |number: u32| (FIRST_VILLAGE + u64::from(number % IDLE.1)).to_string();
    let write = |number| Device::alone(&relay.authority, &village(number), number, 1);
    let mut lines = open(relay, (0..IDLE.0).map(write).collect()).await;
    for line in &mut lines {
        line.push(0..1).await;
    }
    let mut crowd = JoinSet::new();
    for mut line in lines {
        crowd.spawn(async move {
            // Each phone of the village left its certificate and one entry.
            while line.cursor < u64::from(2 * IDLE.0 / IDLE.1) {
                line.hear().await;
                line.go_on().await;
            }
            line
        });
    }
    let lines = crowd.join_all().await;
    print("relay-memory", thousandths(relay.peak_kilobytes()), "MB");
    let each = (relay.resident_kilobytes().saturating_sub(before)) / u64::from(IDLE.0);
    print("  … of that for each phone", each, "kB");
    lines
}

/// Opens a line for every device.
async fn open(relay: &Process, devices: Vec<Device>) -> Vec<Line> {
    let client = reqwest::Client::new();
    let mut devices = devices.into_iter();
    let mut lines = Vec::new();
    loop {
        let group: Vec<Device> = devices.by_ref().take(AT_ONCE).collect();
        if group.is_empty() {
            return lines;
        }
        let opening = group.into_iter().map(|device| Line::open(&client, relay, device));
        lines.extend(futures_util::future::join_all(opening).await);
    }
}
