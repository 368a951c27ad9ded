//! One household: who lives there, its points, and the records that name it.

use std::collections::BTreeSet;

use shared::domain::Workspace;
use shared::domain::points::Balance;
use shared::id::{HouseholdId, PersonId, UnitCode};
use shared::time::Date;

use super::mentions::{self, About, Mentions};
use super::story::{self, Entry};
use super::{Points, entries};
use crate::state::home;
use crate::state::people::{self, PersonRow};

/// What a household's page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdPage {
    /// The village.
    pub village: UnitCode,
    /// The village's name.
    pub village_name: String,
    /// Its number as people write it.
    pub number: String,
    /// The villager group.
    pub group: String,
    /// Who lives there today, the head first.
    pub people: Vec<PersonRow>,
    /// Its balance and the latest entries; nothing where no entry is recorded.
    pub points: Option<(Balance, Points)>,
    /// Accounts that are linked with its own, by household number.
    pub linked: Vec<String>,
    /// Life-cycle records that name it.
    pub records: Mentions,
    /// Moves to it and of those who live there.
    pub story: Vec<Entry>,
}

/// Returns the villages that have a household of this number, of those that are here.
pub fn villages_with(workspace: &Workspace, id: &HouseholdId) -> Vec<UnitCode> {
    let with = workspace.villages.iter().filter(|(_, village)| village.roster.households.contains_key(id));
    with.map(|(code, _)| code.clone()).collect()
}

/// Returns a household's page.
pub fn page(
    workspace: &Workspace,
    code: &UnitCode,
    id: &HouseholdId,
    today: Date,
    first: usize,
) -> Option<HouseholdPage> {
    let village = workspace.villages.get(code)?;
    let household = village.roster.households.get(id)?;
    let then = village.roster.on(today);
    let living = then.people.values().filter(|person| !person.hidden && person.household == *id);
    let ids: BTreeSet<PersonId> = living.map(|person| person.id.clone()).collect();
    let mut rows: Vec<PersonRow> = ids.iter().filter_map(|id| people::find(&then, id)).collect();
    rows.sort_by_key(|row| (!row.head, row.birth_year, row.id.clone()));
    let (latest, all) = entries(workspace, village, |entry| entry.said().account == *id);
    let year = village.points.year(id, today.parts().0);
    let points = Points { year, entries: latest, all };
    let linked = village.points.linked(id).accounts;
    let number = |id: &HouseholdId| {
        village.roster.households.get(id).map_or_else(|| id.to_string(), |household| household.number.clone())
    };
    Some(HouseholdPage {
        village: code.clone(),
        village_name: home::name(workspace, code),
        number: household.number.clone(),
        group: household.group.clone(),
        people: rows,
        points: (all > 0).then(|| (village.points.balance(id), points)),
        linked: linked.keys().filter(|other| *other != id).map(number).collect(),
        records: mentions::of(workspace, &About::Household(code, id), first),
        story: story::of_household(workspace, village, id, &ids),
    })
}
