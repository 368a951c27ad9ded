//! The two series of stars of one person: of review meetings and of posts, side by side and never blended.

use std::collections::BTreeMap;

use super::{MonthOutcome, PeriodOutcome};
use crate::domain::Village;
use crate::domain::meeting::Stage;
use crate::id::{MeetingId, PersonId};
use crate::time::{Month, Quarter};

/// The stars of one person in one year (DOMAIN section 3: M4 and M6 are two series).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BothStars<'a> {
    /// What review meetings decided; nothing where one gave no grade.
    pub reviews: BTreeMap<MeetingId, Option<u8>>,
    /// What each month by post counts as, those without a record included.
    pub months: BTreeMap<Month, MonthOutcome<'a>>,
    /// What each quarter by post counts as.
    pub quarters: BTreeMap<Quarter, PeriodOutcome>,
    /// What the year by post counts as.
    pub year: PeriodOutcome,
}

/// Returns both series of a person; neither takes part in the other.
pub fn beside<'a>(village: &'a Village, person: &PersonId, year: u16) -> BothStars<'a> {
    let decided = village.meetings.values().filter(|meeting| meeting.stage == Stage::Decided);
    let decided = decided.filter(|meeting| meeting.id.date.parts().0 == i32::from(year));
    let reviews = decided.filter_map(|meeting| {
        let ruling = meeting.decisions.get(person)?.agreed()?;
        Some((meeting.id.clone(), ruling.stars))
    });
    let quarters: Vec<Quarter> = (1..=4).filter_map(|number| Quarter::new(year, number).ok()).collect();
    let months = quarters.iter().flat_map(|quarter| quarter.months());
    BothStars {
        reviews: reviews.collect(),
        months: months.map(|month| (month, village.posts.outcome(person, month))).collect(),
        quarters: quarters.iter().map(|quarter| (*quarter, village.posts.quarter(person, *quarter))).collect(),
        year: village.posts.year(person, year),
    }
}
