//! One record of any kind: what it says, where it stands, what comes next, who is on its list, and how it came so far.

mod values;
mod steps;
mod lines;
mod story;
mod print;
mod poster;
mod notice;

pub use poster::PosterPage;
pub use print::RecordPrintPage;

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::hooks::use_params_map;
use shared::domain::register::{Kind, Record, Standing};
use shared::id::{Address, FactId};
use shared::replica::RecordState;
use shared::time::Date;

use super::asking::{Asking, Refusal};
use super::frame::Frame;
use super::registers::{EditForm, why};
use super::words::{self, Words};
use crate::i18n::*;
use crate::platform::clock;
use crate::say;
use crate::shell::Phone;
use crate::state::links;
use crate::state::moment::moment;
use crate::state::register::sheet::{self, Sheet, Spoken};
use crate::state::register::story::moments;
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::button::{ButtonKind, ButtonLink};
use crate::ui::empty_state::EmptyState;
use crate::ui::icon::Sign;
use lines::LinesCard;
use notice::{NoticeCard, PosterLink};
use steps::StepsCard;
use story::StoryCard;
use values::ValuesCard;

/// What every part of the page sees.
#[derive(Clone, Copy)]
struct Page {
    i18n: Words,
    phone: Phone,
    asking: Asking,
    id: StoredValue<FactId>,
    kind: &'static Kind,
    sheet: Memo<Option<Sheet>>,
}

impl Page {
    /// Reads a part of the record, while it is here.
    fn read<T>(self, part: impl FnOnce(&Sheet) -> T) -> Option<T> {
        self.sheet.with(|sheet| sheet.as_ref().map(part))
    }

    /// Reads the record itself.
    fn with_record<T>(self, read: impl FnOnce(&shared::domain::Workspace, &Address, &Record) -> T) -> Option<T> {
        self.phone.workspace.with(|workspace| {
            let (address, record) = self.id.with_value(|id| workspace.record(id))?;
            Some(read(workspace, address, record))
        })
    }

    /// Returns where to write, untracked: for the moment of asking.
    fn address(self) -> Option<(Address, FactId)> {
        self.sheet.with_untracked(|sheet| sheet.as_ref().map(|sheet| (sheet.address.clone(), sheet.id.clone())))
    }
}

/// What stands at `/record/:number`.
#[component]
pub fn RecordPage() -> impl IntoView {
    for_record(|id, kind| view! { <Overview id kind /> }.into_any())
}

/// What stands at `/record/:number/edit`.
#[component]
pub fn EditPage() -> impl IntoView {
    for_record(|id, kind| view! { <EditForm id kind /> }.into_any())
}

/// Draws a page about the record that the address names, or says that this phone does not have it.
fn for_record(page: impl Fn(FactId, &'static Kind) -> AnyView + Send + 'static) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let params = use_params_map();
    let known = Memo::new(move |_| {
        let id: FactId = params.with(|params| params.get("number")).and_then(|text| text.parse().ok())?;
        let kind = phone.workspace.with(|workspace| workspace.record(&id).map(|(_, record)| record.kind))?;
        Some((id, kind))
    });
    move || match known.get() {
        Some((id, kind)) => page(id, kind),
        None => view! {
            <Frame title=say!(i18n, registers.title) back=links::registers(None)>
                <EmptyState sign=Sign::Paper title=say!(i18n, registers.gone) text=say!(i18n, registers.gone_text)>
                    <ButtonLink label=say!(i18n, registers.title) href=links::registers(None) />
                </EmptyState>
            </Frame>
        }
        .into_any(),
    }
}

#[component]
fn Overview(id: FactId, kind: &'static Kind) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let stored = StoredValue::new(id.clone());
    let sheet = Memo::new(move |_| {
        let me = phone.me.get()?;
        phone.workspace.with(|workspace| {
            let (address, record) = stored.with_value(|id| workspace.record(id))?;
            Some(sheet::sheet(workspace, &me, today(), address, record))
        })
    });
    let page = Page { i18n, phone, asking: Asking::start(), id: stored, kind, sheet };
    let title = Signal::derive(move || {
        let title = page.read(|sheet| sheet.title.clone()).unwrap_or_default();
        if title.is_empty() { stored.with_value(ToString::to_string) } else { title }
    });
    let subtitle = Signal::derive(move || {
        let number = stored.with_value(ToString::to_string);
        format!("{} · {number}", words::declared(i18n, kind.name))
    });
    let (edit, print) = (links::record(&id, links::RecordPage::Edit), links::record(&id, links::RecordPage::Print));
    let edit = StoredValue::new(edit);
    let edit_link = move || match page.read(|sheet| sheet.may_write.clone())? {
        Ok(()) => {
            let href = edit.get_value();
            Some(view! { <ButtonLink label=say!(i18n, registers.edit) href sign=Sign::Pencil /> }.into_any())
        }
        Err(refusal) => {
            let why = why(i18n, phone, kind, &refusal);
            let said = t_string!(i18n, registers.step_not, step = t_string!(i18n, registers.edit), why = why);
            Some(view! { <p class="record-refused">{said}</p> }.into_any())
        }
    };
    view! {
        <Frame title subtitle back=links::register(kind, None) narrow=true>
            <Head page />
            <Refusal asking=page.asking kind=kind />
            <NoticeCard page />
            <StepsCard page />
            <ValuesCard page />
            <div class="cluster">
                {edit_link}
                <PosterLink page />
                <ButtonLink
                    label=say!(i18n, registers.print)
                    href=print
                    kind=ButtonKind::Quiet
                    sign=Sign::Printer
                />
            </div>
            <LinesCard page />
            <StoryCard page />
        </Frame>
    }
}

/// Where it stands and where it is proved to be.
#[component]
fn Head(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let state = Signal::derive(move || match page.read(|sheet| sheet.standing.clone()) {
        Some(Standing::At(state)) => words::declared(i18n, state.name).to_owned(),
        Some(Standing::Divided(_)) => t_string!(i18n, registers.divided).to_owned(),
        None => String::new(),
    });
    let kind = Signal::derive(move || match page.read(|sheet| matches!(sheet.standing, Standing::Divided(_))) {
        Some(true) => BadgeKind::Attention,
        _ => BadgeKind::Plain,
    });
    let kept = Memo::new(move |_| {
        let parts = page.with_record(|_, address, record| {
            let is_sent = page.phone.status.with(|status| !status.unsent_by_document.contains_key(address));
            if is_sent {
                return Some(RecordState::AtTownship);
            }
            // A record is where the part of it is that has come least far.
            moments(record).into_iter().filter_map(|(fact, _, _)| page.phone.state_of(address, fact)).min()
        });
        parts.flatten().unwrap_or(RecordState::AtTownship)
    });
    let (where_kind, where_label) =
        (Signal::derive(move || state_kind(kept.get())), Signal::derive(move || state_word(i18n, kept.get())));
    let facts = move || {
        page.read(|sheet| {
            let hosts: Vec<String> = sheet.hosts.iter().map(|(_, name)| name.clone()).collect();
            let hosts = match hosts.is_empty() {
                true => t_string!(i18n, registers.whole_township).to_owned(),
                false => words::list(i18n, &hosts),
            };
            format!("{} · {hosts}", words::date(i18n, sheet.date))
        })
    };
    view! {
        <div class="record-head">
            <Badge kind label=state />
            <Badge kind=where_kind label=where_label />
            <span class="soft">{facts}</span>
        </div>
    }
}

/// Returns the day that the clock shows.
fn today() -> Option<Date> {
    moment(clock::now()).map(|moment| moment.date)
}

fn state_kind(state: RecordState) -> BadgeKind {
    match state {
        RecordState::Writing | RecordState::OnThisPhone => BadgeKind::Here,
        RecordState::Awaiting => BadgeKind::Attention,
        RecordState::AtTownship => BadgeKind::Arrived,
    }
}

fn state_word(i18n: Words, state: RecordState) -> String {
    let word = match state {
        RecordState::Writing => t_string!(i18n, registers.writing),
        RecordState::OnThisPhone => t_string!(i18n, registers.on_phone),
        RecordState::Awaiting => t_string!(i18n, registers.awaiting),
        RecordState::AtTownship => t_string!(i18n, registers.at_township),
    };
    word.to_owned()
}

/// Names those who said something, and when the first of them did.
fn said_by(i18n: Words, by: &[Spoken]) -> (String, String) {
    let name = |spoken: &Spoken| name(i18n, spoken.name.as_deref());
    let names: Vec<String> = by.iter().map(name).collect();
    (words::list(i18n, &names), by.first().map(|first| words::when(i18n, first.at)).unwrap_or_default())
}

fn name(i18n: Words, name: Option<&str>) -> String {
    name.map_or_else(|| t_string!(i18n, registers.somebody).to_owned(), str::to_owned)
}
