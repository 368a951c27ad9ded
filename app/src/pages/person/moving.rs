//! The form of a move: who goes, where to, and from which day on.

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use shared::id::{HouseholdId, PersonId, UnitCode};

use super::{asked_person, gone, today};
use crate::i18n::*;
use crate::pages::asking::{Asking, Refusal};
use crate::pages::frame::Frame;
use crate::pages::words;
use crate::say;
use crate::shell::Phone;
use crate::state::links;
use crate::state::people::PersonRow;
use crate::state::person::moving::{self, Missing, MoveDraft, Way};
use crate::state::person::{self, village_of};
use crate::state::register::pick::{self, Pick};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::field::{DraftField, FieldKind, Select};
use crate::ui::picker::{Picker, Suggestion};
use crate::ui::toggle::Toggle;
use shared::domain::register::Shape;

/// What stands at `/person/:id/move`.
#[component]
pub fn MovePage() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let asked = asked_person();
    let known = Memo::new(move |_| {
        let (id, today) = (asked.get()?, today()?);
        phone.workspace.with(|workspace| Some((village_of(workspace, &id, today)?, id)))
    });
    move || match known.get() {
        Some((village, id)) => view! { <MoveForm village id /> }.into_any(),
        None => gone(i18n).into_any(),
    }
}

#[component]
fn MoveForm(village: UnitCode, id: PersonId) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let asking = Asking::start();
    let Some(today) = today() else { return ().into_any() };
    let companions = phone.workspace.with_untracked(|workspace| moving::companions(workspace, &village, &id, today));
    let group = companions.first().map(|row| row.group.clone()).unwrap_or_default();
    let draft = RwSignal::new(MoveDraft::of(id.clone(), group, today));
    let tried = RwSignal::new(false);
    let of = StoredValue::new(village.clone());
    let missing = Memo::new(move |_| of.with_value(|village| draft.with(|draft| draft.wish(village).err())));
    let error = move |meant: Missing| {
        Signal::derive(move || match tried.get() && missing.get() == Some(meant) {
            true => t_string!(i18n, person.fill_in).to_owned(),
            false => String::new(),
        })
    };
    let title = Signal::derive({
        let id = id.clone();
        move || {
            let page = phone.workspace.with(|workspace| person::page(workspace, &id, today, 0));
            t_string!(i18n, person.move_title, name = page.map(|page| page.row.name).unwrap_or_default())
        }
    });
    let back = links::person(&id);
    let navigate = StoredValue::new_local(use_navigate());
    let press = {
        let back = back.clone();
        Callback::new(move |()| {
            tried.set(true);
            let Ok(command) = of.with_value(|village| draft.with_untracked(|draft| draft.wish(village))) else {
                return;
            };
            let back = back.clone();
            asking.ask(command, move || {
                let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                navigate.with_value(|navigate| navigate(&back, options));
            });
        })
    };
    let bar = move || {
        view! {
            <BottomBar>
                <Button
                    label=say!(i18n, person.move_save)
                    kind=ButtonKind::Primary
                    wide=true
                    busy=asking.busy
                    on_press=press
                />
            </BottomBar>
        }
    };
    let ways = Signal::derive(move || {
        let option = |way: Way| match way {
            Way::Household => ChoiceOption::new(t_string!(i18n, person.way_household)),
            Way::Split => ChoiceOption::new(t_string!(i18n, person.way_split)),
            Way::Away => ChoiceOption::new(t_string!(i18n, person.way_away)),
            Way::Died => ChoiceOption::new(t_string!(i18n, person.way_died)),
        };
        Way::ALL.into_iter().map(option).collect::<Vec<_>>()
    });
    let way = Memo::new(move |_| draft.with(|draft| draft.way));
    let choose = move |place: usize| {
        if let Some(way) = Way::ALL.get(place) {
            draft.update(|draft| draft.way = *way);
        }
    };
    let others: Vec<PersonRow> = companions.into_iter().skip(1).collect();
    let together = Memo::new(move |_| way.get() != Way::Died);
    let others = move || {
        (together.get() && !others.is_empty()).then(|| {
            let rows = others.iter().cloned().map(|row| companion(draft, row)).collect_view();
            view! {
                <fieldset class="move-companions">
                    <legend>{say!(i18n, person.companions)}</legend>
                    {rows}
                </fieldset>
            }
        })
    };
    let goal = move || match way.get() {
        Way::Household => view! { <Goal draft village=of.get_value() error=error(Missing::Household) /> }.into_any(),
        Way::Split => view! {
            <DraftField
                draft
                text=|draft| &mut draft.number
                label=say!(i18n, person.new_number)
                error=error(Missing::Number)
            />
            <DraftField draft text=|draft| &mut draft.group label=say!(i18n, person.new_group) />
        }
        .into_any(),
        Way::Away => view! { <Units draft village=of.get_value() /> }.into_any(),
        Way::Died => ().into_any(),
    };
    view! {
        <Frame title back narrow=true bar>
            <Refusal asking />
            <Choice
                label=say!(i18n, person.way)
                options=ways
                selected=Signal::derive(move || Way::ALL.iter().position(|one| *one == way.get()))
                on_choose=choose
            />
            {goal}
            {others}
            <DraftField
                draft
                text=|draft| &mut draft.on
                label=say!(i18n, person.on)
                kind=FieldKind::Date
                hint=say!(i18n, person.on_hint)
                error=error(Missing::Day)
            />
            <DraftField draft text=|draft| &mut draft.words label=say!(i18n, person.words) kind=FieldKind::Area />
        </Frame>
    }
    .into_any()
}

/// Somebody of the household who may go as well.
fn companion(draft: RwSignal<MoveDraft>, row: PersonRow) -> impl IntoView {
    let id = row.id.clone();
    let on = {
        let id = id.clone();
        Signal::derive(move || draft.with(|draft| draft.people.contains(&id)))
    };
    let turn = move |goes: bool| {
        draft.update(|draft| match goes {
            true => _ = draft.people.insert(id.clone()),
            false => _ = draft.people.remove(&id),
        });
    };
    view! { <Toggle label=row.name on on_change=turn /> }
}

/// The household to which they go, found by number or by the name of its head.
#[component]
fn Goal(draft: RwSignal<MoveDraft>, village: UnitCode, #[prop(into)] error: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let search = RwSignal::new(String::new());
    let hosts = StoredValue::new([village].into());
    let chosen = Signal::derive(move || {
        let Some(id) = draft.with(|draft| draft.household.clone()) else { return String::new() };
        let pick = phone
            .workspace
            .with(|workspace| hosts.with_value(|hosts| pick::chosen(workspace, hosts, Shape::Household, id.as_str())));
        pick.map_or_else(|| id.to_string(), |pick| words::aside(i18n, &pick.name, &pick.note))
    });
    let picks = Memo::new(move |_| {
        let search = search.get();
        match search.trim().is_empty() {
            true => Vec::new(),
            false => phone
                .workspace
                .with(|workspace| hosts.with_value(|hosts| pick::offered(workspace, hosts, Shape::Household, &search))),
        }
    });
    let suggestions = Signal::derive(move || {
        let suggestion = |pick: &Pick| Suggestion { label: pick.name.clone(), note: pick.note.clone() };
        picks.with(|picks| picks.iter().map(suggestion).collect::<Vec<_>>())
    });
    let choose = move |place: usize| {
        let id = picks.with_untracked(|picks| picks.get(place).and_then(|pick| HouseholdId::new(&pick.id).ok()));
        draft.update(|draft| draft.household = id);
        search.set(String::new());
    };
    view! {
        <Picker
            label=say!(i18n, person.to_household)
            chosen
            search
            on_search=move |typed| search.set(typed)
            suggestions
            on_choose=choose
            on_clear=move |()| draft.update(|draft| draft.household = None)
            clear_label=say!(i18n, registers.change)
            nothing=say!(i18n, registers.nobody_found)
            hint=say!(i18n, registers.household_hint)
            error
        />
    }
}

/// The village to which they go, where it is one of the township's.
#[component]
fn Units(draft: RwSignal<MoveDraft>, village: UnitCode) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let units = Memo::new(move |_| {
        let units = phone.workspace.with(|workspace| pick::units(workspace));
        units.into_iter().filter(|(code, _)| *code != village).collect::<Vec<_>>()
    });
    let options = Signal::derive(move || {
        let elsewhere = t_string!(i18n, person.elsewhere).to_owned();
        units.with(|units| std::iter::once(elsewhere).chain(units.iter().map(|(_, name)| name.clone())).collect())
    });
    let selected = Signal::derive(move || {
        let unit = draft.with(|draft| draft.unit.clone());
        let place = |unit| units.with(|units| units.iter().position(|(code, _)| *code == unit));
        Some(unit.and_then(place).map_or(0, |place| place + 1))
    });
    let choose = move |place: usize| {
        let unit = units.with_untracked(|units| {
            place.checked_sub(1).and_then(|place| units.get(place)).map(|(code, _)| code.clone())
        });
        draft.update(|draft| draft.unit = unit);
    };
    view! { <Select label=say!(i18n, person.to_unit) options=options selected on_choose=choose /> }
}
