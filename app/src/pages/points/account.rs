//! One account: what it has, recomputed line by line, year by year, and every entry with what it counts and why.

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::hooks::use_params_map;
use shared::domain::points::Short;
use shared::id::HouseholdId;

use super::entries::line;
use super::redeem::RedeemCard;
use super::settle::SettleCard;
use super::{Scene, said};
use crate::pages::asking::Refusal;
use crate::pages::frame::Frame;
use crate::pages::words::{self, Words};
use crate::say;
use crate::state::links::{self, PointsPage as Link};
use crate::state::points::account::{self, Account, Line, Resident, What, Year};
use crate::state::points::work::ROWS_SHOWN;
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::card::Card;
use crate::ui::disclosure::Disclosure;
use crate::ui::empty_state::EmptyState;
use crate::ui::facts::Facts;
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};
use crate::ui::pager::Pager;
use crate::ui::table::{Column, Table};

/// What every part of the page sees.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub(super) scene: Scene,
    pub(super) id: StoredValue<HouseholdId>,
    account: Memo<Option<Account>>,
}

impl Page {
    /// Reads a part of the account, while it is here.
    pub(super) fn read<T>(self, read: impl FnOnce(&Account) -> T) -> Option<T> {
        self.account.with(|account| account.as_ref().map(read))
    }
}

/// What stands at `/points/account/:household`.
#[component]
pub fn AccountPage() -> impl IntoView {
    let scene = Scene::start();
    let i18n = scene.i18n;
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.with(|params| params.get("household")).and_then(|text| HouseholdId::new(&text).ok()));
    let account = Memo::new(move |_| {
        let id = id.get()?;
        scene.read(|workspace, me, village, today| account::account(workspace, me, village, today, &id)).flatten()
    });
    let is_here = Memo::new(move |_| account.with(Option::is_some));
    let back = links::points(scene.village.get_untracked().as_ref(), Link::Overview);
    let title = Signal::derive(move || {
        let dwelling = account.with(|account| account.as_ref().map(|account| account.dwelling.clone()));
        t_string!(i18n, registers.household, dwelling = dwelling.unwrap_or_default())
    });
    let subtitle = Signal::derive(move || {
        account.with(|account| account.as_ref().map(|account| account.head.clone())).unwrap_or_default()
    });
    move || match (is_here.get(), id.get()) {
        (true, Some(id)) => {
            let page = Page { scene, id: StoredValue::new(id), account };
            view! {
                <Frame title subtitle back=back.clone() narrow=true>
                    <Refusal asking=scene.asking />
                    <BalanceCard page />
                    <SumCard page />
                    <YearsCard page />
                    <EntriesCard page />
                    <PeopleCard page />
                    <SettleCard page />
                    <RedeemCard page />
                </Frame>
            }
            .into_any()
        }
        _ => view! {
            <Frame title=say!(i18n, points.accounts) back=back.clone()>
                <EmptyState
                    sign=Sign::Paper
                    title=say!(i18n, points.no_account)
                    text=say!(i18n, registers.gone_text)
                />
            </Frame>
        }
        .into_any(),
    }
}

/// What it has.
#[component]
fn BalanceCard(page: Page) -> impl IntoView {
    let i18n = page.scene.i18n;
    let facts = Signal::derive(move || page.read(|account| balance(i18n, account)).unwrap_or_default());
    let negative = move || {
        let is_negative = page.read(|account| account.balance.handed_over > 0 && account.balance.spendable() < 0)?;
        is_negative.then(|| {
            view! {
                <Banner
                    kind=BannerKind::Warning
                    title=say!(i18n, points.negative)
                    next=say!(i18n, points.negative_next)
                />
            }
        })
    };
    view! {
        <Card title=say!(i18n, points.balance)>
            {negative}
            <Facts facts />
        </Card>
    }
}

fn balance(i18n: Words, account: &Account) -> Vec<(String, String)> {
    let of = account.balance;
    let amount = |points| said::points(i18n, points);
    let mut facts = vec![(t_string!(i18n, points.honour).to_owned(), amount(of.honour()))];
    if account.redeems || of.handed_over > 0 || of.pending > 0 {
        facts.push((t_string!(i18n, points.spendable).to_owned(), amount(of.spendable())));
        facts.push((t_string!(i18n, points.pending).to_owned(), amount(of.pending)));
    }
    for (_, dwelling, honour) in &account.linked {
        let home = t_string!(i18n, registers.household, dwelling = dwelling.clone());
        facts.push((words::aside(i18n, t_string!(i18n, points.linked), &home), amount(*honour)));
    }
    facts.extend(account.together.map(|together| (t_string!(i18n, points.together).to_owned(), amount(together))));
    facts
}

/// The balance, line by line.
#[component]
fn SumCard(page: Page) -> impl IntoView {
    let i18n = page.scene.i18n;
    let columns = Signal::derive(move || {
        vec![
            Column::words(t_string!(i18n, points.line)),
            Column::figures(t_string!(i18n, points.line_points)),
            Column::figures(t_string!(i18n, points.line_running)),
        ]
    });
    let first = RwSignal::new(None::<usize>);
    let count = Memo::new(move |_| page.read(|account| account.lines.len()).unwrap_or_default());
    // The last lines come first into sight: they end in what the account has.
    let from = Memo::new(move |_| {
        let last = count.get().saturating_sub(1) / ROWS_SHOWN * ROWS_SHOWN;
        first.get().unwrap_or(last).min(last)
    });
    let rows = Signal::derive(move || {
        let row = |line: &Line| vec![say_line(i18n, &line.what), said::signed(line.points), line.running.to_string()];
        let shown =
            |account: &Account| account.lines.iter().skip(from.get()).take(ROWS_SHOWN).map(row).collect::<Vec<_>>();
        page.read(shown).unwrap_or_default()
    });
    let place = Signal::derive(move || said::window(i18n, from.get(), count.get(), ROWS_SHOWN));
    view! {
        <Card>
            <Table caption=say!(i18n, points.sum) columns rows />
            <Pager
                first=from
                all=count
                size=ROWS_SHOWN
                place
                back=say!(i18n, points.before)
                on=say!(i18n, points.after)
                on_turn=move |to| first.set(Some(to))
            />
        </Card>
    }
}

fn say_line(i18n: Words, what: &What) -> String {
    match what {
        What::Base => t_string!(i18n, points.base).to_owned(),
        What::Entry { id, date, item, gives, short, late_in } => {
            let over = short.filter(|short| matches!(short, Short::Over(_))).map(|short| {
                let why = said::short(i18n, short);
                t_string!(i18n, points.line_short, gives = said::signed(*gives), why = why)
            });
            let late = late_in.map(|month| t_string!(i18n, points.line_late, month = said::month(i18n, month)));
            let parts = [Some(words::date(i18n, *date)), Some(item.clone()), over, late, Some(id.to_string())];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
        What::TakenBack { id, of, stands_in } => t_string!(
            i18n,
            points.line_back,
            number = id.to_string(),
            of = said::month(i18n, *of),
            month = said::month(i18n, *stands_in)
        ),
        What::Shared { with, words } => t_string!(i18n, points.line_shared, with = with.clone(), words = words.clone()),
    }
}

/// What it came to, year by year.
#[component]
fn YearsCard(page: Page) -> impl IntoView {
    let i18n = page.scene.i18n;
    let columns = Signal::derive(move || {
        vec![
            Column::words(t_string!(i18n, points.month)),
            Column::figures(t_string!(i18n, points.line_points)),
            Column::words(t_string!(i18n, points.state)),
        ]
    });
    let year = move |year: Year| {
        let months = StoredValue::new(year.months);
        let rows = Signal::derive(move || {
            let row = |(month, points, is_closed): &(_, i64, bool)| {
                let state = match is_closed {
                    true => t_string!(i18n, points.month_closed),
                    false => t_string!(i18n, points.month_open),
                };
                vec![said::month(i18n, *month), said::signed(*points), state.to_owned()]
            };
            months.with_value(|months| months.iter().map(row).collect::<Vec<_>>())
        });
        let summary =
            Signal::derive(move || t_string!(i18n, points.year, year = year.year, points = said::signed(year.points)));
        view! {
            <Disclosure summary>
                <Table caption=summary columns rows />
            </Disclosure>
        }
    };
    let years = Memo::new(move |_| page.read(|account| account.years.clone()).unwrap_or_default());
    move || {
        let years = years.get();
        (!years.is_empty()).then(|| {
            let rows = years.into_iter().map(year).collect_view();
            view! { <Card title=say!(i18n, points.years)>{rows}</Card> }
        })
    }
}

/// Every entry, whatever its state.
#[component]
fn EntriesCard(page: Page) -> impl IntoView {
    let i18n = page.scene.i18n;
    let first = RwSignal::new(0_usize);
    let count = Memo::new(move |_| page.read(|account| account.entries.len()).unwrap_or_default());
    let rows = move || {
        let shown =
            |account: &Account| account.entries.iter().skip(first.get()).take(ROWS_SHOWN).cloned().collect::<Vec<_>>();
        let rows = page.read(shown).unwrap_or_default();
        rows.into_iter().map(|row| line(page.scene, row)).collect_view()
    };
    let note = Signal::derive(move || t_string!(i18n, registers.records, count = count.get()));
    let place = Signal::derive(move || said::window(i18n, first.get(), count.get(), ROWS_SHOWN));
    view! {
        <Card title=say!(i18n, points.entries) note>
            <List label=say!(i18n, points.entries)>{rows}</List>
            <Pager
                first
                all=count
                size=ROWS_SHOWN
                place
                back=say!(i18n, registers.later)
                on=say!(i18n, registers.earlier)
                on_turn=move |to| first.set(to)
            />
        </Card>
    }
}

/// Who lives there, with what entries that name them came to.
#[component]
fn PeopleCard(page: Page) -> impl IntoView {
    let i18n = page.scene.i18n;
    let people = Memo::new(move |_| page.read(|account| account.people.clone()).unwrap_or_default());
    let row = move |resident: Resident| {
        let subtitle = match resident.is_minor {
            true => t_string!(i18n, points.minor).to_owned(),
            false => t_string!(i18n, points.own_points, points = said::signed(resident.points)),
        };
        view! { <ListRow title=resident.name subtitle /> }
    };
    view! {
        <Card title=say!(i18n, points.people)>
            <List label=say!(i18n, points.people)>
                {move || people.get().into_iter().map(row).collect_view()}
            </List>
        </Card>
    }
}
