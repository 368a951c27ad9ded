//! Writing an entry of the work log: a tap for whose and in which post, a line of words, a tap to save it.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::id::UnitCode;
use shared::time::{Date, Month};

use super::{Place, for_month, today};
use crate::pages::asking::Refusal;
use crate::pages::frame::Frame;
use crate::say;
use crate::state::links::{self, PostsPage};
use crate::state::posts::log::{InPost, Offer, entry, offer};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::empty_state::EmptyState;
use crate::ui::field::{Field, FieldKind};
use crate::ui::icon::Sign;

/// From how many offers on a search helps more than it costs a line.
const SEARCHED: usize = 7;

/// What stands at a village's log.
#[component]
pub fn LogPage() -> impl IntoView {
    for_month(|code, month| view! { <Log code month /> }.into_any())
}

/// What is filled in.
#[derive(Clone, Copy)]
struct Form {
    date: RwSignal<String>,
    search: RwSignal<String>,
    chosen: RwSignal<Option<InPost>>,
    words: RwSignal<String>,
    tried: RwSignal<bool>,
    /// The entry that was recorded last.
    done: RwSignal<Option<InPost>>,
}

#[component]
fn Log(code: UnitCode, month: Month) -> impl IntoView {
    let back = links::posts(&code, PostsPage::Month, month);
    let place = Place::new(code, month);
    let i18n = place.i18n;
    let form = Form {
        date: RwSignal::new(first_offered(month).map(|day| day.to_string()).unwrap_or_default()),
        search: RwSignal::new(String::new()),
        chosen: RwSignal::new(None),
        words: RwSignal::new(String::new()),
        tried: RwSignal::new(false),
        done: RwSignal::new(None),
    };
    let day = Memo::new(move |_| form.date.with(|date| date.trim().parse::<Date>().ok()));
    let offer = place.follow(move |workspace, me, code| {
        let search = form.search.get();
        day.get().map(|day| offer(workspace, me, code, day, &search))
    });
    let offer = Memo::new(move |_| offer.get().flatten());
    // Who may log for one post only has nothing to choose.
    let chosen = Memo::new(move |_| {
        form.chosen.get().or_else(|| {
            offer.with(|offer| offer.as_ref().filter(|offer| offer.all == 1).and_then(|o| o.found.first().cloned()))
        })
    });
    let lacks_words = Memo::new(move |_| form.words.with(|words| words.trim().is_empty()));
    let save = Callback::new(move |()| {
        form.tried.set(true);
        let Some((pair, day)) = chosen.get_untracked().zip(day.get_untracked()) else { return };
        if lacks_words.get_untracked() {
            return;
        }
        let wish = entry(pair.person.clone(), pair.post.clone(), day, &form.words.get_untracked());
        place.ask(wish, move || {
            let _ = form.done.try_set(Some(pair));
            let _ = form.words.try_set(String::new());
            let _ = form.chosen.try_set(None);
            let _ = form.tried.try_set(false);
        });
    });
    let note = Signal::derive(move || match form.tried.get() && chosen.with(Option::is_none) {
        true => t_string!(i18n, posts.log_choose).to_owned(),
        false => String::new(),
    });
    let may = Memo::new(move |_| offer.with(|offer| offer.as_ref().is_some_and(|offer| offer.all > 0)));
    let bar = move || {
        may.get().then(|| {
            view! {
                <BottomBar note>
                    <Button
                        label=say!(i18n, posts.log_save)
                        on_press=save
                        kind=ButtonKind::Primary
                        busy=place.asking.busy
                    />
                </BottomBar>
            }
        })
    };
    let wrong = move |is_wrong: Memo<bool>, words: Signal<String>| {
        Signal::derive(move || if form.tried.get() && is_wrong.get() { words.get() } else { String::new() })
    };
    let no_day = Memo::new(move |_| day.get().is_none());
    let done = move || {
        form.done.get().map(|pair| {
            let title = t_string!(i18n, posts.log_done, name = pair.name, post = pair.post_name);
            view! { <Banner kind=BannerKind::Done title next=say!(i18n, posts.log_done_next) /> }
        })
    };
    view! {
        <Frame title=say!(i18n, posts.log) back narrow=true bar=ViewFn::from(move || view! { {bar} })>
            <Refusal asking=place.asking />
            {done}
            <Card>
                <Field
                    label=say!(i18n, posts.log_date)
                    value=form.date
                    on_input=move |text| form.date.set(text)
                    kind=FieldKind::Date
                    error=Signal::derive(move || if no_day.get() { t_string!(i18n, posts.log_day_wrong).to_owned() } else { String::new() })
                />
                <Who place form offer chosen />
                <Show when=move || may.get()>
                    <Field
                        label=say!(i18n, posts.log_words)
                        value=form.words
                        on_input=move |text| form.words.set(text)
                        hint=say!(i18n, posts.log_words_hint)
                        error=wrong(lacks_words, say!(i18n, posts.log_missing))
                    />
                </Show>
            </Card>
        </Frame>
    }
}

/// The day that the form begins with: today, or the last day of another month.
fn first_offered(month: Month) -> Option<Date> {
    match today() {
        Some(today) if today.month() == month => Some(today),
        _ => month.after().first_day().plus_days(-1).ok(),
    }
}

/// Whose entry it is and in which post; with a reason where there is nobody.
#[component]
fn Who(place: Place, form: Form, offer: Memo<Option<Offer>>, chosen: Memo<Option<InPost>>) -> impl IntoView {
    let i18n = place.i18n;
    let nobody =
        Memo::new(move |_| offer.with(|o| o.as_ref().filter(|offer| offer.all == 0).map(|offer| offer.why.clone())));
    let all = Memo::new(move |_| offer.with(|offer| offer.as_ref().map(|offer| offer.all).unwrap_or_default()));
    let found = Memo::new(move |_| offer.with(|offer| offer.as_ref().map(|o| o.found.clone()).unwrap_or_default()));
    let options = Signal::derive(move || {
        let option = |pair: InPost| {
            let name = match pair.note.is_empty() {
                true => pair.name,
                false => t_string!(i18n, words.aside, what = pair.name, inside = pair.note),
            };
            ChoiceOption::new(name).with_note(pair.post_name)
        };
        found.get().into_iter().map(option).collect::<Vec<_>>()
    });
    let selected = Signal::derive(move || {
        let chosen = chosen.get()?;
        found.with(|found| found.iter().position(|pair| (&pair.person, &pair.post) == (&chosen.person, &chosen.post)))
    });
    let choose = move |at: usize| form.chosen.set(found.with_untracked(|found| found.get(at).cloned()));
    let hint = Signal::derive(move || {
        let left = all.get().saturating_sub(found.with(Vec::len));
        let is_searched = form.search.with(|search| !search.trim().is_empty());
        if left == 0 || is_searched { String::new() } else { t_string!(i18n, posts.log_more, count = left) }
    });
    // Somebody who was chosen and is not among those found stands above the search.
    let apart = move || {
        chosen.get().filter(|_| selected.get().is_none()).map(|pair| {
            let said = t_string!(i18n, words.aside, what = pair.name, inside = pair.post_name);
            view! { <p class="record-name">{said}</p> }
        })
    };
    let choices = move || {
        if let Some(why) = nobody.get() {
            let text = why.map(|why| place.why(&why)).unwrap_or_default();
            return view! { <EmptyState sign=Sign::People title=say!(i18n, posts.log_nobody) text /> }.into_any();
        }
        let search = (all.get() >= SEARCHED).then(|| {
            view! {
                <Field
                    label=say!(i18n, posts.log_search)
                    value=form.search
                    on_input=move |text| form.search.set(text)
                    kind=FieldKind::Search
                />
            }
        });
        let none = move || {
            found
                .with(Vec::is_empty)
                .then(|| view! { <p class="soft" role="status">{say!(i18n, posts.log_nothing)}</p> })
        };
        view! {
            {search}
            {apart}
            <Choice label=say!(i18n, posts.log_who) options selected on_choose=choose hint rows=true />
            {none}
        }
        .into_any()
    };
    view! { {choices} }
}
