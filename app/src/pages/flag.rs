//! The mobile red flag: who has it, who is to have it, signing for one's own side, and every hand it went through.

pub mod told;
mod award;
mod hand;

use leptos::prelude::*;
use leptos_i18n::t_string;

use super::asking::{Asking, Refusal};
use super::frame::Frame;
use super::quarter::told as quarters;
use super::words::{self, Words};
use crate::i18n::*;
use crate::platform::clock;
use crate::say;
use crate::shell::Phone;
use crate::state::flag::{AwardView, FlagView, HandoverView, HeldBy, Side, Signed, view};
use crate::state::links;
use crate::state::moment::moment;
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::card::Card;
use award::AwardCard;
use hand::{HandCard, WaitingCard};

/// What every part of the page sees.
#[derive(Clone, Copy)]
struct Page {
    i18n: Words,
    phone: Phone,
    asking: Asking,
    flag: Memo<FlagView>,
}

/// What stands at `/flag`.
#[component]
pub fn FlagPage() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let today = moment(clock::now()).map(|moment| moment.date);
    let flag = Memo::new(move |_| {
        let me = phone.me.get();
        me.map(|me| phone.workspace.with(|workspace| view(workspace, &me, today))).unwrap_or_default()
    });
    let page = Page { i18n, phone, asking: Asking::start(), flag };
    view! {
        <Frame title=say!(i18n, flag.title) back=links::HOME narrow=true>
            <Refusal asking=page.asking />
            <HolderCard page />
            <WaitingCard page />
            <AwardCard page />
            <HandCard page />
            <Awards page />
            <History page />
        </Frame>
    }
}

/// Names a side.
fn side(i18n: Words, side: &Side) -> String {
    side.clone().unwrap_or_else(|| t_string!(i18n, flag.office).to_owned())
}

/// Names who signed.
fn who(i18n: Words, signed: &Signed) -> String {
    signed.name.clone().unwrap_or_else(|| t_string!(i18n, flag.somebody).to_owned())
}

/// Says from whom to whom it went and on which day.
fn handed(i18n: Words, view: &HandoverView) -> String {
    let (from, to) = (side(i18n, &view.from), side(i18n, &view.to));
    t_string!(i18n, flag.handed, from = from, to = to, date = words::date(i18n, view.date))
}

/// Where it is.
#[component]
fn HolderCard(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let held = Memo::new(move |_| page.flag.with(|flag| (flag.held.clone(), flag.turn.clone())));
    move || {
        let (held, turn) = held.get();
        let apart = (held.len() > 1).then(|| {
            view! {
                <Banner
                    kind=BannerKind::Warning
                    title=say!(i18n, flag.held_apart)
                    next=say!(i18n, flag.held_apart_next)
                />
            }
        });
        let line = |held: HeldBy| {
            let (by, since) = (side(i18n, &held.side), words::date(i18n, held.since));
            view! { <p class="flag-holder">{t_string!(i18n, flag.held_by, side = by, since = since)}</p> }
        };
        let nobody = held.is_empty().then(|| view! { <p>{say!(i18n, flag.nobody)}</p> });
        let lines = held.into_iter().map(line).collect_view();
        let turn = turn.map(|village| view! { <p>{t_string!(i18n, flag.turn, village = village)}</p> });
        view! { <Card title=say!(i18n, flag.holder)>{apart} {lines} {nobody} {turn}</Card> }
    }
}

/// Every award, the latest first.
#[component]
fn Awards(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let awards = Memo::new(move |_| page.flag.with(|flag| flag.awards.clone()));
    let body = move || {
        let awards = awards.get();
        if awards.is_empty() {
            return view! { <p class="soft">{say!(i18n, flag.award_none)}</p> }.into_any();
        }
        let rows = awards.into_iter().map(|one| award(i18n, one)).collect_view();
        view! { <ul class="list" role="list">{rows}</ul> }.into_any()
    };
    view! { <Card title=say!(i18n, flag.awards)>{body}</Card> }
}

fn award(i18n: Words, award: AwardView) -> AnyView {
    let (quarter, villages) = (quarters::quarter(i18n, award.quarter), words::list(i18n, &award.villages));
    let title = match award.weeks {
        0 => t_string!(i18n, flag.award_one, quarter = quarter, villages = villages),
        weeks => t_string!(i18n, flag.award_turns, quarter = quarter, villages = villages, weeks = weeks),
    };
    let (by, when) = (who(i18n, &award.by), words::when(i18n, award.by.at));
    let by = t_string!(i18n, flag.award_by, who = by, when = when, number = award.id.to_string());
    let reason = (!award.reason.is_empty()).then(|| t_string!(i18n, flag.award_reason, reason = award.reason.clone()));
    let notes: Vec<String> = [Some(by), reason].into_iter().flatten().collect();
    let (kind, label) = match (award.overturned, award.stands) {
        (true, _) => (BadgeKind::Bad, say!(i18n, flag.overturned)),
        (false, true) => (BadgeKind::Good, say!(i18n, flag.stands)),
        (false, false) => (BadgeKind::Plain, say!(i18n, flag.earlier)),
    };
    view! {
        <li class="record-line">
            <span class="record-who">
                <span class="record-name">{title}</span>
                <span class="soft small">{notes.join(" · ")}</span>
            </span>
            <Badge kind label />
        </li>
    }
    .into_any()
}

/// Every handover, the latest first.
#[component]
fn History(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let history = Memo::new(move |_| page.flag.with(|flag| flag.history.clone()));
    let row = move |view: HandoverView| {
        let title = handed(i18n, &view);
        let (first, number) = (who(i18n, &view.first), view.id.to_string());
        let second = view.second.as_ref().map(|second| who(i18n, second)).unwrap_or_default();
        let both = t_string!(i18n, flag.signed_both, first = first, second = second, number = number);
        let reason =
            (!view.reason.is_empty()).then(|| t_string!(i18n, flag.award_reason, reason = view.reason.clone()));
        let notes: Vec<String> = [Some(both), reason].into_iter().flatten().collect();
        view! {
            <li class="record-line">
                <span class="record-who">
                    <span class="record-name">{title}</span>
                    <span class="soft small">{notes.join(" · ")}</span>
                </span>
            </li>
        }
    };
    let body = move || {
        let history = history.get();
        if history.is_empty() {
            return view! { <p class="soft">{say!(i18n, flag.history_none)}</p> }.into_any();
        }
        view! { <ul class="list flag-history" role="list">{history.into_iter().map(row).collect_view()}</ul> }
            .into_any()
    };
    view! { <Card title=say!(i18n, flag.history)>{body}</Card> }
}
