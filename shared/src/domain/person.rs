//! People, households, members and representatives of a village.

pub mod fact;
mod moves;
mod twins;

pub use moves::{Moves, MovesFlaw, MovesNote, Stay};
pub use twins::{Alike, Twins, twins};

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{HouseholdId, PersonId};
use crate::time::Date;
use fact::Place;

/// Where a villager belongs and lives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Residency {
    /// 户籍: registered and living here.
    #[default]
    Registered,
    /// 常住: living here, registered elsewhere.
    Resident,
    /// 外出: registered here, away.
    Away,
}

/// How far a Party membership has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// 正式
    Full,
    /// 预备: reviewed, never graded (E18).
    Probationary,
}

/// What a member's circumstances ask of the rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum MemberClass {
    /// 普通
    #[default]
    Ordinary,
    /// 年老体弱: may be excused after a branch decision (E17).
    Frail,
    /// 流动: away for work (E16).
    Migrant,
    /// 在职
    InService,
}

/// An individual with a tie to the village.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The same on every phone that imported the same row.
    pub id: PersonId,
    /// The name as written; rare characters are kept as they are.
    pub name: String,
    /// Hanyu pinyin, for finding and as the fallback where a character cannot be shown (E21); may be empty.
    pub pinyin: String,
    /// The household the person belongs to.
    pub household: HouseholdId,
    /// The year of birth, where known.
    pub birth_year: Option<u16>,
    /// Where the person belongs and lives.
    pub residency: Residency,
    /// Party standing, for members.
    pub standing: Option<Standing>,
    /// The member's circumstances; `Ordinary` for everybody else.
    pub class: MemberClass,
    /// Whether the villagers elected this person as a representative.
    pub representative: bool,
    /// A hidden person stays in the record and off every list (invariant: deleting hides).
    pub hidden: bool,
}

/// An account holder: people who keep house together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Household {
    /// The household number as a key.
    pub id: HouseholdId,
    /// The household number as people write it.
    pub number: String,
    /// The villager group (村民小组).
    pub group: String,
    /// The head of the household, where known.
    pub head: Option<PersonId>,
}

/// A village's people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// Everybody by id.
    pub people: BTreeMap<PersonId, Person>,
    /// Households by id.
    pub households: BTreeMap<HouseholdId, Household>,
    /// Who moved when, and which entries are of one person.
    pub moves: Moves,
}

impl Roster {
    /// Returns the roster with what moves and merges make of it.
    ///
    /// Everybody stands in the household of their last move, and entries that are part of another are hidden. Who left
    /// stays listed: from which day on they do not count is for [`Roster::on`] to say.
    pub fn with(mut self, mut moves: Moves) -> Self {
        for person in self.people.values_mut() {
            person.hidden |= moves.merged.contains_key(&person.id);
            if moves.stays.contains_key(&person.id) {
                moves.first.insert(person.id.clone(), person.household.clone());
            }
            let homes = moves.agreed(&person.id).filter_map(|(_, stay)| home(&stay.place));
            if let Some(last) = homes.last().cloned() {
                person.household = last;
            }
        }
        self.moves = moves;
        self
    }

    /// Returns the roster as it was on a day: everybody where they lived, and hidden who had left or not come yet (E19).
    pub fn on(&self, day: Date) -> Self {
        let mut then = self.clone();
        for (id, first) in &self.moves.first {
            let Some(person) = then.people.get_mut(id) else { continue };
            person.hidden |= !self.moves.is_here(id, day);
            person.household = match self.moves.place(id, day) {
                Some(Place::Home(household)) => household.clone(),
                Some(_) => person.household.clone(),
                None => first.clone(),
            };
        }
        then
    }

    /// Returns the entry under which a person is shown: another one where two were merged.
    pub fn entry<'a>(&'a self, person: &'a PersonId) -> &'a PersonId {
        self.moves.merged.get(person).unwrap_or(person)
    }

    /// Returns every entry of the person of an entry, that under which they are shown first.
    pub fn entries(&self, person: &PersonId) -> Vec<PersonId> {
        let shown = self.entry(person);
        let merged = self.moves.merged.iter().filter(|(_, into)| *into == shown).map(|(entry, _)| entry);
        std::iter::once(shown).chain(merged).cloned().collect()
    }

    /// Returns what a file may say of a person: whoever was hidden or moved stays so, since an old file brings nobody
    /// back.
    pub fn kept(&self, person: &Person) -> Person {
        let known = self.people.get(&person.id);
        let moved = known.filter(|known| self.moves.first.contains_key(&known.id));
        Person {
            hidden: known.map_or(person.hidden, |known| known.hidden),
            household: moved.map_or(&person.household, |known| &known.household).clone(),
            ..person.clone()
        }
    }

    /// Returns Party members who are not hidden, full and probationary, by id.
    pub fn members(&self) -> impl Iterator<Item = &Person> {
        self.people.values().filter(|person| person.standing.is_some() && !person.hidden)
    }

    /// Returns elected representatives who are not hidden, by id.
    pub fn representatives(&self) -> impl Iterator<Item = &Person> {
        self.people.values().filter(|person| person.representative && !person.hidden)
    }

    /// Returns names that more than one visible person bears, so that lists can tell them apart (E20).
    pub fn shared_names(&self) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let visible = self.people.values().filter(|person| !person.hidden);
        visible.filter(|person| !seen.insert(person.name.as_str())).map(|person| person.name.as_str()).collect()
    }
}

fn home(place: &Place) -> Option<&HouseholdId> {
    match place {
        Place::Home(household) => Some(household),
        Place::Left(_) | Place::Died => None,
    }
}
