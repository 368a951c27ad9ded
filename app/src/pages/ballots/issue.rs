//! Handing out paper ballots: which serials each group received.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::MeetingCommand;
use shared::id::{GroupId, MeetingId};

use super::{Open, group_name};
use crate::i18n::*;
use crate::pages::asking::Asking;
use crate::pages::words::list;
use crate::say;
use crate::state::ballots;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::disclosure::Disclosure;
use crate::ui::field::{Field, FieldKind};

/// Tells whether ballots were handed out to every group.
pub(super) fn is_issued_to_all(open: &Open) -> bool {
    open.settings.rulebook.groups.iter().all(|group| !bare(open, &group.id))
}

fn bare(open: &Open, group: &GroupId) -> bool {
    open.meeting.issued.get(group).is_none_or(|issued| issued.serials.is_empty())
}

/// Hands out a run of serials to a group; folded, only what was handed out is in sight.
#[component]
pub(super) fn Issue(
    asking: Asking,
    id: StoredValue<MeetingId>,
    open: Memo<Option<Open>>,
    #[prop(optional)] folded: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let groups = Memo::new(move |_| {
        open.with(|open| {
            let groups = open.as_ref().map(|open| open.settings.rulebook.groups.iter().map(|group| group.id.clone()));
            groups.map(Iterator::collect::<Vec<GroupId>>).unwrap_or_default()
        })
    });
    let chosen = RwSignal::new(None::<usize>);
    let first = RwSignal::new(None::<String>);
    let last = RwSignal::new(String::new());
    let fault = RwSignal::new(false);
    let name = move |group: &GroupId| {
        open.with(|open| open.as_ref().map(|open| group_name(i18n, &open.settings, group))).unwrap_or_default()
    };
    let suggested = move || {
        let next = open.with(|open| open.as_ref().map(|open| ballots::next_free(&open.meeting).0.to_string()));
        first.get().or(next).unwrap_or_default()
    };
    // The next group without ballots is the one most likely meant.
    let group_at = Memo::new(move |_| {
        let is_bare = |group: &GroupId| open.with(|open| open.as_ref().is_some_and(|open| bare(open, group)));
        chosen.get().or_else(|| groups.with(|groups| groups.iter().position(is_bare))).unwrap_or(0)
    });
    let issue = move |()| {
        let group = groups.with_untracked(|groups| groups.get(group_at.get_untracked()).cloned());
        let run = ballots::run(&untrack(suggested), &last.get_untracked());
        fault.set(run.is_none());
        if let (Some(group), Some((from, to))) = (group, run) {
            asking.about(&id.get_value(), MeetingCommand::Issue { group, first: from, last: to }, move || {
                let _ = first.try_set(None);
                let _ = last.try_set(String::new());
                let _ = chosen.try_set(None);
            });
        }
    };
    let line = move |group: GroupId| {
        let runs = open.with(|open| {
            let issued = open.as_ref()?.meeting.issued.get(&group)?;
            let runs = issued.runs.keys().map(|(first, last)| format!("{first}–{last}")).collect::<Vec<_>>();
            (!runs.is_empty()).then_some((runs, issued.serials.len()))
        });
        match runs {
            Some((runs, count)) => {
                let ranges = list(i18n, &runs);
                t_string!(i18n, ballots.issued_line, group = name(&group), ranges = ranges, count = count).to_string()
            }
            None => t_string!(i18n, ballots.issued_none, group = name(&group)).to_string(),
        }
    };
    // Until anything is handed out this is what the page is for.
    let none = Memo::new(move |_| {
        open.with(|open| {
            open.as_ref().is_some_and(|open| open.settings.rulebook.groups.iter().all(|group| bare(open, &group.id)))
        })
    });
    let form = move || {
        view! {
            <div class="issue">
                <Choice
                    label=say!(i18n, ballots.issue_group)
                    options=Signal::derive(move || groups.with(|g| g.iter().map(|g| ChoiceOption::new(name(g))).collect()))
                    selected=Signal::derive(move || Some(group_at.get()))
                    on_choose=move |at| chosen.set(Some(at))
                />
                <div class="issue-run">
                    <Field
                        label=say!(i18n, ballots.issue_first)
                        kind=FieldKind::Number
                        value=Signal::derive(suggested)
                        on_input=move |text| first.set(Some(text))
                    />
                    <Field
                        label=say!(i18n, ballots.issue_last)
                        kind=FieldKind::Number
                        value=last
                        on_input=move |text| last.set(text)
                        error=Signal::derive(move || match fault.get() {
                            true => t_string!(i18n, ballots.issue_fault).to_owned(),
                            false => String::new(),
                        })
                    />
                </div>
                {move || {
                    let kind = if none.get() { ButtonKind::Primary } else { ButtonKind::Secondary };
                    view! { <Button label=say!(i18n, ballots.issue) kind busy=asking.busy wide=true on_press=issue /> }
                }}
            </div>
        }
    };
    let form = match folded {
        true => view! { <Disclosure summary=say!(i18n, ballots.issue_more)>{form()}</Disclosure> }.into_any(),
        false => form().into_any(),
    };
    view! {
        <Card title=say!(i18n, ballots.issue_title)>
            <ul class="issued" role="list">
                <For each=move || groups.get() key=|group| group.clone() let:group>
                    <li>{move || line(group.clone())}</li>
                </For>
            </ul>
            {form}
        </Card>
    }
}
