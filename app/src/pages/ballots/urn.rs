//! Taking turns at the urn: the list of voters, the hand-over, the ballot, and the drop.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::ballot::BallotMode;
use shared::domain::command::MeetingCommand;
use shared::id::{MeetingId, PersonId};

use super::{Face, Open, keypad_words, level_words, pressing};
use crate::i18n::*;
use crate::pages::asking::{Asking, Refusal};
use crate::pages::words::aside;
use crate::say;
use crate::shell::Phone;
use crate::state::ballots;
use crate::state::keypad::Keypad;
use crate::state::urn::{self, Place, Voter};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::dialog::Dialog;
use crate::ui::empty_state::EmptyState;
use crate::ui::field::{Field, FieldKind};
use crate::ui::icon::Sign;
use crate::ui::keypad::{KeypadBoard, KeypadSubject};
use crate::ui::list_row::{List, ListRow};

const MODE: BallotMode = BallotMode::SecretDevice;

/// Where one turn stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Turn {
    /// The recorder holds the phone and looks for the next voter.
    Choosing,
    /// The phone goes to this voter.
    HandingOver(Voter),
    /// This voter fills in a ballot.
    Voting(Voter),
    /// The ballot is in; the phone comes back.
    Dropped,
}

/// The urn of a meeting, on the phone that is the urn or on any other.
#[component]
pub fn Urn(asking: Asking, id: StoredValue<MeetingId>, open: Memo<Option<Open>>) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let place = Memo::new(move |_| {
        let me = phone.me.with(|me| me.as_ref().map(|me| me.device))?;
        open.with(|open| open.as_ref().map(|open| urn::place(&open.meeting, me)))
    });
    let turn = RwSignal::new(Turn::Choosing);
    move || match place.get() {
        None => ().into_any(),
        Some(Place::Nowhere) => {
            let bar = move || {
                view! {
                    <BottomBar>
                        <Button
                            kind=ButtonKind::Primary
                            label=say!(i18n, ballots.urn_place)
                            busy=asking.busy
                            on_press=move |()| asking.about(&id.get_value(), MeetingCommand::PlaceUrn, || ())
                        />
                    </BottomBar>
                }
            };
            view! {
                <Face id mode=MODE narrow=true bar>
                    <Refusal asking meeting=id.get_value() />
                    <EmptyState sign=Sign::Urn title=say!(i18n, ballots.urn_none) text=say!(i18n, ballots.urn_place_note) />
                </Face>
            }
            .into_any()
        }
        Some(Place::Elsewhere(code)) => {
            let title = Signal::derive(move || t_string!(i18n, ballots.urn_elsewhere, code = code.clone()));
            view! {
                <Face id mode=MODE narrow=true>
                    <Banner title />
                </Face>
            }
            .into_any()
        }
        Some(Place::Two) => view! {
            <Face id mode=MODE narrow=true>
                <Banner kind=BannerKind::Warning title=say!(i18n, ballots.urn_two) />
            </Face>
        }
        .into_any(),
        Some(Place::Here) => match turn.get() {
            Turn::Choosing => view! {
                <Face id mode=MODE narrow=true>
                    <Choosing open turn />
                </Face>
            }
            .into_any(),
            Turn::HandingOver(voter) => view! { <HandOver id voter turn /> }.into_any(),
            Turn::Voting(voter) => view! { <Vote asking id open voter turn /> }.into_any(),
            Turn::Dropped => {
                let bar = move || {
                    view! {
                        <BottomBar>
                            <Button
                                kind=ButtonKind::Primary
                                label=say!(i18n, ballots.urn_return)
                                on_press=move |()| turn.set(Turn::Choosing)
                            />
                        </BottomBar>
                    }
                };
                view! {
                    <Face id mode=MODE narrow=true bar>
                        <EmptyState
                            sign=Sign::Check
                            title=say!(i18n, ballots.urn_done)
                            text=say!(i18n, ballots.urn_done_text)
                        />
                    </Face>
                }
                .into_any()
            }
        },
    }
}

#[component]
fn Choosing(open: Memo<Option<Open>>, turn: RwSignal<Turn>) -> impl IntoView {
    let i18n = use_i18n();
    let sought = RwSignal::new(String::new());
    let voters = Memo::new(move |_| {
        open.with(|open| open.as_ref().map(|open| urn::voters(&open.meeting, &open.settings))).unwrap_or_default()
    });
    let waiting = move || voters.with(|voters| voters.iter().filter(|voter| !voter.voted).count());
    let dropped = move || voters.with(Vec::len) - waiting();
    let found = move || {
        let sought = sought.get();
        let fits = |voter: &&Voter| voter.name.contains(sought.trim()) || voter.household.contains(sought.trim());
        voters.with(|voters| voters.iter().filter(fits).cloned().collect::<Vec<_>>())
    };
    view! {
        <Card
            title=say!(i18n, ballots.urn_here)
            note=Signal::derive(move || {
                t_string!(i18n, ballots.urn_count, dropped = dropped(), waiting = waiting()).to_string()
            })
        >
            <Show when=move || waiting() == 0 fallback=move || view! { <h2>{say!(i18n, ballots.urn_next)}</h2> }>
                <p role="status">{say!(i18n, ballots.urn_full)}</p>
            </Show>
            <Field
                label=say!(i18n, ballots.urn_find)
                kind=FieldKind::Search
                value=sought
                on_input=move |text| sought.set(text)
            />
            <List label=say!(i18n, ballots.urn_next)>
                <For each=found key=|voter| (voter.person.clone(), voter.voted) let:voter>
                    <VoterRow voter turn />
                </For>
            </List>
        </Card>
    }
}

#[component]
fn VoterRow(voter: Voter, turn: RwSignal<Turn>) -> impl IntoView {
    let i18n = use_i18n();
    if voter.voted {
        return view! {
            <ListRow title=voter.name subtitle=voter.household sign=Sign::Check>
                <span class="soft">{say!(i18n, ballots.urn_voted)}</span>
            </ListRow>
        }
        .into_any();
    }
    let next = voter.clone();
    let press = Callback::new(move |()| turn.set(Turn::HandingOver(next.clone())));
    view! { <ListRow title=voter.name subtitle=voter.household on_press=press /> }.into_any()
}

#[component]
fn HandOver(id: StoredValue<MeetingId>, voter: Voter, turn: RwSignal<Turn>) -> impl IntoView {
    let i18n = use_i18n();
    // Two people in the room may bear one name; the phone must not go to the wrong one.
    let (name, household) = (voter.name.clone(), voter.household.clone());
    let title = Signal::derive(move || {
        let name = if household.is_empty() { name.clone() } else { aside(i18n, &name, &household) };
        t_string!(i18n, ballots.urn_hand_over, name = name).to_string()
    });
    let name = voter.name.clone();
    let start = Signal::derive(move || t_string!(i18n, ballots.urn_start, name = name.clone()).to_string());
    let bar = move || {
        let voter = voter.clone();
        view! {
            <BottomBar>
                <Button label=say!(i18n, ballots.urn_change) on_press=move |()| turn.set(Turn::Choosing) />
                <Button
                    kind=ButtonKind::Primary
                    label=start
                    on_press=move |()| turn.set(Turn::Voting(voter.clone()))
                />
            </BottomBar>
        }
    };
    view! {
        <Face id mode=MODE narrow=true bar>
            <EmptyState sign=Sign::Lock title text=say!(i18n, ballots.urn_secret) />
        </Face>
    }
}

/// One ballot. Its marks live in this component alone until they are dropped: nothing of an unfinished ballot is kept.
#[component]
fn Vote(
    asking: Asking,
    id: StoredValue<MeetingId>,
    open: Memo<Option<Open>>,
    voter: Voter,
    turn: RwSignal<Turn>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Some(start) = open.get_untracked() else { return ().into_any() };
    let settings = StoredValue::new(start.settings);
    let person: StoredValue<PersonId> = StoredValue::new(voter.person);
    let rated: Vec<KeypadSubject> = settings.with_value(|settings| {
        person.with_value(|person| {
            let line = |a: &shared::domain::meeting::Attendee| KeypadSubject {
                name: a.name.clone(),
                line: a.household.clone(),
            };
            urn::rated_by(settings, person).map(line).collect()
        })
    });
    let own_row = settings.with_value(|settings| settings.subject_count() > rated.len());
    let keypad: RwSignal<Keypad> =
        RwSignal::new(settings.with_value(|settings| ballots::keypad_for(settings, rated.len())));
    let aspects: Vec<String> =
        settings.with_value(|settings| settings.rulebook.criteria.iter().map(|c| c.name.clone()).collect());
    let dropping = RwSignal::new(false);
    let missing = move || keypad.with(|keypad| keypad.missing().len());
    let drop_in = move |()| {
        dropping.set(false);
        let Some(rated) = keypad.with_untracked(ballots::marks) else { return };
        let voter = person.get_value();
        let marks = settings.with_value(|settings| urn::with_own_line(settings, &voter, rated));
        asking.about(&id.get_value(), MeetingCommand::DropBallot { voter, marks }, move || turn.set(Turn::Dropped));
    };
    let (on_key, refusal) = pressing(i18n, keypad);
    let bar = move || {
        let note = Signal::derive(move || match missing() {
            0 => String::new(),
            count => t_string!(i18n, ballots.urn_missing, count = count).to_string(),
        });
        view! {
            <BottomBar note>
                <Button
                    kind=ButtonKind::Primary
                    sign=Sign::Urn
                    label=say!(i18n, ballots.urn_drop)
                    busy=asking.busy
                    disabled=Signal::derive(move || missing() != 0)
                    on_press=move |()| dropping.set(true)
                />
            </BottomBar>
        }
    };
    view! {
        <Face id mode=MODE bar>
            <Refusal asking meeting=id.get_value() />
            {own_row.then(|| view! { <p class="soft">{say!(i18n, ballots.urn_own_row)}</p> })}
            <KeypadBoard
                keypad
                on_key
                subjects=rated
                aspects
                levels=Signal::derive(move || settings.with_value(|settings| level_words(i18n, settings)))
                words=keypad_words(i18n)
                refusal
            />
        </Face>
        <Dialog
            open=dropping
            title=say!(i18n, ballots.urn_drop_ask)
            close_label=say!(i18n, ballots.urn_back)
            on_close=move |()| dropping.set(false)
            actions=move || {
                view! {
                    <Button label=say!(i18n, ballots.urn_back) on_press=move |()| dropping.set(false) />
                    <Button kind=ButtonKind::Primary label=say!(i18n, ballots.urn_drop) on_press=drop_in />
                }
            }
        >
            <p>{say!(i18n, ballots.urn_secret)}</p>
        </Dialog>
    }
    .into_any()
}
