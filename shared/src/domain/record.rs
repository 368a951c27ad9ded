//! Mutable records as flat fields: how people, households and units are written, and read back without ever failing.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::person::{Household, MemberClass, Person, Residency, Roster, Standing};
use crate::domain::township::{Township, Unit, VillageKind};
use crate::id::{HouseholdId, PersonId, UnitCode};

/// A value of one field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldValue {
    /// The field was emptied.
    Nothing,
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
}

/// The fields of a document by flat key, `<record>.<field>`.
pub type Fields = BTreeMap<String, FieldValue>;

/// Something that reading passed over or repaired; the record's key, the field, what was wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldNote {
    /// The flat key.
    pub key: String,
    /// What was wrong with it.
    pub problem: FieldProblem,
}

/// What can be wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldProblem {
    /// The key names no record that this version knows; it is kept.
    UnknownKey,
    /// The value is of another kind or outside what the field may say; the field's default is shown.
    UnknownValue,
    /// The record has no name yet, or belongs to a household that is not there.
    Incomplete,
}

const PERSON: &str = "person:";
const HOUSEHOLD: &str = "household:";
const UNIT: &str = "unit:";
const TOWNSHIP: &str = "township";

/// Returns the flat keys and values of a township and its units.
pub fn township_fields(name: &str, units: &[Unit]) -> Fields {
    let mut fields = Fields::from([(format!("{TOWNSHIP}.name"), text(name))]);
    for unit in units {
        let key = |field: &str| format!("{UNIT}{}.{field}", unit.code);
        fields.insert(key("name"), text(&unit.name));
        fields.insert(key("kind"), FieldValue::Number(i64::from(unit.kind == VillageKind::Community)));
        fields.insert(key("precinct"), text(&unit.precinct));
    }
    fields
}

/// Returns the flat keys and values of a person; what is unknown stands as [`FieldValue::Nothing`].
pub fn person_fields(person: &Person) -> Fields {
    let key = |field: &str| format!("{PERSON}{}.{field}", person.id);
    Fields::from([
        (key("name"), text(&person.name)),
        (key("pinyin"), if person.pinyin.is_empty() { FieldValue::Nothing } else { text(&person.pinyin) }),
        (key("household"), text(person.household.as_str())),
        (key("birth"), person.birth_year.map_or(FieldValue::Nothing, |year| FieldValue::Number(year.into()))),
        (key("residency"), or_default(choice(&RESIDENCIES, &person.residency))),
        (key("standing"), person.standing.map_or(FieldValue::Nothing, |standing| choice(&STANDINGS, &standing))),
        (key("class"), or_default(choice(&CLASSES, &person.class))),
        (key("representative"), flag(person.representative)),
        (key("hidden"), flag(person.hidden)),
    ])
}

/// Returns the flat keys and values of a household.
pub fn household_fields(household: &Household) -> Fields {
    let key = |field: &str| format!("{HOUSEHOLD}{}.{field}", household.id);
    Fields::from([
        (key("number"), text(&household.number)),
        (key("group"), text(&household.group)),
        (key("head"), household.head.as_ref().map_or(FieldValue::Nothing, |head| text(head.as_str()))),
    ])
}

/// Returns what of `wanted` differs from `present`; a field that was never written and shall be nothing does not.
pub fn changes(present: &Fields, wanted: Fields) -> Fields {
    let shown = |key: &String| present.get(key).unwrap_or(&FieldValue::Nothing);
    wanted.into_iter().filter(|(key, value)| shown(key) != value).collect()
}

/// Reads a township; total.
pub fn read_township(fields: &Fields) -> (Township, Vec<FieldNote>) {
    let mut reader = Reader { fields, notes: Vec::new() };
    let mut township = Township { name: reader.text(&format!("{TOWNSHIP}.name")), units: BTreeMap::new() };
    for code in reader.records::<UnitCode>(UNIT) {
        let key = |field: &str| format!("{UNIT}{code}.{field}");
        let kind = match reader.number(&key("kind"), 0..=1) {
            Some(1) => VillageKind::Community,
            _ => VillageKind::Village,
        };
        let (name, precinct) = (reader.text(&key("name")), reader.text(&key("precinct")));
        township.units.insert(code.clone(), Unit { code, name, kind, precinct });
    }
    reader.unknown(&[TOWNSHIP, UNIT]);
    (township, reader.notes)
}

/// Reads a village's roster; total.
///
/// A person without a name is not shown; one whose household has not arrived is.
pub fn read_roster(fields: &Fields) -> (Roster, Vec<FieldNote>) {
    let mut reader = Reader { fields, notes: Vec::new() };
    let mut roster = Roster::default();
    for id in reader.records::<HouseholdId>(HOUSEHOLD) {
        let key = |field: &str| format!("{HOUSEHOLD}{id}.{field}");
        let (number, group) = (reader.text(&key("number")), reader.text(&key("group")));
        let head = reader.id(&key("head"));
        roster.households.insert(id.clone(), Household { id, number, group, head });
    }
    for id in reader.records::<PersonId>(PERSON) {
        let key = |field: &str| format!("{PERSON}{id}.{field}");
        let name = reader.text(&key("name"));
        let Some(household) = reader.id::<HouseholdId>(&key("household")).filter(|_| !name.is_empty()) else {
            reader.note(key("name"), FieldProblem::Incomplete);
            continue;
        };
        let person = Person {
            name,
            pinyin: reader.text(&key("pinyin")),
            household,
            birth_year: reader.number(&key("birth"), 1..=9999).and_then(|year| u16::try_from(year).ok()),
            residency: reader.choice(&key("residency"), &RESIDENCIES).unwrap_or_default(),
            standing: reader.choice(&key("standing"), &STANDINGS),
            class: reader.choice(&key("class"), &CLASSES).unwrap_or_default(),
            representative: reader.flag(&key("representative")),
            hidden: reader.flag(&key("hidden")),
            id: id.clone(),
        };
        roster.people.insert(id, person);
    }
    reader.unknown(&[HOUSEHOLD, PERSON]);
    (roster, reader.notes)
}

// A choice is written as its place in these lists, which only grow at the end. The first one, which most people
// are, is written as nothing where the field has a default.
const RESIDENCIES: [Residency; 3] = [Residency::Registered, Residency::Resident, Residency::Away];
const STANDINGS: [Standing; 2] = [Standing::Full, Standing::Probationary];
const CLASSES: [MemberClass; 4] =
    [MemberClass::Ordinary, MemberClass::Frail, MemberClass::Migrant, MemberClass::InService];

fn text(value: &str) -> FieldValue {
    FieldValue::Text(value.to_owned())
}

fn flag(value: bool) -> FieldValue {
    if value { FieldValue::Flag(true) } else { FieldValue::Nothing }
}

fn choice<T: PartialEq, const N: usize>(all: &[T; N], value: &T) -> FieldValue {
    let place = all.iter().position(|one| one == value).unwrap_or(0);
    FieldValue::Number(place as i64)
}

fn or_default(value: FieldValue) -> FieldValue {
    if value == FieldValue::Number(0) { FieldValue::Nothing } else { value }
}

struct Reader<'a> {
    fields: &'a Fields,
    notes: Vec<FieldNote>,
}

impl Reader<'_> {
    /// Returns the records of a kind, each once.
    fn records<T: std::str::FromStr + Ord>(&mut self, prefix: &str) -> BTreeSet<T> {
        let mut records = BTreeSet::new();
        for key in self.fields.range(prefix.to_owned()..).map(|(key, _)| key) {
            let Some(rest) = key.strip_prefix(prefix) else { break };
            match rest.split_once('.').and_then(|(id, _)| id.parse().ok()) {
                Some(id) => _ = records.insert(id),
                None => self.notes.push(FieldNote { key: key.clone(), problem: FieldProblem::UnknownKey }),
            }
        }
        records
    }

    fn text(&mut self, key: &str) -> String {
        match self.fields.get(key) {
            Some(FieldValue::Text(text)) => text.clone(),
            other => {
                self.expect_nothing(key, other);
                String::new()
            }
        }
    }

    fn number(&mut self, key: &str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        match self.fields.get(key) {
            Some(FieldValue::Number(number)) if range.contains(number) => Some(*number),
            other => {
                self.expect_nothing(key, other);
                None
            }
        }
    }

    fn flag(&mut self, key: &str) -> bool {
        match self.fields.get(key) {
            Some(FieldValue::Flag(flag)) => *flag,
            other => {
                self.expect_nothing(key, other);
                false
            }
        }
    }

    fn choice<T: Copy, const N: usize>(&mut self, key: &str, all: &[T; N]) -> Option<T> {
        let place = self.number(key, 0..=N as i64 - 1)?;
        usize::try_from(place).ok().and_then(|place| all.get(place).copied())
    }

    fn id<T: std::str::FromStr>(&mut self, key: &str) -> Option<T> {
        match self.fields.get(key) {
            Some(FieldValue::Text(text)) if text.parse::<T>().is_ok() => text.parse().ok(),
            other => {
                self.expect_nothing(key, other);
                None
            }
        }
    }

    fn expect_nothing(&mut self, key: &str, value: Option<&FieldValue>) {
        if !matches!(value, None | Some(FieldValue::Nothing)) {
            self.note(key.to_owned(), FieldProblem::UnknownValue);
        }
    }

    fn note(&mut self, key: String, problem: FieldProblem) {
        self.notes.push(FieldNote { key, problem });
    }

    /// Notes keys of kinds of record that this version does not know.
    fn unknown(&mut self, known: &[&str]) {
        let keys = self.fields.keys().filter(|key| !known.iter().any(|prefix| key.starts_with(prefix)));
        self.notes.extend(keys.map(|key| FieldNote { key: key.clone(), problem: FieldProblem::UnknownKey }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> Person {
        Person {
            id: PersonId::new("p1").unwrap(),
            name: "㵘".to_owned(),
            pinyin: "man".to_owned(),
            household: HouseholdId::new("h1").unwrap(),
            birth_year: Some(1950),
            residency: Residency::Away,
            standing: Some(Standing::Probationary),
            class: MemberClass::Frail,
            representative: true,
            hidden: false,
        }
    }

    #[test]
    fn reads_back_what_it_writes() {
        let head = Some(PersonId::new("p1").unwrap());
        let household =
            Household { id: HouseholdId::new("h1").unwrap(), number: "7".to_owned(), group: "2".to_owned(), head };
        let mut fields = person_fields(&person());
        fields.extend(household_fields(&household));
        let (roster, notes) = read_roster(&fields);
        assert_eq!(notes, []);
        assert_eq!(roster.people.values().collect::<Vec<_>>(), [&person()]);
        assert_eq!(roster.households.values().collect::<Vec<_>>(), [&household]);
        assert_eq!(changes(&fields, person_fields(&person())), Fields::new());
        let older = Person { birth_year: Some(1949), standing: None, ..person() };
        assert_eq!(
            changes(&fields, person_fields(&older)),
            Fields::from([
                ("person:p1.birth".to_owned(), FieldValue::Number(1949)),
                ("person:p1.standing".to_owned(), FieldValue::Nothing),
            ])
        );
    }

    #[test]
    fn what_is_malformed_is_noted_and_shown_repaired() {
        let mut fields = person_fields(&person());
        fields.insert("person:p1.birth".to_owned(), text("long ago"));
        fields.insert("person:p1.class".to_owned(), FieldValue::Number(9));
        fields.insert("person:p2.name".to_owned(), text("nobody's"));
        fields.insert("person:P?.name".to_owned(), text("?"));
        fields.insert("comet:1.tail".to_owned(), FieldValue::Flag(true));
        let (roster, notes) = read_roster(&fields);
        let shown = Person { birth_year: None, class: MemberClass::Ordinary, ..person() };
        assert_eq!(roster.people.values().collect::<Vec<_>>(), [&shown]);
        let notes: Vec<String> = notes.iter().map(|note| format!("{} {:?}", note.key, note.problem)).collect();
        assert_eq!(
            notes,
            [
                "person:P?.name UnknownKey",
                "person:p1.birth UnknownValue",
                "person:p1.class UnknownValue",
                "person:p2.name Incomplete",
                "comet:1.tail UnknownKey",
            ]
        );
    }
}
