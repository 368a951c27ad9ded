//! One quarter's assessment: where it stands, what comes next and for whom, what stands in the way, who assesses.

pub mod told;
pub mod wish;
mod next;
mod group;
mod posted;
mod notice;
pub mod form;
pub mod card;
pub mod ranking;
pub mod sum;
pub mod print;

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::hooks::use_params_map;
use shared::domain::Workspace;
use shared::domain::assessment::{Assessment, AssessmentSettings, Stage};
use shared::domain::command::{AssessmentCommand, Command};
use shared::identity::Holder;
use shared::time::Quarter;

use super::asking::{Asking, Refusal};
use super::blocker::Names;
use super::frame::Frame;
use super::words::{self, Words};
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::state::links::{self, QuarterPage as At};
use crate::state::quarter::draft::can_correct;
use crate::state::quarter::{STAGES, card as cards, may_open, ranking as ranks};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::button::{Button, ButtonLink};
use crate::ui::card::Card;
use crate::ui::empty_state::EmptyState;
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};
use crate::ui::stage_bar::StageBar;
use group::GroupCard;
use next::{BlockersCard, Cancelling, NextCard};
use notice::NoticeCard;
use posted::PostedCard;
use wish::{Wish, WishDialog};

/// What every part of a quarter's pages sees.
#[derive(Clone, Copy)]
pub struct Page {
    i18n: Words,
    phone: Phone,
    asking: Asking,
    quarter: Quarter,
    wish: RwSignal<Option<Wish>>,
}

impl Page {
    /// Begins a page about a quarter.
    fn start(i18n: Words, quarter: Quarter) -> Self {
        Self { i18n, phone: Phone::expect(), asking: Asking::start(), quarter, wish: RwSignal::new(None) }
    }

    /// Reads the quarter as this person sees it, while it is here.
    fn read<T>(self, part: impl FnOnce(&Workspace, &Holder, &Assessment) -> T) -> Option<T> {
        let me = self.phone.me.get()?;
        self.phone.workspace.with(|workspace| Some(part(workspace, &me, workspace.assessments.get(&self.quarter)?)))
    }

    /// Reads the settings in use.
    fn settings<T>(self, part: impl FnOnce(&AssessmentSettings) -> T) -> Option<T> {
        self.read(|_, _, assessment| assessment.settings.as_ref().map(part)).flatten()
    }

    /// Makes a wish about the quarter of what it is.
    fn command(self, command: AssessmentCommand) -> Command {
        Command::Assessment(self.quarter, command)
    }

    /// Returns the quarter's title, for the line under a page's own.
    fn title(self) -> Signal<String> {
        Signal::derive(move || self.settings(|settings| settings.title.clone()).unwrap_or_default())
    }

    /// Returns the path of another of its pages.
    fn link(self, at: &At) -> String {
        links::quarter(self.quarter, at)
    }
}

/// Draws a page about the quarter that the address names, or says that this phone does not have it.
fn for_quarter(page: impl Fn(Page) -> AnyView + Send + 'static) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let params = use_params_map();
    let known = Memo::new(move |_| {
        let quarter: Quarter = params.with(|params| params.get("quarter")).and_then(|text| text.parse().ok())?;
        phone.workspace.with(|workspace| workspace.assessments.contains_key(&quarter)).then_some(quarter)
    });
    move || match known.get() {
        Some(quarter) => page(Page::start(i18n, quarter)),
        None => view! {
            <Frame title=say!(i18n, quarter.title) back=links::QUARTERS>
                <EmptyState sign=Sign::Flag title=say!(i18n, quarter.gone) text=say!(i18n, quarter.gone_text)>
                    <ButtonLink label=say!(i18n, quarter.title) href=links::QUARTERS.to_owned() />
                </EmptyState>
            </Frame>
        }
        .into_any(),
    }
}

/// What stands at `/quarter/:quarter`.
#[component]
pub fn QuarterPage() -> impl IntoView {
    for_quarter(|page| view! { <Overview page /> }.into_any())
}

#[component]
fn Overview(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let quarter = page.quarter;
    let subtitle = Signal::derive(move || told::quarter(i18n, quarter));
    view! {
        <Frame title=page.title() subtitle back=links::QUARTERS narrow=true>
            <Refusal asking=page.asking />
            <Head page />
            <Openings page />
            <BlockersCard page />
            <NextCard page />
            <Ways page />
            <NoticeCard page />
            <GroupCard page />
            <PostedCard page />
            <Correcting page />
            <Cancelling page />
            <WishDialog wish=page.wish asking=page.asking />
        </Frame>
    }
}

/// How far it has come, or that it was cancelled and why.
#[component]
fn Head(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let stage = Memo::new(move |_| page.read(|_, _, assessment| assessment.stage).unwrap_or(Stage::Planned));
    let stages =
        Signal::derive(move || STAGES.iter().map(|stage| told::stage(i18n, *stage).to_owned()).collect::<Vec<_>>());
    let current = Signal::derive(move || STAGES.iter().position(|one| *one == stage.get()).unwrap_or(0));
    let cancelled = move || {
        let (reason, who) = page.read(|workspace, _, assessment| {
            let cancelled = assessment.cancelled.as_ref()?;
            let names = Names::new(i18n, workspace, None);
            Some((cancelled.value.clone(), names.author(cancelled.author.holder.as_ref())))
        })??;
        let title = t_string!(i18n, quarter.cancelled_why, reason = reason, who = who);
        Some(view! { <Banner kind=BannerKind::Warning title /> })
    };
    let reopened = move || {
        let again = page.read(|_, _, assessment| {
            assessment.stage == Stage::Frozen && assessment.moves.iter().any(|moved| moved.value.to == Stage::Noticed)
        });
        again.unwrap_or_default().then(|| {
            view! {
                <Banner
                    kind=BannerKind::Warning
                    title=say!(i18n, quarter.reopened)
                    next=say!(i18n, quarter.reopened_next)
                />
            }
        })
    };
    move || match stage.get() {
        Stage::Cancelled => view! { {cancelled} }.into_any(),
        _ => view! {
            <StageBar label=say!(i18n, quarter.stages) stages current />
            {reopened}
        }
        .into_any(),
    }
}

/// Two openings that differ, side by side: the office chooses one as it is (E1).
#[component]
fn Openings(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let apart = Memo::new(move |_| {
        page.read(|workspace, me, assessment| {
            let names = Names::new(i18n, workspace, None);
            let by = |said: &shared::domain::divergence::Said<AssessmentSettings>| {
                let by: Vec<String> = said.by.iter().map(|voice| names.author(voice.author.holder.as_ref())).collect();
                (said.value.clone(), by)
            };
            let standing = assessment.opened.standing();
            let standing: Vec<_> = standing.iter().filter(|_| assessment.opened.is_divergence()).map(by).collect();
            (standing, may_open(me))
        })
    });
    move || {
        let (standing, may) = apart.get().filter(|(standing, _)| !standing.is_empty())?;
        let row = |(settings, by): (AssessmentSettings, Vec<String>)| {
            let group: Vec<String> = settings.assessors.iter().map(|assessor| assessor.name.clone()).collect();
            let told = t_string!(
                i18n,
                quarter.opening_of,
                names = words::list(i18n, &by),
                title = settings.title.clone(),
                villages = settings.villages.len(),
                names_group = words::list(i18n, &group)
            );
            let choose = may.is_ok().then(|| {
                let press = move |()| {
                    let open = AssessmentCommand::Open(Box::new(settings.clone()));
                    page.asking.ask(page.command(open), || {});
                };
                view! { <Button label=say!(i18n, quarter.choose_this) on_press=press /> }
            });
            view! { <div class="record-value"><strong>{told}</strong> {choose}</div> }
        };
        let rows = standing.into_iter().map(row).collect_view();
        Some(view! { <Card title=say!(i18n, quarter.two_openings)><div class="record-apart">{rows}</div></Card> })
    }
}

/// Where the work is done: one's own cards, the ranks, the flag.
#[component]
fn Ways(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let on_group = Memo::new(move |_| {
        page.read(|workspace, me, assessment| cards::rows(workspace, &me.person, assessment).is_some())
            .unwrap_or_default()
    });
    let has_result = Memo::new(move |_| page.read(|_, _, assessment| ranks::rows(assessment).is_some()) == Some(true));
    view! {
        <List>
            {move || {
                on_group
                    .get()
                    .then(|| {
                        view! {
                            <ListRow
                                title=say!(i18n, quarter.my_card)
                                subtitle=say!(i18n, quarter.my_card_note)
                                sign=Sign::Pencil
                                href=page.link(&At::Cards)
                            />
                        }
                    })
            }}
            {move || {
                has_result
                    .get()
                    .then(|| {
                        view! {
                            <ListRow
                                title=say!(i18n, quarter.ranking)
                                subtitle=say!(i18n, quarter.ranking_note)
                                sign=Sign::Paper
                                href=page.link(&At::Ranking)
                            />
                        }
                    })
            }}
            <ListRow
                title=say!(i18n, flag.title)
                subtitle=say!(i18n, quarter.flag_note)
                sign=Sign::Flag
                href=links::FLAG.to_owned()
            />
        </List>
    }
}

/// The way to correct the group, for those who may.
#[component]
fn Correcting(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let may = Memo::new(move |_| {
        page.read(|_, me, assessment| may_open(me).is_ok() && can_correct(assessment)).unwrap_or_default()
    });
    move || {
        may.get().then(|| {
            let href = links::correct_quarter(page.quarter);
            view! { <ButtonLink label=say!(i18n, quarter.correct) href sign=Sign::Pencil /> }
        })
    }
}
