//! A month's list for the wall: what is put up or booked, household by household; A4 from the browser.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::time::Month;

use super::{Scene, asked, month_of, said};
use crate::pages::frame::Frame;
use crate::pages::words::{self, Words};
use crate::say;
use crate::state::home;
use crate::state::links::{self, PointsPage as Link};
use crate::state::points::sheet::{Sheet, SheetRow, sheet};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::icon::Sign;
use crate::ui::print_sheet::{PrintSheet, SignatureLines};

/// What stands at `/points/print`.
#[component]
pub fn PointsPrintPage() -> impl IntoView {
    let scene = Scene::start();
    let i18n = scene.i18n;
    let month = asked("month");
    let month =
        Memo::new(move |_| month.get().as_deref().and_then(month_of).or(scene.today.map(|today| today.month())));
    let back = links::points(scene.village.get_untracked().as_ref(), Link::Overview);
    let paper = move || {
        let month = month.get()?;
        scene.read(|workspace, _, village, _| {
            paper(i18n, &home::name(workspace, village), month, sheet(workspace, village, month))
        })
    };
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
        <Frame title=say!(i18n, points.print) back bar>
            <div class="sheets">{paper}</div>
        </Frame>
    }
}

fn paper(i18n: Words, village: &str, month: Month, sheet: Sheet) -> AnyView {
    let title = t_string!(i18n, points.print_title, village = village.to_owned(), month = said::month(i18n, month));
    let rule = match &sheet.rule {
        Some((title, version)) => said::rule(i18n, title, *version),
        None => t_string!(i18n, points.no_rule).to_owned(),
    };
    let count = t_string!(i18n, points.print_count, count = sheet.rows.len(), households = sheet.households);
    let row = |(place, row): (usize, SheetRow)| {
        let what = if row.occasion.is_empty() { row.item } else { words::aside(i18n, &row.item, &row.occasion) };
        view! {
            <tr>
                <td data-numeric="">{place + 1}</td>
                <th scope="row">{t_string!(i18n, registers.household, dwelling = row.dwelling)}</th>
                <td>{row.name}</td>
                <td>{words::date(i18n, row.date)}</td>
                <td>{what}</td>
                <td data-numeric="">{said::signed(row.points)}</td>
                <td>{row.id.to_string()}</td>
            </tr>
        }
    };
    let rows = sheet.rows.into_iter().enumerate().map(row).collect_view();
    let labels = vec![
        t_string!(i18n, points.print_scribe).to_owned(),
        t_string!(i18n, points.print_secretary).to_owned(),
        t_string!(i18n, print.sign_date).to_owned(),
    ];
    view! {
        <PrintSheet title lines=vec![rule, count]>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t_string!(i18n, print.ballot_number)}</th>
                        <th scope="col">{t_string!(i18n, points.account)}</th>
                        <th scope="col">{t_string!(i18n, points.head)}</th>
                        <th scope="col">{t_string!(i18n, points.day)}</th>
                        <th scope="col">{t_string!(i18n, points.item)}</th>
                        <th scope="col">{t_string!(i18n, points.line_points)}</th>
                        <th scope="col">{t_string!(i18n, registers.number)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p>{t_string!(i18n, points.print_object)}</p>
            <SignatureLines labels />
        </PrintSheet>
    }
    .into_any()
}
