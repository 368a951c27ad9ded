//! One person's month: what was drawn and logged, what was said of it, the scores, and who may do what comes next.

use shared::domain::Workspace;
use shared::domain::command::{PostCommand, Refusal};
use shared::domain::divergence::{Said, Settled};
use shared::domain::post::{DrawnFact, MonthStage, PersonMonth, drawn};
use shared::domain::rulebook::post::PostStars;
use shared::id::{CategoryId, FactId, PersonId, UnitCode};
use shared::identity::Holder;
use shared::number::Decimal;
use shared::time::{Date, Month};

use super::{Word, may, named, post_name, word};
use crate::state::register::author;

/// Stands for words that are not typed yet where it is asked whether somebody may.
pub(super) const UNTYPED: &str = "·";

/// One month of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthSheet {
    /// The name.
    pub name: String,
    /// Group and household, where two people bear the name.
    pub note: String,
    /// The posts held in the month, with their names.
    pub posts: Vec<(CategoryId, String)>,
    /// What the records tell.
    pub drawn: Vec<DrawnFact>,
    /// The log, struck entries included.
    pub entries: Vec<EntryRow>,
    /// How many facts the review that stands does not rest on, while nothing is confirmed.
    pub unreviewed: usize,
    /// How far it has come.
    pub stage: MonthStage,
    /// The same in one word.
    pub word: Word,
    /// The branch's decision and whether it excuses.
    pub excused: Vec<(String, bool)>,
    /// What the person said; several where it was said apart.
    pub statement: Vec<(String, Option<String>)>,
    /// What the review found; several where two reviewed apart.
    pub review: Vec<(String, Option<String>)>,
    /// The scores by post.
    pub scores: Vec<(String, Vec<String>)>,
    /// What the scores come to.
    pub stars: Option<PostStars>,
    /// The numbers of what came after the confirmation.
    pub late: Vec<FactId>,
    /// What comes next, and what keeps the viewer from it.
    pub duties: Duties,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Its number.
    pub number: FactId,
    /// The day.
    pub date: Date,
    /// The post's name.
    pub post: String,
    /// What was done.
    pub words: String,
    /// Who wrote it down; nothing while their certificate is not here.
    pub by: Option<String>,
    /// Why it was struck.
    pub struck: Option<String>,
    /// It came after the confirmation and changes nothing (E26).
    pub is_late: bool,
    /// Whether the viewer may strike it.
    pub may_strike: bool,
}

/// What can be done with a month, each with the reason where the viewer may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duties {
    /// Write down what the person says.
    pub state: Result<(), Refusal>,
    /// Review it.
    pub review: Result<(), Refusal>,
    /// Score a post in it.
    pub score: Result<(), Refusal>,
    /// Show the scores.
    pub show: Result<(), Refusal>,
    /// Confirm them.
    pub confirm: Result<(), Refusal>,
    /// Write down that the branch excused the person.
    pub excuse: Result<(), Refusal>,
    /// Write down that it does not hold.
    pub recall: Result<(), Refusal>,
}

/// Returns a person's month; nothing where the village knows nobody of this identifier.
pub fn sheet(
    workspace: &Workspace,
    me: &Holder,
    code: &UnitCode,
    person: &PersonId,
    month: Month,
) -> Option<MonthSheet> {
    let village = workspace.villages.get(code)?;
    let posts = &village.posts;
    let nobody = PersonMonth::default();
    let of = posts.month(person, month).unwrap_or(&nobody);
    if !village.roster.people.contains_key(person) && *of == nobody {
        return None;
    }
    let held = posts.held_in(month, &village.roster).remove(person).unwrap_or_default();
    let named_post = |post: &CategoryId| (post.clone(), post_name(workspace, post));
    let drawn = drawn(workspace, code, person, month);
    let entries = of.entries.iter().map(|(number, line)| EntryRow {
        number: number.clone(),
        date: line.entry.date,
        post: post_name(workspace, &line.entry.post),
        words: line.entry.words.clone(),
        by: author(workspace, &line.by.author),
        struck: line.strikes.values().next().map(|strike| strike.reason.clone()),
        is_late: of.late.contains(number),
        may_strike: {
            let strike = PostCommand::Strike { entry: number.clone(), reason: UNTYPED.to_owned() };
            may(workspace, me, code, strike).is_ok()
        },
    });
    let mut entries: Vec<EntryRow> = entries.collect();
    entries.sort_by(|a, b| (a.date, &a.number).cmp(&(b.date, &b.number)));
    let (name, note) = named(&village.roster, person);
    let facts = drawn.iter().map(|fact| &fact.number).chain(of.standing_entries().map(|(number, _)| number));
    let rests = |number: &FactId| of.review.standing().iter().any(|said| said.value.facts.contains(number));
    let is_open = of.review != Settled::Nothing && of.confirmed == Settled::Nothing;
    Some(MonthSheet {
        name,
        note,
        posts: held.iter().map(named_post).collect(),
        unreviewed: facts.filter(|number| is_open && !rests(number)).count(),
        entries,
        stage: of.stage,
        word: word(of, drawn.len()),
        drawn,
        excused: of.excused.standing().iter().map(|s| (s.value.decision.clone(), !s.value.lifted)).collect(),
        statement: spoken(workspace, &of.statement, String::clone),
        review: spoken(workspace, &of.review, |review| review.words.clone()),
        scores: scores(workspace, of),
        stars: of.result.as_ref().map(|result| result.stars),
        late: of.late.clone(),
        duties: duties(workspace, me, code, person, month, held.iter().next()),
    })
}

/// Returns what stands, each with who said it.
fn spoken<T>(workspace: &Workspace, said: &Settled<T>, words: fn(&T) -> String) -> Vec<(String, Option<String>)> {
    let by = |said: &Said<T>| said.by.first().and_then(|voice| author(workspace, &voice.author));
    said.standing().iter().map(|said| (words(&said.value), by(said))).collect()
}

fn scores(workspace: &Workspace, of: &PersonMonth) -> Vec<(String, Vec<String>)> {
    let given = |score: &Settled<Decimal>| score.standing().iter().map(|said| said.value.to_string()).collect();
    of.scores.iter().map(|(post, score)| (post_name(workspace, post), given(score))).collect()
}

fn duties(
    workspace: &Workspace,
    me: &Holder,
    code: &UnitCode,
    person: &PersonId,
    month: Month,
    post: Option<&CategoryId>,
) -> Duties {
    let may = |wish| may(workspace, me, code, wish);
    let (whose, words) = (|| person.clone(), || UNTYPED.to_owned());
    let people = || [person.clone()].into();
    Duties {
        state: may(PostCommand::State { person: whose(), month, words: words() }),
        review: may(PostCommand::Review { person: whose(), month, words: words() }),
        score: match post {
            Some(post) => may_score(workspace, me, code, person, month, post),
            None => Err(Refusal::NotOnRoster { field: None }),
        },
        show: may(PostCommand::Show { month, date: month.first_day(), people: people() }),
        confirm: may(PostCommand::Confirm { month, people: people() }),
        excuse: may(PostCommand::Excuse { person: whose(), month, decision: words() }),
        recall: may(PostCommand::Recall { person: whose(), month, reason: words() }),
    }
}

/// Tells whether the viewer may score a post of a month, whatever the score will be.
pub(super) fn may_score(
    workspace: &Workspace,
    me: &Holder,
    code: &UnitCode,
    person: &PersonId,
    month: Month,
    post: &CategoryId,
) -> Result<(), Refusal> {
    let Ok(points) = Decimal::new(0, 0) else { return Ok(()) };
    let wish = PostCommand::Score { person: person.clone(), month, post: post.clone(), points };
    // Where nought stands already, another score is a change.
    may(workspace, me, code, wish).or_else(|why| if why == Refusal::NothingToChange { Ok(()) } else { Err(why) })
}
