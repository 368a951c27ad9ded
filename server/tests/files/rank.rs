//! `pingyi rank`: the sample to the letter, and every mistake with its place.

use super::Files;

const RULEBOOK: &str = include_str!("../samples/assessment/rulebook.toml");
const SCORES: &str = include_str!("../samples/assessment/scores.csv");
const ADJUSTMENTS: &str = include_str!("../samples/assessment/adjustments.csv");
const LAST: &str = include_str!("../samples/assessment/last.csv");
const EXPECTED: &str = include_str!("../samples/assessment/expected.json");

fn sample() -> Files {
    let files = [
        ("rulebook", "rulebook.toml", RULEBOOK),
        ("scores", "scores.csv", SCORES),
        ("adjustments", "adjustments.csv", ADJUSTMENTS),
        ("last", "last.csv", LAST),
    ];
    Files::new("rank", &files)
}

#[test]
fn reproduces_the_sample_to_the_letter() {
    assert_eq!(sample().printed(), EXPECTED);
    let reversed = ["scores", "adjustments", "last"].iter().fold(sample(), |files, option| files.reversed(option));
    assert_eq!(reversed.printed(), EXPECTED);
    // Nothing is tied in the sample, so that last quarter changes nothing.
    assert_eq!(sample().without("last").printed(), EXPECTED);
}

#[test]
fn without_adjustments_only_the_cards_count() {
    let printed = sample().without("adjustments").printed();
    let ranks = |village: &str| {
        let (_, rest) = printed.split_once(village).unwrap();
        let (_, rest) = rest.split_once("\"published\": ").unwrap();
        rest.lines().take(3).map(str::trim).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(ranks("420529202201"), "\"84.80\", \"disqualified\": false, \"rank\": 1");
    assert_eq!(ranks("420529202203"), "\"84.00\", \"disqualified\": false, \"rank\": 2");
    assert_eq!(ranks("420529202202"), "\"80.80\", \"disqualified\": false, \"rank\": 5");
}

#[test]
fn a_village_that_nobody_visited_has_a_line_without_a_rank_e32() {
    let scores = "village,assessor,organisation,economy,service,environment\nB,A1,30,25,25,20\nA,A1,,,,\nA,A2,,9,,\n";
    let adjustments = "village,kind,points,reason\nA,bonus,2.50,\n";
    let files = Files::new(
        "rank",
        &[
            ("rulebook", "rulebook.toml", RULEBOOK),
            ("scores", "scores.csv", scores),
            ("adjustments", "adjustments.csv", adjustments),
        ],
    );
    let expected = r#"{
 "villages": [
  {
   "village": "B",
   "cards": 1,
   "dropped": 0,
   "mean": "100",
   "bonus": "0",
   "deduction": "0",
   "published": "100.00",
   "disqualified": false,
   "rank": 1
  },
  {
   "village": "A",
   "cards": 0,
   "dropped": 0,
   "mean": null,
   "bonus": "5/2",
   "deduction": "0",
   "published": null,
   "disqualified": false,
   "rank": null
  }
 ]
}
"#;
    assert_eq!(files.printed(), expected);
}

#[test]
fn mistakes_in_cards_are_named() {
    let check = |from: &str, to: &str, line: &str| sample().edit("scores", from, to).refused(line);
    check("economy", "economics", "scores.csv:1:7: economy: this column is missing");
    check("A2,24,17", "A1,24,17", "scores.csv:3:2: assessor: line 2 says this already");
    check("A1,24,21", "A1,31,21", "scores.csv:2:3: organisation: \"31\" is not from 0 to 30");
    check("A1,24,21", "A1,24,-1", "scores.csv:2:4: economy: \"-1\" is not from 0 to 25");
    check("A1,24,21", "A1,24,x", "scores.csv:2:4: economy: \"x\" is no score: not a number such as 18 or 17.5");
    check("420529202201,A1", ",A1", "scores.csv:2:1: village: empty");
}

#[test]
fn mistakes_in_adjustments_and_last_quarter_are_named() {
    let check = |from: &str, to: &str, line: &str| sample().edit("adjustments", from, to).refused(line);
    check("bonus,3", "bonus,-3", "adjustments.csv:2:3: points: points are not below 0");
    check("bonus,3", "bonus,", "adjustments.csv:2:3: points: empty");
    check("bonus,3", "prize,3", "adjustments.csv:2:2: kind: \"prize\" is not one of bonus, deduction, veto");
    check("veto,,", "veto,4,", "adjustments.csv:5:3: points: a veto has no points");
    check("420529202203,veto", "420529202299,veto", "adjustments.csv:5:1: village: no card is of this village");
    check("reason", "why", "adjustments.csv:1:5: reason: this column is missing");
    let check = |from: &str, to: &str, line: &str| sample().edit("last", from, to).refused(line);
    check("86.10", "", "last.csv:2:2: published: empty");
    check("86.10", "best", "last.csv:2:2: published: \"best\" is no score: not a number such as 18 or 17.5");
    check("420529202202", "420529202201", "last.csv:3:1: village: line 2 says this already");
}

#[test]
fn mistakes_in_the_rulebook_are_named() {
    let check = |from: &str, to: &str, line: &str| sample().edit("rulebook", from, to).refused(line);
    check("village-assessment", "points", "rulebook.toml:2:8: the kind of this rulebook is not village-assessment");
    check("\"5\"", "\"-5\"", "rulebook.toml:6:13: a cap is not below 0");
    check("max = 30", "max = 0", "rulebook.toml:13:7: a criterion's maximum is from 1 to 10000");
    check("id = \"economy\"", "id = \"organisation\"", "rulebook.toml:15:6: two criteria have this id");
}

#[test]
fn files_that_are_not_there_are_named() {
    sample().each_file_is_missed();
}

#[test]
fn spoiled_files_never_get_past_or_crash() {
    sample().spoiled_files_never_get_past_or_crash();
}
