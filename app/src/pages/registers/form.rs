//! Opening a record and changing what it says: one input per field of the declaration, the draft kept over a reload.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use shared::domain::command::Command;
use shared::domain::register::{Field as Declared, Kind, Record};
use shared::id::{Address, FactId, UnitCode};
use shared::identity::Holder;

use super::hosts::Hosts;
use super::inputs::Input;
use super::{for_kind, why};
use crate::i18n::*;
use crate::pages::asking::{Asking, Refusal};
use crate::pages::frame::Frame;
use crate::pages::refusal::value_fault;
use crate::pages::words::{self, Words};
use crate::platform::{clock, preferences};
use crate::say;
use crate::shell::Phone;
use crate::state::links::{self, RecordPage};
use crate::state::moment::moment;
use crate::state::register::draft::{self, Fault, HostChoice, Part, RecordDraft};
use crate::state::register::may_open_in;
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::field::{Field, FieldKind};

/// What every part of the form sees.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) i18n: Words,
    pub(super) phone: Phone,
    pub(super) draft: RwSignal<RecordDraft>,
    /// The record that is changed; nothing for a new one.
    pub(super) record: Memo<Option<(Address, Record)>>,
    /// Faults are shown once the person has tried, so that an empty form does not begin with reproaches.
    tried: RwSignal<bool>,
    faults: Memo<Vec<(Part, Fault)>>,
}

impl Form {
    /// Says what is wrong with a part, once the person has tried.
    pub(super) fn error(self, part: Part) -> Signal<String> {
        Signal::derive(move || {
            let fault = self.faults.with(|faults| faults.iter().find(|(at, _)| *at == part).map(|(_, fault)| *fault));
            fault.filter(|_| self.tried.get()).map(|fault| say_fault(self.i18n, fault)).unwrap_or_default()
        })
    }

    /// Follows what a field says by the draft.
    pub(super) fn text(self, field: &'static Declared) -> Memo<String> {
        Memo::new(move |_| {
            self.record.with(|record| self.draft.with(|draft| draft.text(record.as_ref().map(|(_, r)| r), field)))
        })
    }

    /// Takes what was typed or chosen.
    pub(super) fn write(self, field: &'static Declared, text: String) {
        self.record.with_untracked(|record| {
            let record = record.as_ref().map(|(_, record)| record);
            self.draft.update(|draft| draft.write(record, field, text));
        });
    }

    /// Follows the villages on whose rosters people are looked for.
    pub(super) fn hosts(self) -> Memo<BTreeSet<UnitCode>> {
        Memo::new(move |_| {
            let of_record = self.record.with(|record| record.as_ref().map(|(_, record)| record.hosts.clone()));
            of_record.unwrap_or_else(|| self.draft.with(|draft| draft.hosts.clone()))
        })
    }

    /// Keeps the draft under a name whenever it changes, and while it holds something.
    fn keep(self, name: String) {
        Effect::new(move |_| {
            let text = self.draft.with(|draft| (!draft.is_untouched()).then(|| draft.to_text()));
            preferences::keep_draft(&name, text.as_deref());
        });
    }

    /// Says in one line what is left to mend.
    fn note(self) -> Signal<String> {
        Signal::derive(move || {
            let first = self.faults.with(|faults| faults.first().copied());
            match first.filter(|_| self.tried.get()) {
                None => String::new(),
                Some((part, fault)) => {
                    let part = match part {
                        Part::Hosts => t_string!(self.i18n, registers.whose).to_owned(),
                        Part::Date => t_string!(self.i18n, registers.date).to_owned(),
                        Part::Field(field) => words::declared(self.i18n, field.name).to_owned(),
                    };
                    let first = t_string!(self.i18n, words.aside, what = part, inside = say_fault(self.i18n, fault));
                    t_string!(self.i18n, registers.faults, count = self.faults.with(Vec::len), first = first)
                }
            }
        })
    }
}

/// What stands at `/registers/:kind/new`.
#[component]
pub fn NewRecordPage() -> impl IntoView {
    let phone = Phone::expect();
    for_kind(move |kind| match phone.me.get_untracked() {
        Some(me) => view! { <NewRecord kind me /> }.into_any(),
        None => ().into_any(),
    })
}

#[component]
fn NewRecord(kind: &'static Kind, me: Holder) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let asking = Asking::start();
    let today = moment(clock::now()).map(|moment| moment.date);
    let (choice, own) = phone.workspace.with_untracked(|workspace| draft::hosts(workspace, &me, kind));
    let fresh = RecordDraft::new(own.clone(), today);
    let kept = preferences::draft(kind.key).map(|text| RecordDraft::from_text(&text)).map(|kept| match &choice {
        // Where nothing is chosen, what was kept under another enrolment must not choose.
        HostChoice::Given => RecordDraft { hosts: own.clone(), ..kept },
        HostChoice::One(_) | HostChoice::Several(_) => kept,
    });
    let was_kept = RwSignal::new(kept.is_some());
    let draft = RwSignal::new(kept.unwrap_or_else(|| fresh.clone()));
    let holder = StoredValue::new(me.clone());
    let wish = Memo::new(move |_| {
        let opening = |workspace: &_| holder.with_value(|me| draft.with(|draft| draft.opening(workspace, me, kind)));
        phone.workspace.with(|workspace| opening(workspace))
    });
    let faults = Memo::new(move |_| wish.with(|wish| wish.as_ref().err().cloned().unwrap_or_default()));
    let form = Form { i18n, phone, draft, record: Memo::new(|_| None), tried: RwSignal::new(false), faults };
    form.keep(kind.key.to_owned());

    let navigate = StoredValue::new_local(use_navigate());
    let create = move |()| {
        form.tried.set(true);
        let Ok(opening) = wish.get_untracked() else { return };
        asking.open(opening, move |number: FactId| {
            preferences::keep_draft(kind.key, None);
            let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(&links::record(&number, RecordPage::Overview), options));
        });
    };
    let create = Callback::new(create);
    let bar = move || {
        view! {
            <BottomBar note=form.note()>
                <Button
                    label=say!(i18n, registers.create)
                    on_press=create
                    kind=ButtonKind::Primary
                    busy=asking.busy
                />
            </BottomBar>
        }
    };
    let refused = phone.workspace.with_untracked(|workspace| may_open_in(workspace, &me, kind, None)).err();
    let refused = move || {
        refused.clone().map(|refusal| {
            let title =
                Signal::derive(move || t_string!(i18n, registers.may_not_open, why = why(i18n, phone, kind, &refusal)));
            view! { <Banner kind=BannerKind::Warning title /> }
        })
    };
    let clear = move |()| {
        draft.set(fresh.clone());
        was_kept.set(false);
    };
    let clear = Callback::new(clear);
    let again = move || {
        was_kept.get().then(|| {
            view! {
                <Banner
                    title=say!(i18n, registers.draft_kept)
                    action=say!(i18n, registers.draft_drop)
                    on_action=clear
                />
            }
        })
    };
    let title = Signal::derive(move || t_string!(i18n, registers.new, kind = words::declared(i18n, kind.name)));
    let inputs = kind.fields.iter().map(|field| view! { <Input form field /> }).collect_view();
    view! {
        <Frame title back=links::register(kind, None) narrow=true bar>
            <Refusal asking kind=kind />
            {refused}
            {again}
            <Card>
                <Hosts form choice />
                <Field
                    label=say!(i18n, registers.date)
                    value=Signal::derive(move || draft.with(|draft| draft.date.clone()))
                    on_input=move |text| draft.update(|draft| draft.date = text)
                    kind=FieldKind::Date
                    error=form.error(Part::Date)
                />
                {inputs}
            </Card>
        </Frame>
    }
}

/// Changing what a record says.
#[component]
pub fn EditForm(
    /// The record's number.
    id: FactId,
    /// Its kind.
    kind: &'static Kind,
) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let asking = Asking::start();
    let record = {
        let id = id.clone();
        Memo::new(move |_| {
            let found = |(address, record): (&Address, &Record)| (address.clone(), record.clone());
            phone.workspace.with(|workspace| workspace.record(&id).map(found))
        })
    };
    let name = id.to_string();
    let kept = preferences::draft(&name).map(|text| RecordDraft::from_text(&text));
    let draft = RwSignal::new(kept.unwrap_or_default());
    let wish = Memo::new(move |_| {
        record.with(|record| {
            let Some((address, record)) = record.as_ref() else { return Ok(None) };
            phone.workspace.with(|workspace| draft.with(|draft| draft.writing(workspace, address, record)))
        })
    });
    let faults = Memo::new(move |_| wish.with(|wish| wish.as_ref().err().cloned().unwrap_or_default()));
    let form = Form { i18n, phone, draft, record, tried: RwSignal::new(false), faults };
    form.keep(name.clone());

    let navigate = StoredValue::new_local(use_navigate());
    let back = links::record(&id, RecordPage::Overview);
    let save = {
        let (back, name) = (back.clone(), name.clone());
        move |()| {
            form.tried.set(true);
            let Ok(Some(writing)) = wish.get_untracked() else { return };
            let (back, name) = (back.clone(), name.clone());
            asking.ask(Command::Register(writing), move || {
                preferences::keep_draft(&name, None);
                let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                navigate.with_value(|navigate| navigate(&back, options));
            });
        }
    };
    let save = Callback::new(save);
    let note = form.note();
    let note = Signal::derive(move || match wish.with(|wish| matches!(wish, Ok(None))) {
        true => t_string!(i18n, registers.nothing_changed).to_owned(),
        false => note.get(),
    });
    let bar = move || {
        view! {
            <BottomBar note>
                <Button
                    label=say!(i18n, registers.save)
                    on_press=save
                    kind=ButtonKind::Primary
                    busy=asking.busy
                />
            </BottomBar>
        }
    };
    let title = Signal::derive(move || {
        let title = record.with(|record| record.as_ref().map(|(_, record)| record.title().to_owned()));
        t_string!(i18n, registers.edit_title, title = title.unwrap_or_default())
    });
    let inputs = kind.fields.iter().map(|field| view! { <Input form field /> }).collect_view();
    view! {
        <Frame title back narrow=true bar>
            <Refusal asking kind=kind />
            <Card>{inputs}</Card>
        </Frame>
    }
}

/// Says what is wrong, as what to do.
fn say_fault(i18n: Words, fault: Fault) -> String {
    let said = match fault {
        Fault::Missing => t_string!(i18n, registers.fault_missing),
        Fault::Date => t_string!(i18n, registers.fault_date),
        Fault::Count => t_string!(i18n, registers.fault_count),
        Fault::Money => t_string!(i18n, registers.fault_money),
        Fault::TooFine => t_string!(i18n, registers.fault_too_fine),
        Fault::TooLarge => t_string!(i18n, registers.fault_too_large),
        Fault::NotOnRoster => t_string!(i18n, registers.fault_not_on_roster),
        Fault::NoVillage => t_string!(i18n, registers.fault_no_village),
        Fault::NotOwn => t_string!(i18n, registers.fault_not_own),
        Fault::Value(fault) => return value_fault(i18n, fault),
    };
    said.to_owned()
}
