//! All subjects at a glance, each with its standing; a tap goes there.

use leptos::prelude::*;

use super::{KeypadSubject, KeypadWords};
use crate::state::keypad::{Keypad, Standing};
use crate::ui::icon::{Icon, Sign};

/// The subjects as a grid; a dashed place is open, a tick is complete, a crossed circle abstained.
#[component]
pub(super) fn Jump(
    keypad: Signal<Keypad>,
    subjects: Signal<Vec<KeypadSubject>>,
    words: Signal<KeypadWords>,
    on_jump: Callback<usize>,
) -> impl IntoView {
    let place = move |(subject, who): (usize, KeypadSubject)| {
        let standing = Memo::new(move |_| keypad.with(|keypad| keypad.standing(subject)));
        let here = Memo::new(move |_| keypad.with(|keypad| keypad.at() == subject));
        let word = move || {
            words.with(|words| match standing.get() {
                Standing::Open => words.open.clone(),
                Standing::Partial => words.partial.clone(),
                Standing::Complete => words.complete.clone(),
                Standing::Abstained => words.abstained.clone(),
            })
        };
        let sign = move || match standing.get() {
            Standing::Open => None,
            Standing::Partial => Some(Sign::Pencil),
            Standing::Complete => Some(Sign::Check),
            Standing::Abstained => Some(Sign::Cross),
        };
        view! {
            <li>
                <button
                    type="button"
                    class="keypad-place"
                    data-standing=move || name_of(standing.get())
                    aria-current=move || here.get().then_some("true")
                    on:click=move |_| on_jump.run(subject)
                >
                    <span class="keypad-place-number">{subject + 1}</span>
                    <span class="keypad-place-name">{who.name}</span>
                    <span class="unseen">{word}</span>
                    {move || sign().map(|sign| view! { <Icon sign /> })}
                </button>
            </li>
        }
    };
    view! {
        <ol class="keypad-jump" role="list">
            {move || subjects.get().into_iter().enumerate().map(place).collect_view()}
        </ol>
    }
}

fn name_of(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "open",
        Standing::Partial => "partial",
        Standing::Complete => "complete",
        Standing::Abstained => "abstained",
    }
}
