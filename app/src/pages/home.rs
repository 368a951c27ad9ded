//! The first page: who and where one is, the village's meetings, and how to begin a new one.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::access::may_write;
use shared::id::{Address, DocumentKind, ScopeId, UnitCode};

use super::board::BoardPage;
use super::frame::{Frame, for_village};
use super::words::{self, Words};
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::state::home::{self, MeetingRow, VillageHome};
use crate::state::links::{self, MeetingPage, VillagePage};
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{ButtonKind, ButtonLink};
use crate::ui::card::Card;
use crate::ui::empty_state::EmptyState;
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};
use shared::domain::meeting::Stage;

/// What stands at `/`: the board for the office, the own village for everybody else.
#[component]
pub fn HomePage() -> impl IntoView {
    let phone = Phone::expect();
    let board = Memo::new(move |_| phone.me.with(|me| me.as_ref().is_some_and(home::sees_board)));
    let villages = Memo::new(move |_| phone.me.with(|me| me.as_ref().map(home::villages).unwrap_or_default()));
    move || match (board.get(), villages.get().as_slice()) {
        (true, _) => view! { <BoardPage /> }.into_any(),
        (false, [village]) => view! { <Village code=village.clone() /> }.into_any(),
        (false, several) => view! { <Villages codes=several.to_vec() /> }.into_any(),
    }
}

/// What stands at a village's own address.
#[component]
pub fn VillagePageAt() -> impl IntoView {
    for_village(|code| view! { <Village code back=links::HOME /> }.into_any())
}

/// The villages of somebody who works in several.
#[component]
fn Villages(codes: Vec<UnitCode>) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let rows = codes
        .into_iter()
        .map(|code| {
            let href = links::village(&code, VillagePage::Meetings);
            let title = Signal::derive(move || phone.workspace.with(|workspace| home::name(workspace, &code)));
            view! { <ListRow title href /> }
        })
        .collect_view();
    view! {
        <Frame title=say!(i18n, board.title) narrow=true>
            <List>{rows}</List>
            <List label=say!(i18n, home.also)>
                <ListRow
                    title=say!(i18n, registers.title)
                    subtitle=say!(i18n, registers.entry_note)
                    sign=Sign::Paper
                    href=links::registers(None)
                />
                <ListRow
                    title=say!(i18n, quarter.title)
                    subtitle=say!(i18n, quarter.entry_note)
                    sign=Sign::Flag
                    href=links::QUARTERS.to_owned()
                />
                <ListRow
                    title=say!(i18n, posts.title)
                    subtitle=say!(i18n, posts.entry_note)
                    sign=Sign::People
                    href=links::POSTS
                />
                <ListRow
                    title=say!(i18n, points.title)
                    subtitle=say!(i18n, points.entry_note)
                    sign=Sign::Paper
                    href=links::points(None, links::PointsPage::Overview)
                />
            </List>
        </Frame>
    }
}

#[component]
fn Village(code: UnitCode, #[prop(optional, into)] back: String) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let village = {
        let code = code.clone();
        Memo::new(move |_| phone.workspace.with(|workspace| home::village(workspace, &code)))
    };
    let may_open = {
        let scope = ScopeId::Village(code.clone());
        Memo::new(move |_| {
            phone.me.with(|me| me.as_ref().is_some_and(|me| may_write(me, &scope, DocumentKind::Meeting)))
        })
    };
    let who = Signal::derive(move || {
        let kind = village.with(|village| village.kind);
        phone.me.with(|me| me.as_ref().map(|me| words::holder(i18n, kind, &me.name, me.roles)).unwrap_or_default())
    });
    let title = Signal::derive(move || village.with(|village| village.name.clone()));
    let new_meeting = links::village(&code, VillagePage::NewMeeting);
    let bar = move || {
        let href = new_meeting.clone();
        may_open.get().then(|| {
            view! {
                <BottomBar>
                    <ButtonLink
                        label=say!(i18n, home.new_meeting)
                        href
                        kind=ButtonKind::Primary
                        sign=Sign::Plus

                    />
                </BottomBar>
            }
        })
    };
    let people = links::village(&code, VillagePage::People);
    let registers = links::registers(Some(&code));
    let posts = links::village_posts(&code);
    let points = links::points(Some(&code), links::PointsPage::Overview);
    let may_enrol = move || phone.me.with(|me| me.as_ref().is_some_and(|me| me.may_enrol));
    let people_note = Signal::derive(move || village.with(|village| people_note(i18n, village)));
    view! {
        <Frame title subtitle=who back narrow=true bar=ViewFn::from(move || view! { {bar.clone()} })>
            <Card title=say!(i18n, home.meetings)>
                {move || {
                    let rows = village.with(|village| village.meetings.clone());
                    if rows.is_empty() {
                        let text = match may_open.get() {
                            true => say!(i18n, home.none_text),
                            false => say!(i18n, home.none_reader),
                        };
                        view! { <EmptyState sign=Sign::Paper title=say!(i18n, home.none) text /> }.into_any()
                    } else {
                        let rows = rows.into_iter().map(|row| meeting_row(i18n, phone, row)).collect_view();
                        view! { <List label=say!(i18n, home.meetings)>{rows}</List> }.into_any()
                    }
                }}
            </Card>
            <List label=say!(i18n, home.also)>
                <ListRow
                    title=say!(i18n, registers.title)
                    subtitle=say!(i18n, registers.entry_note)
                    sign=Sign::Paper
                    href=registers
                />
                <ListRow
                    title=say!(i18n, quarter.title)
                    subtitle=say!(i18n, quarter.entry_note)
                    sign=Sign::Flag
                    href=links::QUARTERS.to_owned()
                />
                <ListRow
                    title=say!(i18n, posts.title)
                    subtitle=say!(i18n, posts.entry_note)
                    sign=Sign::People
                    href=posts
                />
                <ListRow
                    title=say!(i18n, points.title)
                    subtitle=say!(i18n, points.entry_note)
                    sign=Sign::Paper
                    href=points
                />
                <ListRow title=say!(i18n, home.people) subtitle=people_note sign=Sign::People href=people />
                <ListRow
                    title=say!(i18n, home.device)
                    subtitle=say!(i18n, home.device_note)
                    sign=Sign::Phone
                    href="/status"
                />
                {move || {
                    may_enrol()
                        .then(|| {
                            view! {
                                <ListRow
                                    title=say!(i18n, home.devices)
                                    subtitle=say!(i18n, home.devices_note)
                                    sign=Sign::Code
                                    href="/devices"
                                />
                            }
                        })
                }}
            </List>
        </Frame>
    }
}

/// A meeting in a list: its day and title, its place, how far it has come, and where its records are proved to be.
fn meeting_row(i18n: Words, phone: Phone, row: MeetingRow) -> impl IntoView {
    let href = links::meeting(&row.id, MeetingPage::Overview);
    let (stage, sealed) = (row.stage, row.sealed);
    let kind = match stage {
        _ if sealed => BadgeKind::Good,
        Stage::Adjourned | Stage::Void => BadgeKind::Bad,
        Stage::Draft => BadgeKind::Plain,
        _ => BadgeKind::Attention,
    };
    let label = Signal::derive(move || words::stage_or_seal(i18n, stage, sealed).to_owned());
    let (date, place) = (row.date, row.place);
    let subtitle = Signal::derive(move || format!("{} · {place}", words::date(i18n, date)));
    // What has a receipt is at the township; of what came from there nothing is unsent either.
    let address = Address::meeting(&row.id);
    let is_unsent = Memo::new(move |_| phone.status.with(|status| status.unsent_by_document.contains_key(&address)));
    let kept = Signal::derive(move || if is_unsent.get() { BadgeKind::Here } else { BadgeKind::Arrived });
    let where_kept = Signal::derive(move || {
        let words = if is_unsent.get() { t_string!(i18n, home.here_only) } else { t_string!(i18n, home.at_office) };
        words.to_owned()
    });
    view! {
        <ListRow title=row.title subtitle href>
            <Badge kind label />
            <Badge kind=kept label=where_kept />
        </ListRow>
    }
}

fn people_note(i18n: Words, village: &VillageHome) -> String {
    let count = village.people;
    match count.people {
        0 => t_string!(i18n, home.people_empty).to_owned(),
        people => t_string!(
            i18n,
            home.people_note,
            people = people,
            members = count.members,
            representatives = count.representatives
        ),
    }
}
