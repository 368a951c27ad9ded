//! A phone that reads a log for the first time gets stretches of it: few bytes, in pages that each are progress.

use std::sync::atomic::{AtomicUsize, Ordering};

use server::headless::{Headless, Http, Transport};
use shared::id::Address;
use shared::identity::Role;
use shared::wire::{PAGE_BYTES, SYNC_PATH};

use super::phone::{Phone, Township, VILLAGE};

const SCOPE: &str = "village.420529202209";
const MEETING: &str = "village.420529202209/meeting-2026-11-23-1";
/// The records of a quarter: each a change of its own, in batches of one, as over a live line.
const ENTRIES: usize = 6000;
/// The bytes of a point entry.
const ENTRY_BYTES: usize = 40;
/// The most bytes of a first sync of a village's quarter (DESIGN section 10).
pub const BUDGET: usize = 100 * 1000;

static DOWN: AtomicUsize = AtomicUsize::new(0);
static PAGES: AtomicUsize = AtomicUsize::new(0);

/// A way that loses every third answer of a sync after it has come down the line.
struct Lossy(Http);

impl Transport for Lossy {
    async fn post(&mut self, path: &str, token: Option<&str>, body: Vec<u8>) -> Option<(u16, Vec<u8>)> {
        let (status, body) = self.0.post(path, token, body).await?;
        if path == SYNC_PATH {
            assert!(body.len() < 3 * PAGE_BYTES, "{} bytes in one page", body.len());
            DOWN.fetch_add(body.len(), Ordering::Relaxed);
            if PAGES.fetch_add(1, Ordering::Relaxed) % 3 == 2 {
                return None;
            }
        }
        Some((status, body))
    }
}

#[tokio::test]
async fn a_quarter_comes_in_few_bytes_and_a_cut_costs_one_page() {
    let township = Township::found().await;
    let mut writers = quarter(&township).await;
    let head = township.running.relay.log.head(&SCOPE.parse().unwrap(), 0).await.unwrap();
    assert_eq!(head.position as usize, ENTRIES + writers.len());
    let way = Lossy(Http::new(&format!("http://{}", township.running.address)));
    let mut new = Headless::in_memory(way).await.unwrap();
    new.enrol(&township.invite(9, &[Role::Scribe], &[VILLAGE]).to_link()).await.unwrap();
    while new.sync().await.is_err() {
        // Whatever was lost, the next attempt goes on where the last page ended.
        assert!(PAGES.load(Ordering::Relaxed) < 100, "{:?}", new.status());
    }
    let mut writer = writers.remove(0);
    while writer.sync(&[SCOPE], &[]).await.scopes[0].more {}
    let address: Address = MEETING.parse().unwrap();
    assert_eq!(new.heads()[&address], writer.heads(MEETING), "the new phone holds the same history");
    let (down, pages) = (DOWN.load(Ordering::Relaxed), PAGES.load(Ordering::Relaxed));
    println!("{down} bytes in {pages} pages, every third of them lost");
    assert!(down * 2 / 3 <= BUDGET, "{down} bytes with the lost ones");
    assert!(pages > 6, "{pages} pages");
}

/// Lets five phones record a village's quarter, entry by entry, and returns them.
pub async fn quarter(township: &Township) -> Vec<Phone> {
    let mut writers = Vec::new();
    for number in 1..=5 {
        writers.push(township.scribe(number).await);
    }
    let rounds = ENTRIES / writers.len() / 100;
    for round in 0..rounds {
        for writer in &mut writers {
            let content = |at: usize| (0..ENTRY_BYTES).map(|byte| ((round * at) >> (byte % 3)) as u8 & 15).collect();
            let contents: Vec<Vec<u8>> = (0..100).map(content).collect();
            let batches: Vec<_> = contents.iter().map(|content| writer.record(MEETING, content)).collect();
            writer.sync(&[SCOPE], &batches).await;
        }
    }
    writers
}
