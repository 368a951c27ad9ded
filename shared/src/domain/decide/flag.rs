//! Awarding the mobile red flag and handing it over.

use super::{Edit, Fact, Refusal, limit, require};
use crate::domain::assessment::{REASON_BYTES, same_person};
use crate::domain::command::{FlagCommand, FlagRefusal};
use crate::domain::flag::{Award, Awarding, FlagFact, FlagFlaw, Handover, may_sign, signers};
use crate::domain::meeting::Author;
use crate::domain::register::{Denied, Powers};
use crate::domain::{Acting, Workspace};
use crate::id::{FactId, UnitCode};
use crate::time::{Date, Quarter};

pub(super) fn decide(workspace: &Workspace, acting: &Acting, command: &FlagCommand) -> Result<Vec<Edit>, Refusal> {
    let fact = match command {
        FlagCommand::Award { quarter, villages, weeks, reason } => {
            award(workspace, acting, *quarter, villages, *weeks, reason)
        }
        FlagCommand::HandOver { to, date, reason } => hand_over(workspace, acting, to.as_ref(), *date, reason),
        FlagCommand::Countersign(handover) => countersign(workspace, acting, handover),
    };
    Ok(vec![Edit::Fact { address: command.address(), fact: Fact::Flag(Box::new(fact?)) }])
}

fn refuse<T>(refusal: FlagRefusal) -> Result<T, Refusal> {
    Err(Refusal::Flag(refusal))
}

fn award(
    workspace: &Workspace,
    acting: &Acting,
    quarter: Quarter,
    villages: &[UnitCode],
    weeks: u8,
    reason: &str,
) -> Result<FlagFact, Refusal> {
    require(acting, signers(None))?;
    limit(reason, REASON_BYTES)?;
    let assessment = workspace.assessments.get(&quarter);
    let Some((assessment, result)) = assessment.and_then(|found| Some((found, found.confirmed_result()?))) else {
        return refuse(FlagRefusal::NotConfirmed { is: assessment.map(|assessment| assessment.stage) });
    };
    let reason = reason.trim().to_owned();
    let award = Award { quarter, digest: result.digest, villages: villages.to_vec(), weeks, reason };
    match award.flaw(assessment) {
        None => {}
        Some(FlagFlaw::Reason) => return Err(Refusal::ReasonNeeded),
        Some(_) => return refuse(FlagRefusal::NotEligible),
    }
    let standing = &workspace.flag.award;
    if standing.agreed() == Some(&award) {
        return Err(Refusal::NothingToChange);
    }
    let corrects = standing.standing().iter().any(|said| said.value.quarter == quarter);
    if corrects && award.reason.is_empty() {
        return Err(Refusal::ReasonNeeded);
    }
    Ok(FlagFact::Awarded(Awarding { award, replaces: standing.facts() }))
}

fn hand_over(
    workspace: &Workspace,
    acting: &Acting,
    to: Option<&UnitCode>,
    date: Date,
    reason: &str,
) -> Result<FlagFact, Refusal> {
    limit(reason, REASON_BYTES)?;
    let custody = &workspace.flag;
    let Some((id, state)) = custody.standing_award() else { return refuse(FlagRefusal::NoAward) };
    match to {
        Some(_) if state.overturned => return refuse(FlagRefusal::Overturned),
        Some(to) if !state.award.villages.contains(to) => return refuse(FlagRefusal::NotAwarded(to.clone())),
        Some(_) => {}
        None if reason.trim().is_empty() => return Err(Refusal::ReasonNeeded),
        None => {}
    }
    // Where two handovers stand apart it comes from any of the two, which the signature of that side settles.
    let standing = custody.holding.standing();
    if let Some(said) = standing.iter().find(|said| said.value.since > date) {
        return refuse(FlagRefusal::Before(said.value.since));
    }
    let mut givers: Vec<Option<&UnitCode>> = standing.iter().map(|said| said.value.village.as_ref()).collect();
    if givers.is_empty() {
        givers.push(None);
    }
    if !custody.holding.is_divergence() && givers.contains(&to) {
        return Err(Refusal::NothingToChange);
    }
    givers.retain(|giver| *giver != to);
    let from = match givers.iter().find(|giver| signs(acting, **giver).is_ok()) {
        Some(from) => *from,
        None => {
            signs(acting, to)?;
            givers.first().copied().flatten()
        }
    };
    let (award, to, reason) = (id.clone(), to.cloned(), reason.trim().to_owned());
    Ok(FlagFact::Handed(Handover { award, from: from.cloned(), to, date, reason, after: custody.holding.facts() }))
}

fn countersign(workspace: &Workspace, acting: &Acting, id: &FactId) -> Result<FlagFact, Refusal> {
    let waiting = workspace.flag.waiting().find(|(waiting, _)| *waiting == id);
    let Some((_, state)) = waiting else { return refuse(FlagRefusal::NoHandover(id.clone())) };
    let author = Author { device: acting.device, holder: Some(acting.holder.clone()) };
    if same_person(&state.voice.author, &author) {
        return Err(Refusal::SamePerson);
    }
    let (from, to) = (state.handover.from.as_ref(), state.handover.to.as_ref());
    signs(acting, from).or_else(|_| signs(acting, to))?;
    Ok(FlagFact::Countersigned(id.clone()))
}

/// Refuses those who do not sign for a side.
fn signs(acting: &Acting, side: Option<&UnitCode>) -> Result<(), Refusal> {
    let powers = Powers { roles: acting.roles, villages: acting.villages.clone() };
    may_sign(&powers, side).map_err(|denied| match denied {
        Denied::Role => Refusal::Role { needs: signers(side) },
        Denied::OtherVillage => Refusal::OtherVillage,
    })
}
