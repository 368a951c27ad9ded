//! The keypad on the screen: one thumb, one subject at a time, the next by itself.
//!
//! What a tap does is decided in [`crate::state::keypad`]; here it is only drawn and passed on.

mod jump;
mod levels;
mod subject;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use self::jump::Jump;
use self::levels::Levels;
use self::subject::{Last, Subject};
use super::button::{Button, IconButton};
use super::dialog::Dialog;
use super::icon::Sign;
use super::progress::Progress;
use crate::state::keypad::{Aim, Key, Keypad};

/// Whom the marks are for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeypadSubject {
    /// The name.
    pub name: String,
    /// What tells people of one name apart: group, household.
    pub line: String,
}

/// Every word on the keypad.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeypadWords {
    /// The keypad as a whole, for screen readers.
    pub keypad: String,
    /// Before the name of the subject marked last.
    pub last: String,
    /// What is counted by the progress bar.
    pub progress: String,
    /// Go through the aspects one by one.
    pub each: String,
    /// Type an exact mark.
    pub exact: String,
    /// Give no marks.
    pub abstain: String,
    /// Take the last marking back.
    pub undo: String,
    /// The subject before.
    pub previous: String,
    /// The subject after.
    pub next: String,
    /// Show all subjects.
    pub jump: String,
    /// Close the list of all subjects.
    pub close: String,
    /// Take the last figure back.
    pub erase: String,
    /// Take the figures as the mark.
    pub enter: String,
    /// A subject without marks.
    pub open: String,
    /// A subject with some marks.
    pub partial: String,
    /// A subject with all marks.
    pub complete: String,
    /// A subject that gets no marks.
    pub abstained: String,
}

/// The keypad over one ballot.
///
/// On a wide screen the list of all subjects stands beside it; figures, arrows, Backspace, Enter and Escape work.
#[component]
pub fn KeypadBoard(
    /// The ballot.
    #[prop(into)]
    keypad: Signal<Keypad>,
    /// Hears each tap; the caller presses it into the ballot.
    #[prop(into)]
    on_key: Callback<Key>,
    /// Whom the marks are for, in the order of the ballot.
    #[prop(into)]
    subjects: Signal<Vec<KeypadSubject>>,
    /// The names of the aspects.
    #[prop(into)]
    aspects: Signal<Vec<String>>,
    /// The words of the levels.
    #[prop(into)]
    levels: Signal<Vec<String>>,
    /// Every other word.
    #[prop(into)]
    words: Signal<KeypadWords>,
    /// Why the last tap changed nothing, in words; nothing when empty.
    #[prop(optional, into)]
    refusal: Signal<String>,
) -> impl IntoView {
    let (jumping, set_jumping) = signal(false);
    let word = move |pick: fn(&KeypadWords) -> &String| Signal::derive(move || words.with(|words| pick(words).clone()));
    let jump_to = Callback::new(move |subject| {
        set_jumping.set(false);
        on_key.run(Key::Go(subject));
    });
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if jumping.get_untracked() || belongs_elsewhere(&event) {
            return;
        }
        if let Some(key) = keypad.with_untracked(|keypad| keypad.key_named(&event.key())) {
            event.prevent_default();
            on_key.run(key);
        }
    });
    on_cleanup(move || keys.remove());
    let walking = Signal::derive(move || matches!(keypad.with(Keypad::aim), Aim::Walk { .. }));
    let typing = Signal::derive(move || keypad.with(|keypad| keypad.typed().is_some()));
    view! {
        <div class="keypad-desk">
            <section class="keypad" aria-label=word(|words| &words.keypad)>
                <div class="keypad-top">
                    <Progress
                        label=word(|words| &words.progress)
                        done=Signal::derive(move || keypad.with(Keypad::done))
                        total=Signal::derive(move || keypad.with(Keypad::subjects))
                    />
                    <span class="keypad-ask-jump">
                        <IconButton
                            label=word(|words| &words.jump)
                            sign=Sign::Grid
                            on_press=move |()| set_jumping.set(true)
                        />
                    </span>
                </div>
                <Last keypad subjects aspects words on_key />
                <Subject keypad subjects aspects on_key />
                <Levels keypad aspects levels words refusal on_key />
                <div class="keypad-more">
                    <Button
                        label=word(|words| &words.each)
                        pressed=walking
                        on_press=move |()| {
                            on_key.run(Key::Each);
                        }
                    />
                    <Button
                        label=word(|words| &words.exact)
                        pressed=typing
                        on_press=move |()| {
                            on_key.run(Key::Exact);
                        }
                    />
                    <Button
                        label=word(|words| &words.abstain)
                        on_press=move |()| {
                            on_key.run(Key::Abstain);
                        }
                    />
                    <Button
                        label=word(|words| &words.undo)
                        disabled=Signal::derive(move || !keypad.with(Keypad::can_undo))
                        on_press=move |()| {
                            on_key.run(Key::Undo);
                        }
                    />
                </div>
            </section>
            <div class="keypad-beside">
                <Jump keypad subjects words on_jump=jump_to />
            </div>
        </div>
        <Dialog
            open=jumping
            title=word(|words| &words.jump)
            close_label=word(|words| &words.close)
            on_close=move |()| set_jumping.set(false)
        >
            <Jump keypad subjects words on_jump=jump_to />
        </Dialog>
    }
}

/// Whether a key is meant for what has the focus: a field, or a control that Enter presses.
fn belongs_elsewhere(event: &KeyboardEvent) -> bool {
    use leptos::wasm_bindgen::JsCast;
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return true;
    }
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let name = target.map(|target| target.tag_name()).unwrap_or_default();
    match name.as_str() {
        "INPUT" | "TEXTAREA" | "SELECT" => true,
        "BUTTON" | "A" | "SUMMARY" => event.key() == "Enter",
        _ => false,
    }
}
