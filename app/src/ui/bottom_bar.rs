//! The bar at the foot: the one main action, under the thumb.

use leptos::prelude::*;

/// The bar at the foot of a page; the main button comes last.
#[component]
pub fn BottomBar(
    /// A line above the buttons: what is missing, what will happen.
    #[prop(optional, into)]
    note: Signal<String>,
    /// The buttons.
    children: Children,
) -> impl IntoView {
    view! {
        <footer class="bottom-bar">
            <div class="bottom-bar-inner">
                <p class="bottom-bar-note" hidden=move || note.with(String::is_empty)>
                    {note}
                </p>
                {children()}
            </div>
        </footer>
    }
}
