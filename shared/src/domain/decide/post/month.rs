//! One person's month: excusing, stating, reviewing and scoring.

use super::{Desk, said};
use crate::domain::command::PostRefusal;
use crate::domain::decide::{Edit, Refusal, limit};
use crate::domain::meeting::Author;
use crate::domain::post::{
    Excuse, FACTS_LIMIT, MonthStage, PersonMonth, PostDuty, PostFact, PostReview, PostScore, SelfStatement,
    WORDS_BYTES, drawn, shortest,
};
use crate::id::{CategoryId, FactId, PersonId};
use crate::number::Decimal;
use crate::time::Month;

impl Desk<'_> {
    /// Returns a month that is not confirmed, as far as it is recorded.
    fn month(&self, person: &PersonId, month: Month) -> Result<PersonMonth, Refusal> {
        self.known(person)?;
        self.rule(month.quarter())?;
        let month = self.posts.month(person, month).cloned().unwrap_or_default();
        if month.confirmed.voices().next().is_some() {
            return Err(Refusal::Posts(PostRefusal::Confirmed(person.clone())));
        }
        Ok(month)
    }

    /// Returns a month that is to be appraised: neither confirmed nor excused, and of somebody who holds a post in it.
    fn appraised(&self, person: &PersonId, month: Month) -> Result<PersonMonth, Refusal> {
        let of = self.month(person, month)?;
        if of.is_excused() {
            return Err(Refusal::Posts(PostRefusal::Excused(person.clone())));
        }
        // Whoever is hidden has left: what is open of them is asked for no more (E19).
        if !self.posts.held_in(month, &self.records.roster).contains_key(person) {
            return Err(Refusal::NotOnRoster { field: None });
        }
        Ok(of)
    }

    pub(super) fn excuse(
        &self,
        person: &PersonId,
        month: Month,
        words: &str,
        lifted: bool,
    ) -> Result<Vec<Edit>, Refusal> {
        self.may(PostDuty::Excuse, Some(person), &[])?;
        let of = self.month(person, month)?;
        let decision = said(words, WORDS_BYTES)?;
        let standing = of.excused.agreed().is_some_and(|excused| excused.lifted == lifted);
        if standing || (lifted && of.excused.facts().is_empty()) {
            return Err(Refusal::NothingToChange);
        }
        let replaces = of.excused.facts();
        let excuse = Excuse { person: person.clone(), month, decision, lifted, replaces };
        Ok(self.write(month.quarter(), PostFact::Excused(excuse)))
    }

    pub(super) fn state(&self, person: &PersonId, month: Month, words: &str) -> Result<Vec<Edit>, Refusal> {
        self.may(PostDuty::State, Some(person), &[])?;
        let of = self.appraised(person, month)?;
        let words = said(words, WORDS_BYTES)?;
        if of.statement.agreed() == Some(&words) {
            return Err(Refusal::NothingToChange);
        }
        let statement = SelfStatement { person: person.clone(), month, words, replaces: of.statement.facts() };
        Ok(self.write(month.quarter(), PostFact::Stated(statement)))
    }

    /// Reviews everything that stands: the log, and what this device can draw from other records.
    pub(super) fn review(&self, person: &PersonId, month: Month, words: &str) -> Result<Vec<Edit>, Refusal> {
        let of = self.posts.month(person, month).cloned().unwrap_or_default();
        let loggers: Vec<&Author> = of.standing_entries().map(|(_, line)| &line.by.author).collect();
        self.may(PostDuty::Review, Some(person), &loggers)?;
        let of = self.appraised(person, month)?;
        self.at_least(person, &of, MonthStage::SelfStated)?;
        limit(words, WORDS_BYTES)?;
        let mut facts: Vec<FactId> = of.standing_entries().map(|(id, _)| id.clone()).collect();
        facts.extend(drawn(self.workspace, self.code, person, month).into_iter().map(|fact| fact.number));
        if facts.is_empty() {
            return Err(Refusal::Posts(PostRefusal::NoFacts(person.clone())));
        }
        if facts.len() > FACTS_LIMIT {
            return Err(Refusal::TooMany { limit: FACTS_LIMIT });
        }
        let (person, words) = (person.clone(), words.trim().to_owned());
        let (follows, replaces) = (of.statement.facts(), of.review.facts());
        let review = PostReview { person, month, words, facts, follows, replaces };
        Ok(self.write(month.quarter(), PostFact::Reviewed(review)))
    }

    pub(super) fn score(
        &self,
        person: &PersonId,
        month: Month,
        post: &CategoryId,
        points: Decimal,
    ) -> Result<Vec<Edit>, Refusal> {
        self.may(PostDuty::Score, Some(person), &[])?;
        let of = self.appraised(person, month)?;
        let rule = self.rule(month.quarter())?;
        if rule.category(post).is_none() {
            return Err(Refusal::Posts(PostRefusal::NoSuchPost(post.clone())));
        }
        let held = self.posts.held_in(month, &self.records.roster);
        if !held.get(person).is_some_and(|posts| posts.contains(post)) {
            let (person, post) = (person.clone(), post.clone());
            return Err(Refusal::Posts(PostRefusal::NotHeld { person, post }));
        }
        if !rule.takes(points) {
            return Err(Refusal::Posts(PostRefusal::Range { max: rule.max }));
        }
        self.at_least(person, &of, MonthStage::Reviewed)?;
        let points = shortest(points);
        let standing = of.scores.get(post);
        // The same score once more is something to say where the review it followed was corrected.
        if of.stage > MonthStage::Reviewed && standing.is_some_and(|score| score.agreed() == Some(&points)) {
            return Err(Refusal::NothingToChange);
        }
        let replaces = standing.map(|score| score.facts()).unwrap_or_default();
        let (person, post, follows) = (person.clone(), post.clone(), of.review.facts());
        let score = PostScore { person, month, post, points, follows, replaces };
        Ok(self.write(month.quarter(), PostFact::Scored(score)))
    }

    fn at_least(&self, person: &PersonId, of: &PersonMonth, needs: MonthStage) -> Result<(), Refusal> {
        if of.stage >= needs {
            return Ok(());
        }
        Err(Refusal::Posts(PostRefusal::Stage { person: person.clone(), is: of.stage, needs }))
    }
}
