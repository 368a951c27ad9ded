//! `pingyi score`: the sample to the letter, and every mistake with its place.

use super::Files;

const RULEBOOK: &str = include_str!("../samples/review/rulebook.toml");
const ROLL: &str = include_str!("../samples/review/roll.csv");
const BALLOTS: &str = include_str!("../samples/review/ballots.csv");
const EXPECTED: &str = include_str!("../samples/review/expected.json");

fn sample() -> Files {
    let files =
        [("rulebook", "rulebook.toml", RULEBOOK), ("roll", "roll.csv", ROLL), ("ballots", "ballots.csv", BALLOTS)];
    Files::new("score", &files)
}

/// Runs the sample with changes that must be harmless, and returns what is printed.
#[track_caller]
fn printed(change: impl FnOnce(&mut Files)) -> String {
    let mut files = sample();
    change(&mut files);
    files.printed()
}

/// Runs the sample with a mistake and checks the one line it is refused with.
#[track_caller]
fn check(change: impl FnOnce(&mut Files), line: &str) {
    let mut files = sample();
    change(&mut files);
    files.refused(line);
}

/// Replaces a file.
fn set(files: &mut Files, option: &str, text: impl Into<Vec<u8>>) {
    *files.bytes(option) = text.into();
}

#[track_caller]
fn check_ballots(from: &str, to: &str, line: &str) {
    sample().edit("ballots", from, to).refused(line);
}

#[track_caller]
fn check_roll(from: &str, to: &str, line: &str) {
    sample().edit("roll", from, to).refused(line);
}

#[track_caller]
fn check_rulebook(from: &str, to: &str, line: &str) {
    sample().edit("rulebook", from, to).refused(line);
}

#[test]
fn reproduces_the_sample_to_the_letter() {
    assert_eq!(printed(|_| {}), EXPECTED);
}

#[test]
fn byte_order_marks_line_ends_quotes_and_column_order_change_nothing() {
    let mark = |bytes: &mut Vec<u8>| drop(bytes.splice(0..0, "\u{feff}".bytes()));
    assert_eq!(
        printed(|files| {
            mark(files.bytes("rulebook"));
            mark(files.bytes("roll"));
            mark(files.bytes("ballots"));
        }),
        EXPECTED
    );
    for end in ["\n", "\r"] {
        let other = |text: &str| text.replace("\r\n", end).into_bytes();
        assert_eq!(
            printed(|files| {
                set(files, "roll", other(ROLL));
                set(files, "ballots", other(BALLOTS))
            }),
            EXPECTED
        );
    }
    assert_eq!(printed(|files| set(files, "rulebook", RULEBOOK.replace('\n', "\r\n"))), EXPECTED);
    let quoted = |text: &str| -> Vec<u8> {
        let row = |row: &str| row.split(',').map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",");
        text.lines().map(row).collect::<Vec<_>>().join("\n").into_bytes()
    };
    assert_eq!(
        printed(|files| {
            set(files, "roll", quoted(ROLL));
            set(files, "ballots", quoted(BALLOTS))
        }),
        EXPECTED
    );
    let reversed = |text: &str| -> Vec<u8> {
        let row = |row: &str| row.split(',').rev().collect::<Vec<_>>().join(",");
        text.lines().map(row).collect::<Vec<_>>().join("\n\n").into_bytes()
    };
    assert_eq!(
        printed(|files| {
            set(files, "roll", reversed(ROLL));
            set(files, "ballots", reversed(BALLOTS))
        }),
        EXPECTED
    );
    let noted = |text: &str| text.replace("\r\n", ",\"a, \"\"note\"\"\nof two lines\"\r\n").into_bytes();
    assert_eq!(
        printed(|files| {
            set(files, "roll", noted(ROLL));
            set(files, "ballots", noted(BALLOTS))
        }),
        EXPECTED
    );
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let reversed = |text: &str| -> Vec<u8> {
        let (head, rows) = text.split_once("\r\n").unwrap();
        let mut rows: Vec<&str> = rows.lines().collect();
        rows.reverse();
        format!("{head}\n{}", rows.join("\n")).into_bytes()
    };
    assert_eq!(
        printed(|files| {
            set(files, "roll", reversed(ROLL));
            set(files, "ballots", reversed(BALLOTS))
        }),
        EXPECTED
    );
}

#[test]
fn settings_left_out_are_those_of_the_domain() {
    let without = RULEBOOK.lines().filter(|line| {
        !["decimals", "rounding", "trim_min", "empty_group", "name"].iter().any(|key| line.starts_with(key))
    });
    let without = without.collect::<Vec<_>>().join("\n").into_bytes();
    assert_eq!(printed(|files| set(files, "rulebook", without)), EXPECTED);
}

#[test]
fn nobody_and_nothing_is_an_invalid_session() {
    let head = |text: &str| text.lines().next().unwrap().as_bytes().to_vec();
    let expected = r#"{
 "session": "invalid",
 "reasons": [
  "quorum:representatives",
  "empty_group:members",
  "empty_group:representatives"
 ],
 "quorum": [
  {
   "group": "members",
   "due": 0,
   "present": 0,
   "required": 0,
   "met": true
  },
  {
   "group": "representatives",
   "due": 0,
   "present": 0,
   "required": 1,
   "met": false
  }
 ],
 "subjects": []
}
"#;
    let change = |files: &mut Files| {
        *files = files.clone().edit("rulebook", ">=2/3", ">2/3");
        {
            set(files, "roll", head(ROLL));
            set(files, "ballots", head(BALLOTS))
        };
    };
    assert_eq!(printed(change), expected);
}

#[test]
fn a_missing_group_has_a_line_of_its_own() {
    // E12: nobody of the representatives rates M01; the others do rate M02.
    let ballots = "serial,group,subject,status,ideology,neighbours,courtyard,family,example\n\
                   1,members,M01,valid,20,20,20,20,19.5\n2,members,\"何,三\",spoiled,,,,,\n";
    let change = |mode: &'static str| {
        move |files: &mut Files| {
            set(files, "ballots", ballots);
            *files = files.clone().edit("rulebook", "invalid_session", mode);
        }
    };
    let tail = |text: String| text.split_once("\"subjects\"").unwrap().1.to_owned();
    let card = |subject: &str, ballots: u8, mean: &str, composite: &str, published: &str, stars: &str| {
        format!(
            r#"  {{
   "subject": "{subject}",
   "groups": [
    {{
     "group": "members",
     "ballots": {ballots},
     "dropped": 0,
     "mean": {mean}
    }},
    {{
     "group": "representatives",
     "ballots": 0,
     "dropped": 0,
     "mean": null
    }}
   ],
   "composite": {composite},
   "published": {published},
   "stars": {stars}
  }}"#
        )
    };
    let wrap = |first: String, second: String| format!(": [\n{first},\n{second}\n ]\n}}\n");
    let none = card("何,三", 0, "null", "null", "null", "null");
    let invalid = printed(change("invalid_session"));
    assert!(
        invalid.starts_with("{\n \"session\": \"invalid\",\n \"reasons\": [\n  \"empty_group:representatives\"\n ],\n")
    );
    assert_eq!(tail(invalid), wrap(card("M01", 1, "\"199/2\"", "null", "null", "null"), none.clone()));
    let renormalised = printed(change("renormalise"));
    assert!(renormalised.starts_with("{\n \"session\": \"valid\",\n \"reasons\": [],\n"));
    assert_eq!(tail(renormalised), wrap(card("M01", 1, "\"199/2\"", "\"199/2\"", "\"99.50\"", "5"), none));
}

#[test]
fn a_serial_counts_once_for_each_subject_and_ballots_without_one_all_count() {
    // One sheet of paper rates many subjects, so that 001 may stand beside M02 too.
    let many = sample().edit("ballots", "013,members,M02", "001,members,M02").printed();
    assert_eq!(many, EXPECTED);
    let without = sample()
        .edit("ballots", "013,members,M02", ",members,M02")
        .edit("ballots", "014,members,M02", ",members,M02")
        .printed();
    assert_eq!(without, EXPECTED);
}

#[test]
fn mistakes_in_ballots_are_named() {
    check_ballots("example", "exemple", "ballots.csv:1:10: example: this column is missing");
    check_ballots("serial,", "number,", "ballots.csv:1:10: serial: this column is missing");
    check_ballots("family", "courtyard", "ballots.csv:1:8: courtyard: this column stands twice");
    check_ballots("013,members", "013,nobody", "ballots.csv:14:2: group: the rulebook has no group \"nobody\"");
    check_ballots("013,members", "013,", "ballots.csv:14:2: group: empty");
    check_ballots("013,members,M02", "013,members,", "ballots.csv:14:3: subject: empty");
    check_ballots("013,members,M02", "013,members,M02 ", "ballots.csv:14:3: subject: \"M02 \" has a space around it");
    check_ballots(
        "M02,valid",
        "M02,Valid",
        "ballots.csv:14:4: status: \"Valid\" is not one of valid, spoiled, abstained",
    );
    check_ballots("M02,valid", "M02,", "ballots.csv:14:4: status: empty");
    check_ballots("valid,16", "valid,21", "ballots.csv:9:5: ideology: \"21\" is not from 0 to 20");
    check_ballots("valid,16,16", "valid,16,20.01", "ballots.csv:9:6: neighbours: \"20.01\" is not from 0 to 20");
    check_ballots("valid,16,16,16", "valid,16,16,-1", "ballots.csv:9:7: courtyard: \"-1\" is not from 0 to 20");
    check_ballots("valid,16,16,16,16", "valid,16,16,16,", "ballots.csv:9:8: family: empty");
    check_ballots(
        "spoiled,,,,,",
        "spoiled,,,,,0",
        "ballots.csv:33:9: example: a ballot that is not valid has no scores",
    );
    check_ballots(
        "abstained,,",
        "abstained,5,",
        "ballots.csv:34:5: ideology: a ballot that is not valid has no scores",
    );
    check_ballots("002,members", "001,members", "ballots.csv:3:1: serial: line 2 says this already");
    check_ballots(
        "valid,19,19,18,18,18\r\n",
        "valid,19,19,18,18\r\n",
        "ballots.csv:2:9: example: the row has 8 cells, the first row 9",
    );
    check_ballots(
        "valid,19,19,18,18,18\r\n",
        "valid,19,19,18,18,18,\r\n",
        "ballots.csv:2:10: the row has 10 cells, the first row 9",
    );
    for text in ["x", "1e1", "+5", "5.", ".5", " 5", "5 ", "1_0", "0x10", "１９", "NaN", "五", "-"] {
        let line = format!("ballots.csv:2:5: ideology: \"{text}\" is no score: not a number such as 18 or 17.5");
        check_ballots("valid,19", &format!("valid,{text}"), &line);
    }
    check_ballots(
        "valid,19",
        "valid,1.0000000000",
        "ballots.csv:2:5: ideology: \"1.0000000000\" is no score: more than 9 digits after the point",
    );
    check_ballots(
        "valid,19",
        &format!("valid,{}", "1".repeat(50)),
        &format!("ballots.csv:2:5: ideology: \"{}…\" is no score: longer than 24 characters", "1".repeat(40)),
    );
}

#[test]
fn mistakes_in_the_sheet_itself_are_named() {
    check_ballots(
        "valid,19",
        "valid,\"19\"9",
        "ballots.csv:2:5: ideology: a quote stands where none can; double it and put the cell between quotes",
    );
    check_ballots(
        "valid,19",
        "valid,1\"9",
        "ballots.csv:2:5: ideology: a quote stands where none can; double it and put the cell between quotes",
    );
    check_ballots(
        "abstained,,,,,",
        "abstained,,,,,\"",
        "ballots.csv:34:9: example: the quote that opens this cell is never closed",
    );
    check_ballots(
        "valid,19",
        "valid,\"1\n9\"",
        "ballots.csv:2:5: ideology: \"1\\n9\" is no score: not a number such as 18 or 17.5",
    );
    // A cell of two lines does not shift the count of what follows.
    check_ballots(
        "M01,valid,19,19,18,18,18\r\n002,members",
        "\"M\r\n01\",valid,19,19,18,18,18\r\n002,nobody",
        "ballots.csv:4:2: group: the rulebook has no group \"nobody\"",
    );
    check(|files| set(files, "ballots", ""), "ballots.csv:1:1: serial: this column is missing");
    check(|files| set(files, "roll", "\n\n"), "roll.csv:1:1: person: this column is missing");
    check(|files| set(files, "roll", b"\xff\xfep"), "roll.csv:1:1: not UTF-8; save the file as UTF-8");
    let latin = |files: &mut Files| {
        *files.bytes("ballots") = BALLOTS.bytes().map(|byte| if byte == b'2' { 0xe9 } else { byte }).collect();
    };
    check(latin, "ballots.csv:3:1: serial: not UTF-8; save the file as UTF-8");
}

#[test]
fn mistakes_in_the_roll_are_named() {
    check_roll("body", "group", "roll.csv:1:4: body: this column is missing");
    check_roll("P03,members", "P03,elders", "roll.csv:4:2: body: the rulebook has no group \"elders\"");
    check_roll(
        "P03,members,present",
        "P03,members,here",
        "roll.csv:4:3: status: \"here\" is not one of present, late, left, leave, absent, exempt",
    );
    check_roll("P03,", ",", "roll.csv:4:1: person: empty");
    check_roll("P03,", "P01,", "roll.csv:4:1: person: line 2 says this already");
    check_roll("P03,members,present", "P03,members", "roll.csv:4:3: status: the row has 2 cells, the first row 3");
}

#[test]
fn mistakes_in_the_rulebook_are_named() {
    check_rulebook("weight = 40", "weight = 39", "rulebook.toml:15:10: the weights sum to 99, not to 100");
    check_rulebook("weight = 60", "weight = 61", "rulebook.toml:15:10: the weights sum to 101, not to 100");
    let rise = "bands rise: more stars from a higher number than the band before";
    check_rulebook("\"70\"", "\"60\"", &format!("rulebook.toml:44:8: {rise}"));
    check_rulebook("\"96\"", "\"89.5\"", &format!("rulebook.toml:53:8: {rise}"));
    check_rulebook("stars = 3", "stars = 2", &format!("rulebook.toml:46:9: {rise}"));
    check_rulebook("id = \"representatives\"", "id = \"members\"", "rulebook.toml:14:6: two groups have this id");
    check_rulebook("id = \"family\"", "id = \"example\"", "rulebook.toml:35:6: two criteria have this id");
    check_rulebook(
        "id = \"family\"",
        "id = \"serial\"",
        "rulebook.toml:31:6: a criterion has the name of another column of the ballots",
    );
    check_rulebook("max = 20", "max = 0", "rulebook.toml:21:7: a criterion's maximum is from 1 to 10000");
    check_rulebook("\">=2/3\"", "\">=3/2\"", "rulebook.toml:16:10: no hall can meet this quorum");
    check_rulebook("\">=2/3\"", "\">=2/0\"", "rulebook.toml:16:10: no hall can meet this quorum");
    check_rulebook("\">=2/3\"", "\"2/3\"", "rulebook.toml:16:10: a quorum is written as \">=2/3\" or \">1/2\"");
    check_rulebook("member-review", "points", "rulebook.toml:2:8: the kind of this rulebook is not member-review");
    check_rulebook("decimals = 2", "decimals = 10", "rulebook.toml:3:12: more than 9 decimals");
    check_rulebook("from = \"60\"", "from = \"sixty\"", "rulebook.toml:41:8: not a number such as 18 or 17.5");
    check(|files| set(files, "rulebook", ""), "rulebook.toml:1:1: missing field `kind`");
    check(|files| set(files, "rulebook", b"a = \"\xff\""), "rulebook.toml:1:6: not UTF-8; save the file as UTF-8");
    check(
        |files| set(files, "rulebook", "kind = \"member-review\""),
        "rulebook.toml:1:1: a rulebook has 1 to 8 groups",
    );
}

/// The words of the TOML library are its own; the place is ours.
#[test]
fn what_the_toml_library_refuses_is_placed() {
    #[track_caller]
    fn placed(from: &str, to: &str, place: &str) {
        let output = sample().edit("rulebook", from, to).output();
        let line = String::from_utf8(output.stderr).unwrap();
        assert!(line.starts_with(place), "{line}");
        assert_eq!((line.matches('\n').count(), output.stdout.len(), output.status.code()), (1, 0, Some(2)), "{line}");
    }
    placed("trim_min", "trim_mim", "rulebook.toml:5:1: ");
    placed("trim_min = 5", "trim_min = -1", "rulebook.toml:5:12: ");
    placed("trim_min = 5", "trim_min = 5.5", "rulebook.toml:5:12: ");
    placed("trim_min = 5", "trim_min = 5\ntrim_min = 5", "rulebook.toml:6:1: ");
    placed("trim_min = 5", "trim_min 5", "rulebook.toml:5:10: ");
    placed("\"half_up\"", "\"half_down\"", "rulebook.toml:4:12: ");
    placed("\"invalid_session\"", "\"zero\"", "rulebook.toml:6:15: ");
    placed("weight = 60", "weight = \"60\"", "rulebook.toml:10:10: ");
    placed("weight = 60\n", "", "rulebook.toml:8:1: ");
    placed("from = \"60\"", "from = 60.5", "rulebook.toml:41:8: ");
    placed("id = \"family\"", "id = \"fam ily\"", "rulebook.toml:31:6: ");
    placed("name = \"思想政治\"", "name = 思想", "rulebook.toml:20:8: ");
}

#[test]
fn files_that_are_not_there_are_named() {
    sample().each_file_is_missed();
}

#[test]
fn spoiled_files_never_get_past_or_crash() {
    sample().spoiled_files_never_get_past_or_crash();
}
