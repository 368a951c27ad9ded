//! One paper ballot under the thumb: keypad, spoiled, blank, saved, and the next by itself.

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use shared::domain::ballot::{BallotContent, Serial};
use shared::domain::command::MeetingCommand;
use shared::id::MeetingId;

use super::{Open, group_name, keypad_words, level_words, open_meeting, pressing};
use crate::i18n::*;
use crate::pages::asking::{Asking, Refusal};
use crate::pages::frame::{Frame, for_meeting};
use crate::pages::not_found::NotFound;
use crate::say;
use crate::shell::Phone;
use crate::state::ballots;
use crate::state::links::{self, MeetingPage};
use crate::ui::banner::Banner;
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::dialog::Dialog;
use crate::ui::keypad::{KeypadBoard, KeypadSubject};

/// The page of one serial.
#[component]
pub fn TicketPage() -> impl IntoView {
    for_meeting(|id| view! { <OneTicket id=StoredValue::new(id) /> }.into_any())
}

#[component]
fn OneTicket(id: StoredValue<MeetingId>) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let params = use_params_map();
    let open = open_meeting(id);
    // Made anew for another serial only: what arrives meanwhile never moves the marks under the thumb.
    let shown = Memo::new(move |_| {
        let serial = params.with(|params| params.get("serial")).and_then(|text| text.parse().ok()).map(Serial)?;
        Some((serial, phone.me.with(|me| me.as_ref().map(|me| me.person.clone()))?))
    });
    move || {
        let (Some((serial, me)), Some(start)) = (shown.get(), open.get_untracked()) else {
            return view! { <NotFound /> }.into_any();
        };
        let group = ballots::group_of(&start.meeting, serial);
        let may_enter = ballots::may_enter(&start.meeting, serial, &me);
        let title =
            Signal::derive(move || t_string!(i18n, ballots.entry_title, serial = serial.to_string()).to_string());
        let subtitle = {
            let (settings, group) = (StoredValue::new(start.settings.clone()), StoredValue::new(group.clone()));
            Signal::derive(move || {
                let name = group.get_value().map(|g| settings.with_value(|settings| group_name(i18n, settings, &g)));
                name.map(|name| t_string!(i18n, ballots.entry_group, group = name).to_string()).unwrap_or_default()
            })
        };
        match (group, may_enter) {
            (Some(group), true) => view! { <Ticket id serial group title subtitle start open me /> }.into_any(),
            _ => {
                let back = links::meeting(&id.get_value(), MeetingPage::Ballots);
                view! {
                    <Frame title subtitle back narrow=true>
                        <Banner title=say!(i18n, ballots.done_already) />
                    </Frame>
                }
                .into_any()
            }
        }
    }
}

#[component]
fn Ticket(
    id: StoredValue<MeetingId>,
    serial: Serial,
    group: shared::id::GroupId,
    title: Signal<String>,
    subtitle: Signal<String>,
    start: Open,
    open: Memo<Option<Open>>,
    me: shared::id::PersonId,
) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = StoredValue::new_local(use_navigate());
    let asking = Asking::start();
    let keypad = RwSignal::new(ballots::keypad(&start.meeting, &start.settings, serial, &me));
    let (on_key, refusal) = pressing(i18n, keypad);
    let settings = StoredValue::new(start.settings);
    let group = StoredValue::new(group);
    let me = StoredValue::new(me);
    let whole = RwSignal::new(None::<BallotContent>);
    let subjects = settings.with_value(|settings| {
        let of =
            |a: &shared::domain::meeting::Attendee| KeypadSubject { name: a.name.clone(), line: a.household.clone() };
        settings.subjects().map(of).collect::<Vec<_>>()
    });
    let aspects: Vec<String> =
        settings.with_value(|settings| settings.rulebook.criteria.iter().map(|c| c.name.clone()).collect());
    let save = move |content: BallotContent| {
        let group = group.get_value();
        asking.about(&id.get_value(), MeetingCommand::EnterPaper { serial, group, content }, move || {
            // The record just written may not have reached the page yet; the serial itself is left out either way.
            let pile = open.with_untracked(|open| {
                open.as_ref().map(|open| me.with_value(|me| ballots::pile(&open.meeting, me))).unwrap_or_default()
            });
            let to = match ballots::next_after(&pile, serial) {
                Some(next) => links::ballot(&id.get_value(), next),
                None => links::meeting(&id.get_value(), MeetingPage::Ballots),
            };
            let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(&to, options));
        });
    };
    let missing = move || keypad.with(|keypad| keypad.missing().len());
    let finish = move |()| {
        if let Some(marks) = keypad.with_untracked(ballots::marks) {
            save(BallotContent::Valid(marks));
        }
    };
    let bar = move || {
        let note = Signal::derive(move || match missing() {
            0 => String::new(),
            count => t_string!(i18n, ballots.missing_marks, count = count).to_string(),
        });
        view! {
            <BottomBar note>
                <Button
                    kind=ButtonKind::Primary
                    label=say!(i18n, ballots.save_next)
                    busy=asking.busy
                    disabled=Signal::derive(move || missing() != 0)
                    on_press=finish
                />
            </BottomBar>
        }
    };
    view! {
        <Frame title subtitle back=links::meeting(&id.get_value(), MeetingPage::Ballots) bar>
            <Refusal asking meeting=id.get_value() />
            <KeypadBoard
                keypad
                on_key
                subjects
                aspects
                levels=Signal::derive(move || settings.with_value(|settings| level_words(i18n, settings)))
                words=keypad_words(i18n)
                refusal
            />
            <div class="ticket-whole">
                <Button
                    kind=ButtonKind::Quiet
                    label=say!(i18n, ballots.spoiled)
                    on_press=move |()| whole.set(Some(BallotContent::Spoiled))
                />
                <Button
                    kind=ButtonKind::Quiet
                    label=say!(i18n, ballots.abstained)
                    on_press=move |()| whole.set(Some(BallotContent::Abstained))
                />
            </div>
        </Frame>
        <Dialog
            open=Signal::derive(move || whole.with(Option::is_some))
            title=Signal::derive(move || {
                let serial = serial.to_string();
                match whole.get() {
                    Some(BallotContent::Abstained) => t_string!(i18n, ballots.abstained_ask, serial = serial).to_string(),
                    _ => t_string!(i18n, ballots.spoiled_ask, serial = serial).to_string(),
                }
            })
            close_label=say!(i18n, common.cancel)
            on_close=move |()| whole.set(None)
            actions=move || {
                view! {
                    <Button label=say!(i18n, common.cancel) on_press=move |()| whole.set(None) />
                    <Button
                        kind=ButtonKind::Primary
                        label=say!(i18n, ballots.confirm)
                        on_press=move |()| {
                            if let Some(content) = whole.get_untracked() {
                                whole.set(None);
                                save(content);
                            }
                        }
                    />
                }
            }
        >
            <p>{say!(i18n, ballots.whole_note)}</p>
        </Dialog>
    }
}
