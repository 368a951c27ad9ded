//! Fields: label above, hint under it, the error in words; what is typed goes up as a call.

use leptos::prelude::*;

use super::fresh_id;
use super::icon::{Icon, Sign};

/// What a field takes; it chooses the phone's keyboard, never the meaning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of words.
    #[default]
    Text,
    /// Whole figures, on the figure keyboard.
    Number,
    /// Figures with a point, on the figure keyboard that has one.
    Decimal,
    /// A day, as `YYYY-MM-DD`.
    Date,
    /// A local day and minute, as `YYYY-MM-DDTHH:MM`.
    Moment,
    /// Words to look for.
    Search,
    /// Several lines.
    Area,
}

/// A field.
///
/// `value` is what it shows and `on_input` hears every change as it is typed, so the caller owns the draft.
#[component]
pub fn Field(
    /// The words above it.
    #[prop(into)]
    label: Signal<String>,
    /// What it shows.
    #[prop(into)]
    value: Signal<String>,
    /// Hears the whole text after each change.
    #[prop(into)]
    on_input: Callback<String>,
    /// What it takes.
    #[prop(optional)]
    kind: FieldKind,
    /// A line that helps; none when empty.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong, in words; nothing when empty.
    #[prop(optional, into)]
    error: Signal<String>,
    /// It cannot be changed here.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let id = fresh_id();
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described = {
        let (hint_id, error_id) = (hint_id.clone(), error_id.clone());
        move || match (hint.with(String::is_empty), error.with(String::is_empty)) {
            (true, true) => None,
            (false, true) => Some(hint_id.clone()),
            (true, false) => Some(error_id.clone()),
            (false, false) => Some(format!("{error_id} {hint_id}")),
        }
    };
    let invalid = move || (!error.with(String::is_empty)).then_some("true");
    let is_search = kind == FieldKind::Search;
    let control = match kind {
        FieldKind::Area => view! {
            <textarea
                class="field-input"
                id=id.clone()
                rows="4"
                prop:value=value
                disabled=disabled
                aria-describedby=described
                aria-invalid=invalid
                on:input=move |event| on_input.run(event_target_value(&event))
            ></textarea>
        }
        .into_any(),
        _ => {
            let (kind, mode) = match kind {
                FieldKind::Number => ("text", Some("numeric")),
                FieldKind::Decimal => ("text", Some("decimal")),
                FieldKind::Date => ("date", None),
                FieldKind::Moment => ("datetime-local", None),
                FieldKind::Search => ("search", None),
                FieldKind::Text | FieldKind::Area => ("text", None),
            };
            view! {
                <input
                    class="field-input"
                    id=id.clone()
                    type=kind
                    inputmode=mode
                    autocomplete="off"
                    placeholder=move || is_search.then(|| label.get())
                    prop:value=value
                    disabled=disabled
                    aria-describedby=described
                    aria-invalid=invalid
                    on:input=move |event| on_input.run(event_target_value(&event))
                />
            }
            .into_any()
        }
    };
    view! {
        <div class="field" data-search=is_search.then_some("")>
            // What is looked for stands in the empty field itself, so that a list begins higher up.
            <label class=if is_search { "unseen" } else { "field-label" } for=id>
                {label}
            </label>
            {control}
            <FieldNotes hint error hint_id error_id />
        </div>
    }
}

/// A field over one text of a draft that the caller keeps: it reads the text and writes what is typed.
#[component]
pub fn DraftField<D>(
    /// The draft.
    draft: RwSignal<D>,
    /// Which of its texts.
    text: fn(&mut D) -> &mut String,
    /// The words above it.
    #[prop(into)]
    label: Signal<String>,
    /// What it takes.
    #[prop(optional)]
    kind: FieldKind,
    /// A line that helps; none when empty.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong, in words; nothing when empty.
    #[prop(optional, into)]
    error: Signal<String>,
) -> impl IntoView
where
    D: Clone + Send + Sync + 'static,
{
    let value = Signal::derive(move || {
        let mut read = draft.get();
        std::mem::take(text(&mut read))
    });
    let on_input = move |typed| draft.update(|draft| *text(draft) = typed);
    view! { <Field label value on_input kind hint error /> }
}

/// One of many, from the phone's own list.
#[component]
pub fn Select(
    /// The words above it.
    #[prop(into)]
    label: Signal<String>,
    /// The options, in order.
    #[prop(into)]
    options: Signal<Vec<String>>,
    /// The place of the chosen one.
    #[prop(into)]
    selected: Signal<Option<usize>>,
    /// Hears the place of the one just chosen.
    #[prop(into)]
    on_choose: Callback<usize>,
    /// What stands there before anything is chosen.
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// A line that helps; none when empty.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong, in words; nothing when empty.
    #[prop(optional, into)]
    error: Signal<String>,
) -> impl IntoView {
    let id = fresh_id();
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let choose = move |event| {
        if let Ok(place) = event_target_value(&event).parse::<usize>() {
            on_choose.run(place);
        }
    };
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>
                {label}
            </label>
            <select
                class="field-input"
                id=id
                aria-describedby=format!("{error_id} {hint_id}")
                aria-invalid=move || (!error.with(String::is_empty)).then_some("true")
                on:change=choose
            >
                <option value="" disabled=true selected=move || selected.get().is_none()>
                    {placeholder}
                </option>
                {move || {
                    options
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(place, words)| {
                            view! {
                                <option value=place.to_string() selected=move || selected.get() == Some(place)>
                                    {words}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
            <FieldNotes hint error hint_id error_id />
        </div>
    }
}

#[component]
fn FieldNotes(hint: Signal<String>, error: Signal<String>, hint_id: String, error_id: String) -> impl IntoView {
    view! {
        <div class="field-error" id=error_id role="status" hidden=move || error.with(String::is_empty)>
            <Icon sign=Sign::Warning />
            <span>{error}</span>
        </div>
        <div class="field-hint" id=hint_id hidden=move || hint.with(String::is_empty)>
            {hint}
        </div>
    }
}
