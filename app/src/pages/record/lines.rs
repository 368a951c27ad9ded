//! Who is on a record's list: adding from the roster or by name, striking with a reason.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::{Command, RegisterCommand};
use shared::domain::register::{LineOf, LineSubject, Lines as Declared};
use shared::id::{FactId, UnitCode};

use super::Page;
use crate::pages::registers::{listed, why};
use crate::pages::words;
use crate::say;
use crate::state::register::pick::{self, Pick};
use crate::state::register::sheet::{self, LINES_SHOWN, LineRow};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, FieldKind, Select};
use crate::ui::list_row::{List, ListRow};
use crate::ui::pager::Pager;

/// The list, for kinds that have one.
#[component]
pub(super) fn LinesCard(page: Page) -> impl IntoView {
    page.kind.lines.map(|lines| {
        let i18n = page.i18n;
        let title = Signal::derive(move || words::declared(i18n, lines.name).to_owned());
        let count = Signal::derive(move || listed(i18n, lines.of, page.read(|sheet| sheet.listed).unwrap_or_default()));
        let may = Memo::new(move |_| page.read(|sheet| sheet.may_list.clone()).flatten());
        let add = move || match may.get()? {
            Ok(()) => Some(view! { <Add page lines /> }.into_any()),
            Err(refusal) => {
                let why = why(i18n, page.phone, page.kind, &refusal);
                let said = t_string!(i18n, registers.step_not, step = t_string!(i18n, registers.add), why = why);
                Some(view! { <p class="record-refused">{said}</p> }.into_any())
            }
        };
        view! {
            <Card title note=count>
                {add}
                <Listed page />
            </Card>
        }
    })
}

/// A search over the roster whose hits are added by a tap, and the words themselves where the list takes words.
#[component]
fn Add(page: Page, lines: Declared) -> impl IntoView {
    let Page { i18n, phone, asking, .. } = page;
    let (search, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let hosts = Memo::new(move |_| page.read(|sheet| sheet.hosts.clone()).unwrap_or_default());
    let place = RwSignal::new(0_usize);
    let village = Memo::new(move |_| hosts.with(|all| all.get(place.get()).map(|(code, _)| code.clone())));
    let picks = Memo::new(move |_| {
        let offered = |search: &String, village: &UnitCode| {
            phone.workspace.with(|workspace| pick::subjects(workspace, village, lines.of, search))
        };
        let is_typed = |search: &&String| !search.trim().is_empty();
        search.with(|search| Some(offered(Some(search).filter(is_typed)?, &village.get()?))).unwrap_or_default()
    });
    let list = move |subject: LineSubject| {
        // Where a record has one village or none, its lines name none.
        let village = village.get_untracked().filter(|_| hosts.with_untracked(Vec::len) > 1);
        let Some((address, record)) = page.address() else { return };
        let list = RegisterCommand::List { address, record, village, subject, note: note.get_untracked() };
        asking.ask(Command::Register(list), move || {
            let _ = search.try_set(String::new());
            let _ = note.try_set(String::new());
        });
    };
    let (label, hint) = match lines.of {
        LineOf::People => (say!(i18n, registers.add_search), say!(i18n, registers.add_hint)),
        LineOf::Households => (say!(i18n, registers.add_household), say!(i18n, registers.add_household_hint)),
        LineOf::Words => (say!(i18n, registers.add_words), say!(i18n, registers.add_words_hint)),
        LineOf::Any => (say!(i18n, registers.add_any), say!(i18n, registers.add_any_hint)),
    };
    let found = move || {
        let row = |(pick, subject): (Pick, LineSubject)| {
            let press = Callback::new(move |()| list(subject.clone()));
            view! { <ListRow title=pick.name subtitle=pick.note on_press=press /> }
        };
        let picks = picks.get();
        (!picks.is_empty()).then(|| {
            let rows = picks.into_iter().map(row).collect_view();
            view! { <List label>{rows}</List> }
        })
    };
    let typed = Memo::new(move |_| search.with(|search| search.trim().to_owned()));
    let as_typed = move || {
        let is_taken = lines.of.takes(&LineSubject::Name(String::new()));
        (is_taken && !typed.with(String::is_empty)).then(|| {
            let label = Signal::derive(move || match lines.of {
                LineOf::People => t_string!(i18n, registers.add_name, name = typed.get()),
                _ => t_string!(i18n, registers.add_typed, words = typed.get()),
            });
            let press = move |()| list(LineSubject::Name(typed.get_untracked()));
            view! { <Button label on_press=press busy=asking.busy /> }
        })
    };
    let villages = move || {
        (hosts.with(Vec::len) > 1).then(|| {
            let options =
                Signal::derive(move || hosts.with(|all| all.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>()));
            let selected = Signal::derive(move || Some(place.get()));
            view! {
                <Select
                    label=say!(i18n, registers.add_village)
                    options
                    selected
                    on_choose=move |to| place.set(to)
                />
            }
        })
    };
    let noted = lines.note.map(|name| {
        let label = Signal::derive(move || words::declared(i18n, name).to_owned());
        view! { <Field label value=note on_input=move |text| note.set(text) /> }
    });
    view! {
        <div class="stack" data-gap="small">
            {villages}
            {noted}
            <Field label value=search on_input=move |text| search.set(text) hint />
            {found}
            {as_typed}
        </div>
    }
}

/// The lines of the window and the dialog that strikes one.
#[component]
fn Listed(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let first = RwSignal::new(0_usize);
    let lines = Memo::new(move |_| {
        page.with_record(|workspace, _, record| sheet::lines(workspace, record, first.get())).unwrap_or_default()
    });
    let may = Memo::new(move |_| page.read(|sheet| matches!(sheet.may_list, Some(Ok(())))).unwrap_or_default());
    let striking = RwSignal::new(None::<(FactId, String)>);
    let rows = move || {
        let rows = lines.with(|lines| lines.rows.clone());
        if rows.is_empty() {
            return view! { <p class="soft">{say!(i18n, registers.list_empty)}</p> }.into_any();
        }
        let may = may.get();
        let rows = rows.into_iter().map(|line| row(page, line, may, striking)).collect_view();
        view! { <ul class="list" role="list">{rows}</ul> }.into_any()
    };
    let (from, all) = (Memo::new(move |_| lines.with(|l| l.first)), Memo::new(move |_| lines.with(|l| l.all)));
    let place = Signal::derive(move || {
        let (from, all) = (from.get(), all.get());
        t_string!(i18n, registers.window, from = from + 1, to = (from + LINES_SHOWN).min(all), all = all)
    });
    view! {
        {rows}
        <Pager
            first=from
            all
            size=LINES_SHOWN
            place
            back=say!(i18n, registers.later)
            on=say!(i18n, registers.earlier)
            on_turn=move |to| first.set(to)
        />
        <StrikeDialog page striking />
    }
}

fn row(page: Page, line: LineRow, may: bool, striking: RwSignal<Option<(FactId, String)>>) -> AnyView {
    let i18n = page.i18n;
    let struck = line.struck.as_ref().map(|reason| t_string!(i18n, registers.struck, reason = reason.clone()));
    let parts = [line.village, Some(line.dwelling), Some(line.note), struck, Some(line.id.to_string())];
    let subtitle: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let is_struck = line.struck.is_some();
    let strike = (may && !is_struck).then(|| {
        let (id, name) = (line.id.clone(), line.name.clone());
        let press = move |()| striking.set(Some((id.clone(), name.clone())));
        view! { <Button label=say!(i18n, registers.strike) on_press=press kind=ButtonKind::Quiet /> }
    });
    view! {
        <li class="record-line" data-struck=is_struck.then_some("")>
            <span class="record-who">
                <span class="record-name">{line.name}</span>
                <span class="soft small">{subtitle.join(" · ")}</span>
            </span>
            {strike}
        </li>
    }
    .into_any()
}

/// Asks why a line is struck.
#[component]
fn StrikeDialog(page: Page, striking: RwSignal<Option<(FactId, String)>>) -> impl IntoView {
    let i18n = page.i18n;
    let reason = RwSignal::new(String::new());
    let title = Signal::derive(move || {
        let name = striking.get().map(|(_, name)| name).unwrap_or_default();
        t_string!(i18n, registers.strike_who, name = name)
    });
    let is_blank = Signal::derive(move || reason.with(|reason| reason.trim().is_empty()));
    let close = move || {
        striking.set(None);
        reason.set(String::new());
    };
    let go = move |()| {
        let Some(((line, _), (address, record))) = striking.get_untracked().zip(page.address()) else { return };
        let strike = RegisterCommand::Strike { address, record, line, reason: reason.get_untracked() };
        close();
        page.asking.ask(Command::Register(strike), || {});
    };
    let go = Callback::new(go);
    let actions = move || {
        view! {
            <Button label=say!(i18n, common.cancel) on_press=move |()| close() />
            <Button label=say!(i18n, registers.strike) on_press=go kind=ButtonKind::Danger disabled=is_blank />
        }
    };
    view! {
        <Dialog
            open=Signal::derive(move || striking.with(Option::is_some))
            title
            close_label=say!(i18n, common.close)
            on_close=move |()| close()
            actions
        >
            <p>{say!(i18n, registers.strike_text)}</p>
            <Field
                label=say!(i18n, registers.step_reason)
                value=reason
                on_input=move |text| reason.set(text)
                kind=FieldKind::Area
                hint=say!(i18n, registers.step_reason_hint)
            />
        </Dialog>
    }
}
