//! A village's posts and their monthly appraisal: the month, one person's month, the log, who holds what, the scores.

pub mod words;

mod month;
mod together;
mod person;
mod log;
mod held;
mod score;
mod wall;

pub use held::HeldPage;
pub use log::LogPage;
pub use month::MonthPage;
pub use person::PersonMonthPage;
pub use score::ScoresPage;
pub use wall::WallPage;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use shared::domain::command::{Command, PostCommand, Refusal};
use shared::id::UnitCode;
use shared::identity::Holder;
use shared::replica::Refused;
use shared::time::{Date, Month};

use super::asking::Asking;
use super::blocker::Names;
use super::frame::Frame;
use super::not_found::NotFound;
use super::refusal::tell;
use super::words::Words;
use crate::i18n::*;
use crate::platform::clock;
use crate::say;
use crate::shell::Phone;
use crate::state::home;
use crate::state::links;
use crate::state::moment::moment;
use crate::state::posts::month_named;
use crate::state::register::villages;
use crate::ui::list_row::{List, ListRow};
use leptos_i18n::t_string;
use month::VillageMonth;

/// What stands at `/posts`: the own village's month, or the villages of somebody who reads several.
#[component]
pub fn PostsPage() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let codes = Memo::new(move |_| {
        let me = phone.me.get();
        me.map(|me| phone.workspace.with(|workspace| villages(workspace, &me))).unwrap_or_default()
    });
    move || match (codes.get().as_slice(), asked_month().get()) {
        ([code], Some(month)) => view! { <VillageMonth code=code.clone() month /> }.into_any(),
        (several, _) => {
            let row = |code: &UnitCode| {
                let (href, code) = (links::village_posts(code), code.clone());
                let title = Signal::derive(move || phone.workspace.with(|workspace| home::name(workspace, &code)));
                view! { <ListRow title href /> }
            };
            let rows = several.iter().map(row).collect_view();
            view! {
                <Frame title=say!(i18n, posts.title) back=links::HOME narrow=true>
                    <List>{rows}</List>
                </Frame>
            }
            .into_any()
        }
    }
}

/// What every page about a village's month sees.
#[derive(Clone, Copy)]
struct Place {
    i18n: Words,
    phone: Phone,
    asking: Asking,
    code: StoredValue<UnitCode>,
    month: Month,
}

impl Place {
    fn new(code: UnitCode, month: Month) -> Self {
        let (i18n, phone, asking) = (use_i18n(), Phone::expect(), Asking::start());
        Self { i18n, phone, asking, code: StoredValue::new(code), month }
    }

    /// Follows something of the workspace, as whoever holds this phone sees it.
    fn follow<T>(
        self,
        read: impl Fn(&shared::domain::Workspace, &Holder, &UnitCode) -> T + Send + Sync + 'static,
    ) -> Memo<Option<T>>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| {
            let me = self.phone.me.get()?;
            Some(self.phone.workspace.with(|workspace| self.code.with_value(|code| read(workspace, &me, code))))
        })
    }

    /// Asks for something, and goes on once it is durable.
    fn ask(self, wish: PostCommand, then: impl FnOnce() + 'static) {
        self.asking.ask(Command::Posts(self.code.get_value(), wish), then);
    }

    /// Says why somebody may not, and who may or what would help.
    fn why(self, refusal: &Refusal) -> String {
        self.phone.workspace.with(|workspace| {
            let told = tell(self.i18n, Names::new(self.i18n, workspace, None), None, &Refused::Rule(refusal.clone()));
            match refusal {
                // Who may says it all.
                Refusal::Role { .. } => told.next,
                _ => t_string!(self.i18n, words.reason_and_next, what = told.what, next = told.next),
            }
        })
    }

    /// Returns the path of a page about the same month.
    fn link(self, page: links::PostsPage) -> String {
        self.code.with_value(|code| links::posts(code, page, self.month))
    }
}

/// Returns the day that it is.
fn today() -> Option<Date> {
    moment(clock::now()).map(|moment| moment.date)
}

/// Follows the month that the address asks for; else the one that it is.
fn asked_month() -> Memo<Option<Month>> {
    let query = use_query_map();
    Memo::new(move |_| {
        let asked = query.with(|query| query.get("month")).and_then(|text| month_named(&text));
        asked.or_else(|| today().map(Date::month))
    })
}

/// Draws a page about a month of the village that the address names.
fn for_month(page: impl Fn(UnitCode, Month) -> AnyView + Send + 'static) -> impl IntoView {
    let (params, month) = (use_params_map(), asked_month());
    let code =
        Memo::new(move |_| params.with(|params| params.get("village")).and_then(|text| UnitCode::new(&text).ok()));
    move || match code.get().zip(month.get()) {
        Some((code, month)) => page(code, month),
        None => view! { <NotFound /> }.into_any(),
    }
}
