//! After voting: the urn emptied, sheets reconciled, the count checked, decisions, the seal.

use super::meeting::Wish;
use super::{Edit, Refusal, TEXT_BYTES, ballot, limit};
use crate::domain::ballot::BallotMode;
use crate::domain::divergence::Settled;
use crate::domain::meeting::{
    Blocker, CheckFlaw, CountCheck, Decision, Grading, MeetingFact, MeetingResult, Reconciliation, Ruling, Seal, Stage,
};
use crate::id::PersonId;

pub(super) fn empty_urn(wish: &Wish<'_>) -> Result<Vec<Edit>, Refusal> {
    ballot::mode(wish.settings, BallotMode::SecretDevice)?;
    if matches!(wish.meeting.stage, Stage::Adjourned | Stage::Void) || wish.meeting.is_sealed() {
        return wish.without_urn().map(|edit| vec![edit]).ok_or(Refusal::NothingToChange);
    }
    wish.at(&[Stage::Closed])?;
    if wish.meeting.opened.is_divergence() {
        return Err(Refusal::Blocked(vec![Blocker::SettingsDiffer]));
    }
    ballot::own_urn(wish)?;
    if !wish.meeting.urn.tally.standing().is_empty() {
        return Err(Refusal::UrnEmptied);
    }
    let urn = wish.workspace.urns.get(&wish.meeting.id).ok_or(Refusal::UrnLost)?;
    let tally = wish.record(MeetingFact::Urn(urn.tally(wish.settings)));
    Ok(std::iter::once(tally).chain(wish.without_urn()).collect())
}

pub(super) fn reconcile(wish: &Wish<'_>, hand: &Reconciliation) -> Result<Vec<Edit>, Refusal> {
    if wish.settings.mode == BallotMode::ShowOfHands {
        return Err(Refusal::Mode { is: wish.settings.mode });
    }
    wish.at(&[Stage::Closed, Stage::Counted])?;
    limit(&hand.note, TEXT_BYTES)?;
    for (group, count) in &hand.groups {
        if wish.settings.rulebook.group(group).is_none() {
            return Err(Refusal::UnknownGroup(group.clone()));
        }
        let apart = count.spoiled.checked_add(count.abstained);
        if apart.is_none_or(|apart| apart > count.returned) {
            return Err(Refusal::CountsDoNotAdd(group.clone()));
        }
    }
    let present = &wish.meeting.reconciled;
    if present.agreed().is_some_and(|said| said.groups == hand.groups && said.note == hand.note) {
        return Err(Refusal::NothingToChange);
    }
    let reconciliation = Reconciliation { replaces: present.facts(), ..hand.clone() };
    Ok(vec![wish.record(MeetingFact::Reconciled(reconciliation))])
}

pub(super) fn check(wish: &Wish<'_>) -> Result<Vec<Edit>, Refusal> {
    wish.at(&[Stage::Counted, Stage::Checked, Stage::Decided])?;
    let result = result(wish)?;
    match wish.meeting.check_flaw(&wish.author()) {
        Some(CheckFlaw::TookPart) => return Err(Refusal::TookPart),
        Some(_) => return Err(Refusal::Unproved),
        None => {}
    }
    let own = |check: &crate::domain::meeting::CheckState| {
        check.flaw.is_none() && check.voice.author.holder.as_ref() == Some(&wish.acting.holder)
    };
    if wish.meeting.checks.iter().any(own) {
        return Err(Refusal::NothingToChange);
    }
    Ok(vec![wish.record(MeetingFact::Checked(CountCheck { digest: result.digest }))])
}

pub(super) fn decide_on(
    wish: &Wish<'_>,
    subject: &PersonId,
    stars: Option<u8>,
    reason: &str,
) -> Result<Vec<Edit>, Refusal> {
    wish.at(&[Stage::Checked, Stage::Decided])?;
    limit(reason, TEXT_BYTES)?;
    let result = result(wish)?;
    if !result.session.is_valid() {
        return Err(Refusal::SessionInvalid);
    }
    let grading = *result.grading.get(subject).ok_or(Refusal::NotASubject(subject.clone()))?;
    if grading != Grading::Graded && stars.is_some() {
        return Err(Refusal::NotGraded { subject: subject.clone(), grading });
    }
    let bands = &wish.settings.rulebook.bands;
    let known = |stars: u8| stars == 0 || bands.iter().any(|band| band.stars == stars);
    if stars.is_some_and(|stars| !known(stars)) {
        return Err(Refusal::NoSuchStars);
    }
    let present = wish.meeting.decisions.get(subject);
    if present.and_then(Settled::agreed) == Some(&Ruling { stars, reason: reason.to_owned() }) {
        return Err(Refusal::NothingToChange);
    }
    if reason.trim().is_empty() {
        let computed = result.stars(subject);
        if stars != computed {
            return Err(Refusal::DiffersWithoutReason { computed });
        }
        over_one_third(wish, subject, stars)?;
    }
    let replaces = present.map(Settled::facts).unwrap_or_default();
    let decision = Decision { subject: subject.clone(), stars, reason: reason.to_owned(), replaces };
    Ok(vec![wish.record(MeetingFact::Decided(decision))])
}

pub(super) fn seal(wish: &Wish<'_>) -> Result<Vec<Edit>, Refusal> {
    let blockers = wish.meeting.blockers_of(Stage::Decided);
    if wish.meeting.result.is_some() && !blockers.is_empty() {
        return Err(Refusal::Blocked(blockers));
    }
    wish.at(&[Stage::Decided])?;
    let digest = wish.meeting.seal_digest().ok_or(Refusal::Blocked(blockers))?;
    // The heads are the document's own; whoever writes it fills them in.
    let seal = Seal { up_to: wish.meeting.up_to.clone(), heads: Vec::new(), digest };
    Ok(vec![wish.record(MeetingFact::Sealed(seal))])
}

/// Refuses one more of the highest stars than a third without a reason (DOMAIN section 6, rule 11; E50).
fn over_one_third(wish: &Wish<'_>, subject: &PersonId, stars: Option<u8>) -> Result<(), Refusal> {
    let best = wish.settings.rulebook.bands.last().map(|band| band.stars);
    if stars.is_none() || stars != best {
        return Ok(());
    }
    let others = wish
        .meeting
        .decisions
        .iter()
        .filter(|(other, ruling)| *other != subject && ruling.agreed().is_some_and(|ruling| ruling.stars == best));
    let cap = wish.meeting.one_third.cap;
    if others.count() < cap as usize { Ok(()) } else { Err(Refusal::OverOneThird { cap }) }
}

fn result<'a>(wish: &Wish<'a>) -> Result<&'a MeetingResult, Refusal> {
    let needs = &[Stage::Counted];
    wish.meeting.result.as_ref().ok_or(Refusal::Stage { is: wish.meeting.stage, needs })
}
