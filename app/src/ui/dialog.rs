//! Dialogs: the browser's own, so that focus, Escape and the page behind are its care.

use leptos::html;
use leptos::prelude::*;

use super::button::IconButton;
use super::icon::Sign;

/// A dialog over the page, open while `open` holds.
///
/// Its content is made anew at each opening. The heading has the focus first, so that the dialog is read from its
/// beginning and no key presses a button by chance. Escape and the cross call `on_close`; only the caller closes it.
#[component]
pub fn Dialog(
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// The words of the cross.
    #[prop(into)]
    close_label: Signal<String>,
    /// Called when the person wants it closed.
    #[prop(into)]
    on_close: Callback<()>,
    /// The buttons at its foot, the main one last.
    #[prop(optional, into)]
    actions: ViewFn,
    /// What it holds.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            // A dialog that is outside the page cannot be shown, and nobody misses it.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let id = super::fresh_id();
    let named_by = id.clone();
    let children = StoredValue::new(children);
    let actions = StoredValue::new(actions);
    view! {
        <dialog
            node_ref=node
            class="dialog"
            aria-labelledby=named_by
            on:cancel=move |event: leptos::ev::Event| {
                event.prevent_default();
                on_close.run(());
            }
            on:close=move |_: leptos::ev::Event| {
                // A second Escape closes it without asking.
                if open.get_untracked() {
                    on_close.run(());
                }
            }
        >
            <Show when=move || open.get()>
                <div class="dialog-inner">
                    <div class="dialog-head">
                        <h2 id=id.clone() tabindex="-1" autofocus=true>
                            {title}
                        </h2>
                        <IconButton label=close_label sign=Sign::Cross on_press=on_close />
                    </div>
                    {children.with_value(|children| children())}
                    <div class="dialog-actions">{actions.with_value(|actions| actions.run())}</div>
                </div>
            </Show>
        </dialog>
    }
}
