//! Who holds which post: the categories with their holders, giving somebody a post, and ending one.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::PostCommand;
use shared::domain::register::Shape;
use shared::id::{CategoryId, PersonId, UnitCode};
use shared::time::{Date, Month};

use super::{Place, for_month, today};
use crate::pages::asking::Refusal;
use crate::pages::frame::Frame;
use crate::pages::words;
use crate::say;
use crate::state::links::{self, PostsPage};
use crate::state::posts::held::{HolderRow, PostGroup, groups, may_hold};
use crate::state::register::pick::{self, Pick};
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, FieldKind, Select};
use crate::ui::picker::{Picker, Suggestion};

/// What stands at who holds which post.
#[component]
pub fn HeldPage() -> impl IntoView {
    for_month(|code, month| view! { <Held code month /> }.into_any())
}

/// A post that is to end: its category's name and the holder.
type Ending = (CategoryId, String, HolderRow);

#[component]
fn Held(code: UnitCode, month: Month) -> impl IntoView {
    let back = links::posts(&code, PostsPage::Month, month);
    let place = Place::new(code, month);
    let i18n = place.i18n;
    let known = place.follow(move |workspace, _, code| groups(workspace, code, month.quarter()));
    let known = Memo::new(move |_| known.get().unwrap_or_default());
    let may = place.follow(move |workspace, me, code| {
        today().map_or(Ok(()), |today| may_hold(workspace, me, code, month.quarter(), today))
    });
    let may_give = Memo::new(move |_| may.with(|may| matches!(may, Some(Ok(())))));
    let ending = RwSignal::new(None::<Ending>);
    let give = move || match may.get() {
        Some(Ok(())) => Some(view! { <Give place known /> }.into_any()),
        Some(Err(why)) => {
            let said = t_string!(i18n, posts.give_not, why = place.why(&why));
            Some(view! { <p class="record-refused">{said}</p> }.into_any())
        }
        None => None,
    };
    let cards = move || {
        let may = may_give.get();
        known.get().into_iter().map(|group| category(place, group, may, ending)).collect_view()
    };
    view! {
        <Frame title=say!(i18n, posts.held) back narrow=true>
            <Refusal asking=place.asking />
            {cards}
            {give}
            <EndDialog place ending />
        </Frame>
    }
}

fn category(place: Place, group: PostGroup, may: bool, ending: RwSignal<Option<Ending>>) -> AnyView {
    let i18n = place.i18n;
    let count = group.holders.iter().filter(|row| row.until.is_none() && !row.has_left).count();
    let note = if count == 0 {
        t_string!(i18n, posts.holder_none).to_owned()
    } else {
        t_string!(i18n, posts.holders, count = count)
    };
    let PostGroup { post, name, holders } = group;
    let rows = holders.into_iter().map(|row| holder(place, (post.clone(), name.clone(), row), may, ending));
    let rows: Vec<AnyView> = rows.collect();
    let list = (!rows.is_empty()).then(|| view! { <ul class="list" role="list">{rows}</ul> });
    view! { <Card title=name note>{list}</Card> }.into_any()
}

fn holder(place: Place, of: Ending, may: bool, ending: RwSignal<Option<Ending>>) -> AnyView {
    let i18n = place.i18n;
    let row = &of.2;
    let name = match row.note.is_empty() {
        true => row.name.clone(),
        false => t_string!(i18n, words.aside, what = row.name.clone(), inside = row.note.clone()),
    };
    let from = words::date(i18n, row.from);
    let days = match row.until {
        None => t_string!(i18n, posts.holder_on, from = from),
        Some(until) => t_string!(i18n, posts.holder_ended, from = from, until = words::date(i18n, until)),
    };
    let left = row.has_left.then(|| t_string!(i18n, posts.holder_left).to_owned());
    let subtitle = [Some(days), left].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let divided =
        row.is_divided.then(|| view! { <Badge kind=BadgeKind::Attention label=say!(i18n, posts.holder_divided) /> });
    let end = (may && (row.until.is_none() || row.is_divided)).then(|| {
        let of = of.clone();
        let press = move |()| ending.set(Some(of.clone()));
        view! { <Button label=say!(i18n, posts.end) on_press=press kind=ButtonKind::Quiet /> }
    });
    view! {
        <li class="record-line">
            <span class="record-who">
                <span class="record-name">{name}</span>
                <span class="soft small">{subtitle}</span>
            </span>
            {divided}
            {end}
        </li>
    }
    .into_any()
}

/// Giving somebody a post.
#[component]
fn Give(place: Place, known: Memo<Vec<PostGroup>>) -> impl IntoView {
    let Place { i18n, month, .. } = place;
    let post = RwSignal::new(None::<usize>);
    let (search, chosen) = (RwSignal::new(String::new()), RwSignal::new(None::<Pick>));
    let first = today().filter(|today| today.quarter() == month.quarter()).unwrap_or(month.first_day());
    let from = RwSignal::new(first.to_string());
    let tried = RwSignal::new(false);
    let picks = place.follow(move |workspace, _, code| {
        search.with(|search| pick::offered(workspace, &[code.clone()].into(), Shape::Person, search))
    });
    let picks = Memo::new(move |_| picks.get().unwrap_or_default());
    let suggestions = Signal::derive(move || {
        let of = |pick: &Pick| Suggestion { label: pick.name.clone(), note: pick.note.clone() };
        picks.with(|picks| picks.iter().map(of).collect::<Vec<_>>())
    });
    let wish = Memo::new(move |_| {
        let post = known.with(|known| known.get(post.get()?).map(|group| group.post.clone()))?;
        let person = chosen.with(|chosen| chosen.as_ref().and_then(|pick| PersonId::new(&pick.id).ok()))?;
        let from = from.with(|from| from.trim().parse::<Date>().ok())?;
        Some(PostCommand::Hold { quarter: month.quarter(), person, post, from, until: None })
    });
    let save = move |()| {
        tried.set(true);
        let Some(wish) = wish.get_untracked() else { return };
        place.ask(wish, move || {
            let _ = chosen.try_set(None);
            let _ = search.try_set(String::new());
            let _ = tried.try_set(false);
        });
    };
    let missing = move || {
        (tried.get() && wish.with(Option::is_none))
            .then(|| view! { <p class="picker-error" role="status">{say!(i18n, posts.give_missing)}</p> })
    };
    view! {
        <Card title=say!(i18n, posts.give)>
            <Select
                label=say!(i18n, posts.give_post)
                options=Signal::derive(move || known.with(|k| k.iter().map(|group| group.name.clone()).collect::<Vec<_>>()))
                selected=post
                on_choose=move |at| post.set(Some(at))
            />
            <Picker
                label=say!(i18n, posts.give_person)
                chosen=Signal::derive(move || chosen.with(|chosen| chosen.as_ref().map(|pick| pick.name.clone()).unwrap_or_default()))
                search
                on_search=move |text| search.set(text)
                suggestions
                on_choose=move |at: usize| chosen.set(picks.with_untracked(|picks| picks.get(at).cloned()))
                on_clear=move |()| chosen.set(None)
                clear_label=say!(i18n, posts.log_change)
                nothing=say!(i18n, posts.give_nothing)
                hint=say!(i18n, posts.give_person_hint)
            />
            <Field
                label=say!(i18n, posts.give_from)
                value=from
                on_input=move |text| from.set(text)
                kind=FieldKind::Date
            />
            {missing}
            <Button label=say!(i18n, posts.give_save) on_press=save busy=place.asking.busy />
        </Card>
    }
}

/// Asks for the last day of a post.
#[component]
fn EndDialog(place: Place, ending: RwSignal<Option<Ending>>) -> impl IntoView {
    let Place { i18n, month, .. } = place;
    let day = RwSignal::new(today().map(|today| today.to_string()).unwrap_or_default());
    let last = Memo::new(move |_| day.with(|day| day.trim().parse::<Date>().ok()));
    let title = Signal::derive(move || {
        let told = |(_, post, row): Ending| t_string!(i18n, posts.end_title, name = row.name, post = post);
        ending.get().map(told).unwrap_or_default()
    });
    let go = Callback::new(move |()| {
        let Some(((post, _, row), last)) = ending.get_untracked().zip(last.get_untracked()) else { return };
        ending.set(None);
        let HolderRow { person, from, .. } = row;
        let quarter = month.quarter();
        place.ask(PostCommand::Hold { quarter, person, post, from, until: Some(last) }, || {});
    });
    let no_day = Signal::derive(move || last.get().is_none());
    let actions = move || {
        view! {
            <Button label=say!(i18n, common.cancel) on_press=move |()| ending.set(None) />
            <Button label=say!(i18n, posts.end) on_press=go kind=ButtonKind::Danger disabled=no_day />
        }
    };
    view! {
        <Dialog
            open=Signal::derive(move || ending.with(Option::is_some))
            title
            close_label=say!(i18n, common.close)
            on_close=move |()| ending.set(None)
            actions
        >
            <Field
                label=say!(i18n, posts.end_day)
                value=day
                on_input=move |text| day.set(text)
                kind=FieldKind::Date
                hint=say!(i18n, posts.end_hint)
            />
        </Dialog>
    }
}
