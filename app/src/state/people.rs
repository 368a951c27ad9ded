//! The roster as a list that can be searched, in the order of households.

use std::collections::BTreeMap;

use shared::domain::person::{Household, MemberClass, Person, Residency, Roster, Standing};
use shared::id::PersonId;

/// The most rows shown at once: more than a thumb scrolls through, few enough to draw at once on a slow phone.
pub const ROWS_SHOWN: usize = 120;

/// What the list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleList {
    /// The rows that fit, by villager group.
    pub groups: Vec<PeopleGroup>,
    /// How many people the search found.
    pub found: usize,
    /// How many of them are shown.
    pub shown: usize,
}

/// A villager group (村民小组) and those of its people that the search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleGroup {
    /// The group's name; empty for people whose household is not on the roster.
    pub name: String,
    /// Its people, by household.
    pub people: Vec<PersonRow>,
}

/// One person of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Who.
    pub id: PersonId,
    /// The name as written.
    pub name: String,
    /// Hanyu pinyin; may be empty.
    pub pinyin: String,
    /// The villager group.
    pub group: String,
    /// The household number as people write it.
    pub household: String,
    /// Whether the person is the head of the household.
    pub head: bool,
    /// The year of birth, where known.
    pub birth_year: Option<u16>,
    /// Where the person belongs and lives.
    pub residency: Residency,
    /// Party standing, for members.
    pub standing: Option<Standing>,
    /// The member's circumstances.
    pub class: MemberClass,
    /// Whether the person is a villager representative.
    pub representative: bool,
    /// Whether somebody else bears the same name, so that group and household must stand beside it (E20).
    pub shared_name: bool,
}

impl PersonRow {
    /// Returns the pinyin where a phone may have no glyph for a rare character of the name (E21).
    pub fn spoken(&self) -> Option<&str> {
        // The block that every phone's font covers.
        let is_rare = |character: char| !('\u{4e00}'..='\u{9fa5}').contains(&character) && !character.is_ascii();
        Some(self.pinyin.as_str()).filter(|pinyin| !pinyin.is_empty() && self.name.chars().any(is_rare))
    }
}

/// How many there are, for the head of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeopleCount {
    /// Everybody who is not hidden.
    pub people: usize,
    /// Households.
    pub households: usize,
    /// Party members, probationary ones included.
    pub members: usize,
    /// Villager representatives.
    pub representatives: usize,
}

/// Counts a roster.
pub fn count(roster: &Roster) -> PeopleCount {
    PeopleCount {
        people: roster.people.values().filter(|person| !person.hidden).count(),
        households: roster.households.len(),
        members: roster.members().count(),
        representatives: roster.representatives().count(),
    }
}

/// Returns the people whom a search finds, at most `limit` of them.
///
/// A search is a part of the name, of the pinyin without tones and spaces, the first letters of the pinyin, or a
/// household number; an empty search finds everybody.
pub fn list(roster: &Roster, search: &str, limit: usize) -> PeopleList {
    let wanted = Wanted::new(search);
    let shared = roster.shared_names();
    let mut found: Vec<(&Person, Option<&Household>)> = roster
        .people
        .values()
        .filter(|person| !person.hidden)
        .map(|person| (person, roster.households.get(&person.household)))
        .filter(|(person, household)| wanted.is_met_by(&person.name, &person.pinyin, *household))
        .collect();
    found.sort_by(|(a, _), (b, _)| (natural(a.household.as_str()), &a.id).cmp(&(natural(b.household.as_str()), &b.id)));
    let rows = found.iter().take(limit).map(|(person, household)| row(person, *household, &shared));
    let mut list = PeopleList { found: found.len(), shown: found.len().min(limit), ..PeopleList::default() };
    for row in rows {
        match list.groups.last_mut() {
            Some(group) if group.name == row.group => group.people.push(row),
            _ => list.groups.push(PeopleGroup { name: row.group.clone(), people: vec![row] }),
        }
    }
    list
}

/// Returns a person with whatever a list shows of them.
pub fn find(roster: &Roster, id: &PersonId) -> Option<PersonRow> {
    let person = roster.people.get(id)?;
    Some(row(person, roster.households.get(&person.household), &roster.shared_names()))
}

/// Returns group and household number as one text, such as `一组 12号`; empty where neither is known.
pub fn dwelling(group: &str, household: &str) -> String {
    [group, household].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn row(person: &Person, household: Option<&Household>, shared: &std::collections::BTreeSet<&str>) -> PersonRow {
    PersonRow {
        id: person.id.clone(),
        name: person.name.clone(),
        pinyin: person.pinyin.clone(),
        group: household.map(|household| household.group.clone()).unwrap_or_default(),
        household: household.map(|household| household.number.clone()).unwrap_or_default(),
        head: household.is_some_and(|household| household.head.as_ref() == Some(&person.id)),
        birth_year: person.birth_year,
        residency: person.residency,
        standing: person.standing,
        class: person.class,
        representative: person.representative,
        shared_name: shared.contains(person.name.as_str()),
    }
}

/// Orders `9` before `10` where texts differ only in their number.
fn natural(text: &str) -> (usize, &str) {
    (text.len(), text)
}

/// A search, prepared once for all rows.
pub struct Wanted {
    text: String,
    plain: String,
}

impl Wanted {
    /// Prepares a search.
    pub fn new(search: &str) -> Self {
        let text = search.trim().to_lowercase();
        Self { plain: plain_pinyin(&text).concat(), text }
    }

    /// Returns whether a person of this name, pinyin and household is meant.
    pub fn is_met_by(&self, name: &str, pinyin: &str, household: Option<&Household>) -> bool {
        if self.text.is_empty() || name.contains(&self.text) {
            return true;
        }
        let syllables = plain_pinyin(&pinyin.to_lowercase());
        let initials: String = syllables.iter().filter_map(|syllable| syllable.chars().next()).collect();
        let in_pinyin = !self.plain.is_empty()
            && self.plain.is_ascii()
            && (syllables.concat().contains(&self.plain) || initials.starts_with(&self.plain));
        in_pinyin || household.is_some_and(|household| household.number.to_lowercase().contains(&self.text))
    }
}

/// Returns pinyin as syllables without tone marks, apostrophes and hyphens.
fn plain_pinyin(pinyin: &str) -> Vec<String> {
    let plain = |letter: char| match letter {
        'ā' | 'á' | 'ǎ' | 'à' => Some('a'),
        'ē' | 'é' | 'ě' | 'è' => Some('e'),
        'ī' | 'í' | 'ǐ' | 'ì' => Some('i'),
        'ō' | 'ó' | 'ǒ' | 'ò' => Some('o'),
        'ū' | 'ú' | 'ǔ' | 'ù' => Some('u'),
        'ü' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => Some('v'),
        '\'' | '’' | '-' => None,
        other => Some(other),
    };
    pinyin.split_whitespace().map(|syllable| syllable.chars().filter_map(plain).collect()).collect()
}

/// Returns the names on a list that more than one of its people bears.
pub fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> std::collections::BTreeSet<&'a str> {
    let mut seen = BTreeMap::new();
    for name in names {
        *seen.entry(name).or_insert(0_usize) += 1;
    }
    seen.into_iter().filter(|(_, count)| *count > 1).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::id::HouseholdId;

    #[test]
    fn finds_by_name_pinyin_initials_and_household() {
        let roster = sample();
        check(&roster, "", "刘芳 王伟 王伟 覃䶮");
        check(&roster, "王", "王伟 王伟");
        check(&roster, "wang", "王伟 王伟");
        check(&roster, "WANGWEI", "王伟 王伟");
        check(&roster, "wáng wěi", "王伟 王伟");
        check(&roster, "qy", "覃䶮");
        check(&roster, "10", "覃䶮");
        check(&roster, "李", "");
    }

    #[test]
    fn tells_same_names_apart_and_groups_by_villager_group() {
        let list = list(&sample(), "", ROWS_SHOWN);
        let groups: Vec<_> = list.groups.iter().map(|group| (group.name.as_str(), group.people.len())).collect();
        assert_eq!(groups, [("一组", 2), ("二组", 2)]);
        let shared: Vec<bool> = list.groups.iter().flat_map(|g| g.people.iter().map(|p| p.shared_name)).collect();
        assert_eq!(shared, [false, true, true, false]);
    }

    #[test]
    fn a_rare_character_has_its_pinyin_beside_it_e21() {
        let list = list(&sample(), "", ROWS_SHOWN);
        let spoken: Vec<_> = list.groups.iter().flat_map(|group| group.people.iter().map(|row| row.spoken())).collect();
        assert_eq!(spoken, [None, None, None, Some("qin yan")]);
    }

    #[test]
    fn says_how_many_it_leaves_out() {
        let list = list(&sample(), "", 3);
        assert_eq!((list.found, list.shown), (4, 3));
    }

    #[track_caller]
    fn check(roster: &Roster, search: &str, names: &str) {
        let list = list(roster, search, ROWS_SHOWN);
        let found: Vec<_> = list.groups.iter().flat_map(|g| g.people.iter().map(|p| p.name.as_str())).collect();
        assert_eq!(found.join(" "), names, "{search}");
    }

    fn sample() -> Roster {
        let mut roster = Roster::default();
        let rows = [
            ("p1", "刘芳", "liu fang", "h2", "一组"),
            ("p2", "王伟", "wáng wěi", "h3", "一组"),
            ("p3", "王伟", "wang wei", "h9", "二组"),
            ("p4", "覃䶮", "qin yan", "h10", "二组"),
        ];
        for (id, name, pinyin, household, group) in rows {
            let (id, household) = (PersonId::new(id).unwrap(), HouseholdId::new(household).unwrap());
            let number = household.as_str()[1..].to_owned();
            let home = Household { id: household.clone(), number, group: group.into(), head: None };
            roster.households.insert(household.clone(), home);
            let person = Person {
                id: id.clone(),
                name: name.into(),
                pinyin: pinyin.into(),
                household,
                birth_year: None,
                residency: Residency::Registered,
                standing: None,
                class: MemberClass::Ordinary,
                representative: false,
                hidden: false,
            };
            roster.people.insert(id, person);
        }
        roster
    }
}
