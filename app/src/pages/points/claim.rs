//! Claiming: what happened and when, then a tick for everybody who took part, and one save.

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use shared::domain::command::PointsWish;

use super::{Scene, said};
use crate::pages::asking::Refusal;
use crate::pages::frame::Frame;
use crate::pages::words::Words;
use crate::platform::preferences;
use crate::say;
use crate::state::links::{self, PointsPage as Link};
use crate::state::points::claim::{self, Candidate, ClaimDraft, ClaimFault, ROWS_SHOWN, may_claim};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::field::{DraftField, Field, FieldKind, Select};
use crate::ui::icon::{Icon, Sign};
use crate::ui::pager::Pager;

/// The name under which the draft is kept.
const DRAFT: &str = "points";

/// What every part of the form sees.
#[derive(Clone, Copy)]
struct Form {
    scene: Scene,
    draft: RwSignal<ClaimDraft>,
    tried: RwSignal<bool>,
    wish: Memo<Result<PointsWish, Vec<ClaimFault>>>,
}

impl Form {
    fn error(self, of: &'static [ClaimFault]) -> Signal<String> {
        Signal::derive(move || {
            let fault = self.wish.with(|wish| wish.as_ref().err()?.iter().find(|fault| of.contains(fault)).copied());
            fault
                .filter(|_| self.tried.get())
                .map(|fault| say_fault(self.scene.i18n, fault))
                .unwrap_or_default()
                .to_owned()
        })
    }
}

fn say_fault(i18n: Words, fault: ClaimFault) -> &'static str {
    match fault {
        ClaimFault::Date => t_string!(i18n, registers.fault_date),
        ClaimFault::NoRule => t_string!(i18n, points.fault_no_rule),
        ClaimFault::Item => t_string!(i18n, points.fault_item),
        ClaimFault::Note => t_string!(i18n, points.fault_note),
        ClaimFault::Nobody => t_string!(i18n, points.fault_nobody),
    }
}

/// What stands at `/points/claim`.
#[component]
pub fn ClaimPage() -> impl IntoView {
    let scene = Scene::start();
    let i18n = scene.i18n;
    let kept = preferences::draft(DRAFT).map(|text| ClaimDraft::from_text(&text));
    let draft = RwSignal::new(kept.unwrap_or_else(|| ClaimDraft::new(scene.today)));
    Effect::new(move |_| {
        let text = draft.with(|draft| (!draft.is_untouched()).then(|| draft.to_text()));
        preferences::keep_draft(DRAFT, text.as_deref());
    });
    let wish = Memo::new(move |_| {
        let wish = scene.read(|workspace, _, village, _| draft.with(|draft| draft.wish(workspace, village)));
        wish.unwrap_or_else(|| Err(Vec::new()))
    });
    let form = Form { scene, draft, tried: RwSignal::new(false), wish };
    let navigate = StoredValue::new_local(use_navigate());
    let save = move |()| {
        form.tried.set(true);
        let Ok(wish) = wish.get_untracked() else { return };
        let back = links::points(scene.village.get_untracked().as_ref(), Link::Entries(Some("claimed")));
        scene.ask(wish, move || {
            preferences::keep_draft(DRAFT, None);
            let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(&back, options));
        });
    };
    let save = Callback::new(save);
    let label =
        Signal::derive(move || t_string!(i18n, points.claim_save, count = draft.with(|draft| draft.ticked.len())));
    let note = Signal::derive(move || {
        let first = wish.with(|wish| wish.as_ref().err().and_then(|faults| faults.first().copied()));
        first.filter(|_| form.tried.get()).map(|fault| say_fault(i18n, fault)).unwrap_or_default().to_owned()
    });
    let bar = move || {
        view! {
            <BottomBar note>
                <Button label on_press=save kind=ButtonKind::Primary busy=scene.asking.busy />
            </BottomBar>
        }
    };
    let refused = move || {
        let refusal = scene.read(may_claim)?.err()?;
        let title = scene.why(&refusal);
        Some(view! { <Banner kind=BannerKind::Warning title /> })
    };
    let back = Signal::derive(move || scene.link(Link::Overview)).get_untracked();
    view! {
        <Frame title=say!(i18n, points.claim) back narrow=true bar>
            <Refusal asking=scene.asking />
            {refused}
            <What form />
            <Who form />
        </Frame>
    }
}

/// The event.
#[component]
fn What(form: Form) -> impl IntoView {
    let Form { scene, draft, .. } = form;
    let i18n = scene.i18n;
    let items = Memo::new(move |_| {
        let items = scene.read(|workspace, _, village, _| {
            let rule = draft.with(|draft| draft.rule(workspace, village));
            let item = |item: &shared::domain::rulebook::points::PointItem| {
                (item.id.to_string(), item.name.clone(), item.points)
            };
            rule.map(|rule| rule.items.iter().map(item).collect::<Vec<_>>())
        });
        items.flatten().unwrap_or_default()
    });
    let options = Signal::derive(move || {
        let name = |(_, name, points): &(String, String, i32)| format!("{name} {points:+}");
        items.with(|items| items.iter().map(name).collect::<Vec<_>>())
    });
    let selected = Signal::derive(move || {
        draft.with(|draft| items.with(|items| items.iter().position(|(id, ..)| *id == draft.item)))
    });
    let choose = move |place: usize| {
        if let Some((id, ..)) = items.with_untracked(|items| items.get(place).cloned()) {
            draft.update(|draft| draft.item = id);
        }
    };
    let is_deduction = Memo::new(move |_| {
        draft.with(|draft| items.with(|items| items.iter().any(|(id, _, points)| *id == draft.item && *points < 0)))
    });
    let note_label = Signal::derive(move || {
        let note = t_string!(i18n, points.note).to_owned();
        if is_deduction.get() { t_string!(i18n, registers.required, name = note) } else { note }
    });
    view! {
        <Card>
            <DraftField
                draft
                text=|draft| &mut draft.date
                label=say!(i18n, points.day)
                kind=FieldKind::Date
                error=form.error(&[ClaimFault::Date, ClaimFault::NoRule])
            />
            <Select
                label=say!(i18n, points.item)
                options
                selected
                on_choose=choose
                placeholder=say!(i18n, points.choose_item)
                error=form.error(&[ClaimFault::Item])
            />
            <DraftField
                draft
                text=|draft| &mut draft.occasion
                label=say!(i18n, points.occasion)
                hint=say!(i18n, points.occasion_hint)
            />
            <DraftField
                draft
                text=|draft| &mut draft.note
                label=note_label
                kind=FieldKind::Area
                error=form.error(&[ClaimFault::Note])
            />
        </Card>
    }
}

/// Everybody of the village, to be ticked.
#[component]
fn Who(form: Form) -> impl IntoView {
    let Form { scene, draft, .. } = form;
    let i18n = scene.i18n;
    let (search, first) = (RwSignal::new(String::new()), RwSignal::new(0_usize));
    let found = Memo::new(move |_| {
        let found = scene.read(|workspace, me, village, today| {
            draft.with(|draft| {
                search.with(|search| claim::candidates(workspace, me, village, today, draft, search, first.get()))
            })
        });
        found.unwrap_or_default()
    });
    let ways = Signal::derive(move || {
        let person = ChoiceOption::new(t_string!(i18n, points.by_person));
        vec![person, ChoiceOption::new(t_string!(i18n, points.by_household))]
    });
    let way = Signal::derive(move || Some(usize::from(draft.with(|draft| draft.by_household))));
    let turn = move |place: usize| {
        draft.update(|draft| {
            draft.by_household = place == 1;
            draft.ticked.clear();
        });
    };
    let rows = Memo::new(move |_| found.with(|found| found.rows.clone()));
    let (from, count) =
        (Memo::new(move |_| found.with(|found| found.first)), Memo::new(move |_| found.with(|found| found.found)));
    let place = Signal::derive(move || said::window(i18n, from.get(), count.get(), ROWS_SHOWN));
    let nobody = form.error(&[ClaimFault::Nobody]);
    let title = Signal::derive(move || t_string!(i18n, points.who, count = draft.with(|draft| draft.ticked.len())));
    view! {
        <section class="stack" data-gap="small">
            <h2>{title}</h2>
            <p class="picker-error" role="status" hidden=move || nobody.with(String::is_empty)>
                {nobody}
            </p>
            <Choice
                label=say!(i18n, points.by)
                options=ways
                selected=way
                on_choose=turn
                hint=say!(i18n, points.by_hint)
            />
            <Field
                label=say!(i18n, points.search)
                value=search
                on_input=move |text| {
                    search.set(text);
                    first.set(0);
                }
                kind=FieldKind::Search
                hint=say!(i18n, points.search_hint)
            />
            <ul class="points-ticks" role="list" aria-label=title>
                <For each=move || rows.get() key=|row| (row.key.clone(), row.why.clone().map(|why| format!("{why:?}"))) let:row>
                    <Tick form row />
                </For>
            </ul>
            <Pager
                first=from
                all=count
                size=ROWS_SHOWN
                place
                back=say!(i18n, points.before)
                on=say!(i18n, points.after)
                on_turn=move |to| first.set(to)
            />
        </section>
    }
}

/// One row: a tap ticks; where nothing can be claimed, the reason stands in its place.
#[component]
fn Tick(form: Form, row: Candidate) -> impl IntoView {
    let Form { scene, draft, .. } = form;
    let key = row.key.clone();
    let is_ticked = Memo::new(move |_| draft.with(|draft| draft.ticked.contains(&key)));
    let key = row.key;
    let tap = move |_| {
        draft.update(|draft| {
            if !draft.ticked.remove(&key) {
                draft.ticked.insert(key.clone());
            }
        });
    };
    let why = row.why.map(|refusal| scene.why(&refusal));
    // Who was ticked before the day was changed can be unticked again.
    let is_closed = why.is_some();
    view! {
        <li>
            <button
                type="button"
                class="points-tick"
                aria-pressed=move || is_ticked.get().to_string()
                disabled=move || is_closed && !is_ticked.get()
                on:click=tap
            >
                <span class="points-mark" aria-hidden="true">
                    {move || is_ticked.get().then(|| view! { <Icon sign=Sign::Check /> })}
                </span>
                <span class="points-words">
                    <span class="points-name">{row.name}</span>
                    <span class="soft small">{row.dwelling}</span>
                    {why.map(|why| view! { <span class="points-why small">{why}</span> })}
                </span>
            </button>
        </li>
    }
}
