//! What accounts have: base, earned, shared and linked points, and goods that were asked for and handed over.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fact::{HonourShare, PointFact, Redemption};
use super::journal::Signed;
use super::people::People;
use super::state::{Accounts, Flag, Flaw, PointsNote};
use crate::domain::divergence::{Claim, Voice, settle};
use crate::domain::rulebook::points::RulesOf;
use crate::id::{DeviceNumber, FactId, HouseholdId};
use crate::time::Month;

/// What an account has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// What it started with.
    pub base: i64,
    /// What its entries and adjustments count together.
    pub earned: i64,
    /// What it got from a household that split, less what it gave.
    pub shared: i64,
    /// What was handed over for points.
    pub handed_over: i64,
    /// What is asked for and not handed over.
    pub pending: i64,
}

impl Balance {
    /// Returns the honour points (荣誉积分), which no redemption lessens.
    pub fn honour(self) -> i64 {
        self.base + self.earned + self.shared
    }

    /// Returns the spendable points (兑换积分): what entries count, less what was handed over.
    ///
    /// Neither the base nor what was shared can be spent: both are honour.
    pub fn spendable(self) -> i64 {
        self.earned - self.handed_over
    }

    /// Returns what can be asked for besides what is pending.
    pub fn free(self) -> i64 {
        self.spendable() - self.pending
    }

    fn plus(self, other: Self) -> Self {
        Self {
            base: self.base + other.base,
            earned: self.earned + other.earned,
            shared: self.shared + other.shared,
            handed_over: self.handed_over + other.handed_over,
            pending: self.pending + other.pending,
        }
    }
}

/// Accounts that are linked, each with its balance, and their sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedAccounts {
    /// The accounts.
    pub accounts: BTreeMap<HouseholdId, Balance>,
    /// Their sum.
    pub sum: Balance,
}

/// A redemption and how far it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent {
    /// Who wrote it down.
    pub asked: Voice,
    /// What was asked for.
    pub redemption: Redemption,
    /// Where it stands.
    pub state: SpentState,
}

/// How far a redemption came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpentState {
    /// Asked for; the goods stay where they are.
    Pending,
    /// The goods changed hands.
    HandedOver,
    /// It is wanted no more.
    Cancelled,
}

/// Returns an account and all that are linked with it.
pub(super) fn linked(accounts: &Accounts, account: &HouseholdId) -> LinkedAccounts {
    let (mut found, mut next) = (BTreeSet::new(), vec![account]);
    while let Some(account) = next.pop() {
        if found.insert(account) {
            next.extend(accounts.links.get(account));
            next.extend(accounts.links.iter().filter(|(_, into)| *into == account).map(|(from, _)| from));
        }
    }
    let balances: BTreeMap<_, _> =
        found.into_iter().map(|account| (account.clone(), accounts.balance(account))).collect();
    let sum = balances.values().copied().fold(Balance::default(), Balance::plus);
    LinkedAccounts { accounts: balances, sum }
}

/// Fills in what becomes of accounts besides their entries; `others` come in the order of their numbers.
pub(super) fn fill(
    accounts: &mut Accounts,
    others: &[&Arc<Signed<PointFact>>],
    people: People<'_>,
    rules: RulesOf<'_>,
) {
    let namings = name_keeper(accounts, others);
    redeem(accounts, others, &namings);
    for signed in others {
        match &signed.fact.value {
            PointFact::Shared(_) => accounts.shares.push(Arc::clone(signed)),
            // Linked twice is linked; of two links of one account the first by number stands.
            PointFact::Linked(link) => _ = accounts.links.entry(link.from.clone()).or_insert_with(|| link.into.clone()),
            _ => {}
        }
    }
    balance(accounts, people, rules);
}

/// Settles who keeps the ledger, and returns every naming that was made.
fn name_keeper(accounts: &mut Accounts, others: &[&Arc<Signed<PointFact>>]) -> BTreeMap<FactId, DeviceNumber> {
    let (mut namings, mut claims) = (BTreeMap::new(), Vec::new());
    for signed in others {
        let PointFact::Keeper(named) = &signed.fact.value else { continue };
        namings.insert(signed.id().clone(), named.device);
        claims.push(Claim { voice: Voice::of(&signed.fact), value: named.device, replaces: &named.replaces });
    }
    accounts.keeper = settle(claims);
    namings
}

/// Takes what was handed over by a device that was named for it; what another says it handed over stays pending.
fn redeem(accounts: &mut Accounts, others: &[&Arc<Signed<PointFact>>], namings: &BTreeMap<FactId, DeviceNumber>) {
    for signed in others {
        let PointFact::Asked(redemption) = &signed.fact.value else { continue };
        let (asked, redemption) = (Voice::of(&signed.fact), redemption.clone());
        accounts.redemptions.insert(signed.id().clone(), Spent { asked, redemption, state: SpentState::Pending });
    }
    for signed in others {
        let (of, flaw, state) = match &signed.fact.value {
            PointFact::HandedOver(handed) => {
                let is_keeper = namings.get(&handed.keeper) == Some(&signed.author().device);
                (&handed.redemption, (!is_keeper).then_some(Flaw::NotKeeper), SpentState::HandedOver)
            }
            PointFact::Cancelled(cancelled) => (&cancelled.redemption, None, SpentState::Cancelled),
            _ => continue,
        };
        let spent = accounts.redemptions.get_mut(of);
        let flaw = flaw.or(spent.is_none().then_some(Flaw::NoEntry));
        match (spent, flaw) {
            (Some(spent), None) => {
                // Goods that are gone are gone, whoever cancelled meanwhile.
                if spent.state != SpentState::Pending && spent.state != state {
                    accounts.flags.push(Flag::CancelledToo(of.clone()));
                }
                if spent.state != SpentState::HandedOver {
                    spent.state = state;
                }
            }
            (_, flaw) => {
                let flaw = flaw.unwrap_or(Flaw::NoEntry);
                accounts.notes.push(PointsNote { fact: signed.id().clone(), entry: None, flaw });
            }
        }
    }
}

fn balance(accounts: &mut Accounts, people: People<'_>, rules: RulesOf<'_>) {
    let mut balances: BTreeMap<HouseholdId, Balance> = BTreeMap::new();
    for account in people.households() {
        balances.insert(account.clone(), Balance::default());
    }
    for (account, months) in &accounts.months {
        balances.entry(account.clone()).or_default().earned = months.values().sum();
    }
    for share in accounts.shares.iter().filter_map(|signed| share_of(signed)) {
        balances.entry(share.from.clone()).or_default().shared -= i64::from(share.points);
        balances.entry(share.to.clone()).or_default().shared += i64::from(share.points);
    }
    for (id, spent) in &accounts.redemptions {
        let points = i64::from(spent.redemption.points);
        let balance = balances.entry(spent.redemption.account.clone()).or_default();
        match spent.state {
            SpentState::Pending => balance.pending += points,
            SpentState::HandedOver => {
                balance.handed_over += points;
                if people.lives_with(&spent.redemption.account, &accounts.cadres) {
                    accounts.flags.push(Flag::Cadre(id.clone()));
                }
            }
            SpentState::Cancelled => {}
        }
    }
    // The first month in which anything counts says by which rule accounts started; else the latest rule of all.
    let last = rules.latest().map_or(0, |rule| rule.base);
    for (account, balance) in &mut balances {
        let first: Option<&Month> = accounts.months.get(account).and_then(|months| months.keys().next());
        let base = first.and_then(|month| rules.of_month(*month)).map_or(last, |rule| rule.base);
        balance.base = i64::from(base);
        if balance.handed_over > 0 && balance.spendable() < 0 {
            accounts.flags.push(Flag::Negative(account.clone()));
        }
    }
    accounts.balances = balances;
}

fn share_of(signed: &Signed<PointFact>) -> Option<&HonourShare> {
    match &signed.fact.value {
        PointFact::Shared(share) => Some(share),
        _ => None,
    }
}
