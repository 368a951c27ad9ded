//! What a village's number is made of, step by step, and the records behind every step.

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::hooks::use_params_map;
use shared::id::UnitCode;
use shared::number::{Ratio, Rounding};

use super::posted::row as posted_row;
use super::wish::WishDialog;
use super::{Page, for_quarter};
use crate::pages::asking::Refusal;
use crate::pages::frame::Frame;
use crate::pages::words::{self, Words};
use crate::say;
use crate::state::links::QuarterPage as At;
use crate::state::quarter::ranking::{GivenCard, Sum, sum};
use crate::ui::card::Card;
use crate::ui::sum_view::{SumPart, SumStep, SumView};
use crate::ui::table::{Column, Table};

/// What stands at `/quarter/:quarter/ranking/:village`.
#[component]
pub fn SumPage() -> impl IntoView {
    let params = use_params_map();
    let village =
        Memo::new(move |_| params.with(|params| params.get("village")).and_then(|text| UnitCode::new(&text).ok()));
    for_quarter(move |page| {
        let shown = move || match village.get() {
            Some(village) => view! { <Opened page village /> }.into_any(),
            None => ().into_any(),
        };
        shown.into_any()
    })
}

/// How a rulebook's numbers are dropped, kept and rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rule {
    trim_min: u32,
    clamp: bool,
    decimals: u8,
    rounding: Rounding,
}

#[component]
fn Opened(page: Page, village: UnitCode) -> impl IntoView {
    let i18n = page.i18n;
    let opened =
        Memo::new(move |_| page.read(|workspace, me, assessment| sum(workspace, me, assessment, &village)).flatten());
    let rule = Memo::new(move |_| {
        page.settings(|settings| Rule {
            trim_min: settings.rule.trim_min,
            clamp: settings.rule.clamp,
            decimals: settings.rule.decimals,
            rounding: settings.rule.rounding,
        })
    });
    let title = Signal::derive(move || {
        let name = opened.with(|sum| sum.as_ref().map(|sum| sum.name.clone()).unwrap_or_default());
        t_string!(i18n, quarter.sum_title, village = name)
    });
    let all = Signal::derive(move || match (opened.get(), rule.get()) {
        (Some(sum), Some(rule)) => steps(i18n, &sum, rule),
        _ => Vec::new(),
    });
    let columns = Signal::derive(move || {
        let mut columns = vec![Column::words(t_string!(i18n, quarter.assessor))];
        opened.with(|sum| {
            let criteria = sum.iter().flat_map(|sum| &sum.criteria);
            columns.extend(criteria.map(|(name, ..)| Column { label: name.clone(), numeric: true }));
        });
        columns.push(Column { label: t_string!(i18n, quarter.total).to_owned(), numeric: true });
        columns
    });
    let rows = Signal::derive(move || {
        opened.with(|sum| sum.iter().flat_map(|sum| &sum.cards).map(|card| cells(i18n, card)).collect::<Vec<_>>())
    });
    let frozen = move || {
        let (number, name, names) = opened.get()?.frozen?;
        let names = words::list(i18n, &names);
        let told = t_string!(i18n, quarter.frozen_by, name = name, names = names, number = number.to_string());
        Some(view! { <p class="soft small">{told}</p> })
    };
    let behind = move || {
        let rows = opened.with(|sum| sum.as_ref().map(|sum| sum.posted.clone()).unwrap_or_default());
        (!rows.is_empty()).then(|| {
            let rows = rows.into_iter().map(|one| posted_row(page, one)).collect_view();
            view! { <Card title=say!(i18n, quarter.behind)><ul class="list" role="list">{rows}</ul></Card> }
        })
    };
    view! {
        <Frame title subtitle=page.title() back=page.link(&At::Ranking) narrow=true>
            <Refusal asking=page.asking />
            <Card>
                <SumView steps=all />
            </Card>
            <Table caption=say!(i18n, quarter.cards) columns rows />
            {frozen}
            {behind}
            <WishDialog wish=page.wish asking=page.asking />
        </Frame>
    }
}

fn cells(i18n: Words, card: &GivenCard) -> Vec<String> {
    let name = match card.left {
        true => words::aside(i18n, &card.name, t_string!(i18n, quarter.card_left)),
        false => card.name.clone(),
    };
    let given = card.given.iter().map(|given| given.map(|points| points.to_string()).unwrap_or_default());
    let total = match (card.not_visited, card.total) {
        (true, _) => t_string!(i18n, quarter.not_visited).to_owned(),
        (false, total) => total.map(written).unwrap_or_default(),
    };
    std::iter::once(name).chain(given).chain([total]).collect()
}

/// Writes the arithmetic of a village, a line per step.
pub(super) fn arithmetic(i18n: Words, page: Page, sum: &Sum) -> Vec<SumStep> {
    let rule = page.settings(|settings| Rule {
        trim_min: settings.rule.trim_min,
        clamp: settings.rule.clamp,
        decimals: settings.rule.decimals,
        rounding: settings.rule.rounding,
    });
    rule.map(|rule| steps(i18n, sum, rule)).unwrap_or_default()
}

fn steps(i18n: Words, sum: &Sum, rule: Rule) -> Vec<SumStep> {
    let standing = &sum.standing;
    let mut steps = vec![totals(i18n, sum, rule)];
    if let Some(mean) = standing.cards.mean {
        let mut parts =
            vec![SumPart::Text(format!("{} ÷ {} =", written(standing.cards.sum), standing.cards.kept.len()))];
        parts.extend(fraction(mean));
        steps.push(step(t_string!(i18n, quarter.sum_mean), parts, String::new()));
    }
    if standing.beside != Ratio::ZERO {
        steps.push(step(t_string!(i18n, quarter.sum_beside), fraction(standing.beside), String::new()));
    }
    for (label, capped, sign) in [
        (t_string!(i18n, quarter.sum_bonus), standing.bonus, "+"),
        (t_string!(i18n, quarter.sum_deduction), standing.deduction, "−"),
    ] {
        if capped.given != Ratio::ZERO {
            let mut parts = vec![SumPart::Text(sign.to_owned())];
            parts.extend(fraction(capped.counted));
            let note = (capped.given != capped.counted).then(|| {
                let (given, counted) = (written(capped.given), written(capped.counted));
                t_string!(i18n, quarter.sum_capped, given = given, counted = counted)
            });
            steps.push(step(label, parts, note.unwrap_or_default()));
        }
    }
    if let (Some(exact), Some(published)) = (standing.exact, standing.published) {
        let note = if rule.clamp { t_string!(i18n, quarter.sum_clamped).to_owned() } else { String::new() };
        steps.push(step(t_string!(i18n, quarter.sum_final), fraction(exact), note));
        let label = match rule.rounding {
            Rounding::HalfUp => t_string!(i18n, quarter.sum_half_up, decimals = rule.decimals),
            Rounding::HalfEven => t_string!(i18n, quarter.sum_half_even, decimals = rule.decimals),
        };
        let gain = sum
            .last
            .zip(standing.gain)
            .map(|(last, gain)| t_string!(i18n, quarter.sum_last, last = last.to_string(), gain = written(gain)));
        steps.push(step(&label, vec![SumPart::Result(published.to_string())], gain.unwrap_or_default()));
    }
    if standing.disqualified {
        steps.push(step(t_string!(i18n, quarter.vetoed), Vec::new(), t_string!(i18n, quarter.sum_vetoed).to_owned()));
    }
    steps
}

fn step(label: &str, parts: Vec<SumPart>, note: String) -> SumStep {
    SumStep { label: label.to_owned(), parts, note }
}

/// The totals of the cards; those dropped are struck through at the two ends.
fn totals(i18n: Words, sum: &Sum, rule: Rule) -> SumStep {
    let cards = &sum.standing.cards;
    let mut parts: Vec<SumPart> = cards.kept.iter().map(|total| SumPart::Text(written(*total))).collect();
    if let Some(dropped) = cards.dropped {
        parts.insert(0, SumPart::Dropped(written(dropped.low)));
        parts.push(SumPart::Dropped(written(dropped.high)));
    }
    let trimmed = match cards.dropped {
        Some(dropped) => {
            t_string!(i18n, quarter.sum_dropped, high = written(dropped.high), low = written(dropped.low))
        }
        None if rule.trim_min == 0 => t_string!(i18n, quarter.sum_never).to_owned(),
        None => t_string!(i18n, quarter.sum_kept, count = cards.count(), trim_min = rule.trim_min),
    };
    let unvisited = match sum.standing.not_visited {
        0 => None,
        count => Some(t_string!(i18n, quarter.sum_unvisited, count = count)),
    };
    let notes: Vec<String> = [Some(trimmed), unvisited].into_iter().flatten().collect();
    SumStep { label: t_string!(i18n, quarter.sum_cards).to_owned(), parts, note: notes.join(" · ") }
}

/// Writes an exact value on one line: hundredths as a decimal, as they were given, anything finer as a fraction.
pub(super) fn written(value: Ratio) -> String {
    const HUNDREDTHS: i128 = 100;
    let (over, under) = (value.numerator(), value.denominator());
    if under == 1 || HUNDREDTHS % under != 0 {
        return value.to_string();
    }
    let units = over * (HUNDREDTHS / under);
    let sign = if units < 0 { "-" } else { "" };
    let (whole, part) = (units.abs() / HUNDREDTHS, units.abs() % HUNDREDTHS);
    let decimal = format!("{sign}{whole}.{part:02}");
    decimal.strip_suffix('0').unwrap_or(&decimal).to_owned()
}

/// Writes an exact value as people write it: a decimal where that is exact, else one figure over another.
fn fraction(value: Ratio) -> Vec<SumPart> {
    let text = written(value);
    match text.split_once('/') {
        None => vec![SumPart::Text(text)],
        Some((over, under)) => vec![SumPart::Fraction { over: over.to_owned(), under: under.to_owned() }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_exact_in_hundredths_is_written_as_it_was_given() {
        let check = |over, under, expected: &str| assert_eq!(written(Ratio::new(over, under).unwrap()), expected);
        check(71, 2, "35.5");
        check(1725, 100, "17.25");
        check(40, 1, "40");
        check(-3, 4, "-0.75");
        check(250, 3, "250/3");
        check(1, 1000, "1/1000");
    }
}
