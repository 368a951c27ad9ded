//! One meeting: where it stands, what to do next, who is here, what disagrees, and the work in steps.

pub mod action;
mod settings;

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::meeting::{Author, Lamp, Stage};
use shared::id::MeetingId;

use super::asking::{Asking, Refusal};
use super::blocker::{self, Names, Told};
use super::frame::{Frame, for_meeting};
use super::words::{self, Words};
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::state::home;
use crate::state::links::{self, MeetingPage, VillagePage};
use crate::state::meeting::{self as state, Next, STAGES, Step, StepState};
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::card::Card;
use crate::ui::disclosure::Disclosure;
use crate::ui::facts::Facts;
use crate::ui::icon::Sign;
use crate::ui::lamp::{Lamp as LampView, LampState};
use crate::ui::list_row::{List, ListRow};
use crate::ui::stage_bar::StageBar;
use action::{Endings, MainAction};
use settings::ChooseSettings;

/// The most conflicts of one kind that are listed.
const CONFLICTS_SHOWN: usize = 3;

/// What stands at a meeting's address.
#[component]
pub fn MeetingOverview() -> impl IntoView {
    for_meeting(|id| view! { <Overview id /> }.into_any())
}

/// Returns the person and device that look at a page, as the author they would be; a stranger takes no part.
pub fn looking(phone: Phone) -> Option<Author> {
    phone.me.with(|me| me.as_ref().map(|me| Author { device: me.device, holder: Some(me.person.clone()) }))
}

/// Returns what comes next in a meeting for whoever holds this phone.
pub fn next_of(phone: Phone, id: &MeetingId) -> Next {
    let (Some(author), workspace) = (looking(phone), phone.workspace.get()) else { return Next::Ended };
    workspace.meeting(id).map_or(Next::Ended, |meeting| state::next(meeting, &author))
}

/// What the head of the page and its bar show.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Head {
    title: String,
    village: String,
    stage: Stage,
    sealed: bool,
    ended: Option<String>,
}

#[component]
fn Overview(id: MeetingId) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let asking = Asking::start();
    let head = {
        let id = id.clone();
        Memo::new(move |_| {
            phone.workspace.with(|workspace| {
                let meeting = workspace.meeting(&id)?;
                Some(Head {
                    title: meeting.settings.as_ref()?.title.clone(),
                    village: home::name(workspace, &id.village),
                    stage: meeting.stage,
                    sealed: meeting.is_sealed(),
                    ended: meeting.end_reason().map(str::to_owned),
                })
            })
        })
    };
    let next = {
        let id = id.clone();
        Memo::new(move |_| next_of(phone, &id))
    };
    let date = id.date;
    let title =
        Signal::derive(move || head.with(|head| head.as_ref().map(|head| head.title.clone()).unwrap_or_default()));
    let subtitle = Signal::derive(move || {
        let village = head.with(|head| head.as_ref().map(|head| head.village.clone()).unwrap_or_default());
        format!("{village} · {}", words::date(i18n, date))
    });
    let back = links::village(&id.village, VillagePage::Meetings);
    let bar = {
        let id = id.clone();
        move || view! { <MainAction id=id.clone() next asking here=MeetingPage::Overview /> }
    };
    view! {
        <Frame title subtitle back bar>
            <Refusal asking meeting=id.clone() />
            {move || head.get().map(|head| stages(i18n, &head))}
            <div class="columns">
                <div class="stack">
                    <ChooseSettings id=id.clone() asking />
                    <Conflicts id=id.clone() />
                    <Steps id=id.clone() />
                </div>
                <div class="stack">
                    <Lamps id=id.clone() />
                    <About id=id.clone() />
                    <Endings id asking />
                </div>
            </div>
        </Frame>
    }
}

fn stages(i18n: Words, head: &Head) -> AnyView {
    if let Some(reason) = &head.ended {
        let title = match head.stage {
            Stage::Void => t_string!(i18n, meeting.ended_void),
            _ => t_string!(i18n, meeting.ended_adjourned),
        };
        let next = t_string!(i18n, meeting.ended_reason, reason = reason.clone());
        return view! { <Banner kind=BannerKind::Warning title=title.to_owned() next /> }.into_any();
    }
    let mut names: Vec<String> = STAGES.iter().map(|stage| words::stage(i18n, *stage).to_owned()).collect();
    names.push(t_string!(i18n, words.stage_sealed).to_owned());
    let current = if head.sealed { STAGES.len() } else { state::place(head.stage).unwrap_or(0) };
    view! { <StageBar label=say!(i18n, meeting.stages) stages=names current=Signal::stored(current) /> }.into_any()
}

/// The quorum lamps of a meeting; a change is announced.
#[component]
pub fn Lamps(
    /// Which meeting.
    id: MeetingId,
    /// As few words as will do, where two lamps share the width of a phone.
    #[prop(optional)]
    brief: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let lamps = Memo::new(move |_| {
        phone.workspace.with(|workspace| {
            let meeting = workspace.meeting(&id)?;
            let settings = meeting.settings.as_ref()?;
            let group = |lamp: &Lamp| settings.rulebook.group(&lamp.group).cloned();
            Some(meeting.lamps.iter().filter_map(|lamp| Some((lamp.clone(), group(lamp)?))).collect::<Vec<_>>())
        })
    });
    // A lamp per group stays in place while its figures change, so that only the change is read out.
    let count = Memo::new(move |_| lamps.with(|lamps| lamps.as_ref().map_or(0, Vec::len)));
    let lamp = move |place: usize| {
        let this = move || lamps.with(|lamps| lamps.as_ref().and_then(|lamps| lamps.get(place).cloned()));
        let state = Signal::derive(move || match this() {
            Some((lamp, _)) if lamp.is_lost() => LampState::Lost,
            Some((lamp, _)) if lamp.met => LampState::Met,
            _ => LampState::NotMet,
        });
        let label = Signal::derive(move || {
            this()
                .map(|(_, group)| match brief {
                    true => words::group(i18n, &group),
                    false => format!("{} · {}", words::group(i18n, &group), words::quorum(i18n, group.quorum)),
                })
                .unwrap_or_default()
        });
        let verdict = Signal::derive(move || match this() {
            Some((lamp, _)) if lamp.is_lost() => t_string!(i18n, meeting.quorum_lost).to_owned(),
            Some((lamp, _)) if lamp.met => t_string!(i18n, meeting.quorum_met).to_owned(),
            Some((lamp, _)) => {
                t_string!(i18n, meeting.quorum_short, count = lamp.required.saturating_sub(lamp.in_room))
            }
            None => String::new(),
        });
        let detail = Signal::derive(move || {
            this()
                .map(|(lamp, _)| match brief {
                    true => {
                        t_string!(i18n, meeting.quorum_brief, present = lamp.in_room, required = lamp.required)
                    }
                    false => t_string!(
                        i18n,
                        meeting.quorum_detail,
                        present = lamp.in_room,
                        required = lamp.required,
                        due = lamp.roll.due
                    ),
                })
                .unwrap_or_default()
        });
        view! { <LampView state label verdict detail /> }
    };
    view! {
        <section class="meeting-lamps" aria-label=say!(i18n, meeting.quorum)>
            {move || (0..count.get()).map(lamp).collect_view()}
        </section>
    }
}

#[component]
fn Conflicts(id: MeetingId) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let told = Memo::new(move |_| {
        phone.workspace.with(|workspace| {
            let Some(meeting) = workspace.meeting(&id) else { return Vec::new() };
            let names = Names::new(i18n, workspace, meeting.settings.as_ref());
            let tell = |found: &shared::domain::meeting::Blocker| {
                let Told { what, next } = blocker::tell(names, meeting, found);
                (what, words::sentences(i18n, &[next, blocker::holds_up(i18n, found)]))
            };
            state::conflicts(meeting, CONFLICTS_SHOWN).iter().map(tell).collect::<Vec<_>>()
        })
    });
    move || {
        let told = told.get();
        (!told.is_empty()).then(|| {
            let banners = told
                .into_iter()
                .map(|(title, next)| view! { <Banner kind=BannerKind::Warning title next /> })
                .collect_view();
            view! {
                <section class="stack" data-gap="small" aria-label=say!(i18n, meeting.divergences)>
                    {banners}
                </section>
            }
        })
    }
}

#[component]
fn Steps(id: MeetingId) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let steps = {
        let id = id.clone();
        Memo::new(move |_| phone.workspace.with(|w| w.meeting(&id).map(state::steps).unwrap_or_default()))
    };
    let rows = move || steps.get().into_iter().map(|step| row(i18n, &id, step)).collect_view();
    view! {
        <Card title=say!(i18n, meeting.steps)>
            <List>{rows}</List>
        </Card>
    }
}

fn row(i18n: Words, id: &MeetingId, step: Step) -> impl IntoView + use<> {
    let (title, sign) = match step.page {
        MeetingPage::Roll => (t_string!(i18n, meeting.step_roll), Sign::People),
        MeetingPage::Ballots => (t_string!(i18n, meeting.step_ballots), Sign::Urn),
        MeetingPage::Closing => (t_string!(i18n, meeting.step_closing), Sign::Grid),
        MeetingPage::Result => (t_string!(i18n, meeting.step_result), Sign::Flag),
        MeetingPage::Print | MeetingPage::Overview => (t_string!(i18n, meeting.step_print), Sign::Printer),
    };
    let subtitle = match (step.page, step.done) {
        (MeetingPage::Roll, Some((marked, due))) => t_string!(i18n, meeting.step_roll_note, marked = marked, due = due),
        (_, Some((done, all))) => format!("{done} / {all}"),
        (MeetingPage::Print, None) => t_string!(i18n, meeting.step_print_note).to_owned(),
        (_, None) => String::new(),
    };
    let badge = match (step.page, step.state) {
        (MeetingPage::Print, _) => None,
        (_, StepState::Done) => Some((BadgeKind::Good, t_string!(i18n, meeting.state_done))),
        (_, StepState::Open) => Some((BadgeKind::Attention, t_string!(i18n, meeting.state_open))),
        (_, StepState::Later) => Some((BadgeKind::Plain, t_string!(i18n, meeting.state_later))),
        (_, StepState::Stopped) => Some((BadgeKind::Bad, t_string!(i18n, meeting.state_stopped))),
    };
    let badge = badge.map(|(kind, label)| view! { <Badge kind label=label.to_owned() /> });
    view! {
        <ListRow title=title.to_owned() subtitle sign href=links::meeting(id, step.page)>
            {badge}
        </ListRow>
    }
}

#[component]
fn About(id: MeetingId) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let lines = Memo::new(move |_| {
        phone.workspace.with(|workspace| {
            let Some(settings) = workspace.meeting(&id).and_then(|meeting| meeting.settings.as_ref()) else {
                return Vec::new();
            };
            let names = Names::new(i18n, workspace, Some(settings));
            let rulebook = &settings.rulebook;
            let title =
                t_string!(i18n, meetings.rulebook_version, title = rulebook.title.clone(), version = rulebook.version);
            [
                (t_string!(i18n, meetings.place), settings.place.clone()),
                (t_string!(i18n, meetings.mode), words::mode(i18n, settings.mode).to_owned()),
                (t_string!(i18n, meetings.rulebook), title),
                (t_string!(i18n, words.chair), names.person(&settings.chair)),
                (t_string!(i18n, words.teller), names.person(&settings.teller)),
                (t_string!(i18n, words.scrutineer), names.person(&settings.scrutineer)),
            ]
            .map(|(label, value)| (label.to_owned(), value))
            .to_vec()
        })
    });
    view! {
        <Disclosure summary=say!(i18n, meeting.about)>
            <Facts facts=lines />
        </Disclosure>
    }
}
