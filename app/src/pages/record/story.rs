//! How a record came so far: everything that was done, by whom, when by their clock, and where it is proved to be.

use leptos::prelude::*;
use leptos_i18n::t_string;

use super::{Page, name, state_kind, state_word};
use crate::pages::words::{self, Words};
use crate::say;
use crate::state::register::story::{self, ENTRIES_SHOWN, Entry, Happened};
use crate::ui::badge::Badge;
use crate::ui::card::Card;
use crate::ui::list_row::{List, ListRow};
use crate::ui::pager::Pager;

/// The timeline, the latest entry first.
#[component]
pub(super) fn StoryCard(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let first = RwSignal::new(0_usize);
    let story = Memo::new(move |_| {
        page.with_record(|workspace, _, record| story::story(workspace, record, first.get())).unwrap_or_default()
    });
    let rows = move || {
        let rows = story.with(|story| story.entries.clone()).into_iter().map(|one| entry(page, one)).collect_view();
        view! { <List label=say!(i18n, registers.story)>{rows}</List> }
    };
    let (from, all) = (Memo::new(move |_| story.with(|s| s.first)), Memo::new(move |_| story.with(|s| s.all)));
    let place = Signal::derive(move || {
        let (from, all) = (from.get(), all.get());
        t_string!(i18n, registers.window, from = from + 1, to = (from + ENTRIES_SHOWN).min(all), all = all)
    });
    view! {
        <Card title=say!(i18n, registers.story)>
            {rows}
            <Pager
                first=from
                all
                size=ENTRIES_SHOWN
                place
                back=say!(i18n, registers.later)
                on=say!(i18n, registers.earlier)
                on_turn=move |to| first.set(to)
            />
        </Card>
    }
}

fn entry(page: Page, entry: Entry) -> AnyView {
    let i18n = page.i18n;
    let by = name(i18n, entry.by.as_deref());
    let (when, number) = (words::when(i18n, entry.at), entry.fact.to_string());
    let subtitle = t_string!(i18n, registers.entry, name = by, when = when, number = number);
    let fact = entry.fact.clone();
    let state = Memo::new(move |_| {
        let (address, _) = page.address()?;
        page.phone.state_of(&address, &fact)
    });
    let badge =
        move || state.get().map(|state| view! { <Badge kind=state_kind(state) label=state_word(i18n, state) /> });
    view! {
        <ListRow title=told(i18n, &entry.what) subtitle>
            {badge}
        </ListRow>
    }
    .into_any()
}

/// Tells what happened in one line.
pub(super) fn told(i18n: Words, what: &Happened) -> String {
    match what {
        Happened::Opened => t_string!(i18n, registers.opened).to_owned(),
        Happened::Wrote(fields) => {
            let fields: Vec<String> = fields.iter().map(|field| words::declared(i18n, field.name).to_owned()).collect();
            t_string!(i18n, registers.wrote, fields = words::list(i18n, &fields))
        }
        Happened::Stepped { step, date, reason } => {
            let date = words::date(i18n, *date);
            let what = match step {
                Some(step) => {
                    t_string!(i18n, registers.stepped, step = words::declared(i18n, step.name), date = date)
                }
                None => t_string!(i18n, registers.stepped_other, date = date),
            };
            match reason.is_empty() {
                true => what,
                false => t_string!(i18n, registers.stepped_why, what = what, reason = reason.clone()),
            }
        }
        Happened::Listed(name) => t_string!(i18n, registers.put_on, name = name.clone()),
        Happened::Struck { name, reason } => {
            t_string!(i18n, registers.struck_off, name = name.clone(), reason = reason.clone())
        }
    }
}
