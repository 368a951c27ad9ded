//! The vectors of DOMAIN section 6, its edge cases, and random sessions against a naive second computation.

use proptest::prelude::*;

use super::*;
use crate::domain::rulebook::{Quorum, StarBand};
use crate::number::Rounding;

/// Makes a ballot of five aspects with this total, in points.
fn ballot(group: &str, subject: &str, total: i128) -> RatedBallot<String> {
    let aspect = |at: i128| Ratio::integer(total / 5 + i128::from(at < total % 5));
    let mark = RatedMark::Valid((0..5).map(aspect).collect());
    RatedBallot { group: GroupId::new(group).unwrap(), subject: subject.to_owned(), mark }
}

fn ballots(members: &[i128], representatives: &[i128]) -> Vec<RatedBallot<String>> {
    let members = members.iter().map(|total| ballot("members", "M01", *total));
    members.chain(representatives.iter().map(|total| ballot("representatives", "M01", *total))).collect()
}

/// Computes with everybody present.
fn session(rulebook: &Rulebook, ballots: &[RatedBallot<String>]) -> SessionResult<String> {
    let full = RollCount { due: 30, present: 30 };
    let roll = rulebook.groups.iter().map(|group| (group.id.clone(), full)).collect();
    let subjects = ballots.iter().map(|ballot| ballot.subject.clone()).collect();
    appraise(rulebook, &roll, &subjects, ballots).unwrap()
}

/// Says a scorecard on one line: each group's count and mean, then composite, published number and stars.
fn line(card: &Scorecard<String>) -> String {
    let mean = |group: &GroupScore| match group.mean {
        Some(mean) => format!("{}-{}={mean}", group.ballots(), group.dropped_count()),
        None => "none".to_owned(),
    };
    let groups: Vec<String> = card.groups.iter().map(mean).collect();
    match card.score {
        Some(score) => format!("{} → {} {} {}★", groups.join(" "), score.composite, score.published, score.stars),
        None => format!("{} → nothing", groups.join(" ")),
    }
}

#[track_caller]
fn check(change: impl FnOnce(&mut Rulebook), members: &[i128], representatives: &[i128], expected: &str) {
    let mut rulebook = Rulebook::standard_review();
    change(&mut rulebook);
    let result = session(&rulebook, &ballots(members, representatives));
    assert_eq!(line(&result.scorecards[0]), expected);
}

const MEMBERS: [i128; 7] = [92, 88, 90, 75, 96, 84, 60];
const REPRESENTATIVES: [i128; 5] = [80, 85, 79, 90, 70];

#[test]
fn computes_the_vectors() {
    check(|_| {}, &MEMBERS, &REPRESENTATIVES, "7-2=429/5 5-2=244/3 → 6301/75 84.01 3★"); // V1, and not V2's 84.00
    check(|r| r.trim_min = 0, &MEMBERS, &REPRESENTATIVES, "7-0=585/7 5-0=404/5 → 14431/175 82.46 3★"); // V3
}

#[test]
fn computes_the_edge_cases() {
    check(|_| {}, &MEMBERS, &[80, 85, 79, 90], "7-2=429/5 4-0=167/2 → 2122/25 84.88 3★"); // E11
    check(|_| {}, &MEMBERS, &[], "7-2=429/5 none → nothing"); // E12
    check(|_| {}, &[80; 6], &[80; 5], "6-2=80 5-2=80 → 80 80.00 3★"); // E13
    check(|_| {}, &[69, 70], &[69, 70], "2-0=139/2 2-0=139/2 → 139/2 69.50 1★"); // E49
    check(|_| {}, &[95, 96], &[95, 96], "2-0=191/2 2-0=191/2 → 191/2 95.50 4★"); // V7
    check(|r| r.empty_group = EmptyGroup::Renormalise, &MEMBERS, &[], "7-2=429/5 none → 429/5 85.80 3★");
}

#[test]
fn trimming_leaves_something_or_does_not_trim() {
    for trim_min in [1, 2, 3] {
        check(|r| r.trim_min = trim_min, &[100], &[60, 80], "1-0=100 2-0=70 → 88 88.00 3★");
        check(|r| r.trim_min = trim_min, &[100, 0, 50], &[0, 0, 0], "3-2=50 3-2=0 → 30 30.00 0★");
    }
}

#[test]
fn spoiled_and_abstained_ballots_are_counted_and_not_averaged() {
    // E14: an abstention on one subject leaves the same rater's mark on another alone.
    let mut ballots = ballots(&MEMBERS, &REPRESENTATIVES);
    for (subject, mark) in [("M01", RatedMark::Spoiled), ("M01", RatedMark::Abstained), ("M02", RatedMark::Abstained)] {
        ballots.push(RatedBallot { mark, ..ballot("members", subject, 0) });
    }
    let result = session(&Rulebook::standard_review(), &ballots);
    assert!(result.is_valid());
    let lines: Vec<String> = result.scorecards.iter().map(line).collect();
    assert_eq!(lines, ["7-2=429/5 5-2=244/3 → 6301/75 84.01 3★", "none none → nothing"]);
    let group = &result.scorecards[0].groups[0];
    assert_eq!((group.spoiled, group.abstained), (1, 1));
    assert_eq!((group.kept.len(), group.sum, group.dropped.map(|d| (d.high, d.low))), {
        (5, Ratio::integer(429), Some((Ratio::integer(96), Ratio::integer(60))))
    });
}

#[test]
fn an_invalid_session_says_why_in_rulebook_order() {
    let rulebook = Rulebook::standard_review();
    let [members, representatives] = ["members", "representatives"].map(|id| GroupId::new(id).unwrap());
    let roll = BTreeMap::from([(representatives.clone(), RollCount { due: 17, present: 11 })]);
    let result = appraise::<String>(&rulebook, &roll, &BTreeSet::new(), &[]).unwrap();
    let reasons = [
        InvalidReason::Quorum(representatives.clone()), // E7
        InvalidReason::EmptyGroup(members),
        InvalidReason::EmptyGroup(representatives.clone()),
    ];
    assert_eq!(result.reasons, reasons);
    let roll = BTreeMap::from([(representatives, RollCount { due: 18, present: 12 })]);
    let result = appraise::<String>(&rulebook, &roll, &BTreeSet::new(), &[]).unwrap();
    assert!(result.quorum.iter().all(|quorum| quorum.met), "E6");
}

#[test]
fn foreign_ballots_are_refused_with_their_place() {
    let rulebook = Rulebook::standard_review();
    let subjects = BTreeSet::from(["M01".to_owned()]);
    let refused = |ballot: RatedBallot<String>| {
        let ballots = [self::ballot("members", "M01", 80), ballot];
        appraise(&rulebook, &BTreeMap::new(), &subjects, &ballots).unwrap_err()
    };
    let with = |mark| RatedBallot { mark, ..ballot("members", "M01", 0) };
    let scores = |scores: [i128; 5]| with(RatedMark::Valid(scores.map(Ratio::integer).to_vec()));
    assert_eq!(refused(ballot("nobody", "M01", 80)), AppraisalError::Ballot(1, BallotFault::UnknownGroup));
    assert_eq!(refused(ballot("members", "M02", 80)), AppraisalError::Ballot(1, BallotFault::UnknownSubject));
    assert_eq!(refused(with(RatedMark::Valid(vec![]))), AppraisalError::Ballot(1, BallotFault::ScoreCount));
    assert_eq!(refused(scores([20, 20, 21, 0, 0])), AppraisalError::Ballot(1, BallotFault::OutOfRange(2)));
    assert_eq!(refused(scores([20, -1, 20, 0, 0])), AppraisalError::Ballot(1, BallotFault::OutOfRange(1)));
}

#[test]
fn a_small_group_keeps_all_means_unpublished() {
    let publishes = |members: usize, representatives: usize| {
        let ballots = ballots(&[80; 9][..members], &[70; 9][..representatives]);
        session(&Rulebook::standard_review(), &ballots).scorecards[0].publishes_groups(5)
    };
    assert_eq!([(5, 5), (9, 4), (4, 9), (5, 0)].map(|(m, r)| publishes(m, r)), [true, false, false, true]);
}

/// A random session: a group's weight, trimming, and per group the totals in tenths of a point.
fn sessions() -> impl Strategy<Value = (Rulebook, Vec<Vec<u32>>)> {
    let totals = || prop::collection::vec(0..=1000_u32, 0..12);
    let settings = (0..=100_u32, 0..8_u32, 0..=4_u8, any::<bool>(), any::<bool>());
    (settings, prop::collection::vec(totals(), 2)).prop_map(
        |((weight, trim_min, decimals, even, renormalise), totals)| {
            let mut rulebook = Rulebook::standard_review();
            rulebook.criteria.truncate(1);
            rulebook.criteria[0].max = 100;
            rulebook.groups[0].weight = weight;
            rulebook.groups[1].weight = 100 - weight;
            rulebook.groups[1].quorum = Quorum { strict: true, numerator: 1, denominator: 3 };
            (rulebook.trim_min, rulebook.decimals) = (trim_min, decimals);
            rulebook.rounding = if even { Rounding::HalfEven } else { Rounding::HalfUp };
            rulebook.empty_group = if renormalise { EmptyGroup::Renormalise } else { EmptyGroup::InvalidSession };
            (rulebook, totals)
        },
    )
}

fn rated(rulebook: &Rulebook, totals: &[Vec<u32>]) -> Vec<RatedBallot<String>> {
    let groups = rulebook.groups.iter().zip(totals);
    let ballots = groups.flat_map(|(group, totals)| totals.iter().map(|tenths| (group.id.clone(), *tenths)));
    let score = |tenths: u32| vec![Ratio::new(i128::from(tenths), 10).unwrap()];
    let subject = "M01".to_owned();
    ballots
        .map(|(group, tenths)| RatedBallot { group, subject: subject.clone(), mark: RatedMark::Valid(score(tenths)) })
        .collect()
}

/// Computes the published number a second time, with whole numbers over one common denominator and no fractions.
fn naive(rulebook: &Rulebook, totals: &[Vec<u32>]) -> Option<String> {
    let (mut numerator, mut denominator, mut weights) = (0_u128, 1_u128, 0_u128);
    for (group, totals) in rulebook.groups.iter().zip(totals) {
        let (mut sum, mut count) = (totals.iter().sum::<u32>(), totals.len() as u32);
        if rulebook.trim_min > 0 && count >= rulebook.trim_min && count > 2 {
            sum -= totals.iter().max()? + totals.iter().min()?;
            count -= 2;
        }
        match (count, rulebook.empty_group) {
            (0, EmptyGroup::InvalidSession) => return None,
            (0, EmptyGroup::Renormalise) => {}
            _ => {
                let (weight, sum, count) = (u128::from(group.weight), u128::from(sum), u128::from(count));
                numerator = numerator * count + weight * sum * denominator;
                denominator *= count;
                weights += weight;
            }
        }
    }
    // The totals are tenths; the quotient is taken with all decimals as one whole number.
    let denominator = denominator * weights * 10;
    let scaled = numerator * 10_u128.pow(u32::from(rulebook.decimals));
    let (mut quotient, rest) = (scaled.checked_div(denominator)?, scaled % denominator);
    let up = match rulebook.rounding {
        Rounding::HalfUp => 2 * rest >= denominator,
        Rounding::HalfEven => 2 * rest > denominator || (2 * rest == denominator && quotient % 2 == 1),
    };
    quotient += u128::from(up);
    let one = 10_u128.pow(u32::from(rulebook.decimals));
    let places = usize::from(rulebook.decimals);
    Some(match places {
        0 => quotient.to_string(),
        _ => format!("{}.{:0places$}", quotient / one, quotient % one),
    })
}

/// Failing cases are printed in full; no file of seeds is written into the sources.
fn settings() -> ProptestConfig {
    ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn agrees_with_the_naive_computation((rulebook, totals) in sessions()) {
        let ballots = rated(&rulebook, &totals);
        let result = session(&rulebook, &ballots);
        let published = result.scorecards.first().and_then(|card| card.score).map(|score| score.published.to_string());
        let expected = if ballots.is_empty() { None } else { naive(&rulebook, &totals) };
        prop_assert_eq!(published, expected);
    }

    #[test]
    fn the_order_of_ballots_does_not_matter(
        (rulebook, totals) in sessions(),
        shuffle in prop::collection::vec(any::<prop::sample::Index>(), 24),
    ) {
        let ballots = rated(&rulebook, &totals);
        let mut shuffled = ballots.clone();
        for (at, index) in shuffle.iter().enumerate().take(ballots.len()) {
            shuffled.swap(at, index.index(ballots.len()));
        }
        prop_assert_eq!(session(&rulebook, &ballots), session(&rulebook, &shuffled));
    }

    #[test]
    fn trimming_drops_one_of_each_extreme_and_nothing_else((rulebook, totals) in sessions()) {
        let result = session(&rulebook, &rated(&rulebook, &totals));
        for group in result.scorecards.iter().flat_map(|card| &card.groups) {
            let at = rulebook.groups.iter().position(|other| other.id == group.group).unwrap();
            let mut all: Vec<Ratio> = group.kept.clone();
            all.extend(group.dropped.iter().flat_map(|dropped| [dropped.high, dropped.low]));
            all.sort();
            let mut given: Vec<Ratio> =
                totals[at].iter().map(|tenths| Ratio::new(i128::from(*tenths), 10).unwrap()).collect();
            given.sort();
            prop_assert_eq!(&all, &given, "nothing is lost and nothing is added");
            if let Some(Dropped { high, low }) = group.dropped {
                prop_assert_eq!((Some(&high), Some(&low)), (given.last(), given.first()));
            }
        }
    }

    #[test]
    fn twice_the_scale_is_twice_the_composite((rulebook, totals) in sessions()) {
        let mut double = rulebook.clone();
        double.criteria[0].max = 200;
        let doubled: Vec<Vec<u32>> =
            totals.iter().map(|totals| totals.iter().map(|tenths| tenths * 2).collect()).collect();
        let composite = |rulebook: &Rulebook, totals: &[Vec<u32>]| {
            let result = session(rulebook, &rated(rulebook, totals));
            result.scorecards.first().and_then(|card| card.score).map(|score| score.composite)
        };
        let once = composite(&rulebook, &totals);
        let twice = once.map(|composite| composite.times(Ratio::integer(2)).unwrap());
        prop_assert_eq!(composite(&double, &doubled), twice);
    }

    #[test]
    fn stars_never_fall_when_the_published_number_rises(first in 0..=10_000_i128, second in 0..=10_000_i128) {
        let rulebook = Rulebook::standard_review();
        let stars = |units| rulebook.stars(Decimal::new(units, 2).unwrap());
        prop_assert!(stars(first.min(second)) <= stars(first.max(second)));
        let reached = |band: &&StarBand| Decimal::new(first, 2).unwrap().value() >= band.from.value();
        prop_assert_eq!(usize::from(stars(first)), rulebook.bands.iter().filter(reached).count());
    }
}
