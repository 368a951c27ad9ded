//! Whom and what a field can name: people, households and villages found by what somebody types.

use std::collections::BTreeSet;

use shared::domain::Workspace;
use shared::domain::person::{Household, Person, Roster};
use shared::domain::register::{LineOf, LineSubject, Shape};
use shared::id::{HouseholdId, PersonId, UnitCode};

use crate::state::home;
use crate::state::people::{self, Wanted, dwelling};

/// The most that are offered at once: what fits under a field without hiding it.
pub const PICKS: usize = 8;

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Its identifier, as a draft keeps it.
    pub id: String,
    /// What it is called; for a household its number.
    pub name: String,
    /// What tells it from others: group and household number, or the head of the household.
    pub note: String,
    /// The village whose roster it is on, where several come into question.
    pub village: Option<UnitCode>,
}

/// Returns what a search finds for a field of this shape, at most [`PICKS`].
///
/// People and households come from the rosters of these villages.
pub fn offered(workspace: &Workspace, hosts: &BTreeSet<UnitCode>, shape: Shape, search: &str) -> Vec<Pick> {
    let several = hosts.len() > 1;
    let mut picks: Vec<Pick> = Vec::new();
    if shape == Shape::Unit {
        let wanted = Wanted::new(search);
        let units = workspace.township.units.values().filter(|unit| wanted.is_met_by(&unit.name, "", None));
        let pick = |code: &UnitCode, name: &str| Pick {
            id: code.to_string(),
            name: name.to_owned(),
            note: String::new(),
            village: None,
        };
        picks.extend(units.map(|unit| pick(&unit.code, &unit.name)));
    }
    for host in hosts {
        let Some(village) = workspace.villages.get(host) else { continue };
        let of = several.then(|| host.clone());
        match shape {
            Shape::Person => picks.extend(people_of(&village.roster, search, of)),
            Shape::Household => picks.extend(households_of(&village.roster, search, of)),
            _ => {}
        }
    }
    picks.truncate(PICKS);
    picks
}

/// Returns whom or which households a search finds for a list of a village, as they would stand on a line.
pub fn subjects(workspace: &Workspace, village: &UnitCode, of: LineOf, search: &str) -> Vec<(Pick, LineSubject)> {
    let hosts = BTreeSet::from([village.clone()]);
    let of_shape = |shape: Shape| {
        let subject = move |pick: Pick| {
            let subject = match shape {
                Shape::Household => LineSubject::Household(HouseholdId::new(&pick.id).ok()?),
                _ => LineSubject::Person(PersonId::new(&pick.id).ok()?),
            };
            of.takes(&subject).then_some((pick, subject))
        };
        offered(workspace, &hosts, shape, search).into_iter().filter_map(subject)
    };
    of_shape(Shape::Person).chain(of_shape(Shape::Household)).take(PICKS).collect()
}

/// Returns what a draft chose, by its identifier; nothing where it is on none of the rosters.
pub fn chosen(workspace: &Workspace, hosts: &BTreeSet<UnitCode>, shape: Shape, id: &str) -> Option<Pick> {
    let pick = |name: String, note: String| Pick { id: id.to_owned(), name, note, village: None };
    match shape {
        Shape::Person => {
            let (person, household) = on_rosters(workspace, hosts, &PersonId::new(id).ok()?)?;
            Some(pick(person.name.clone(), household.map(where_lives).unwrap_or_default()))
        }
        Shape::Household => {
            let id = HouseholdId::new(id).ok()?;
            let roster = hosts.iter().filter_map(|host| workspace.villages.get(host)).map(|village| &village.roster);
            let (roster, household) = roster.filter_map(|roster| Some((roster, roster.households.get(&id)?))).next()?;
            Some(pick(where_lives(household), head(roster, household)))
        }
        Shape::Unit => {
            let unit = workspace.township.units.get(&UnitCode::new(id).ok()?)?;
            Some(pick(unit.name.clone(), String::new()))
        }
        _ => None,
    }
}

/// Returns a person of a record's villages with the household; of any village where none is named or none has them.
pub fn person<'a>(
    workspace: &'a Workspace,
    hosts: &BTreeSet<UnitCode>,
    id: &PersonId,
) -> Option<(&'a Person, Option<&'a Household>)> {
    on_rosters(workspace, hosts, id).or_else(|| {
        let all = workspace.villages.values();
        all.filter_map(|village| found(&village.roster, id)).next()
    })
}

/// Returns a household of a record's villages, or of any.
pub fn household<'a>(workspace: &'a Workspace, hosts: &BTreeSet<UnitCode>, id: &HouseholdId) -> Option<&'a Household> {
    let of_hosts = hosts.iter().filter_map(|host| workspace.villages.get(host));
    of_hosts.chain(workspace.villages.values()).find_map(|village| village.roster.households.get(id))
}

fn on_rosters<'a>(
    workspace: &'a Workspace,
    hosts: &BTreeSet<UnitCode>,
    id: &PersonId,
) -> Option<(&'a Person, Option<&'a Household>)> {
    hosts.iter().filter_map(|host| workspace.villages.get(host)).find_map(|village| found(&village.roster, id))
}

fn found<'a>(roster: &'a Roster, id: &PersonId) -> Option<(&'a Person, Option<&'a Household>)> {
    let person = roster.people.get(id)?;
    Some((person, roster.households.get(&person.household)))
}

fn people_of(roster: &Roster, search: &str, village: Option<UnitCode>) -> impl Iterator<Item = Pick> {
    let groups = people::list(roster, search, PICKS).groups;
    groups.into_iter().flat_map(|group| group.people).map(move |row| Pick {
        id: row.id.to_string(),
        note: dwelling(&row.group, &row.household),
        name: row.name,
        village: village.clone(),
    })
}

fn households_of(roster: &Roster, search: &str, village: Option<UnitCode>) -> impl Iterator<Item = Pick> {
    let wanted = Wanted::new(search);
    let is_met = |household: &&Household| {
        let head = household.head.as_ref().and_then(|head| roster.people.get(head));
        let (name, pinyin) = head.map(|head| (head.name.as_str(), head.pinyin.as_str())).unwrap_or_default();
        wanted.is_met_by(name, pinyin, Some(household))
    };
    let pick = |household: &Household| Pick {
        id: household.id.to_string(),
        name: where_lives(household),
        note: head(roster, household),
        village: village.clone(),
    };
    let picks: Vec<Pick> = roster.households.values().filter(is_met).take(PICKS).map(pick).collect();
    picks.into_iter()
}

fn where_lives(household: &Household) -> String {
    dwelling(&household.group, &household.number)
}

fn head(roster: &Roster, household: &Household) -> String {
    let head = household.head.as_ref().and_then(|head| roster.people.get(head));
    head.map(|head| head.name.clone()).unwrap_or_default()
}

/// Returns every village of the township with its name, for choosing whose record something is.
pub fn units(workspace: &Workspace) -> Vec<(UnitCode, String)> {
    workspace.township.units.keys().map(|code| (code.clone(), home::name(workspace, code))).collect()
}
