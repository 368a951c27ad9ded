//! Which rule of points holds in which month.

use std::collections::BTreeMap;

use super::PointsRule;
use crate::domain::divergence::{Claim, Settled, Voice, settle};
use crate::domain::meeting::Recorded;
use crate::id::RulebookId;
use crate::time::{Date, Month};

/// A version of the rules of points that was put in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointsAdoption {
    /// The version.
    pub rule: PointsRule,
    /// The first day on which it holds; a month is counted by what held on its first day.
    pub from: Date,
    /// The meeting that adopted it, in words.
    pub adopted_at: String,
}

/// Adopted versions; a divergence where one version was adopted in two wordings.
pub type PointsRules = BTreeMap<(RulebookId, u32), Settled<PointsAdoption>>;

/// Folds adoptions by version.
pub fn points_rules(facts: Vec<Recorded<PointsAdoption>>) -> PointsRules {
    let mut claims: BTreeMap<_, Vec<Claim<'static, PointsAdoption>>> = BTreeMap::new();
    for fact in facts {
        let key = (fact.value.rule.id.clone(), fact.value.rule.version);
        claims.entry(key).or_default().push(Claim { voice: Voice::of(&fact), value: fact.value, replaces: &[] });
    }
    claims.into_iter().map(|(key, claims)| (key, settle(claims))).collect()
}

/// The rules that a village's accounts can rest on: its own, and the township's where it has none.
#[derive(Clone, Copy, Debug)]
pub struct RulesOf<'a> {
    /// What the village adopted.
    pub village: &'a PointsRules,
    /// What the township adopted.
    pub township: &'a PointsRules,
}

impl<'a> RulesOf<'a> {
    /// Returns a version, if it was adopted in one wording.
    pub fn version(self, id: &RulebookId, version: u32) -> Option<&'a PointsRule> {
        let key = (id.clone(), version);
        let adopted = self.village.get(&key).or_else(|| self.township.get(&key))?;
        adopted.agreed().map(|adoption| &adoption.rule)
    }

    /// Returns the rule that holds last of all, the village's before the township's.
    pub fn latest(self) -> Option<&'a PointsRule> {
        latest(self.village, None).or_else(|| latest(self.township, None))
    }

    /// Returns the rule of a month: of what held on its first day, the village's before the township's and the latest
    /// before earlier ones.
    pub fn of_month(self, month: Month) -> Option<&'a PointsRule> {
        let day = Some(month.first_day());
        latest(self.village, day).or_else(|| latest(self.township, day))
    }
}

/// Returns the latest rule, of those that held on a day where one is given.
fn latest(rules: &PointsRules, on: Option<Date>) -> Option<&PointsRule> {
    let adoptions = rules.values().filter_map(Settled::agreed);
    let held = adoptions.filter(|adoption| on.is_none_or(|day| adoption.from <= day));
    let last = held.max_by_key(|adoption| (adoption.from, adoption.rule.version, &adoption.rule.id));
    last.map(|adoption| &adoption.rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::divergence::Said;
    use crate::domain::rulebook::points::{Category, PointItem};

    fn rules(adopted: &[(u32, &str)]) -> PointsRules {
        let rule = |version| PointsRule {
            id: "points".parse().unwrap(),
            version,
            title: String::new(),
            categories: vec![Category { id: "a".parse().unwrap(), name: String::new(), per_month: None }],
            items: vec![PointItem {
                id: "b".parse().unwrap(),
                name: String::new(),
                points: 1,
                category: "a".parse().unwrap(),
                per_day: None,
                per_month: None,
                evidence: String::new(),
            }],
            gain_per_month: None,
            loss_per_month: None,
            base: 0,
            redemption: false,
        };
        let adoption = |(version, from): &(u32, &str)| {
            let value = PointsAdoption { rule: rule(*version), from: from.parse().unwrap(), adopted_at: String::new() };
            (("points".parse().unwrap(), *version), Settled::Agreed(Said { value, by: Vec::new() }))
        };
        adopted.iter().map(adoption).collect()
    }

    #[test]
    fn a_month_keeps_the_rule_that_held_on_its_first_day() {
        let (village, township) = (rules(&[(7, "2026-11-01")]), rules(&[(1, "2026-09-01"), (2, "2026-10-02")]));
        let rules = RulesOf { village: &village, township: &township };
        let version = |day: &str| {
            let day: Date = day.parse().unwrap();
            rules.of_month(day.month()).map(|rule| rule.version)
        };
        assert_eq!(version("2026-08-31"), None);
        assert_eq!(version("2026-10-31"), Some(1), "what is adopted within a month waits for the next");
        assert_eq!(version("2026-11-30"), Some(7), "a village's own before the township's");
        assert_eq!(rules.version(&"points".parse().unwrap(), 2).map(|rule| rule.version), Some(2));
        assert_eq!(rules.version(&"points".parse().unwrap(), 3), None);
    }
}
