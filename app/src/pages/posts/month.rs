//! A month of a village: how its quarter is opened, everybody who holds a post, and what is done for all of them.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::PostCommand;
use shared::domain::rulebook::post::PostRule;
use shared::id::UnitCode;
use shared::time::Month as OfYear;

use super::together::{Asked, Step, TogetherDialog};
use super::words::{badge, month as say_month, quarter, stars, word};
use super::{Place, for_month};
use crate::pages::asking::Refusal;
use crate::pages::frame::Frame;
use crate::say;
use crate::state::home;
use crate::state::links::{self, PostsPage, VillagePage};
use crate::state::posts::{MonthPage as Whole, MonthRow, Opened, PEOPLE_SHOWN, Together, before, month, rule_for};
use crate::state::posts::{held, scores};
use crate::ui::badge::Badge;
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind, ButtonLink};
use crate::ui::card::Card;
use crate::ui::empty_state::EmptyState;
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};
use crate::ui::pager::Pager;
use crate::ui::stars::Stars;

/// What stands at a village's posts.
#[component]
pub fn MonthPage() -> impl IntoView {
    for_month(|code, month| view! { <VillageMonth code month /> }.into_any())
}

/// A village's month.
#[component]
pub(super) fn VillageMonth(code: UnitCode, month: OfYear) -> impl IntoView {
    let back = links::village(&code, VillagePage::Meetings);
    let place = Place::new(code, month);
    let i18n = place.i18n;
    let first = RwSignal::new(0_usize);
    let page = place.follow(move |workspace, me, code| self::month(workspace, me, code, month, first.get()));
    let title = Signal::derive(move || {
        let name = |code: &UnitCode| place.phone.workspace.with(|workspace| home::name(workspace, code));
        t_string!(i18n, posts.title_of, village = place.code.with_value(name))
    });
    let is_open = Memo::new(move |_| {
        page.with(|page| page.as_ref().is_some_and(|page| matches!(page.opened, Opened::Under(..))))
    });
    let bar = move || {
        is_open.get().then(|| {
            let href = place.link(PostsPage::Log);
            view! {
                <BottomBar>
                    <ButtonLink label=say!(i18n, posts.log) href kind=ButtonKind::Primary sign=Sign::Plus />
                </BottomBar>
            }
        })
    };
    let asked = RwSignal::new(None::<Asked>);
    view! {
        <Frame title back narrow=true bar=ViewFn::from(move || view! { {bar} })>
            <Refusal asking=place.asking />
            <Around place />
            {move || page.with(|page| page.as_ref().map(|page| opened(place, &page.opened)))}
            <Show when=move || is_open.get()>
                <Ways place />
            </Show>
            <People place page first />
            {move || {
                let (show, confirm) = page.with(|p| p.as_ref().map(|p| (p.show.clone(), p.confirm.clone())))?;
                let steps = [together(place, show, Step::Show, asked), together(place, confirm, Step::Confirm, asked)];
                let steps: Vec<AnyView> = steps.into_iter().flatten().collect();
                (!steps.is_empty())
                    .then(|| {
                        view! {
                            <Card title=say!(i18n, posts.next_steps)>
                                <div class="record-steps">{steps}</div>
                            </Card>
                        }
                    })
            }}
            <TogetherDialog place asked />
        </Frame>
    }
}

/// The month, and the ways to the ones beside it.
#[component]
fn Around(place: Place) -> impl IntoView {
    let Place { i18n, month, .. } = place;
    let to = |month: OfYear| place.code.with_value(|code| links::posts(code, PostsPage::Month, month));
    let previous = before(month).map(|month| view! { <ButtonLink label=say!(i18n, posts.previous) href=to(month) /> });
    view! {
        <nav class="posts-month">
            {previous} <h2>{move || say_month(i18n, month)}</h2>
            <ButtonLink label=say!(i18n, posts.next) href=to(month.after()) />
        </nav>
    }
}

/// How the quarter is opened; where it is not, how it will be.
fn opened(place: Place, opened: &Opened) -> AnyView {
    let Place { i18n, month, .. } = place;
    let name = move || quarter(i18n, month.quarter());
    let open = move |rule: Option<PostRule>| {
        let rule = rule.unwrap_or_else(|| {
            place.phone.workspace.with_untracked(|workspace| {
                let village = place.code.with_value(|code| workspace.villages.get(code));
                village.map_or_else(PostRule::standard, |village| rule_for(&village.posts, month.quarter()))
            })
        });
        place.ask(PostCommand::Open { quarter: month.quarter(), rule: Box::new(rule) }, || {});
    };
    match opened {
        Opened::Under(title, version) => {
            let said = t_string!(i18n, posts.rule, title = title.clone(), version = *version);
            view! { <p class="soft small">{said}</p> }.into_any()
        }
        Opened::Not(may) => {
            let why = may.as_ref().err().map(|why| t_string!(i18n, posts.open_not, why = place.why(why)));
            let button = why.is_none().then(|| {
                let label = Signal::derive(move || t_string!(i18n, posts.open, quarter = name()));
                let press = move |()| open(None);
                view! { <Button label on_press=press kind=ButtonKind::Primary busy=place.asking.busy /> }
            });
            let title = Signal::derive(move || t_string!(i18n, posts.open_title, quarter = name()));
            view! {
                <EmptyState sign=Sign::Paper title text=say!(i18n, posts.open_text)>
                    {button}
                    {why.map(|why| view! { <p class="record-refused">{why}</p> })}
                </EmptyState>
            }
            .into_any()
        }
        Opened::Apart(rules, may) => {
            let why = may.as_ref().err().map(|why| place.why(why));
            let choose = |rule: &PostRule| {
                let (max, posts) = (rule.max, rule.categories.len());
                let label = Signal::derive(move || t_string!(i18n, posts.choose_rule, max = max, posts = posts));
                let rule = rule.clone();
                view! { <Button label on_press=move |()| open(Some(rule.clone())) busy=place.asking.busy /> }
            };
            let choices = why.is_none().then(|| rules.iter().map(choose).collect_view());
            view! {
                <Banner
                    kind=BannerKind::Warning
                    title=say!(i18n, posts.rules_apart)
                    next=say!(i18n, posts.rules_apart_next)
                >
                    <div class="record-steps">{choices}</div>
                    {why.map(|why| view! { <p>{why}</p> })}
                </Banner>
            }
            .into_any()
        }
    }
}

/// The ways to who holds what and to the scores, each with what waits there.
#[component]
fn Ways(place: Place) -> impl IntoView {
    let Place { i18n, month, .. } = place;
    let in_posts = place.follow(move |workspace, _, code| {
        let groups = held::groups(workspace, code, month.quarter());
        let holders = groups.iter().flat_map(|group| &group.holders).filter(|row| row.until.is_none() && !row.has_left);
        holders.map(|row| row.person.clone()).collect::<std::collections::BTreeSet<_>>().len()
    });
    let waiting = place.follow(move |workspace, me, code| {
        let lines = scores::lines(workspace, me, code, month);
        lines.iter().filter(|line| line.is_open && line.may.is_ok()).count()
    });
    let held_note =
        Signal::derive(move || t_string!(i18n, posts.held_note, count = in_posts.get().unwrap_or_default()));
    let score_note = Signal::derive(move || match waiting.get().unwrap_or_default() {
        0 => t_string!(i18n, posts.score_none).to_owned(),
        count => t_string!(i18n, posts.score_note, count = count),
    });
    view! {
        <List>
            <ListRow
                title=say!(i18n, posts.held)
                subtitle=held_note
                sign=Sign::People
                href=place.link(PostsPage::Held)
            />
            <ListRow
                title=say!(i18n, posts.score)
                subtitle=score_note
                sign=Sign::Pencil
                href=place.link(PostsPage::Scores)
            />
            <ListRow
                title=say!(i18n, posts.wall)
                subtitle=say!(i18n, posts.wall_note)
                sign=Sign::Printer
                href=place.link(PostsPage::Wall)
            />
        </List>
    }
}

/// Everybody who holds a post in the month, or of whom something is recorded.
#[component]
fn People(place: Place, page: Memo<Option<Whole>>, first: RwSignal<usize>) -> impl IntoView {
    let i18n = place.i18n;
    let rows = Memo::new(move |_| page.with(|page| page.as_ref().map(|page| page.rows.clone()).unwrap_or_default()));
    let all = Memo::new(move |_| page.with(|page| page.as_ref().map(|page| page.all).unwrap_or_default()));
    let from = Memo::new(move |_| page.with(|page| page.as_ref().map(|page| page.first).unwrap_or_default()));
    let words = Signal::derive(move || {
        let (from, all) = (from.get(), all.get());
        t_string!(i18n, posts.window, from = from + 1, to = (from + PEOPLE_SHOWN).min(all), all = all)
    });
    view! {
        <Card title=say!(i18n, posts.people)>
            {move || match rows.with(Vec::is_empty) {
                true => view! {
                    <EmptyState sign=Sign::People title=say!(i18n, posts.none) text=say!(i18n, posts.none_text) />
                }
                .into_any(),
                false => {
                    let rows = rows.get().into_iter().map(|entry| row(place, entry)).collect_view();
                    view! { <List label=say!(i18n, posts.people)>{rows}</List> }.into_any()
                }
            }}
            <Pager
                first=from
                all
                size=PEOPLE_SHOWN
                place=words
                back=say!(i18n, posts.earlier)
                on=say!(i18n, posts.later)
                on_turn=move |to| first.set(to)
            />
        </Card>
    }
}

fn row(place: Place, row: MonthRow) -> AnyView {
    let i18n = place.i18n;
    let href = place.code.with_value(|code| links::person_month(code, &row.person, place.month));
    let title = match row.note.is_empty() {
        true => row.name,
        false => t_string!(i18n, words.aside, what = row.name, inside = row.note),
    };
    let (drawn, logged, late, posts) = (row.drawn, row.logged, row.late, row.posts);
    let subtitle = Signal::derive(move || {
        let posts = match posts.is_empty() {
            true => t_string!(i18n, posts.no_post).to_owned(),
            false => crate::pages::words::list(i18n, &posts),
        };
        let line = t_string!(i18n, posts.row, posts = posts, drawn = drawn, logged = logged);
        if late == 0 { line } else { t_string!(i18n, posts.row_late, row = line, late = late) }
    });
    let label = Signal::derive(move || word(i18n, row.word).to_owned());
    let stars = row.stars.map(|given| {
        let text = Signal::derive(move || stars(i18n, given));
        view! { <Stars count=given.stars text /> }
    });
    view! {
        <ListRow title subtitle href>
            {stars}
            <Badge kind=badge(row.word) label />
        </ListRow>
    }
    .into_any()
}

/// A step for several people: the button for those for whom the viewer may, and why it waits for the others.
fn together(place: Place, of: Together, step: Step, asked: RwSignal<Option<Asked>>) -> Option<AnyView> {
    let i18n = place.i18n;
    let count = of.people.len();
    let label = Signal::derive(move || match step {
        Step::Show => t_string!(i18n, posts.show, count = count),
        Step::Confirm => t_string!(i18n, posts.confirm, count = count),
    });
    let people = of.people;
    let button = (count > 0).then(|| {
        let press = move |()| asked.set(Some((step, people.clone())));
        view! { <Button label on_press=press busy=place.asking.busy wide=true /> }
    });
    let others = of.others.map(|(count, why)| {
        let said = t_string!(i18n, posts.others, count = count, why = place.why(&why));
        let name = match step {
            Step::Show => t_string!(i18n, posts.show_title),
            Step::Confirm => t_string!(i18n, posts.confirm_title),
        };
        view! { <p class="record-refused">{t_string!(i18n, posts.step_not, step = name, why = said)}</p> }
    });
    (button.is_some() || others.is_some()).then(|| view! { {button} {others} }.into_any())
}
