//! The budgets of the design, one line each.

use std::fmt;

use crate::bench::reading::Figure;

/// An amount in thousandths, since some figures are shares of a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(i64);

/// On which side of its limit a figure has to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The limit is the most.
    AtMost,
    /// The limit is the least.
    AtLeast,
}

/// How a figure stands to its budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It keeps it.
    Within,
    /// It does not.
    Over,
    /// It was measured in another unit than the budget's.
    OtherUnit,
}

/// One budget.
pub struct Budget {
    /// The name that a measuring program prints.
    pub figure: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Why it is not measured, where nothing measures it.
    pub awaits: Option<&'static str>,
    side: Side,
    limit: Amount,
    unit: &'static str,
}

const BROWSER: &str = "there is no Chromium with its driver, or the phone did not get so far";

/// Every budget, in the order of the design.
pub const BUDGETS: [Budget; 23] = [
    at_most("first-load", "First load, everything a meeting needs, brotli", 500_000, "B"),
    at_most("update-one-page", "Update after a release that changed one page", 100_000, "B")
        .awaiting("`--update` builds the client twice for it"),
    at_most("offline-start", "Offline start to usable, a large village's year, 4×, p95", 700, "ms").awaiting(BROWSER),
    at_most("office-year", "Offline start of an office, ten villages' whole year, 4×, p95", 2_000, "ms")
        .awaiting(BROWSER),
    at_most("tap-to-tick", "Tap to durable tick, 4×, p95", 32, "ms").awaiting(BROWSER),
    at_most("entry-up", "One new entry, up", 280, "B"),
    at_most("entry-down", "One new entry, down", 120, "B"),
    at_most("nothing-up", "Nothing new, up, per scope", 60, "B"),
    at_most("nothing-down", "Nothing new, down, per scope", 60, "B"),
    at_most("hundred-up", "100 offline entries, up", 2_000, "B"),
    at_most("meeting-up", "A meeting of 40 members and 30 raters at closing, up", 8_000, "B"),
    at_most("quarter-saved", "Document of a 6,000-entry quarter, saved", 90_000, "B")
        .awaiting("there are no point entries"),
    at_most("quarter-load", "Document of a 6,000-entry quarter, native load", 30, "ms")
        .awaiting("there are no point entries"),
    at_least("relay-batches", "Relay: verified single-change batches", 5_000, "/s"),
    at_most("reconnect", "1,000 phones reconnecting, 20 batches each", 15, "s"),
    at_most("own-documents-cpu", "Relay, 500 phones × 20 edits, own documents: CPU", 1_500, "ms"),
    at_most("own-documents-memory", "Relay, 500 phones × 20 edits, own documents: peak", 60, "MB"),
    at_most("live-cpu", "Relay, 50 phones × 100 entries in one meeting: CPU", 3_000, "ms"),
    at_most("live-seen", "… 99 % of entries seen by everyone within", 1_000, "ms"),
    at_most("first-sync-down", "First sync of a village quarter, down", 100_000, "B")
        .awaiting("there is no quarter, and no link to shape"),
    at_most("relay-memory", "Relay memory at 1,000 live phones", 100, "MB"),
    at_most("ballot-taps", "Taps for 40 subjects with ten exceptions", 70, "taps")
        .awaiting("the keypad's own test counts them"),
    at_most("lost", "Acknowledged records lost, over every kill and fault tried", 0, "records"),
];

/// Asks for no more than so much.
pub const fn at_most(figure: &'static str, title: &'static str, limit: i64, unit: &'static str) -> Budget {
    Budget { figure, title, awaits: None, side: Side::AtMost, limit: Amount(limit * 1_000), unit }
}

/// Asks for no less than so much.
pub const fn at_least(figure: &'static str, title: &'static str, limit: i64, unit: &'static str) -> Budget {
    Budget { figure, title, awaits: None, side: Side::AtLeast, limit: Amount(limit * 1_000), unit }
}

impl Budget {
    /// Says why nothing measures it.
    const fn awaiting(self, reason: &'static str) -> Self {
        Self { awaits: Some(reason), ..self }
    }

    /// Compares a figure with its budget.
    pub fn verdict(&self, figure: &Figure) -> Verdict {
        let within = match self.side {
            Side::AtMost => figure.amount <= self.limit,
            Side::AtLeast => figure.amount >= self.limit,
        };
        match within {
            _ if figure.unit != self.unit => Verdict::OtherUnit,
            true => Verdict::Within,
            false => Verdict::Over,
        }
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match self.side {
            Side::AtMost => "≤",
            Side::AtLeast => "≥",
        };
        write!(f, "{side} {} {}", self.limit, self.unit)
    }
}

impl Amount {
    /// Takes a whole number.
    pub fn whole(number: u64) -> Self {
        Self(i64::try_from(number).unwrap_or(i64::MAX).saturating_mul(1_000))
    }

    /// Reads a whole number or a decimal with up to three places.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, places) = text.split_once('.').unwrap_or((text, ""));
        if places.len() > 3 || !places.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let thousandths: i64 = format!("{places:0<3}").parse().ok()?;
        whole.parse::<u32>().ok().map(|whole| Self(i64::from(whole) * 1_000 + thousandths))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, thousandths) = (self.0 / 1_000, self.0 % 1_000);
        let digits = whole.to_string();
        // Groups of three: figures of six digits are compared by eye.
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place) % 3 == 0 {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        match thousandths {
            0 => Ok(()),
            _ => write!(f, ".{}", format!("{thousandths:03}").trim_end_matches('0')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_back_what_people_read() {
        for (text, shown) in [("0", "0"), ("1234567", "1,234,567"), ("4.9", "4.9"), ("0.05", "0.05")] {
            assert_eq!(Amount::parse(text).unwrap().to_string(), shown);
        }
        for text in ["", "-1", "1.2345", "1.x", "x"] {
            assert_eq!(Amount::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_budget_is_kept_up_to_its_limit_and_in_its_unit() {
        let figure = |amount, unit: &str| Figure { name: String::new(), amount, unit: unit.to_owned() };
        let most = at_most("x", "x", 32, "ms");
        assert_eq!(most.verdict(&figure(Amount::whole(32), "ms")), Verdict::Within);
        assert_eq!(most.verdict(&figure(Amount::parse("32.1").unwrap(), "ms")), Verdict::Over);
        assert_eq!(most.verdict(&figure(Amount::whole(1), "s")), Verdict::OtherUnit);
        let least = at_least("x", "x", 5_000, "/s");
        assert_eq!(least.verdict(&figure(Amount::whole(4_999), "/s")), Verdict::Over);
        assert_eq!(least.to_string(), "≥ 5,000 /s");
    }
}
