//! The roll: per body a list to tap, the lamps above it, one tap for present and a menu for the rest.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::{Command, MeetingCommand};
use shared::domain::meeting::RollStatus;
use shared::id::{GroupId, MeetingId, PersonId};

use super::asking::{Asking, Refusal};
use super::frame::{Frame, for_meeting};
use super::meeting::action::MainAction;
use super::meeting::{Lamps, next_of};
use super::words::{self, Words};
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::state::links::{self, MeetingPage};
use crate::state::meeting::roll_progress;
use crate::state::roll::{self, MENU, RollRow, RollState};
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, FieldKind};
use crate::ui::icon::{Icon, Sign};
use crate::ui::tabs::Tabs;

/// What stands at a meeting's roll.
#[component]
pub fn RollPage() -> impl IntoView {
    for_meeting(|id| view! { <Roll id /> }.into_any())
}

/// What the roll's parts share.
#[derive(Clone, Copy)]
struct Calling {
    i18n: Words,
    phone: Phone,
    asking: Asking,
    id: StoredValue<MeetingId>,
    state: Memo<RollState>,
    /// Whose menu is open.
    menu: RwSignal<Option<(PersonId, String)>>,
}

impl Calling {
    fn mark(self, person: PersonId, status: RollStatus) {
        if self.state.get_untracked() == RollState::Open {
            self.asking.at_once(&self.id.get_value(), MeetingCommand::MarkRoll { person, status });
        }
    }
}

#[component]
fn Roll(id: MeetingId) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let asking = Asking::start();
    let stored = StoredValue::new(id.clone());
    let state = Memo::new(move |_| {
        let id = stored.get_value();
        phone.workspace.with(|w| w.meeting(&id).map_or(RollState::NotOpen, |meeting| roll::state(meeting.stage)))
    });
    let calling = Calling { i18n, phone, asking, id: stored, state, menu: RwSignal::new(None) };
    let groups = Memo::new(move |_| {
        phone.workspace.with(|w| {
            let settings = w.meeting(&stored.get_value()).and_then(|meeting| meeting.settings.as_ref());
            settings
                .map(|settings| settings.rulebook.groups.clone())
                .unwrap_or_default()
                .into_iter()
                .map(|group| {
                    let count = settings.map_or(0, |settings| settings.raters(&group.id).count());
                    (group.id.clone(), group.name, count)
                })
                .collect::<Vec<_>>()
        })
    });
    let place = RwSignal::new(0_usize);
    let tabs = Signal::derive(move || {
        let tab = |(id, name, count): &(GroupId, String, usize)| {
            t_string!(i18n, roll.votes_as, group = words::group_named(i18n, id, name), count = *count)
        };
        groups.with(|groups| groups.iter().map(tab).collect::<Vec<_>>())
    });
    let body = Memo::new(move |_| groups.with(|groups| groups.get(place.get()).map(|(id, _, _)| id.clone())));
    let search = RwSignal::new(String::new());
    let rows = Memo::new(move |_| {
        let Some(body) = body.get() else { return Vec::new() };
        phone.workspace.with(|w| {
            let meeting = w.meeting(&stored.get_value());
            let found = meeting.and_then(|meeting| Some((meeting, meeting.settings.as_ref()?)));
            found
                .map(|(meeting, settings)| search.with(|search| roll::rows(meeting, settings, &body, search)))
                .unwrap_or_default()
        })
    });
    let next = {
        let id = id.clone();
        Memo::new(move |_| next_of(phone, &id))
    };
    let bar = {
        let id = id.clone();
        move || view! { <MainAction id=id.clone() next asking here=MeetingPage::Roll /> }
    };
    let notice = move || match state.get() {
        RollState::Open => ().into_any(),
        RollState::NotOpen => view! { <Banner title=say!(i18n, roll.not_open) /> }.into_any(),
        RollState::Closed => view! { <Banner title=say!(i18n, roll.closed) /> }.into_any(),
    };
    view! {
        <Frame
            title=say!(i18n, roll.title)
            subtitle=progress(calling)
            back=links::meeting(&id, MeetingPage::Overview)
            narrow=true
            bar
        >
            <div class="roll-lamps">
                <Lamps id=id.clone() brief=true />
            </div>
            <Refusal asking meeting=id.clone() />
            {notice}
            <Field
                label=say!(i18n, roll.search)
                value=search
                on_input=move |text| search.set(text)
                kind=FieldKind::Search
                hint=say!(i18n, roll.tap)
            />
            <Tabs
                label=say!(i18n, roll.title)
                tabs
                selected=place
                on_select=move |at| place.set(at)
            >
                <ul class="roll" role="list">
                    <For each=move || rows.get() key=|row| row.person.clone() let:row>
                        <Row calling rows person=row.person />
                    </For>
                </ul>
                <p class="soft" hidden=move || !rows.with(Vec::is_empty)>
                    {say!(i18n, roll.nobody_found)}
                </p>
            </Tabs>
            <RestAbsent calling />
            <Menu calling />
        </Frame>
    }
}

fn progress(calling: Calling) -> Signal<String> {
    Signal::derive(move || {
        let (marked, due) = calling.phone.workspace.with(|w| {
            let meeting = w.meeting(&calling.id.get_value());
            let found = meeting.and_then(|meeting| Some(roll_progress(meeting, meeting.settings.as_ref()?)));
            found.unwrap_or_default()
        });
        t_string!(calling.i18n, roll.progress, marked = marked, open = due - marked)
    })
}

/// One row: the name is the large button, the menu the small one; the row stays while its mark changes.
#[component]
fn Row(calling: Calling, rows: Memo<Vec<RollRow>>, person: PersonId) -> impl IntoView {
    let i18n = calling.i18n;
    let Some(start) = rows.with_untracked(|rows| rows.iter().find(|row| row.person == person).cloned()) else {
        return ().into_any();
    };
    let row = {
        let person = person.clone();
        Memo::new(move |_| rows.with(|rows| rows.iter().find(|row| row.person == person).cloned()))
    };
    let status = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.status)));
    let note = move || {
        row.with(|row| {
            let row = row.as_ref()?;
            let values: Vec<String> =
                row.differs.iter().map(|status| words::roll(i18n, Some(*status)).to_owned()).collect();
            (!values.is_empty()).then(|| t_string!(i18n, roll.differs, values = words::list(i18n, &values)))
        })
    };
    let name = start.name.clone();
    let menu_label = {
        let name = name.clone();
        Signal::derive(move || t_string!(i18n, roll.change, name = name.clone()))
    };
    let tap = {
        let person = person.clone();
        move |_| calling.mark(person.clone(), roll::tapped(status.get_untracked()))
    };
    let open_menu = {
        let name = words::name(i18n, &start.name, &start.household, start.shared_name);
        move |_| calling.menu.set(Some((person.clone(), name.clone())))
    };
    let household = start.household.clone();
    let closed = move || calling.state.get() != RollState::Open;
    view! {
        <li class="roll-row" data-status=move || mark(status.get())>
            <button
                type="button"
                class="roll-name"
                aria-pressed=move || (status.get() == Some(RollStatus::Present)).to_string()
                disabled=closed
                on:click=tap
            >
                <span class="roll-mark" aria-hidden="true">
                    {move || sign(status.get()).map(|sign| view! { <Icon sign /> })}
                </span>
                <span class="roll-words">
                    <span class="roll-person">{name}</span>
                    <span class="soft small">{household}</span>
                    {move || note().map(|note| view! { <span class="roll-differs small">{note}</span> })}
                </span>
            </button>
            <button
                type="button"
                class="roll-status"
                aria-label=menu_label
                aria-haspopup="dialog"
                disabled=closed
                on:click=open_menu
            >
                {move || words::roll(i18n, status.get())}
                <Icon sign=Sign::More />
            </button>
        </li>
    }
    .into_any()
}

fn mark(status: Option<RollStatus>) -> &'static str {
    match status {
        None => "open",
        Some(RollStatus::Present | RollStatus::Late) => "here",
        Some(RollStatus::Left) => "left",
        Some(RollStatus::Excused | RollStatus::Absent | RollStatus::Exempt) => "away",
    }
}

fn sign(status: Option<RollStatus>) -> Option<Sign> {
    match status? {
        RollStatus::Present | RollStatus::Late => Some(Sign::Check),
        RollStatus::Left => Some(Sign::Back),
        RollStatus::Excused | RollStatus::Absent | RollStatus::Exempt => Some(Sign::Cross),
    }
}

/// Everything that can be said of one person.
#[component]
fn Menu(calling: Calling) -> impl IntoView {
    let i18n = calling.i18n;
    let title = Signal::derive(move || {
        let name = calling.menu.get().map(|(_, name)| name).unwrap_or_default();
        t_string!(i18n, roll.menu_title, name = name)
    });
    let close = move |()| calling.menu.set(None);
    let option = move |status: RollStatus| {
        let note = match status {
            RollStatus::Exempt => t_string!(i18n, roll.exempt_note),
            RollStatus::Left => t_string!(i18n, roll.left_note),
            _ => "",
        };
        let choose = move |_| {
            if let Some((person, _)) = calling.menu.get_untracked() {
                calling.mark(person, status);
            }
            calling.menu.set(None);
        };
        view! {
            <button type="button" class="button roll-option" data-kind="secondary" on:click=choose>
                <span>{words::roll(i18n, Some(status))}</span>
                <span class="soft small">{note}</span>
            </button>
        }
    };
    view! {
        <Dialog
            open=Signal::derive(move || calling.menu.with(Option::is_some))
            title
            close_label=say!(i18n, common.close)
            on_close=close
        >
            <div class="stack" data-gap="small">
                {MENU.map(option).into_iter().collect_view()}
            </div>
        </Dialog>
    }
}

/// Marks everybody of whom nothing was said as absent, once the roll is through.
#[component]
fn RestAbsent(calling: Calling) -> impl IntoView {
    let i18n = calling.i18n;
    let rest = Memo::new(move |_| {
        calling.phone.workspace.with(|w| {
            let meeting = w.meeting(&calling.id.get_value());
            let found = meeting.and_then(|meeting| Some(roll::unmarked(meeting, meeting.settings.as_ref()?)));
            found.unwrap_or_default()
        })
    });
    let shown = move || calling.state.get() == RollState::Open && !rest.with(Vec::is_empty);
    let label = Signal::derive(move || t_string!(i18n, roll.rest_absent, count = rest.with(Vec::len)));
    let press = move |()| {
        let absent = |person| {
            let mark = MeetingCommand::MarkRoll { person, status: RollStatus::Absent };
            Command::Meeting(calling.id.get_value(), mark)
        };
        calling.asking.ask_each(rest.get_untracked().into_iter().map(absent).collect(), || {});
    };
    move || {
        shown().then(|| {
            view! { <Button label on_press=press kind=ButtonKind::Quiet busy=calling.asking.busy wide=true /> }
        })
    }
}
