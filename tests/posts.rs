//! A village carries somebody's month in a post from its log to its stars, each duty by another person, and the
//! township sees the stars.

use harness::steps::{VILLAGE, enrol};
use harness::{Driver, Person, Relay};

/// What stands at the head of a month, whoever looks at it.
const WORD: &str = ".record-head .badge";

#[tokio::test(flavor = "multi_thread")]
async fn a_month_in_a_post_goes_through_four_hands_to_its_stars() {
    let driver = Driver::start();
    let mut relay = Relay::start();
    let secretary = Person::with_phone("secretary", &driver).await;
    let scribe = Person::with_phone("scribe", &driver).await;
    let supervision = Person::with_phone("supervision", &driver).await;
    let office = Person::at_desk("office", &driver).await;
    for person in [&secretary, &scribe, &supervision, &office] {
        enrol(person, &relay, person.name).await;
    }

    secretary.open(&relay.page("/posts")).await;
    secretary.picture("posts-closed").await;
    secretary.tap_starting_with("开2").await;
    secretary.sees_words("按《月度量化评议办法》第 1 版").await;
    secretary.sees_words("全部已到乡里").await;
    scribe.open(&relay.page("/posts")).await;
    scribe.sees_words("按《月度量化评议办法》第 1 版").await;

    relay.stop();
    scribe.tap_starting_with("谁在什么岗").await;
    scribe.choose("岗位", 1).await;
    scribe.fill("人员", "王").await;
    scribe.tap("ul[aria-label='人员'] button").await;
    scribe.tap_words("记下").await;
    let name = scribe.reads(".record-line .record-name").await;
    scribe.picture("posts-held").await;
    scribe.open(&relay.page("/posts")).await;
    scribe.tap_words("记一条").await;
    scribe.fill("做了什么", "扫了村口的路").await;
    scribe.picture("posts-log").await;
    scribe.tap_words("记下").await;
    scribe.sees_words("记下了：").await;
    scribe.open(&relay.page("/posts")).await;
    scribe.sees_words("已有记录 0 条，另记 1 条").await;
    scribe.picture("posts").await;
    scribe.tap("ul[aria-label='本月在岗'] a").await;
    scribe.sees_words("扫了村口的路").await;
    scribe.tap_words("写自评").await;
    scribe.type_into("dialog[open] textarea", "每周扫两次").await;
    scribe.confirm("自评").await;
    scribe.sees(WORD, "已自评").await;
    scribe.sees_words("审核这个月：可以做的有：").await;
    scribe.picture("posts-month").await;
    let month = scribe.driver().current_url().await.unwrap().path().to_owned();

    relay.resume();
    scribe.sees_words("全部已到乡里").await;
    supervision.open(&relay.page(&month)).await;
    supervision.tap_words("审核这个月").await;
    supervision.confirm("审核这个月").await;
    supervision.sees(WORD, "已审核").await;
    supervision.sees_words("全部已到乡里").await;

    secretary.open(&relay.page(&month)).await;
    secretary.tap_words("去打分").await;
    for key in ["9", "2", ".", "5"] {
        secretary.tap_words(key).await;
    }
    secretary.sees(".number-pad-figures", "92.5").await;
    secretary.picture("posts-score").await;
    secretary.tap(".number-pad-key[data-enter]").await;
    secretary.sees_words("可打分的都打完了").await;
    secretary.open(&relay.page(&month)).await;
    secretary.tap_words("公示分数").await;
    secretary.confirm("公示分数").await;
    secretary.sees(WORD, "已公示").await;
    secretary.sees_words("确认分数：这一步要换一个人来做").await;
    secretary.sees_words("全部已到乡里").await;

    supervision.sees(WORD, "已公示").await;
    supervision.tap_words("确认分数").await;
    supervision.confirm("确认分数").await;
    supervision.sees(WORD, "已确认").await;
    supervision.sees_words("4 星（92.50）").await;
    supervision.sees_words("有记录的只有 1 个月，满 2 个月才评").await;
    supervision.sees_words("今年没有评议会评定").await;
    supervision.sees_words("全部已到乡里").await;
    supervision.picture("posts-stars").await;

    office.open(&relay.page(&format!("/villages/{VILLAGE}/posts"))).await;
    office.sees_words(&name).await;
    office.sees_words("已确认").await;
    office.picture("posts-office").await;
    for person in [secretary, scribe, supervision, office] {
        person.leave().await;
    }
}
