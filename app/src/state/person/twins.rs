//! Entries that may be of one person, side by side, and the merges that were made.

use shared::domain::Workspace;
use shared::domain::person::{Alike, twins};
use shared::id::UnitCode;
use shared::time::Date;

use super::story::{self, Entry};
use crate::state::people::{self, PersonRow};

/// The most pairs and the most merges that stand on a page at once.
pub const PAIRS_SHOWN: usize = 30;

/// What the page of a village's doubtful entries shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TwinsPage {
    /// The pairs of the window.
    pub pairs: Vec<Pair>,
    /// The place of the first of them.
    pub first: usize,
    /// How many there are.
    pub all: usize,
    /// Merges, the latest first, undone ones among them.
    pub merges: Vec<Entry>,
}

/// Two entries that may be of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The one.
    pub one: PersonRow,
    /// The other.
    pub other: PersonRow,
    /// What they have in common besides the name.
    pub alike: Vec<Alike>,
}

/// Returns how many pairs a village has.
pub fn count(workspace: &Workspace, village: &UnitCode) -> usize {
    workspace.villages.get(village).map_or(0, |village| twins(&village.roster).len())
}

/// Returns the window that begins at a place.
pub fn page(workspace: &Workspace, village: &UnitCode, today: Date, first: usize) -> TwinsPage {
    let Some(village) = workspace.villages.get(village) else { return TwinsPage::default() };
    let (found, then) = (twins(&village.roster), village.roster.on(today));
    let all = found.len();
    let first = if first < all { first } else { all.saturating_sub(1) / PAIRS_SHOWN * PAIRS_SHOWN };
    let pair = |twins: shared::domain::person::Twins| {
        let (one, other) = (people::find(&then, &twins.one)?, people::find(&then, &twins.other)?);
        Some(Pair { one, other, alike: twins.alike })
    };
    let pairs = found.into_iter().skip(first).take(PAIRS_SHOWN).filter_map(pair).collect();
    let mut merges = story::merges(workspace, village);
    merges.truncate(PAIRS_SHOWN);
    TwinsPage { pairs, first, all, merges }
}
