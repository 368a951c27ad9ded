//! A step with entries: its button, or the reason why somebody may not, and the dialog for what it asks to be written.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::PointsWish;
use shared::domain::points::flow::PointStep;
use shared::id::FactId;

use super::{Scene, said};
use crate::say;
use crate::state::points::notice::{lines_and_step, opening};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, FieldKind};

/// A step that is being asked for, as far as it was filled in.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    step: RwSignal<Option<PointStep>>,
    entries: RwSignal<Vec<FactId>>,
    words: RwSignal<String>,
    place: RwSignal<String>,
    poster: RwSignal<String>,
    notice: RwSignal<String>,
    tried: RwSignal<bool>,
}

impl Asked {
    /// Starts with nothing asked.
    pub(super) fn start() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            step: RwSignal::new(None),
            entries: RwSignal::new(Vec::new()),
            words: text(),
            place: text(),
            poster: text(),
            notice: text(),
            tried: RwSignal::new(false),
        }
    }

    /// Takes a step at once, or asks first for what it wants to be written down.
    pub(super) fn begin(self, scene: Scene, step: PointStep, entries: Vec<FactId>, then: Callback<()>) {
        if !step.asks_for_words() {
            scene.ask(PointsWish::Step { step, entries, words: String::new() }, move || then.run(()));
            return;
        }
        let title = match step {
            PointStep::Notice => {
                let month = scene.today.map(|today| said::month(scene.i18n, today.month())).unwrap_or_default();
                t_string!(scene.i18n, points.notice_title, month = month)
            }
            _ => String::new(),
        };
        self.words.set(title);
        self.notice.set(String::new());
        self.tried.set(false);
        self.entries.set(entries);
        self.step.set(Some(step));
    }
}

/// A button for each step that somebody may take, a sentence for each that they may not.
pub(super) fn buttons(
    scene: Scene,
    asked: Asked,
    steps: Vec<(PointStep, Result<(), shared::domain::command::Refusal>)>,
    entries: Signal<Vec<FactId>>,
    then: Callback<()>,
) -> AnyView {
    let i18n = scene.i18n;
    let first = steps.iter().position(|(_, may)| may.is_ok());
    let row = |(place, (step, may)): (usize, (PointStep, Result<(), _>))| match may {
        Ok(()) => {
            let kind = if Some(place) == first { ButtonKind::Primary } else { ButtonKind::Secondary };
            let press = move |()| asked.begin(scene, step, entries.get_untracked(), then);
            let label = said::step(i18n, step).to_owned();
            view! { <Button label on_press=press kind busy=scene.asking.busy wide=true /> }.into_any()
        }
        Err(refusal) => scene.refused(said::step(i18n, step).to_owned(), &refusal),
    };
    let rows = steps.into_iter().enumerate().map(row).collect_view();
    view! { <div class="record-steps">{rows}</div> }.into_any()
}

/// The dialog for what a step asks to be written down.
#[component]
pub(super) fn StepDialog(scene: Scene, asked: Asked, then: Callback<()>) -> impl IntoView {
    let i18n = scene.i18n;
    let is_open = Signal::derive(move || asked.step.with(Option::is_some));
    let title =
        Signal::derive(move || asked.step.get().map(|step| said::step(i18n, step)).unwrap_or_default().to_owned());
    let is_notice = Memo::new(move |_| asked.step.get() == Some(PointStep::Notice));
    let is_named = Memo::new(move |_| is_notice.get() && asked.notice.with(|notice| !notice.trim().is_empty()));
    let lacks_words = Memo::new(move |_| !is_named.get() && asked.words.with(|words| words.trim().is_empty()));
    let label = Signal::derive(move || match asked.step.get() {
        Some(PointStep::Notice) => t_string!(i18n, points.notice_name).to_owned(),
        Some(step) => said::asks(i18n, step).to_owned(),
        None => String::new(),
    });
    let error = Signal::derive(move || match asked.tried.get() && lacks_words.get() {
        true => t_string!(i18n, points.words_missing).to_owned(),
        false => String::new(),
    });
    let go = move |()| {
        asked.tried.set(true);
        let Some(step) = asked.step.get_untracked().filter(|_| !lacks_words.get_untracked()) else { return };
        let (entries, words) = (asked.entries.get_untracked(), asked.words.get_untracked());
        asked.step.set(None);
        match step {
            PointStep::Notice if !is_named.get_untracked() => publish(scene, entries, words, asked, then),
            PointStep::Notice => {
                let words = asked.notice.get_untracked().trim().to_uppercase();
                scene.ask(PointsWish::Step { step, entries, words }, move || then.run(()));
            }
            step => scene.ask(PointsWish::Step { step, entries, words }, move || then.run(())),
        }
    };
    let go = Callback::new(go);
    let actions = move || {
        view! {
            <Button label=say!(i18n, common.cancel) on_press=move |()| asked.step.set(None) />
            <Button label=title on_press=go kind=ButtonKind::Primary busy=scene.asking.busy />
        }
    };
    let notice = move || {
        is_notice.get().then(|| {
            view! {
                <Field
                    label=say!(i18n, points.notice_place)
                    value=asked.place
                    on_input=move |text| asked.place.set(text)
                />
                <Field
                    label=say!(i18n, points.notice_poster)
                    value=asked.poster
                    on_input=move |text| asked.poster.set(text)
                />
                <Field
                    label=say!(i18n, points.notice_number)
                    value=asked.notice
                    on_input=move |text| asked.notice.set(text)
                    hint=say!(i18n, points.notice_number_hint)
                />
            }
        })
    };
    let kind = Memo::new(move |_| if is_notice.get() { FieldKind::Text } else { FieldKind::Area });
    view! {
        <Dialog
            open=is_open
            title
            close_label=say!(i18n, common.close)
            on_close=move |()| asked.step.set(None)
            actions
        >
            <p class="soft">
                {move || t_string!(i18n, points.chosen, count = asked.entries.with(Vec::len))}
            </p>
            {move || {
                let kind = kind.get();
                view! { <Field label value=asked.words on_input=move |text| asked.words.set(text) kind error /> }
            }}
            {notice}
        </Dialog>
    }
}

/// Opens a notice with a line for each household, and puts the entries on it.
fn publish(scene: Scene, entries: Vec<FactId>, title: String, asked: Asked, then: Callback<()>) {
    let (place, poster) = (asked.place.get_untracked(), asked.poster.get_untracked());
    let wish = scene.look(|_, _, village, today| opening(village, today, &title, &place, &poster));
    let Some(wish) = wish else { return };
    scene.asking.open(wish, move |notice| {
        let commands = scene
            .look(|workspace, me, village, today| lines_and_step(workspace, me, village, today, &notice, &entries));
        scene.asking.ask_each(commands.unwrap_or_default(), move || then.run(()));
    });
}
