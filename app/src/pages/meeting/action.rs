//! The one main action of a meeting, the same on its own page and on the page where its work is done.

use leptos::prelude::*;
use shared::domain::ballot::BallotMode;
use shared::domain::command::{Command, MeetingCommand};
use shared::domain::meeting::Stage;
use shared::id::MeetingId;

use crate::i18n::*;
use crate::pages::asking::Asking;
use crate::pages::words::Words;
use crate::say;
use crate::shell::Phone;
use crate::state::links::{self, MeetingPage};
use crate::state::meeting::Next;
use crate::state::result;
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind, ButtonLink};
use crate::ui::dialog::Dialog;
use crate::ui::disclosure::Disclosure;
use crate::ui::field::{Field, FieldKind};
use shared::access::may_write;
use shared::id::{DocumentKind, ScopeId};

/// The bar with the main action; no bar where the main action is what this page is about.
#[component]
pub fn MainAction(
    /// Which meeting.
    id: MeetingId,
    /// What comes next.
    next: Memo<Next>,
    /// Where wishes go.
    asking: Asking,
    /// The page this bar stands on.
    here: MeetingPage,
) -> impl IntoView {
    let i18n = use_i18n();
    let may_write = writes(&id);
    let phone = Phone::expect();
    let asked = RwSignal::new(None::<Stage>);
    let mode_and_stage = {
        let id = id.clone();
        Memo::new(move |_| {
            phone.workspace.with(|workspace| {
                let meeting = workspace.meeting(&id)?;
                Some((meeting.settings.as_ref()?.mode, meeting.stage))
            })
        })
    };
    let dialog = {
        let id = id.clone();
        view! { <Ask id asking asked /> }
    };
    let action = move || {
        if !may_write.get() {
            return reader(i18n, &id, next.get(), here);
        }
        let about = |command: MeetingCommand| {
            let id = id.clone();
            Callback::new(move |()| asking.about(&id, command.clone(), || {}))
        };
        let link = |page: MeetingPage, label: Signal<String>| {
            (page != here).then(|| {
                let href = links::meeting(&id, page);
                view! { <ButtonLink label href kind=ButtonKind::Primary /> }.into_any()
            })
        };
        let button = |label: Signal<String>, on_press: Callback<()>| {
            Some(view! { <Button label on_press kind=ButtonKind::Primary busy=asking.busy /> }.into_any())
        };
        match next.get() {
            Next::ChooseSettings => link(MeetingPage::Overview, say!(i18n, meeting.settings_choose)),
            Next::Move(Stage::Closed) => {
                button(say!(i18n, meeting.close), Callback::new(move |()| asked.set(Some(Stage::Closed))))
            }
            Next::Move(to) => button(moving(i18n, to), about(MeetingCommand::Move { to, reason: String::new() })),
            Next::Go(MeetingPage::Ballots) | Next::Vote => {
                let label = match mode_and_stage.get() {
                    Some((BallotMode::ShowOfHands, _)) => say!(i18n, meeting.collect_hands),
                    Some((BallotMode::SecretDevice, _)) => say!(i18n, meeting.collect_device),
                    _ => say!(i18n, meeting.collect),
                };
                // Not every sheet comes back and not everybody votes: the chair may close at any time.
                let close = mode_and_stage.get().is_some_and(|(_, stage)| stage == Stage::Voting).then(|| {
                    let ask = move |()| asked.set(Some(Stage::Closed));
                    view! { <Button label=say!(i18n, meeting.close) on_press=ask /> }
                });
                let collect = link(MeetingPage::Ballots, label);
                Some(view! { {close} {collect} }.into_any())
            }
            Next::Go(page) => link(page, going(i18n, page)),
            Next::EmptyUrn => button(say!(i18n, closing.empty_urn), about(MeetingCommand::EmptyUrn)),
            Next::Void => button(say!(i18n, meeting.void), Callback::new(move |()| asked.set(Some(Stage::Void)))),
            Next::Check if here == MeetingPage::Result => {
                button(say!(i18n, result.check), about(MeetingCommand::Check))
            }
            Next::Check => link(MeetingPage::Result, say!(i18n, meeting.check)),
            Next::WaitForCheck => link(MeetingPage::Result, say!(i18n, meeting.see_result)),
            Next::Decide if here == MeetingPage::Result => {
                Some(view! { <DecideTheRest id=id.clone() asking /> }.into_any())
            }
            Next::Decide => link(MeetingPage::Result, say!(i18n, meeting.decide)),
            Next::Seal if here == MeetingPage::Result => {
                button(say!(i18n, result.seal_now), about(MeetingCommand::Seal))
            }
            Next::Seal => link(MeetingPage::Result, say!(i18n, meeting.seal)),
            Next::Minutes => link(MeetingPage::Print, say!(i18n, meeting.print_minutes)),
            Next::Ended => None,
        }
    };
    let note = Signal::derive(move || match next.get() {
        Next::WaitForCheck => t_string!(i18n, meeting.wait_check).to_owned(),
        Next::Check if here == MeetingPage::Result => t_string!(i18n, result.check_hint).to_owned(),
        Next::Seal if here == MeetingPage::Result => t_string!(i18n, result.seal_text).to_owned(),
        _ => String::new(),
    });
    view! {
        {move || {
            action()
                .map(|action| view! { <BottomBar note>{action}</BottomBar> })
        }}
        {dialog}
    }
}

/// Tells whether whoever holds this phone may write in this meeting, as far as roles and villages go.
fn writes(id: &MeetingId) -> Memo<bool> {
    let phone = Phone::expect();
    let scope = ScopeId::Village(id.village.clone());
    Memo::new(move |_| phone.me.with(|me| me.as_ref().is_some_and(|me| may_write(me, &scope, DocumentKind::Meeting))))
}

/// Whoever only reads is led to the result once there is one.
fn reader(i18n: Words, id: &MeetingId, next: Next, here: MeetingPage) -> Option<AnyView> {
    let counted =
        matches!(next, Next::Check | Next::WaitForCheck | Next::Decide | Next::Seal | Next::Minutes | Next::Void);
    (counted && here != MeetingPage::Result).then(|| {
        let href = links::meeting(id, MeetingPage::Result);
        view! { <ButtonLink label=say!(i18n, meeting.see_result) href kind=ButtonKind::Primary /> }.into_any()
    })
}

fn moving(i18n: Words, to: Stage) -> Signal<String> {
    match to {
        Stage::RollOpen => say!(i18n, meeting.open_roll),
        Stage::Quorate => say!(i18n, meeting.declare_quorum),
        Stage::Voting => say!(i18n, meeting.open_voting),
        Stage::Counted => say!(i18n, meeting.count),
        _ => say!(i18n, meeting.close),
    }
}

fn going(i18n: Words, page: MeetingPage) -> Signal<String> {
    match page {
        MeetingPage::Roll => say!(i18n, meeting.call_roll),
        MeetingPage::Ballots => say!(i18n, meeting.collect),
        MeetingPage::Closing => say!(i18n, meeting.reconcile),
        MeetingPage::Result => say!(i18n, meeting.see_result),
        MeetingPage::Print => say!(i18n, meeting.print_minutes),
        MeetingPage::Overview => say!(i18n, words.back),
    }
}

/// Decides everybody who is still open as the arithmetic says, one decision after the other.
#[component]
fn DecideTheRest(id: MeetingId, asking: Asking) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let open = {
        let id = id.clone();
        Memo::new(move |_| {
            phone.workspace.with(|w| w.meeting(&id).and_then(result::table).map(|t| t.undecided).unwrap_or_default())
        })
    };
    let label = Signal::derive(move || t_string!(i18n, result.decide_all, count = open.with(Vec::len)));
    let decide = move |()| {
        let decide = |(subject, stars)| {
            let decision = MeetingCommand::Decide { subject, stars, reason: String::new() };
            Command::Meeting(id.clone(), decision)
        };
        asking.ask_each(open.get_untracked().into_iter().map(decide).collect(), || {});
    };
    view! { <Button label on_press=decide kind=ButtonKind::Primary busy=asking.busy /> }
}

/// Asks before something that cannot be taken back; endings without a result need a reason.
#[component]
fn Ask(id: MeetingId, asking: Asking, asked: RwSignal<Option<Stage>>) -> impl IntoView {
    let i18n = use_i18n();
    let reason = RwSignal::new(String::new());
    let title = Signal::derive(move || match asked.get() {
        Some(Stage::Adjourned) => t_string!(i18n, meeting.adjourn).to_owned(),
        Some(Stage::Void) => t_string!(i18n, meeting.void).to_owned(),
        _ => t_string!(i18n, meeting.close).to_owned(),
    });
    let text = move || match asked.get() {
        Some(Stage::Adjourned) => t_string!(i18n, meeting.adjourn_ask),
        Some(Stage::Void) => t_string!(i18n, meeting.void_ask),
        _ => t_string!(i18n, meeting.close_ask),
    };
    let needs_reason = move || matches!(asked.get(), Some(Stage::Adjourned | Stage::Void));
    let go = Callback::new(move |()| {
        let Some(to) = asked.get_untracked() else { return };
        let reason_given = reason.get_untracked();
        asked.set(None);
        reason.set(String::new());
        asking.about(&id, MeetingCommand::Move { to, reason: reason_given }, || {});
    });
    let blank = Signal::derive(move || needs_reason() && reason.with(|reason| reason.trim().is_empty()));
    let actions = move || {
        view! {
            <Button label=say!(i18n, common.cancel) on_press=move |()| asked.set(None) />
            <Button
                label=title
                on_press=go
                kind=ButtonKind::Primary
                disabled=blank
            />
        }
    };
    view! {
        <Dialog
            open=Signal::derive(move || asked.get().is_some())
            title
            close_label=say!(i18n, common.close)
            on_close=move |()| asked.set(None)
            actions
        >
            <p>{text}</p>
            {move || {
                needs_reason()
                    .then(|| {
                        view! {
                            <Field
                                label=say!(i18n, meeting.reason)
                                value=reason
                                on_input=move |text| reason.set(text)
                                kind=FieldKind::Area
                            />
                        }
                    })
            }}
        </Dialog>
    }
}

/// The ways to end a meeting without a result, folded away.
#[component]
pub fn Endings(
    /// Which meeting.
    id: MeetingId,
    /// Where wishes go.
    asking: Asking,
) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let may_write = writes(&id);
    let asked = RwSignal::new(None::<Stage>);
    let stage = {
        let id = id.clone();
        Memo::new(move |_| {
            phone.workspace.with(|w| w.meeting(&id).filter(|meeting| !meeting.is_sealed()).map(|meeting| meeting.stage))
        })
    };
    let buttons = move || {
        let stage = stage.get()?;
        let adjourn = stage <= Stage::Voting;
        let void = (Stage::Quorate..=Stage::Decided).contains(&stage);
        (may_write.get() && (adjourn || void)).then(|| {
            let adjourn = adjourn.then(|| {
                let ask = move |()| asked.set(Some(Stage::Adjourned));
                view! { <Button label=say!(i18n, meeting.adjourn) on_press=ask kind=ButtonKind::Danger /> }
            });
            let void = void.then(|| {
                let ask = move |()| asked.set(Some(Stage::Void));
                view! { <Button label=say!(i18n, meeting.void) on_press=ask kind=ButtonKind::Danger /> }
            });
            view! {
                <Disclosure summary=say!(i18n, meeting.more)>
                    <div class="cluster">{adjourn} {void}</div>
                </Disclosure>
            }
        })
    };
    view! {
        {buttons}
        <Ask id asking asked />
    }
}
