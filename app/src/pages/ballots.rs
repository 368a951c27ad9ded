//! Ballots of one meeting, in whichever way it collects them: paper entered twice, the urn, or hands.

mod hands;
mod issue;
mod pile;
mod ticket;
mod urn;

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::ballot::BallotMode;
use shared::domain::meeting::{Meeting, MeetingSettings, Stage};
use shared::id::MeetingId;

pub use ticket::TicketPage;

use crate::i18n::*;
use crate::pages::asking::Asking;
use crate::pages::frame::{Frame, for_meeting};
use crate::say;
use crate::shell::Phone;
use crate::state::keypad::{Answer, Key, Keypad, Refused};
use crate::state::links::{self, MeetingPage};
use crate::ui::banner::Banner;
use hands::Hands;
use pile::Pile;
use urn::Urn;

/// A meeting whose settings have arrived, as the ballot pages take it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Open {
    meeting: Meeting,
    settings: MeetingSettings,
}

/// Follows a meeting whose settings are here.
fn open_meeting(id: StoredValue<MeetingId>) -> Memo<Option<Open>> {
    let phone = Phone::expect();
    Memo::new(move |_| {
        let meeting = phone.workspace.with(|workspace| id.with_value(|id| workspace.meeting(id).cloned()))?;
        let settings = meeting.settings.clone()?;
        Some(Open { meeting, settings })
    })
}

/// Where ballots of one meeting are collected.
#[component]
pub fn BallotsPage() -> impl IntoView {
    for_meeting(|id| view! { <Ballots id=StoredValue::new(id) /> }.into_any())
}

#[component]
fn Ballots(id: StoredValue<MeetingId>) -> impl IntoView {
    let open = open_meeting(id);
    let shape = Memo::new(move |_| open.with(|open| open.as_ref().map(|o| (o.settings.mode, o.meeting.stage))));
    move || shape.get().map(|(mode, stage)| view! { <Collecting id mode stage open /> })
}

/// The frame of whichever way ballots are collected; its bar belongs to the face inside.
#[component]
fn Face(
    id: StoredValue<MeetingId>,
    mode: BallotMode,
    #[prop(optional)] narrow: bool,
    #[prop(optional, into)] bar: ViewFn,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = match mode {
        BallotMode::ShowOfHands => say!(i18n, ballots.title_hands),
        BallotMode::SecretDevice => say!(i18n, ballots.title_urn),
        BallotMode::SecretPaper => say!(i18n, ballots.title),
    };
    view! {
        <Frame title back=links::meeting(&id.get_value(), MeetingPage::Overview) narrow bar>
            {children()}
        </Frame>
    }
}

/// The face that fits mode and stage: paper can be entered until the count, hands and urn while voting.
#[component]
fn Collecting(id: StoredValue<MeetingId>, mode: BallotMode, stage: Stage, open: Memo<Option<Open>>) -> impl IntoView {
    let i18n = use_i18n();
    let asking = Asking::start();
    let told = |title: Signal<String>| {
        view! {
            <Face id mode narrow=true>
                <Banner title />
            </Face>
        }
        .into_any()
    };
    match (mode, stage) {
        (_, Stage::Draft | Stage::RollOpen | Stage::Quorate) => told(say!(i18n, ballots.not_open)),
        (BallotMode::SecretPaper, _) => view! { <Pile asking id open stage /> }.into_any(),
        (BallotMode::ShowOfHands, Stage::Voting) => view! { <Hands asking id open /> }.into_any(),
        (BallotMode::SecretDevice, Stage::Voting) => view! { <Urn asking id open /> }.into_any(),
        _ => told(say!(i18n, ballots.closed)),
    }
}

/// Names a rater group of the meeting's rulebook.
fn group_name(i18n: crate::pages::words::Words, settings: &MeetingSettings, group: &shared::id::GroupId) -> String {
    match settings.rulebook.group(group) {
        Some(found) => crate::pages::words::group(i18n, found),
        None => group.to_string(),
    }
}

/// The keypad's words, the same on paper and at the urn.
fn keypad_words(i18n: crate::pages::words::Words) -> Signal<crate::ui::keypad::KeypadWords> {
    Signal::derive(move || crate::ui::keypad::KeypadWords {
        keypad: t_string!(i18n, ballots.pad).to_owned(),
        last: t_string!(i18n, ballots.pad_last).to_owned(),
        progress: t_string!(i18n, ballots.pad_progress).to_owned(),
        each: t_string!(i18n, ballots.by_aspect).to_owned(),
        exact: t_string!(i18n, ballots.exact).to_owned(),
        abstain: t_string!(i18n, ballots.abstain).to_owned(),
        undo: t_string!(i18n, ballots.undo).to_owned(),
        previous: t_string!(i18n, ballots.pad_previous).to_owned(),
        next: t_string!(i18n, ballots.pad_next).to_owned(),
        jump: t_string!(i18n, ballots.pad_jump).to_owned(),
        close: t_string!(i18n, common.close).to_owned(),
        erase: t_string!(i18n, ballots.pad_erase).to_owned(),
        enter: t_string!(i18n, ballots.confirm).to_owned(),
        open: t_string!(i18n, ballots.pad_open).to_owned(),
        partial: t_string!(i18n, ballots.pad_partial).to_owned(),
        complete: t_string!(i18n, ballots.pad_complete).to_owned(),
        abstained: t_string!(i18n, ballots.abstain).to_owned(),
    })
}

/// Presses keys into a ballot; with it comes why the last key changed nothing, in words.
fn pressing(i18n: crate::pages::words::Words, keypad: RwSignal<Keypad>) -> (Callback<Key>, Signal<String>) {
    let above = RwSignal::new(None::<u32>);
    let on_key = Callback::new(move |key| {
        let answer = keypad.try_update(|keypad| keypad.press(key));
        above.set(match answer {
            Some(Answer::Refused(Refused::AboveMax(max))) => Some(max),
            _ => None,
        });
    });
    let refusal = Signal::derive(move || {
        above.get().map(|max| t_string!(i18n, ballots.above_max, max = max)).unwrap_or_default()
    });
    (on_key, refusal)
}

/// Words for the levels: the standard four have a word beside the figure, others the figure alone.
fn level_words(i18n: crate::pages::words::Words, settings: &MeetingSettings) -> Vec<String> {
    let word = |level: &u32| match level {
        20 => t_string!(i18n, ballots.level_20).to_owned(),
        16 => t_string!(i18n, ballots.level_16).to_owned(),
        12 => t_string!(i18n, ballots.level_12).to_owned(),
        8 => t_string!(i18n, ballots.level_8).to_owned(),
        _ => String::new(),
    };
    settings.rulebook.levels.iter().map(word).collect()
}
