//! The line breaks in the middle of a message, over and over: nothing arrives twice and nothing is lost.

use std::collections::BTreeSet;

use harness::cable::{Cut, Way};
use harness::steps::{create_meeting, enrol_at};
use harness::{Auditor, Cable, Driver, Person, Relay};

/// How many people are marked present in each round.
const TICKS: usize = 3;

/// Cuts of one round: in a request, in an answer, in both, at beginnings and in the middle.
const ROUNDS: [&[Cut]; 4] = [
    &[Cut { way: Way::Up, after: 40 }],
    &[Cut { way: Way::Down, after: 10 }, Cut { way: Way::Down, after: 700 }],
    &[Cut { way: Way::Up, after: 1 }, Cut { way: Way::Down, after: 1 }, Cut { way: Way::Up, after: 900 }],
    &[Cut { way: Way::Down, after: 60 }, Cut { way: Way::Up, after: 300 }],
];

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_breaks_neither_doubles_nor_loses() {
    let driver = Driver::start();
    let relay = Relay::start();
    let cable = Cable::to(&relay).await;
    let scribe = Person::with_phone("scribe", &driver).await;
    enrol_at(&scribe, &cable.through(&relay.link("scribe"))).await;
    let meeting = create_meeting(&scribe, &cable.through(&relay.url()), "无记名纸票").await;
    scribe.tap_words("开始到会登记").await;
    scribe.tap_words("登记到会").await;
    scribe.find(".roll").await;

    for (round, cuts) in ROUNDS.iter().enumerate() {
        cable.plan(cuts);
        for row in round * TICKS + 1..=(round + 1) * TICKS {
            scribe.tap(&format!(".roll > li:nth-child({row}) .roll-name")).await;
            scribe.find(&format!(".roll > li:nth-child({row})[data-status=here]")).await;
        }
        cable.all_cut().await;
        scribe.sees_words("全部已到乡里").await;
    }

    let planned: usize = ROUNDS.iter().map(|cuts| cuts.len()).sum();
    assert_eq!(cable.count(), planned);
    let auditor = Auditor::enrol(&relay, "office").await;
    let sent = auditor.sent();
    let distinct: BTreeSet<_> = sent.iter().map(|batch| (batch.device, batch.number)).collect();
    assert_eq!(distinct.len(), sent.len(), "no batch stands twice in a log");
    let marked = auditor.marked();
    assert_eq!(marked.len(), ROUNDS.len() * TICKS, "every mark is at the township, once");
    assert_eq!(marked.iter().collect::<BTreeSet<_>>().len(), marked.len());

    scribe.open(&cable.through(&relay.page(&format!("{meeting}/roll")))).await;
    scribe.find(&format!(".roll > li:nth-child({})[data-status=here]", marked.len())).await;
    assert_eq!(scribe.count(".roll > li[data-status=here]").await, marked.len(), "the phone shows what the relay has");
    scribe.leave().await;
}
