//! A village's points: the month, the accounts, what waits for whom, and the way to everything about them.

mod said;
mod claim;
mod entries;
mod step;
mod entry;
mod account;
mod settle;
mod redeem;
mod rule;
mod print;
mod boards;

pub use account::AccountPage;
pub use boards::BoardsPage;
pub use claim::ClaimPage;
pub use entries::EntriesPage;
pub use entry::EntryPage;
pub use print::PointsPrintPage;
pub use rule::{RulePage, fault, lint};

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::hooks::use_query_map;
use shared::domain::Workspace;
use shared::domain::command::{Command, PointsCommand, PointsWish, Refusal as RuleRefusal};
use shared::id::UnitCode;
use shared::identity::Holder;
use shared::replica::Refused;
use shared::time::{Date, Month};

use super::asking::{Asking, Refusal};
use super::blocker::Names;
use super::frame::Frame;
use super::refusal::tell;
use super::registers::{VillageFilter, asked_village};
use super::words::Words;
use crate::i18n::*;
use crate::platform::clock;
use crate::say;
use crate::shell::Phone;
use crate::state::home;
use crate::state::links::{self, PointsPage as Link};
use crate::state::moment::moment;
use crate::state::points::accounts::{self, AccountRow, ROWS_SHOWN};
use crate::state::points::claim::may_claim;
use crate::state::points::{self, MonthState, MonthView};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind, ButtonLink};
use crate::ui::card::Card;
use crate::ui::dialog::Dialog;
use crate::ui::facts::Facts;
use crate::ui::field::{Field, FieldKind, Select};
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};
use crate::ui::pager::Pager;

/// What every page of points sees: whose, what day it is, and whom to ask.
#[derive(Clone, Copy)]
struct Scene {
    i18n: Words,
    phone: Phone,
    asking: Asking,
    village: Memo<Option<UnitCode>>,
    today: Option<Date>,
}

impl Scene {
    fn start() -> Self {
        let (i18n, phone, asked) = (use_i18n(), Phone::expect(), asked_village());
        let village = Memo::new(move |_| {
            let me = phone.me.get()?;
            phone.workspace.with(|workspace| asked.with(|asked| points::village(workspace, &me, asked.as_ref())))
        });
        Self { i18n, phone, asking: Asking::start(), village, today: moment(clock::now()).map(|moment| moment.date) }
    }

    /// Reads of the workspace whatever is about this village, this holder and today; follows all of them.
    fn read<T>(self, read: impl FnOnce(&Workspace, &Holder, &UnitCode, Date) -> T) -> Option<T> {
        let (me, village, today) = (self.phone.me.get()?, self.village.get()?, self.today?);
        Some(self.phone.workspace.with(|workspace| read(workspace, &me, &village, today)))
    }

    /// The same for the moment of asking.
    fn look<T>(self, read: impl FnOnce(&Workspace, &Holder, &UnitCode, Date) -> T) -> Option<T> {
        untrack(|| self.read(read))
    }

    /// Asks for something about the village's points.
    fn ask(self, wish: PointsWish, then: impl FnOnce() + 'static) {
        let (Some(village), Some(today)) = (self.village.get_untracked(), self.today) else { return };
        self.asking.ask(Command::Points(village, PointsCommand { today, wish }), then);
    }

    /// Says in one paragraph why somebody may not, and who may or what would help.
    fn why(self, refusal: &RuleRefusal) -> String {
        let i18n = self.i18n;
        self.phone.workspace.with(|workspace| {
            let told = tell(i18n, Names::new(i18n, workspace, None), None, &Refused::Rule(refusal.clone()));
            match refusal {
                // Who may says it all.
                RuleRefusal::Role { .. } => told.next,
                _ => t_string!(i18n, words.reason_and_next, what = told.what, next = told.next),
            }
        })
    }

    /// Says that something may not be done, and why.
    fn refused(self, what: String, refusal: &RuleRefusal) -> AnyView {
        let said = t_string!(self.i18n, registers.step_not, step = what, why = self.why(refusal));
        view! { <p class="record-refused">{said}</p> }.into_any()
    }

    fn link(self, page: Link) -> String {
        links::points(self.village.get().as_ref(), page)
    }

    fn name(self) -> String {
        self.read(|workspace, _, village, _| home::name(workspace, village)).unwrap_or_default()
    }
}

/// What stands at `/points`.
#[component]
pub fn PointsPage() -> impl IntoView {
    let scene = Scene::start();
    let i18n = scene.i18n;
    let asked = asked_village();
    let title = Signal::derive(move || t_string!(i18n, points.title_of, village = scene.name()));
    let may = Memo::new(move |_| scene.read(may_claim));
    let bar = move || {
        move || {
            matches!(may.get(), Some(Ok(()))).then(|| {
                let href = Signal::derive(move || scene.link(Link::Claim));
                view! {
                    <BottomBar>
                        <ButtonLink
                            label=say!(i18n, points.claim)
                            href
                            kind=ButtonKind::Primary
                            sign=Sign::Plus
                        />
                    </BottomBar>
                }
            })
        }
    };
    let refused = move || {
        let refusal = may.get()?.err()?;
        Some(scene.refused(t_string!(i18n, points.claim).to_owned(), &refusal))
    };
    let month = RwSignal::new(scene.today.map(Date::month));
    view! {
        <Frame title back=links::HOME narrow=true bar>
            <VillageFilter village=asked path=|village| links::points(village, Link::Overview) />
            <Refusal asking=scene.asking />
            <Negative scene />
            <MonthCard scene month />
            {refused}
            <Ways scene month />
            <AccountsCard scene month />
        </Frame>
    }
}

/// Households that somebody should look at (E28).
#[component]
fn Negative(scene: Scene) -> impl IntoView {
    let i18n = scene.i18n;
    let row = move |(account, dwelling): (_, String)| {
        let href = scene.village.get().map(|village| links::account(&village, &account)).unwrap_or_default();
        view! { <li><a href=href>{dwelling}</a></li> }
    };
    move || {
        let flagged = scene.read(|workspace, _, village, _| points::negative(workspace, village)).unwrap_or_default();
        (!flagged.is_empty()).then(|| {
            let rows = flagged.into_iter().map(row).collect_view();
            view! {
                <Banner
                    kind=BannerKind::Warning
                    title=say!(i18n, points.negative)
                    next=say!(i18n, points.negative_next)
                >
                    <ul>{rows}</ul>
                </Banner>
            }
        })
    }
}

/// A month: its rule, what it came to, how many entries stand where, and closing it.
#[component]
fn MonthCard(scene: Scene, month: RwSignal<Option<Month>>) -> impl IntoView {
    let i18n = scene.i18n;
    let months = Memo::new(move |_| {
        let months = scene.read(|workspace, _, village, today| {
            let known = workspace.villages.get(village);
            known.map(|known| points::months(&known.points, today)).unwrap_or_else(|| vec![today.month()])
        });
        months.unwrap_or_default()
    });
    let options =
        Signal::derive(move || months.with(|all| all.iter().map(|m| said::month(i18n, *m)).collect::<Vec<_>>()));
    let selected = Signal::derive(move || months.with(|all| all.iter().position(|m| Some(*m) == month.get())));
    let shown = Memo::new(move |_| {
        let month = month.get()?;
        scene.read(|workspace, me, village, today| points::month(workspace, me, village, today, month))
    });
    let facts =
        Signal::derive(move || shown.with(|shown| shown.as_ref().map(|shown| facts(i18n, shown)).unwrap_or_default()));
    let counts = move || {
        let row = |(at, count): (points::work::At, usize)| {
            let href = scene.link(Link::Entries(Some(at.key())));
            view! {
                <ListRow title=said::at(i18n, at) href>
                    <span class="points-figure">{count}</span>
                </ListRow>
            }
        };
        let counts = shown.with(|shown| shown.as_ref().map(|shown| shown.counts.clone())).unwrap_or_default();
        (!counts.is_empty()).then(|| {
            let rows = counts.into_iter().map(row).collect_view();
            view! { <List label=say!(i18n, points.entries)>{rows}</List> }
        })
    };
    view! {
        <Card title=say!(i18n, points.month)>
            <Select
                label=say!(i18n, points.which_month)
                options
                selected
                on_choose=move |place| month.set(months.with_untracked(|all| all.get(place).copied()))
            />
            <Facts facts />
            {counts}
            <CloseMonth scene shown />
        </Card>
    }
}

fn facts(i18n: Words, shown: &MonthView) -> Vec<(String, String)> {
    let state = match shown.state {
        MonthState::Running => t_string!(i18n, points.month_running),
        MonthState::Over => t_string!(i18n, points.month_over),
        MonthState::Closed => t_string!(i18n, points.month_closed),
    };
    let rule = match &shown.rule {
        Some((title, version)) => said::rule(i18n, title, *version),
        None => t_string!(i18n, points.no_rule).to_owned(),
    };
    let mut facts = vec![
        (t_string!(i18n, points.state).to_owned(), state.to_owned()),
        (t_string!(i18n, points.rule).to_owned(), rule),
        (t_string!(i18n, points.total).to_owned(), said::points(i18n, shown.total)),
    ];
    let (count, sum) = shown.adjusted;
    if count > 0 {
        let said = t_string!(i18n, points.adjusted_of, count = count, points = said::signed(sum));
        facts.push((t_string!(i18n, points.adjusted).to_owned(), said));
    }
    facts
}

#[component]
fn CloseMonth(scene: Scene, shown: Memo<Option<MonthView>>) -> impl IntoView {
    let i18n = scene.i18n;
    let open = RwSignal::new(false);
    let title = Signal::derive(move || {
        let month = shown.with(|shown| shown.as_ref().map(|shown| said::month(i18n, shown.month)));
        t_string!(i18n, points.close_of, month = month.unwrap_or_default())
    });
    let close = move |()| {
        open.set(false);
        if let Some(month) = shown.with_untracked(|shown| shown.as_ref().map(|shown| shown.month)) {
            scene.ask(PointsWish::Close(month), || {});
        }
    };
    let close = Callback::new(close);
    let actions = move || {
        view! {
            <Button label=say!(i18n, common.cancel) on_press=move |()| open.set(false) />
            <Button label=title on_press=close kind=ButtonKind::Primary busy=scene.asking.busy />
        }
    };
    let body = move || {
        let (state, may) = shown.with(|shown| shown.as_ref().map(|shown| (shown.state, shown.may_close.clone())))?;
        match (state, may) {
            (MonthState::Over, Ok(())) => {
                Some(view! { <Button label=title on_press=move |()| open.set(true) wide=true /> }.into_any())
            }
            (MonthState::Over, Err(refusal)) => Some(scene.refused(title.get(), &refusal)),
            _ => None,
        }
    };
    view! {
        {body}
        <Dialog
            open
            title
            close_label=say!(i18n, common.close)
            on_close=move |()| open.set(false)
            actions
        >
            <p>{say!(i18n, points.close_text)}</p>
        </Dialog>
    }
}

/// The ways to the other pages of points.
#[component]
fn Ways(scene: Scene, month: RwSignal<Option<Month>>) -> impl IntoView {
    let i18n = scene.i18n;
    move || {
        view! {
            <List label=say!(i18n, home.also)>
                <ListRow
                    title=say!(i18n, points.entries)
                    subtitle=say!(i18n, points.entries_note)
                    sign=Sign::Check
                    href=scene.link(Link::Entries(None))
                />
                <ListRow
                    title=say!(i18n, points.rule)
                    subtitle=say!(i18n, points.rule_note)
                    sign=Sign::Paper
                    href=scene.link(Link::Rule)
                />
                <ListRow
                    title=say!(i18n, points.print)
                    subtitle=say!(i18n, points.print_note)
                    sign=Sign::Printer
                    href=scene.link(Link::Print(month.get()))
                />
                <ListRow
                    title=say!(i18n, points.boards)
                    subtitle=say!(i18n, points.boards_note)
                    sign=Sign::People
                    href=scene.link(Link::Boards)
                />
            </List>
        }
    }
}

/// Every household with what it has.
#[component]
fn AccountsCard(scene: Scene, month: RwSignal<Option<Month>>) -> impl IntoView {
    let i18n = scene.i18n;
    let (search, first) = (RwSignal::new(String::new()), RwSignal::new(0_usize));
    let found = Memo::new(move |_| {
        let list = scene.read(|workspace, _, village, today| {
            let month = month.get().unwrap_or_else(|| today.month());
            search.with(|search| accounts::list(workspace, village, search, month, first.get()))
        });
        list.unwrap_or_default()
    });
    let row = move |row: AccountRow| {
        let href = scene.village.get().map(|village| links::account(&village, &row.account)).unwrap_or_default();
        let of_month = t_string!(i18n, points.of_month, points = said::signed(row.of_month));
        let linked = row.is_linked.then(|| t_string!(i18n, points.linked).to_owned());
        let parts: Vec<String> = [Some(row.head), Some(of_month), linked].into_iter().flatten().collect();
        let title = t_string!(i18n, registers.household, dwelling = row.dwelling);
        view! {
            <ListRow title subtitle=parts.join(" · ") href>
                <span class="points-figure">{said::points(i18n, row.honour)}</span>
            </ListRow>
        }
    };
    let rows = move || {
        let rows = found.with(|found| found.rows.clone());
        let none = rows.is_empty().then(|| view! { <p class="soft">{say!(i18n, registers.none_found)}</p> });
        let rows = rows.into_iter().map(row).collect_view();
        view! {
            {none}
            <List label=say!(i18n, points.accounts)>{rows}</List>
        }
    };
    let (from, count) =
        (Memo::new(move |_| found.with(|found| found.first)), Memo::new(move |_| found.with(|found| found.found)));
    let note = Signal::derive(move || t_string!(i18n, registers.listed_households, count = count.get()));
    let place = Signal::derive(move || said::window(i18n, from.get(), count.get(), ROWS_SHOWN));
    view! {
        <section class="stack" data-gap="small">
            <div class="cluster" data-align="between">
                <h2>{say!(i18n, points.accounts)}</h2>
                <span class="soft" role="status">
                    {note}
                </span>
            </div>
            <Field
                label=say!(i18n, points.search)
                value=search
                on_input=move |text| {
                    search.set(text);
                    first.set(0);
                }
                kind=FieldKind::Search
                hint=say!(i18n, points.search_hint)
            />
            {rows}
            <Pager
                first=from
                all=count
                size=ROWS_SHOWN
                place
                back=say!(i18n, points.before)
                on=say!(i18n, points.after)
                on_turn=move |to| first.set(to)
            />
        </section>
    }
}

/// Follows a part of the address's query.
fn asked(key: &'static str) -> Memo<Option<String>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get(key)))
}

/// Reads a month as it stands in an address, such as `2026-11`.
fn month_of(text: &str) -> Option<Month> {
    format!("{text}-01").parse::<Date>().ok().map(Date::month)
}
