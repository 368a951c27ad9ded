//! The fold of points: what every entry of an account counts, in an order that no arrival changes.
//!
//! One function for entries in files and for entries on phones; DOMAIN section 6, rule 12.

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
    let mut used = BTreeMap::new();
    for entry in live {
        let Some(item) = rule.item(&entry.item) else { continue };
        let counted = count(rule, item, entry, &mut used);
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

/// Whose allowance it is: an account's gains or losses, in a stretch of time, for something.
type Allowance<'a, A> = (&'a A, bool, Stretch<'a>);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stretch<'a> {
    ItemDay(&'a ItemId, Date),
    ItemMonth(&'a ItemId, Month),
    CategoryMonth(&'a CategoryId, Month),
    AccountMonth(Month),
}

/// Counts one entry against every cap and uses that much of each.
fn count<'a, A: Ord>(
    rule: &'a PointsRule,
    item: &'a PointItem,
    entry: &'a Entry<A>,
    used: &mut BTreeMap<Allowance<'a, A>, u64>,
) -> Counted {
    let (gains, month) = (entry.points > 0, entry.date.month());
    let category = rule.category(&item.category).and_then(|category| category.per_month);
    let account = if gains { rule.gain_per_month } else { rule.loss_per_month };
    let caps = [
        (Cap::ItemDay, item.per_day, Stretch::ItemDay(&item.id, entry.date)),
        (Cap::ItemMonth, item.per_month, Stretch::ItemMonth(&item.id, month)),
        (Cap::CategoryMonth, category, Stretch::CategoryMonth(&item.category, month)),
        (Cap::AccountMonth, account, Stretch::AccountMonth(month)),
    ];
    let mut magnitude = u64::from(entry.points.unsigned_abs());
    let mut short = None;
    for (cap, limit, stretch) in caps {
        let Some(limit) = limit else { continue };
        let left = u64::from(limit).saturating_sub(used.get(&(&entry.account, gains, stretch)).copied().unwrap_or(0));
        if left < magnitude {
            (magnitude, short) = (left, Some(Short::Over(cap)));
        }
    }
    for (_, _, stretch) in caps {
        *used.entry((&entry.account, gains, stretch)).or_default() += magnitude;
    }
    // A magnitude comes from 32 bits and only shrinks.
    let points = i64::try_from(magnitude).unwrap_or(i64::MAX);
    Counted { points: if gains { points } else { -points }, short }
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
