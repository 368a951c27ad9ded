//! Figures under the thumb, for serials and exact marks.

use leptos::prelude::*;

use super::icon::{Icon, Sign};

/// A pad of figures; what they mean, and how far they may go, is the caller's care.
#[component]
pub fn NumberPad(
    /// What is typed, and within which bounds.
    #[prop(into)]
    label: Signal<String>,
    /// The figures so far.
    #[prop(into)]
    shown: Signal<String>,
    /// Hears each figure, 0 to 9.
    #[prop(into)]
    on_digit: Callback<u8>,
    /// Called to take the last figure back.
    #[prop(into)]
    on_erase: Callback<()>,
    /// Called when the figures are meant.
    #[prop(into)]
    on_enter: Callback<()>,
    /// The words of the key that takes back.
    #[prop(into)]
    erase_label: Signal<String>,
    /// The words of the key that means it.
    #[prop(into)]
    enter_label: Signal<String>,
    /// What is wrong, in words; nothing when empty.
    #[prop(optional, into)]
    error: Signal<String>,
    /// Called for the point of a broken number; without it there is no such key.
    #[prop(optional, into)]
    on_point: Option<Callback<()>>,
    /// The words of that key.
    #[prop(optional, into)]
    point_label: Signal<String>,
) -> impl IntoView {
    let figure = move |figure: u8| {
        view! {
            <button type="button" class="number-pad-key" on:click=move |_| on_digit.run(figure)>
                {figure.to_string()}
            </button>
        }
    };
    view! {
        <div class="number-pad" role="group" aria-label=label>
            <div class="number-pad-shown">
                <span class="number-pad-label">{label}</span>
                <output class="number-pad-figures">{shown}</output>
            </div>
            <p class="number-pad-error" role="status">
                {error}
            </p>
            <div class="number-pad-keys">
                {(1..=9).map(figure).collect_view()}
                <button
                    type="button"
                    class="number-pad-key"
                    aria-label=erase_label
                    title=erase_label
                    on:click=move |_| on_erase.run(())
                >
                    <Icon sign=Sign::Erase />
                </button>
                {figure(0)}
                <button
                    type="button"
                    class="number-pad-key"
                    data-enter=""
                    aria-label=enter_label
                    title=enter_label
                    on:click=move |_| on_enter.run(())
                >
                    <Icon sign=Sign::Check />
                </button>
                {on_point
                    .map(|on_point| {
                        view! {
                            <button
                                type="button"
                                class="number-pad-key"
                                data-point=""
                                aria-label=point_label
                                title=point_label
                                on:click=move |_| on_point.run(())
                            >
                                "."
                            </button>
                        }
                    })}
            </div>
        </div>
    }
}
