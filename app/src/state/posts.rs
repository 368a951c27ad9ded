//! A village's posts as its first page shows them: one month, everybody who holds a post in it, and what comes next.

pub mod sheet;
pub mod stars;
pub mod held;
pub mod log;
pub mod scores;
pub mod wall;

use std::collections::BTreeSet;

use shared::domain::command::{Command, PostCommand, Refusal};
use shared::domain::decide::decide;
use shared::domain::divergence::Settled;
use shared::domain::person::Roster;
use shared::domain::post::{MonthOutcome, MonthStage, PersonMonth, Posts, drawn_of_all};
use shared::domain::rulebook::post::{PostRule, PostStars};
use shared::domain::{Village, Workspace};
use shared::id::{CategoryId, PersonId, UnitCode};
use shared::identity::Holder;
use shared::time::{Date, Month, Quarter};

use super::people::{dwelling, find};
use super::register::acting;

/// The most rows of a month that stand on the page at once.
pub const PEOPLE_SHOWN: usize = 60;

/// How a quarter's log stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// It is not open; whether the viewer may open it, or why not.
    Not(Result<(), Refusal>),
    /// Two phones opened it under different rules, of which somebody has to choose one.
    Apart(Vec<PostRule>, Result<(), Refusal>),
    /// It is open under a rule of this title and version.
    Under(String, u32),
}

/// What a month of one person shows in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Nothing is recorded: never zero.
    NoRecord,
    /// The branch excused the person (E17).
    Excused,
    /// Two scores or two confirmations stand.
    Divided,
    /// How far it has come.
    At(MonthStage),
}

/// One person's month in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthRow {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// Group and household, where two people bear the name.
    pub note: String,
    /// The names of the posts held in the month.
    pub posts: Vec<String>,
    /// How many facts were drawn from records.
    pub drawn: usize,
    /// How many entries of the log stand.
    pub logged: usize,
    /// Where the month stands.
    pub word: Word,
    /// What the scores come to, once each was given.
    pub stars: Option<PostStars>,
    /// How many things came after the confirmation.
    pub late: usize,
}

/// Something that is done for several people at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Together {
    /// For whom the viewer may do it.
    pub people: BTreeSet<PersonId>,
    /// For how many others it waits for somebody else, and why of the first of them.
    pub others: Option<(usize, Refusal)>,
}

/// A month of a village.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthPage {
    /// How the quarter's log stands.
    pub opened: Opened,
    /// The rows of the window.
    pub rows: Vec<MonthRow>,
    /// The place of the first of them.
    pub first: usize,
    /// How many people there are.
    pub all: usize,
    /// Scores that can be shown.
    pub show: Together,
    /// Scores that can be confirmed.
    pub confirm: Together,
}

/// Returns the month that an address names, such as `2026-11`.
pub fn month_named(text: &str) -> Option<Month> {
    format!("{text}-01").parse::<Date>().ok().map(Date::month)
}

/// Returns the month before.
pub fn before(month: Month) -> Option<Month> {
    Month::from_number(month.number() - 1).ok()
}

/// Returns the name of a category of posts as the latest rule that has it says; else its identifier.
pub fn post_name(workspace: &Workspace, post: &CategoryId) -> String {
    let villages = workspace.villages.values();
    let rules = villages.flat_map(|village| village.posts.quarters.values().rev());
    let mut rules = rules.flat_map(|quarter| quarter.rule.standing());
    let name = rules.find_map(|said| said.value.category(post).map(|category| category.name.clone()));
    name.unwrap_or_else(|| post.to_string())
}

/// Asks beforehand what a wish would meet: by the answer that is given when it is made.
pub fn may(workspace: &Workspace, me: &Holder, village: &UnitCode, wish: PostCommand) -> Result<(), Refusal> {
    decide(workspace, &acting(me), &Command::Posts(village.clone(), wish)).map(drop)
}

/// Returns the rule with which a quarter is opened: that of the latest quarter before it, or the sample.
pub fn rule_for(posts: &Posts, quarter: Quarter) -> PostRule {
    let earlier = posts.quarters.range(..quarter).rev();
    let rule = earlier.filter_map(|(_, quarter)| quarter.rule.agreed()).next();
    rule.map_or_else(PostRule::standard, |rule| PostRule::clone(rule))
}

/// Returns a month of a village, from the row at `first`.
pub fn month(workspace: &Workspace, me: &Holder, code: &UnitCode, month: Month, first: usize) -> MonthPage {
    let empty = Village::default();
    let village = workspace.villages.get(code).unwrap_or(&empty);
    let held = village.posts.held_in(month, &village.roster);
    let people = people_of(village, month);
    let drawn = drawn_of_all(workspace, code, month);
    let nobody = PersonMonth::default();
    let of = |person: &PersonId| village.posts.month(person, month).unwrap_or(&nobody);
    let row = |person: &PersonId| {
        let of = of(person);
        let posts = held.get(person).into_iter().flatten().map(|post| post_name(workspace, post));
        let (name, note) = named(&village.roster, person);
        let drawn = drawn.get(person).map_or(0, Vec::len);
        MonthRow {
            person: person.clone(),
            name,
            note,
            posts: posts.collect(),
            drawn,
            logged: of.standing_entries().count(),
            word: word(of, drawn),
            stars: of.result.as_ref().map(|result| result.stars),
            late: of.late.len(),
        }
    };
    let last = people.len().saturating_sub(1) / PEOPLE_SHOWN * PEOPLE_SHOWN;
    let first = first.min(last);
    let rows = people.iter().skip(first).take(PEOPLE_SHOWN).map(row).collect();
    let at = |stage: MonthStage| {
        let people = people.iter().filter(move |person| !of(person).is_excused() && of(person).stage == stage);
        people.cloned().collect::<Vec<PersonId>>()
    };
    // Somebody with a post that waits for its score is shown when it was given.
    let is_scored = |person: &PersonId| {
        let mut posts = held.get(person).into_iter().flatten();
        posts.all(|post| of(person).scores.contains_key(post))
    };
    let scored = at(MonthStage::Scored).into_iter().filter(is_scored).collect();
    let show = together(scored, |people| {
        may(workspace, me, code, PostCommand::Show { month, date: month.first_day(), people })
    });
    let confirm =
        together(at(MonthStage::Shown), |people| may(workspace, me, code, PostCommand::Confirm { month, people }));
    MonthPage { opened: opened(workspace, me, code, month.quarter()), rows, first, all: people.len(), show, confirm }
}

/// Returns everybody who holds a post in a month, and whoever left with what was recorded of them (E19), by household.
fn people_of(village: &Village, month: Month) -> Vec<PersonId> {
    let held = village.posts.held_in(month, &village.roster).into_keys();
    let recorded = village.posts.quarters.get(&month.quarter()).into_iter().flat_map(|quarter| quarter.months.keys());
    let recorded = recorded.filter(|(of, _)| *of == month).map(|(_, person)| person.clone());
    let people: BTreeSet<PersonId> = held.chain(recorded).collect();
    let mut people: Vec<PersonId> = people.into_iter().collect();
    people.sort_by_key(|person| village.roster.people.get(person).map(|person| (&person.household, &person.id)));
    people
}

/// Returns how a quarter's log stands.
fn opened(workspace: &Workspace, me: &Holder, code: &UnitCode, quarter: Quarter) -> Opened {
    let empty = Village::default();
    let posts = &workspace.villages.get(code).unwrap_or(&empty).posts;
    let open = |rule: PostRule| may(workspace, me, code, PostCommand::Open { quarter, rule: Box::new(rule) });
    match posts.quarters.get(&quarter).map(|quarter| &quarter.rule) {
        Some(Settled::Agreed(said)) => Opened::Under(said.value.title.clone(), said.value.version),
        Some(Settled::Divergence(all)) => {
            let rules: Vec<PostRule> = all.iter().map(|said| PostRule::clone(&said.value)).collect();
            let may = rules.first().cloned().map_or(Ok(()), open);
            Opened::Apart(rules, may)
        }
        Some(Settled::Nothing) | None => Opened::Not(open(rule_for(posts, quarter))),
    }
}

/// Splits people by whether the viewer may do something for them.
fn together(of: Vec<PersonId>, may: impl Fn(BTreeSet<PersonId>) -> Result<(), Refusal>) -> Together {
    let mut together = Together { people: BTreeSet::new(), others: None };
    for person in of {
        match may([person.clone()].into()) {
            Ok(()) => _ = together.people.insert(person),
            Err(why) => {
                let (others, why) = together.others.take().unwrap_or((0, why));
                together.others = Some((others + 1, why));
            }
        }
    }
    together
}

/// Returns what a month shows in one word; facts drawn from records are a record of it.
pub fn word(of: &PersonMonth, drawn: usize) -> Word {
    match of.outcome() {
        MonthOutcome::NoRecord if drawn == 0 => Word::NoRecord,
        MonthOutcome::Excused => Word::Excused,
        MonthOutcome::Divided => Word::Divided,
        _ => Word::At(of.stage),
    }
}

/// Returns a person's name, and where they live if two people bear it (E20).
pub fn named(roster: &Roster, person: &PersonId) -> (String, String) {
    let Some(row) = find(roster, person) else { return (person.to_string(), String::new()) };
    let note = if row.shared_name { dwelling(&row.group, &row.household) } else { String::new() };
    (row.name, note)
}

#[cfg(test)]
mod tests;
