//! A village records an activity without a network from its plan to its count, two people apart, and the township
//! counts what the village counts.

use harness::steps::enrol;
use harness::{Driver, Person, Relay};

/// What every number of the activity comes to.
const NUMBERS: &str = "1 条 · 活动次数 1 · 参加人次 3 · 参加人数 3";

#[tokio::test(flavor = "multi_thread")]
async fn an_activity_is_recorded_by_one_counted_by_another_and_seen_at_the_township() {
    let driver = Driver::start();
    let mut relay = Relay::start();
    let scribe = Person::with_phone("scribe", &driver).await;
    let secretary = Person::with_phone("secretary", &driver).await;
    let office = Person::at_desk("office", &driver).await;
    for person in [&scribe, &secretary, &office] {
        enrol(person, &relay, person.name).await;
    }

    relay.stop();
    scribe.open(&relay.page("/registers")).await;
    scribe.find(".register-row").await;
    scribe.picture("registers").await;
    scribe.tap("a[aria-label='新建活动任务']").await;
    scribe.fill("任务（必填）", "清扫村道").await;
    scribe.reload().await;
    scribe.sees_words("上次没写完的还在这里").await;
    scribe.fill("地点", "村口").await;
    scribe.picture("register-form").await;
    scribe.tap_words("建立记录").await;
    scribe.sees_words("记为已开展").await;
    let record = scribe.driver().current_url().await.unwrap().path().to_owned();

    for (place, name) in ["王", "李"].into_iter().enumerate() {
        scribe.fill("添加人员", name).await;
        scribe.tap("ul[aria-label='添加人员'] button").await;
        scribe.sees_words(&format!("{} 人次", place + 1)).await;
    }
    scribe.fill("添加人员", "外村志愿者").await;
    scribe.tap_words("按姓名添加“外村志愿者”").await;
    scribe.sees_words("3 人次").await;
    scribe.tap_words("记为已开展").await;
    scribe.confirm("记为已开展").await;
    scribe.sees_words("核对名单：这一步要换一个人来做").await;
    scribe.sees_words("仅在本机").await;
    scribe.picture("record").await;

    relay.resume();
    scribe.sees_words("全部已到乡里").await;
    secretary.open(&relay.page(&record)).await;
    secretary.tap_words("核对名单").await;
    secretary.confirm("核对名单").await;
    secretary.sees_words("这条记录已办完").await;
    secretary.sees_words("全部已到乡里").await;

    office.open(&relay.page(&record)).await;
    office.sees_words("这条记录已办完").await;
    office.picture("record-office").await;
    office.open(&relay.page("/board")).await;
    let behind = |measure: &str| format!("a[href^='/registers/activity?'][href*='measure={measure}']");
    for (measure, count) in [("activities", "1"), ("person-times", "3"), ("persons", "3")] {
        assert_eq!(office.reads(&format!("{} strong", behind(measure))).await, count, "{measure}");
    }
    office.picture("board-registers").await;
    office.tap(&behind("activities")).await;
    office.sees_words("只列：活动次数").await;
    office.sees_words("清扫村道").await;
    secretary.open(&relay.page("/registers")).await;
    assert_eq!(secretary.reads("a[href='/registers/activity'] .register-figures").await, NUMBERS);
    office.open(&relay.page("/registers/activity")).await;
    office.sees_words("清扫村道").await;
    office.sees_words("不能新建。可以做的有：").await;
    office.picture("register-list").await;
    office.open(&relay.page(&format!("{record}/print"))).await;
    office.sees_words("外村志愿者").await;
    office.picture("record-print").await;
    for person in [scribe, secretary, office] {
        person.leave().await;
    }
}
