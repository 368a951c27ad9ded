//! Measures a phone in Chromium and prints a line per figure: its name, its value, its unit.
//!
//! The page's own clock is read, within the page: what the driver takes to ask is in no figure.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program that measures stops where it cannot")]

mod spread;
mod starts;
mod taps;
mod township;

use harness::{Driver, Person, Relay};
use serde_json::json;

/// How many times slower than this machine's the page's thread runs: a phone that costs as much as a day's work.
const THROTTLE: u32 = 4;

#[tokio::main]
async fn main() {
    let mut relay = Relay::start();
    let people = township::fill(&relay).await;
    let driver = Driver::start();
    let phone = Person::with_phone("the scribe", &driver).await;
    let office = Person::at_desk("the office", &driver).await;
    for (person, link) in [(&phone, &people.scribe), (&office, &people.office)] {
        person.open(link).await;
        person.tap_words("登记").await;
        person.sees_words("全部已到乡里").await;
        person.waits_for_offline_copy().await;
    }
    relay.stop();
    for person in [&phone, &office] {
        let slow = json!({"rate": THROTTLE});
        person.driver().cdp().send_raw("Emulation.setCPUThrottlingRate", slow).await.unwrap();
    }
    let home = relay.url();
    starts::measure(&phone, &home, "offline-start", "#main a[href^='/meetings/']").await;
    starts::measure(&office, &home, "  a township office, every roster", "#main a[href^='/villages/']").await;
    taps::measure(&phone, &format!("{home}meetings/{}/roll", people.open)).await;
    phone.leave().await;
    office.leave().await;
    of_a_year(&driver).await;
}

/// Measures the office's pages over the sample township's whole year.
async fn of_a_year(driver: &Driver) {
    let mut relay = Relay::with_a_year();
    let office = Person::at_desk("the office of a year", driver).await;
    office.open(&relay.link("office")).await;
    office.tap_words("登记").await;
    office.sees_words("全部已到乡里").await;
    office.waits_for_offline_copy().await;
    relay.stop();
    let slow = json!({"rate": THROTTLE});
    office.driver().cdp().send_raw("Emulation.setCPUThrottlingRate", slow).await.unwrap();
    let home = relay.url();
    starts::measure(&office, &home, "office-year", "#main a[href^='/villages/']").await;
    starts::measure(
        &office,
        &format!("{home}registers/activity"),
        "  a register of a whole year",
        "#main a[href^='/record/']",
    )
    .await;
    office.leave().await;
}
