//! The big levels, or the figures of an exact mark in their place.

use leptos::prelude::*;

use super::KeypadWords;
use crate::state::keypad::{Aim, Key, Keypad};
use crate::ui::number_pad::NumberPad;

/// The levels under the thumb; while an exact mark is typed, the figures.
#[component]
pub(super) fn Levels(
    keypad: Signal<Keypad>,
    aspects: Signal<Vec<String>>,
    levels: Signal<Vec<String>>,
    words: Signal<KeypadWords>,
    refusal: Signal<String>,
    on_key: Callback<Key>,
) -> impl IntoView {
    let typing = Memo::new(move |_| keypad.with(|keypad| keypad.typed().is_some()));
    let level = move |(place, word): (usize, String)| {
        let mark = keypad.with_untracked(|keypad| keypad.levels().get(place).copied().unwrap_or_default());
        view! {
            <button
                type="button"
                class="keypad-level"
                on:click=move |_| {
                    on_key.run(Key::Level(place));
                }
            >
                <span class="keypad-level-mark">{mark}</span>
                <span>{word}</span>
            </button>
        }
    };
    let label = move || {
        let aspect = keypad.with(|keypad| match keypad.aim() {
            Aim::Whole => 0,
            Aim::Walk { aspect } | Aim::Pick { aspect, .. } => aspect,
        });
        let max = keypad.with(|keypad| keypad.aspects().get(aspect).copied().unwrap_or_default());
        let name = aspects.with(|aspects| aspects.get(aspect).cloned().unwrap_or_default());
        format!("{name} 0–{max}")
    };
    let shown =
        move || keypad.with(|keypad| keypad.typed().flatten().map(|typed| typed.to_string()).unwrap_or_default());
    let pad = move || {
        view! {
            <NumberPad
                label=Signal::derive(label)
                shown=Signal::derive(shown)
                error=refusal
                erase_label=Signal::derive(move || words.with(|words| words.erase.clone()))
                enter_label=Signal::derive(move || words.with(|words| words.enter.clone()))
                on_digit=move |figure| {
                    on_key.run(Key::Digit(figure));
                }
                on_erase=move |()| {
                    on_key.run(Key::Erase);
                }
                on_enter=move |()| {
                    on_key.run(Key::Enter);
                }
            />
        }
    };
    move || {
        if typing.get() {
            pad().into_any()
        } else {
            view! {
                <div class="keypad-levels">
                    {move || levels.get().into_iter().enumerate().map(level).collect_view()}
                </div>
            }
            .into_any()
        }
    }
}
