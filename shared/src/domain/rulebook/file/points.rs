//! The rulebook of points accounts from its file.

use std::ops::Range;

use toml::Spanned;

use super::{RuleFile, RuleFileError, RuleFileReason, Text, read_as};
use crate::domain::rulebook::points::{CATEGORIES_LIMIT, Category, ITEMS_LIMIT, PointItem, PointsFault, PointsRule};
use crate::id::{CategoryId, ItemId, RulebookId};

/// What the versions of a file without an identifier share.
const ID: &str = "points";

/// Reads a rulebook of points and checks it; the first mistake is returned.
///
/// A cap that is left out is none. Unknown keys are mistakes; a byte-order mark is ignored.
pub fn read_points(text: &str) -> Result<PointsRule, RuleFileError> {
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
    gain_per_month: Option<u32>,
    loss_per_month: Option<u32>,
    base: Option<Spanned<u32>>,
    #[serde(default)]
    redemption: bool,
    #[serde(default)]
    category: Vec<CategoryTable>,
    #[serde(default)]
    item: Vec<ItemTable>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryTable {
    id: Spanned<Text<CategoryId>>,
    name: Option<String>,
    per_month: Option<u32>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemTable {
    id: Spanned<Text<ItemId>>,
    name: Option<String>,
    points: Spanned<i32>,
    category: Spanned<Text<CategoryId>>,
    per_day: Option<u32>,
    per_month: Option<u32>,
    #[serde(default)]
    evidence: String,
}

impl RuleFile for File {
    const KIND: &'static str = "points";
    type Rule = PointsRule;
    type Fault = PointsFault;

    fn kind(&self) -> &Spanned<String> {
        &self.kind
    }

    #[allow(clippy::expect_used, reason = "the constant is read by the tests")]
    fn rule(&self) -> PointsRule {
        PointsRule {
            id: self.id.as_ref().map_or_else(|| RulebookId::new(ID).expect("a rulebook id"), |id| id.0.clone()),
            version: self.version.as_ref().map_or(1, |version| *version.get_ref()),
            title: self.title.clone().unwrap_or_default(),
            categories: self.category.iter().map(CategoryTable::category).collect(),
            items: self.item.iter().map(ItemTable::item).collect(),
            gain_per_month: self.gain_per_month,
            loss_per_month: self.loss_per_month,
            base: self.base.as_ref().map_or(0, |base| *base.get_ref()),
            redemption: self.redemption,
        }
    }

    fn check(rule: &PointsRule) -> Result<(), Vec<PointsFault>> {
        rule.check()
    }

    fn reason(fault: PointsFault) -> RuleFileReason {
        RuleFileReason::Points(fault)
    }

    fn span(&self, fault: PointsFault) -> Option<Range<usize>> {
        let category = |at: usize| self.category.get(at).map(|category| category.id.span());
        let item = |at: usize| self.item.get(at);
        match fault {
            PointsFault::Version => self.version.as_ref().map(Spanned::span),
            PointsFault::CategoryCount => category(CATEGORIES_LIMIT),
            PointsFault::CategoryTwice(at) => category(at),
            PointsFault::ItemCount => item(ITEMS_LIMIT).map(|item| item.id.span()),
            PointsFault::ItemTwice(at) => item(at).map(|item| item.id.span()),
            PointsFault::ItemPoints(at) => item(at).map(|item| item.points.span()),
            PointsFault::ItemCategory(at) => item(at).map(|item| item.category.span()),
            PointsFault::Base => self.base.as_ref().map(Spanned::span),
        }
    }
}

impl CategoryTable {
    fn category(&self) -> Category {
        let id = self.id.get_ref().0.clone();
        let name = self.name.clone().unwrap_or_else(|| id.to_string());
        Category { id, name, per_month: self.per_month }
    }
}

impl ItemTable {
    fn item(&self) -> PointItem {
        let id = self.id.get_ref().0.clone();
        let name = self.name.clone().unwrap_or_else(|| id.to_string());
        PointItem {
            id,
            name,
            points: *self.points.get_ref(),
            category: self.category.get_ref().0.clone(),
            per_day: self.per_day,
            per_month: self.per_month,
            evidence: self.evidence.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: &str = "kind = \"points\"\n[[category]]\nid = \"环境\"\n[[item]]\nid = \"扫地\"\npoints = 5\n\
                         category = \"环境\"\n";

    #[test]
    fn what_is_left_out_is_no_cap() {
        let rule = read_points(SHORT).unwrap();
        assert_eq!((rule.gain_per_month, rule.loss_per_month, rule.categories[0].per_month), (None, None, None));
        let item = &rule.items[0];
        assert_eq!((item.name.as_str(), item.points, item.per_day, item.per_month), ("扫地", 5, None, None));
        assert_eq!((rule.base, rule.redemption), (0, false), "redemption is off unless the village says so");
        let shop = SHORT.replace("kind", "base = 100\nredemption = true\nkind");
        let rule = read_points(&shop).unwrap();
        assert_eq!((rule.base, rule.redemption), (100, true));
    }

    #[test]
    fn faults_stand_where_the_file_has_them() {
        let fault = |text: &str| read_points(text).unwrap_err().to_string();
        assert_eq!(
            fault(&SHORT.replace("points = 5", "points = 0")),
            "6:10: an item gives or costs 1 to 100000 points"
        );
        assert_eq!(
            fault(&SHORT.replace("category = \"环境\"", "category = \"别的\"")),
            "7:12: there is no such category"
        );
        assert_eq!(fault(&format!("{SHORT}[[category]]\nid = \"环境\"\n")), "9:6: two categories have this id");
        assert_eq!(fault(&format!("version = 0\n{SHORT}")), "1:11: versions count from 1");
        assert_eq!(fault(&format!("base = 100001\n{SHORT}")), "1:8: an account starts with 0 to 100000 points");
        assert_eq!(fault("kind = \"points\"\n[[category]]\nid = \"a\"\n"), "1:1: a rulebook has 1 to 200 items");
        let twice = format!("{SHORT}{}", &SHORT[SHORT.find("[[item]]").unwrap()..]);
        assert_eq!(fault(&twice), "9:6: two items have this id");
    }
}
