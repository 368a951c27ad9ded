//! What entries count, stretch by stretch: caps, late entries, and what is taken back.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fact::PointClaim;
use super::journal::Signed;
use super::people::People;
use super::state::Adjustment;
use super::{Counted, Short, Used};
use crate::digest;
use crate::domain::rulebook::points::PointsRule;
use crate::id::{HouseholdId, PersonId};
use crate::time::{Date, Month};

/// What the digest of a closed month is a digest of.
const PURPOSE: &str = "pingyi/points";

/// An entry that counts, from the stretch in which it began to.
pub(super) struct Part<'a> {
    /// Its place.
    pub at: usize,
    pub claim: &'a Arc<Signed<PointClaim>>,
    /// What it gives by its month's rule.
    pub gives: i32,
    /// The stretch in which it began to count, and the month in whose total it stands.
    pub landed: (usize, Month),
    /// The same for what takes it back.
    pub back: Option<(usize, Month)>,
    /// Whether its month was closed before it counted.
    pub is_late: bool,
}

/// What all accounts come to.
#[derive(Default)]
pub(super) struct Totals {
    pub months: BTreeMap<HouseholdId, BTreeMap<Month, i64>>,
    pub persons: BTreeMap<PersonId, BTreeMap<Month, i64>>,
    pub adjustments: Vec<Adjustment>,
    /// By place: what the entry counts, and the month in whose total that stands.
    pub counted: Vec<(Counted, Option<Month>)>,
}

/// Something that happens to an account: in which stretch, whether points are taken and not given back, and for what.
///
/// Within a stretch what is taken back comes first, and the rest goes by date and number.
type Event = (usize, bool, Date, usize);

/// Counts parts month by month and account by account; their order does not matter.
pub(super) fn total<'a>(
    mut parts: Vec<Part<'a>>,
    count: usize,
    rule_of: impl Fn(Month) -> Option<&'a PointsRule>,
    people: People<'_>,
) -> Totals {
    let nothing = (Counted { points: 0, short: Some(Short::NotBooked) }, None);
    let mut totals = Totals { counted: vec![nothing; count], ..Totals::default() };
    parts.sort_by(|a, b| a.key().cmp(&b.key()));
    for group in parts.chunk_by(|a, b| a.key() == b.key()) {
        let Some((account, month)) = group.first().map(Part::key) else { continue };
        let Some(rule) = rule_of(month) else { continue };
        let mut events: Vec<(Event, &Part<'_>)> = Vec::with_capacity(group.len());
        for part in group {
            let date = part.claim.fact.value.date;
            events.push(((part.landed.0, true, date, part.at), part));
            events.extend(part.back.map(|(stretch, _)| ((stretch, false, date, part.at), part)));
        }
        events.sort_by_key(|(event, _)| *event);
        let mut used = Used::default();
        let mut months: BTreeMap<Month, i64> = BTreeMap::new();
        for ((_, takes, date, at), part) in events {
            let Some(item) = rule.item(&part.claim.fact.value.item) else { continue };
            let (points, stands_in) = if takes {
                let counted = used.take(rule, item, date, part.gives);
                totals.counted[at] = (counted, Some(part.landed.1));
                (counted.points, part.landed.1)
            } else {
                let points = totals.counted[at].0.points;
                used.give_back(item, date, points);
                (-points, part.back.map_or(month, |(_, month)| month))
            };
            *months.entry(stands_in).or_default() += points;
            totals.add_to_person(part, stands_in, points, people);
            if part.is_late || !takes {
                let entry = part.claim.id().clone();
                totals.adjustments.push(Adjustment { entry, of: month, stands_in, points, takes_back: !takes });
            }
        }
        let all = match totals.months.get_mut(account) {
            Some(all) => all,
            None => totals.months.entry(account.clone()).or_default(),
        };
        for (month, points) in months {
            *all.entry(month).or_default() += points;
        }
    }
    totals.adjustments.sort();
    totals
}

impl Part<'_> {
    fn key(&self) -> (&HouseholdId, Month) {
        let claim = &self.claim.fact.value;
        (&claim.account, claim.date.month())
    }
}

impl Totals {
    /// Adds to whom the entry names, unless the household's account takes it for a minor.
    fn add_to_person(&mut self, part: &Part<'_>, month: Month, points: i64, people: People<'_>) {
        let claim = &part.claim.fact.value;
        let Some(person) = claim.person.as_ref().filter(|person| !people.is_minor(person, claim.date)) else { return };
        if !self.persons.contains_key(person) {
            self.persons.insert(person.clone(), BTreeMap::new());
        }
        if let Some(months) = self.persons.get_mut(person) {
            *months.entry(month).or_default() += points;
        }
    }
}

/// Returns the digest of what accounts came to behind one month, if any, and up to another.
pub(super) fn digest(
    accounts: &BTreeMap<HouseholdId, BTreeMap<Month, i64>>,
    behind: Option<Month>,
    to: Month,
) -> [u8; 32] {
    let mut text = String::new();
    for (account, months) in accounts {
        for (month, points) in months.range(..=to).filter(|(month, _)| behind.is_none_or(|last| **month > last)) {
            text.push_str(&format!("{account} {month} {points}\n"));
        }
    }
    digest::of_text(PURPOSE, &text)
}
