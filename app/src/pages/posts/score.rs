//! Scoring a month: one post of one person at a time, figures under the thumb, the next by itself.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::PostCommand;
use shared::domain::rulebook::post::PostRule;
use shared::id::{CategoryId, PersonId, UnitCode};
use shared::time::Month;

use super::words::month as say_month;
use super::{Place, for_month};
use crate::pages::asking::Refusal;
use crate::pages::frame::Frame;
use crate::pages::words;
use crate::say;
use crate::state::links::{self, PostsPage};
use crate::state::posts::scores::{ScoreLine, Typed, Untaken, first_open, lines};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::card::Card;
use crate::ui::empty_state::EmptyState;
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};
use crate::ui::number_pad::NumberPad;
use crate::ui::progress::Progress;

/// What stands at the scores of a month.
#[component]
pub fn ScoresPage() -> impl IntoView {
    for_month(|code, month| view! { <Scores code month /> }.into_any())
}

#[component]
fn Scores(code: UnitCode, month: Month) -> impl IntoView {
    let back = links::posts(&code, PostsPage::Month, month);
    let place = Place::new(code, month);
    let i18n = place.i18n;
    let all = place.follow(move |workspace, me, code| lines(workspace, me, code, month));
    let all = Memo::new(move |_| all.get().unwrap_or_default());
    let rule = place.follow(move |workspace, _, code| {
        let rule = workspace.villages.get(code).and_then(|village| village.posts.rule(month.quarter()));
        rule.map(|rule| PostRule::clone(rule))
    });
    let rule = Memo::new(move |_| rule.get().flatten());
    // Somebody chosen to be scored again comes before the first one that is open.
    let chosen = RwSignal::new(None::<usize>);
    let current = Memo::new(move |_| {
        let at = chosen.get().or_else(|| all.with(|all| first_open(all)))?;
        all.with(|all| all.get(at).cloned())
    });
    let of_viewer = move |is_given: bool| {
        all.with(|all| all.iter().filter(|line| line.may.is_ok() && (!is_given || !line.is_open)).count())
    };
    let title = Signal::derive(move || t_string!(i18n, posts.score_title, month = say_month(i18n, month)));
    let is_empty = Memo::new(move |_| all.with(Vec::is_empty));
    let body = move || match is_empty.get() {
        true => view! {
            <EmptyState
                sign=Sign::Pencil
                title=say!(i18n, posts.score_nothing)
                text=say!(i18n, posts.score_nothing_text)
            />
        }
        .into_any(),
        false => view! {
            <Progress
                label=say!(i18n, posts.score_progress)
                done=Signal::derive(move || of_viewer(true))
                total=Signal::derive(move || of_viewer(false))
            />
            <Under place current rule chosen />
            <Given place all chosen />
        }
        .into_any(),
    };
    view! {
        <Frame title back narrow=true>
            <Refusal asking=place.asking />
            {body}
        </Frame>
    }
}

/// Who is under the thumb, and the figures.
#[component]
fn Under(
    place: Place,
    current: Memo<Option<ScoreLine>>,
    rule: Memo<Option<PostRule>>,
    chosen: RwSignal<Option<usize>>,
) -> impl IntoView {
    let i18n = place.i18n;
    let (typed, untaken) = (RwSignal::new(Typed::default()), RwSignal::new(None::<Untaken>));
    // Figures typed for one are not another's.
    let whose =
        Memo::new(move |_| current.with(|line| line.as_ref().map(|line| (line.person.clone(), line.post.clone()))));
    let owner = RwSignal::new(None::<(PersonId, CategoryId)>);
    let press = move |change: &dyn Fn(&mut Typed, &PostRule) -> Result<(), Untaken>| {
        let Some(rule) = rule.get_untracked() else { return };
        if owner.get_untracked() != whose.get_untracked() {
            owner.set(whose.get_untracked());
            typed.set(Typed::default());
        }
        let mut next = typed.get_untracked();
        untaken.set(change(&mut next, &rule).err());
        typed.set(next);
    };
    let shown = Signal::derive(move || match owner.get() == whose.get() {
        true => typed.with(|typed| typed.text().to_owned()),
        false => String::new(),
    });
    let enter = move |()| {
        let Some(line) = current.get_untracked().filter(|_| owner.get_untracked() == whose.get_untracked()) else {
            return;
        };
        let Some(points) = typed.with_untracked(Typed::points) else { return };
        let (person, post) = (line.person, line.post);
        place.ask(PostCommand::Score { person, month: place.month, post, points }, move || {
            let _ = typed.try_set(Typed::default());
            let _ = chosen.try_set(None);
        });
    };
    let label = Signal::derive(move || {
        let max = rule.with(|rule| rule.as_ref().map(|rule| rule.max).unwrap_or_default());
        let post = current.with(|line| line.as_ref().map(|line| line.post_name.clone()).unwrap_or_default());
        t_string!(i18n, posts.score_of, post = post, max = max)
    });
    let error = Signal::derive(move || match untaken.get() {
        Some(Untaken::AboveMax(max)) => t_string!(i18n, posts.above, max = max),
        Some(Untaken::TooFine) => t_string!(i18n, posts.too_fine).to_owned(),
        None => String::new(),
    });
    let name = Signal::derive(move || {
        let named = |line: &ScoreLine| match line.note.is_empty() {
            true => line.name.clone(),
            false => t_string!(i18n, words.aside, what = line.name.clone(), inside = line.note.clone()),
        };
        current.with(|line| line.as_ref().map(named).unwrap_or_default())
    });
    let facts = Signal::derive(move || {
        let facts = current.with(|line| line.as_ref().map(|line| line.facts).unwrap_or_default());
        t_string!(i18n, posts.score_facts, facts = facts)
    });
    let review = move || {
        let words = current.with(|line| line.as_ref().map(|line| line.review.clone()).unwrap_or_default());
        (!words.is_empty()).then(|| {
            let words = words::list(i18n, &words);
            view! { <p>{t_string!(i18n, posts.score_review, words = words)}</p> }
        })
    };
    let is_scoring = Memo::new(move |_| current.with(Option::is_some));
    view! {
        <Show
            when=move || is_scoring.get()
            fallback=move || {
                view! {
                    <Banner
                        kind=BannerKind::Done
                        title=say!(i18n, posts.score_all)
                        next=say!(i18n, posts.score_all_next)
                    />
                }
            }
        >
            <Card title=name note=facts>
                {review}
                <NumberPad
                    label
                    shown
                    error
                    on_digit=move |figure| press(&|typed, rule| typed.digit(figure, rule))
                    on_point=move |()| press(&|typed, _| typed.point())
                    on_erase=move |()| {
                        press(&|typed, _| {
                            typed.erase();
                            Ok(())
                        })
                    }
                    on_enter=enter
                    erase_label=say!(i18n, posts.erase)
                    enter_label=say!(i18n, posts.enter)
                    point_label=say!(i18n, posts.point)
                />
            </Card>
        </Show>
    }
}

/// What was scored so far, and what somebody else has to score.
#[component]
fn Given(place: Place, all: Memo<Vec<ScoreLine>>, chosen: RwSignal<Option<usize>>) -> impl IntoView {
    let i18n = place.i18n;
    let given = move || {
        let given = all.get().into_iter().enumerate().filter(|(_, line)| line.may.is_ok() && !line.given.is_empty());
        let row = |(at, line): (usize, ScoreLine)| {
            let subtitle = match line.given.as_slice() {
                [one] => format!("{} · {one}", line.post_name),
                several => {
                    let scores = t_string!(i18n, posts.score_apart, scores = words::list(i18n, several));
                    format!("{} · {scores}", line.post_name)
                }
            };
            let press = Callback::new(move |()| chosen.set(Some(at)));
            view! { <ListRow title=line.name subtitle on_press=press /> }
        };
        let rows: Vec<_> = given.map(row).collect();
        (!rows.is_empty()).then(|| {
            view! {
                <Card title=say!(i18n, posts.score_list) note=say!(i18n, posts.score_again)>
                    <List>{rows}</List>
                </Card>
            }
        })
    };
    let others = move || {
        let others = all.get().into_iter().filter_map(|line| Some((line.may.clone().err()?, line)));
        let row = |(why, line): (_, ScoreLine)| {
            let title = t_string!(i18n, words.aside, what = line.name, inside = line.post_name);
            view! { <ListRow title subtitle=place.why(&why) /> }
        };
        let rows: Vec<_> = others.map(row).collect();
        (!rows.is_empty()).then(|| view! { <Card title=say!(i18n, posts.score_others)><List>{rows}</List></Card> })
    };
    view! {
        {given}
        {others}
    }
}
