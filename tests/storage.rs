//! The storage script on IndexedDB in real Chromium, with a disk that is really full where the script aborts.

use harness::{Driver, Person, Relay};
use shared::store::conformance::script;

/// What the browser grants the page, in bytes: the script fits, the row with which it provokes an abort does not.
const SPACE: u64 = 4 << 20;

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
        assert_eq!(person.storage_step(number).await, None, "step {number}: {step:?}");
        // What a step left must be on the disk and not only in the page.
        person.reload().await;
        person.sees_words("ready").await;
    }
    person.leave().await;
}
