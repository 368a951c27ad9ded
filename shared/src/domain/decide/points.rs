//! Points accounts: claiming, moving on, telling, reversing and closing, by the same answers as their fold.

mod spending;

use std::collections::BTreeSet;

use super::{Edit, Fact, Refusal, limit, require};
use crate::domain::command::{PointsCommand, PointsRefusal, PointsWish};
use crate::domain::meeting::{Author, Recorded};
use crate::domain::notice::{LineState, stands_for};
use crate::domain::points::fact::{
    BATCH_LIMIT, MonthSeal, Moving, NOTE_BYTES, OCCASION_BYTES, PointClaim, PointFact, Reversal, Telling, WORDS_BYTES,
};
use crate::domain::points::flow::{PointStep, Stage, State};
use crate::domain::points::{AccountEntry, Accounts, Flaw, People, Signed, is_alike};
use crate::domain::rulebook::points::{ITEM_POINTS_LIMIT, RulesOf};
use crate::domain::{Acting, Village, Workspace};
use crate::id::{Address, DocumentId, FactId, ScopeId, UnitCode};
use crate::role::Role;
use crate::time::{Date, Instant, Month};

/// A wish about points with everything that it is decided by.
struct Wish<'a> {
    workspace: &'a Workspace,
    acting: &'a Acting,
    village: &'a UnitCode,
    today: Date,
    accounts: &'a Accounts,
    people: People<'a>,
    rules: RulesOf<'a>,
    of: &'a Village,
}

pub(super) fn decide(
    workspace: &Workspace,
    acting: &Acting,
    village: &UnitCode,
    command: &PointsCommand,
) -> Result<Vec<Edit>, Refusal> {
    if !acting.villages.contains(village) {
        return Err(Refusal::OtherVillage);
    }
    let nothing = Village::default();
    let of = workspace.villages.get(village).unwrap_or(&nothing);
    let rules = RulesOf { village: &of.points_rules, township: &workspace.points_rules };
    let people = People::of(&of.roster);
    let wish = Wish { workspace, acting, village, today: command.today, accounts: &of.points, people, rules, of };
    match &command.wish {
        PointsWish::Claim(claims) => wish.claim(claims),
        PointsWish::Step { step, entries, words } => wish.step(*step, entries, words),
        PointsWish::Tell { entry, date, answer } => wish.tell(entry, *date, answer),
        PointsWish::Reverse { entry, reason } => wish.reverse(entry, reason),
        PointsWish::Close(month) => wish.close(*month),
        PointsWish::Share(share) => wish.share(share),
        PointsWish::Link(link) => wish.link(link),
        PointsWish::NameKeeper(device) => wish.name_keeper(*device),
        PointsWish::Redeem(redemption) => wish.redeem(redemption),
        PointsWish::HandOver(redemption) => wish.hand_over(redemption),
        PointsWish::CancelRedemption { redemption, reason } => wish.cancel(redemption, reason),
    }
}

/// Returns where a wish of a day is recorded: the quarter says when entries were recorded, not when events were.
pub fn address(village: &UnitCode, today: Date) -> Address {
    Address { scope: ScopeId::Village(village.clone()), document: DocumentId::Points(today.quarter()) }
}

impl Wish<'_> {
    /// Records facts after a last look at who may.
    fn record(&self, facts: Vec<PointFact>) -> Result<Vec<Edit>, Refusal> {
        for fact in &facts {
            require(self.acting, fact.roles())?;
        }
        let address = address(self.village, self.today);
        let edit = |fact| Edit::Fact { address: address.clone(), fact: Fact::Points(Box::new(fact)) };
        Ok(facts.into_iter().map(edit).collect())
    }

    fn author(&self) -> Author {
        Author { device: self.acting.device, holder: Some(self.acting.holder.clone()) }
    }

    fn entry(&self, id: &FactId) -> Result<&AccountEntry, Refusal> {
        self.accounts.entries.get(id).ok_or_else(|| PointsRefusal::NoEntry(id.clone()).into())
    }

    fn claim(&self, claims: &[PointClaim]) -> Result<Vec<Edit>, Refusal> {
        require(self.acting, crate::domain::points::fact::CLAIMANTS)?;
        if claims.is_empty() {
            return Err(PointsRefusal::NothingChosen.into());
        }
        if claims.len() > BATCH_LIMIT {
            return Err(Refusal::TooMany { limit: BATCH_LIMIT });
        }
        let mut facts = Vec::with_capacity(claims.len());
        for (at, claim) in claims.iter().enumerate() {
            let claim = PointClaim {
                occasion: claim.occasion.trim().to_owned(),
                note: claim.note.trim().to_owned(),
                ..claim.clone()
            };
            self.check_claim(&claim)?;
            if claims[..at].iter().any(|other| is_alike(other, &claim)) {
                return Err(PointsRefusal::Duplicate { of: None }.into());
            }
            facts.push(PointFact::Claimed(claim));
        }
        self.check_twins(claims)?;
        self.record(facts)
    }

    fn check_claim(&self, claim: &PointClaim) -> Result<(), Refusal> {
        limit(&claim.occasion, OCCASION_BYTES)?;
        limit(&claim.note, NOTE_BYTES)?;
        if claim.date > self.today {
            return Err(PointsRefusal::NotYet(claim.date).into());
        }
        let month = claim.date.month();
        let rule = self.rules.of_month(month).ok_or(PointsRefusal::NoRule(month))?;
        let item = rule.item(&claim.item).ok_or_else(|| PointsRefusal::NoItem(claim.item.clone()))?;
        let points = claim.points.unwrap_or(item.points);
        if points.signum() != item.points.signum() || !(-ITEM_POINTS_LIMIT..=ITEM_POINTS_LIMIT).contains(&points) {
            return Err(PointsRefusal::Points { item: item.points }.into());
        }
        if !self.of.roster.households.contains_key(&claim.account) {
            return Err(PointsRefusal::NoAccount(claim.account.clone()).into());
        }
        if let Some(person) = &claim.person {
            if self.people.home(person) != Some(&claim.account) {
                return Err(PointsRefusal::OtherHousehold(person.clone()).into());
            }
            if points < 0 && self.people.is_minor(person, claim.date) {
                return Err(PointsRefusal::Minor(person.clone()).into());
            }
        }
        if points < 0 && claim.note.is_empty() {
            return Err(PointsRefusal::NoteNeeded.into());
        }
        let (author, roles) = (self.author(), Some(self.acting.roles));
        let id = FactId { device: self.acting.code.clone(), counter: 0 };
        let fact = Recorded { id, author, at: Instant(0), value: claim.clone() };
        if self.people.is_of_another_group(&Signed { fact, roles }) {
            return Err(PointsRefusal::OtherGroup.into());
        }
        Ok(())
    }

    /// Refuses what is known to be recorded already, and says where (E25).
    fn check_twins(&self, claims: &[PointClaim]) -> Result<(), Refusal> {
        let days: BTreeSet<Date> = claims.iter().map(|claim| claim.date).collect();
        let gone = |entry: &AccountEntry| matches!(entry.state, State::At(Stage::Rejected) | State::Reversed);
        let same_day = self.accounts.entries.iter().filter(|(_, entry)| days.contains(&entry.said().date));
        for (id, entry) in same_day.filter(|(_, entry)| !gone(entry)) {
            if claims.iter().any(|claim| is_alike(claim, entry.said())) {
                return Err(PointsRefusal::Duplicate { of: Some(id.clone()) }.into());
            }
        }
        Ok(())
    }

    fn step(&self, step: PointStep, entries: &[FactId], words: &str) -> Result<Vec<Edit>, Refusal> {
        require(self.acting, step.roles())?;
        let words = words.trim();
        limit(words, WORDS_BYTES)?;
        if entries.is_empty() {
            return Err(PointsRefusal::NothingChosen.into());
        }
        if entries.len() > BATCH_LIMIT {
            return Err(Refusal::TooMany { limit: BATCH_LIMIT });
        }
        if step.asks_for_words() && words.is_empty() {
            return Err(Refusal::ReasonNeeded);
        }
        let mut follows = BTreeSet::new();
        for id in entries {
            let entry = self.entry(id)?;
            self.check_step(step, id, entry)?;
            follows.extend(entry.follows(step));
        }
        let moving = Moving { step, entries: entries.iter().cloned().collect(), words: words.to_owned(), follows };
        self.record(vec![PointFact::Moved(moving)])
    }

    fn check_step(&self, step: PointStep, id: &FactId, entry: &AccountEntry) -> Result<(), Refusal> {
        let wrong = || PointsRefusal::NoSuchStep { entry: id.clone(), is: entry.state };
        let month = entry.said().date.month();
        if entry.counts() && self.accounts.is_closed(month) {
            return Err(PointsRefusal::MonthClosed(month).into());
        }
        let can = match step {
            PointStep::Hold => !matches!(entry.state, State::Held | State::Reversed | State::At(Stage::Rejected)),
            PointStep::Release => entry.state == State::Held,
            step => entry.state != State::Reversed && step.is_open_at(&entry.stages),
        };
        if !can {
            return Err(wrong().into());
        }
        if entry.state == State::Held && !matches!(step, PointStep::Release | PointStep::Reject) {
            return Err(PointsRefusal::Held(id.clone()).into());
        }
        if step == PointStep::Book && entry.gives.is_some_and(|gives| gives < 0) && entry.told.is_empty() {
            return Err(PointsRefusal::NotTold(id.clone()).into());
        }
        if let Some(notice) = entry.notice().filter(|notice| step == PointStep::Book && self.is_objected(entry, notice))
        {
            return Err(PointsRefusal::Objected { entry: id.clone(), notice }.into());
        }
        let (author, roles) = (self.author(), self.acting.roles);
        match entry.flaw_of_duty(step, &author, roles, self.people) {
            None => Ok(()),
            Some(Flaw::SameHousehold) => Err(PointsRefusal::SameHousehold(id.clone()).into()),
            Some(Flaw::OwnHousehold) => Err(PointsRefusal::OwnHousehold(id.clone()).into()),
            Some(Flaw::Role) => Err(PointsRefusal::Vetoed(id.clone()).into()),
            Some(_) => Err(PointsRefusal::SamePerson(id.clone()).into()),
        }
    }

    /// Tells whether a notice's line about an entry is objected to, so that it does not count yet (W7).
    fn is_objected(&self, entry: &AccountEntry, notice: &FactId) -> bool {
        let said = entry.said();
        let stands = stands_for(self.workspace, notice, &said.account, said.person.as_ref());
        matches!(stands, Some(LineState::Held | LineState::Disputed))
    }

    fn tell(&self, id: &FactId, date: Date, answer: &str) -> Result<Vec<Edit>, Refusal> {
        let entry = self.entry(id)?;
        limit(answer, WORDS_BYTES)?;
        if date > self.today {
            return Err(PointsRefusal::NotYet(date).into());
        }
        if entry.gives.is_none_or(|gives| gives >= 0) {
            return Err(PointsRefusal::NoDeduction(id.clone()).into());
        }
        let telling = Telling { entry: id.clone(), date, answer: answer.trim().to_owned() };
        self.record(vec![PointFact::Told(telling)])
    }

    fn reverse(&self, id: &FactId, reason: &str) -> Result<Vec<Edit>, Refusal> {
        let entry = self.entry(id)?;
        limit(reason, WORDS_BYTES)?;
        if reason.trim().is_empty() {
            return Err(Refusal::ReasonNeeded);
        }
        if entry.state != State::At(Stage::Booked) {
            return Err(PointsRefusal::NoSuchStep { entry: id.clone(), is: entry.state }.into());
        }
        if self.people.is_own(&self.author(), &entry.said().account) {
            return Err(PointsRefusal::OwnHousehold(id.clone()).into());
        }
        let reversal = Reversal { entry: id.clone(), reason: reason.trim().to_owned() };
        self.record(vec![PointFact::Reversed(reversal)])
    }

    /// Seals what every open month up to this one comes to.
    fn close(&self, month: Month) -> Result<Vec<Edit>, Refusal> {
        require(self.acting, &[Role::VillageSecretary])?;
        if month >= self.today.month() {
            return Err(PointsRefusal::MonthNotOver(month).into());
        }
        if self.accounts.is_closed(month) {
            return Err(PointsRefusal::MonthClosed(month).into());
        }
        let entries = self.accounts.entries.iter().filter(|(_, entry)| entry.said().date.month() <= month);
        let divided: Vec<FactId> =
            entries.clone().filter(|(_, entry)| entry.state == State::Divided).map(|(id, _)| id.clone()).collect();
        if !divided.is_empty() {
            return Err(PointsRefusal::Divided(divided).into());
        }
        let open = entries.clone().map(|(_, entry)| entry.said().date.month());
        let months: BTreeSet<Month> = open.filter(|month| !self.accounts.is_closed(*month)).collect();
        let rule = |month: Month| self.rules.of_month(month).map(|rule| (month, (rule.id.clone(), rule.version)));
        let seal = MonthSeal {
            month,
            up_to: self.accounts.up_to.clone(),
            rules: months.into_iter().filter_map(rule).collect(),
            barred: self.accounts.barred.clone(),
            digest: self.accounts.digest_through(month),
        };
        self.record(vec![PointFact::Closed(Box::new(seal))])
    }
}
