//! Opening a quarter, and correcting its group: rulebook, villages, who gives each number, who assesses, who leads.

mod parts;

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use shared::domain::assessment::AssessmentSettings;
use shared::domain::command::{AssessmentCommand, Command};
use shared::domain::rulebook::assessment::AssessmentRule;
use shared::time::Quarter;

use super::told;
use crate::i18n::*;
use crate::pages::asking::{Asking, Refusal};
use crate::pages::blocker::Names;
use crate::pages::frame::Frame;
use crate::pages::words::Words;
use crate::platform::clock;
use crate::say;
use crate::shell::Phone;
use crate::state::links::{self, QuarterPage as At};
use crate::state::moment::moment;
use crate::state::quarter::draft::{self, Candidate, Missing, QuarterDraft};
use crate::state::quarter::may_open;
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::field::{DraftField, Select};
use parts::{Group, Numbers, Villages};

/// What stands at `/quarters/new`; with `?quarter=` one that was opened is corrected.
#[component]
pub fn NewQuarterPage() -> impl IntoView {
    let query = use_query_map();
    let asked =
        Memo::new(move |_| query.with(|query| query.get("quarter")).and_then(|text| text.parse::<Quarter>().ok()));
    move || view! { <Opening corrects=asked.get() /> }
}

/// The draft and what follows from it.
#[derive(Clone, Copy)]
struct Form {
    i18n: Words,
    phone: Phone,
    draft: RwSignal<QuarterDraft>,
    rules: Memo<Vec<AssessmentRule>>,
    candidates: Memo<Vec<Candidate>>,
    wish: Memo<Result<AssessmentSettings, Vec<Missing>>>,
    /// Faults are shown once the person has tried, so that an empty form does not begin with reproaches.
    tried: RwSignal<bool>,
}

impl Form {
    fn error(self, part: fn(&Missing) -> bool) -> Signal<String> {
        Signal::derive(move || {
            let missing = self.wish.with(|wish| wish.as_ref().err().cloned().unwrap_or_default());
            let first = missing.into_iter().find(|one| self.tried.get() && part(one));
            first.map(|one| self.tell(&one)).unwrap_or_default()
        })
    }

    fn tell(self, missing: &Missing) -> String {
        let i18n = self.i18n;
        match missing {
            Missing::Quarter => t_string!(i18n, quarter.missing_quarter).to_owned(),
            Missing::Title => t_string!(i18n, quarter.missing_title).to_owned(),
            Missing::Rule => t_string!(i18n, quarter.missing_rule).to_owned(),
            Missing::Villages => t_string!(i18n, quarter.missing_villages).to_owned(),
            Missing::Responsible(name) => t_string!(i18n, quarter.missing_responsible, name = name.clone()),
            Missing::Assessors => t_string!(i18n, quarter.missing_assessors).to_owned(),
            Missing::OneAssessor => t_string!(i18n, quarter.missing_one).to_owned(),
            Missing::Lead => t_string!(i18n, quarter.missing_lead).to_owned(),
            Missing::Fault(fault) => {
                self.phone.workspace.with(|workspace| told::fault(i18n, Names::new(i18n, workspace, None), fault))
            }
        }
    }

    /// Follows the rulebook as it will be copied.
    fn rule(self) -> Memo<Option<AssessmentRule>> {
        Memo::new(move |_| self.rules.with(|rules| self.draft.with(|draft| draft.rule(rules))))
    }
}

#[component]
fn Opening(corrects: Option<Quarter>) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let asking = Asking::start();
    let today = moment(clock::now()).map(|moment| moment.date);
    let candidates = Memo::new(move |_| phone.status.with(|status| draft::candidates(&status.devices)));
    let rules = Memo::new(move |_| phone.workspace.with(|workspace| draft::rules(workspace)));
    let begun = phone.workspace.with_untracked(|workspace| {
        let opened = corrects.and_then(|quarter| workspace.assessments.get(&quarter));
        opened.and_then(|assessment| QuarterDraft::of(workspace, assessment)).unwrap_or_else(|| {
            let quarter = draft::open_quarters(workspace, today).into_iter().next();
            let title = quarter.map(|quarter| untrack(|| default_name(i18n, quarter))).unwrap_or_default();
            candidates.with_untracked(|candidates| QuarterDraft::new(workspace, candidates, quarter, title))
        })
    });
    let draft = RwSignal::new(begun);
    let wish = Memo::new(move |_| {
        phone.workspace.with(|workspace| {
            rules.with(|rules| {
                candidates.with(|candidates| draft.with(|draft| draft.settings(workspace, rules, candidates)))
            })
        })
    });
    let form = Form { i18n, phone, draft, rules, candidates, wish, tried: RwSignal::new(false) };
    let navigate = StoredValue::new_local(use_navigate());
    let create = Callback::new(move |()| {
        form.tried.set(true);
        let (Ok(settings), Some(quarter)) = (wish.get_untracked(), draft.with_untracked(|draft| draft.quarter)) else {
            return;
        };
        let open = Command::Assessment(quarter, AssessmentCommand::Open(Box::new(settings)));
        asking.ask(open, move || {
            let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(&links::quarter(quarter, &At::Overview), options));
        });
    });
    let note = Signal::derive(move || {
        let first = wish.with(|wish| wish.as_ref().err().and_then(|missing| missing.first().cloned()));
        first.filter(|_| form.tried.get()).map(|first| form.tell(&first)).unwrap_or_default()
    });
    let bar = move || {
        let label = if corrects.is_some() { say!(i18n, quarter.save) } else { say!(i18n, quarter.create) };
        view! {
            <BottomBar note>
                <Button label on_press=create kind=ButtonKind::Primary busy=asking.busy />
            </BottomBar>
        }
    };
    let refused = move || {
        let refusal = phone.me.with(|me| me.as_ref().and_then(|me| may_open(me).err()))?;
        let title = t_string!(i18n, quarter.may_not_open, why = told::why(i18n, phone, &refusal));
        Some(view! { <Banner kind=BannerKind::Warning title /> })
    };
    let title = if corrects.is_some() { say!(i18n, quarter.correct) } else { say!(i18n, quarter.new) };
    let back = corrects.map_or_else(|| links::QUARTERS.to_owned(), |quarter| links::quarter(quarter, &At::Overview));
    view! {
        <Frame title back narrow=true bar>
            <Refusal asking />
            {refused}
            <When form is_fixed=corrects.is_some() offered=open_quarters(phone) />
            <Villages form />
            <Group form />
            <Numbers form />
        </Frame>
    }
}

fn default_name(i18n: Words, quarter: Quarter) -> String {
    t_string!(i18n, quarter.default_name, quarter = told::quarter(i18n, quarter))
}

fn open_quarters(phone: Phone) -> Memo<Vec<Quarter>> {
    let today = moment(clock::now()).map(|moment| moment.date);
    Memo::new(move |_| phone.workspace.with(|workspace| draft::open_quarters(workspace, today)))
}

/// The quarter, its name and its rulebook.
#[component]
fn When(form: Form, is_fixed: bool, offered: Memo<Vec<Quarter>>) -> impl IntoView {
    let Form { i18n, draft, rules, .. } = form;
    let options =
        Signal::derive(move || offered.with(|all| all.iter().map(|one| told::quarter(i18n, *one)).collect::<Vec<_>>()));
    let selected = Signal::derive(move || {
        let chosen = draft.with(|draft| draft.quarter)?;
        offered.with(|all| all.iter().position(|one| *one == chosen))
    });
    let choose = move |place: usize| {
        let Some(quarter) = offered.with_untracked(|all| all.get(place).copied()) else { return };
        draft.update(|draft| {
            // A name that somebody gave stays; the one that was offered follows the quarter.
            if draft.quarter.is_none_or(|before| draft.title == default_name(i18n, before)) {
                draft.title = default_name(i18n, quarter);
            }
            draft.quarter = Some(quarter);
        });
    };
    let which = (!is_fixed).then(|| {
        view! {
            <Select
                label=say!(i18n, quarter.which)
                options
                selected
                on_choose=choose
                placeholder=say!(i18n, quarter.choose_quarter)
                hint=Signal::derive(move || match offered.with(Vec::is_empty) {
                    true => t_string!(i18n, quarter.no_quarter).to_owned(),
                    false => String::new(),
                })
                error=form.error(|one| *one == Missing::Quarter)
            />
        }
    });
    let named = Signal::derive(move || {
        let name = |rule: &AssessmentRule| {
            t_string!(i18n, quarter.rule_version, title = rule.title.clone(), version = rule.version)
        };
        rules.with(|rules| rules.iter().map(name).collect::<Vec<_>>())
    });
    let rule = form.rule();
    let told_rule = move || {
        let rule = rule.get()?;
        let trim = match rule.trim_min {
            0 => t_string!(i18n, quarter.trim_never).to_owned(),
            count => t_string!(i18n, quarter.trim, count = count),
        };
        let (bonus, deduction) = (told::cap(i18n, rule.bonus_cap), told::cap(i18n, rule.deduction_cap));
        let caps = t_string!(i18n, quarter.caps, bonus = bonus, deduction = deduction);
        Some(view! { <p class="soft small">{trim} " " {caps}</p> })
    };
    view! {
        <Card title=say!(i18n, quarter.when)>
            {which}
            <DraftField
                draft
                text=|draft| &mut draft.title
                label=say!(i18n, quarter.name)
                error=form.error(|one| *one == Missing::Title)
            />
            <Select
                label=say!(i18n, quarter.rule)
                options=named
                selected=Signal::derive(move || Some(draft.with(|draft| draft.rule)))
                on_choose=move |place| draft.update(|draft| draft.rule = place)
                hint=say!(i18n, quarter.rule_hint)
                error=form.error(|one| matches!(one, Missing::Rule | Missing::Fault(_)))
            />
            {told_rule}
        </Card>
    }
}
