//! Stars: full ones and hollow ones, with their number in words.

use leptos::prelude::*;

const STAR: &str = "M12 2.8l2.8 5.9 6.4.8-4.7 4.5 1.2 6.4L12 17.3l-5.7 3.1 1.2-6.4L2.8 9.5l6.4-.8L12 2.8Z";

/// So many stars of so many.
#[component]
pub fn Stars(
    /// How many are full.
    #[prop(into)]
    count: Signal<u8>,
    /// How many there can be.
    #[prop(default = 5)]
    of: u8,
    /// The same in words.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let star = move |place: u8| {
        view! {
            <svg
                class="star"
                viewBox="0 0 24 24"
                aria-hidden="true"
                focusable="false"
                data-full=move || (place < count.get()).then_some("")
            >
                <path d=STAR />
            </svg>
        }
    };
    view! {
        <span class="stars" role="img" aria-label=text>
            {(0..of).map(star).collect_view()}
        </span>
    }
}
