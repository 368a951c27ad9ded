//! The rulebook of a points account: items, their categories, and the caps on what an account gains and loses.

mod adoption;

pub use adoption::{PointsAdoption, PointsRules, RulesOf, points_rules};

use std::fmt;

use crate::id::{CategoryId, ItemId, RulebookId};

/// The most items: a wall has no room for more, and the linter warns far below (DOMAIN section 8).
pub const ITEMS_LIMIT: usize = 200;
/// The most categories.
pub const CATEGORIES_LIMIT: usize = 40;
/// The most points of one item, either way: keeps every sum of a village far inside 64 bits.
pub const ITEM_POINTS_LIMIT: i32 = 100_000;

/// One version of the rules of points accounts (积分办法).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointsRule {
    /// What all versions share.
    pub id: RulebookId,
    /// Counts from 1.
    pub version: u32,
    /// What people call it.
    pub title: String,
    /// What items are grouped by, in the order of the wall.
    pub categories: Vec<Category>,
    /// What earns and what costs, in the order of the wall.
    pub items: Vec<PointItem>,
    /// The most that an account gains in a month; nothing is no cap.
    pub gain_per_month: Option<u32>,
    /// The most that an account loses in a month; nothing is no cap.
    pub loss_per_month: Option<u32>,
    /// The honour points with which an account starts.
    pub base: u32,
    /// Whether points can be redeemed for goods (DOMAIN section 3: off unless a village says so).
    pub redemption: bool,
}

/// A group of items with one cap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its identifier.
    pub id: CategoryId,
    /// What people call it.
    pub name: String,
    /// The most that its items count in an account and month, gains and losses apart.
    pub per_month: Option<u32>,
}

/// Something that earns points or costs them (积分项).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointItem {
    /// Its identifier.
    pub id: ItemId,
    /// What people call it.
    pub name: String,
    /// What it gives; below 0 it costs.
    pub points: i32,
    /// The category it belongs to.
    pub category: CategoryId,
    /// The most that it counts in an account and day, gains and losses apart.
    pub per_day: Option<u32>,
    /// The most that it counts in an account and month, gains and losses apart.
    pub per_month: Option<u32>,
    /// How the fact is shown, in words; empty where nobody said.
    pub evidence: String,
}

/// What makes a rulebook of points unusable; the numbers are places in its lists, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointsFault {
    /// The version is 0.
    Version,
    /// No category, or more than [`CATEGORIES_LIMIT`].
    CategoryCount,
    /// A category has the identifier of an earlier one.
    CategoryTwice(usize),
    /// No item, or more than [`ITEMS_LIMIT`].
    ItemCount,
    /// An item has the identifier of an earlier one.
    ItemTwice(usize),
    /// An item gives nothing, or more than [`ITEM_POINTS_LIMIT`] either way.
    ItemPoints(usize),
    /// An item belongs to a category that is not there.
    ItemCategory(usize),
    /// An account starts with more than [`ITEM_POINTS_LIMIT`].
    Base,
}

impl PointsRule {
    /// Checks everything that the fold relies on, and lists every fault in the order of the fields.
    pub fn check(&self) -> Result<(), Vec<PointsFault>> {
        let mut faults = Vec::new();
        let mut note = |wrong: bool, fault| {
            if wrong {
                faults.push(fault);
            }
        };
        note(self.version == 0, PointsFault::Version);
        note(self.categories.is_empty() || self.categories.len() > CATEGORIES_LIMIT, PointsFault::CategoryCount);
        for (at, category) in self.categories.iter().enumerate() {
            let twice = self.categories[..at].iter().any(|earlier| earlier.id == category.id);
            note(twice, PointsFault::CategoryTwice(at));
        }
        note(self.items.is_empty() || self.items.len() > ITEMS_LIMIT, PointsFault::ItemCount);
        for (at, item) in self.items.iter().enumerate() {
            note(self.items[..at].iter().any(|earlier| earlier.id == item.id), PointsFault::ItemTwice(at));
            let in_reach = (-ITEM_POINTS_LIMIT..=ITEM_POINTS_LIMIT).contains(&item.points);
            note(item.points == 0 || !in_reach, PointsFault::ItemPoints(at));
            note(self.category(&item.category).is_none(), PointsFault::ItemCategory(at));
        }
        note(self.base > ITEM_POINTS_LIMIT.unsigned_abs(), PointsFault::Base);
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Returns the item of this identifier.
    pub fn item(&self, id: &ItemId) -> Option<&PointItem> {
        self.items.iter().find(|item| item.id == *id)
    }

    /// Returns the category of this identifier.
    pub fn category(&self, id: &CategoryId) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == *id)
    }
}

impl fmt::Display for PointsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version => f.write_str("versions count from 1"),
            Self::CategoryCount => write!(f, "a rulebook has 1 to {CATEGORIES_LIMIT} categories"),
            Self::CategoryTwice(_) => f.write_str("two categories have this id"),
            Self::ItemCount => write!(f, "a rulebook has 1 to {ITEMS_LIMIT} items"),
            Self::ItemTwice(_) => f.write_str("two items have this id"),
            Self::ItemPoints(_) => {
                write!(f, "an item gives or costs 1 to {ITEM_POINTS_LIMIT} points")
            }
            Self::ItemCategory(_) => f.write_str("there is no such category"),
            Self::Base => write!(f, "an account starts with 0 to {ITEM_POINTS_LIMIT} points"),
        }
    }
}
