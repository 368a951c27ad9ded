//! The draft of a move: who goes where, from which day on, and the wish it comes to.

use std::collections::BTreeSet;

use shared::domain::Workspace;
use shared::domain::command::{Command, PeopleCommand};
use shared::domain::person::Household;
use shared::domain::person::fact::Place;
use shared::domain::roster_file::household_id;
use shared::id::{HouseholdId, PersonId, UnitCode};
use shared::time::Date;

use crate::state::people::{self, PersonRow};

/// What kind of move it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// To another household of the village.
    #[default]
    Household,
    /// To a household that begins with it (分户).
    Split,
    /// Away from the village.
    Away,
    /// 去世
    Died,
}

impl Way {
    /// Every way, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Household, Self::Split, Self::Away, Self::Died];
}

/// What somebody has written so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoveDraft {
    /// Who goes.
    pub people: BTreeSet<PersonId>,
    /// How.
    pub way: Way,
    /// The household they go to, where it is there already.
    pub household: Option<HouseholdId>,
    /// The number of the new household.
    pub number: String,
    /// Its villager group.
    pub group: String,
    /// The village they go to, where it is one of the township's.
    pub unit: Option<UnitCode>,
    /// The first day there, as typed.
    pub on: String,
    /// From where, or why.
    pub words: String,
}

/// What is left to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nobody is chosen.
    People,
    /// The household they go to.
    Household,
    /// The number of the new household.
    Number,
    /// The day.
    Day,
}

impl MoveDraft {
    /// Begins a move of one person on a day.
    pub fn of(person: PersonId, group: String, today: Date) -> Self {
        Self { people: [person].into(), group, on: today.to_string(), ..Self::default() }
    }

    /// Returns the wish, or the first thing that is left to say.
    pub fn wish(&self, village: &UnitCode) -> Result<Command, Missing> {
        if self.people.is_empty() {
            return Err(Missing::People);
        }
        let (people, words) = (self.people.clone(), self.words.trim().to_owned());
        let place = match self.way {
            Way::Household => Some(Place::Home(self.household.clone().ok_or(Missing::Household)?)),
            Way::Split if self.number.trim().is_empty() => return Err(Missing::Number),
            Way::Split => None,
            Way::Away => Some(Place::Left(self.unit.clone())),
            Way::Died => Some(Place::Died),
        };
        let on: Date = self.on.parse().map_err(|_| Missing::Day)?;
        let command = match place {
            Some(to) => PeopleCommand::Move { people, to, on, words },
            None => {
                let (number, group) = (self.number.trim().to_owned(), self.group.trim().to_owned());
                let household = Household { id: household_id(&number), number, group, head: None };
                PeopleCommand::Split { household, people, on, words }
            }
        };
        Ok(Command::People(village.clone(), command))
    }
}

/// Returns the people of somebody's household on a day, who may go with them; they themselves first.
pub fn companions(workspace: &Workspace, village: &UnitCode, person: &PersonId, today: Date) -> Vec<PersonRow> {
    let Some(village) = workspace.villages.get(village) else { return Vec::new() };
    let then = village.roster.on(today);
    let Some(home) = then.people.get(person).map(|person| &person.household) else { return Vec::new() };
    let living = then.people.values().filter(|other| !other.hidden && other.household == *home && other.id != *person);
    let ids = std::iter::once(person).chain(living.map(|other| &other.id));
    ids.filter_map(|id| people::find(&then, id)).collect()
}
