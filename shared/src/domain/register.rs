//! Records with a life (台账): what a kind of record declares, and what follows from it for every kind alike.
//!
//! A kind is one short file: its fields, its states, the steps between them with who may take each, the lines that a
//! record can list, and what is counted. List, detail, form, timeline, search, print and export read the declaration,
//! as deciding and folding do; none of them knows a kind by name. Words stand beside what they name in both languages,
//! since a declaration without its words is not one.

mod declare;
pub mod kinds;
mod power;
mod record;
mod tally;
mod value;

pub use kinds::KINDS;
pub use power::{Denied, Powers};
pub(crate) use record::same_person;
pub use record::{
    Affair, Affairs, Flaw, Line, LineSubject, Listed, Opening, Record, RecordNote, Standing, StepTaken, Strike, Writing,
};
pub use tally::{Tally, counts, tally};
pub use value::{Value, ValueFault};

use crate::role::Role;

/// The longest value of a [`Shape::Line`], in bytes: a line on paper.
pub const LINE_BYTES: usize = 200;
/// The longest value of a [`Shape::Text`] and the longest reason, in bytes: a handwritten page.
pub const TEXT_BYTES: usize = 3000;
/// The most fields that a kind may declare.
pub const FIELDS_LIMIT: usize = 24;
/// The most villages that share one record: every unit of a large township.
pub const HOSTS_LIMIT: usize = 64;
/// The most lines of one record: everybody of a large community.
pub const LINES_LIMIT: usize = 6000;
/// The most lines that one entry adds: a full hall, in a change that is small beside a batch.
pub const LINES_AT_ONCE: usize = 500;

/// A word in the languages of the interface; Chinese is the one of the glossary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// 中文
    pub zh: &'static str,
    /// English
    pub en: &'static str,
}

/// What a kind of record declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its name in facts, addresses and exports; never changes and is never used again for something else.
    pub key: &'static str,
    /// What people call one record.
    pub name: Words,
    /// The mechanism of DOMAIN section 2 that it carries, M1 to M29; 0 for what serves them all: notices,
    /// objections and the letter box.
    pub mechanism: u8,
    /// Where its records are kept, which says who may read them.
    pub home: Home,
    /// Who opens a record and writes its fields.
    pub keepers: &'static [Role],
    /// What a record says; the first one titles it.
    pub fields: &'static [Field],
    /// The states of its life; a record begins in the first.
    pub states: &'static [State],
    /// The steps between them.
    pub steps: &'static [Step],
    /// What a record lists, if it lists anything.
    pub lines: Option<Lines>,
    /// What is counted of it for the village's and the township's numbers.
    pub measures: &'static [Measure],
}

/// Where records of a kind are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    /// In their village's records.
    Village,
    /// In the township's, read by every device: what several villages share or the township keeps.
    Township,
    /// In what the township office alone reads.
    Office,
    /// In their village's cases, read by those who handle them.
    Cases,
    /// In what one person says to the office.
    Letters,
}

/// One thing that a record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in facts and exports.
    pub key: &'static str,
    /// What people call it.
    pub name: Words,
    /// What it may say.
    pub shape: Shape,
    /// Whether a record cannot be opened without it.
    pub required: bool,
    /// Whether it stays as it was when the record was opened.
    pub fixed: bool,
}

/// What a field may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One line of text.
    Line,
    /// Text of several lines.
    Text,
    /// A day.
    Date,
    /// A whole number from 0.
    Count,
    /// An amount of money in fen, which may be below 0.
    Money,
    /// One of several words.
    Choice(&'static [Choice]),
    /// A person of the roster of the record's village.
    Person,
    /// A household of the roster of the record's village.
    Household,
    /// A village or community of the township.
    Unit,
}

/// One of the words that a field may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its name in facts and exports.
    pub key: &'static str,
    /// What people call it.
    pub name: Words,
}

/// A state of a record's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Its name in exports.
    pub key: &'static str,
    /// What people call it.
    pub name: Words,
    /// Whether the record is at rest there: nothing more is asked of anybody.
    pub rests: bool,
}

/// A step from one state to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name in facts.
    pub key: &'static str,
    /// What people do when they take it.
    pub name: Words,
    /// The states from which it can be taken.
    pub from: &'static [&'static str],
    /// The state to which it leads.
    pub to: &'static str,
    /// Who may take it.
    pub by: &'static [Role],
    /// Fields that must say something before it.
    pub needs: &'static [&'static str],
    /// Whether a reason has to be given.
    pub reason: bool,
    /// Steps whose takers may not take this one, [`OPENED`] for whoever opened the record (DOMAIN section 4).
    pub apart_from: &'static [&'static str],
    /// The period that has to pass before it.
    pub not_before: Option<Period>,
}

/// A period that begins with a step and counts as that of a notice does (DOMAIN section 6, rule 15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The step with which it begins; taken again it begins again.
    pub after: &'static str,
    /// The field that may lengthen it, in days.
    pub field: &'static str,
    /// The fewest days that it lasts: whoever posts may lengthen and not shorten.
    pub days: u16,
}

/// What [`Step::apart_from`] calls the opening of the record.
pub const OPENED: &str = "opened";

/// What a record lists: who took part, which households are in the circle, what was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lines {
    /// What people call the list.
    pub name: Words,
    /// What stands on it.
    pub of: LineOf,
    /// What people call the note beside a line; nothing where a line is only a name.
    pub note: Option<Words>,
    /// Who may list and strike.
    pub by: &'static [Role],
    /// Whether the same can stand on it, and count, several times.
    pub repeats: bool,
}

/// What stands on the lines of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineOf {
    /// People, of a roster or by name.
    People,
    /// Households of a roster.
    Households,
    /// Words: milestones, checks, what was agreed.
    Words,
    /// Whatever a result is about: people, households, or words such as the name of a village.
    Any,
}

impl LineOf {
    /// Tells whether this can stand on a line.
    pub fn takes(self, subject: &LineSubject) -> bool {
        match self {
            Self::People => matches!(subject, LineSubject::Person(_) | LineSubject::Name(_)),
            Self::Households => matches!(subject, LineSubject::Household(_)),
            Self::Words => matches!(subject, LineSubject::Name(_)),
            Self::Any => true,
        }
    }
}

/// Something that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Its name in exports.
    pub key: &'static str,
    /// What people call it.
    pub name: Words,
    /// Records in these states count; in every state where the list is empty.
    pub states: &'static [&'static str],
    /// A field and the word that it has to say for a record to count.
    pub saying: Option<(&'static str, &'static str)>,
    /// What of each is counted.
    pub what: Counted,
}

/// What a measure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// The records.
    Records,
    /// The records, those in which a field says the same counted once; one in which it says nothing counts by itself.
    Once(&'static str),
    /// Different villages whose records they are.
    Villages,
    /// Lines, 人次 (DOMAIN section 6, rule 14).
    PersonTimes,
    /// Different people or households on lines, 人数.
    Persons,
    /// The sum of a field that holds a number or money.
    Sum(&'static str),
}

impl Kind {
    /// Returns the kind of this name; records of a later version's kinds are kept and shown as such.
    pub fn of(key: &str) -> Option<&'static Kind> {
        KINDS.iter().copied().find(|kind| kind.key == key)
    }

    /// Returns the field of this name.
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// Returns the state of this name.
    pub fn state(&self, key: &str) -> Option<&'static State> {
        self.states.iter().find(|state| state.key == key)
    }

    /// Returns the step of this name.
    pub fn step(&self, key: &str) -> Option<&'static Step> {
        self.steps.iter().find(|step| step.key == key)
    }

    /// Returns the state in which a record begins.
    pub fn first(&self) -> Option<&'static State> {
        self.states.first()
    }

    /// Returns the steps that lead on from a state, in the order of the declaration.
    pub fn from(&self, state: &str) -> impl Iterator<Item = &'static Step> {
        self.steps.iter().filter(move |step| step.from.contains(&state))
    }
}

#[cfg(test)]
mod tests;
