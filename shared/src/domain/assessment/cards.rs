//! One assessor's cards (评分表) of a quarter: what they gave each village, which nobody but the lead reads.

use std::collections::{BTreeMap, BTreeSet};

use super::Hundredths;
use crate::domain::divergence::{Claim, Settled, Voice, settle};
use crate::domain::meeting::{Author, Recorded};
use crate::domain::register::Powers;
use crate::id::{CriterionId, DeviceNumber, FactId, PersonId, UnitCode};
use crate::role::Role;

/// One immutable fact of an assessor's cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardFact {
    /// Points were given.
    Scored(Scored),
    /// The assessor is through with a village.
    Done(UnitCode),
}

/// What an assessor gave a village on a criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scored {
    /// The village.
    pub village: UnitCode,
    /// The criterion.
    pub criterion: CriterionId,
    /// The points.
    pub value: Hundredths,
    /// Earlier scores of this village and criterion that this one corrects.
    pub replaces: Vec<FactId>,
}

/// One assessor's cards, folded from their facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cards {
    /// What they gave; a divergence where two of their phones say different things (E31).
    pub scores: BTreeMap<(UnitCode, CriterionId), Settled<Hundredths>>,
    /// The villages that they are through with.
    pub done: BTreeSet<UnitCode>,
    /// What was passed over.
    pub notes: Vec<CardNote>,
}

/// A fact of cards that does not count, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CardNote {
    /// The fact.
    pub fact: FactId,
    /// Why it does not count.
    pub flaw: CardFlaw,
}

/// Why a fact of cards does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CardFlaw {
    /// Another fact bears the same number; neither counts.
    NumberTwice,
    /// Its author is not an assessor.
    Role,
    /// Its author is not the assessor whose cards these are.
    OtherPerson,
}

impl CardFact {
    /// The roles that may record it.
    pub const ROLES: &'static [Role] = &[Role::Assessor];
}

impl Cards {
    /// Folds the facts of one assessor's cards; never fails, and their order does not matter.
    ///
    /// `powers` tells what an author might do when a fact was recorded. Where it tells nothing the certificate has not
    /// arrived: they are believed until it has.
    pub fn fold(
        person: &PersonId,
        facts: Vec<Recorded<CardFact>>,
        powers: &dyn Fn(&FactId, DeviceNumber) -> Option<Powers>,
    ) -> Self {
        let mut cards = Self::default();
        let mut by_number: BTreeMap<FactId, Recorded<CardFact>> = BTreeMap::new();
        let mut twice = BTreeSet::new();
        for fact in facts {
            match by_number.get(&fact.id) {
                Some(other) if *other != fact => _ = twice.insert(fact.id),
                Some(_) => {}
                None => _ = by_number.insert(fact.id.clone(), fact),
            }
        }
        let mut claims: BTreeMap<(UnitCode, CriterionId), Vec<Claim<'_, Hundredths>>> = BTreeMap::new();
        for fact in by_number.values() {
            let flaw = if twice.contains(&fact.id) {
                Some(CardFlaw::NumberTwice)
            } else {
                flaw(person, &fact.author, powers(&fact.id, fact.author.device))
            };
            if let Some(flaw) = flaw {
                cards.notes.push(CardNote { fact: fact.id.clone(), flaw });
                continue;
            }
            match &fact.value {
                CardFact::Done(village) => _ = cards.done.insert(village.clone()),
                CardFact::Scored(scored) => {
                    let claim = Claim { voice: Voice::of(fact), value: scored.value, replaces: &scored.replaces };
                    claims.entry((scored.village.clone(), scored.criterion.clone())).or_default().push(claim);
                }
            }
        }
        cards.scores = claims.into_iter().map(|(key, claims)| (key, settle(claims))).collect();
        cards
    }

    /// Returns what was given, one value, several or none.
    pub fn score(&self, village: &UnitCode, criterion: &CriterionId) -> Option<&Settled<Hundredths>> {
        self.scores.get(&(village.clone(), criterion.clone()))
    }

    /// Tells whether anything was given to a village.
    pub fn has_visited(&self, village: &UnitCode) -> bool {
        self.scores.keys().any(|(scored, _)| scored == village)
    }

    /// Returns where two of the assessor's phones say different things.
    pub fn divergences(&self) -> impl Iterator<Item = &(UnitCode, CriterionId)> {
        self.scores.iter().filter(|(_, score)| score.is_divergence()).map(|(key, _)| key)
    }
}

fn flaw(person: &PersonId, author: &Author, powers: Option<Powers>) -> Option<CardFlaw> {
    if powers.is_some_and(|powers| !powers.roles.any(CardFact::ROLES)) {
        return Some(CardFlaw::Role);
    }
    author.holder.as_ref().is_some_and(|holder| holder != person).then_some(CardFlaw::OtherPerson)
}
