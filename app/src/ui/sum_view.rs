//! The sum, shown: a line per step, fractions as they are written on paper.

use leptos::prelude::*;

/// A piece of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SumPart {
    /// Figures, signs or words as they stand.
    Text(String),
    /// One figure over another.
    Fraction {
        /// Above the line.
        over: String,
        /// Under the line.
        under: String,
    },
    /// A figure that was left out of the sum, struck through.
    Dropped(String),
    /// What the step comes to.
    Result(String),
}

/// One step of a sum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SumStep {
    /// What the step works out.
    pub label: String,
    /// The line itself.
    pub parts: Vec<SumPart>,
    /// The rule the step follows, in words; none when empty.
    pub note: String,
}

/// The steps of a sum, in order; read aloud, a fraction is "over / under".
#[component]
pub fn SumView(
    /// The steps.
    #[prop(into)]
    steps: Signal<Vec<SumStep>>,
) -> impl IntoView {
    let step = |step: SumStep| {
        view! {
            <li class="sum-step">
                <div class="sum-label">{step.label}</div>
                <div class="sum-line">{step.parts.into_iter().map(part).collect_view()}</div>
                {(!step.note.is_empty()).then(|| view! { <div class="sum-note soft">{step.note}</div> })}
            </li>
        }
    };
    view! {
        <ol class="sum" role="list">
            {move || steps.get().into_iter().map(step).collect_view()}
        </ol>
    }
}

/// One figure over another, as plain text "over / under" for whoever cannot see it.
#[component]
pub fn Fraction(
    /// Above the line.
    over: String,
    /// Under the line.
    under: String,
) -> impl IntoView {
    view! {
        <span class="fraction">
            <span class="fraction-over">{over}</span>
            <span class="unseen">" / "</span>
            <span class="fraction-under">{under}</span>
        </span>
    }
}

fn part(part: SumPart) -> AnyView {
    match part {
        SumPart::Text(words) => view! { <span>{words}</span> }.into_any(),
        SumPart::Fraction { over, under } => view! { <Fraction over under /> }.into_any(),
        SumPart::Dropped(words) => view! { <del class="sum-dropped">{words}</del> }.into_any(),
        SumPart::Result(words) => view! { <strong class="sum-result">{words}</strong> }.into_any(),
    }
}
