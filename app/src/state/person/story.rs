//! What became of people's entries: moves, merges and what was undone, by whom, when by their clock.

use std::collections::BTreeSet;

use shared::domain::meeting::Recorded;
use shared::domain::person::fact::{Place, RosterFact};
use shared::domain::{Village, Workspace};
use shared::id::{FactId, HouseholdId, PersonId};
use shared::time::{Date, Instant};

use crate::state::home;
use crate::state::register::author;

/// Something that was recorded of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub fact: FactId,
    /// Who recorded it; nothing while their certificate is not here.
    pub by: Option<String>,
    /// When, by their clock.
    pub at: Instant,
    /// What.
    pub what: Happened,
    /// What people said of it; may be empty.
    pub words: String,
    /// Why it was undone, where it was.
    pub undone: Option<String>,
}

/// What happened to entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// People live elsewhere from a day on.
    Moved {
        /// Their names.
        names: Vec<String>,
        /// Where to.
        to: Goal,
        /// The first day there.
        on: Date,
        /// Whether they came to the village with it.
        came: bool,
    },
    /// An entry is shown as part of another.
    Merged {
        /// The one that was given up, with its household number.
        entry: String,
        /// The one that stays, with its household number.
        into: String,
    },
}

/// Where people moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// A household, by its number.
    Household(String),
    /// Away; to a village where it is known.
    Away(Option<String>),
    /// 去世
    Died,
}

/// Returns what became of a person's entries, the latest first.
pub fn of_person(workspace: &Workspace, village: &Village, ids: &BTreeSet<PersonId>) -> Vec<Entry> {
    of(workspace, village, |fact| match fact {
        RosterFact::Moved(gone) => !gone.people.is_disjoint(ids),
        RosterFact::Merged(merge) => ids.contains(&merge.entry) || ids.contains(&merge.into),
        RosterFact::Undone(_) => false,
    })
}

/// Returns the moves to a household and of those who live there, the latest first.
pub fn of_household(
    workspace: &Workspace,
    village: &Village,
    household: &HouseholdId,
    ids: &BTreeSet<PersonId>,
) -> Vec<Entry> {
    of(workspace, village, |fact| match fact {
        RosterFact::Moved(gone) => {
            !gone.people.is_disjoint(ids) || matches!(&gone.to, Place::Home(home) if home == household)
        }
        _ => false,
    })
}

/// Returns every merge of a village, the latest first.
pub fn merges(workspace: &Workspace, village: &Village) -> Vec<Entry> {
    of(workspace, village, |fact| matches!(fact, RosterFact::Merged(_)))
}

fn of(workspace: &Workspace, village: &Village, is_meant: impl Fn(&RosterFact) -> bool) -> Vec<Entry> {
    let moves = &village.roster.moves;
    let meant = moves.history.values().filter(|fact| is_meant(&fact.value));
    let mut entries: Vec<Entry> = meant.filter_map(|fact| entry(workspace, village, fact)).collect();
    entries.sort_by(|a, b| (b.at, &b.fact).cmp(&(a.at, &a.fact)));
    entries
}

fn entry(workspace: &Workspace, village: &Village, fact: &Recorded<RosterFact>) -> Option<Entry> {
    let roster = &village.roster;
    let named = |id: &PersonId| roster.people.get(id).map_or_else(|| id.to_string(), |person| person.name.clone());
    let number = |id: &HouseholdId| {
        roster.households.get(id).map_or_else(|| id.to_string(), |household| household.number.clone())
    };
    let (what, words) = match &fact.value {
        RosterFact::Moved(gone) => {
            let to = match &gone.to {
                Place::Home(household) => Goal::Household(number(household)),
                Place::Left(unit) => Goal::Away(unit.as_ref().map(|unit| home::name(workspace, unit))),
                Place::Died => Goal::Died,
            };
            let names = gone.people.iter().map(named).collect();
            (Happened::Moved { names, to, on: gone.on, came: gone.came }, gone.words.clone())
        }
        RosterFact::Merged(merge) => {
            let told = |id: &PersonId| {
                let home = roster.people.get(id).map(|person| number(&person.household)).unwrap_or_default();
                format!("{} {home}", named(id)).trim_end().to_owned()
            };
            (Happened::Merged { entry: told(&merge.entry), into: told(&merge.into) }, merge.words.clone())
        }
        RosterFact::Undone(_) => return None,
    };
    let undone = roster.moves.undone.get(&fact.id).map(|undo| undo.value.reason.clone());
    Some(Entry { fact: fact.id.clone(), by: author(workspace, &fact.author), at: fact.at, what, words, undone })
}
