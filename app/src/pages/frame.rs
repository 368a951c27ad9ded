//! The frame of every page of records: title, way back, status line, and the bar with the one main action.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::id::{MeetingId, UnitCode};

use super::enrol::SwitchLanguage;
use super::status::StatusLine;
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::ui::button::ButtonLink;
use crate::ui::empty_state::EmptyState;
use crate::ui::icon::Sign;
use crate::ui::page_header::PageHeader;

/// A page: head, body and, where there is one main action, a bar at the foot.
#[component]
pub fn Frame(
    /// The title.
    #[prop(into)]
    title: Signal<String>,
    /// A line under the title.
    #[prop(optional, into)]
    subtitle: Signal<String>,
    /// Where back leads; nowhere when empty.
    #[prop(optional, into)]
    back: String,
    /// One column even on a wide screen.
    #[prop(optional)]
    narrow: bool,
    /// The bar at the foot.
    #[prop(optional, into)]
    bar: ViewFn,
    /// What the page holds.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let header = match back.is_empty() {
        false => view! {
            <PageHeader
                title
                subtitle
                back_href=back
                back_label=say!(i18n, words.back)
                status=|| view! { <StatusLine /> }
            />
        }
        .into_any(),
        true => view! {
            <PageHeader title subtitle status=|| view! { <StatusLine /> }>
                <SwitchLanguage />
            </PageHeader>
        }
        .into_any(),
    };
    view! {
        <div class="page">
            {header} <main class="page-body stack" id="main" tabindex="-1" data-width=narrow.then_some("narrow")>
                {children()}
            </main> {bar.run()}
        </div>
    }
}

/// Draws a page about the meeting that the address names, or says that this phone does not have it.
pub fn for_meeting(page: impl Fn(MeetingId) -> AnyView + Send + 'static) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let params = use_params_map();
    let known = Memo::new(move |_| {
        let id: MeetingId = params.with(|params| params.get("meeting")).and_then(|text| text.parse().ok())?;
        let is_here =
            phone.workspace.with(|workspace| workspace.meeting(&id).is_some_and(|meeting| meeting.settings.is_some()));
        is_here.then_some(id)
    });
    move || match known.get() {
        Some(id) => page(id),
        None => view! {
            <Frame title=say!(i18n, home.meetings) back="/">
                <EmptyState
                    sign=Sign::Paper
                    title=say!(i18n, meeting.gone)
                    text=say!(i18n, meeting.gone_text)
                >
                    <ButtonLink label=say!(i18n, common.go_home) href="/" />
                </EmptyState>
            </Frame>
        }
        .into_any(),
    }
}

/// Draws a page about the village that the address names.
pub fn for_village(page: impl Fn(UnitCode) -> AnyView + Send + 'static) -> impl IntoView {
    let params = use_params_map();
    let code =
        Memo::new(move |_| params.with(|params| params.get("village")).and_then(|text| UnitCode::new(&text).ok()));
    move || match code.get() {
        Some(code) => page(code),
        None => view! { <super::not_found::NotFound /> }.into_any(),
    }
}
