//! The keypad as a machine: taps in, marks out, nothing of screens or browsers.
//!
//! A level gives a subject one mark on all aspects and the next subject comes by itself. An exception is one aspect
//! and its level, before or after. Nothing leaves the machine until the ballot is dropped, so everything until then
//! can be undone.

use std::collections::VecDeque;

mod keyboard;
mod press;
#[cfg(test)]
mod tests;

/// Steps that can be taken back; a ballot of sixty subjects with five exact marks each stays under it.
const UNDO_LIMIT: usize = 512;

/// What one subject has on this ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Row {
    /// A mark per aspect, or none yet.
    Marks(Vec<Option<u32>>),
    /// The rater gives this subject no marks.
    Abstained,
}

/// How far a subject is on this ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No mark yet.
    Open,
    /// Some aspects have a mark, some have none.
    Partial,
    /// Every aspect has a mark.
    Complete,
    /// No marks, on purpose.
    Abstained,
}

/// What a level or a typed figure goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// All aspects of the current subject; aspects set alone before stand.
    Whole,
    /// One aspect after the other of the current subject; this one is next.
    Walk {
        /// Its place among the aspects.
        aspect: usize,
    },
    /// One aspect of one subject, then all aspects again.
    Pick {
        /// Whose aspect; need not be the current subject.
        subject: usize,
        /// Its place among the aspects.
        aspect: usize,
    },
}

/// A tap, or the key of a keyboard that stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The level at this place.
    Level(usize),
    /// This aspect of this subject alone.
    Aspect {
        /// Whose aspect.
        subject: usize,
        /// Its place among the aspects.
        aspect: usize,
    },
    /// Go through the aspects of the current subject one by one.
    Each,
    /// Open or close the figures for an exact mark.
    Exact,
    /// A figure of an exact mark, 0 to 9.
    Digit(u8),
    /// Take the last typed figure back.
    Erase,
    /// Take what was typed as the mark.
    Enter,
    /// Give the current subject no marks.
    Abstain,
    /// Take the last marking back.
    Undo,
    /// The subject after this one.
    Next,
    /// The subject before this one.
    Previous,
    /// The subject at this place.
    Go(usize),
}

/// What a tap did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The marks changed.
    Marked,
    /// The marks did not change; what is under the thumb may have.
    Moved,
    /// Nothing changed.
    Refused(Refused),
}

/// Why a tap changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The figure would make a mark above this one (DOMAIN E15).
    AboveMax(u32),
    /// No subject, aspect, level or figure stands at this place.
    NoSuchPlace,
    /// No marking is left to take back.
    NothingToUndo,
    /// No figure was typed.
    NothingTyped,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Before {
    subject: usize,
    row: Row,
    at: usize,
    aim: Aim,
    typed: Option<Option<u32>>,
}

/// One ballot under the thumb.
///
/// ```
/// use app::state::keypad::{Key, Keypad};
///
/// let mut keypad = Keypad::new(2, vec![20; 5], vec![20, 16, 12, 8]);
/// keypad.press(Key::Level(0));
/// keypad.press(Key::Aspect { subject: 0, aspect: 4 });
/// keypad.press(Key::Level(2));
/// assert_eq!(keypad.marks()[0], [20, 20, 20, 20, 12].map(Some));
/// assert_eq!(keypad.at(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keypad {
    aspects: Vec<u32>,
    levels: Vec<u32>,
    rows: Vec<Row>,
    at: usize,
    aim: Aim,
    /// The figures so far while an exact mark is typed.
    typed: Option<Option<u32>>,
    past: VecDeque<Before>,
}

impl Keypad {
    /// An empty ballot: how many subjects, the highest mark of each aspect, the marks of the levels.
    pub fn new(subjects: usize, aspects: Vec<u32>, levels: Vec<u32>) -> Self {
        let rows = vec![Row::Marks(vec![None; aspects.len()]); subjects];
        Self { aspects, levels, rows, at: 0, aim: Aim::Whole, typed: None, past: VecDeque::new() }
    }

    /// The same ballot with marks given earlier, for correcting it: one entry per subject, `None` for an abstention.
    ///
    /// Marks above an aspect's highest, and aspects or subjects beyond the ballot, are left out.
    pub fn with_marks(mut self, marks: &[Option<Vec<Option<u32>>>]) -> Self {
        for (row, given) in self.rows.iter_mut().zip(marks) {
            *row = match given {
                None => Row::Abstained,
                Some(given) => Row::Marks(
                    self.aspects
                        .iter()
                        .enumerate()
                        .map(|(aspect, max)| given.get(aspect).copied().flatten().filter(|mark| mark <= max))
                        .collect(),
                ),
            };
        }
        self.at = self.open_after(self.rows.len()).unwrap_or(0);
        self
    }

    /// The marks of every subject, an entry per aspect; an abstention has none.
    pub fn marks(&self) -> Vec<Vec<Option<u32>>> {
        (0..self.rows.len()).map(|subject| self.marks_of(subject)).collect()
    }

    /// The marks of one subject, an entry per aspect.
    pub fn marks_of(&self, subject: usize) -> Vec<Option<u32>> {
        match self.rows.get(subject) {
            Some(Row::Marks(marks)) => marks.clone(),
            Some(Row::Abstained) | None => vec![None; self.aspects.len()],
        }
    }

    /// How far a subject is; a subject beyond the ballot is open.
    pub fn standing(&self, subject: usize) -> Standing {
        match self.rows.get(subject) {
            Some(Row::Abstained) => Standing::Abstained,
            Some(Row::Marks(marks)) if marks.iter().all(Option::is_some) => Standing::Complete,
            Some(Row::Marks(marks)) if marks.iter().any(Option::is_some) => Standing::Partial,
            Some(Row::Marks(_)) | None => Standing::Open,
        }
    }

    /// The subjects that are neither complete nor abstained, in order.
    pub fn missing(&self) -> Vec<usize> {
        (0..self.rows.len()).filter(|subject| !self.settled(*subject)).collect()
    }

    /// How many subjects are complete or abstained.
    pub fn done(&self) -> usize {
        (0..self.rows.len()).filter(|subject| self.settled(*subject)).count()
    }

    /// Whether every subject is complete or abstained.
    pub fn finished(&self) -> bool {
        self.done() == self.rows.len()
    }

    /// The place of the subject under the thumb.
    pub fn at(&self) -> usize {
        self.at
    }

    /// How many subjects the ballot has.
    pub fn subjects(&self) -> usize {
        self.rows.len()
    }

    /// The highest mark of each aspect.
    pub fn aspects(&self) -> &[u32] {
        &self.aspects
    }

    /// The marks of the levels.
    pub fn levels(&self) -> &[u32] {
        &self.levels
    }

    /// What the next level or figure goes to.
    pub fn aim(&self) -> Aim {
        self.aim
    }

    /// The figures typed so far, while an exact mark is typed.
    pub fn typed(&self) -> Option<Option<u32>> {
        self.typed
    }

    /// Whether a marking can be taken back.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// The subject marked last, while it is not the one under the thumb: the one an exception may belong to.
    pub fn last(&self) -> Option<usize> {
        self.past.back().map(|before| before.subject).filter(|subject| *subject != self.at)
    }

    /// The next subject that is not settled, past the end from the first.
    fn open_after(&self, subject: usize) -> Option<usize> {
        let missing = self.missing();
        missing.iter().copied().find(|open| *open > subject).or_else(|| missing.first().copied())
    }

    fn settled(&self, subject: usize) -> bool {
        matches!(self.standing(subject), Standing::Complete | Standing::Abstained)
    }
}
