//! What the mechanisms come to in a year: of the township or of one village, each number with the records behind it.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::id::UnitCode;

use crate::i18n::*;
use crate::pages::person::today;
use crate::pages::registers::yuan;
use crate::pages::words::{self, Words};
use crate::say;
use crate::shell::Phone;
use crate::state::board::year::{YearRow, year, years};
use crate::state::links;
use crate::state::register::list::Span;
use crate::state::register::{Figure, pick};
use crate::ui::card::Card;
use crate::ui::field::Select;

/// The mechanisms' yearly counts; a joint record counts once for the township and for each of its villages (E43).
#[component]
pub(super) fn YearCard() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let this_year = today().map(|today| today.parts().0);
    let (chosen, village) = (RwSignal::new(this_year), RwSignal::new(None::<UnitCode>));
    // This year stands on offer before anything is recorded in it.
    let known = Memo::new(move |_| {
        let mut known = phone.workspace.with(|workspace| years(workspace));
        known.extend(this_year.filter(|year| !known.contains(year)));
        known.sort_unstable_by(|a, b| b.cmp(a));
        known
    });
    let units = Memo::new(move |_| phone.workspace.with(|workspace| pick::units(workspace)));
    let rows = Memo::new(move |_| {
        phone.workspace.with(|workspace| village.with(|village| year(workspace, chosen.get(), village.as_ref())))
    });
    let year_options = Signal::derive(move || {
        let name = |year: &i32| t_string!(i18n, board.year_of, year = *year);
        let all = t_string!(i18n, board.year_all).to_owned();
        known.with(|known| std::iter::once(all).chain(known.iter().map(name)).collect::<Vec<_>>())
    });
    let year_place = Signal::derive(move || {
        let place = |year| known.with(|known| known.iter().position(|other| *other == year));
        Some(chosen.get().and_then(place).map_or(0, |place| place + 1))
    });
    let choose_year = move |place: usize| {
        chosen.set(known.with_untracked(|known| place.checked_sub(1).and_then(|place| known.get(place).copied())));
    };
    let unit_options = Signal::derive(move || {
        let all = t_string!(i18n, board.whole_township).to_owned();
        let names = |units: &Vec<(UnitCode, String)>| units.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>();
        std::iter::once(all).chain(units.with(names)).collect::<Vec<_>>()
    });
    let unit_place = Signal::derive(move || {
        let place = |code: UnitCode| units.with(|units| units.iter().position(|(other, _)| *other == code));
        Some(village.get().and_then(place).map_or(0, |place| place + 1))
    });
    let choose_unit = move |place: usize| {
        let code = |units: &Vec<(UnitCode, String)>| Some(units.get(place.checked_sub(1)?)?.0.clone());
        village.set(units.with_untracked(code));
    };
    let body = move || {
        let rows = rows.get();
        if rows.is_empty() {
            return view! { <p class="soft">{say!(i18n, board.mechanism_none)}</p> }.into_any();
        }
        let village = village.get();
        let rows = rows.into_iter().map(|row| mechanism(i18n, row, village.as_ref())).collect_view();
        view! {
            <ul class="board-mechanisms" role="list">
                {rows}
            </ul>
        }
        .into_any()
    };
    view! {
        <Card title=say!(i18n, registers.board) note=say!(i18n, registers.board_note)>
            <div class="register-filters">
                <Select
                    label=say!(i18n, board.year)
                    options=year_options
                    selected=year_place
                    on_choose=choose_year
                />
                <Select
                    label=say!(i18n, registers.village)
                    options=unit_options
                    selected=unit_place
                    on_choose=choose_unit
                />
            </div>
            {body}
        </Card>
    }
}

fn mechanism(i18n: Words, row: YearRow, village: Option<&UnitCode>) -> AnyView {
    let kind = row.kind;
    let title = words::declared(i18n, kind.name);
    let chip = |name: &str, count: String, span: &Span| {
        let label = t_string!(i18n, board.open_records, kind = title, name = name.to_owned(), count = count.clone());
        view! {
            <a class="board-chip" href=links::records(kind, village, span) aria-label=label>
                <span>{name.to_owned()}</span>
                <strong>{count}</strong>
            </a>
        }
    };
    let (count, span) = row.records;
    let all = chip(t_string!(i18n, board.records), count.to_string(), &span);
    let figures = row
        .figures
        .iter()
        .filter_map(|(figure, span)| {
            let name = words::declared(i18n, span.measure?.name);
            let count = match figure {
                Figure::Count(count) => count.to_string(),
                Figure::Money(fen) => yuan(i18n, *fen),
            };
            Some(chip(name, count, span))
        })
        .collect_view();
    view! {
        <li class="board-mechanism">
            <span class="board-mechanism-name">{title}</span>
            <span class="board-chips">{all} {figures}</span>
        </li>
    }
    .into_any()
}
