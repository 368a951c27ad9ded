//! The rulebook of a village assessment from its file.

use std::ops::Range;

use toml::Spanned;

use super::{RoundingName, RuleFile, RuleFileError, RuleFileReason, Text, read_as};
use crate::domain::rulebook::assessment::{AssessmentFault, AssessmentRule, Source};
use crate::domain::rulebook::{CRITERIA_LIMIT, Criterion};
use crate::id::{CriterionId, RulebookId};
use crate::number::Decimal;

/// What the versions of a file without an identifier share.
const ID: &str = "village-assessment";
/// Digits after the point where the file does not say (DOMAIN section 6, rule 2).
const DECIMALS: u8 = 2;
/// From how many cards extremes are dropped where the file does not say (rule 3).
const TRIM_MIN: u32 = 5;

/// Reads a rulebook of village assessment and checks it; the first mistake is returned.
///
/// Without a cap additions and deductions count whole. Unknown keys are mistakes; a byte-order mark is ignored.
pub fn read_assessment(text: &str) -> Result<AssessmentRule, RuleFileError> {
    read_as::<File>(text)
}

/// The file as it is written.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: Spanned<String>,
    id: Option<Text<RulebookId>>,
    version: Option<Spanned<u32>>,
    title: Option<String>,
    decimals: Option<Spanned<u8>>,
    #[serde(default)]
    rounding: RoundingName,
    trim_min: Option<u32>,
    bonus_cap: Option<Spanned<Text<Decimal>>>,
    deduction_cap: Option<Spanned<Text<Decimal>>>,
    #[serde(default)]
    clamp: bool,
    #[serde(default = "yes")]
    recuse: bool,
    #[serde(default)]
    criterion: Vec<ScoredTable>,
}

/// A criterion and how its scores come about.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ScoredTable {
    id: Spanned<Text<CriterionId>>,
    name: Option<String>,
    max: Spanned<u32>,
    #[serde(default)]
    source: SourceName,
}

#[derive(Clone, Copy, Default, PartialEq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum SourceName {
    #[default]
    Assessors,
    Office,
    Rank,
}

/// Advisors do not score their own villages where the file does not say (DOMAIN W2).
fn yes() -> bool {
    true
}

impl ScoredTable {
    fn criterion(&self) -> Criterion {
        let id = self.id.get_ref().0.clone();
        let name = self.name.clone().unwrap_or_else(|| id.to_string());
        Criterion { id, name, max: *self.max.get_ref() }
    }

    /// Returns the source that is not the usual one.
    fn source(&self) -> Option<(CriterionId, Source)> {
        let source = match self.source {
            SourceName::Assessors => return None,
            SourceName::Office => Source::Office,
            SourceName::Rank => Source::Rank,
        };
        Some((self.id.get_ref().0.clone(), source))
    }
}

impl RuleFile for File {
    const KIND: &'static str = "village-assessment";
    type Rule = AssessmentRule;
    type Fault = AssessmentFault;

    fn kind(&self) -> &Spanned<String> {
        &self.kind
    }

    #[allow(clippy::expect_used, reason = "the constant is read by the tests")]
    fn rule(&self) -> AssessmentRule {
        let cap = |cap: &Option<Spanned<Text<Decimal>>>| cap.as_ref().map(|cap| cap.get_ref().0);
        AssessmentRule {
            id: self.id.as_ref().map_or_else(|| RulebookId::new(ID).expect("a rulebook id"), |id| id.0.clone()),
            version: self.version.as_ref().map_or(1, |version| *version.get_ref()),
            title: self.title.clone().unwrap_or_default(),
            decimals: self.decimals.as_ref().map_or(DECIMALS, |decimals| *decimals.get_ref()),
            rounding: self.rounding.rounding(),
            trim_min: self.trim_min.unwrap_or(TRIM_MIN),
            criteria: self.criterion.iter().map(ScoredTable::criterion).collect(),
            sources: self.criterion.iter().filter_map(ScoredTable::source).collect(),
            recuse: self.recuse,
            bonus_cap: cap(&self.bonus_cap),
            deduction_cap: cap(&self.deduction_cap),
            clamp: self.clamp,
        }
    }

    fn check(rule: &AssessmentRule) -> Result<(), Vec<AssessmentFault>> {
        rule.check()
    }

    fn reason(fault: AssessmentFault) -> RuleFileReason {
        RuleFileReason::Assessment(fault)
    }

    fn span(&self, fault: AssessmentFault) -> Option<Range<usize>> {
        let criterion = |at: usize| self.criterion.get(at);
        match fault {
            AssessmentFault::Version => self.version.as_ref().map(Spanned::span),
            AssessmentFault::Decimals => self.decimals.as_ref().map(Spanned::span),
            AssessmentFault::CriterionCount => criterion(CRITERIA_LIMIT).map(|criterion| criterion.id.span()),
            AssessmentFault::CriterionTwice(at) | AssessmentFault::CriterionReserved(at) => {
                criterion(at).map(|criterion| criterion.id.span())
            }
            AssessmentFault::Max(at) => criterion(at).map(|criterion| criterion.max.span()),
            // A source stands in its criterion, so that one of another cannot be written.
            AssessmentFault::Source => None,
            AssessmentFault::NoCards => criterion(0).map(|criterion| criterion.id.span()),
            AssessmentFault::BonusCap => self.bonus_cap.as_ref().map(Spanned::span),
            AssessmentFault::DeductionCap => self.deduction_cap.as_ref().map(Spanned::span),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Rounding;

    const SHORT: &str = "kind = \"village-assessment\"\n[[criterion]]\nid = \"组织\"\nmax = 100\n";

    #[test]
    fn what_is_left_out_is_a_default() {
        let rule = read_assessment(SHORT).unwrap();
        assert_eq!((rule.id.as_str(), rule.version, rule.decimals, rule.trim_min), (ID, 1, 2, 5));
        assert_eq!((rule.bonus_cap, rule.deduction_cap, rule.clamp), (None, None, false));
        assert_eq!((rule.sources.len(), rule.recuse), (0, true));
        assert_eq!((rule.criteria[0].name.as_str(), rule.rounding), ("组织", Rounding::HalfUp));
    }

    #[test]
    fn a_criterion_says_where_its_scores_come_from() {
        let office = "[[criterion]]\nid = \"收入\"\nmax = 20\nsource = \"office\"\n";
        let rank = "[[criterion]]\nid = \"观摩\"\nmax = 10\nsource = \"rank\"\n";
        let rule = read_assessment(&format!("recuse = false\n{SHORT}{office}{rank}")).unwrap();
        let sources: Vec<Source> = rule.criteria.iter().map(|criterion| rule.source(&criterion.id)).collect();
        assert_eq!((sources, rule.recuse), (vec![Source::Assessors, Source::Office, Source::Rank], false));
        let none = read_assessment(&format!("kind = \"village-assessment\"\n{office}")).unwrap_err();
        assert_eq!(none.to_string(), "3:6: no criterion is scored by the assessors");
    }

    #[test]
    fn faults_stand_where_the_file_has_them() {
        let fault = |text: &str| read_assessment(text).unwrap_err().to_string();
        assert_eq!(fault(&format!("bonus_cap = \"-5\"\n{SHORT}")), "1:13: a cap is not below 0");
        assert_eq!(
            fault(&format!("bonus_cap = 2.5\n{SHORT}")),
            "1:13: invalid type: floating point `2.5`, expected text between quotes"
        );
        assert_eq!(fault(&SHORT.replace("100", "0")), "4:7: a criterion's maximum is from 1 to 10000");
        assert_eq!(fault("kind = \"points\"\n"), "1:8: the kind of this rulebook is not village-assessment");
        assert_eq!(fault("kind = \"village-assessment\"\n"), "1:1: a rulebook has 1 to 40 criteria");
    }
}
