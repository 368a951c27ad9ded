//! A new meeting: when, where, how and with whom, on one page, with a summary before it is created.

mod form;

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::hooks::use_navigate;
use shared::domain::command::{Command, MeetingCommand};
use shared::domain::rulebook::Rulebook;
use shared::id::UnitCode;

use super::asking::{Asking, Refusal};
use super::frame::{Frame, for_village};
use super::words::Words;
use crate::i18n::*;
use crate::platform::clock;
use crate::say;
use crate::shell::Phone;
use crate::state::home;
use crate::state::links::{self, MeetingPage, VillagePage};
use crate::state::meetings::{self, MeetingDraft, Missing, Offered, Turnout};
use crate::state::moment::moment;
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use form::{How, OfficersCard, Summary, WhenAndWhere, Who, tell};

/// What stands at a village's new meeting.
#[component]
pub fn NewMeetingPage() -> impl IntoView {
    for_village(|code| view! { <NewMeeting code /> }.into_any())
}

/// The draft and what follows from it, for the parts of the form.
#[derive(Clone, Copy)]
pub struct Form {
    i18n: Words,
    draft: RwSignal<MeetingDraft>,
    rulebooks: Memo<Vec<Rulebook>>,
    chosen: RwSignal<usize>,
    turnout: Memo<Turnout>,
    officers: Memo<Officers>,
    /// Faults are shown once the person has tried, so that an empty form does not begin with reproaches.
    tried: RwSignal<bool>,
    missing: Memo<Vec<Missing>>,
}

/// Whom the form offers for each office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Officers {
    chairs: Vec<Offered>,
    tellers: Vec<Offered>,
}

#[component]
fn NewMeeting(code: UnitCode) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let today = moment(clock::now()).map(|moment| moment.date);
    let year = today.map_or(0, |date| date.parts().0);
    let title = untrack(|| t_string!(i18n, meetings.default_name, year = year));
    let place = untrack(|| t_string!(i18n, meetings.default_place).to_owned());
    let draft = RwSignal::new(MeetingDraft::new(today, title, place));
    let chosen = RwSignal::new(0);
    let rulebooks = Memo::new(move |_| {
        phone.workspace.with(|workspace| {
            workspace.rulebooks_in_force().map(|adoption| adoption.rulebook.clone()).collect::<Vec<_>>()
        })
    });
    let roster = {
        let code = code.clone();
        Memo::new(move |_| {
            phone.workspace.with(|w| w.villages.get(&code).map(|village| village.roster.clone()).unwrap_or_default())
        })
    };
    let rulebook = Memo::new(move |_| rulebooks.with(|rulebooks| rulebooks.get(chosen.get()).cloned()));
    // Only these two fields of the draft change who takes part; typing a title must not draw up the roll again.
    let rated = Memo::new(move |_| draft.with(|draft| (draft.migrants_rated, draft.frail_rated)));
    let turnout = Memo::new(move |_| {
        rated.track();
        let Some(rulebook) = rulebook.get() else { return Turnout::default() };
        roster.with(|roster| draft.with_untracked(|draft| draft.turnout(roster, &rulebook)))
    });
    let officers = Memo::new(move |_| {
        turnout.with(|turnout| Officers {
            chairs: meetings::chairs(turnout),
            tellers: roster.with(|roster| meetings::tellers(turnout, roster)),
        })
    });
    let missing = Memo::new(move |_| match rulebook.get() {
        Some(rulebook) => turnout.with(|turnout| draft.with(|draft| draft.missing(&rulebook, turnout))),
        None => Vec::new(),
    });
    let form = Form { i18n, draft, rulebooks, chosen, turnout, officers, tried: RwSignal::new(false), missing };

    let asking = Asking::start();
    let navigate = use_navigate();
    let create = {
        let code = code.clone();
        Callback::new(move |()| {
            form.tried.set(true);
            let (Some(rulebook), Some(id)) = (rulebook.get_untracked(), draft.with_untracked(|draft| draft.id(&code)))
            else {
                return;
            };
            let settings =
                roster.with_untracked(|roster| draft.with_untracked(|draft| draft.settings(roster, &rulebook)));
            let Ok(settings) = settings else { return };
            let (href, navigate) = (links::meeting(&id, MeetingPage::Overview), navigate.clone());
            let open = Command::Meeting(id, MeetingCommand::Open(Box::new(settings)));
            asking.ask(open, move || {
                navigate(&href, leptos_router::NavigateOptions { replace: true, ..Default::default() })
            });
        })
    };
    let exists = {
        let code = code.clone();
        Memo::new(move |_| {
            let id = draft.with(|draft| draft.id(&code));
            id.is_some_and(|id| phone.workspace.with(|workspace| workspace.meeting(&id).is_some()))
        })
    };
    let subtitle = {
        let code = code.clone();
        Signal::derive(move || phone.workspace.with(|workspace| home::name(workspace, &code)))
    };
    let back = links::village(&code, VillagePage::Meetings);
    let bar = move || {
        let note = Signal::derive(move || match (form.tried.get(), missing.with(|missing| missing.first().cloned())) {
            (true, Some(first)) => tell(i18n, &first),
            _ => String::new(),
        });
        view! {
            <BottomBar note>
                <Button
                    label=say!(i18n, meetings.create)
                    on_press=create
                    kind=ButtonKind::Primary
                    busy=asking.busy
                />
            </BottomBar>
        }
    };
    let body = move || match rulebooks.with(Vec::is_empty) {
        true => view! {
            <Banner
                kind=BannerKind::Warning
                title=say!(i18n, meetings.no_rulebook)
                next=say!(i18n, meetings.no_rulebook_next)
            />
        }
        .into_any(),
        false => view! {
            <WhenAndWhere form />
            <How form />
            <Who form />
            <OfficersCard form />
            <Summary form />
        }
        .into_any(),
    };
    view! {
        <Frame title=say!(i18n, meetings.title) subtitle back narrow=true bar>
            <Refusal asking />
            {move || exists.get().then(|| view! { <Banner title=say!(i18n, meetings.exists) /> })}
            {body}
        </Frame>
    }
}
