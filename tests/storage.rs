//! The storage script on IndexedDB in real Chromium, with a disk that is really full where the script aborts.

use harness::{Driver, Person, Relay};
use shared::store::conformance::{Step, script};

/// What the browser grants the page, in bytes: the script fits, the row with which it provokes an abort does not.
const SPACE: u64 = 4 << 20;
/// What the page says of a write for which there is no room.
const FULL: &str = "storage said Full";
/// What it grants after the abort: it may go on counting what it took back until it tidies its files.
const SPACE_AFTER: u64 = 4 * SPACE;
/// Tries of a write for which there is no room: the browser remembers for a while how much was left, and a phone tries
/// again too.
const TRIES: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_s_database_passes_the_script() {
    let driver = Driver::start();
    let relay = Relay::with_storage_page();
    let person = Person::with_phone("scribe", &driver).await;
    person.open(&relay.url()).await;
    person.sees_words("ready").await;
    // Granted before the database is opened: the browser remembers for a while how much is left.
    person.limit_storage(SPACE).await;
    for (number, step) in script().into_iter().enumerate() {
        let mut said = person.storage_step(number).await;
        for _ in 1..TRIES {
            if said.as_deref() != Some(FULL) {
                break;
            }
            person.reload().await;
            person.sees_words("ready").await;
            said = person.storage_step(number).await;
        }
        assert_eq!(said, None, "step {number}: {step:?}");
        if matches!(step, Step::Abort { .. }) {
            person.limit_storage(SPACE_AFTER).await;
        }
        // What a step left must be on the disk and not only in the page.
        person.reload().await;
        person.sees_words("ready").await;
    }
    person.leave().await;
}
