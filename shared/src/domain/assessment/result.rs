//! The result of a quarter: ranks, and a text that is equal wherever the result is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::collect::{CardSet, ranked};
use super::state::{AdjustmentState, Tie};
use super::{AssessmentSettings, Freeze, Posted};
use crate::digest;
use crate::domain::divergence::Settled;
use crate::domain::meeting::Recorded;
use crate::domain::ranking::{Adjusted, Adjustment, RankingError, Standing, TieStep, rank};
use crate::id::{FactId, PersonId, UnitCode};
use crate::number::Decimal;
use crate::time::Quarter;

/// What the digest of a result is a digest of.
const RESULT: &str = "pingyi/assessment/1";

/// What a quarter comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssessmentResult {
    /// Ranked villages first, then those without a rank, with everything that "show the sum" needs.
    pub standings: Vec<Standing<UnitCode>>,
    /// The digest of the result and of everything that it was computed from; equal digests are equal results.
    pub digest: [u8; 32],
}

/// What a result is computed from beside the cards.
pub(super) struct Basis<'a> {
    pub quarter: Quarter,
    pub settings: &'a AssessmentSettings,
    pub unvisited: &'a BTreeMap<(PersonId, UnitCode), Settled<bool>>,
    pub resigned: &'a BTreeMap<PersonId, Recorded<String>>,
    pub adjustments: &'a BTreeMap<FactId, AdjustmentState>,
}

impl AssessmentResult {
    /// Ranks frozen cards with what was posted and decided.
    pub(super) fn compute(
        basis: &Basis<'_>,
        cards: &CardSet,
        last: &BTreeMap<UnitCode, Decimal>,
        ties: &[&Tie],
    ) -> Result<Self, RankingError> {
        let adjustments = basis.adjustments.values().filter(|state| state.struck.is_none());
        let adjusted: Vec<Adjusted<UnitCode>> = adjustments.map(|state| adjusted(&state.adjusted)).collect();
        let placed = ties.iter().filter(|tie| !tie.shared).flat_map(|tie| &tie.villages);
        let decided: Vec<UnitCode> = placed.cloned().collect();
        let standings = rank(&basis.settings.rule, &ranked(basis, cards), &adjusted, last, &decided)?;
        let mut result = Self { standings, digest: [0; 32] };
        result.digest = digest::of_text(RESULT, &result.canonical(basis, cards, last, ties));
        Ok(result)
    }

    /// Returns a village's line.
    pub fn standing(&self, village: &UnitCode) -> Option<&Standing<UnitCode>> {
        self.standings.iter().find(|standing| standing.village == *village)
    }

    /// Returns the villages in the first rank: those that may get the flag; vetoed ones never are among them (E33).
    pub fn first(&self) -> impl Iterator<Item = &UnitCode> {
        self.standings.iter().filter(|standing| standing.rank == Some(1)).map(|standing| &standing.village)
    }

    /// Returns the published numbers, by village.
    pub fn published(&self) -> BTreeMap<UnitCode, Decimal> {
        let number = |standing: &Standing<UnitCode>| Some((standing.village.clone(), standing.published?));
        self.standings.iter().filter_map(number).collect()
    }

    /// Returns groups of villages that share a rank.
    pub fn tied(&self) -> Vec<BTreeSet<UnitCode>> {
        let mut groups: BTreeMap<u32, BTreeSet<UnitCode>> = BTreeMap::new();
        for standing in &self.standings {
            if let Some(rank) = standing.rank {
                groups.entry(rank).or_default().insert(standing.village.clone());
            }
        }
        groups.into_values().filter(|villages| villages.len() > 1).collect()
    }

    /// Writes down what was computed and from what, one line each, the same on every device.
    fn canonical(
        &self,
        basis: &Basis<'_>,
        cards: &CardSet,
        last: &BTreeMap<UnitCode, Decimal>,
        ties: &[&Tie],
    ) -> String {
        let mut text = basis.settings.frame(basis.quarter);
        // Writing to a text cannot fail; the length of a text keeps its line breaks from passing for further lines.
        for ((assessor, village), scores) in cards {
            let _ = write!(text, "card {assessor} {village}");
            scores.iter().for_each(|(criterion, value)| _ = write!(text, " {criterion} {value}"));
            text.push('\n');
        }
        for ((assessor, village), word) in basis.unvisited {
            if word.agreed() == Some(&true) {
                let _ = writeln!(text, "unvisited {assessor} {village}");
            }
        }
        for assessor in basis.resigned.keys() {
            let _ = writeln!(text, "resigned {assessor}");
        }
        for (village, number) in last {
            let _ = writeln!(text, "last {village} {number}");
        }
        for (id, state) in basis.adjustments.iter().filter(|(_, state)| state.struck.is_none()) {
            let super::Adjusted { village, posted, reason, .. } = &state.adjusted;
            let _ = match posted {
                Posted::Bonus(points) => write!(text, "bonus {id} {village} {points}"),
                Posted::Deduction(points) => write!(text, "deduction {id} {village} {points}"),
                Posted::Veto => write!(text, "veto {id} {village}"),
            };
            let _ = writeln!(text, " {} {reason}", reason.len());
        }
        for Tie { villages, shared, reason } in ties {
            let _ = write!(text, "{}", if *shared { "shared" } else { "placed" });
            villages.iter().for_each(|village| _ = write!(text, " {village}"));
            let _ = writeln!(text, " {} {reason}", reason.len());
        }
        self.standings.iter().for_each(|standing| write_standing(&mut text, standing));
        text
    }
}

fn write_standing(text: &mut String, standing: &Standing<UnitCode>) {
    fn or_none(value: Option<impl std::fmt::Display>) -> String {
        value.map_or("none".to_owned(), |value| value.to_string())
    }
    // Words of their own: a type that is renamed must not change a digest.
    let below = standing.below_by.map(|step| match step {
        TieStep::Score => "score",
        TieStep::Deductions => "deductions",
        TieStep::HeaviestCriterion => "heaviest",
        TieStep::Gain => "gain",
        TieStep::Decision => "decision",
        TieStep::Shared => "shared",
    });
    let (cards, disqualified) = (&standing.cards, if standing.disqualified { "disqualified" } else { "qualified" });
    let _ = writeln!(
        text,
        "standing {} cards {} dropped {} unvisited {} mean {} beside {} bonus {} deduction {} exact {} published {} \
         {disqualified} rank {} below {}",
        standing.village,
        cards.count(),
        cards.dropped_count(),
        standing.not_visited,
        or_none(cards.mean),
        standing.beside,
        standing.bonus.counted,
        standing.deduction.counted,
        or_none(standing.exact),
        or_none(standing.published),
        or_none(standing.rank),
        or_none(below),
    );
}

fn adjusted(adjusted: &super::Adjusted) -> Adjusted<UnitCode> {
    let adjustment = match adjusted.posted {
        Posted::Bonus(points) => Adjustment::Bonus(points.value()),
        Posted::Deduction(points) => Adjustment::Deduction(points.value()),
        Posted::Veto => Adjustment::Veto,
    };
    Adjusted { village: adjusted.village.clone(), adjustment }
}

impl Freeze {
    /// Returns what one assessor's card of a village says.
    pub fn card(
        &self,
        assessor: &PersonId,
        village: &UnitCode,
    ) -> Option<&BTreeMap<crate::id::CriterionId, super::Hundredths>> {
        self.cards.get(&(assessor.clone(), village.clone()))
    }
}
