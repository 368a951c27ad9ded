//! What a notice and an objection say besides: which lines are held, who objects, and by when to reply.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::notice::LineState;
use shared::domain::register::Kind;
use shared::domain::register::kinds::notice::{OBJECTION, TOWNSHIP_NOTICE, TOWNSHIP_OBJECTION};

use super::{Page, today};
use crate::pages::words;
use crate::say;
use crate::state::links::{self, RecordPage};
use crate::state::poster::{self, ReplyDue};
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::button::ButtonLink;
use crate::ui::card::Card;
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};

/// Held lines and objections of a notice, the days of an objection; nothing for other records.
#[component]
pub(super) fn NoticeCard(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let due = Memo::new(move |_| page.with_record(|_, _, record| poster::reply_due(record, today())).flatten());
    let lines = Memo::new(move |_| {
        let lines = page.with_record(|workspace, _, record| poster::sheet(workspace, record)).flatten();
        let stands = |row: &poster::PosterRow| matches!(row.state, LineState::Held | LineState::Disputed);
        lines.map(|sheet| sheet.rows.into_iter().filter(stands).collect::<Vec<_>>()).unwrap_or_default()
    });
    let objections = Memo::new(move |_| {
        page.with_record(|workspace, _, record| poster::objections(workspace, record)).unwrap_or_default()
    });
    let against: &'static Kind = if page.kind.key == TOWNSHIP_NOTICE.key { &TOWNSHIP_OBJECTION } else { &OBJECTION };
    let replies = move || {
        due.get().map(|ReplyDue { by, latest, is_late }| {
            let (by, latest) = (words::date(i18n, by), words::date(i18n, latest));
            let (kind, label) = match is_late {
                true => (BadgeKind::Attention, t_string!(i18n, registers.reply_late, latest = latest)),
                false => (BadgeKind::Plain, t_string!(i18n, registers.reply_by, by = by, latest = latest)),
            };
            view! { <p><Badge kind label /></p> }
        })
    };
    let held = move || {
        let line = |row: poster::PosterRow| {
            let label = match row.state {
                LineState::Held => t_string!(i18n, registers.notice_held, name = row.name),
                _ => t_string!(i18n, registers.notice_disputed, name = row.name),
            };
            view! { <li><Badge kind=BadgeKind::Attention label /></li> }
        };
        let lines = lines.get();
        (!lines.is_empty()).then(|| view! { <ul class="notice-held">{lines.into_iter().map(line).collect_view()}</ul> })
    };
    let row = move |(id, title, state): (shared::id::FactId, String, Option<&'static str>)| {
        let state = state.and_then(|state| against.state(state));
        let state = state.map(|state| words::declared(i18n, state.name).to_owned()).unwrap_or_default();
        view! { <ListRow title subtitle=format!("{id} · {state}") href=links::record(&id, RecordPage::Overview) /> }
    };
    let list = move || {
        let all = objections.get();
        (!all.is_empty()).then(|| {
            let label = t_string!(i18n, registers.notice_objections, count = all.len());
            view! { <List label=label>{all.into_iter().map(row).collect_view()}</List> }
        })
    };
    let is_empty = move || due.with(Option::is_none) && objections.with(Vec::is_empty);
    move || {
        (!is_empty()).then(|| {
            view! {
                <Card title=say!(i18n, registers.notice_title)>
                    {replies}
                    {held}
                    {list}
                </Card>
            }
        })
    }
}

/// The way to the poster, for notices.
#[component]
pub(super) fn PosterLink(page: Page) -> impl IntoView {
    let is_notice = Memo::new(move |_| {
        page.with_record(|_, _, record| shared::domain::poster::is_notice(record)).unwrap_or_default()
    });
    move || {
        is_notice.get().then(|| {
            let href = page.id.with_value(|id| links::record(id, RecordPage::Poster));
            view! { <ButtonLink label=say!(page.i18n, registers.poster) href sign=Sign::Printer /> }
        })
    }
}
