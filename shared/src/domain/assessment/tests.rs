//! Points as they are written, and a quarter as a function of the set of its facts.

use super::*;
use crate::number::NumberError;

#[test]
fn points_have_at_most_two_places_and_are_not_below_nought() {
    let read = |text: &str| text.parse::<Hundredths>();
    for (text, points) in [("18", 1800), ("17.5", 1750), ("0.05", 5), ("0", 0), ("10000", 1_000_000)] {
        assert_eq!(read(text), Ok(Hundredths(points)));
        assert_eq!(Hundredths(points).to_string(), text);
        assert_eq!(Hundredths(points).value(), text.parse().unwrap());
    }
    assert_eq!(read("17.50"), Ok(Hundredths(1750)));
    assert_eq!(read("17.505"), Err(NumberError::TooFine));
    assert_eq!(read("-1"), Err(NumberError::Shape));
    assert_eq!(read("99999999999"), Err(NumberError::Overflow));
}

#[test]
fn nobody_moves_a_quarter_to_what_follows_by_itself() {
    let stages = [
        (Stage::Planned, 0),
        (Stage::Open, 2),
        (Stage::Scored, 1),
        (Stage::Frozen, 0),
        (Stage::Noticed, 1),
        (Stage::Confirmed, 1),
        (Stage::Archived, 1),
        (Stage::Cancelled, 2),
    ];
    for (stage, count) in stages {
        assert_eq!(stage.roles().len(), count, "{stage:?}");
        assert!(!stage.roles().contains(&Role::Assessor), "{stage:?}");
    }
}
