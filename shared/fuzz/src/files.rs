//! What people write: names, numbers, dates, and the files of rosters and rulebooks.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use shared::document::fact::{pack_adopted, read_adopted};
use shared::domain::Adoption;
use shared::domain::person::Roster;
use shared::domain::roster_file::{CELL_BYTES, FILE_ROWS, read_roster};
use shared::domain::rulebook::file::{RuleFileError, read_assessment, read_points, read_review};
use shared::id::{
    Address, CategoryId, CriterionId, DeviceCode, DocumentId, FactId, GroupId, HouseholdId, ID_BYTES, ItemId,
    MeetingId, PersonId, RulebookId, ScopeId, UnitCode,
};
use shared::number::{Decimal, Ratio};
use shared::sheet::Sheet;
use shared::time::Date;

pub fn names(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    one_spelling::<DeviceCode>(text);
    one_spelling::<PersonId>(text);
    one_spelling::<HouseholdId>(text);
    one_spelling::<UnitCode>(text);
    one_spelling::<GroupId>(text);
    one_spelling::<CriterionId>(text);
    one_spelling::<ItemId>(text);
    one_spelling::<CategoryId>(text);
    one_spelling::<RulebookId>(text);
    one_spelling::<FactId>(text);
    one_spelling::<MeetingId>(text);
    one_spelling::<ScopeId>(text);
    one_spelling::<DocumentId>(text);
    one_spelling::<Address>(text);
    one_spelling::<Date>(text);
    if let Ok(id) = text.parse::<PersonId>() {
        assert!(id.as_str().len() <= ID_BYTES);
    }
    if let Ok(number) = text.parse::<Decimal>() {
        let again = number.to_string().parse::<Decimal>().unwrap();
        assert_eq!(
            (again.units(), again.decimals(), again.value()),
            (number.units(), number.decimals(), number.value())
        );
    }
    if let Ok(number) = text.parse::<Ratio>() {
        // Whatever can be read can be reckoned with: the result is a number or a refusal.
        let _ = (number.plus(number), number.minus(number), number.times(number), number.over(number));
    }
}

/// What names something has one spelling, since it is a key.
fn one_spelling<T: FromStr + Display + Debug + PartialEq>(text: &str) {
    if let Ok(name) = text.parse::<T>() {
        assert_eq!(name.to_string(), text);
    }
}

pub fn roster(bytes: &[u8]) {
    let village = "420529202209".parse().unwrap();
    let preview = read_roster(bytes, &village);
    assert_eq!(read_roster(bytes, &village), preview, "the same file gives the same people");
    assert!(preview.people.len() <= FILE_ROWS);
    let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 1;
    for problem in &preview.problems {
        assert!((1..=lines).contains(&problem.line), "line {} of {lines}", problem.line);
    }
    let mut roster = Roster::default();
    for household in &preview.households {
        assert!(household.number.len() <= CELL_BYTES && household.group.len() <= CELL_BYTES);
        let twice = roster.households.insert(household.id.clone(), household.clone());
        assert!(twice.is_none(), "two households of one id");
    }
    for person in &preview.people {
        assert!(person.name.len() <= CELL_BYTES && roster.households.contains_key(&person.household));
        assert!(roster.people.insert(person.id.clone(), person.clone()).is_none(), "two people of one id");
    }
    let changes = preview.changes(&roster);
    assert_eq!((changes.new, changes.changed), (0, 0), "a file imported twice changes nothing");
}

pub fn rulebook(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match read_review(text) {
        Ok(rulebook) => {
            assert_eq!(rulebook.check(), Ok(()));
            let adoption = Adoption { rulebook, adopted_at: "党员大会".to_owned() };
            assert_eq!(read_adopted(&pack_adopted(&adoption)).as_ref(), Ok(&adoption), "it can be put in force");
        }
        Err(error) => stands_in(text, &error),
    }
    match read_assessment(text) {
        Ok(rule) => assert_eq!(rule.check(), Ok(())),
        Err(error) => stands_in(text, &error),
    }
    match read_points(text) {
        Ok(rule) => assert_eq!(rule.check(), Ok(())),
        Err(error) => stands_in(text, &error),
    }
}

/// A mistake has a place in the file.
fn stands_in(text: &str, error: &RuleFileError) {
    let line = text.strip_prefix('\u{feff}').unwrap_or(text).split('\n').nth(error.line - 1);
    let line = line.unwrap_or_else(|| panic!("there is no line {}", error.line));
    assert!((1..=line.chars().count() + 1).contains(&error.column), "column {} of {line:?}", error.column);
}

/// The columns that the calculating commands ask for, one that stands in quotes, and one that no file has.
const COLUMNS: [&str; 5] = ["serial", "village", "id", "a,b", "nobody asks for this"];

pub fn sheet(bytes: &[u8]) {
    let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
    let sheet = match Sheet::parse(bytes) {
        Ok(sheet) => sheet,
        Err(error) => {
            assert!((1..=lines).contains(&error.line) && error.column >= 1, "{error:?}");
            return;
        }
    };
    for name in COLUMNS {
        match sheet.column(name) {
            Ok(column) => {
                assert_eq!(sheet.place(column).0, Some(name));
                for row in sheet.rows() {
                    assert!(row.text(column).len() <= bytes.len() && (1..=lines).contains(&row.line(column)));
                }
            }
            Err(error) => assert!((1..=lines).contains(&error.line) && error.column >= 1, "{error:?}"),
        }
    }
    assert!(sheet.rows().len() < lines);
}
