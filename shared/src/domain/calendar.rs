//! Statutory holidays, and the days that rules count: the end of a notice, the days to reply.
//!
//! The days are those of the national rule on holidays as it stands since 2025 (全国年节及纪念日放假办法): new year, four
//! days of the spring festival from its eve, 清明, two days of May, 端午, 中秋, three days of October. What the State
//! Council moves around them each year, weekends worked among it, is no statutory holiday and is not counted.

use crate::time::Date;

/// The first year whose lunar holidays stand in the table.
pub const FIRST_YEAR: i32 = 2024;
/// The last year whose lunar holidays stand in the table; of later ones only the solar holidays are known.
pub const LAST_YEAR: i32 = 2040;
/// The first year in which the rule has four days of spring festival and two of May; before it had three and one.
const RULE_OF_2025: i32 = 2025;

/// The first day of the lunar year, 清明, 端午 and 中秋 of each year from [`FIRST_YEAR`], as month and day.
const MOVING: [[(u8, u8); 4]; 17] = [
    [(2, 10), (4, 4), (6, 10), (9, 17)],
    [(1, 29), (4, 4), (5, 31), (10, 6)],
    [(2, 17), (4, 5), (6, 19), (9, 25)],
    [(2, 6), (4, 5), (6, 9), (9, 15)],
    [(1, 26), (4, 4), (5, 28), (10, 3)],
    [(2, 13), (4, 4), (6, 16), (9, 22)],
    [(2, 3), (4, 5), (6, 5), (9, 12)],
    [(1, 23), (4, 5), (6, 24), (10, 1)],
    [(2, 11), (4, 4), (6, 12), (9, 19)],
    [(1, 31), (4, 4), (6, 1), (9, 8)],
    [(2, 19), (4, 5), (6, 20), (9, 27)],
    [(2, 8), (4, 5), (6, 10), (9, 16)],
    [(1, 28), (4, 4), (5, 30), (10, 4)],
    [(2, 15), (4, 4), (6, 18), (9, 24)],
    [(2, 4), (4, 5), (6, 7), (9, 13)],
    [(1, 24), (4, 5), (5, 27), (10, 2)],
    [(2, 12), (4, 4), (6, 14), (9, 20)],
];

/// Tells whether a day is a statutory holiday.
///
/// Of years outside [`FIRST_YEAR`] to [`LAST_YEAR`] only the solar holidays are known: see [`is_known`].
pub fn is_statutory_holiday(date: Date) -> bool {
    let (year, month, day) = date.parts();
    let (may, eve) = if year >= RULE_OF_2025 { (2, -1) } else { (1, 0) };
    let solar = matches!((month, day), (1, 1) | (10, 1..=3)) || (month == 5 && (1..=may).contains(&day));
    let Some([new_year, others @ ..]) = moving(year) else { return solar };
    let spring = Date::new(year, new_year.0, new_year.1).map(|first| date.day_number() - first.day_number());
    solar || others.contains(&(month, day)) || spring.is_ok_and(|since| (eve..=2).contains(&since))
}

/// Tells whether all holidays of a day's year are known; where not, whoever posts a notice should look them up.
pub fn is_known(date: Date) -> bool {
    moving(date.parts().0).is_some()
}

fn moving(year: i32) -> Option<&'static [(u8, u8); 4]> {
    usize::try_from(year - FIRST_YEAR).ok().and_then(|place| MOVING.get(place))
}

/// Returns the last day of a notice: the posting day does not count, so many days do, and where the last is a statutory
/// holiday the notice ends on the next day that is none (DOMAIN section 6, rule 15).
///
/// Nothing where the calendar ends.
pub fn notice_end(posted: Date, days: u16) -> Option<Date> {
    let mut last = posted.plus_days(days.into()).ok()?;
    while is_statutory_holiday(last) {
        last = last.plus_days(1).ok()?;
    }
    Some(last)
}

/// Returns the day that lies so many working days after another; weekends and statutory holidays do not count.
///
/// Nothing where the calendar ends.
pub fn working_days_after(date: Date, days: u16) -> Option<Date> {
    let mut day = date;
    for _ in 0..days {
        day = day.plus_days(1).ok()?;
        while is_weekend(day) || is_statutory_holiday(day) {
            day = day.plus_days(1).ok()?;
        }
    }
    Some(day)
}

/// Day 0 of the Julian count was a Monday.
fn is_weekend(date: Date) -> bool {
    date.day_number().rem_euclid(7) >= 5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// The holidays of a year, as month and day.
    fn holidays(year: i32) -> Vec<String> {
        let first = Date::new(year, 1, 1).unwrap();
        let days = (0..366).map(|day| first.plus_days(day).unwrap()).filter(|date| date.parts().0 == year);
        days.filter(|date| is_statutory_holiday(*date)).map(|date| date.to_string()[5..].to_owned()).collect()
    }

    #[test]
    fn the_years_have_their_holidays() {
        let of_2026 = [
            "01-01", "02-16", "02-17", "02-18", "02-19", "04-05", "05-01", "05-02", "06-19", "09-25", "10-01", "10-02",
            "10-03",
        ];
        assert_eq!(holidays(2026), of_2026);
        assert_eq!(holidays(2024).len(), 11, "before the rule of 2025");
        // 中秋 falls on a day of October's holiday: two in one.
        assert_eq!((holidays(2031).len(), holidays(2025).len()), (12, 13));
        assert!((FIRST_YEAR..=LAST_YEAR).all(|year| is_known(Date::new(year, 6, 1).unwrap())));
        assert!(!is_known(date("2041-06-01")) && is_statutory_holiday(date("2041-10-02")));
    }

    #[test]
    fn a_notice_counts_from_the_day_after_and_does_not_end_on_a_holiday() {
        assert_eq!(notice_end(date("2026-11-23"), 5), Some(date("2026-11-28")));
        assert_eq!(notice_end(date("2026-09-26"), 5), Some(date("2026-10-04")), "three days of October");
        assert_eq!(notice_end(date("2026-02-11"), 5), Some(date("2026-02-20")), "spring festival from its eve");
        assert_eq!(notice_end(date("2026-02-28"), 0), Some(date("2026-02-28")));
    }

    #[test]
    fn replies_are_due_in_working_days() {
        // 2026-11-23 is a Monday.
        assert!(!is_weekend(date("2026-11-27")) && is_weekend(date("2026-11-28")) && is_weekend(date("2026-11-29")));
        assert_eq!(working_days_after(date("2026-11-23"), 5), Some(date("2026-11-30")));
        assert_eq!(working_days_after(date("2026-11-28"), 1), Some(date("2026-11-30")));
        assert_eq!(working_days_after(date("2026-09-30"), 1), Some(date("2026-10-05")));
        assert_eq!(working_days_after(date("2026-11-23"), 0), Some(date("2026-11-23")));
    }
}
