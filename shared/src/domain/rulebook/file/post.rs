//! The rulebook of the monthly appraisal by post from its file.

use std::ops::Range;

use toml::Spanned;

use super::{BandTable, RoundingName, RuleFile, RuleFileError, RuleFileReason, Text, band_span, read_as};
use crate::domain::rulebook::BANDS_LIMIT;
use crate::domain::rulebook::post::{POSTS_LIMIT, PostCategory, PostRule, PostRuleFault, SeveralPosts};
use crate::id::{CategoryId, RulebookId};

/// Reads a rulebook of the appraisal by post and checks it; the first mistake is returned.
///
/// What is left out is as in [`PostRule::standard`], but for the categories, which a file has to name. Unknown keys are
/// mistakes; a byte-order mark is ignored.
pub fn read_post(text: &str) -> Result<PostRule, RuleFileError> {
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
    max: Option<Spanned<u32>>,
    #[serde(default)]
    several: SeveralName,
    quarter_months: Option<Spanned<u8>>,
    year_months: Option<Spanned<u8>>,
    #[serde(default)]
    category: Vec<CategoryTable>,
    band: Option<Vec<BandTable>>,
}

#[derive(Clone, Copy, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum SeveralName {
    Best,
    #[default]
    Mean,
    SumCapped,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryTable {
    id: Spanned<Text<CategoryId>>,
    name: Option<String>,
}

impl RuleFile for File {
    const KIND: &'static str = "monthly-appraisal";
    type Rule = PostRule;
    type Fault = PostRuleFault;

    fn kind(&self) -> &Spanned<String> {
        &self.kind
    }

    fn rule(&self) -> PostRule {
        let standard = PostRule::standard();
        let number = |given: &Option<Spanned<u8>>, usual| given.as_ref().map_or(usual, |number| *number.get_ref());
        PostRule {
            id: self.id.as_ref().map_or(standard.id, |id| id.0.clone()),
            version: self.version.as_ref().map_or(standard.version, |version| *version.get_ref()),
            title: self.title.clone().unwrap_or(standard.title),
            categories: self.category.iter().map(CategoryTable::category).collect(),
            max: self.max.as_ref().map_or(standard.max, |max| *max.get_ref()),
            several: match self.several {
                SeveralName::Best => SeveralPosts::Best,
                SeveralName::Mean => SeveralPosts::Mean,
                SeveralName::SumCapped => SeveralPosts::SumCapped,
            },
            decimals: number(&self.decimals, standard.decimals),
            rounding: self.rounding.rounding(),
            bands: self.band.as_ref().map_or(standard.bands, |bands| bands.iter().map(BandTable::band).collect()),
            quarter_months: number(&self.quarter_months, standard.quarter_months),
            year_months: number(&self.year_months, standard.year_months),
        }
    }

    fn check(rule: &PostRule) -> Result<(), Vec<PostRuleFault>> {
        rule.check()
    }

    fn reason(fault: PostRuleFault) -> RuleFileReason {
        RuleFileReason::Post(fault)
    }

    fn span(&self, fault: PostRuleFault) -> Option<Range<usize>> {
        let category = |at: usize| self.category.get(at).map(|category| category.id.span());
        let bands = self.band.as_deref().unwrap_or_default();
        let band = |at: usize| bands.get(at).map(|band| band.from.span());
        match fault {
            PostRuleFault::Version => self.version.as_ref().map(Spanned::span),
            PostRuleFault::Decimals => self.decimals.as_ref().map(Spanned::span),
            PostRuleFault::CategoryCount => category(POSTS_LIMIT),
            PostRuleFault::CategoryTwice(at) => category(at),
            PostRuleFault::Max => self.max.as_ref().map(Spanned::span),
            PostRuleFault::BandCount => band(BANDS_LIMIT),
            // Bands that a file leaves out may lie above its own highest score: that is where the mistake stands.
            PostRuleFault::BandAbove(_) if self.band.is_none() => self.max.as_ref().map(Spanned::span),
            PostRuleFault::BandOrder(at) => band_span(bands, at),
            PostRuleFault::BandAbove(at) => band(at),
            PostRuleFault::QuarterMonths => self.quarter_months.as_ref().map(Spanned::span),
            PostRuleFault::YearMonths => self.year_months.as_ref().map(Spanned::span),
        }
    }
}

impl CategoryTable {
    fn category(&self) -> PostCategory {
        let id = self.id.get_ref().0.clone();
        let name = self.name.clone().unwrap_or_else(|| id.to_string());
        PostCategory { id, name }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Rounding;

    const SHORT: &str = "kind = \"monthly-appraisal\"\n[[category]]\nid = \"保洁\"\n";

    #[test]
    fn what_is_left_out_is_a_default() {
        let (rule, standard) = (read_post(SHORT).unwrap(), PostRule::standard());
        assert_eq!(rule.categories[0].name, "保洁");
        assert_eq!(PostRule { categories: standard.categories.clone(), ..rule }, standard);
    }

    #[test]
    fn every_setting_is_read() {
        let text = "kind = \"monthly-appraisal\"\nid = \"posts\"\nversion = 3\ntitle = \"岗位\"\ndecimals = 1\n\
                    rounding = \"half_even\"\nmax = 10\nseveral = \"sum_capped\"\nquarter_months = 1\nyear_months = 6\n\
                    [[category]]\nid = \"a\"\nname = \"甲\"\n[[band]]\nstars = 1\nfrom = \"6.5\"\n";
        let rule = read_post(text).unwrap();
        assert_eq!((rule.id.as_str(), rule.version, rule.title.as_str(), rule.decimals), ("posts", 3, "岗位", 1));
        assert_eq!((rule.rounding, rule.max, rule.several), (Rounding::HalfEven, 10, SeveralPosts::SumCapped));
        assert_eq!((rule.quarter_months, rule.year_months, rule.bands.len()), (1, 6, 1));
        assert_eq!((rule.categories[0].name.as_str(), rule.bands[0].from.to_string().as_str()), ("甲", "6.5"));
    }

    #[test]
    fn faults_stand_where_the_file_has_them() {
        let fault = |text: &str| read_post(text).unwrap_err().to_string();
        let before = |line: &str| fault(&SHORT.replace("[[category]]", &format!("{line}\n[[category]]")));
        assert_eq!(before("version = 0"), "2:11: versions count from 1");
        assert_eq!(before("max = 0"), "2:7: the highest score is from 1 to 10000");
        assert_eq!(before("max = 50"), "2:7: nobody reaches a band above the highest score");
        assert_eq!(before("quarter_months = 4"), "2:18: a quarter asks for 1 to 3 months");
        assert_eq!(before("year_months = 13"), "2:15: a year asks for 1 to 12 months");
        assert!(before("sevral = \"best\"").starts_with("2:1: unknown field"), "a misspelt setting is no default");
        let band = |stars: u8, from: &str| format!("[[band]]\nstars = {stars}\nfrom = \"{from}\"\n");
        let falls = format!("{SHORT}{}{}", band(1, "60"), band(2, "50"));
        assert_eq!(fault(&falls), "9:8: bands rise: more stars from a higher number than the band before");
        assert_eq!(fault(&format!("{SHORT}[[category]]\nid = \"保洁\"\n")), "5:6: two categories have this id");
        assert_eq!(fault("kind = \"monthly-appraisal\"\n"), "1:1: a rulebook has 1 to 40 categories");
        assert_eq!(fault("kind = \"points\"\n"), "1:8: the kind of this rulebook is not monthly-appraisal");
    }
}
