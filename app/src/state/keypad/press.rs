//! What each tap does to the ballot under the thumb.

use super::{Aim, Answer, Before, Key, Keypad, Refused, Row, Standing, UNDO_LIMIT};

impl Keypad {
    /// Does what a tap asks for.
    pub fn press(&mut self, key: Key) -> Answer {
        match key {
            Key::Level(level) => match self.levels.get(level).copied() {
                Some(mark) => self.mark(mark),
                None => Answer::Refused(Refused::NoSuchPlace),
            },
            Key::Aspect { subject, aspect } => self.pick(subject, aspect),
            Key::Each => self.walk(),
            Key::Exact => self.exact(),
            Key::Digit(figure) => self.digit(u32::from(figure)),
            Key::Erase => self.erase(),
            Key::Enter => match self.typed {
                Some(Some(mark)) => self.mark(mark),
                _ => Answer::Refused(Refused::NothingTyped),
            },
            Key::Abstain => self.abstain(),
            Key::Undo => self.undo(),
            Key::Next => self.go(self.at + 1),
            Key::Previous => self.go(self.at.wrapping_sub(1)),
            Key::Go(subject) => self.go(subject),
        }
    }

    fn mark(&mut self, mark: u32) -> Answer {
        if self.rows.is_empty() || self.aspects.is_empty() {
            return Answer::Refused(Refused::NoSuchPlace);
        }
        match self.aim {
            Aim::Whole => {
                let mut marks = self.marks_of(self.at);
                let all = self.standing(self.at) != Standing::Partial;
                for (held, max) in marks.iter_mut().zip(&self.aspects) {
                    if all || held.is_none() {
                        *held = Some(mark.min(*max));
                    }
                }
                self.keep(self.at, Row::Marks(marks));
                self.advance();
            }
            Aim::Walk { aspect } => {
                self.set_one(self.at, aspect, mark);
                if aspect + 1 < self.aspects.len() {
                    self.aim = Aim::Walk { aspect: aspect + 1 };
                    self.typed = self.typed.map(|_| None);
                } else {
                    self.advance();
                }
            }
            Aim::Pick { subject, aspect } => {
                self.set_one(subject, aspect, mark);
                if subject == self.at && self.standing(subject) == Standing::Complete && self.was_partial(subject) {
                    self.advance();
                } else {
                    self.aim = Aim::Whole;
                    self.typed = None;
                }
            }
        }
        Answer::Marked
    }

    fn pick(&mut self, subject: usize, aspect: usize) -> Answer {
        if subject >= self.rows.len() || aspect >= self.aspects.len() {
            return Answer::Refused(Refused::NoSuchPlace);
        }
        let picked = Aim::Pick { subject, aspect };
        // A second tap on the same aspect lets it go.
        self.aim = if self.aim == picked { Aim::Whole } else { picked };
        self.typed = if self.aim == Aim::Whole { None } else { self.typed.map(|_| None) };
        Answer::Moved
    }

    fn walk(&mut self) -> Answer {
        self.aim = match self.aim {
            Aim::Walk { .. } => Aim::Whole,
            Aim::Whole | Aim::Pick { .. } => Aim::Walk { aspect: 0 },
        };
        self.typed = None;
        Answer::Moved
    }

    fn exact(&mut self) -> Answer {
        self.typed = match self.typed {
            Some(_) => None,
            None => Some(None),
        };
        if self.typed.is_some() && self.aim == Aim::Whole {
            self.aim = Aim::Walk { aspect: 0 };
        }
        Answer::Moved
    }

    fn digit(&mut self, figure: u32) -> Answer {
        if figure > 9 {
            return Answer::Refused(Refused::NoSuchPlace);
        }
        if self.typed.is_none() {
            self.exact();
        }
        let max = self.max_aimed();
        let typed = self.typed.flatten().map_or(figure, |typed| typed.saturating_mul(10).saturating_add(figure));
        if typed > max {
            return Answer::Refused(Refused::AboveMax(max));
        }
        self.typed = Some(Some(typed));
        // Where no further figure can follow, the mark stands without another tap.
        if typed == 0 || typed.saturating_mul(10) > max { self.mark(typed) } else { Answer::Moved }
    }

    fn erase(&mut self) -> Answer {
        match self.typed {
            Some(Some(typed)) => {
                self.typed = Some((typed >= 10).then_some(typed / 10));
                Answer::Moved
            }
            _ => Answer::Refused(Refused::NothingTyped),
        }
    }

    fn abstain(&mut self) -> Answer {
        if self.rows.is_empty() {
            return Answer::Refused(Refused::NoSuchPlace);
        }
        self.keep(self.at, Row::Abstained);
        self.advance();
        Answer::Marked
    }

    fn undo(&mut self) -> Answer {
        let Some(before) = self.past.pop_back() else { return Answer::Refused(Refused::NothingToUndo) };
        if let Some(row) = self.rows.get_mut(before.subject) {
            *row = before.row;
        }
        (self.at, self.aim, self.typed) = (before.at, before.aim, before.typed);
        Answer::Marked
    }

    fn go(&mut self, subject: usize) -> Answer {
        if subject >= self.rows.len() {
            return Answer::Refused(Refused::NoSuchPlace);
        }
        (self.at, self.aim, self.typed) = (subject, Aim::Whole, None);
        Answer::Moved
    }

    /// Goes to the next subject without marks, past the end to the first; stays where all have theirs.
    fn advance(&mut self) {
        self.aim = Aim::Whole;
        self.typed = None;
        self.at = self.open_after(self.at).unwrap_or(self.at);
    }

    fn max_aimed(&self) -> u32 {
        let aspect = match self.aim {
            Aim::Whole => 0,
            Aim::Walk { aspect } | Aim::Pick { aspect, .. } => aspect,
        };
        self.aspects.get(aspect).copied().unwrap_or(0)
    }

    fn set_one(&mut self, subject: usize, aspect: usize, mark: u32) {
        let mut marks = self.marks_of(subject);
        if let (Some(held), Some(max)) = (marks.get_mut(aspect), self.aspects.get(aspect)) {
            *held = Some(mark.min(*max));
        }
        self.keep(subject, Row::Marks(marks));
    }

    fn was_partial(&self, subject: usize) -> bool {
        let all = |row: &Row| matches!(row, Row::Marks(marks) if marks.iter().all(Option::is_some));
        self.past.back().is_some_and(|before| before.subject == subject && !all(&before.row))
    }

    fn keep(&mut self, subject: usize, row: Row) {
        let Some(held) = self.rows.get_mut(subject) else { return };
        let row = std::mem::replace(held, row);
        if self.past.len() == UNDO_LIMIT {
            self.past.pop_front();
        }
        self.past.push_back(Before { subject, row, at: self.at, aim: self.aim, typed: self.typed });
    }
}
