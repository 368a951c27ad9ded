//! What waits at the township for a decision: from whom, of when, about what, and the two answers.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::t_string;
use shared::identity::HeldFor;
use shared::replica::HeldBatch;
use shared::role::Role;

use super::frame::Frame;
use super::refusal::{self, RefusalBanner};
use super::words::{self, Words};
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::state::held::{About, about, parted};
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::dialog::Dialog;
use crate::ui::empty_state::EmptyState;
use crate::ui::facts::Facts;
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};

/// The page on which the office decides about batches that the relay may not place.
#[component]
pub fn HeldPage() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let is_office =
        Memo::new(move |_| phone.me.with(|me| me.as_ref().is_some_and(|me| me.roles.contains(Role::TownshipOffice))));
    let body = move || match is_office.get() {
        true => view! { <Lists /> }.into_any(),
        false => view! {
            <Banner
                kind=BannerKind::Refusal
                title=say!(i18n, held.not_office)
                next=say!(i18n, held.not_office_next)
            />
        }
        .into_any(),
    };
    view! {
        <Frame title=say!(i18n, held.title) back="/devices" narrow=true>
            {body}
        </Frame>
    }
}

#[component]
fn Lists() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let held = Memo::new(move |_| phone.status.with(|status| status.held.clone()));
    let asked = RwSignal::new(None::<(HeldBatch, bool)>);
    let refused = RwSignal::new(None);
    let told = refusal::told(i18n, phone, refused.into());
    let lists = move || {
        let (waiting, decided) = held.with(|held| parted(held));
        let nothing = waiting.is_empty().then(|| {
            view! { <EmptyState sign=Sign::Check title=say!(i18n, held.none) text=say!(i18n, held.none_text) /> }
        });
        let cards = waiting.into_iter().map(|held| waits(i18n, phone, held, asked)).collect_view();
        let decided = (!decided.is_empty()).then(|| {
            let rows = decided.into_iter().map(|held| row(i18n, phone, &held)).collect_view();
            view! {
                <Card title=say!(i18n, held.decided)>
                    <List label=say!(i18n, held.decided)>{rows}</List>
                </Card>
            }
        });
        view! {
            {nothing}
            {cards}
            {decided}
        }
    };
    view! {
        <p class="soft">{say!(i18n, held.how)}</p>
        <RefusalBanner told />
        {lists}
        <Ask asked on_refused=move |reason| refused.set(Some(reason)) />
    }
}

/// One batch that waits, with everything that is known of it.
fn waits(i18n: Words, phone: Phone, held: HeldBatch, asked: RwSignal<Option<(HeldBatch, bool)>>) -> impl IntoView {
    let title = format!("{} · {}", held.code, held.name);
    let facts = facts_of(i18n, phone, &held);
    let wished = held.wished;
    let (accepted, rejected) = (held.clone(), held);
    let buttons = match wished {
        Some(accepts) => {
            let label = if accepts { say!(i18n, held.accepting) } else { say!(i18n, held.rejecting) };
            view! { <Badge kind=BadgeKind::Here label /> }.into_any()
        }
        None => view! {
            <div class="cluster" data-align="between">
                <Button
                    label=say!(i18n, held.reject)
                    kind=ButtonKind::Danger
                    on_press=move |()| asked.set(Some((rejected.clone(), false)))
                />
                <Button
                    label=say!(i18n, held.accept)
                    on_press=move |()| asked.set(Some((accepted.clone(), true)))
                />
            </div>
        }
        .into_any(),
    };
    view! {
        <Card title=title>
            <Facts facts />
            {buttons}
        </Card>
    }
}

/// One batch that was decided about.
fn row(i18n: Words, phone: Phone, held: &HeldBatch) -> AnyView {
    let (kind, label) = match held.verdict {
        Some(true) => (BadgeKind::Good, say!(i18n, held.accepted)),
        _ => (BadgeKind::Bad, say!(i18n, held.rejected)),
    };
    let title = format!("{} · {}", held.code, held.name);
    let parts = [what(i18n, phone, held), words::when(i18n, held.arrived)];
    view! {
        <ListRow title=title subtitle=parts.join(" · ")>
            <Badge kind label />
        </ListRow>
    }
    .into_any()
}

#[component]
fn Ask(
    asked: RwSignal<Option<(HeldBatch, bool)>>,
    #[prop(into)] on_refused: Callback<shared::replica::Refused>,
) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let accepts = move || asked.with(|asked| asked.as_ref().is_some_and(|(_, accepts)| *accepts));
    let title = Signal::derive(move || {
        if accepts() {
            t_string!(i18n, held.accept_ask).to_owned()
        } else {
            t_string!(i18n, held.reject_ask).to_owned()
        }
    });
    let judge = move |()| {
        let Some((held, accepts)) = asked.get_untracked() else { return };
        asked.set(None);
        spawn_local(async move {
            if let Err(refused) = phone.judge(held.batch, accepts).await {
                on_refused.run(refused);
            }
        });
    };
    view! {
        <Dialog
            open=Signal::derive(move || asked.with(Option::is_some))
            title
            close_label=say!(i18n, held.back)
            on_close=move |()| asked.set(None)
            actions=move || {
                let label = if accepts() { say!(i18n, held.accept) } else { say!(i18n, held.reject) };
                let kind = if accepts() { ButtonKind::Primary } else { ButtonKind::Danger };
                view! {
                    <Button label=say!(i18n, held.back) on_press=move |()| asked.set(None) />
                    <Button kind label on_press=judge />
                }
            }
        >
            {move || {
                let facts = asked.with(|asked| asked.as_ref().map(|(held, _)| facts_of(i18n, phone, held)));
                view! { <Facts facts=facts.unwrap_or_default() /> }
            }}
            <p>
                {move || {
                    if accepts() { t_string!(i18n, held.accept_how) } else { t_string!(i18n, held.reject_how) }
                }}
            </p>
        </Dialog>
    }
}

fn facts_of(i18n: Words, phone: Phone, held: &HeldBatch) -> Vec<(String, String)> {
    let why = match held.reason {
        HeldFor::Revoked => t_string!(i18n, held.why_revoked),
        HeldFor::InvitationUsed => t_string!(i18n, held.why_second),
    };
    let (first, last) = held.written;
    let written = match first == last {
        true => words::when(i18n, first),
        false => t_string!(i18n, held.from_to, from = words::when(i18n, first), to = words::when(i18n, last)),
    };
    [
        (t_string!(i18n, held.about), what(i18n, phone, held)),
        (t_string!(i18n, held.why), why.to_owned()),
        (t_string!(i18n, held.written), written),
        (t_string!(i18n, held.arrived), words::when(i18n, held.arrived)),
    ]
    .map(|(label, value)| (label.to_owned(), value))
    .to_vec()
}

/// Says what a batch is about and how much it holds; what it says stays closed until it counts.
fn what(i18n: Words, phone: Phone, held: &HeldBatch) -> String {
    let about = phone.workspace.with(|workspace| about(&held.address, workspace));
    let about = match about {
        About::Registry => t_string!(i18n, held.registry).to_owned(),
        About::Rulebooks => t_string!(i18n, held.rulebooks).to_owned(),
        About::Roster(village) => t_string!(i18n, held.roster, village = village),
        About::Meeting(village, day) => t_string!(i18n, held.meeting, village = village, day = day),
        About::Other(address) => address,
    };
    t_string!(i18n, held.changes, about = about, count = held.changes)
}
