//! The two series of stars of one person, each in a table of its own: by post, and of review meetings.

use shared::domain::Workspace;
use shared::domain::post::{MonthOutcome, PeriodOutcome, beside};
use shared::domain::rulebook::post::PostStars;
use shared::id::{MeetingId, PersonId, UnitCode};
use shared::time::{Month, Quarter};

/// What a month, a quarter or a year by post comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rated {
    /// Nothing is recorded.
    NoRecord,
    /// The branch excused the person (E17).
    Excused,
    /// It is not confirmed.
    Open,
    /// Two scores or two confirmations stand.
    Divided,
    /// Fewer months than the rule asks for have a record.
    TooFew {
        /// How many have.
        have: u8,
        /// How many the rule asks for.
        need: u8,
    },
    /// The months were scored on different scales.
    Scales,
    /// Stars, from so many months.
    Stars(PostStars, u8),
}

/// Both series of one person in one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearSheet {
    /// The months by post, those of which something is known.
    pub months: Vec<(Month, Rated)>,
    /// The quarters by post that have begun to count.
    pub quarters: Vec<(Quarter, Rated)>,
    /// The year by post.
    pub year: Rated,
    /// Review meetings, with the title and the stars that each decided.
    pub reviews: Vec<(MeetingId, String, Option<u8>)>,
}

/// Returns both series; neither takes part in the other.
pub fn year(workspace: &Workspace, code: &UnitCode, person: &PersonId, year: u16) -> Option<YearSheet> {
    let village = workspace.villages.get(code)?;
    let both = beside(village, person, year);
    let months = both.months.iter().map(|(month, outcome)| (*month, of_month(outcome)));
    let quarters = both.quarters.iter().map(|(quarter, outcome)| (*quarter, of_period(outcome)));
    let title = |id: &MeetingId| {
        let settings = village.meetings.get(id).and_then(|meeting| meeting.settings.as_ref());
        settings.map(|settings| settings.title.clone()).unwrap_or_default()
    };
    Some(YearSheet {
        months: months.filter(|(_, rated)| *rated != Rated::NoRecord).collect(),
        quarters: quarters.filter(|(_, rated)| *rated != Rated::NoRecord).collect(),
        year: of_period(&both.year),
        reviews: both.reviews.iter().map(|(id, stars)| (id.clone(), title(id), *stars)).collect(),
    })
}

fn of_month(outcome: &MonthOutcome<'_>) -> Rated {
    match outcome {
        MonthOutcome::NoRecord => Rated::NoRecord,
        MonthOutcome::Excused => Rated::Excused,
        MonthOutcome::Open | MonthOutcome::Provisional(_) => Rated::Open,
        MonthOutcome::Divided => Rated::Divided,
        MonthOutcome::Rated(result) => Rated::Stars(result.stars, 1),
    }
}

fn of_period(outcome: &PeriodOutcome) -> Rated {
    match *outcome {
        PeriodOutcome::NoRecord => Rated::NoRecord,
        PeriodOutcome::TooFew { have, need } => Rated::TooFew { have, need },
        PeriodOutcome::Scales => Rated::Scales,
        PeriodOutcome::Rated { months, stars } => Rated::Stars(stars, months),
    }
}
