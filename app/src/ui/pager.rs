//! A window on a long list: where it stands, and the way to either side.

use leptos::prelude::*;

use super::button::Button;

/// Two buttons and where the window stands; nothing while everything fits.
#[component]
pub fn Pager(
    /// The place of the first row of the window.
    #[prop(into)]
    first: Signal<usize>,
    /// How many rows there are.
    #[prop(into)]
    all: Signal<usize>,
    /// How many rows a window holds.
    size: usize,
    /// Where it stands, in words.
    #[prop(into)]
    place: Signal<String>,
    /// The words of the way towards the beginning.
    #[prop(into)]
    back: Signal<String>,
    /// The words of the way towards the end.
    #[prop(into)]
    on: Signal<String>,
    /// Hears the place from which the window should begin.
    #[prop(into)]
    on_turn: Callback<usize>,
) -> impl IntoView {
    let at_start = Memo::new(move |_| first.get() == 0);
    let at_end = Memo::new(move |_| first.get() + size >= all.get());
    let is_whole = Memo::new(move |_| at_start.get() && at_end.get());
    view! {
        <nav class="pager" hidden=is_whole>
            <Button
                label=back
                on_press=move |()| on_turn.run(first.get_untracked().saturating_sub(size))
                disabled=at_start
            />
            <span class="pager-place">{place}</span>
            <Button label=on on_press=move |()| on_turn.run(first.get_untracked() + size) disabled=at_end />
        </nav>
    }
}
