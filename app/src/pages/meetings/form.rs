//! The parts of the form for a new meeting, each over the same draft.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::ballot::BallotMode;
use shared::domain::rulebook::Rulebook;
use shared::id::PersonId;

use super::Form;
use crate::pages::words::{self, Words};
use crate::say;
use crate::state::meetings::{MeetingDraft, Missing, Offered};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::card::Card;
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::field::{DraftField, FieldKind, Select};
use crate::ui::toggle::Toggle;

const MODES: [BallotMode; 3] = [BallotMode::SecretPaper, BallotMode::SecretDevice, BallotMode::ShowOfHands];

impl Form {
    /// Says what is wrong with one part, once the person has tried.
    fn error(self, is_part: fn(&Missing) -> bool) -> Signal<String> {
        Signal::derive(move || {
            let first = self.missing.with(|missing| missing.iter().find(|one| is_part(one)).cloned());
            first.filter(|_| self.tried.get()).map(|one| tell(self.i18n, &one)).unwrap_or_default()
        })
    }

    fn read<T: Send + Sync + 'static>(self, part: fn(&MeetingDraft) -> T) -> Signal<T> {
        Signal::derive(move || self.draft.with(part))
    }
}

/// Title, day and place.
#[component]
pub fn WhenAndWhere(
    /// The draft.
    form: Form,
) -> impl IntoView {
    let i18n = form.i18n;
    view! {
        <Card title=say!(i18n, meetings.when)>
            <DraftField
                draft=form.draft
                text=|draft| &mut draft.title
                label=say!(i18n, meetings.name)
                error=form.error(|one| *one == Missing::Title)
            />
            <DraftField
                draft=form.draft
                text=|draft| &mut draft.date
                label=say!(i18n, meetings.date)
                kind=FieldKind::Date
                error=form.error(|one| *one == Missing::Date)
            />
            <DraftField
                draft=form.draft
                text=|draft| &mut draft.round
                label=say!(i18n, meetings.round)
                kind=FieldKind::Number
                hint=say!(i18n, meetings.round_hint)
                error=form.error(|one| *one == Missing::Round)
            />
            <DraftField
                draft=form.draft
                text=|draft| &mut draft.place
                label=say!(i18n, meetings.place)
                error=form.error(|one| *one == Missing::Place)
            />
        </Card>
    }
}

/// The way of voting and the rulebook.
#[component]
pub fn How(
    /// The draft.
    form: Form,
) -> impl IntoView {
    let i18n = form.i18n;
    let modes = Signal::derive(move || {
        let option = |mode| ChoiceOption::new(words::mode(i18n, mode)).with_note(words::mode_note(i18n, mode));
        MODES.map(option).to_vec()
    });
    let selected = Signal::derive(move || {
        let mode = form.draft.with(|draft| draft.mode);
        MODES.iter().position(|other| *other == mode)
    });
    let rulebooks = Signal::derive(move || {
        let option = |rulebook: &Rulebook| {
            let (title, version) = (rulebook.title.clone(), rulebook.version);
            t_string!(i18n, meetings.rulebook_version, title = title, version = version)
        };
        form.rulebooks.with(|rulebooks| rulebooks.iter().map(option).collect::<Vec<_>>())
    });
    view! {
        <Card>
            <Choice
                label=say!(i18n, meetings.mode)
                options=modes
                selected
                on_choose=move |place: usize| {
                    if let Some(mode) = MODES.get(place) {
                        form.draft.update(|draft| draft.mode = *mode);
                    }
                }
                rows=true
            />
            <Select
                label=say!(i18n, meetings.rulebook)
                options=rulebooks
                selected=Signal::derive(move || Some(form.chosen.get()))
                on_choose=move |place| form.chosen.set(place)
                hint=say!(i18n, meetings.rulebook_hint)
            />
        </Card>
    }
}

/// Who votes and who is rated, with the choices that concern members away or frail.
#[component]
pub fn Who(
    /// The draft.
    form: Form,
) -> impl IntoView {
    let i18n = form.i18n;
    let lines = move || {
        let turnout = form.turnout.get();
        let mut lines: Vec<String> = turnout
            .voters
            .iter()
            .map(|(id, name, count)| {
                let group = words::group_named(i18n, id, name);
                t_string!(i18n, meetings.who_votes, group = group, count = *count)
            })
            .collect();
        if turnout.both > 0 {
            let both = form.rulebooks.with(|rulebooks| {
                let rulebook = rulebooks.get(form.chosen.get())?;
                rulebook.group(&rulebook.body_of_both).map(|group| words::group(i18n, group))
            });
            let group = both.unwrap_or_default();
            lines.push(t_string!(i18n, meetings.who_both, count = turnout.both, group = group));
        }
        lines.push(t_string!(i18n, meetings.who_subjects, count = turnout.subjects));
        if turnout.probationary > 0 {
            let rated = form.rulebooks.with(|all| all.get(form.chosen.get()).is_some_and(|one| one.probationary_rated));
            lines.push(match rated {
                true => t_string!(i18n, meetings.probationary, count = turnout.probationary),
                false => t_string!(i18n, meetings.probationary_not_rated, count = turnout.probationary),
            });
        }
        lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()
    };
    let migrants = Memo::new(move |_| form.turnout.with(|turnout| turnout.migrants));
    let frail = Memo::new(move |_| form.turnout.with(|turnout| turnout.frail));
    let error = form.error(|one| matches!(one, Missing::UnknownGroup(_) | Missing::NoVoters(_) | Missing::NoSubjects));
    view! {
        <Card title=say!(i18n, meetings.who)>
            <ul class="meeting-who">{lines}</ul>
            <Show when=move || migrants.get() != 0>
                <Toggle
                    label=Signal::derive(move || t_string!(i18n, meetings.migrants, count = migrants.get()))
                    on=form.read(|draft| draft.migrants_rated)
                    on_change=move |on| form.draft.update(|draft| draft.migrants_rated = on)
                    hint=say!(i18n, meetings.migrants_hint)
                />
            </Show>
            <Show when=move || frail.get() != 0>
                <Toggle
                    label=Signal::derive(move || t_string!(i18n, meetings.frail, count = frail.get()))
                    on=form.read(|draft| draft.frail_rated)
                    on_change=move |on| form.draft.update(|draft| draft.frail_rated = on)
                    hint=say!(i18n, meetings.frail_hint)
                />
            </Show>
            {move || {
                let error = error.get();
                (!error.is_empty()).then(|| view! { <Banner kind=BannerKind::Warning title=error /> })
            }}
        </Card>
    }
}

/// Chair, teller and scrutineer.
#[component]
pub fn OfficersCard(
    /// The draft.
    form: Form,
) -> impl IntoView {
    let i18n = form.i18n;
    let chairs = Memo::new(move |_| form.officers.with(|officers| officers.chairs.clone()));
    let tellers = Memo::new(move |_| form.officers.with(|officers| officers.tellers.clone()));
    view! {
        <Card title=say!(i18n, meetings.officers)>
            <p class="soft small">{say!(i18n, meetings.officers_note)}</p>
            <Officer
                form
                label=say!(i18n, words.chair)
                offered=chairs
                of=|draft| &mut draft.chair
                error=form.error(|one| *one == Missing::Chair)
            />
            <Officer
                form
                label=say!(i18n, words.teller)
                offered=tellers
                of=|draft| &mut draft.teller
                error=form.error(|one| matches!(one, Missing::Teller | Missing::OfficerIsSubject(_)))
            />
            <Officer
                form
                label=say!(i18n, words.scrutineer)
                offered=tellers
                of=|draft| &mut draft.scrutineer
                error=form.error(|one| matches!(one, Missing::Scrutineer | Missing::SameOfficer))
            />
        </Card>
    }
}

#[component]
fn Officer(
    form: Form,
    label: Signal<String>,
    offered: Memo<Vec<Offered>>,
    of: fn(&mut MeetingDraft) -> &mut Option<PersonId>,
    error: Signal<String>,
) -> impl IntoView {
    let i18n = form.i18n;
    let options = Signal::derive(move || {
        let name = |one: &Offered| words::name(i18n, &one.name, &one.dwelling, !one.dwelling.is_empty());
        offered.with(|all| all.iter().map(name).collect::<Vec<_>>())
    });
    let selected = Signal::derive(move || {
        let mut draft = form.draft.get();
        let person = of(&mut draft).clone()?;
        offered.with(|all| all.iter().position(|one| one.person == person))
    });
    let choose = move |place: usize| {
        let person = offered.with_untracked(|all| all.get(place).map(|one| one.person.clone()));
        form.draft.update(|draft| *of(draft) = person);
    };
    view! {
        <Select label options selected on_choose=choose placeholder=say!(i18n, meetings.choose_person) error />
    }
}

/// The whole meeting in one sentence, before it is created.
#[component]
pub fn Summary(
    /// The draft.
    form: Form,
) -> impl IntoView {
    let i18n = form.i18n;
    let sentence = move || {
        let draft = form.draft.get();
        let (voters, subjects) =
            form.turnout.with(|turnout| (turnout.voters.iter().map(|v| v.2).sum::<usize>(), turnout.subjects));
        let date = draft.date.trim().parse().map(|date| words::date(i18n, date)).unwrap_or_default();
        t_string!(
            i18n,
            meetings.summary_sentence,
            date = date,
            round = t_string!(i18n, words.round, round = draft.round.trim().to_owned()),
            place = draft.place.trim().to_owned(),
            mode = words::mode(i18n, draft.mode),
            voters = voters,
            subjects = subjects
        )
    };
    view! {
        <Card title=say!(i18n, meetings.summary)>
            <p aria-live="polite">{sentence}</p>
        </Card>
    }
}

/// Says what is missing.
pub(super) fn tell(i18n: Words, missing: &Missing) -> String {
    match missing {
        Missing::Date => t_string!(i18n, meetings.missing_date).to_owned(),
        Missing::Round => t_string!(i18n, meetings.missing_round).to_owned(),
        Missing::Title => t_string!(i18n, meetings.missing_title).to_owned(),
        Missing::Place => t_string!(i18n, meetings.missing_place).to_owned(),
        Missing::UnknownGroup(group) => t_string!(i18n, meetings.group_unknown, group = group.clone()),
        Missing::NoVoters(group) => t_string!(i18n, meetings.no_voters, group = group.clone()),
        Missing::NoSubjects => t_string!(i18n, meetings.no_subjects).to_owned(),
        Missing::Chair => t_string!(i18n, meetings.missing_chair).to_owned(),
        Missing::Teller => t_string!(i18n, meetings.missing_teller).to_owned(),
        Missing::Scrutineer => t_string!(i18n, meetings.missing_scrutineer).to_owned(),
        Missing::SameOfficer => t_string!(i18n, meetings.same_officer).to_owned(),
        Missing::OfficerIsSubject(name) => t_string!(i18n, meetings.officer_is_subject, name = name.clone()),
    }
}
