//! Lists of scores: showing them, and confirming what was shown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Desk;
use crate::domain::command::PostRefusal;
use crate::domain::decide::{Edit, Refusal};
use crate::domain::divergence::Settled;
use crate::domain::meeting::Author;
use crate::domain::post::{
    MonthConfirmed, MonthStage, PersonMonth, PostDuty, PostFact, SCORES_LIMIT, ScoresShown, digest, rate,
};
use crate::id::{FactId, PersonId};
use crate::time::{Date, Month};

impl Desk<'_> {
    pub(super) fn show(&self, month: Month, date: Date, people: &BTreeSet<PersonId>) -> Result<Vec<Edit>, Refusal> {
        self.may(PostDuty::Show, None, &[])?;
        self.rule(month.quarter())?;
        let months = self.months(month, people)?;
        for (person, of) in &months {
            self.stands(person, of, MonthStage::Scored)?;
        }
        if months.iter().all(|(_, of)| of.stage == MonthStage::Shown) {
            return Err(Refusal::NothingToChange);
        }
        let scores = scores(&months)?;
        Ok(self.write(month.quarter(), PostFact::Shown(ScoresShown { month, date, scores })))
    }

    pub(super) fn confirm(&self, month: Month, people: &BTreeSet<PersonId>) -> Result<Vec<Edit>, Refusal> {
        self.may(PostDuty::Confirm, None, &[])?;
        let quarter = month.quarter();
        let months = self.months(month, people)?;
        for (person, of) in &months {
            let scorers = of.scores.values().flat_map(Settled::voices).map(|voice| &voice.author);
            self.may(PostDuty::Confirm, Some(person), &scorers.collect::<Vec<&Author>>())?;
            self.stands(person, of, MonthStage::Shown)?;
        }
        let rule = self.posts.quarters.get(&quarter).map(|quarter| &quarter.rule);
        let opening = rule.and_then(|rule| Some((Arc::clone(rule.agreed()?), rule.facts().into_iter().next()?)));
        let (rule, opening) = opening.ok_or(Refusal::Posts(PostRefusal::NotOpen(quarter)))?;
        let scores = scores(&months)?;
        let mut results = BTreeMap::new();
        for (person, of) in &months {
            let posts = of.scores.iter().filter_map(|(post, points)| Some((post.clone(), *points.agreed()?)));
            let result = rate(&rule, posts.collect()).ok_or(Refusal::Posts(PostRefusal::Range { max: rule.max }))?;
            results.insert((*person).clone(), result);
        }
        let mut replaces: Vec<FactId> = months.iter().flat_map(|(_, of)| of.confirmed.facts()).collect();
        replaces.sort();
        replaces.dedup();
        let digest = digest(self.code, month, &results);
        let confirmed = MonthConfirmed { month, rule: opening, scores, digest, replaces };
        Ok(self.write(quarter, PostFact::Confirmed(confirmed)))
    }

    /// Returns the months of people, each with something recorded.
    fn months<'a>(
        &'a self,
        month: Month,
        people: &'a BTreeSet<PersonId>,
    ) -> Result<Vec<(&'a PersonId, &'a PersonMonth)>, Refusal> {
        if people.is_empty() {
            return Err(Refusal::NothingToChange);
        }
        let of = |person: &'a PersonId| self.posts.month(person, month).map(|of| (person, of));
        let no_record = |person: &PersonId| Refusal::Posts(PostRefusal::NoFacts(person.clone()));
        people.iter().map(|person| of(person).ok_or_else(|| no_record(person))).collect()
    }

    /// Refuses a month that is confirmed, excused, divided, or not as far as this.
    fn stands(&self, person: &PersonId, of: &PersonMonth, needs: MonthStage) -> Result<(), Refusal> {
        let refusal = if of.confirmed.agreed().is_some() {
            PostRefusal::Confirmed(person.clone())
        } else if of.is_excused() {
            PostRefusal::Excused(person.clone())
        } else if of.scores.values().any(Settled::is_divergence) {
            PostRefusal::Divided(person.clone())
        } else if of.stage < needs {
            PostRefusal::Stage { person: person.clone(), is: of.stage, needs }
        } else {
            return Ok(());
        };
        Err(Refusal::Posts(refusal))
    }
}

/// Returns the numbers of all scores that stand in these months.
fn scores(months: &[(&PersonId, &PersonMonth)]) -> Result<Vec<FactId>, Refusal> {
    let scores: Vec<FactId> = months.iter().flat_map(|(_, of)| of.scores.values()).flat_map(Settled::facts).collect();
    if scores.len() > SCORES_LIMIT { Err(Refusal::TooMany { limit: SCORES_LIMIT }) } else { Ok(scores) }
}
