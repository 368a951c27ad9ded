//! The records of one kind: looked for, filtered, exported, and the way to a new one.

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::hooks::use_query_map;
use shared::domain::register::Kind;
use shared::id::UnitCode;
use shared::role::Role;

use super::{VillageFilter, asked_village, for_kind, listed, why};
use crate::i18n::*;
use crate::pages::frame::Frame;
use crate::pages::words::{self, Words};
use crate::platform::{clock, files};
use crate::say;
use crate::shell::Phone;
use crate::state::links::{self, RecordPage};
use crate::state::moment::moment;
use crate::state::register::list::{self, At, Query, ROWS_SHOWN, RecordList, RecordRow, Span};
use crate::state::register::{export, may_open_in};
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind, ButtonLink};
use crate::ui::empty_state::EmptyState;
use crate::ui::field::{Field, FieldKind, Select};
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};
use crate::ui::pager::Pager;

/// What stands at `/registers/:kind`.
#[component]
pub fn RegisterPage() -> impl IntoView {
    for_kind(|kind| view! { <Register kind /> }.into_any())
}

#[component]
fn Register(kind: &'static Kind) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let village = asked_village();
    let (search, at, first) = (RwSignal::new(String::new()), RwSignal::new(None::<At>), RwSignal::new(0_usize));
    let span = asked_span(kind);
    let query =
        Memo::new(move |_| Query { search: search.get(), at: at.get(), village: village.get(), span: span.get() });
    let found = Memo::new(move |_| {
        phone.workspace.with(|workspace| query.with(|query| list::list(workspace, kind, query, first.get())))
    });
    let may_open = Memo::new(move |_| {
        let me = phone.me.get()?;
        phone.workspace.with(|w| village.with(|village| Some(may_open_in(w, &me, kind, village.as_ref()))))
    });
    let title = Signal::derive(move || words::declared(i18n, kind.name).to_owned());
    let new_label = Signal::derive(move || t_string!(i18n, registers.new, kind = words::declared(i18n, kind.name)));
    let is_allowed = Memo::new(move |_| matches!(may_open.get(), Some(Ok(()))));
    let bar = move || {
        move || {
            is_allowed.get().then(|| {
                view! {
                    <BottomBar>
                        <ButtonLink
                            label=new_label
                            href=links::new_record(kind)
                            kind=ButtonKind::Primary
                            sign=Sign::Plus
                        />
                    </BottomBar>
                }
            })
        }
    };
    let refused = move || {
        let refusal = may_open.get()?.err()?;
        let why = why(i18n, phone, kind, &refusal);
        Some(view! { <p class="record-refused">{t_string!(i18n, registers.may_not_open, why = why)}</p> })
    };
    let is_empty = Memo::new(move |_| found.with(|found| found.all == 0));
    let body = move || match is_empty.get() {
        true => {
            let title =
                Signal::derive(move || t_string!(i18n, registers.none, kind = words::declared(i18n, kind.name)));
            let text = Signal::derive(move || teaches(i18n, kind));
            view! { <EmptyState sign=Sign::Paper title text /> }.into_any()
        }
        false => view! {
            <Filters kind search at first found />
            <Rows kind found first query />
        }
        .into_any(),
    };
    view! {
        <Frame title back=links::registers(village.get_untracked().as_ref()) narrow=true bar>
            <VillageFilter village path=move |village| links::records(kind, village, &span.get_untracked()) />
            <SpanNote kind span village />
            {body}
            {refused}
        </Frame>
    }
}

/// Follows the days and the measure that the address asks for.
fn asked_span(kind: &'static Kind) -> Memo<Span> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|query| {
            let date = |key: &str| query.get(key).and_then(|text| text.parse().ok());
            let measure = query.get("measure");
            let measure = kind.measures.iter().find(|one| measure.as_deref() == Some(one.key));
            Span { from: date("from"), until: date("until"), open: query.get("open").is_some(), measure }
        })
    })
}

/// Says which records a number led to, and the way to all of them.
#[component]
fn SpanNote(kind: &'static Kind, span: Memo<Span>, village: Memo<Option<UnitCode>>) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let span = span.get();
        if span.is_whole() {
            return None;
        }
        let mut parts = Vec::new();
        parts.extend(span.measure.map(|measure| words::declared(i18n, measure.name).to_owned()));
        parts.extend(span.from.map(|day| t_string!(i18n, registers.from, day = words::date(i18n, day))));
        parts.extend(span.until.map(|day| t_string!(i18n, registers.until, day = words::date(i18n, day))));
        parts.extend(span.open.then(|| t_string!(i18n, registers.still_open).to_owned()));
        let title = t_string!(i18n, registers.only, what = parts.join(" · "));
        let href = links::register(kind, village.get().as_ref());
        Some(view! {
            <List>
                <ListRow title subtitle=say!(i18n, registers.show_whole) href />
            </List>
        })
    }
}

/// Says from the declaration what a kind is for: who opens one, what becomes of it, what it counts for.
fn teaches(i18n: Words, kind: &'static Kind) -> String {
    let names = |all: Vec<String>| words::list(i18n, &all);
    let is_everybody = Role::ALL.iter().all(|role| kind.keepers.contains(role));
    let roles = match is_everybody {
        true => t_string!(i18n, registers.everybody).to_owned(),
        false => names(kind.keepers.iter().map(|role| words::role(i18n, *role).to_owned()).collect()),
    };
    let declared = |word| words::declared(i18n, word).to_owned();
    t_string!(
        i18n,
        registers.teaches,
        roles = roles,
        first = kind.first().map(|state| declared(state.name)).unwrap_or_default(),
        steps = names(kind.steps.iter().map(|step| declared(step.name)).collect()),
        measures = names(kind.measures.iter().map(|measure| declared(measure.name)).collect())
    )
}

#[component]
fn Filters(
    kind: &'static Kind,
    search: RwSignal<String>,
    at: RwSignal<Option<At>>,
    first: RwSignal<usize>,
    found: Memo<RecordList>,
) -> impl IntoView {
    let i18n = use_i18n();
    let kind_states = Memo::new(move |_| found.with(|found| found.states.clone()));
    // What was chosen stays on offer although the search finds none of it.
    let states = Memo::new(move |_| {
        let mut states = kind_states.get();
        if let Some(chosen) = at.get().filter(|chosen| !states.iter().any(|(at, _)| at == chosen)) {
            states.push((chosen, 0));
        }
        states
    });
    let options = Signal::derive(move || {
        let all = kind_states.with(|states| states.iter().map(|(_, count)| count).sum::<usize>());
        let name = |(at, count): &(At, usize)| {
            let state = match at {
                At::Divided => t_string!(i18n, registers.divided).to_owned(),
                At::State(place) => {
                    let state = kind.states.get(*place);
                    state.map(|state| words::declared(i18n, state.name).to_owned()).unwrap_or_default()
                }
            };
            t_string!(i18n, registers.state_count, state = state, count = *count)
        };
        let every = t_string!(i18n, registers.all_states, count = all);
        states.with(|states| std::iter::once(every).chain(states.iter().map(name)).collect::<Vec<_>>())
    });
    let selected = Signal::derive(move || {
        let place = |chosen: At| states.with(|states| states.iter().position(|(at, _)| *at == chosen));
        Some(at.get().and_then(place).map_or(0, |place| place + 1))
    });
    let choose = move |place: usize| {
        let chosen = place.checked_sub(1).and_then(|place| states.with_untracked(|s| s.get(place).map(|(at, _)| *at)));
        at.set(chosen);
        first.set(0);
    };
    view! {
        <Field
            label=say!(i18n, registers.search)
            value=search
            on_input=move |text| {
                search.set(text);
                first.set(0);
            }
            kind=FieldKind::Search
            hint=say!(i18n, registers.search_hint)
        />
        <div class="register-filters">
            <Select label=say!(i18n, registers.state) options selected on_choose=choose />
        </div>
    }
}

#[component]
fn Rows(kind: &'static Kind, found: Memo<RecordList>, first: RwSignal<usize>, query: Memo<Query>) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let count = Memo::new(move |_| found.with(|found| found.found));
    let saved = RwSignal::new(None::<bool>);
    let save = move |()| {
        let today = moment(clock::now()).map(|moment| moment.date);
        let bytes = phone.workspace.with_untracked(|workspace| {
            let records = query.with_untracked(|query| list::found(workspace, kind, query));
            export::csv(workspace, kind, &records)
        });
        saved.set(Some(files::save(&export::file_name(kind, today), "text/csv", &bytes).is_ok()));
    };
    let rows = move || {
        let rows = found.with(|found| found.rows.clone());
        match rows.is_empty() {
            true => view! {
                <EmptyState
                    sign=Sign::Paper
                    title=say!(i18n, registers.none_found)
                    text=say!(i18n, registers.none_found_text)
                />
            }
            .into_any(),
            false => {
                let rows = rows.into_iter().map(|record| row(i18n, kind, record)).collect_view();
                view! { <List>{rows}</List> }.into_any()
            }
        }
    };
    let from = Memo::new(move |_| found.with(|found| found.first));
    let place = Signal::derive(move || window(i18n, from.get(), count.get(), ROWS_SHOWN));
    let told = move || {
        saved.get().map(|done| match done {
            true => view! { <Banner kind=BannerKind::Done title=say!(i18n, registers.exported) /> }.into_any(),
            false => view! {
                <Banner
                    kind=BannerKind::Refusal
                    title=say!(i18n, registers.not_exported)
                    next=say!(i18n, registers.not_exported_next)
                />
            }
            .into_any(),
        })
    };
    view! {
        <div class="cluster" data-align="between">
            <p class="soft small" role="status">
                {move || t_string!(i18n, registers.found, count = count.get())}
            </p>
            <Button label=say!(i18n, registers.export) on_press=save kind=ButtonKind::Quiet />
        </div>
        {told}
        {rows}
        <Pager
            first=from
            all=count
            size=ROWS_SHOWN
            place
            back=say!(i18n, registers.later)
            on=say!(i18n, registers.earlier)
            on_turn=move |to| first.set(to)
        />
    }
}

/// Says where a window stands.
pub(in crate::pages) fn window(i18n: Words, first: usize, all: usize, size: usize) -> String {
    t_string!(i18n, registers.window, from = first + 1, to = (first + size).min(all), all = all)
}

fn row(i18n: Words, kind: &'static Kind, row: RecordRow) -> AnyView {
    let mut parts = vec![words::date(i18n, row.date)];
    parts.extend((!row.hosts.is_empty()).then(|| words::list(i18n, &row.hosts)));
    parts.extend(kind.lines.zip(row.listed).map(|(lines, count)| listed(i18n, lines.of, count)));
    parts.push(row.id.to_string());
    let (badge, label) = match row.state {
        Some(state) => (BadgeKind::Plain, words::declared(i18n, state.name)),
        None => (BadgeKind::Attention, t_string!(i18n, registers.divided)),
    };
    let title = if row.title.is_empty() { row.id.to_string() } else { row.title };
    let differs = row.differs.then(|| {
        let label = t_string!(i18n, registers.differs);
        view! { <Badge kind=BadgeKind::Attention label=label.to_owned() /> }
    });
    view! {
        <ListRow title subtitle=parts.join(" · ") href=links::record(&row.id, RecordPage::Overview)>
            {differs}
            <Badge kind=badge label=label.to_owned() />
        </ListRow>
    }
    .into_any()
}
