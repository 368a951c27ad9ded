//! Exact rationals, decimals as published, and the one rounding.
//!
//! Everything is computed as a [`Ratio`] and rounded once, by [`round`], when it is published (DOMAIN section 6,
//! rules 1 and 2). There are no operators: each step says that it may overflow and none of them panics.

use std::fmt;
use std::str::FromStr;

use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub, Signed, Zero};

/// The longest decimal text that is read, in bytes: no score, weight or cap comes near it.
pub const DECIMAL_TEXT_BYTES: usize = 24;

/// The most digits after the point, read or published: keeps a meeting's sums far inside 128 bits.
pub const DECIMALS_LIMIT: u8 = 9;

/// The reasons why a number cannot be read or computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// The exact value does not fit into 128 bits.
    Overflow,
    /// Something was divided by nothing.
    DivisionByZero,
    /// The text is not digits with at most one point between them.
    Shape,
    /// The text is longer than [`DECIMAL_TEXT_BYTES`].
    TooLong,
    /// More digits after the point than [`DECIMALS_LIMIT`].
    TooFine,
}

/// An exact fraction in lowest terms with a positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ratio(num_rational::Ratio<i128>);

/// A number as it stands on a poster: a whole count of its last place, and how many places there are.
///
/// Two spellings of one value (`84.0` and `84.00`) are different decimals; compare their [`Decimal::value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    units: i128,
    decimals: u8,
}

/// What becomes of a value that lies exactly between two published numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rounding {
    /// Away from zero (四舍五入), the default.
    #[default]
    HalfUp,
    /// To the even neighbour (GB/T 8170).
    HalfEven,
}

/// Rounds an exact value to a number of places: the only rounding there is.
///
/// Fails with [`NumberError::TooFine`] above [`DECIMALS_LIMIT`] places and with [`NumberError::Overflow`].
///
/// ```
/// use shared::number::{Ratio, Rounding, round};
///
/// let composite: Ratio = "84.005".parse()?;
/// assert_eq!(composite.to_string(), "16801/200");
/// assert_eq!(round(composite, 2, Rounding::HalfUp)?.to_string(), "84.01");
/// assert_eq!(round(composite, 2, Rounding::HalfEven)?.to_string(), "84.00");
/// # Ok::<(), shared::number::NumberError>(())
/// ```
pub fn round(value: Ratio, decimals: u8, rounding: Rounding) -> Result<Decimal, NumberError> {
    let scaled = value.times(Ratio::integer(power_of_ten(decimals)?))?;
    let (numerator, denominator) = (scaled.numerator(), scaled.denominator());
    // The sign is set aside so that the quotient is rounded as the digits that a person would see.
    let (magnitude, negative) = (numerator.checked_abs().ok_or(NumberError::Overflow)?, numerator < 0);
    let (quotient, rest) = (magnitude / denominator, magnitude % denominator);
    // `rest` against `denominator - rest` is twice the rest against the denominator, without the doubling.
    let up = match rest.cmp(&(denominator - rest)) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => rounding == Rounding::HalfUp || quotient % 2 == 1,
    };
    let magnitude = quotient.checked_add(i128::from(up)).ok_or(NumberError::Overflow)?;
    Ok(Decimal { units: if negative { -magnitude } else { magnitude }, decimals })
}

// Arithmetic of 128 bits is long code: a copy at every place that adds would weigh on the phone's first load.
impl Ratio {
    /// Nothing at all.
    pub const ZERO: Self = Self(num_rational::Ratio::new_raw(0, 1));

    /// Makes a fraction and brings it to lowest terms.
    #[inline(never)]
    pub fn new(numerator: i128, denominator: i128) -> Result<Self, NumberError> {
        match (numerator, denominator) {
            (_, 0) => Err(NumberError::DivisionByZero),
            // The smallest 128-bit number has no positive twin, so its sign cannot be moved.
            (i128::MIN, _) | (_, i128::MIN) => Err(NumberError::Overflow),
            _ => Ok(Self(num_rational::Ratio::new(numerator, denominator))),
        }
    }

    /// Makes a whole number.
    pub fn integer(value: i128) -> Self {
        Self(num_rational::Ratio::from_integer(value))
    }

    /// Returns the numerator in lowest terms; it carries the sign.
    pub fn numerator(&self) -> i128 {
        *self.0.numer()
    }

    /// Returns the denominator in lowest terms; it is at least 1.
    pub fn denominator(&self) -> i128 {
        *self.0.denom()
    }

    /// Returns whether the value is below zero.
    pub fn is_negative(&self) -> bool {
        self.0.is_negative()
    }

    /// Adds, or fails with [`NumberError::Overflow`].
    #[inline(never)]
    pub fn plus(self, other: Self) -> Result<Self, NumberError> {
        self.0.checked_add(&other.0).map(Self).ok_or(NumberError::Overflow)
    }

    /// Subtracts, or fails with [`NumberError::Overflow`].
    #[inline(never)]
    pub fn minus(self, other: Self) -> Result<Self, NumberError> {
        self.0.checked_sub(&other.0).map(Self).ok_or(NumberError::Overflow)
    }

    /// Multiplies, or fails with [`NumberError::Overflow`].
    #[inline(never)]
    pub fn times(self, other: Self) -> Result<Self, NumberError> {
        self.0.checked_mul(&other.0).map(Self).ok_or(NumberError::Overflow)
    }

    /// Divides, or fails with [`NumberError::DivisionByZero`] or [`NumberError::Overflow`].
    #[inline(never)]
    pub fn over(self, other: Self) -> Result<Self, NumberError> {
        if other.0.is_zero() {
            return Err(NumberError::DivisionByZero);
        }
        self.0.checked_div(&other.0).map(Self).ok_or(NumberError::Overflow)
    }

    /// Adds any number of values; nothing sums to zero.
    pub fn sum(values: impl IntoIterator<Item = Self>) -> Result<Self, NumberError> {
        values.into_iter().try_fold(Self::ZERO, Self::plus)
    }
}

impl Decimal {
    /// Makes a decimal of a count of its last place: `(8401, 2)` is `84.01`.
    pub fn new(units: i128, decimals: u8) -> Result<Self, NumberError> {
        power_of_ten(decimals).map(|_| Self { units, decimals })
    }

    /// Returns the count of the last place.
    pub fn units(self) -> i128 {
        self.units
    }

    /// Returns how many digits stand after the point.
    pub fn decimals(self) -> u8 {
        self.decimals
    }

    /// Returns the exact value.
    pub fn value(self) -> Ratio {
        let denominator = 10_i128.pow(u32::from(self.decimals));
        Ratio(num_rational::Ratio::new(self.units, denominator))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.denominator() {
            1 => write!(f, "{}", self.numerator()),
            denominator => write!(f, "{}/{denominator}", self.numerator()),
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = usize::from(self.decimals);
        let sign = if self.units < 0 { "-" } else { "" };
        // One digit more than there are places, so that a nought stands before the point.
        let digits = format!("{:0>width$}", self.units.unsigned_abs(), width = places + 1);
        match digits.split_at(digits.len() - places) {
            (whole, "") => write!(f, "{sign}{whole}"),
            (whole, fraction) => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}

impl FromStr for Decimal {
    type Err = NumberError;

    /// Reads `60`, `84.005` or `-2.5`: ASCII digits, with digits on both sides of a point; no plus, no exponent.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        if text.len() > DECIMAL_TEXT_BYTES {
            return Err(NumberError::TooLong);
        }
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return Err(NumberError::Shape),
            None => (unsigned, ""),
        };
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
            return Err(NumberError::Shape);
        }
        let decimals = u8::try_from(fraction.len()).map_err(|_| NumberError::TooFine)?;
        power_of_ten(decimals)?;
        let digits = whole.bytes().chain(fraction.bytes()).map(|byte| i128::from(byte - b'0'));
        let units = digits.fold(0, |units, digit| units * 10 + digit);
        Ok(Self { units: if negative { -units } else { units }, decimals })
    }
}

impl FromStr for Ratio {
    type Err = NumberError;

    /// Reads a decimal, exactly; see [`Decimal`] for its shape.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        text.parse::<Decimal>().map(Decimal::value)
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overflow => f.write_str("the exact number is too large to compute"),
            Self::DivisionByZero => f.write_str("a number was divided by zero"),
            Self::Shape => f.write_str("not a number such as 18 or 17.5"),
            Self::TooLong => write!(f, "longer than {DECIMAL_TEXT_BYTES} characters"),
            Self::TooFine => write!(f, "more than {DECIMALS_LIMIT} digits after the point"),
        }
    }
}

impl std::error::Error for NumberError {}

/// Returns ten to the power of some places, within [`DECIMALS_LIMIT`].
fn power_of_ten(decimals: u8) -> Result<i128, NumberError> {
    if decimals > DECIMALS_LIMIT { Err(NumberError::TooFine) } else { Ok(10_i128.pow(u32::from(decimals))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, decimals: u8, half_up: &str, half_even: &str) {
        let value: Ratio = value.parse().unwrap();
        assert_eq!(round(value, decimals, Rounding::HalfUp).unwrap().to_string(), half_up);
        assert_eq!(round(value, decimals, Rounding::HalfEven).unwrap().to_string(), half_even);
    }

    #[test]
    fn rounds_as_the_vectors_say() {
        check("84.005", 2, "84.01", "84.00"); // V4
        check("28.165", 2, "28.17", "28.16"); // V5
        check("28.175", 2, "28.18", "28.18");
        check("79.995", 2, "80.00", "80.00"); // V6
        check("95.995", 2, "96.00", "96.00"); // V7
        check("95.5", 2, "95.50", "95.50");
        check("0.5", 0, "1", "0");
        check("-2.5", 0, "-3", "-2");
        check("-0.004", 2, "0.00", "0.00");
        check("-0.05", 2, "-0.05", "-0.05");
        check("7", 6, "7.000000", "7.000000");
    }

    #[test]
    fn prints_fractions_in_lowest_terms() {
        assert_eq!(Ratio::new(858, 10).unwrap().to_string(), "429/5");
        assert_eq!(Ratio::new(160, 2).unwrap().to_string(), "80");
        assert_eq!(Ratio::new(3, -6).unwrap().to_string(), "-1/2");
        assert_eq!("84.005".parse::<Ratio>().unwrap().to_string(), "16801/200");
    }

    #[test]
    fn reads_decimals_and_nothing_else() {
        for text in ["0", "60", "84.005", "-2.5", "007", "0.000000001"] {
            assert!(text.parse::<Ratio>().is_ok(), "{text}");
        }
        for text in
            ["", "-", ".", "5.", ".5", "+5", "1e2", "1_0", " 5", "5 ", "0x10", "1,5", "１９", "NaN", "--1", "1.2.3"]
        {
            assert_eq!(text.parse::<Ratio>(), Err(NumberError::Shape), "{text}");
        }
        assert_eq!("0.0000000001".parse::<Ratio>(), Err(NumberError::TooFine));
        assert_eq!("1".repeat(DECIMAL_TEXT_BYTES + 1).parse::<Ratio>(), Err(NumberError::TooLong));
    }

    #[test]
    fn overflow_is_an_answer_and_not_a_panic() {
        let huge = Ratio::integer(i128::MAX);
        let tiny = Ratio::new(1, i128::MAX).unwrap();
        assert_eq!(huge.plus(huge), Err(NumberError::Overflow));
        assert_eq!(huge.times(huge), Err(NumberError::Overflow));
        assert_eq!(tiny.minus(Ratio::new(1, i128::MAX - 1).unwrap()), Err(NumberError::Overflow));
        assert_eq!(huge.over(Ratio::ZERO), Err(NumberError::DivisionByZero));
        assert_eq!(round(huge, 2, Rounding::HalfUp), Err(NumberError::Overflow));
        assert_eq!(Ratio::new(i128::MIN, 1), Err(NumberError::Overflow));
        assert_eq!(round(tiny, 10, Rounding::HalfUp), Err(NumberError::TooFine));
    }
}
