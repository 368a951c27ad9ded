//! What stands where the browser does not let the phone work at all.

use leptos::prelude::*;
use shared::store::StorageTrouble;

use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::ui::banner::{Banner, BannerKind};

/// Storage could not be read; nothing may be written over what lies there.
#[component]
pub fn Unreadable(
    /// What storage said.
    trouble: StorageTrouble,
) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    view! {
        <main class="page-body stack" data-width="narrow">
            <h1>{say!(i18n, common.name)}</h1>
            <Banner
                kind=BannerKind::Refusal
                title=say!(i18n, status.unreadable_title)
                next=say!(i18n, status.unreadable_next)
                action=say!(i18n, status.reopen)
                on_action=move |()| phone.reopen()
            >
                <p class="soft">{move || storage(i18n, trouble)}</p>
            </Banner>
        </main>
    }
}

/// The browser gives no randomness, so that no key can be made.
#[component]
pub fn NoEntropy() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <main class="page-body stack" data-width="narrow">
            <h1>{say!(i18n, common.name)}</h1>
            <Banner
                kind=BannerKind::Refusal
                title=say!(i18n, status.no_entropy_title)
                next=say!(i18n, status.no_entropy_next)
            />
        </main>
    }
}

/// Names what storage said.
pub fn storage(i18n: super::words::Words, trouble: StorageTrouble) -> &'static str {
    match trouble {
        StorageTrouble::Full => t_string!(i18n, status.storage_full),
        StorageTrouble::Denied => t_string!(i18n, status.storage_denied),
        StorageTrouble::Busy => t_string!(i18n, status.storage_busy),
        StorageTrouble::Aborted => t_string!(i18n, status.storage_aborted),
    }
}
