//! The township's devices: those that are known, and inviting another: who, where, as what; then the link and its code.

mod known;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::id::UnitCode;
use shared::identity::invitation::name_places;
use shared::replica::{Outcome, Refused};

use super::enrol::SwitchLanguage;
use super::refusal::{self, RefusalBanner};
use super::status::StatusLine;
use super::words;
use crate::i18n::*;
use crate::platform::{clock, files, network, page};
use crate::say;
use crate::shell::Phone;
use crate::state::devices::{Draft, Fault, Reach, namesakes, reaches, roles_to_give};
use crate::state::route::Errand;
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::disclosure::Disclosure;
use crate::ui::field::{DraftField, Field, Select};
use crate::ui::page_header::PageHeader;
use crate::ui::qr::Qr;
use crate::ui::toggle::Toggle;
use known::Known;

/// The page on which a device that may enrol invites another.
#[component]
pub fn Devices() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let invited = RwSignal::new(None);
    let may = Memo::new(move |_| phone.me.with(|me| me.as_ref().is_some_and(|me| me.may_enrol)));
    let body = move || match (may.get(), invited.get()) {
        (false, _) => view! {
            <Banner
                kind=BannerKind::Refusal
                title=say!(i18n, devices.not_allowed)
                next=say!(i18n, devices.not_allowed_next)
            />
        }
        .into_any(),
        (true, Some(payload)) => {
            // Back among the devices, the one that was just revoked stands at the beginning.
            let on_another = move |()| {
                invited.set(None);
                page::to_the_top();
            };
            view! { <Invited payload on_another /> }.into_any()
        }
        (true, None) => {
            let on_invited = Callback::new(move |payload| {
                invited.set(Some(payload));
                page::to_the_top();
            });
            view! {
                <Known on_invited />
                <Card title=say!(i18n, devices.invite_title)>
                    <Form on_invited />
                </Card>
            }
            .into_any()
        }
    };
    view! {
        <div class="page">
            <PageHeader
                title=say!(i18n, devices.title)
                back_href="/"
                back_label=say!(i18n, common.back)
                status=|| view! { <StatusLine /> }
            >
                <SwitchLanguage />
            </PageHeader>
            <main class="page-body stack" data-width="narrow">{body}</main>
        </div>
    }
}

#[component]
fn Form(#[prop(into)] on_invited: Callback<String>) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let draft = RwSignal::new(Draft::default());
    // What is missing is said once the person has tried, and only as long as it is missing.
    let tried = RwSignal::new(false);
    let fault = Memo::new(move |_| draft.with(|draft| draft.wish(clock::now()).err()).filter(|_| tried.get()));
    let refused = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let change = move |change: &dyn Fn(&mut Draft)| draft.update(change);
    let told = refusal::told(i18n, phone, refused.into());
    let invite = move |()| {
        tried.set(true);
        let Ok(wish) = draft.with_untracked(|draft| draft.wish(clock::now())) else { return };
        // The other phone does not know the villages yet; the link names them.
        let names: Vec<String> = phone.workspace.with_untracked(|workspace| {
            let unit = |code| workspace.township.units.get(code).map(|unit| unit.name.clone());
            wish.villages.iter().map(|code| unit(code).unwrap_or_default()).collect()
        });
        busy.set(true);
        refused.set(None);
        spawn_local(async move {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            match phone.invite(wish).await {
                Ok(Outcome::Invited(payload)) => on_invited.run(name_places(&payload, &names)),
                // An invitation is answered with its link and nothing else.
                Ok(_) => refused.set(Some(Refused::Document)),
                Err(refusal) => refused.set(Some(refusal)),
            }
            busy.set(false);
        });
    };
    let wrong = move |which: Fault| {
        Signal::derive(move || match fault.get() {
            Some(found) if found == which => match which {
                Fault::NoReach | Fault::NoRole => t_string!(i18n, devices.not_chosen).to_owned(),
                Fault::NoName => t_string!(i18n, devices.missing).to_owned(),
                Fault::Code => t_string!(i18n, devices.code_wrong).to_owned(),
            },
            _ => String::new(),
        })
    };

    let places = Memo::new(move |_| {
        let workspace = phone.workspace.get();
        phone.me.with(|me| me.as_ref().map(|me| reaches(&workspace, me)).unwrap_or_default())
    });
    let place_names = Signal::derive(move || places.get().iter().map(|reach| place_name(i18n, phone, reach)).collect());
    let place = Signal::derive(move || {
        let chosen = draft.with(|draft| draft.reach.clone())?;
        places.with(|places| places.iter().position(|place| *place == chosen))
    });
    let choose_place = move |at: usize| {
        let reach = places.with_untracked(|places| places.get(at).cloned());
        change(&|draft| *draft = Draft { reach: reach.clone(), role: None, person: None, ..draft.clone() });
    };

    let roles = Memo::new(move |_| match draft.with(|draft| draft.reach.clone()) {
        Some(reach) => phone.me.with(|me| me.as_ref().map(|me| roles_to_give(me, &reach)).unwrap_or_default()),
        None => Vec::new(),
    });
    let role_names =
        Signal::derive(move || roles.get().into_iter().map(|role| words::role(i18n, role).to_owned()).collect());
    let role = Signal::derive(move || {
        let chosen = draft.with(|draft| draft.role)?;
        roles.with(|roles| roles.iter().position(|role| *role == chosen))
    });
    let choose_role = move |at: usize| {
        let role = roles.with_untracked(|roles| roles.get(at).copied());
        change(&|draft| draft.role = role);
    };

    view! {
        <p>{say!(i18n, devices.how)}</p>
        <Select
            label=say!(i18n, devices.place)
            placeholder=say!(i18n, devices.choose)
            options=place_names
            selected=place
            on_choose=choose_place
            error=wrong(Fault::NoReach)
        />
        <Select
            label=say!(i18n, devices.role)
            placeholder=say!(i18n, devices.choose)
            options=role_names
            selected=role
            on_choose=choose_role
            error=wrong(Fault::NoRole)
        />
        <Field
            label=say!(i18n, devices.name)
            hint=say!(i18n, devices.name_hint)
            value=Signal::derive(move || draft.with(|draft| draft.name.clone()))
            error=wrong(Fault::NoName)
            on_input=move |text: String| {
                change(&|draft| {
                    draft.name = text.clone();
                    draft.person = None;
                });
            }
        />
        <Namesakes draft />
        <DraftField
            draft
            text=|draft| &mut draft.code
            label=say!(i18n, devices.code)
            hint=say!(i18n, devices.code_hint)
            error=wrong(Fault::Code)
        />
        <Toggle
            label=say!(i18n, devices.may_enrol)
            on=Signal::derive(move || draft.with(|draft| draft.may_enrol))
            on_change=move |on| change(&|draft| draft.may_enrol = on)
        />
        <RefusalBanner told />
        <Button label=say!(i18n, devices.invite) kind=ButtonKind::Primary wide=true busy on_press=invite />
    }
}

/// People of the roster who may be meant: the same person must have the same id on every phone.
#[component]
fn Namesakes(draft: RwSignal<Draft>) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let found = Memo::new(move |_| {
        let Some(Reach::Village(village)) = draft.with(|draft| draft.reach.clone()) else { return Vec::new() };
        let workspace = phone.workspace.get();
        let Some(village) = workspace.villages.get(&village) else { return Vec::new() };
        // A person chosen by pinyin has another name in the field by then; the name finds them again.
        let people = draft.with(|draft| namesakes(&village.roster, &draft.name));
        let row = |person: &shared::domain::person::Person| {
            let household = village.roster.households.get(&person.household);
            let place = household.map(|household| (household.group.clone(), household.number.clone()));
            (person.id.clone(), person.name.clone(), place.unwrap_or_default())
        };
        people.into_iter().map(row).collect()
    });
    let options = Signal::derive(move || {
        let mut options: Vec<ChoiceOption> = found
            .get()
            .into_iter()
            .map(|(_, name, (group, number))| {
                let note = t_string!(i18n, devices.same_household, group = group, number = number);
                ChoiceOption::new(name).with_note(note)
            })
            .collect();
        options.push(ChoiceOption::new(t_string!(i18n, devices.not_on_roster)));
        options
    });
    let selected = Signal::derive(move || {
        let chosen = draft.with(|draft| draft.person.clone());
        let place = found.with(|found| found.iter().position(|(id, ..)| Some(id) == chosen.as_ref()));
        Some(place.unwrap_or_else(|| found.with(Vec::len)))
    });
    let choose = move |at: usize| {
        let person = found.with_untracked(|found| found.get(at).cloned());
        draft.update(|draft| match person {
            Some((id, name, _)) => {
                draft.person = Some(id);
                draft.name = name;
            }
            None => draft.person = None,
        });
    };
    view! {
        <Show when=move || !found.with(Vec::is_empty)>
            <Choice label=say!(i18n, devices.who) options selected on_choose=choose rows=true />
        </Show>
    }
}

fn place_name(i18n: words::Words, phone: Phone, reach: &Reach) -> String {
    let name = |code: &UnitCode| {
        phone.workspace.with(|workspace| workspace.township.units.get(code).map(|unit| unit.name.clone()))
    };
    match reach {
        Reach::Township => t_string!(i18n, devices.whole_township).to_owned(),
        Reach::Village(code) => name(code).unwrap_or_else(|| code.to_string()),
    }
}

#[component]
fn Invited(payload: String, #[prop(into)] on_another: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let link = StoredValue::new(network::origin() + &Errand::Enrol(payload).href());
    let copied = RwSignal::new(false);
    let copy = move |()| {
        spawn_local(async move { copied.set(files::copy(&link.get_value()).await) });
    };
    let copy_label = Signal::derive(move || match copied.get() {
        true => t_string!(i18n, devices.copied).to_owned(),
        false => t_string!(i18n, devices.copy).to_owned(),
    });
    view! {
        <Banner kind=BannerKind::Done title=say!(i18n, devices.ready) next=say!(i18n, devices.ready_next) />
        <Card>
            <Qr text=link.get_value() label=say!(i18n, devices.qr) too_long=say!(i18n, devices.too_long) />
        </Card>
        <Button label=copy_label kind=ButtonKind::Primary wide=true on_press=copy />
        <Button label=say!(i18n, devices.another) wide=true on_press=on_another />
        <Disclosure summary=say!(i18n, devices.link)>
            <p class="invitation-link">{link.get_value()}</p>
        </Disclosure>
    }
}
