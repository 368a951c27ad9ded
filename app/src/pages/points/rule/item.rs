//! One item of the rule that is being written: its name, what it gives, its caps, and how the fact is shown.

use leptos::prelude::*;

use super::Form;
use crate::say;
use crate::state::points::rule::ItemDraft;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, FieldKind, Select};

/// The dialog of the item that is open.
#[component]
pub(super) fn ItemDialog(form: Form) -> impl IntoView {
    let i18n = form.scene.i18n;
    let (draft, opened) = (form.draft, form.opened);
    let is_open = Signal::derive(move || opened.with(Option::is_some));
    let read = move |part: fn(&ItemDraft) -> &String| {
        Signal::derive(move || {
            let place = opened.get().unwrap_or_default();
            draft.with(|draft| draft.items.get(place).map(|item| part(item).clone()).unwrap_or_default())
        })
    };
    let write = move |part: fn(&mut ItemDraft) -> &mut String| {
        Callback::new(move |text: String| {
            let Some(place) = opened.get_untracked() else { return };
            draft.update(|draft| {
                if let Some(item) = draft.items.get_mut(place) {
                    *part(item) = text;
                }
            });
        })
    };
    let options =
        Signal::derive(move || draft.with(|draft| draft.categories.iter().map(|c| c.name.clone()).collect::<Vec<_>>()));
    let selected = Signal::derive(move || {
        let place = opened.get()?;
        draft.with(|draft| draft.items.get(place).map(|item| item.category))
    });
    let choose = move |category: usize| {
        let Some(place) = opened.get_untracked() else { return };
        draft.update(|draft| {
            if let Some(item) = draft.items.get_mut(place) {
                item.category = category;
            }
        });
    };
    let strike = move |()| {
        if let Some(place) = opened.get_untracked() {
            opened.set(None);
            draft.update(|draft| draft.strike(place));
        }
    };
    let strike = Callback::new(strike);
    let actions = move || {
        view! {
            <Button label=say!(i18n, points.item_strike) on_press=strike kind=ButtonKind::Danger />
            <Button label=say!(i18n, points.item_done) on_press=move |()| opened.set(None) kind=ButtonKind::Primary />
        }
    };
    view! {
        <Dialog
            open=is_open
            title=say!(i18n, points.item)
            close_label=say!(i18n, common.close)
            on_close=move |()| opened.set(None)
            actions
        >
            <Field
                label=say!(i18n, points.item_name)
                value=read(|item| &item.name)
                on_input=write(|item| &mut item.name)
            />
            <Field
                label=say!(i18n, points.line_points)
                value=read(|item| &item.points)
                on_input=write(|item| &mut item.points)
                hint=say!(i18n, points.item_points_hint)
            />
            <Select label=say!(i18n, points.category) options selected on_choose=choose />
            <Field
                label=say!(i18n, points.item_day)
                value=read(|item| &item.per_day)
                on_input=write(|item| &mut item.per_day)
                kind=FieldKind::Number
                hint=say!(i18n, points.cap_hint)
            />
            <Field
                label=say!(i18n, points.item_month)
                value=read(|item| &item.per_month)
                on_input=write(|item| &mut item.per_month)
                kind=FieldKind::Number
                hint=say!(i18n, points.cap_hint)
            />
            <Field
                label=say!(i18n, points.evidence)
                value=read(|item| &item.evidence)
                on_input=write(|item| &mut item.evidence)
                hint=say!(i18n, points.evidence_hint)
            />
        </Dialog>
    }
}
