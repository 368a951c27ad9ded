//! The phone's storage at its worst, in real Chromium: full, slow, and left in the middle of a write.

use std::collections::BTreeSet;

use harness::steps::{enrol, open_roll};
use harness::{Auditor, Driver, Person, Relay};

/// What the browser grants at first, in bytes: the app and its records fit several times.
const ROOM: u64 = 96 << 20;
/// How often the page is left in the middle of a burst of taps.
const LEAVINGS: usize = 8;
/// The taps of a burst.
const BURST: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_gives_no_tick_and_says_so_until_there_is_room() {
    let driver = Driver::start();
    let mut relay = Relay::start();
    let scribe = Person::with_phone("scribe", &driver).await;
    // Granted before the database is opened: the browser remembers for a while how much is left.
    scribe.open(&relay.page("/healthz")).await;
    scribe.limit_storage(ROOM).await;
    enrol(&scribe, &relay, "scribe").await;
    open_roll(&scribe, &relay.url()).await;
    tick(&scribe, 1).await;
    relay.stop();

    scribe.fill_storage().await;
    scribe.limit_storage(1).await;
    for row in [2, 3] {
        scribe.tap(&name(row)).await;
        scribe.sees_words("手机空间满了").await;
        assert_eq!(scribe.ticked().await, [1], "what is not on the disk has no tick");
    }
    scribe.picture("full-1-refused").await;

    // Everything else on the page goes on: a menu opens and closes, a search finds, the status tells how it stands.
    scribe.tap(".roll > li:nth-child(4) .roll-status").await;
    scribe.tap("dialog[open] .dialog-head button").await;
    scribe.tap_words("再存一次").await;
    scribe.tap(".status-line a").await;
    scribe.sees_words("次写入没有成功").await;
    scribe.picture("full-2-status").await;
    scribe.driver().back().await.unwrap();
    assert_eq!(scribe.ticked().await, [1], "another try without room changes nothing");

    // Room returns: what waited is written by itself, once.
    scribe.limit_storage(4 * ROOM).await;
    for row in [2, 3] {
        scribe.find(&here(row)).await;
    }
    scribe.sees_no_more("手机空间满了").await;
    scribe.reload().await;
    assert_eq!(scribe.ticked().await, [1, 2, 3]);
    relay.resume();
    scribe.sees_words("全部已到乡里").await;
    assert_eq!(Auditor::enrol(&relay, "office").await.marked().len(), 3, "each mark once");
    scribe.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_storage_gives_late_ticks_in_the_order_of_the_taps() {
    let driver = Driver::start();
    let relay = Relay::start();
    let scribe = Person::with_phone("scribe", &driver).await;
    enrol(&scribe, &relay, "scribe").await;
    open_roll(&scribe, &relay.url()).await;
    scribe.holds_storage().await;
    let mut tapped = Vec::new();
    for row in [5, 2, 7, 1] {
        // A tap repeated because nothing seems to happen asks for the same mark.
        scribe.tap(&name(row)).await;
        scribe.tap(&name(row)).await;
        tapped.push(scribe.reads(&format!(".roll > li:nth-child({row}) .roll-person")).await);
    }
    assert_eq!(scribe.ticked().await, [0; 0], "no tick before the disk has it");
    assert_eq!(scribe.count(".banner").await, 0, "and no trouble where there is none");
    scribe.lets_storage_go().await;
    for row in [5, 2, 7, 1] {
        scribe.find(&here(row)).await;
    }
    assert_eq!(scribe.ticked().await, [1, 2, 5, 7]);

    scribe.sees_words("全部已到乡里").await;
    let auditor = Auditor::enrol(&relay, "office").await;
    let people = |id| auditor.workspace().villages.values().find_map(|village| village.roster.people.get(id));
    let written: Vec<String> = auditor.marked().iter().map(|id| people(id).unwrap().name.clone()).collect();
    assert_eq!(written, tapped);
    scribe.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_in_the_middle_of_a_write_loses_no_tick() {
    let driver = Driver::start();
    let mut relay = Relay::start();
    let scribe = Person::with_phone("scribe", &driver).await;
    enrol(&scribe, &relay, "scribe").await;
    let roll = relay.page(&open_roll(&scribe, &relay.url()).await);
    relay.stop();
    scribe.open("about:blank").await;
    let resting = scribe.tab().await;

    let mut promised = BTreeSet::new();
    for leaving in 0..LEAVINGS {
        scribe.new_tab().await;
        scribe.open(&roll).await;
        let before: BTreeSet<usize> = scribe.ticked().await.into_iter().collect();
        assert!(promised.is_subset(&before), "leaving {leaving}: {promised:?} had ticks, {before:?} are there");
        let open: Vec<usize> = (1..).filter(|row| !before.contains(row)).take(BURST).collect();
        // Left at once, after the first tick, after the second, ...
        promised.extend(scribe.taps_at_once(&open, leaving % BURST).await);
        if leaving % 2 == 1 {
            scribe.open("about:blank").await;
        }
        scribe.close_tab(&resting).await;
    }

    scribe.open(&roll).await;
    let after: BTreeSet<usize> = scribe.ticked().await.into_iter().collect();
    assert!(promised.is_subset(&after), "{promised:?} had ticks, {after:?} are there");
    relay.resume();
    scribe.sees_words("全部已到乡里").await;
    scribe.open(&relay.page("/status")).await;
    scribe.sees_words("已写入存储").await;
    assert!(!scribe.page_text().await.contains("发现的问题"), "no row is half there");
    let marked = Auditor::enrol(&relay, "office").await.marked();
    assert_eq!(marked.iter().collect::<BTreeSet<_>>().len(), marked.len(), "no mark is there twice");
    assert_eq!(marked.len(), after.len(), "the township has what the phone shows");
    scribe.leave().await;
}

async fn tick(person: &Person, row: usize) {
    person.tap(&name(row)).await;
    person.find(&here(row)).await;
}

fn name(row: usize) -> String {
    format!(".roll > li:nth-child({row}) .roll-name")
}

fn here(row: usize) -> String {
    format!(".roll > li:nth-child({row})[data-status=here]")
}
