//! One of a few, all in sight: radio buttons as segments.

use leptos::prelude::*;

use super::fresh_id;

/// One option of a [`Choice`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChoiceOption {
    /// The words on it.
    pub label: String,
    /// A line under them; none when empty.
    pub note: String,
    /// It cannot be chosen here.
    pub closed: bool,
}

impl ChoiceOption {
    /// An option of a few words.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }

    /// The same with a line under it.
    pub fn with_note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    /// The same, open to be chosen or not.
    pub fn closed(self, closed: bool) -> Self {
        Self { closed, ..self }
    }
}

/// A group of radio buttons; arrow keys move within it as the browser has it.
#[component]
pub fn Choice(
    /// What is chosen.
    #[prop(into)]
    label: Signal<String>,
    /// The options, in order.
    #[prop(into)]
    options: Signal<Vec<ChoiceOption>>,
    /// The place of the chosen one.
    #[prop(into)]
    selected: Signal<Option<usize>>,
    /// Hears the place of the one just chosen.
    #[prop(into)]
    on_choose: Callback<usize>,
    /// A line that helps; none when empty.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// One option per row, for options with notes.
    #[prop(optional)]
    rows: bool,
) -> impl IntoView {
    let name = fresh_id();
    let option = move |(place, option): (usize, ChoiceOption)| {
        let chosen = move || selected.get() == Some(place);
        let note = (!option.note.is_empty()).then(|| view! { <span class="choice-note">{option.note}</span> });
        view! {
            <label
                class="choice-option"
                data-chosen=move || chosen().then_some("")
                data-closed=option.closed.then_some("")
            >
                <input
                    type="radio"
                    name=name.clone()
                    value=place.to_string()
                    prop:checked=chosen
                    disabled=option.closed
                    on:change=move |_| on_choose.run(place)
                />
                <span class="choice-mark" aria-hidden="true"></span>
                <span>{option.label}{note}</span>
            </label>
        }
    };
    view! {
        <fieldset class="choice" data-rows=rows.then_some("")>
            <legend>{label}</legend>
            <div class="choice-hint" hidden=move || hint.with(String::is_empty)>
                {hint}
            </div>
            <div class="choice-options">{move || options.get().into_iter().enumerate().map(&option).collect_view()}</div>
        </fieldset>
    }
}
