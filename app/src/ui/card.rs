//! Cards: what belongs together, under one heading.

use leptos::prelude::*;

/// A card with a heading, a note beside it, and whatever it holds.
#[component]
pub fn Card(
    /// The heading; none when empty.
    #[prop(optional, into)]
    title: Signal<String>,
    /// A few words at the end of the heading's line.
    #[prop(optional, into)]
    note: Signal<String>,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card">
            {move || {
                let title = title.get();
                (!title.is_empty())
                    .then(|| {
                        view! {
                            <div class="card-title">
                                <h2>{title}</h2>
                                <span class="card-note">{note}</span>
                            </div>
                        }
                    })
            }}
            {children()}
        </section>
    }
}
