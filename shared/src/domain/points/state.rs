//! A village's points accounts as they follow from what was recorded: entries, totals, adjustments, flags.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Counted;
use super::fact::{MonthSeal, Moving, PointClaim, Reversal, Telling};
use super::flow::{PointStep, Stage, State};
use super::journal::Signed;
use super::people::People;
use super::spending::{Balance, LinkedAccounts, Spent};
use super::walk;
use crate::domain::divergence::Settled;
use crate::domain::meeting::Author;
use crate::id::{DeviceCode, DeviceNumber, FactId, HouseholdId, PersonId};
use crate::role::{Role, Roles};
use crate::time::{Month, Quarter};

/// A village's points accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accounts {
    /// Every entry, by number.
    pub entries: BTreeMap<FactId, AccountEntry>,
    /// What each account came to in a month, with the adjustments that stand in it; months of nothing are absent.
    pub months: BTreeMap<HouseholdId, BTreeMap<Month, i64>>,
    /// The same by the person that entries name; minors have no points in their own name.
    pub persons: BTreeMap<PersonId, BTreeMap<Month, i64>>,
    /// What late and cancelled entries of closed months change in later ones (DOMAIN section 6, rule 13), by entry.
    pub adjustments: Vec<Adjustment>,
    /// Each account's balance; accounts of which nothing is recorded have the rule's base alone.
    pub balances: BTreeMap<HouseholdId, Balance>,
    /// Seals of closed months, by month.
    pub closed: BTreeMap<Month, Arc<Signed<MonthSeal>>>,
    /// Booked entries and reversals that the roster keeps from counting; the next seal names those of its months.
    pub barred: BTreeSet<FactId>,
    /// Redemptions, by number.
    pub redemptions: BTreeMap<FactId, Spent>,
    /// Honour points that were shared.
    pub shares: Vec<Arc<Signed<super::fact::PointFact>>>,
    /// Accounts that were linked: each with the one whose sum it is part of.
    pub links: BTreeMap<HouseholdId, HouseholdId>,
    /// Which device hands over goods.
    pub keeper: Settled<DeviceNumber>,
    /// People who hold a post by which they cannot redeem.
    pub cadres: BTreeSet<PersonId>,
    /// What somebody should look at.
    pub flags: Vec<Flag>,
    /// What does not count, and why.
    pub notes: Vec<PointsNote>,
    /// The last fact of each device.
    pub up_to: BTreeMap<DeviceCode, u32>,
}

/// One entry of an account (积分记录).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountEntry {
    /// What was claimed, by whom.
    pub claim: Arc<Signed<PointClaim>>,
    /// Where it stands.
    pub state: State,
    /// The stages that stand: one, or two where people moved it apart.
    pub stages: Vec<Stage>,
    /// What it gives by the month's rule; nothing where no rule of the month has the item.
    pub gives: Option<i32>,
    /// What it counts, and why that is less.
    pub counted: Counted,
    /// The month in whose total that stands: its own, or a later one where it came late.
    pub stands_in: Option<Month>,
    /// The entry of which it is suspected to be a twin (E25).
    pub twin: Option<FactId>,
    /// The moves that count, in order.
    pub history: Vec<Arc<Signed<Moving>>>,
    /// What the person was told and answered.
    pub told: Vec<Arc<Signed<Telling>>>,
    /// What cancels it.
    pub reversed: Option<Arc<Signed<Reversal>>>,
}

/// What a late or a cancelled entry of a closed month changes in a later one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Adjustment {
    /// The entry, which names account, person and day.
    pub entry: FactId,
    /// The closed month that it is about.
    pub of: Month,
    /// The month in whose total it stands.
    pub stands_in: Month,
    /// How much.
    pub points: i64,
    /// Whether it takes back what the entry had counted.
    pub takes_back: bool,
}

/// Something that somebody should look at; nothing follows from it by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// More was handed over than the account has (E28).
    Negative(HouseholdId),
    /// Goods were handed over to the household of a cadre.
    Cadre(FactId),
    /// Goods were handed over and the redemption was cancelled elsewhere.
    CancelledToo(FactId),
    /// No rule holds on the first day of a month that has entries.
    NoRule(Month),
}

/// Something that does not count, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PointsNote {
    /// The fact.
    pub fact: FactId,
    /// The entry for which it does not count; nothing where it counts for none.
    pub entry: Option<FactId>,
    /// Why.
    pub flaw: Flaw,
}

/// Why a fact of an account does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// Another fact bears the same number; neither counts.
    NumberTwice,
    /// The author had none of the roles that may do this.
    Role,
    /// The entry or redemption was never recorded, or has not arrived.
    NoEntry,
    /// The step does not lead on from where the entry stood for whoever took it.
    Step,
    /// The author took part in what this has to be kept apart from.
    SamePerson,
    /// Somebody of the author's household did.
    SameHousehold,
    /// It is about the author's own household.
    OwnHousehold,
    /// Nobody told the person of the deduction before it was booked.
    NotTold,
    /// A deduction says nothing of what happened.
    NoNote,
    /// A deduction is about a minor (E46).
    Minor,
    /// A group's leader claimed for another group.
    OtherGroup,
    /// The digest of a seal is not found again, or it does not follow the seal before it.
    Seal,
    /// The month is closed by another seal.
    SecondSeal,
    /// The device was not named to hand over goods.
    NotKeeper,
}

impl Flaw {
    /// Tells whether it follows from the roster, which people change.
    pub fn is_of_roster(self) -> bool {
        matches!(self, Self::SameHousehold | Self::OwnHousehold | Self::Minor | Self::OtherGroup)
    }
}

impl AccountEntry {
    /// Returns what was claimed.
    pub fn said(&self) -> &PointClaim {
        &self.claim.fact.value
    }

    /// Tells whether it counts, be it 0 under a cap.
    pub fn counts(&self) -> bool {
        self.stands_in.is_some()
    }

    /// Returns the notice on which it was put up last, where whoever did named one by its number.
    pub fn notice(&self) -> Option<FactId> {
        let posted = self.history.iter().rev().find(|moving| moving.fact.value.step == PointStep::Notice)?;
        posted.fact.value.words.trim().parse().ok()
    }

    /// Tells why somebody may not take a step that others have to take apart from them.
    pub(crate) fn flaw_of_duty(
        &self,
        step: PointStep,
        author: &Author,
        roles: Roles,
        people: People<'_>,
    ) -> Option<Flaw> {
        let history: Vec<&Arc<Signed<Moving>>> = self.history.iter().collect();
        if step == PointStep::Release {
            let is_committee = roles.contains(Role::SupervisionCommittee);
            return walk::flaw_of_release(&self.claim, &history, &self.follows(step), author, is_committee);
        }
        walk::flaw_of_duty(&self.claim, &history, step, author, Some(people))
    }

    /// Returns the facts that a step on this entry follows: where it stands, and what the step has to know.
    pub fn follows(&self, step: PointStep) -> BTreeSet<FactId> {
        let history: Vec<&Arc<Signed<Moving>>> = self.history.iter().collect();
        match step {
            PointStep::Release => {
                walk::holds(&history).map(|hold| hold.id().clone()).chain(self.twin.clone()).collect()
            }
            PointStep::Hold => BTreeSet::new(),
            step => {
                let told = self.told.iter().filter(|_| step == PointStep::Book).map(|told| told.id().clone());
                walk::last(&history).map(|moving| moving.id().clone()).chain(told).collect()
            }
        }
    }
}

impl Accounts {
    /// Returns what an account came to in a month.
    pub fn month(&self, account: &HouseholdId, month: Month) -> i64 {
        self.months.get(account).and_then(|months| months.get(&month)).copied().unwrap_or(0)
    }

    /// Returns what an account came to in a quarter.
    pub fn quarter(&self, account: &HouseholdId, quarter: Quarter) -> i64 {
        quarter.months().into_iter().map(|month| self.month(account, month)).sum()
    }

    /// Returns what an account came to in a year.
    pub fn year(&self, account: &HouseholdId, year: i32) -> i64 {
        let months = self.months.get(account).into_iter().flatten();
        months.filter(|(month, _)| month.parts().0 == year).map(|(_, points)| points).sum()
    }

    /// Returns the last closed month.
    pub fn last_closed(&self) -> Option<Month> {
        self.closed.last_key_value().map(|(month, _)| *month)
    }

    /// Returns the digest of what every open month up to this one comes to.
    pub(crate) fn digest_through(&self, month: Month) -> [u8; 32] {
        super::total::digest(&self.months, self.last_closed(), month)
    }

    /// Tells whether a month is closed; a seal closes every month up to its own.
    pub fn is_closed(&self, month: Month) -> bool {
        self.last_closed().is_some_and(|last| month <= last)
    }

    /// Returns an account's balance.
    pub fn balance(&self, account: &HouseholdId) -> Balance {
        self.balances.get(account).copied().unwrap_or_default()
    }

    /// Returns the balances of an account and of all that are linked with it, and their sum.
    pub fn linked(&self, account: &HouseholdId) -> LinkedAccounts {
        super::spending::linked(self, account)
    }
}
