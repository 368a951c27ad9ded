//! Nothing here yet: said in a sentence, with the way to begin.

use leptos::prelude::*;

use super::icon::{Icon, Sign};

/// What stands where a list has nothing to show.
#[component]
pub fn EmptyState(
    /// A sign of what would be here.
    sign: Sign,
    /// That nothing is here.
    #[prop(into)]
    title: Signal<String>,
    /// How something comes here.
    #[prop(optional, into)]
    text: Signal<String>,
    /// The button that begins.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty-state">
            <Icon sign />
            <p class="empty-state-title">{title}</p>
            <p class="empty-state-text" hidden=move || text.with(String::is_empty)>
                {text}
            </p>
            {children.map(|children| children())}
        </div>
    }
}
