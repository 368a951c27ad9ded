//! The township's name and units, typed or pasted by the office.

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use shared::domain::command::Command;

use super::asking::{Asking, Refusal};
use super::frame::Frame;
use super::words::Words;
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::state::links;
use crate::state::units::{self, Fault, LineFault};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::field::{Field, FieldKind};

/// What stands at `/units`.
#[component]
pub fn UnitsPage() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let asking = Asking::start();
    let navigate = use_navigate();
    // A draft of what stands; what arrives while somebody types does not change their text.
    let (name, text) = phone.workspace.with_untracked(|workspace| {
        (RwSignal::new(workspace.township.name.clone()), RwSignal::new(units::write(&workspace.township)))
    });
    let read = Memo::new(move |_| text.with(|text| units::read(text)));
    let faults = Signal::derive(move || {
        read.with(|(_, faults)| faults.iter().map(|fault| told(i18n, *fault)).collect::<Vec<_>>().join("\n"))
    });
    let unnamed = move || name.with(|name| name.trim().is_empty());
    let name_error = Signal::derive(move || match unnamed() {
        true => t_string!(i18n, found.missing).to_owned(),
        false => String::new(),
    });
    let note = Signal::derive(move || t_string!(i18n, units.count, count = read.with(|(units, _)| units.len())));
    let closed =
        Signal::derive(move || unnamed() || read.with(|(units, faults)| units.is_empty() || !faults.is_empty()));
    let keep = Callback::new(move |()| {
        let (name, units) = (name.get_untracked().trim().to_owned(), read.get_untracked().0);
        let navigate = navigate.clone();
        asking.ask(Command::SetTownship { name, units }, move || navigate(links::HOME, NavigateOptions::default()));
    });
    let bar = move || {
        view! {
            <BottomBar note>
                <Button
                    label=say!(i18n, common.save)
                    kind=ButtonKind::Primary
                    wide=true
                    busy=asking.busy
                    disabled=closed
                    on_press=keep
                />
            </BottomBar>
        }
    };
    view! {
        <Frame title=say!(i18n, units.title) back=links::HOME narrow=true bar>
            <Refusal asking />
            <p>{say!(i18n, units.how)}</p>
            <Field label=say!(i18n, found.name) value=name error=name_error on_input=move |typed| name.set(typed) />
            <Field
                label=say!(i18n, units.list)
                hint=say!(i18n, units.list_hint)
                kind=FieldKind::Area
                value=text
                error=faults
                on_input=move |typed| text.set(typed)
            />
        </Frame>
    }
}

fn told(i18n: Words, LineFault { line, fault }: LineFault) -> String {
    match fault {
        Fault::Code => t_string!(i18n, units.fault_code, line = line),
        Fault::Twice => t_string!(i18n, units.fault_twice, line = line),
        Fault::Name => t_string!(i18n, units.fault_name, line = line),
        Fault::Kind => t_string!(i18n, units.fault_kind, line = line),
    }
}
