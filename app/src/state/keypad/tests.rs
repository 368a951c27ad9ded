//! What the keypad promises: few taps, no mark above the highest, everything can be undone.

use super::*;

const LEVELS: [u32; 4] = [20, 16, 12, 8];

struct Thumb {
    keypad: Keypad,
    taps: usize,
}

impl Thumb {
    fn on(subjects: usize) -> Self {
        Self { keypad: Keypad::new(subjects, vec![20; 5], LEVELS.to_vec()), taps: 0 }
    }

    fn tap(&mut self, key: Key) -> Answer {
        self.taps += 1;
        self.keypad.press(key)
    }
}

fn line(keypad: &Keypad, subject: usize) -> String {
    let marks: Vec<String> =
        keypad.marks_of(subject).iter().map(|mark| mark.map_or("-".to_owned(), |mark| mark.to_string())).collect();
    format!("{} {:?}", marks.join(" "), keypad.standing(subject))
}

#[test]
fn one_tap_gives_all_aspects_one_level_and_the_next_subject() {
    let mut thumb = Thumb::on(3);
    assert_eq!(thumb.tap(Key::Level(1)), Answer::Marked);
    assert_eq!(line(&thumb.keypad, 0), "16 16 16 16 16 Complete");
    assert_eq!((thumb.keypad.at(), thumb.taps), (1, 1));
}

#[test]
fn five_different_marks_cost_at_most_seven_taps() {
    let mut thumb = Thumb::on(2);
    thumb.tap(Key::Each);
    for level in [0, 1, 2, 3, 1] {
        thumb.tap(Key::Level(level));
    }
    assert_eq!(line(&thumb.keypad, 0), "20 16 12 8 16 Complete");
    assert_eq!(thumb.keypad.at(), 1, "the next subject comes by itself");
    assert!(thumb.taps <= 7, "{} taps", thumb.taps);
}

#[test]
fn forty_subjects_with_ten_exceptions_cost_at_most_seventy_taps_adjusted_after() {
    let mut thumb = Thumb::on(40);
    for subject in 0..40 {
        thumb.tap(Key::Level(0));
        if subject % 4 == 2 {
            thumb.tap(Key::Aspect { subject, aspect: 3 });
            thumb.tap(Key::Level(3));
        }
    }
    assert_exceptions(&thumb);
}

#[test]
fn forty_subjects_with_ten_exceptions_cost_at_most_seventy_taps_set_before() {
    let mut thumb = Thumb::on(40);
    for subject in 0..40 {
        if subject % 4 == 2 {
            thumb.tap(Key::Aspect { subject, aspect: 3 });
            thumb.tap(Key::Level(3));
        }
        thumb.tap(Key::Level(0));
    }
    assert_exceptions(&thumb);
}

fn assert_exceptions(thumb: &Thumb) {
    for subject in 0..40 {
        let expected = if subject % 4 == 2 { "20 20 20 8 20 Complete" } else { "20 20 20 20 20 Complete" };
        assert_eq!(line(&thumb.keypad, subject), expected, "subject {subject}");
    }
    assert!(thumb.keypad.finished());
    assert!(thumb.taps <= 70, "{} taps", thumb.taps);
}

#[test]
fn an_exception_of_the_last_subject_leaves_the_next_one_under_the_thumb() {
    let mut thumb = Thumb::on(3);
    thumb.tap(Key::Level(0));
    assert_eq!(thumb.keypad.last(), Some(0));
    thumb.tap(Key::Aspect { subject: 0, aspect: 1 });
    thumb.tap(Key::Level(2));
    assert_eq!(line(&thumb.keypad, 0), "20 12 20 20 20 Complete");
    assert_eq!((thumb.keypad.at(), thumb.keypad.aim()), (1, Aim::Whole));
}

#[test]
fn a_level_overwrites_a_complete_subject_and_returns_to_where_work_was_left() {
    let mut thumb = Thumb::on(5);
    for _ in 0..3 {
        thumb.tap(Key::Level(0));
    }
    thumb.tap(Key::Go(1));
    thumb.tap(Key::Level(3));
    assert_eq!(line(&thumb.keypad, 1), "8 8 8 8 8 Complete");
    assert_eq!(thumb.keypad.at(), 3);
}

#[test]
fn exact_marks_are_typed_and_stand_as_soon_as_no_figure_can_follow() {
    let mut thumb = Thumb::on(2);
    thumb.tap(Key::Exact);
    for figure in [1, 7, 9] {
        thumb.tap(Key::Digit(figure));
    }
    thumb.tap(Key::Digit(1));
    assert_eq!(thumb.keypad.typed(), Some(Some(1)));
    thumb.tap(Key::Enter);
    thumb.tap(Key::Digit(0));
    thumb.tap(Key::Digit(2));
    thumb.tap(Key::Digit(0));
    assert_eq!(line(&thumb.keypad, 0), "17 9 1 0 20 Complete");
    assert_eq!((thumb.keypad.at(), thumb.keypad.typed()), (1, None));
}

#[test]
fn a_figure_that_makes_a_mark_above_the_highest_is_refused() {
    let mut keypad = Keypad::new(1, vec![20, 5], vec![20]);
    assert_eq!(keypad.press(Key::Digit(2)), Answer::Moved);
    assert_eq!(keypad.press(Key::Digit(1)), Answer::Refused(Refused::AboveMax(20)));
    assert_eq!(keypad.typed(), Some(Some(2)));
    assert_eq!(keypad.press(Key::Erase), Answer::Moved);
    assert_eq!(keypad.press(Key::Enter), Answer::Refused(Refused::NothingTyped));
    keypad.press(Key::Aspect { subject: 0, aspect: 1 });
    assert_eq!(keypad.press(Key::Digit(6)), Answer::Refused(Refused::AboveMax(5)));
}

#[test]
fn abstained_and_incomplete_subjects_are_known() {
    let mut thumb = Thumb::on(4);
    thumb.tap(Key::Abstain);
    thumb.tap(Key::Level(0));
    thumb.tap(Key::Aspect { subject: 2, aspect: 0 });
    thumb.tap(Key::Level(0));
    assert_eq!(line(&thumb.keypad, 0), "- - - - - Abstained");
    assert_eq!(line(&thumb.keypad, 2), "20 - - - - Partial");
    assert_eq!(thumb.keypad.missing(), [2, 3]);
    assert_eq!((thumb.keypad.done(), thumb.keypad.finished()), (2, false));
    thumb.tap(Key::Go(0));
    thumb.tap(Key::Level(1));
    assert_eq!(line(&thumb.keypad, 0), "16 16 16 16 16 Complete");
}

#[test]
fn places_that_do_not_exist_are_refused() {
    let mut keypad = Keypad::new(1, vec![20], vec![20]);
    for key in [
        Key::Level(1),
        Key::Aspect { subject: 1, aspect: 0 },
        Key::Aspect { subject: 0, aspect: 1 },
        Key::Digit(10),
        Key::Next,
        Key::Previous,
        Key::Go(1),
    ] {
        assert_eq!(keypad.press(key), Answer::Refused(Refused::NoSuchPlace), "{key:?}");
    }
    assert_eq!(keypad.press(Key::Undo), Answer::Refused(Refused::NothingToUndo));
    assert_eq!(Keypad::new(0, vec![20], vec![20]).press(Key::Level(0)), Answer::Refused(Refused::NoSuchPlace));
}

#[test]
fn marks_given_earlier_come_back_for_correction() {
    let given = [Some(vec![Some(20); 5]), None, Some(vec![Some(21), Some(3)])];
    let keypad = Keypad::new(4, vec![20; 5], LEVELS.to_vec()).with_marks(&given);
    assert_eq!(line(&keypad, 0), "20 20 20 20 20 Complete");
    assert_eq!(line(&keypad, 1), "- - - - - Abstained");
    assert_eq!(line(&keypad, 2), "- 3 - - - Partial");
    assert_eq!(keypad.at(), 2);
}

/// Presses keys drawn from a fixed stream: no mark ever exceeds its highest, and undoing every marking in turn shows
/// exactly the marks that stood before it.
#[test]
fn any_taps_stay_below_the_highest_and_can_be_undone_exactly() {
    for seed in 1..=200_u64 {
        let mut stream = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut draw = |below: usize| {
            stream ^= stream << 13;
            stream ^= stream >> 7;
            stream ^= stream << 17;
            usize::try_from(stream % below as u64).unwrap()
        };
        let aspects = vec![20, 10, 5, 100, 0];
        let mut keypad = Keypad::new(6, aspects.clone(), LEVELS.to_vec());
        let mut stood = Vec::new();
        for _ in 0..300 {
            let key = match draw(12) {
                0..=2 => Key::Level(draw(5)),
                3 => Key::Aspect { subject: draw(7), aspect: draw(6) },
                4 => Key::Each,
                5 => Key::Exact,
                6..=7 => Key::Digit(u8::try_from(draw(10)).unwrap()),
                8 => Key::Erase,
                9 => Key::Enter,
                10 => Key::Abstain,
                _ => [Key::Next, Key::Previous, Key::Go(draw(7))][draw(3)],
            };
            let before = (keypad.rows.clone(), keypad.at);
            match keypad.press(key) {
                Answer::Marked => stood.push(before),
                Answer::Moved => assert_eq!(before.0, keypad.rows, "seed {seed}: {key:?} moved and marked"),
                Answer::Refused(_) => assert_eq!(before.0, keypad.rows, "seed {seed}: {key:?} refused and marked"),
            }
            for marks in keypad.marks() {
                assert!(
                    marks.iter().zip(&aspects).all(|(mark, max)| mark.unwrap_or(0) <= *max),
                    "seed {seed}: {key:?}"
                );
            }
        }
        while let Some(before) = stood.pop() {
            assert_eq!(keypad.press(Key::Undo), Answer::Marked, "seed {seed}");
            assert_eq!((keypad.rows.clone(), keypad.at), before, "seed {seed}");
        }
        assert_eq!(keypad.press(Key::Undo), Answer::Refused(Refused::NothingToUndo), "seed {seed}");
    }
}

#[test]
fn keys_of_a_keyboard_stand_for_taps() {
    let mut keypad = Keypad::new(2, vec![20; 5], LEVELS.to_vec());
    let named = |keypad: &Keypad, names: &[&str]| names.iter().map(|name| keypad.key_named(name)).collect::<Vec<_>>();
    assert_eq!(
        named(&keypad, &["1", "4", "5", "0", "ArrowRight", "Backspace", "Enter", "x", "10"]),
        [
            Some(Key::Level(0)),
            Some(Key::Level(3)),
            None,
            Some(Key::Abstain),
            Some(Key::Next),
            Some(Key::Undo),
            Some(Key::Next),
            None,
            None
        ]
    );
    assert_eq!(
        named(&keypad, &["ArrowDown", "ArrowUp"]),
        [Some(Key::Aspect { subject: 0, aspect: 0 }), Some(Key::Aspect { subject: 0, aspect: 4 })]
    );
    keypad.press(Key::Exact);
    keypad.press(Key::Digit(1));
    assert_eq!(named(&keypad, &["5", "Backspace", "Enter"]), [Some(Key::Digit(5)), Some(Key::Erase), Some(Key::Enter)]);
}
