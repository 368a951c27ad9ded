//! Who holds which post: the categories of the rule, and under each its holders with their first and last days.

use std::collections::BTreeMap;

use shared::domain::Workspace;
use shared::domain::command::{PostCommand, Refusal};
use shared::domain::divergence::Settled;
use shared::id::{CategoryId, PersonId, UnitCode};
use shared::identity::Holder;
use shared::time::{Date, Quarter};

use super::{may, named, post_name};

/// A category and who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostGroup {
    /// The category.
    pub post: CategoryId,
    /// Its name.
    pub name: String,
    /// Its holders: those who go on first, the others by their last day.
    pub holders: Vec<HolderRow>,
}

/// Somebody who holds or held a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderRow {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// Group and household, where two people bear the name.
    pub note: String,
    /// The first day.
    pub from: Date,
    /// The last day; nothing while it goes on.
    pub until: Option<Date>,
    /// Two people disagree about the end.
    pub is_divided: bool,
    /// The person is on the roster no longer.
    pub has_left: bool,
}

/// Returns who holds what under the rule of a quarter, categories of earlier rules with holders last.
pub fn groups(workspace: &Workspace, code: &UnitCode, quarter: Quarter) -> Vec<PostGroup> {
    let Some(village) = workspace.villages.get(code) else { return Vec::new() };
    let rule = village.posts.rule(quarter);
    let categories = rule.into_iter().flat_map(|rule| &rule.categories);
    let mut holders: BTreeMap<CategoryId, Vec<HolderRow>> = BTreeMap::new();
    for ((person, post, from), until) in village.posts.holdings() {
        let until_day = last_day(&until);
        // A day before the first says that it was never held.
        if until_day.is_some_and(|last| last < from) {
            continue;
        }
        let (name, note) = named(&village.roster, &person);
        let has_left = village.roster.people.get(&person).is_none_or(|person| person.hidden);
        let is_divided = until.is_divergence();
        let row = HolderRow { person, name, note, from, until: until_day, is_divided, has_left };
        holders.entry(post).or_default().push(row);
    }
    for rows in holders.values_mut() {
        rows.sort_by_key(|row| (row.until.is_some(), std::cmp::Reverse(row.until), row.from));
    }
    let mut groups: Vec<PostGroup> = categories
        .map(|category| PostGroup {
            post: category.id.clone(),
            name: category.name.clone(),
            holders: holders.remove(&category.id).unwrap_or_default(),
        })
        .collect();
    let earlier =
        holders.into_iter().map(|(post, holders)| PostGroup { name: post_name(workspace, &post), post, holders });
    groups.extend(earlier);
    groups
}

/// Returns the last day as it counts: the later one where people disagree, nothing where one says that it goes on.
fn last_day(until: &Settled<Option<Date>>) -> Option<Date> {
    let days: Option<Vec<Date>> = until.standing().iter().map(|said| said.value).collect();
    days?.into_iter().max()
}

/// Tells whether the viewer may say who holds a post in a quarter.
pub fn may_hold(
    workspace: &Workspace,
    me: &Holder,
    code: &UnitCode,
    quarter: Quarter,
    today: Date,
) -> Result<(), Refusal> {
    // Asked for the first person of the roster: duty and rule are the same for all of them.
    let village = workspace.villages.get(code);
    let person = village.and_then(|village| village.roster.people.keys().next()).unwrap_or(&me.person);
    let rule = village.and_then(|village| village.posts.rule(quarter));
    let first = rule.and_then(|rule| rule.categories.first());
    let Some(post) = first.map(|category| category.id.clone()).or_else(|| CategoryId::new("post").ok()) else {
        return Ok(());
    };
    let wish = PostCommand::Hold { quarter, person: person.clone(), post, from: today, until: None };
    may(workspace, me, code, wish).or_else(|why| if why == Refusal::NothingToChange { Ok(()) } else { Err(why) })
}

#[cfg(test)]
mod tests;
