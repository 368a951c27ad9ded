//! Badges: where a record is, or what state a thing is in.

use leptos::prelude::*;

use super::icon::{Icon, Sign};

/// What a badge claims.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BadgeKind {
    /// A plain word.
    #[default]
    Plain,
    /// On this phone only.
    Here,
    /// Somebody else holds a copy.
    Carried,
    /// The relay gave a receipt.
    Arrived,
    /// As it should be.
    Good,
    /// Somebody has to look.
    Attention,
    /// Not as it should be.
    Bad,
}

impl BadgeKind {
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Here => "here",
            Self::Carried => "carried",
            Self::Arrived => "arrived",
            Self::Good => "good",
            Self::Attention => "attention",
            Self::Bad => "bad",
        }
    }

    fn sign(self) -> Option<Sign> {
        match self {
            Self::Plain => None,
            Self::Here => Some(Sign::Phone),
            Self::Carried => Some(Sign::Parcel),
            Self::Arrived => Some(Sign::Office),
            Self::Good => Some(Sign::Check),
            Self::Attention => Some(Sign::Warning),
            Self::Bad => Some(Sign::Refused),
        }
    }
}

/// A badge: a sign and a word.
#[component]
pub fn Badge(
    /// What it claims.
    #[prop(into)]
    kind: Signal<BadgeKind>,
    /// The word.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    view! {
        <span class="badge" data-kind=move || kind.get().name()>
            {move || kind.get().sign().map(|sign| view! { <Icon sign /> })}
            <span>{label}</span>
        </span>
    }
}
