//! Cards that the page of a person and that of a household share: points, records, and what became of entries.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::{Command, PeopleCommand};
use shared::domain::points::flow::{Stage, State};
use shared::id::{FactId, UnitCode};

use super::{joined, may_keep};
use crate::i18n::*;
use crate::pages::asking::Asking;
use crate::pages::words::{self, Words};
use crate::say;
use crate::shell::Phone;
use crate::state::links::{self, RecordPage};
use crate::state::person::mentions::{MENTIONS_SHOWN, Mention, Mentions};
use crate::state::person::story::{Entry, Goal, Happened};
use crate::state::person::{Points, PointsRow};
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, FieldKind};
use crate::ui::list_row::{List, ListRow};
use crate::ui::pager::Pager;

/// Entries of an account and where all of them stand.
#[component]
pub(super) fn PointsCard(
    #[prop(into)] points: Signal<Option<(Points, Option<String>)>>,
    #[prop(into)] village: Signal<Option<UnitCode>>,
    #[prop(into)] title: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let (points, account) = points.get()?;
        let note = Signal::derive(move || t_string!(i18n, person.points_year, points = points.year));
        let shown = points.entries.len();
        let more = (points.all > shown).then(|| t_string!(i18n, person.points_of, shown = shown, all = points.all));
        let rows = points.entries.into_iter().map(|row| points_row(i18n, row, village.get())).collect_view();
        let account = account.map(|href| {
            view! { <ListRow title=say!(i18n, person.account) subtitle=more.unwrap_or_default() href /> }
        });
        Some(view! {
            <Card title note>
                <List label=title>{rows} {account}</List>
            </Card>
        })
    }
}

fn points_row(i18n: Words, row: PointsRow, village: Option<UnitCode>) -> impl IntoView {
    let href = village.map(|village| links::points_entry(&village, &row.id)).unwrap_or_default();
    let state = points_state(i18n, row.state).to_owned();
    let subtitle = joined(&[words::date(i18n, row.date), row.occasion, state, row.id.to_string()]);
    let counted = match row.counted {
        points if points > 0 => format!("+{points}"),
        points => points.to_string(),
    };
    view! {
        <ListRow title=row.item subtitle href>
            <strong>{counted}</strong>
        </ListRow>
    }
}

fn points_state(i18n: Words, state: State) -> &'static str {
    match state {
        State::At(Stage::Claimed) => t_string!(i18n, person.points_claimed),
        State::At(Stage::Verified) => t_string!(i18n, person.points_verified),
        State::At(Stage::Deliberated) => t_string!(i18n, person.points_deliberated),
        State::At(Stage::Noticed) => t_string!(i18n, person.points_noticed),
        State::At(Stage::Booked) => t_string!(i18n, person.points_booked),
        State::At(Stage::Rejected) => t_string!(i18n, person.points_rejected),
        State::Held => t_string!(i18n, person.points_held),
        State::Reversed => t_string!(i18n, person.points_reversed),
        State::Divided => t_string!(i18n, registers.divided),
    }
}

/// Life-cycle records that name somebody, a window of them at a time.
#[component]
pub(super) fn RecordsCard(#[prop(into)] records: Signal<Option<Mentions>>, first: RwSignal<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let count = Signal::derive(move || records.with(|records| records.as_ref().map_or(0, |records| records.all)));
    let at = Signal::derive(move || records.with(|records| records.as_ref().map_or(0, |records| records.first)));
    let place = Signal::derive(move || {
        let (from, all) = (at.get() + 1, count.get());
        t_string!(i18n, registers.window, from = from, to = (at.get() + MENTIONS_SHOWN).min(all), all = all)
    });
    let note = Signal::derive(move || t_string!(i18n, registers.records, count = count.get()));
    let rows = move || {
        let rows = records.with(|records| records.as_ref().map(|records| records.rows.clone()).unwrap_or_default());
        match rows.is_empty() {
            true => view! { <ListRow title=say!(i18n, person.records_none) /> }.into_any(),
            false => rows.into_iter().map(|row| mention(i18n, row)).collect_view().into_any(),
        }
    };
    view! {
        <Card title=say!(i18n, person.records) note>
            <List label=say!(i18n, person.records)>
                {rows}
            </List>
            <Pager
                first=at
                all=count
                size=MENTIONS_SHOWN
                place
                back=say!(i18n, registers.later)
                on=say!(i18n, registers.earlier)
                on_turn=move |place| first.set(place)
            />
        </Card>
    }
}

fn mention(i18n: Words, row: Mention) -> impl IntoView {
    let kind = words::declared(i18n, row.kind.name).to_owned();
    let named: Vec<String> = row.named.iter().map(|name| words::declared(i18n, *name).to_owned()).collect();
    let title = if row.title.is_empty() { kind.clone() } else { row.title };
    let subtitle = joined(&[kind, words::date(i18n, row.date), words::list(i18n, &named)]);
    let (badge, label) = match row.state {
        Some(state) if state.rests => (BadgeKind::Good, words::declared(i18n, state.name)),
        Some(state) => (BadgeKind::Plain, words::declared(i18n, state.name)),
        None => (BadgeKind::Attention, t_string!(i18n, registers.divided)),
    };
    view! {
        <ListRow title subtitle href=links::record(&row.id, RecordPage::Overview)>
            <Badge kind=badge label=label.to_owned() />
        </ListRow>
    }
}

/// Moves and merges, the latest first, each with the way to undo it for those who may.
#[component]
pub(super) fn StoryCard(
    #[prop(into)] story: Signal<Option<Vec<Entry>>>,
    #[prop(into)] village: Signal<Option<UnitCode>>,
    asking: Asking,
) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let (undoing, reason) = (RwSignal::new(None::<FactId>), RwSignal::new(String::new()));
    let may = Memo::new(move |_| village.with(|village| village.as_ref().is_some_and(|v| may_keep(phone, v).is_ok())));
    let close = move |()| {
        undoing.set(None);
        reason.set(String::new());
    };
    let undo = Callback::new(move |()| {
        let (Some(village), Some(fact)) = (village.get_untracked(), undoing.get_untracked()) else { return };
        let command = PeopleCommand::Undo { fact, reason: reason.get_untracked() };
        close(());
        asking.ask(Command::People(village, command), || {});
    });
    let is_empty = Signal::derive(move || reason.with(|reason| reason.trim().is_empty()));
    let rows = move || {
        let entries = story.get().filter(|entries| !entries.is_empty())?;
        let rows = entries.into_iter().map(|entry| story_row(i18n, entry, may.get(), undoing)).collect_view();
        Some(view! {
            <Card title=say!(i18n, person.story)>
                <List label=say!(i18n, person.story)>{rows}</List>
            </Card>
        })
    };
    view! {
        {rows}
        <Dialog
            open=Signal::derive(move || undoing.with(Option::is_some))
            title=say!(i18n, person.undo_title)
            close_label=say!(i18n, common.close)
            on_close=close
            actions=ViewFn::from(move || {
                view! { <Button label=say!(i18n, person.undo) kind=ButtonKind::Danger disabled=is_empty on_press=undo /> }
            })
        >
            <p>{say!(i18n, person.undo_text)}</p>
            <Field
                label=say!(i18n, registers.step_reason)
                value=reason
                kind=FieldKind::Area
                on_input=move |text| reason.set(text)
            />
        </Dialog>
    }
}

fn story_row(i18n: Words, entry: Entry, may: bool, undoing: RwSignal<Option<FactId>>) -> impl IntoView {
    let by = entry.by.unwrap_or_else(|| t_string!(i18n, registers.somebody).to_owned());
    let signed = t_string!(
        i18n,
        registers.entry,
        name = by,
        when = words::when(i18n, entry.at),
        number = entry.fact.to_string()
    );
    let undone = entry.undone.map(|reason| t_string!(i18n, person.undone, reason = reason));
    let is_undone = undone.is_some();
    let subtitle = joined(&[entry.words, undone.unwrap_or_default(), signed]);
    let fact = entry.fact;
    let button = (may && !is_undone).then(|| {
        let undo = Callback::new(move |()| undoing.set(Some(fact.clone())));
        view! { <Button label=say!(i18n, person.undo) kind=ButtonKind::Quiet on_press=undo /> }
    });
    let badge = is_undone.then(|| view! { <Badge kind=BadgeKind::Plain label=say!(i18n, person.undone_badge) /> });
    view! {
        <ListRow title=happened(i18n, &entry.what) subtitle>
            {badge}
            {button}
        </ListRow>
    }
}

fn happened(i18n: Words, what: &Happened) -> String {
    match what {
        Happened::Merged { entry, into } => {
            t_string!(i18n, person.story_merged, entry = entry.clone(), into = into.clone())
        }
        Happened::Moved { names, to, on, came } => {
            let (names, day) = (words::list(i18n, names), words::date(i18n, *on));
            match to {
                Goal::Household(number) if *came => {
                    t_string!(i18n, person.story_came, names = names, day = day, number = number.clone())
                }
                Goal::Household(number) => {
                    t_string!(i18n, person.story_moved, names = names, day = day, number = number.clone())
                }
                Goal::Away(Some(unit)) => {
                    t_string!(i18n, person.story_left_to, names = names, day = day, unit = unit.clone())
                }
                Goal::Away(None) => t_string!(i18n, person.story_left, names = names, day = day),
                Goal::Died => t_string!(i18n, person.story_died, names = names, day = day),
            }
        }
    }
}
