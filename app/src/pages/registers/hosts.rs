//! Whose record it will be: one village, or any of the township's.

use leptos::prelude::*;
use shared::id::UnitCode;

use super::form::Form;
use crate::say;
use crate::state::register::draft::{HostChoice, Part, RecordDraft};
use crate::ui::field::Select;
use crate::ui::toggle::Toggle;

/// Whose record it will be.
#[component]
pub(super) fn Hosts(form: Form, choice: HostChoice) -> impl IntoView {
    let Form { i18n, draft, .. } = form;
    match choice {
        HostChoice::Given => ().into_any(),
        HostChoice::One(offered) => {
            let offered = StoredValue::new(offered);
            let options = Signal::derive(move || {
                offered.with_value(|all| all.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>())
            });
            let selected = Signal::derive(move || {
                let chosen = |draft: &RecordDraft| draft.hosts.first().cloned();
                let chosen = draft.with(chosen)?;
                offered.with_value(|all| all.iter().position(|(code, _)| *code == chosen))
            });
            let choose = move |place: usize| {
                let code = offered.with_value(|all| all.get(place).map(|(code, _)| code.clone()));
                draft.update(|draft| draft.hosts = code.into_iter().collect());
            };
            view! {
                <Select
                    label=say!(i18n, registers.whose)
                    options
                    selected
                    on_choose=choose
                    placeholder=say!(i18n, registers.choose_village)
                    error=form.error(Part::Hosts)
                />
            }
            .into_any()
        }
        HostChoice::Several(offered) => {
            let toggle = |(code, name): (UnitCode, String)| {
                let on = {
                    let code = code.clone();
                    Signal::derive(move || draft.with(|draft| draft.hosts.contains(&code)))
                };
                let change = move |on: bool| {
                    draft.update(|draft| match on {
                        true => _ = draft.hosts.insert(code.clone()),
                        false => _ = draft.hosts.remove(&code),
                    });
                };
                view! { <Toggle label=name on on_change=change /> }
            };
            let toggles = offered.into_iter().map(toggle).collect_view();
            let error = form.error(Part::Hosts);
            view! {
                <fieldset class="register-hosts stack" data-gap="small">
                    <legend>{say!(i18n, registers.whose_several)}</legend>
                    <p class="soft small">{say!(i18n, registers.whose_none)}</p>
                    {toggles}
                    <p class="picker-error" role="status" hidden=move || error.with(String::is_empty)>
                        {error}
                    </p>
                </fieldset>
            }
            .into_any()
        }
    }
}
