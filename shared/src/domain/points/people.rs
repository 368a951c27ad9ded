//! What the roster says that entries depend on: who keeps house together, who is a child, who leads which group.

use std::collections::{BTreeMap, BTreeSet};

use super::fact::PointClaim;
use super::journal::{Signed, same_author};
use crate::domain::meeting::Author;
use crate::domain::person::Roster;
use crate::id::{HouseholdId, PersonId};
use crate::role::Role;
use crate::time::Date;

/// The age from which somebody earns points in their own name.
pub const ADULT_YEARS: i32 = 18;

/// The roster as far as accounts ask it.
#[derive(Clone, Copy, Debug)]
pub struct People<'a> {
    roster: &'a Roster,
    /// Homes of those who record, looked up once: every move of every entry asks for them.
    homes: Option<&'a Homes<'a>>,
}

/// Where those who record live.
pub(super) type Homes<'a> = BTreeMap<&'a PersonId, &'a HouseholdId>;

impl<'a> People<'a> {
    /// Asks this roster.
    pub fn of(roster: &'a Roster) -> Self {
        Self { roster, homes: None }
    }

    /// Looks up where these authors live.
    pub(super) fn homes(self, authors: impl Iterator<Item = &'a Author>) -> Homes<'a> {
        let holders = authors.filter_map(|author| author.holder.as_ref());
        let holders: BTreeSet<&PersonId> = holders.collect();
        holders.into_iter().filter_map(|holder| Some((holder, self.home(holder)?))).collect()
    }

    /// Asks the same roster, for authors what was looked up.
    pub(super) fn with(self, homes: &'a Homes<'a>) -> Self {
        Self { homes: Some(homes), ..self }
    }

    /// Returns the household of a person who is on the roster.
    pub fn home(self, person: &PersonId) -> Option<&'a HouseholdId> {
        self.roster.people.get(person).map(|person| &person.household)
    }

    /// Returns every household.
    pub(super) fn households(self) -> impl Iterator<Item = &'a HouseholdId> {
        self.roster.households.keys()
    }

    /// Tells whether one of some people lives in a household.
    pub(crate) fn lives_with(self, household: &HouseholdId, people: &BTreeSet<PersonId>) -> bool {
        people.iter().any(|person| self.home(person) == Some(household))
    }

    fn home_of(self, author: &Author) -> Option<&'a HouseholdId> {
        let holder = author.holder.as_ref()?;
        match self.homes {
            Some(homes) => homes.get(holder).copied(),
            None => self.home(holder),
        }
    }

    /// Tells whether two authors keep house together, as far as the roster knows both.
    pub(crate) fn share_a_house(self, one: &Author, other: &Author) -> bool {
        same_author(one, other) || self.home_of(one).is_some_and(|home| self.home_of(other) == Some(home))
    }

    /// Tells whether an account is that of an author's own household.
    pub(crate) fn is_own(self, author: &Author, account: &HouseholdId) -> bool {
        self.home_of(author) == Some(account)
    }

    /// Tells whether somebody was a minor in the year of a day; only who is known to be one is.
    pub fn is_minor(self, person: &PersonId, on: Date) -> bool {
        let born = self.roster.people.get(person).and_then(|person| person.birth_year);
        born.is_some_and(|born| on.parts().0 - i32::from(born) < ADULT_YEARS)
    }

    /// Tells whether a claim is about a household of another villager group than the one its claimant leads.
    ///
    /// It binds those who claim as a group's leader and as nothing else.
    pub(crate) fn is_of_another_group(self, claim: &Signed<PointClaim>) -> bool {
        let others = [Role::Scribe, Role::PartyMember, Role::VillagerRepresentative];
        let Some(roles) = claim.roles.filter(|roles| !roles.any(&others)) else { return false };
        let group = |home: &HouseholdId| self.roster.households.get(home).map(|household| &household.group);
        let led = self.home_of(claim.author()).and_then(group);
        let of = group(&claim.fact.value.account);
        roles.contains(Role::GroupLeader) && led.is_some() && of.is_some() && led != of
    }
}
