//! A household that splits (分户): who moves, what the new one is called, and what of the honour points goes with them.

use std::collections::BTreeSet;

use shared::domain::Workspace;
use shared::domain::command::{Command, PeopleCommand, PointsCommand, PointsWish};
use shared::domain::person::Household;
use shared::domain::person::fact::Place;
use shared::domain::points::fact::HonourShare;
use shared::domain::roster_file::household_id;
use shared::id::{HouseholdId, PersonId, UnitCode};
use shared::time::Date;

/// A split as far as it was filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SplitDraft {
    /// The number of the new household; one that is on the roster is taken as it is.
    pub number: String,
    /// Who moves.
    pub movers: BTreeSet<PersonId>,
    /// How many honour points go with them; empty for none.
    pub points: String,
    /// Who agreed, and where.
    pub words: String,
}

/// What is left to fill in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitFault {
    /// The new household has no number, or that of the old one.
    Number,
    /// Nobody moves into a household that does not exist.
    Movers,
    /// Everybody moves: then it is no split.
    Everybody,
    /// Points are a whole number.
    Points,
    /// Nothing says who agreed.
    Words,
}

/// Returns a wish by which to ask who may settle accounts.
pub(super) fn probe(account: &HouseholdId) -> PointsWish {
    PointsWish::Share(HonourShare { from: account.clone(), to: account.clone(), points: 0, words: String::new() })
}

/// Returns what has to be asked for, in its order: people into their new household, then the points.
pub fn commands(
    workspace: &Workspace,
    village: &UnitCode,
    today: Date,
    from: &HouseholdId,
    draft: &SplitDraft,
) -> Result<Vec<Command>, SplitFault> {
    let number = draft.number.trim();
    let roster = workspace.villages.get(village).map(|village| &village.roster).ok_or(SplitFault::Number)?;
    // `041` and `41` are one number.
    let id = household_id(number);
    let by_number = roster.households.values().find(|household| household.number == number);
    let known = by_number.or_else(|| roster.households.get(&id));
    let to = known.map_or(id, |household| household.id.clone());
    if number.is_empty() || to == *from {
        return Err(SplitFault::Number);
    }
    let at_home = roster.people.values().filter(|person| person.household == *from && !person.hidden);
    let (movers, rest): (Vec<_>, Vec<_>) = at_home.cloned().partition(|person| draft.movers.contains(&person.id));
    if movers.is_empty() && known.is_none() {
        return Err(SplitFault::Movers);
    }
    if rest.is_empty() {
        return Err(SplitFault::Everybody);
    }
    let points: u32 = match draft.points.trim() {
        "" => 0,
        text => text.parse().map_err(|_| SplitFault::Points)?,
    };
    let words = draft.words.trim().to_owned();
    if words.is_empty() {
        return Err(SplitFault::Words);
    }
    let mut commands = Vec::new();
    if !movers.is_empty() {
        let group = roster.households.get(from).map(|household| household.group.clone()).unwrap_or_default();
        let head = movers.first().map(|person| person.id.clone());
        // Whoever headed the old household and moves heads it no longer.
        let old = roster.households.get(from).filter(|old| old.head.as_ref().is_some_and(|h| draft.movers.contains(h)));
        let old = old.map(|old| Household { head: rest.first().map(|person| person.id.clone()), ..old.clone() });
        let (people, said) = (movers.into_iter().map(|person| person.id).collect(), words.clone());
        let move_out = match known {
            Some(_) => PeopleCommand::Move { people, to: Place::Home(to.clone()), on: today, words: said },
            None => {
                let household = Household { id: to.clone(), number: number.to_owned(), group, head };
                PeopleCommand::Split { household, people, on: today, words: said }
            }
        };
        commands.push(Command::People(village.clone(), move_out));
        commands.extend(old.map(|old| Command::ImportRoster {
            village: village.clone(),
            households: vec![old],
            people: Vec::new(),
        }));
    }
    if points > 0 {
        let share = HonourShare { from: from.clone(), to, points, words };
        let wish = PointsWish::Share(share);
        commands.push(Command::Points(village.clone(), PointsCommand { today, wish }));
    }
    Ok(commands)
}
