//! How many of how many.

use leptos::prelude::*;

/// A bar with its count in figures; nothing spins, nothing guesses.
#[component]
pub fn Progress(
    /// What is counted.
    #[prop(into)]
    label: Signal<String>,
    /// How many are done.
    #[prop(into)]
    done: Signal<usize>,
    /// How many there are.
    #[prop(into)]
    total: Signal<usize>,
) -> impl IntoView {
    // Set as a property: the page's policy refuses styles written as an attribute.
    let part = move || format!("{}%", (done.get() * 100).checked_div(total.get()).unwrap_or(0));
    view! {
        <div
            class="progress"
            role="progressbar"
            aria-label=label
            aria-valuemin="0"
            aria-valuenow=move || done.get().to_string()
            aria-valuemax=move || total.get().to_string()
        >
            <div class="progress-words">
                <span>{label}</span>
                <span class="progress-count">{move || format!("{} / {}", done.get(), total.get())}</span>
            </div>
            <div class="progress-track">
                <div class="progress-fill" style=("--_part", part)></div>
            </div>
        </div>
    }
}
