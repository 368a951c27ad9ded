//! Keys of a keyboard that stand for taps, for a scribe at a laptop.

use super::{Aim, Key, Keypad};

impl Keypad {
    /// The tap a key stands for, by the browser's name of the key; none where it stands for nothing.
    ///
    /// Figures 1 to 9 are levels, and figures while an exact mark is typed; 0 abstains. Left and right change the
    /// subject, up and down the aspect. Backspace takes back, Enter confirms or goes on, Escape lets an aspect go.
    pub fn key_named(&self, name: &str) -> Option<Key> {
        if let Some(figure) = single_figure(name) {
            return match (self.typed.is_some(), figure) {
                (true, figure) => Some(Key::Digit(figure)),
                (false, 0) => Some(Key::Abstain),
                (false, place) => {
                    let level = usize::from(place) - 1;
                    (level < self.levels.len()).then_some(Key::Level(level))
                }
            };
        }
        match name {
            "ArrowLeft" => Some(Key::Previous),
            "ArrowRight" => Some(Key::Next),
            "ArrowDown" => Some(self.aspect_beside(1)),
            "ArrowUp" => Some(self.aspect_beside(self.aspects.len().saturating_sub(1))),
            "Backspace" if matches!(self.typed, Some(Some(_))) => Some(Key::Erase),
            "Backspace" => Some(Key::Undo),
            "Enter" if matches!(self.typed, Some(Some(_))) => Some(Key::Enter),
            "Enter" => Some(Key::Next),
            "Escape" => Some(Key::Go(self.at)),
            "=" => Some(Key::Exact),
            _ => None,
        }
    }

    /// Picks the aspect `step` places after the one under the thumb, around the end.
    fn aspect_beside(&self, step: usize) -> Key {
        let count = self.aspects.len().max(1);
        let aspect = match self.aim {
            Aim::Whole if step == 1 => 0,
            Aim::Whole => count - 1,
            Aim::Walk { aspect } | Aim::Pick { aspect, .. } => (aspect + step) % count,
        };
        Key::Aspect { subject: self.at, aspect }
    }
}

fn single_figure(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [figure @ b'0'..=b'9'] => Some(figure - b'0'),
        _ => None,
    }
}
