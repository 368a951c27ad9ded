//! A phone is lost: the office revokes it and invites another for the same person, and decides about what the lost one
//! pushes when somebody finds it.

use harness::steps::{create_meeting, enrol, enrol_at};
use harness::{Driver, Person, Relay};

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_phone_is_replaced_and_what_it_pushes_waits_for_the_office() {
    let driver = Driver::start();
    let mut relay = Relay::start();
    let office = Person::at_desk("office", &driver).await;
    enrol(&office, &relay, "office").await;
    let mut scribe = Person::with_phone("scribe", &driver).await;
    enrol(&scribe, &relay, "scribe").await;

    // Without a network the scribe begins the meeting, and then the phone is gone.
    let meeting = create_meeting(&scribe, &relay.url(), "无记名纸票").await;
    scribe.sees_words("全部已到乡里").await;
    relay.stop();
    scribe.moves_on("开始到会登记").await;
    scribe.kill().await;

    relay.resume();
    office.open(&relay.page("/devices")).await;
    office.tap_starting_with("JLP2 ·").await;
    office.picture("lost-1-ask").await;
    office.fill("新设备号", "JLP9").await;
    office.tap_words("停用并换机").await;
    office.sees_words("邀请已生成").await;
    office.tap_words("看邀请链接").await;
    let link = office.reads(".invitation-link").await;
    office.tap_words("再登记一部").await;
    office.sees_words("已停用").await;
    office.sees_words("全部已到乡里").await;
    office.picture("lost-2-replaced").await;

    // Somebody finds it and takes it into the network: it says what happened to it, and keeps everything.
    scribe.start_browser(&driver).await;
    scribe.open(&relay.url()).await;
    scribe.sees_words("已被停用").await;
    scribe.picture("lost-3-found").await;
    scribe.open(&relay.page(&meeting)).await;
    scribe.sees_words("登记到会").await;

    office.open(&relay.page("/held")).await;
    office.sees_words("停用以后才到").await;
    office.picture("lost-4-held").await;

    // Another phone of the same person, which the lost one's records wait for.
    let other = Person::with_phone("the same person's other phone", &driver).await;
    enrol_at(&other, &link).await;
    other.open(&relay.page(&meeting)).await;
    other.sees_words("开始到会登记").await;

    office.open(&relay.page("/held")).await;
    office.tap_words("收下").await;
    office.picture("lost-5-ask").await;
    office.confirm("收下").await;
    office.sees_words("已收下").await;
    office.picture("lost-6-accepted").await;
    other.sees_words("登记到会").await;
    other.picture("lost-7-counts").await;
    for person in [office, scribe, other] {
        person.leave().await;
    }
}
