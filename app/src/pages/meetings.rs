//! A new meeting: when, where, how and with whom, on one page, with a summary before it is created.

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::hooks::use_navigate;
use shared::domain::ballot::BallotMode;
use shared::domain::command::{Command, MeetingCommand};
use shared::domain::rulebook::Rulebook;
use shared::id::{PersonId, UnitCode};

use super::asking::{Asking, Refusal};
use super::frame::{Frame, for_village};
use super::words::{self, Words};
use crate::i18n::*;
use crate::platform::clock;
use crate::say;
use crate::shell::Phone;
use crate::state::home;
use crate::state::links::{self, MeetingPage, VillagePage};
use crate::state::meetings::{self, MeetingDraft, Missing, Turnout};
use crate::state::moment::moment;
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::field::{Field, FieldKind, Select};
use crate::ui::toggle::Toggle;

const MODES: [BallotMode; 3] = [BallotMode::SecretPaper, BallotMode::SecretDevice, BallotMode::ShowOfHands];

/// What stands at a village's new meeting.
#[component]
pub fn NewMeetingPage() -> impl IntoView {
    for_village(|code| view! { <NewMeeting code /> }.into_any())
}

/// The draft and what follows from it, for the parts of the form.
#[derive(Clone, Copy)]
struct Form {
    i18n: Words,
    draft: RwSignal<MeetingDraft>,
    rulebooks: Memo<Vec<Rulebook>>,
    chosen: RwSignal<usize>,
    turnout: Memo<Turnout>,
    officers: Memo<Officers>,
    /// Faults are shown once the person has tried, so that an empty form does not begin with reproaches.
    tried: RwSignal<bool>,
    missing: Memo<Vec<Missing>>,
}

/// Whom the form offers for each office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Officers {
    chairs: Vec<(PersonId, String)>,
    tellers: Vec<(PersonId, String)>,
}

#[component]
fn NewMeeting(code: UnitCode) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let today = moment(clock::now()).map(|moment| moment.date);
    let year = today.map_or(0, |date| date.parts().0);
    let title = untrack(|| t_string!(i18n, meetings.default_name, year = year));
    let place = untrack(|| t_string!(i18n, meetings.default_place).to_owned());
    let draft = RwSignal::new(MeetingDraft::new(today, title, place));
    let chosen = RwSignal::new(0);
    let rulebooks = Memo::new(move |_| {
        phone.workspace.with(|workspace| {
            workspace.rulebooks_in_force().map(|adoption| adoption.rulebook.clone()).collect::<Vec<_>>()
        })
    });
    let roster = {
        let code = code.clone();
        Memo::new(move |_| {
            phone.workspace.with(|w| w.villages.get(&code).map(|village| village.roster.clone()).unwrap_or_default())
        })
    };
    let rulebook = Memo::new(move |_| rulebooks.with(|rulebooks| rulebooks.get(chosen.get()).cloned()));
    // Only these two fields of the draft change who takes part; typing a title must not draw up the roll again.
    let rated = Memo::new(move |_| draft.with(|draft| (draft.migrants_rated, draft.frail_rated)));
    let turnout = Memo::new(move |_| {
        rated.track();
        let Some(rulebook) = rulebook.get() else { return Turnout::default() };
        roster.with(|roster| draft.with_untracked(|draft| draft.turnout(roster, &rulebook)))
    });
    let officers = Memo::new(move |_| {
        turnout.with(|turnout| Officers {
            chairs: meetings::chairs(turnout),
            tellers: roster.with(|roster| meetings::tellers(turnout, roster)),
        })
    });
    let missing = Memo::new(move |_| match rulebook.get() {
        Some(rulebook) => turnout.with(|turnout| draft.with(|draft| draft.missing(&rulebook, turnout))),
        None => Vec::new(),
    });
    let form = Form { i18n, draft, rulebooks, chosen, turnout, officers, tried: RwSignal::new(false), missing };

    let asking = Asking::new();
    let navigate = use_navigate();
    let create = {
        let code = code.clone();
        Callback::new(move |()| {
            form.tried.set(true);
            let (Some(rulebook), Some(id)) = (rulebook.get_untracked(), draft.with_untracked(|draft| draft.id(&code)))
            else {
                return;
            };
            let settings =
                roster.with_untracked(|roster| draft.with_untracked(|draft| draft.settings(roster, &rulebook)));
            let Ok(settings) = settings else { return };
            let (href, navigate) = (links::meeting(&id, MeetingPage::Overview), navigate.clone());
            let open = Command::Meeting(id, MeetingCommand::Open(Box::new(settings)));
            asking.ask(open, move || {
                navigate(&href, leptos_router::NavigateOptions { replace: true, ..Default::default() })
            });
        })
    };
    let exists = {
        let code = code.clone();
        Memo::new(move |_| {
            let id = draft.with(|draft| draft.id(&code));
            id.is_some_and(|id| phone.workspace.with(|workspace| workspace.meeting(&id).is_some()))
        })
    };
    let subtitle = {
        let code = code.clone();
        Signal::derive(move || phone.workspace.with(|workspace| home::name(workspace, &code)))
    };
    let back = links::village(&code, VillagePage::Meetings);
    let bar = move || {
        let note = Signal::derive(move || match (form.tried.get(), missing.with(|missing| missing.first().cloned())) {
            (true, Some(first)) => tell(i18n, &first),
            _ => String::new(),
        });
        view! {
            <BottomBar note>
                <Button
                    label=say!(i18n, meetings.create)
                    on_press=create
                    kind=ButtonKind::Primary
                    busy=asking.busy
                />
            </BottomBar>
        }
    };
    let body = move || match rulebooks.with(Vec::is_empty) {
        true => view! {
            <Banner
                kind=BannerKind::Warning
                title=say!(i18n, meetings.no_rulebook)
                next=say!(i18n, meetings.no_rulebook_next)
            />
        }
        .into_any(),
        false => view! {
            <WhenAndWhere form />
            <How form />
            <Who form />
            <OfficersCard form />
            <Summary form />
        }
        .into_any(),
    };
    view! {
        <Frame title=say!(i18n, meetings.title) subtitle back narrow=true bar>
            <Refusal asking />
            {move || exists.get().then(|| view! { <Banner title=say!(i18n, meetings.exists) /> })}
            {body}
        </Frame>
    }
}

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

#[component]
fn WhenAndWhere(form: Form) -> impl IntoView {
    let i18n = form.i18n;
    view! {
        <Card title=say!(i18n, meetings.when)>
            <Field
                label=say!(i18n, meetings.name)
                value=form.read(|draft| draft.title.clone())
                on_input=move |text| form.draft.update(|draft| draft.title = text)
                error=form.error(|one| *one == Missing::Title)
            />
            <Field
                label=say!(i18n, meetings.date)
                value=form.read(|draft| draft.date.clone())
                on_input=move |text| form.draft.update(|draft| draft.date = text)
                kind=FieldKind::Date
                error=form.error(|one| *one == Missing::Date)
            />
            <Field
                label=say!(i18n, meetings.round)
                value=form.read(|draft| draft.round.clone())
                on_input=move |text| form.draft.update(|draft| draft.round = text)
                kind=FieldKind::Number
                hint=say!(i18n, meetings.round_hint)
                error=form.error(|one| *one == Missing::Round)
            />
            <Field
                label=say!(i18n, meetings.place)
                value=form.read(|draft| draft.place.clone())
                on_input=move |text| form.draft.update(|draft| draft.place = text)
                error=form.error(|one| *one == Missing::Place)
            />
        </Card>
    }
}

#[component]
fn How(form: Form) -> impl IntoView {
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

#[component]
fn Who(form: Form) -> impl IntoView {
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

#[component]
fn OfficersCard(form: Form) -> impl IntoView {
    let i18n = form.i18n;
    let chairs = Memo::new(move |_| form.officers.with(|officers| officers.chairs.clone()));
    let tellers = Memo::new(move |_| form.officers.with(|officers| officers.tellers.clone()));
    view! {
        <Card title=say!(i18n, meetings.officers)>
            <p class="soft small">{move || t_string!(i18n, meetings.officers_note)}</p>
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
    offered: Memo<Vec<(PersonId, String)>>,
    of: fn(&mut MeetingDraft) -> &mut Option<PersonId>,
    error: Signal<String>,
) -> impl IntoView {
    let i18n = form.i18n;
    let options =
        Signal::derive(move || offered.with(|all| all.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>()));
    let selected = Signal::derive(move || {
        let mut draft = form.draft.get();
        let person = of(&mut draft).clone()?;
        offered.with(|all| all.iter().position(|(id, _)| *id == person))
    });
    let choose = move |place: usize| {
        let person = offered.with_untracked(|all| all.get(place).map(|(id, _)| id.clone()));
        form.draft.update(|draft| *of(draft) = person);
    };
    view! {
        <Select label options selected on_choose=choose placeholder=say!(i18n, meetings.choose_person) error />
    }
}

#[component]
fn Summary(form: Form) -> impl IntoView {
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

fn tell(i18n: Words, missing: &Missing) -> String {
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
