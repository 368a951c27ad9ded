//! Rulebooks from TOML files: every mistake with its line and column.

mod assessment;
mod points;
mod post;
mod review;

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _, Visitor};
use toml::Spanned;

pub use assessment::read_assessment;
pub use points::read_points;
pub use post::read_post;
pub use review::{QuorumError, read_review};

use super::assessment::AssessmentFault;
use super::points::PointsFault;
use super::post::PostRuleFault;
use super::{Criterion, RulebookFault, StarBand};
use crate::id::CriterionId;
use crate::number::{Decimal, Rounding};

/// A mistake in a rulebook file and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleFileError {
    /// Counts from 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub reason: RuleFileReason,
}

/// What is wrong with a rulebook file.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleFileReason {
    /// It is not TOML, or a key is unknown, missing or of another type.
    Toml(toml::de::Error),
    /// It is a rulebook of something else than this, which was asked for.
    Kind(&'static str),
    /// It reads well and no review can use it.
    Review(RulebookFault),
    /// It reads well and no village assessment can use it.
    Assessment(AssessmentFault),
    /// It reads well and no points account can use it.
    Points(PointsFault),
    /// It reads well and no appraisal by post can use it.
    Post(PostRuleFault),
}

/// A file as it is written, and the rule it stands for.
trait RuleFile: DeserializeOwned {
    /// What the file calls itself.
    const KIND: &'static str;
    type Rule;
    type Fault: Copy;

    fn kind(&self) -> &Spanned<String>;
    /// Fills in the defaults of what may be left out.
    fn rule(&self) -> Self::Rule;
    fn check(rule: &Self::Rule) -> Result<(), Vec<Self::Fault>>;
    fn reason(fault: Self::Fault) -> RuleFileReason;
    /// Returns where a fault stands; nothing for what is missing altogether.
    fn span(&self, fault: Self::Fault) -> Option<Range<usize>>;
}

/// Reads a file of one kind and checks its rule; the first mistake is returned.
fn read_as<F: RuleFile>(text: &str) -> Result<F::Rule, RuleFileError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let at = |span: Option<Range<usize>>, reason| {
        let (line, column) = place(text, span.map_or(0, |span| span.start));
        RuleFileError { line, column, reason }
    };
    let file: F = toml::from_str(text).map_err(|error| at(error.span(), RuleFileReason::Toml(error)))?;
    if file.kind().get_ref() != F::KIND {
        return Err(at(Some(file.kind().span()), RuleFileReason::Kind(F::KIND)));
    }
    let rule = file.rule();
    match F::check(&rule).err().and_then(|faults| faults.first().copied()) {
        Some(fault) => Err(at(file.span(fault), F::reason(fault))),
        None => Ok(rule),
    }
}

#[derive(Clone, Copy, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum RoundingName {
    #[default]
    HalfUp,
    HalfEven,
}

impl RoundingName {
    fn rounding(self) -> Rounding {
        match self {
            Self::HalfUp => Rounding::HalfUp,
            Self::HalfEven => Rounding::HalfEven,
        }
    }
}

/// A criterion as every rule file writes it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct CriterionTable {
    id: Spanned<Text<CriterionId>>,
    name: Option<String>,
    max: Spanned<u32>,
}

impl CriterionTable {
    fn criterion(&self) -> Criterion {
        let id = self.id.get_ref().0.clone();
        let name = self.name.clone().unwrap_or_else(|| id.to_string());
        Criterion { id, name, max: *self.max.get_ref() }
    }
}

/// A star band as every rule file writes it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct BandTable {
    stars: Spanned<u8>,
    from: Spanned<Text<Decimal>>,
}

impl BandTable {
    fn band(&self) -> StarBand {
        StarBand { stars: *self.stars.get_ref(), from: self.from.get_ref().0 }
    }
}

/// Returns the half of a band that does not rise above the one before it: its number, or else its stars.
fn band_span(bands: &[BandTable], at: usize) -> Option<Range<usize>> {
    let (before, band) = (bands.get(at.checked_sub(1)?)?, bands.get(at)?);
    let rises = before.from.get_ref().0.value() < band.from.get_ref().0.value();
    Some(if rises { band.stars.span() } else { band.from.span() })
}

/// A value that a rulebook writes between quotes, so that no reader turns it into a binary fraction.
struct Text<T>(T);

impl<'de, T> Deserialize<'de> for Text<T>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl Visitor<'_> for TextVisitor {
            type Value = String;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text between quotes")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<String, E> {
                Ok(text.to_owned())
            }

            // A whole number cannot lose anything on its way, so its quotes may be left out.
            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<String, E> {
                Ok(number.to_string())
            }
        }

        let text = deserializer.deserialize_any(TextVisitor)?;
        text.parse().map(Self).map_err(D::Error::custom)
    }
}

impl fmt::Display for RuleFileReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The parser adds drawings of the place on further lines; the place is given apart.
            Self::Toml(error) => f.write_str(error.message().lines().next().unwrap_or("not TOML")),
            Self::Kind(kind) => write!(f, "the kind of this rulebook is not {kind}"),
            Self::Review(fault) => fault.fmt(f),
            Self::Assessment(fault) => fault.fmt(f),
            Self::Points(fault) => fault.fmt(f),
            Self::Post(fault) => fault.fmt(f),
        }
    }
}

impl fmt::Display for RuleFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.reason)
    }
}

impl std::error::Error for RuleFileError {}

/// Returns line and column, in characters and both from 1, of a byte in a text.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_lines_and_characters() {
        assert_eq!(place("", 0), (1, 1));
        assert_eq!(place("家风 = 1\n二 = x", "家风 = 1\n二 = ".len()), (2, 5));
    }
}
