//! The lamp: whether a number of people is enough, in shape, colour and words.

use leptos::prelude::*;

/// What a lamp says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LampState {
    /// Not enough yet: a hollow disc.
    #[default]
    NotMet,
    /// Enough: a full disc with a tick.
    Met,
    /// Was enough and people left: a broken disc.
    Lost,
}

impl LampState {
    fn name(self) -> &'static str {
        match self {
            Self::NotMet => "not-met",
            Self::Met => "met",
            Self::Lost => "lost",
        }
    }
}

/// A lamp; a change of its words is announced.
#[component]
pub fn Lamp(
    /// What it says.
    #[prop(into)]
    state: Signal<LampState>,
    /// Whose number it is.
    #[prop(into)]
    label: Signal<String>,
    /// What the state means, in a few words.
    #[prop(into)]
    verdict: Signal<String>,
    /// The figures.
    #[prop(optional, into)]
    detail: Signal<String>,
) -> impl IntoView {
    let disc = move || match state.get() {
        LampState::NotMet => view! { <circle cx="18" cy="18" r="14" stroke-dasharray="3 5" /> }.into_any(),
        LampState::Met => view! {
            <circle class="lamp-full" cx="18" cy="18" r="15" />
            <path class="lamp-on" d="m11 18.5 5 5 9.5-10.5" />
        }
        .into_any(),
        LampState::Lost => view! {
            <path d="M22 4.6A14 14 0 1 0 31.4 22M31 14a14 14 0 0 0-3-5.5" />
            <path d="m13 13 10 10m0-10-10 10" />
        }
        .into_any(),
    };
    view! {
        <div class="lamp" role="status" data-state=move || state.get().name()>
            <svg class="lamp-disc" viewBox="0 0 36 36" aria-hidden="true" focusable="false">
                {disc}
            </svg>
            <span class="lamp-words">
                <span class="lamp-label">{label}</span>
                <span class="lamp-verdict">{verdict}</span>
                <span class="lamp-detail">{detail}</span>
            </span>
        </div>
    }
}
