//! Banners: what happened, and what to do next.

use leptos::prelude::*;

use super::button::Button;
use super::icon::{Icon, Sign};

/// What a banner is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BannerKind {
    /// Worth knowing.
    #[default]
    Info,
    /// Look before going on.
    Warning,
    /// Something asked for was not done.
    Refusal,
    /// Something asked for was done.
    Done,
}

impl BannerKind {
    fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Refusal => "refusal",
            Self::Done => "done",
        }
    }

    fn sign(self) -> Sign {
        match self {
            Self::Info => Sign::Info,
            Self::Warning => Sign::Warning,
            Self::Refusal => Sign::Refused,
            Self::Done => Sign::Check,
        }
    }
}

/// A banner; a refusal is read out at once, the others when the reader pauses.
#[component]
pub fn Banner(
    /// What it is about.
    #[prop(optional)]
    kind: BannerKind,
    /// What happened.
    #[prop(into)]
    title: Signal<String>,
    /// What to do next; none when empty.
    #[prop(optional, into)]
    next: Signal<String>,
    /// The words of a button that does it.
    #[prop(optional, into)]
    action: Signal<String>,
    /// Called when that button is pressed; without it there is no button.
    #[prop(optional, into)]
    on_action: Option<Callback<()>>,
    /// Anything more: links, a list of what is missing.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let role = if kind == BannerKind::Refusal { "alert" } else { "status" };
    view! {
        <div class="banner" role=role data-kind=kind.name()>
            <Icon sign=kind.sign() />
            <div class="banner-words">
                <p class="banner-title">{title}</p>
                <p class="banner-next" hidden=move || next.with(String::is_empty)>
                    {next}
                </p>
                {children.map(|children| children())}
                {on_action
                    .map(|on_action| {
                        view! {
                            <div class="banner-actions">
                                <Button label=action on_press=on_action />
                            </div>
                        }
                    })}
            </div>
        </div>
    }
}
