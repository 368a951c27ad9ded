//! One of very many, found by typing: a search field, a few suggestions under it, and what was chosen.

use leptos::prelude::*;

use super::button::{Button, ButtonKind};
use super::field::{Field, FieldKind};
use super::list_row::{List, ListRow};

/// A suggestion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestion {
    /// Its name.
    pub label: String,
    /// What tells it from others; none when empty.
    pub note: String,
}

/// A picker; while something is chosen it shows that and a button to choose another.
#[component]
pub fn Picker(
    /// The words above it.
    #[prop(into)]
    label: Signal<String>,
    /// What is chosen, in words; nothing when empty.
    #[prop(into)]
    chosen: Signal<String>,
    /// What is typed.
    #[prop(into)]
    search: Signal<String>,
    /// Hears what is typed.
    #[prop(into)]
    on_search: Callback<String>,
    /// What the search finds.
    #[prop(into)]
    suggestions: Signal<Vec<Suggestion>>,
    /// Hears the place of the suggestion that was taken.
    #[prop(into)]
    on_choose: Callback<usize>,
    /// Called to choose another.
    #[prop(into)]
    on_clear: Callback<()>,
    /// The words of the button for that.
    #[prop(into)]
    clear_label: Signal<String>,
    /// Said where a search finds nothing.
    #[prop(into)]
    nothing: Signal<String>,
    /// A line that helps; none when empty.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong, in words; nothing when empty.
    #[prop(optional, into)]
    error: Signal<String>,
) -> impl IntoView {
    let is_chosen = Memo::new(move |_| !chosen.with(String::is_empty));
    let found = move || {
        let (typed, suggestions) = (search.get(), suggestions.get());
        if typed.trim().is_empty() {
            return ().into_any();
        }
        if suggestions.is_empty() {
            return view! { <p class="soft" role="status">{nothing}</p> }.into_any();
        }
        let row = |(place, suggestion): (usize, Suggestion)| {
            let choose = Callback::new(move |()| on_choose.run(place));
            view! { <ListRow title=suggestion.label subtitle=suggestion.note on_press=choose /> }
        };
        let rows = suggestions.into_iter().enumerate().map(row).collect_view();
        view! { <List label>{rows}</List> }.into_any()
    };
    view! {
        <div class="picker">
            {move || match is_chosen.get() {
                true => view! {
                    <p class="picker-label">{label}</p>
                    <div class="picker-chosen">
                        <span>{chosen}</span>
                        <Button label=clear_label on_press=on_clear kind=ButtonKind::Quiet />
                    </div>
                    <p class="picker-error" role="status" hidden=move || error.with(String::is_empty)>
                        {error}
                    </p>
                }
                .into_any(),
                false => view! {
                    <Field label value=search on_input=on_search kind=FieldKind::Text hint error />
                    {found}
                }
                .into_any(),
            }}
        </div>
    }
}
