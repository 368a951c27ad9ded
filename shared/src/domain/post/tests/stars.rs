//! Stars of quarters and years, and that they stand beside those of review meetings.

use super::*;
use crate::domain::rulebook::post::SeveralPosts;

const QUARTER: &str = "2026-Q4";

fn quarter(branch: &Branch) -> PeriodOutcome {
    branch.posts().quarter(&person("li"), QUARTER.parse().unwrap())
}

#[test]
fn a_quarter_is_the_mean_of_the_months_with_a_record() {
    let mut branch = Branch::new();
    assert_eq!(quarter(&branch), PeriodOutcome::NoRecord);
    branch.whole("li", "2026-10", &[("cleaning", "90.01")]);
    assert_eq!(quarter(&branch), PeriodOutcome::TooFew { have: 1, need: 2 });
    branch.logs("li", "li", "cleaning", "2026-11-08").unwrap();
    assert_eq!(quarter(&branch), PeriodOutcome::TooFew { have: 1, need: 2 }, "an open month is no zero");
    branch.whole("li", "2026-12", &[("cleaning", "89.98")]);
    let PeriodOutcome::Rated { months, stars } = quarter(&branch) else { panic!() };
    // 89.995 is rounded once: the mean of numbers that were rounded before would not reach four stars.
    assert_eq!((months, stars.exact.to_string().as_str()), (2, "17999/200"));
    assert_eq!((stars.published.to_string().as_str(), stars.stars), ("90.00", 4));
}

#[test]
fn a_year_is_the_mean_of_its_months_and_not_of_its_quarters() {
    let mut branch = Branch::of(VILLAGE);
    let quarters = ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"];
    quarters.iter().for_each(|quarter| branch.opens(quarter));
    branch.holds("li", "cleaning", "2026-01-01", None).unwrap();
    let scored = |branch: &mut Branch, months: std::ops::RangeInclusive<u8>, points: &str| {
        for number in months {
            branch.whole("li", &format!("2026-{number:02}"), &[("cleaning", points)]);
        }
    };
    scored(&mut branch, 1..=3, "100");
    scored(&mut branch, 4..=7, "60");
    let year = |branch: &Branch| branch.posts().year(&person("li"), 2026);
    assert_eq!(year(&branch), PeriodOutcome::TooFew { have: 7, need: 8 });
    scored(&mut branch, 8..=8, "60");
    let PeriodOutcome::Rated { months, stars } = year(&branch) else { panic!() };
    assert_eq!((months, stars.exact.to_string().as_str(), stars.stars), (8, "75", 2));
    assert_eq!(branch.posts().year(&person("li"), 2025), PeriodOutcome::NoRecord);
}

#[test]
fn months_on_different_scales_have_no_mean() {
    let mut branch = Branch::of(VILLAGE);
    branch.opens("2026-Q3");
    let rule = PostRule { max: 10, bands: Vec::new(), year_months: 2, ..PostRule::standard() };
    branch.ask("secretary", PostCommand::Open { quarter: QUARTER.parse().unwrap(), rule: rule.into() }).unwrap();
    branch.holds("li", "cleaning", "2026-09-01", None).unwrap();
    branch.whole("li", "2026-09", &[("cleaning", "90")]);
    branch.whole("li", "2026-10", &[("cleaning", "9")]);
    assert_eq!(branch.posts().year(&person("li"), 2026), PeriodOutcome::Scales);
}

#[test]
fn a_quarter_keeps_the_rule_with_which_it_was_opened() {
    let mut branch = Branch::of(VILLAGE);
    let rule = PostRule { several: SeveralPosts::Best, ..PostRule::standard() };
    branch.ask("secretary", PostCommand::Open { quarter: QUARTER.parse().unwrap(), rule: rule.into() }).unwrap();
    for post in ["cleaning", "mediation"] {
        branch.holds("he", post, "2026-10-01", None).unwrap();
    }
    branch.whole("he", "2026-10", &[("cleaning", "80"), ("mediation", "91")]);
    let MonthOutcome::Rated(result) = branch.posts().outcome(&person("he"), month("2026-10")) else { panic!() };
    assert_eq!(result.stars.published.to_string(), "91.00");
}

#[test]
fn the_two_series_stand_side_by_side() {
    let mut branch = Branch::new();
    branch.whole("li", "2026-10", &[("cleaning", "90")]);
    branch.whole("li", "2026-11", &[("cleaning", "90")]);
    let village = &branch.workspace.villages[&branch.village];
    let both = beside(village, &person("li"), 2026);
    assert!(both.reviews.is_empty(), "no meeting reviewed anybody, and no star of a post fills the place");
    assert_eq!((both.months.len(), both.quarters.len()), (12, 4));
    assert!(matches!(both.months[&month("2026-10")], MonthOutcome::Rated(_)));
    assert_eq!(both.months[&month("2026-12")], MonthOutcome::NoRecord);
    assert!(matches!(both.quarters[&QUARTER.parse().unwrap()], PeriodOutcome::Rated { months: 2, .. }));
    assert_eq!(both.year, PeriodOutcome::TooFew { have: 2, need: 8 });
}
