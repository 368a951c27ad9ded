//! What a field of a record says.

use std::fmt;

use super::{Field, LINE_BYTES, Shape, TEXT_BYTES};
use crate::id::{HouseholdId, PersonId, UnitCode};
use crate::time::Date;

/// A value of a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing, where something stood before.
    Nothing,
    /// A text, or the name of a choice.
    Text(String),
    /// A number, or money in fen.
    Number(i64),
    /// A day.
    Date(Date),
    /// A person of the village's roster.
    Person(PersonId),
    /// A household of the village's roster.
    Household(HouseholdId),
    /// A unit of the township.
    Unit(UnitCode),
}

/// Why a value cannot stand in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueFault {
    /// It is of another kind than the field.
    Shape,
    /// It is longer than the field takes.
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// A count is not below 0.
    Negative,
    /// The field does not offer this word.
    Choice,
    /// The field stays as it was when the record was opened.
    Fixed,
}

impl Value {
    /// Tells whether it says anything.
    pub fn is_nothing(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// Checks that it can stand in a field.
    pub fn check(&self, field: &Field) -> Result<(), ValueFault> {
        let fits = |text: &str, limit| if text.len() > limit { Err(ValueFault::TooLong { limit }) } else { Ok(()) };
        match (self, field.shape) {
            (Self::Nothing, _) => Ok(()),
            (Self::Text(text), Shape::Line) => fits(text, LINE_BYTES),
            (Self::Text(text), Shape::Text) => fits(text, TEXT_BYTES),
            (Self::Text(text), Shape::Choice(choices)) => {
                let offered = choices.iter().any(|choice| choice.key == text);
                if offered { Ok(()) } else { Err(ValueFault::Choice) }
            }
            (Self::Number(number), Shape::Count) if *number < 0 => Err(ValueFault::Negative),
            (Self::Number(_), Shape::Count | Shape::Money)
            | (Self::Date(_), Shape::Date)
            | (Self::Person(_), Shape::Person)
            | (Self::Household(_), Shape::Household)
            | (Self::Unit(_), Shape::Unit) => Ok(()),
            _ => Err(ValueFault::Shape),
        }
    }
}

impl fmt::Display for ValueFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape => f.write_str("a value of another kind"),
            Self::TooLong { limit } => write!(f, "longer than {limit} bytes"),
            Self::Negative => f.write_str("a count is not below 0"),
            Self::Choice => f.write_str("not one of the words on offer"),
            Self::Fixed => f.write_str("stays as it was when the record was opened"),
        }
    }
}
