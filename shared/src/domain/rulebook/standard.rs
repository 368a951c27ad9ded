//! The built-in rulebooks: the member review of five aspects, and the quarterly assessment of villages.

use std::collections::BTreeMap;

use super::assessment::AssessmentRule;
use super::{Criterion, EmptyGroup, Quorum, RaterGroup, Rulebook, StarBand};
use crate::id::{CriterionId, GroupId, RulebookId};
use crate::number::{Decimal, Rounding};

impl Rulebook {
    /// Returns the sample township's member review; every number is a default of DOMAIN sections 3 and 6.
    #[allow(clippy::expect_used, reason = "the constants below are read by the tests")]
    pub fn standard_review() -> Self {
        let group = |id: &str, name: &str, weight, numerator, denominator| RaterGroup {
            id: GroupId::new(id).expect("a group id"),
            name: name.to_owned(),
            weight,
            quorum: Quorum { strict: false, numerator, denominator },
        };
        let criterion = |(id, name): (&str, &str)| Criterion {
            id: CriterionId::new(id).expect("a criterion id"),
            name: name.to_owned(),
            max: 20,
        };
        let band = |(stars, from)| StarBand { stars, from: Decimal::new(from, 0).expect("a whole number") };
        let aspects = [
            ("ideology", "思想政治"),
            ("neighbours", "邻里和睦"),
            ("courtyard", "干净庭院"),
            ("family", "良好家风"),
            ("example", "示范带动"),
        ];
        Self {
            id: RulebookId::new("member-review").expect("a rulebook id"),
            version: 1,
            title: "党员评议办法".to_owned(),
            decimals: 2,
            rounding: Rounding::HalfUp,
            trim_min: 5,
            empty_group: EmptyGroup::InvalidSession,
            groups: vec![group("members", "党员", 60, 1, 2), group("representatives", "村民代表", 40, 2, 3)],
            criteria: aspects.map(criterion).into(),
            bands: [(1, 60), (2, 70), (3, 80), (4, 90), (5, 96)].map(band).into(),
            levels: vec![20, 16, 12, 8],
            body_of_both: GroupId::new("members").expect("a group id"),
            probationary_rated: true,
            publish_min: 5,
        }
    }
}

impl AssessmentRule {
    /// Returns the sample township's quarterly assessment: four criteria that sum to 100.
    #[allow(clippy::expect_used, reason = "the constants below are read by the tests")]
    pub fn standard() -> Self {
        let criterion = |(id, name, max): (&str, &str, u32)| Criterion {
            id: CriterionId::new(id).expect("a criterion id"),
            name: name.to_owned(),
            max,
        };
        let criteria = [
            ("organisation", "组织建设", 30),
            ("economy", "集体经济", 25),
            ("service", "志愿服务", 25),
            ("environment", "人居环境", 20),
        ];
        Self {
            id: RulebookId::new("village-assessment").expect("a rulebook id"),
            version: 1,
            title: "村级季度考核办法".to_owned(),
            decimals: 2,
            rounding: Rounding::HalfUp,
            trim_min: 5,
            criteria: criteria.map(criterion).into(),
            sources: BTreeMap::new(),
            recuse: true,
            bonus_cap: Some(Decimal::new(5, 0).expect("a whole number")),
            deduction_cap: Some(Decimal::new(10, 0).expect("a whole number")),
            clamp: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_has_no_fault() {
        assert_eq!(AssessmentRule::standard().check(), Ok(()));
        assert_eq!(AssessmentRule::standard().max_total().to_string(), "100");
    }
}
