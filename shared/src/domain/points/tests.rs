//! The fold of points: caps, allowances and what is reversed, by hand and over any entries in any order.

use proptest::prelude::*;

use super::*;
use crate::domain::rulebook::points::Category;
use crate::id::RulebookId;

/// One category capped at 20 a month with an item of 5 (10 a month), one of 12 (12 a day) and one that costs 5 (5 a
/// day); one category without a cap; 30 a month in all.
fn rule() -> PointsRule {
    let category = |id: &str, per_month| Category { id: id.parse().unwrap(), name: String::new(), per_month };
    let item = |id: &str, points, category: &str, per_day, per_month| PointItem {
        id: id.parse().unwrap(),
        name: String::new(),
        points,
        category: category.parse().unwrap(),
        per_day,
        per_month,
        evidence: String::new(),
    };
    PointsRule {
        id: RulebookId::new("points").unwrap(),
        version: 1,
        title: String::new(),
        categories: vec![category("environment", Some(20)), category("service", None)],
        items: vec![
            item("cleanup", 5, "environment", None, Some(10)),
            item("courtyard", 12, "environment", Some(12), None),
            item("mediation", 8, "service", None, None),
            item("dumping", -5, "environment", Some(5), None),
        ],
        gain_per_month: Some(30),
        loss_per_month: None,
        base: 0,
        redemption: false,
    }
}

/// Reads `SH1-1 H001 cleanup 2026-10-03 5 booked SH1-9`, where the last word may be left out.
fn entry(line: &str) -> Entry<String> {
    let words: Vec<&str> = line.split(' ').collect();
    Entry {
        id: words[0].parse().unwrap(),
        account: words[1].to_owned(),
        item: words[2].parse().unwrap(),
        date: words[3].parse().unwrap(),
        points: words[4].parse().unwrap(),
        status: match words[5] {
            "booked" => EntryStatus::Booked,
            "held" => EntryStatus::Held,
            _ => EntryStatus::Rejected,
        },
        reverses: words.get(6).map(|id| id.parse().unwrap()),
    }
}

fn entries(lines: &str) -> Vec<Entry<String>> {
    lines.lines().map(|line| entry(line.trim())).collect()
}

/// Folds and prints what each entry counts, by number.
fn counted(lines: &str) -> Vec<String> {
    let ledger = fold(&rule(), &entries(lines)).unwrap();
    ledger.entries.iter().map(|(id, counted)| format!("{id} {} {:?}", counted.points, counted.short)).collect()
}

#[test]
fn caps_go_by_date_and_then_by_number_e27() {
    let lines = counted(
        "A1-10 H1 cleanup 2026-10-03 5 booked
         A1-9 H1 cleanup 2026-10-03 5 booked
         B1-1 H1 cleanup 2026-10-01 5 booked",
    );
    assert_eq!(lines, ["A1-9 5 None", "A1-10 0 Some(Over(ItemMonth))", "B1-1 5 None"]);
}

#[test]
fn an_entry_counts_what_the_tightest_cap_leaves() {
    let lines = counted(
        "A1-1 H1 courtyard 2026-10-05 12 booked
         A1-2 H1 courtyard 2026-10-06 12 booked
         A1-3 H1 mediation 2026-10-07 8 booked
         A1-4 H1 mediation 2026-10-08 8 booked
         A1-5 H1 mediation 2026-11-01 8 booked",
    );
    let expected = [
        "A1-1 12 None",
        "A1-2 8 Some(Over(CategoryMonth))",
        "A1-3 8 None",
        "A1-4 2 Some(Over(AccountMonth))",
        "A1-5 8 None",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn gains_and_losses_have_allowances_of_their_own() {
    let lines = counted(
        "A1-1 H1 courtyard 2026-10-05 12 booked
         A1-2 H1 dumping 2026-10-05 -5 booked
         A1-3 H1 dumping 2026-10-05 -5 booked
         A1-4 H1 cleanup 2026-10-06 5 booked",
    );
    assert_eq!(lines, ["A1-1 12 None", "A1-2 -5 None", "A1-3 0 Some(Over(ItemDay))", "A1-4 5 None"]);
}

#[test]
fn what_is_reversed_held_or_rejected_uses_no_allowance() {
    let lines = counted(
        "A1-1 H1 cleanup 2026-10-01 5 booked
         A1-2 H1 cleanup 2026-10-02 5 held
         A1-3 H1 cleanup 2026-10-03 5 rejected
         A1-4 H1 cleanup 2026-10-04 -5 booked A1-1
         A1-5 H1 cleanup 2026-10-05 -5 held A1-6
         A1-6 H1 cleanup 2026-10-06 10 booked",
    );
    let expected = [
        "A1-1 0 Some(Reversed)",
        "A1-2 0 Some(NotBooked)",
        "A1-3 0 Some(NotBooked)",
        "A1-4 0 Some(Reversal)",
        "A1-5 0 Some(NotBooked)",
        "A1-6 10 None",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn what_cannot_be_folded_is_named() {
    let check = |lines: &str, error| assert_eq!(fold(&rule(), &entries(lines)), Err(error));
    let one = "A1-1 H1 cleanup 2026-10-01 5 booked";
    check(&format!("{one}\n{one}"), PointsError::Twice(1));
    check("A1-1 H1 praise 2026-10-01 5 booked", PointsError::UnknownItem(0));
    check(&format!("{one}\nA1-2 H1 cleanup 2026-10-01 5 booked A1-7"), PointsError::UnknownReversed(1));
    check(&format!("{one} A1-1"), PointsError::UnknownReversed(0));
}

fn any_entries() -> impl Strategy<Value = Vec<Entry<String>>> {
    let one = (0..3u8, 0..4usize, 1..32i32, -15..15i32, 0..5u8, any::<bool>());
    prop::collection::vec(one, 0..40).prop_map(|rows| {
        let rule = rule();
        let row = |(at, (account, item, day, points, status, device)): (usize, (u8, usize, i32, i32, u8, bool))| {
            let first: Date = "2026-10-01".parse().unwrap();
            let item = &rule.items[item];
            Entry {
                id: format!("{}-{}", if device { "A1" } else { "B1" }, at + 1).parse().unwrap(),
                account: format!("H{account}"),
                item: item.id.clone(),
                date: first.plus_days(day).unwrap(),
                points: if points == 0 { item.points } else { points },
                status: if status == 0 { EntryStatus::Held } else { EntryStatus::Booked },
                reverses: None,
            }
        };
        rows.into_iter().enumerate().map(row).collect()
    })
}

proptest! {
    #[test]
    fn arrival_order_changes_nothing(entries in any_entries(), turn in 0..40usize) {
        let ledger = fold(&rule(), &entries).unwrap();
        let mut turned = entries.clone();
        turned.rotate_left(turn % entries.len().max(1));
        turned.reverse();
        prop_assert_eq!(fold(&rule(), &turned).unwrap(), ledger);
    }

    #[test]
    fn no_cap_is_exceeded_and_no_entry_counts_more_than_it_gives(entries in any_entries()) {
        let rule = rule();
        let ledger = fold(&rule, &entries).unwrap();
        let mut gains: BTreeMap<(String, Month), i64> = BTreeMap::new();
        for entry in &entries {
            let counted = ledger.entries[&entry.id].points;
            prop_assert!(counted.abs() <= i64::from(entry.points.abs()) && counted * i64::from(entry.points) >= 0);
            *gains.entry((entry.account.clone(), entry.date.month())).or_default() += counted.max(0);
        }
        prop_assert!(gains.values().all(|gain| *gain <= 30));
        let total: i64 = ledger.totals.values().sum();
        prop_assert_eq!(total, ledger.entries.values().map(|counted| counted.points).sum::<i64>());
    }
}
