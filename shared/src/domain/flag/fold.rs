//! From facts to custody: total, and a function of the facts and of the quarters on which awards rest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{
    Award, AwardState, Custody, FlagFact, FlagFlaw, FlagNote, Handover, HandoverState, Holding, may_sign, signers,
};
use crate::domain::assessment::{Assessment, same_person};
use crate::domain::divergence::{Claim, Voice, settle};
use crate::domain::meeting::Recorded;
use crate::domain::register::Powers;
use crate::id::{DeviceNumber, FactId, UnitCode};
use crate::time::Quarter;

impl Custody {
    /// Folds the facts of the flag; never fails, and their order does not matter.
    ///
    /// `powers` tells what an author might do when a fact was recorded. Where it tells nothing the certificate has not
    /// arrived: they are believed until it has.
    pub fn fold(
        facts: Vec<Recorded<FlagFact>>,
        powers: &dyn Fn(&FactId, DeviceNumber) -> Option<Powers>,
        assessments: &BTreeMap<Quarter, Arc<Assessment>>,
    ) -> Self {
        let mut folding = Folding { powers, custody: Self::default() };
        let facts = folding.by_number(facts);
        folding.award(&facts, assessments);
        folding.hand_over(&facts);
        folding.custody.notes.sort();
        folding.custody
    }
}

struct Folding<'a> {
    powers: &'a dyn Fn(&FactId, DeviceNumber) -> Option<Powers>,
    custody: Custody,
}

impl Folding<'_> {
    fn note(&mut self, fact: &FactId, flaw: FlagFlaw) {
        self.custody.notes.push(FlagNote { fact: fact.clone(), flaw });
    }

    fn signs_for(&self, voice: &Voice, side: Option<&UnitCode>) -> bool {
        (self.powers)(&voice.fact, voice.author.device).is_none_or(|powers| may_sign(&powers, side).is_ok())
    }

    /// Leaves out numbers that two different facts bear, so that no order decides.
    fn by_number(&mut self, facts: Vec<Recorded<FlagFact>>) -> BTreeMap<FactId, Recorded<FlagFact>> {
        let mut sorted: BTreeMap<FactId, Recorded<FlagFact>> = BTreeMap::new();
        let mut twice = BTreeSet::new();
        for fact in facts {
            match sorted.get(&fact.id) {
                Some(other) if *other != fact => _ = twice.insert(fact.id),
                Some(_) => {}
                None => _ = sorted.insert(fact.id.clone(), fact),
            }
        }
        for id in twice {
            sorted.remove(&id);
            self.note(&id, FlagFlaw::NumberTwice);
        }
        sorted
    }

    fn award(
        &mut self,
        facts: &BTreeMap<FactId, Recorded<FlagFact>>,
        assessments: &BTreeMap<Quarter, Arc<Assessment>>,
    ) {
        let mut claims = Vec::new();
        for fact in facts.values() {
            let FlagFact::Awarded(awarding) = &fact.value else { continue };
            let grounds = assessments.get(&awarding.award.quarter).map(Arc::as_ref);
            let flaw = match (self.powers)(&fact.id, fact.author.device) {
                Some(powers) if !powers.roles.any(signers(None)) => Some(FlagFlaw::Role),
                _ => award_flaw(&awarding.award, grounds),
            };
            if let Some(flaw) = flaw {
                self.note(&fact.id, flaw);
                continue;
            }
            let overturned = grounds.is_none_or(|grounds| awarding.award.flaw(grounds) == Some(FlagFlaw::NotConfirmed));
            let state = AwardState { voice: Voice::of(fact), award: awarding.award.clone(), overturned };
            self.custody.awards.insert(fact.id.clone(), state);
            let (value, replaces) = (awarding.award.clone(), awarding.replaces.as_slice());
            claims.push(Claim { voice: Voice::of(fact), value, replaces });
        }
        self.custody.award = settle(claims);
    }

    /// Takes the handovers that count: each from where those that it names had brought the flag.
    fn hand_over(&mut self, facts: &BTreeMap<FactId, Recorded<FlagFact>>) {
        let mut open: BTreeMap<&FactId, (Voice, &Handover)> = BTreeMap::new();
        for fact in facts.values() {
            if let FlagFact::Handed(handover) = &fact.value {
                open.insert(&fact.id, (Voice::of(fact), handover));
            }
        }
        // Whatever names only handovers that are decided already is decided next; what names itself in a ring never is.
        while let Some(id) = open
            .iter()
            .find(|(_, (_, handover))| !handover.after.iter().any(|id| open.contains_key(id)))
            .map(|(id, _)| *id)
        {
            let Some((voice, handover)) = open.remove(id) else { break };
            match self.handover_flaw(&voice, handover) {
                Some(flaw) => self.note(id, flaw),
                None => {
                    let signed = self.countersigned(id, &voice, handover, facts);
                    let state = HandoverState { voice, handover: handover.clone(), signed };
                    self.custody.handovers.insert(id.clone(), state);
                }
            }
        }
        for id in open.into_keys() {
            self.note(id, FlagFlaw::Unknown);
        }
        for fact in facts.values() {
            let FlagFact::Countersigned(id) = &fact.value else { continue };
            if !self.custody.handovers.contains_key(id) {
                self.note(&fact.id, FlagFlaw::Unknown);
            }
        }
        let done = self.custody.handovers.values().filter(|state| state.signed.is_some());
        let claims = done.map(|state| {
            let value = Holding { village: state.handover.to.clone(), since: state.handover.date };
            Claim { voice: state.voice.clone(), value, replaces: &state.handover.after }
        });
        self.custody.holding = settle(claims.collect());
    }

    fn handover_flaw(&self, voice: &Voice, handover: &Handover) -> Option<FlagFlaw> {
        let Handover { award, from, to, reason, after, .. } = handover;
        let Some(award) = self.custody.awards.get(award) else { return Some(FlagFlaw::Unknown) };
        let done = |id: &FactId| self.custody.handovers.get(id).filter(|state| state.signed.is_some());
        let begins = match (after.is_empty(), from) {
            (true, from) => from.is_none(),
            (false, from) => {
                after.iter().all(|id| done(id).is_some())
                    && after.iter().filter_map(done).any(|state| state.handover.to == *from)
            }
        };
        let leads = match to {
            Some(to) => award.award.villages.contains(to),
            None => true,
        };
        if from == to || !begins || !leads {
            return Some(FlagFlaw::Unknown);
        }
        if to.is_none() && reason.trim().is_empty() {
            return Some(FlagFlaw::Reason);
        }
        let signs = self.signs_for(voice, from.as_ref()) || self.signs_for(voice, to.as_ref());
        (!signs).then_some(FlagFlaw::Role)
    }

    /// Returns the first signature of the other side, by somebody else.
    fn countersigned(
        &mut self,
        id: &FactId,
        first: &Voice,
        handover: &Handover,
        facts: &BTreeMap<FactId, Recorded<FlagFact>>,
    ) -> Option<Voice> {
        let mut signed = None;
        for fact in facts.values() {
            if !matches!(&fact.value, FlagFact::Countersigned(handover) if handover == id) {
                continue;
            }
            if same_person(&first.author, &fact.author) {
                self.note(&fact.id, FlagFlaw::SamePerson);
                continue;
            }
            let (from, to) = (handover.from.as_ref(), handover.to.as_ref());
            let second = Voice::of(fact);
            let sides = |one, other| self.signs_for(first, one) && self.signs_for(&second, other);
            if sides(from, to) || sides(to, from) {
                signed.get_or_insert(second);
            } else {
                self.note(&fact.id, FlagFlaw::Role);
            }
        }
        signed
    }
}

/// Tells why an award never counted; one whose grounds were confirmed and have changed since stays in the history.
fn award_flaw(award: &Award, grounds: Option<&Assessment>) -> Option<FlagFlaw> {
    let Some(grounds) = grounds.filter(|grounds| grounds.confirmed.contains_key(&award.digest)) else {
        return Some(FlagFlaw::NotConfirmed);
    };
    award.flaw(grounds).filter(|flaw| *flaw != FlagFlaw::NotConfirmed)
}
