//! The public notice of a result: since when and until when, the notices drawn up of it, and what is objected to.

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use shared::domain::command::Command;
use shared::domain::register::kinds::notice::TOWNSHIP_NOTICE;
use shared::id::FactId;

use super::Page;
use crate::pages::words::{self, Words};
use crate::platform::clock;
use crate::say;
use crate::state::links::{self, RecordPage};
use crate::state::moment::moment;
use crate::state::quarter::notice::{NoticeRow, drawn_lines, drawn_up, notices, posted};
use crate::state::quarter::ranking::RankRow;
use crate::state::register::may_open_in;
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::list_row::{List, ListRow};

/// The card of the notice, once there is a result.
#[component]
pub(super) fn NoticeCard(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let has_result = Memo::new(move |_| page.read(|_, _, assessment| assessment.result.is_some()).unwrap_or_default());
    move || has_result.get().then(|| view! { <Notices page i18n /> })
}

#[component]
fn Notices(page: Page, i18n: Words) -> impl IntoView {
    let today = moment(clock::now()).map(|moment| moment.date);
    let stands = Memo::new(move |_| page.read(|_, _, assessment| posted(assessment, today)).flatten());
    let all =
        Memo::new(move |_| page.read(|workspace, _, assessment| notices(workspace, assessment)).unwrap_or_default());
    let may_draw = Memo::new(move |_| {
        page.read(|workspace, me, _| may_open_in(workspace, me, &TOWNSHIP_NOTICE, None).is_ok()).unwrap_or_default()
    });
    let days = move || {
        let stands = stands.get()?;
        let (from, until) = (words::date(i18n, stands.from), words::date(i18n, stands.until));
        let (kind, label) = match stands.is_over {
            true => (BadgeKind::Good, say!(i18n, quarter.notice_over)),
            false => (BadgeKind::Attention, say!(i18n, quarter.notice_running)),
        };
        Some(view! {
            <p>{t_string!(i18n, quarter.notice_from, from = from, until = until)}</p>
            <p><Badge kind label /></p>
        })
    };
    let list = move || {
        let rows = all.get();
        (!rows.is_empty()).then(|| {
            let rows = rows.into_iter().map(|one| row(i18n, one)).collect_view();
            view! { <List label=say!(i18n, quarter.notice)>{rows}</List> }
        })
    };
    let navigate = StoredValue::new_local(use_navigate());
    let draw = move |()| {
        let opening = untrack(|| {
            page.read(|_, _, assessment| {
                let title = assessment.settings.as_ref().map(|settings| settings.title.clone()).unwrap_or_default();
                drawn_up(assessment, today?, t_string!(i18n, quarter.notice_title, title = title))
            })
        });
        let Some(opening) = opening.flatten() else { return };
        page.asking.open(opening, move |number: FactId| {
            let wishes = page
                .read(|workspace, _, assessment| drawn_lines(workspace, assessment, &number, |row| line(i18n, row)));
            let wishes: Vec<Command> = wishes.unwrap_or_default().into_iter().map(Command::Register).collect();
            let href = links::record(&number, RecordPage::Overview);
            page.asking.ask_each(wishes, move || {
                navigate.with_value(|navigate| navigate(&href, NavigateOptions::default()));
            });
        });
    };
    let button = move || {
        may_draw.get().then(|| {
            view! {
                <p class="soft small">{say!(i18n, quarter.notice_draw_hint)}</p>
                <Button
                    label=say!(i18n, quarter.notice_draw)
                    on_press=draw
                    kind=ButtonKind::Secondary
                    busy=page.asking.busy
                />
            }
        })
    };
    view! { <Card title=say!(i18n, quarter.notice)>{days} {list} {button}</Card> }
}

/// What a village's line on the notice says.
fn line(i18n: Words, row: &RankRow) -> String {
    match (row.rank, row.published) {
        (Some(rank), Some(published)) => {
            t_string!(i18n, quarter.notice_line, rank = rank, published = published.to_string())
        }
        _ => t_string!(i18n, quarter.notice_line_none).to_owned(),
    }
}

fn row(i18n: Words, row: NoticeRow) -> impl IntoView {
    let href = links::record(&row.id, RecordPage::Overview);
    let title = t_string!(i18n, quarter.notice_row, number = row.id.to_string());
    let (shown, held, disputed) = row.lines;
    let lines = t_string!(i18n, quarter.notice_lines, shown = shown, held = held, disputed = disputed);
    let old = (!row.is_of_result).then(|| t_string!(i18n, quarter.notice_old).to_owned());
    let numbers: Vec<String> = row.objections.iter().map(ToString::to_string).collect();
    let objections = (!numbers.is_empty())
        .then(|| t_string!(i18n, quarter.notice_objections, numbers = words::list(i18n, &numbers)));
    let parts: Vec<String> = [Some(lines), old, objections].into_iter().flatten().collect();
    let label = match row.state {
        Some(state) => words::declared(i18n, state.name).to_owned(),
        None => t_string!(i18n, registers.divided).to_owned(),
    };
    view! {
        <ListRow title subtitle=parts.join(" · ") href>
            <Badge kind=BadgeKind::Plain label />
        </ListRow>
    }
}
