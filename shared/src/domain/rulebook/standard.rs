//! The built-in member review: five aspects of 0 to 20, members 60 and representatives 40.

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
