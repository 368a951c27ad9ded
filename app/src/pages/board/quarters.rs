//! The standings of the latest quarters side by side, and where the flag is.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::id::UnitCode;

use super::layers::{figure, line_words};
use crate::i18n::*;
use crate::pages::person::quarter_name;
use crate::pages::words::Words;
use crate::say;
use crate::shell::Phone;
use crate::state::board::quarters::{Line, QuarterHead, QuarterRow, Quarters, quarters};
use crate::state::links::{self, QuarterPage};
use crate::ui::card::Card;
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};
use crate::ui::table::TableFrame;

/// Quarter standings and their history.
#[component]
pub(super) fn QuartersCard() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let quarters = Memo::new(move |_| phone.workspace.with(|workspace| quarters(workspace)));
    let flag = Signal::derive(move || match quarters.with(|quarters| quarters.flag.clone()) {
        Some(village) => t_string!(i18n, board.flag_at, village = village),
        None => t_string!(i18n, board.flag_office).to_owned(),
    });
    view! {
        <Card title=say!(i18n, board.quarters)>
            {move || table(i18n, quarters.get())}
            <List label=say!(i18n, board.quarters)>
                <ListRow title=say!(i18n, board.quarters_all) href=links::QUARTERS />
                <ListRow title=say!(i18n, board.flag) subtitle=flag sign=Sign::Flag href=links::FLAG />
            </List>
        </Card>
    }
}

fn table(i18n: Words, Quarters { quarters, rows, .. }: Quarters) -> AnyView {
    if quarters.is_empty() {
        return view! { <p class="soft">{say!(i18n, board.quarters_none)}</p> }.into_any();
    }
    let head = |head: &QuarterHead| {
        let words = quarter_name(i18n, head.quarter);
        view! { <th scope="col">{figure(words, links::quarter(head.quarter, &QuarterPage::Overview))}</th> }
    };
    let cell = |code: &UnitCode, (place, line): (usize, &Option<Line>)| {
        let quarter = quarters.get(place).map(|head| head.quarter);
        let words = line.map(|line| line_words(i18n, line.rank, line.published, line.vetoed));
        let sum = |quarter| links::quarter(quarter, &QuarterPage::Sum(code.clone()));
        let cell = words.zip(quarter).map(|(words, quarter)| figure(words, sum(quarter)));
        view! { <td>{cell}</td> }
    };
    let row = |row: QuarterRow| {
        let cells = row.lines.iter().enumerate().map(|line| cell(&row.code, line)).collect_view();
        view! {
            <tr>
                <th scope="row">{row.name}</th>
                {cells}
            </tr>
        }
    };
    let heads = quarters.iter().map(head).collect_view();
    let rows = rows.into_iter().map(row).collect_view();
    view! {
        <TableFrame caption=say!(i18n, board.quarters)>
            <thead>
                <tr>
                    <th scope="col">{say!(i18n, board.unit)}</th>
                    {heads}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
    .into_any()
}
