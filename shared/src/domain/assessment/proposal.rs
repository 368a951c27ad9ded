//! What the lead proposed to freeze, each proposal computed again from what it rests on.

use std::collections::BTreeSet;

use super::board::{Board, Facts};
use super::collect::{Given, collect};
use super::state::{Flaw, Frozen, Proposal, Stage, signature_flaw};
use super::{AssessmentFact, AssessmentResult, Freeze};
use crate::domain::divergence::{Claim, Settled, Voice, settle};
use crate::domain::meeting::Recorded;
use crate::id::FactId;
use crate::time::Quarter;

/// The most proposals that are looked at, each of which is computed again: far more than a lead has reason for.
const PROPOSALS_LIMIT: usize = 32;

/// Returns the facts that a freeze rests on.
pub(super) fn base(facts: &Facts, freeze: &Freeze, own: &FactId) -> Facts {
    let within = |id: &FactId| freeze.up_to.get(&id.device).is_some_and(|last| id.counter <= *last);
    let facts = facts.iter().filter(|(id, _)| *id != own && within(id));
    facts.map(|(id, fact)| (id.clone(), fact.clone())).collect()
}

/// Computes every proposal again, those first on which others may rest.
pub(super) fn proposals(quarter: Quarter, facts: &Facts) -> Vec<Proposal> {
    let mut proposed: Vec<(&Recorded<AssessmentFact>, &Freeze)> = Vec::new();
    for fact in facts.values() {
        if let AssessmentFact::Proposed(freeze) = &fact.value {
            proposed.push((fact, freeze));
        }
    }
    let seen = |freeze: &Freeze| freeze.up_to.values().map(|last| u64::from(*last)).sum::<u64>();
    proposed.sort_by_key(|(fact, freeze)| (seen(freeze), fact.id.clone()));
    let mut proposals: Vec<Proposal> = Vec::new();
    for (fact, freeze) in proposed.into_iter().take(PROPOSALS_LIMIT) {
        let base = base(facts, freeze, &fact.id);
        let board = Board::read(quarter, &base, &BTreeSet::new());
        let frozen_before = freezes(proposals.iter().map(|earlier| Proposal {
            signed: earlier.signed.iter().filter(|voice| base.contains_key(&voice.fact)).cloned().collect(),
            ..earlier.clone()
        }));
        // Where two results were signed apart a further proposal settles it; where one was, it is final.
        let flaw = if frozen_before.agreed().is_some() { Some(Flaw::Frozen) } else { flaw(&board, freeze) };
        let voice = Voice::of(fact);
        let signed = facts.values().filter(|other| match &other.value {
            AssessmentFact::Signed(signature) => {
                let fits = signature.proposal == fact.id && signature.digest == freeze.digest;
                let resigned = board.resigned.keys();
                fits && signature_flaw(board.settings.as_ref(), resigned, &voice.author, &other.author).is_none()
            }
            _ => false,
        });
        let signed = signed.map(Voice::of).collect();
        proposals.push(Proposal { voice, freeze: freeze.clone(), signed, flaw });
    }
    proposals.sort_by(|a, b| a.voice.fact.cmp(&b.voice.fact));
    proposals
}

/// Tells what is wrong with a proposal, given what it rests on.
fn flaw(board: &Board, freeze: &Freeze) -> Option<Flaw> {
    let Some(settings) = board.settings.as_ref().filter(|_| board.stage == Stage::Scored) else {
        return Some(Flaw::Stage);
    };
    let basis = board.basis(settings);
    let (cards, blockers) = collect(&basis, |assessor, village, criterion| {
        match freeze.card(assessor, village).and_then(|card| card.get(criterion)) {
            Some(value) => Given::One(*value),
            None => Given::Nothing,
        }
    });
    if !blockers.is_empty() || cards != freeze.cards {
        return Some(Flaw::Cards);
    }
    let result = AssessmentResult::compute(&basis, &freeze.cards, &freeze.last, &[]);
    let same = result.is_ok_and(|result| result.digest == freeze.digest);
    if same { None } else { Some(Flaw::OtherResult) }
}

/// Settles the proposals that were signed.
pub(super) fn freezes(proposals: impl Iterator<Item = Proposal>) -> Settled<[u8; 32]> {
    let signed: Vec<Proposal> =
        proposals.filter(|proposal| proposal.flaw.is_none() && !proposal.signed.is_empty()).collect();
    let claim = |proposal: &'_ Proposal| (proposal.voice.clone(), proposal.freeze.digest);
    let claims = signed.iter().map(|proposal| (claim(proposal), &proposal.freeze.replaces));
    settle(claims.map(|((voice, value), replaces)| Claim { voice, value, replaces }).collect())
}

/// Returns what is frozen, where the signed proposals agree.
pub(super) fn frozen(proposals: &[Proposal], stands: &Settled<[u8; 32]>) -> Option<Frozen> {
    let Settled::Agreed(said) = stands else { return None };
    let ids: BTreeSet<FactId> = said.by.iter().map(|voice| voice.fact.clone()).collect();
    let of: Vec<&Proposal> = proposals.iter().filter(|proposal| ids.contains(&proposal.voice.fact)).collect();
    let first = of.first()?;
    Some(Frozen {
        proposals: ids.clone(),
        by: first.voice.clone(),
        signed: of.iter().flat_map(|proposal| proposal.signed.clone()).collect(),
        freeze: first.freeze.clone(),
    })
}
