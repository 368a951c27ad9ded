//! A switch between two states that takes effect at once.

use leptos::prelude::*;

use super::icon::{Icon, Sign};

/// A switch, as wide as its place.
#[component]
pub fn Toggle(
    /// What is on or off.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// Hears the state asked for.
    #[prop(into)]
    on_change: Callback<bool>,
    /// A line that helps; none when empty.
    #[prop(optional, into)]
    hint: Signal<String>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="toggle"
            role="switch"
            aria-checked=move || if on.get() { "true" } else { "false" }
            on:click=move |_| on_change.run(!on.get_untracked())
        >
            <span>
                <span class="toggle-label">{label}</span>
                <span class="toggle-hint">{hint}</span>
            </span>
            <span class="toggle-track" aria-hidden="true">
                <span class="toggle-knob">
                    <Icon sign=Sign::Check />
                </span>
            </span>
        </button>
    }
}
