//! A quarter's village assessment as its pages show it: where it stands, what this person may do, and why not.
//!
//! Whether somebody may is asked of the rules themselves, with the very wish that a button would send, so that a page
//! never offers what is refused and never hides why.

pub mod draft;
pub mod card;
pub mod posted;
pub mod ranking;
pub mod notice;
#[cfg(test)]
pub(super) mod tests;

use std::sync::Arc;

use shared::domain::assessment::{Assessment, Blocker, Stage};
use shared::domain::command::{AssessmentCommand, AssessmentRefusal, Command, Refusal};
use shared::domain::decide::decide;
use shared::domain::{Acting, Workspace};
use shared::id::{PersonId, UnitCode};
use shared::identity::Holder;
use shared::role::Role;
use shared::time::Quarter;

/// The stages that a quarter passes when all goes well, in order; the bar shows them.
pub const STAGES: [Stage; 7] =
    [Stage::Planned, Stage::Open, Stage::Scored, Stage::Frozen, Stage::Noticed, Stage::Confirmed, Stage::Archived];

/// Stands where a person's own reason will stand, when the rules are asked beforehand.
const SOME_REASON: &str = "-";

/// A quarter in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarterRow {
    /// Which quarter.
    pub quarter: Quarter,
    /// What it calls itself; empty until its opening has arrived.
    pub title: String,
    /// How far it has come.
    pub stage: Stage,
    /// How many villages are assessed.
    pub villages: usize,
    /// How many people assess them.
    pub assessors: usize,
}

/// Something that leads on from where a quarter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Begin the scoring.
    Begin,
    /// End the scoring, so that what is missing is looked for.
    EndScoring,
    /// Propose to freeze the cards as they stand.
    Propose,
    /// Sign the proposal, which freezes them.
    Sign,
    /// Post the result.
    Post,
    /// Confirm it once the notice has run its time.
    Confirm,
    /// Lay the quarter by.
    LayBy,
    /// End it without a result.
    Cancel,
}

/// A deed and whether this person may do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeedView {
    /// What is to be done.
    pub deed: Deed,
    /// Whether this person may, else why not.
    pub may: Result<(), Refusal>,
}

/// Somebody of the assessment group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRow {
    /// Who.
    pub person: PersonId,
    /// The name at opening.
    pub name: String,
    /// Whether they lead.
    pub leads: bool,
    /// Why they left, where they did.
    pub left: Option<String>,
    /// Villages with a whole card of those that they score; nothing where this phone does not read the cards.
    pub whole: Option<(usize, usize)>,
    /// Whether this person may say that they left.
    pub may_resign: Result<(), Refusal>,
}

/// Returns every quarter, the latest first.
pub fn quarters(workspace: &Workspace) -> Vec<QuarterRow> {
    let row = |(quarter, assessment): (&Quarter, &Arc<Assessment>)| {
        let settings = assessment.settings.as_ref();
        QuarterRow {
            quarter: *quarter,
            title: settings.map(|settings| settings.title.clone()).unwrap_or_default(),
            stage: assessment.stage,
            villages: settings.map_or(0, |settings| settings.villages.len()),
            assessors: settings.map_or(0, |settings| settings.assessors.len()),
        }
    };
    workspace.assessments.iter().rev().map(row).collect()
}

/// Returns who asks, as the rules see them.
pub fn acting(me: &Holder) -> Acting {
    Acting {
        device: me.device,
        code: me.code.clone(),
        holder: me.person.clone(),
        name: me.name.clone(),
        roles: me.roles,
        villages: me.villages.clone(),
    }
}

/// Tells whether a wish about a quarter would be met.
pub fn may(workspace: &Workspace, me: &Holder, quarter: Quarter, command: AssessmentCommand) -> Result<(), Refusal> {
    decide(workspace, &acting(me), &Command::Assessment(quarter, command)).map(drop)
}

/// Tells whether somebody may open a quarter at all; what they fill in is checked by the draft.
pub fn may_open(me: &Holder) -> Result<(), Refusal> {
    let needs: &[Role] = &[Role::TownshipOffice];
    if me.roles.any(needs) { Ok(()) } else { Err(Refusal::Role { needs }) }
}

impl Deed {
    /// Returns the wish that it is, with the reason that a person gave.
    pub fn command(self, reason: &str) -> AssessmentCommand {
        let to = match self {
            Self::Begin => Stage::Open,
            Self::EndScoring => Stage::Scored,
            Self::Propose => return AssessmentCommand::Freeze,
            Self::Sign => return AssessmentCommand::Sign,
            Self::Post => Stage::Noticed,
            Self::Confirm => Stage::Confirmed,
            Self::LayBy => Stage::Archived,
            Self::Cancel => Stage::Cancelled,
        };
        AssessmentCommand::Move { to, reason: reason.to_owned() }
    }

    /// Asks the rules whether this person may.
    pub fn view(self, workspace: &Workspace, me: &Holder, quarter: Quarter) -> DeedView {
        DeedView { deed: self, may: may(workspace, me, quarter, self.command(SOME_REASON)) }
    }
}

/// Returns what leads on from where a quarter stands.
pub fn deeds(workspace: &Workspace, me: &Holder, assessment: &Assessment) -> Vec<DeedView> {
    let deeds: &[Deed] = match assessment.stage {
        Stage::Planned => &[Deed::Begin],
        Stage::Open => &[Deed::EndScoring],
        Stage::Scored if assessment.proposal().is_some() => &[Deed::Sign, Deed::Propose],
        Stage::Scored => &[Deed::Propose],
        Stage::Frozen => &[Deed::Post],
        Stage::Noticed => &[Deed::Confirm],
        Stage::Confirmed => &[Deed::LayBy],
        Stage::Archived | Stage::Cancelled => &[],
    };
    deeds.iter().map(|deed| deed.view(workspace, me, assessment.quarter)).collect()
}

/// Returns whether this person may end a quarter without a result; nothing once that is past.
pub fn may_cancel(workspace: &Workspace, me: &Holder, assessment: &Assessment) -> Option<DeedView> {
    (assessment.stage < Stage::Frozen).then(|| Deed::Cancel.view(workspace, me, assessment.quarter))
}

/// Returns what stands in the way: of the quarter itself, and for the lead what the freeze waits for.
pub fn blockers(workspace: &Workspace, me: &Holder, assessment: &Assessment) -> Vec<Blocker> {
    let mut blockers = assessment.blockers.clone();
    if assessment.takes_scores() && me.roles.contains(Role::AssessmentLead) {
        let none = std::collections::BTreeMap::new();
        let cards = workspace.cards.get(&assessment.quarter).unwrap_or(&none);
        if let Err(more) = assessment.freeze(cards, std::collections::BTreeMap::new()) {
            // While people score, that scores are missing is no news.
            let is_open = assessment.stage == Stage::Open;
            blockers.extend(more.into_iter().filter(|one| !(is_open && matches!(one, Blocker::Missing { .. }))));
        }
    }
    blockers.sort();
    blockers.dedup();
    blockers
}

/// Returns the assessment group in printed order.
pub fn group(workspace: &Workspace, me: &Holder, assessment: &Assessment) -> Vec<GroupRow> {
    let Some(settings) = &assessment.settings else { return Vec::new() };
    let row = |assessor: &shared::domain::assessment::AssessorSetting| {
        let cards = workspace.cards_of(assessment.quarter, &assessor.person);
        let reads = me.roles.contains(Role::AssessmentLead) || me.person == assessor.person;
        let villages = || settings.villages.iter().filter(|village| assessor.visits(&village.code));
        let whole = |code: &UnitCode| {
            assessor.criteria.iter().all(|id| cards.is_some_and(|cards| cards.score(code, id).is_some()))
        };
        let resign = AssessmentCommand::Resign { assessor: assessor.person.clone(), reason: SOME_REASON.to_owned() };
        GroupRow {
            person: assessor.person.clone(),
            name: assessor.name.clone(),
            leads: assessor.person == settings.lead,
            left: assessment.resigned.get(&assessor.person).map(|recorded| recorded.value.clone()),
            whole: (reads && assessment.takes_scores())
                .then(|| (villages().filter(|village| whole(&village.code)).count(), villages().count())),
            may_resign: may(workspace, me, assessment.quarter, resign),
        }
    };
    settings.assessors.iter().map(row).collect()
}

/// Tells whether a refusal says only that the time for something has passed or not come; then it needs no words.
pub fn is_out_of_time(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Assessment(AssessmentRefusal::Stage { .. }) | Refusal::NothingToChange)
}

/// Returns what a criterion is called, by any quarter's rulebook; the latest that has it.
pub fn criterion_name(workspace: &Workspace, id: &shared::id::CriterionId) -> String {
    let settings = workspace.assessments.values().rev().filter_map(|assessment| assessment.settings.as_ref());
    let named = settings.flat_map(|settings| &settings.rule.criteria).find(|criterion| criterion.id == *id);
    named.map_or_else(|| id.to_string(), |criterion| criterion.name.clone())
}
