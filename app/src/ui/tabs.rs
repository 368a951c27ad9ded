//! Tabs: two to five views of one matter.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::fresh_id;

/// Tabs over one panel; the caller decides what the panel holds. Left and right change the tab.
#[component]
pub fn Tabs(
    /// What the views are of, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// The words of the tabs, in order.
    #[prop(into)]
    tabs: Signal<Vec<String>>,
    /// The place of the tab in front.
    #[prop(into)]
    selected: Signal<usize>,
    /// Hears the place of the tab asked for.
    #[prop(into)]
    on_select: Callback<usize>,
    /// What the panel holds.
    children: Children,
) -> impl IntoView {
    let id = fresh_id();
    let panel = format!("{id}-panel");
    let turn = move |event: KeyboardEvent| {
        let count = tabs.with(Vec::len).max(1);
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => count - 1,
            _ => return,
        };
        on_select.run((selected.get_untracked() + step) % count);
    };
    let list = {
        let (id, panel) = (id.clone(), panel.clone());
        move || {
            tabs.get()
                .into_iter()
                .enumerate()
                .map(|(place, words)| {
                    let chosen = move || selected.get() == place;
                    view! {
                        <button
                            type="button"
                            role="tab"
                            class="tab"
                            id=format!("{id}-{place}")
                            aria-controls=panel.clone()
                            aria-selected=move || if chosen() { "true" } else { "false" }
                            on:click=move |_| on_select.run(place)
                        >
                            {words}
                        </button>
                    }
                })
                .collect_view()
        }
    };
    view! {
        <div class="tabs">
            <div class="tabs-list" role="tablist" aria-label=label on:keydown=turn>
                {list}
            </div>
            <div
                class="tab-panel"
                role="tabpanel"
                id=panel.clone()
                aria-labelledby=move || format!("{id}-{}", selected.get())
            >
                {children()}
            </div>
        </div>
    }
}
