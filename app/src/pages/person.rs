//! One person: everything that the reader may see of them, and the ways to move and to merge.

mod cards;
mod finding;
mod household;
mod moving;
mod twins;

pub use finding::FindingPage;
pub use household::HouseholdPage;
pub use moving::MovePage;
pub use twins::TwinsPage;

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::hooks::use_params_map;
use shared::domain::command::Refusal;
use shared::domain::person::fact::KEEPERS;
use shared::domain::post::PeriodOutcome;
use shared::id::{PersonId, UnitCode};
use shared::replica::Refused;
use shared::time::Date;

use super::asking::{Asking, Refusal as Refused_};
use super::blocker::Names;
use super::frame::Frame;
use super::people::badges;
use super::refusal::tell;
use super::words::{self, Words};
use crate::i18n::*;
use crate::platform::clock;
use crate::say;
use crate::shell::Phone;
use crate::state::links::{self, MeetingPage, VillagePage};
use crate::state::moment::moment;
use crate::state::person::{self, Period, Post, Review, Whereabouts};
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::banner::Banner;
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{ButtonKind, ButtonLink};
use crate::ui::card::Card;
use crate::ui::empty_state::EmptyState;
use crate::ui::facts::Facts;
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};
use crate::ui::stars::Stars;
use cards::{PointsCard, RecordsCard, StoryCard};

/// What stands at `/person/:id`.
#[component]
pub fn PersonPage() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let asked = asked_person();
    let first = RwSignal::new(0_usize);
    let page = Memo::new(move |_| {
        let (id, today) = (asked.get()?, today()?);
        phone.workspace.with(|workspace| person::page(workspace, &id, today, first.get()))
    });
    let is_known = Memo::new(move |_| page.with(Option::is_some));
    move || match is_known.get() {
        true => view! { <Person page first /> }.into_any(),
        false => gone(i18n).into_any(),
    }
}

#[component]
fn Person(page: Memo<Option<person::PersonPage>>, first: RwSignal<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let asking = Asking::start();
    // The last page stays readable until the router has left it.
    let of = move |pick: fn(&person::PersonPage) -> String| {
        Signal::derive(move || page.with(|page| page.as_ref().map(pick).unwrap_or_default()))
    };
    let title = of(|page| page.row.name.clone());
    let subtitle = Signal::derive(move || {
        page.with(|page| {
            page.as_ref().map_or_else(String::new, |page| {
                let dwelling = words::dwelling(i18n, &page.row.group, &page.row.household);
                joined(&[page.village_name.clone(), dwelling, page.row.pinyin.clone()])
            })
        })
    });
    let village = Memo::new(move |_| page.with(|page| page.as_ref().map(|page| page.village.clone())));
    let back = page.with_untracked(|page| {
        page.as_ref().map(|page| links::village(&page.village, VillagePage::People)).unwrap_or_default()
    });
    let id = Memo::new(move |_| page.with(|page| page.as_ref().map(|page| page.row.id.clone())));
    let bar = move || {
        move || {
            let (id, village) = (id.get()?, village.get()?);
            may_keep(phone, &village).is_ok().then(|| {
                view! {
                    <BottomBar>
                        <ButtonLink
                            label=say!(i18n, person.move_on)
                            href=links::moving(&id)
                            kind=ButtonKind::Primary
                            sign=Sign::Exchange
                        />
                    </BottomBar>
                }
            })
        }
    };
    let refused = move || {
        let refusal = may_keep(phone, &village.get()?).err()?;
        let why = phone.workspace.with(|workspace| {
            let names = Names::new(i18n, workspace, None);
            tell(i18n, names, None, &Refused::Rule(refusal)).next
        });
        Some(view! { <p class="record-refused">{t_string!(i18n, person.may_not_move, why = why)}</p> })
    };
    let about = move || page.with(|page| page.as_ref().map(|page| about(i18n, page)));
    let reviews = move || page.with(|page| page.as_ref().map(|page| reviews(i18n, &page.reviews)));
    let posts = move || page.with(|page| page.as_ref().map(|page| posts(i18n, page)));
    let points = Signal::derive(move || {
        page.with(|page| {
            let page = page.as_ref()?;
            Some((page.points.clone()?, page.household.as_ref().map(|home| links::account(&page.village, home))))
        })
    });
    let records = Signal::derive(move || page.with(|page| page.as_ref().map(|page| page.records.clone())));
    let story = Signal::derive(move || page.with(|page| page.as_ref().map(|page| page.story.clone())));
    view! {
        <Frame title subtitle back narrow=true bar>
            <Refused_ asking />
            {about}
            {reviews}
            {posts}
            <PointsCard points village title=say!(i18n, person.points) />
            <RecordsCard records first />
            <StoryCard story village asking />
            {refused}
        </Frame>
    }
}

/// What the roster says: badges, facts, the household, and entries that may be of the same person.
fn about(i18n: Words, page: &person::PersonPage) -> AnyView {
    let marks = badges(i18n, &page.row)
        .into_iter()
        .map(|(kind, label)| view! { <Badge kind label=label.to_owned() /> })
        .collect_view();
    let mut facts: Vec<(String, String)> = Vec::new();
    let mut fact = |label: &str, value: String| facts.push((label.to_owned(), value));
    if let Some(year) = page.row.birth_year {
        fact(t_string!(i18n, person.born), year.to_string());
    }
    if page.row.head {
        fact(t_string!(i18n, person.position), t_string!(i18n, words.head).to_owned());
    }
    if let Some(at) = whereabouts(i18n, &page.at) {
        fact(t_string!(i18n, person.at), at);
    }
    if !page.merged.is_empty() {
        fact(t_string!(i18n, person.merged), t_string!(i18n, person.merged_count, count = page.merged.len()));
    }
    let is_away = page.at != Whereabouts::Here;
    let banner = is_away.then(|| {
        let at = whereabouts(i18n, &page.at).unwrap_or_default();
        view! { <Banner title=at next=say!(i18n, person.away_note) /> }
    });
    let home = page.household.as_ref().map(|home| {
        let dwelling = words::dwelling(i18n, &page.row.group, &page.row.household);
        let href = links::household(home, &page.village);
        view! { <ListRow title=say!(i18n, person.household) subtitle=dwelling sign=Sign::People href /> }
    });
    let twins = (!page.twins.is_empty()).then(|| {
        let subtitle = t_string!(i18n, person.twins_here, count = page.twins.len());
        let href = links::twins(&page.village);
        view! { <ListRow title=say!(i18n, person.twins) subtitle sign=Sign::Warning href /> }
    });
    view! {
        {banner}
        <p class="cluster">{marks}</p>
        <Facts facts=Signal::derive(move || facts.clone()) />
        <List label=say!(i18n, person.household)>{home} {twins}</List>
    }
    .into_any()
}

/// Says where somebody is; nothing of those who are here.
pub(super) fn whereabouts(i18n: Words, at: &Whereabouts) -> Option<String> {
    Some(match at {
        Whereabouts::Here => return None,
        Whereabouts::Expected(day) => t_string!(i18n, person.expected, day = words::date(i18n, *day)),
        Whereabouts::Left(day, None) => t_string!(i18n, person.left, day = words::date(i18n, *day)),
        Whereabouts::Left(day, Some(unit)) => {
            t_string!(i18n, person.left_to, day = words::date(i18n, *day), unit = unit.clone())
        }
        Whereabouts::Died(day) => t_string!(i18n, person.died, day = words::date(i18n, *day)),
    })
}

fn reviews(i18n: Words, reviews: &[Review]) -> AnyView {
    if reviews.is_empty() {
        return ().into_any();
    }
    let rows = reviews.iter().cloned().map(|review| review_row(i18n, review)).collect_view();
    view! {
        <Card title=say!(i18n, person.reviews) note=say!(i18n, person.reviews_note)>
            <List label=say!(i18n, person.reviews)>{rows}</List>
        </Card>
    }
    .into_any()
}

fn review_row(i18n: Words, review: Review) -> impl IntoView {
    let stage = words::stage_or_seal(i18n, review.stage, review.sealed).to_owned();
    let roll = review.roll.map(|roll| words::roll(i18n, Some(roll)).to_owned()).unwrap_or_default();
    let subtitle = joined(&[words::date(i18n, review.id.date), stage, roll]);
    let href = links::meeting(&review.id, MeetingPage::Result);
    let stars = review.decided.map(|stars| match stars {
        Some(count) => view! { <Stars count text=words::stars(i18n, stars) /> }.into_any(),
        None => view! { <Badge kind=BadgeKind::Plain label=say!(i18n, person.no_grade) /> }.into_any(),
    });
    view! {
        <ListRow title=review.title subtitle href>
            {stars}
        </ListRow>
    }
}

fn posts(i18n: Words, page: &person::PersonPage) -> AnyView {
    if page.posts.is_empty() && page.periods.is_empty() {
        return ().into_any();
    }
    let post = |post: Post| {
        let until = match (post.differs, post.until) {
            (true, _) => t_string!(i18n, person.post_differs, from = words::date(i18n, post.from)),
            (false, None) => t_string!(i18n, person.post_since, from = words::date(i18n, post.from)),
            (false, Some(last)) => {
                t_string!(i18n, person.post_until, from = words::date(i18n, post.from), last = words::date(i18n, last))
            }
        };
        view! { <ListRow title=post.name subtitle=until /> }
    };
    let period = |(period, outcome): (Period, PeriodOutcome)| {
        let title = match period {
            Period::Quarter(quarter) => quarter_name(i18n, quarter),
            Period::Year(year) => t_string!(i18n, person.year, year = year),
        };
        let (subtitle, stars) = outcome_words(i18n, outcome);
        view! {
            <ListRow title subtitle>
                {stars.map(|count| view! { <Stars count text=words::stars(i18n, Some(count)) /> })}
            </ListRow>
        }
    };
    let posts = page.posts.iter().cloned().map(post).collect_view();
    let periods = page.periods.iter().copied().map(period).collect_view();
    view! {
        <Card title=say!(i18n, person.posts) note=say!(i18n, person.posts_note)>
            <List label=say!(i18n, person.posts)>
                {posts} {periods} <ListRow title=say!(i18n, person.posts_all) href=links::POSTS />
            </List>
        </Card>
    }
    .into_any()
}

/// Names a quarter.
pub(super) fn quarter_name(i18n: Words, quarter: shared::time::Quarter) -> String {
    let (year, number) = quarter.parts();
    t_string!(i18n, person.quarter, year = year, number = number)
}

fn outcome_words(i18n: Words, outcome: PeriodOutcome) -> (String, Option<u8>) {
    match outcome {
        PeriodOutcome::NoRecord => (t_string!(i18n, person.no_record).to_owned(), None),
        PeriodOutcome::TooFew { have, need } => (t_string!(i18n, person.too_few, have = have, need = need), None),
        PeriodOutcome::Scales => (t_string!(i18n, person.scales).to_owned(), None),
        PeriodOutcome::Rated { months, stars } => {
            let mean = t_string!(i18n, person.rated, mean = stars.published.to_string(), months = months);
            (mean, Some(stars.stars))
        }
    }
}

/// Tells whether the holder may move and merge people of a village, or why not.
pub(super) fn may_keep(phone: Phone, village: &UnitCode) -> Result<(), Refusal> {
    phone.me.with(|me| match me {
        Some(me) if !me.roles.any(KEEPERS) => Err(Refusal::Role { needs: KEEPERS }),
        Some(me) if me.villages.contains(village) => Ok(()),
        _ => Err(Refusal::OtherVillage),
    })
}

/// Follows the person whom the address names.
pub(super) fn asked_person() -> Memo<Option<PersonId>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("id")).and_then(|text| PersonId::new(&text).ok()))
}

/// Returns the day by this phone's clock.
pub(super) fn today() -> Option<Date> {
    moment(clock::now()).map(|moment| moment.date)
}

/// Joins what is known with dots.
pub(super) fn joined(parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" · ")
}

/// Says that no roster that is here has them.
pub(super) fn gone(i18n: Words) -> impl IntoView {
    view! {
        <Frame title=say!(i18n, person.title) back=links::HOME>
            <EmptyState sign=Sign::People title=say!(i18n, person.gone) text=say!(i18n, person.gone_text)>
                <ButtonLink label=say!(i18n, common.go_home) href=links::HOME />
            </EmptyState>
        </Frame>
    }
}
