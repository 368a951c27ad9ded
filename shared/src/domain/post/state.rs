//! A village's posts as its records tell them: quarters, who holds what, and the stars of a quarter and of a year.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{MonthOutcome, MonthResult, PersonMonth, PostHeld};
use crate::domain::divergence::{Claim, Settled, Voice, settle};
use crate::domain::meeting::Recorded;
use crate::domain::person::Roster;
use crate::domain::rulebook::post::{PostRule, PostStars};
use crate::id::{CategoryId, FactId, PersonId};
use crate::number::Ratio;
use crate::time::{Date, Month, Quarter};

/// A village's posts and appraisals, by quarter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Posts {
    /// The quarters; each follows from its own document.
    pub quarters: BTreeMap<Quarter, Arc<QuarterPosts>>,
}

/// One quarter, folded from its facts; equal facts give an equal quarter in whatever order they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuarterPosts {
    /// The rule under which the log was opened; a divergence where two phones opened it differently.
    pub rule: Settled<Arc<PostRule>>,
    /// What was recorded in this quarter of who holds which post; see [`Posts::holdings`].
    pub held: BTreeMap<FactId, Recorded<PostHeld>>,
    /// People's months.
    pub months: BTreeMap<(Month, PersonId), PersonMonth>,
    /// What does not count, and why.
    pub notes: Vec<PostNote>,
}

/// Something that does not count, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PostNote {
    /// The fact.
    pub fact: FactId,
    /// Why it does not count.
    pub flaw: PostFlaw,
}

/// Why a fact does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PostFlaw {
    /// Another fact bears the same number; neither counts.
    NumberTwice,
    /// It is about a month of another quarter than its document's.
    Quarter,
    /// The author has none of the roles that may do this.
    Role,
    /// The author wrote for somebody else and is not the scribe.
    ForOthers,
    /// The author excused, reviewed, scored or confirmed their own month.
    OwnMonth,
    /// The author did what this must be kept apart from.
    SamePerson,
    /// Nobody can use the rule.
    Rule,
    /// What it names is not there, does not count, or belongs to another month.
    Unfounded,
    /// A review that rests on no fact.
    NoFacts,
    /// A score that no rule of the quarter takes.
    Range,
    /// A confirmation whose digest is not found again.
    Digest,
}

/// What a quarter or a year of one person counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodOutcome {
    /// No month has a record.
    NoRecord,
    /// Fewer months have a record than the rule asks for.
    TooFew {
        /// How many have.
        have: u8,
        /// How many the rule asks for.
        need: u8,
    },
    /// The months were scored on different scales, of which no mean can be taken.
    Scales,
    /// The mean of the months with a record.
    Rated {
        /// How many have one.
        months: u8,
        /// The mean as published, and its stars.
        stars: PostStars,
    },
}

impl Posts {
    /// Returns a month of a person, if anything was recorded of it.
    pub fn month(&self, person: &PersonId, month: Month) -> Option<&PersonMonth> {
        let quarter = self.quarters.values().find(|quarter| quarter.months.contains_key(&(month, person.clone())))?;
        quarter.months.get(&(month, person.clone()))
    }

    /// Returns what a month of a person counts as.
    pub fn outcome(&self, person: &PersonId, month: Month) -> MonthOutcome<'_> {
        self.month(person, month).map_or(MonthOutcome::NoRecord, PersonMonth::outcome)
    }

    /// Returns the rule of a quarter, if its log is open under one.
    pub fn rule(&self, quarter: Quarter) -> Option<&Arc<PostRule>> {
        self.quarters.get(&quarter).and_then(|quarter| quarter.rule.agreed())
    }

    /// Returns the stars of a quarter: the mean of its confirmed months, those without a record left out (W4).
    pub fn quarter(&self, person: &PersonId, quarter: Quarter) -> PeriodOutcome {
        self.period(person, &quarter.months(), |rule| rule.quarter_months)
    }

    /// Returns the stars of a year in the same way, from its months and not from its quarters.
    pub fn year(&self, person: &PersonId, year: u16) -> PeriodOutcome {
        let quarters = (1..=4).filter_map(|number| Quarter::new(year, number).ok());
        let months: Vec<Month> = quarters.flat_map(Quarter::months).collect();
        self.period(person, &months, |rule| rule.year_months)
    }

    fn period(&self, person: &PersonId, months: &[Month], need: fn(&PostRule) -> u8) -> PeriodOutcome {
        let rated = months.iter().filter_map(|month| match self.outcome(person, *month) {
            MonthOutcome::Rated(result) => Some(result),
            _ => None,
        });
        let rated: Vec<&MonthResult> = rated.collect();
        // Rules may change within a year: the last one says how many months are enough and reads the stars.
        let Some(rule) = rated.last().map(|result| &result.rule) else { return PeriodOutcome::NoRecord };
        let (have, need) = (u8::try_from(rated.len()).unwrap_or(u8::MAX), need(rule));
        if have < need {
            return PeriodOutcome::TooFew { have, need };
        }
        if rated.iter().any(|result| result.rule.max != rule.max) {
            return PeriodOutcome::Scales;
        }
        let sum = Ratio::sum(rated.iter().map(|result| result.stars.exact));
        let mean = sum.and_then(|sum| sum.over(Ratio::integer(have.into()))).and_then(|mean| rule.publish(mean));
        // Twelve values of one scale are far inside 128 bits.
        mean.map_or(PeriodOutcome::Scales, |stars| PeriodOutcome::Rated { months: have, stars })
    }

    /// Returns until when each post is held, by person, post and first day: the last day, or nothing while it goes on.
    pub fn holdings(&self) -> BTreeMap<(PersonId, CategoryId, Date), Settled<Option<Date>>> {
        let mut claims: BTreeMap<_, Vec<Claim<'_, Option<Date>>>> = BTreeMap::new();
        for fact in self.quarters.values().flat_map(|quarter| quarter.held.values()) {
            let PostHeld { person, post, from, until, replaces } = &fact.value;
            let claim = Claim { voice: Voice::of(fact), value: *until, replaces };
            claims.entry((person.clone(), post.clone(), *from)).or_default().push(claim);
        }
        claims.into_iter().map(|(key, claims)| (key, settle(claims))).collect()
    }

    /// Tells whether somebody holds a post on a day; where people disagree about its end, the later one holds.
    pub fn holds(&self, person: &PersonId, post: &CategoryId, date: Date) -> bool {
        self.holdings().iter().any(|((holder, held, from), until)| {
            (holder, held) == (person, post) && *from <= date && ends(until).is_none_or(|last| date <= last)
        })
    }

    /// Returns the posts held on at least one day of a month by people who are on the roster, by person.
    ///
    /// Whoever left in the middle of it is appraised for the days before; whoever left earlier or is hidden is not asked
    /// for (E19).
    pub fn held_in(&self, month: Month, roster: &Roster) -> BTreeMap<PersonId, BTreeSet<CategoryId>> {
        let mut held: BTreeMap<PersonId, BTreeSet<CategoryId>> = BTreeMap::new();
        for ((person, post, from), until) in self.holdings() {
            let last = ends(&until);
            let ever = last.is_none_or(|last| from <= last);
            let meets = from.month() <= month && last.is_none_or(|last| last.month() >= month);
            let listed = roster.people.get(&person).is_some_and(|person| !person.hidden);
            let here = listed && roster.moves.is_here_in(&person, month);
            if ever && meets && here {
                held.entry(person).or_default().insert(post);
            }
        }
        held
    }
}

/// Returns the last day of all that people say; nothing where one of them says that it goes on.
fn ends(until: &Settled<Option<Date>>) -> Option<Date> {
    let mut days = until.standing().iter().map(|said| said.value);
    let first = days.next()??;
    days.try_fold(first, |last, day| day.map(|day| day.max(last)))
}
