//! People, households, members and representatives of a village.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{HouseholdId, PersonId};

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
}

impl Roster {
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
