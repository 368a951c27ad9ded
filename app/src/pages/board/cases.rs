//! Open cases by age; a number opens the cases behind it.

use leptos::prelude::*;
use leptos_i18n::t_string;

use super::layers::figure;
use crate::i18n::*;
use crate::pages::person::today;
use crate::pages::words::{self, Words};
use crate::say;
use crate::shell::Phone;
use crate::state::board::cases::{CaseRow, cases};
use crate::state::links;
use crate::state::register::list::Span;
use crate::ui::card::Card;
use crate::ui::table::TableFrame;

/// Cases by age, for those who handle them.
#[component]
pub(super) fn CasesCard() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let cases = Memo::new(move |_| {
        let found = |today| phone.workspace.with(|workspace| cases(workspace, today));
        today().map(found).unwrap_or_default()
    });
    let body = move || {
        let rows = cases.get();
        if rows.is_empty() {
            return view! { <p class="soft">{say!(i18n, board.cases_none)}</p> }.into_any();
        }
        let rows = rows.into_iter().map(|row| case(i18n, row)).collect_view();
        view! {
            <TableFrame caption=say!(i18n, board.cases)>
                <thead>
                    <tr>
                        <th scope="col">{say!(i18n, board.case_kind)}</th>
                        <th scope="col">{say!(i18n, registers.still_open)}</th>
                        <th scope="col">{say!(i18n, board.age_week)}</th>
                        <th scope="col">{say!(i18n, board.age_month)}</th>
                        <th scope="col">{say!(i18n, board.age_quarter)}</th>
                        <th scope="col">{say!(i18n, board.age_longer)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableFrame>
        }
        .into_any()
    };
    view! {
        <Card title=say!(i18n, board.cases) note=say!(i18n, board.cases_note)>
            {body}
        </Card>
    }
}

fn case(i18n: Words, row: CaseRow) -> impl IntoView {
    let kind = row.kind;
    let open = links::records(kind, None, &Span { open: true, ..Span::default() });
    let age = |(count, span): (usize, Span)| {
        view! { <td>{figure(count.to_string(), links::records(kind, None, &span))}</td> }
    };
    let ages = row.ages.into_iter().map(age).collect_view();
    view! {
        <tr>
            <th scope="row">{words::declared(i18n, kind.name)}</th>
            <td>{figure(t_string!(i18n, board.case_open, count = row.open), open)}</td>
            {ages}
        </tr>
    }
}
