//! The rule of points: what holds, and adopting the next version with every warning answered, a meeting and its vote.

mod item;

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::Command;
use shared::domain::rulebook::lint::{Finding, Lint, Place};
use shared::domain::rulebook::points::{PointsFault, PointsRule};
use shared::role::Role;
use shared::time::Date;

use super::{Scene, said};
use crate::pages::asking::Refusal;
use crate::pages::frame::Frame;
use crate::pages::words::{self, Words};
use crate::say;
use crate::state::links::{self, PointsPage as Link};
use crate::state::points::rule::{CategoryDraft, ItemDraft, RuleDraft, RuleFault, VersionRow, versions};
use crate::state::points::rules;
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::empty_state::EmptyState;
use crate::ui::facts::Facts;
use crate::ui::field::{DraftField, Field, FieldKind};
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};
use crate::ui::toggle::Toggle;
use item::ItemDialog;

/// What the parts of the form see.
#[derive(Clone, Copy)]
struct Form {
    scene: Scene,
    draft: RwSignal<RuleDraft>,
    tried: RwSignal<bool>,
    faults: Memo<Vec<RuleFault>>,
    /// The item whose dialog is open.
    opened: RwSignal<Option<usize>>,
}

/// What stands at `/points/rule`.
#[component]
pub fn RulePage() -> impl IntoView {
    let scene = Scene::start();
    let i18n = scene.i18n;
    let draft = RwSignal::new(None::<RuleDraft>);
    let form = RwSignal::new(RuleDraft::default());
    let faults = Memo::new(move |_| form.with(RuleDraft::faults));
    let form = Form { scene, draft: form, tried: RwSignal::new(false), faults, opened: RwSignal::new(None) };
    let back = links::points(scene.village.get_untracked().as_ref(), Link::Overview);
    let known =
        Memo::new(move |_| scene.read(|workspace, _, village, _| versions(workspace, village)).unwrap_or_default());
    let is_writing = Memo::new(move |_| draft.with(Option::is_some));
    let body = move || match is_writing.get() {
        true => view! { <Writing form draft /> }.into_any(),
        false => view! {
            <Held scene known />
            <Begin form draft known />
        }
        .into_any(),
    };
    view! {
        <Frame title=say!(i18n, points.rule) back narrow=true>
            <Refusal asking=scene.asking />
            {body}
        </Frame>
    }
}

/// What holds this month, item by item, and every version that was adopted.
#[component]
fn Held(scene: Scene, known: Memo<Vec<VersionRow>>) -> impl IntoView {
    let i18n = scene.i18n;
    let rule = Memo::new(move |_| {
        scene.read(|workspace, _, village, today| rules(workspace, village).of_month(today.month()).cloned()).flatten()
    });
    let held = move || match rule.get() {
        None => view! {
            <EmptyState sign=Sign::Paper title=say!(i18n, points.no_rule) text=say!(i18n, points.no_rule_text) />
        }
        .into_any(),
        Some(rule) => {
            let facts = caps(i18n, &rule);
            let rows = rule.items.iter().map(|item| item_row(i18n, &rule, item)).collect_view();
            view! {
                <Card title=said::rule(i18n, &rule.title, rule.version) note=say!(i18n, points.rule_held)>
                    <Facts facts />
                    <List label=say!(i18n, points.items)>{rows}</List>
                </Card>
            }
            .into_any()
        }
    };
    let version = move |row: VersionRow| {
        let of = if row.is_own { t_string!(i18n, points.rule_own) } else { t_string!(i18n, points.rule_township) };
        match row.adoption {
            Some(adoption) => {
                let title = said::rule(i18n, &adoption.rule.title, row.version);
                let from = t_string!(i18n, points.rule_from, date = words::date(i18n, adoption.from));
                view! { <ListRow title subtitle=[of.to_owned(), from, adoption.adopted_at].join(" · ") /> }.into_any()
            }
            None => view! { <ListRow title=say!(i18n, points.rule_differs) subtitle=of.to_owned() /> }.into_any(),
        }
    };
    let versions = move || {
        let known = known.get();
        (!known.is_empty()).then(|| {
            let rows = known.into_iter().map(version).collect_view();
            view! {
                <Card title=say!(i18n, points.versions)>
                    <List label=say!(i18n, points.versions)>{rows}</List>
                </Card>
            }
        })
    };
    view! {
        {held}
        {versions}
    }
}

fn caps(i18n: Words, rule: &PointsRule) -> Vec<(String, String)> {
    let cap = |cap: Option<u32>| match cap {
        Some(cap) => said::points(i18n, cap.into()),
        None => t_string!(i18n, points.no_cap).to_owned(),
    };
    let redemption = match rule.redemption {
        true => t_string!(i18n, points.redemption_on),
        false => t_string!(i18n, points.redemption_off),
    };
    vec![
        (t_string!(i18n, points.base).to_owned(), said::points(i18n, rule.base.into())),
        (t_string!(i18n, points.gain_cap).to_owned(), cap(rule.gain_per_month)),
        (t_string!(i18n, points.loss_cap).to_owned(), cap(rule.loss_per_month)),
        (t_string!(i18n, points.redemption).to_owned(), redemption.to_owned()),
    ]
}

fn item_row(i18n: Words, rule: &PointsRule, item: &shared::domain::rulebook::points::PointItem) -> AnyView {
    let category = rule.category(&item.category);
    let day = item.per_day.map(|cap| t_string!(i18n, points.cap_day, cap = cap));
    let month = item.per_month.map(|cap| t_string!(i18n, points.cap_month, cap = cap));
    let of_category = category.and_then(|category| {
        category.per_month.map(|cap| t_string!(i18n, points.cap_category, category = category.name.clone(), cap = cap))
    });
    let evidence = (!item.evidence.is_empty()).then(|| item.evidence.clone());
    let name = category.map(|category| category.name.clone());
    let parts: Vec<String> = [name, day, month, of_category, evidence].into_iter().flatten().collect();
    let gives = said::signed(item.points.into());
    view! {
        <ListRow title=item.name.clone() subtitle=parts.join(" · ")>
            <span class="points-figure">{gives}</span>
        </ListRow>
    }
    .into_any()
}

/// The way to a new version: from the sample, or from the latest one; for who may adopt one.
#[component]
fn Begin(form: Form, draft: RwSignal<Option<RuleDraft>>, known: Memo<Vec<VersionRow>>) -> impl IntoView {
    let scene = form.scene;
    let i18n = scene.i18n;
    let open = move |begun: RuleDraft| {
        form.draft.set(begun.clone());
        form.tried.set(false);
        draft.set(Some(begun));
    };
    // A month keeps the rule that held on its first day.
    let from = scene.today.map(|today| today.month().first_day());
    let next = move || known.with_untracked(|known| known.iter().map(|row| row.version).max().unwrap_or_default() + 1);
    let latest = move || {
        let held = known.with(|known| known.iter().find_map(|row| row.adoption.clone()))?;
        let press = move |()| {
            open(RuleDraft::of(&held.rule, next(), scene.today.map(|today| today.month().after().first_day())))
        };
        Some(view! { <Button label=say!(i18n, points.rule_next) on_press=press kind=ButtonKind::Primary wide=true /> })
    };
    let may = move || {
        let me = scene.phone.me.get()?;
        let is_own = scene.village.get().is_some_and(|village| me.villages.contains(&village));
        Some(match me.roles {
            roles if roles.contains(Role::TownshipOffice) => None,
            roles if roles.contains(Role::VillageSecretary) && is_own => None,
            roles if roles.contains(Role::VillageSecretary) => Some(shared::domain::command::Refusal::OtherVillage),
            _ => {
                Some(shared::domain::command::Refusal::Role { needs: &[Role::VillageSecretary, Role::TownshipOffice] })
            }
        })
    };
    move || match may()? {
        Some(refusal) => Some(scene.refused(t_string!(i18n, points.rule_adopt).to_owned(), &refusal)),
        None => {
            let sample = move |()| open(RuleDraft { version: next(), ..sample(i18n, from) });
            Some(
                view! {
                    <div class="record-steps">
                        {latest}
                        <Button label=say!(i18n, points.rule_sample) on_press=sample wide=true />
                    </div>
                }
                .into_any(),
            )
        }
    }
}

/// The sample in the language in use: nothing in it is found by the linter, so that it can be adopted as it is.
fn sample(i18n: Words, from: Option<Date>) -> RuleDraft {
    let category = |id: &str, name: &str, per_month: &str| CategoryDraft {
        id: id.to_owned(),
        name: name.to_owned(),
        per_month: per_month.to_owned(),
    };
    let item = |id: &str, name: &str, points: &str, category, per_month: &str, evidence: &str| ItemDraft {
        id: id.to_owned(),
        name: name.to_owned(),
        points: points.to_owned(),
        category,
        per_day: String::new(),
        per_month: per_month.to_owned(),
        evidence: evidence.to_owned(),
    };
    let (list, seen) = (t_string!(i18n, points.sample_list), t_string!(i18n, points.sample_seen));
    RuleDraft {
        title: t_string!(i18n, points.sample_title).to_owned(),
        base: "100".to_owned(),
        gain: "30".to_owned(),
        loss: "20".to_owned(),
        categories: vec![
            category("environment", t_string!(i18n, points.sample_environment), "20"),
            category("service", t_string!(i18n, points.sample_service), ""),
        ],
        items: vec![
            item("cleanup", t_string!(i18n, points.sample_cleanup), "5", 0, "10", list),
            item("courtyard", t_string!(i18n, points.sample_courtyard), "5", 0, "5", seen),
            item("mediation", t_string!(i18n, points.sample_mediation), "5", 1, "10", list),
            item("volunteer", t_string!(i18n, points.sample_volunteer), "5", 1, "10", list),
            item("dumping", t_string!(i18n, points.sample_dumping), "-5", 0, "10", seen),
        ],
        from: from.map(|from| from.to_string()).unwrap_or_default(),
        ..RuleDraft::default()
    }
}

/// The form: the rule, what was found in it, and the vote.
#[component]
fn Writing(form: Form, draft: RwSignal<Option<RuleDraft>>) -> impl IntoView {
    let scene = form.scene;
    let i18n = scene.i18n;
    let adopt = move |()| {
        form.tried.set(true);
        let (faults, written) = (form.faults.get_untracked(), form.draft.get_untracked());
        let (Ok(rule), Ok(from), true) = (written.rule(), written.from.trim().parse(), faults.is_empty()) else {
            return;
        };
        let is_office =
            scene.phone.me.with_untracked(|me| me.as_ref().is_some_and(|me| me.roles.contains(Role::TownshipOffice)));
        let village = scene.village.get_untracked().filter(|_| !is_office);
        let adopted_at = adopted_at(i18n, &written);
        let command = Command::AdoptPointsRule { village, rule: Box::new(rule), from, adopted_at };
        scene.asking.ask(command, move || _ = draft.try_set(None));
    };
    let left = move || {
        let said: Vec<String> = form.faults.with(|faults| faults.iter().map(|fault| say_fault(form, *fault)).collect());
        (form.tried.get() && !said.is_empty()).then(|| {
            let rows = said.into_iter().map(|said| view! { <li>{said}</li> }).collect_view();
            view! {
                <Banner kind=BannerKind::Warning title=say!(i18n, points.rule_left)>
                    <ul>{rows}</ul>
                </Banner>
            }
        })
    };
    view! {
        <RuleCard form />
        <Found form />
        <VoteCard form />
        {left}
        <div class="record-steps">
            <Button
                label=say!(i18n, points.rule_adopt)
                on_press=adopt
                kind=ButtonKind::Primary
                busy=scene.asking.busy
                wide=true
            />
            <Button
                label=say!(i18n, points.rule_drop)
                on_press=move |()| draft.set(None)
                kind=ButtonKind::Quiet
                wide=true
            />
        </div>
        <ItemDialog form />
    }
}

#[component]
fn RuleCard(form: Form) -> impl IntoView {
    let i18n = form.scene.i18n;
    let draft = form.draft;
    let row = move |(place, item): (usize, ItemDraft)| {
        let press = Callback::new(move |()| form.opened.set(Some(place)));
        let category = draft.with_untracked(|draft| draft.categories.get(item.category).map(|c| c.name.clone()));
        let parts = [category.unwrap_or_default(), item.evidence];
        let subtitle = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        let title = if item.name.is_empty() { t_string!(i18n, points.item_new).to_owned() } else { item.name };
        view! {
            <ListRow title subtitle on_press=press>
                <span class="points-figure">{item.points}</span>
            </ListRow>
        }
    };
    let items = Memo::new(move |_| draft.with(|draft| draft.items.clone()));
    let rows = move || items.get().into_iter().enumerate().map(row).collect_view();
    let add = move |()| {
        draft.update(|draft| draft.items.push(ItemDraft::default()));
        form.opened.set(Some(draft.with_untracked(|draft| draft.items.len() - 1)));
    };
    let redeems = Signal::derive(move || draft.with(|draft| draft.redemption));
    view! {
        <Card title=say!(i18n, points.rule)>
            <DraftField draft text=|draft| &mut draft.title label=say!(i18n, points.rule_title) />
            <DraftField
                draft
                text=|draft| &mut draft.from
                label=say!(i18n, points.rule_first_day)
                kind=FieldKind::Date
                hint=say!(i18n, points.rule_first_day_hint)
            />
            <DraftField draft text=|draft| &mut draft.base label=say!(i18n, points.base) kind=FieldKind::Number />
            <DraftField
                draft
                text=|draft| &mut draft.gain
                label=say!(i18n, points.gain_cap)
                kind=FieldKind::Number
                hint=say!(i18n, points.cap_hint)
            />
            <DraftField
                draft
                text=|draft| &mut draft.loss
                label=say!(i18n, points.loss_cap)
                kind=FieldKind::Number
                hint=say!(i18n, points.cap_hint)
            />
            <Toggle
                label=say!(i18n, points.redemption)
                on=redeems
                on_change=move |on| draft.update(|draft| draft.redemption = on)
                hint=say!(i18n, points.redemption_hint)
            />
            <h3>{say!(i18n, points.items)}</h3>
            <List label=say!(i18n, points.items)>{rows}</List>
            <Button label=say!(i18n, points.item_add) on_press=add sign=Sign::Plus wide=true />
        </Card>
    }
}

/// What the linter found: what blocks, and a field for the answer to every warning.
#[component]
fn Found(form: Form) -> impl IntoView {
    let i18n = form.scene.i18n;
    let draft = form.draft;
    let findings = Memo::new(move |_| draft.with(RuleDraft::findings));
    let row = move |finding: Finding| {
        let said = say_finding(form, finding);
        match finding.lint.blocks() {
            true => {
                view! { <Banner kind=BannerKind::Refusal title=said next=say!(i18n, points.lint_blocks) /> }.into_any()
            }
            false => {
                let value =
                    Signal::derive(move || draft.with(|d| d.answers.get(&finding).cloned().unwrap_or_default()));
                let input = move |text| draft.update(|draft| _ = draft.answers.insert(finding, text));
                view! { <Field label=said value on_input=input hint=say!(i18n, points.lint_answer) /> }.into_any()
            }
        }
    };
    move || {
        let findings = findings.get();
        match findings.is_empty() {
            true => view! { <Banner kind=BannerKind::Done title=say!(i18n, points.lint_clean) /> }.into_any(),
            false => {
                let rows = findings.into_iter().map(row).collect_view();
                view! { <Card title=say!(i18n, points.lint)>{rows}</Card> }.into_any()
            }
        }
    }
}

/// The meeting, its roll and its vote.
#[component]
fn VoteCard(form: Form) -> impl IntoView {
    let i18n = form.scene.i18n;
    let draft = form.draft;
    view! {
        <Card title=say!(i18n, points.vote)>
            <p class="soft">{say!(i18n, points.vote_note)}</p>
            <DraftField
                draft
                text=|draft| &mut draft.meeting
                label=say!(i18n, points.meeting)
                hint=say!(i18n, points.meeting_hint)
            />
            <DraftField draft text=|draft| &mut draft.due label=say!(i18n, points.due) kind=FieldKind::Number />
            <DraftField draft text=|draft| &mut draft.present label=say!(i18n, points.present) kind=FieldKind::Number />
            <DraftField draft text=|draft| &mut draft.yes label=say!(i18n, points.yes) kind=FieldKind::Number />
        </Card>
    }
}

/// Writes meeting, roll, vote and every answer as they are kept with the adoption.
fn adopted_at(i18n: Words, written: &RuleDraft) -> String {
    let (due, present, yes) = written.vote().unwrap_or_default();
    let meeting = written.meeting.trim().to_owned();
    let vote = t_string!(i18n, points.adopted_at, meeting = meeting, due = due, present = present, yes = yes);
    let findings = written.findings();
    let answers = findings.iter().filter_map(|finding| {
        let answer = written.answers.get(finding)?.trim();
        let found = say_place(i18n, written, *finding);
        Some(t_string!(i18n, points.adopted_answer, found = found, answer = answer.to_owned()))
    });
    std::iter::once(vote).chain(answers).collect::<Vec<_>>().join("\n")
}

fn say_finding(form: Form, finding: Finding) -> String {
    form.draft.with_untracked(|draft| say_place(form.scene.i18n, draft, finding))
}

fn say_place(i18n: Words, draft: &RuleDraft, finding: Finding) -> String {
    let lint = lint(i18n, finding.lint).to_owned();
    match finding.place {
        Place::Whole => lint,
        Place::Item(place) | Place::Criterion(place) => {
            let name = draft.items.get(place).map(|item| item.name.clone()).unwrap_or_default();
            t_string!(i18n, points.lint_item, item = name, lint = lint)
        }
    }
}

fn say_fault(form: Form, fault: RuleFault) -> String {
    let i18n = form.scene.i18n;
    let item = |place: usize| {
        form.draft.with(|draft| draft.items.get(place).map(|item| item.name.clone()).unwrap_or_default())
    };
    match fault {
        RuleFault::Title => t_string!(i18n, points.rule_no_title).to_owned(),
        RuleFault::From => t_string!(i18n, points.rule_no_day).to_owned(),
        RuleFault::Number(None) => t_string!(i18n, points.rule_number).to_owned(),
        RuleFault::Number(Some(place)) => t_string!(i18n, points.rule_number_of, item = item(place)),
        RuleFault::Name(place) => t_string!(i18n, points.rule_no_name, place = place + 1),
        RuleFault::Rule(fault) => self::fault(i18n, fault).to_owned(),
        RuleFault::Blocked => t_string!(i18n, points.rule_blocked).to_owned(),
        RuleFault::Unanswered => t_string!(i18n, points.rule_unanswered).to_owned(),
        RuleFault::Meeting => t_string!(i18n, points.rule_no_meeting).to_owned(),
        RuleFault::Vote => t_string!(i18n, points.rule_vote).to_owned(),
        RuleFault::Quorum => t_string!(i18n, points.rule_quorum).to_owned(),
        RuleFault::Majority => t_string!(i18n, points.rule_majority).to_owned(),
    }
}

/// Says what makes a rule unusable.
pub fn fault(i18n: Words, fault: PointsFault) -> &'static str {
    match fault {
        PointsFault::Version => t_string!(i18n, points.fault_version),
        PointsFault::CategoryCount => t_string!(i18n, points.fault_category_count),
        PointsFault::CategoryTwice(_) => t_string!(i18n, points.fault_category_twice),
        PointsFault::ItemCount => t_string!(i18n, points.fault_item_count),
        PointsFault::ItemTwice(_) => t_string!(i18n, points.fault_item_twice),
        PointsFault::ItemPoints(_) => t_string!(i18n, points.fault_item_points),
        PointsFault::ItemCategory(_) => t_string!(i18n, points.fault_item_category),
        PointsFault::Base => t_string!(i18n, points.fault_base),
    }
}

/// Says what the linter found.
pub fn lint(i18n: Words, lint: Lint) -> &'static str {
    match lint {
        Lint::Petition => t_string!(i18n, points.lint_petition),
        Lint::Body => t_string!(i18n, points.lint_body),
        Lint::Belief => t_string!(i18n, points.lint_belief),
        Lint::Entitlement => t_string!(i18n, points.lint_entitlement),
        Lint::PrivateMatter => t_string!(i18n, points.lint_private),
        Lint::Exam => t_string!(i18n, points.lint_exam),
        Lint::Speech => t_string!(i18n, points.lint_speech),
        Lint::Fine => t_string!(i18n, points.lint_fine),
        Lint::AppUse => t_string!(i18n, points.lint_app),
        Lint::Photos => t_string!(i18n, points.lint_photos),
        Lint::Vague => t_string!(i18n, points.lint_vague),
        Lint::NoEvidence => t_string!(i18n, points.lint_evidence),
        Lint::NoCap => t_string!(i18n, points.lint_cap),
        Lint::LargePart => t_string!(i18n, points.lint_part),
        Lint::LargeDeduction => t_string!(i18n, points.lint_deduction),
        Lint::OutsidersOnly => t_string!(i18n, points.lint_outsiders),
        Lint::ManyItems => t_string!(i18n, points.lint_too_much),
        Lint::CopiedItem => t_string!(i18n, points.lint_copied),
    }
}
