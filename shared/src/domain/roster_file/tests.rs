//! Roster files, good and bad, each with the problems it has.

use super::*;

const HEADER: &str = "户号,小组,姓名,出生年,户主,居住,党员,类别,代表,编号";

fn read(rows: &str) -> RosterPreview {
    read_roster(format!("{HEADER}\n{rows}").as_bytes(), &village())
}

fn village() -> UnitCode {
    UnitCode::new("420529202209").unwrap()
}

/// Checks the one problem of a file as `line:cell reason`.
#[track_caller]
fn check(rows: &str, expected: &str) {
    let problems: Vec<String> = read(rows)
        .problems
        .iter()
        .map(|p| format!("{}:{} {}", p.line, p.cell.map_or("-".to_owned(), |cell| cell.to_string()), p.reason))
        .collect();
    assert_eq!(problems, [expected]);
}

#[test]
fn a_row_becomes_a_person_in_a_household() {
    let preview = read("007,2组,向明清,1951,是,户籍,正式,年老体弱,是,");
    assert_eq!(preview.problems, []);
    let person = &preview.people[0];
    assert_eq!((person.name.as_str(), person.birth_year), ("向明清", Some(1951)));
    assert_eq!((person.standing, person.class), (Some(Standing::Full), MemberClass::Frail));
    assert!(person.representative);
    assert_eq!(preview.households[0].head, Some(person.id.clone()));
    assert_eq!(preview.households[0].group, "2组");
}

#[test]
fn bad_rows_are_named_by_line_cell_and_reason() {
    check("1,1组,甲,1951,是,户籍,正式,,是,\n1,1组,,1951,,,,,,", "3:3 the cell is empty");
    check("1,1组,甲,19x1,,,,,,", "2:4 this is not a year of birth");
    check("1,1组,甲,1851,,,,,,", "2:4 this is not a year of birth");
    check("1,1组,甲,,也许,,,,,", "2:5 the column takes other words");
    check("1,1组,甲,,,,,流动,,", "2:8 only a Party member has a class");
    check("1,1组,甲,1951,,,,,,\n1,1组,甲,1951,,,,,,", "3:3 the same person stands on line 2");
    check("1,1组,甲,1951,,,,,,\n1,2组,乙,1951,,,,,,", "3:2 the household stands in another group on line 2");
    check("1,1组,甲,,是,,,,,\n1,1组,乙,,是,,,,,", "3:5 the household has its head on line 2");
    check("1,1组,甲", "2:- the row has more or fewer cells than the first one");
    check("1,1组,\"甲\n乙\",,,,,,,", "2:3 the cell has a line break; perhaps a quote is missing");
    check("1,1组,甲,,,,,,,4205 2919 5101 0100 1X", "2:10 this looks like an ID number, which is never kept");
    check("1,1组,甲,,,,,,,no. 42052919510101001X", "2:10 this looks like an ID number, which is never kept");
    check("1,1组,甲,,,,,,,42052919510101001X", "2:10 this looks like an ID number, which is never kept");
}

#[test]
fn a_bad_row_does_not_take_the_good_ones_with_it() {
    let preview = read("1,1组,甲,1951,,,,,,\n1,1组,,,,,,,,\n2,1组,\"乙,小\",1950,,,,,,");
    let names: Vec<&str> = preview.people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["甲", "乙,小"]);
    assert_eq!(preview.problems.len(), 1);
}

#[test]
fn columns_come_in_any_order_and_either_language() {
    let chinese = read_roster("户号,小组,姓名,党员\n1,1组,甲,正式\n".as_bytes(), &village());
    let english = read_roster("\u{feff}party,name,group,household,x\r\nfull,甲,1组,1,?\r\n".as_bytes(), &village());
    assert_eq!(chinese, english);
    assert_eq!(chinese.people.len(), 1);
    let missing = read_roster("户号,姓名\n1,甲\n".as_bytes(), &village());
    assert_eq!(missing.problems[0].reason, RowReason::MissingColumn);
    assert_eq!(missing.problems[0].column, Some(Column::Group));
    assert_eq!(read_roster(b"", &village()).problems[0].reason, RowReason::NoHeader);
    assert_eq!(read_roster(&[0xff, 0xfe], &village()).problems[0].reason, RowReason::NotText);
}

#[test]
fn two_people_of_one_name_and_year_are_told_apart_by_their_number() {
    let preview = read("1,1组,甲,1951,,,,,,1\n1,1组,甲,1951,,,,,,2");
    assert_eq!(preview.problems, []);
    assert_ne!(preview.people[0].id, preview.people[1].id);
}

#[test]
fn a_file_imported_before_changes_nothing() {
    let preview = read("1,1组,甲,1951,是,,,,,\n2,1组,乙,1950,,,,,,");
    let mut roster = Roster::default();
    assert_eq!(preview.changes(&roster), RosterChanges { new: 2, changed: 0, unchanged: 0 });
    roster.people = preview.people.iter().map(|person| (person.id.clone(), person.clone())).collect();
    roster.households = preview.households.iter().map(|one| (one.id.clone(), one.clone())).collect();
    assert_eq!(preview.changes(&roster), RosterChanges { new: 0, changed: 0, unchanged: 2 });
    let zeros = read("001,1组,甲,1951,是,,,,,\n002,1组,乙,1950,,,,,,");
    assert_eq!(zeros.people, preview.people, "spreadsheets drop zeros in front");
    let hidden = |mut person: Person| {
        person.hidden = true;
        (person.id.clone(), person)
    };
    roster.people.extend(preview.people.iter().take(1).cloned().map(hidden));
    assert_eq!(preview.changes(&roster).unchanged, 2, "whoever was hidden stays hidden");
    let moved = read("1,3组,甲,1951,是,,,,,\n2,1组,乙,1950,,,,,,");
    assert_eq!(moved.changes(&roster), RosterChanges { new: 0, changed: 1, unchanged: 1 });
}
