//! Several tabs of one phone: one of them writes, whoever took over knows everything, and one that slept writes over
//! nothing.

use std::collections::BTreeSet;

use harness::steps::{enrol, open_roll};
use harness::{Auditor, Driver, Person, Relay};

/// What a tab says that does not write.
const ELSEWHERE: &str = "评议已在另一个窗口打开";

#[tokio::test(flavor = "multi_thread")]
async fn tabs_hand_the_pen_to_each_other() {
    let driver = Driver::start();
    let relay = Relay::start();
    let scribe = Person::with_phone("scribe", &driver).await;
    enrol(&scribe, &relay, "scribe").await;
    let roll = relay.page(&open_roll(&scribe, &relay.url()).await);
    tick(&scribe, 1).await;
    let first = scribe.tab().await;

    let second = scribe.new_tab().await;
    scribe.open(&roll).await;
    scribe.sees_words(ELSEWHERE).await;
    scribe.picture("tabs-1-elsewhere").await;
    assert_eq!(scribe.count(".roll").await, 0, "it shows nothing that another tab may be changing");

    // There and back; whoever takes over sees what the other ticked, and the other has nothing left to tap.
    let mut ticked = vec![1];
    for (round, (taking, letting)) in [(&second, &first), (&first, &second), (&second, &first)].into_iter().enumerate()
    {
        scribe.turn_to(taking).await;
        scribe.tap_words("在这里继续").await;
        assert_eq!(scribe.ticked().await, ticked, "round {round}");
        tick(&scribe, round + 2).await;
        ticked.push(round + 2);
        scribe.turn_to(letting).await;
        scribe.sees_words(ELSEWHERE).await;
        assert_eq!(scribe.count(".roll").await, 0);
    }

    // The tab that writes is still waiting for the disk when it is asked: it goes when everything is written.
    scribe.turn_to(&second).await;
    scribe.holds_storage().await;
    scribe.taps_at_once(&[5, 6, 7], 0).await;
    scribe.turn_to(&first).await;
    scribe.tap_words("在这里继续").await;
    scribe.sees_words("已请另一个窗口放手").await;
    scribe.picture("tabs-2-asking").await;
    scribe.turn_to(&second).await;
    scribe.sees_words(ELSEWHERE).await;
    scribe.lets_storage_go().await;
    scribe.turn_to(&first).await;
    assert_eq!(scribe.ticked().await, [1, 2, 3, 4, 5, 6, 7]);

    // A tab that is closed leaves the seat to whoever opens next.
    scribe.close_tab(&second).await;
    scribe.open(&roll).await;
    assert_eq!(scribe.ticked().await.len(), 7);
    each_is_at_the_township_once(&scribe, &relay, 7).await;
    scribe.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_tab_loses_the_pen_and_says_so_when_it_wakes() {
    let driver = Driver::start();
    let relay = Relay::start();
    let scribe = Person::with_phone("scribe", &driver).await;
    enrol(&scribe, &relay, "scribe").await;
    let roll = relay.page(&open_roll(&scribe, &relay.url()).await);
    for row in 1..=3 {
        tick(&scribe, row).await;
    }
    let frozen = scribe.tab().await;
    let other = scribe.new_tab().await;
    scribe.turn_to(&frozen).await;
    scribe.freeze().await;

    scribe.turn_to(&other).await;
    scribe.open(&roll).await;
    scribe.tap_words("在这里继续").await;
    assert_eq!(scribe.ticked().await, [1, 2, 3]);
    tick(&scribe, 4).await;

    scribe.turn_to(&frozen).await;
    scribe.wake().await;
    scribe.sees_words("这个窗口没有反应").await;
    scribe.picture("tabs-4-woken").await;
    assert_eq!(scribe.count(".roll").await, 0);
    // It may have the pen back like any other tab.
    scribe.tap_words("在这里继续").await;
    assert_eq!(scribe.ticked().await, [1, 2, 3, 4]);
    tick(&scribe, 5).await;
    each_is_at_the_township_once(&scribe, &relay, 5).await;
    scribe.leave().await;
}

/// A tab whose lock was taken hears of it in a message: whatever is already on its way in the tab, such as a tap, comes
/// before that message, and would be written beside what the other tab writes.
#[tokio::test(flavor = "multi_thread")]
async fn a_tab_that_hung_loses_the_pen_and_writes_over_nothing() {
    let driver = Driver::start();
    let relay = Relay::start();
    let scribe = Person::with_phone("scribe", &driver).await;
    enrol(&scribe, &relay, "scribe").await;
    let roll = relay.page(&open_roll(&scribe, &relay.url()).await);
    tick(&scribe, 1).await;
    let hung = scribe.tab().await;
    scribe.will_hang("hang", "wake", Some(&name(2))).await;

    let other = scribe.new_tab().await;
    scribe.open(&roll).await;
    scribe.sees_words(ELSEWHERE).await;
    scribe.signal("hang").await;
    scribe.tap_words("在这里继续").await;
    assert_eq!(scribe.ticked().await, [1], "what had its tick is there");
    tick(&scribe, 3).await;
    scribe.signal("wake").await;

    scribe.turn_to(&hung).await;
    scribe.sees_words("这个窗口没有反应").await;
    scribe.sees_words("打了勾的一条都没丢").await;
    scribe.sees_words("这里还有 1 条没有打勾").await;
    scribe.picture("tabs-3-hung").await;
    scribe.turn_to(&other).await;
    assert_eq!(scribe.ticked().await, [1, 3], "what was tapped in the first breath was not written");

    // It has the pen back, hangs again, and wakes up with nothing under way.
    scribe.turn_to(&hung).await;
    scribe.tap_words("在这里继续").await;
    assert_eq!(scribe.ticked().await, [1, 3]);
    tick(&scribe, 2).await;
    scribe.will_hang("again", "up", None).await;
    scribe.turn_to(&other).await;
    scribe.sees_words(ELSEWHERE).await;
    scribe.signal("again").await;
    scribe.tap_words("在这里继续").await;
    assert_eq!(scribe.ticked().await, [1, 2, 3]);
    scribe.signal("up").await;
    scribe.turn_to(&hung).await;
    scribe.sees_words("这个窗口没有反应").await;
    assert_eq!(scribe.count(".banner").await, 1, "nothing was under way");

    scribe.turn_to(&other).await;
    tick(&scribe, 4).await;
    scribe.reload().await;
    assert_eq!(scribe.ticked().await, [1, 2, 3, 4]);
    each_is_at_the_township_once(&scribe, &relay, 4).await;
    scribe.leave().await;
}

async fn each_is_at_the_township_once(person: &Person, relay: &Relay, marks: usize) {
    // A tab that was opened after everything had arrived says only that nothing waits.
    person.sees_no_more("条未到乡里").await;
    let marked = Auditor::enrol(relay, "office").await.marked();
    assert_eq!(marked.len(), marks, "every mark arrived, once");
    assert_eq!(marked.iter().collect::<BTreeSet<_>>().len(), marks, "of so many people");
}

async fn tick(person: &Person, row: usize) {
    person.tap(&name(row)).await;
    person.find(&format!(".roll > li:nth-child({row})[data-status=here]")).await;
}

fn name(row: usize) -> String {
    format!(".roll > li:nth-child({row}) .roll-name")
}
