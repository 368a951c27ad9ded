//! Handing the flag over: one side signs, the other side signs the same, and only then has it changed hands.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::{Command, FlagCommand};
use shared::time::Date;

use super::{Page, handed, side, who};
use crate::pages::quarter::told as quarters;
use crate::pages::words;
use crate::platform::clock;
use crate::say;
use crate::state::flag::{HandoverView, Receiver};
use crate::state::moment::moment;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::field::{DraftField, FieldKind, Select};

/// Handovers that wait for the other side's signature.
#[component]
pub(super) fn WaitingCard(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let waiting = Memo::new(move |_| page.flag.with(|flag| flag.waiting.clone()));
    let row = move |view: HandoverView| {
        let title = handed(i18n, &view);
        let (first, when) = (who(i18n, &view.first), words::when(i18n, view.first.at));
        let note = t_string!(i18n, flag.signed_first, who = first, when = when);
        let sign = match view.may_sign {
            Ok(()) => {
                let id = view.id.clone();
                let press = move |()| page.asking.ask(Command::Flag(FlagCommand::Countersign(id.clone())), || {});
                view! {
                    <Button
                        label=say!(i18n, flag.countersign)
                        on_press=press
                        kind=ButtonKind::Primary
                        busy=page.asking.busy
                        wide=true
                    />
                }
                .into_any()
            }
            Err(refusal) => {
                let why = quarters::why(i18n, page.phone, &refusal);
                view! { <p class="record-refused">{t_string!(i18n, flag.countersign_not, why = why)}</p> }.into_any()
            }
        };
        view! { <div class="stack" data-gap="small"><p><strong>{title}</strong></p><p class="soft small">{note}</p>{sign}</div> }
    };
    move || {
        let waiting = waiting.get();
        (!waiting.is_empty()).then(|| {
            let rows = waiting.into_iter().map(row).collect_view();
            view! { <Card title=say!(i18n, flag.waiting)>{rows}</Card> }
        })
    }
}

/// What is filled in before signing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct HandDraft {
    to: usize,
    date: String,
    reason: String,
}

/// Signing for one's own side; who may not sees why.
#[component]
pub(super) fn HandCard(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let receivers = Memo::new(move |_| page.flag.with(|flag| flag.receivers.clone()));
    let body = move || {
        let receivers = receivers.get();
        let (may, not): (Vec<Receiver>, Vec<Receiver>) = receivers.into_iter().partition(|one| one.may.is_ok());
        let refused = |one: Receiver| {
            let why = one.may.err().map(|refusal| quarters::why(i18n, page.phone, &refusal)).unwrap_or_default();
            let told = t_string!(i18n, flag.hand_not, side = side(i18n, &one.name), why = why);
            view! { <p class="record-refused">{told}</p> }
        };
        let none = (may.is_empty() && not.is_empty()).then(|| {
            view! { <p class="soft">{say!(i18n, flag.hand_nothing)}</p> }
        });
        let not = not.into_iter().map(refused).collect_view();
        let form = (!may.is_empty()).then(|| view! { <Signing page receivers=may /> });
        view! { {none} {form} {not} }
    };
    view! { <Card title=say!(i18n, flag.hand_over)>{body}</Card> }
}

#[component]
fn Signing(page: Page, receivers: Vec<Receiver>) -> impl IntoView {
    let i18n = page.i18n;
    let today = moment(clock::now()).map(|moment| moment.date.to_string()).unwrap_or_default();
    let draft = RwSignal::new(HandDraft { date: today, ..HandDraft::default() });
    let tried = RwSignal::new(false);
    let receivers = StoredValue::new(receivers);
    let options = Signal::derive(move || {
        let option = |one: &Receiver| match &one.name {
            Some(name) => t_string!(i18n, flag.hand_to, side = name.clone()),
            None => t_string!(i18n, flag.hand_back).to_owned(),
        };
        receivers.with_value(|all| all.iter().map(option).collect::<Vec<_>>())
    });
    let goes_back = Memo::new(move |_| {
        let place = draft.with(|draft| draft.to);
        receivers.with_value(|all| all.get(place).is_some_and(|one| one.to.is_none()))
    });
    let day = Memo::new(move |_| draft.with(|draft| draft.date.trim().parse::<Date>().ok()));
    let lacks_reason = Memo::new(move |_| goes_back.get() && draft.with(|draft| draft.reason.trim().is_empty()));
    let go = move |()| {
        tried.set(true);
        let (Some(date), false) = (day.get_untracked(), lacks_reason.get_untracked()) else { return };
        let given = draft.get_untracked();
        let Some(to) = receivers.with_value(|all| all.get(given.to).map(|one| one.to.clone())) else { return };
        page.asking.ask(Command::Flag(FlagCommand::HandOver { to, date, reason: given.reason }), || {});
    };
    let error = move |is_wrong: Signal<bool>, words: Signal<String>| {
        Signal::derive(move || if tried.get() && is_wrong.get() { words.get() } else { String::new() })
    };
    let day_error = error(Signal::derive(move || day.with(Option::is_none)), say!(i18n, flag.hand_date_wrong));
    let reason_error = error(lacks_reason.into(), say!(i18n, flag.hand_reason_missing));
    view! {
        <p class="soft small">{say!(i18n, flag.hand_hint)}</p>
        <Select
            label=say!(i18n, flag.hand_choose)
            options
            selected=Signal::derive(move || Some(draft.with(|draft| draft.to)))
            on_choose=move |place| draft.update(|draft| draft.to = place)
        />
        <DraftField
            draft
            text=|draft| &mut draft.date
            label=say!(i18n, flag.hand_date)
            kind=FieldKind::Date
            error=day_error
        />
        <Show when=move || goes_back.get()>
            <DraftField
                draft
                text=|draft| &mut draft.reason
                label=say!(i18n, flag.reason)
                kind=FieldKind::Area
                error=reason_error
            />
        </Show>
        <Button label=say!(i18n, flag.hand_sign) on_press=go kind=ButtonKind::Primary busy=page.asking.busy wide=true />
    }
}
