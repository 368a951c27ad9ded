//! Who is under the thumb, who was before, and their marks aspect by aspect.

use leptos::prelude::*;

use super::{KeypadSubject, KeypadWords};
use crate::state::keypad::{Aim, Key, Keypad, Standing};

/// The subject under the thumb: name, line, and a chip per aspect that takes the next level alone.
#[component]
pub(super) fn Subject(
    keypad: Signal<Keypad>,
    subjects: Signal<Vec<KeypadSubject>>,
    aspects: Signal<Vec<String>>,
    on_key: Callback<Key>,
) -> impl IntoView {
    let at = Memo::new(move |_| keypad.with(Keypad::at));
    let who = Memo::new(move |_| subjects.with(|subjects| subjects.get(at.get()).cloned()).unwrap_or_default());
    let chip = move |(aspect, name): (usize, String)| {
        let mark = move || keypad.with(|keypad| keypad.marks_of(keypad.at()).get(aspect).copied().flatten());
        let aimed = move || keypad.with(|keypad| is_aimed(keypad, keypad.at(), aspect));
        view! {
            <li>
                <button
                    type="button"
                    class="keypad-aspect"
                    data-empty=move || mark().is_none().then_some("")
                    aria-pressed=move || if aimed() { "true" } else { "false" }
                    on:click=move |_| {
                        on_key.run(Key::Aspect { subject: at.get_untracked(), aspect });
                    }
                >
                    <span class="keypad-aspect-name">{name}</span>
                    <span class="keypad-aspect-mark">
                        {move || mark().map_or("–".to_owned(), |mark| mark.to_string())}
                    </span>
                </button>
            </li>
        }
    };
    view! {
        <div class="keypad-subject" aria-live="polite" aria-atomic="true">
            <p class="keypad-name">
                <span class="keypad-index figure">{move || at.get() + 1}</span>
                {move || who.get().name}
            </p>
            <p class="keypad-line">{move || who.get().line}</p>
        </div>
        <ul class="keypad-aspects" role="list">
            {move || aspects.get().into_iter().enumerate().map(chip).collect_view()}
        </ul>
    }
}

/// The subject marked last, its marks still within reach for an exception.
#[component]
pub(super) fn Last(
    keypad: Signal<Keypad>,
    subjects: Signal<Vec<KeypadSubject>>,
    aspects: Signal<Vec<String>>,
    words: Signal<KeypadWords>,
    on_key: Callback<Key>,
) -> impl IntoView {
    let last = Memo::new(move |_| keypad.with(Keypad::last));
    let strip = move |subject: usize| {
        let name = move || subjects.with(|subjects| subjects.get(subject).map(|who| who.name.clone()));
        let abstained = move || keypad.with(|keypad| keypad.standing(subject)) == Standing::Abstained;
        let chip = move |(aspect, label): (usize, String)| {
            let mark = move || keypad.with(|keypad| keypad.marks_of(subject).get(aspect).copied().flatten());
            let shown = move || mark().map_or("–".to_owned(), |mark| mark.to_string());
            let aimed = move || keypad.with(|keypad| is_aimed(keypad, subject, aspect));
            view! {
                <button
                    type="button"
                    class="keypad-last-mark"
                    title=label.clone()
                    aria-label=move || format!("{} {label} {}", name().unwrap_or_default(), shown())
                    aria-pressed=move || if aimed() { "true" } else { "false" }
                    on:click=move |_| {
                        on_key.run(Key::Aspect { subject, aspect });
                    }
                >
                    {shown}
                </button>
            }
        };
        view! {
            <span class="keypad-last-words">
                {move || words.with(|words| words.last.clone())} " " <strong>{name}</strong> " "
                {move || abstained().then(|| words.with(|words| words.abstained.clone()))}
            </span>
            <span class="keypad-last-marks" hidden=abstained>
                {move || aspects.get().into_iter().enumerate().map(chip).collect_view()}
            </span>
        }
    };
    view! { <div class="keypad-last">{move || last.get().map(strip)}</div> }
}

fn is_aimed(keypad: &Keypad, subject: usize, aspect: usize) -> bool {
    match keypad.aim() {
        Aim::Whole => false,
        Aim::Walk { aspect: aimed } => subject == keypad.at() && aimed == aspect,
        Aim::Pick { subject: whose, aspect: aimed } => (whose, aimed) == (subject, aspect),
    }
}
