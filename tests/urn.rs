//! The urn: what is in it is on one phone alone until closing, and comes out without times and without order.

use harness::steps::{call_roll, create_meeting, enrol, take_turn};
use harness::{Auditor, Driver, Person, Relay};
use shared::domain::meeting::MeetingFact;

/// The voters who take a turn.
const VOTERS: u32 = 4;
const MEMBERS_PRESENT: usize = 22;
const REPRESENTATIVES_PRESENT: usize = 19;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_ballot_leaves_the_urn_before_closing() {
    let driver = Driver::start();
    let relay = Relay::start();
    let mut auditor = Auditor::enrol(&relay, "office").await;
    let secretary = Person::with_phone("secretary", &driver).await;
    enrol(&secretary, &relay, "secretary").await;
    let meeting = create_meeting(&secretary, &relay.url(), "无记名手机票箱").await;
    call_roll(&secretary, MEMBERS_PRESENT, REPRESENTATIVES_PRESENT).await;
    secretary.open(&relay.page(&format!("{meeting}/ballots"))).await;
    secretary.tap_words("用这部手机当票箱").await;
    for turn in 1..=VOTERS {
        take_turn(&secretary, turn).await;
    }
    secretary.sees_words("全部已到乡里").await;

    auditor.sync().await;
    let facts = auditor.facts();
    let voted = facts.iter().filter(|fact| matches!(fact, MeetingFact::Voted(_))).count();
    assert_eq!(voted, VOTERS as usize, "the township knows who took a turn");
    let telling = facts.iter().filter(|fact| tells_of_marks(fact)).count();
    assert_eq!(telling, 0, "and nothing of what they said: {facts:?}");
    let of_meetings = auditor.sent().into_iter().filter(|sent| sent.address.as_meeting().is_some());
    let others: usize = of_meetings.flat_map(|sent| sent.changes).map(|change| change.others).sum();
    assert_eq!(others, 0, "a meeting's document holds facts, every one of which was looked at");

    secretary.open(&relay.page(&meeting)).await;
    secretary.tap_words("收票结束").await;
    secretary.confirm("收票结束").await;
    secretary.moves_on("开箱").await;
    secretary.moves_on("计票").await;
    // Before the page is left: one that was opened anew claims nothing of receipts that came earlier.
    secretary.sees_words("全部已到乡里").await;
    secretary.open(&relay.page(&format!("{meeting}/result"))).await;
    secretary.find("[data-digest]").await;

    auditor.sync().await;
    let tallies: Vec<_> = auditor
        .facts()
        .into_iter()
        .filter_map(|fact| if let MeetingFact::Urn(tally) = fact { Some(tally) } else { None })
        .collect();
    assert_eq!(tallies.len(), 1, "the urn is emptied once, in one change");
    assert_eq!(tallies[0].dropped.values().sum::<u32>(), VOTERS);
    for marks in tallies[0].marks.values().flatten() {
        assert!(marks.is_sorted(), "no order of turns, no ballot as a whole: {marks:?}");
    }
    assert!(auditor.facts().iter().filter(|fact| tells_of_marks(fact)).count() == 1);
    secretary.leave().await;
}

fn tells_of_marks(fact: &MeetingFact) -> bool {
    matches!(fact, MeetingFact::Paper(_) | MeetingFact::Hands(_) | MeetingFact::Urn(_))
}
