//! The month on paper for the wall of the hall: names, posts, scores and stars, in the order of households.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::id::UnitCode;
use shared::time::Month;

use super::words::{month as say_month, word};
use super::{Place, for_month, today};
use crate::pages::frame::Frame;
use crate::pages::words;
use crate::say;
use crate::state::home;
use crate::state::links::{self, PostsPage};
use crate::state::posts::wall::{WallRow, rows};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::icon::Sign;
use crate::ui::print_sheet::{PrintSheet, SignatureLines};

/// What stands at the sheet of a month.
#[component]
pub fn WallPage() -> impl IntoView {
    for_month(|code, month| view! { <Wall code month /> }.into_any())
}

#[component]
fn Wall(code: UnitCode, month: Month) -> impl IntoView {
    let back = links::posts(&code, PostsPage::Month, month);
    let place = Place::new(code, month);
    let i18n = place.i18n;
    let known = place.follow(move |workspace, _, code| rows(workspace, code, month));
    let title = Signal::derive(move || {
        let name = |code: &UnitCode| place.phone.workspace.with(|workspace| home::name(workspace, code));
        let village = place.code.with_value(name);
        t_string!(i18n, posts.wall_head, village = village, month = say_month(i18n, month))
    });
    let bar = move || {
        view! {
            <BottomBar note=say!(i18n, print.print_hint)>
                <Button
                    label=say!(i18n, print.print_now)
                    on_press=move |()| drop(window().print())
                    kind=ButtonKind::Primary
                    sign=Sign::Printer
                />
            </BottomBar>
        }
    };
    let lines = Signal::derive(move || today().map(|today| vec![words::date(i18n, today)]).unwrap_or_default());
    let foot = Signal::derive(move || vec![t_string!(i18n, posts.wall_foot).to_owned()]);
    let labels = Signal::derive(move || {
        vec![t_string!(i18n, posts.wall_sign).to_owned(), t_string!(i18n, print.sign_date).to_owned()]
    });
    let body = move || known.get().unwrap_or_default().into_iter().map(|line| row(place, line)).collect_view();
    view! {
        <Frame title=say!(i18n, posts.wall) back bar>
            <div class="sheets">
                <PrintSheet title lines foot>
                    <div class="sheet-scroll">
                        <table>
                            <thead>
                                <tr>
                                    <th scope="col">{say!(i18n, posts.wall_name)}</th>
                                    <th scope="col">{say!(i18n, posts.wall_posts)}</th>
                                    <th scope="col" data-numeric="">
                                        {say!(i18n, posts.wall_number)}
                                    </th>
                                    <th scope="col">{say!(i18n, posts.wall_stars)}</th>
                                    <th scope="col">{say!(i18n, posts.wall_state)}</th>
                                </tr>
                            </thead>
                            <tbody>{body}</tbody>
                        </table>
                    </div>
                    <SignatureLines labels />
                </PrintSheet>
            </div>
        </Frame>
    }
}

fn row(place: Place, line: WallRow) -> AnyView {
    let i18n = place.i18n;
    let name = match line.note.is_empty() {
        true => line.name,
        false => t_string!(i18n, words.aside, what = line.name, inside = line.note),
    };
    let post = |(post, score): (String, Option<String>)| match score {
        Some(score) => t_string!(i18n, posts.wall_post, post = post, score = score),
        None => post,
    };
    let posts: Vec<String> = line.posts.into_iter().map(post).collect();
    let number = line.stars.map(|stars| stars.published.to_string()).unwrap_or_default();
    let stars = line.stars.map(|stars| words::stars(i18n, Some(stars.stars))).unwrap_or_default();
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>{words::list(i18n, &posts)}</td>
            <td data-numeric="">{number}</td>
            <td>{stars}</td>
            <td>{word(i18n, line.word)}</td>
        </tr>
    }
    .into_any()
}
