//! One person: everything that this phone reads of them, each thing with where it stands.

pub mod finding;
pub mod mentions;
pub mod household;
pub mod moving;
pub mod story;
pub mod twins;

use std::collections::BTreeSet;

use shared::domain::meeting::{Meeting, RollStatus, Stage};
use shared::domain::person::fact::Place;
use shared::domain::person::{Roster, Twins};
use shared::domain::points::AccountEntry;
use shared::domain::points::flow::State;
use shared::domain::post::PeriodOutcome;
use shared::domain::rulebook::points::RulesOf;
use shared::domain::{Village, Workspace};
use shared::id::{CategoryId, FactId, HouseholdId, MeetingId, PersonId, UnitCode};
use shared::time::{Date, Quarter};

use super::home;
use super::people::{self, PersonRow};
use mentions::{About, Mentions};
use story::Entry;

/// The most entries of an account that stand on a page; all of them stand on the account's own.
pub const POINTS_SHOWN: usize = 20;
/// The most meetings that stand on a page: five years of quarterly reviews.
pub const REVIEWS_SHOWN: usize = 20;

/// What a person's page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonPage {
    /// The village whose roster it is.
    pub village: UnitCode,
    /// The village's name.
    pub village_name: String,
    /// What a list shows of them.
    pub row: PersonRow,
    /// The household in which they are, or were last.
    pub household: Option<HouseholdId>,
    /// Where they are today.
    pub at: Whereabouts,
    /// Other entries of the same person, which are shown as part of this one.
    pub merged: Vec<PersonId>,
    /// Other entries that may be of the same person.
    pub twins: Vec<PersonRow>,
    /// Reviews, the latest first.
    pub reviews: Vec<Review>,
    /// Posts, those held last first.
    pub posts: Vec<Post>,
    /// What quarters and the year by post count as, where anything is recorded.
    pub periods: Vec<(Period, PeriodOutcome)>,
    /// Points in their own name; nothing where none are recorded.
    pub points: Option<Points>,
    /// Life-cycle records that name them.
    pub records: Mentions,
    /// What became of their entry: moves, merges and what was undone.
    pub story: Vec<Entry>,
}

/// Where somebody is on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// In the village.
    Here,
    /// They come on a later day.
    Expected(Date),
    /// Away for good, from a day on; to a village of the township where that is known.
    Left(Date, Option<String>),
    /// 去世
    Died(Date),
}

/// A review meeting in which somebody took part or was rated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Which meeting.
    pub id: MeetingId,
    /// What it calls itself.
    pub title: String,
    /// How far it came.
    pub stage: Stage,
    /// Whether its result is sealed.
    pub sealed: bool,
    /// How they stand on the roll.
    pub roll: Option<RollStatus>,
    /// What was decided on them: nothing where nothing was or they are not rated, and no stars where they get no grade.
    pub decided: Option<Option<u8>>,
}

/// A post that somebody holds or held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// What the rule calls it; its identifier where no rule is here.
    pub name: String,
    /// The first day.
    pub from: Date,
    /// The last day; nothing while it goes on.
    pub until: Option<Date>,
    /// Whether people disagree about its end.
    pub differs: bool,
}

/// A period that posts are appraised for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A quarter.
    Quarter(Quarter),
    /// A year.
    Year(u16),
}

/// Entries of an account, and what they come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Points {
    /// What the entries of the year count.
    pub year: i64,
    /// The latest entries by the day of the event.
    pub entries: Vec<PointsRow>,
    /// How many there are.
    pub all: usize,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointsRow {
    /// Its number.
    pub id: FactId,
    /// What it is for; the item's identifier where no rule is here.
    pub item: String,
    /// What people call the event.
    pub occasion: String,
    /// The day of the event.
    pub date: Date,
    /// What it counts.
    pub counted: i64,
    /// Where it stands.
    pub state: State,
}

/// Returns the village on whose roster a person is: the one where they are today before those they left.
pub fn village_of(workspace: &Workspace, person: &PersonId, today: Date) -> Option<UnitCode> {
    let on = |village: &&UnitCode| workspace.villages[*village].roster.people.contains_key(person);
    let listed: Vec<&UnitCode> = workspace.villages.keys().filter(on).collect();
    let here = |village: &&&UnitCode| workspace.villages[**village].roster.moves.is_here(person, today);
    listed.iter().find(here).or(listed.first()).map(|village| (*village).clone())
}

/// Returns a person's page; nothing where no roster that is here has them. A merged entry leads to the one that stays.
pub fn page(workspace: &Workspace, person: &PersonId, today: Date, first: usize) -> Option<PersonPage> {
    let code = village_of(workspace, person, today)?;
    let village = workspace.villages.get(&code)?;
    let roster = &village.roster;
    let entries = roster.entries(person);
    let shown = entries.first()?;
    let then = roster.on(today);
    let row = people::find(&then, shown)?;
    let ids: BTreeSet<PersonId> = entries.iter().cloned().collect();
    let twins = shared::domain::person::twins(roster);
    let other = |twins: &Twins| match (&twins.one, &twins.other) {
        (one, other) if one == shown => Some(other.clone()),
        (one, other) if other == shown => Some(one.clone()),
        _ => None,
    };
    Some(PersonPage {
        village_name: home::name(workspace, &code),
        household: then.people.get(shown).map(|person| person.household.clone()),
        at: whereabouts(workspace, roster, shown, today),
        merged: entries.iter().skip(1).cloned().collect(),
        twins: twins.iter().filter_map(other).filter_map(|other| people::find(&then, &other)).collect(),
        reviews: reviews(village, &ids),
        posts: posts(village, &ids),
        periods: periods(village, shown, today),
        points: points(workspace, village, &ids, today),
        records: mentions::of(workspace, &About::People(&ids), first),
        story: story::of_person(workspace, village, &ids),
        row,
        village: code,
    })
}

/// Returns where somebody is on a day.
pub fn whereabouts(workspace: &Workspace, roster: &Roster, person: &PersonId, today: Date) -> Whereabouts {
    let moves = &roster.moves;
    let last = moves.agreed(person).filter(|(day, _)| *day <= today).last();
    match last.map(|(day, stay)| (day, &stay.place)) {
        Some((day, Place::Left(unit))) => Whereabouts::Left(day, unit.as_ref().map(|unit| home::name(workspace, unit))),
        Some((day, Place::Died)) => Whereabouts::Died(day),
        Some((_, Place::Home(_))) => Whereabouts::Here,
        None => match moves.agreed(person).next() {
            Some((day, stay)) if stay.came => Whereabouts::Expected(day),
            _ => Whereabouts::Here,
        },
    }
}

fn reviews(village: &Village, ids: &BTreeSet<PersonId>) -> Vec<Review> {
    let mut reviews: Vec<Review> = village.meetings.values().filter_map(|meeting| review(meeting, ids)).collect();
    reviews.sort_by_key(|review| std::cmp::Reverse((review.id.date, review.id.round)));
    reviews.truncate(REVIEWS_SHOWN);
    reviews
}

fn review(meeting: &Meeting, ids: &BTreeSet<PersonId>) -> Option<Review> {
    let settings = meeting.settings.as_ref()?;
    let attendee = ids.iter().find_map(|id| settings.attendee(id))?;
    let decided = meeting.decisions.get(&attendee.person).and_then(|ruling| Some(ruling.agreed()?.stars));
    Some(Review {
        id: meeting.id.clone(),
        title: settings.title.clone(),
        stage: meeting.stage,
        sealed: meeting.is_sealed(),
        roll: meeting.roll_status(&attendee.person),
        decided: decided.filter(|_| attendee.subject),
    })
}

fn posts(village: &Village, ids: &BTreeSet<PersonId>) -> Vec<Post> {
    let holdings = village.posts.holdings();
    let held = holdings.iter().filter(|((person, ..), _)| ids.contains(person));
    let mut posts: Vec<Post> = held
        .map(|((_, post, from), until)| Post {
            name: post_name(village, post),
            from: *from,
            until: until.agreed().copied().flatten(),
            differs: until.is_divergence(),
        })
        .collect();
    posts.sort_by_key(|post| std::cmp::Reverse(post.from));
    posts
}

/// Names a post by the latest rule that has it.
fn post_name(village: &Village, post: &CategoryId) -> String {
    let rules = village.posts.quarters.values().rev().filter_map(|quarter| quarter.rule.agreed());
    let name = rules.filter_map(|rule| rule.category(post)).map(|category| category.name.clone()).next();
    name.unwrap_or_else(|| post.to_string())
}

fn periods(village: &Village, person: &PersonId, today: Date) -> Vec<(Period, PeriodOutcome)> {
    let Ok(year) = u16::try_from(today.parts().0) else { return Vec::new() };
    let quarters = (1..=4).filter_map(|number| Quarter::new(year, number).ok());
    let quarters = quarters.map(|quarter| (Period::Quarter(quarter), village.posts.quarter(person, quarter)));
    let year = (Period::Year(year), village.posts.year(person, year));
    quarters.chain([year]).filter(|(_, outcome)| *outcome != PeriodOutcome::NoRecord).collect()
}

fn points(workspace: &Workspace, village: &Village, ids: &BTreeSet<PersonId>, today: Date) -> Option<Points> {
    let is_own = |entry: &AccountEntry| entry.said().person.as_ref().is_some_and(|person| ids.contains(person));
    let own = village.points.persons.iter().filter(|(person, _)| ids.contains(person));
    let year = own.flat_map(|(_, months)| months).filter(|(month, _)| month.parts().0 == today.parts().0);
    let year = year.map(|(_, points)| points).sum();
    let points = entries(workspace, village, is_own);
    (points.1 > 0).then_some(Points { year, entries: points.0, all: points.1 })
}

/// Returns the latest entries of some sort, and how many there are.
fn entries(
    workspace: &Workspace,
    village: &Village,
    is_meant: impl Fn(&AccountEntry) -> bool,
) -> (Vec<PointsRow>, usize) {
    let rules = RulesOf { village: &village.points_rules, township: &workspace.points_rules };
    let mut meant: Vec<(&FactId, &AccountEntry)> =
        village.points.entries.iter().filter(|(_, entry)| is_meant(entry)).collect();
    meant.sort_by(|(a, one), (b, other)| (other.said().date, b).cmp(&(one.said().date, a)));
    let all = meant.len();
    let row = |(id, entry): (&FactId, &AccountEntry)| {
        let said = entry.said();
        let rule = rules.of_month(said.date.month()).or_else(|| rules.latest());
        let item = rule.and_then(|rule| rule.items.iter().find(|item| item.id == said.item));
        PointsRow {
            id: id.clone(),
            item: item.map_or_else(|| said.item.to_string(), |item| item.name.clone()),
            occasion: said.occasion.clone(),
            date: said.date,
            counted: entry.counted.points,
            state: entry.state,
        }
    };
    (meant.into_iter().take(POINTS_SHOWN).map(row).collect(), all)
}

#[cfg(test)]
mod tests;
