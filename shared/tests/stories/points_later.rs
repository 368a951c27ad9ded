//! What becomes of points when a month is closed, a household splits, and goods are handed over.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use shared::domain::command::{PointsRefusal, PointsWish};
use shared::domain::points::fact::{AccountLink, HandOver, HonourShare, PointFact, Redemption};
use shared::domain::points::flow::{PointStep, Stage, State};
use shared::domain::points::{Adjustment, Flag, Flaw, SpentState};
use shared::role::Role;

use super::ledger::{Ledger, claim, entry, home, month, rule};

fn reverse(id: &str) -> PointsWish {
    PointsWish::Reverse { entry: entry(id), reason: "记错".to_owned() }
}

/// October with two booked entries, closed in November.
fn october() -> Ledger {
    let mut ledger = Ledger::new();
    ledger.book(&[("SH1", "h5 cleanup 2026-10-03"), ("SH1", "h6 cleanup 2026-10-03")]);
    ledger.is_refused("SH3", PointsWish::Close(month("2026-10")), PointsRefusal::MonthNotOver(month("2026-10")));
    ledger.today = "2026-11-05".parse().unwrap();
    ledger.does("SH3", PointsWish::Close(month("2026-10")));
    ledger.meet_all();
    assert!(ledger.accounts("SH1").is_closed(month("2026-10")));
    ledger
}

/// E26: what comes late counts in the open month, capped as if it had been there.
#[test]
fn a_late_entry_of_a_closed_month_is_an_adjustment_e26() {
    let mut ledger = october();
    ledger.book(&[("SH1", "h5 cleanup 2026-10-02 at=甲"), ("SH1", "h5 cleanup 2026-10-01 at=乙")]);
    ledger.book(&[("SH1", "h5 cleanup 2026-11-02")]);
    assert_eq!(ledger.drawn("SH1", "h5"), "2026-10 5, 2026-11 10", "5 late, 0 over October's cap, 5 of November");
    let adjustment = |id: &str, points| Adjustment {
        entry: entry(id),
        of: month("2026-10"),
        stands_in: month("2026-11"),
        points,
        takes_back: false,
    };
    let accounts = ledger.accounts("SH1");
    assert_eq!(accounts.adjustments, [adjustment("SH1-4", 0), adjustment("SH1-5", 5)]);
    assert_eq!(ledger.counted("SH1", "SH1-1"), 5, "what was sealed keeps what it counted");
    // Closed in its turn, November keeps its adjustment whatever follows.
    ledger.today = "2027-01-03".parse().unwrap();
    ledger.does("SH3", PointsWish::Close(month("2026-11")));
    ledger.meet_all();
    ledger.does("SH3", reverse("SH1-5"));
    ledger.meet_all();
    assert_eq!(ledger.drawn("SH1", "h5"), "2026-10 5, 2026-11 10, 2026-12 -5");
    assert_eq!(ledger.accounts("SH1").notes, []);
}

#[test]
fn a_reversal_in_a_closed_month_takes_back_what_counted() {
    let mut ledger = october();
    ledger.book(&[("SH1", "h6 mediation 2026-11-02")]);
    ledger.is_refused("SH1", reverse("SH1-9"), PointsRefusal::NoEntry(entry("SH1-9")));
    ledger.does("SH4", reverse("SH1-2"));
    ledger.does("SH3", reverse("SH1-4"));
    ledger.meet_all();
    assert_eq!(ledger.drawn("SH1", "h6"), "2026-10 5, 2026-11 -5");
    assert_eq!([ledger.state("SH1", "SH1-2"), ledger.state("SH1", "SH1-4")], [State::Reversed; 2]);
    let state = PointsRefusal::NoSuchStep { entry: entry("SH1-2"), is: State::Reversed };
    ledger.is_refused("SH3", reverse("SH1-2"), state);
    let closed = PointsRefusal::MonthClosed(month("2026-10"));
    assert_eq!(ledger.step("SH4", PointStep::Hold, "SH1-1"), Err(closed.into()));
}

/// A phone out of reach held an entry for October with a number before the one that counts.
#[test]
fn a_closed_month_stays_as_it_is_whatever_arrives() {
    let mut ledger = Ledger::new();
    ledger.phone("SA1", "p5", &[Role::PartyMember]);
    ledger.does("SA1", claim("h6 mediation 2026-10-03"));
    let away = ledger.facts("SA1");
    ledger.phone("SA1", "p5", &[Role::PartyMember]);
    ledger.book(&[("SH1", "h6 mediation 2026-10-03"), ("SH1", "h5 mediation 2026-10-03")]);
    ledger.today = "2026-11-05".parse().unwrap();
    ledger.does("SH3", PointsWish::Close(month("2026-10")));
    ledger.meet_all();
    let sealed = ledger.accounts("SH3");
    let mut facts = ledger.facts("SH3");
    facts.extend(away);
    // People move house, a child grows up, and the office adopts another rule of that month.
    ledger.roster.people.get_mut(&"p4".parse().unwrap()).unwrap().household = home("h1");
    ledger.adopt(rule(9, false), "2026-10-01");
    let later = ledger.fold(facts);
    assert_eq!((&later.months, &later.closed), (&sealed.months, &sealed.closed));
    assert_eq!(later.entries[&entry("SA1-1")].state, State::Held, "the twin waits, not what counts");
    assert_eq!(later.entries[&entry("SH1-1")].state, State::At(Stage::Booked));
}

#[test]
fn a_seal_that_is_not_found_again_closes_nothing() {
    let mut ledger = october();
    let mut forged = ledger.accounts("SH3").closed[&month("2026-10")].fact.value.clone();
    forged.month = month("2026-11");
    ledger.record("SH3", PointFact::Closed(Box::new(forged)));
    let accounts = ledger.accounts("SH3");
    assert!(!accounts.is_closed(month("2026-11")));
    assert_eq!(accounts.notes.iter().map(|note| note.flaw).collect::<Vec<_>>(), [Flaw::Seal]);
}

/// E29: the history stays with the old household; the new one starts at the rule's base, and honour is shared by word.
#[test]
fn a_household_splits_and_another_joins_e29() {
    let mut ledger = october();
    ledger.villager("n5", "h7", 1995);
    let share = |points| {
        let words = "分户协议".to_owned();
        PointsWish::Share(HonourShare { from: home("h5"), to: home("h7"), points, words })
    };
    let balance = |ledger: &Ledger, account: &str| ledger.accounts("SH3").balance(&home(account));
    assert_eq!((balance(&ledger, "h5").honour(), balance(&ledger, "h7").honour()), (105, 100));
    ledger.is_refused("SH3", share(106), PointsRefusal::NotEnough { has: 105 });
    ledger.does("SH3", share(40));
    assert_eq!((balance(&ledger, "h5").honour(), balance(&ledger, "h7").honour()), (65, 140));
    assert_eq!(ledger.drawn("SH3", "h5"), "2026-10 5", "no entry moves");
    assert_eq!(balance(&ledger, "h7").spendable(), 0, "what is shared is honour");

    let link = |from: &str| {
        let words = "并户".to_owned();
        PointsWish::Link(AccountLink { from: home(from), into: home("h5"), words })
    };
    ledger.is_refused("SH3", link("h5"), PointsRefusal::SameAccount);
    ledger.does("SH3", link("h6"));
    let linked = ledger.accounts("SH3").linked(&home("h6"));
    assert_eq!((linked.accounts.len(), linked.sum.earned, linked.sum.honour()), (2, 10, 170));
    assert!(ledger.ask("SH3", link("h6")).is_err(), "linked once is linked");
}

fn redeem(account: &str, points: u32) -> PointsWish {
    let (goods, date) = ("肥皂".to_owned(), "2026-11-05".parse().unwrap());
    PointsWish::Redeem(Redemption { account: home(account), points, goods, date })
}

/// A village that exchanges points, its secretary's phone keeping the ledger.
fn shop() -> Ledger {
    let mut ledger = october();
    ledger.is_refused("SH1", redeem("h5", 5), PointsRefusal::RedemptionOff);
    ledger.adopt(rule(2, true), "2026-11-01");
    ledger.does("SH3", PointsWish::NameKeeper(ledger.device("SH2")));
    ledger.meet_all();
    ledger
}

#[test]
fn goods_are_handed_over_by_the_keeper_s_device_alone() {
    let mut ledger = shop();
    ledger.is_refused("SH1", redeem("h5", 6), PointsRefusal::NotEnough { has: 5 });
    ledger.is_refused("SH1", redeem("h3", 1), PointsRefusal::Cadre);
    let asked = ledger.does("SH1", redeem("h5", 4)).remove(0);
    ledger.is_refused("SH1", redeem("h5", 2), PointsRefusal::NotEnough { has: 1 });
    ledger.meet_all();
    let keeper = ledger.device("SH2");
    ledger.is_refused("SH9", PointsWish::HandOver(asked.clone()), PointsRefusal::KeeperElsewhere(keeper));
    // A device that says so all the same is not believed: the goods stay where they are.
    let keeper = ledger.accounts("SH9").keeper.facts().remove(0);
    ledger.record("SH9", PointFact::HandedOver(HandOver { redemption: asked.clone(), keeper }));
    assert_eq!(ledger.accounts("SH9").redemptions[&asked].state, SpentState::Pending);
    assert_eq!(ledger.accounts("SH9").notes[0].flaw, Flaw::NotKeeper);
    ledger.does("SH2", PointsWish::HandOver(asked.clone()));
    let balance = ledger.accounts("SH2").balance(&home("h5"));
    assert_eq!((balance.honour(), balance.spendable(), balance.pending), (105, 1, 0), "honour is not spent");
    ledger.is_refused("SH2", PointsWish::HandOver(asked.clone()), PointsRefusal::RedemptionDone(asked));
}

/// E28: an entry is reversed on one phone while goods are handed over for it on another.
#[test]
fn an_entry_reversed_and_redeemed_is_a_flagged_negative_balance_e28() {
    let mut ledger = shop();
    let asked = ledger.does("SH1", redeem("h5", 5)).remove(0);
    ledger.meet_all();
    ledger.does("SH4", reverse("SH1-1"));
    ledger.does("SH2", PointsWish::HandOver(asked.clone()));
    ledger.meet_all();
    let accounts = ledger.accounts("SH1");
    assert_eq!(accounts.balance(&home("h5")).spendable(), -5);
    assert_eq!(accounts.flags, [Flag::Negative(home("h5"))]);
    assert_eq!(accounts.redemptions[&asked].state, SpentState::HandedOver, "nothing is cancelled by itself");
}

#[test]
fn two_keepers_named_apart_hand_over_nothing_until_one_is_named() {
    let mut ledger = shop();
    ledger.phone("SH8", "p4", &[Role::VillageSecretary]);
    ledger.meet_all();
    ledger.does("SH3", PointsWish::NameKeeper(ledger.device("SH9")));
    ledger.does("SH8", PointsWish::NameKeeper(ledger.device("SH1")));
    let asked = ledger.does("SH1", redeem("h5", 5)).remove(0);
    ledger.meet_all();
    ledger.is_refused("SH9", PointsWish::HandOver(asked.clone()), PointsRefusal::NoKeeper);
    ledger.does("SH8", PointsWish::NameKeeper(ledger.device("SH9")));
    ledger.meet_all();
    ledger.does("SH9", PointsWish::HandOver(asked));
}

/// Steps and who takes them; the way to the account more often than what leads off it.
const STEPS: [(&str, PointStep); 11] = [
    ("SH4", PointStep::Verify),
    ("SH2", PointStep::Verify),
    ("SH3", PointStep::Deliberate),
    ("SH3", PointStep::Deliberate),
    ("SH1", PointStep::Notice),
    ("SH3", PointStep::Notice),
    ("SH3", PointStep::Book),
    ("SH3", PointStep::Book),
    ("SH4", PointStep::Reject),
    ("SH1", PointStep::Hold),
    ("SH4", PointStep::Release),
];

/// Everybody does whatever comes to mind, meets whoever is near, and closes months when they are over.
fn troubled(rng: &mut ChaCha8Rng) -> Ledger {
    let mut ledger = Ledger::new();
    let mut pick = |count: usize| rng.next_u32() as usize % count;
    let codes = ["SH1", "SH2", "SH3", "SH4", "SH5"];
    for turn in 0..160 {
        if turn == 70 {
            ledger.today = "2026-11-20".parse().unwrap();
        }
        if turn % 4 == 0 {
            ledger.meet_all();
        }
        let code = codes[pick(codes.len())];
        let (item, note) = [("cleanup", ""), ("mediation", ""), ("dumping", "note=河边")][pick(3)];
        let text = format!(
            "h{} {item} 2026-{}-{:02} {note}",
            4 + pick(3),
            10 + pick(1 + usize::from(turn >= 70)),
            1 + pick(6)
        );
        let known: Vec<_> = ledger.accounts(code).entries.into_keys().collect();
        let some: Vec<_> = known.iter().filter(|_| pick(8) > 0).cloned().collect();
        let one = known.get(pick(known.len().max(1))).cloned();
        let (by, step) = STEPS[pick(STEPS.len())];
        let _ = match (pick(8), one) {
            (0 | 1, _) => ledger.ask(code, claim(&text)),
            (2, Some(entry)) => ledger.ask(code, PointsWish::Tell { entry, date: ledger.today, answer: String::new() }),
            (3, Some(entry)) if pick(4) == 0 => {
                ledger.ask(code, PointsWish::Reverse { entry, reason: "记错".to_owned() })
            }
            (4, _) if turn > 100 => ledger.ask("SH3", PointsWish::Close(month("2026-10"))),
            (5, _) => {
                ledger.meet(code, codes[pick(codes.len())]);
                Ok(Vec::new())
            }
            (_, Some(entry)) => {
                let entries = if some.is_empty() { vec![entry] } else { some };
                for entry in entries {
                    let _ = ledger.ask(by, PointsWish::Step { step, entries: vec![entry], words: "议".to_owned() });
                }
                Ok(Vec::new())
            }
            _ => Ok(Vec::new()),
        };
    }
    ledger
}

#[test]
fn no_order_of_arrival_changes_an_account() {
    let (mut booked, mut closed, mut adjusted, mut held) = (0, 0, 0, 0);
    for seed in 0..10 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut ledger = troubled(&mut rng);
        let before = ledger.accounts("SH3");
        ledger.meet_all();
        let mut facts = ledger.facts("SH1");
        let accounts = ledger.fold(facts.clone());
        for _ in 0..4 {
            for at in (1..facts.len()).rev() {
                facts.swap(at, rng.next_u32() as usize % (at + 1));
            }
            facts.extend(facts.first().cloned());
            assert_eq!(ledger.fold(facts.clone()), accounts, "seed {seed}");
        }
        for (month, _) in before.closed.iter().filter(|(month, _)| accounts.closed.contains_key(month)) {
            for account in ["h4", "h5", "h6"].map(home) {
                assert_eq!(before.month(&account, *month), accounts.month(&account, *month), "seed {seed}");
            }
        }
        let total: i64 = accounts.months.values().flat_map(|months| months.values()).sum();
        let counted = accounts.entries.values().filter(|entry| entry.state == State::At(Stage::Booked));
        assert_eq!(total, counted.clone().map(|entry| entry.counted.points).sum::<i64>(), "seed {seed}");
        assert!(accounts.months.values().flatten().all(|(_, points)| *points <= 60), "seed {seed}");
        booked += counted.count();
        closed += accounts.closed.len();
        adjusted += accounts.adjustments.len();
        held += accounts.entries.values().filter(|entry| entry.state == State::Held).count();
    }
    println!("10 seeds booked {booked}, closed {closed}, adjusted {adjusted}, held {held}");
    assert!(booked > 5 && closed > 5 && adjusted > 0 && held > 0, "the seeds book something");
}
