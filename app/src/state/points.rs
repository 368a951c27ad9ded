//! A village's points as pages show them: which village, which month, what waits, and who may do what about it.

pub mod accounts;
pub mod boards;
pub mod account;
pub mod work;
pub mod claim;
pub mod split;
pub mod rule;
pub mod sheet;
pub mod notice;

use std::collections::{BTreeMap, BTreeSet};

use shared::access::{may_read, may_write};
use shared::domain::command::{Command, PointsCommand, PointsWish, Refusal};
use shared::domain::decide::decide;
use shared::domain::person::{Household, Roster};
use shared::domain::points::{Accounts, Flag};
use shared::domain::rulebook::points::{PointsRule, PointsRules, RulesOf};
use shared::domain::{Village, Workspace};
use shared::id::{DocumentKind, HouseholdId, ItemId, ScopeId, UnitCode};
use shared::identity::Holder;
use shared::time::{Date, Month};

use super::people::dwelling;
use super::register::acting;
use work::At;

/// What a village has of which nothing is known.
static NO_RULES: PointsRules = BTreeMap::new();

/// How a month stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthState {
    /// It is not over.
    Running,
    /// It is over and can be closed.
    Over,
    /// It is closed.
    Closed,
}

/// A month of a village.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthView {
    /// Which.
    pub month: Month,
    /// How it stands.
    pub state: MonthState,
    /// Title and version of its rule; nothing where none held on its first day.
    pub rule: Option<(String, u32)>,
    /// What all accounts came to in it.
    pub total: i64,
    /// What of that is adjustments to closed months, and how many they are.
    pub adjusted: (usize, i64),
    /// How many of its entries stand where.
    pub counts: Vec<(At, usize)>,
    /// Whether the viewer may close it.
    pub may_close: Result<(), Refusal>,
}

/// Returns the village that a page is about: the one asked for, or the first of the holder's own.
pub fn village(workspace: &Workspace, me: &Holder, asked: Option<&UnitCode>) -> Option<UnitCode> {
    let reads = |code: &&UnitCode| may_read(me, &ScopeId::Village((*code).clone()));
    let own = || me.villages.iter().find(reads);
    let any = || workspace.township.units.keys().find(reads);
    asked.filter(reads).or_else(own).or_else(any).cloned()
}

/// Tells whether a holder may ask for something: by the rules, and by what the relay takes.
pub fn may(
    workspace: &Workspace,
    me: &Holder,
    village: &UnitCode,
    today: Date,
    wish: PointsWish,
) -> Result<(), Refusal> {
    let command = Command::Points(village.clone(), PointsCommand { today, wish });
    decide(workspace, &acting(me), &command)?;
    let is_taken = may_write(me, &ScopeId::Village(village.clone()), DocumentKind::Points);
    if is_taken { Ok(()) } else { Err(Refusal::OtherVillage) }
}

/// Returns the rules that a village's accounts rest on.
pub fn rules<'a>(workspace: &'a Workspace, village: &UnitCode) -> RulesOf<'a> {
    let own = workspace.villages.get(village).map_or(&NO_RULES, |village| &village.points_rules);
    RulesOf { village: own, township: &workspace.points_rules }
}

/// Names an item as the month's rule does, else as any rule does.
fn item_name(rules: RulesOf<'_>, month: Month, item: &ItemId) -> String {
    let named = |rule: &PointsRule| rule.item(item).map(|item| item.name.clone()).filter(|name| !name.is_empty());
    let all = || {
        let adopted = rules.village.values().chain(rules.township.values());
        adopted.filter_map(|settled| settled.agreed()).find_map(|adoption| named(&adoption.rule))
    };
    rules.of_month(month).and_then(named).or_else(all).unwrap_or_else(|| item.to_string())
}

/// Returns the months that a village can look at, the latest first: from its first entry to today's.
pub fn months(accounts: &Accounts, today: Date) -> Vec<Month> {
    let entries = accounts.entries.values().map(|entry| entry.said().date.month());
    let shown = accounts.months.values().flat_map(|months| months.keys().copied());
    let all: BTreeSet<Month> = entries.chain(shown).chain([today.month()]).collect();
    let (first, last) = (all.first().map_or(0, |month| month.number()), all.last().map_or(0, |month| month.number()));
    (first..=last).rev().filter_map(|number| Month::from_number(number).ok()).collect()
}

/// Returns a month of a village.
pub fn month(workspace: &Workspace, me: &Holder, village: &UnitCode, today: Date, month: Month) -> MonthView {
    let nothing = Village::default();
    let accounts = &workspace.villages.get(village).unwrap_or(&nothing).points;
    let adjusted = accounts.adjustments.iter().filter(|adjustment| adjustment.stands_in == month);
    let adjusted = adjusted.fold((0, 0), |(count, points), adjustment| (count + 1, points + adjustment.points));
    let state = match month {
        month if accounts.is_closed(month) => MonthState::Closed,
        month if month < today.month() => MonthState::Over,
        _ => MonthState::Running,
    };
    let query = work::Query { month: Some(month), ..work::Query::default() };
    MonthView {
        month,
        state,
        rule: rules(workspace, village).of_month(month).map(|rule| (rule.title.clone(), rule.version)),
        total: accounts.months.values().filter_map(|months| months.get(&month)).sum(),
        adjusted,
        counts: work::list(workspace, village, &query, 0).states,
        may_close: may(workspace, me, village, today, PointsWish::Close(month)),
    }
}

/// Returns households that somebody should look at, since more was handed over than they have.
pub fn negative(workspace: &Workspace, village: &UnitCode) -> Vec<(HouseholdId, String)> {
    let Some(village) = workspace.villages.get(village) else { return Vec::new() };
    let of = |flag: &Flag| match flag {
        Flag::Negative(account) => Some((account.clone(), home_of(&village.roster, account).0)),
        _ => None,
    };
    village.points.flags.iter().filter_map(of).collect()
}

/// Returns where a household lives and who heads it; the account's own key where the roster does not have it.
fn home_of(roster: &Roster, account: &HouseholdId) -> (String, String) {
    match roster.households.get(account) {
        Some(household) => (dwelling(&household.group, &household.number), head(roster, household)),
        None => (account.to_string(), String::new()),
    }
}

fn head(roster: &Roster, household: &Household) -> String {
    let head = household.head.as_ref().and_then(|head| roster.people.get(head));
    // Where nobody is named as the head, one of those who live there stands for the house.
    let any = || roster.people.values().find(|person| person.household == household.id && !person.hidden);
    head.or_else(any).map(|person| person.name.clone()).unwrap_or_default()
}

/// Returns the window of a list that begins at a place, or the last one.
fn window(first: usize, found: usize, size: usize) -> usize {
    if first < found { first } else { found.saturating_sub(1) / size * size }
}

/// Orders `9` before `10` where texts differ only in their number.
fn natural(text: &str) -> (usize, &str) {
    (text.len(), text)
}

#[cfg(test)]
mod tests;
