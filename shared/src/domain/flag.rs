//! The mobile red flag (流动红旗): to whom a confirmed quarter awards it, and through whose hands it went.
//!
//! There is one flag of cloth. An award says who is to have it; only a handover that giver and receiver have both
//! signed says who has it.

mod fold;

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::assessment::Assessment;
use crate::domain::divergence::{Settled, Voice};
use crate::domain::register::{Denied, Home, Powers};
use crate::id::{FactId, UnitCode};
use crate::role::Role;
use crate::time::{Date, Quarter};

/// The days of a week.
const WEEK: i32 = 7;
/// The longest turn where villages share the flag, in weeks: a quarter has thirteen.
pub const WEEKS_LIMIT: u8 = 13;

/// One immutable fact of the flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlagFact {
    /// A quarter's flag was awarded.
    Awarded(Awarding),
    /// One side signed that the flag changes hands.
    Handed(Handover),
    /// The other side signed the same, with which it has changed hands.
    Countersigned(FactId),
}

/// A quarter's flag was awarded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awarding {
    /// To whom and on what grounds.
    pub award: Award,
    /// The awards that stood before; of the same quarter those that it corrects.
    pub replaces: Vec<FactId>,
}

/// To whom the flag goes, and on what grounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Award {
    /// The quarter.
    pub quarter: Quarter,
    /// The digest of the confirmed result.
    pub digest: [u8; 32],
    /// The village; several in the order of their turns where they share the first rank.
    pub villages: Vec<UnitCode>,
    /// How many weeks a turn takes where they take turns, else 0.
    pub weeks: u8,
    /// The chair's reason where the first rank is shared, or an earlier award is corrected; may be empty.
    pub reason: String,
}

/// The flag changes hands; nothing stands for the township office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// The award under which it does.
    pub award: FactId,
    /// Who gives it.
    pub from: Option<UnitCode>,
    /// Who gets it.
    pub to: Option<UnitCode>,
    /// The day, as people say.
    pub date: Date,
    /// Why, where it goes back to the office; may be empty.
    pub reason: String,
    /// The handovers by which it came to the giver; none for the first one ever.
    pub after: Vec<FactId>,
}

/// Where the flag is, to whom it is awarded, and how it came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Custody {
    /// Every award that counts, by number; overturned and earlier ones among them.
    pub awards: BTreeMap<FactId, AwardState>,
    /// The award that stands; a divergence where two at the office awarded apart.
    pub award: Settled<Award>,
    /// Every handover that counts, by number: those that wait for the other side too.
    pub handovers: BTreeMap<FactId, HandoverState>,
    /// Who has it; nothing before the first handover.
    pub holding: Settled<Holding>,
    /// What was passed over.
    pub notes: Vec<FlagNote>,
}

/// An award and whether its grounds still hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwardState {
    /// Who awarded.
    pub voice: Voice,
    /// What was awarded.
    pub award: Award,
    /// Whether the result has changed since: the custody has to be corrected by a new award.
    pub overturned: bool,
}

/// A handover and who signed it beside its author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoverState {
    /// Who signed first.
    pub voice: Voice,
    /// What was signed.
    pub handover: Handover,
    /// Who signed for the other side; the flag has changed hands once somebody has.
    pub signed: Option<Voice>,
}

/// Who has the flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The village; nothing where it lies at the office.
    pub village: Option<UnitCode>,
    /// Since which day.
    pub since: Date,
}

/// A fact of the flag that does not count, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FlagNote {
    /// The fact.
    pub fact: FactId,
    /// Why it does not count.
    pub flaw: FlagFlaw,
}

/// Why a fact of the flag does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FlagFlaw {
    /// Another fact bears the same number; neither counts.
    NumberTwice,
    /// The author has none of the roles that may do this.
    Role,
    /// No such result was ever confirmed, or the quarter has not arrived.
    NotConfirmed,
    /// The villages are not those in the first rank, or a shared rank is neither broken nor explicitly shared.
    NotEligible,
    /// The reason is missing.
    Reason,
    /// There is no such award or handover, or it does not begin where the flag was.
    Unknown,
    /// Both sides were signed by one person.
    SamePerson,
}

/// Tells whether somebody signs for a village, or for the office; one answer for decisions and for the fold.
pub fn may_sign(powers: &Powers, side: Option<&UnitCode>) -> Result<(), Denied> {
    let hosts: BTreeSet<UnitCode> = side.into_iter().cloned().collect();
    powers.allow(signers(side), Home::Township, &hosts)
}

/// Returns the roles that sign for a village, or for the office.
pub fn signers(side: Option<&UnitCode>) -> &'static [Role] {
    if side.is_some() { &[Role::VillageSecretary] } else { &[Role::TownshipOffice] }
}

impl Award {
    /// Tells what is wrong with an award on a confirmed result as it stands (W8, E33, E34).
    ///
    /// A shared first rank is broken by the lead or explicitly shared before anything is awarded; then the chair's
    /// decision names one of the villages, or their turns.
    pub fn flaw(&self, assessment: &Assessment) -> Option<FlagFlaw> {
        let Some(result) = assessment.confirmed_result().filter(|result| result.digest == self.digest) else {
            return Some(FlagFlaw::NotConfirmed);
        };
        let first: BTreeSet<&UnitCode> = result.first().collect();
        let named: BTreeSet<&UnitCode> = self.villages.iter().collect();
        let undecided = assessment.undecided_ties().any(|tied| tied.iter().any(|village| first.contains(village)));
        let turns = named.len() > 1;
        let weeks_fit = if turns { (1..=WEEKS_LIMIT).contains(&self.weeks) } else { self.weeks == 0 };
        let whole = named.len() == self.villages.len() && (named.len() == 1 || named == first);
        if undecided || !named.is_subset(&first) || !whole || !weeks_fit {
            return Some(FlagFlaw::NotEligible);
        }
        (first.len() > 1 && self.reason.trim().is_empty()).then_some(FlagFlaw::Reason)
    }
}

impl Custody {
    /// Returns the award that stands with its number, if there is one.
    pub fn standing_award(&self) -> Option<(&FactId, &AwardState)> {
        self.award.agreed()?;
        let fact = &self.award.voices().next()?.fact;
        self.awards.get_key_value(fact)
    }

    /// Returns the village that has the flag.
    pub fn holder(&self) -> Option<&UnitCode> {
        self.holding.agreed()?.village.as_ref()
    }

    /// Returns handovers that wait for the other side's signature and begin where the flag is.
    pub fn waiting(&self) -> impl Iterator<Item = (&FactId, &HandoverState)> {
        let stands = self.holding.facts();
        let open = self.handovers.iter().filter(|(_, state)| state.signed.is_none());
        open.filter(move |(_, state)| stands == state.handover.after)
    }

    /// Returns the handovers that took place, the earliest first.
    pub fn history(&self) -> Vec<&HandoverState> {
        let mut left: BTreeMap<&FactId, &HandoverState> =
            self.handovers.iter().filter(|(_, state)| state.signed.is_some()).collect();
        let mut history = Vec::new();
        // What counts rests on what counts, so that each round finds one whose forerunners are all told.
        while let Some(next) = left
            .iter()
            .find(|(_, state)| !state.handover.after.iter().any(|before| left.contains_key(before)))
            .map(|(id, _)| *id)
        {
            history.extend(left.remove(next));
        }
        history
    }

    /// Returns whose turn it is on a day: the one village of an award, or by weeks since the flag first went to one.
    pub fn turn(&self, date: Date) -> Option<&UnitCode> {
        let (id, state) = self.standing_award()?;
        let villages = &state.award.villages;
        let under =
            self.history().into_iter().find(|handed| handed.handover.award == *id && handed.handover.to.is_some());
        let began = under.map_or(date, |handed| handed.handover.date);
        let days = date.day_number().saturating_sub(began.day_number()).max(0);
        let turn = i32::from(state.award.weeks).saturating_mul(WEEK);
        let place = if turn == 0 { 0 } else { (days / turn) as usize % villages.len().max(1) };
        villages.get(place)
    }
}
