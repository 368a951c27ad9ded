//! The township's board: every village, whether its records have arrived, and what became of its meetings.

mod cases;
mod layers;
mod quarters;
mod year;

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::Command;
use shared::domain::rulebook::Rulebook;
use shared::role::Role;

use super::asking::{Asking, Refusal};
use super::frame::Frame;
use super::words::{self, Words};
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::state::board::{self, BoardMeeting, BoardVillage, Recomputed};
use crate::state::links::{self, MeetingPage, VillagePage};
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::banner::Banner;
use crate::ui::card::Card;
use crate::ui::empty_state::EmptyState;
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};
use cases::CasesCard;
use layers::LayersCard;
use quarters::QuartersCard;
use year::YearCard;

/// What stands at `/board`, and at `/` for the office.
#[component]
pub fn BoardPage() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let asking = Asking::start();
    let board = Memo::new(move |_| phone.workspace.with(|workspace| board::board(workspace)));
    let title = Signal::derive(move || match board.with(|board| board.township.clone()) {
        name if name.is_empty() => t_string!(i18n, board.title).to_owned(),
        name => t_string!(i18n, board.title_in, township = name),
    });
    let subtitle = Signal::derive(move || {
        let (arrived, all) = board.with(|board| (board.arrived, board.villages.len()));
        t_string!(i18n, board.arrived, count = arrived, all = all)
    });
    let villages = move || {
        let villages = board.with(|board| board.villages.clone());
        if villages.is_empty() {
            return view! {
                <EmptyState sign=Sign::Office title=say!(i18n, board.empty) text=say!(i18n, board.empty_text) />
            }
            .into_any();
        }
        let (met, other): (Vec<_>, Vec<_>) = villages.into_iter().partition(|village| !village.meetings.is_empty());
        let any_met = !met.is_empty();
        let cards = met.into_iter().map(|village| card(i18n, village)).collect_view();
        let rows = other.into_iter().map(|village| without_meeting(i18n, village)).collect_view();
        view! {
            {any_met.then(|| view! { <div class="grid board">{cards}</div> })}
            <Card title=say!(i18n, board.no_meetings)>
                <List label=say!(i18n, board.no_meetings)>{rows}</List>
            </Card>
        }
        .into_any()
    };
    view! {
        <Frame title subtitle>
            <Refusal asking />
            <FirstRulebook asking />
            {villages}
            <LayersCard />
            <QuartersCard />
            <CasesCard />
            <YearCard />
            <List label=say!(i18n, home.also)>
                <ListRow
                    title=say!(i18n, home.device)
                    subtitle=say!(i18n, home.device_note)
                    sign=Sign::Phone
                    href="/status"
                />
                <ListRow
                    title=say!(i18n, person.find)
                    subtitle=say!(i18n, person.find_note)
                    sign=Sign::People
                    href=links::PEOPLE
                />
                <ListRow
                    title=say!(i18n, registers.title)
                    subtitle=say!(i18n, registers.entry_note)
                    sign=Sign::Paper
                    href=links::registers(None)
                />
                <ListRow
                    title=say!(i18n, posts.title)
                    subtitle=say!(i18n, posts.entry_note)
                    sign=Sign::People
                    href=links::POSTS
                />
                <ListRow
                    title=say!(i18n, units.title)
                    subtitle=say!(i18n, units.entry_note)
                    sign=Sign::Office
                    href="/units"
                />
                <ListRow
                    title=say!(i18n, home.devices)
                    subtitle=say!(i18n, board.devices_note)
                    sign=Sign::Code
                    href="/devices"
                />
            </List>
        </Frame>
    }
}

/// A township without any rulebook is offered the built-in one: no meeting can be created before.
#[component]
fn FirstRulebook(asking: Asking) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let is_office =
        Memo::new(move |_| phone.me.with(|me| me.as_ref().is_some_and(|me| me.roles.contains(Role::TownshipOffice))));
    let none = Memo::new(move |_| phone.workspace.with(|workspace| workspace.rulebooks.is_empty()));
    let adopt = move |()| {
        let adopted_at = t_string!(i18n, board.adopted_at).to_owned();
        asking.ask(Command::AdoptRulebook { rulebook: Box::new(Rulebook::standard_review()), adopted_at }, || {});
    };
    move || {
        (is_office.get() && none.get()).then(|| {
            view! {
                <Banner
                    title=say!(i18n, board.no_rulebook)
                    next=say!(i18n, board.no_rulebook_next)
                    action=say!(i18n, board.adopt)
                    on_action=adopt
                />
            }
        })
    }
}

/// A village whose meetings have arrived.
fn card(i18n: Words, village: BoardVillage) -> impl IntoView {
    let href = links::village(&village.code, VillagePage::Meetings);
    let when = village.fresh.map(|at| t_string!(i18n, board.fresh, when = words::when(i18n, at)));
    let line = [Some(village.precinct), when].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let meetings = village.meetings.into_iter().map(|meeting| row(i18n, meeting)).collect_view();
    view! {
        <Card>
            <div class="card-title">
                <h2>
                    <a href=href>{village.name}</a>
                </h2>
                <Badge kind=BadgeKind::Arrived label=say!(i18n, board.has_arrived) />
            </div>
            <p class="soft small">{line}</p>
            <List>{meetings}</List>
        </Card>
    }
}

/// A village of which no meeting is here, perhaps nothing at all.
fn without_meeting(i18n: Words, village: BoardVillage) -> impl IntoView {
    let href = links::village(&village.code, VillagePage::Meetings);
    let (kind, label) = match village.has_arrived() {
        false => (BadgeKind::Plain, say!(i18n, board.nothing)),
        true => (BadgeKind::Arrived, say!(i18n, board.roster_only)),
    };
    view! {
        <ListRow title=village.name subtitle=village.precinct href>
            <Badge kind label />
        </ListRow>
    }
}

fn row(i18n: Words, meeting: BoardMeeting) -> impl IntoView {
    let sealed = meeting.recomputed != Recomputed::NotSealed;
    let href =
        links::meeting(&meeting.id, if meeting.valid.is_some() { MeetingPage::Result } else { MeetingPage::Overview });
    let mut parts = vec![
        words::date(i18n, meeting.date),
        words::stage_or_seal(i18n, meeting.stage, sealed).to_owned(),
        t_string!(i18n, board.subjects, count = meeting.subjects),
    ];
    if meeting.valid == Some(false) {
        parts.push(t_string!(i18n, board.invalid).to_owned());
    }
    let spread = |(stars, count): &(u8, usize)| t_string!(i18n, board.spread, stars = *stars, count = *count);
    parts.extend(meeting.stars.iter().map(spread));
    let badge = match meeting.recomputed {
        Recomputed::NotSealed => None,
        Recomputed::Equal => Some((BadgeKind::Good, say!(i18n, board.equal))),
        Recomputed::Different => Some((BadgeKind::Bad, say!(i18n, board.different))),
    };
    let badge = badge.map(|(kind, label)| view! { <Badge kind label /> });
    view! {
        <ListRow title=meeting.title subtitle=parts.join(" · ") href>
            {badge}
        </ListRow>
    }
}
