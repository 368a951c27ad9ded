//! The ranks on paper, A4: every village's number with what it is made of, the adjustments, the digest, who signs.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::Workspace;
use shared::domain::assessment::Assessment;
use shared::identity::Holder;

use super::sum::{arithmetic, written};
use super::{Page, for_quarter, told};
use crate::pages::frame::Frame;
use crate::pages::words::{self, Words};
use crate::platform::clock;
use crate::say;
use crate::state::links::QuarterPage as At;
use crate::state::moment::moment;
use crate::state::quarter::notice::posted;
use crate::state::quarter::posted::rows as posted_rows;
use crate::state::quarter::ranking::{RankRow, digest, rows, sum};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::icon::Sign;
use crate::ui::print_sheet::{PrintSheet, SignatureLines};
use crate::ui::sum_view::SumPart;

/// What stands at `/quarter/:quarter/print`.
#[component]
pub fn QuarterPrintPage() -> impl IntoView {
    for_quarter(|page| view! { <Print page /> }.into_any())
}

#[component]
fn Print(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let paper = move || page.read(|workspace, me, assessment| paper(page, workspace, me, assessment)).flatten();
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
        <Frame title=say!(i18n, quarter.print) subtitle=page.title() back=page.link(&At::Ranking) bar>
            <div class="sheets">{paper}</div>
        </Frame>
    }
}

fn paper(page: Page, workspace: &Workspace, me: &Holder, assessment: &Assessment) -> Option<AnyView> {
    let i18n = page.i18n;
    let ranked = rows(assessment)?;
    let digest = digest(assessment)?;
    let title = assessment.settings.as_ref()?.title.clone();
    let today = moment(clock::now()).map(|moment| moment.date);
    let days = posted(assessment, today).map(|stands| {
        let (from, until) = (words::date(i18n, stands.from), words::date(i18n, stands.until));
        t_string!(i18n, quarter.notice_from, from = from, until = until)
    });
    let stage = told::stage(i18n, assessment.stage).to_owned();
    let lines: Vec<String> =
        [Some(told::quarter(i18n, assessment.quarter)), Some(stage), days].into_iter().flatten().collect();
    let head = t_string!(i18n, quarter.print_head, title = title);
    let labels = vec![
        t_string!(i18n, quarter.print_lead).to_owned(),
        t_string!(i18n, quarter.print_other).to_owned(),
        t_string!(i18n, quarter.print_office).to_owned(),
        t_string!(i18n, print.sign_date).to_owned(),
    ];
    let foot = vec![format!("{} {digest}", t_string!(i18n, quarter.digest)), me.name.clone()];
    let line = |row: &RankRow| line(i18n, workspace, me, assessment, row);
    let table = ranked.iter().map(line).collect_view();
    let sums = ranked.iter().filter_map(|row| {
        let sum = sum(workspace, me, assessment, &row.village)?;
        let steps: Vec<String> = arithmetic(i18n, page, &sum)
            .into_iter()
            .map(|step| format!("{} {}", step.label, parts(&step.parts)).trim().to_owned())
            .collect();
        Some(view! { <p class="keep"><strong>{sum.name}</strong> ": " {steps.join("; ")}</p> })
    });
    let sums = sums.collect_view();
    let adjusted: Vec<_> =
        posted_rows(workspace, me, assessment).into_iter().filter(|row| row.struck.is_none()).collect();
    let adjusted = (!adjusted.is_empty()).then(|| {
        let row = |row: crate::state::quarter::posted::PostedRow| {
            view! {
                <tr>
                    <th scope="row">{row.village}</th>
                    <td>{told::posted(i18n, row.posted)}</td>
                    <td>{row.reason}</td>
                    <td>{row.id.to_string()}</td>
                </tr>
            }
        };
        let rows = adjusted.into_iter().map(row).collect_view();
        view! {
            <h3>{t_string!(i18n, quarter.posted)}</h3>
            <table><tbody>{rows}</tbody></table>
        }
    });
    Some(
        view! {
            <PrintSheet title=head lines foot>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{t_string!(i18n, quarter.print_rank)}</th>
                            <th scope="col">{t_string!(i18n, quarter.print_village)}</th>
                            <th scope="col">{t_string!(i18n, quarter.print_mean)}</th>
                            <th scope="col">{t_string!(i18n, quarter.print_beside)}</th>
                            <th scope="col">{t_string!(i18n, quarter.print_bonus)}</th>
                            <th scope="col">{t_string!(i18n, quarter.print_deduction)}</th>
                            <th scope="col">{t_string!(i18n, quarter.print_final)}</th>
                            <th scope="col">{t_string!(i18n, quarter.print_note)}</th>
                        </tr>
                    </thead>
                    <tbody>{table}</tbody>
                </table>
                {adjusted}
                <h3>{t_string!(i18n, result.sum_head)}</h3>
                {sums}
                <SignatureLines labels />
            </PrintSheet>
        }
        .into_any(),
    )
}

fn line(i18n: Words, workspace: &Workspace, me: &Holder, assessment: &Assessment, row: &RankRow) -> AnyView {
    let sum = sum(workspace, me, assessment, &row.village);
    let standing = sum.map(|sum| sum.standing);
    let cell = |value: Option<shared::number::Ratio>| value.map(written).unwrap_or_default();
    let published = row.published.map(|published| published.to_string()).unwrap_or_default();
    let rank = row.rank.map(|rank| rank.to_string()).unwrap_or_default();
    view! {
        <tr>
            <td data-numeric="">{rank}</td>
            <th scope="row">{row.name.clone()}</th>
            <td data-numeric="">{cell(standing.as_ref().and_then(|one| one.cards.mean))}</td>
            <td data-numeric="">{cell(standing.as_ref().map(|one| one.beside))}</td>
            <td data-numeric="">{cell(standing.as_ref().map(|one| one.bonus.counted))}</td>
            <td data-numeric="">{cell(standing.as_ref().map(|one| one.deduction.counted))}</td>
            <td data-numeric="">{published}</td>
            <td>{told::beside_rank(i18n, row)}</td>
        </tr>
    }
    .into_any()
}

/// Writes a step's line in plain characters.
fn parts(parts: &[SumPart]) -> String {
    let part = |part: &SumPart| match part {
        SumPart::Text(text) | SumPart::Result(text) => text.clone(),
        SumPart::Fraction { over, under } => format!("{over}/{under}"),
        SumPart::Dropped(text) => format!("({text})"),
    };
    parts.iter().map(part).collect::<Vec<_>>().join(" ")
}
