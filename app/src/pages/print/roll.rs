//! The roll on paper: everybody of a body with a place to sign.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::meeting::Attendee;
use shared::domain::rulebook::RaterGroup;

use super::Source;
use crate::pages::words;
use crate::ui::print_sheet::PrintSheet;

/// Returns a sheet per body.
pub(super) fn sheets(source: Source<'_>) -> AnyView {
    let groups = source.settings.rulebook.groups.iter();
    groups.map(|group| sheet(source, group)).collect_view().into_any()
}

fn sheet(source: Source<'_>, group: &RaterGroup) -> impl IntoView + use<> {
    let Source { i18n, meeting, settings, .. } = source;
    let mut lines = source.lines();
    let name = words::group(i18n, group);
    lines.push(match meeting.lamps.iter().find(|lamp| lamp.group == group.id) {
        Some(lamp) if !meeting.roll.is_empty() => {
            let count = t_string!(i18n, print.roll_line, due = lamp.roll.due, present = lamp.roll.present);
            format!("{name} · {count}")
        }
        _ => name,
    });
    let row = |(place, attendee): (usize, &Attendee)| {
        let status = meeting.roll_status(&attendee.person);
        let status = status.map(|status| words::roll(i18n, Some(status))).unwrap_or_default();
        view! {
            <tr>
                <td data-numeric="">{place + 1}</td>
                <th scope="row">{attendee.name.clone()}</th>
                <td>{attendee.household.clone()}</td>
                <td>{status}</td>
                <td class="roll-sign"></td>
            </tr>
        }
    };
    let rows = settings.raters(&group.id).enumerate().map(row).collect_view();
    let title = t_string!(i18n, print.roll_head, village = source.village());
    view! {
        <PrintSheet title lines>
            <div class="sheet-scroll">
                <table class="roll-sheet">
                    <thead>
                        <tr>
                            <th scope="col">{t_string!(i18n, print.ballot_number)}</th>
                            <th scope="col">{t_string!(i18n, result.name)}</th>
                            <th scope="col">{t_string!(i18n, print.dwelling)}</th>
                            <th scope="col">{t_string!(i18n, print.roll_status)}</th>
                            <th scope="col">{t_string!(i18n, print.roll_sign)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </PrintSheet>
    }
}
