//! The village assessment of one quarter, from its opening to the flag in its winner's hands, as `assessment.toml` tells.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use shared::domain::assessment::{AssessmentSettings, AssessorSetting, Hundredths, Posted, Stage};
use shared::domain::command::{AssessmentCommand, Command, FlagCommand};
use shared::domain::rulebook::assessment::AssessmentRule;
use shared::domain::township::{Township, Unit};
use shared::id::{PersonId, UnitCode};
use shared::time::Quarter;

use super::hands::Hands;
use super::lot::Lots;
use super::notice::Notice;
use super::shared_work::day;
use super::story::Hand;
use crate::headless::Transport;
use crate::sample::people::YEAR;
use crate::sample::township::SampleError;

const TABLE: &str = include_str!("assessment.toml");
/// How far assessors are apart, in hundredths of a point: less by this, as the table says, or more by this.
const APART: u32 = 50;

/// What the table tells.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    quarter: u8,
    title: String,
    /// What those who score call themselves; the lead comes first.
    pub assessors: Vec<String>,
    handed: String,
    scores: BTreeMap<String, Vec<String>>,
    adjustment: Vec<Adjusted>,
    missed: Vec<Missed>,
    notice: Notice,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Adjusted {
    village: String,
    points: String,
    reason: String,
}

/// An assessor, by place in the list, who did not come to a village.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Missed {
    assessor: usize,
    village: String,
    reason: String,
}

impl Table {
    /// Reads the table.
    pub fn read() -> Result<Self, SampleError> {
        toml::from_str(TABLE).map_err(|_| SampleError::Data("quarter of the year"))
    }

    /// Returns who somebody in the list is.
    pub fn person(place: usize) -> Result<PersonId, SampleError> {
        PersonId::new(&format!("assessor-{place}")).map_err(|_| SampleError::Data("people"))
    }

    fn settings(&self, township: &Township) -> Result<AssessmentSettings, SampleError> {
        let rule = AssessmentRule::standard();
        let villages: BTreeSet<UnitCode> = township.units.keys().cloned().collect();
        let assessor = |(place, name): (usize, &String)| {
            Ok(AssessorSetting {
                person: Self::person(place)?,
                name: name.clone(),
                villages: villages.clone(),
                criteria: rule.criteria.iter().map(|criterion| criterion.id.clone()).collect(),
                recused: BTreeSet::new(),
            })
        };
        let assessors = self.assessors.iter().enumerate().map(assessor).collect::<Result<_, SampleError>>()?;
        let (title, villages) = (self.title.clone(), AssessmentSettings::villages_of(township));
        Ok(AssessmentSettings { title, rule, villages, assessors, lead: Self::person(0)? })
    }

    /// Makes up what one assessor gives a village, near to what the table says.
    fn card(&self, rule: &AssessmentRule, unit: &Unit, lots: &mut Lots) -> Result<AssessmentCommand, SampleError> {
        let (given, lot) = (self.scores.get(&unit.name).ok_or(fault())?, lots.of_unit(&unit.code)?);
        let mut scores = Vec::new();
        for (criterion, given) in rule.criteria.iter().zip(given) {
            let Hundredths(given) = points(given)?;
            let given = (given + APART * lot.below(3) as u32).saturating_sub(APART);
            scores.push((criterion.id.clone(), Hundredths(given.min(100 * criterion.max))));
        }
        Ok(AssessmentCommand::Score { village: unit.code.clone(), scores })
    }
}

/// Carries the quarter through: everybody hears what the one before recorded.
pub async fn perform<T: Transport + Clone>(
    hands: &mut Hands<T>,
    township: &Township,
    lots: &mut Lots,
) -> Result<(), SampleError> {
    let (table, rule) = (Table::read()?, AssessmentRule::standard());
    let quarter = Quarter::new(YEAR, table.quarter).map_err(|_| fault())?;
    let wish = |command| Command::Assessment(quarter, command);
    let to = |to| wish(AssessmentCommand::Move { to, reason: String::new() });
    let village = |name: &str| {
        let unit = township.units.values().find(|unit| unit.name == name);
        unit.map(|unit| unit.code.clone()).ok_or(SampleError::Data("names of units"))
    };
    let (office, clerk, lead) = (Hand::Office, Hand::Clerk, Hand::Assessor(0));

    let settings = Box::new(table.settings(township)?);
    hands.does(&office, vec![wish(AssessmentCommand::Open(settings)), to(Stage::Open)]).await?;
    for place in 0..table.assessors.len() {
        let mut cards = Vec::new();
        for unit in township.units.values() {
            if !table.missed.iter().any(|missed| missed.assessor == place && missed.village == unit.name) {
                cards.push(wish(table.card(&rule, unit, lots)?));
                cards.push(wish(AssessmentCommand::FinishVillage(unit.code.clone())));
            }
        }
        hands.does(&Hand::Assessor(place), cards).await?;
    }
    let mut adjusting = Vec::new();
    for Adjusted { village: name, points: given, reason } in &table.adjustment {
        let posted = match (given.strip_prefix('+'), given.strip_prefix('-')) {
            (Some(given), _) => Posted::Bonus(points(given)?),
            (_, Some(given)) => Posted::Deduction(points(given)?),
            _ => return Err(fault()),
        };
        adjusting.push(wish(AssessmentCommand::Adjust { village: village(name)?, posted, reason: reason.clone() }));
    }
    hands.does(&office, adjusting).await?;

    let mut freezing = vec![to(Stage::Scored)];
    for Missed { assessor, village: name, reason } in &table.missed {
        let (assessor, village, reason) = (Table::person(*assessor)?, village(name)?, reason.clone());
        freezing.push(wish(AssessmentCommand::MarkUnvisited { assessor, village, unvisited: true, reason }));
    }
    freezing.push(wish(AssessmentCommand::Freeze));
    hands.does(&lead, freezing).await?;
    hands.does(&Hand::Assessor(1), vec![wish(AssessmentCommand::Sign)]).await?;
    hands.does(&office, vec![to(Stage::Noticed)]).await?;

    let noticed = hands.workspace(&office)?.assessments.get(&quarter);
    let result = noticed.and_then(|held| held.result.clone()).ok_or(fault())?;
    table.notice.perform(hands, quarter, &result, township).await?;
    hands.does(&clerk, vec![to(Stage::Confirmed)]).await?;

    let first = result.first().next().cloned().ok_or(fault())?;
    let award = FlagCommand::Award { quarter, villages: vec![first.clone()], weeks: 0, reason: String::new() };
    let (date, reason) = (day(&table.handed)?, String::new());
    let hand_over = FlagCommand::HandOver { to: Some(first.clone()), date, reason };
    let signed = hands.does(&office, vec![Command::Flag(award), Command::Flag(hand_over)]).await?;
    let handed = signed.last().cloned().ok_or(fault())?;
    hands.does(&Hand::Secretary(first), vec![Command::Flag(FlagCommand::Countersign(handed))]).await?;
    Ok(())
}

fn points(text: &str) -> Result<Hundredths, SampleError> {
    text.parse().map_err(|_| fault())
}

fn fault() -> SampleError {
    SampleError::Data("quarter of the year")
}
