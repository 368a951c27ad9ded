//! Entries as a list to work on: where they stand, which step comes next, and what keeps somebody from taking it.

use std::collections::{BTreeMap, BTreeSet};

use shared::domain::Workspace;
use shared::domain::command::{PointsWish, Refusal};
use shared::domain::notice::{LineState, stands_for};
use shared::domain::points::flow::{PointStep, Stage, State};
use shared::domain::points::{AccountEntry, Counted};
use shared::domain::register::kinds::notice::OBJECTION;
use shared::domain::register::{Record, Value};
use shared::id::{FactId, HouseholdId, UnitCode};
use shared::identity::Holder;
use shared::time::{Date, Month};

use super::{home_of, item_name, may, rules, window};
use crate::state::people::Wanted;

/// The most rows that stand on a page at once.
pub const ROWS_SHOWN: usize = 60;

/// Where entries stand, as a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// Kept from counting until somebody decides.
    Held,
    /// People moved them apart.
    Divided,
    /// Put up or booked, and the notice's line is objected to.
    Objected,
    /// As far as this.
    Stage(Stage),
    /// Cancelled.
    Reversed,
}

impl At {
    /// Every filter, in the order in which somebody works through them.
    pub const ALL: [Self; 10] = [
        Self::Held,
        Self::Divided,
        Self::Objected,
        Self::Stage(Stage::Claimed),
        Self::Stage(Stage::Verified),
        Self::Stage(Stage::Deliberated),
        Self::Stage(Stage::Noticed),
        Self::Stage(Stage::Booked),
        Self::Stage(Stage::Rejected),
        Self::Reversed,
    ];

    /// Returns the word that stands for it in an address.
    pub fn key(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Divided => "divided",
            Self::Objected => "objected",
            Self::Stage(Stage::Claimed) => "claimed",
            Self::Stage(Stage::Verified) => "verified",
            Self::Stage(Stage::Deliberated) => "deliberated",
            Self::Stage(Stage::Noticed) => "noticed",
            Self::Stage(Stage::Booked) => "booked",
            Self::Stage(Stage::Rejected) => "rejected",
            Self::Reversed => "reversed",
        }
    }

    /// Reads the word of an address.
    pub fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|at| at.key() == key)
    }

    fn of_state(state: State) -> Self {
        match state {
            State::At(stage) => Self::Stage(stage),
            State::Held => Self::Held,
            State::Reversed => Self::Reversed,
            State::Divided => Self::Divided,
        }
    }

    /// Returns the steps that somebody can take with entries that stand here, the main one first.
    pub fn steps(self) -> &'static [PointStep] {
        match self {
            Self::Held => &[PointStep::Release, PointStep::Reject],
            Self::Divided => {
                &[PointStep::Verify, PointStep::Deliberate, PointStep::Notice, PointStep::Book, PointStep::Reject]
            }
            Self::Objected => &[PointStep::Hold, PointStep::Reject],
            Self::Stage(Stage::Claimed) => &[PointStep::Verify, PointStep::Hold, PointStep::Reject],
            Self::Stage(Stage::Verified) => &[PointStep::Deliberate, PointStep::Hold, PointStep::Reject],
            Self::Stage(Stage::Deliberated) => &[PointStep::Notice, PointStep::Hold, PointStep::Reject],
            Self::Stage(Stage::Noticed) => &[PointStep::Book, PointStep::Hold, PointStep::Reject],
            Self::Stage(Stage::Booked) => &[PointStep::Hold],
            Self::Stage(Stage::Rejected) | Self::Reversed => &[],
        }
    }
}

/// What somebody looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// A part of the occasion or the item, a number, a name, pinyin, its initials or a household number.
    pub search: String,
    /// Where entries stand, where that is asked for.
    pub at: Option<At>,
    /// The month, where one is asked for.
    pub month: Option<Month>,
}

/// What the list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// The rows of the window, the latest first.
    pub rows: Vec<EntryRow>,
    /// The numbers of all that were found.
    pub found: Vec<FactId>,
    /// The place of the first row.
    pub first: usize,
    /// How many stand where, whatever filter is chosen.
    pub states: Vec<(At, usize)>,
}

/// An entry as lists and pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Its number.
    pub id: FactId,
    /// The day of the event.
    pub date: Date,
    /// Whose account.
    pub account: HouseholdId,
    /// Group and number of the household.
    pub dwelling: String,
    /// The head of the household.
    pub head: String,
    /// Who did it, where one person did.
    pub person: Option<String>,
    /// What it is for.
    pub item: String,
    /// What people call the event.
    pub occasion: String,
    /// What happened.
    pub note: String,
    /// What it gives by the month's rule.
    pub gives: Option<i32>,
    /// What it counts, and why that is less.
    pub counted: Counted,
    /// The month in whose total it stands, where that is not its own.
    pub late_in: Option<Month>,
    /// Where it stands.
    pub state: State,
    /// The entry whose twin it may be.
    pub twin: Option<FactId>,
    /// The notice on which it was put up.
    pub notice: Option<FactId>,
    /// Whether the notice's line is objected to.
    pub is_objected: bool,
    /// Whether the person was told of the deduction.
    pub is_told: bool,
}

impl EntryRow {
    /// Returns where it stands, as the list sorts it.
    pub fn at(&self) -> At {
        let is_up = matches!(self.state, State::At(Stage::Noticed | Stage::Booked));
        if self.is_objected && is_up { At::Objected } else { At::of_state(self.state) }
    }
}

/// Returns the notices to which anybody objects: few of them, so that the lines of all others need no look.
pub(super) fn objected_notices(workspace: &Workspace) -> BTreeSet<FactId> {
    let of = |objection: &Record| match objection.value("notice") {
        Some(Value::Text(number)) => number.trim().parse().ok(),
        _ => None,
    };
    workspace.records_of(&OBJECTION).filter_map(|(_, objection)| of(objection)).collect()
}

/// Returns an entry of a village as pages show it.
pub fn row(workspace: &Workspace, village: &UnitCode, id: &FactId, entry: &AccountEntry) -> EntryRow {
    row_among(workspace, village, &objected_notices(workspace), id, entry)
}

/// Returns one of many entries; `objected` are the notices to which anybody objects.
pub(super) fn row_among(
    workspace: &Workspace,
    village: &UnitCode,
    objected: &BTreeSet<FactId>,
    id: &FactId,
    entry: &AccountEntry,
) -> EntryRow {
    let said = entry.said();
    let roster = workspace.villages.get(village).map(|village| &village.roster);
    let (dwelling, head) = roster.map(|roster| home_of(roster, &said.account)).unwrap_or_default();
    let name = |person: &_| roster.and_then(|roster| roster.people.get(person)).map(|person| person.name.clone());
    let notice = entry.notice();
    let looked_at = notice.as_ref().filter(|notice| objected.contains(*notice));
    let stands = looked_at.and_then(|notice| stands_for(workspace, notice, &said.account, said.person.as_ref()));
    EntryRow {
        id: id.clone(),
        date: said.date,
        account: said.account.clone(),
        dwelling,
        head,
        person: said.person.as_ref().map(|person| name(person).unwrap_or_else(|| person.to_string())),
        item: item_name(rules(workspace, village), said.date.month(), &said.item),
        occasion: said.occasion.clone(),
        note: said.note.clone(),
        gives: entry.gives,
        counted: entry.counted,
        late_in: entry.stands_in.filter(|month| *month != said.date.month()),
        state: entry.state,
        twin: entry.twin.clone(),
        notice,
        is_objected: matches!(stands, Some(LineState::Held | LineState::Disputed)),
        is_told: !entry.told.is_empty(),
    }
}

/// Returns the entries of a village that a query finds, the latest first.
pub fn list(workspace: &Workspace, village: &UnitCode, query: &Query, first: usize) -> Work {
    let Some(of) = workspace.villages.get(village) else { return Work::default() };
    let (wanted, objected) = (Wanted::new(&query.search), objected_notices(workspace));
    let typed = query.search.trim();
    let is_met = |row: &EntryRow| {
        let says = |text: &str| !text.is_empty() && text.contains(typed);
        let household = of.roster.households.get(&row.account);
        let heads = household.and_then(|household| household.head.as_ref()).and_then(|head| of.roster.people.get(head));
        let pinyin = heads.map(|head| head.pinyin.as_str()).unwrap_or_default();
        wanted.is_met_by(&row.head, pinyin, household)
            || row.person.as_deref().is_some_and(says)
            || says(&row.occasion)
            || says(&row.item)
            || row.id.to_string().eq_ignore_ascii_case(typed)
    };
    let of_month = of
        .points
        .entries
        .iter()
        .filter(|(_, entry)| query.month.is_none_or(|month| entry.said().date.month() == month));
    let mut rows: Vec<EntryRow> =
        of_month.map(|(id, entry)| row_among(workspace, village, &objected, id, entry)).filter(is_met).collect();
    let mut counts: BTreeMap<At, usize> = BTreeMap::new();
    rows.iter().for_each(|row| *counts.entry(row.at()).or_default() += 1);
    let states = At::ALL.into_iter().filter_map(|at| Some((at, *counts.get(&at)?))).collect();
    rows.retain(|row| query.at.is_none_or(|at| row.at() == at));
    rows.sort_by(|a, b| (b.date, &b.id).cmp(&(a.date, &a.id)));
    let found: Vec<FactId> = rows.iter().map(|row| row.id.clone()).collect();
    let first = window(first, rows.len(), ROWS_SHOWN);
    let rows = rows.into_iter().skip(first).take(ROWS_SHOWN).collect();
    Work { rows, found, first, states }
}

/// Words that stand in for those that somebody is yet to write, so that what is missing is nobody's refusal.
const ANY_WORDS: &str = "-";

/// Tells whether somebody may take a step with an entry, or why not.
pub fn may_step(
    workspace: &Workspace,
    me: &Holder,
    village: &UnitCode,
    today: Date,
    step: PointStep,
    entry: &FactId,
) -> Result<(), Refusal> {
    let wish = PointsWish::Step { step, entries: vec![entry.clone()], words: ANY_WORDS.to_owned() };
    may(workspace, me, village, today, wish)
}
