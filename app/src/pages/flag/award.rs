//! Awarding the flag on a confirmed quarter: one village, or turns where villages share the first rank.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::Command;

use super::Page;
use crate::pages::quarter::told as quarters;
use crate::pages::words;
use crate::say;
use crate::state::flag::{AwardDraft, Grounds};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::field::{DraftField, FieldKind};

/// The card of what the flag can be awarded on; nothing once it is awarded as it should be.
#[component]
pub(super) fn AwardCard(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let grounds = Memo::new(move |_| page.flag.with(|flag| flag.grounds.clone()));
    let standing = Memo::new(move |_| {
        page.flag.with(|flag| {
            let overturned = flag.awards.iter().any(|award| award.stands && award.overturned);
            let of = flag.awards.iter().find(|award| award.stands && !award.overturned).map(|award| award.quarter);
            (flag.divided, overturned, of.filter(|_| !flag.divided))
        })
    });
    let told = move || {
        let (divided, overturned, _) = standing.get();
        let (title, next) = match (divided, overturned) {
            (true, _) => (say!(i18n, flag.divided), say!(i18n, flag.divided_next)),
            (false, true) => (say!(i18n, flag.overturned_told), say!(i18n, flag.overturned_next)),
            (false, false) => return None,
        };
        Some(view! { <Banner kind=BannerKind::Warning title next /> })
    };
    let body = move || {
        let Some(grounds) = grounds.get() else {
            return Some(view! { <p class="soft">{say!(i18n, flag.no_grounds)}</p> }.into_any());
        };
        // What stands on the latest quarter needs no second award.
        (standing.get().2 != Some(grounds.quarter)).then(|| view! { <Awarding page grounds /> }.into_any())
    };
    move || {
        let (told, body) = (told(), body());
        (told.is_some() || body.is_some()).then(|| view! { <Card title=say!(i18n, flag.award)>{told} {body}</Card> })
    }
}

#[component]
fn Awarding(page: Page, grounds: Grounds) -> impl IntoView {
    let i18n = page.i18n;
    let names: Vec<String> = grounds.first.iter().map(|(_, name)| name.clone()).collect();
    let (quarter, villages) = (quarters::quarter(i18n, grounds.quarter), words::list(i18n, &names));
    let title = t_string!(i18n, flag.grounds, quarter = quarter, villages = villages);
    let form = match grounds.may.clone() {
        Ok(()) => view! { <Form page grounds names /> }.into_any(),
        Err(refusal) => {
            let why = quarters::why(i18n, page.phone, &refusal);
            view! { <p class="record-refused">{t_string!(i18n, flag.award_not, why = why)}</p> }.into_any()
        }
    };
    view! { <p>{title}</p> {form} }
}

#[component]
fn Form(page: Page, grounds: Grounds, names: Vec<String>) -> impl IntoView {
    let i18n = page.i18n;
    let draft = RwSignal::new(AwardDraft::default());
    let several = names.len() > 1;
    let turns = names.len();
    let needs_reason = grounds.needs_reason;
    let grounds = StoredValue::new(grounds);
    let options = Signal::derive(move || {
        let one = |name: &String| ChoiceOption::new(t_string!(i18n, flag.award_to, village = name.clone()));
        let turns = ChoiceOption::new(t_string!(i18n, flag.award_alternate));
        names.iter().map(one).chain([turns]).collect::<Vec<_>>()
    });
    let tried = RwSignal::new(false);
    let wish = Memo::new(move |_| grounds.with_value(|grounds| draft.with(|draft| draft.wish(grounds))));
    let lacks_reason = move || needs_reason && draft.with(|draft| draft.reason.trim().is_empty());
    let go = move |()| {
        tried.set(true);
        let Some(award) = wish.get_untracked().filter(|_| !untrack(lacks_reason)) else { return };
        page.asking.ask(Command::Flag(award), || {});
    };
    let shared = several.then(|| {
        view! {
            <p class="soft small">{say!(i18n, flag.award_shared)}</p>
            <Choice
                label=say!(i18n, flag.award)
                options
                selected=Signal::derive(move || Some(draft.with(|draft| draft.choice)))
                on_choose=move |place| draft.update(|draft| draft.choice = place)
            />
            <Show when=move || draft.with(|draft| draft.choice) == turns>
                <DraftField
                    draft
                    text=|draft| &mut draft.weeks
                    label=say!(i18n, flag.weeks)
                    kind=FieldKind::Number
                    error=Signal::derive(move || match tried.get() && wish.with(Option::is_none) {
                        true => t_string!(i18n, flag.weeks_wrong).to_owned(),
                        false => String::new(),
                    })
                />
            </Show>
        }
    });
    let reason = needs_reason.then(|| {
        view! {
            <DraftField
                draft
                text=|draft| &mut draft.reason
                label=say!(i18n, flag.reason)
                kind=FieldKind::Area
                error=Signal::derive(move || match tried.get() && lacks_reason() {
                    true => t_string!(i18n, registers.reason_missing).to_owned(),
                    false => String::new(),
                })
            />
        }
    });
    view! {
        {shared}
        {reason}
        <Button label=say!(i18n, flag.award) on_press=go kind=ButtonKind::Primary busy=page.asking.busy wide=true />
    }
}
