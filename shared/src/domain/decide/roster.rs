//! Taking people and households into a village's roster: only what differs is written.

use std::collections::BTreeSet;

use super::{Edit, Refusal, limit, require, write};
use crate::domain::meeting::LINE_BYTES;
use crate::domain::person::{Household, Person};
use crate::domain::record::{Fields, household_fields, person_fields};
use crate::domain::{Acting, Workspace};
use crate::id::{Address, HouseholdId, UnitCode};
use crate::role::Role;

/// The most people or households of one import: three of the largest communities.
pub const ROSTER_LIMIT: usize = 6000;

pub(super) fn import(
    workspace: &Workspace,
    acting: &Acting,
    village: &UnitCode,
    households: &[Household],
    people: &[Person],
) -> Result<Vec<Edit>, Refusal> {
    require(acting, &[Role::TownshipOffice, Role::VillageSecretary, Role::Scribe])?;
    if !acting.roles.contains(Role::TownshipOffice) && !acting.villages.contains(village) {
        return Err(Refusal::OtherVillage);
    }
    if households.len().max(people.len()) > ROSTER_LIMIT {
        return Err(Refusal::TooMany { limit: ROSTER_LIMIT });
    }
    let roster = workspace.villages.get(village).map(|village| &*village.roster);
    let imported: BTreeSet<&HouseholdId> = households.iter().map(|household| &household.id).collect();
    let is_there =
        |id: &HouseholdId| imported.contains(id) || roster.is_some_and(|roster| roster.households.contains_key(id));
    for person in people {
        if person.name.trim().is_empty() {
            return Err(Refusal::EmptyName);
        }
        limit(&person.name, LINE_BYTES)?;
        limit(&person.pinyin, LINE_BYTES)?;
        if !is_there(&person.household) {
            return Err(Refusal::NoHousehold(person.id.clone()));
        }
    }
    for household in households {
        limit(&household.number, LINE_BYTES)?;
        limit(&household.group, LINE_BYTES)?;
    }
    let (mut present, mut wanted) = (Fields::new(), Fields::new());
    for person in people {
        let known = roster.and_then(|roster| roster.people.get(&person.id));
        wanted.extend(person_fields(&roster.map_or_else(|| person.clone(), |roster| roster.kept(person))));
        present.extend(known.map(person_fields).unwrap_or_default());
    }
    for household in households {
        wanted.extend(household_fields(household));
        let known = roster.and_then(|roster| roster.households.get(&household.id));
        present.extend(known.map(household_fields).unwrap_or_default());
    }
    write(&Address::roster(village), &present, wanted)
}
