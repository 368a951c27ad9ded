//! One account, recomputed line by line: where it started, what each entry counts, what was shared, spent and linked.

use shared::domain::command::{PointsWish, Refusal};
use shared::domain::meeting::Author;
use shared::domain::points::fact::{PointFact, Redemption};
use shared::domain::points::{Balance, People, Short, SpentState};
use shared::domain::{Village, Workspace};
use shared::id::{FactId, HouseholdId, PersonId, UnitCode};
use shared::identity::Holder;
use shared::time::{Date, Month};

use super::work::{self, EntryRow};
use super::{home_of, item_name, may, rules};
use crate::state::register::author;

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Whose.
    pub id: HouseholdId,
    /// Group and number of the household.
    pub dwelling: String,
    /// The head of the household.
    pub head: String,
    /// Who lives there.
    pub people: Vec<Resident>,
    /// What it has.
    pub balance: Balance,
    /// The honour points, line by line, in the order of their months.
    pub lines: Vec<Line>,
    /// What it came to, year by year, the latest first; of each its months, whether closed, and what they came to.
    pub years: Vec<Year>,
    /// Its entries, the latest first, whatever their state.
    pub entries: Vec<EntryRow>,
    /// Accounts that are linked with it, with what they have.
    pub linked: Vec<(HouseholdId, String, i64)>,
    /// What it has together with them, where there are any.
    pub together: Option<i64>,
    /// Whether this month's rule exchanges points for goods.
    pub redeems: bool,
    /// What was asked for in exchange for points, the latest first.
    pub spent: Vec<SpentRow>,
    /// Who keeps the ledger and hands goods over: the holder of a device, or this one.
    pub is_keeper: bool,
    /// Whether the viewer may share honour points or link accounts.
    pub may_settle: Result<(), Refusal>,
    /// Whether the viewer may write down what the household asks for.
    pub may_redeem: Result<(), Refusal>,
}

/// Somebody who lives in the household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    /// Who.
    pub id: PersonId,
    /// The name.
    pub name: String,
    /// Whether they are a minor, whose points are the household's.
    pub is_minor: bool,
    /// What entries that name them came to.
    pub points: i64,
}

/// A year of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Year {
    /// Which.
    pub year: i32,
    /// What it came to.
    pub points: i64,
    /// Its months, the latest first.
    pub months: Vec<(Month, i64, bool)>,
}

/// A line of the sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What.
    pub what: What,
    /// How much.
    pub points: i64,
    /// What all lines up to this one come to.
    pub running: i64,
}

/// What a line of the sum is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Where the account started.
    Base,
    /// An entry that counts.
    Entry {
        /// Its number.
        id: FactId,
        /// The day of the event.
        date: Date,
        /// What it is for.
        item: String,
        /// What it gives.
        gives: i64,
        /// Why it counts less.
        short: Option<Short>,
        /// The later month in which it stands, where its own was closed.
        late_in: Option<Month>,
    },
    /// An entry of a closed month that was taken back in a later one.
    TakenBack {
        /// Its number.
        id: FactId,
        /// The closed month.
        of: Month,
        /// The month in which it is taken back.
        stands_in: Month,
    },
    /// Honour points that were shared when a household split.
    Shared {
        /// The other household.
        with: String,
        /// Who agreed, and where.
        words: String,
    },
}

/// Goods that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpentRow {
    /// The number.
    pub id: FactId,
    /// What was asked for.
    pub redemption: Redemption,
    /// How far it came.
    pub state: SpentState,
    /// Whether the viewer may hand the goods over.
    pub may_hand_over: Result<(), Refusal>,
}

/// Returns an account of a village; nothing where neither roster nor accounts have it.
pub fn account(
    workspace: &Workspace,
    me: &Holder,
    village: &UnitCode,
    today: Date,
    id: &HouseholdId,
) -> Option<Account> {
    let of = workspace.villages.get(village)?;
    let (roster, accounts) = (&of.roster, &of.points);
    if !roster.households.contains_key(id) && !accounts.balances.contains_key(id) {
        return None;
    }
    let (dwelling, head) = home_of(roster, id);
    let rules = rules(workspace, village);
    // Before the first entry of all nothing is folded, and everybody has the base.
    let start = || Balance { base: rules.latest().map_or(0, |rule| i64::from(rule.base)), ..Balance::default() };
    let balance = accounts.balances.get(id).copied().unwrap_or_else(start);
    let objected = work::objected_notices(workspace);
    let mut entries: Vec<EntryRow> = accounts
        .entries
        .iter()
        .filter(|(_, entry)| entry.said().account == *id)
        .map(|(number, entry)| work::row_among(workspace, village, &objected, number, entry))
        .collect();
    entries.sort_by(|a, b| (b.date, &b.id).cmp(&(a.date, &a.id)));
    let people = roster.people.values().filter(|person| person.household == *id && !person.hidden);
    let resident = |person: &shared::domain::person::Person| Resident {
        id: person.id.clone(),
        name: person.name.clone(),
        is_minor: People::of(roster).is_minor(&person.id, today),
        points: accounts.persons.get(&person.id).map_or(0, |months| months.values().sum()),
    };
    let linked = accounts.linked(id);
    let together = (linked.accounts.len() > 1).then(|| linked.sum.honour());
    let others = linked.accounts.into_iter().filter(|(other, _)| other != id);
    let (wish, ask) = (|wish| may(workspace, me, village, today, wish), accounts.redemptions.iter());
    let spent = ask.filter(|(_, spent)| spent.redemption.account == *id).map(|(number, spent)| SpentRow {
        id: number.clone(),
        redemption: spent.redemption.clone(),
        state: spent.state,
        may_hand_over: wish(PointsWish::HandOver(number.clone())),
    });
    let spent: Vec<SpentRow> = spent.collect();
    Some(Account {
        id: id.clone(),
        dwelling,
        head,
        people: people.map(resident).collect(),
        balance,
        lines: lines(workspace, of, village, id, balance),
        years: years(of, id),
        entries,
        linked: others.map(|(other, balance)| (other.clone(), home_of(roster, &other).0, balance.honour())).collect(),
        together,
        redeems: rules.of_month(today.month()).is_some_and(|rule| rule.redemption),
        spent: spent.into_iter().rev().collect(),
        is_keeper: accounts.keeper.agreed() == Some(&me.device),
        may_settle: who(wish(super::split::probe(id))),
        may_redeem: wish(PointsWish::Redeem(Redemption {
            account: id.clone(),
            points: 1,
            goods: "-".to_owned(),
            date: today,
        })),
    })
}

/// Keeps of a refusal what is about who asks; what is about what was filled in is for the form to say.
fn who(may: Result<(), Refusal>) -> Result<(), Refusal> {
    match may {
        Err(refusal @ (Refusal::Role { .. } | Refusal::OtherVillage)) => Err(refusal),
        _ => Ok(()),
    }
}

/// Returns the sum of an account's honour points line by line; the last running number is the balance.
fn lines(workspace: &Workspace, of: &Village, village: &UnitCode, id: &HouseholdId, balance: Balance) -> Vec<Line> {
    let rules = rules(workspace, village);
    let accounts = &of.points;
    let mut counted: Vec<((Month, Date, FactId), What, i64)> = Vec::new();
    for (number, entry) in &accounts.entries {
        let said = entry.said();
        if said.account != *id {
            continue;
        }
        if let Some(stands_in) = entry.stands_in {
            let what = What::Entry {
                id: number.clone(),
                date: said.date,
                item: item_name(rules, said.date.month(), &said.item),
                gives: entry.gives.map_or(0, i64::from),
                short: entry.counted.short,
                late_in: Some(stands_in).filter(|month| *month != said.date.month()),
            };
            counted.push(((stands_in, said.date, number.clone()), what, entry.counted.points));
        }
        let back =
            accounts.adjustments.iter().filter(|adjustment| adjustment.takes_back && adjustment.entry == *number);
        for back in back {
            let what = What::TakenBack { id: number.clone(), of: back.of, stands_in: back.stands_in };
            counted.push(((back.stands_in, said.date, number.clone()), what, back.points));
        }
    }
    counted.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    let shared = accounts.shares.iter().filter_map(|signed| match &signed.fact.value {
        PointFact::Shared(share) if share.from == *id || share.to == *id => {
            let (other, sign) = if share.from == *id { (&share.to, -1) } else { (&share.from, 1) };
            let what = What::Shared { with: home_of(&of.roster, other).0, words: share.words.clone() };
            Some((what, sign * i64::from(share.points)))
        }
        _ => None,
    });
    let start = std::iter::once((What::Base, balance.base));
    let all = start.chain(counted.into_iter().map(|(_, what, points)| (what, points))).chain(shared);
    let mut running = 0;
    let line = |(what, points): (What, i64)| {
        running += points;
        Line { what, points, running }
    };
    all.map(line).collect()
}

fn years(of: &Village, id: &HouseholdId) -> Vec<Year> {
    let mut years: Vec<Year> = Vec::new();
    for (month, points) in of.points.months.get(id).into_iter().flatten().rev() {
        let (year, line) = (month.parts().0, (*month, *points, of.points.is_closed(*month)));
        match years.last_mut().filter(|last| last.year == year) {
            Some(last) => {
                last.points += points;
                last.months.push(line);
            }
            None => years.push(Year { year, points: *points, months: vec![line] }),
        }
    }
    years
}

/// Something that happened to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// It was claimed.
    Claimed,
    /// It was moved on, held or released, with these words.
    Stepped(shared::domain::points::flow::PointStep, String),
    /// The person was told, and answered.
    Told(Date, String),
    /// It was cancelled, for this reason.
    Reversed(String),
}

/// One line of an entry's story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What.
    pub what: Happened,
    /// Who; nothing while their certificate is not here.
    pub by: Option<String>,
    /// When, by the clock of that device.
    pub at: shared::time::Instant,
    /// The number.
    pub fact: FactId,
}

/// Returns what happened to an entry, the latest first.
pub fn story(workspace: &Workspace, village: &UnitCode, id: &FactId) -> Vec<Moment> {
    let entry = workspace.villages.get(village).and_then(|village| village.points.entries.get(id));
    let Some(entry) = entry else { return Vec::new() };
    let name = |by: &Author| author(workspace, by);
    let mut moments = vec![Moment {
        what: Happened::Claimed,
        by: name(entry.claim.author()),
        at: entry.claim.fact.at,
        fact: id.clone(),
    }];
    moments.extend(entry.history.iter().map(|moving| Moment {
        what: Happened::Stepped(moving.fact.value.step, moving.fact.value.words.clone()),
        by: name(moving.author()),
        at: moving.fact.at,
        fact: moving.id().clone(),
    }));
    moments.extend(entry.told.iter().map(|told| Moment {
        what: Happened::Told(told.fact.value.date, told.fact.value.answer.clone()),
        by: name(told.author()),
        at: told.fact.at,
        fact: told.id().clone(),
    }));
    moments.extend(entry.reversed.iter().map(|reversed| Moment {
        what: Happened::Reversed(reversed.fact.value.reason.clone()),
        by: name(reversed.author()),
        at: reversed.fact.at,
        fact: reversed.id().clone(),
    }));
    moments.sort_by(|a, b| (b.at, &b.fact).cmp(&(a.at, &a.fact)));
    moments
}
