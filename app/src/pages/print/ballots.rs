//! Blank ballots with serials: a line per subject, a box per aspect, and nothing that names the voter.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::ballot::Serial;
use shared::id::{GroupId, MeetingId};

use super::{Source, write};
use crate::i18n::*;
use crate::pages::words;
use crate::say;
use crate::shell::Phone;
use crate::state::people::repeated;
use crate::state::print::{BallotRun, is_dense, on_sheets, runs, serials};
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::field::{Field, FieldKind};

/// The choice of group and serials, and the ballots themselves.
#[component]
pub fn BallotSheets(
    /// Which meeting.
    id: MeetingId,
) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let groups = {
        let id = id.clone();
        phone.workspace.with_untracked(|workspace| {
            let meeting = workspace.meeting(&id);
            let found = meeting.and_then(|meeting| Some((meeting, meeting.settings.as_ref()?)));
            found
                .map(|(meeting, settings)| (settings.rulebook.groups.clone(), runs(meeting, settings)))
                .unwrap_or_default()
        })
    };
    let (groups, starts) = groups;
    let typed: Vec<(RwSignal<String>, RwSignal<String>)> =
        starts.iter().map(|run| (RwSignal::new(run.first.to_string()), RwSignal::new(run.count.to_string()))).collect();
    let typed = StoredValue::new(typed);
    let starts = StoredValue::new(starts);
    let place = RwSignal::new(0_usize);
    let options = {
        let groups = groups.clone();
        Signal::derive(move || {
            groups.iter().map(|group| ChoiceOption::new(words::group(i18n, group))).collect::<Vec<_>>()
        })
    };
    let run = Memo::new(move |_| {
        let place = place.get();
        let group: GroupId = starts.with_value(|starts| starts.get(place).map(|run| run.group.clone()))?;
        let (first, count) = typed.with_value(|typed| typed.get(place).copied())?;
        let read = |text: RwSignal<String>| text.with(|text| text.trim().parse::<u32>().ok());
        Some(BallotRun { group, first: read(first)?, count: read(count)? })
    });
    let fields = move || {
        typed.with_value(|typed| typed.get(place.get()).copied()).map(|(first, count)| {
            view! {
                <div class="print-run">
                    <Field
                        label=say!(i18n, print.first_serial)
                        value=first
                        on_input=move |text| first.set(text)
                        kind=FieldKind::Number
                    />
                    <Field
                        label=say!(i18n, print.how_many)
                        value=count
                        on_input=move |text| count.set(text)
                        kind=FieldKind::Number
                    />
                </div>
            }
        })
    };
    view! {
        <div class="screen-only stack">
            <Choice
                label=say!(i18n, print.group)
                options
                selected=Signal::derive(move || Some(place.get()))
                on_choose=move |at| place.set(at)
            />
            {fields}
        </div>
        {move || run.get().map(|run| write(&id, move |source| sheets(source, &run)))}
    }
}

fn sheets(source: Source<'_>, run: &BallotRun) -> AnyView {
    let subjects = source.settings.subject_count();
    let sheets = on_sheets(&serials(run), subjects);
    let sheet = |serials: Vec<Serial>| {
        let ballots = serials.into_iter().map(|serial| ballot(source, run, serial)).collect_view();
        view! { <article class="sheet ballot-sheet" data-dense=is_dense(subjects).then_some("")>{ballots}</article> }
    };
    sheets.into_iter().map(sheet).collect_view().into_any()
}

fn ballot(source: Source<'_>, run: &BallotRun, serial: Serial) -> impl IntoView + use<> {
    let Source { i18n, settings, .. } = source;
    let rulebook = &settings.rulebook;
    let group = rulebook.group(&run.group).map(|group| words::group(i18n, group)).unwrap_or_default();
    let shared = repeated(settings.subjects().map(|attendee| attendee.name.as_str()));
    let head = rulebook
        .criteria
        .iter()
        .map(|criterion| {
            let max = t_string!(i18n, print.full_marks, max = criterion.max);
            view! {
                <th scope="col">
                    {criterion.name.clone()} <span class="ballot-max">{max}</span>
                </th>
            }
        })
        .collect_view();
    let boxes = rulebook.criteria.len();
    let lines = settings
        .subjects()
        .enumerate()
        .map(|(place, attendee)| {
            let name = words::name(i18n, &attendee.name, &attendee.household, shared.contains(attendee.name.as_str()));
            view! {
                <tr>
                    <td data-numeric="">{place + 1}</td>
                    <th scope="row">{name}</th>
                    {(0..boxes).map(|_| view! { <td class="ballot-box"></td> }).collect_view()}
                </tr>
            }
        })
        .collect_view();
    let max = rulebook.criteria.iter().map(|criterion| criterion.max).max().unwrap_or(0);
    view! {
        <section class="ballot">
            <header class="ballot-head">
                <div>
                    <h2 class="sheet-title">{t_string!(i18n, print.ballot_head, village = source.village())}</h2>
                    <p>{group} " · " {words::date(i18n, source.meeting.id.date)}</p>
                </div>
                <p class="ballot-serial">{t_string!(i18n, print.ballot_serial, serial = serial.to_string())}</p>
            </header>
            <p class="ballot-rule">
                {t_string!(i18n, print.ballot_rule, max = max)} " " <strong>{t_string!(i18n, print.ballot_self)}</strong>
                " " {t_string!(i18n, print.ballot_abstain)}
            </p>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t_string!(i18n, print.ballot_number)}</th>
                        <th scope="col">{t_string!(i18n, result.name)}</th>
                        {head}
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </section>
    }
}
