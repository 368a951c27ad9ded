//! The quarter of a village assessment: opening, moving, adjusting, freezing and ties.

mod freezing;
mod scoring;

use super::{Edit, Fact, Refusal, limit, require};
use crate::domain::assessment::{
    Adjusted, Assessment, AssessmentFact, AssessmentSettings, Flaw, Hundredths, LINE_BYTES, Move, Opening, Posted,
    REASON_BYTES, Resigned, Stage, Strike, Unvisited,
};
use crate::domain::command::{AssessmentCommand, AssessmentRefusal};
use crate::domain::divergence::Settled;
use crate::domain::meeting::Author;
use crate::domain::{Acting, Workspace};
use crate::id::{Address, DocumentId, FactId, PersonId, ScopeId, UnitCode};
use crate::time::Quarter;

pub(super) fn decide(
    workspace: &Workspace,
    acting: &Acting,
    quarter: Quarter,
    command: &AssessmentCommand,
) -> Result<Vec<Edit>, Refusal> {
    if let AssessmentCommand::Open(settings) = command {
        return open(workspace, acting, quarter, settings);
    }
    let assessment = workspace.assessments.get(&quarter).map(AsRef::as_ref);
    let opened = assessment.and_then(|assessment| Some((assessment, assessment.settings.as_ref()?)));
    let (assessment, settings) = opened.ok_or(Refusal::Assessment(AssessmentRefusal::NotOpened))?;
    let asking = Asking { workspace, acting, assessment, settings };
    match command {
        AssessmentCommand::Open(_) => Err(Refusal::NothingToChange),
        AssessmentCommand::Move { to, reason } => asking.move_to(*to, reason),
        AssessmentCommand::Score { village, scores } => asking.score(village, scores),
        AssessmentCommand::FinishVillage(village) => asking.finish(village),
        AssessmentCommand::Adjust { village, posted, reason } => asking.adjust(village, *posted, reason),
        AssessmentCommand::Strike { adjustment, reason } => asking.strike(adjustment, reason),
        AssessmentCommand::MarkUnvisited { assessor, village, unvisited, reason } => {
            asking.mark_unvisited(assessor, village, *unvisited, reason)
        }
        AssessmentCommand::Resign { assessor, reason } => asking.resign(assessor, reason),
        AssessmentCommand::Freeze => asking.freeze(),
        AssessmentCommand::Sign => asking.sign(),
        AssessmentCommand::DecideTie { villages, shared, reason } => asking.decide_tie(villages, *shared, reason),
    }
}

/// Who asks about what.
struct Asking<'a> {
    workspace: &'a Workspace,
    acting: &'a Acting,
    assessment: &'a Assessment,
    settings: &'a AssessmentSettings,
}

fn refuse<T>(refusal: AssessmentRefusal) -> Result<T, Refusal> {
    Err(Refusal::Assessment(refusal))
}

fn edit(quarter: Quarter, fact: AssessmentFact) -> Vec<Edit> {
    let address = Address { scope: ScopeId::Township, document: DocumentId::Assessment(quarter) };
    vec![Edit::Fact { address, fact: Fact::Assessment(Box::new(fact)) }]
}

/// Refuses a reason that is missing or too long.
fn reason_of(reason: &str) -> Result<String, Refusal> {
    limit(reason, REASON_BYTES)?;
    let reason = reason.trim();
    if reason.is_empty() { Err(Refusal::ReasonNeeded) } else { Ok(reason.to_owned()) }
}

fn open(
    workspace: &Workspace,
    acting: &Acting,
    quarter: Quarter,
    settings: &AssessmentSettings,
) -> Result<Vec<Edit>, Refusal> {
    let opened = workspace.assessments.get(&quarter).map(AsRef::as_ref);
    let replaces = opened.map(|assessment| assessment.opened.facts()).unwrap_or_default();
    let fact = AssessmentFact::Opened(Box::new(Opening { settings: settings.clone(), replaces }));
    require(acting, fact.roles())?;
    settings.check().map_err(|fault| Refusal::Assessment(AssessmentRefusal::Settings(fault)))?;
    for text in settings.texts() {
        limit(text, LINE_BYTES)?;
    }
    if let Some(assessment) = opened {
        reopen(assessment, settings)?;
    }
    let is_divergence = opened.is_some_and(|assessment| assessment.opened.is_divergence());
    let stage = opened.map_or(Stage::Planned, |assessment| assessment.stage);
    // What was open keeps the grouping that it was opened with, whatever the registry says since (E45).
    if stage == Stage::Planned && !is_divergence {
        for village in &settings.villages {
            let unit = workspace.township.units.get(&village.code);
            if unit.map(crate::domain::assessment::AssessedVillage::of).as_ref() != Some(village) {
                return refuse(AssessmentRefusal::NotInRegistry(village.code.clone()));
            }
        }
    }
    if let Some((person, village)) = settings.unrecused(&workspace.advisors) {
        return refuse(AssessmentRefusal::NotRecused(person.clone(), village.clone()));
    }
    Ok(edit(quarter, fact))
}

/// Refuses what a second opening may not change.
fn reopen(assessment: &Assessment, settings: &AssessmentSettings) -> Result<(), Refusal> {
    match (&assessment.opened, assessment.stage) {
        (_, Stage::Frozen | Stage::Noticed | Stage::Confirmed | Stage::Archived | Stage::Cancelled) => {
            refuse(AssessmentRefusal::Stage { is: assessment.stage })
        }
        (Settled::Nothing, _) => Ok(()),
        (Settled::Agreed(said), _) if said.value == *settings => Err(Refusal::NothingToChange),
        (Settled::Agreed(said), Stage::Open | Stage::Scored) => {
            let same = said.value.rule == settings.rule && said.value.villages == settings.villages;
            if same { Ok(()) } else { refuse(AssessmentRefusal::FrameFixed) }
        }
        (Settled::Agreed(_), _) => Ok(()),
        (Settled::Divergence(standing), _) => {
            let one_of = standing.iter().any(|said| said.value == *settings);
            if one_of { Ok(()) } else { refuse(AssessmentRefusal::NotOneOfTheSettings) }
        }
    }
}

impl Asking<'_> {
    fn record(&self, fact: AssessmentFact) -> Result<Vec<Edit>, Refusal> {
        require(self.acting, fact.roles())?;
        Ok(edit(self.assessment.quarter, fact))
    }

    fn author(&self) -> Author {
        Author { device: self.acting.device, holder: Some(self.acting.holder.clone()) }
    }

    fn stage<T>(&self) -> Result<T, Refusal> {
        refuse(AssessmentRefusal::Stage { is: self.assessment.stage })
    }

    fn village(&self, village: &UnitCode) -> Result<(), Refusal> {
        match self.settings.village(village) {
            Some(_) => Ok(()),
            None => refuse(AssessmentRefusal::NoVillage(village.clone())),
        }
    }

    /// Returns the freeze that a later fact names: nothing before one, and a refusal where the quarter has ended.
    fn after(&self) -> Result<Option<FactId>, Refusal> {
        match self.assessment.stage {
            Stage::Archived | Stage::Cancelled => self.stage(),
            _ => Ok(self.assessment.frozen.as_ref().map(|frozen| frozen.by.fact.clone())),
        }
    }

    fn move_to(&self, to: Stage, reason: &str) -> Result<Vec<Edit>, Refusal> {
        if to.roles().is_empty() {
            return self.stage();
        }
        require(self.acting, to.roles())?;
        limit(reason, REASON_BYTES)?;
        let is = self.assessment.stage;
        if is == to {
            return Err(Refusal::NothingToChange);
        }
        let leads = match to {
            Stage::Planned | Stage::Frozen => false,
            Stage::Open => is == Stage::Planned,
            Stage::Scored => is == Stage::Open,
            Stage::Noticed => is == Stage::Frozen,
            Stage::Confirmed => is == Stage::Noticed,
            Stage::Archived => is == Stage::Confirmed,
            Stage::Cancelled => is < Stage::Frozen,
        };
        let digest = self.assessment.digest_for(to).filter(|_| leads);
        let Some(digest) = digest else { return self.stage() };
        let reason = if to == Stage::Cancelled { reason_of(reason)? } else { reason.trim().to_owned() };
        if to != Stage::Cancelled && !self.assessment.blockers.is_empty() {
            return refuse(AssessmentRefusal::Blocked(self.assessment.blockers.clone()));
        }
        if to == Stage::Confirmed && self.assessment.confirmation_flaw(&self.author()) == Some(Flaw::SamePerson) {
            return Err(Refusal::SamePerson);
        }
        self.record(AssessmentFact::Moved(Move { to, digest, reason }))
    }

    fn adjust(&self, village: &UnitCode, posted: Posted, reason: &str) -> Result<Vec<Edit>, Refusal> {
        self.village(village)?;
        let after = self.after()?;
        if matches!(posted, Posted::Bonus(Hundredths(0)) | Posted::Deduction(Hundredths(0))) {
            return Err(Refusal::NothingToChange);
        }
        let (village, reason) = (village.clone(), reason_of(reason)?);
        self.record(AssessmentFact::Adjusted(Adjusted { village, posted, reason, after }))
    }

    fn strike(&self, adjustment: &FactId, reason: &str) -> Result<Vec<Edit>, Refusal> {
        let after = self.after()?;
        match self.assessment.adjustments.get(adjustment) {
            None => return refuse(AssessmentRefusal::NoAdjustment(adjustment.clone())),
            Some(state) if state.struck.is_some() => return Err(Refusal::NothingToChange),
            Some(_) => {}
        }
        let (adjustment, reason) = (adjustment.clone(), reason_of(reason)?);
        self.record(AssessmentFact::Struck(Strike { adjustment, reason, after }))
    }

    fn mark_unvisited(
        &self,
        assessor: &PersonId,
        village: &UnitCode,
        unvisited: bool,
        reason: &str,
    ) -> Result<Vec<Edit>, Refusal> {
        limit(reason, REASON_BYTES)?;
        self.village(village)?;
        if !self.assessment.takes_scores() {
            return self.stage();
        }
        let assigned = self.settings.assessor(assessor).filter(|assessor| self.settings.has_card(assessor));
        if assigned.is_none_or(|assessor| !assessor.visits(village)) {
            return refuse(AssessmentRefusal::NotAssigned(village.clone()));
        }
        let cards = self.workspace.cards_of(self.assessment.quarter, assessor);
        if unvisited && cards.is_some_and(|cards| self.settings.carded().any(|id| cards.score(village, id).is_some())) {
            return refuse(AssessmentRefusal::Visited);
        }
        let standing = self.assessment.unvisited.get(&(assessor.clone(), village.clone()));
        let is = standing.and_then(Settled::agreed).copied();
        if is == Some(unvisited) || (standing.is_none() && !unvisited) {
            return Err(Refusal::NothingToChange);
        }
        let replaces = standing.map(Settled::facts).unwrap_or_default();
        let (assessor, village, reason) = (assessor.clone(), village.clone(), reason.trim().to_owned());
        self.record(AssessmentFact::Unvisited(Unvisited { assessor, village, unvisited, reason, replaces }))
    }

    fn resign(&self, assessor: &PersonId, reason: &str) -> Result<Vec<Edit>, Refusal> {
        if self.settings.assessor(assessor).is_none() {
            return refuse(AssessmentRefusal::NotAssessor);
        }
        if self.assessment.stage > Stage::Scored {
            return self.stage();
        }
        if self.assessment.resigned.contains_key(assessor) {
            return Err(Refusal::NothingToChange);
        }
        let (assessor, reason) = (assessor.clone(), reason_of(reason)?);
        self.record(AssessmentFact::Resigned(Resigned { assessor, reason }))
    }
}
