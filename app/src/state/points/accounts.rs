//! A village's accounts as a list: every household with what it has, searched, a window of it at a time.

use std::collections::BTreeSet;

use shared::domain::Workspace;
use shared::domain::person::Person;
use shared::id::{HouseholdId, UnitCode};
use shared::time::Month;

use super::{home_of, natural, window};
use crate::state::people::Wanted;

/// The most rows that stand on a page at once.
pub const ROWS_SHOWN: usize = 60;

/// What the list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountList {
    /// The rows of the window, by household.
    pub rows: Vec<AccountRow>,
    /// How many the search found.
    pub found: usize,
    /// How many there are.
    pub all: usize,
    /// The place of the first row.
    pub first: usize,
}

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Whose.
    pub account: HouseholdId,
    /// Group and number of the household.
    pub dwelling: String,
    /// The head of the household.
    pub head: String,
    /// Its honour points; with those of accounts that were linked with it where there are any.
    pub honour: i64,
    /// Whether others are linked with it.
    pub is_linked: bool,
    /// What it came to in the month.
    pub of_month: i64,
}

/// Returns the accounts of a village that a search finds: a name, pinyin, its initials, or a household number.
pub fn list(workspace: &Workspace, village: &UnitCode, search: &str, month: Month, first: usize) -> AccountList {
    let Some(of) = workspace.villages.get(village) else { return AccountList::default() };
    let (roster, accounts) = (&of.roster, &of.points);
    let wanted = Wanted::new(search);
    let mut ids: Vec<&HouseholdId> = roster.households.keys().collect();
    // A household that left the roster keeps its account.
    ids.extend(accounts.balances.keys().filter(|id| !roster.households.contains_key(*id)));
    ids.sort_by_key(|id| natural(id.as_str()));
    let all = ids.len();
    if !search.trim().is_empty() {
        let is_met = |person: &&Person| {
            let household = roster.households.get(&person.household);
            !person.hidden && wanted.is_met_by(&person.name, &person.pinyin, household)
        };
        let met: BTreeSet<&HouseholdId> =
            roster.people.values().filter(is_met).map(|person| &person.household).collect();
        ids.retain(|id| {
            met.contains(id) || roster.households.get(*id).is_some_and(|h| wanted.is_met_by("", "", Some(h)))
        });
    }
    let first = window(first, ids.len(), ROWS_SHOWN);
    let base = super::rules(workspace, village).latest().map_or(0, |rule| i64::from(rule.base));
    let row = |id: &HouseholdId| {
        let (dwelling, head) = home_of(roster, id);
        let linked = accounts.linked(id);
        // Before the first entry of all nothing is folded, and everybody has the base.
        let honour = if accounts.balances.is_empty() { base } else { linked.sum.honour() };
        AccountRow {
            account: id.clone(),
            dwelling,
            head,
            honour,
            is_linked: linked.accounts.len() > 1,
            of_month: accounts.month(id, month),
        }
    };
    let rows = ids.iter().skip(first).take(ROWS_SHOWN).map(|id| row(id)).collect();
    AccountList { rows, found: ids.len(), all, first }
}
