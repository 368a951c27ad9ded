//! An assessor's own cards: what they are to give each village, what they gave, and what they typed and not yet saved.

use std::collections::BTreeMap;

use shared::domain::Workspace;
use shared::domain::assessment::{Assessment, AssessorSetting, Cards, Hundredths};
use shared::domain::command::{AssessmentCommand, Refusal};
use shared::domain::divergence::Settled;
use shared::domain::rulebook::assessment::Source;
use shared::id::{CriterionId, PersonId, UnitCode};
use shared::identity::Holder;
use shared::number::NumberError;

use super::{SOME_REASON, may};

/// How one's card of a village stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardState {
    /// One advises the village, and does not score it.
    Recused,
    /// The lead says that one did not visit.
    Unvisited,
    /// Two of one's phones say different things.
    Differs,
    /// So many of so many criteria have points.
    Given(usize, usize),
    /// One is through with it.
    Done,
}

/// A village in the list of one's cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardRow {
    /// Which village.
    pub village: UnitCode,
    /// Its name.
    pub name: String,
    /// How the card stands.
    pub state: CardState,
}

/// A criterion of one's card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which criterion.
    pub criterion: CriterionId,
    /// What it is called.
    pub name: String,
    /// The most points.
    pub max: u32,
    /// How its scores come about.
    pub source: Source,
    /// What was given: nothing, one value, or several where two of one's phones differ.
    pub given: Vec<Hundredths>,
}

/// One's card of a village.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardView {
    /// The village's name.
    pub name: String,
    /// What one is to give, in the order of the card.
    pub lines: Vec<Line>,
    /// Whether points can be given, else why not.
    pub may: Result<(), Refusal>,
    /// Whether the lead says that one did not visit.
    pub unvisited: bool,
    /// Whether one may say so oneself, else why not.
    pub may_mark: Result<(), Refusal>,
    /// Whether one has said that one is through with it.
    pub done: bool,
    /// The next village whose card is not whole; none when all are.
    pub next: Option<UnitCode>,
}

/// Why a text is no score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScoreFault {
    /// It is not a number from 0.
    Shape,
    /// It has more than two figures behind the point.
    TooFine,
    /// It is above this, the most points of the criterion.
    Above(u32),
}

/// Returns one's cards in printed order; nothing where one is not among the assessors.
pub fn rows(workspace: &Workspace, me: &PersonId, assessment: &Assessment) -> Option<Vec<CardRow>> {
    let settings = assessment.settings.as_ref()?;
    let assessor = settings.assessor(me)?;
    let cards = workspace.cards_of(assessment.quarter, me);
    let assigned = settings.villages.iter().filter(|village| assessor.villages.contains(&village.code));
    let row = |village: &shared::domain::assessment::AssessedVillage| CardRow {
        village: village.code.clone(),
        name: village.name.clone(),
        state: state(assessment, assessor, cards, &village.code),
    };
    Some(assigned.map(row).collect())
}

fn state(assessment: &Assessment, assessor: &AssessorSetting, cards: Option<&Cards>, village: &UnitCode) -> CardState {
    let scores = || assessor.criteria.iter().filter_map(|id| cards?.score(village, id));
    if assessor.recused.contains(village) {
        CardState::Recused
    } else if is_unvisited(assessment, &assessor.person, village) {
        CardState::Unvisited
    } else if scores().any(Settled::is_divergence) {
        CardState::Differs
    } else if cards.is_some_and(|cards| cards.done.contains(village)) && scores().count() == assessor.criteria.len() {
        CardState::Done
    } else {
        CardState::Given(scores().count(), assessor.criteria.len())
    }
}

fn is_unvisited(assessment: &Assessment, person: &PersonId, village: &UnitCode) -> bool {
    let word = assessment.unvisited.get(&(person.clone(), village.clone()));
    word.and_then(Settled::agreed) == Some(&true)
}

/// Returns one's card of a village; nothing where one is not among the assessors or the village is not assessed.
pub fn card(workspace: &Workspace, me: &Holder, assessment: &Assessment, village: &UnitCode) -> Option<CardView> {
    let settings = assessment.settings.as_ref()?;
    let (assessor, assessed) = (settings.assessor(&me.person)?, settings.village(village)?);
    let cards = workspace.cards_of(assessment.quarter, &me.person);
    let criteria = settings.rule.criteria.iter().filter(|criterion| assessor.criteria.contains(&criterion.id));
    let line = |criterion: &shared::domain::rulebook::Criterion| Line {
        criterion: criterion.id.clone(),
        name: criterion.name.clone(),
        max: criterion.max,
        source: settings.rule.source(&criterion.id),
        given: cards
            .and_then(|cards| cards.score(village, &criterion.id))
            .map(|score| score.standing().iter().map(|said| said.value).collect())
            .unwrap_or_default(),
    };
    // With nothing to write the rules still say whether one might.
    let ask = AssessmentCommand::Score { village: village.clone(), scores: Vec::new() };
    let may_score = match may(workspace, me, assessment.quarter, ask) {
        Err(Refusal::NothingToChange) => Ok(()),
        other => other,
    };
    let mark = AssessmentCommand::MarkUnvisited {
        assessor: me.person.clone(),
        village: village.clone(),
        unvisited: true,
        reason: SOME_REASON.to_owned(),
    };
    let open =
        |row: &CardRow| row.village != *village && matches!(row.state, CardState::Differs | CardState::Given(..));
    let rows = rows(workspace, &me.person, assessment).unwrap_or_default();
    let place = rows.iter().position(|row| row.village == *village).unwrap_or(0);
    let after = rows[place..].iter().chain(&rows[..place]).find(|row| open(row));
    Some(CardView {
        name: assessed.name.clone(),
        lines: criteria.map(line).collect(),
        may: may_score,
        unvisited: is_unvisited(assessment, &me.person, village),
        may_mark: may(workspace, me, assessment.quarter, mark),
        done: cards.is_some_and(|cards| cards.done.contains(village)),
        next: after.map(|row| row.village.clone()),
    })
}

/// Reads points as people type them; nothing typed is no score and no fault.
///
/// Full-width figures and points of a Chinese keyboard read like the others.
pub fn read(text: &str, max: u32) -> Result<Option<Hundredths>, ScoreFault> {
    let plain: String = text.chars().filter(|typed| !typed.is_whitespace()).map(plain).collect();
    if plain.is_empty() {
        return Ok(None);
    }
    let points: Hundredths = plain.parse().map_err(|error| match error {
        NumberError::TooFine => ScoreFault::TooFine,
        NumberError::Overflow => ScoreFault::Above(max),
        _ => ScoreFault::Shape,
    })?;
    let above = u64::from(points.0) > u64::from(max) * 100;
    if above { Err(ScoreFault::Above(max)) } else { Ok(Some(points)) }
}

fn plain(typed: char) -> char {
    match typed {
        '０'..='９' => char::from_u32(u32::from(typed) - u32::from('０') + u32::from('0')).unwrap_or(typed),
        '．' | '。' => '.',
        other => other,
    }
}

impl CardView {
    /// Returns what a field shows: what was typed, else the one value that was given.
    pub fn text(&self, typed: &BTreeMap<CriterionId, String>, line: &Line) -> String {
        let given = || match line.given.as_slice() {
            [one] => one.to_string(),
            _ => String::new(),
        };
        typed.get(&line.criterion).cloned().unwrap_or_else(given)
    }

    /// Returns what is wrong with what was typed, by criterion.
    pub fn faults(&self, typed: &BTreeMap<CriterionId, String>) -> BTreeMap<CriterionId, ScoreFault> {
        let fault = |line: &Line| Some((line.criterion.clone(), read(typed.get(&line.criterion)?, line.max).err()?));
        self.lines.iter().filter_map(fault).collect()
    }

    /// Returns the wishes that saving comes to: points that differ from those given, and that the card is whole.
    pub fn wishes(&self, village: &UnitCode, typed: &BTreeMap<CriterionId, String>) -> Vec<AssessmentCommand> {
        let read_line = |line: &Line| read(typed.get(&line.criterion)?, line.max).ok().flatten();
        let changed = |line: &Line| {
            let value = read_line(line)?;
            (line.given.as_slice() != [value]).then(|| (line.criterion.clone(), value))
        };
        let scores: Vec<(CriterionId, Hundredths)> = self.lines.iter().filter_map(changed).collect();
        let whole = self.lines.iter().all(|line| line.given.len() == 1 || read_line(line).is_some());
        let mut wishes = Vec::new();
        if !scores.is_empty() {
            wishes.push(AssessmentCommand::Score { village: village.clone(), scores });
        }
        if whole && !self.done {
            wishes.push(AssessmentCommand::FinishVillage(village.clone()));
        }
        wishes
    }
}

/// Writes what was typed and not yet saved, so that it outlives a reload: a line per criterion.
pub fn to_text(typed: &BTreeMap<CriterionId, String>) -> String {
    typed.iter().map(|(criterion, text)| format!("{criterion}\t{}\n", text.replace(['\t', '\n'], " "))).collect()
}

/// Reads what [`to_text`] wrote; a line that is none is passed over.
pub fn from_text(text: &str) -> BTreeMap<CriterionId, String> {
    let line = |line: &str| {
        let (criterion, typed) = line.split_once('\t')?;
        Some((CriterionId::new(criterion).ok()?, typed.to_owned()))
    };
    text.lines().filter_map(line).collect()
}
