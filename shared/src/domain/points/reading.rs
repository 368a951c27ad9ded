//! One reading of a village's facts: what began to count in which stretch between seals, and what was taken back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Short;
use super::fact::MonthSeal;
use super::flow::{Stage, State};
use super::fold::may_be_one;
use super::journal::Signed;
use super::people::People;
use super::pile::{Pile, note};
use super::state::{AccountEntry, Accounts, Flag, Flaw};
use super::total::{Part, Totals, digest, total};
use super::walk::{View, Walked, releases};
use crate::domain::rulebook::points::{PointsRule, RulesOf};
use crate::id::FactId;
use crate::time::Month;

/// An entry as a seal sees it.
enum AtSeal<'a> {
    /// The seal does not know it, or does not close its month.
    Outside,
    /// Nothing about it came later.
    AsToday,
    /// It stood elsewhere.
    Otherwise(Walked<'a>),
}

/// One reading of the pile, with every seal that is still believed.
pub(super) struct Reading<'a> {
    pile: &'a Pile<'a>,
    rules: RulesOf<'a>,
    /// The seals that stand, one for each stretch but the open one.
    seals: Vec<&'a Arc<Signed<MonthSeal>>>,
    /// What each entry gives by its month's rule.
    gives: Vec<Option<i32>>,
    /// Each entry by everything that is known and by the roster of today.
    walked: Vec<Walked<'a>>,
    /// The stretch in which each entry began to count, and the one in which that was taken back.
    landed: Vec<Option<usize>>,
    back: Vec<Option<usize>>,
    twins: BTreeMap<usize, usize>,
    barred: BTreeSet<FactId>,
    totals: Totals,
}

impl<'a> Reading<'a> {
    pub(super) fn of(pile: &'a Pile<'a>, people: People<'a>, rules: RulesOf<'a>) -> Self {
        let mut seals: Vec<&Arc<Signed<MonthSeal>>> = Vec::new();
        for seal in &pile.seals {
            if seals.last().is_none_or(|last| last.fact.value.month < seal.fact.value.month) {
                seals.push(seal);
            }
        }
        let count = pile.cases.len();
        let mut reading = Self {
            pile,
            rules,
            seals,
            gives: Vec::with_capacity(count),
            walked: Vec::with_capacity(count),
            landed: vec![None; count],
            back: vec![None; count],
            twins: BTreeMap::new(),
            barred: BTreeSet::new(),
            totals: Totals::default(),
        };
        let mut rule_of: BTreeMap<Month, Option<&PointsRule>> = BTreeMap::new();
        for case in &pile.cases {
            let claim = &case.claim.fact.value;
            let month = claim.date.month();
            let rule = *rule_of.entry(month).or_insert_with(|| reading.rule_of(month));
            let item = rule.and_then(|rule| rule.item(&claim.item));
            reading.gives.push(item.map(|item| claim.points.unwrap_or(item.points)));
        }
        reading.walk(people);
        for stretch in 0..=reading.seals.len() {
            reading.land(stretch);
        }
        reading.totals = reading.total(&rule_of, people);
        reading
    }

    /// Returns the rule of a month: the one that its seal names, else what held on its first day.
    fn rule_of(&self, month: Month) -> Option<&'a PointsRule> {
        let seal = self.seals.get(self.home(month)).map(|seal| &seal.fact.value);
        match seal.and_then(|seal| seal.rules.get(&month)) {
            Some((id, version)) => self.rules.version(id, *version),
            None => self.rules.of_month(month),
        }
    }

    /// Returns the stretch to which a month belongs: that of the first seal that closes it, else the open one.
    fn home(&self, month: Month) -> usize {
        self.seals.partition_point(|seal| seal.fact.value.month < month)
    }

    fn walk(&mut self, people: People<'a>) {
        let view = View { within: &|_| true, people: Some(people), barred: &|_| false };
        let pile = self.pile;
        for (case, gives) in pile.cases.iter().zip(&self.gives) {
            let walked = case.walk(view, *gives);
            if walked.by_roster {
                let lax = case.walk(View { people: None, ..view }, *gives);
                if lax.stages != walked.stages {
                    self.barred.insert(case.claim.id().clone());
                }
                let of_roster = walked.flaws.iter().filter(|(_, flaw)| flaw.is_of_roster());
                let reversal = |id: &FactId| case.reversals.iter().any(|reversal| reversal.id() == id);
                self.barred.extend(of_roster.map(|(id, _)| id.clone()).filter(reversal));
            }
            self.walked.push(walked);
        }
    }

    /// Finds what begins to count in a stretch, and what is taken back in it.
    fn land(&mut self, stretch: usize) {
        let pile = self.pile;
        let seal = self.seals.get(stretch).map(|seal| &seal.fact.value);
        let within = |id: &FactId| seal.is_none_or(|seal| seal.covers(id));
        let barred = |id: &FactId| seal.is_some_and(|seal| seal.barred.contains(id));
        let view = View { within: &within, people: None, barred: &barred };
        // Within a seal the roster is not asked; what it barred then is named by the seal.
        let at_seal: Vec<AtSeal<'a>> = match seal {
            None => Vec::new(),
            Some(seal) => {
                let walk = |at: usize| {
                    let case = &pile.cases[at];
                    let is_sealed = within(case.claim.id()) && case.claim.fact.value.date.month() <= seal.month;
                    let whole = case.moves.iter().all(|moving| within(moving.id()))
                        && case.told.iter().all(|told| within(told.id()))
                        && case.reversals.is_empty()
                        && !self.walked[at].by_roster;
                    match (is_sealed, whole) {
                        (false, _) => AtSeal::Outside,
                        (true, true) => AtSeal::AsToday,
                        (true, false) => AtSeal::Otherwise(case.walk(view, self.gives[at])),
                    }
                };
                (0..pile.cases.len()).map(walk).collect()
            }
        };
        let walked = |at: usize| match at_seal.get(at) {
            Some(AtSeal::Outside) => None,
            Some(AtSeal::Otherwise(walked)) => Some(walked),
            Some(AtSeal::AsToday) | None => Some(&self.walked[at]),
        };
        let twins = self.twins_at(&walked);
        let (mut landed, mut back) = (Vec::new(), Vec::new());
        for at in 0..pile.cases.len() {
            let Some(walked) = walked(at) else { continue };
            let is_reversed = walked.reversed.is_some();
            if self.landed[at].is_some() {
                if is_reversed && self.back[at].is_none() {
                    back.push(at);
                }
                continue;
            }
            let counts = walked.stages == [Stage::Booked] && !walked.is_held && !is_reversed;
            if counts && self.gives[at].is_some() && !twins.contains_key(&at) && !barred(pile.cases[at].claim.id()) {
                landed.push(at);
            }
        }
        landed.into_iter().for_each(|at| self.landed[at] = Some(stretch));
        back.into_iter().for_each(|at| self.back[at] = Some(stretch));
        self.twins = twins;
    }

    /// Finds entries that are suspected twins of an earlier one from another device, and were not let pass (E25).
    ///
    /// What counts since an earlier stretch comes before everything else.
    fn twins_at<'w>(&self, walked: &dyn Fn(usize) -> Option<&'w Walked<'a>>) -> BTreeMap<usize, usize>
    where
        'a: 'w,
    {
        let mut twins = BTreeMap::new();
        for group in &self.pile.alike {
            let lives = |at: &usize| {
                walked(*at).is_some_and(|walked| walked.stages != [Stage::Rejected] && walked.reversed.is_none())
            };
            let mut alive: Vec<usize> = group.iter().copied().filter(lives).collect();
            alive.sort_by_key(|at| (self.landed[*at].unwrap_or(usize::MAX), *at));
            for (place, at) in alive.iter().enumerate() {
                if self.landed[*at].is_some() {
                    continue;
                }
                let claim = &self.pile.cases[*at].claim;
                let twin = alive[..place].iter().find(|first| {
                    let first = &self.pile.cases[**first].claim;
                    let passed = walked(*at).is_some_and(|walked| {
                        releases(&walked.valid).any(|release| release.fact.value.follows.contains(first.id()))
                    });
                    let apart = first.author().device != claim.author().device;
                    apart && may_be_one(&first.fact.value, &claim.fact.value) && !passed
                });
                if let Some(twin) = twin {
                    twins.insert(*at, *twin);
                }
            }
        }
        twins
    }

    fn total(&self, rule_of: &BTreeMap<Month, Option<&PointsRule>>, people: People<'_>) -> Totals {
        let mut parts: Vec<Part<'_>> = Vec::new();
        for (at, landed) in self.landed.iter().enumerate() {
            let (Some(landed), Some(gives)) = (*landed, self.gives[at]) else { continue };
            let claim = &self.pile.cases[at].claim;
            let month = claim.fact.value.date.month();
            let home = self.home(month);
            // What comes late stands in the first month that was open when it came.
            let before = |stretch: usize| stretch.checked_sub(1).and_then(|before| self.seals.get(before));
            let stands_in = |stretch: usize| match before(stretch).filter(|_| stretch != home) {
                Some(seal) => seal.fact.value.month.after(),
                None => month,
            };
            let back = self.back[at].map(|back| (back, stands_in(back)));
            parts.push(Part { at, claim, gives, landed: (landed, stands_in(landed)), back, is_late: landed != home });
        }
        total(parts, self.pile.cases.len(), |month| rule_of.get(&month).copied().flatten(), people)
    }

    /// Returns the first seal whose digest is not found again, or that does not follow the one before it.
    pub(super) fn wrong_seal(&self) -> Option<FactId> {
        let mut before: Option<&Arc<Signed<MonthSeal>>> = None;
        for seal in &self.seals {
            let value = &seal.fact.value;
            let follows = before.is_none_or(|before| value.covers(before.id()));
            let from = before.map(|before| before.fact.value.month);
            if !follows || digest(&self.totals.months, from, value.month) != value.digest {
                return Some(seal.id().clone());
            }
            before = Some(seal);
        }
        None
    }

    pub(super) fn into_accounts(self) -> Accounts {
        let mut accounts = Accounts { barred: self.barred, ..Accounts::default() };
        for seal in &self.pile.seals {
            let first = self.seals.iter().find(|other| other.fact.value.month >= seal.fact.value.month);
            match first {
                Some(first) if first.id() == seal.id() => {
                    accounts.closed.insert(seal.fact.value.month, Arc::clone(seal));
                }
                // The same month closed twice in the same way is closed.
                Some(first) if first.fact.value.digest == seal.fact.value.digest => {}
                _ => accounts.notes.push(note(seal.id(), None, Flaw::SecondSeal)),
            }
        }
        let twin = |at| self.twins.get(&at).map(|twin| self.pile.cases[*twin].claim.id().clone());
        for (at, (case, walked)) in self.pile.cases.iter().zip(&self.walked).enumerate() {
            let id = case.claim.id();
            let month = case.claim.fact.value.date.month();
            if self.gives[at].is_none() && self.rules.of_month(month).is_none() {
                accounts.flags.push(Flag::NoRule(month));
            }
            accounts.notes.extend(walked.flaws.iter().map(|(fact, flaw)| note(fact, Some(id), *flaw)));
            let counts = self.landed[at].is_some() && self.back[at].is_none();
            let state = match walked.stages.as_slice() {
                _ if counts => State::At(Stage::Booked),
                _ if walked.reversed.is_some() => State::Reversed,
                [Stage::Rejected] => State::At(Stage::Rejected),
                [_, _, ..] => State::Divided,
                _ if walked.is_held || self.twins.contains_key(&at) => State::Held,
                [stage] => State::At(*stage),
                [] => State::At(Stage::Claimed),
            };
            let (mut counted, stands_in) = self.totals.counted[at];
            if state == State::Reversed && stands_in.is_none() {
                counted.short = Some(Short::Reversed);
            }
            let entry = AccountEntry {
                claim: Arc::clone(case.claim),
                state,
                stages: walked.stages.clone(),
                gives: self.gives[at],
                counted,
                stands_in,
                twin: twin(at),
                history: walked.valid.iter().copied().map(Arc::clone).collect(),
                told: case.told.iter().copied().map(Arc::clone).collect(),
                reversed: walked.reversed.map(Arc::clone),
            };
            accounts.entries.insert(id.clone(), entry);
        }
        accounts.months = self.totals.months;
        accounts.persons = self.totals.persons;
        accounts.adjustments = self.totals.adjustments;
        accounts
    }
}
