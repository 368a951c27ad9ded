//! The organisation's decision on one subject, beside the arithmetic; both are kept.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::MeetingCommand;
use shared::domain::meeting::Grading;
use shared::id::{MeetingId, PersonId};

use super::asking::{Asking, Refusal};
use super::words;
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::state::result::{self, Decided, ResultRow};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::field::{Field, FieldKind};

/// The form, while the organisation can decide; otherwise what it decided.
#[component]
pub fn DecisionForm(
    /// Which meeting.
    id: MeetingId,
    /// The subject's line; nothing while no sum is shown.
    row: Memo<Option<ResultRow>>,
    /// Where wishes go.
    asking: Asking,
    /// Whose sum is shown; nobody's once the decision is recorded.
    shown: RwSignal<Option<PersonId>>,
) -> impl IntoView {
    let phone = Phone::expect();
    let open = {
        let id = id.clone();
        Memo::new(move |_| {
            phone.workspace.with(|workspace| {
                let meeting = workspace.meeting(&id).filter(|meeting| result::may_decide(meeting))?;
                Some(result::choices(meeting.settings.as_ref()?))
            })
        })
    };
    let subject = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.person.clone())));
    move || {
        // The draft begins anew with each subject, and a remote record does not throw it away.
        subject.track();
        let row = row.get_untracked()?;
        Some(match open.get() {
            Some(choices) if row.grading == Grading::Graded => {
                view! { <Form id=id.clone() row choices asking shown /> }.into_any()
            }
            _ => view! { <Told row /> }.into_any(),
        })
    }
}

#[component]
fn Told(row: ResultRow) -> impl IntoView {
    let i18n = use_i18n();
    let reason = match &row.decision {
        Decided::As(ruling) if !ruling.reason.is_empty() => {
            Some(t_string!(i18n, print.feedback_reason, reason = ruling.reason.clone()))
        }
        _ => None,
    };
    view! {
        <div>
            <h3>{t_string!(i18n, result.decide)}</h3>
            <p>{super::result::decision(i18n, &row)}</p>
            {reason.map(|reason| view! { <p class="soft">{reason}</p> })}
        </div>
    }
}

#[component]
fn Form(
    id: MeetingId,
    row: ResultRow,
    choices: Vec<u8>,
    asking: Asking,
    shown: RwSignal<Option<PersonId>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (ruled, said) = match &row.decision {
        Decided::As(ruling) => (ruling.stars, ruling.reason.clone()),
        Decided::Open | Decided::Differs => (row.computed, String::new()),
    };
    let stars = RwSignal::new(ruled.unwrap_or(0));
    let reason = RwSignal::new(said);
    let computed = row.computed;
    let options = choices.iter().map(|count| ChoiceOption::new(words::stars(i18n, Some(*count)))).collect::<Vec<_>>();
    let selected = {
        let choices = choices.clone();
        Signal::derive(move || choices.iter().position(|count| *count == stars.get()))
    };
    let choose = move |place: usize| {
        if let Some(count) = choices.get(place) {
            stars.set(*count);
        }
    };
    let departs = Memo::new(move |_| Some(stars.get()) != computed);
    let missing = Memo::new(move |_| departs.get() && reason.with(|reason| reason.trim().is_empty()));
    let tried = RwSignal::new(false);
    let error = Signal::derive(move || match tried.get() && missing.get() {
        true => t_string!(i18n, result.reason_missing).to_owned(),
        false => String::new(),
    });
    let arithmetic = t_string!(
        i18n,
        result.by_arithmetic,
        published = row.published.clone().unwrap_or_default(),
        stars = words::stars(i18n, computed)
    );
    let meeting = id.clone();
    let save = move |()| {
        tried.set(true);
        if missing.get_untracked() {
            return;
        }
        let decide = MeetingCommand::Decide {
            subject: row.person.clone(),
            stars: Some(stars.get_untracked()),
            reason: reason.get_untracked().trim().to_owned(),
        };
        asking.about(&id, decide, move || _ = shown.try_set(None));
    };
    view! {
        <div class="stack">
            <h3>{t_string!(i18n, result.decide)}</h3>
            <p class="soft">{arithmetic}</p>
            <Choice
                label=say!(i18n, result.given)
                options=Signal::stored(options)
                selected
                on_choose=choose
                hint=say!(i18n, result.decide_note)
            />
            <Field
                label=say!(i18n, result.reason)
                value=reason
                on_input=move |text| reason.set(text)
                kind=FieldKind::Area
                error
            />
            <Refusal asking meeting />
            <Button
                label=say!(i18n, result.save_decision)
                on_press=save
                kind=ButtonKind::Primary
                busy=asking.busy
                wide=true
            />
        </div>
    }
}
