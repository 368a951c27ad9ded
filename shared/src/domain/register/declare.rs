//! The words in which kinds are declared: each makes one part, and what is unusual about it is said behind it.

use super::{Choice, Counted, Field, LineOf, Lines, Measure, Period, Shape, State, Step, Words};
use crate::role::Role;

/// Names something in both languages.
pub const fn words(zh: &'static str, en: &'static str) -> Words {
    Words { zh, en }
}

/// Declares a field that may stay empty.
pub const fn field(key: &'static str, zh: &'static str, en: &'static str, shape: Shape) -> Field {
    Field { key, name: words(zh, en), shape, required: false, fixed: false }
}

impl Field {
    /// A record cannot be opened without it.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// A record cannot be opened without it, and it stays as it was then.
    pub const fn fixed(mut self) -> Self {
        self.required = true;
        self.fixed = true;
        self
    }
}

/// Declares one of the words that a field may say.
pub const fn choice(key: &'static str, zh: &'static str, en: &'static str) -> Choice {
    Choice { key, name: words(zh, en) }
}

/// Declares a state in which something is still to be done.
pub const fn state(key: &'static str, zh: &'static str, en: &'static str) -> State {
    State { key, name: words(zh, en), rests: false }
}

impl State {
    /// Nothing more is asked of anybody.
    pub const fn rests(mut self) -> Self {
        self.rests = true;
        self
    }
}

/// Declares a step that needs nothing but somebody who may take it.
pub const fn step(
    key: &'static str,
    name: Words,
    from: &'static [&'static str],
    to: &'static str,
    by: &'static [Role],
) -> Step {
    Step { key, name, from, to, by, needs: &[], reason: false, apart_from: &[], not_before: None }
}

impl Step {
    /// These fields say something before it.
    pub const fn needs(mut self, fields: &'static [&'static str]) -> Self {
        self.needs = fields;
        self
    }

    /// It is not taken without a reason.
    pub const fn reason(mut self) -> Self {
        self.reason = true;
        self
    }

    /// Whoever took these does not take it.
    pub const fn apart_from(mut self, steps: &'static [&'static str]) -> Self {
        self.apart_from = steps;
        self
    }

    /// It waits until so many days, or more where a field says so, have passed since another step.
    pub const fn not_before(mut self, after: &'static str, field: &'static str, days: u16) -> Self {
        self.not_before = Some(Period { after, field, days });
        self
    }
}

/// Declares a list on which everybody stands once, with nothing noted beside the name.
pub const fn lines(zh: &'static str, en: &'static str, of: LineOf, by: &'static [Role]) -> Lines {
    Lines { name: words(zh, en), of, note: None, by, repeats: false }
}

impl Lines {
    /// Something is noted beside each line.
    pub const fn note(mut self, zh: &'static str, en: &'static str) -> Self {
        self.note = Some(words(zh, en));
        self
    }

    /// The same may be listed again, and counts again.
    pub const fn repeats(mut self) -> Self {
        self.repeats = true;
        self
    }
}

/// Declares a number over the records in these states, in every state where none is named.
pub const fn measure(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    states: &'static [&'static str],
    what: Counted,
) -> Measure {
    Measure { key, name: words(zh, en), states, saying: None, what }
}

impl Measure {
    /// Only records in which a field says this word count.
    pub const fn saying(mut self, field: &'static str, word: &'static str) -> Self {
        self.saying = Some((field, word));
        self
    }
}
