//! Labelled values: what is known of one thing, a line each.

use leptos::prelude::*;

/// Lines of a label and its value; the labels share one column where there is room.
#[component]
pub fn Facts(
    /// Label and value of every line, in order.
    #[prop(into)]
    facts: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let line = |(label, value): (String, String)| {
        view! {
            <div class="fact">
                <dt>{label}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    view! { <dl class="facts">{move || facts.get().into_iter().map(line).collect_view()}</dl> }
}
