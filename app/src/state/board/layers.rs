//! The three layers of comparison on one page (M3): villages on drive, members on dedication, villagers on integrity.

use std::collections::{BTreeMap, BTreeSet};

use shared::domain::meeting::{Meeting, Stage as MeetingStage};
use shared::domain::points::flow::{Stage, State};
use shared::domain::post::PeriodOutcome;
use shared::domain::township::VillageKind;
use shared::domain::{Village, Workspace};
use shared::id::{MeetingId, PersonId, UnitCode};
use shared::number::Decimal;
use shared::time::Quarter;

/// How many have so many stars, the highest first.
pub type Spread = Vec<(u8, usize)>;

/// The three layers of every village of the township, by precinct and code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layers {
    /// The villages. Nobody is named, and their order is the registry's and not one of merit.
    pub rows: Vec<LayerRow>,
    /// The quarter whose result is shown: the latest that is known.
    pub quarter: Option<Quarter>,
    /// Whether that result is confirmed.
    pub confirmed: bool,
}

/// What a village shows in each layer; nothing where nothing has arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerRow {
    /// Its code.
    pub code: UnitCode,
    /// Its name.
    pub name: String,
    /// Village or community (E44).
    pub kind: VillageKind,
    /// 干劲: what the quarter's assessment came to.
    pub drive: Option<Drive>,
    /// 奉献: the latest review of members that decided on somebody.
    pub review: Option<Dedication>,
    /// 奉献: the stars of the year by post, a series of their own.
    pub posts: Spread,
    /// 诚信: what the villagers' accounts count in the year.
    pub integrity: Option<Integrity>,
}

/// A village's line of a quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drive {
    /// The rank; nothing for a vetoed village and one without a score.
    pub rank: Option<u32>,
    /// The published number.
    pub published: Option<Decimal>,
    /// Whether a veto keeps it from having a rank.
    pub vetoed: bool,
}

/// The stars of one review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dedication {
    /// The meeting.
    pub meeting: MeetingId,
    /// How many got how many stars.
    pub spread: Spread,
    /// How many got none: no grade, or nothing decided.
    pub without: usize,
}

/// A village's points of a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Integrity {
    /// What all accounts count together.
    pub points: i64,
    /// In how many accounts anything is counted.
    pub accounts: usize,
    /// Entries that are booked.
    pub booked: usize,
    /// Entries that wait for a step or for somebody's decision.
    pub waiting: usize,
}

/// Returns the three layers in a year.
pub fn layers(workspace: &Workspace, year: u16) -> Layers {
    let known = workspace.assessments.iter().rev().find(|(_, assessment)| assessment.result.is_some());
    let result = known.and_then(|(_, assessment)| assessment.result.as_ref());
    let drive = |code: &UnitCode| {
        let standing = result?.standing(code)?;
        Some(Drive { rank: standing.rank, published: standing.published, vetoed: standing.disqualified })
    };
    let mut units: Vec<_> = workspace.township.units.values().collect();
    units.sort_by(|a, b| (&a.precinct, &a.code).cmp(&(&b.precinct, &b.code)));
    let rows = units.into_iter().map(|unit| {
        let village = workspace.villages.get(&unit.code);
        LayerRow {
            code: unit.code.clone(),
            name: unit.name.clone(),
            kind: unit.kind,
            drive: drive(&unit.code),
            review: village.and_then(latest_review),
            posts: village.map(|village| by_post(village, year)).unwrap_or_default(),
            integrity: village.and_then(|village| integrity(village, year)),
        }
    });
    Layers {
        rows: rows.collect(),
        quarter: known.map(|(quarter, _)| *quarter),
        confirmed: known.is_some_and(|(_, assessment)| assessment.confirmed_result().is_some()),
    }
}

fn latest_review(village: &Village) -> Option<Dedication> {
    let decided = village.meetings.values().filter(|meeting| meeting.stage == MeetingStage::Decided);
    let last = decided.max_by_key(|meeting| (meeting.id.date, meeting.id.round))?;
    Some(dedication(last))
}

fn dedication(meeting: &Meeting) -> Dedication {
    let given = meeting.decisions.values().filter_map(|ruling| ruling.agreed()?.stars);
    let spread = spread(given);
    let subjects = meeting.settings.as_ref().map_or(0, |settings| settings.subject_count());
    let with: usize = spread.iter().map(|(_, count)| count).sum();
    Dedication { meeting: meeting.id.clone(), spread, without: subjects.saturating_sub(with) }
}

fn by_post(village: &Village, year: u16) -> Spread {
    let months = village.posts.quarters.values().flat_map(|quarter| quarter.months.keys());
    let people: BTreeSet<&PersonId> = months.map(|(_, person)| person).collect();
    spread(people.into_iter().filter_map(|person| match village.posts.year(person, year) {
        PeriodOutcome::Rated { stars, .. } => Some(stars.stars),
        _ => None,
    }))
}

fn spread(stars: impl Iterator<Item = u8>) -> Spread {
    let mut spread: BTreeMap<u8, usize> = BTreeMap::new();
    stars.for_each(|stars| *spread.entry(stars).or_default() += 1);
    spread.into_iter().rev().collect()
}

fn integrity(village: &Village, year: u16) -> Option<Integrity> {
    let accounts = &village.points;
    if accounts.entries.is_empty() {
        return None;
    }
    let of_year = accounts.months.values().map(|months| {
        let counted = months.iter().filter(|(month, _)| month.parts().0 == i32::from(year));
        counted.fold((0_i64, 0_usize), |(sum, count), (_, points)| (sum + points, count + 1))
    });
    let mut integrity = Integrity::default();
    for (points, months) in of_year {
        integrity.points += points;
        integrity.accounts += usize::from(months > 0);
    }
    let entries = accounts.entries.values().filter(|entry| entry.said().date.parts().0 == i32::from(year));
    for entry in entries {
        match entry.state {
            State::At(Stage::Booked) => integrity.booked += 1,
            State::At(Stage::Rejected) | State::Reversed => {}
            State::At(_) | State::Held | State::Divided => integrity.waiting += 1,
        }
    }
    Some(integrity)
}
