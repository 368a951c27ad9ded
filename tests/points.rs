//! A month of points: a rule adopted by a vote, an event claimed at once, a duplicate from two phones, an objection of
//! the last day that arrives after confirmation, the month closed, and a household that splits.

#![allow(clippy::unwrap_used, reason = "a journey stops where it cannot go on")]

use std::time::{Duration, SystemTime};

use harness::steps::{enrol, enrol_at};
use harness::{Driver, Person, Relay};
use serde_json::Value;
use shared::time::{Date, Month};
use thirtyfour::prelude::*;

/// Households that took part; none is of somebody who checks.
const HOMES: [&str; 3] = ["101", "102", "103"];
/// Puts a text into the field under a label, of the open dialog where there is one.
const WRITE: &str = "
    const [name, text] = arguments;
    const place = document.querySelector('dialog[open]') ?? document;
    const label = [...place.querySelectorAll('label')].find((label) => label.textContent.trim() === name);
    const field = label && document.getElementById(label.htmlFor);
    if (!field) return false;
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    return true;";

#[tokio::test(flavor = "multi_thread")]
async fn a_month_of_points_with_a_duplicate_a_late_objection_and_a_split() {
    let driver = Driver::start();
    let mut relay = Relay::start();
    let secretary = Person::with_phone("secretary", &driver).await;
    let scribe = Person::with_phone("scribe", &driver).await;
    let supervision = Person::with_phone("supervision", &driver).await;
    for person in [&secretary, &scribe, &supervision] {
        enrol(person, &relay, person.name).await;
    }
    let link = invited(&secretary, &relay).await;
    let elected = Person::with_phone("a representative", &driver).await;
    enrol_at(&elected, &link).await;
    let last = Month::from_number(today().month().number() - 1).unwrap();
    adopts(&secretary, &relay, last).await;
    scribe.open(&relay.page("/points/rule")).await;
    scribe.sees_words("村民积分办法（第 1 版）").await;
    scribe.sees_words("通过并采用：可以做的有：").await;
    elected.open(&relay.page("/points/rule")).await;
    elected.sees_words("村民积分办法（第 1 版）").await;

    // Without a network two phones record one event; the second knows nothing of the first.
    relay.stop();
    claims(&scribe, &relay, last, &HOMES).await;
    claims(&elected, &relay, last, &HOMES[..1]).await;
    relay.resume();
    for person in [&scribe, &elected] {
        person.sees_words("全部已到乡里").await;
    }
    supervision.open(&relay.page("/points/entries?at=held")).await;
    supervision.sees_words("找到 1 条").await;
    supervision.tap(".points-entry a").await;
    supervision.sees_words("可能和这一笔重复").await;
    supervision.picture("points-twin").await;
    supervision.tap_words("驳回").await;
    write(&supervision, "原因", "同一次活动").await;
    supervision.confirm("驳回").await;
    supervision.sees(".record-head .badge", "已驳回").await;

    let notice = published(&secretary, &scribe, &supervision, &relay).await;
    supervision.open(&relay.page(&format!("/record/{notice}"))).await;
    supervision.tap_words("审核").await;
    supervision.confirm("审核").await;
    supervision.sees_words("全部已到乡里").await;
    secretary.open(&relay.page(&format!("/record/{notice}"))).await;
    secretary.tap_words("张贴").await;
    let posted = today().plus_days(-20).unwrap();
    write(&secretary, "哪一天", &posted.to_string()).await;
    secretary.confirm("张贴").await;
    secretary.sees(".record-head .badge", "公示中").await;
    secretary.sees_words("全部已到乡里").await;

    // On the last day somebody objects, by mouth to the scribe; the phone is out of reach while the secretary confirms
    // the notice and books what was on it.
    relay.stop();
    let objection = objects(&scribe, &relay, &notice, posted.plus_days(5).unwrap()).await;
    secretary.tap_words("公示期满确认").await;
    secretary.confirm("公示期满确认").await;
    secretary.sees(".record-head .badge", "已确认").await;
    moves_all(&secretary, &relay, "noticed", "入账", &[]).await;
    relay.resume();
    scribe.sees_words("全部已到乡里").await;
    supervision.open(&relay.page("/points/entries?at=objected")).await;
    supervision.sees_words("找到 1 条").await;
    supervision.tap(".points-entry a").await;
    supervision.sees_words("入账以后才收到异议").await;
    supervision.picture("points-objected").await;
    supervision.tap_words("暂缓计入").await;
    write(&supervision, "原因", "公示期内有异议").await;
    supervision.confirm("暂缓计入").await;
    supervision.sees(".record-head .badge", "暂缓").await;
    let held = supervision.driver().current_url().await.unwrap().path().to_owned();
    supervision.sees_words("全部已到乡里").await;

    // The month is closed with what counts; what the committee lets pass later is an adjustment.
    secretary.open(&relay.page("/points")).await;
    secretary.choose("哪个月", 1).await;
    secretary.sees(".facts .fact:nth-child(3) dd", "10 分").await;
    secretary.picture("points").await;
    secretary.tap_starting_with("关账：").await;
    let (year, number) = last.parts();
    secretary.confirm(&format!("关账：{year}年{number}月")).await;
    secretary.sees(".facts .fact:nth-child(1) dd", "已关账").await;
    secretary.sees_words("全部已到乡里").await;
    dismissed(&supervision, &relay, &objection).await;
    supervision.open(&relay.page(&held)).await;
    supervision.tap_words("放行").await;
    write(&supervision, "原因", "异议不成立").await;
    supervision.confirm("放行").await;
    supervision.sees(".record-head .badge", "已入账").await;
    supervision.sees_words("全部已到乡里").await;

    let account = format!("/points/account/{}", HOMES[0]);
    secretary.open(&relay.page(&account)).await;
    secretary.sees_words("补录调整，记入").await;
    secretary.sees_words("105 分").await;
    secretary.picture("points-account").await;
    splits(&secretary).await;
    secretary.sees_words("全部已到乡里").await;
    secretary.open(&relay.page("/points/account/901")).await;
    secretary.sees_words("140 分").await;
    scribe.open(&relay.page(&account)).await;
    scribe.sees_words("65 分").await;
    scribe.sees_words("分户与并户：可以做的有：").await;
    scribe.open(&relay.page(&format!("/points/print?month={last}"))).await;
    scribe.sees_words("参加环境整治（清扫河道）").await;
    scribe.picture("points-print").await;
    for person in [secretary, scribe, supervision, elected] {
        person.leave().await;
    }
}

fn today() -> Date {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    // China is eight hours ahead; 1970-01-01 has the Julian day number 2440588.
    let days = i32::try_from((seconds + 8 * 3600) / 86400).unwrap();
    Date::from_day_number(days + 2_440_588).unwrap()
}

async fn write(person: &Person, label: &str, text: &str) {
    let written = person.driver().execute(WRITE, vec![Value::from(label), Value::from(text)]).await.unwrap();
    assert_eq!(written.json(), &Value::Bool(true), "{} finds no field {label:?}", person.name);
}

async fn pick(person: &Person, label: &str, option: &str) {
    let path = format!("//label[normalize-space(.)='{label}']/..//option[normalize-space(.)='{option}']");
    let query = person.driver().query(By::XPath(path)).wait(Duration::from_secs(10), Duration::from_millis(25));
    query.first().await.unwrap().click().await.unwrap();
}

/// The secretary invites a representative; returns the link.
async fn invited(secretary: &Person, relay: &Relay) -> String {
    secretary.open(&relay.page("/devices")).await;
    secretary.sees_words("登记新设备").await;
    secretary.choose("在哪里", 0).await;
    pick(secretary, "职责", "村民代表").await;
    secretary.fill("姓名", "代表甲").await;
    secretary.fill("设备号", "JLP8").await;
    secretary.tap_words("生成邀请").await;
    secretary.sees_words("邀请已生成").await;
    secretary.tap_words("看邀请链接").await;
    secretary.reads(".invitation-link").await
}

/// The secretary adopts the sample with one warning answered, from the first day of a month.
async fn adopts(secretary: &Person, relay: &Relay, from: Month) {
    secretary.open(&relay.page("/points/rule")).await;
    secretary.tap_words("从样例办法开始").await;
    secretary.sees_words("看过一遍，没有要注意的").await;
    secretary.tap_starting_with("参加环境整治").await;
    write(secretary, "怎么核实", "").await;
    secretary.confirm("好了").await;
    write(secretary, "从哪一天起", &from.first_day().to_string()).await;
    secretary.fill("哪次会议", "村民代表会议").await;
    for (label, number) in [("应到人数", "30"), ("实到人数", "25"), ("同意人数", "24")] {
        secretary.fill(label, number).await;
    }
    secretary.tap_words("通过并采用").await;
    secretary.sees_words("每条提醒都要答复").await;
    secretary.picture("points-rule").await;
    secretary.fill("“参加环境整治”：没有写怎么核实", "大家一起做，都看得到").await;
    secretary.tap_words("通过并采用").await;
    secretary.sees_words("应到 30，实到 25，同意 24").await;
    secretary.sees_words("全部已到乡里").await;
}

/// Somebody ticks households of one event and saves once.
async fn claims(person: &Person, relay: &Relay, month: Month, homes: &[&str]) {
    person.open(&relay.page("/points/claim")).await;
    person.sees_words("谁参加了").await;
    let day = month.first_day().plus_days(11).unwrap();
    write(person, "日期", &day.to_string()).await;
    person.choose("积分项", 0).await;
    person.fill("活动名称", "清扫河道").await;
    person.tap_words("按户").await;
    for (place, home) in homes.iter().enumerate() {
        person.fill("查找", home).await;
        person.tap(&format!(".points-ticks[aria-label='谁参加了（已选 {place}）'] > li:only-child .points-tick")).await;
        person.sees_words(&format!("已选 {}", place + 1)).await;
    }
    person.picture(&format!("points-claim-{}", homes.len())).await;
    person.tap_words(&format!("记下 {} 笔", homes.len())).await;
    person.sees_words(&format!("找到 {} 条", homes.len())).await;
}

/// Somebody takes a step with everything that stands somewhere.
async fn moves_all(person: &Person, relay: &Relay, at: &str, step: &str, words: &[(&str, &str)]) {
    person.open(&relay.page(&format!("/points/entries?at={at}"))).await;
    person.sees_words("找到 3 条").await;
    person.tap_starting_with("全选能办的").await;
    person.tap_words(step).await;
    for (label, text) in words {
        write(person, label, text).await;
    }
    if !words.is_empty() {
        person.confirm(step).await;
    }
    person.sees_words("找到 0 条").await;
}

/// Verified by one, approved by another, put up by a third; returns the number of the notice.
async fn published(secretary: &Person, scribe: &Person, supervision: &Person, relay: &Relay) -> String {
    scribe.open(&relay.page("/points/entries?at=claimed")).await;
    scribe.tap(".points-entry a").await;
    scribe.sees_words("要换一个人来办").await;
    moves_all(supervision, relay, "claimed", "核实", &[]).await;
    supervision.sees_words("全部已到乡里").await;
    moves_all(secretary, relay, "verified", "评议通过", &[("哪次会议", "村民代表会议")]).await;
    secretary.sees_words("全部已到乡里").await;
    moves_all(scribe, relay, "deliberated", "公示", &[("张贴地点", "村委会墙"), ("张贴人", "文书")]).await;
    scribe.sees_words("全部已到乡里").await;
    scribe.open(&relay.page("/points/entries?at=noticed")).await;
    scribe.sees_words("找到 3 条").await;
    scribe.picture("points-entries").await;
    scribe.tap(".points-entry a").await;
    scribe.sees_words("公示（").await;
    let text = scribe.page_text().await;
    let (_, after) = text.split_once("公示（").unwrap();
    after.split_once('）').unwrap().0.to_owned()
}

/// The scribe writes down an objection to the first line of a notice, for the household of the lowest number.
async fn objects(scribe: &Person, relay: &Relay, notice: &str, day: Date) -> String {
    let (device, number) = notice.rsplit_once('-').unwrap();
    let line = format!("{device}-{}", number.parse::<u32>().unwrap() + 1);
    scribe.open(&relay.page("/registers/objection/new")).await;
    scribe.fill("异议内容（必填）", "那天没有来").await;
    scribe.tap_words("口头").await;
    scribe.fill("公示编号（必填）", notice).await;
    scribe.fill("条目编号", &line).await;
    write(scribe, "日期", &day.to_string()).await;
    scribe.tap_words("建立记录").await;
    scribe.sees(".record-head .badge", "已提出").await;
    scribe.driver().current_url().await.unwrap().path().to_owned()
}

/// The committee looks into the objection and finds nothing.
async fn dismissed(supervision: &Person, relay: &Relay, objection: &str) {
    supervision.open(&relay.page(objection)).await;
    for step in ["受理", "开始核查"] {
        supervision.tap_words(step).await;
        supervision.confirm(step).await;
    }
    supervision.sees(".record-head .badge", "核查中").await;
    supervision.open(&relay.page(&format!("{objection}/edit"))).await;
    supervision.sees_words("核查情况").await;
    write(supervision, "核查情况", "名单上有签名").await;
    supervision.tap_words("保存改动").await;
    supervision.tap_words("认定不成立").await;
    write(supervision, "原因", "名单上有签名").await;
    supervision.confirm("认定不成立").await;
    supervision.sees(".record-head .badge", "不成立").await;
}

/// The first of the household moves out with forty honour points.
async fn splits(secretary: &Person) {
    secretary.tap_words("分户").await;
    secretary.fill("新户的户号", "901").await;
    secretary.tap("dialog[open] .toggle").await;
    secretary.fill("分给新户的荣誉积分", "40").await;
    write(secretary, "依据", "分户协议").await;
    secretary.confirm("分户").await;
    secretary.sees_words("分户分出或分得").await;
    secretary.picture("points-split").await;
}
