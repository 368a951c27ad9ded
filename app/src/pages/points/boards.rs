//! The red board and the warning board for the wall: a sheet each, A4 from the browser.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::register::kinds::{red_list, reminder};
use shared::id::UnitCode;
use shared::time::Date;

use super::Scene;
use crate::pages::frame::Frame;
use crate::pages::words::{self, Words};
use crate::say;
use crate::state::home;
use crate::state::links::{self, PointsPage as Link};
use crate::state::points::boards::{BoardRow, Who, boards};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind, ButtonLink};
use crate::ui::icon::Sign;
use crate::ui::print_sheet::PrintSheet;

/// What stands at `/points/boards`.
#[component]
pub fn BoardsPage() -> impl IntoView {
    let scene = Scene::start();
    let i18n = scene.i18n;
    let back = links::points(scene.village.get_untracked().as_ref(), Link::Overview);
    let paper = move || {
        scene.read(|workspace, _, village, today| {
            let boards = boards(workspace, village, today);
            let name = home::name(workspace, village);
            let red = sheet(i18n, Board::Red, &name, today, boards.red);
            let warnings = sheet(i18n, Board::Warnings, &name, today, boards.warnings);
            view! { {red}{warnings} }.into_any()
        })
    };
    let records = move || scene.village.get().map(|village| records(i18n, &village));
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
    view! {
        <Frame title=say!(i18n, points.boards_title) back bar>
            <div class="cluster screen-only">{records}</div>
            <div class="sheets">{paper}</div>
        </Frame>
    }
}

/// The ways to the records behind the boards.
fn records(i18n: Words, village: &UnitCode) -> AnyView {
    let (red, warnings) =
        (links::register(&red_list::KIND, Some(village)), links::register(&reminder::KIND, Some(village)));
    view! {
        <ButtonLink label=say!(i18n, points.board_records_red) href=red />
        <ButtonLink label=say!(i18n, points.board_records_warnings) href=warnings />
    }
    .into_any()
}

#[derive(Clone, Copy)]
enum Board {
    Red,
    Warnings,
}

fn sheet(i18n: Words, board: Board, village: &str, on: Date, rows: Vec<BoardRow>) -> AnyView {
    let (name, what, none, hint) = match board {
        Board::Red => (
            t_string!(i18n, points.red),
            t_string!(i18n, points.board_deed),
            t_string!(i18n, points.board_none_red),
            t_string!(i18n, points.board_red_hint),
        ),
        Board::Warnings => (
            t_string!(i18n, points.warnings),
            t_string!(i18n, points.board_matter),
            t_string!(i18n, points.board_none_warnings),
            t_string!(i18n, points.board_warning_hint),
        ),
    };
    let title = words::aside(i18n, village, name);
    let day = t_string!(i18n, points.board_on, date = words::date(i18n, on));
    let row = |row: BoardRow| {
        let who = match row.who {
            Who::Name(name, apart) if apart.is_empty() => name,
            Who::Name(name, apart) => words::aside(i18n, &name, &apart),
            Who::Household(number) => t_string!(i18n, points.board_household, number = number),
        };
        view! {
            <tr>
                <th scope="row">{who}</th>
                <td>{row.text}</td>
                <td>{row.item}</td>
                <td>{words::date(i18n, row.until)}</td>
            </tr>
        }
    };
    let body = if rows.is_empty() {
        view! { <p>{none}</p> }.into_any()
    } else {
        view! {
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t_string!(i18n, points.board_who)}</th>
                        <th scope="col">{what}</th>
                        <th scope="col">{t_string!(i18n, points.board_item)}</th>
                        <th scope="col">{t_string!(i18n, points.board_until)}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <PrintSheet title lines=vec![day]>
            {body}
            <p>{hint}</p>
        </PrintSheet>
    }
    .into_any()
}
