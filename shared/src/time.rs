//! Instants and calendar dates; nobody in this crate can ask for "now".

use std::fmt;
use std::str::FromStr;

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
    fn refuses_days_that_do_not_exist() {
        assert_eq!("2026-02-29".parse::<Date>(), Err(DateError::NoSuchDay));
        assert_eq!("2026-2-9".parse::<Date>(), Err(DateError::Shape));
        assert_eq!("+026-02-09".parse::<Date>(), Err(DateError::Shape));
    }
}
