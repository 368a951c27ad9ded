//! The two series of stars, each on a card of its own: by post, and of review meetings.

use leptos::prelude::*;
use leptos_i18n::t_string;

use super::Page;
use crate::pages::posts::words::{month as say_month, quarter as say_quarter, rated, stars};
use crate::pages::words;
use crate::say;
use crate::state::posts::stars::{Rated, YearSheet, year};
use crate::ui::card::Card;
use crate::ui::table::{Column, Table};

/// Stars by post, and apart from them those of review meetings.
#[component]
pub(super) fn SeriesCards(page: Page) -> impl IntoView {
    let Page { place, person, .. } = page;
    let i18n = place.i18n;
    let of = u16::try_from(place.month.parts().0).unwrap_or_default();
    let sheet = place.follow(move |workspace, _, code| person.with_value(|person| year(workspace, code, person, of)));
    let sheet = Memo::new(move |_| sheet.get().flatten());
    let read =
        move |part: fn(&YearSheet) -> bool| Memo::new(move |_| sheet.with(|sheet| sheet.as_ref().is_some_and(part)));
    let (has_posts, has_reviews) = (read(|sheet| !sheet.months.is_empty()), read(|sheet| !sheet.reviews.is_empty()));
    let columns = Signal::derive(move || {
        vec![Column::words(t_string!(i18n, posts.period)), Column::words(t_string!(i18n, posts.result))]
    });
    let by_post = Signal::derive(move || {
        let Some(sheet) = sheet.get() else { return Vec::new() };
        let period = |value: Rated| match value {
            Rated::Stars(given, months) => {
                t_string!(i18n, posts.stars_from, stars = stars(i18n, given), months = months)
            }
            other => rated(i18n, other),
        };
        let months = sheet.months.into_iter().map(|(month, value)| vec![say_month(i18n, month), rated(i18n, value)]);
        let quarters =
            sheet.quarters.into_iter().map(|(quarter, value)| vec![say_quarter(i18n, quarter), period(value)]);
        let whole = vec![t_string!(i18n, posts.stars_of_year, year = of), period(sheet.year)];
        months.chain(quarters).chain([whole]).collect::<Vec<_>>()
    });
    let by_review = Signal::derive(move || {
        let Some(sheet) = sheet.get() else { return Vec::new() };
        let row = |(id, title, given): (shared::id::MeetingId, String, Option<u8>)| {
            let date = words::date(i18n, id.date);
            let what = if title.is_empty() { date } else { t_string!(i18n, words.aside, what = title, inside = date) };
            vec![what, words::stars(i18n, given)]
        };
        sheet.reviews.into_iter().map(row).collect::<Vec<_>>()
    });
    let review_columns = Signal::derive(move || {
        vec![Column::words(t_string!(i18n, posts.review_stars)), Column::words(t_string!(i18n, posts.result))]
    });
    view! {
        <Card title=say!(i18n, posts.stars) note=say!(i18n, posts.stars_note)>
            <Show
                when=move || has_posts.get()
                fallback=move || view! { <p class="soft">{say!(i18n, posts.stars_none)}</p> }
            >
                <Table caption=say!(i18n, posts.stars) columns rows=by_post />
            </Show>
        </Card>
        <Card title=say!(i18n, posts.reviews) note=say!(i18n, posts.reviews_note)>
            <Show
                when=move || has_reviews.get()
                fallback=move || view! { <p class="soft">{say!(i18n, posts.reviews_none)}</p> }
            >
                <Table caption=say!(i18n, posts.reviews) columns=review_columns rows=by_review />
            </Show>
        </Card>
    }
}
