//! Two people hold a whole meeting with the relay stopped, each from the storage of their own phone; the township
//! sees the same stars and the same digest once it is back.

use harness::steps::{call_roll, create_meeting, enrol, enter_pile, issue, uneven};
use harness::{Driver, Person, Relay};

/// The members of the village who are rated.
const SUBJECTS: u32 = 40;
/// The last serial that goes to the members; the others go to the representatives.
const TO_MEMBERS: u32 = 18;
/// The last serial of all: thirty raters.
const LAST: u32 = 30;
/// How many of each body come: both have their quorum.
const MEMBERS_PRESENT: usize = 22;
const REPRESENTATIVES_PRESENT: usize = 19;

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_without_a_network_reaches_the_township() {
    let driver = Driver::start();
    let mut relay = Relay::start();
    let secretary = Person::with_phone("secretary", &driver).await;
    let scribe = Person::with_phone("scribe", &driver).await;
    let office = Person::at_desk("office", &driver).await;
    for person in [&secretary, &scribe, &office] {
        enrol(person, &relay, person.name).await;
    }

    relay.stop();
    let mut meeting = String::new();
    for person in [&secretary, &scribe] {
        person.reload().await;
        meeting = create_meeting(person, &relay.url(), "无记名纸票").await;
        call_roll(person, MEMBERS_PRESENT, REPRESENTATIVES_PRESENT).await;
        person.open(&relay.page(&format!("{meeting}/ballots"))).await;
        issue(person, TO_MEMBERS).await;
        issue(person, LAST).await;
        person.tap_words("录 001 号票").await;
        enter_pile(person, 1..=LAST, |serial| uneven(serial, SUBJECTS)).await;
        person.sees_words("发出的票我都录过了").await;
        person.reload().await;
        person.sees_words("我已录 30 张").await;
    }

    relay.resume();
    for person in [&secretary, &scribe] {
        person.sees_words("两人一致 30 / 30").await;
        person.sees_words("全部已到乡里").await;
    }
    close(&secretary, &relay.page(&meeting)).await;

    let mut seen = Vec::new();
    for person in [&secretary, &scribe, &office] {
        person.open(&relay.page(&format!("{meeting}/result"))).await;
        let digest = person.reads("[data-digest]").await;
        let rows = person.reads(".result-rows").await;
        person.picture(&format!("result-{}", person.name)).await;
        assert!(rows.lines().count() > SUBJECTS as usize, "{} sees every member: {rows}", person.name);
        seen.push((digest, rows));
    }
    assert_eq!(seen[0], seen[1], "the two phones agree");
    assert_eq!(seen[0], seen[2], "the township sees what the village sees");
    for person in [secretary, scribe, office] {
        person.leave().await;
    }
}

/// Ends the collection, reconciles both groups without a missing ballot, and counts.
async fn close(person: &Person, page: &str) {
    person.open(page).await;
    person.tap_words("收票结束").await;
    person.confirm("收票结束").await;
    person.tap_words("核对票数").await;
    for (group, count) in [(1, TO_MEMBERS), (2, LAST - TO_MEMBERS)] {
        person.reconcile(group, count).await;
    }
    person.tap_words("确认票数").await;
    person.moves_on("计票").await;
}
