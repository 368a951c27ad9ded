//! Enrolling this phone: what the invitation grants, in words, and one button.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use shared::id::UnitCode;
use shared::identity::invitation::places_named;
use shared::identity::{Grant, Invitation};

use super::refusal::{self, RefusalBanner};
use super::reopen::Reopen;
use super::words;
use crate::app::Language;
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::state::route::Errand;
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::button::{Button, ButtonKind, ButtonLink};
use crate::ui::card::Card;
use crate::ui::facts::Facts;
use crate::ui::field::{Field, FieldKind};
use crate::ui::page_header::PageHeader;

/// Shows an invitation and takes it up.
#[component]
pub fn Enrol(
    /// What stands behind `#/enrol/` in the link.
    payload: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    // The page stays as it is while it becomes true that this phone is enrolled: the press of the button leads on.
    let already = phone.me.get_untracked();
    let terms = Invitation::from_link(&payload).and_then(|invitation| invitation.terms());
    let named = places_named(&payload);
    let body = match (already, terms) {
        (Some(me), _) => {
            let (name, code) = (me.name, me.code.to_string());
            let title =
                Signal::derive(move || t_string!(i18n, enrol.already, name = name.clone(), code = code.clone()));
            view! {
                <Banner title next=say!(i18n, enrol.already_next) />
                <div class="cluster">
                    <ButtonLink label=say!(i18n, common.go_home) href="/" />
                </div>
            }
            .into_any()
        }
        (None, Err(_)) => view! {
            <Banner
                kind=BannerKind::Refusal
                title=say!(i18n, enrol.not_a_link)
                next=say!(i18n, enrol.not_a_link_next)
            />
            <Paste />
        }
        .into_any(),
        (None, Ok(grant)) => view! { <TakeUp grant named payload /> }.into_any(),
    };
    view! {
        <div class="page">
            <PageHeader title=say!(i18n, enrol.title)>
                <SwitchLanguage />
            </PageHeader>
            <main class="page-body stack" data-width="narrow">{body}</main>
        </div>
    }
}

/// A phone that is not enrolled: how to get an invitation, and a place to paste one.
#[component]
pub fn Stranger() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let emptied = move || phone.device.with(|device| device.emptied);
    view! {
        <div class="page">
            <PageHeader title=say!(i18n, common.name)>
                <SwitchLanguage />
            </PageHeader>
            <main class="page-body stack" data-width="narrow">
                <Show when=emptied>
                    <Banner
                        kind=BannerKind::Warning
                        title=say!(i18n, enrol.emptied)
                        next=say!(i18n, enrol.emptied_next)
                    />
                </Show>
                <Card title=say!(i18n, enrol.stranger_title)>
                    <p>{say!(i18n, enrol.stranger_how)}</p>
                </Card>
                <Paste />
                <Reopen />
            </main>
        </div>
    }
}

/// Changes to the other language.
#[component]
pub fn SwitchLanguage() -> impl IntoView {
    let i18n = use_i18n();
    let language = Language::expect();
    view! {
        <Button
            label=say!(i18n, common.language)
            kind=ButtonKind::Quiet
            on_press=move |()| language.switch(i18n.get_locale_untracked())
        />
    }
}

#[component]
fn TakeUp(grant: Grant, named: Vec<String>, payload: String) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let navigate = use_navigate();
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None);
    let take_up = move |()| {
        let (payload, navigate) = (payload.clone(), navigate.clone());
        busy.set(true);
        refused.set(None);
        spawn_local(async move {
            match phone.enrol(payload).await {
                // The link has done its work and should not stay in the history.
                Ok(_) => navigate("/", NavigateOptions { replace: true, ..NavigateOptions::default() }),
                Err(refusal) => refused.set(Some(refusal)),
            }
            busy.set(false);
        });
    };
    let told = refusal::told(i18n, phone, refused.into());
    view! {
        <Granted grant named />
        <p>{say!(i18n, enrol.how)}</p>
        <RefusalBanner told />
        <div class="cluster">
            <Button label=say!(i18n, enrol.take_up) kind=ButtonKind::Primary wide=true busy on_press=take_up />
        </div>
        <p class="soft small">{say!(i18n, enrol.not_me_note)}</p>
    }
}

#[component]
fn Granted(grant: Grant, named: Vec<String>) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let Grant { name, roles, villages, code, may_enrol, take_by, .. } = grant;
    let facts = Signal::derive(move || {
        let roles: Vec<String> = roles.iter().map(|role| words::role(i18n, role).to_owned()).collect();
        let units = phone.workspace.get();
        // Only the code is signed: a name that comes with the link stands beside it.
        let place = |(place, code): (usize, &UnitCode)| match units.township.units.get(code) {
            Some(unit) => unit.name.clone(),
            None => match named.get(place).filter(|name| !name.is_empty()) {
                Some(name) => words::aside(i18n, name, code.as_str()),
                None => t_string!(i18n, enrol.place_by_code, code = code.to_string()),
            },
        };
        let reach = match villages.is_empty() {
            true => t_string!(i18n, enrol.whole_township).to_owned(),
            false => words::list(i18n, &villages.iter().enumerate().map(place).collect::<Vec<_>>()),
        };
        let enrols = match may_enrol {
            true => t_string!(i18n, enrol.yes),
            false => t_string!(i18n, enrol.no),
        };
        [
            (t_string!(i18n, enrol.name), name.clone()),
            (t_string!(i18n, enrol.roles), words::list(i18n, &roles)),
            (t_string!(i18n, enrol.reach), reach),
            (t_string!(i18n, enrol.code), code.to_string()),
            (t_string!(i18n, enrol.may_enrol), enrols.to_owned()),
            (t_string!(i18n, enrol.expires), words::day(i18n, take_by)),
        ]
        .map(|(label, value)| (label.to_owned(), value))
        .to_vec()
    });
    view! {
        <Card title=say!(i18n, enrol.grants)>
            <Facts facts />
            <p class="soft small">{say!(i18n, enrol.code_hint)}</p>
        </Card>
    }
}

#[component]
fn Paste() -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let text = RwSignal::new(String::new());
    let wrong = RwSignal::new(false);
    let open = move |()| match Errand::of_pasted(&text.get_untracked()) {
        Some(errand) => navigate(&errand.href(), NavigateOptions::default()),
        None => wrong.set(true),
    };
    let error = Signal::derive(move || match wrong.get() {
        true => t_string!(i18n, enrol.not_a_link_next).to_owned(),
        false => String::new(),
    });
    view! {
        <Field
            label=say!(i18n, enrol.paste)
            kind=FieldKind::Area
            value=text
            error
            on_input=move |typed| {
                wrong.set(false);
                text.set(typed);
            }
        />
        <div class="cluster">
            <Button label=say!(i18n, enrol.open) on_press=open />
        </div>
    }
}
