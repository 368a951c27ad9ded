//! Claiming points: what happened, when, and who took part; one save for everybody at an event.

use std::collections::BTreeSet;

use shared::domain::Workspace;
use shared::domain::command::{PointsWish, Refusal};
use shared::domain::points::fact::PointClaim;
use shared::domain::rulebook::points::{PointItem, PointsRule};
use shared::id::{HouseholdId, ItemId, PersonId, UnitCode};
use shared::identity::Holder;
use shared::time::Date;

use super::{home_of, may, natural, rules, window};
use crate::state::people::{Wanted, dwelling};

/// The most rows that stand on a page at once.
pub const ROWS_SHOWN: usize = 60;
/// Between the parts of a kept draft: nobody types it.
const PART: char = '\u{1f}';
/// Between the names of a kept draft.
const NAME: char = ',';

/// A claim as far as it was filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimDraft {
    /// The day of the event.
    pub date: String,
    /// The item, by its identifier; empty before one is chosen.
    pub item: String,
    /// What people call the event.
    pub occasion: String,
    /// What happened.
    pub note: String,
    /// Whether households are ticked and not people.
    pub by_household: bool,
    /// Who took part: people or households, by identifier.
    pub ticked: BTreeSet<String>,
}

/// What is left to fill in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimFault {
    /// The day is none.
    Date,
    /// No rule of points holds in the month.
    NoRule,
    /// No item of the month's rule is chosen.
    Item,
    /// A deduction says what happened.
    Note,
    /// Nobody is ticked.
    Nobody,
}

/// Somebody who may have taken part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The person or the household, by identifier.
    pub key: String,
    /// The name, or the head of the household.
    pub name: String,
    /// Group and number of the household.
    pub dwelling: String,
    /// Whether they are ticked.
    pub is_ticked: bool,
    /// Why nothing can be claimed for them.
    pub why: Option<Refusal>,
}

/// Those whom a search finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The rows of the window.
    pub rows: Vec<Candidate>,
    /// How many there are.
    pub found: usize,
    /// The place of the first row.
    pub first: usize,
}

impl ClaimDraft {
    /// Begins with a day.
    pub fn new(today: Option<Date>) -> Self {
        Self { date: today.map(|today| today.to_string()).unwrap_or_default(), ..Self::default() }
    }

    /// Tells whether nothing was filled in that would be missed.
    pub fn is_untouched(&self) -> bool {
        self.item.is_empty() && self.occasion.is_empty() && self.note.is_empty() && self.ticked.is_empty()
    }

    /// Writes it as one text, to be kept until it is recorded.
    pub fn to_text(&self) -> String {
        let ticked: Vec<&str> = self.ticked.iter().map(String::as_str).collect();
        let by = if self.by_household { "h" } else { "p" };
        let ticked = ticked.join(&NAME.to_string());
        [&self.date, &self.item, &self.occasion, &self.note, by, &ticked].join(&PART.to_string())
    }

    /// Reads a kept text; what is missing is empty.
    pub fn from_text(text: &str) -> Self {
        let mut parts = text.split(PART).map(str::to_owned);
        let mut next = || parts.next().unwrap_or_default();
        let (date, item, occasion, note, by, ticked) = (next(), next(), next(), next(), next(), next());
        let ticked = ticked.split(NAME).filter(|key| !key.is_empty()).map(str::to_owned).collect();
        Self { date, item, occasion, note, by_household: by == "h", ticked }
    }

    fn day(&self) -> Option<Date> {
        self.date.trim().parse().ok()
    }

    /// Returns the month's rule.
    pub fn rule<'a>(&self, workspace: &'a Workspace, village: &UnitCode) -> Option<&'a PointsRule> {
        rules(workspace, village).of_month(self.day()?.month())
    }

    /// Returns the chosen item of the month's rule.
    pub fn chosen<'a>(&self, workspace: &'a Workspace, village: &UnitCode) -> Option<&'a PointItem> {
        let item: ItemId = self.item.parse().ok()?;
        self.rule(workspace, village)?.item(&item)
    }

    /// Returns what it claims for somebody.
    fn claim(&self, workspace: &Workspace, village: &UnitCode, key: &str) -> Option<PointClaim> {
        let roster = &workspace.villages.get(village)?.roster;
        let (account, person) = match self.by_household {
            true => (HouseholdId::new(key).ok()?, None),
            false => {
                let person = roster.people.get(&PersonId::new(key).ok()?)?;
                (person.household.clone(), Some(person.id.clone()))
            }
        };
        Some(PointClaim {
            account,
            person,
            item: self.item.parse().ok()?,
            date: self.day()?,
            points: None,
            occasion: self.occasion.trim().to_owned(),
            note: self.note.trim().to_owned(),
        })
    }

    /// Returns the wish, a claim for everybody who is ticked, or everything that is left to fill in.
    pub fn wish(&self, workspace: &Workspace, village: &UnitCode) -> Result<PointsWish, Vec<ClaimFault>> {
        let mut faults = Vec::new();
        let chosen = self.chosen(workspace, village);
        match (self.day(), self.rule(workspace, village), chosen) {
            (None, ..) => faults.push(ClaimFault::Date),
            (_, None, _) => faults.push(ClaimFault::NoRule),
            (_, _, None) => faults.push(ClaimFault::Item),
            _ => {}
        }
        if self.note.trim().is_empty() && chosen.is_some_and(|item| item.points < 0) {
            faults.push(ClaimFault::Note);
        }
        let claims: Vec<PointClaim> =
            self.ticked.iter().filter_map(|key| self.claim(workspace, village, key)).collect();
        if claims.is_empty() && (faults.is_empty() || self.ticked.is_empty()) {
            faults.push(ClaimFault::Nobody);
        }
        if faults.is_empty() { Ok(PointsWish::Claim(claims)) } else { Err(faults) }
    }
}

/// Returns those whom a search finds, with why nothing can be claimed for some of them.
///
/// A role that may not claim at all is said once for all and not beside every name.
pub fn candidates(
    workspace: &Workspace,
    me: &Holder,
    village: &UnitCode,
    today: Date,
    draft: &ClaimDraft,
    search: &str,
    first: usize,
) -> Candidates {
    let Some(of) = workspace.villages.get(village) else { return Candidates::default() };
    let (roster, wanted) = (&of.roster, Wanted::new(search));
    let mut all: Vec<(String, String, String, String)> = Vec::new();
    if draft.by_household {
        for household in roster.households.values() {
            let (dwelling, head) = home_of(roster, &household.id);
            let of_head = household.head.as_ref().and_then(|head| roster.people.get(head));
            let pinyin = of_head.map(|head| head.pinyin.as_str()).unwrap_or_default();
            if wanted.is_met_by(&head, pinyin, Some(household)) {
                all.push((household.id.to_string(), household.id.to_string(), head, dwelling));
            }
        }
    } else {
        for person in roster.people.values().filter(|person| !person.hidden) {
            let household = roster.households.get(&person.household);
            if wanted.is_met_by(&person.name, &person.pinyin, household) {
                let home = household.map(|home| dwelling(&home.group, &home.number)).unwrap_or_default();
                all.push((person.household.to_string(), person.id.to_string(), person.name.clone(), home));
            }
        }
    }
    all.sort_by(|(a, a_key, ..), (b, b_key, ..)| (natural(a), a_key).cmp(&(natural(b), b_key)));
    let first = window(first, all.len(), ROWS_SHOWN);
    let is_ready = draft.chosen(workspace, village).is_some();
    let row = |(_, key, name, dwelling): (String, String, String, String)| {
        let why = || {
            let mut claim = draft.claim(workspace, village, &key)?;
            // What is left to write is for the form to say.
            if claim.note.is_empty() {
                claim.note = "-".to_owned();
            }
            let wish = PointsWish::Claim(vec![claim]);
            let refusal = may(workspace, me, village, today, wish).err()?;
            (!matches!(refusal, Refusal::Role { .. } | Refusal::OtherVillage)).then_some(refusal)
        };
        let why = if is_ready { why() } else { None };
        Candidate { is_ticked: draft.ticked.contains(&key), key, name, dwelling, why }
    };
    let found = all.len();
    Candidates { rows: all.into_iter().skip(first).take(ROWS_SHOWN).map(row).collect(), found, first }
}

/// Tells whether somebody may claim at all.
pub fn may_claim(workspace: &Workspace, me: &Holder, village: &UnitCode, today: Date) -> Result<(), Refusal> {
    match may(workspace, me, village, today, PointsWish::Claim(Vec::new())) {
        Err(refusal @ (Refusal::Role { .. } | Refusal::OtherVillage)) => Err(refusal),
        _ => Ok(()),
    }
}
