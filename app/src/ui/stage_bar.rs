//! The stages of a matter: where it stands, what is behind it, what comes next.

use leptos::prelude::*;

use super::icon::{Icon, Sign};

/// A bar of stages; on a phone the current one is named, on a wide screen all are.
#[component]
pub fn StageBar(
    /// Whose stages they are, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// The stages, in order.
    #[prop(into)]
    stages: Signal<Vec<String>>,
    /// The place of the current one.
    #[prop(into)]
    current: Signal<usize>,
    /// What comes next, in words; none when empty.
    #[prop(optional, into)]
    next: Signal<String>,
) -> impl IntoView {
    let now = move || {
        stages.with(|stages| {
            let name = stages.get(current.get()).cloned().unwrap_or_default();
            let place = format!("{}/{}", current.get() + 1, stages.len());
            view! {
                <span class="stage-bar-name">{name}</span>
                <span class="stage-bar-next figure">{place}</span>
            }
        })
    };
    let steps = move || {
        let current = current.get();
        stages
            .get()
            .into_iter()
            .enumerate()
            .map(|(place, name)| {
                let state = match place {
                    place if place < current => "done",
                    place if place == current => "current",
                    _ => "ahead",
                };
                view! {
                    <li class="stage-bar-step" data-state=state aria-current=(place == current).then_some("step")>
                        <Icon sign=Sign::Check />
                        <span>{name}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <div class="stage-bar" role="group" aria-label=label>
            <div class="stage-bar-now">
                {now} <span class="stage-bar-next" hidden=move || next.with(String::is_empty)>
                    {next}
                </span>
            </div>
            <ol class="stage-bar-steps" role="list">
                {steps}
            </ol>
        </div>
    }
}
