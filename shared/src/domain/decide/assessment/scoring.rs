//! What assessors write on their own cards.

use super::{Asking, refuse};
use crate::domain::assessment::{AssessorSetting, CardFact, Hundredths, Scored};
use crate::domain::command::AssessmentRefusal;
use crate::domain::decide::{Edit, Fact, Refusal, require};
use crate::domain::divergence::Settled;
use crate::id::{CriterionId, UnitCode};
use crate::number::Ratio;

impl Asking<'_> {
    /// Gives points; where two of the assessor's phones differ, the value that is given settles it (E31).
    pub(super) fn score(&self, village: &UnitCode, scores: &[(CriterionId, Hundredths)]) -> Result<Vec<Edit>, Refusal> {
        let assessor = self.assessor(village)?;
        let quarter = self.assessment.quarter;
        let cards = self.workspace.cards_of(quarter, &self.acting.holder);
        let mut facts = Vec::new();
        for (criterion, value) in scores {
            let rule = self.settings.rule.criteria.iter().find(|rule| rule.id == *criterion);
            let Some(rule) = rule.filter(|_| assessor.criteria.contains(criterion)) else {
                return refuse(AssessmentRefusal::NotAssigned(village.clone()));
            };
            if value.value() > Ratio::integer(rule.max.into()) {
                return refuse(AssessmentRefusal::OutOfRange { criterion: criterion.clone(), max: rule.max });
            }
            let standing = cards.and_then(|cards| cards.score(village, criterion));
            if standing.and_then(Settled::agreed) == Some(value) {
                continue;
            }
            let replaces = standing.map(Settled::facts).unwrap_or_default();
            let (village, criterion) = (village.clone(), criterion.clone());
            facts.push(CardFact::Scored(Scored { village, criterion, value: *value, replaces }));
        }
        self.write(facts)
    }

    pub(super) fn finish(&self, village: &UnitCode) -> Result<Vec<Edit>, Refusal> {
        self.assessor(village)?;
        let cards = self.workspace.cards_of(self.assessment.quarter, &self.acting.holder);
        let done = cards.is_some_and(|cards| cards.done.contains(village));
        self.write(if done { Vec::new() } else { vec![CardFact::Done(village.clone())] })
    }

    /// Returns the acting assessor's line, if they score this village at this stage.
    fn assessor(&self, village: &UnitCode) -> Result<&AssessorSetting, Refusal> {
        require(self.acting, CardFact::ROLES)?;
        self.village(village)?;
        if !self.assessment.takes_scores() {
            return self.stage();
        }
        let gone = self.assessment.resigned.contains_key(&self.acting.holder);
        match self.settings.assessor(&self.acting.holder).filter(|_| !gone) {
            None => refuse(AssessmentRefusal::NotAssessor),
            Some(assessor) if !assessor.visits(village) => refuse(AssessmentRefusal::NotAssigned(village.clone())),
            Some(assessor) => Ok(assessor),
        }
    }

    fn write(&self, facts: Vec<CardFact>) -> Result<Vec<Edit>, Refusal> {
        if facts.is_empty() {
            return Err(Refusal::NothingToChange);
        }
        let address = CardFact::address(self.assessment.quarter, &self.acting.holder);
        Ok(facts.into_iter().map(|fact| Edit::Fact { address: address.clone(), fact: Fact::Card(fact) }).collect())
    }
}
