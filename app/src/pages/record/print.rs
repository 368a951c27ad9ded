//! A record on paper: what it says, who is on its list, how it came so far, and who signs; A4 from the browser.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::Workspace;
use shared::domain::register::{Kind, Record, Standing};
use shared::id::FactId;
use shared::identity::Holder;

use super::story::told;
use super::{for_record, name, today};
use crate::i18n::*;
use crate::pages::frame::Frame;
use crate::pages::registers::say_shown;
use crate::pages::words::{self, Words};
use crate::say;
use crate::shell::Phone;
use crate::state::links::{self, RecordPage};
use crate::state::register::sheet::{self, LineRow, Sheet};
use crate::state::register::story;
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::icon::Sign;
use crate::ui::print_sheet::{PrintSheet, SignatureLines};

/// What stands at `/record/:number/print`.
#[component]
pub fn RecordPrintPage() -> impl IntoView {
    for_record(|id, kind| view! { <Print id kind /> }.into_any())
}

#[component]
fn Print(id: FactId, kind: &'static Kind) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let back = links::record(&id, RecordPage::Overview);
    let paper = move || {
        let me = phone.me.get()?;
        phone.workspace.with(|workspace| {
            let (address, record) = workspace.record(&id)?;
            let sheet = sheet::sheet(workspace, &me, today(), address, record);
            Some(paper(i18n, workspace, record, &sheet, &me))
        })
    };
    let bar = move || {
        view! {
            <BottomBar note=say!(i18n, print.print_hint)>
                <Button
                    label=say!(i18n, print.print_now)
                    on_press=move |()| drop(window().print())
                    kind=ButtonKind::Primary
                    sign=Sign::Printer
                />
            </BottomBar>
        }
    };
    let title = Signal::derive(move || t_string!(i18n, registers.print_title, kind = words::declared(i18n, kind.name)));
    view! {
        <Frame title back bar>
            <div class="sheets">{paper}</div>
        </Frame>
    }
}

fn paper(i18n: Words, workspace: &Workspace, record: &Record, sheet: &Sheet, me: &Holder) -> AnyView {
    let title = t_string!(i18n, registers.print_title, kind = words::declared(i18n, record.kind.name));
    let number = t_string!(i18n, registers.print_number, number = sheet.id.to_string());
    let hosts: Vec<String> = sheet.hosts.iter().map(|(_, name)| name.clone()).collect();
    let hosts = match hosts.is_empty() {
        true => t_string!(i18n, registers.whole_township).to_owned(),
        false => words::list(i18n, &hosts),
    };
    let state = match &sheet.standing {
        Standing::At(state) => words::declared(i18n, state.name).to_owned(),
        Standing::Divided(states) => {
            let states: Vec<String> = states.iter().map(|state| words::declared(i18n, state.name).to_owned()).collect();
            let states = words::list(i18n, &states);
            t_string!(i18n, words.aside, what = t_string!(i18n, registers.divided), inside = states)
        }
    };
    let line = [hosts, words::date(i18n, sheet.date), state].join(" · ");
    let labels = vec![
        t_string!(i18n, registers.print_sign_keeper).to_owned(),
        t_string!(i18n, registers.print_sign_secretary).to_owned(),
        t_string!(i18n, print.sign_date).to_owned(),
    ];
    let foot = vec![number.clone(), me.name.clone()];
    let parts = (values(i18n, sheet), list(i18n, workspace, record), timeline(i18n, workspace, record));
    view! {
        <PrintSheet title lines=vec![number, line] foot>
            {parts}
            <SignatureLines labels />
        </PrintSheet>
    }
    .into_any()
}

fn values(i18n: Words, sheet: &Sheet) -> AnyView {
    let rows = sheet.fields.iter().map(|view| {
        let said: Vec<String> = view.said.iter().map(|value| say_shown(i18n, &value.shown)).collect();
        view! {
            <tr>
                <th scope="row">{words::declared(i18n, view.field.name)}</th>
                <td class="record-sheet-text">{said.join(" / ")}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <table>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// The lines that stand, in the order in which they were listed; none where the kind has no list.
fn list(i18n: Words, workspace: &Workspace, record: &Record) -> Option<AnyView> {
    let lines = record.kind.lines?;
    let mut rows: Vec<LineRow> = Vec::new();
    while rows.len() < record.lines.len() {
        rows.extend(sheet::lines(workspace, record, rows.len()).rows);
    }
    rows.retain(|row| row.struck.is_none());
    rows.reverse();
    let row = |(place, row): (usize, LineRow)| {
        let dwelling = [row.village, Some(row.dwelling)].into_iter().flatten().collect::<Vec<_>>().join(" ");
        view! {
            <tr>
                <td data-numeric="">{place + 1}</td>
                <th scope="row">{row.name}</th>
                <td>{dwelling}</td>
                {lines.note.map(|_| view! { <td>{row.note}</td> })}
                <td class="roll-sign"></td>
            </tr>
        }
    };
    let rows = rows.into_iter().enumerate().map(row).collect_view();
    let note = lines.note.map(|note| view! { <th scope="col">{words::declared(i18n, note)}</th> });
    Some(
        view! {
            <h3>{words::declared(i18n, lines.name)}</h3>
            <table class="roll-sheet">
                <thead>
                    <tr>
                        <th scope="col">{t_string!(i18n, print.ballot_number)}</th>
                        <th scope="col">{t_string!(i18n, registers.print_names)}</th>
                        <th scope="col">{t_string!(i18n, registers.print_dwelling)}</th>
                        {note}
                        <th scope="col">{t_string!(i18n, registers.print_sign)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any(),
    )
}

/// Opening, writings and steps, the earliest first; who was listed stands in the list.
fn timeline(i18n: Words, workspace: &Workspace, record: &Record) -> AnyView {
    let mut entries: Vec<story::Entry> = Vec::new();
    let all = story::moments(record).len();
    for first in (0..all).step_by(story::ENTRIES_SHOWN) {
        entries.extend(story::story(workspace, record, first).entries);
    }
    entries.retain(|entry| !matches!(entry.what, story::Happened::Listed(_) | story::Happened::Struck { .. }));
    let row = |entry: story::Entry| {
        view! {
            <tr>
                <td>{told(i18n, &entry.what)}</td>
                <td>{name(i18n, entry.by.as_deref())}</td>
                <td>{words::when(i18n, entry.at)}</td>
                <td>{entry.fact.to_string()}</td>
            </tr>
        }
    };
    let rows = entries.into_iter().rev().map(row).collect_view();
    view! {
        <h3>{t_string!(i18n, registers.story)}</h3>
        <table>
            <thead>
                <tr>
                    <th scope="col">{t_string!(i18n, registers.print_what)}</th>
                    <th scope="col">{t_string!(i18n, registers.print_who)}</th>
                    <th scope="col">{t_string!(i18n, registers.print_when)}</th>
                    <th scope="col">{t_string!(i18n, registers.number)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
