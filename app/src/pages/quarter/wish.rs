//! A wish that a person is asked about once more, with the reason where one is needed.

use leptos::prelude::*;
use shared::domain::command::Command;

use crate::i18n::*;
use crate::pages::asking::Asking;
use crate::say;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, FieldKind};

/// What is being asked about.
#[derive(Clone)]
pub struct Wish {
    /// The heading, and the words of the button that does it.
    pub title: String,
    /// What it means.
    pub text: String,
    /// The words over the reason; no reason is asked for where they are empty.
    pub reason: String,
    /// Whether there has to be a reason.
    pub needs_reason: bool,
    /// Whether it takes something away.
    pub is_danger: bool,
    /// Makes the wish, given the reason.
    pub make: Callback<String, Command>,
}

/// The dialog of a page; it is open while something is asked about.
#[component]
pub fn WishDialog(
    /// What is asked about.
    wish: RwSignal<Option<Wish>>,
    /// Where wishes go.
    asking: Asking,
) -> impl IntoView {
    let i18n = use_i18n();
    let reason = RwSignal::new(String::new());
    let read = move |part: fn(&Wish) -> String| {
        Signal::derive(move || wish.with(|wish| wish.as_ref().map(part).unwrap_or_default()))
    };
    let (title, text, label) =
        (read(|wish| wish.title.clone()), read(|wish| wish.text.clone()), read(|wish| wish.reason.clone()));
    let is_danger = Memo::new(move |_| wish.with(|wish| wish.as_ref().is_some_and(|wish| wish.is_danger)));
    let lacks = Signal::derive(move || {
        let needs = wish.with(|wish| wish.as_ref().is_some_and(|wish| wish.needs_reason));
        needs && reason.with(|reason| reason.trim().is_empty())
    });
    let close = move || {
        wish.set(None);
        reason.set(String::new());
    };
    let go = Callback::new(move |()| {
        let Some(asked) = wish.get_untracked().filter(|_| !lacks.get_untracked()) else { return };
        let command = asked.make.run(reason.get_untracked());
        close();
        asking.ask(command, || {});
    });
    let actions = move || {
        let kind = if is_danger.get() { ButtonKind::Danger } else { ButtonKind::Primary };
        view! {
            <Button label=say!(i18n, common.cancel) on_press=move |()| close() />
            <Button label=title on_press=go kind disabled=lacks />
        }
    };
    view! {
        <Dialog
            open=Signal::derive(move || wish.with(Option::is_some))
            title
            close_label=say!(i18n, common.close)
            on_close=move |()| close()
            actions
        >
            <p>{text}</p>
            {move || {
                (!label.with(String::is_empty))
                    .then(|| {
                        view! {
                            <Field
                                label
                                value=reason
                                on_input=move |text| reason.set(text)
                                kind=FieldKind::Area
                            />
                        }
                    })
            }}
        </Dialog>
    }
}
