//! A whole year of the sample township: invented work of invented people, recorded by those whose work it is.
//!
//! Nothing of it depends on a clock or on chance: one seed, days of the sample's year. Its numbers are those that the
//! township reported, in `counts.csv`, `cadres.csv` and `records.toml`; its words are in `words.toml`. The quarter that is
//! assessed and one village's points and posts have tables of their own.

mod assessment;
mod cadres;
mod cases;
mod duties;
mod hands;
mod lot;
mod notice;
mod points;
mod shared_work;
mod story;
mod village;
mod words;

use shared::domain::township::Unit;

use super::township::SampleError;
use crate::headless::{Headless, Transport};
use hands::Hands;
use lot::Lots;
use story::Story;
use words::{Counts, Words};

/// Records the year through devices that the office invites, each with a role that its steps need.
///
/// The devices are forgotten at the end; their certificates stay, as those of phones that lie in a drawer do.
pub(super) async fn record<T: Transport + Clone>(
    office: &mut Headless<T>,
    transport: &T,
    units: &[Unit],
) -> Result<(), SampleError> {
    let mut lots = Lots::of(units, &office.workspace().villages)?;
    let stories = stories(&mut lots)?;
    let mut hands = Hands::invite(office, transport, units).await?;
    hands.perform(&stories).await?;
    assessment::perform(&mut hands, &office.workspace().township, &mut lots).await?;
    points::perform(&mut hands, &mut lots).await?;
    duties::perform(&mut hands, &mut lots).await
}

/// Makes up all that happened, in no order: whoever records it goes by the day.
fn stories(lots: &mut Lots) -> Result<Vec<Story>, SampleError> {
    let (words, counts) = (Words::read()?, Counts::read()?);
    let mut stories = shared_work::stories(lots)?;
    stories.extend(cadres::stories(lots)?);
    for counts in &counts {
        let lot = lots.of_unit(&counts.code)?;
        stories.extend(village::stories(lot, counts, &words)?);
        stories.extend(cases::stories(lot, counts, &words)?);
    }
    // Stable: what happened on one day stays in the order in which it was made up.
    stories.sort_by_key(|story| story.date);
    Ok(stories)
}
