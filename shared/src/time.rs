//! Instants and calendar dates; nobody in this crate can ask for "now".

use std::fmt;
use std::str::FromStr;

/// The last year that is written with four digits.
pub const LAST_YEAR: u16 = 9999;

/// A device clock reading in milliseconds since the Unix epoch.
///
/// It is what a device claimed, never what is trusted: order comes from sequence numbers and causal links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub u64);

impl Instant {
    /// Returns the reading moved forward by some milliseconds, stopping at the largest value.
    pub fn plus_millis(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

/// A calendar date as people state it, without a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(time::Date);

/// A calendar month, the period of an account's caps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    month: u8,
}

/// A quarter of a year, the period of an assessment and of an account (账期).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    year: u16,
    number: u8,
}

/// The reasons why a text or three numbers are not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// The text is not of the shape `2026-11-23`.
    Shape,
    /// The shape is right but the calendar has no such day.
    NoSuchDay,
}

impl Date {
    /// Makes a date from a year, a month (1 to 12) and a day (1 to 31).
    pub fn new(year: i32, month: u8, day: u8) -> Result<Self, DateError> {
        let month = time::Month::try_from(month).map_err(|_| DateError::NoSuchDay)?;
        time::Date::from_calendar_date(year, month, day).map(Self).map_err(|_| DateError::NoSuchDay)
    }

    /// Returns year, month (1 to 12) and day (1 to 31).
    pub fn parts(self) -> (i32, u8, u8) {
        (self.0.year(), self.0.month() as u8, self.0.day())
    }

    /// Returns the month in which the day lies.
    pub fn month(self) -> Month {
        Month { year: self.0.year(), month: self.0.month() as u8 }
    }

    /// Returns the quarter in which the day lies; before the year 0 that of the year 0.
    pub fn quarter(self) -> Quarter {
        Quarter { year: u16::try_from(self.0.year()).unwrap_or(0), number: (self.0.month() as u8 - 1) / 3 + 1 }
    }

    /// Returns the Julian day number: a compact integer with one per day.
    pub fn day_number(self) -> i32 {
        self.0.to_julian_day()
    }

    /// Returns the date of a Julian day number.
    pub fn from_day_number(day: i32) -> Result<Self, DateError> {
        time::Date::from_julian_day(day).map(Self).map_err(|_| DateError::NoSuchDay)
    }

    /// Returns the date some days later, or earlier for a negative count.
    pub fn plus_days(self, days: i32) -> Result<Self, DateError> {
        self.day_number().checked_add(days).ok_or(DateError::NoSuchDay).and_then(Self::from_day_number)
    }
}

impl Month {
    /// Returns the month of a count of months since the year 0.
    pub fn from_number(number: i32) -> Result<Self, DateError> {
        let (year, place) = (number.div_euclid(12), number.rem_euclid(12));
        let month = Self { year, month: place as u8 + 1 };
        Date::new(month.year, month.month, 1).map(|_| month)
    }

    /// Returns the count of months since the year 0: a compact integer with one per month.
    pub fn number(self) -> i32 {
        self.year * 12 + i32::from(self.month) - 1
    }

    /// Returns the month after; the last one of all is its own.
    pub fn after(self) -> Self {
        Self::from_number(self.number() + 1).unwrap_or(self)
    }

    /// Returns its first day.
    pub fn first_day(self) -> Date {
        // Every month comes from a date or is checked to have a first day.
        Date::new(self.year, self.month, 1).unwrap_or(Date(time::Date::MIN))
    }

    /// Returns the quarter in which it lies; before the year 0 that of the year 0.
    pub fn quarter(self) -> Quarter {
        self.first_day().quarter()
    }

    /// Returns the year and the month from 1 to 12.
    pub fn parts(self) -> (i32, u8) {
        (self.year, self.month)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Quarter {
    /// Makes a quarter from a year up to 9999 and a number from 1 to 4.
    pub fn new(year: u16, number: u8) -> Result<Self, DateError> {
        if year > LAST_YEAR || !(1..=4).contains(&number) {
            Err(DateError::NoSuchDay)
        } else {
            Ok(Self { year, number })
        }
    }

    /// Returns the year and the number from 1 to 4.
    pub fn parts(self) -> (u16, u8) {
        (self.year, self.number)
    }

    /// Returns the quarter before; before the first of the year 0 there is none.
    pub fn before(self) -> Option<Self> {
        match self.number {
            1 => self.year.checked_sub(1).map(|year| Self { year, number: 4 }),
            number => Some(Self { year: self.year, number: number - 1 }),
        }
    }

    /// Returns the quarter after.
    pub fn after(self) -> Result<Self, DateError> {
        if self.number == 4 { Self::new(self.year + 1, 1) } else { Self::new(self.year, self.number + 1) }
    }

    /// Returns its three months, in order.
    pub fn months(self) -> [Month; 3] {
        [1, 2, 3].map(|place| Month { year: i32::from(self.year), month: (self.number - 1) * 3 + place })
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-Q{}", self.year, self.number)
    }
}

impl FromStr for Quarter {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let (year, number) = text.split_once("-Q").ok_or(DateError::Shape)?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || number.len() != 1 || !digits(year) || !digits(number) {
            return Err(DateError::Shape);
        }
        let (year, number) =
            (year.parse().map_err(|_| DateError::Shape)?, number.parse().map_err(|_| DateError::Shape)?);
        Self::new(year, number)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let digits = |part: &str, count: usize| {
            (part.len() == count && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok()).flatten()
        };
        let mut parts = text.split('-');
        let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(DateError::Shape);
        };
        let year: i32 = digits(year, 4).ok_or(DateError::Shape)?;
        let month = digits(month, 2).ok_or(DateError::Shape)?;
        let day = digits(day, 2).ok_or(DateError::Shape)?;
        Self::new(year, month as u8, day as u8)
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shape => "a date has the shape 2026-11-23",
            Self::NoSuchDay => "the calendar has no such day",
        })
    }
}

impl std::error::Error for DateError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_prints() {
        let date: Date = "2024-02-29".parse().unwrap();
        assert_eq!(date.to_string(), "2024-02-29");
        assert_eq!(date.plus_days(1).unwrap().to_string(), "2024-03-01");
        assert_eq!(Date::from_day_number(date.day_number()), Ok(date));
    }

    #[test]
    fn quarters_follow_each_other() {
        let quarter: Quarter = "2026-Q4".parse().unwrap();
        assert_eq!(
            (quarter.after().unwrap().to_string(), quarter.to_string()),
            ("2027-Q1".to_owned(), "2026-Q4".to_owned())
        );
        assert_eq!((quarter.before(), quarter.after().unwrap().before()), ("2026-Q3".parse().ok(), Some(quarter)));
        assert_eq!(quarter.months().map(|month| month.to_string()), ["2026-10", "2026-11", "2026-12"]);
        let date: Date = "2026-09-30".parse().unwrap();
        assert_eq!(
            (date.quarter().to_string(), date.month().to_string()),
            ("2026-Q3".to_owned(), "2026-09".to_owned())
        );
        let month = date.month();
        assert_eq!((month.after().to_string(), month.first_day().to_string()), ("2026-10".into(), "2026-09-01".into()));
        assert_eq!((Month::from_number(month.number()), month.quarter()), (Ok(month), date.quarter()));
        assert!(Month::from_number(i32::MAX).is_err(), "no month without a first day");
        for text in ["2026-Q5", "2026-Q0", "26-Q1", "2026Q1", "2026-Q", "2026-Q11", "2026-q1", "+026-Q1"] {
            assert!(text.parse::<Quarter>().is_err(), "{text}");
        }
    }

    #[test]
    fn refuses_days_that_do_not_exist() {
        assert_eq!("2026-02-29".parse::<Date>(), Err(DateError::NoSuchDay));
        assert_eq!("2026-2-9".parse::<Date>(), Err(DateError::Shape));
        assert_eq!("+026-02-09".parse::<Date>(), Err(DateError::Shape));
    }
}
