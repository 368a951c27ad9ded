//! What a record says; where two people said different things, both stand with their names until one is chosen.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::{Command, RegisterCommand};
use shared::domain::register::Value;

use super::{Page, said_by};
use crate::pages::registers::say_shown;
use crate::pages::words;
use crate::say;
use crate::state::register::sheet::{FieldView, ValueView};
use crate::ui::button::Button;
use crate::ui::card::Card;

/// Every field with its value or values.
#[component]
pub(super) fn ValuesCard(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let fields = Memo::new(move |_| page.read(|sheet| sheet.fields.clone()).unwrap_or_default());
    view! {
        <Card title=say!(i18n, registers.facts)>
            <dl>
                {move || fields.get().into_iter().map(|view| field(page, view)).collect_view()}
            </dl>
        </Card>
    }
}

fn field(page: Page, view: FieldView) -> AnyView {
    let i18n = page.i18n;
    let name = words::declared(i18n, view.field.name);
    match view.said.as_slice() {
        [] => {
            let empty = t_string!(i18n, registers.empty_value);
            view! {
                <div class="record-field">
                    <dt>{name}</dt>
                    <dd data-empty="">{empty}</dd>
                </div>
            }
            .into_any()
        }
        [one] => {
            let said = say_shown(i18n, &one.shown);
            view! {
                <div class="record-field">
                    <dt>{name}</dt>
                    <dd>{said}</dd>
                </div>
            }
            .into_any()
        }
        several => {
            let key = view.field.key;
            let values = several.iter().map(|value| said_apart(page, key, value)).collect_view();
            let head = t_string!(i18n, words.aside, what = name, inside = t_string!(i18n, registers.said_apart));
            view! {
                <div class="record-field">
                    <dt>{head}</dt>
                    <dd class="record-apart">{values}</dd>
                    <dd data-empty="">{say!(i18n, registers.settled_note)}</dd>
                </div>
            }
            .into_any()
        }
    }
}

/// One of several values, with the button that lets it stand.
fn said_apart(page: Page, key: &'static str, value: &ValueView) -> AnyView {
    let i18n = page.i18n;
    let (names, when) = said_by(i18n, &value.by);
    let by = t_string!(i18n, registers.said_by, names = names, when = when);
    let shown = say_shown(i18n, &value.shown);
    let kept = StoredValue::new(value.value.clone());
    let settle = move |()| settle(page, key, kept.get_value());
    let may = move || page.read(|sheet| sheet.may_write.is_ok()).unwrap_or_default();
    view! {
        <div class="record-value">
            <strong>{shown}</strong>
            <span class="small">{by}</span>
            {move || {
                may()
                    .then(|| {
                        view! {
                            <Button label=say!(i18n, registers.settle) on_press=settle busy=page.asking.busy />
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

fn settle(page: Page, key: &str, value: Value) {
    let Some((address, record)) = page.address() else { return };
    let values = [(key.to_owned(), value)].into();
    page.asking.ask(Command::Register(RegisterCommand::Write { address, record, values }), || {});
}
