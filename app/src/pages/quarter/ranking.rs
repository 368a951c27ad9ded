//! The ranks of a quarter: each number opens what it is made of, ties are settled, the digest is read aloud.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::AssessmentCommand;
use shared::id::UnitCode;

use super::wish::{Wish, WishDialog};
use super::{Page, for_quarter, told};
use crate::pages::asking::Refusal;
use crate::pages::frame::Frame;
use crate::pages::words;
use crate::say;
use crate::state::links::QuarterPage as At;
use crate::state::quarter::ranking::{RankRow, TieView, digest, rows, ties};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::button::{Button, ButtonKind, ButtonLink};
use crate::ui::card::Card;
use crate::ui::empty_state::EmptyState;
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};

/// What stands at `/quarter/:quarter/ranking`.
#[component]
pub fn RankingPage() -> impl IntoView {
    for_quarter(|page| view! { <Ranking page /> }.into_any())
}

#[component]
fn Ranking(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let ranked = Memo::new(move |_| page.read(|_, _, assessment| rows(assessment)).flatten());
    let body = move || match ranked.get() {
        Some(all) => {
            let all = all.into_iter().map(|one| row(page, one)).collect_view();
            view! {
                <Ties page />
                <Card title=say!(i18n, quarter.ranking) note=page_stage(page)>
                    <p class="soft small">{say!(i18n, quarter.ranking_note)}</p>
                    <div class="quarter-ranks">
                        <List label=say!(i18n, quarter.ranking)>{all}</List>
                    </div>
                </Card>
                <Digest page />
                <ButtonLink
                    label=say!(i18n, quarter.print)
                    href=page.link(&At::Print)
                    kind=ButtonKind::Quiet
                    sign=Sign::Printer
                />
            }
            .into_any()
        }
        None => view! {
            <EmptyState
                sign=Sign::Paper
                title=say!(i18n, quarter.not_frozen)
                text=say!(i18n, quarter.not_frozen_text)
            />
        }
        .into_any(),
    };
    view! {
        <Frame title=say!(i18n, quarter.ranking) subtitle=page.title() back=page.link(&At::Overview) narrow=true>
            <Refusal asking=page.asking />
            {body}
            <WishDialog wish=page.wish asking=page.asking />
        </Frame>
    }
}

fn page_stage(page: Page) -> Signal<String> {
    Signal::derive(move || {
        let stage = page.read(|_, _, assessment| assessment.stage);
        stage.map(|stage| told::stage(page.i18n, stage).to_owned()).unwrap_or_default()
    })
}

fn row(page: Page, row: RankRow) -> impl IntoView {
    let subtitle = told::place(page.i18n, &row);
    let number = row.published.map(|published| published.to_string()).unwrap_or_default();
    let href = page.link(&At::Sum(row.village));
    view! {
        <ListRow title=row.name subtitle href>
            <span class="quarter-number">{number}</span>
        </ListRow>
    }
}

/// The digest that every phone must agree on.
#[component]
fn Digest(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let text = Memo::new(move |_| page.read(|_, _, assessment| digest(assessment)).flatten().unwrap_or_default());
    let late = move || {
        let late = page.read(|_, _, assessment| assessment.late.clone()).unwrap_or_default();
        let numbers: Vec<String> = late.iter().map(ToString::to_string).collect();
        (!numbers.is_empty()).then(|| {
            let told = t_string!(i18n, quarter.late, numbers = words::list(i18n, &numbers));
            view! { <p class="soft small">{told}</p> }
        })
    };
    view! {
        <Card>
            <p class="soft small">{say!(i18n, quarter.digest)}</p>
            <p class="result-digest" data-digest="">{text}</p>
            <p class="soft small">{say!(i18n, quarter.digest_hint)}</p>
            {late}
        </Card>
    }
}

/// Villages that nothing tells apart, and the lead's decision on them.
#[component]
fn Ties(page: Page) -> impl IntoView {
    let all = Memo::new(move |_| page.read(ties).unwrap_or_default());
    move || all.get().into_iter().map(|one| tie(page, one)).collect_view()
}

fn tie(page: Page, tie: TieView) -> AnyView {
    let i18n = page.i18n;
    let names: Vec<String> = tie.villages.iter().map(|(_, name)| name.clone()).collect();
    let names = words::list(i18n, &names);
    let told = match (&tie.decided, tie.differs) {
        (Some((order, shared, reason)), _) => {
            let (villages, reason) = (words::list(i18n, order), reason.clone());
            let title = match *shared {
                true => t_string!(i18n, quarter.tie_shared, villages = villages, reason = reason),
                false => t_string!(i18n, quarter.tie_placed, villages = villages, reason = reason),
            };
            view! { <p>{title}</p> }.into_any()
        }
        (None, true) => view! { <Banner kind=BannerKind::Warning title=say!(i18n, quarter.tie_differs) /> }.into_any(),
        (None, false) => {
            let title = t_string!(i18n, quarter.tie_open, villages = names);
            view! { <Banner kind=BannerKind::Warning title next=say!(i18n, quarter.tie_open_next) /> }.into_any()
        }
    };
    let decide = match tie.may {
        Ok(()) => view! { <Deciding page villages=tie.villages /> }.into_any(),
        Err(refusal) if super::next::worth_saying(&refusal) && tie.decided.is_none() => {
            let why = told::why(i18n, page.phone, &refusal);
            view! { <p class="record-refused">{t_string!(i18n, quarter.tie_not, why = why)}</p> }.into_any()
        }
        Err(_) => ().into_any(),
    };
    view! { <Card title=say!(i18n, quarter.tie)>{told} {decide}</Card> }.into_any()
}

/// The order in which the lead places them, moved up one by one, or the shared rank.
#[component]
fn Deciding(page: Page, villages: Vec<(UnitCode, String)>) -> impl IntoView {
    let i18n = page.i18n;
    let order = RwSignal::new(villages);
    let line = move |(place, (_, name)): (usize, (UnitCode, String))| {
        let up = (place > 0).then(|| {
            let label = t_string!(i18n, quarter.tie_up, village = name.clone());
            let press = move |()| order.update(|order| order.swap(place - 1, place));
            view! { <Button label on_press=press kind=ButtonKind::Quiet /> }
        });
        view! {
            <li class="record-line">
                <span class="record-who"><span class="record-name">{name}</span></span>
                {up}
            </li>
        }
    };
    let ask = move |shared: bool, title: String| {
        let villages: Vec<UnitCode> =
            order.with_untracked(|order| order.iter().map(|(code, _)| code.clone()).collect());
        page.wish.set(Some(Wish {
            title,
            text: t_string!(i18n, quarter.tie_text).to_owned(),
            reason: t_string!(i18n, quarter.reason).to_owned(),
            needs_reason: true,
            is_danger: false,
            make: Callback::new(move |reason| {
                page.command(AssessmentCommand::DecideTie { villages: villages.clone(), shared, reason })
            }),
        }));
    };
    view! {
        <ol class="list" role="list">{move || order.get().into_iter().enumerate().map(line).collect_view()}</ol>
        <div class="cluster">
            <Button
                label=say!(i18n, quarter.tie_place)
                on_press=move |()| ask(false, t_string!(i18n, quarter.tie_place).to_owned())
            />
            <Button
                label=say!(i18n, quarter.tie_share)
                on_press=move |()| ask(true, t_string!(i18n, quarter.tie_share).to_owned())
            />
        </div>
    }
}
