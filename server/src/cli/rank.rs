//! `pingyi rank`: a village assessment from files to JSON, for quarters on paper and for checking.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use shared::domain::ranking::{Adjusted, Adjustment, Card, RankingError, Standing, rank};
use shared::domain::rulebook::assessment::{AssessmentRule, CARD_COLUMNS};
use shared::domain::rulebook::file::read_assessment;
use shared::number::Decimal;
use shared::sheet::{Column, Row};

use super::printed::print;
use super::refusal::{Reason, Refusal};
use super::sheet::{Sheet, read_rule};

/// The files of a village assessment.
#[derive(clap::Args)]
pub struct Arguments {
    /// The rulebook, TOML.
    #[arg(long)]
    rulebook: PathBuf,
    /// The cards: village, assessor and a column per criterion; an empty one means that nobody visited.
    #[arg(long)]
    scores: PathBuf,
    /// What is added, deducted or vetoed: village, kind, points, reason.
    #[arg(long)]
    adjustments: Option<PathBuf>,
    /// Last quarter's published numbers: village, published.
    #[arg(long)]
    last: Option<PathBuf>,
}

/// Computes and prints.
pub fn run(arguments: &Arguments) -> ExitCode {
    print(standings(arguments).as_ref().map(|standings| Output::of(standings)))
}

/// Reads the files and ranks the villages.
pub fn standings(arguments: &Arguments) -> Result<Vec<Standing<String>>, Refusal> {
    let rule = read_rule(&arguments.rulebook, read_assessment)?;
    let scores = Sheet::read(&arguments.scores)?;
    let columns = CardColumns::find(&rule, &scores)?;
    let cards = read_cards(&rule, &scores, &columns)?;
    let adjustments = arguments.adjustments.as_deref().map(Sheet::read).transpose()?;
    let adjusted = adjustments.as_ref().map(read_adjustments).transpose()?.unwrap_or_default();
    let last = arguments.last.as_deref().map(Sheet::read).transpose()?;
    let last = last.as_ref().map(read_last).transpose()?.unwrap_or_default();
    rank(&rule, &cards, &adjusted, &last, &[]).map_err(|error| {
        let reason = Reason::Ranking(error);
        let located = |sheet: &Sheet, at: usize, column: &str| {
            let place = sheet.column(column).ok().zip(sheet.rows().get(at));
            place.map(|(column, row)| sheet.refuse(row, column, Reason::Ranking(error)))
        };
        let place = match error {
            RankingError::ScoreCount(at) | RankingError::OutOfRange(at, _) | RankingError::OfficeDiffers(at, _) => {
                located(&scores, at, CARD_COLUMNS[0])
            }
            RankingError::UnknownVillage(at) => adjustments.as_ref().and_then(|sheet| located(sheet, at, "village")),
            RankingError::Negative(at) => adjustments.as_ref().and_then(|sheet| located(sheet, at, "points")),
            RankingError::Number(_) => None,
        };
        place.unwrap_or_else(|| scores.refuse_whole(reason))
    })
}

/// Where a card sheet keeps what.
struct CardColumns {
    village: Column,
    assessor: Column,
    criteria: Vec<Column>,
}

impl CardColumns {
    fn find(rule: &AssessmentRule, sheet: &Sheet) -> Result<Self, Refusal> {
        let [village, assessor] = CARD_COLUMNS;
        let criteria = rule.criteria.iter().map(|criterion| sheet.column(criterion.id.as_str()));
        Ok(Self {
            village: sheet.column(village)?,
            assessor: sheet.column(assessor)?,
            criteria: criteria.collect::<Result<_, _>>()?,
        })
    }
}

/// Reads one card per row; an assessor scores a village once (E31).
fn read_cards(rule: &AssessmentRule, sheet: &Sheet, columns: &CardColumns) -> Result<Vec<Card<String>>, Refusal> {
    let mut seen = BTreeMap::new();
    let mut cards = Vec::with_capacity(sheet.rows().len());
    for row in sheet.rows() {
        let village = sheet.name(row, columns.village)?;
        let assessor = sheet.name(row, columns.assessor)?;
        if let Some(line) = seen.insert((village, assessor), row.line(columns.assessor)) {
            return Err(sheet.refuse(row, columns.assessor, Reason::Twice(line)));
        }
        let scores = read_scores(rule, sheet, columns, row)?;
        cards.push(Card { village: village.to_owned(), assessor: assessor.to_owned(), scores });
    }
    Ok(cards)
}

/// Reads a card's scores; with one of them empty it is that of a village not visited, and the others must still be
/// scores (E32).
fn read_scores(
    rule: &AssessmentRule,
    sheet: &Sheet,
    columns: &CardColumns,
    row: &Row,
) -> Result<Option<Vec<shared::number::Ratio>>, Refusal> {
    let mut scores = Vec::with_capacity(rule.criteria.len());
    for (criterion, column) in rule.criteria.iter().zip(&columns.criteria) {
        if !row.text(*column).is_empty() {
            scores.push(sheet.score(row, *column, criterion.max)?);
        }
    }
    Ok((scores.len() == rule.criteria.len()).then_some(scores))
}

fn read_adjustments(sheet: &Sheet) -> Result<Vec<Adjusted<String>>, Refusal> {
    let (village, kind) = (sheet.column("village")?, sheet.column("kind")?);
    let points = sheet.column("points")?;
    sheet.column("reason")?;
    let read = |row| {
        let village = sheet.name(row, village)?.to_owned();
        let adjustment = match sheet.name(row, kind)? {
            "bonus" => Adjustment::Bonus(sheet.number(row, points)?),
            "deduction" => Adjustment::Deduction(sheet.number(row, points)?),
            "veto" if row.text(points).is_empty() => Adjustment::Veto,
            "veto" => return Err(sheet.refuse(row, points, Reason::VetoPoints)),
            other => {
                let expected = "bonus, deduction, veto";
                return Err(sheet.refuse(row, kind, Reason::Word { found: other.to_owned(), expected }));
            }
        };
        Ok(Adjusted { village, adjustment })
    };
    sheet.rows().iter().map(read).collect()
}

/// Reads last quarter's numbers; villages that have no card this quarter may stand among them.
fn read_last(sheet: &Sheet) -> Result<BTreeMap<String, Decimal>, Refusal> {
    let (village, published) = (sheet.column("village")?, sheet.column("published")?);
    let mut last = BTreeMap::new();
    let mut seen = BTreeMap::new();
    for row in sheet.rows() {
        let name = sheet.name(row, village)?;
        if let Some(line) = seen.insert(name, row.line(village)) {
            return Err(sheet.refuse(row, village, Reason::Twice(line)));
        }
        let text = sheet.name(row, published)?;
        let number = text
            .parse()
            .map_err(|error| sheet.refuse(row, published, Reason::Number { found: text.to_owned(), error }))?;
        last.insert(name.to_owned(), number);
    }
    Ok(last)
}

/// The result as it is printed; the order of the fields is the order of the keys.
#[derive(Serialize)]
struct Output<'a> {
    villages: Vec<VillageOutput<'a>>,
}

#[derive(Serialize)]
struct VillageOutput<'a> {
    village: &'a str,
    cards: usize,
    dropped: usize,
    mean: Option<String>,
    bonus: String,
    deduction: String,
    published: Option<String>,
    disqualified: bool,
    rank: Option<u32>,
}

impl<'a> Output<'a> {
    fn of(standings: &'a [Standing<String>]) -> Self {
        Self { villages: standings.iter().map(VillageOutput::of).collect() }
    }
}

impl<'a> VillageOutput<'a> {
    fn of(standing: &'a Standing<String>) -> Self {
        Self {
            village: &standing.village,
            cards: standing.cards.count(),
            dropped: standing.cards.dropped_count(),
            mean: standing.cards.mean.map(|mean| mean.to_string()),
            bonus: standing.bonus.counted.to_string(),
            deduction: standing.deduction.counted.to_string(),
            published: standing.published.map(|published| published.to_string()),
            disqualified: standing.disqualified,
            rank: standing.rank,
        }
    }
}
