//! A roster from a CSV file: looked at first, every doubtful row named, nothing imported until it is accepted.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::t_string;
use shared::domain::roster_file::{Column, RosterPreview, RowProblem, RowReason, read_roster};
use shared::id::UnitCode;

use super::asking::{Asking, Refusal};
use super::frame::{Frame, for_village};
use super::words::Words;
use crate::i18n::*;
use crate::platform::files::{self, FileTrouble};
use crate::say;
use crate::shell::Phone;
use crate::state::home;
use crate::state::import::Preview;
use crate::state::links::{self, VillagePage};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind, ButtonLink};
use crate::ui::card::Card;
use crate::ui::file_pick::FilePick;
use crate::ui::table::{Column as TableColumn, Table};

/// What stands at a village's import.
#[component]
pub fn ImportPage() -> impl IntoView {
    for_village(|code| view! { <Import code /> }.into_any())
}

/// How far the import is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    Nothing,
    Unreadable(FileTrouble),
    Picked { name: String, file: RosterPreview },
    Done { added: usize, changed: usize },
}

#[component]
fn Import(code: UnitCode) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let asking = Asking::start();
    let stage = RwSignal::new(Stage::Nothing);
    let input = NodeRef::<html::Input>::new();
    let pick = {
        let code = code.clone();
        move |()| {
            let (Some(input), code) = (input.get_untracked(), code.clone()) else { return };
            spawn_local(async move {
                let Some(picked) = files::picked(&input).await else { return };
                let read = match picked {
                    Ok(picked) => Stage::Picked { name: picked.name, file: read_roster(&picked.bytes, &code) },
                    Err(trouble) => Stage::Unreadable(trouble),
                };
                let _ = stage.try_set(read);
            });
        }
    };
    let preview = {
        let code = code.clone();
        Memo::new(move |_| {
            stage.with(|stage| match stage {
                Stage::Picked { file, .. } => phone.workspace.with(|workspace| {
                    let roster =
                        workspace.villages.get(&code).map(|village| village.roster.clone()).unwrap_or_default();
                    Some(Preview::of(file, &roster))
                }),
                _ => None,
            })
        })
    };
    let accept = {
        let code = code.clone();
        Callback::new(move |()| {
            let Stage::Picked { file, .. } = stage.get_untracked() else { return };
            let Some(changes) = preview.with_untracked(|preview| preview.as_ref().map(|preview| preview.changes))
            else {
                return;
            };
            let Some(command) = file.into_command(code.clone()) else { return };
            let done = Stage::Done { added: changes.new, changed: changes.changed };
            asking.ask(command, move || _ = stage.try_set(done));
        })
    };
    let people = links::village(&code, VillagePage::People);
    let bar = {
        let people = people.clone();
        move || {
            let people = people.clone();
            move || match (preview.get(), stage.with(|stage| matches!(stage, Stage::Done { .. }))) {
                (Some(preview), _) if preview.changes_something() => {
                    let count = preview.changes.new + preview.changes.changed;
                    let label = Signal::derive(move || t_string!(i18n, import.accept, count = count));
                    Some(
                        view! {
                            <BottomBar>
                                <Button label on_press=accept kind=ButtonKind::Primary busy=asking.busy />
                            </BottomBar>
                        }
                        .into_any(),
                    )
                }
                (_, true) => {
                    let href = people.clone();
                    Some(
                        view! {
                            <BottomBar>
                                <ButtonLink label=say!(i18n, import.see_people) href kind=ButtonKind::Primary />
                            </BottomBar>
                        }
                        .into_any(),
                    )
                }
                _ => None,
            }
        }
    };
    let subtitle = {
        let code = code.clone();
        Signal::derive(move || phone.workspace.with(|workspace| home::name(workspace, &code)))
    };
    let picked = move || match stage.get() {
        Stage::Nothing | Stage::Done { .. } => t_string!(i18n, import.pick).to_owned(),
        Stage::Unreadable(_) | Stage::Picked { .. } => t_string!(i18n, import.pick_again).to_owned(),
    };
    view! {
        <Frame title=say!(i18n, import.title) subtitle back=people narrow=true bar>
            <Refusal asking />
            <Card>
                <p>{say!(i18n, import.nothing_yet)}</p>
                <FilePick label=Signal::derive(picked) accept=".csv,text/csv" input on_pick=pick />
                <p class="soft small">{say!(i18n, import.pick_hint)}</p>
                <p class="soft small">{move || columns(i18n)}</p>
            </Card>
            {move || notice(i18n, &stage.get())}
            {move || preview.get().map(|preview| view! { <Looked preview /> })}
        </Frame>
    }
}

/// Names the columns a file may have, those that must be there first.
fn columns(i18n: Words) -> String {
    let name = |column: Column| match i18n.get_locale() {
        Locale::zh_CN => column.names().0,
        Locale::en => column.names().1,
    };
    let names: Vec<&str> = Column::ALL.into_iter().map(name).collect();
    t_string!(i18n, import.columns_are, names = names.join(" · "))
}

fn notice(i18n: Words, stage: &Stage) -> AnyView {
    match stage {
        Stage::Nothing => ().into_any(),
        Stage::Unreadable(FileTrouble::TooLarge) => {
            view! { <Banner kind=BannerKind::Refusal title=say!(i18n, import.reason_file_too_long) /> }.into_any()
        }
        Stage::Unreadable(_) => view! {
            <Banner
                kind=BannerKind::Refusal
                title=say!(i18n, import.unreadable)
                next=say!(i18n, import.unreadable_text)
            />
        }
        .into_any(),
        Stage::Picked { name, .. } => {
            let name = t_string!(i18n, import.file, name = name.clone());
            view! { <p class="soft">{name}</p> }.into_any()
        }
        Stage::Done { added, changed } => {
            let (added, changed) = (*added, *changed);
            let next = Signal::derive(move || t_string!(i18n, import.done_text, added = added, changed = changed));
            view! { <Banner kind=BannerKind::Done title=say!(i18n, import.done) next /> }.into_any()
        }
    }
}

/// What the file holds: counts, then every row that cannot be taken.
#[component]
fn Looked(preview: Preview) -> impl IntoView {
    let i18n = use_i18n();
    let figures = [
        (say!(i18n, import.new), preview.changes.new),
        (say!(i18n, import.changed), preview.changes.changed),
        (say!(i18n, import.unchanged), preview.changes.unchanged),
        (say!(i18n, import.bad_rows), preview.problem_count),
    ]
    .map(|(label, count)| {
        view! {
            <div class="import-figure">
                <dd class="figure-large">{count}</dd>
                <dt class="soft small">{label}</dt>
            </div>
        }
    });
    let nothing_new = preview.people > 0 && !preview.changes_something();
    let nothing = preview.people == 0;
    let problems = preview.problems;
    let has_problems = !problems.is_empty();
    let table_columns = Signal::derive(move || {
        vec![
            TableColumn::figures(t_string!(i18n, import.line)),
            TableColumn::words(t_string!(i18n, import.column)),
            TableColumn::words(t_string!(i18n, import.reason)),
        ]
    });
    let rows = Signal::derive(move || problems.iter().map(|problem| row(i18n, problem)).collect::<Vec<_>>());
    view! {
        <Card title=say!(i18n, import.preview)>
            <dl class="import-figures">{figures.into_iter().collect_view()}</dl>
            {nothing_new.then(|| view! { <Banner title=say!(i18n, import.nothing_new) /> })}
            {nothing.then(|| view! { <Banner kind=BannerKind::Warning title=say!(i18n, import.bad_all) /> })}
        </Card>
        {has_problems
            .then(|| {
                view! {
                    <p>{say!(i18n, import.bad_rows_text)}</p>
                    <Table caption=say!(i18n, import.bad_rows) columns=table_columns rows />
                }
            })}
    }
}

fn row(i18n: Words, problem: &RowProblem) -> Vec<String> {
    let column = match (problem.column, i18n.get_locale()) {
        (Some(column), Locale::zh_CN) => column.names().0.to_owned(),
        (Some(column), Locale::en) => column.names().1.to_owned(),
        (None, _) => problem.cell.map(|cell| cell.to_string()).unwrap_or_default(),
    };
    vec![problem.line.to_string(), column, reason(i18n, &problem.reason)]
}

fn reason(i18n: Words, reason: &RowReason) -> String {
    match reason {
        RowReason::FileTooLong => t_string!(i18n, import.reason_file_too_long).to_owned(),
        RowReason::TooManyRows => t_string!(i18n, import.reason_too_many_rows).to_owned(),
        RowReason::NotText => t_string!(i18n, import.reason_not_text).to_owned(),
        RowReason::NoHeader => t_string!(i18n, import.reason_no_header).to_owned(),
        RowReason::MissingColumn => t_string!(i18n, import.reason_missing_column).to_owned(),
        RowReason::ColumnTwice => t_string!(i18n, import.reason_column_twice).to_owned(),
        RowReason::CellCount => t_string!(i18n, import.reason_cell_count).to_owned(),
        RowReason::LineBreak => t_string!(i18n, import.reason_line_break).to_owned(),
        RowReason::Empty => t_string!(i18n, import.reason_empty).to_owned(),
        RowReason::CellTooLong => t_string!(i18n, import.reason_cell_too_long).to_owned(),
        RowReason::IdNumber => t_string!(i18n, import.reason_id_number).to_owned(),
        RowReason::NotAWord => t_string!(i18n, import.reason_not_a_word).to_owned(),
        RowReason::NotAYear => t_string!(i18n, import.reason_not_a_year).to_owned(),
        RowReason::SamePerson { line } => t_string!(i18n, import.reason_same_person, line = *line),
        RowReason::OtherGroup { line } => t_string!(i18n, import.reason_other_group, line = *line),
        RowReason::SecondHead { line } => t_string!(i18n, import.reason_second_head, line = *line),
        RowReason::ClassWithoutParty => t_string!(i18n, import.reason_class_without_party).to_owned(),
    }
}
