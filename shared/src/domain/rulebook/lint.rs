//! What a rule may not say, and what it had better not (DOMAIN section 8).
//!
//! A finding that blocks keeps a rulebook from being adopted; a warning has to be answered in words, which are kept with
//! the adoption. Words are looked for, not understood: a block that hits a harmless item is lifted by naming the item
//! otherwise, which is cheaper than a rule that harms somebody.

use super::points::{PointItem, PointsRule};
use super::{Criterion, Rulebook};
use crate::domain::rulebook::assessment::AssessmentRule;

/// The most items that people can keep in mind.
const ITEMS_WARNED: usize = 30;
/// The largest part of all gains that one item may have, in hundredths.
const PART_WARNED: i64 = 30;

/// Something found in a rulebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub lint: Lint,
}

/// Where a finding stands; places count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The rulebook as a whole.
    Whole,
    /// An item of a points rulebook.
    Item(usize),
    /// A criterion of a review or an assessment.
    Criterion(usize),
}

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lint {
    /// Petitioning or reporting costs points.
    Petition,
    /// Health, disability, pregnancy, birth, marriage or divorce.
    Body,
    /// Religion or ethnicity.
    Belief,
    /// Benefits, land, dividends, compensation or school places as a penalty.
    Entitlement,
    /// Debts and private disputes as a penalty.
    PrivateMatter,
    /// Children's exam results.
    Exam,
    /// Lawful speech.
    Speech,
    /// Fines, or points set off against fines.
    Fine,
    /// Opening, liking, signing in to or installing something.
    AppUse,
    /// Photos are counted or demanded.
    Photos,

    /// The words could mean anything.
    Vague,
    /// Nothing says how the fact is shown.
    NoEvidence,
    /// Nothing limits how often it counts.
    NoCap,
    /// One item is more than three tenths of all gains.
    LargePart,
    /// A deduction is larger than any gain.
    LargeDeduction,
    /// Only people from elsewhere can earn it.
    OutsidersOnly,
    /// More items than people can keep in mind.
    ManyItems,
    /// An item stands in two categories.
    CopiedItem,
}

impl Lint {
    /// Tells whether it keeps the rulebook from being adopted; otherwise it has to be answered.
    pub fn blocks(self) -> bool {
        self <= Self::Photos
    }
}

/// Words that stand for something that may not be scored at all.
const NEVER: [(Lint, &[&str]); 6] = [
    (
        Lint::Body,
        &[
            "残疾",
            "疾病",
            "患病",
            "病人",
            "精神病",
            "怀孕",
            "生育",
            "超生",
            "二胎",
            "三胎",
            "结婚",
            "离婚",
            "再婚",
            "未婚",
            "disab",
            "pregnan",
            "divorce",
            "marri",
            "illness",
        ],
    ),
    (Lint::Belief, &["宗教", "信教", "教徒", "礼拜", "少数民族", "religio", "ethnic"]),
    (Lint::Exam, &["考试", "分数排名", "高考", "中考", "升学", "成绩排名", "exam"]),
    (Lint::Speech, &["言论", "发帖", "网上发", "朋友圈", "负面信息", "speech"]),
    (
        Lint::AppUse,
        &[
            "点赞",
            "打卡",
            "下载",
            "安装",
            "关注公众号",
            "转发",
            "注册账号",
            "登录",
            "扫码关注",
            "install",
            "sign in",
            "check-in",
            "download",
        ],
    ),
    (Lint::Photos, &["照片", "拍照", "photo"]),
];

/// Words that stand for something that may not cost points.
const NO_PENALTY: [(Lint, &[&str]); 4] = [
    (Lint::Petition, &["信访", "上访", "举报", "投诉", "控告", "petition", "complain"]),
    (
        Lint::Entitlement,
        &[
            "低保",
            "五保",
            "医保",
            "社保",
            "养老金",
            "养老保险",
            "补贴",
            "救助",
            "土地",
            "承包地",
            "宅基地",
            "分红",
            "补偿",
            "入学",
            "学位",
            "benefit",
            "dividend",
            "compensation",
        ],
    ),
    (Lint::PrivateMatter, &["欠债", "债务", "借款", "欠款", "邻里纠纷", "家庭纠纷", "debt", "dispute"]),
    (Lint::Fine, &["罚款", "罚金", "抵罚"]),
];

/// Words for fines, which points may neither be nor pay, whether they earn or cost.
const FINES: &[&str] = &["罚款", "罚金", "抵罚", "fine of", "fines"];
/// Words that could mean anything.
const VAGUE: &[&str] =
    &["表现好", "表现良好", "表现优秀", "表现突出", "较好", "积极向上", "其他", "good performance", "well behaved"];
/// Words for people from elsewhere.
const OUTSIDERS: &[&str] = &["外来", "外村", "外地", "外乡"];

fn says(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase();
    words.iter().any(|word| text.contains(word))
}

/// Looks through a rulebook of points.
pub fn lint_points(rule: &PointsRule) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, item) in rule.items.iter().enumerate() {
        let mut note = |found: bool, lint| {
            if found {
                findings.push(Finding { place: Place::Item(at), lint });
            }
        };
        for (lint, words) in NEVER {
            note(says(&item.name, words), lint);
        }
        note(says(&item.name, FINES), Lint::Fine);
        for (lint, words) in NO_PENALTY {
            note(item.points < 0 && lint != Lint::Fine && says(&item.name, words), lint);
        }
        note(says(&item.name, VAGUE), Lint::Vague);
        note(item.evidence.is_empty(), Lint::NoEvidence);
        note(!is_capped(rule, item), Lint::NoCap);
        note(is_large_part(rule, item), Lint::LargePart);
        let gain = rule.items.iter().map(|item| item.points).max().unwrap_or(0);
        note(item.points < 0 && -i64::from(item.points) > i64::from(gain.max(0)), Lint::LargeDeduction);
        note(says(&item.name, OUTSIDERS), Lint::OutsidersOnly);
        let copied = |other: &PointItem| other.name == item.name && other.category != item.category;
        note(rule.items[..at].iter().any(copied), Lint::CopiedItem);
    }
    if rule.items.len() > ITEMS_WARNED {
        findings.push(Finding { place: Place::Whole, lint: Lint::ManyItems });
    }
    findings.sort_unstable();
    findings
}

/// Tells whether anything limits how much an item counts in a month.
fn is_capped(rule: &PointsRule, item: &PointItem) -> bool {
    let of_category = rule.category(&item.category).is_some_and(|category| category.per_month.is_some());
    let of_account = if item.points > 0 { rule.gain_per_month } else { rule.loss_per_month };
    item.per_day.is_some() || item.per_month.is_some() || of_category || of_account.is_some()
}

/// Compares by cross-multiplication: a part of a sum is no binary fraction.
fn is_large_part(rule: &PointsRule, item: &PointItem) -> bool {
    let gains: i64 = rule.items.iter().map(|item| i64::from(item.points.max(0))).sum();
    i64::from(item.points) * 100 > gains * PART_WARNED
}

/// Looks through a rulebook of member review.
pub fn lint_review(rule: &Rulebook) -> Vec<Finding> {
    lint_criteria(&rule.criteria)
}

/// Looks through a rulebook of village assessment.
pub fn lint_assessment(rule: &AssessmentRule) -> Vec<Finding> {
    lint_criteria(&rule.criteria)
}

/// What counts against somebody only as a deduction may be a criterion: a village is scored on settling disputes.
fn lint_criteria(criteria: &[Criterion]) -> Vec<Finding> {
    let total: i64 = criteria.iter().map(|criterion| i64::from(criterion.max)).sum();
    let mut findings = Vec::new();
    for (at, criterion) in criteria.iter().enumerate() {
        let mut note = |found: bool, lint| {
            if found {
                findings.push(Finding { place: Place::Criterion(at), lint });
            }
        };
        for (lint, words) in NEVER {
            note(says(&criterion.name, words), lint);
        }
        note(says(&criterion.name, FINES), Lint::Fine);
        note(says(&criterion.name, VAGUE), Lint::Vague);
        note(i64::from(criterion.max) * 100 > total * PART_WARNED, Lint::LargePart);
    }
    if criteria.len() > ITEMS_WARNED {
        findings.push(Finding { place: Place::Whole, lint: Lint::ManyItems });
    }
    findings.sort_unstable();
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rulebook::points::Category;
    use crate::id::RulebookId;

    /// A rule with nothing to find in it.
    fn rule() -> PointsRule {
        let item = |id: &str, name: &str, points| PointItem {
            id: id.parse().unwrap(),
            name: name.to_owned(),
            points,
            category: "a".parse().unwrap(),
            per_day: None,
            per_month: Some(20),
            evidence: "现场记录".to_owned(),
        };
        let category = |id: &str| Category { id: id.parse().unwrap(), name: String::new(), per_month: None };
        PointsRule {
            id: RulebookId::new("points").unwrap(),
            version: 1,
            title: String::new(),
            categories: vec![category("a"), category("b")],
            items: vec![
                item("i1", "参加环境整治", 5),
                item("i2", "参与矛盾纠纷化解", 5),
                item("i3", "庭院评比优秀", 5),
                item("i4", "照看孤寡老人", 5),
                item("i5", "乱倒垃圾", -5),
            ],
            gain_per_month: None,
            loss_per_month: None,
            base: 0,
            redemption: false,
        }
    }

    /// Changes the rule and names what is found at which item.
    #[track_caller]
    fn check(change: impl FnOnce(&mut PointsRule), expected: &[(usize, Lint)]) {
        let mut rule = rule();
        change(&mut rule);
        let found = lint_points(&rule);
        let expected: Vec<Finding> =
            expected.iter().map(|(at, lint)| Finding { place: Place::Item(*at), lint: *lint }).collect();
        assert_eq!(found, expected);
    }

    fn named(at: usize, name: &str) -> impl FnOnce(&mut PointsRule) {
        move |rule: &mut PointsRule| rule.items[at].name = name.to_owned()
    }

    #[test]
    fn what_may_not_be_scored_blocks() {
        check(|_| {}, &[]);
        check(named(4, "越级上访"), &[(4, Lint::Petition)]);
        check(named(0, "收集群众举报线索并上报"), &[]);
        check(named(4, "被取消低保"), &[(4, Lint::Entitlement)]);
        check(named(4, "邻里纠纷"), &[(4, Lint::PrivateMatter)]);
        check(named(4, "罚款一百元"), &[(4, Lint::Fine)]);
        check(named(0, "积分抵罚款"), &[(0, Lint::Fine)]);
        check(named(0, "按政策生育"), &[(0, Lint::Body)]);
        check(named(4, "离婚"), &[(4, Lint::Body)]);
        check(named(4, "参加宗教活动"), &[(4, Lint::Belief)]);
        check(named(0, "子女考试前三名"), &[(0, Lint::Exam)]);
        check(named(4, "在网上发表负面信息"), &[(4, Lint::Speech)]);
        check(named(0, "下载安装某应用并打卡"), &[(0, Lint::AppUse)]);
        check(named(0, "上传照片三张"), &[(0, Lint::Photos)]);
        for lint in NEVER.into_iter().chain(NO_PENALTY).map(|(lint, _)| lint) {
            assert!(lint.blocks(), "{lint:?}");
        }
    }

    #[test]
    fn what_had_better_not_be_so_is_warned_of() {
        check(named(0, "表现良好"), &[(0, Lint::Vague)]);
        check(|rule| rule.items[1].evidence.clear(), &[(1, Lint::NoEvidence)]);
        check(|rule| rule.items[1].per_month = None, &[(1, Lint::NoCap)]);
        check(
            |rule| {
                rule.items[1].per_month = None;
                rule.gain_per_month = Some(30);
            },
            &[],
        );
        check(|rule| rule.items[2].points = 7, &[(2, Lint::LargePart)]);
        check(|rule| rule.items[2].points = 6, &[]);
        check(|rule| rule.items[4].points = -6, &[(4, Lint::LargeDeduction)]);
        check(named(0, "外来人员协助修路"), &[(0, Lint::OutsidersOnly)]);
        let copied = |rule: &mut PointsRule| {
            rule.items[1].name = rule.items[0].name.clone();
            rule.items[1].category = "b".parse().unwrap();
        };
        check(copied, &[(1, Lint::CopiedItem)]);
        let mut many = rule();
        let more =
            (0..ITEMS_WARNED).map(|at| PointItem { id: format!("m{at}").parse().unwrap(), ..many.items[0].clone() });
        many.items.extend(more.collect::<Vec<_>>());
        assert_eq!(lint_points(&many), [Finding { place: Place::Whole, lint: Lint::ManyItems }]);
        for lint in [Lint::Vague, Lint::NoEvidence, Lint::CopiedItem, Lint::ManyItems] {
            assert!(!lint.blocks(), "{lint:?}");
        }
    }

    #[test]
    fn the_standard_review_has_nothing_to_answer() {
        assert_eq!(lint_review(&Rulebook::standard_review()), []);
        let mut unfair = Rulebook::standard_review();
        unfair.criteria[0].name = "宗教信仰".to_owned();
        unfair.criteria[1].max = 40;
        let expected = [(0, Lint::Belief), (1, Lint::LargePart)];
        assert_eq!(lint_review(&unfair), expected.map(|(at, lint)| Finding { place: Place::Criterion(at), lint }));
    }
}
