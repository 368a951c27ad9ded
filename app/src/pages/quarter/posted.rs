//! Additions, deductions and vetoes of a quarter: those made, with who made them, and the form for one more.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::AssessmentCommand;
use shared::id::UnitCode;

use super::next::worth_saying;
use super::wish::Wish;
use super::{Page, told};
use crate::say;
use crate::state::quarter::posted::{KINDS, PostedDraft, PostedFault, PostedKind, PostedRow, may_post, rows};
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::disclosure::Disclosure;
use crate::ui::field::{DraftField, FieldKind, Select};

/// The card of what counts beside the cards.
#[component]
pub(super) fn PostedCard(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let all = Memo::new(move |_| page.read(rows).unwrap_or_default());
    let caps = move || {
        page.settings(|settings| {
            let (bonus, deduction) = (settings.rule.bonus_cap, settings.rule.deduction_cap);
            let (bonus, deduction) = (told::cap(i18n, bonus), told::cap(i18n, deduction));
            t_string!(i18n, quarter.caps, bonus = bonus, deduction = deduction)
        })
    };
    let list = move || {
        let rows = all.get();
        if rows.is_empty() {
            return view! { <p class="soft">{say!(i18n, quarter.posted_none)}</p> }.into_any();
        }
        let rows = rows.into_iter().map(|one| row(page, one)).collect_view();
        view! { <ul class="list" role="list">{rows}</ul> }.into_any()
    };
    let may = Memo::new(move |_| page.read(may_post));
    let add = move || match may.get()? {
        Ok(()) => Some(view! { <Adding page /> }.into_any()),
        Err(refusal) if worth_saying(&refusal) => {
            let why = told::why(i18n, page.phone, &refusal);
            Some(view! { <p class="record-refused">{t_string!(i18n, quarter.posted_not, why = why)}</p> }.into_any())
        }
        Err(_) => None,
    };
    view! {
        <Card title=say!(i18n, quarter.posted)>
            <p class="soft small">{caps}</p>
            {list}
            {add}
        </Card>
    }
}

/// A line, as the quarter's page and the sum show it.
pub(super) fn row(page: Page, row: PostedRow) -> AnyView {
    let i18n = page.i18n;
    let number = row.id.to_string();
    let who = row.by.clone().unwrap_or_else(|| t_string!(i18n, registers.somebody).to_owned());
    let by = t_string!(i18n, quarter.posted_by, reason = row.reason.clone(), who = who, number = number);
    let after = row.after_freeze.then(|| t_string!(i18n, quarter.posted_after).to_owned());
    let struck = row.struck.as_ref().map(|reason| t_string!(i18n, quarter.struck, reason = reason.clone()));
    let notes: Vec<String> = [Some(by), after, struck].into_iter().flatten().collect();
    let strike = (row.struck.is_none() && row.may_strike.is_ok()).then(|| {
        let (id, village) = (row.id.clone(), row.village.clone());
        let press = move |()| {
            let id = id.clone();
            page.wish.set(Some(Wish {
                title: t_string!(i18n, quarter.strike).to_owned(),
                text: t_string!(i18n, quarter.strike_title, village = village.clone()),
                reason: t_string!(i18n, quarter.reason).to_owned(),
                needs_reason: true,
                is_danger: true,
                make: Callback::new(move |reason| {
                    page.command(AssessmentCommand::Strike { adjustment: id.clone(), reason })
                }),
            }));
        };
        view! { <Button label=say!(i18n, quarter.strike) on_press=press kind=ButtonKind::Quiet /> }
    });
    let what = format!("{} · {}", row.village, told::posted(i18n, row.posted));
    view! {
        <li class="record-line" data-struck=row.struck.is_some().then_some("")>
            <span class="record-who">
                <span class="record-name">{what}</span>
                <span class="soft small">{notes.join(" · ")}</span>
            </span>
            {strike}
        </li>
    }
    .into_any()
}

/// The form for one more, folded away.
#[component]
fn Adding(page: Page) -> impl IntoView {
    let i18n = page.i18n;
    let draft = RwSignal::new(PostedDraft::default());
    let tried = RwSignal::new(false);
    let villages = Memo::new(move |_| {
        page.settings(|settings| {
            let named = settings.villages.iter().map(|village| (village.code.clone(), village.name.clone()));
            named.collect::<Vec<(UnitCode, String)>>()
        })
        .unwrap_or_default()
    });
    let wish = Memo::new(move |_| {
        let codes: Vec<UnitCode> = villages.with(|all| all.iter().map(|(code, _)| code.clone()).collect());
        draft.with(|draft| draft.wish(&codes))
    });
    let error = move |part: fn(&PostedFault) -> bool| {
        Signal::derive(move || {
            let faults = wish.with(|wish| wish.as_ref().err().cloned().unwrap_or_default());
            match faults.into_iter().find(|fault| tried.get() && part(fault)) {
                None => String::new(),
                Some(PostedFault::Village) => t_string!(i18n, quarter.missing_village).to_owned(),
                Some(PostedFault::Points(fault)) => told::score_fault(i18n, fault),
                Some(PostedFault::Reason) => t_string!(i18n, quarter.missing_reason).to_owned(),
            }
        })
    };
    let save = move |()| {
        tried.set(true);
        let Ok(command) = wish.get_untracked() else { return };
        page.asking.ask(page.command(command), move || {
            draft.set(PostedDraft::default());
            tried.set(false);
        });
    };
    let options = Signal::derive(move || {
        let word = |kind: PostedKind| match kind {
            PostedKind::Bonus => t_string!(i18n, quarter.bonus),
            PostedKind::Deduction => t_string!(i18n, quarter.deduction),
            PostedKind::Veto => t_string!(i18n, quarter.veto),
        };
        KINDS.map(|kind| ChoiceOption::new(word(kind))).to_vec()
    });
    let kind = Memo::new(move |_| draft.with(|draft| draft.kind));
    let choose = move |place: usize| {
        if let Some(kind) = KINDS.get(place) {
            draft.update(|draft| draft.kind = *kind);
        }
    };
    let is_frozen = Memo::new(move |_| page.read(|_, _, assessment| assessment.frozen.is_some()).unwrap_or_default());
    view! {
        <Disclosure summary=say!(i18n, quarter.posted_add)>
            <div class="stack">
                {move || is_frozen.get().then(|| view! { <Banner title=say!(i18n, quarter.posted_reopens) /> })}
                <Select
                    label=say!(i18n, quarter.posted_village)
                    options=Signal::derive(move || {
                        villages.with(|all| all.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>())
                    })
                    selected=Signal::derive(move || draft.with(|draft| draft.village))
                    on_choose=move |place| draft.update(|draft| draft.village = Some(place))
                    placeholder=say!(i18n, quarter.missing_village)
                    error=error(|fault| *fault == PostedFault::Village)
                />
                <Choice
                    label=say!(i18n, quarter.posted_kind)
                    options
                    selected=Signal::derive(move || KINDS.iter().position(|one| *one == kind.get()))
                    on_choose=choose
                />
                <Show when=move || kind.get() != PostedKind::Veto>
                    <DraftField
                        draft
                        text=|draft| &mut draft.points
                        label=say!(i18n, quarter.points)
                        kind=FieldKind::Decimal
                        error=error(|fault| matches!(fault, PostedFault::Points(_)))
                    />
                </Show>
                <DraftField
                    draft
                    text=|draft| &mut draft.reason
                    label=say!(i18n, quarter.posted_reason)
                    kind=FieldKind::Area
                    error=error(|fault| *fault == PostedFault::Reason)
                />
                <Button
                    label=say!(i18n, quarter.posted_save)
                    on_press=save
                    kind=ButtonKind::Primary
                    busy=page.asking.busy
                />
            </div>
        </Disclosure>
    }
}
