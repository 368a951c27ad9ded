//! Looking for people and households in every village that this phone reads.

use shared::domain::Workspace;
use shared::domain::person::Household;
use shared::id::{HouseholdId, UnitCode};
use shared::time::Date;

use crate::state::home;
use crate::state::people::{self, PersonRow, Wanted};

/// The most people and the most households that are shown: a few screens of a phone.
pub const FOUND_SHOWN: usize = 40;

/// What a search finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// People, with the name of their village.
    pub people: Vec<(String, PersonRow)>,
    /// How many people there are.
    pub all: usize,
    /// Households whose number is meant.
    pub households: Vec<FoundHousehold>,
}

/// A household that a search finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundHousehold {
    /// Its village.
    pub village: UnitCode,
    /// The name of the village.
    pub village_name: String,
    /// The household.
    pub id: HouseholdId,
    /// Its number as people write it.
    pub number: String,
    /// The villager group.
    pub group: String,
}

/// Returns whom a search finds, of one village or of all; an empty search finds nobody.
pub fn find(workspace: &Workspace, search: &str, today: Date) -> Found {
    let mut found = Found::default();
    let wanted = search.trim();
    if wanted.is_empty() {
        return found;
    }
    for (code, village) in &workspace.villages {
        let name = home::name(workspace, code);
        let list = people::list(&village.roster.on(today), wanted, FOUND_SHOWN);
        found.all += list.found;
        let rows = list.groups.into_iter().flat_map(|group| group.people);
        found.people.extend(rows.map(|row| (name.clone(), row)));
        let search = Wanted::new(wanted);
        let meant = village.roster.households.values().filter(|home| search.is_met_by("", "", Some(home)));
        found.households.extend(meant.map(|home: &Household| FoundHousehold {
            village: code.clone(),
            village_name: name.clone(),
            id: home.id.clone(),
            number: home.number.clone(),
            group: home.group.clone(),
        }));
    }
    found.people.truncate(FOUND_SHOWN);
    found.households.sort_by_key(|home| (home.number != wanted, home.number.len(), home.number.clone()));
    found.households.truncate(FOUND_SHOWN);
    found
}
