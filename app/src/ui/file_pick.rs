//! Picking a file: the browser's own control under a button of ours.

use leptos::html;
use leptos::prelude::*;

/// A button that lets a person pick one file.
#[component]
pub fn FilePick(
    /// The words on it.
    #[prop(into)]
    label: Signal<String>,
    /// The kinds of file that are offered first, as the browser takes them.
    accept: &'static str,
    /// The browser's control, which holds what was picked.
    input: NodeRef<html::Input>,
    /// Called after each pick.
    #[prop(into)]
    on_pick: Callback<()>,
) -> impl IntoView {
    view! {
        <label class="button file-pick" data-wide="">
            <span>{label}</span>
            <input node_ref=input class="file-pick-input" type="file" accept=accept on:change=move |_| on_pick.run(()) />
        </label>
    }
}
