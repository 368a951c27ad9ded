//! What was said of a month: self statement, review, the branch's decision; and the dialog in which it is written.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::PostCommand;
use shared::domain::post::MonthStage;
use shared::id::FactId;

use super::Page;
use crate::say;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::dialog::Dialog;
use crate::ui::disclosure::Disclosure;
use crate::ui::field::{Field, FieldKind};

/// Something that is being put in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Saying {
    /// What the person says of the month.
    Statement,
    /// What the review found.
    Review,
    /// The branch's decision to excuse.
    Excuse,
    /// Why that does not hold.
    Recall,
    /// Why an entry is struck.
    Strike(FactId),
}

impl Saying {
    /// A review may go without words; everything else is its words.
    fn needs_words(&self) -> bool {
        *self != Self::Review
    }
}

/// The cards of statement and review, and the branch's decision folded away.
#[component]
pub(super) fn SaidCards(page: Page) -> impl IntoView {
    let Page { place, saying, .. } = page;
    let i18n = place.i18n;
    let stage = Memo::new(move |_| page.read(|sheet| sheet.stage).unwrap_or_default());
    let statement = Memo::new(move |_| page.read(|sheet| sheet.statement.clone()).unwrap_or_default());
    let review = Memo::new(move |_| page.read(|sheet| sheet.review.clone()).unwrap_or_default());
    let duties = Memo::new(move |_| page.read(|sheet| sheet.duties.clone()));
    let excused = Memo::new(move |_| page.read(|sheet| sheet.excused.clone()).unwrap_or_default());
    let again = move |what: Saying, label: Signal<String>, from: MonthStage, may: bool| {
        (may && stage.get() >= from && stage.get() < MonthStage::Confirmed).then(|| {
            let press = move |()| saying.set(Some(what.clone()));
            view! { <Button label on_press=press kind=ButtonKind::Quiet /> }
        })
    };
    let (may_state, may_review) = (
        move || duties.with(|duties| duties.as_ref().is_some_and(|duties| duties.state.is_ok())),
        move || duties.with(|duties| duties.as_ref().is_some_and(|duties| duties.review.is_ok())),
    );
    let decided = move || {
        let excused = excused.get();
        let is_excused = excused.iter().any(|(_, excuses)| *excuses);
        let lines = excused.into_iter().map(|(decision, excuses)| match excuses {
            true => t_string!(i18n, posts.excused_by, decision = decision),
            false => t_string!(i18n, posts.recalled, decision = decision),
        });
        let lines: Vec<_> = lines.map(|line| view! { <p>{line}</p> }).collect();
        let may = duties.with(|duties| {
            let duties = duties.as_ref()?;
            Some(if is_excused { duties.recall.clone() } else { duties.excuse.clone() })
        });
        let (label, what) = match is_excused {
            true => (say!(i18n, posts.recall), Saying::Recall),
            false => (say!(i18n, posts.excuse_write), Saying::Excuse),
        };
        let action = may.map(|may| match may {
            Ok(()) => {
                let press = move |()| saying.set(Some(what.clone()));
                view! { <Button label on_press=press /> }.into_any()
            }
            Err(why) => {
                let name = label.get_untracked();
                let said = t_string!(i18n, posts.step_not, step = name, why = place.why(&why));
                view! { <p class="record-refused">{said}</p> }.into_any()
            }
        });
        view! { <div class="stack" data-gap="small">{lines} {action}</div> }
    };
    view! {
        <Card title=say!(i18n, posts.statement)>
            {move || spoken(page, statement.get())}
            {move || again(Saying::Statement, say!(i18n, posts.statement_again), MonthStage::SelfStated, may_state())}
        </Card>
        <Card title=say!(i18n, posts.review)>
            {move || spoken(page, review.get())}
            {move || again(Saying::Review, say!(i18n, posts.review_again), MonthStage::Reviewed, may_review())}
        </Card>
        <Disclosure summary=say!(i18n, posts.excuse_more)>{decided}</Disclosure>
    }
}

/// What was said, each with who said it.
fn spoken(page: Page, said: Vec<(String, Option<String>)>) -> AnyView {
    let i18n = page.place.i18n;
    if said.is_empty() {
        return view! { <p class="soft">{say!(i18n, registers.empty_value)}</p> }.into_any();
    }
    let line = |(words, by): (String, Option<String>)| {
        let words = if words.is_empty() { t_string!(i18n, posts.words_none).to_owned() } else { words };
        let by = by.map(|name| t_string!(i18n, posts.entry_by, name = name));
        view! {
            <p class="posts-said">{words}</p>
            <p class="soft small">{by}</p>
        }
    };
    said.into_iter().map(line).collect_view().into_any()
}

/// Asks for the words and records them.
#[component]
pub(super) fn SayingDialog(page: Page) -> impl IntoView {
    let Page { place, person, saying, .. } = page;
    let i18n = place.i18n;
    let words = RwSignal::new(String::new());
    let title = Signal::derive(move || {
        let title = match saying.get() {
            Some(Saying::Statement) | None => t_string!(i18n, posts.statement),
            Some(Saying::Review) => t_string!(i18n, posts.review_write),
            Some(Saying::Excuse) => t_string!(i18n, posts.excuse_write),
            Some(Saying::Recall) => t_string!(i18n, posts.recall),
            Some(Saying::Strike(_)) => t_string!(i18n, posts.strike_title),
        };
        title.to_owned()
    });
    let hint = Signal::derive(move || {
        let hint = match saying.get() {
            Some(Saying::Statement) | None => t_string!(i18n, posts.statement_hint),
            Some(Saying::Review) => t_string!(i18n, posts.review_hint),
            Some(Saying::Excuse) => t_string!(i18n, posts.excuse_hint),
            Some(Saying::Recall) => t_string!(i18n, posts.recall_hint),
            Some(Saying::Strike(_)) => t_string!(i18n, posts.strike_text),
        };
        hint.to_owned()
    });
    let is_lacking = Signal::derive(move || {
        let needs = saying.with(|saying| saying.as_ref().is_some_and(Saying::needs_words));
        needs && words.with(|words| words.trim().is_empty())
    });
    let close = move || {
        saying.set(None);
        words.set(String::new());
    };
    let go = Callback::new(move |()| {
        let Some(what) = saying.get_untracked() else { return };
        let (person, month, words) = (person.get_value(), place.month, words.get_untracked());
        let wish = match what {
            Saying::Statement => PostCommand::State { person, month, words },
            Saying::Review => PostCommand::Review { person, month, words },
            Saying::Excuse => PostCommand::Excuse { person, month, decision: words },
            Saying::Recall => PostCommand::Recall { person, month, reason: words },
            Saying::Strike(entry) => PostCommand::Strike { entry, reason: words },
        };
        close();
        place.ask(wish, || {});
    });
    let actions = move || {
        view! {
            <Button label=say!(i18n, common.cancel) on_press=move |()| close() />
            <Button
                label=title
                on_press=go
                kind=ButtonKind::Primary
                disabled=is_lacking
                busy=place.asking.busy
            />
        }
    };
    let label = Signal::derive(move || match saying.with(|s| matches!(s, Some(Saying::Recall | Saying::Strike(_)))) {
        true => t_string!(i18n, posts.reason).to_owned(),
        false => title.get(),
    });
    view! {
        <Dialog
            open=Signal::derive(move || saying.with(Option::is_some))
            title
            close_label=say!(i18n, common.close)
            on_close=move |()| close()
            actions
        >
            <Field label value=words on_input=move |text| words.set(text) kind=FieldKind::Area hint />
        </Dialog>
    }
}
