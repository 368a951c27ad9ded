//! The three layers of comparison: a line per village, each figure leading to what stands behind it.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::township::VillageKind;

use crate::i18n::*;
use crate::pages::person::{joined, quarter_name, today};
use crate::pages::words::Words;
use crate::say;
use crate::shell::Phone;
use crate::state::board::layers::{Dedication, Drive, Integrity, LayerRow, Spread, layers};
use crate::state::links::{self, MeetingPage, PointsPage, QuarterPage, VillagePage};
use crate::ui::card::Card;
use crate::ui::table::TableFrame;

/// Villages on drive, members on dedication, villagers on integrity (M3).
#[component]
pub(super) fn LayersCard() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let layers = Memo::new(move |_| {
        let year = today().and_then(|today| u16::try_from(today.parts().0).ok()).unwrap_or_default();
        phone.workspace.with(|workspace| layers(workspace, year))
    });
    let quarter = move || {
        layers.with(|layers| {
            let name = quarter_name(i18n, layers.quarter?);
            Some(if layers.confirmed { name } else { t_string!(i18n, board.layers_unconfirmed, quarter = name) })
        })
    };
    let drive = move || joined(&[t_string!(i18n, board.drive).to_owned(), quarter().unwrap_or_default()]);
    let rows = move || {
        let (quarter, rows) = layers.with(|layers| (layers.quarter, layers.rows.clone()));
        rows.into_iter().map(|row| village(i18n, row, quarter)).collect_view()
    };
    view! {
        <Card title=say!(i18n, board.layers) note=say!(i18n, board.layers_note)>
            <TableFrame caption=say!(i18n, board.layers)>
                <thead>
                    <tr>
                        <th scope="col">{say!(i18n, board.unit)}</th>
                        <th scope="col">{drive}</th>
                        <th scope="col">{say!(i18n, board.dedication)}</th>
                        <th scope="col">{say!(i18n, board.integrity)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableFrame>
        </Card>
    }
}

fn village(i18n: Words, row: LayerRow, quarter: Option<shared::time::Quarter>) -> impl IntoView {
    let nothing = move || view! { <span class="soft">{say!(i18n, board.nothing_yet)}</span> }.into_any();
    let drive = match (row.drive, quarter) {
        (Some(drive), Some(quarter)) => {
            figure(drive_words(i18n, drive), links::quarter(quarter, &QuarterPage::Sum(row.code.clone())))
        }
        _ => nothing(),
    };
    let review = row.review.as_ref().map(|review| {
        let words = t_string!(i18n, board.review_spread, spread = review_words(i18n, review));
        figure(words, links::meeting(&review.meeting, MeetingPage::Result))
    });
    let posts = (!row.posts.is_empty()).then(|| {
        let words = t_string!(i18n, board.post_spread, spread = spread_words(i18n, &row.posts));
        figure(words, links::village_posts(&row.code))
    });
    let dedication = match (review, posts) {
        (None, None) => nothing(),
        (review, posts) => view! { {review} {posts} }.into_any(),
    };
    let integrity = row.integrity.map_or_else(nothing, |points| {
        let href = links::points(Some(&row.code), PointsPage::Overview);
        let booked = links::points(Some(&row.code), PointsPage::Entries(Some("booked")));
        let waiting = links::points(Some(&row.code), PointsPage::Entries(None));
        view! {
            {figure(total_words(i18n, points), href)}
            {figure(t_string!(i18n, board.points_booked, count = points.booked), booked)}
            {figure(t_string!(i18n, board.points_waiting, count = points.waiting), waiting)}
        }
        .into_any()
    });
    let community = (row.kind == VillageKind::Community)
        .then(|| view! { <span class="board-aside">{say!(i18n, board.community)}</span> });
    let href = links::village(&row.code, VillagePage::Meetings);
    view! {
        <tr>
            <th scope="row">
                <a class="board-figure" href=href>
                    {row.name}
                </a>
                {community}
            </th>
            <td>{drive}</td>
            <td>{dedication}</td>
            <td>{integrity}</td>
        </tr>
    }
}

/// A number that opens the records behind it.
pub(super) fn figure(words: String, href: String) -> AnyView {
    view! {
        <a class="board-figure" href=href>
            {words}
        </a>
    }
    .into_any()
}

fn drive_words(i18n: Words, drive: Drive) -> String {
    line_words(i18n, drive.rank, drive.published, drive.vetoed)
}

/// Says a village's line of a quarter: rank and number, or why it has no rank.
pub(super) fn line_words(
    i18n: Words,
    rank: Option<u32>,
    published: Option<shared::number::Decimal>,
    vetoed: bool,
) -> String {
    let Some(published) = published.map(|number| number.to_string()) else {
        return t_string!(i18n, board.no_score).to_owned();
    };
    match rank {
        _ if vetoed => t_string!(i18n, board.vetoed, published = published),
        Some(rank) => t_string!(i18n, board.rank, rank = rank, published = published),
        None => t_string!(i18n, board.unranked, published = published),
    }
}

fn review_words(i18n: Words, review: &Dedication) -> String {
    let without = match review.without {
        0 => String::new(),
        count => t_string!(i18n, board.spread_without, count = count),
    };
    joined(&[spread_words(i18n, &review.spread), without])
}

fn spread_words(i18n: Words, spread: &Spread) -> String {
    let part = |(stars, count): &(u8, usize)| t_string!(i18n, board.spread_part, stars = *stars, count = *count);
    joined(&spread.iter().map(part).collect::<Vec<_>>())
}

fn total_words(i18n: Words, points: Integrity) -> String {
    t_string!(i18n, board.points_total, points = points.points, accounts = points.accounts)
}
