//! What stands where no page is.

use leptos::prelude::*;

use crate::i18n::*;
use crate::say;
use crate::ui::button::ButtonLink;

/// Says so, and leads home.
#[component]
pub fn NotFound() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <main class="page-body stack" data-width="narrow">
            <h1>{t!(i18n, common.not_found)}</h1>
            <div class="cluster">
                <ButtonLink label=say!(i18n, common.go_home) href="/" />
            </div>
        </main>
    }
}
