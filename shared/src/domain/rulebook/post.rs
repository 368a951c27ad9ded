//! The rulebook of the monthly appraisal by post: post categories, how several posts make one score, and stars.

use std::fmt;

use super::{BANDS_LIMIT, MAX_LIMIT, StarBand};
use crate::id::{CategoryId, RulebookId};
use crate::number::{DECIMALS_LIMIT, Decimal, NumberError, Ratio, Rounding, round};

/// The most post categories: nobody tells more of them apart, and a month's scores stay on one sheet.
pub const POSTS_LIMIT: usize = 40;
/// The categories of the sample township (DOMAIN section 3): identifier and name.
const SAMPLE_POSTS: [(&str, &str); 7] = [
    ("mediation", "义务调解员"),
    ("cleaning", "义务保洁员"),
    ("covenant", "村规民约监督员"),
    ("employment", "就业信息员"),
    ("prosperity", "致富帮带员"),
    ("opinion", "民意收集员"),
    ("eldercare", "养老服务员"),
];
/// The months of a quarter.
const QUARTER_MONTHS: u8 = 3;
/// The months of a year.
const YEAR_MONTHS: u8 = 12;

/// One version of the rules of the monthly appraisal by post (月度量化评议办法).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostRule {
    /// What all versions share.
    pub id: RulebookId,
    /// Counts from 1.
    pub version: u32,
    /// What people call it.
    pub title: String,
    /// The categories of posts (岗位类别), in the order of the wall.
    pub categories: Vec<PostCategory>,
    /// The highest score of one post in a month; the lowest is 0.
    pub max: u32,
    /// How the scores of several posts of one person make the month's.
    pub several: SeveralPosts,
    /// Digits after the point of a published number.
    pub decimals: u8,
    /// How a value between two published numbers is rounded.
    pub rounding: Rounding,
    /// Star bands, lowest first; below the first there are no stars.
    pub bands: Vec<StarBand>,
    /// From how many months with a record a quarter has stars.
    pub quarter_months: u8,
    /// From how many months with a record a year has stars.
    pub year_months: u8,
}

/// A category of posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostCategory {
    /// Its identifier.
    pub id: CategoryId,
    /// What people call it.
    pub name: String,
}

/// How the scores of several posts of one person make one (W4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum SeveralPosts {
    /// The highest counts.
    Best,
    /// Their mean.
    #[default]
    Mean,
    /// Their sum, no higher than the highest score of one post.
    SumCapped,
}

/// A value as it is published, and its stars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostStars {
    /// The exact value.
    pub exact: Ratio,
    /// The number on the wall.
    pub published: Decimal,
    /// The stars of that number.
    pub stars: u8,
}

/// What makes a rulebook of posts unusable; the numbers are places in its lists, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostRuleFault {
    /// The version is 0.
    Version,
    /// More decimals than can be published.
    Decimals,
    /// No category, or more than [`POSTS_LIMIT`].
    CategoryCount,
    /// A category has the identifier of an earlier one.
    CategoryTwice(usize),
    /// The highest score is 0 or above [`MAX_LIMIT`].
    Max,
    /// More bands than [`BANDS_LIMIT`].
    BandCount,
    /// A band does not give more stars, from a higher number, than the one before it.
    BandOrder(usize),
    /// A band begins above the highest score, so that nobody reaches it.
    BandAbove(usize),
    /// A quarter asks for no month, or for more than it has.
    QuarterMonths,
    /// A year asks for no month, or for more than it has.
    YearMonths,
}

impl PostRule {
    /// Checks everything that the arithmetic relies on, and lists every fault in the order of the fields.
    pub fn check(&self) -> Result<(), Vec<PostRuleFault>> {
        let mut faults = Vec::new();
        let mut note = |wrong: bool, fault| {
            if wrong {
                faults.push(fault);
            }
        };
        note(self.version == 0, PostRuleFault::Version);
        note(self.decimals > DECIMALS_LIMIT, PostRuleFault::Decimals);
        note(self.categories.is_empty() || self.categories.len() > POSTS_LIMIT, PostRuleFault::CategoryCount);
        for (at, category) in self.categories.iter().enumerate() {
            let twice = self.categories[..at].iter().any(|earlier| earlier.id == category.id);
            note(twice, PostRuleFault::CategoryTwice(at));
        }
        note(!(1..=MAX_LIMIT).contains(&self.max), PostRuleFault::Max);
        note(self.bands.len() > BANDS_LIMIT, PostRuleFault::BandCount);
        for (at, band) in self.bands.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| self.bands.get(before));
            let rises = |before: &StarBand| before.stars < band.stars && before.from.value() < band.from.value();
            note(!before.is_none_or(rises), PostRuleFault::BandOrder(at));
            note(band.from.value() > self.highest(), PostRuleFault::BandAbove(at));
        }
        note(!(1..=QUARTER_MONTHS).contains(&self.quarter_months), PostRuleFault::QuarterMonths);
        note(!(1..=YEAR_MONTHS).contains(&self.year_months), PostRuleFault::YearMonths);
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Returns the category of this identifier.
    pub fn category(&self, id: &CategoryId) -> Option<&PostCategory> {
        self.categories.iter().find(|category| category.id == *id)
    }

    /// Tells whether a post can have this score.
    pub fn takes(&self, points: Decimal) -> bool {
        points.units() >= 0 && points.value() <= self.highest()
    }

    /// Makes one value of the scores of a person's posts; nothing without any.
    pub fn combine(&self, scores: &[Ratio]) -> Result<Option<Ratio>, NumberError> {
        let Some(highest) = scores.iter().max() else { return Ok(None) };
        let sum = || Ratio::sum(scores.iter().copied());
        match self.several {
            SeveralPosts::Best => Ok(Some(*highest)),
            SeveralPosts::Mean => sum()?.over(Ratio::integer(scores.len() as i128)).map(Some),
            SeveralPosts::SumCapped => Ok(Some(sum()?.min(self.highest()))),
        }
    }

    /// Rounds a value once and reads its stars from the published number (DOMAIN section 6, rules 2 and 8).
    pub fn publish(&self, exact: Ratio) -> Result<PostStars, NumberError> {
        let published = round(exact, self.decimals, self.rounding)?;
        let band = self.bands.iter().rev().find(|band| published.value() >= band.from.value());
        Ok(PostStars { exact, published, stars: band.map_or(0, |band| band.stars) })
    }

    fn highest(&self) -> Ratio {
        Ratio::integer(self.max.into())
    }

    /// Returns the sample township's appraisal by post; every number is a default of DOMAIN section 3 or of W4.
    #[allow(clippy::expect_used, reason = "the constants below are read by the tests")]
    pub fn standard() -> Self {
        let category = |(id, name): (&str, &str)| PostCategory {
            id: CategoryId::new(id).expect("a category id"),
            name: name.to_owned(),
        };
        let band = |(stars, from)| StarBand { stars, from: Decimal::new(from, 0).expect("a whole number") };
        Self {
            id: RulebookId::new("monthly-appraisal").expect("a rulebook id"),
            version: 1,
            title: "月度量化评议办法".to_owned(),
            categories: SAMPLE_POSTS.map(category).into(),
            max: 100,
            several: SeveralPosts::Mean,
            decimals: 2,
            rounding: Rounding::HalfUp,
            bands: [(1, 60), (2, 70), (3, 80), (4, 90), (5, 96)].map(band).into(),
            quarter_months: 2,
            year_months: 8,
        }
    }
}

impl fmt::Display for PostRuleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version => f.write_str("versions count from 1"),
            Self::Decimals => write!(f, "more than {DECIMALS_LIMIT} decimals"),
            Self::CategoryCount => write!(f, "a rulebook has 1 to {POSTS_LIMIT} categories"),
            Self::CategoryTwice(_) => f.write_str("two categories have this id"),
            Self::Max => write!(f, "the highest score is from 1 to {MAX_LIMIT}"),
            Self::BandCount => write!(f, "more than {BANDS_LIMIT} bands"),
            Self::BandOrder(_) => f.write_str("bands rise: more stars from a higher number than the band before"),
            Self::BandAbove(_) => f.write_str("nobody reaches a band above the highest score"),
            Self::QuarterMonths => write!(f, "a quarter asks for 1 to {QUARTER_MONTHS} months"),
            Self::YearMonths => write!(f, "a year asks for 1 to {YEAR_MONTHS} months"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(spoil: fn(&mut PostRule), fault: PostRuleFault) {
        let mut rule = PostRule::standard();
        spoil(&mut rule);
        assert_eq!(rule.check(), Err(vec![fault]));
    }

    #[test]
    fn names_each_fault() {
        assert_eq!(PostRule::standard().check(), Ok(()));
        check(|r| r.version = 0, PostRuleFault::Version);
        check(|r| r.decimals = 10, PostRuleFault::Decimals);
        check(|r| r.categories.clear(), PostRuleFault::CategoryCount);
        check(|r| r.categories[6].id = r.categories[0].id.clone(), PostRuleFault::CategoryTwice(6));
        check(|r| (r.max, r.bands) = (0, Vec::new()), PostRuleFault::Max);
        check(|r| r.max = MAX_LIMIT + 1, PostRuleFault::Max);
        check(|r| r.bands.swap(1, 2), PostRuleFault::BandOrder(2));
        check(|r| r.max = 95, PostRuleFault::BandAbove(4));
        check(|r| r.quarter_months = 4, PostRuleFault::QuarterMonths);
        check(|r| r.year_months = 0, PostRuleFault::YearMonths);
    }

    #[test]
    fn the_seven_categories_are_the_default() {
        let names: Vec<String> = PostRule::standard().categories.into_iter().map(|category| category.name).collect();
        let expected =
            ["义务调解员", "义务保洁员", "村规民约监督员", "就业信息员", "致富帮带员", "民意收集员", "养老服务员"];
        assert_eq!(names, expected);
    }

    #[test]
    fn several_posts_make_one_score() {
        let scores = ["80", "90", "92.5"].map(|score| score.parse().unwrap());
        let combined = |several| PostRule { several, ..PostRule::standard() }.combine(&scores).unwrap().unwrap();
        assert_eq!(combined(SeveralPosts::Best).to_string(), "185/2");
        assert_eq!(combined(SeveralPosts::Mean).to_string(), "175/2");
        assert_eq!(combined(SeveralPosts::SumCapped).to_string(), "100");
        assert_eq!(PostRule::standard().combine(&[]), Ok(None), "nothing scored is no score");
    }

    #[test]
    fn stars_are_read_from_the_published_number() {
        let rule = PostRule::standard();
        let stars = |text: &str| rule.publish(text.parse().unwrap()).unwrap();
        assert_eq!((stars("79.995").published.to_string(), stars("79.995").stars), ("80.00".to_owned(), 3)); // V6
        assert_eq!(["59.99", "69.5", "95.5", "96", "100"].map(|text| stars(text).stars), [0, 1, 4, 5, 5]);
        let takes = ["0", "100", "100.1", "-1"].map(|text| rule.takes(text.parse().unwrap()));
        assert_eq!(takes, [true, true, false, false]);
    }
}
