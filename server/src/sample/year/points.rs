//! A quarter of one village's points accounts, from the adopted rule to the closed months, as `points.toml` tells.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::domain::command::{Command, PointsCommand, PointsWish};
use shared::domain::person::Roster;
use shared::domain::points::fact::PointClaim;
use shared::domain::points::flow::PointStep;
use shared::domain::rulebook::file::read_points;
use shared::domain::rulebook::points::PointsRule;
use shared::id::{FactId, HouseholdId, ItemId, UnitCode};
use shared::time::{Date, Month};

use super::hands::Hands;
use super::lot::Lots;
use super::shared_work::day;
use super::story::Hand;
use crate::headless::Transport;
use crate::sample::posts::Posts;
use crate::sample::township::{MEETING_VILLAGE, SampleError};

const TABLE: &str = include_str!("points.toml");
const RULE: &str = include_str!("points_rule.toml");
/// Days from the first of the next month until what was claimed is booked and the month is closed.
const BOOKED_AFTER: i32 = 5;

/// What the table tells.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    adopted: String,
    from: String,
    event: Vec<Event>,
}

/// Something in which households took part, or for which one has points taken.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    on: String,
    item: String,
    occasion: String,
    households: usize,
    #[serde(default)]
    note: String,
    /// What was answered to a deduction.
    #[serde(default)]
    answer: String,
}

/// Who keeps the accounts of the village, and where.
struct Keepers {
    village: UnitCode,
    scribe: Hand,
    secretary: Hand,
    supervision: Hand,
}

/// Adopts the rule, and claims, checks and books month by month.
pub async fn perform<T: Transport + Clone>(hands: &mut Hands<T>, lots: &mut Lots) -> Result<(), SampleError> {
    let table: Table = toml::from_str(TABLE).map_err(|_| fault())?;
    let village = UnitCode::new(MEETING_VILLAGE).map_err(|_| fault())?;
    let lot = lots.of_unit(&village)?;
    let (scribe, secretary, supervision) = (lot.scribe(), lot.secretary(), lot.supervision());
    let keepers = Keepers { village: village.clone(), scribe, secretary, supervision };
    let (rule, from) = (Box::new(rule()?), day(&table.from)?);
    let adopt = Command::AdoptPointsRule { village: Some(village), rule, from, adopted_at: table.adopted };
    hands.does(&keepers.secretary, vec![adopt]).await?;
    let mut months: BTreeMap<Month, Vec<(Date, Event)>> = BTreeMap::new();
    for event in table.event {
        let date = day(&event.on)?;
        months.entry(date.month()).or_default().push((date, event));
    }
    let mut households = neutral(&lot.roster)?;
    for (month, events) in months {
        let (mut entries, mut told) = (Vec::new(), Vec::new());
        for (date, event) in events {
            let (wish, answer) = event.claim(date, &mut households)?;
            let claimed = hands.does(&keepers.scribe, vec![keepers.asks(date, wish)]).await?;
            told.extend(claimed.iter().filter(|_| !answer.is_empty()).map(|entry| (entry.clone(), answer.clone())));
            entries.extend(claimed);
        }
        keepers.book(hands, month, &entries, told).await?;
    }
    Ok(())
}

impl Keepers {
    fn asks(&self, today: Date, wish: PointsWish) -> Command {
        Command::Points(self.village.clone(), PointsCommand { today, wish })
    }

    /// Takes the claims of a month into the accounts: everybody in turn, and what is taken only once it was told.
    async fn book<T: Transport + Clone>(
        &self,
        hands: &mut Hands<T>,
        month: Month,
        entries: &[FactId],
        told: Vec<(FactId, String)>,
    ) -> Result<(), SampleError> {
        let date = month.after().first_day().plus_days(BOOKED_AFTER).map_err(|_| fault())?;
        let step = |step, words: String| self.asks(date, PointsWish::Step { step, entries: entries.to_vec(), words });
        let (_, number) = month.parts();
        let meeting = format!("{number}月积分评议会，村民代表逐项评议通过");
        let wall = format!("{number}月积分公示，张贴于村务公开栏");
        hands.does(&self.supervision, vec![step(PointStep::Verify, String::new())]).await?;
        hands.does(&self.secretary, vec![step(PointStep::Deliberate, meeting)]).await?;
        hands.does(&self.scribe, vec![step(PointStep::Notice, wall)]).await?;
        let tell = |(entry, answer)| self.asks(date, PointsWish::Tell { entry, date, answer });
        let mut booking: Vec<Command> = told.into_iter().map(tell).collect();
        booking.push(step(PointStep::Book, String::new()));
        booking.push(self.asks(date, PointsWish::Close(month)));
        hands.does(&self.secretary, booking).await?;
        Ok(())
    }
}

impl Event {
    /// Claims for the households whose turn it is, who go to the end of the row; and what was answered.
    fn claim(self, date: Date, households: &mut [HouseholdId]) -> Result<(PointsWish, String), SampleError> {
        let item: ItemId = self.item.parse().map_err(|_| fault())?;
        let claim = |account: &HouseholdId| PointClaim {
            account: account.clone(),
            person: None,
            item: item.clone(),
            date,
            points: None,
            occasion: self.occasion.clone(),
            note: self.note.clone(),
        };
        let turn = households.get(..self.households).ok_or(fault())?;
        let claims = turn.iter().map(claim).collect();
        households.rotate_left(self.households);
        Ok((PointsWish::Claim(claims), self.answer))
    }
}

/// Returns the households of the village but those of whoever checks, by number.
fn neutral(roster: &Roster) -> Result<Vec<HouseholdId>, SampleError> {
    let posts = Posts::of(roster)?;
    let own = [posts.secretary, posts.scribe, posts.supervision].map(|person| &person.household);
    let others = roster.households.values().filter(|household| !own.contains(&&household.id));
    let others: BTreeMap<&str, &HouseholdId> =
        others.map(|household| (household.number.as_str(), &household.id)).collect();
    Ok(others.into_values().cloned().collect())
}

fn rule() -> Result<PointsRule, SampleError> {
    read_points(RULE).map_err(|_| SampleError::Data("rules of points"))
}

fn fault() -> SampleError {
    SampleError::Data("points of the year")
}
