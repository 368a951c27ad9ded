//! What comes next in a quarter and what stands in its way: what may be done as buttons, what may not with the reason.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::assessment::Blocker;
use shared::domain::command::AssessmentCommand;
use shared::id::{PersonId, UnitCode};

use super::wish::Wish;
use super::{Page, told};
use crate::pages::blocker::{Names, Told};
use crate::pages::words;
use crate::platform::clock;
use crate::say;
use crate::state::home;
use crate::state::moment::moment;
use crate::state::quarter::notice::posted;
use crate::state::quarter::{Deed, DeedView, blockers, deeds, is_out_of_time, may, may_cancel};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::disclosure::Disclosure;

/// How many things that stand in the way are listed at once: what fits two screens of a phone.
const SHOWN: usize = 12;

/// The card of what comes next.
#[component]
pub(super) fn NextCard(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let deeds = Memo::new(move |_| page.read(deeds).unwrap_or_default());
    let proposed = Memo::new(move |_| {
        page.read(|workspace, _, assessment| {
            let proposal = assessment.proposal()?;
            let names = Names::new(i18n, workspace, None);
            Some(names.author(proposal.voice.author.holder.as_ref()))
        })
        .flatten()
    });
    let body = move || {
        let deeds = deeds.get();
        if deeds.is_empty() {
            return view! { <p class="soft">{say!(i18n, quarter.nothing_next)}</p> }.into_any();
        }
        let again = proposed.with(Option::is_some);
        let first = deeds.iter().position(|view| view.may.is_ok());
        let rows = deeds.into_iter().enumerate();
        let rows = rows.map(|(place, view)| deed(page, view, Some(place) == first, again)).collect_view();
        view! { <div class="record-steps">{rows}</div> }.into_any()
    };
    let waiting = move || {
        proposed.get().map(|name| {
            let title = t_string!(i18n, quarter.proposed, name = name);
            view! { <Banner title next=say!(i18n, quarter.proposed_next) /> }
        })
    };
    view! { <Card title=say!(i18n, quarter.next)>{waiting} {body}</Card> }
}

fn deed(page: Page, view: DeedView, is_main: bool, again: bool) -> AnyView {
    let i18n = page.i18n;
    let name = told::deed(i18n, view.deed, again);
    match view.may {
        Ok(()) => {
            let kind = if is_main { ButtonKind::Primary } else { ButtonKind::Secondary };
            let wish = view.deed;
            let press = move |()| match untrack(|| early(page, wish)) {
                Some(asked) => page.wish.set(Some(asked)),
                None => page.asking.ask(page.command(wish.command("")), || {}),
            };
            view! { <Button label=name.to_owned() on_press=press kind busy=page.asking.busy wide=true /> }.into_any()
        }
        Err(refusal) => {
            let why = told::why(i18n, page.phone, &refusal);
            view! { <p class="record-refused">{t_string!(i18n, quarter.deed_not, deed = name, why = why)}</p> }
                .into_any()
        }
    }
}

/// Asks once more before a result is confirmed whose notice is still running.
fn early(page: Page, deed: Deed) -> Option<Wish> {
    let i18n = page.i18n;
    let today = moment(clock::now()).map(|moment| moment.date);
    let stands = page.read(|_, _, assessment| posted(assessment, today)).flatten();
    let stands = stands.filter(|stands| deed == Deed::Confirm && !stands.is_over)?;
    Some(Wish {
        title: told::deed(i18n, deed, false).to_owned(),
        text: t_string!(i18n, quarter.confirm_early, until = words::date(i18n, stands.until)),
        reason: String::new(),
        needs_reason: false,
        is_danger: false,
        make: Callback::new(move |reason: String| page.command(deed.command(&reason))),
    })
}

/// The way to end the quarter without a result, folded away.
#[component]
pub(super) fn Cancelling(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let view = Memo::new(move |_| page.read(may_cancel).flatten());
    move || {
        let view = view.get()?;
        let body = match view.may {
            Ok(()) => {
                let press = move |()| {
                    page.wish.set(Some(Wish {
                        title: t_string!(i18n, quarter.cancel).to_owned(),
                        text: t_string!(i18n, quarter.cancel_text).to_owned(),
                        reason: t_string!(i18n, quarter.reason).to_owned(),
                        needs_reason: true,
                        is_danger: true,
                        make: Callback::new(move |reason: String| page.command(Deed::Cancel.command(&reason))),
                    }));
                };
                view! { <Button label=say!(i18n, quarter.cancel) on_press=press kind=ButtonKind::Danger /> }.into_any()
            }
            Err(refusal) => view! { <p class="record-refused">{told::why(i18n, page.phone, &refusal)}</p> }.into_any(),
        };
        Some(view! { <Disclosure summary=say!(i18n, quarter.more)>{body}</Disclosure> })
    }
}

/// What has to be settled first, with what the lead can do about it.
#[component]
pub(super) fn BlockersCard(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let all = Memo::new(move |_| {
        page.read(|workspace, me, assessment| {
            let names = Names::new(i18n, workspace, None);
            let told = |one: Blocker| (told::blocker(i18n, names, &one), visit(&one));
            let told: Vec<(Told, Option<Visit>)> = blockers(workspace, me, assessment).into_iter().map(told).collect();
            // Who may not speak about visits is offered no button for it.
            let speaks = told.iter().find_map(|(_, visit)| visit.clone()).is_some_and(|visit| {
                let asked = may(workspace, me, assessment.quarter, visit.command(!visit.unvisited, "-"));
                asked.is_ok() || may(workspace, me, assessment.quarter, visit.command(visit.unvisited, "-")).is_ok()
            });
            (told, speaks)
        })
        .unwrap_or_default()
    });
    move || {
        let (told, speaks) = all.get();
        (!told.is_empty()).then(|| {
            let more = told.len().saturating_sub(SHOWN);
            let rows = told.into_iter().take(SHOWN).map(|(told, visit)| {
                let buttons = visit.filter(|_| speaks).map(|visit| buttons(page, visit));
                view! {
                    <Banner kind=BannerKind::Warning title=told.what next=told.next>
                        {buttons}
                    </Banner>
                }
            });
            let rows = rows.collect_view();
            let more = (more > 0).then(|| {
                view! { <p class="soft">{t_string!(i18n, quarter.and_more, count = more)}</p> }
            });
            view! { <Card title=say!(i18n, quarter.in_the_way)><div class="stack">{rows} {more}</div></Card> }
        })
    }
}

/// A card about which the lead can say whether the assessor visited.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Visit {
    assessor: PersonId,
    village: UnitCode,
    /// Whether the lead has said that they did not.
    unvisited: bool,
    /// Whether both can be said.
    both: bool,
}

impl Visit {
    fn command(&self, unvisited: bool, reason: &str) -> AssessmentCommand {
        let (assessor, village) = (self.assessor.clone(), self.village.clone());
        AssessmentCommand::MarkUnvisited { assessor, village, unvisited, reason: reason.to_owned() }
    }
}

fn visit(blocker: &Blocker) -> Option<Visit> {
    let (assessor, village, unvisited, both) = match blocker {
        Blocker::Missing { assessor, village, .. } => (assessor, village, false, false),
        Blocker::VisitedAfterAll { assessor, village } => (assessor, village, true, false),
        Blocker::VisitDiffers { assessor, village } => (assessor, village, true, true),
        _ => return None,
    };
    Some(Visit { assessor: assessor.clone(), village: village.clone(), unvisited, both })
}

fn buttons(page: Page, visit: Visit) -> AnyView {
    let i18n = page.i18n;
    let back = (visit.unvisited || visit.both).then(|| {
        let back = visit.command(false, "");
        let press = move |()| page.asking.ask(page.command(back.clone()), || {});
        view! { <Button label=say!(i18n, quarter.take_back) on_press=press /> }
    });
    let mark = (!visit.unvisited || visit.both).then(|| {
        let press = move |()| mark_unvisited(page, &visit.assessor, &visit.village);
        view! { <Button label=say!(i18n, quarter.mark_unvisited) on_press=press /> }
    });
    view! { <div class="cluster">{back} {mark}</div> }.into_any()
}

/// Asks why somebody did not visit a village.
pub(super) fn mark_unvisited(page: Page, assessor: &PersonId, village: &UnitCode) {
    let i18n = page.i18n;
    let (name, place) = page.phone.workspace.with_untracked(|workspace| {
        (Names::new(i18n, workspace, None).person(assessor), home::name(workspace, village))
    });
    let visit = Visit { assessor: assessor.clone(), village: village.clone(), unvisited: false, both: false };
    let told = t_string!(i18n, quarter.unvisited_title, name = name, village = place);
    let text = words::sentences(i18n, &[told, t_string!(i18n, quarter.unvisited_text).to_owned()]);
    page.wish.set(Some(Wish {
        title: t_string!(i18n, quarter.mark_unvisited).to_owned(),
        text,
        reason: t_string!(i18n, quarter.unvisited_reason).to_owned(),
        needs_reason: false,
        is_danger: false,
        make: Callback::new(move |reason: String| page.command(visit.command(true, &reason))),
    }));
}

/// Tells whether a refusal has words worth showing where a button is not offered.
pub(super) fn worth_saying(refusal: &shared::domain::command::Refusal) -> bool {
    !is_out_of_time(refusal)
}
