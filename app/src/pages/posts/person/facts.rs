//! What somebody did in a month: what the records tell, and what was logged, each with its number.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::post::{DrawnFact, DrawnFrom};
use shared::domain::register::Kind;

use super::said::Saying;
use super::{Page, warning};
use crate::pages::words;
use crate::say;
use crate::state::links::{self, MeetingPage, PostsPage, RecordPage};
use crate::state::posts::sheet::EntryRow;
use crate::ui::button::{Button, ButtonKind, ButtonLink};
use crate::ui::card::Card;
use crate::ui::icon::Sign;
use crate::ui::list_row::ListRow;

/// The facts of the month.
#[component]
pub(super) fn FactsCard(page: Page) -> impl IntoView {
    let place = page.place;
    let i18n = place.i18n;
    let facts = Memo::new(move |_| page.read(|sheet| (sheet.drawn.clone(), sheet.entries.clone())).unwrap_or_default());
    let warned = Memo::new(move |_| page.read(|sheet| (sheet.unreviewed, sheet.late.len())).unwrap_or_default());
    let note = Signal::derive(move || {
        let standing = |entries: &[EntryRow]| entries.iter().filter(|entry| entry.struck.is_none()).count();
        let (drawn, logged) = facts.with(|(drawn, entries)| (drawn.len(), standing(entries)));
        t_string!(i18n, posts.facts_note, drawn = drawn, logged = logged)
    });
    let rows = move || {
        let (from_records, entries) = facts.get();
        if from_records.is_empty() && entries.is_empty() {
            return view! { <p class="soft">{say!(i18n, posts.facts_none)}</p> }.into_any();
        }
        let from_records = from_records.into_iter().map(|fact| drawn(page, fact)).collect_view();
        let entries = entries.into_iter().map(|line| entry(page, line)).collect_view();
        view! {
            <ul class="list" role="list">
                {from_records}
                {entries}
            </ul>
        }
        .into_any()
    };
    let warnings = move || {
        let (unreviewed, late) = warned.get();
        let unreviewed = (unreviewed > 0).then(|| {
            let next = t_string!(i18n, posts.unreviewed_next).to_owned();
            warning(t_string!(i18n, posts.unreviewed, count = unreviewed), next)
        });
        let late = (late > 0).then(|| warning(t_string!(i18n, posts.late, count = late), String::new()));
        view! { {unreviewed} {late} }
    };
    view! {
        <Card title=say!(i18n, posts.facts) note>
            {warnings}
            {rows}
            <ButtonLink label=say!(i18n, posts.log) href=place.link(PostsPage::Log) sign=Sign::Plus />
        </Card>
    }
}

/// A fact that a record tells; it leads there.
fn drawn(page: Page, fact: DrawnFact) -> AnyView {
    let i18n = page.place.i18n;
    let (what, href) = match &fact.from {
        DrawnFrom::Meeting(id) => {
            (t_string!(i18n, posts.drawn_meeting).to_owned(), links::meeting(id, MeetingPage::Overview))
        }
        DrawnFrom::Record { kind, .. } => {
            let name = Kind::of(kind).map(|kind| words::declared(i18n, kind.name).to_owned());
            (name.unwrap_or_else(|| (*kind).to_owned()), links::record(&fact.number, RecordPage::Overview))
        }
    };
    let title = match fact.title.is_empty() {
        true => what,
        false => t_string!(i18n, words.aside, what = what, inside = fact.title),
    };
    let subtitle = format!("{} · {}", words::date(i18n, fact.date), fact.number);
    view! { <ListRow title subtitle sign=Sign::Paper href /> }.into_any()
}

/// An entry of the log; struck ones stay readable.
fn entry(page: Page, line: EntryRow) -> AnyView {
    let i18n = page.place.i18n;
    let is_struck = line.struck.is_some();
    let by = line.by.map(|name| t_string!(i18n, posts.entry_by, name = name));
    let struck = line.struck.map(|reason| t_string!(i18n, posts.entry_struck, reason = reason));
    let late = line.is_late.then(|| t_string!(i18n, posts.entry_late).to_owned());
    let parts = [Some(words::date(i18n, line.date)), Some(line.post), by, struck, late, Some(line.number.to_string())];
    let subtitle = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let strike = (line.may_strike && !is_struck).then(|| {
        let number = line.number;
        let press = move |()| page.saying.set(Some(Saying::Strike(number.clone())));
        view! { <Button label=say!(i18n, posts.strike) on_press=press kind=ButtonKind::Quiet /> }
    });
    view! {
        <li class="record-line" data-struck=is_struck.then_some("")>
            <span class="record-who">
                <span class="record-name">{line.words}</span>
                <span class="soft small">{subtitle}</span>
            </span>
            {strike}
        </li>
    }
    .into_any()
}
