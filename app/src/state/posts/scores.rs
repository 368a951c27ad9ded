//! Scoring a month: who is next, and the figures under the thumb.

use shared::domain::Workspace;
use shared::domain::command::Refusal;
use shared::domain::divergence::Settled;
use shared::domain::post::{MonthStage, PersonMonth, drawn_of_all};
use shared::domain::rulebook::post::PostRule;
use shared::id::{CategoryId, PersonId, UnitCode};
use shared::identity::Holder;
use shared::number::Decimal;
use shared::time::Month;

use super::sheet::may_score;
use super::{named, post_name};

/// The most figures after the point: no scale of a village is finer, and more would not be read back in a room.
const FINEST: usize = 2;

/// One post of one month that can be scored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreLine {
    /// Whose month.
    pub person: PersonId,
    /// The post.
    pub post: CategoryId,
    /// The name.
    pub name: String,
    /// Group and household, where two people bear the name.
    pub note: String,
    /// The post's name.
    pub post_name: String,
    /// How many facts are recorded of the month.
    pub facts: usize,
    /// What the review found, in words.
    pub review: Vec<String>,
    /// The scores that stand; more than one where two were given apart.
    pub given: Vec<String>,
    /// Whether the next step waits for a score: none stands, two do, or the review it followed was corrected.
    pub is_open: bool,
    /// Whether the viewer may score it, or why not.
    pub may: Result<(), Refusal>,
}

/// Returns what can be scored in a month: every post held in months that were reviewed and are not confirmed.
pub fn lines(workspace: &Workspace, me: &Holder, code: &UnitCode, month: Month) -> Vec<ScoreLine> {
    let Some(village) = workspace.villages.get(code) else { return Vec::new() };
    let is_scored = |of: &PersonMonth| of.stage >= MonthStage::Reviewed && of.confirmed == Settled::Nothing;
    let drawn = drawn_of_all(workspace, code, month);
    let mut lines = Vec::new();
    for (person, posts) in village.posts.held_in(month, &village.roster) {
        let Some(of) = village.posts.month(&person, month).filter(|of| is_scored(of) && !of.is_excused()) else {
            continue;
        };
        let facts = of.standing_entries().count() + drawn.get(&person).map_or(0, Vec::len);
        let review = of.review.standing().iter().map(|said| said.value.words.clone());
        let review: Vec<String> = review.filter(|words| !words.is_empty()).collect();
        let (name, note) = named(&village.roster, &person);
        // Scores that agree and do not lead on rest on a review that was corrected since.
        let is_stale = of.stage == MonthStage::Reviewed && !of.scores.values().any(Settled::is_divergence);
        for post in posts {
            let score = of.scores.get(&post);
            let given = score.into_iter().flat_map(|score| score.standing()).map(|said| said.value.to_string());
            lines.push(ScoreLine {
                may: may_score(workspace, me, code, &person, month, &post),
                person: person.clone(),
                post_name: post_name(workspace, &post),
                name: name.clone(),
                note: note.clone(),
                facts,
                review: review.clone(),
                given: given.collect(),
                is_open: score.is_none_or(Settled::is_divergence) || is_stale,
                post,
            });
        }
    }
    lines
}

/// Returns the place of the first line that the viewer may score and that waits for it.
pub fn first_open(lines: &[ScoreLine]) -> Option<usize> {
    lines.iter().position(|line| line.is_open && line.may.is_ok())
}

/// Why a figure was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untaken {
    /// The score would be above this one (E15).
    AboveMax(u32),
    /// There is a point already, or as many figures after it as there may be.
    TooFine,
}

/// A score as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed(String);

impl Typed {
    /// Returns the figures so far.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Takes a figure from 0 to 9; one that would leave the scale changes nothing.
    pub fn digit(&mut self, figure: u8, rule: &PostRule) -> Result<(), Untaken> {
        if self.0.split_once('.').is_some_and(|(_, fine)| fine.len() >= FINEST) {
            return Err(Untaken::TooFine);
        }
        let text = format!("{}{figure}", if self.0 == "0" { "" } else { &self.0 });
        if !text.parse().is_ok_and(|points: Decimal| rule.takes(points)) {
            return Err(Untaken::AboveMax(rule.max));
        }
        self.0 = text;
        Ok(())
    }

    /// Sets the point, once.
    pub fn point(&mut self) -> Result<(), Untaken> {
        if self.0.contains('.') {
            return Err(Untaken::TooFine);
        }
        self.0.push_str(if self.0.is_empty() { "0." } else { "." });
        Ok(())
    }

    /// Takes the last figure back.
    pub fn erase(&mut self) {
        self.0.pop();
    }

    /// Returns the score; nothing while no figure stands.
    pub fn points(&self) -> Option<Decimal> {
        self.0.strip_suffix('.').unwrap_or(&self.0).parse().ok()
    }
}

#[cfg(test)]
mod tests;
