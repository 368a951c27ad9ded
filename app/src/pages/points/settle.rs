//! What becomes of accounts when a household splits (分户) or joins another (并户).

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::PointsWish;
use shared::domain::points::fact::AccountLink;
use shared::domain::register::Shape;
use shared::id::{HouseholdId, PersonId};

use super::account::Page;
use crate::pages::words::Words;
use crate::say;
use crate::state::points::account::Resident;
use crate::state::points::split::{self, SplitDraft, SplitFault};
use crate::state::register::pick::{self, Pick};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::dialog::Dialog;
use crate::ui::field::{DraftField, Field, FieldKind};
use crate::ui::picker::{Picker, Suggestion};
use crate::ui::toggle::Toggle;

/// The two ways in which households change, for who may settle them.
#[component]
pub(super) fn SettleCard(page: Page) -> impl IntoView {
    let i18n = page.scene.i18n;
    let (splits, joins) = (RwSignal::new(false), RwSignal::new(false));
    let body = move || {
        Some(match page.read(|account| account.may_settle.clone())? {
            Ok(()) => view! {
                <div class="record-steps">
                    <Button label=say!(i18n, points.split) on_press=move |()| splits.set(true) wide=true />
                    <Button label=say!(i18n, points.join) on_press=move |()| joins.set(true) wide=true />
                </div>
            }
            .into_any(),
            Err(refusal) => page.scene.refused(t_string!(i18n, points.settle).to_owned(), &refusal),
        })
    };
    view! {
        <Card title=say!(i18n, points.settle)>
            <p class="soft">{say!(i18n, points.settle_note)}</p>
            {body}
        </Card>
        <SplitDialog page open=splits />
        <JoinDialog page open=joins />
    }
}

fn say_fault(i18n: Words, fault: SplitFault) -> &'static str {
    match fault {
        SplitFault::Number => t_string!(i18n, points.split_number_wrong),
        SplitFault::Movers => t_string!(i18n, points.split_nobody),
        SplitFault::Everybody => t_string!(i18n, points.split_everybody),
        SplitFault::Points => t_string!(i18n, registers.fault_count),
        SplitFault::Words => t_string!(i18n, points.words_missing),
    }
}

/// Who moves, into which household, with how many honour points, by whose agreement.
#[component]
fn SplitDialog(page: Page, open: RwSignal<bool>) -> impl IntoView {
    let scene = page.scene;
    let i18n = scene.i18n;
    let draft = RwSignal::new(SplitDraft::default());
    let tried = RwSignal::new(false);
    let commands = Memo::new(move |_| {
        let id = page.id.get_value();
        let commands = |draft: &SplitDraft| {
            scene.read(|workspace, _, village, today| split::commands(workspace, village, today, &id, draft))
        };
        draft.with(commands)
    });
    let error = move |of: &'static [SplitFault]| {
        Signal::derive(move || {
            let fault = commands.with(|commands| commands.as_ref()?.as_ref().err().copied());
            let fault = fault.filter(|fault| tried.get() && of.contains(fault));
            fault.map(|fault| say_fault(i18n, fault)).unwrap_or_default().to_owned()
        })
    };
    let go = move |()| {
        tried.set(true);
        let Some(Ok(commands)) = commands.get_untracked() else { return };
        open.set(false);
        scene.asking.ask_each(commands, move || {
            let _ = draft.try_set(SplitDraft::default());
            let _ = tried.try_set(false);
        });
    };
    let go = Callback::new(go);
    let actions = move || {
        view! {
            <Button label=say!(i18n, common.cancel) on_press=move |()| open.set(false) />
            <Button
                label=say!(i18n, points.split)
                on_press=go
                kind=ButtonKind::Primary
                busy=scene.asking.busy
            />
        }
    };
    let nobody = error(&[SplitFault::Movers, SplitFault::Everybody]);
    let mover = move |resident: Resident| {
        let id = resident.id;
        let on = {
            let id = id.clone();
            Signal::derive(move || draft.with(|draft| draft.movers.contains(&id)))
        };
        let change = move |on: bool| draft.update(|draft| tick(&mut draft.movers, &id, on));
        view! { <Toggle label=resident.name on on_change=change /> }
    };
    let movers = move || {
        let people = page.read(|account| account.people.clone()).unwrap_or_default();
        people.into_iter().map(mover).collect_view()
    };
    view! {
        <Dialog
            open
            title=say!(i18n, points.split)
            close_label=say!(i18n, common.close)
            on_close=move |()| open.set(false)
            actions
        >
            <p class="soft">{say!(i18n, points.split_note)}</p>
            <DraftField
                draft
                text=|draft| &mut draft.number
                label=say!(i18n, points.split_number)
                hint=say!(i18n, points.split_number_hint)
                error=error(&[SplitFault::Number])
            />
            <fieldset class="register-hosts stack" data-gap="small">
                <legend>{say!(i18n, points.split_who)}</legend>
                {movers}
                <p class="picker-error" role="status" hidden=move || nobody.with(String::is_empty)>
                    {nobody}
                </p>
            </fieldset>
            <DraftField
                draft
                text=|draft| &mut draft.points
                label=say!(i18n, points.split_points)
                kind=FieldKind::Number
                hint=say!(i18n, points.split_points_hint)
                error=error(&[SplitFault::Points])
            />
            <DraftField
                draft
                text=|draft| &mut draft.words
                label=say!(i18n, points.agreed)
                hint=say!(i18n, points.agreed_hint)
                error=error(&[SplitFault::Words])
            />
        </Dialog>
    }
}

fn tick(movers: &mut BTreeSet<PersonId>, id: &PersonId, on: bool) {
    match on {
        true => _ = movers.insert(id.clone()),
        false => _ = movers.remove(id),
    }
}

/// Linking the account with that of the household which it joins; entries stay where they are.
#[component]
fn JoinDialog(page: Page, open: RwSignal<bool>) -> impl IntoView {
    let scene = page.scene;
    let i18n = scene.i18n;
    let (search, words) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let into = RwSignal::new(None::<Pick>);
    let tried = RwSignal::new(false);
    let picks = Memo::new(move |_| {
        let typed = search.get();
        let picks = scene.read(|workspace, _, village, _| {
            pick::offered(workspace, &BTreeSet::from([village.clone()]), Shape::Household, &typed)
        });
        let own = page.id.with_value(ToString::to_string);
        picks.unwrap_or_default().into_iter().filter(|pick| pick.id != own).collect::<Vec<_>>()
    });
    let suggestions = Signal::derive(move || {
        let shown = |pick: &Pick| Suggestion { label: pick.name.clone(), note: pick.note.clone() };
        picks.with(|picks| picks.iter().map(shown).collect::<Vec<_>>())
    });
    let chosen =
        Signal::derive(move || into.with(|into| into.as_ref().map(|pick| pick.name.clone())).unwrap_or_default());
    let missing = move |is_missing: Signal<bool>, said: Signal<String>| {
        Signal::derive(move || if tried.get() && is_missing.get() { said.get() } else { String::new() })
    };
    let no_household = missing(Signal::derive(move || into.with(Option::is_none)), say!(i18n, points.choose_household));
    let no_words =
        missing(Signal::derive(move || words.with(|words| words.trim().is_empty())), say!(i18n, points.words_missing));
    let go = move |()| {
        tried.set(true);
        let into = into.get_untracked().and_then(|pick| HouseholdId::new(&pick.id).ok());
        let Some(into) = into.filter(|_| !words.with_untracked(|words| words.trim().is_empty())) else { return };
        open.set(false);
        let link = AccountLink { from: page.id.get_value(), into, words: words.get_untracked() };
        scene.ask(PointsWish::Link(link), || {});
    };
    let go = Callback::new(go);
    let actions = move || {
        view! {
            <Button label=say!(i18n, common.cancel) on_press=move |()| open.set(false) />
            <Button
                label=say!(i18n, points.join)
                on_press=go
                kind=ButtonKind::Primary
                busy=scene.asking.busy
            />
        }
    };
    view! {
        <Dialog
            open
            title=say!(i18n, points.join)
            close_label=say!(i18n, common.close)
            on_close=move |()| open.set(false)
            actions
        >
            <p class="soft">{say!(i18n, points.join_note)}</p>
            <Picker
                label=say!(i18n, points.join_into)
                chosen
                search
                on_search=move |text| search.set(text)
                suggestions
                on_choose=move |place| into.set(picks.with_untracked(|picks| picks.get(place).cloned()))
                on_clear=move |()| into.set(None)
                clear_label=say!(i18n, registers.change)
                nothing=say!(i18n, registers.nobody_found)
                hint=say!(i18n, registers.household_hint)
                error=no_household
            />
            <Field
                label=say!(i18n, points.agreed)
                value=words
                on_input=move |text| words.set(text)
                hint=say!(i18n, points.agreed_hint)
                error=no_words
            />
        </Dialog>
    }
}
