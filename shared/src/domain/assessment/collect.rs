//! Which scores a freeze needs, what is wrong with those that there are, and the cards that they make.

use std::collections::BTreeMap;

use super::result::Basis;
use super::{AssessorSetting, Blocker, Cards, Hundredths};
use crate::domain::divergence::Settled;
use crate::domain::ranking::Card;
use crate::domain::rulebook::assessment::Source;
use crate::id::{CriterionId, PersonId, UnitCode};
use crate::number::Ratio;

/// Cards by assessor and village.
pub(super) type CardSet = BTreeMap<(PersonId, UnitCode), BTreeMap<CriterionId, Hundredths>>;

/// What an assessor gave a village on a criterion.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    Nothing,
    One(Hundredths),
    Several,
}

impl Given {
    /// Reads an assessor's own cards.
    pub fn of(cards: Option<&Cards>, village: &UnitCode, criterion: &CriterionId) -> Self {
        match cards.and_then(|cards| cards.score(village, criterion)) {
            None | Some(Settled::Nothing) => Self::Nothing,
            Some(Settled::Agreed(said)) => Self::One(said.value),
            Some(Settled::Divergence(_)) => Self::Several,
        }
    }
}

/// Goes through every card that the settings ask for.
pub(super) fn collect(
    basis: &Basis<'_>,
    given: impl Fn(&PersonId, &UnitCode, &CriterionId) -> Given,
) -> (CardSet, Vec<Blocker>) {
    let mut collecting = Collecting { basis, cards: CardSet::new(), blockers: Vec::new() };
    let settings = basis.settings;
    let signs = |person: &PersonId| *person != settings.lead && !basis.resigned.contains_key(person);
    if !settings.assessors.iter().any(|assessor| signs(&assessor.person)) {
        collecting.blockers.push(Blocker::OneAssessor(settings.lead.clone()));
    }
    for assessor in &settings.assessors {
        for village in settings.villages.iter().map(|village| &village.code) {
            if assessor.visits(village) {
                collecting.village(assessor, village, &|criterion| given(&assessor.person, village, criterion));
            }
        }
    }
    (collecting.cards, collecting.blockers)
}

struct Collecting<'a> {
    basis: &'a Basis<'a>,
    cards: CardSet,
    blockers: Vec<Blocker>,
}

impl Collecting<'_> {
    fn village(&mut self, assessor: &AssessorSetting, village: &UnitCode, given: &dyn Fn(&CriterionId) -> Given) {
        let settings = self.basis.settings;
        let (mut card, mut office) = (Vec::new(), Vec::new());
        for criterion in settings.rule.criteria.iter().filter(|criterion| assessor.criteria.contains(&criterion.id)) {
            let list = if settings.rule.source(&criterion.id) == Source::Office { &mut office } else { &mut card };
            list.push((criterion, given(&criterion.id)));
        }
        let mut lists = vec![(office, false)];
        if settings.has_card(assessor) {
            let is_blank = card.iter().all(|(_, given)| *given == Given::Nothing);
            let (assessor, village) = (assessor.person.clone(), village.clone());
            match self.basis.unvisited.get(&(assessor.clone(), village.clone())) {
                Some(Settled::Divergence(_)) => self.blockers.push(Blocker::VisitDiffers { assessor, village }),
                Some(Settled::Agreed(said)) if said.value && is_blank => {}
                Some(Settled::Agreed(said)) if said.value => {
                    self.blockers.push(Blocker::VisitedAfterAll { assessor, village });
                }
                _ => lists.push((card, self.basis.resigned.contains_key(&assessor))),
            }
        }
        for (list, resigned) in lists {
            let of = |wanted: fn(Given, u32) -> bool| -> Vec<CriterionId> {
                let found = list.iter().filter(|(criterion, given)| wanted(*given, criterion.max));
                found.map(|(criterion, _)| criterion.id.clone()).collect()
            };
            let missing = of(|given, _| given == Given::Nothing);
            let differing = of(|given, _| given == Given::Several);
            let outside =
                of(|given, max| matches!(given, Given::One(value) if value.value() > Ratio::integer(max.into())));
            let whole = missing.is_empty() && differing.is_empty() && outside.is_empty();
            // Whoever has left gives nothing more and settles nothing: an unfinished card is as that of no visit.
            if resigned && !whole {
                continue;
            }
            let (person, village) = (&assessor.person, village);
            let mut block = |criteria: Vec<CriterionId>,
                             blocker: fn(PersonId, UnitCode, Vec<CriterionId>) -> Blocker| {
                if !criteria.is_empty() {
                    self.blockers.push(blocker(person.clone(), village.clone(), criteria));
                }
            };
            block(missing, |assessor, village, criteria| Blocker::Missing { assessor, village, criteria });
            block(differing, |assessor, village, criteria| Blocker::ScoresDiffer { assessor, village, criteria });
            block(outside, |assessor, village, criteria| Blocker::OutOfRange { assessor, village, criteria });
            let scores = list.iter().filter_map(|(criterion, given)| match given {
                Given::One(value) => Some((criterion.id.clone(), *value)),
                Given::Nothing | Given::Several => None,
            });
            let scores: Vec<_> = scores.collect();
            if !scores.is_empty() {
                self.cards.entry((person.clone(), village.clone())).or_default().extend(scores);
            }
        }
    }
}

/// Makes the cards that are ranked: one per assessor and village, without scores where nobody visited (E32).
pub(super) fn ranked(basis: &Basis<'_>, cards: &CardSet) -> Vec<Card<UnitCode>> {
    let settings = basis.settings;
    let value = |assessor: &AssessorSetting, village: &UnitCode, criterion: &CriterionId| {
        let person = match settings.rule.source(criterion) {
            Source::Office => &settings.responsible(village, criterion)?.person,
            Source::Assessors | Source::Rank => &assessor.person,
        };
        cards.get(&(person.clone(), village.clone()))?.get(criterion).map(|value| value.value())
    };
    let mut ranked = Vec::new();
    for assessor in settings.assessors.iter().filter(|assessor| settings.has_card(assessor)) {
        for village in settings.villages.iter().map(|village| &village.code).filter(|village| assessor.visits(village))
        {
            let criteria = settings.rule.criteria.iter();
            let scores = criteria.map(|criterion| value(assessor, village, &criterion.id)).collect();
            ranked.push(Card { village: village.clone(), assessor: assessor.person.to_string(), scores });
        }
    }
    ranked
}
