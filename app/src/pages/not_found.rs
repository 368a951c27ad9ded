//! What stands where no page is.

use leptos::prelude::*;

use super::frame::Frame;
use crate::i18n::*;
use crate::say;
use crate::ui::button::ButtonLink;
use crate::ui::empty_state::EmptyState;
use crate::ui::icon::Sign;

/// Says so, and leads home.
#[component]
pub fn NotFound() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Frame title=say!(i18n, common.name) back="/" narrow=true>
            <EmptyState sign=Sign::Paper title=say!(i18n, common.not_found) text=say!(i18n, common.not_found_text)>
                <ButtonLink label=say!(i18n, common.go_home) href="/" />
            </EmptyState>
        </Frame>
    }
}
