//! The result of one meeting: everybody's number in printed order, the sum behind it, the decision beside it, the seal.

mod seal;
pub mod sum;

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::appraisal::InvalidReason;
use shared::domain::meeting::Grading;
use shared::id::{MeetingId, PersonId};

use super::asking::{Asking, Refusal};
use super::decision::DecisionForm;
use super::frame::{Frame, for_meeting};
use super::meeting::action::MainAction;
use super::meeting::next_of;
use super::words::{self, Words};
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::state::links::{self, MeetingPage};
use crate::state::result::{self as state, Decided, ResultRow, ResultTable};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::card::Card;
use crate::ui::dialog::Dialog;
use crate::ui::empty_state::EmptyState;
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};
use crate::ui::stars::Stars;
use crate::ui::sum_view::SumView;
use seal::SealCard;

/// What stands at a meeting's result.
#[component]
pub fn ResultPage() -> impl IntoView {
    for_meeting(|id| view! { <MeetingResult id /> }.into_any())
}

#[component]
fn MeetingResult(id: MeetingId) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let asking = Asking::start();
    let table = {
        let id = id.clone();
        Memo::new(move |_| phone.workspace.with(|workspace| workspace.meeting(&id).and_then(state::table)))
    };
    let most = {
        let id = id.clone();
        Memo::new(move |_| {
            phone.workspace.with(|workspace| {
                let settings = workspace.meeting(&id).and_then(|meeting| meeting.settings.as_ref());
                settings.map_or(0, state::most_stars)
            })
        })
    };
    let next = {
        let id = id.clone();
        Memo::new(move |_| next_of(phone, &id))
    };
    let bar = {
        let id = id.clone();
        move || view! { <MainAction id=id.clone() next asking here=MeetingPage::Result /> }
    };
    let shown = RwSignal::new(None::<PersonId>);
    let known = Memo::new(move |_| table.with(Option::is_some));
    let body = {
        let id = id.clone();
        move || match known.get() {
            true => view! {
                <Invalid id=id.clone() table />
                <OneThird id=id.clone() />
                <div class="columns">
                    <Rows table most shown />
                    <SealCard id=id.clone() table />
                </div>
                <Sum id=id.clone() asking table shown />
            }
            .into_any(),
            false => view! {
                <EmptyState
                    sign=Sign::Flag
                    title=say!(i18n, result.not_yet)
                    text=say!(i18n, result.not_yet_text)
                />
            }
            .into_any(),
        }
    };
    let title_of = {
        let id = id.clone();
        Signal::derive(move || {
            phone.workspace.with(|workspace| {
                let settings = workspace.meeting(&id).and_then(|meeting| meeting.settings.as_ref());
                settings.map(|settings| settings.title.clone()).unwrap_or_default()
            })
        })
    };
    view! {
        <Frame
            title=say!(i18n, result.title)
            subtitle=title_of
            back=links::meeting(&id, MeetingPage::Overview)
            bar
        >
            <Refusal asking meeting=id.clone() />
            {body}
        </Frame>
    }
}

/// Why the session does not count, in words.
#[component]
fn Invalid(id: MeetingId, table: Memo<Option<ResultTable>>) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let reasons = Memo::new(move |_| {
        let table = table.get()?;
        (!table.reasons.is_empty()).then(|| {
            phone.workspace.with(|workspace| {
                let settings = workspace.meeting(&id).and_then(|meeting| meeting.settings.as_ref());
                let name = |group: &shared::id::GroupId| {
                    let group = settings.and_then(|settings| settings.rulebook.group(group));
                    group.map(|group| words::group(i18n, group)).unwrap_or_default()
                };
                table.reasons.iter().map(|reason| tell(i18n, &table, reason, &name)).collect::<Vec<_>>()
            })
        })
    });
    move || {
        reasons.get().map(|reasons| {
            let lines = reasons.into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view();
            view! {
                <Banner kind=BannerKind::Warning title=say!(i18n, result.invalid)>
                    <ul class="meeting-who">{lines}</ul>
                </Banner>
            }
        })
    }
}

fn tell(
    i18n: Words,
    table: &ResultTable,
    reason: &InvalidReason,
    name: &impl Fn(&shared::id::GroupId) -> String,
) -> String {
    match reason {
        InvalidReason::EmptyGroup(group) => t_string!(i18n, result.reason_empty, group = name(group)),
        InvalidReason::Quorum(group) => {
            let quorum = table.quorum.iter().find(|quorum| quorum.group == *group);
            let (present, required, due) =
                quorum.map_or((0, 0, 0), |quorum| (quorum.roll.present, quorum.required, quorum.roll.due));
            t_string!(
                i18n,
                result.reason_quorum,
                group = name(group),
                present = present,
                required = required,
                due = due
            )
        }
    }
}

#[component]
fn OneThird(id: MeetingId) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let third = Memo::new(move |_| {
        phone.workspace.with(|w| w.meeting(&id).map(|meeting| meeting.one_third).filter(|third| third.is_exceeded()))
    });
    move || {
        third.get().map(|third| {
            let title = Signal::derive(move || t_string!(i18n, result.one_third, count = third.given, cap = third.cap));
            view! { <Banner kind=BannerKind::Warning title /> }
        })
    }
}

#[component]
fn Rows(table: Memo<Option<ResultTable>>, most: Memo<u8>, shown: RwSignal<Option<PersonId>>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = move || {
        let rows = table.with(|table| table.as_ref().map(|table| table.rows.clone()).unwrap_or_default());
        rows.into_iter().map(|row| line(i18n, row, most.get(), shown)).collect_view()
    };
    view! {
        <Card title=say!(i18n, result.table) note=say!(i18n, result.order_note)>
            <div class="result-rows">
                <List label=say!(i18n, result.table)>{rows}</List>
            </div>
        </Card>
    }
}

fn line(i18n: Words, row: ResultRow, most: u8, shown: RwSignal<Option<PersonId>>) -> impl IntoView {
    let subtitle = decided(i18n, &row);
    let title = words::name(i18n, &row.name, &row.household, row.shared_name);
    let stars = row.computed.map(|count| {
        let text = words::stars(i18n, Some(count));
        view! { <Stars count=Signal::stored(count) of=most text /> }
    });
    let number = row.published.clone().unwrap_or_else(|| t_string!(i18n, result.no_number).to_owned());
    let person = row.person;
    let open = Callback::new(move |()| shown.set(Some(person.clone())));
    view! {
        <ListRow title subtitle on_press=open>
            {stars}
            <span class="result-number figure">{number}</span>
        </ListRow>
    }
}

/// Says what was decided on a subject, and that it differs where it does.
pub fn decided(i18n: Words, row: &ResultRow) -> String {
    standing(i18n, row, |stars| t_string!(i18n, result.given_as, stars = stars))
}

/// Says the same where a heading says already that it is the decision.
pub fn decision(i18n: Words, row: &ResultRow) -> String {
    standing(i18n, row, |stars| stars)
}

fn standing(i18n: Words, row: &ResultRow, given: impl Fn(String) -> String) -> String {
    let said = match (&row.decision, row.grading) {
        (_, Grading::Probationary) => t_string!(i18n, result.probationary).to_owned(),
        (_, Grading::Exempt) => t_string!(i18n, words.roll_exempt).to_owned(),
        (Decided::Open, _) => t_string!(i18n, result.undecided).to_owned(),
        (Decided::Differs, _) => t_string!(i18n, result.decisions_differ).to_owned(),
        (Decided::As(ruling), _) => given(words::stars(i18n, ruling.stars)),
    };
    match row.departs() {
        true => format!("{said} · {}", t_string!(i18n, result.differs)),
        false => said,
    }
}

/// How one number comes about, and the decision on it.
#[component]
fn Sum(
    id: MeetingId,
    asking: Asking,
    table: Memo<Option<ResultTable>>,
    shown: RwSignal<Option<PersonId>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let row = Memo::new(move |_| {
        let person = shown.get()?;
        table.with(|table| table.as_ref()?.rows.iter().find(|row| row.person == person).cloned())
    });
    let title = Signal::derive(move || {
        let name =
            row.with(|row| row.as_ref().map(|row| words::name(i18n, &row.name, &row.household, row.shared_name)));
        t_string!(i18n, result.sum_title, name = name.unwrap_or_default())
    });
    let steps = {
        let id = id.clone();
        Signal::derive(move || {
            let Some(person) = shown.get() else { return Vec::new() };
            phone
                .workspace
                .with(|w| w.meeting(&id).map(|meeting| sum::steps(i18n, meeting, &person)).unwrap_or_default())
        })
    };
    view! {
        <Dialog
            open=Signal::derive(move || shown.with(Option::is_some))
            title
            close_label=say!(i18n, common.close)
            on_close=move |()| shown.set(None)
        >
            <DecisionForm id=id.clone() row asking shown />
            <div>
                <h3>{say!(i18n, result.sum_head)}</h3>
                <SumView steps />
            </div>
        </Dialog>
    }
}
