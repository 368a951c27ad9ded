//! What comes next: the steps that lead on as buttons, and those that somebody may not take with the reason.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::{Command, RegisterCommand};
use shared::domain::register::{Standing, Step};
use shared::time::Date;

use super::{Page, said_by, today};
use crate::pages::registers::why;
use crate::pages::words;
use crate::say;
use crate::state::register::sheet::{Apart, StepView};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, FieldKind};

/// A step that is being asked for, as far as it was filled in.
#[derive(Clone, Copy)]
struct Asked {
    step: RwSignal<Option<&'static Step>>,
    date: RwSignal<String>,
    reason: RwSignal<String>,
    tried: RwSignal<bool>,
}

impl Asked {
    /// Begins anew with today's day: a reason typed for one step is not another's.
    fn begin(self, step: &'static Step) {
        self.date.set(today().map(|today| today.to_string()).unwrap_or_default());
        self.reason.set(String::new());
        self.tried.set(false);
        self.step.set(Some(step));
    }
}

/// The card of the steps and its dialog.
#[component]
pub(super) fn StepsCard(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let asked = Asked {
        step: RwSignal::new(None),
        date: RwSignal::new(String::new()),
        reason: RwSignal::new(String::new()),
        tried: RwSignal::new(false),
    };
    let steps = Memo::new(move |_| page.read(|sheet| sheet.steps.clone()).unwrap_or_default());
    let apart = Memo::new(move |_| page.read(|sheet| sheet.apart.clone()).unwrap_or_default());
    let body = move || {
        let steps = steps.get();
        if steps.is_empty() {
            let rests = page.read(|sheet| matches!(sheet.standing, Standing::At(state) if state.rests));
            let said = match rests.unwrap_or_default() {
                true => t_string!(i18n, registers.at_rest),
                false => t_string!(i18n, registers.nothing_leads_on),
            };
            return view! { <p class="soft">{said}</p> }.into_any();
        }
        let first = steps.iter().position(|view| view.may.is_ok());
        let rows = steps.into_iter().enumerate().map(|(place, view)| step(page, view, Some(place) == first, asked));
        view! { <div class="record-steps">{rows.collect_view()}</div> }.into_any()
    };
    view! {
        <Card title=say!(i18n, registers.next)>
            {move || {
                let apart = apart.get();
                (!apart.is_empty()).then(|| divided(page, apart))
            }}
            {body}
        </Card>
        <StepDialog page asked />
    }
}

/// Explains that people went different ways, and what settles it.
fn divided(page: Page, apart: Vec<Apart>) -> AnyView {
    let i18n = page.i18n;
    let line = |apart: Apart| {
        let (names, when) = said_by(i18n, &apart.by);
        let step = words::declared(i18n, apart.step.name);
        view! { <li>{t_string!(i18n, registers.apart_line, step = step, names = names, when = when)}</li> }
    };
    let lines = apart.into_iter().map(line).collect_view();
    view! {
        <Banner
            kind=BannerKind::Warning
            title=say!(i18n, registers.apart)
            next=say!(i18n, registers.apart_next)
        >
            <ul>{lines}</ul>
        </Banner>
    }
    .into_any()
}

fn step(page: Page, view: StepView, is_main: bool, asked: Asked) -> AnyView {
    let i18n = page.i18n;
    let (step, name) = (view.step, words::declared(i18n, view.step.name));
    match view.may {
        Ok(()) => {
            let kind = if is_main { ButtonKind::Primary } else { ButtonKind::Secondary };
            view! { <Button label=name.to_owned() on_press=move |()| asked.begin(step) kind wide=true /> }.into_any()
        }
        Err(refusal) => {
            let why = why(i18n, page.phone, page.kind, &refusal);
            let said = t_string!(i18n, registers.step_not, step = name, why = why);
            view! { <p class="record-refused">{said}</p> }.into_any()
        }
    }
}

/// Asks for the day and, where the declaration does, for the reason.
#[component]
fn StepDialog(page: Page, asked: Asked) -> impl IntoView {
    let i18n = page.i18n;
    let Asked { step: asked, date, reason, tried } = asked;
    let is_open = Signal::derive(move || asked.with(Option::is_some));
    let title =
        Signal::derive(move || asked.get().map(|step| words::declared(i18n, step.name).to_owned()).unwrap_or_default());
    let needs_reason = Memo::new(move |_| asked.get().is_some_and(|step| step.reason));
    let day = Memo::new(move |_| date.with(|date| date.trim().parse::<Date>().ok()));
    let lacks_reason = Memo::new(move |_| needs_reason.get() && reason.with(|reason| reason.trim().is_empty()));
    let wrong = move |is_wrong: Signal<bool>, words: Signal<String>| {
        Signal::derive(move || if tried.get() && is_wrong.get() { words.get() } else { String::new() })
    };
    let day_error = wrong(Signal::derive(move || day.get().is_none()), say!(i18n, registers.fault_date));
    let reason_error = wrong(lacks_reason.into(), say!(i18n, registers.reason_missing));
    let go = move |()| {
        tried.set(true);
        let (Some(step), Some(day)) = (asked.get_untracked(), day.get_untracked()) else { return };
        let Some((address, record)) = page.address().filter(|_| !lacks_reason.get_untracked()) else { return };
        let take = RegisterCommand::Step { address, record, step, date: day, reason: reason.get_untracked() };
        asked.set(None);
        page.asking.ask(Command::Register(take), || {});
    };
    let go = Callback::new(go);
    let actions = move || {
        view! {
            <Button label=say!(i18n, common.cancel) on_press=move |()| asked.set(None) />
            <Button label=title on_press=go kind=ButtonKind::Primary busy=page.asking.busy />
        }
    };
    view! {
        <Dialog
            open=is_open
            title
            close_label=say!(i18n, common.close)
            on_close=move |()| asked.set(None)
            actions
        >
            <Field
                label=say!(i18n, registers.step_date)
                value=date
                on_input=move |text| date.set(text)
                kind=FieldKind::Date
                error=day_error
            />
            {move || {
                needs_reason
                    .get()
                    .then(|| {
                        view! {
                            <Field
                                label=say!(i18n, registers.step_reason)
                                value=reason
                                on_input=move |text| reason.set(text)
                                kind=FieldKind::Area
                                hint=say!(i18n, registers.step_reason_hint)
                                error=reason_error
                            />
                        }
                    })
            }}
        </Dialog>
    }
}
