//! What a measuring program says, a line each: `figure<TAB>value<TAB>unit`, or `figure<TAB>-<TAB>reason`.

use crate::bench::budget::Amount;

/// A measured figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The name under which the budget stands; a name that begins with a space tells more of the figure before it.
    pub name: String,
    /// How much.
    pub amount: Amount,
    /// Of what.
    pub unit: String,
}

impl Figure {
    /// Returns whether it only tells more of the figure before it.
    pub fn is_detail(&self) -> bool {
        self.name.starts_with(' ')
    }
}

/// One line of a measuring program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It measured this.
    Figure(Figure),
    /// It could not measure.
    Missing {
        /// The figure.
        name: String,
        /// Why, in words for whoever reads the table.
        reason: String,
    },
}

impl Reading {
    /// Reads a line; what is no reading is nothing.
    pub fn parse(line: &str) -> Option<Self> {
        let mut parts = line.split('\t');
        let (name, amount, rest) = (parts.next()?.to_owned(), parts.next()?, parts.next()?.to_owned());
        if amount == "-" {
            return Some(Self::Missing { name, reason: rest });
        }
        Some(Self::Figure(Figure { name, amount: Amount::parse(amount)?, unit: rest }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_a_line_of_three() {
        let Some(Reading::Figure(read)) = Reading::parse("entry-up\t214\tB") else { panic!() };
        assert_eq!((read.name.as_str(), read.amount.to_string(), read.unit.as_str()), ("entry-up", "214".into(), "B"));
        let missing = Reading::Missing { name: "live-cpu".into(), reason: "no relay".into() };
        assert_eq!(Reading::parse("live-cpu\t-\tno relay"), Some(missing));
        assert_eq!(Reading::parse("Compiling shared"), None);
        assert_eq!(Reading::parse("entry-up\tmany\tB"), None);
    }
}
