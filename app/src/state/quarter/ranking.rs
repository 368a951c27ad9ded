//! The ranks of a quarter, and what each village's number is made of: its cards, its adjustments, their record numbers.

use std::collections::BTreeSet;

use shared::domain::Workspace;
use shared::domain::assessment::{Assessment, AssessorSetting, Hundredths};
use shared::domain::command::{AssessmentCommand, Refusal};
use shared::domain::divergence::Settled;
use shared::domain::ranking::{Standing, TieStep};
use shared::domain::rulebook::assessment::Source;
use shared::id::{FactId, UnitCode};
use shared::identity::Holder;
use shared::number::{Decimal, Ratio};

use super::posted::{PostedRow, person_name, rows as posted_rows, village_name};
use super::{SOME_REASON, may};
use crate::state::result::digest_text;

/// A village's line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RankRow {
    /// Which village.
    pub village: UnitCode,
    /// Its name.
    pub name: String,
    /// The competition rank; nothing for a vetoed village and one without a score.
    pub rank: Option<u32>,
    /// The published number.
    pub published: Option<Decimal>,
    /// Whether a veto keeps it from having a rank.
    pub vetoed: bool,
    /// What places it below the one before it; nothing for the first.
    pub below: Option<TieStep>,
}

/// What an assessor gave a village.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenCard {
    /// The assessor's name.
    pub name: String,
    /// What was given on each criterion of the rulebook; nothing where it was not theirs to give.
    pub given: Vec<Option<Hundredths>>,
    /// The total that the mean is taken of; nothing where no card counts.
    pub total: Option<Ratio>,
    /// Whether the assessor was to score and did not visit.
    pub not_visited: bool,
    /// Whether the assessor left before the freeze.
    pub left: bool,
}

/// A village's number and everything behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The village's name.
    pub name: String,
    /// The arithmetic.
    pub standing: Standing<UnitCode>,
    /// What the criteria are called, and their most points.
    pub criteria: Vec<(String, u32, Source)>,
    /// The cards, as they were frozen.
    pub cards: Vec<GivenCard>,
    /// What was added, deducted and vetoed.
    pub posted: Vec<PostedRow>,
    /// Last quarter's number, as it was frozen.
    pub last: Option<Decimal>,
    /// The record number of the proposal that was frozen, who proposed it and who signed.
    pub frozen: Option<(FactId, String, Vec<String>)>,
}

/// Villages that share a rank, and what the lead has to say on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TieView {
    /// The villages by code, with their names.
    pub villages: Vec<(UnitCode, String)>,
    /// The names in the decided order, whether they share the rank, and the reason, where it is decided.
    pub decided: Option<(Vec<String>, bool, String)>,
    /// Whether two decisions stand apart.
    pub differs: bool,
    /// Whether this person may decide.
    pub may: Result<(), Refusal>,
}

/// Returns the ranks; nothing before the freeze.
pub fn rows(assessment: &Assessment) -> Option<Vec<RankRow>> {
    let row = |standing: &Standing<UnitCode>| RankRow {
        village: standing.village.clone(),
        name: village_name(assessment, &standing.village),
        rank: standing.rank,
        published: standing.published,
        vetoed: standing.disqualified,
        below: standing.below_by,
    };
    Some(assessment.result.as_ref()?.standings.iter().map(row).collect())
}

/// Returns the digest of the result, to be read aloud.
pub fn digest(assessment: &Assessment) -> Option<String> {
    assessment.result.as_ref().map(|result| digest_text(&result.digest))
}

/// Returns what a village's number is made of; nothing before the freeze.
pub fn sum(workspace: &Workspace, me: &Holder, assessment: &Assessment, village: &UnitCode) -> Option<Sum> {
    let (settings, result) = (assessment.settings.as_ref()?, assessment.result.as_ref()?);
    let frozen = assessment.frozen.as_ref()?;
    let standing = result.standing(village)?.clone();
    let card = |assessor: &AssessorSetting| {
        let card = frozen.freeze.card(&assessor.person, village);
        let value = |id| card.and_then(|card| card.get(id)).copied();
        let counted = settings.rule.of(Source::Assessors).map(|criterion| value(&criterion.id));
        let counted: Option<Vec<Ratio>> = counted.map(|value| value.map(Hundredths::value)).collect();
        let fills = settings.has_card(assessor);
        GivenCard {
            name: assessor.name.clone(),
            given: settings.rule.criteria.iter().map(|criterion| value(&criterion.id)).collect(),
            total: counted.filter(|_| fills).and_then(|counted| Ratio::sum(counted).ok()),
            not_visited: fills && settings.carded().all(|id| value(id).is_none()),
            left: assessment.resigned.contains_key(&assessor.person),
        }
    };
    let names = |person: &shared::id::PersonId| person_name(workspace, assessment, person);
    let signed = frozen.signed.iter().filter_map(|voice| voice.author.holder.as_ref()).map(names).collect();
    let by = frozen.by.author.holder.as_ref().map(names).unwrap_or_default();
    let name = village_name(assessment, village);
    Some(Sum {
        cards: settings.assessors.iter().filter(|assessor| assessor.visits(village)).map(card).collect(),
        criteria: settings
            .rule
            .criteria
            .iter()
            .map(|criterion| (criterion.name.clone(), criterion.max, settings.rule.source(&criterion.id)))
            .collect(),
        posted: posted_rows(workspace, me, assessment).into_iter().filter(|row| row.village == name).collect(),
        last: frozen.freeze.last.get(village).copied(),
        frozen: Some((frozen.by.fact.clone(), by, signed)),
        name,
        standing,
    })
}

/// Returns every group of villages that share a rank or did before the lead decided.
pub fn ties(workspace: &Workspace, me: &Holder, assessment: &Assessment) -> Vec<TieView> {
    let Some(result) = &assessment.result else { return Vec::new() };
    let groups: BTreeSet<BTreeSet<UnitCode>> =
        result.tied().into_iter().chain(assessment.ties.keys().cloned()).collect();
    let view = |group: BTreeSet<UnitCode>| {
        let standing = assessment.ties.get(&group);
        let decided = standing.and_then(Settled::agreed);
        let names = |codes: &[UnitCode]| codes.iter().map(|code| village_name(assessment, code)).collect();
        let villages: Vec<UnitCode> = group.into_iter().collect();
        let ask =
            AssessmentCommand::DecideTie { villages: villages.clone(), shared: true, reason: SOME_REASON.to_owned() };
        TieView {
            villages: villages.iter().map(|code| (code.clone(), village_name(assessment, code))).collect(),
            decided: decided.map(|tie| (names(&tie.villages), tie.shared, tie.reason.clone())),
            differs: standing.is_some_and(Settled::is_divergence),
            may: may(workspace, me, assessment.quarter, ask),
        }
    };
    groups.into_iter().map(view).collect()
}
