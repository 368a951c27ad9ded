//! Founding a township on the office's own device, once, after the relay was set up.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::enrol::SwitchLanguage;
use super::refusal::{self, RefusalBanner};
use super::words::Words;
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::state::founding::{Draft, Fault, Faults};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::button::{Button, ButtonKind, ButtonLink};
use crate::ui::card::Card;
use crate::ui::field::{DraftField, FieldKind};
use crate::ui::page_header::PageHeader;

/// Names the township, makes its key here, and offers the key as a file.
#[component]
pub fn Found(
    /// What stands behind `#/found/` in the link.
    token: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let already = phone.me.with_untracked(Option::is_some);
    let founded = RwSignal::new(false);
    let body = move || match (founded.get(), already) {
        (true, _) => view! { <KeyFile /> }.into_any(),
        (false, true) => view! { <NewRelay token=token.clone() /> }.into_any(),
        (false, false) => view! { <Form token=token.clone() on_founded=move |()| founded.set(true) /> }.into_any(),
    };
    let title = match already {
        true => say!(i18n, found.relay_title),
        false => say!(i18n, found.title),
    };
    view! {
        <div class="page">
            <PageHeader title>
                <SwitchLanguage />
            </PageHeader>
            <main class="page-body stack" data-width="narrow">{body}</main>
        </div>
    }
}

/// On a device that is enrolled: the office hands its township to a new relay; anybody else is told that this is not
/// for them.
#[component]
fn NewRelay(token: String) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let (busy, done, refused) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(None));
    let told = refusal::told(i18n, phone, refused.into());
    let take = move |()| {
        let token = token.clone();
        busy.set(true);
        refused.set(None);
        spawn_local(async move {
            match phone.refound(token).await {
                Ok(_) => done.set(true),
                Err(refusal) => refused.set(Some(refusal)),
            }
            busy.set(false);
        });
    };
    let home = move || {
        view! {
            <div class="cluster">
                <ButtonLink label=say!(i18n, common.go_home) href="/" />
            </div>
        }
    };
    move || match done.get() {
        true => view! {
            <Banner kind=BannerKind::Done title=say!(i18n, found.relay_taken) next=say!(i18n, found.relay_taken_next) />
            {home()}
        }
        .into_any(),
        false => view! {
            <p>{say!(i18n, found.relay_how)}</p>
            <RefusalBanner told />
            <Button
                label=say!(i18n, found.relay_take)
                kind=ButtonKind::Primary
                wide=true
                busy
                on_press=take.clone()
            />
            {home()}
        }
        .into_any(),
    }
}

#[component]
fn Form(token: String, #[prop(into)] on_founded: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let draft = RwSignal::new(Draft::default());
    // Faults are shown once the person has tried, and go as they are mended.
    let tried = RwSignal::new(None::<String>);
    let faults = Memo::new(move |_| {
        let token = tried.get()?;
        draft.with(|draft| draft.founding(&token)).err()
    });
    let faults = Memo::new(move |_| faults.get().unwrap_or_default());
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None);
    let told = refusal::told(i18n, phone, refused.into());
    let found = move |()| {
        tried.set(Some(token.clone()));
        let Ok(founding) = draft.with_untracked(|draft| draft.founding(&token)) else { return };
        busy.set(true);
        refused.set(None);
        spawn_local(async move {
            match phone.found(founding).await {
                Ok(_) => on_founded.run(()),
                Err(refusal) => refused.set(Some(refusal)),
            }
            busy.set(false);
        });
    };
    let shape = move |shape: fn(Words) -> &'static str, fault: fn(&Faults) -> Option<Fault>| {
        Signal::derive(move || match faults.with(fault) {
            None => String::new(),
            Some(Fault::Missing) => t_string!(i18n, found.missing).to_owned(),
            Some(Fault::TooLong) => t_string!(i18n, found.too_long).to_owned(),
            Some(Fault::Shape) => shape(i18n).to_owned(),
        })
    };
    view! {
        <p>{say!(i18n, found.how)}</p>
        <DraftField
            label=say!(i18n, found.code)
            hint=say!(i18n, found.code_hint)
            kind=FieldKind::Number
            draft
            text=|draft| &mut draft.township
            error=shape(|i18n| t_string!(i18n, found.code_wrong), |faults| faults.township)
        />
        <DraftField
            label=say!(i18n, found.name)
            draft
            text=|draft| &mut draft.name
            error=shape(|i18n| t_string!(i18n, found.missing), |faults| faults.name)
        />
        <DraftField
            label=say!(i18n, found.holder)
            hint=say!(i18n, found.holder_hint)
            draft
            text=|draft| &mut draft.holder
            error=shape(|i18n| t_string!(i18n, found.missing), |faults| faults.holder)
        />
        <DraftField
            label=say!(i18n, found.device)
            hint=say!(i18n, found.device_hint)
            draft
            text=|draft| &mut draft.device
            error=shape(|i18n| t_string!(i18n, found.device_wrong), |faults| faults.device)
        />
        <RefusalBanner told />
        <Button label=say!(i18n, found.do_it) kind=ButtonKind::Primary wide=true busy on_press=found />
    }
}

/// The authority's key as a file: the only thing that renews the trust once this device is lost.
#[component]
fn KeyFile() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let saved = RwSignal::new(None);
    let kind = move || match saved.get() {
        Some(true) => BannerKind::Done,
        _ => BannerKind::Refusal,
    };
    view! {
        <Banner kind=BannerKind::Done title=say!(i18n, found.done) next=say!(i18n, found.done_next) />
        <Card title=say!(i18n, found.key_title)>
            <p>{say!(i18n, found.key_how)}</p>
            <Button
                label=say!(i18n, found.key_save)
                kind=ButtonKind::Primary
                wide=true
                on_press=move |()| saved.set(Some(phone.save_authority_key()))
            />
        </Card>
        {move || {
            saved
                .get()
                .map(|saved| {
                    let title = match saved {
                        true => say!(i18n, found.key_saved),
                        false => say!(i18n, found.key_not_saved),
                    };
                    view! { <Banner kind=kind() title /> }
                })
        }}
        <div class="cluster">
            <ButtonLink label=say!(i18n, found.go_on) href="/" />
        </div>
    }
}
