//! Sheets of A4: paper on the screen, the paper itself in print.

use leptos::prelude::*;

/// A sheet with its title, the lines under it, what it holds, and a foot; each sheet begins a page.
#[component]
pub fn PrintSheet(
    /// The title.
    #[prop(into)]
    title: Signal<String>,
    /// The lines under the title: place, day, record number.
    #[prop(optional, into)]
    lines: Signal<Vec<String>>,
    /// The pieces of the foot, from one end to the other; no foot when empty.
    #[prop(optional, into)]
    foot: Signal<Vec<String>>,
    /// What the sheet holds.
    children: Children,
) -> impl IntoView {
    view! {
        <article class="sheet">
            <header class="sheet-head">
                <h2 class="sheet-title">{title}</h2>
                {move || {
                    lines.get().into_iter().map(|line| view! { <p class="sheet-line">{line}</p> }).collect_view()
                }}
            </header>
            <div class="sheet-body">{children()}</div>
            {move || {
                let foot = foot.get();
                (!foot.is_empty())
                    .then(|| {
                        view! {
                            <footer class="sheet-foot">
                                {foot.into_iter().map(|piece| view! { <span>{piece}</span> }).collect_view()}
                            </footer>
                        }
                    })
            }}
        </article>
    }
}

/// Lines to sign on, each after its word; they stay on one page.
#[component]
pub fn SignatureLines(
    /// Who signs, or the word for the day.
    #[prop(into)]
    labels: Signal<Vec<String>>,
) -> impl IntoView {
    let line = |label: String| {
        view! {
            <div class="signature">
                <span>{label}</span>
                <span class="signature-rule"></span>
            </div>
        }
    };
    view! { <div class="signatures">{move || labels.get().into_iter().map(line).collect_view()}</div> }
}
