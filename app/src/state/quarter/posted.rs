//! What is added to a village's score beside the cards, what is deducted, and vetoes: those made, and a new one as it
//! is filled in.

use shared::domain::Workspace;
use shared::domain::assessment::{Assessment, Hundredths, Posted};
use shared::domain::command::{AssessmentCommand, Refusal};
use shared::id::{FactId, UnitCode};
use shared::identity::Holder;

use super::card::{self, ScoreFault};
use super::{SOME_REASON, may};

/// The most points of one adjustment: what a rulebook's largest criterion has.
const MOST: u32 = shared::domain::rulebook::MAX_LIMIT;

/// An addition, a deduction or a veto, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedRow {
    /// Its number.
    pub id: FactId,
    /// The village's name.
    pub village: String,
    /// What becomes of the score.
    pub posted: Posted,
    /// Why.
    pub reason: String,
    /// Who made it; nothing where their certificate has not arrived.
    pub by: Option<String>,
    /// Why it was struck, where it was.
    pub struck: Option<String>,
    /// Whether it was made after the freeze.
    pub after_freeze: bool,
    /// Whether this person may strike it.
    pub may_strike: Result<(), Refusal>,
}

/// What kind of adjustment somebody is filling in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PostedKind {
    /// Points more.
    #[default]
    Bonus,
    /// Points fewer.
    Deduction,
    /// No rank, whatever the score.
    Veto,
}

/// The kinds in the order in which they are offered.
pub const KINDS: [PostedKind; 3] = [PostedKind::Bonus, PostedKind::Deduction, PostedKind::Veto];

/// A new adjustment, as it is filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostedDraft {
    /// The place of the village in the list; none chosen yet.
    pub village: Option<usize>,
    /// What kind.
    pub kind: PostedKind,
    /// The points as typed.
    pub points: String,
    /// Why.
    pub reason: String,
}

/// What is missing from a new adjustment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostedFault {
    /// No village.
    Village,
    /// No points, or nothing that are any.
    Points(ScoreFault),
    /// No reason.
    Reason,
}

/// Returns every adjustment by number, struck ones among them.
pub fn rows(workspace: &Workspace, me: &Holder, assessment: &Assessment) -> Vec<PostedRow> {
    let name = |code: &UnitCode| village_name(assessment, code);
    let row = |(id, state): (&FactId, &shared::domain::assessment::AdjustmentState)| {
        let strike = AssessmentCommand::Strike { adjustment: id.clone(), reason: SOME_REASON.to_owned() };
        PostedRow {
            id: id.clone(),
            village: name(&state.adjusted.village),
            posted: state.adjusted.posted,
            reason: state.adjusted.reason.clone(),
            by: state.voice.author.holder.as_ref().map(|holder| person_name(workspace, assessment, holder)),
            struck: state.struck.clone(),
            after_freeze: state.adjusted.after.is_some(),
            may_strike: may(workspace, me, assessment.quarter, strike),
        }
    };
    assessment.adjustments.iter().map(row).collect()
}

/// Returns whether this person may add one; any village answers for all.
pub fn may_post(workspace: &Workspace, me: &Holder, assessment: &Assessment) -> Result<(), Refusal> {
    let village = assessment.settings.as_ref().and_then(|settings| settings.villages.first());
    let Some(village) = village.map(|village| village.code.clone()) else { return Err(Refusal::NothingToChange) };
    let ask = AssessmentCommand::Adjust { village, posted: Posted::Veto, reason: SOME_REASON.to_owned() };
    may(workspace, me, assessment.quarter, ask)
}

/// Returns what a village is called in this quarter.
pub fn village_name(assessment: &Assessment, code: &UnitCode) -> String {
    let village = assessment.settings.as_ref().and_then(|settings| settings.village(code));
    village.map_or_else(|| code.to_string(), |village| village.name.clone())
}

/// Returns what somebody is called: as an assessor of this quarter, else as a certificate has it.
pub fn person_name(workspace: &Workspace, assessment: &Assessment, person: &shared::id::PersonId) -> String {
    let assessor = assessment.settings.as_ref().and_then(|settings| settings.assessor(person));
    let named = assessor.map(|assessor| &assessor.name).or_else(|| workspace.holders.get(person));
    named.cloned().unwrap_or_else(|| person.to_string())
}

impl PostedDraft {
    /// Returns the wish, or everything that is missing.
    pub fn wish(&self, villages: &[UnitCode]) -> Result<AssessmentCommand, Vec<PostedFault>> {
        let mut faults = Vec::new();
        let village = self.village.and_then(|place| villages.get(place));
        if village.is_none() {
            faults.push(PostedFault::Village);
        }
        let points = match (self.kind, card::read(&self.points, MOST)) {
            (PostedKind::Veto, _) => Hundredths(0),
            (_, Ok(Some(points))) if points.0 > 0 => points,
            (_, Err(fault)) => {
                faults.push(PostedFault::Points(fault));
                Hundredths(0)
            }
            (_, Ok(_)) => {
                faults.push(PostedFault::Points(ScoreFault::Shape));
                Hundredths(0)
            }
        };
        if self.reason.trim().is_empty() {
            faults.push(PostedFault::Reason);
        }
        let posted = match self.kind {
            PostedKind::Bonus => Posted::Bonus(points),
            PostedKind::Deduction => Posted::Deduction(points),
            PostedKind::Veto => Posted::Veto,
        };
        match village.filter(|_| faults.is_empty()) {
            Some(village) => {
                Ok(AssessmentCommand::Adjust { village: village.clone(), posted, reason: self.reason.clone() })
            }
            None => Err(faults),
        }
    }
}
