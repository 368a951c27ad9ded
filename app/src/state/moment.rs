//! A device's clock reading as people in China read a clock.

use shared::time::{Date, Instant};

/// China keeps one time, eight hours before Greenwich, without summer time since 1991.
const CHINA_MILLIS: u64 = 8 * 60 * 60 * 1000;
const MINUTE_MILLIS: u64 = 60 * 1000;
const DAY_MINUTES: u64 = 24 * 60;
/// The Julian day number of 1970-01-01.
const EPOCH_DAY: i32 = 2_440_588;

/// A day and a minute of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// The hour, from 0 to 23.
    pub hour: u8,
    /// The minute, from 0 to 59.
    pub minute: u8,
}

/// Returns day and minute of a reading; `None` for a clock set beyond the calendar.
pub fn moment(at: Instant) -> Option<Moment> {
    let minutes = at.0.checked_add(CHINA_MILLIS)? / MINUTE_MILLIS;
    let day = i32::try_from(minutes / DAY_MINUTES).ok()?.checked_add(EPOCH_DAY)?;
    let minute = minutes % DAY_MINUTES;
    let date = Date::from_day_number(day).ok()?;
    Some(Moment { date, hour: (minute / 60) as u8, minute: (minute % 60) as u8 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_clock_of_china() {
        // 2026-11-22T16:05Z is five past midnight of the next day in Niuzhuang.
        let reading = moment(Instant(1_795_363_500_000)).map(|m| (m.date.to_string(), m.hour, m.minute));
        assert_eq!(reading, Some(("2026-11-23".to_owned(), 0, 5)));
        assert_eq!(moment(Instant(0)).map(|m| m.hour), Some(8));
        assert_eq!(moment(Instant(u64::MAX)), None);
    }
}
