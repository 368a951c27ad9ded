//! `pingyi points`: the sample to the letter, and every mistake with its place.

use super::Files;

const RULEBOOK: &str = include_str!("../samples/points/rulebook.toml");
const ENTRIES: &str = include_str!("../samples/points/entries.csv");
const EXPECTED: &str = include_str!("../samples/points/expected.json");

fn sample() -> Files {
    Files::new("points", &[("rulebook", "rulebook.toml", RULEBOOK), ("entries", "entries.csv", ENTRIES)])
}

#[test]
fn reproduces_the_sample_to_the_letter() {
    assert_eq!(sample().printed(), EXPECTED);
    assert_eq!(sample().reversed("entries").printed(), EXPECTED);
}

#[test]
fn numbers_are_listed_as_text_and_counted_as_numbers() {
    let entries = "id,account,item,date,points,status,reverses\n\
                   A1-10,H1,courtyard,2026-10-05,12,booked,\nA1-9,H1,courtyard,2026-10-05,12,booked,\n";
    let printed =
        Files::new("points", &[("rulebook", "rulebook.toml", RULEBOOK), ("entries", "entries.csv", entries)]).printed();
    let (_, entries) = printed.split_once("\"entries\"").unwrap();
    let expected = "   \"id\": \"A1-10\",\n   \"counted\": 0\n  },\n  {\n   \"id\": \"A1-9\",\n   \"counted\": 12\n";
    assert!(entries.contains(expected), "{entries}");
}

#[test]
fn mistakes_in_entries_are_named() {
    let check = |from: &str, to: &str, line: &str| sample().edit("entries", from, to).refused(line);
    check("SH1-1,", "SH1-01,", "entries.csv:2:1: id: \"SH1-01\" is no entry's number such as SH1-42");
    check("SH1-2,", "SH1-1,", "entries.csv:3:1: id: another entry has this number");
    check("H001,cleanup", ",cleanup", "entries.csv:2:2: account: empty");
    check("H001,cleanup", "H001,praise", "entries.csv:2:3: item: the rulebook has no such item");
    check("H001,cleanup", "H001,a b", "entries.csv:2:3: item: the rulebook has no such item");
    check("2026-10-03", "2026-02-29", "entries.csv:2:4: date: \"2026-02-29\" is no date: the calendar has no such day");
    check("2026-10-03", "3 Oct", "entries.csv:2:4: date: \"3 Oct\" is no date: a date has the shape 2026-11-23");
    for points in ["5.0", "+5", "five", "1e1", "99999999999", "-"] {
        let line = format!("entries.csv:2:5: points: \"{points}\" is no whole number of points");
        check("10-03,5,", &format!("10-03,{points},"), &line);
    }
    check("10-03,5,booked", "10-03,5,done", "entries.csv:2:6: status: \"done\" is not one of booked, held, rejected");
    check(
        "booked,SH2-4",
        "booked,SH2-40",
        "entries.csv:14:7: reverses: no other entry has the number that this one reverses",
    );
    check("reverses", "cancels", "entries.csv:1:8: reverses: this column is missing");
}

#[test]
fn mistakes_in_the_rulebook_are_named() {
    let check = |from: &str, to: &str, line: &str| sample().edit("rulebook", from, to).refused(line);
    check("kind = \"points\"", "kind = \"review\"", "rulebook.toml:2:8: the kind of this rulebook is not points");
    check("category = \"service\"", "category = \"charity\"", "rulebook.toml:29:12: there is no such category");
    check("points = 12", "points = 0", "rulebook.toml:22:10: an item gives or costs 1 to 100000 points");
    check("id = \"courtyard\"", "id = \"cleanup\"", "rulebook.toml:20:6: two items have this id");
}

#[test]
fn files_that_are_not_there_are_named() {
    sample().each_file_is_missed();
}

#[test]
fn spoiled_files_never_get_past_or_crash() {
    sample().spoiled_files_never_get_past_or_crash();
}
