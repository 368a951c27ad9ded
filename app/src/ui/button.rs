//! Buttons, and links that look like buttons.

use leptos::prelude::*;

use super::icon::{Icon, Sign};

/// How loudly a button asks to be pressed; a screen has at most one primary button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one main action, 60 px tall.
    Primary,
    /// Any other action.
    #[default]
    Secondary,
    /// An action beside the matter.
    Quiet,
    /// An action that takes something away.
    Danger,
}

impl ButtonKind {
    fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Quiet => "quiet",
            Self::Danger => "danger",
        }
    }
}

/// A button.
///
/// While `busy` it turns, keeps its words, and does not call back a second time.
#[component]
pub fn Button(
    /// The words on it, a verb first.
    #[prop(into)]
    label: Signal<String>,
    /// Called on each press.
    #[prop(into)]
    on_press: Callback<()>,
    /// How loud it is.
    #[prop(optional)]
    kind: ButtonKind,
    /// A sign before the words.
    #[prop(optional)]
    sign: Option<Sign>,
    /// The action runs.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// The action cannot be asked for; prefer a refusal that says why.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// For a button that stays pressed: whether it is.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// As wide as its place.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button"
            data-kind=kind.name()
            data-wide=wide.then_some("")
            disabled=disabled
            aria-pressed=move || pressed.map(|pressed| if pressed.get() { "true" } else { "false" })
            aria-busy=move || busy.get().then_some("true")
            on:click=move |_| {
                if !busy.get_untracked() {
                    on_press.run(());
                }
            }
        >
            {move || {
                if busy.get() {
                    Some(view! { <span class="button-busy" aria-hidden="true"></span> }.into_any())
                } else {
                    sign.map(|sign| view! { <Icon sign /> }.into_any())
                }
            }}
            <span>{label}</span>
        </button>
    }
}

/// A square button with a sign only; its label is read aloud and shown as a tip.
#[component]
pub fn IconButton(
    /// What it does.
    #[prop(into)]
    label: Signal<String>,
    /// The sign.
    sign: Sign,
    /// Called on each press.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button"
            data-kind="quiet"
            data-bare=""
            aria-label=label
            title=label
            on:click=move |_| on_press.run(())
        >
            <Icon sign />
        </button>
    }
}

/// A link that looks like a button, for going to another page.
#[component]
pub fn ButtonLink(
    /// The words on it.
    #[prop(into)]
    label: Signal<String>,
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// How loud it is.
    #[prop(optional)]
    kind: ButtonKind,
    /// A sign before the words.
    #[prop(optional)]
    sign: Option<Sign>,
    /// As wide as its place.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    view! {
        <a class="button" data-kind=kind.name() data-wide=wide.then_some("") href=href>
            {sign.map(|sign| view! { <Icon sign /> })}
            <span>{label}</span>
        </a>
    }
}
