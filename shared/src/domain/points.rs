//! The fold of points: what every entry of an account counts, in an order that no arrival changes.
//!
//! The same caps for entries in files and for entries on phones; DOMAIN section 6, rule 12.

pub mod fact;
pub mod flow;
mod state;
mod people;
mod journal;
mod spending;

mod fold;
mod reading;
mod pile;
mod total;
mod walk;

pub(crate) use fold::is_alike;
pub use journal::{Journal, Signed};
pub use people::{ADULT_YEARS, People};
pub use spending::{Balance, LinkedAccounts, Spent, SpentState};
pub use state::{AccountEntry, Accounts, Adjustment, Flag, Flaw, PointsNote};

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::domain::rulebook::points::{PointItem, PointsRule};
use crate::id::{CategoryId, FactId, ItemId};
use crate::time::{Date, Month};

/// One entry of an account (积分记录).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<A> {
    /// Its number.
    pub id: FactId,
    /// Whose account it is in.
    pub account: A,
    /// What it is for.
    pub item: ItemId,
    /// The day of the event, which is not the day of the record.
    pub date: Date,
    /// What it gives; below 0 it costs.
    pub points: i32,
    /// Whether it may count.
    pub status: EntryStatus,
    /// The entry that it cancels (冲正); such an entry counts nothing itself.
    pub reverses: Option<FactId>,
}

/// How far an entry has come, as the fold sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryStatus {
    /// 入账
    Booked,
    /// Waits for a person, as a suspected duplicate does.
    Held,
    /// 驳回
    Rejected,
}

/// What all accounts come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger<A> {
    /// What each account's live entries of a month count together.
    pub totals: BTreeMap<(A, Month), i64>,
    /// What each entry counts, live or not.
    pub entries: BTreeMap<FactId, Counted>,
}

/// What an entry counts, and why that is less than it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Points, of the entry's own sign or 0.
    pub points: i64,
    /// Why the entry counts less than it gives; nothing where it counts whole.
    pub short: Option<Short>,
}

/// Why an entry counts less than it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Short {
    /// It is not booked.
    NotBooked,
    /// Another entry cancels it.
    Reversed,
    /// It cancels another.
    Reversal,
    /// A cap was reached (E27); the first of the tightest.
    Over(Cap),
}

/// The caps, in the order in which they are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cap {
    /// One item in one day.
    ItemDay,
    /// One item in one month.
    ItemMonth,
    /// One category in one month.
    CategoryMonth,
    /// The whole account in one month.
    AccountMonth,
}

/// Why nothing can be computed; the numbers are places in the list, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointsError {
    /// Another entry before it has the same number.
    Twice(usize),
    /// The rulebook has no such item.
    UnknownItem(usize),
    /// It cancels an entry that is not there.
    UnknownReversed(usize),
}

/// Folds entries by a checked rulebook; their order does not matter.
///
/// Live entries, booked and not reversed, are taken by date and then by number. Each counts what is left under the
/// tightest cap, and that much is used of every one of them; gains and losses have allowances of their own.
pub fn fold<A: Ord + Clone>(rule: &PointsRule, entries: &[Entry<A>]) -> Result<Ledger<A>, PointsError> {
    let reversed = check(rule, entries)?;
    let mut ledger = Ledger { totals: BTreeMap::new(), entries: BTreeMap::new() };
    let mut live = Vec::new();
    for entry in entries {
        let short = match entry.status {
            EntryStatus::Held | EntryStatus::Rejected => Short::NotBooked,
            EntryStatus::Booked if entry.reverses.is_some() => Short::Reversal,
            EntryStatus::Booked if reversed.contains(&entry.id) => Short::Reversed,
            EntryStatus::Booked => {
                live.push(entry);
                continue;
            }
        };
        ledger.entries.insert(entry.id.clone(), Counted { points: 0, short: Some(short) });
    }
    live.sort_by_key(|entry| (entry.date, &entry.id));
    let mut used: BTreeMap<&A, Used<'_>> = BTreeMap::new();
    for entry in live {
        let Some(item) = rule.item(&entry.item) else { continue };
        let counted = used.entry(&entry.account).or_default().take(rule, item, entry.date, entry.points);
        *ledger.totals.entry((entry.account.clone(), entry.date.month())).or_default() += counted.points;
        ledger.entries.insert(entry.id.clone(), counted);
    }
    Ok(ledger)
}

/// Checks every entry and returns the numbers of those that a booked one cancels.
fn check<'a, A>(rule: &PointsRule, entries: &'a [Entry<A>]) -> Result<BTreeSet<&'a FactId>, PointsError> {
    let mut ids = BTreeSet::new();
    for (at, entry) in entries.iter().enumerate() {
        if !ids.insert(&entry.id) {
            return Err(PointsError::Twice(at));
        }
        if rule.item(&entry.item).is_none() {
            return Err(PointsError::UnknownItem(at));
        }
    }
    let mut reversed = BTreeSet::new();
    for (at, entry) in entries.iter().enumerate() {
        let Some(target) = &entry.reverses else { continue };
        if *target == entry.id || !ids.contains(target) {
            return Err(PointsError::UnknownReversed(at));
        }
        if entry.status == EntryStatus::Booked {
            reversed.insert(target);
        }
    }
    Ok(reversed)
}

/// For what an allowance holds, and in which stretch of time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stretch<'a> {
    ItemDay(&'a ItemId, Date),
    ItemMonth(&'a ItemId, Month),
    CategoryMonth(&'a CategoryId, Month),
    AccountMonth(Month),
}

/// What one account has used of its allowances, gains and losses apart.
#[derive(Default)]
struct Used<'a>(BTreeMap<(bool, Stretch<'a>), u64>);

impl<'a> Used<'a> {
    /// Counts points against every cap and uses that much of each.
    fn take(&mut self, rule: &'a PointsRule, item: &'a PointItem, date: Date, points: i32) -> Counted {
        let (gains, month) = (points > 0, date.month());
        let category = rule.category(&item.category).and_then(|category| category.per_month);
        let account = if gains { rule.gain_per_month } else { rule.loss_per_month };
        let limits = [
            (Cap::ItemDay, item.per_day),
            (Cap::ItemMonth, item.per_month),
            (Cap::CategoryMonth, category),
            (Cap::AccountMonth, account),
        ];
        let stretches = stretches(item, date, month);
        let mut magnitude = u64::from(points.unsigned_abs());
        let mut short = None;
        for ((cap, limit), stretch) in limits.into_iter().zip(stretches) {
            let Some(limit) = limit else { continue };
            let left = u64::from(limit).saturating_sub(self.0.get(&(gains, stretch)).copied().unwrap_or(0));
            if left < magnitude {
                (magnitude, short) = (left, Some(Short::Over(cap)));
            }
        }
        for stretch in stretches {
            *self.0.entry((gains, stretch)).or_default() += magnitude;
        }
        // A magnitude comes from 32 bits and only shrinks.
        let points = i64::try_from(magnitude).unwrap_or(i64::MAX);
        Counted { points: if gains { points } else { -points }, short }
    }

    /// Gives back what something had counted that is taken back.
    fn give_back(&mut self, item: &'a PointItem, date: Date, counted: i64) {
        for stretch in stretches(item, date, date.month()) {
            if let Some(used) = self.0.get_mut(&(counted > 0, stretch)) {
                *used = used.saturating_sub(counted.unsigned_abs());
            }
        }
    }
}

fn stretches(item: &PointItem, date: Date, month: Month) -> [Stretch<'_>; 4] {
    [
        Stretch::ItemDay(&item.id, date),
        Stretch::ItemMonth(&item.id, month),
        Stretch::CategoryMonth(&item.category, month),
        Stretch::AccountMonth(month),
    ]
}

impl fmt::Display for PointsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Twice(_) => "another entry has this number",
            Self::UnknownItem(_) => "the rulebook has no such item",
            Self::UnknownReversed(_) => "no other entry has the number that this one reverses",
        })
    }
}

impl std::error::Error for PointsError {}

#[cfg(test)]
mod tests;
