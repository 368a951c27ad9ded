//! What becomes of accounts besides their entries: sharing, linking, and goods for points.

use super::Wish;
use crate::domain::command::PointsRefusal;
use crate::domain::decide::{Edit, Refusal, limit, require};
use crate::domain::points::SpentState;
use crate::domain::points::fact::{
    AccountLink, CLERKS, Cancellation, HandOver, HonourShare, KeeperNamed, NOTE_BYTES, PointFact, Redemption,
    SECRETARY, WORDS_BYTES,
};
use crate::id::{DeviceNumber, FactId, HouseholdId};

impl Wish<'_> {
    pub(super) fn share(&self, share: &HonourShare) -> Result<Vec<Edit>, Refusal> {
        self.check_pair(&share.from, &share.to, &share.words)?;
        let has = self.accounts.balance(&share.from).honour();
        if share.points == 0 || i64::from(share.points) > has {
            return Err(PointsRefusal::NotEnough { has }.into());
        }
        self.record(vec![PointFact::Shared(share.clone())])
    }

    pub(super) fn link(&self, link: &AccountLink) -> Result<Vec<Edit>, Refusal> {
        self.check_pair(&link.from, &link.into, &link.words)?;
        if self.accounts.linked(&link.from).accounts.contains_key(&link.into) {
            return Err(Refusal::NothingToChange);
        }
        self.record(vec![PointFact::Linked(link.clone())])
    }

    fn check_pair(&self, from: &HouseholdId, to: &HouseholdId, words: &str) -> Result<(), Refusal> {
        require(self.acting, SECRETARY)?;
        limit(words, WORDS_BYTES)?;
        if from == to {
            return Err(PointsRefusal::SameAccount.into());
        }
        // The household that joined another may have left the roster; its account has not.
        let known = |account: &HouseholdId| {
            self.of.roster.households.contains_key(account) || self.accounts.balances.contains_key(account)
        };
        if let Some(account) = [from, to].into_iter().find(|account| !known(account)) {
            return Err(PointsRefusal::NoAccount(account.clone()).into());
        }
        if words.trim().is_empty() { Err(Refusal::ReasonNeeded) } else { Ok(()) }
    }

    pub(super) fn name_keeper(&self, device: DeviceNumber) -> Result<Vec<Edit>, Refusal> {
        if self.accounts.keeper.agreed() == Some(&device) {
            return Err(Refusal::NothingToChange);
        }
        self.record(vec![PointFact::Keeper(KeeperNamed { device, replaces: self.accounts.keeper.facts() })])
    }

    /// Whether goods are exchanged is for the rule of the month in which they are asked for.
    pub(super) fn redeem(&self, redemption: &Redemption) -> Result<Vec<Edit>, Refusal> {
        require(self.acting, CLERKS)?;
        limit(&redemption.goods, NOTE_BYTES)?;
        if redemption.date > self.today {
            return Err(PointsRefusal::NotYet(redemption.date).into());
        }
        if !self.rules.of_month(redemption.date.month()).is_some_and(|rule| rule.redemption) {
            return Err(PointsRefusal::RedemptionOff.into());
        }
        if !self.of.roster.households.contains_key(&redemption.account) {
            return Err(PointsRefusal::NoAccount(redemption.account.clone()).into());
        }
        if redemption.goods.trim().is_empty() {
            return Err(Refusal::EmptyName);
        }
        self.check_cadre(&redemption.account)?;
        let has = self.accounts.balance(&redemption.account).free();
        if redemption.points == 0 || i64::from(redemption.points) > has {
            return Err(PointsRefusal::NotEnough { has }.into());
        }
        self.record(vec![PointFact::Asked(redemption.clone())])
    }

    pub(super) fn hand_over(&self, id: &FactId) -> Result<Vec<Edit>, Refusal> {
        require(self.acting, CLERKS)?;
        let redemption = self.pending(id)?;
        let keeper = self.accounts.keeper.agreed().copied().ok_or(PointsRefusal::NoKeeper)?;
        if keeper != self.acting.device {
            return Err(PointsRefusal::KeeperElsewhere(keeper).into());
        }
        self.check_cadre(&redemption.account)?;
        let has = self.accounts.balance(&redemption.account).spendable();
        if i64::from(redemption.points) > has {
            return Err(PointsRefusal::NotEnough { has }.into());
        }
        let keeper = self.accounts.keeper.facts().into_iter().next().ok_or(PointsRefusal::NoKeeper)?;
        self.record(vec![PointFact::HandedOver(HandOver { redemption: id.clone(), keeper })])
    }

    pub(super) fn cancel(&self, id: &FactId, reason: &str) -> Result<Vec<Edit>, Refusal> {
        require(self.acting, CLERKS)?;
        limit(reason, WORDS_BYTES)?;
        self.pending(id)?;
        if reason.trim().is_empty() {
            return Err(Refusal::ReasonNeeded);
        }
        let cancellation = Cancellation { redemption: id.clone(), reason: reason.trim().to_owned() };
        self.record(vec![PointFact::Cancelled(cancellation)])
    }

    /// Checks that a redemption is pending.
    fn pending(&self, id: &FactId) -> Result<&Redemption, Refusal> {
        let spent = self.accounts.redemptions.get(id);
        let spent = spent.ok_or_else(|| Refusal::from(PointsRefusal::NoRedemption(id.clone())))?;
        if spent.state != SpentState::Pending {
            return Err(PointsRefusal::RedemptionDone(id.clone()).into());
        }
        Ok(&spent.redemption)
    }

    fn check_cadre(&self, account: &HouseholdId) -> Result<(), Refusal> {
        if self.people.lives_with(account, &self.accounts.cadres) { Err(PointsRefusal::Cadre.into()) } else { Ok(()) }
    }
}
