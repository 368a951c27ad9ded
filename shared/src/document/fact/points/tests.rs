//! Facts of points keep their bytes for ever and read back.

use std::fmt::Write as _;

use super::*;
use crate::cbor::DecodeError;
use crate::document::fact::{
    Adopted, pack_points, pack_points_adopted, read_any_adopted, read_points, read_points_adopted,
};
use crate::domain::points::fact::BATCH_LIMIT;
use crate::domain::rulebook::points::{Category, PointItem, PointsAdoption, PointsRule};
use crate::id::DeviceNumber;

fn ids(text: &str) -> BTreeSet<FactId> {
    text.split_whitespace().map(|id| id.parse().unwrap()).collect()
}

fn claim() -> PointClaim {
    PointClaim {
        account: "h-7".parse().unwrap(),
        person: Some("p-1".parse().unwrap()),
        item: "cleanup".parse().unwrap(),
        date: "2026-11-23".parse().unwrap(),
        points: Some(-3),
        occasion: "扫雪".to_owned(),
        note: "村口".to_owned(),
    }
}

/// One fact of every kind, with every field in use.
fn every_fact() -> Vec<PointFact> {
    let date: Date = "2026-11-23".parse().unwrap();
    let entry: FactId = "SH1-42".parse().unwrap();
    let (from, into) = ("h-1".parse().unwrap(), "h-2".parse().unwrap());
    let reason = "记错".to_owned();
    let seal = MonthSeal {
        month: date.month(),
        up_to: [("SH1".parse().unwrap(), 300), ("SH2".parse().unwrap(), 7)].into(),
        rules: [(date.month(), ("points".parse().unwrap(), 2))].into(),
        barred: ids("SH1-4"),
        digest: [7; 32],
    };
    vec![
        PointFact::Claimed(claim()),
        PointFact::Claimed(PointClaim {
            person: None,
            points: None,
            occasion: String::new(),
            note: String::new(),
            ..claim()
        }),
        PointFact::Moved(Moving {
            step: PointStep::Release,
            entries: ids("SH1-1 SH1-2 SH1-3 SH1-5 SH2-6"),
            words: "不是同一次".to_owned(),
            follows: ids("SH3-9"),
        }),
        PointFact::Told(Telling { entry: entry.clone(), date, answer: "认可".to_owned() }),
        PointFact::Reversed(Reversal { entry: entry.clone(), reason: reason.clone() }),
        PointFact::Closed(Box::new(seal)),
        PointFact::Shared(HonourShare { from, to: into, points: 40, words: "分户协议".to_owned() }),
        PointFact::Linked(AccountLink {
            from: "h-1".parse().unwrap(),
            into: "h-2".parse().unwrap(),
            words: "并户".to_owned(),
        }),
        PointFact::Keeper(KeeperNamed { device: DeviceNumber(0x8000_0001), replaces: vec![entry.clone()] }),
        PointFact::Asked(Redemption { account: "h-1".parse().unwrap(), points: 30, goods: "肥皂".to_owned(), date }),
        PointFact::HandedOver(HandOver { redemption: entry.clone(), keeper: "SH3-8".parse().unwrap() }),
        PointFact::Cancelled(Cancellation { redemption: entry, reason }),
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What was written means the same for ever: another byte here would change what phones have.
#[test]
fn the_bytes_never_change() {
    let packed: Vec<String> = every_fact().iter().map(|fact| hex(&pack_points(fact))).collect();
    assert_eq!(packed, GOLDEN);
}

const GOLDEN: [&str; 12] = [
    "a80018600163682d370263702d310367636c65616e75700419265f05220666e689abe99baa0766e69d91e58fa3",
    "a40018600163682d370367636c65616e75700419265f",
    "a500186101060283836353483101038363534831050183635348320601036fe4b88de698afe5908ce4b880e6aca10481\
     83635348330901",
    "a400186201665348312d34320219265f0366e8aea4e58faf",
    "a300186301665348312d34320266e8aeb0e99499",
    "a600186401195f020282826353483119012c826353483207038183195f0266706f696e74730204818363534831040105\
     58200707070707070707070707070707070707070707070707070707070707070707",
    "a50018650163682d310263682d32031828046ce58886e688b7e58d8fe8aeae",
    "a40018660163682d310263682d320366e5b9b6e688b7",
    "a3001867011a800000010f81665348312d3432",
    "a50018680163682d3102181e0366e882a5e79a820419265f",
    "a300186901665348312d343202655348332d38",
    "a300186a01665348312d34320266e8aeb0e99499",
];

#[test]
fn every_fact_reads_back() {
    for fact in every_fact() {
        let bytes = pack_points(&fact);
        assert_eq!(read_points(&bytes).as_ref(), Ok(&fact));
        assert!((0..bytes.len()).all(|end| read_points(&bytes[..end]).is_err()), "no part of a fact is a fact");
    }
}

#[test]
fn runs_are_limited() {
    let huge = |count: u64| {
        let mut pack = Pack::new();
        pack.uint(KIND, MOVED).uint(1, 0);
        pack.put(2, |writer| _ = writer.array(1).array(3).text("SH1").uint(1).uint(count));
        read_points(&pack.finish())
    };
    assert!(huge(BATCH_LIMIT as u64).is_ok());
    assert_eq!(huge(BATCH_LIMIT as u64 + 1), Err(DecodeError::TooLong), "a few bytes do not claim a million facts");
    assert_eq!(huge(u64::from(u32::MAX)), Err(DecodeError::Shape));
}

#[test]
fn an_adopted_rule_reads_back_beside_a_rulebook() {
    let category =
        |id: &str, per_month| Category { id: id.parse().unwrap(), name: "人居环境".to_owned(), per_month };
    let item = |id: &str, points, cap| PointItem {
        id: id.parse().unwrap(),
        name: "扫雪".to_owned(),
        points,
        category: "environment".parse().unwrap(),
        per_day: cap,
        per_month: None,
        evidence: "照片不计分".to_owned(),
    };
    let rule = PointsRule {
        id: "points".parse().unwrap(),
        version: 3,
        title: "积分办法".to_owned(),
        categories: vec![category("environment", Some(20)), category("service", None)],
        items: vec![item("cleanup", 5, None), item("dumping", -5, Some(5))],
        gain_per_month: Some(30),
        loss_per_month: None,
        base: 100,
        redemption: true,
    };
    let adopted =
        PointsAdoption { rule, from: "2026-10-01".parse().unwrap(), adopted_at: "村民代表会议".to_owned() };
    let bytes = pack_points_adopted(&adopted);
    assert_eq!(read_points_adopted(&bytes).as_ref(), Ok(&adopted));
    assert_eq!(read_any_adopted(&bytes), Ok(Adopted::Points(Box::new(adopted))));
    assert!((0..bytes.len()).all(|end| read_points_adopted(&bytes[..end]).is_err()));
}
