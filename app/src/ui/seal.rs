//! The seal: a chop for the house's mark and for what is final.

use leptos::prelude::*;

/// A chop of one to four characters; decoration, the words beside it say the same.
#[component]
pub fn Seal(
    /// The characters.
    #[prop(into)]
    text: Signal<String>,
    /// As large as a page's mark.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    view! {
        <span class="seal" aria-hidden="true" data-large=large.then_some("")>
            <span>{text}</span>
        </span>
    }
}
