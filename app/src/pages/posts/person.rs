//! One person's month: the facts, what was said of it, the scores, what comes next, and both series of stars.

mod facts;
mod said;
mod series;

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::hooks::use_params_map;
use shared::domain::command::Refusal as Refused;
use shared::domain::post::MonthStage;
use shared::id::{PersonId, UnitCode};
use shared::time::Month;

use self::facts::FactsCard;
use self::said::{SaidCards, Saying, SayingDialog};
use self::series::SeriesCards;
use super::Place;
use super::together::{Asked, Step, TogetherDialog};
use super::words::{STAGES, badge, month as say_month, stage, stars, word};
use crate::pages::asking::Refusal;
use crate::pages::frame::Frame;
use crate::pages::words;
use crate::say;
use crate::state::links::{self, PostsPage};
use crate::state::posts::month_named;
use crate::state::posts::sheet::{self, MonthSheet};
use crate::ui::badge::Badge;
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::button::{Button, ButtonKind, ButtonLink};
use crate::ui::card::Card;
use crate::ui::empty_state::EmptyState;
use crate::ui::icon::Sign;
use crate::ui::stage_bar::StageBar;
use crate::ui::stars::Stars;

/// What every part of the page sees.
#[derive(Clone, Copy)]
struct Page {
    place: Place,
    person: StoredValue<PersonId>,
    sheet: Memo<Option<MonthSheet>>,
    saying: RwSignal<Option<Saying>>,
}

impl Page {
    /// Reads a part of the month, while it is here.
    fn read<T>(self, part: impl FnOnce(&MonthSheet) -> T) -> Option<T> {
        self.sheet.with(|sheet| sheet.as_ref().map(part))
    }
}

/// What stands at one person's month.
#[component]
pub fn PersonMonthPage() -> impl IntoView {
    let params = use_params_map();
    let known = Memo::new(move |_| {
        let part = |name: &str| params.with(|params| params.get(name));
        let code = part("village").and_then(|text| UnitCode::new(&text).ok())?;
        let month = part("month").and_then(|text| month_named(&text))?;
        Some((code, month, part("person").and_then(|text| text.parse::<PersonId>().ok())?))
    });
    move || match known.get() {
        Some((code, month, person)) => view! { <PersonMonth code month person /> }.into_any(),
        None => view! { <super::NotFound /> }.into_any(),
    }
}

#[component]
fn PersonMonth(code: UnitCode, month: Month, person: PersonId) -> impl IntoView {
    let back = links::posts(&code, PostsPage::Month, month);
    let place = Place::new(code, month);
    let i18n = place.i18n;
    let person = StoredValue::new(person);
    let sheet = place.follow(move |workspace, me, code| {
        person.with_value(|person| sheet::sheet(workspace, me, code, person, month))
    });
    let sheet = Memo::new(move |_| sheet.get().flatten());
    let page = Page { place, person, sheet, saying: RwSignal::new(None) };
    let is_here = Memo::new(move |_| sheet.with(Option::is_some));
    let title = Signal::derive(move || {
        let named = |sheet: &MonthSheet| match sheet.note.is_empty() {
            true => sheet.name.clone(),
            false => t_string!(i18n, words.aside, what = sheet.name.clone(), inside = sheet.note.clone()),
        };
        page.read(named).unwrap_or_default()
    });
    let subtitle = Signal::derive(move || {
        let posts = page.read(|sheet| sheet.posts.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>());
        let posts = posts.filter(|posts| !posts.is_empty()).map(|posts| words::list(i18n, &posts));
        let posts = posts.unwrap_or_else(|| t_string!(i18n, posts.no_post).to_owned());
        format!("{} · {posts}", say_month(i18n, month))
    });
    view! {
        <Frame title subtitle back narrow=true>
            <Show
                when=move || is_here.get()
                fallback=move || {
                    view! {
                        <EmptyState
                            sign=Sign::Paper
                            title=say!(i18n, posts.gone)
                            text=say!(i18n, posts.gone_text)
                        />
                    }
                }
            >
                <Refusal asking=place.asking />
                <Head page />
                <Next page />
                <FactsCard page />
                <SaidCards page />
                <ScoresCard page />
                <SeriesCards page />
                <SayingDialog page />
            </Show>
        </Frame>
    }
}

/// Where the month stands.
#[component]
fn Head(page: Page) -> impl IntoView {
    let i18n = page.place.i18n;
    let stages = Signal::derive(move || STAGES.map(|at| stage(i18n, at).to_owned()).to_vec());
    let at = Memo::new(move |_| page.read(|sheet| sheet.stage).unwrap_or_default());
    let current = Signal::derive(move || STAGES.iter().position(|stage| *stage == at.get()).unwrap_or_default());
    let head = move || {
        page.read(|sheet| (sheet.word, sheet.stars)).map(|(said, given)| {
            let label = Signal::derive(move || word(i18n, said).to_owned());
            let given = given.map(|given| {
                let text = Signal::derive(move || stars(i18n, given));
                view! { <Stars count=given.stars text /> <span>{text}</span> }
            });
            view! {
                <div class="record-head">
                    <Badge kind=badge(said) label />
                    {given}
                </div>
            }
        })
    };
    view! {
        {head}
        <StageBar label=say!(i18n, posts.stages) stages current />
    }
}

/// The next step as a button, or why it waits for somebody else.
#[component]
fn Next(page: Page) -> impl IntoView {
    let Page { place, person, saying, .. } = page;
    let i18n = place.i18n;
    let asked = RwSignal::new(None::<Asked>);
    let next = Memo::new(move |_| page.read(|sheet| (sheet.stage, sheet.duties.clone(), sheet.excused.clone())));
    let body = move || {
        let (stage, duties, excused) = next.get()?;
        if let Some((decision, _)) = excused.iter().find(|(_, excuses)| *excuses) {
            let title = t_string!(i18n, posts.excused_by, decision = decision.clone());
            return Some(view! { <Banner title /> }.into_any());
        }
        let people = move || BTreeSet::from([person.get_value()]);
        let say_it = move |what: Saying| Callback::new(move |()| saying.set(Some(what.clone())));
        let together = move |step: Step| Callback::new(move |()| asked.set(Some((step, people()))));
        let (name, may, go) = match stage {
            MonthStage::LogOpen => (t_string!(i18n, posts.statement_write), duties.state, say_it(Saying::Statement)),
            MonthStage::SelfStated => (t_string!(i18n, posts.review_write), duties.review, say_it(Saying::Review)),
            MonthStage::Reviewed => {
                return Some(step(
                    place,
                    t_string!(i18n, posts.score_go),
                    duties.score,
                    Go::To(place.link(PostsPage::Scores)),
                ));
            }
            MonthStage::Scored => (t_string!(i18n, posts.show_title), duties.show, together(Step::Show)),
            MonthStage::Shown => (t_string!(i18n, posts.confirm_title), duties.confirm, together(Step::Confirm)),
            MonthStage::Confirmed => return None,
        };
        Some(step(place, name, may, Go::Press(go)))
    };
    view! {
        {move || {
            body()
                .map(|body| {
                    view! {
                        <Card title=say!(i18n, posts.next_steps)>
                            <div class="record-steps">{body}</div>
                        </Card>
                    }
                })
        }}
        <TogetherDialog place asked />
    }
}

/// Where a step leads.
enum Go {
    /// To another page.
    To(String),
    /// To what this calls.
    Press(Callback<()>),
}

fn step(place: Place, name: &'static str, may: Result<(), Refused>, go: Go) -> AnyView {
    match (may, go) {
        (Ok(()), Go::To(href)) => {
            view! { <ButtonLink label=name.to_owned() href kind=ButtonKind::Primary wide=true /> }.into_any()
        }
        (Ok(()), Go::Press(go)) => view! {
            <Button label=name.to_owned() on_press=go kind=ButtonKind::Primary busy=place.asking.busy wide=true />
        }
        .into_any(),
        (Err(why), _) => {
            let said = t_string!(place.i18n, posts.step_not, step = name, why = place.why(&why));
            view! { <p class="record-refused">{said}</p> }.into_any()
        }
    }
}

/// The score of each post held, and the way to give one again.
#[component]
fn ScoresCard(page: Page) -> impl IntoView {
    let Page { place, .. } = page;
    let i18n = place.i18n;
    let known = Memo::new(move |_| {
        page.read(|sheet| (sheet.posts.clone(), sheet.scores.clone(), sheet.stage, sheet.duties.score.is_ok()))
    });
    let line = move |(name, given): (String, Option<Vec<String>>)| {
        let said = match given.as_deref() {
            None | Some([]) => t_string!(i18n, posts.score_not).to_owned(),
            Some([one]) => one.clone(),
            Some(several) => t_string!(i18n, posts.score_apart, scores = words::list(i18n, several)),
        };
        let is_apart = given.is_some_and(|given| given.len() > 1);
        view! {
            <div class="record-field">
                <dt>{name}</dt>
                <dd data-apart=is_apart.then_some("")>{said}</dd>
            </div>
        }
    };
    move || {
        let (posts, scores, stage, may) = known.get()?;
        let given = |name: &String| scores.iter().find(|(post, _)| post == name).map(|(_, given)| given.clone());
        let lines: Vec<_> =
            posts.into_iter().map(|(_, name)| (given(&name), name)).map(|(g, n)| line((n, g))).collect();
        let again = (may && stage > MonthStage::Reviewed && stage < MonthStage::Confirmed).then(|| {
            let href = place.link(PostsPage::Scores);
            view! { <ButtonLink label=say!(i18n, posts.score_go) href /> }
        });
        Some(view! {
            <Card title=say!(i18n, posts.scores)>
                <dl>{lines}</dl>
                {again}
            </Card>
        })
    }
}

/// A warning about something in the month.
fn warning(title: String, next: String) -> impl IntoView {
    view! { <Banner kind=BannerKind::Warning title next /> }
}
