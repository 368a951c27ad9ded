//! After voting: sheets counted on the table beside what the records say, and a note where they differ.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::ballot::BallotMode;
use shared::domain::command::MeetingCommand;
use shared::domain::meeting::{GroupCount, Stage};
use shared::id::{GroupId, MeetingId};

use super::asking::{Asking, Refusal};
use super::frame::{Frame, for_meeting};
use super::meeting::action::MainAction;
use super::meeting::next_of;
use super::words::{self, Words};
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::state::closing::{Balance, ClosingDraft, TypedCount};
use crate::state::links::{self, MeetingPage};
use crate::state::meeting::Next;
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::field::{Field, FieldKind};
use std::collections::BTreeMap;

/// What stands at a meeting's closing.
#[component]
pub fn ClosingPage() -> impl IntoView {
    for_meeting(|id| view! { <Closing id /> }.into_any())
}

/// What the page is about.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Facts {
    mode: BallotMode,
    stage: Stage,
    groups: Vec<(GroupId, String)>,
    counts: BTreeMap<GroupId, GroupCount>,
    reconciled: bool,
}

#[component]
fn Closing(id: MeetingId) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let asking = Asking::start();
    let facts = {
        let id = id.clone();
        Memo::new(move |_| {
            phone.workspace.with(|workspace| {
                let meeting = workspace.meeting(&id)?;
                let settings = meeting.settings.as_ref()?;
                let groups = settings.rulebook.groups.iter();
                Some(Facts {
                    mode: settings.mode,
                    stage: meeting.stage,
                    groups: groups.map(|group| (group.id.clone(), group.name.clone())).collect(),
                    counts: meeting.counts.clone(),
                    reconciled: meeting.reconciled.agreed().is_some(),
                })
            })
        })
    };
    let next = {
        let id = id.clone();
        Memo::new(move |_| next_of(phone, &id))
    };
    let draft = {
        let (id, is_urn) =
            (id.clone(), facts.with_untracked(|f| f.as_ref().is_some_and(|f| f.mode == BallotMode::SecretDevice)));
        let start = phone.workspace.with_untracked(|workspace| {
            let of = if is_urn { ClosingDraft::of_urn } else { ClosingDraft::of };
            workspace.meeting(&id).map(of).unwrap_or_default()
        });
        RwSignal::new(start)
    };
    let counts = Memo::new(move |_| facts.with(|facts| facts.as_ref().map(|f| f.counts.clone()).unwrap_or_default()));
    let ready = Memo::new(move |_| counts.with(|counts| draft.with(|draft| draft.reconciliation(counts))));
    let tried = RwSignal::new(false);
    let save = {
        let id = id.clone();
        Callback::new(move |()| {
            tried.set(true);
            if let Some(reconciliation) = ready.get_untracked() {
                asking.about(&id, MeetingCommand::Reconcile(reconciliation), || {});
            }
        })
    };
    // The field that is wrong may be out of sight: the bar says what is missing, once the person has tried.
    let faulty = Memo::new(move |_| {
        let is_fault = |balance: &Balance| matches!(balance, Balance::Unreadable | Balance::KindsExceedReturned);
        let balance = |draft: &ClosingDraft| {
            let mut all = Vec::new();
            counts.with(|counts| all.extend(counts.iter().map(|(group, count)| draft.balance(group, count))));
            all.into_iter().find(is_fault)
        };
        draft.with(balance)
    });
    let note = Signal::derive(move || {
        let unsaid = counts.with(|counts| draft.with(|draft| draft.needs_note(counts) && draft.note.trim().is_empty()));
        match (tried.get() && ready.with(Option::is_none), unsaid) {
            (false, _) => String::new(),
            (true, true) => t_string!(i18n, closing.note_missing).to_owned(),
            (true, false) => faulty.get().map(|balance| tell(i18n, balance)).unwrap_or_default(),
        }
    });
    // While the sheets are the work, confirming them is the main action; after that it moves on.
    let is_work = Memo::new(move |_| next.get() == Next::Go(MeetingPage::Closing));
    let bar = {
        let id = id.clone();
        move || {
            let id = id.clone();
            move || {
                match is_work.get() {
                true => view! {
                    <BottomBar note>
                        <Button label=say!(i18n, closing.save) on_press=save kind=ButtonKind::Primary busy=asking.busy />
                    </BottomBar>
                }
                .into_any(),
                false => view! { <MainAction id=id.clone() next asking here=MeetingPage::Closing /> }.into_any(),
            }
            }
        }
    };
    let body = {
        let mode_stage = Memo::new(move |_| facts.with(|facts| facts.as_ref().map(|facts| (facts.mode, facts.stage))));
        move || match mode_stage.get() {
            Some((BallotMode::ShowOfHands, _)) => view! { <Banner title=say!(i18n, closing.hands_text) /> }.into_any(),
            Some((_, stage)) if stage < Stage::Closed => {
                view! { <Banner title=say!(i18n, closing.not_closed) /> }.into_any()
            }
            Some((mode, _)) => view! { <Sheets asking facts counts draft tried mode is_work save /> }.into_any(),
            None => ().into_any(),
        }
    };
    view! {
        <Frame
            title=say!(i18n, closing.title)
            back=links::meeting(&id, MeetingPage::Overview)
            narrow=true
            bar
        >
            <Refusal asking meeting=id.clone() />
            {body}
        </Frame>
    }
}

#[component]
fn Sheets(
    asking: Asking,
    facts: Memo<Option<Facts>>,
    counts: Memo<BTreeMap<GroupId, GroupCount>>,
    draft: RwSignal<ClosingDraft>,
    tried: RwSignal<bool>,
    mode: BallotMode,
    is_work: Memo<bool>,
    save: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let groups = facts.with_untracked(|facts| facts.as_ref().map(|facts| facts.groups.clone()).unwrap_or_default());
    let cards = groups.into_iter().map(|(group, name)| view! { <Group facts draft group name mode /> }).collect_view();
    let reconciled = Memo::new(move |_| facts.with(|facts| facts.as_ref().is_some_and(|facts| facts.reconciled)));
    let needs_note = Memo::new(move |_| counts.with(|counts| draft.with(|draft| draft.needs_note(counts))));
    let error = Signal::derive(move || {
        let unsaid = needs_note.get() && draft.with(|draft| draft.note.trim().is_empty());
        if tried.get() && unsaid { t_string!(i18n, closing.note_missing).to_owned() } else { String::new() }
    });
    let explain = move || match mode {
        BallotMode::SecretDevice => t_string!(i18n, closing.device_text),
        _ => t_string!(i18n, closing.explain),
    };
    view! {
        <p class="soft">{explain}</p>
        {cards}
        <Field
            label=say!(i18n, closing.note)
            value=Signal::derive(move || draft.with(|draft| draft.note.clone()))
            on_input=move |text| draft.update(|draft| draft.note = text)
            kind=FieldKind::Area
            hint=say!(i18n, closing.note_hint)
            error
        />
        {move || reconciled.get().then(|| view! { <Banner kind=BannerKind::Done title=say!(i18n, closing.saved) /> })}
        <Show when=move || !is_work.get()>
            <Button label=say!(i18n, closing.save) on_press=save busy=asking.busy wide=true />
        </Show>
    }
}

#[component]
fn Group(
    facts: Memo<Option<Facts>>,
    draft: RwSignal<ClosingDraft>,
    group: GroupId,
    name: String,
    mode: BallotMode,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = {
        let group = group.clone();
        Signal::derive(move || words::group_named(i18n, &group, &name))
    };
    let records = {
        let group = group.clone();
        Memo::new(move |_| {
            facts.with(|facts| facts.as_ref().and_then(|facts| facts.counts.get(&group).copied()).unwrap_or_default())
        })
    };
    let note = Signal::derive(move || match mode {
        BallotMode::SecretDevice => t_string!(i18n, closing.voted, count = records.get().issued),
        _ => t_string!(i18n, closing.entered, count = records.get().returned),
    });
    let balance = {
        let group = group.clone();
        Memo::new(move |_| draft.with(|draft| draft.balance(&group, &records.get())))
    };
    let field = move |label: Signal<String>, of: fn(&mut TypedCount) -> &mut String| {
        let (read, write) = (group.clone(), group.clone());
        let value = Signal::derive(move || {
            let mut typed = draft.with(|draft| draft.groups.get(&read).cloned().unwrap_or_default());
            std::mem::take(of(&mut typed))
        });
        let on_input = move |text: String| {
            draft.update(|draft| *of(draft.groups.entry(write.clone()).or_default()) = text);
        };
        view! { <Field label value on_input kind=FieldKind::Number disabled=mode == BallotMode::SecretDevice /> }
    };
    view! {
        <Card title note>
            <div class="closing-figures">
                {field(say!(i18n, closing.issued), |typed| &mut typed.issued)}
                {field(say!(i18n, closing.returned), |typed| &mut typed.returned)}
                {field(say!(i18n, closing.spoiled), |typed| &mut typed.spoiled)}
                {field(say!(i18n, closing.abstained), |typed| &mut typed.abstained)}
            </div>
            <p class="closing-balance" role="status" data-balance=move || kind(balance.get())>
                {move || tell(i18n, balance.get())}
            </p>
        </Card>
    }
}

fn kind(balance: Balance) -> &'static str {
    match balance {
        Balance::Even => "even",
        Balance::Unreadable => "open",
        Balance::Unreturned(_) | Balance::Differs { .. } => "differs",
        Balance::TooMany(_) | Balance::KindsExceedReturned => "wrong",
    }
}

fn tell(i18n: Words, balance: Balance) -> String {
    match balance {
        Balance::Even => t_string!(i18n, closing.balanced).to_owned(),
        Balance::Unreadable => t_string!(i18n, closing.not_a_number).to_owned(),
        Balance::KindsExceedReturned => t_string!(i18n, closing.more_than_returned).to_owned(),
        Balance::TooMany(count) => t_string!(i18n, closing.too_many, count = count),
        Balance::Unreturned(count) => t_string!(i18n, closing.unreturned, count = count),
        Balance::Differs { entered, counted } => {
            t_string!(i18n, closing.entered_differs, entered = entered, counted = counted)
        }
    }
}
