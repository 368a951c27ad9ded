//! Freezing by two people, and what only the lead decides afterwards.

use std::collections::{BTreeMap, BTreeSet};

use super::{Asking, reason_of, refuse};
use crate::domain::assessment::{AssessmentFact, AssessmentResult, Flaw, Freeze, Signature, Stage, TieDecision};
use crate::domain::command::AssessmentRefusal;
use crate::domain::decide::{Edit, Refusal, require};
use crate::domain::divergence::Settled;
use crate::id::UnitCode;
use crate::number::Decimal;
use crate::role::Role;

impl Asking<'_> {
    pub(super) fn freeze(&self) -> Result<Vec<Edit>, Refusal> {
        require(self.acting, &[Role::AssessmentLead])?;
        if self.assessment.stage != Stage::Scored {
            return self.stage();
        }
        let none = BTreeMap::new();
        let cards = self.workspace.cards.get(&self.assessment.quarter).unwrap_or(&none);
        match self.assessment.freeze(cards, self.last()) {
            Ok(freeze) => self.record(AssessmentFact::Proposed(Box::new(freeze))),
            Err(blockers) => refuse(AssessmentRefusal::Blocked(blockers)),
        }
    }

    /// Returns the numbers of the quarter before, of the villages of this one.
    fn last(&self) -> BTreeMap<UnitCode, Decimal> {
        let before = self.assessment.quarter.before();
        let mut last = before.map(|before| self.workspace.published(before)).unwrap_or_default();
        last.retain(|village, _| self.settings.village(village).is_some());
        last
    }

    pub(super) fn sign(&self) -> Result<Vec<Edit>, Refusal> {
        require(self.acting, &[Role::Assessor])?;
        let Some(proposal) = self.assessment.proposal() else { return refuse(AssessmentRefusal::NoProposal) };
        match self.assessment.signature_flaw(&self.author(), proposal) {
            None => {}
            Some(Flaw::SamePerson) => return Err(Refusal::SamePerson),
            Some(_) => return refuse(AssessmentRefusal::NotAssessor),
        }
        self.check_proposal(&proposal.freeze)?;
        let (proposal, digest) = (proposal.voice.fact.clone(), proposal.freeze.digest);
        self.record(AssessmentFact::Signed(Signature { proposal, digest }))
    }

    /// Whoever signs says that their own card is as they gave it, and that last quarter's numbers are those confirmed.
    fn check_proposal(&self, freeze: &Freeze) -> Result<(), Refusal> {
        let cards = self.workspace.cards_of(self.assessment.quarter, &self.acting.holder);
        for ((village, criterion), own) in cards.iter().flat_map(|cards| &cards.scores) {
            let scored = self.settings.assessor(&self.acting.holder);
            let frozen = freeze.card(&self.acting.holder, village).and_then(|card| card.get(criterion));
            if scored.is_some_and(|assessor| assessor.scores(village, criterion)) && own.agreed() != frozen {
                return refuse(AssessmentRefusal::CardDiffers(village.clone(), criterion.clone()));
            }
        }
        let last = self.last();
        let villages: BTreeSet<&UnitCode> = last.keys().chain(freeze.last.keys()).collect();
        for village in villages {
            let confirmed = last.get(village).copied();
            if confirmed != freeze.last.get(village).copied() {
                return refuse(AssessmentRefusal::LastDiffers { village: village.clone(), confirmed });
            }
        }
        Ok(())
    }

    pub(super) fn decide_tie(&self, villages: &[UnitCode], shared: bool, reason: &str) -> Result<Vec<Edit>, Refusal> {
        require(self.acting, &[Role::AssessmentLead])?;
        let Some(frozen) = self.assessment.frozen.as_ref().filter(|_| self.assessment.stage != Stage::Archived) else {
            return self.stage();
        };
        let set: BTreeSet<UnitCode> = villages.iter().cloned().collect();
        let standing = self.assessment.ties.get(&set);
        let tied = self.assessment.result.iter().flat_map(AssessmentResult::tied).any(|group| group == set);
        // What was decided once is not tied any more, and can be decided otherwise all the same.
        if set.len() != villages.len() || !(tied || standing.is_some()) {
            return refuse(AssessmentRefusal::NotTied);
        }
        let reason = reason_of(reason)?;
        let said = standing.and_then(Settled::agreed);
        if said.is_some_and(|tie| tie.villages == villages && tie.shared == shared && tie.reason == reason) {
            return Err(Refusal::NothingToChange);
        }
        let (after, villages) = (frozen.by.fact.clone(), villages.to_vec());
        let replaces = standing.map(Settled::facts).unwrap_or_default();
        self.record(AssessmentFact::TieDecided(TieDecision { after, villages, shared, reason, replaces }))
    }
}
