//! Words for points: states, steps, caps, months and numbers.

use leptos_i18n::t_string;
use shared::domain::points::flow::{PointStep, Stage};
use shared::domain::points::{Cap, Short};
use shared::time::Month;

use crate::pages::words::Words;
use crate::state::points::work::{At, EntryRow};

/// Names where entries stand.
pub fn at(i18n: Words, at: At) -> &'static str {
    match at {
        At::Held => t_string!(i18n, points.at_held),
        At::Divided => t_string!(i18n, points.at_divided),
        At::Objected => t_string!(i18n, points.at_objected),
        At::Reversed => t_string!(i18n, points.at_reversed),
        At::Stage(Stage::Claimed) => t_string!(i18n, points.at_claimed),
        At::Stage(Stage::Verified) => t_string!(i18n, points.at_verified),
        At::Stage(Stage::Deliberated) => t_string!(i18n, points.at_deliberated),
        At::Stage(Stage::Noticed) => t_string!(i18n, points.at_noticed),
        At::Stage(Stage::Booked) => t_string!(i18n, points.at_booked),
        At::Stage(Stage::Rejected) => t_string!(i18n, points.at_rejected),
    }
}

/// Names a step, a verb.
pub fn step(i18n: Words, step: PointStep) -> &'static str {
    match step {
        PointStep::Verify => t_string!(i18n, points.step_verify),
        PointStep::Deliberate => t_string!(i18n, points.step_deliberate),
        PointStep::Notice => t_string!(i18n, points.step_notice),
        PointStep::Book => t_string!(i18n, points.step_book),
        PointStep::Reject => t_string!(i18n, points.step_reject),
        PointStep::Hold => t_string!(i18n, points.step_hold),
        PointStep::Release => t_string!(i18n, points.step_release),
    }
}

/// Names what a step asks to be written down.
pub fn asks(i18n: Words, step: PointStep) -> &'static str {
    match step {
        PointStep::Deliberate => t_string!(i18n, points.words_meeting),
        _ => t_string!(i18n, registers.step_reason),
    }
}

/// Says why an entry counts less than it gives.
pub fn short(i18n: Words, short: Short) -> &'static str {
    match short {
        Short::NotBooked => t_string!(i18n, points.short_not_booked),
        Short::Reversed | Short::Reversal => t_string!(i18n, points.short_reversed),
        Short::Over(Cap::ItemDay) => t_string!(i18n, points.over_item_day),
        Short::Over(Cap::ItemMonth) => t_string!(i18n, points.over_item_month),
        Short::Over(Cap::CategoryMonth) => t_string!(i18n, points.over_category_month),
        Short::Over(Cap::AccountMonth) => t_string!(i18n, points.over_account_month),
    }
}

/// Says what an entry gives, and what it counts where that is less.
pub fn worth(i18n: Words, row: &EntryRow) -> String {
    let gives = row.gives.map_or_else(|| t_string!(i18n, points.no_item).to_owned(), |gives| signed(gives.into()));
    match row.counted.short {
        Some(over @ Short::Over(_)) => {
            let counts = signed(row.counted.points);
            t_string!(i18n, points.counts_less, gives = gives, counts = counts, why = short(i18n, over))
        }
        _ => gives,
    }
}

/// Writes points with their unit.
pub fn points(i18n: Words, points: i64) -> String {
    t_string!(i18n, points.amount, points = points)
}

/// Writes points with their sign.
pub fn signed(points: i64) -> String {
    format!("{points:+}")
}

/// Writes a month.
pub fn month(i18n: Words, month: Month) -> String {
    let (year, number) = month.parts();
    t_string!(i18n, points.month_named, year = year, number = number, iso = month.to_string())
}

/// Writes a rule and its version.
pub fn rule(i18n: Words, title: &str, version: u32) -> String {
    t_string!(i18n, points.rule_named, title = title.to_owned(), version = version)
}

/// Says where a window stands.
pub fn window(i18n: Words, first: usize, all: usize, size: usize) -> String {
    t_string!(i18n, registers.window, from = first + 1, to = (first + size).min(all), all = all)
}
