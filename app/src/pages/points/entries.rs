//! Entries to work on: looked for, ticked, and moved on together.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::id::FactId;
use shared::time::{Date, Month};

use super::step::{Asked, StepDialog, buttons};
use super::{Scene, asked, said};
use crate::pages::asking::Refusal;
use crate::pages::frame::Frame;
use crate::pages::words;
use crate::say;
use crate::state::links::{self, PointsPage as Link};
use crate::state::points::work::{self, At, EntryRow, Query, ROWS_SHOWN, Work, may_step};
use crate::state::points::{may, months};
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::empty_state::EmptyState;
use crate::ui::field::{Field, FieldKind, Select};
use crate::ui::icon::{Icon, Sign};
use crate::ui::list_row::ListRow;
use crate::ui::pager::Pager;
use shared::domain::command::{PointsWish, Refusal as RuleRefusal};
use shared::domain::points::flow::PointStep;

/// What every part of the page sees.
#[derive(Clone, Copy)]
struct Desk {
    scene: Scene,
    at: RwSignal<Option<At>>,
    month: RwSignal<Option<Month>>,
    search: RwSignal<String>,
    first: RwSignal<usize>,
    found: Memo<Work>,
    ticked: RwSignal<BTreeSet<FactId>>,
}

/// What stands at `/points/entries`.
#[component]
pub fn EntriesPage() -> impl IntoView {
    let scene = Scene::start();
    let i18n = scene.i18n;
    let at = asked("at").get_untracked().and_then(|key| At::of(&key));
    let (at, month) = (RwSignal::new(at), RwSignal::new(None));
    let (search, first) = (RwSignal::new(String::new()), RwSignal::new(0_usize));
    let found = Memo::new(move |_| {
        let query = Query { search: search.get(), at: at.get(), month: month.get() };
        scene.read(|workspace, _, village, _| work::list(workspace, village, &query, first.get())).unwrap_or_default()
    });
    let desk = Desk { scene, at, month, search, first, found, ticked: RwSignal::new(BTreeSet::new()) };
    let back = links::points(scene.village.get_untracked().as_ref(), Link::Overview);
    view! {
        <Frame title=say!(i18n, points.entries) back narrow=true>
            <Refusal asking=scene.asking />
            <Filters desk />
            <Steps desk />
            <Rows desk />
        </Frame>
    }
}

#[component]
fn Filters(desk: Desk) -> impl IntoView {
    let Desk { scene, at, month, search, first, found, ticked } = desk;
    let i18n = scene.i18n;
    let states = Memo::new(move |_| {
        let mut states = found.with(|found| found.states.clone());
        // What was chosen stays on offer although nothing stands there.
        if let Some(chosen) = at.get().filter(|chosen| !states.iter().any(|(at, _)| at == chosen)) {
            states.push((chosen, 0));
        }
        states
    });
    let options = Signal::derive(move || {
        let name = |(at, count): &(At, usize)| {
            t_string!(i18n, registers.state_count, state = said::at(i18n, *at), count = *count)
        };
        states.with(|states| {
            let every =
                t_string!(i18n, registers.all_states, count = states.iter().map(|(_, count)| count).sum::<usize>());
            std::iter::once(every).chain(states.iter().map(name)).collect::<Vec<_>>()
        })
    });
    let selected = Signal::derive(move || {
        let place = |chosen: At| states.with(|states| states.iter().position(|(at, _)| *at == chosen));
        Some(at.get().and_then(place).map_or(0, |place| place + 1))
    });
    let begin = move || {
        first.set(0);
        ticked.update(BTreeSet::clear);
    };
    let choose = move |place: usize| {
        at.set(place.checked_sub(1).and_then(|place| states.with_untracked(|s| s.get(place).map(|(at, _)| *at))));
        begin();
    };
    let all = Memo::new(move |_| {
        let all = scene.read(|workspace, _, village, today: Date| {
            workspace.villages.get(village).map(|of| months(&of.points, today)).unwrap_or_default()
        });
        all.unwrap_or_default()
    });
    let month_options = Signal::derive(move || {
        let every = t_string!(i18n, points.all_months).to_owned();
        all.with(|all| std::iter::once(every).chain(all.iter().map(|m| said::month(i18n, *m))).collect::<Vec<_>>())
    });
    let month_selected = Signal::derive(move || {
        let place = |chosen: Month| all.with(|all| all.iter().position(|other| *other == chosen));
        Some(month.get().and_then(place).map_or(0, |place| place + 1))
    });
    let choose_month = move |place: usize| {
        month.set(place.checked_sub(1).and_then(|place| all.with_untracked(|all| all.get(place).copied())));
        begin();
    };
    view! {
        <Field
            label=say!(i18n, points.search)
            value=search
            on_input=move |text| {
                search.set(text);
                begin();
            }
            kind=FieldKind::Search
            hint=say!(i18n, points.search_entries_hint)
        />
        <div class="register-filters">
            <Select label=say!(i18n, points.state) options selected on_choose=choose />
            <Select
                label=say!(i18n, points.which_month)
                options=month_options
                selected=month_selected
                on_choose=choose_month
            />
        </div>
    }
}

/// The steps that can be taken with what is ticked.
#[component]
fn Steps(desk: Desk) -> impl IntoView {
    let Desk { scene, at, found, ticked, .. } = desk;
    let i18n = scene.i18n;
    let asked = Asked::start();
    let then = Callback::new(move |()| ticked.update(BTreeSet::clear));
    let chosen = Signal::derive(move || ticked.with(|ticked| ticked.iter().cloned().collect::<Vec<_>>()));
    let count = Memo::new(move |_| ticked.with(BTreeSet::len));
    let all = move |()| {
        let found = found.with_untracked(|found| found.found.clone());
        let main = at.get_untracked().and_then(|at| at.steps().first().copied());
        // What the main step cannot be taken with is left for whoever ticks it by hand.
        let can = |id: &FactId| {
            let may =
                main.and_then(|step| scene.look(|w, me, village, today| may_step(w, me, village, today, step, id)));
            matches!(may, Some(Ok(())))
        };
        let can: BTreeSet<FactId> = found.iter().filter(|id| can(id)).cloned().collect();
        ticked.set(if can.is_empty() { found.into_iter().collect() } else { can });
    };
    let all = Callback::new(all);
    let steps = Memo::new(move |_| {
        let steps = at.get().map(At::steps).unwrap_or_default();
        let may = |step: PointStep| {
            // Nothing ticked asks who may at all; then each of what is ticked is asked for.
            let entries = ticked.with(|ticked| ticked.iter().cloned().collect::<Vec<_>>());
            let asked = scene.read(|workspace, me, village, today| {
                may(workspace, me, village, today, PointsWish::Step { step, entries, words: "-".to_owned() })
            });
            match asked.unwrap_or(Ok(())) {
                Err(RuleRefusal::Points(shared::domain::command::PointsRefusal::NothingChosen)) => Ok(()),
                may => may,
            }
        };
        steps.iter().map(|step| (*step, may(*step))).collect::<Vec<_>>()
    });
    let label = Signal::derive(move || t_string!(i18n, points.tick_all, count = found.with(|found| found.found.len())));
    let title = Signal::derive(move || t_string!(i18n, points.chosen, count = count.get()));
    let is_found = Memo::new(move |_| found.with(|found| !found.found.is_empty()));
    move || {
        if !(is_found.get() && at.get().is_some_and(|at| !at.steps().is_empty())) {
            let hint = at.get().is_none() && is_found.get();
            return hint.then(|| view! { <p class="soft">{say!(i18n, points.choose_state)}</p> }.into_any());
        }
        let steps = move || {
            let steps = steps.get();
            let waits = count.get() == 0 && steps.iter().any(|(_, may)| may.is_ok());
            let shown = match count.get() {
                // Before anything is ticked only who may not at all is told so.
                0 => steps.into_iter().filter(|(_, may)| may.is_err()).collect(),
                _ => steps,
            };
            let hint = waits.then(|| view! { <p class="soft">{say!(i18n, points.tick_first)}</p> });
            view! {
                {hint}
                {buttons(scene, asked, shown, chosen, then)}
            }
        };
        Some(
            view! {
                <Card title>
                    <div class="cluster">
                        <Button label on_press=all />
                        <Button
                            label=say!(i18n, points.tick_none)
                            on_press=move |()| ticked.update(BTreeSet::clear)
                            kind=ButtonKind::Quiet
                        />
                    </div>
                    {steps}
                </Card>
                <StepDialog scene asked then />
            }
            .into_any(),
        )
    }
}

#[component]
fn Rows(desk: Desk) -> impl IntoView {
    let Desk { scene, at, first, found, .. } = desk;
    let i18n = scene.i18n;
    let can_tick = Memo::new(move |_| at.get().is_some_and(|at| !at.steps().is_empty()));
    let rows = move || {
        let rows = found.with(|found| found.rows.clone());
        if rows.is_empty() {
            return view! {
                <EmptyState
                    sign=Sign::Paper
                    title=say!(i18n, points.no_entries)
                    text=say!(i18n, points.no_entries_text)
                />
            }
            .into_any();
        }
        let can_tick = can_tick.get();
        let rows = rows.into_iter().map(|row| entry(desk, row, can_tick)).collect_view();
        view! { <ul class="points-ticks" role="list" aria-label=say!(i18n, points.entries)>{rows}</ul> }.into_any()
    };
    let from = Memo::new(move |_| found.with(|found| found.first));
    let count = Memo::new(move |_| found.with(|found| found.found.len()));
    let place = Signal::derive(move || said::window(i18n, from.get(), count.get(), ROWS_SHOWN));
    view! {
        <p class="soft small" role="status">
            {move || t_string!(i18n, registers.found, count = count.get())}
        </p>
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

/// An entry: the tick where there is a step to take, and the way to its page.
fn entry(desk: Desk, row: EntryRow, can_tick: bool) -> AnyView {
    let Desk { scene, ticked, .. } = desk;
    let i18n = scene.i18n;
    let id = row.id.clone();
    let is_ticked = {
        let id = id.clone();
        Memo::new(move |_| ticked.with(|ticked| ticked.contains(&id)))
    };
    let tap = move |_| {
        ticked.update(|ticked| {
            if !ticked.remove(&id) {
                ticked.insert(id.clone());
            }
        });
    };
    let label = t_string!(i18n, points.tick, number = row.id.to_string());
    let tick = can_tick.then(|| {
        view! {
            <button
                type="button"
                class="points-box"
                aria-label=label
                aria-pressed=move || is_ticked.get().to_string()
                on:click=tap
            >
                <span class="points-mark" aria-hidden="true">
                    {move || is_ticked.get().then(|| view! { <Icon sign=Sign::Check /> })}
                </span>
            </button>
        }
    });
    view! {
        <li class="points-entry">
            {tick}
            <ul class="points-entry-row" role="list">
                {line(scene, row)}
            </ul>
        </li>
    }
    .into_any()
}

/// An entry as a row that leads to its page.
pub(super) fn line(scene: Scene, row: EntryRow) -> AnyView {
    let i18n = scene.i18n;
    let href = scene.village.get_untracked().map(|village| links::points_entry(&village, &row.id)).unwrap_or_default();
    let who = row.person.clone().unwrap_or_else(|| row.head.clone());
    let home = t_string!(i18n, registers.household, dwelling = row.dwelling.clone());
    let title = format!("{who} · {home}");
    let occasion = (!row.occasion.is_empty()).then(|| row.occasion.clone());
    let parts = [Some(words::date(i18n, row.date)), Some(row.item.clone()), occasion, Some(row.id.to_string())];
    let subtitle = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let at = row.at();
    view! {
        <ListRow title subtitle href>
            <span class="points-figure">{said::worth(i18n, &row)}</span>
            <Badge kind=badge(at) label=said::at(i18n, at).to_owned() />
        </ListRow>
    }
    .into_any()
}

/// Returns the look of where an entry stands.
pub(super) fn badge(at: At) -> BadgeKind {
    use shared::domain::points::flow::Stage;
    match at {
        At::Held | At::Divided | At::Objected => BadgeKind::Attention,
        At::Stage(Stage::Booked) => BadgeKind::Good,
        At::Stage(Stage::Rejected) | At::Reversed => BadgeKind::Bad,
        At::Stage(_) => BadgeKind::Plain,
    }
}
