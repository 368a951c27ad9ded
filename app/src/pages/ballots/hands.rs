//! Counting hands: one subject at a time, a figure per level, the next subject by itself.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::ballot::BallotMode;
use shared::domain::command::MeetingCommand;
use shared::id::{GroupId, MeetingId, PersonId};

use super::{Face, Open, group_name, level_words};
use crate::i18n::*;
use crate::pages::asking::{Asking, Refusal};
use crate::say;
use crate::state::hands::{self, Fit, HandLine};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::field::{Field, FieldKind};
use crate::ui::list_row::{List, ListRow};
use crate::ui::progress::Progress;

/// The count of hands, group by group.
#[component]
pub fn Hands(asking: Asking, id: StoredValue<MeetingId>, open: Memo<Option<Open>>) -> impl IntoView {
    let i18n = use_i18n();
    let groups = Memo::new(move |_| {
        let of = |open: &Open| open.settings.rulebook.groups.iter().map(|group| group.id.clone()).collect::<Vec<_>>();
        open.with(|open| open.as_ref().map(of).unwrap_or_default())
    });
    let at = RwSignal::new(0_usize);
    let group = Memo::new(move |_| groups.with(|groups| groups.get(at.get()).cloned()));
    let lines = Memo::new(move |_| {
        let group = group.get()?;
        open.with(|open| open.as_ref().map(|open| hands::lines(&open.meeting, &open.settings, &group)))
    });
    let lines = Memo::new(move |_| lines.get().unwrap_or_default());
    // A line chosen to be counted again comes before the first one that is open.
    let chosen = RwSignal::new(None::<usize>);
    let current = Memo::new(move |_| {
        let place = chosen.get().or_else(|| lines.with(|lines| hands::first_open(lines)))?;
        Some((group.get()?, lines.with(|lines| lines.get(place).cloned())?))
    });
    let name = move |group: &GroupId| {
        open.with(|open| open.as_ref().map(|open| group_name(i18n, &open.settings, group))).unwrap_or_default()
    };
    let levels =
        Memo::new(move |_| open.with(|open| open.as_ref().map_or(0, |open| open.settings.rulebook.levels.len())));
    let typed = RwSignal::new(Typed::new());
    let fit = Memo::new(move |_| {
        let (group, line) = current.get()?;
        let hands = typed.with(|typed| counted(&texts(typed, &group, &line, levels.get())))?;
        Some(hands::fit(&hands, line.raters))
    });
    let save = Callback::new(move |()| {
        let Some((group, line)) = current.get_untracked() else { return };
        let texts = typed.with_untracked(|typed| texts(typed, &group, &line, levels.get_untracked()));
        let Some(hands) = counted(&texts) else { return };
        let (key, subject) = ((group.clone(), line.person.clone()), line.person);
        asking.about(&id.get_value(), MeetingCommand::CountHands { subject, group, hands }, move || {
            let _ = typed.try_update(|typed| typed.remove(&key));
            let _ = chosen.try_set(None);
        });
    });
    let counting = Memo::new(move |_| current.with(Option::is_some));
    let bar = move || {
        move || {
            counting.get().then(|| {
                view! {
                    <BottomBar>
                        <Button
                            kind=ButtonKind::Primary
                            label=say!(i18n, ballots.hands_save)
                            busy=asking.busy
                            disabled=Signal::derive(move || !matches!(fit.get(), Some(Fit::Abstained(_))))
                            on_press=save
                        />
                    </BottomBar>
                }
            })
        }
    };
    let done = move || lines.with(|lines| lines.iter().filter(|line| line.hands.is_some()).count());
    view! {
        <Face id mode=BallotMode::ShowOfHands narrow=true bar>
            <Refusal asking meeting=id.get_value() />
            <Choice
                label=say!(i18n, ballots.hands_whose)
                options=Signal::derive(move || groups.with(|g| g.iter().map(|g| ChoiceOption::new(name(g))).collect()))
                selected=Signal::derive(move || Some(at.get()))
                on_choose=move |place| {
                    chosen.set(None);
                    at.set(place);
                }
            />
            <Progress
                label=say!(i18n, ballots.hands_recorded)
                done=Signal::derive(done)
                total=Signal::derive(move || lines.with(Vec::len))
            />
            <Show
                when=move || counting.get()
                fallback=move || view! { <Banner kind=BannerKind::Done title=say!(i18n, ballots.hands_done) /> }
            >
                <Count open current typed fit />
            </Show>
            <Show when=move || done() != 0>
                <Card title=say!(i18n, ballots.hands_so_far) note=say!(i18n, ballots.hands_again)>
                    <List>
                        <For
                            each=move || lines.get().into_iter().enumerate()
                            key=|(_, line)| (line.person.clone(), line.hands.clone(), line.differs)
                            let:entry
                        >
                            <Recorded place=entry.0 line=entry.1 open chosen />
                        </For>
                    </List>
                </Card>
            </Show>
        </Face>
    }
}

/// Figures as typed, by group and subject: what arrives meanwhile never changes what is under the thumb.
type Typed = BTreeMap<(GroupId, PersonId), Vec<String>>;

/// Returns the figures of a line as they stand in its fields: as typed, else as recorded.
fn texts(typed: &Typed, group: &GroupId, line: &HandLine, levels: usize) -> Vec<String> {
    let key = (group.clone(), line.person.clone());
    let recorded = || line.hands.iter().flatten().map(u32::to_string).collect();
    let mut texts: Vec<String> = typed.get(&key).cloned().unwrap_or_else(recorded);
    texts.resize(levels, String::new());
    texts
}

/// Reads the figures: an empty field is nobody's hand, anything but a figure is no count.
fn counted(texts: &[String]) -> Option<Vec<u32>> {
    texts.iter().map(|text| if text.trim().is_empty() { Some(0) } else { text.trim().parse().ok() }).collect()
}

/// One subject's count that was recorded; pressing it counts again.
#[component]
fn Recorded(place: usize, line: HandLine, open: Memo<Option<Open>>, chosen: RwSignal<Option<usize>>) -> impl IntoView {
    let i18n = use_i18n();
    let levels = open.with_untracked(|open| open.as_ref().map(|open| open.settings.rulebook.levels.clone()));
    let levels = levels.unwrap_or_default();
    let figures = match (&line.hands, line.differs) {
        (_, true) => t_string!(i18n, ballots.hands_differs).to_owned(),
        (Some(hands), _) => {
            let of =
                |(level, hands): (&u32, &u32)| t_string!(i18n, ballots.hands_of_level, level = *level, hands = *hands);
            levels.iter().zip(hands).map(of).collect::<Vec<_>>().join(" · ")
        }
        (None, _) => return ().into_any(),
    };
    let press = Callback::new(move |()| chosen.set(Some(place)));
    view! { <ListRow title=line.name subtitle=figures on_press=press /> }.into_any()
}

/// The subject whose hands are counted, a field per level.
#[component]
fn Count(
    open: Memo<Option<Open>>,
    current: Memo<Option<(GroupId, HandLine)>>,
    typed: RwSignal<Typed>,
    fit: Memo<Option<Fit>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Some(settings) = open.get_untracked().map(|open| StoredValue::new(open.settings)) else {
        return ().into_any();
    };
    let line = move |part: fn(&HandLine) -> &str| {
        Signal::derive(move || {
            current.with(|current| current.as_ref().map(|(_, line)| part(line).to_owned()).unwrap_or_default())
        })
    };
    let title = move || {
        current.with(|current| {
            let (group, line) = current.as_ref()?;
            let name = settings.with_value(|settings| group_name(i18n, settings, group));
            Some(t_string!(i18n, ballots.hands_group, group = name, present = line.raters))
        })
    };
    let levels = settings.with_value(|settings| settings.rulebook.levels.clone());
    let count = levels.len();
    let field = move |(place, level): (usize, u32)| {
        let label = Signal::derive(move || {
            let words = settings.with_value(|settings| level_words(i18n, settings));
            let word = words.get(place).cloned().unwrap_or_default();
            format!("{word} {}", t_string!(i18n, ballots.hands_level, level = level)).trim().to_owned()
        });
        let value = Signal::derive(move || {
            let (group, line) = current.get()?;
            typed.with(|typed| texts(typed, &group, &line, count).into_iter().nth(place))
        });
        let on_input = move |text: String| {
            let Some((group, line)) = current.get_untracked() else { return };
            typed.update(|typed| {
                let mut figures = texts(typed, &group, &line, count);
                if let Some(figure) = figures.get_mut(place) {
                    *figure = text;
                }
                typed.insert((group, line.person), figures);
            });
        };
        view! {
            <Field
                label
                kind=FieldKind::Number
                value=Signal::derive(move || value.get().unwrap_or_default())
                on_input
            />
        }
    };
    view! {
        <Card title=line(|line| &line.name) note=line(|line| &line.household)>
            <p>{title}</p>
            <div class="hands">{levels.into_iter().enumerate().map(field).collect_view()}</div>
            <p class="hands-fit" aria-live="polite" data-over=move || matches!(fit.get(), Some(Fit::Over(_))).then_some("")>
                {move || match fit.get() {
                    Some(Fit::Abstained(count)) => t_string!(i18n, ballots.hands_abstained, count = count).to_string(),
                    Some(Fit::Over(count)) => t_string!(i18n, ballots.hands_over, count = count).to_string(),
                    None => t_string!(i18n, ballots.hands_figures).to_owned(),
                }}
            </p>
        </Card>
    }
    .into_any()
}
