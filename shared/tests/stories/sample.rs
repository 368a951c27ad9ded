//! The sample of `pingyi rank` once more, through what assessors, office and lead record on their phones.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shared::domain::assessment::{AssessmentSettings, Posted, Stage};
use shared::domain::command::AssessmentCommand;
use shared::domain::ranking::Standing;
use shared::domain::rulebook::Criterion;
use shared::domain::rulebook::file::read_assessment;
use shared::domain::township::{Unit, VillageKind};
use shared::id::UnitCode;
use shared::role::Role;

use super::township::{Land, criterion, points, rule, village};

const RULEBOOK: &str = include_str!("../../../server/tests/samples/assessment/rulebook.toml");
const SCORES: &str = include_str!("../../../server/tests/samples/assessment/scores.csv");
const ADJUSTMENTS: &str = include_str!("../../../server/tests/samples/assessment/adjustments.csv");
const LAST: &str = include_str!("../../../server/tests/samples/assessment/last.csv");
const EXPECTED: &str = include_str!("../../../server/tests/samples/assessment/expected.json");

const ASSESSORS: [(&str, &str); 7] =
    [("A1", "a1"), ("A2", "a2"), ("A3", "a3"), ("A4", "a4"), ("A5", "a5"), ("A6", "a6"), ("A7", "a7")];

/// Returns the cells of each row below the names of the columns.
fn rows(sheet: &str) -> impl Iterator<Item = Vec<&str>> {
    sheet.lines().skip(1).map(|line| line.split(',').collect())
}

/// The villages of the sample, whose quarter before ended with the numbers that the sample gives.
fn township() -> Land {
    let mut land = Land::new();
    land.township.units.clear();
    for row in rows(LAST) {
        let (code, name, precinct) = (village(row[0]), row[0].to_owned(), "片区".to_owned());
        land.township.units.insert(code.clone(), Unit { code, name, kind: VillageKind::Village, precinct });
    }
    land.settings.villages = AssessmentSettings::villages_of(&land.township);
    for (code, name) in ASSESSORS {
        land.phone(code, name, &[Role::Assessor], &[]);
    }
    land.settings.rule.criteria = vec![Criterion { id: criterion("total"), name: String::new(), max: 100 }];
    land.settings.assessors = vec![land.assessor("a1")];
    land.quarter = land.quarter.before().unwrap();
    land.begins();
    for row in rows(LAST) {
        let scores = vec![(criterion("total"), points(row[1]))];
        land.does("A1", AssessmentCommand::Score { village: village(row[0]), scores });
    }
    land.meet_all();
    land.moves("LD1", Stage::Scored).unwrap();
    land.does("LD1", AssessmentCommand::Freeze);
    land.meet_all();
    land.does("A1", AssessmentCommand::Sign);
    land.meet_all();
    land.confirms();
    land.quarter = land.quarter.after().unwrap();
    land.settings.rule = rule();
    land
}

fn line(standing: &Standing<UnitCode>) -> Value {
    json!({
        "village": standing.village.as_str(),
        "cards": standing.cards.count(),
        "dropped": standing.cards.dropped_count(),
        "mean": standing.cards.mean.map(|mean| mean.to_string()),
        "bonus": standing.bonus.counted.to_string(),
        "deduction": standing.deduction.counted.to_string(),
        "published": standing.published.map(|published| published.to_string()),
        "disqualified": standing.disqualified,
        "rank": standing.rank,
    })
}

#[test]
fn what_people_record_comes_to_what_the_files_say() {
    let mut land = township();
    land.settings.rule = read_assessment(RULEBOOK).unwrap();
    land.settings.assessors = ASSESSORS.map(|(_, name)| land.assessor(name)).into();
    land.begins();
    let columns: Vec<&str> = SCORES.lines().next().unwrap().split(',').skip(2).collect();
    for row in rows(SCORES) {
        let (at, cells) = (village(row[0]), &row[2..]);
        if cells.iter().all(|cell| cell.is_empty()) {
            let assessor = row[1].to_lowercase().parse().unwrap();
            let (unvisited, reason) = (true, String::new());
            land.does("LD1", AssessmentCommand::MarkUnvisited { assessor, village: at, unvisited, reason });
        } else {
            let scores = columns.iter().zip(cells).map(|(column, cell)| (criterion(column), points(cell))).collect();
            land.does(row[1], AssessmentCommand::Score { village: at, scores });
        }
    }
    for row in rows(ADJUSTMENTS) {
        let posted = match row[1] {
            "bonus" => Posted::Bonus(points(row[2])),
            "deduction" => Posted::Deduction(points(row[2])),
            _ => Posted::Veto,
        };
        let reason = row[3].to_owned();
        land.does("OF1", AssessmentCommand::Adjust { village: village(row[0]), posted, reason });
    }
    land.meet_all();
    land.moves("LD1", Stage::Scored).unwrap();
    land.does("LD1", AssessmentCommand::Freeze);
    land.meet_all();
    land.does("A7", AssessmentCommand::Sign);
    land.meet_all();
    let assessment = land.assessment("SJ1");
    let result = assessment.result.as_ref().unwrap();
    let villages: Vec<Value> = result.standings.iter().map(line).collect();
    assert_eq!(json!({ "villages": villages }), serde_json::from_str::<Value>(EXPECTED).unwrap());
    // What the quarter before ended with came along.
    let last: BTreeMap<String, String> =
        assessment.frozen.iter().flat_map(|f| &f.freeze.last).map(|(v, n)| (v.to_string(), n.to_string())).collect();
    assert_eq!(last, rows(LAST).map(|row| (row[0].to_owned(), row[1].to_owned())).collect());
    assert_eq!(result.standings[0].gain.unwrap(), "3.7".parse().unwrap());
}
