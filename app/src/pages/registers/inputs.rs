//! One input for each shape that a declaration knows.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::register::{Choice as DeclaredChoice, Field as Declared, Shape, Value};

use super::form::Form;
use super::say_shown;
use crate::pages::words::{self, Words};
use crate::say;
use crate::state::home;
use crate::state::people::dwelling;
use crate::state::register::draft::Part;
use crate::state::register::pick::{self, Pick};
use crate::state::register::shown;
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::field::{Field, FieldKind};
use crate::ui::picker::{Picker, Suggestion};

/// The input of one field, with what is wrong beside it.
#[component]
pub(super) fn Input(form: Form, field: &'static Declared) -> impl IntoView {
    let i18n = form.i18n;
    // What people disagree about is settled where both values stand, never by the way.
    let differs = Memo::new(move |_| {
        form.record.with(|record| {
            let values = record.as_ref().and_then(|(_, record)| record.values.get(field.key));
            values.is_some_and(|settled| settled.is_divergence())
        })
    });
    let is_fixed = Memo::new(move |_| field.fixed && form.record.with(Option::is_some));
    move || match differs.get() {
        _ if is_fixed.get() => fixed(form, field),
        true => view! {
            <div class="field">
                <span class="field-label">{words::declared(i18n, field.name)}</span>
                <p class="soft">{say!(i18n, registers.settle_first)}</p>
            </div>
        }
        .into_any(),
        false => match field.shape {
            Shape::Line => typed(form, field, FieldKind::Text, Signal::default()),
            Shape::Text => typed(form, field, FieldKind::Area, Signal::default()),
            Shape::Date => typed(form, field, FieldKind::Date, Signal::default()),
            Shape::Count => typed(form, field, FieldKind::Number, Signal::default()),
            Shape::Money => typed(form, field, FieldKind::Text, say!(i18n, registers.money_hint)),
            Shape::Choice(choices) => chosen(form, field, choices),
            Shape::Person => looked_for(form, field, say!(i18n, registers.person_hint)),
            Shape::Household => looked_for(form, field, say!(i18n, registers.household_hint)),
            Shape::Unit => looked_for(form, field, say!(i18n, registers.unit_hint)),
        },
    }
}

/// What was said when the record was opened and stays.
fn fixed(form: Form, field: &'static Declared) -> AnyView {
    let said = move || {
        let hosts = form.hosts().get_untracked();
        form.record.with(|record| {
            let value =
                record.as_ref().and_then(|(_, record)| record.value(field.key).cloned()).unwrap_or(Value::Nothing);
            form.phone.workspace.with(|workspace| say_shown(form.i18n, &shown(workspace, &hosts, field, &value)))
        })
    };
    view! {
        <div class="field">
            <span class="field-label">{words::declared(form.i18n, field.name)}</span>
            <p>{said}</p>
            <p class="field-hint">{say!(form.i18n, registers.fixed)}</p>
        </div>
    }
    .into_any()
}

/// Names a field, with a word where it has to say something.
fn label(i18n: Words, field: &'static Declared) -> Signal<String> {
    Signal::derive(move || {
        let name = words::declared(i18n, field.name);
        if field.required { t_string!(i18n, registers.required, name = name) } else { name.to_owned() }
    })
}

/// Says what another wrote into the field meanwhile, else what helps.
fn hint(form: Form, field: &'static Declared, help: Signal<String>) -> Signal<String> {
    Signal::derive(move || {
        let overtaken = form.record.with(|record| {
            let (_, record) = record.as_ref()?;
            form.draft.with(|draft| draft.overtaken(record, field))
        });
        match overtaken {
            None => help.get(),
            Some(value) => {
                let hosts = form.hosts().get_untracked();
                let name = form.phone.workspace.with(|workspace| pick::chosen(workspace, &hosts, field.shape, &value));
                let value = name.map_or(value, |pick| pick.name);
                t_string!(form.i18n, registers.overtaken, value = value)
            }
        }
    })
}

fn typed(form: Form, field: &'static Declared, kind: FieldKind, help: Signal<String>) -> AnyView {
    view! {
        <Field
            label=label(form.i18n, field)
            value=form.text(field)
            on_input=move |text| form.write(field, text)
            kind
            hint=hint(form, field, help)
            error=form.error(Part::Field(field))
        />
    }
    .into_any()
}

/// Big buttons; a field that may stay empty has one for that as well.
fn chosen(form: Form, field: &'static Declared, choices: &'static [DeclaredChoice]) -> AnyView {
    let i18n = form.i18n;
    let text = form.text(field);
    let keys: Vec<&'static str> = if field.required { Vec::new() } else { vec![""] };
    let keys: Vec<&'static str> = keys.into_iter().chain(choices.iter().map(|choice| choice.key)).collect();
    let keys = StoredValue::new(keys);
    let options = Signal::derive(move || {
        let none = (!field.required).then(|| ChoiceOption::new(t_string!(i18n, registers.not_said)));
        let option = |choice: &DeclaredChoice| ChoiceOption::new(words::declared(i18n, choice.name));
        none.into_iter().chain(choices.iter().map(option)).collect::<Vec<_>>()
    });
    let selected = Signal::derive(move || {
        text.with(|text| keys.with_value(|keys| keys.iter().position(|key| *key == text.as_str())))
    });
    let choose = move |place: usize| {
        if let Some(key) = keys.with_value(|keys| keys.get(place).copied()) {
            form.write(field, key.to_owned());
        }
    };
    let error = form.error(Part::Field(field));
    view! {
        <div>
            <Choice
                label=label(i18n, field)
                options
                selected
                on_choose=choose
                hint=hint(form, field, Signal::default())
            />
            <p class="picker-error" role="status" hidden=move || error.with(String::is_empty)>
                {error}
            </p>
        </div>
    }
    .into_any()
}

fn looked_for(form: Form, field: &'static Declared, help: Signal<String>) -> AnyView {
    let (i18n, phone) = (form.i18n, form.phone);
    let (text, hosts, search) = (form.text(field), form.hosts(), RwSignal::new(String::new()));
    let chosen = Signal::derive(move || {
        let id = text.get();
        if id.is_empty() {
            return String::new();
        }
        let pick = phone.workspace.with(|w| hosts.with(|hosts| pick::chosen(w, hosts, field.shape, &id)));
        // What is on no roster any more is shown as it is kept, and the fault beside it says so.
        let name = pick.map_or(id, |pick| said(&pick));
        t_string!(i18n, registers.chosen, name = name)
    });
    let picks = Memo::new(move |_| {
        let offered = |search: &String| {
            phone.workspace.with(|w| hosts.with(|hosts| pick::offered(w, hosts, field.shape, search)))
        };
        search.with(|search| if search.trim().is_empty() { Vec::new() } else { offered(search) })
    });
    let suggestions = Signal::derive(move || {
        let suggestion = |pick: &Pick| {
            let village = pick.village.as_ref().map(|code| phone.workspace.with(|w| home::name(w, code)));
            let note = [village, Some(pick.note.clone())].into_iter().flatten().filter(|part| !part.is_empty());
            Suggestion { label: pick.name.clone(), note: note.collect::<Vec<_>>().join(" · ") }
        };
        picks.with(|picks| picks.iter().map(suggestion).collect::<Vec<_>>())
    });
    let choose = move |place: usize| {
        if let Some(id) = picks.with_untracked(|picks| picks.get(place).map(|pick| pick.id.clone())) {
            form.write(field, id);
            search.set(String::new());
        }
    };
    let is_on_roster = matches!(field.shape, Shape::Person | Shape::Household);
    let help = hint(form, field, help);
    let help = Signal::derive(move || match is_on_roster && hosts.with(|hosts| hosts.is_empty()) {
        true => t_string!(i18n, registers.village_first).to_owned(),
        false => help.get(),
    });
    view! {
        <Picker
            label=label(i18n, field)
            chosen
            search
            on_search=move |typed| search.set(typed)
            suggestions
            on_choose=choose
            on_clear=move |()| form.write(field, String::new())
            clear_label=say!(i18n, registers.change)
            nothing=say!(i18n, registers.nobody_found)
            hint=help
            error=form.error(Part::Field(field))
        />
    }
    .into_any()
}

fn said(pick: &Pick) -> String {
    dwelling(&pick.name, &pick.note)
}
