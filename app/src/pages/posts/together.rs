//! Showing and confirming scores: asked once more before it is done, since neither is taken back.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::PostCommand;
use shared::id::PersonId;

use super::{Place, today};
use crate::say;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::dialog::Dialog;

/// What is done for several people at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Show their scores to everybody.
    Show,
    /// Confirm what was shown.
    Confirm,
}

/// A step that waits for its second yes, and for whom.
pub(super) type Asked = (Step, BTreeSet<PersonId>);

/// Asks once more, and does it.
#[component]
pub(super) fn TogetherDialog(place: Place, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let Place { i18n, month, .. } = place;
    let is_show = Memo::new(move |_| asked.with(|asked| matches!(asked, Some((Step::Show, _)))));
    let title = Signal::derive(move || match is_show.get() {
        true => t_string!(i18n, posts.show_title).to_owned(),
        false => t_string!(i18n, posts.confirm_title).to_owned(),
    });
    let text = move || match is_show.get() {
        true => t_string!(i18n, posts.show_text),
        false => t_string!(i18n, posts.confirm_text),
    };
    let go = Callback::new(move |()| {
        let Some(((step, people), date)) = asked.get_untracked().zip(today()) else { return };
        asked.set(None);
        let wish = match step {
            Step::Show => PostCommand::Show { month, date, people },
            Step::Confirm => PostCommand::Confirm { month, people },
        };
        place.ask(wish, || {});
    });
    let actions = move || {
        view! {
            <Button label=say!(i18n, common.cancel) on_press=move |()| asked.set(None) />
            <Button label=title on_press=go kind=ButtonKind::Primary busy=place.asking.busy />
        }
    };
    view! {
        <Dialog
            open=Signal::derive(move || asked.with(Option::is_some))
            title
            close_label=say!(i18n, common.close)
            on_close=move |()| asked.set(None)
            actions
        >
            <p>{text}</p>
        </Dialog>
    }
}
