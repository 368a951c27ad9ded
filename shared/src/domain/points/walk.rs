//! How far an entry's moves have brought it: total, and a function of the set of facts alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::fact::{Moving, PointClaim, Reversal, Telling};
use super::flow::{PointStep, Stage};
use super::journal::{Signed, same_author};
use super::people::People;
use super::state::Flaw;
use crate::domain::meeting::Author;
use crate::id::FactId;
use crate::role::Role;

/// Everything that was recorded about one entry, in an order in which every move comes after those that it follows.
pub(super) struct Case<'a> {
    pub claim: &'a Arc<Signed<PointClaim>>,
    pub moves: Vec<&'a Arc<Signed<Moving>>>,
    pub told: Vec<&'a Arc<Signed<Telling>>>,
    pub reversals: Vec<&'a Arc<Signed<Reversal>>>,
}

/// Which facts are looked at, and by which roster they are judged.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    /// What lies within a seal; everything where there is none.
    pub within: &'a dyn Fn(&FactId) -> bool,
    /// The roster; where there is none a seal says what it barred.
    pub people: Option<People<'a>>,
    /// Reversals that a seal barred.
    pub barred: &'a dyn Fn(&FactId) -> bool,
}

/// Where an entry's moves have brought it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Walked<'a> {
    /// The moves that count, in order.
    pub valid: Vec<&'a Arc<Signed<Moving>>>,
    /// The stages that stand: one, or two where people moved apart.
    pub stages: Vec<Stage>,
    /// Whether a hold stands.
    pub is_held: bool,
    /// The reversal that counts.
    pub reversed: Option<&'a Arc<Signed<Reversal>>>,
    /// What does not count, and why.
    pub flaws: Vec<(FactId, Flaw)>,
    /// Whether the roster decided anything.
    pub by_roster: bool,
}

impl<'a> Case<'a> {
    /// Walks the entry; `gives` is what it gives, below 0 for a deduction.
    pub fn walk(&self, view: View<'_>, gives: Option<i32>) -> Walked<'a> {
        let mut walked = Walked::default();
        if let Some(flaw) = view.people.and_then(|people| self.flaw_of_claim(people, gives)) {
            walked.flaws.push((self.claim.id().clone(), flaw));
            (walked.stages, walked.by_roster) = (vec![Stage::Rejected], true);
            return walked;
        }
        for moving in &self.moves {
            if !(view.within)(moving.id()) {
                continue;
            }
            match self.flaw_of(&walked, moving, view, gives) {
                None => walked.valid.push(moving),
                Some(flaw) => {
                    walked.by_roster |= flaw.is_of_roster();
                    walked.flaws.push((moving.id().clone(), flaw));
                }
            }
        }
        walked.stages =
            combine(last(&walked.valid).filter_map(|moving| moving.fact.value.step.leads()).map(|(_, to)| to));
        walked.is_held = holds(&walked.valid).next().is_some();
        self.reverse(&mut walked, view);
        walked
    }

    fn flaw_of_claim(&self, people: People<'_>, gives: Option<i32>) -> Option<Flaw> {
        let claim = &self.claim.fact.value;
        let is_minor = || claim.person.as_ref().is_some_and(|person| people.is_minor(person, claim.date));
        if gives.is_some_and(|gives| gives < 0) && is_minor() {
            return Some(Flaw::Minor);
        }
        people.is_of_another_group(self.claim).then_some(Flaw::OtherGroup)
    }

    fn flaw_of(
        &self,
        walked: &Walked<'_>,
        moving: &Signed<Moving>,
        view: View<'_>,
        gives: Option<i32>,
    ) -> Option<Flaw> {
        let (step, follows) = (moving.fact.value.step, &moving.fact.value.follows);
        if step == PointStep::Release {
            let is_committee = moving.held(Role::SupervisionCommittee);
            return flaw_of_release(self.claim, &walked.valid, follows, moving.author(), is_committee);
        }
        if step == PointStep::Hold {
            return None;
        }
        if !step.is_open_at(&stages_of(&walked.valid, follows)) {
            return Some(Flaw::Step);
        }
        let is_told = |told: &&Arc<Signed<Telling>>| follows.contains(told.id()) && (view.within)(told.id());
        if step == PointStep::Book && gives.is_some_and(|gives| gives < 0) {
            if self.claim.fact.value.note.trim().is_empty() {
                return Some(Flaw::NoNote);
            }
            if !self.told.iter().any(is_told) {
                return Some(Flaw::NotTold);
            }
        }
        flaw_of_duty(self.claim, &walked.valid, step, moving.author(), view.people)
    }

    fn reverse(&self, walked: &mut Walked<'a>, view: View<'_>) {
        for reversal in &self.reversals {
            if !(view.within)(reversal.id()) || (view.barred)(reversal.id()) {
                continue;
            }
            let account = &self.claim.fact.value.account;
            if view.people.is_some_and(|people| people.is_own(reversal.author(), account)) {
                walked.by_roster = true;
                walked.flaws.push((reversal.id().clone(), Flaw::OwnHousehold));
            } else if walked.reversed.is_none() {
                walked.reversed = Some(reversal);
            }
        }
    }
}

/// Tells why somebody may not take a step that others have to take apart from them (DOMAIN section 7, W5).
pub(super) fn flaw_of_duty(
    claim: &Signed<PointClaim>,
    valid: &[&Arc<Signed<Moving>>],
    step: PointStep,
    author: &Author,
    people: Option<People<'_>>,
) -> Option<Flaw> {
    if step.approves() && people.is_some_and(|people| people.is_own(author, &claim.fact.value.account)) {
        return Some(Flaw::OwnHousehold);
    }
    let apart_from: fn(PointStep) -> bool = match step {
        PointStep::Verify => PointStep::approves,
        PointStep::Deliberate | PointStep::Book => |step| step == PointStep::Verify,
        _ => return None,
    };
    let others = valid.iter().filter(|moving| apart_from(moving.fact.value.step)).map(|moving| moving.author());
    for other in others.chain([claim.author()]) {
        if same_author(author, other) {
            return Some(Flaw::SamePerson);
        }
        if people.is_some_and(|people| people.share_a_house(author, other)) {
            return Some(Flaw::SameHousehold);
        }
    }
    None
}

/// Tells why somebody may not release an entry: nobody releases what they claimed, and what the supervision committee
/// holds it alone releases.
pub(super) fn flaw_of_release(
    claim: &Signed<PointClaim>,
    valid: &[&Arc<Signed<Moving>>],
    follows: &BTreeSet<FactId>,
    author: &Author,
    is_committee: bool,
) -> Option<Flaw> {
    if same_author(author, claim.author()) {
        return Some(Flaw::SamePerson);
    }
    let mut released = valid.iter().filter(|moving| follows.contains(moving.id()));
    let is_veto = |hold: &Signed<Moving>| hold.fact.value.step == PointStep::Hold && is_veto(hold);
    (released.any(|hold| is_veto(hold)) && !is_committee).then_some(Flaw::Role)
}

/// Tells whether a hold is the supervision committee's word against an entry.
fn is_veto(hold: &Signed<Moving>) -> bool {
    hold.roles.is_some_and(|roles| {
        roles.contains(Role::SupervisionCommittee) && !roles.any(&[Role::VillageSecretary, Role::Scribe])
    })
}

/// Returns the moves of the way that no other one follows.
pub(super) fn last<'a, 'b>(valid: &'b [&'a Arc<Signed<Moving>>]) -> impl Iterator<Item = &'a Arc<Signed<Moving>>> + 'b {
    let on_the_way = |moving: &Signed<Moving>| moving.fact.value.step.leads().is_some();
    let followed = move |id: &FactId| {
        valid.iter().any(|other| on_the_way(other) && other.id() != id && other.fact.value.follows.contains(id))
    };
    valid.iter().copied().filter(move |moving| on_the_way(moving) && !followed(moving.id()))
}

/// Returns the holds that no release names.
pub(super) fn holds<'a, 'b>(
    valid: &'b [&'a Arc<Signed<Moving>>],
) -> impl Iterator<Item = &'a Arc<Signed<Moving>>> + 'b {
    let is_released = move |hold: &FactId| releases(valid).any(|release| release.fact.value.follows.contains(hold));
    valid.iter().copied().filter(move |moving| moving.fact.value.step == PointStep::Hold && !is_released(moving.id()))
}

/// Returns the releases.
pub(super) fn releases<'a, 'b>(
    valid: &'b [&'a Arc<Signed<Moving>>],
) -> impl Iterator<Item = &'a Arc<Signed<Moving>>> + 'b {
    valid.iter().copied().filter(|moving| moving.fact.value.step == PointStep::Release)
}

/// Returns the stages to which the followed moves had brought the entry.
fn stages_of(valid: &[&Arc<Signed<Moving>>], follows: &BTreeSet<FactId>) -> Vec<Stage> {
    let followed = valid.iter().filter(|moving| follows.contains(moving.id()));
    combine(followed.filter_map(|moving| moving.fact.value.step.leads()).map(|(_, to)| to))
}

/// Combines what was reached apart: the farther one of the way, and beside it a rejection.
fn combine(reached: impl Iterator<Item = Stage>) -> Vec<Stage> {
    let (mut farthest, mut is_rejected) = (None, false);
    for stage in reached {
        match stage {
            Stage::Rejected => is_rejected = true,
            stage => farthest = farthest.max(Some(stage)),
        }
    }
    match (farthest, is_rejected) {
        (None, false) => vec![Stage::Claimed],
        (None, true) => vec![Stage::Rejected],
        (Some(farthest), false) => vec![farthest],
        (Some(farthest), true) => vec![farthest, Stage::Rejected],
    }
}
