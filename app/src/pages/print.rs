//! What goes on paper: blank ballots, the roll, the minutes, and a slip for every member; A4 from the browser.

mod ballots;
mod feedback;
mod minutes;
mod roll;

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::Workspace;
use shared::domain::ballot::BallotMode;
use shared::domain::meeting::{Meeting, MeetingSettings, Stage};
use shared::id::MeetingId;

use super::frame::{Frame, for_meeting};
use super::words::{self, Words};
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::state::home;
use crate::state::links::{self, MeetingPage};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::icon::Sign;
use ballots::BallotSheets;

/// What stands at a meeting's print page.
#[component]
pub fn PrintPage() -> impl IntoView {
    for_meeting(|id| view! { <Print id /> }.into_any())
}

/// A paper that a meeting needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Paper {
    Ballots,
    Roll,
    Minutes,
    Feedback,
}

/// Everything that the papers are written from.
#[derive(Clone, Copy)]
struct Source<'a> {
    i18n: Words,
    workspace: &'a Workspace,
    meeting: &'a Meeting,
    settings: &'a MeetingSettings,
}

impl Source<'_> {
    /// Returns the lines under every title: the meeting, its day and place.
    fn lines(&self) -> Vec<String> {
        let (settings, i18n) = (self.settings, self.i18n);
        vec![settings.title.clone(), format!("{} · {}", words::date(i18n, self.meeting.id.date), settings.place)]
    }

    fn village(&self) -> String {
        home::name(self.workspace, &self.meeting.id.village)
    }
}

/// Writes something of a meeting anew whenever the meeting or the language changes.
fn write(id: &MeetingId, paper: impl Fn(Source<'_>) -> AnyView + Send + 'static) -> AnyView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let id = id.clone();
    let meeting = Memo::new(move |_| phone.workspace.with(|workspace| workspace.meeting(&id).cloned()));
    let written = move || {
        let meeting = meeting.get()?;
        let settings = meeting.settings.as_ref()?;
        // The language is read inside, so that a switch writes the paper again.
        phone.workspace.with_untracked(|workspace| Some(paper(Source { i18n, workspace, meeting: &meeting, settings })))
    };
    written.into_any()
}

#[component]
fn Print(id: MeetingId) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let shape = {
        let id = id.clone();
        Memo::new(move |_| {
            phone.workspace.with(|workspace| {
                let meeting = workspace.meeting(&id)?;
                Some((meeting.settings.as_ref()?.mode, meeting.stage, meeting.is_sealed()))
            })
        })
    };
    let papers = Memo::new(move |_| match shape.get() {
        Some((BallotMode::SecretPaper, _, _)) => vec![Paper::Ballots, Paper::Roll, Paper::Minutes, Paper::Feedback],
        _ => vec![Paper::Roll, Paper::Minutes, Paper::Feedback],
    });
    let first = match shape.get_untracked() {
        Some((_, stage, _)) if stage >= Stage::Counted => Paper::Minutes,
        Some((BallotMode::SecretPaper, stage, _)) if stage < Stage::Voting => Paper::Ballots,
        _ => Paper::Roll,
    };
    let chosen = RwSignal::new(first);
    let has_result = move || shape.get().is_some_and(|(_, stage, _)| stage == Stage::Decided);
    let options = Signal::derive(move || {
        let option = |paper: &Paper| match paper {
            Paper::Ballots => ChoiceOption::new(t_string!(i18n, print.ballots)),
            Paper::Roll => ChoiceOption::new(t_string!(i18n, print.roll)),
            Paper::Minutes => ChoiceOption::new(t_string!(i18n, print.minutes)),
            Paper::Feedback => {
                let closed = !has_result();
                let note = if closed { t_string!(i18n, print.feedback_not_yet) } else { "" };
                ChoiceOption::new(t_string!(i18n, print.feedback)).with_note(note).closed(closed)
            }
        };
        papers.with(|papers| papers.iter().map(option).collect::<Vec<_>>())
    });
    let selected = Signal::derive(move || papers.with(|papers| papers.iter().position(|paper| *paper == chosen.get())));
    let choose = move |place: usize| {
        if let Some(paper) = papers.with_untracked(|papers| papers.get(place).copied()) {
            chosen.set(paper);
        }
    };
    let unsealed = move || {
        let paper = matches!(chosen.get(), Paper::Minutes | Paper::Feedback);
        paper && shape.get().is_some_and(|(_, _, sealed)| !sealed)
    };
    let sheets = {
        let id = id.clone();
        move || match chosen.get() {
            Paper::Ballots => view! { <BallotSheets id=id.clone() /> }.into_any(),
            Paper::Roll => write(&id, roll::sheets),
            Paper::Minutes => write(&id, minutes::sheets),
            Paper::Feedback => write(&id, feedback::sheets),
        }
    };
    let bar = move || {
        view! {
            <BottomBar note=say!(i18n, print.print_hint)>
                <Button
                    label=say!(i18n, print.print_now)
                    on_press=move |()| drop(window().print())
                    kind=ButtonKind::Primary
                    sign=Sign::Printer
                />
            </BottomBar>
        }
    };
    view! {
        <Frame title=say!(i18n, print.title) back=links::meeting(&id, MeetingPage::Overview) bar>
            <div class="screen-only stack">
                <Choice label=say!(i18n, print.choose) options selected on_choose=choose />
                {move || {
                    unsealed()
                        .then(|| view! { <Banner kind=BannerKind::Warning title=say!(i18n, print.not_final) /> })
                }}
            </div>
            <div class="sheets">{sheets}</div>
        </Frame>
    }
}
