//! What a quarter is opened with: the rule, the villages as they are grouped, and who scores what.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::digest;
use crate::domain::rulebook::assessment::{AssessmentRule, Source};
use crate::domain::township::{Township, Unit, VillageKind};
use crate::id::{CriterionId, PersonId, UnitCode};
use crate::number::Rounding;
use crate::time::Quarter;

/// The most villages of one assessment: every unit of a large township.
pub const VILLAGES_LIMIT: usize = 64;
/// The most assessors: more do not fit into one room to compare their cards.
pub const ASSESSORS_LIMIT: usize = 40;
/// The most scores of one assessment, every card together: what a freeze carries stays within one fact.
pub const SCORES_LIMIT: usize = 12_000;

/// What the digest of settings is a digest of.
const FRAME: &str = "pingyi/assessment-frame/1";

/// What a quarter is opened with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssessmentSettings {
    /// What the assessment calls itself.
    pub title: String,
    /// The rulebook version as it stood at opening; later versions never touch it (W1).
    pub rule: AssessmentRule,
    /// The villages that are assessed, in printed order, as the registry had them at opening (E45).
    pub villages: Vec<AssessedVillage>,
    /// Who scores, in printed order.
    pub assessors: Vec<AssessorSetting>,
    /// Who leads (考核组组长).
    pub lead: PersonId,
}

/// A village as it stood at opening: later moves between precincts change no quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssessedVillage {
    /// The village.
    pub code: UnitCode,
    /// Its name.
    pub name: String,
    /// Village or community.
    pub kind: VillageKind,
    /// The precinct it belonged to.
    pub precinct: String,
}

/// An assessor and what they are to score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssessorSetting {
    /// The person.
    pub person: PersonId,
    /// The name at opening.
    pub name: String,
    /// The villages assigned.
    pub villages: BTreeSet<UnitCode>,
    /// The criteria assigned: all that assessors score or none of them, and those for whose values they answer.
    pub criteria: BTreeSet<CriterionId>,
    /// Villages that they do not score although assigned, since they advise them (回避).
    pub recused: BTreeSet<UnitCode>,
}

/// What makes settings unusable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsFault {
    /// The rulebook has faults.
    Rule,
    /// No village, or more than [`VILLAGES_LIMIT`].
    VillageCount,
    /// A village stands there twice.
    VillageTwice(UnitCode),
    /// No assessor, or more than [`ASSESSORS_LIMIT`].
    AssessorCount,
    /// An assessor stands there twice.
    AssessorTwice(PersonId),
    /// More scores than [`SCORES_LIMIT`].
    ScoreCount,
    /// An assessor is assigned a village that is not assessed.
    UnknownVillage(PersonId, UnitCode),
    /// An assessor is assigned a criterion that the rulebook does not have.
    UnknownCriterion(PersonId, CriterionId),
    /// An assessor is assigned some of the criteria of a card and not all: their totals could not be compared.
    PartialCard(PersonId),
    /// Not exactly one assessor answers for a responsible office's value of a village.
    OfficeNotOne(CriterionId, UnitCode),
    /// Nobody scores this village.
    Unassessed(UnitCode),
}

/// Where the settings of two phones can differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SettingsPart {
    /// Title.
    Title,
    /// The rulebook.
    Rule,
    /// The villages, their names or their precincts.
    Villages,
    /// Assessors and what they score.
    Assessors,
    /// The lead.
    Lead,
}

impl AssessedVillage {
    /// Copies a unit of the registry.
    pub fn of(unit: &Unit) -> Self {
        let (name, precinct) = (unit.name.clone(), unit.precinct.clone());
        Self { code: unit.code.clone(), name, kind: unit.kind, precinct }
    }
}

impl AssessorSetting {
    /// Tells whether they are to score a village on a criterion.
    pub fn scores(&self, village: &UnitCode, criterion: &CriterionId) -> bool {
        self.visits(village) && self.criteria.contains(criterion)
    }

    /// Tells whether they are to score a village at all.
    pub fn visits(&self, village: &UnitCode) -> bool {
        self.villages.contains(village) && !self.recused.contains(village)
    }
}

impl AssessmentSettings {
    /// Copies every village of the township.
    pub fn villages_of(township: &Township) -> Vec<AssessedVillage> {
        township.units.values().map(AssessedVillage::of).collect()
    }

    /// Returns every text that people write, each of which has to fit a line.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let villages = self.villages.iter().flat_map(|village| [&village.name, &village.precinct]);
        let assessors = self.assessors.iter().map(|assessor| &assessor.name);
        let criteria = self.rule.criteria.iter().map(|criterion| &criterion.name);
        let texts = villages.chain(assessors).chain(criteria).chain([&self.title, &self.rule.title]);
        texts.map(String::as_str)
    }

    /// Returns the assessor's line.
    pub fn assessor(&self, person: &PersonId) -> Option<&AssessorSetting> {
        self.assessors.iter().find(|assessor| assessor.person == *person)
    }

    /// Returns the village's line.
    pub fn village(&self, code: &UnitCode) -> Option<&AssessedVillage> {
        self.villages.iter().find(|village| village.code == *code)
    }

    /// Tells whether an assessor fills cards, and does not only answer for an office's values.
    pub fn has_card(&self, assessor: &AssessorSetting) -> bool {
        self.carded().any(|criterion| assessor.criteria.contains(criterion))
    }

    /// Returns the criteria of a card: those that every assessor scores.
    pub fn carded(&self) -> impl Iterator<Item = &CriterionId> {
        let ids = self.rule.criteria.iter().map(|criterion| &criterion.id);
        ids.filter(|id| self.rule.source(id) != Source::Office)
    }

    /// Returns who answers for a responsible office's value of a village.
    pub fn responsible(&self, village: &UnitCode, criterion: &CriterionId) -> Option<&AssessorSetting> {
        self.assessors.iter().find(|assessor| assessor.scores(village, criterion))
    }

    /// Returns the digest of what must not change once the quarter is open: the rule and the villages.
    pub fn frame_digest(&self, quarter: Quarter) -> [u8; 32] {
        digest::of_text(FRAME, &self.frame(quarter))
    }

    /// Writes down rule and villages, one line each, the same on every device.
    pub(super) fn frame(&self, quarter: Quarter) -> String {
        let rule = &self.rule;
        let rounding = match rule.rounding {
            Rounding::HalfUp => "half_up",
            Rounding::HalfEven => "half_even",
        };
        let cap = |cap: Option<crate::number::Decimal>| cap.map_or("none".to_owned(), |cap| cap.value().to_string());
        let mut text = format!("assessment {quarter}\nrulebook {} {}\n", rule.id, rule.version);
        // Writing to a text cannot fail.
        let _ = writeln!(text, "decimals {} {rounding} trim {} clamp {}", rule.decimals, rule.trim_min, rule.clamp);
        let _ = writeln!(text, "recuse {}", rule.recuse);
        let _ = writeln!(text, "caps {} {}", cap(rule.bonus_cap), cap(rule.deduction_cap));
        for criterion in &rule.criteria {
            let source = match rule.source(&criterion.id) {
                Source::Assessors => "assessors",
                Source::Office => "office",
                Source::Rank => "rank",
            };
            let _ = writeln!(text, "criterion {} {} {source}", criterion.id, criterion.max);
        }
        for village in &self.villages {
            // The length keeps a name with line breaks from passing for a second line.
            let _ = writeln!(text, "village {} {} {}", village.code, village.precinct.len(), village.precinct);
        }
        text
    }

    /// Returns where two settings differ.
    pub fn differences(&self, other: &Self) -> BTreeSet<SettingsPart> {
        let parts = [
            (SettingsPart::Title, self.title != other.title),
            (SettingsPart::Rule, self.rule != other.rule),
            (SettingsPart::Villages, self.villages != other.villages),
            (SettingsPart::Assessors, self.assessors != other.assessors),
            (SettingsPart::Lead, self.lead != other.lead),
        ];
        parts.into_iter().filter(|(_, differ)| *differ).map(|(part, _)| part).collect()
    }

    /// Checks everything that scoring and freezing rely on; the first fault is returned.
    pub fn check(&self) -> Result<(), SettingsFault> {
        self.rule.check().map_err(|_| SettingsFault::Rule)?;
        let mut villages = BTreeSet::new();
        if self.villages.is_empty() || self.villages.len() > VILLAGES_LIMIT {
            return Err(SettingsFault::VillageCount);
        }
        if let Some(twice) = self.villages.iter().find(|village| !villages.insert(&village.code)) {
            return Err(SettingsFault::VillageTwice(twice.code.clone()));
        }
        if self.assessors.is_empty() || self.assessors.len() > ASSESSORS_LIMIT {
            return Err(SettingsFault::AssessorCount);
        }
        let mut people = BTreeSet::new();
        for assessor in &self.assessors {
            if !people.insert(&assessor.person) {
                return Err(SettingsFault::AssessorTwice(assessor.person.clone()));
            }
            self.check_assessor(assessor, &villages)?;
        }
        let scores = |assessor: &AssessorSetting| assessor.villages.len() * assessor.criteria.len();
        if self.assessors.iter().map(scores).sum::<usize>() > SCORES_LIMIT {
            return Err(SettingsFault::ScoreCount);
        }
        self.check_villages()
    }

    fn check_assessor(&self, assessor: &AssessorSetting, villages: &BTreeSet<&UnitCode>) -> Result<(), SettingsFault> {
        let person = || assessor.person.clone();
        let assigned = assessor.villages.iter().chain(&assessor.recused);
        if let Some(unknown) = assigned.into_iter().find(|village| !villages.contains(village)) {
            return Err(SettingsFault::UnknownVillage(person(), unknown.clone()));
        }
        let known: BTreeSet<&CriterionId> = self.rule.criteria.iter().map(|criterion| &criterion.id).collect();
        if let Some(unknown) = assessor.criteria.iter().find(|criterion| !known.contains(criterion)) {
            return Err(SettingsFault::UnknownCriterion(person(), unknown.clone()));
        }
        let whole = self.carded().all(|criterion| assessor.criteria.contains(criterion));
        if self.has_card(assessor) && !whole { Err(SettingsFault::PartialCard(person())) } else { Ok(()) }
    }

    fn check_villages(&self) -> Result<(), SettingsFault> {
        for AssessedVillage { code, .. } in &self.villages {
            for criterion in self.rule.of(Source::Office) {
                let responsible = self.assessors.iter().filter(|assessor| assessor.scores(code, &criterion.id));
                if responsible.count() != 1 {
                    return Err(SettingsFault::OfficeNotOne(criterion.id.clone(), code.clone()));
                }
            }
            if !self.assessors.iter().any(|assessor| assessor.visits(code) && self.has_card(assessor)) {
                return Err(SettingsFault::Unassessed(code.clone()));
            }
        }
        Ok(())
    }

    /// Returns assessors who score a village that they advise, against the rule (DOMAIN section 4).
    pub fn unrecused<'a>(
        &'a self,
        advisors: &'a BTreeMap<PersonId, BTreeSet<UnitCode>>,
    ) -> Option<(&'a PersonId, &'a UnitCode)> {
        let conflict = |assessor: &'a AssessorSetting| {
            let linked = advisors.get(&assessor.person)?;
            linked.iter().find(|village| assessor.visits(village)).map(|village| (&assessor.person, village))
        };
        self.assessors.iter().filter(|_| self.rule.recuse).find_map(conflict)
    }
}
