//! One entry: what was claimed, where it stands, what keeps it, what comes next, and how it came so far.

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::hooks::use_params_map;
use shared::domain::command::PointsWish;
use shared::domain::points::flow::{Stage, State};
use shared::id::FactId;
use shared::time::Date;

use super::entries::{badge, line};
use super::step::{Asked, StepDialog, buttons};
use super::{Scene, said};
use crate::pages::asking::Refusal;
use crate::pages::frame::Frame;
use crate::pages::words;
use crate::say;
use crate::state::links::{self, PointsPage as Link, RecordPage};
use crate::state::points::account::{Happened, Moment, story};
use crate::state::points::may;
use crate::state::points::work::{self, At, EntryRow, may_step};
use crate::ui::badge::Badge;
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::button::{Button, ButtonKind, ButtonLink};
use crate::ui::card::Card;
use crate::ui::dialog::Dialog;
use crate::ui::empty_state::EmptyState;
use crate::ui::facts::Facts;
use crate::ui::field::{Field, FieldKind};
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};

/// What stands at `/points/entry/:number`.
#[component]
pub fn EntryPage() -> impl IntoView {
    let scene = Scene::start();
    let i18n = scene.i18n;
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.with(|params| params.get("number")).and_then(|text| text.parse::<FactId>().ok()));
    let row = Memo::new(move |_| {
        let id = id.get()?;
        let row = scene.read(|workspace, _, village, _| {
            let entry = workspace.villages.get(village)?.points.entries.get(&id)?;
            Some(work::row(workspace, village, &id, entry))
        });
        row.flatten()
    });
    let is_here = Memo::new(move |_| row.with(Option::is_some));
    let back = links::points(scene.village.get_untracked().as_ref(), Link::Entries(None));
    let title = Signal::derive(move || row.with(|row| row.as_ref().map(|row| row.item.clone())).unwrap_or_default());
    let subtitle = Signal::derive(move || id.get().map(|id| id.to_string()).unwrap_or_default());
    move || match (is_here.get(), id.get()) {
        (true, Some(id)) => {
            let (back, stored) = (back.clone(), StoredValue::new(id));
            let page = Page { scene, id: stored, row };
            view! {
                <Frame title subtitle back narrow=true>
                    <Head page />
                    <Refusal asking=scene.asking />
                    <Warnings page />
                    <Next page />
                    <What page />
                    <Story page />
                </Frame>
            }
            .into_any()
        }
        _ => view! {
            <Frame title=say!(i18n, points.entries) back=back.clone()>
                <EmptyState sign=Sign::Paper title=say!(i18n, points.gone) text=say!(i18n, registers.gone_text) />
            </Frame>
        }
        .into_any(),
    }
}

/// What every part of the page sees.
#[derive(Clone, Copy)]
struct Page {
    scene: Scene,
    id: StoredValue<FactId>,
    row: Memo<Option<EntryRow>>,
}

impl Page {
    fn read<T>(self, read: impl FnOnce(&EntryRow) -> T) -> Option<T> {
        self.row.with(|row| row.as_ref().map(read))
    }
}

#[component]
fn Head(page: Page) -> impl IntoView {
    let i18n = page.scene.i18n;
    let at = Memo::new(move |_| page.read(EntryRow::at).unwrap_or(At::Held));
    let kind = Signal::derive(move || badge(at.get()));
    let label = Signal::derive(move || said::at(i18n, at.get()).to_owned());
    let worth = move || page.read(|row| said::worth(i18n, row));
    view! {
        <div class="record-head">
            <Badge kind label />
            <strong class="points-figure">{worth}</strong>
        </div>
    }
}

/// What somebody has to look at: a twin, an objection, a month that is closed.
#[component]
fn Warnings(page: Page) -> impl IntoView {
    let scene = page.scene;
    let i18n = scene.i18n;
    let twin = move || {
        let twin = page.read(|row| row.twin.clone()).flatten()?;
        let other = scene.read(|workspace, _, village, _| {
            let entry = workspace.villages.get(village)?.points.entries.get(&twin)?;
            Some(work::row(workspace, village, &twin, entry))
        });
        let other = other.flatten().map(|other| line(scene, other));
        Some(view! {
            <Banner
                kind=BannerKind::Warning
                title=say!(i18n, points.twin)
                next=say!(i18n, points.twin_next)
            />
            <List label=say!(i18n, points.twin)>{other}</List>
        })
    };
    let objected = move || {
        let (is_objected, notice, state) = page.read(|row| (row.is_objected, row.notice.clone(), row.state))?;
        is_objected.then(|| {
            let next = match state {
                State::At(Stage::Booked) => say!(i18n, points.objected_booked),
                _ => say!(i18n, points.objected_next),
            };
            let link = notice.map(|notice| {
                let label = t_string!(i18n, points.see_notice, number = notice.to_string());
                view! { <ButtonLink label href=links::record(&notice, RecordPage::Overview) /> }
            });
            view! {
                <Banner kind=BannerKind::Warning title=say!(i18n, points.objected) next>
                    {link}
                </Banner>
            }
        })
    };
    view! {
        {twin}
        {objected}
    }
}

/// What comes next: steps, telling, reversing; each with the reason where somebody may not.
#[component]
fn Next(page: Page) -> impl IntoView {
    let scene = page.scene;
    let i18n = scene.i18n;
    let asked = Asked::start();
    let then = Callback::new(|()| {});
    let entries = Signal::derive(move || vec![page.id.get_value()]);
    let steps = move || {
        let (mut steps, state) = page.read(|row| (row.at().steps().to_vec(), row.state))?;
        if let State::At(Stage::Noticed) = state {
            steps.insert(0, shared::domain::points::flow::PointStep::Book);
            steps.dedup();
        }
        let may = |step| {
            let id = page.id.get_value();
            scene
                .read(|workspace, me, village, today| may_step(workspace, me, village, today, step, &id))
                .unwrap_or(Ok(()))
        };
        let steps: Vec<_> = steps.into_iter().map(|step| (step, may(step))).collect();
        Some(buttons(scene, asked, steps, entries, then))
    };
    view! {
        <Card title=say!(i18n, registers.next)>
            {steps}
            <Tell page />
            <Reverse page />
        </Card>
        <StepDialog scene asked then />
    }
}

/// Writing down that the person was told of a deduction, and what they answered.
#[component]
fn Tell(page: Page) -> impl IntoView {
    let scene = page.scene;
    let i18n = scene.i18n;
    let open = RwSignal::new(false);
    let (date, answer) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let begin = move |()| {
        date.set(scene.today.map(|today| today.to_string()).unwrap_or_default());
        answer.set(String::new());
        open.set(true);
    };
    let no_day = Signal::derive(move || match date.with(|date| date.trim().parse::<Date>().is_err()) {
        true => t_string!(i18n, registers.fault_date).to_owned(),
        false => String::new(),
    });
    let go = move |()| {
        let Ok(date) = date.get_untracked().trim().parse::<Date>() else { return };
        open.set(false);
        scene.ask(PointsWish::Tell { entry: page.id.get_value(), date, answer: answer.get_untracked() }, || {});
    };
    let go = Callback::new(go);
    let body = move || {
        let is_deduction = page.read(|row| row.gives.is_some_and(|gives| gives < 0) && !row.is_told)?;
        if !is_deduction {
            return None;
        }
        let may = scene.read(|workspace, me, village, today| {
            let wish = PointsWish::Tell { entry: page.id.get_value(), date: today, answer: String::new() };
            may(workspace, me, village, today, wish)
        });
        Some(match may? {
            Ok(()) => view! { <Button label=say!(i18n, points.tell) on_press=begin wide=true /> }.into_any(),
            Err(refusal) => scene.refused(t_string!(i18n, points.tell).to_owned(), &refusal),
        })
    };
    let actions = move || {
        view! {
            <Button label=say!(i18n, common.cancel) on_press=move |()| open.set(false) />
            <Button
                label=say!(i18n, points.tell)
                on_press=go
                kind=ButtonKind::Primary
                busy=scene.asking.busy
            />
        }
    };
    view! {
        {body}
        <Dialog
            open
            title=say!(i18n, points.tell)
            close_label=say!(i18n, common.close)
            on_close=move |()| open.set(false)
            actions
        >
            <Field
                label=say!(i18n, registers.step_date)
                value=date
                on_input=move |text| date.set(text)
                kind=FieldKind::Date
                error=no_day
            />
            <Field
                label=say!(i18n, points.answer)
                value=answer
                on_input=move |text| answer.set(text)
                kind=FieldKind::Area
                hint=say!(i18n, points.answer_hint)
            />
        </Dialog>
    }
}

/// Cancelling what is booked.
#[component]
fn Reverse(page: Page) -> impl IntoView {
    let scene = page.scene;
    let i18n = scene.i18n;
    let open = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let error = Signal::derive(move || match tried.get() && reason.with(|reason| reason.trim().is_empty()) {
        true => t_string!(i18n, registers.reason_missing).to_owned(),
        false => String::new(),
    });
    let go = move |()| {
        tried.set(true);
        let reason = reason.get_untracked();
        if reason.trim().is_empty() {
            return;
        }
        open.set(false);
        scene.ask(PointsWish::Reverse { entry: page.id.get_value(), reason }, || {});
    };
    let go = Callback::new(go);
    let body = move || {
        let state = page.read(|row| row.state)?;
        if state != State::At(Stage::Booked) {
            return None;
        }
        let may = scene.read(|workspace, me, village, today| {
            let wish = PointsWish::Reverse { entry: page.id.get_value(), reason: "-".to_owned() };
            may(workspace, me, village, today, wish)
        });
        Some(match may? {
            Ok(()) => view! { <Button label=say!(i18n, points.reverse) on_press=move |()| open.set(true) wide=true /> }
                .into_any(),
            Err(refusal) => scene.refused(t_string!(i18n, points.reverse).to_owned(), &refusal),
        })
    };
    let actions = move || {
        view! {
            <Button label=say!(i18n, common.cancel) on_press=move |()| open.set(false) />
            <Button
                label=say!(i18n, points.reverse)
                on_press=go
                kind=ButtonKind::Danger
                busy=scene.asking.busy
            />
        }
    };
    view! {
        {body}
        <Dialog
            open
            title=say!(i18n, points.reverse)
            close_label=say!(i18n, common.close)
            on_close=move |()| open.set(false)
            actions
        >
            <p>{say!(i18n, points.reverse_text)}</p>
            <Field
                label=say!(i18n, registers.step_reason)
                value=reason
                on_input=move |text| reason.set(text)
                kind=FieldKind::Area
                error
            />
        </Dialog>
    }
}

/// What was claimed.
#[component]
fn What(page: Page) -> impl IntoView {
    let scene = page.scene;
    let i18n = scene.i18n;
    let facts = Signal::derive(move || {
        let facts = page.read(|row| {
            let home = t_string!(i18n, registers.household, dwelling = row.dwelling.clone());
            let mut facts = vec![
                (t_string!(i18n, points.account).to_owned(), format!("{home} {}", row.head)),
                (t_string!(i18n, points.day).to_owned(), words::date(i18n, row.date)),
            ];
            let mut more = |label: &str, text: Option<String>| {
                facts.extend(text.filter(|text| !text.is_empty()).map(|text| (label.to_owned(), text)));
            };
            more(t_string!(i18n, points.person), row.person.clone());
            more(t_string!(i18n, points.occasion), Some(row.occasion.clone()));
            more(t_string!(i18n, points.note), Some(row.note.clone()));
            more(t_string!(i18n, points.late), row.late_in.map(|month| said::month(i18n, month)));
            facts
        });
        facts.unwrap_or_default()
    });
    let account = move || {
        let account = page.read(|row| row.account.clone())?;
        let href = links::account(&scene.village.get()?, &account);
        Some(view! { <ButtonLink label=say!(i18n, points.see_account) href /> })
    };
    view! {
        <Card title=say!(i18n, registers.facts)>
            <Facts facts />
            <div class="cluster">{account}</div>
        </Card>
    }
}

#[component]
fn Story(page: Page) -> impl IntoView {
    let scene = page.scene;
    let i18n = scene.i18n;
    let moments = Memo::new(move |_| {
        let id = page.id.get_value();
        scene.read(|workspace, _, village, _| story(workspace, village, &id)).unwrap_or_default()
    });
    let row = move |moment: Moment| {
        let told = match &moment.what {
            Happened::Claimed => t_string!(i18n, points.claimed).to_owned(),
            Happened::Stepped(step, text) if text.is_empty() => said::step(i18n, *step).to_owned(),
            Happened::Stepped(step, text) => words::aside(i18n, said::step(i18n, *step), text),
            Happened::Told(date, answer) if answer.is_empty() => {
                t_string!(i18n, points.told_silent, date = words::date(i18n, *date))
            }
            Happened::Told(date, answer) => {
                t_string!(i18n, points.told, date = words::date(i18n, *date), answer = answer.clone())
            }
            Happened::Reversed(reason) => words::aside(i18n, said::at(i18n, At::Reversed), reason),
        };
        let by = moment.by.unwrap_or_else(|| t_string!(i18n, registers.somebody).to_owned());
        let (when, number) = (words::when(i18n, moment.at), moment.fact.to_string());
        let subtitle = t_string!(i18n, registers.entry, name = by, when = when, number = number);
        view! { <ListRow title=told subtitle /> }
    };
    view! {
        <Card title=say!(i18n, registers.story)>
            <List label=say!(i18n, registers.story)>
                {move || moments.get().into_iter().map(row).collect_view()}
            </List>
        </Card>
    }
}
