//! The assessment group: who leads, who has scored how much, who left.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::AssessmentCommand;

use super::Page;
use super::wish::Wish;
use crate::say;
use crate::state::quarter::{GroupRow, group};
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;

/// The card of the group.
#[component]
pub(super) fn GroupCard(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let rows = Memo::new(move |_| page.read(group).unwrap_or_default());
    let scores = Memo::new(move |_| page.read(|_, _, assessment| assessment.takes_scores()).unwrap_or_default());
    view! {
        <Card title=say!(i18n, quarter.group)>
            <ul class="list" role="list">{move || rows.get().into_iter().map(|one| row(page, one)).collect_view()}</ul>
            {move || {
                scores.get().then(|| view! { <p class="soft small">{say!(i18n, quarter.private)}</p> })
            }}
        </Card>
    }
}

fn row(page: Page, row: GroupRow) -> AnyView {
    let i18n = page.i18n;
    let leads = row.leads.then(|| view! { <Badge kind=BadgeKind::Plain label=say!(i18n, quarter.leads) /> });
    let left = row.left.as_ref().map(|reason| t_string!(i18n, quarter.left, reason = reason.clone()));
    let whole = row.whole.map(|(done, all)| t_string!(i18n, quarter.whole, done = done, all = all));
    let note: Vec<String> = [left, whole].into_iter().flatten().collect();
    let resign = row.may_resign.is_ok().then(|| {
        let (person, name) = (row.person.clone(), row.name.clone());
        let press = move |()| {
            let person = person.clone();
            page.wish.set(Some(Wish {
                title: t_string!(i18n, quarter.resign_title, name = name.clone()),
                text: t_string!(i18n, quarter.resign_text).to_owned(),
                reason: t_string!(i18n, quarter.reason).to_owned(),
                needs_reason: true,
                is_danger: true,
                make: Callback::new(move |reason| {
                    page.command(AssessmentCommand::Resign { assessor: person.clone(), reason })
                }),
            }));
        };
        view! { <Button label=say!(i18n, quarter.resign) on_press=press kind=ButtonKind::Quiet /> }
    });
    view! {
        <li class="record-line">
            <span class="record-who">
                <span class="record-name">{row.name}</span>
                <span class="soft small">{note.join(" · ")}</span>
            </span>
            {leads}
            {resign}
        </li>
    }
    .into_any()
}
