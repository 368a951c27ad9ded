//! What people do at every meeting: enrolling, creating it, calling the roll, opening the vote, entering ballots.

use crate::{Person, Relay};

/// The village of the sample whose people hold the devices.
pub const VILLAGE: &str = "420529202207";

/// Takes up the enrolment link of a role; waits until the page can be opened without the relay.
pub async fn enrol(person: &Person, relay: &Relay, role: &str) {
    enrol_at(person, &relay.link(role)).await;
}

/// Takes up an enrolment link as it was handed over.
pub async fn enrol_at(person: &Person, link: &str) {
    person.open(link).await;
    person.tap_words("登记").await;
    person.sees_words("全部已到乡里").await;
    person.waits_for_offline_copy().await;
}

/// Creates the meeting of the day with the first chair, teller and scrutineer that the page offers.
///
/// `origin` is the address of the page with its last slash; returns the path of the meeting.
pub async fn create_meeting(person: &Person, origin: &str, mode: &str) -> String {
    person.open(&format!("{origin}villages/{VILLAGE}/new-meeting")).await;
    person.choose("主持人", 0).await;
    person.choose("计票人", 0).await;
    person.choose("监票人", 1).await;
    person.tap_starting_with(mode).await;
    person.tap_words("建立会议").await;
    person.sees_words("开始到会登记").await;
    person.driver().current_url().await.unwrap().path().to_owned()
}

/// Creates a meeting, begins the roll and opens it; returns the path of the roll's page.
pub async fn open_roll(person: &Person, origin: &str) -> String {
    let meeting = create_meeting(person, origin, "无记名纸票").await;
    person.tap_words("开始到会登记").await;
    person.tap_words("登记到会").await;
    person.find(".roll").await;
    format!("{meeting}/roll")
}

/// Opens the roll and marks the first people of each body present, then the rest absent.
pub async fn call_roll(person: &Person, members: usize, representatives: usize) {
    person.tap_words("开始到会登记").await;
    person.tap_words("登记到会").await;
    person.find(".roll").await;
    mark_present(person, members).await;
    person.tap_starting_with("村民代表（").await;
    mark_present(person, representatives).await;
    person.moves_on("宣布人数已够").await;
    person.moves_on("开始投票").await;
}

async fn mark_present(person: &Person, count: usize) {
    for row in 1..=count {
        let row = format!(".roll > li:nth-child({row})");
        person.tap(&format!("{row} .roll-name")).await;
        person.find(&format!("{row}[data-status=here]")).await;
    }
}

/// Writes down which serials a group received; the page offers the next group and number by itself.
pub async fn issue(person: &Person, last: u32) {
    person.fill("到票号", &last.to_string()).await;
    person.tap_words("记下发票").await;
    person.sees_words(&format!("–{last:03}")).await;
}

/// Enters a pile of paper ballots by keyboard: `levels` gives the level's place of each subject of each ballot.
pub async fn enter_pile(person: &Person, serials: std::ops::RangeInclusive<u32>, levels: impl Fn(u32) -> String) {
    for serial in serials {
        person.sees("h1", &format!("{serial:03} 号票")).await;
        person.press(&levels(serial)).await;
        person.tap_words("存好，录下一张").await;
    }
}

/// Hands the phone that is the urn to the next voter, who fills in a ballot and drops it; turns count from 1.
pub async fn take_turn(person: &Person, turn: u32) {
    person.sees_words(&format!("已投 {} 人", turn - 1)).await;
    person.tap(".list button").await;
    person.tap_starting_with("我是").await;
    // Members do not rate themselves: the page says how many are to be rated.
    let progress = person.reads(".keypad .progress-count").await;
    let (_, rated) = progress.split_once(" / ").unwrap();
    person.press(&uneven(turn, rated.parse().unwrap())).await;
    person.tap_words("投入票箱").await;
    person.confirm("投入票箱").await;
    person.sees_words("已投入票箱，谢谢").await;
    person.tap_words("交回了，下一位").await;
}

/// Returns what a ballot gives each of so many subjects, as the keys of their levels: uneven, the same on every phone.
pub fn uneven(serial: u32, subjects: u32) -> String {
    (0..subjects).map(|subject| char::from(b'1' + ((serial * 7 + subject * 3 + serial * subject) % 4) as u8)).collect()
}
