//! The pile of paper ballots: how far each serial is, and where two entries differ.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::ballot::BallotMode;
use shared::domain::meeting::{MeetingSettings, PaperDifference, Stage};
use shared::id::MeetingId;

use super::issue::{Issue, is_issued_to_all};
use super::{Face, Open};
use crate::i18n::*;
use crate::pages::asking::{Asking, Refusal};
use crate::pages::words::{Words, aside, list};
use crate::say;
use crate::shell::Phone;
use crate::state::ballots::{self, CellState, Differing};
use crate::state::links::{self, MeetingPage};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{ButtonKind, ButtonLink};
use crate::ui::card::Card;
use crate::ui::empty_state::EmptyState;
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
    let issued_to_all = Memo::new(move |_| open.with(|open| open.as_ref().is_some_and(is_issued_to_all)));
    let none_issued = Memo::new(move |_| issued() == 0);
    let bar = move || {
        move || {
            (may_enter && !none_issued.get()).then(|| match pile.with(|pile| pile.next) {
                Some(serial) => {
                    let words =
                        Signal::derive(move || t_string!(i18n, ballots.next, serial = serial.to_string()).to_string());
                    view! {
                        <BottomBar>
                            <ButtonLink
                                kind=ButtonKind::Primary
                                sign=Sign::Pencil
                                label=words
                                href=address(serial)
                            />
                        </BottomBar>
                    }
                    .into_any()
                }
                None => view! {
                    <BottomBar note=say!(i18n, ballots.all_mine_text)>
                        <ButtonLink
                            label=say!(i18n, ballots.to_meeting)
                            href=links::meeting(&id.get_value(), MeetingPage::Overview)
                        />
                    </BottomBar>
                }
                .into_any(),
            })
        }
    };
    let all_mine = Memo::new(move |_| pile.with(|pile| !pile.cells.is_empty() && pile.next.is_none()));
    let entering = move || {
        view! {
            <Card title=say!(i18n, ballots.pile_title)>
                <p class="soft small">{say!(i18n, ballots.pile_note)}</p>
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
                <Show when=move || all_mine.get()>
                    <p role="status">{say!(i18n, ballots.all_mine)}</p>
                </Show>
                <ol class="pile" aria-label=say!(i18n, ballots.legend)>
                    <For
                        each=move || pile.with(|pile| pile.cells.clone())
                        key=|cell| (cell.serial.0, cell.state as u8)
                        let:cell
                    >
                        <li>
                            <a
                                class="pile-cell"
                                data-state=state_name(cell.state)
                                href=move || address(cell.serial)
                                title=move || state_words(i18n, cell.state)
                            >
                                <span aria-hidden="true">{state_sign(cell.state)}</span>
                                <span class="pile-serial">{cell.serial.to_string()}</span>
                                <span class="unseen">{move || state_words(i18n, cell.state)}</span>
                            </a>
                        </li>
                    </For>
                </ol>
                <ul class="pile-legend">{move || STATES.map(|state| legend(i18n, state)).into_iter().collect_view()}</ul>
            </Card>
        }
    };
    let voting = stage == Stage::Voting;
    view! {
        <Face id mode=BallotMode::SecretPaper narrow=true bar>
            <Refusal asking meeting=id.get_value() />
            <Show when=move || pile.with(|pile| !pile.differing.is_empty())>
                <Banner
                    kind=BannerKind::Warning
                    title=Signal::derive(move || {
                        let count = pile.with(|pile| pile.differing.len());
                        t_string!(i18n, ballots.differs_title, count = count).to_string()
                    })
                    next=say!(i18n, ballots.differs_text)
                >
                    <ul class="differing" role="list">
                        <For each=move || pile.with(|pile| pile.differing.clone()) key=|one| one.serial.0 let:one>
                            <DifferingLine one open href=address />
                        </For>
                    </ul>
                </Banner>
            </Show>
            // Handing out comes first until every group has its ballots; after that the pile is the work.
            <Show when=move || voting && !issued_to_all.get()>
                <Issue asking id open />
            </Show>
            <Show when=move || !none_issued.get() fallback=move || view! { <NoneIssued voting /> }>
                {entering}
            </Show>
            <Show when=move || voting && issued_to_all.get()>
                <Issue asking id open folded=true />
            </Show>
        </Face>
    }
}

const STATES: [CellState; 5] =
    [CellState::Missing, CellState::Other, CellState::Mine, CellState::Agreed, CellState::Differs];

/// What one sign of the pile means.
fn legend(i18n: Words, state: CellState) -> impl IntoView {
    view! {
        <li>
            <span class="pile-key" data-state=state_name(state) aria-hidden="true">
                {state_sign(state)}
            </span>
            {state_words(i18n, state)}
        </li>
    }
}

/// What stands in the pile's place before any ballot was handed out.
#[component]
fn NoneIssued(voting: bool) -> impl IntoView {
    let i18n = use_i18n();
    let text = if voting { say!(i18n, ballots.none_issued_text) } else { say!(i18n, ballots.none_issued_closed) };
    view! { <EmptyState sign=Sign::Paper title=say!(i18n, ballots.none_issued) text /> }
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
            if criteria.is_empty() { name.to_owned() } else { aside(i18n, name, &list(i18n, &criteria)) }
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
