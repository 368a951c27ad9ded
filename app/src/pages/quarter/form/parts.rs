//! The parts of the form that opens a quarter: villages, group, and who gives each number, each over the same draft.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::rulebook::Criterion;
use shared::domain::rulebook::assessment::Source;
use shared::id::{CriterionId, PersonId, UnitCode};

use super::Form;
use crate::i18n::*;
use crate::say;
use crate::state::home;
use crate::state::quarter::draft::{Candidate, Missing, QuarterDraft};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::card::Card;
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::field::Select;
use crate::ui::toggle::Toggle;

const SOURCES: [Source; 3] = [Source::Assessors, Source::Office, Source::Rank];

/// The villages, each on or off.
#[component]
pub(super) fn Villages(form: Form) -> impl IntoView {
    let Form { i18n, phone, draft, .. } = form;
    let all = Memo::new(move |_| {
        phone.workspace.with(|workspace| {
            let named = workspace.township.units.keys().map(|code| (code.clone(), home::name(workspace, code)));
            named.collect::<Vec<(UnitCode, String)>>()
        })
    });
    let toggle = move |(code, name): (UnitCode, String)| {
        let on = {
            let code = code.clone();
            Signal::derive(move || draft.with(|draft| draft.villages.contains(&code)))
        };
        let change = move |on: bool| draft.update(|draft| set(&mut draft.villages, &code, on));
        view! { <Toggle label=name on on_change=change /> }
    };
    let error = form.error(|one| *one == Missing::Villages);
    view! {
        <Card title=say!(i18n, quarter.villages)>
            <p class="soft small">{say!(i18n, quarter.villages_hint)}</p>
            {move || all.get().into_iter().map(toggle).collect_view()}
            <p class="picker-error" role="status" hidden=move || error.with(String::is_empty)>{error}</p>
        </Card>
    }
}

fn set<T: Ord + Clone>(chosen: &mut BTreeSet<T>, one: &T, on: bool) {
    match on {
        true => _ = chosen.insert(one.clone()),
        false => _ = chosen.remove(one),
    }
}

/// Who fills cards, and who leads.
#[component]
pub(super) fn Group(form: Form) -> impl IntoView {
    let Form { i18n, draft, candidates, .. } = form;
    let toggle = move |candidate: Candidate| {
        let person = candidate.person.clone();
        let on = {
            let person = person.clone();
            Signal::derive(move || draft.with(|draft| draft.assessors.contains(&person)))
        };
        let change = move |on: bool| draft.update(|draft| set(&mut draft.assessors, &person, on));
        let label = t_string!(i18n, quarter.scores, name = candidate.name.clone());
        view! { <Toggle label on on_change=change /> }
    };
    let leads = Memo::new(move |_| {
        candidates.with(|all| all.iter().filter(|one| one.leads).cloned().collect::<Vec<Candidate>>())
    });
    let error = form.error(|one| matches!(one, Missing::Assessors | Missing::OneAssessor));
    let nobody = move || {
        candidates.with(Vec::is_empty).then(|| {
            view! {
                <Banner
                    kind=BannerKind::Warning
                    title=say!(i18n, quarter.no_candidates)
                    next=say!(i18n, quarter.no_candidates_next)
                />
            }
        })
    };
    view! {
        <Card title=say!(i18n, quarter.group)>
            <p class="soft small">{say!(i18n, quarter.group_hint)}</p>
            {nobody}
            {move || {
                candidates.get().into_iter().filter(|one| one.scores).map(toggle).collect_view()
            }}
            <p class="picker-error" role="status" hidden=move || error.with(String::is_empty)>{error}</p>
            <Somebody
                label=say!(i18n, quarter.lead)
                offered=leads
                chosen=Signal::derive(move || draft.with(|draft| draft.lead.clone()))
                on_choose=move |person| draft.update(|draft| draft.lead = Some(person))
                error=form.error(|one| *one == Missing::Lead)
            />
        </Card>
    }
}

/// One of the group.
#[component]
fn Somebody(
    #[prop(into)] label: Signal<String>,
    offered: Memo<Vec<Candidate>>,
    chosen: Signal<Option<PersonId>>,
    #[prop(into)] on_choose: Callback<PersonId>,
    error: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let options =
        Signal::derive(move || offered.with(|all| all.iter().map(|one| one.name.clone()).collect::<Vec<_>>()));
    let selected = Signal::derive(move || {
        let chosen = chosen.get()?;
        offered.with(|all| all.iter().position(|one| one.person == chosen))
    });
    let choose = move |place: usize| {
        if let Some(person) = offered.with_untracked(|all| all.get(place).map(|one| one.person.clone())) {
            on_choose.run(person);
        }
    };
    view! {
        <Select label options selected on_choose=choose placeholder=say!(i18n, quarter.choose_person) error />
    }
}

/// Who gives each number.
#[component]
pub(super) fn Numbers(form: Form) -> impl IntoView {
    let Form { i18n, rules, draft, .. } = form;
    // The list stays while a choice in it changes.
    let criteria = Memo::new(move |_| {
        let place = draft.with(|draft| draft.rule);
        rules.with(|rules| rules.get(place).map(|rule| rule.criteria.clone()).unwrap_or_default())
    });
    view! {
        <Card title=say!(i18n, quarter.criteria)>
            {move || {
                criteria.get().into_iter().map(|criterion| view! { <Number form criterion /> }).collect_view()
            }}
        </Card>
    }
}

#[component]
fn Number(form: Form, criterion: Criterion) -> impl IntoView {
    let Form { i18n, draft, rules, candidates, .. } = form;
    let id = StoredValue::new(criterion.id.clone());
    let name = StoredValue::new(criterion.name.clone());
    let max = criterion.max;
    let source = Memo::new(move |_| {
        let of = |draft: &QuarterDraft, id: &CriterionId| {
            rules.with(|rules| rules.get(draft.rule).map(|rule| draft.source(rule, id)))
        };
        draft.with(|draft| id.with_value(|id| of(draft, id))).unwrap_or_default()
    });
    let options = Signal::derive(move || {
        let word = |source: Source| match source {
            Source::Assessors => t_string!(i18n, quarter.source_assessors),
            Source::Office => t_string!(i18n, quarter.source_office),
            Source::Rank => t_string!(i18n, quarter.source_rank),
        };
        SOURCES.map(|source| ChoiceOption::new(word(source))).to_vec()
    });
    let choose = move |place: usize| {
        if let Some(source) = SOURCES.get(place) {
            draft.update(|draft| _ = draft.sources.insert(id.get_value(), *source));
        }
    };
    let label = Signal::derive(move || t_string!(i18n, quarter.criterion, name = name.get_value(), max = max));
    let responsible = Signal::derive(move || t_string!(i18n, quarter.responsible, name = name.get_value()));
    let scorers = Memo::new(move |_| {
        candidates.with(|all| all.iter().filter(|one| one.scores).cloned().collect::<Vec<Candidate>>())
    });
    let error = Signal::derive(move || {
        let missing = form.wish.with(|wish| wish.as_ref().err().cloned().unwrap_or_default());
        let own = missing.into_iter().find(|one| {
            form.tried.get() && matches!(one, Missing::Responsible(of) if name.with_value(|name| name == of))
        });
        own.map(|one| form.tell(&one)).unwrap_or_default()
    });
    view! {
        <Choice
            label
            options
            selected=Signal::derive(move || SOURCES.iter().position(|one| *one == source.get()))
            on_choose=choose
            rows=true
        />
        {move || {
            (source.get() == Source::Office)
                .then(|| {
                    view! {
                        <Somebody
                            label=responsible
                            offered=scorers
                            chosen=Signal::derive(move || {
                                draft.with(|draft| id.with_value(|id| draft.responsible.get(id).cloned()))
                            })
                            on_choose=move |person| {
                                draft.update(|draft| _ = draft.responsible.insert(id.get_value(), person))
                            }
                            error
                        />
                    }
                })
        }}
    }
}
