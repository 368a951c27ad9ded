//! The minutes (会议记录): every number of the meeting, its result, and the lines that make them authority.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::ballot::BallotMode;
use shared::domain::meeting::RollStatus;

use super::Source;
use crate::pages::blocker::Names;
use crate::pages::result::decision;
use crate::pages::words;
use crate::state::result::{Decided, digest_text, table};
use crate::ui::print_sheet::{PrintSheet, SignatureLines};

/// Returns the minutes of a meeting as far as it has come.
pub(super) fn sheets(source: Source<'_>) -> AnyView {
    let i18n = source.i18n;
    let title = t_string!(i18n, print.minutes_head, village = source.village());
    let lines = source.lines();
    let parts = (about(source), attendance(source), sheets_counted(source), result(source), departures(source));
    let foot = vec![source.meeting.id.to_string(), digest(source)];
    let labels = [
        t_string!(i18n, words.chair),
        t_string!(i18n, words.teller),
        t_string!(i18n, words.scrutineer),
        t_string!(i18n, words.recorder),
        t_string!(i18n, print.sign_date),
    ]
    .map(str::to_owned)
    .to_vec();
    view! {
        <PrintSheet title lines foot>
            {parts}
            <SignatureLines labels=Signal::stored(labels) />
        </PrintSheet>
    }
    .into_any()
}

fn about(source: Source<'_>) -> impl IntoView + use<> {
    let Source { i18n, workspace, settings, .. } = source;
    let names = Names::new(i18n, workspace, Some(settings));
    let rulebook = t_string!(
        i18n,
        meetings.rulebook_version,
        title = settings.rulebook.title.clone(),
        version = settings.rulebook.version
    );
    let rows = [
        (t_string!(i18n, print.mode), words::mode(i18n, settings.mode).to_owned()),
        (t_string!(i18n, print.rulebook), rulebook),
        (t_string!(i18n, words.chair), names.person(&settings.chair)),
        (t_string!(i18n, words.teller), names.person(&settings.teller)),
        (t_string!(i18n, words.scrutineer), names.person(&settings.scrutineer)),
    ]
    .map(|(label, value)| view! { <tr><th scope="row">{label}</th><td>{value}</td></tr> });
    view! { <table><tbody>{rows.into_iter().collect_view()}</tbody></table> }
}

fn attendance(source: Source<'_>) -> impl IntoView + use<> {
    let Source { i18n, meeting, settings, .. } = source;
    // After the count the numbers are those that the result rests on; before, those of the lamps.
    let counted = meeting.result.as_ref().map(|result| &result.session.quorum);
    let rows = settings
        .rulebook
        .groups
        .iter()
        .map(|group| {
            let lamp = meeting.lamps.iter().find(|lamp| lamp.group == group.id);
            let quorum = counted.and_then(|quorums| quorums.iter().find(|quorum| quorum.group == group.id));
            let (roll, required, met) = match (quorum, lamp) {
                (Some(quorum), _) => (quorum.roll, quorum.required, quorum.met),
                (None, Some(lamp)) => (lamp.roll, lamp.required, lamp.met),
                (None, None) => Default::default(),
            };
            let met = if met { t_string!(i18n, print.yes) } else { t_string!(i18n, print.no) };
            view! {
                <tr>
                    <th scope="row">{words::group(i18n, group)}</th>
                    <td data-numeric="">{roll.due}</td>
                    <td data-numeric="">{roll.present}</td>
                    <td data-numeric="">{required}</td>
                    <td>{met}</td>
                </tr>
            }
        })
        .collect_view();
    let away = |status: RollStatus| matches!(status, RollStatus::Absent | RollStatus::Excused | RollStatus::Exempt);
    let absent: Vec<String> = settings
        .people
        .iter()
        .filter(|attendee| attendee.body.is_some())
        .filter_map(|attendee| {
            let status = meeting.roll_status(&attendee.person).filter(|status| away(*status))?;
            Some(words::aside(i18n, &attendee.name, words::roll(i18n, Some(status))))
        })
        .collect();
    let absent = (!absent.is_empty()).then(|| {
        let names = words::list(i18n, &absent);
        view! { <p>{t_string!(i18n, print.absent_names, names = names)}</p> }
    });
    view! {
        <h3>{t_string!(i18n, print.attendance)}</h3>
        <table>
            <thead>
                <tr>
                    <th scope="col">{t_string!(i18n, print.body)}</th>
                    <th scope="col" data-numeric="">{t_string!(i18n, print.due)}</th>
                    <th scope="col" data-numeric="">{t_string!(i18n, print.present)}</th>
                    <th scope="col" data-numeric="">{t_string!(i18n, print.required)}</th>
                    <th scope="col">{t_string!(i18n, print.met)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {absent}
    }
}

/// Sheets as they were counted by hand, and why they differ; hands have no sheets.
fn sheets_counted(source: Source<'_>) -> Option<impl IntoView + use<>> {
    let Source { i18n, meeting, settings, .. } = source;
    let reconciled = meeting.reconciled.agreed().filter(|_| settings.mode != BallotMode::ShowOfHands)?;
    let rows = settings
        .rulebook
        .groups
        .iter()
        .filter_map(|group| Some((group, reconciled.groups.get(&group.id)?)))
        .map(|(group, hand)| {
            let valid = hand.returned.saturating_sub(hand.spoiled).saturating_sub(hand.abstained);
            let missing = hand.issued.saturating_sub(hand.returned);
            let figures = [hand.issued, hand.returned, valid, hand.spoiled, hand.abstained, missing]
                .map(|figure| view! { <td data-numeric="">{figure}</td> });
            view! {
                <tr>
                    <th scope="row">{words::group(i18n, group)}</th>
                    {figures.into_iter().collect_view()}
                </tr>
            }
        })
        .collect_view();
    let heads = [
        t_string!(i18n, closing.issued),
        t_string!(i18n, closing.returned),
        t_string!(i18n, closing.valid),
        t_string!(i18n, closing.spoiled),
        t_string!(i18n, closing.abstained),
        t_string!(i18n, closing.missing),
    ]
    .map(|head| view! { <th scope="col" data-numeric="">{head}</th> });
    let note = (!reconciled.note.is_empty())
        .then(|| view! { <p>{t_string!(i18n, print.note, note = reconciled.note.clone())}</p> });
    Some(view! {
        <h3>{t_string!(i18n, print.sheets)}</h3>
        <table>
            <thead>
                <tr>
                    <th scope="col">{t_string!(i18n, print.body)}</th>
                    {heads.into_iter().collect_view()}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {note}
    })
}

fn result(source: Source<'_>) -> Option<impl IntoView + use<>> {
    let Source { i18n, meeting, .. } = source;
    let table = table(meeting)?;
    let rows = table
        .rows
        .iter()
        .enumerate()
        .map(|(place, row)| {
            let number = row.published.clone().unwrap_or_else(|| t_string!(i18n, result.no_number).to_owned());
            let stars = row.computed.map(|stars| words::stars(i18n, Some(stars))).unwrap_or_default();
            view! {
                <tr>
                    <td data-numeric="">{place + 1}</td>
                    <th scope="row" class="nowrap">
                        {words::name(i18n, &row.name, &row.household, row.shared_name)}
                    </th>
                    <td data-numeric="">{number}</td>
                    <td class="nowrap">{stars}</td>
                    <td>{decision(i18n, row)}</td>
                </tr>
            }
        })
        .collect_view();
    let third = meeting.one_third;
    let third = third.is_exceeded().then(|| {
        view! { <p>{t_string!(i18n, result.one_third, count = third.given, cap = third.cap)}</p> }
    });
    Some(view! {
        <h3>{t_string!(i18n, print.results)}</h3>
        <table>
            <thead>
                <tr>
                    <th scope="col">{t_string!(i18n, print.ballot_number)}</th>
                    <th scope="col">{t_string!(i18n, result.name)}</th>
                    <th scope="col" data-numeric="">{t_string!(i18n, result.number)}</th>
                    <th scope="col">{t_string!(i18n, result.stars)}</th>
                    <th scope="col">{t_string!(i18n, result.decision)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {third}
    })
}

/// Every written reason of a decision.
fn departures(source: Source<'_>) -> Option<impl IntoView + use<>> {
    let i18n = source.i18n;
    let lines: Vec<String> = table(source.meeting)?
        .rows
        .iter()
        .filter_map(|row| match &row.decision {
            Decided::As(ruling) if !ruling.reason.is_empty() => {
                let name = words::name(i18n, &row.name, &row.household, row.shared_name);
                Some(t_string!(i18n, print.reason_of, name = name, reason = ruling.reason.clone()))
            }
            _ => None,
        })
        .collect();
    (!lines.is_empty()).then(|| {
        let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        view! {
            <h3>{t_string!(i18n, print.decision_reasons)}</h3>
            <ul>{lines}</ul>
        }
    })
}

fn digest(source: Source<'_>) -> String {
    let Source { i18n, meeting, .. } = source;
    let digest = match (&meeting.seal, &meeting.result) {
        (Some(seal), _) => digest_text(&seal.seal.digest),
        (None, Some(result)) => digest_text(&result.digest),
        (None, None) => return String::new(),
    };
    format!("{} {digest}", t_string!(i18n, print.record_digest))
}
