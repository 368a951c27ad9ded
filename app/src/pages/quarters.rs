//! Every quarter's assessment, the way to the flag, and the way to open a quarter.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::assessment::Stage;

use super::frame::Frame;
use super::quarter::told;
use super::words::Words;
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::state::links::{self, QuarterPage as At};
use crate::state::quarter::{QuarterRow, may_open, quarters};
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{ButtonKind, ButtonLink};
use crate::ui::empty_state::EmptyState;
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};

/// What stands at `/quarters`.
#[component]
pub fn QuartersPage() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let all = Memo::new(move |_| phone.workspace.with(|workspace| quarters(workspace)));
    let may = Memo::new(move |_| phone.me.with(|me| me.as_ref().map(may_open)));
    let body = move || {
        let rows = all.get();
        if rows.is_empty() {
            let (title, text) = (say!(i18n, quarter.none), say!(i18n, quarter.none_text));
            return view! { <EmptyState sign=Sign::Flag title text /> }.into_any();
        }
        let rows = rows.into_iter().map(|one| row(i18n, one)).collect_view();
        view! { <List label=say!(i18n, quarter.title)>{rows}</List> }.into_any()
    };
    let not = move || {
        let refusal = may.get()?.err()?;
        let why = told::why(i18n, phone, &refusal);
        Some(view! { <p class="record-refused">{t_string!(i18n, quarter.may_not_open, why = why)}</p> })
    };
    let bar = move || {
        matches!(may.get(), Some(Ok(()))).then(|| {
            view! {
                <BottomBar>
                    <ButtonLink
                        label=say!(i18n, quarter.new)
                        href=links::NEW_QUARTER.to_owned()
                        kind=ButtonKind::Primary
                        sign=Sign::Plus
                    />
                </BottomBar>
            }
        })
    };
    view! {
        <Frame title=say!(i18n, quarter.title) back=links::HOME narrow=true bar>
            {body}
            <List>
                <ListRow
                    title=say!(i18n, flag.title)
                    subtitle=say!(i18n, quarter.flag_note)
                    sign=Sign::Flag
                    href=links::FLAG.to_owned()
                />
            </List>
            {not}
        </Frame>
    }
}

fn row(i18n: Words, row: QuarterRow) -> impl IntoView {
    let href = links::quarter(row.quarter, &At::Overview);
    let (quarter, title) = (told::quarter(i18n, row.quarter), row.title);
    let title = if title.is_empty() { quarter.clone() } else { title };
    let counted = t_string!(i18n, quarter.row, villages = row.villages, assessors = row.assessors);
    let kind = match row.stage {
        Stage::Confirmed | Stage::Archived => BadgeKind::Good,
        Stage::Cancelled => BadgeKind::Bad,
        Stage::Planned => BadgeKind::Plain,
        Stage::Open | Stage::Scored | Stage::Frozen | Stage::Noticed => BadgeKind::Attention,
    };
    let label = told::stage(i18n, row.stage).to_owned();
    view! {
        <ListRow title subtitle=format!("{quarter} · {counted}") href>
            <Badge kind label />
        </ListRow>
    }
}
