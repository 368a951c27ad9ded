//! The phone dies right after a tick, again and again; whatever had its tick is there when it is switched on.

use harness::steps::{call_roll, create_meeting, enrol, enter_pile, issue, uneven};
use harness::{Driver, Person, Relay};

/// How often the battery dies while the roll is called.
const DEATHS: usize = 4;
/// How many people are marked between two deaths.
const TICKS: usize = 5;
/// How many members the rulebook rates in the sample's village.
const SUBJECTS: u32 = 40;
const MEMBERS_PRESENT: usize = 22;
const REPRESENTATIVES_PRESENT: usize = 19;
/// The last serial of the ballots handed out.
const LAST: u32 = 3;

#[tokio::test(flavor = "multi_thread")]
async fn every_mark_with_a_tick_survives_the_death_of_the_phone() {
    let driver = Driver::start();
    let (mut scribe, relay, meeting) = meet_in_a_valley(&driver).await;
    scribe.tap_words("开始到会登记").await;
    let roll = relay.page(&format!("{meeting}/roll"));
    for death in 0..DEATHS {
        scribe.open(&roll).await;
        for row in death * TICKS + 1..=(death + 1) * TICKS {
            scribe.tap(&format!(".roll > li:nth-child({row}) .roll-name")).await;
        }
        // The last tick alone is waited for: what was asked before it is on the disk before it.
        scribe.find(&format!(".roll > li:nth-child({})[data-status=here]", (death + 1) * TICKS)).await;
        scribe.kill().await;
        scribe.start_browser(&driver).await;
        scribe.open(&roll).await;
        scribe.find(".roll").await;
        for row in 1..=(death + 1) * TICKS {
            scribe.find(&format!(".roll > li:nth-child({row})[data-status=here]")).await;
        }
        let marked = scribe.count(".roll > li[data-status=here]").await;
        assert_eq!(marked, (death + 1) * TICKS, "nobody is marked who was not");
    }
    scribe.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_ballot_that_was_kept_survives_the_death_of_the_phone() {
    let driver = Driver::start();
    let (mut scribe, relay, meeting) = meet_in_a_valley(&driver).await;
    call_roll(&scribe, MEMBERS_PRESENT, REPRESENTATIVES_PRESENT).await;
    let ballots = relay.page(&format!("{meeting}/ballots"));
    scribe.open(&ballots).await;
    issue(&scribe, LAST).await;
    for serial in 1..=LAST {
        scribe.open(&ballots).await;
        scribe.tap_words(&format!("录 {serial:03} 号票")).await;
        enter_pile(&scribe, serial..=serial, |serial| uneven(serial, SUBJECTS)).await;
        // The page goes on to the next ballot only when the one before is on the disk.
        if serial < LAST {
            scribe.sees("h1", &format!("{:03} 号票", serial + 1)).await;
        } else {
            scribe.sees_words("发出的票我都录过了").await;
        }
        scribe.kill().await;
        scribe.start_browser(&driver).await;
        scribe.open(&ballots).await;
        scribe.sees_words(&format!("我已录 {serial} 张")).await;
    }
    scribe.leave().await;
}

/// Enrols a scribe, stops the relay for good and creates a meeting.
async fn meet_in_a_valley(driver: &Driver) -> (Person, Relay, String) {
    let mut relay = Relay::start();
    let scribe = Person::with_phone("scribe", driver).await;
    enrol(&scribe, &relay, "scribe").await;
    relay.stop();
    let meeting = create_meeting(&scribe, &relay.url(), "无记名纸票").await;
    (scribe, relay, meeting)
}
