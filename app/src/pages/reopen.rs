//! The office takes up its township on another device: the saved key file, a name, a device code.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rand_core::RngCore;
use shared::replica::Refused;

use super::refusal::{self, RefusalBanner};
use crate::i18n::*;
use crate::platform::{clock, entropy, files};
use crate::say;
use crate::shell::Phone;
use crate::state::founding::Fault;
use crate::state::reopening::{Draft, RANDOM_BYTES, key_in};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::button::Button;
use crate::ui::disclosure::Disclosure;
use crate::ui::field::DraftField;
use crate::ui::file_pick::FilePick;

/// The form, folded away: a village's phone never needs it.
#[component]
pub fn Reopen() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let draft = RwSignal::new(Draft::default());
    // Faults are shown once the person has tried, and go as they are mended.
    let tried = RwSignal::new(false);
    let faults = Memo::new(move |_| draft.with(Draft::faults).filter(|_| tried.get()).unwrap_or_default());
    let (busy, refused, not_a_key) = (RwSignal::new(false), RwSignal::new(None), RwSignal::new(false));
    let told = refusal::told(i18n, phone, refused.into());
    let input = NodeRef::<html::Input>::new();
    let pick = move |()| {
        let Some(input) = input.get_untracked() else { return };
        spawn_local(async move {
            let Some(picked) = files::picked(&input).await else { return };
            let key = picked.ok().and_then(|picked| key_in(&picked.bytes));
            let _ = not_a_key.try_set(key.is_none());
            let _ = draft.try_update(|draft| draft.key = key);
        });
    };
    let reopen = move |()| {
        tried.set(true);
        refused.set(None);
        if draft.with_untracked(Draft::faults).is_some() {
            return;
        }
        let mut random = [0; RANDOM_BYTES];
        let drawn = entropy::draw().map(|mut entropy| entropy.fill_bytes(&mut random));
        let link = draft.with_untracked(|draft| draft.invitation(clock::now(), random));
        let (Ok(()), Some(link)) = (drawn, link) else { return refused.set(Some(Refused::Document)) };
        busy.set(true);
        spawn_local(async move {
            let answer = phone.enrol(link).await;
            // Once the device is enrolled, its first page has taken this one's place.
            let _ = busy.try_set(false);
            let _ = refused.try_set(answer.err());
        });
    };
    let wrong = move |fault: fn(&crate::state::reopening::Faults) -> Option<Fault>| {
        Signal::derive(move || match faults.with(fault) {
            None => String::new(),
            Some(Fault::Missing) => t_string!(i18n, found.missing).to_owned(),
            Some(Fault::TooLong) => t_string!(i18n, found.too_long).to_owned(),
            Some(Fault::Shape) => t_string!(i18n, found.device_wrong).to_owned(),
        })
    };
    let file = move || match (draft.with(|draft| draft.key.is_some()), not_a_key.get(), faults.with(|f| f.no_key)) {
        (true, ..) => view! { <Banner kind=BannerKind::Done title=say!(i18n, found.key_read) /> }.into_any(),
        (false, true, _) => view! {
            <Banner
                kind=BannerKind::Refusal
                title=say!(i18n, found.key_not_read)
                next=say!(i18n, found.key_not_read_next)
            />
        }
        .into_any(),
        (false, false, true) => {
            view! { <Banner kind=BannerKind::Refusal title=say!(i18n, found.key_missing) /> }.into_any()
        }
        (false, false, false) => ().into_any(),
    };
    view! {
        <Disclosure summary=say!(i18n, found.reopen)>
            <div class="stack">
                <p>{say!(i18n, found.reopen_how)}</p>
                <FilePick label=say!(i18n, found.key_pick) accept=".txt,text/plain" input on_pick=pick />
                {file}
                <DraftField
                    draft
                    text=|draft| &mut draft.holder
                    label=say!(i18n, found.holder)
                    hint=say!(i18n, found.holder_hint)
                    error=wrong(|faults| faults.holder)
                />
                <DraftField
                    draft
                    text=|draft| &mut draft.device
                    label=say!(i18n, found.device)
                    hint=say!(i18n, found.reopen_device_hint)
                    error=wrong(|faults| faults.device)
                />
                <RefusalBanner told />
                <Button label=say!(i18n, found.reopen_do_it) wide=true busy on_press=reopen />
            </div>
        </Disclosure>
    }
}
