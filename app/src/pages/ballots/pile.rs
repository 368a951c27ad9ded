//! The pile of paper ballots: handing out serials, how far each is, and where two entries differ.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::MeetingCommand;
use shared::domain::meeting::{MeetingSettings, PaperDifference, Stage};
use shared::id::{GroupId, MeetingId};

use super::{Open, group_name};
use crate::i18n::*;
use crate::pages::asking::{Asking, Refusal};
use crate::pages::words::{Words, list};
use crate::say;
use crate::shell::Phone;
use crate::state::ballots::{self, CellState, Differing};
use crate::state::links;
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind, ButtonLink};
use crate::ui::card::Card;
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::field::{Field, FieldKind};
use crate::ui::icon::Sign;

/// The pile as the holder of this phone sees it.
#[component]
pub fn Pile(asking: Asking, id: StoredValue<MeetingId>, open: Memo<Option<Open>>, stage: Stage) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let pile = Memo::new(move |_| {
        let me = phone.me.with(|me| me.as_ref().map(|me| me.person.clone()));
        open.with(|open| Some(ballots::pile(&open.as_ref()?.meeting, &me?))).unwrap_or_default()
    });
    let may_enter = matches!(stage, Stage::Voting | Stage::Closed);
    let address = move |serial| links::ballot(&id.get_value(), serial);
    let issued = move || pile.with(|pile| pile.cells.len());
    view! {
        <Refusal asking meeting=id.get_value() />
        {(stage == Stage::Voting).then(|| view! { <Issue asking id open /> })}
        <Show when=move || pile.with(|pile| !pile.differing.is_empty())>
            <Banner
                kind=BannerKind::Warning
                title=Signal::derive(move || {
                    t_string!(i18n, ballots.differs_title, count = pile.with(|pile| pile.differing.len())).to_string()
                })
                next=say!(i18n, ballots.differs_text)
            >
                <ul class="differing">
                    <For each=move || pile.with(|pile| pile.differing.clone()) key=|one| one.serial.0 let:one>
                        <DifferingLine one open href=address />
                    </For>
                </ul>
            </Banner>
        </Show>
        <Card title=say!(i18n, ballots.pile_title) note=say!(i18n, ballots.pile_note)>
            <p class="pile-counts">
                <strong>
                    {move || {
                        let agreed = pile.with(|pile| pile.agreed);
                        t_string!(i18n, ballots.agreed, agreed = agreed, issued = issued()).to_string()
                    }}
                </strong>
                " · "
                {move || t_string!(i18n, ballots.mine, count = pile.with(|pile| pile.mine)).to_string()}
            </p>
            <ol class="pile" aria-label=say!(i18n, ballots.legend)>
                <For each=move || pile.with(|pile| pile.cells.clone()) key=|cell| (cell.serial.0, cell.state as u8) let:cell>
                    <li>
                        <a
                            class="pile-cell"
                            data-state=state_name(cell.state)
                            href=move || address(cell.serial)
                            title=move || state_words(i18n, cell.state)
                        >
                            <span aria-hidden="true">{state_sign(cell.state)}</span>
                            <span class="pile-serial">{cell.serial.to_string()}</span>
                            <span class="hidden-words">{move || state_words(i18n, cell.state)}</span>
                        </a>
                    </li>
                </For>
            </ol>
            <ul class="pile-legend">
                {[CellState::Missing, CellState::Other, CellState::Mine, CellState::Agreed, CellState::Differs]
                    .map(|state| {
                        view! {
                            <li>
                                <span class="pile-key" data-state=state_name(state) aria-hidden="true">
                                    {state_sign(state)}
                                </span>
                                {move || state_words(i18n, state)}
                            </li>
                        }
                    })}
            </ul>
        </Card>
        <Show when=move || may_enter && issued() != 0>
            <BottomBar note=Signal::derive(move || match pile.with(|pile| pile.next) {
                Some(_) => String::new(),
                None => t_string!(i18n, ballots.all_mine_text).to_owned(),
            })>
                {move || match pile.with(|pile| pile.next) {
                    Some(serial) => {
                        let words = Signal::derive(move || {
                            t_string!(i18n, ballots.next, serial = serial.to_string()).to_string()
                        });
                        let href = Signal::derive(move || address(serial));
                        view! { <ButtonLink kind=ButtonKind::Primary wide=true sign=Sign::Pencil label=words href /> }
                            .into_any()
                    }
                    None => view! { <p role="status">{t!(i18n, ballots.all_mine)}</p> }.into_any(),
                }}
            </BottomBar>
        </Show>
    }
}

/// A serial that two people entered differently: where, and the way to read it again.
#[component]
fn DifferingLine<F>(one: Differing, open: Memo<Option<Open>>, href: F) -> impl IntoView
where
    F: Fn(shared::domain::ballot::Serial) -> String + Copy + Send + Sync + 'static,
{
    let i18n = use_i18n();
    let serial = one.serial;
    let places = move || {
        let names = open.with(|open| {
            let settings = open.as_ref().map(|open| &open.settings);
            one.places.iter().map(|place| place_words(i18n, settings, place)).collect::<Vec<_>>()
        });
        t_string!(i18n, ballots.differs_where, places = list(i18n, &names)).to_string()
    };
    let words = Signal::derive(move || t_string!(i18n, ballots.recount, serial = serial.to_string()).to_string());
    view! {
        <li>
            <p>{places}</p>
            <ButtonLink label=words href=Signal::derive(move || href(serial)) />
        </li>
    }
}

/// Hands out a run of serials to a group.
#[component]
fn Issue(asking: Asking, id: StoredValue<MeetingId>, open: Memo<Option<Open>>) -> impl IntoView {
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
        let bare = |group: &GroupId| {
            open.with(|open| {
                open.as_ref().is_some_and(|open| open.meeting.issued.get(group).is_none_or(|i| i.serials.is_empty()))
            })
        };
        chosen.get().or_else(|| groups.with(|groups| groups.iter().position(bare))).unwrap_or(0)
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
    view! {
        <Card title=say!(i18n, ballots.issue_title)>
            <ul class="issued">
                <For each=move || groups.get() key=|group| group.clone() let:group>
                    <li>{move || line(group.clone())}</li>
                </For>
            </ul>
            <div class="issue">
                <Choice
                    label=say!(i18n, ballots.issue_group)
                    options=Signal::derive(move || groups.with(|g| g.iter().map(|g| ChoiceOption::new(name(g))).collect()))
                    selected=Signal::derive(move || Some(group_at.get()))
                    on_choose=move |at| chosen.set(Some(at))
                />
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
                <Button label=say!(i18n, ballots.issue) busy=asking.busy on_press=issue />
            </div>
        </Card>
    }
}

fn place_words(i18n: Words, settings: Option<&MeetingSettings>, place: &PaperDifference) -> String {
    match place {
        PaperDifference::Group => t_string!(i18n, ballots.differs_group).to_owned(),
        PaperDifference::Kind => t_string!(i18n, ballots.differs_kind).to_owned(),
        PaperDifference::Subject { subject, criteria } => {
            let Some(settings) = settings else { return String::new() };
            let found = settings.subjects().find(|attendee| attendee.person == *subject);
            let name = found.map_or("", |attendee| attendee.name.as_str());
            let of = |criterion: &&shared::domain::rulebook::Criterion| criteria.contains(&criterion.id);
            let criteria: Vec<String> =
                settings.rulebook.criteria.iter().filter(of).map(|criterion| criterion.name.clone()).collect();
            if criteria.is_empty() { name.to_owned() } else { format!("{name}（{}）", list(i18n, &criteria)) }
        }
    }
}

fn state_words(i18n: Words, state: CellState) -> &'static str {
    match state {
        CellState::Missing => t_string!(i18n, ballots.state_missing),
        CellState::Mine => t_string!(i18n, ballots.state_mine),
        CellState::Other => t_string!(i18n, ballots.state_other),
        CellState::Agreed => t_string!(i18n, ballots.state_agreed),
        CellState::Differs => t_string!(i18n, ballots.state_differs),
    }
}

fn state_name(state: CellState) -> &'static str {
    match state {
        CellState::Missing => "missing",
        CellState::Mine => "mine",
        CellState::Other => "other",
        CellState::Agreed => "agreed",
        CellState::Differs => "differs",
    }
}

fn state_sign(state: CellState) -> &'static str {
    match state {
        CellState::Missing => "·",
        CellState::Mine => "◐",
        CellState::Other => "◑",
        CellState::Agreed => "✓",
        CellState::Differs => "≠",
    }
}
