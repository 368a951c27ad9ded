//! Lists and their rows: a ledger's lines, the whole row being the target.

use leptos::prelude::*;

use super::icon::{Icon, Sign};

/// A list of rows; each child is a [`ListRow`].
#[component]
pub fn List(
    /// What the list is of, for screen readers.
    #[prop(optional, into)]
    label: Signal<String>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let label = move || Some(label.get()).filter(|words| !words.is_empty());
    view! {
        <ul class="list" role="list" aria-label=label>
            {children()}
        </ul>
    }
}

/// A row: title, subtitle, and at its end whatever it holds (a badge, a figure, stars).
///
/// With `href` the row is a link, with `on_press` a button, with neither it only tells.
#[component]
pub fn ListRow(
    /// The first line.
    #[prop(into)]
    title: Signal<String>,
    /// The second line; none when empty.
    #[prop(optional, into)]
    subtitle: Signal<String>,
    /// A sign at the start.
    #[prop(optional)]
    sign: Option<Sign>,
    /// Where it leads.
    #[prop(optional, into)]
    href: Option<String>,
    /// Called on each press.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// What stands at the end of the row.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let leads = href.is_some() || on_press.is_some();
    let inside = view! {
        {sign.map(|sign| view! { <Icon sign /> })}
        <span class="list-row-inside">
            <span class="list-row-words">
                <span class="list-row-title">{title}</span>
                {move || {
                    let subtitle = subtitle.get();
                    (!subtitle.is_empty()).then(|| view! { <span class="list-row-subtitle">{subtitle}</span> })
                }}
            </span>
            {children.map(|children| view! { <span class="list-row-trailing">{children()}</span> })}
        </span>
        {leads.then(|| view! { <Icon sign=Sign::Forward /> })}
    };
    let row = match (href, on_press) {
        (Some(href), _) => view! {
            <a class="list-row" href=href>
                {inside}
            </a>
        }
        .into_any(),
        (None, Some(on_press)) => view! {
            <button type="button" class="list-row" on:click=move |_| on_press.run(())>
                {inside}
            </button>
        }
        .into_any(),
        (None, None) => view! { <div class="list-row">{inside}</div> }.into_any(),
    };
    view! { <li>{row}</li> }
}
