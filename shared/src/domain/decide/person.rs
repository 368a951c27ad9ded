//! Moves, households that split, arrivals and merges of entries, by the same answers as their fold.

use std::collections::BTreeSet;

use super::{Edit, Fact, Refusal, limit, require};
use crate::domain::command::{PeopleCommand, PeopleRefusal};
use crate::domain::meeting::LINE_BYTES;
use crate::domain::person::fact::{KEEPERS, MOVE_LIMIT, Merge, Move, Place, RosterFact, Undo, WORDS_BYTES};
use crate::domain::person::{Household, Person, Roster};
use crate::domain::record::{Fields, household_fields, person_fields};
use crate::domain::{Acting, Workspace};
use crate::id::{Address, FactId, PersonId, UnitCode};
use crate::time::Date;

/// A wish about people with everything that it is decided by.
struct Wish<'a> {
    acting: &'a Acting,
    village: &'a UnitCode,
    roster: &'a Roster,
}

pub(super) fn decide(
    workspace: &Workspace,
    acting: &Acting,
    village: &UnitCode,
    command: &PeopleCommand,
) -> Result<Vec<Edit>, Refusal> {
    require(acting, KEEPERS)?;
    if !acting.villages.contains(village) {
        return Err(Refusal::OtherVillage);
    }
    let nothing = Roster::default();
    let roster = workspace.villages.get(village).map_or(&nothing, |village| &village.roster);
    let wish = Wish { acting, village, roster };
    match command {
        PeopleCommand::Move { people, to, on, words } => wish.go(people, to, *on, words),
        PeopleCommand::Split { household, people, on, words } => wish.split(household, people, *on, words),
        PeopleCommand::Arrive { person, on, words } => wish.arrive(person, *on, words),
        PeopleCommand::Merge { entry, into, words } => wish.merge(entry, into, words),
        PeopleCommand::Undo { fact, reason } => wish.undo(fact, reason),
    }
}

impl Wish<'_> {
    fn go(&self, people: &BTreeSet<PersonId>, to: &Place, on: Date, words: &str) -> Result<Vec<Edit>, Refusal> {
        self.listed(people)?;
        if let Place::Home(household) = to
            && !self.roster.households.contains_key(household)
        {
            return refuse(PeopleRefusal::NoHousehold);
        }
        let then = self.roster.on(on);
        let is_there = |person: &PersonId| match self.roster.moves.place(person, on) {
            Some(place) => place == to,
            None => matches!(to, Place::Home(home)
                if then.people.get(person).is_some_and(|person| !person.hidden && person.household == *home)),
        };
        if people.iter().all(is_there) && !people.iter().any(|person| self.differs(person, on)) {
            return Err(Refusal::NothingToChange);
        }
        let came = people.iter().all(|person| self.came(person, on));
        Ok(vec![self.moved(people.clone(), to.clone(), on, came, words)?])
    }

    fn split(
        &self,
        household: &Household,
        people: &BTreeSet<PersonId>,
        on: Date,
        words: &str,
    ) -> Result<Vec<Edit>, Refusal> {
        self.listed(people)?;
        if household.number.trim().is_empty() {
            return Err(Refusal::EmptyName);
        }
        limit(&household.number, LINE_BYTES)?;
        limit(&household.group, LINE_BYTES)?;
        let known = self.roster.households.values();
        if known.clone().any(|known| known.id == household.id || known.number == household.number) {
            return refuse(PeopleRefusal::HouseholdTaken);
        }
        let mut edits = self.fields(household_fields(household));
        edits.push(self.moved(people.clone(), Place::Home(household.id.clone()), on, false, words)?);
        Ok(edits)
    }

    fn arrive(&self, person: &Person, on: Date, words: &str) -> Result<Vec<Edit>, Refusal> {
        if person.name.trim().is_empty() {
            return Err(Refusal::EmptyName);
        }
        limit(&person.name, LINE_BYTES)?;
        limit(&person.pinyin, LINE_BYTES)?;
        if self.roster.people.contains_key(&person.id) {
            return refuse(PeopleRefusal::AlreadyListed(person.id.clone()));
        }
        if !self.roster.households.contains_key(&person.household) {
            return refuse(PeopleRefusal::NoHousehold);
        }
        let mut edits = self.fields(person_fields(&Person { hidden: false, ..person.clone() }));
        let place = Place::Home(person.household.clone());
        edits.push(self.moved([person.id.clone()].into(), place, on, true, words)?);
        Ok(edits)
    }

    fn merge(&self, entry: &PersonId, into: &PersonId, words: &str) -> Result<Vec<Edit>, Refusal> {
        limit(words, WORDS_BYTES)?;
        if entry == into {
            return refuse(PeopleRefusal::SameEntry);
        }
        self.listed(&[entry.clone(), into.clone()].into())?;
        if [entry, into].contains(&&self.acting.holder) {
            return refuse(PeopleRefusal::OwnEntry);
        }
        if self.roster.entry(entry) == self.roster.entry(into) {
            return Err(Refusal::NothingToChange);
        }
        let words = words.trim().to_owned();
        let merge = Merge { entry: self.roster.entry(entry).clone(), into: self.roster.entry(into).clone(), words };
        Ok(vec![self.fact(RosterFact::Merged(merge))])
    }

    fn undo(&self, fact: &FactId, reason: &str) -> Result<Vec<Edit>, Refusal> {
        limit(reason, WORDS_BYTES)?;
        if !self.roster.moves.standing().any(|standing| standing.id == *fact) {
            return refuse(PeopleRefusal::NoFact(fact.clone()));
        }
        if reason.trim().is_empty() {
            return Err(Refusal::ReasonNeeded);
        }
        Ok(vec![self.fact(RosterFact::Undone(Undo { fact: fact.clone(), reason: reason.trim().to_owned() }))])
    }

    /// Refuses an empty list and people who are not on the roster.
    fn listed(&self, people: &BTreeSet<PersonId>) -> Result<(), Refusal> {
        if people.is_empty() {
            return refuse(PeopleRefusal::Nobody);
        }
        if people.len() > MOVE_LIMIT {
            return Err(Refusal::TooMany { limit: MOVE_LIMIT });
        }
        match people.iter().find(|person| !self.roster.people.contains_key(person)) {
            Some(person) => refuse(PeopleRefusal::NoPerson(person.clone())),
            None => Ok(()),
        }
    }

    fn differs(&self, person: &PersonId, on: Date) -> bool {
        let of_day = self.roster.moves.stays.get(person).and_then(|days| days.get(&on));
        of_day.is_some_and(|stay| stay.is_divergence())
    }

    /// Tells whether a move of the day brought somebody to the village: what makes way for it did, too.
    fn came(&self, person: &PersonId, on: Date) -> bool {
        let of_day = self.roster.moves.stays.get(person).and_then(|days| days.get(&on));
        of_day.is_some_and(|stay| stay.standing().iter().any(|said| said.value.came))
    }

    fn moved(&self, people: BTreeSet<PersonId>, to: Place, on: Date, came: bool, words: &str) -> Result<Edit, Refusal> {
        limit(words, WORDS_BYTES)?;
        let stays = people.iter().filter_map(|person| self.roster.moves.stays.get(person)?.get(&on));
        let replaces: BTreeSet<FactId> = stays.flat_map(|stay| stay.facts()).collect();
        let (words, replaces) = (words.trim().to_owned(), replaces.into_iter().collect());
        Ok(self.fact(RosterFact::Moved(Move { people, to, on, came, words, replaces })))
    }

    fn fact(&self, fact: RosterFact) -> Edit {
        Edit::Fact { address: Address::roster(self.village), fact: Fact::Roster(Box::new(fact)) }
    }

    fn fields(&self, fields: Fields) -> Vec<Edit> {
        let written = crate::domain::record::changes(&Fields::new(), fields).into_iter();
        written.map(|(key, value)| Edit::Field { address: Address::roster(self.village), key, value }).collect()
    }
}

fn refuse<T>(refusal: PeopleRefusal) -> Result<T, Refusal> {
    Err(Refusal::People(refusal))
}
