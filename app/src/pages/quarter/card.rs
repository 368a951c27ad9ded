//! One's own cards: the villages to be scored, and a card with big fields that works without a signal.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use shared::domain::rulebook::assessment::Source;
use shared::id::{CriterionId, UnitCode};

use super::next::mark_unvisited;
use super::wish::WishDialog;
use super::{Page, for_quarter, told};
use crate::pages::asking::Refusal;
use crate::pages::frame::Frame;
use crate::pages::words::{self, Words};
use crate::platform::preferences;
use crate::say;
use crate::state::links::QuarterPage as At;
use crate::state::quarter::card::{self as cards, CardRow, CardState, CardView};
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::empty_state::EmptyState;
use crate::ui::facts::Facts;
use crate::ui::field::{Field, FieldKind};
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};

/// What stands at `/quarter/:quarter/card`.
#[component]
pub fn CardsPage() -> impl IntoView {
    for_quarter(|page| view! { <CardList page /> }.into_any())
}

/// What stands at `/quarter/:quarter/card/:village`.
#[component]
pub fn CardPage() -> impl IntoView {
    let params = use_params_map();
    let village =
        Memo::new(move |_| params.with(|params| params.get("village")).and_then(|text| UnitCode::new(&text).ok()));
    for_quarter(move |page| {
        let card = move || match village.get() {
            Some(village) => view! { <Scoring page village /> }.into_any(),
            None => ().into_any(),
        };
        card.into_any()
    })
}

#[component]
fn CardList(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let rows = Memo::new(move |_| {
        page.read(|workspace, me, assessment| cards::rows(workspace, &me.person, assessment)).flatten()
    });
    let body = move || match rows.get() {
        Some(rows) => {
            let rows = rows.into_iter().map(|one| row(page, one)).collect_view();
            view! {
                <p class="soft">{say!(i18n, quarter.private)}</p>
                <List label=say!(i18n, quarter.my_card)>{rows}</List>
            }
            .into_any()
        }
        None => view! {
            <EmptyState
                sign=Sign::Paper
                title=say!(i18n, quarter.not_on_group)
                text=say!(i18n, quarter.private)
            />
        }
        .into_any(),
    };
    view! {
        <Frame title=say!(i18n, quarter.my_card) subtitle=page.title() back=page.link(&At::Overview) narrow=true>
            {body}
        </Frame>
    }
}

fn row(page: Page, row: CardRow) -> impl IntoView {
    let (kind, label) = state(page.i18n, row.state);
    let href = page.link(&At::Card(row.village));
    view! {
        <ListRow title=row.name href>
            <Badge kind label />
        </ListRow>
    }
}

fn state(i18n: Words, state: CardState) -> (BadgeKind, String) {
    match state {
        CardState::Recused => (BadgeKind::Plain, t_string!(i18n, quarter.card_recused).to_owned()),
        CardState::Unvisited => (BadgeKind::Plain, t_string!(i18n, quarter.card_unvisited).to_owned()),
        CardState::Differs => (BadgeKind::Bad, t_string!(i18n, quarter.card_differs).to_owned()),
        CardState::Given(done, all) => {
            (BadgeKind::Attention, t_string!(i18n, quarter.card_given, done = done, all = all))
        }
        CardState::Done => (BadgeKind::Good, t_string!(i18n, quarter.card_done).to_owned()),
    }
}

/// What a field of the card is for; the field stays while its value changes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shape {
    criterion: CriterionId,
    name: String,
    max: u32,
    source: Source,
}

#[component]
fn Scoring(page: Page, village: UnitCode) -> impl IntoView {
    let i18n = page.i18n;
    let name = format!("{}-{village}", page.quarter);
    let kept = preferences::draft(&name).map(|text| cards::from_text(&text)).unwrap_or_default();
    let typed: RwSignal<BTreeMap<CriterionId, String>> = RwSignal::new(kept);
    Effect::new({
        let name = name.clone();
        move |_| {
            let text = typed.with(|typed| (!typed.is_empty()).then(|| cards::to_text(typed)));
            preferences::keep_draft(&name, text.as_deref());
        }
    });
    let view = {
        let village = village.clone();
        Memo::new(move |_| {
            page.read(|workspace, me, assessment| cards::card(workspace, me, assessment, &village)).flatten()
        })
    };
    let title = Signal::derive(move || {
        let name = view.with(|view| view.as_ref().map(|view| view.name.clone()).unwrap_or_default());
        t_string!(i18n, quarter.card_title, village = name)
    });
    let tried = RwSignal::new(false);
    let navigate = StoredValue::new_local(use_navigate());
    let next = Memo::new(move |_| view.with(|view| view.as_ref().and_then(|view| view.next.clone())));
    let save = {
        let village = village.clone();
        Callback::new(move |()| {
            tried.set(true);
            let wishes = view.with_untracked(|view| {
                let view = view.as_ref()?;
                let is_sound = typed.with_untracked(|typed| view.faults(typed).is_empty());
                is_sound.then(|| typed.with_untracked(|typed| view.wishes(&village, typed)))
            });
            let Some(wishes) = wishes else { return };
            // Where to is decided by what stood there: once it is saved this card is no longer the next.
            let href = match next.get_untracked() {
                Some(next) => page.link(&At::Card(next)),
                None => page.link(&At::Cards),
            };
            let name = name.clone();
            let go = move || {
                preferences::keep_draft(&name, None);
                let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                navigate.with_value(|navigate| navigate(&href, options));
            };
            let wishes: Vec<_> = wishes.into_iter().map(|wish| page.command(wish)).collect();
            page.asking.ask_each(wishes, go);
        })
    };
    let may = Memo::new(move |_| view.with(|view| view.as_ref().map(|view| view.may.clone())));
    let bar = move || {
        matches!(may.get(), Some(Ok(()))).then(|| {
            let label = Signal::derive(move || match next.with(Option::is_some) {
                true => t_string!(i18n, quarter.save_next).to_owned(),
                false => t_string!(i18n, quarter.save_card).to_owned(),
            });
            view! {
                <BottomBar>
                    <Button label on_press=save kind=ButtonKind::Primary busy=page.asking.busy />
                </BottomBar>
            }
        })
    };
    let body = move || match may.get() {
        Some(Ok(())) => view! { <Fields i18n view typed tried /> }.into_any(),
        Some(Err(refusal)) => {
            let title = t_string!(i18n, quarter.card_not, why = told::why(i18n, page.phone, &refusal));
            view! { <Banner kind=BannerKind::Warning title /> <Given i18n view /> }.into_any()
        }
        None => view! { <Banner kind=BannerKind::Warning title=say!(i18n, quarter.not_on_group) /> }.into_any(),
    };
    view! {
        <Frame title subtitle=page.title() back=page.link(&At::Cards) narrow=true bar>
            <Refusal asking=page.asking />
            {body}
            <Visited page village view />
            <WishDialog wish=page.wish asking=page.asking />
        </Frame>
    }
}

fn shapes(view: Memo<Option<CardView>>) -> Memo<Vec<Shape>> {
    Memo::new(move |_| {
        let shape = |line: &cards::Line| Shape {
            criterion: line.criterion.clone(),
            name: line.name.clone(),
            max: line.max,
            source: line.source,
        };
        view.with(|view| view.iter().flat_map(|view| &view.lines).map(shape).collect())
    })
}

/// The big fields.
#[component]
fn Fields(
    i18n: Words,
    view: Memo<Option<CardView>>,
    typed: RwSignal<BTreeMap<CriterionId, String>>,
    tried: RwSignal<bool>,
) -> impl IntoView {
    let shapes = shapes(view);
    let field = move |shape: Shape| {
        let id = StoredValue::new(shape.criterion.clone());
        let line =
            move |view: &CardView| id.with_value(|id| view.lines.iter().find(|line| line.criterion == *id).cloned());
        let value = Signal::derive(move || {
            view.with(|view| {
                let view = view.as_ref()?;
                let line = line(view)?;
                Some(typed.with(|typed| view.text(typed, &line)))
            })
            .unwrap_or_default()
        });
        let hint = Signal::derive(move || {
            let given = view.with(|view| view.as_ref().and_then(line).map(|line| line.given).unwrap_or_default());
            if given.len() > 1 {
                let values: Vec<String> = given.iter().map(ToString::to_string).collect();
                return t_string!(i18n, quarter.score_apart, values = words::list(i18n, &values));
            }
            match shape.source {
                Source::Assessors => String::new(),
                Source::Office => t_string!(i18n, quarter.score_office).to_owned(),
                Source::Rank => t_string!(i18n, quarter.score_rank).to_owned(),
            }
        });
        let max = shape.max;
        let error = Signal::derive(move || {
            let text = typed.with(|typed| id.with_value(|id| typed.get(id).cloned())).unwrap_or_default();
            match cards::read(&text, max) {
                // A number that is being typed is not wrong yet; one that is too large will not become right.
                Err(fault) if tried.get() || matches!(fault, cards::ScoreFault::Above(_)) => {
                    told::score_fault(i18n, fault)
                }
                _ => String::new(),
            }
        });
        let (name, max) = (shape.name.clone(), shape.max);
        let label = Signal::derive(move || t_string!(i18n, quarter.score, name = name.clone(), max = max));
        let write = move |text: String| {
            let id = id.get_value();
            typed.update(|typed| _ = typed.insert(id, text));
        };
        view! {
            <div class="quarter-score">
                <Field label value on_input=write kind=FieldKind::Decimal hint error />
            </div>
        }
    };
    view! { <Card>{move || shapes.get().into_iter().map(field).collect_view()}</Card> }
}

/// What was given, where nothing can be given any more.
#[component]
fn Given(i18n: Words, view: Memo<Option<CardView>>) -> impl IntoView {
    let facts = Signal::derive(move || {
        let fact = |line: &cards::Line| {
            let values: Vec<String> = line.given.iter().map(ToString::to_string).collect();
            let value = match values.is_empty() {
                true => t_string!(i18n, registers.empty_value).to_owned(),
                false => words::list(i18n, &values),
            };
            (t_string!(i18n, quarter.score, name = line.name.clone(), max = line.max), value)
        };
        view.with(|view| view.iter().flat_map(|view| &view.lines).map(fact).collect::<Vec<_>>())
    });
    view! { <Card><Facts facts /></Card> }
}

/// What is said of a visit that did not take place, and by whom it can be said.
#[component]
fn Visited(page: Page, village: UnitCode, view: Memo<Option<CardView>>) -> impl IntoView {
    let i18n = page.i18n;
    let stands = Memo::new(move |_| {
        view.with(|view| view.as_ref().map(|view| (view.unvisited, view.may_mark.clone(), view.may.is_ok())))
    });
    move || {
        let (unvisited, may, takes_scores) = stands.get()?;
        if unvisited {
            return Some(view! { <Banner title=say!(i18n, quarter.card_unvisited_told) /> }.into_any());
        }
        if !takes_scores {
            return None;
        }
        let body = match may {
            Ok(()) => {
                let village = village.clone();
                let press = move |()| {
                    if let Some(me) = page.phone.me.get_untracked() {
                        mark_unvisited(page, &me.person, &village);
                    }
                };
                view! {
                    <p>{say!(i18n, quarter.not_visited_myself)}</p>
                    <Button label=say!(i18n, quarter.mark_unvisited) on_press=press />
                }
                .into_any()
            }
            Err(refusal) => {
                let why = told::why(i18n, page.phone, &refusal);
                view! { <p class="record-refused">{t_string!(i18n, quarter.not_visited_lead, why = why)}</p> }
                    .into_any()
            }
        };
        Some(body)
    }
}
