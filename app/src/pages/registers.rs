//! All kinds of record that somebody reads, by where they are kept, each with its numbers and the way to open one.

mod list;
mod form;
mod hosts;
mod inputs;

pub use form::{EditForm, NewRecordPage};
pub use list::RegisterPage;

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use shared::domain::command::Refusal;
use shared::domain::register::{Home, Kind, LineOf};
use shared::id::UnitCode;
use shared::replica::Refused;

use super::blocker::Names;
use super::frame::Frame;
use super::refusal::tell;
use super::words::{self, Words};
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::state::home;
use crate::state::links;
use crate::state::register::{self, Figure, KindGroup, KindRow, Shown, money};
use crate::ui::button::ButtonLink;
use crate::ui::empty_state::EmptyState;
use crate::ui::field::Select;
use crate::ui::icon::{Icon, Sign};

/// What stands at `/registers`.
#[component]
pub fn RegistersPage() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let village = asked_village();
    let groups = Memo::new(move |_| {
        let me = phone.me.get();
        let overview =
            |me| phone.workspace.with(|workspace| register::overview(workspace, &me, village.get().as_ref()));
        me.map(overview).unwrap_or_default()
    });
    let title = Signal::derive(move || match village.get() {
        Some(code) => {
            let name = phone.workspace.with(|workspace| home::name(workspace, &code));
            t_string!(i18n, registers.title_of, village = name)
        }
        None => t_string!(i18n, registers.title).to_owned(),
    });
    let body = move || {
        let groups = groups.get().into_iter().map(|group| kinds(i18n, phone, group, village.get())).collect_view();
        groups.into_any()
    };
    view! {
        <Frame title back=links::HOME narrow=true>
            <VillageFilter village path=|village| links::registers(village) />
            {body}
        </Frame>
    }
}

/// Follows the village that the address asks for.
pub(super) fn asked_village() -> Memo<Option<UnitCode>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get("village")).and_then(|text| UnitCode::new(&text).ok()))
}

/// Draws a page about the kind that the address names, or says that there is none.
fn for_kind(page: impl Fn(&'static Kind) -> AnyView + Send + 'static) -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let kind = Memo::new(move |_| params.with(|params| params.get("kind")).and_then(|key| Kind::of(&key)));
    move || match kind.get() {
        Some(kind) => page(kind),
        None => view! {
            <Frame title=say!(i18n, registers.title) back=links::registers(None)>
                <EmptyState
                    sign=Sign::Paper
                    title=say!(i18n, registers.unknown_kind)
                    text=say!(i18n, registers.unknown_kind_text)
                >
                    <ButtonLink label=say!(i18n, registers.title) href=links::registers(None) />
                </EmptyState>
            </Frame>
        }
        .into_any(),
    }
}

/// The villages of somebody who reads several; the one chosen stands in the address, so that going back finds it.
#[component]
pub(super) fn VillageFilter(
    /// The one that the address asks for.
    village: Memo<Option<UnitCode>>,
    /// The address with one, or without.
    path: impl Fn(Option<&UnitCode>) -> String + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let all = Memo::new(move |_| {
        let me = phone.me.get();
        me.map(|me| phone.workspace.with(|workspace| register::villages(workspace, &me))).unwrap_or_default()
    });
    let options = Signal::derive(move || {
        all.with(|all| {
            let every = t_string!(i18n, registers.all_villages, count = all.len());
            let name = |code| phone.workspace.with(|workspace| home::name(workspace, code));
            std::iter::once(every).chain(all.iter().map(name)).collect::<Vec<_>>()
        })
    });
    let selected = Signal::derive(move || {
        let place = |code: &UnitCode| all.with(|all| all.iter().position(|other| other == code));
        Some(village.get().as_ref().and_then(place).map_or(0, |place| place + 1))
    });
    let navigate = StoredValue::new_local(use_navigate());
    let choose = move |place: usize| {
        let code = all.with_untracked(|all| place.checked_sub(1).and_then(|place| all.get(place).cloned()));
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&path(code.as_ref()), options));
    };
    let choose = Callback::new(choose);
    move || {
        (all.with(Vec::len) > 1).then(|| {
            view! { <Select label=say!(i18n, registers.village) options selected on_choose=choose /> }
        })
    }
}

fn kinds(i18n: Words, phone: Phone, group: KindGroup, village: Option<UnitCode>) -> AnyView {
    let (title, note) = match group.home {
        Home::Village => (t_string!(i18n, registers.home_village), t_string!(i18n, registers.home_village_note)),
        Home::Cases => (t_string!(i18n, registers.home_cases), t_string!(i18n, registers.home_cases_note)),
        Home::Township => (t_string!(i18n, registers.home_township), t_string!(i18n, registers.home_township_note)),
        Home::Office => (t_string!(i18n, registers.home_office), t_string!(i18n, registers.home_office_note)),
        Home::Letters => (t_string!(i18n, registers.home_letters), t_string!(i18n, registers.home_letters_note)),
    };
    let rows = group.kinds.into_iter().map(|row| kind_row(i18n, phone, row, village.as_ref())).collect_view();
    view! {
        <section class="register-group stack" data-gap="small">
            <h2>{title}</h2>
            <p class="soft small">{note}</p>
            <ul class="register-rows" role="list">
                {rows}
            </ul>
        </section>
    }
    .into_any()
}

/// A kind and its numbers; beside it the way to open one, or why there is none.
fn kind_row(i18n: Words, phone: Phone, row: KindRow, village: Option<&UnitCode>) -> AnyView {
    let name = words::declared(i18n, row.kind.name);
    let numbers = figures(i18n, &row);
    let open = match &row.may_open {
        // The row says what of; who hears only the button hears it as well.
        Ok(()) => view! {
            <a
                class="button register-open"
                data-kind="secondary"
                href=links::new_record(row.kind)
                aria-label=t_string!(i18n, registers.new, kind = name)
            >
                <Icon sign=Sign::Plus />
                <span>{t_string!(i18n, registers.new_short)}</span>
            </a>
        }
        .into_any(),
        Err(refusal) => {
            let why = t_string!(i18n, registers.may_not_open, why = why(i18n, phone, row.kind, refusal));
            view! { <p class="register-why">{why}</p> }.into_any()
        }
    };
    view! {
        <li class="register-row">
            <a class="register-link" href=links::register(row.kind, village)>
                <span class="register-name">{name}</span>
                <span class="register-figures">{numbers}</span>
            </a>
            {open}
        </li>
    }
    .into_any()
}

/// Says what a kind comes to, in one line.
pub(super) fn figures(i18n: Words, row: &KindRow) -> String {
    if row.records == 0 {
        return t_string!(i18n, registers.none_yet).to_owned();
    }
    let figure = |(name, figure): &(shared::domain::register::Words, Figure)| {
        let count = match figure {
            Figure::Count(count) => count.to_string(),
            Figure::Money(fen) => yuan(i18n, *fen),
        };
        t_string!(i18n, registers.figure, name = words::declared(i18n, *name), count = count)
    };
    let all = t_string!(i18n, registers.records, count = row.records);
    std::iter::once(all).chain(row.figures.iter().map(figure)).collect::<Vec<_>>().join(" · ")
}

/// Says how many stand on a list, in the word for what they are.
pub(super) fn listed(i18n: Words, of: LineOf, count: usize) -> String {
    match of {
        LineOf::People => t_string!(i18n, registers.listed, count = count),
        LineOf::Households => t_string!(i18n, registers.listed_households, count = count),
        LineOf::Words | LineOf::Any => t_string!(i18n, registers.listed_words, count = count),
    }
}

/// Writes an amount of money.
pub(super) fn yuan(i18n: Words, fen: i64) -> String {
    t_string!(i18n, registers.yuan, amount = money::write(fen))
}

/// Says a value in words.
pub(super) fn say_shown(i18n: Words, shown: &Shown) -> String {
    match shown {
        Shown::Text(text) if text.is_empty() => t_string!(i18n, registers.empty_value).to_owned(),
        Shown::Text(text) => text.clone(),
        Shown::Word(word) => words::declared(i18n, *word).to_owned(),
        Shown::Date(date) => words::date(i18n, *date),
        Shown::Money(fen) => yuan(i18n, *fen),
        Shown::Household(dwelling) => t_string!(i18n, registers.household, dwelling = dwelling.clone()),
    }
}

/// Says in one paragraph why somebody may not, and who may or what would help.
pub(super) fn why(i18n: Words, phone: Phone, kind: &'static Kind, refusal: &Refusal) -> String {
    phone.workspace.with(|workspace| {
        let names = Names::new(i18n, workspace, None).with_kind(Some(kind));
        let told = tell(i18n, names, None, &Refused::Rule(refusal.clone()));
        match refusal {
            // Who may says it all.
            Refusal::Role { .. } => told.next,
            _ => t_string!(i18n, words.reason_and_next, what = told.what, next = told.next),
        }
    })
}
