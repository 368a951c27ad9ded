//! A wish under way: asked once, busy until it is durable, its refusal kept for the page to show.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::domain::command::{Command, MeetingCommand, Refusal as RuleRefusal, RegisterCommand};
use shared::domain::register::Kind;
use shared::id::{FactId, MeetingId};
use shared::replica::{Outcome, Refused};

use super::blocker::Names;
use super::refusal::{RefusalBanner, tell};
use crate::i18n::*;
use crate::shell::Phone;

/// Asks for things on behalf of one page.
#[derive(Clone, Copy)]
pub struct Asking {
    phone: Phone,
    /// Whether an answer is awaited.
    pub busy: RwSignal<bool>,
    /// Why the last wish was refused.
    pub refused: RwSignal<Option<Refused>>,
}

impl Asking {
    /// Starts with nothing asked.
    pub fn start() -> Self {
        Self { phone: Phone::expect(), busy: RwSignal::new(false), refused: RwSignal::new(None) }
    }

    /// Asks for something, and goes on with `then` once it is durable; a second wish waits for nobody and is dropped.
    pub fn ask(self, command: Command, then: impl FnOnce() + 'static) {
        self.ask_each(vec![command], then);
    }

    /// Asks for something about a meeting.
    pub fn about(self, meeting: &MeetingId, command: MeetingCommand, then: impl FnOnce() + 'static) {
        self.ask(Command::Meeting(meeting.clone(), command), then);
    }

    /// Asks for something about a meeting without waiting for earlier wishes: taps that follow each other quickly, as
    /// on the roll, are all carried out, in their order. A tap repeated before its tick came changes nothing, and is no
    /// refusal to show.
    pub fn at_once(self, meeting: &MeetingId, command: MeetingCommand) {
        let _ = self.refused.try_set(None);
        let answer = self.phone.ask(Command::Meeting(meeting.clone(), command));
        spawn_local(async move {
            if let Err(refusal) = answer.await
                && refusal != Refused::Rule(RuleRefusal::NothingToChange)
            {
                // The page may be gone by the time storage answers.
                let _ = self.refused.try_set(Some(refusal));
            }
        });
    }

    /// Asks for several things one after the other, and stops at the first refusal.
    pub fn ask_each(self, commands: Vec<Command>, then: impl FnOnce() + 'static) {
        self.ask_and_hear(commands, move |_| then());
    }

    /// Asks for a new record and goes on with its number.
    pub fn open(self, opening: RegisterCommand, then: impl FnOnce(FactId) + 'static) {
        self.ask_and_hear(vec![Command::Register(opening)], move |outcome| {
            let Some(Outcome::Recorded(facts)) = outcome else { return };
            if let Some(record) = facts.into_iter().next() {
                then(record);
            }
        });
    }

    /// Asks for several things in their order, and goes on with what the last of them made durable.
    fn ask_and_hear(self, commands: Vec<Command>, then: impl FnOnce(Option<Outcome>) + 'static) {
        // The signals are gone when the page was left; what was asked for is recorded all the same.
        if self.busy.try_get_untracked() != Some(false) {
            return;
        }
        let _ = self.busy.try_set(true);
        let _ = self.refused.try_set(None);
        spawn_local(async move {
            let mut answer = Ok(None);
            for command in commands {
                answer = self.phone.ask(command).await.map(Some);
                if answer.is_err() {
                    break;
                }
            }
            let _ = self.busy.try_set(false);
            match answer {
                Ok(outcome) => then(outcome),
                Err(refusal) => _ = self.refused.try_set(Some(refusal)),
            }
        });
    }
}

/// The refusal of the last wish, in the words of the meeting it was about.
#[component]
pub fn Refusal(
    /// Whose wish.
    asking: Asking,
    /// The meeting it was about, if any.
    #[prop(optional, into)]
    meeting: Option<MeetingId>,
    /// The kind of record it was about, if any.
    #[prop(optional)]
    kind: Option<&'static Kind>,
) -> impl IntoView {
    let i18n = use_i18n();
    let told = Memo::new(move |_| {
        let refused = asking.refused.get()?;
        asking.phone.workspace.with(|workspace| {
            let meeting = meeting.as_ref().and_then(|id| workspace.meeting(id));
            let settings = meeting.and_then(|meeting| meeting.settings.as_ref());
            let names = Names::new(i18n, workspace, settings).with_kind(kind);
            Some(tell(i18n, names, meeting, &refused))
        })
    });
    view! { <RefusalBanner told /> }
}
