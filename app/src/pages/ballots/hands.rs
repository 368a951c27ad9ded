//! Counting hands: one subject at a time, a figure per level, the next subject by itself.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::MeetingCommand;
use shared::id::{GroupId, MeetingId};

use super::{Open, group_name, level_words};
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
        lines.with(|lines| lines.get(place).cloned())
    });
    let name = move |group: &GroupId| {
        open.with(|open| open.as_ref().map(|open| group_name(i18n, &open.settings, group))).unwrap_or_default()
    };
    view! {
        <Refusal asking meeting=id.get_value() />
        <Choice
            label=say!(i18n, ballots.issue_group)
            options=Signal::derive(move || groups.with(|g| g.iter().map(|g| ChoiceOption::new(name(g))).collect()))
            selected=Signal::derive(move || Some(at.get()))
            on_choose=move |place| {
                chosen.set(None);
                at.set(place);
            }
        />
        <p class="hands-progress" role="status">
            {move || {
                let (done, total) = lines
                    .with(|lines| (lines.iter().filter(|line| line.hands.is_some()).count(), lines.len()));
                t_string!(i18n, ballots.hands_progress, done = done, total = total).to_string()
            }}
        </p>
        {move || match (current.get(), group.get()) {
            (Some(line), Some(group)) => view! { <Count asking id open group line chosen /> }.into_any(),
            _ => view! { <Banner kind=BannerKind::Done title=say!(i18n, ballots.hands_done) /> }.into_any(),
        }}
        <List>
            <For
                each=move || lines.get().into_iter().enumerate()
                key=|(_, line)| (line.person.clone(), line.hands.clone(), line.differs)
                let:entry
            >
                <Recorded place=entry.0 line=entry.1 chosen />
            </For>
        </List>
    }
}

/// One subject's count that was recorded; pressing it counts again.
#[component]
fn Recorded(place: usize, line: HandLine, chosen: RwSignal<Option<usize>>) -> impl IntoView {
    let i18n = use_i18n();
    let figures = match (&line.hands, line.differs) {
        (_, true) => t_string!(i18n, ballots.hands_differs).to_owned(),
        (Some(hands), _) => hands.iter().map(u32::to_string).collect::<Vec<_>>().join(" · "),
        (None, _) => return ().into_any(),
    };
    let press = Callback::new(move |()| chosen.set(Some(place)));
    view! { <ListRow title=line.name subtitle=figures on_press=press /> }.into_any()
}

#[component]
fn Count(
    asking: Asking,
    id: StoredValue<MeetingId>,
    open: Memo<Option<Open>>,
    group: GroupId,
    line: HandLine,
    chosen: RwSignal<Option<usize>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Some(start) = open.get_untracked() else { return ().into_any() };
    let levels = start.settings.rulebook.levels.clone();
    let words = level_words(i18n, &start.settings);
    let before = line.hands.clone().unwrap_or_default();
    let figures: Vec<RwSignal<String>> = (0..levels.len())
        .map(|place| RwSignal::new(before.get(place).map(u32::to_string).unwrap_or_default()))
        .collect();
    let figures = StoredValue::new(figures);
    let raters = line.raters;
    // An empty field is nobody's hand; anything but a figure is no count.
    let hands = move || {
        let read = |text: String| if text.trim().is_empty() { Some(0) } else { text.trim().parse::<u32>().ok() };
        figures.with_value(|figures| figures.iter().map(|figure| read(figure.get())).collect::<Option<Vec<u32>>>())
    };
    let fit = Memo::new(move |_| hands().map(|hands| hands::fit(&hands, raters)));
    let person = StoredValue::new(line.person);
    let of_group = StoredValue::new(group.clone());
    let save = move |()| {
        let Some(hands) = untrack(hands) else { return };
        let (subject, group) = (person.get_value(), of_group.get_value());
        asking.about(&id.get_value(), MeetingCommand::CountHands { subject, group, hands }, move || {
            _ = chosen.try_set(None)
        });
    };
    let title = {
        let name = group_name(i18n, &start.settings, &group);
        t_string!(i18n, ballots.hands_group, group = name, present = raters).to_string()
    };
    let fields = levels
        .iter()
        .zip(words)
        .enumerate()
        .map(|(place, (level, word))| {
            let figure = figures.with_value(|figures| figures[place]);
            let label = format!("{word} {}", t_string!(i18n, ballots.hands_level, level = *level));
            view! {
                <Field
                    label=label.trim().to_owned()
                    kind=FieldKind::Number
                    value=figure
                    on_input=move |text| figure.set(text)
                />
            }
        })
        .collect_view();
    view! {
        <Card title=line.name note=line.household>
            <p>{title}</p>
            <div class="hands">{fields}</div>
            <p aria-live="polite" class:fault=move || matches!(fit.get(), Some(Fit::Over(_)))>
                {move || match fit.get() {
                    Some(Fit::Abstained(count)) => t_string!(i18n, ballots.hands_abstained, count = count).to_string(),
                    Some(Fit::Over(count)) => t_string!(i18n, ballots.hands_over, count = count).to_string(),
                    None => String::new(),
                }}
            </p>
        </Card>
        <BottomBar>
            <Button
                kind=ButtonKind::Primary
                wide=true
                label=say!(i18n, ballots.hands_save)
                busy=asking.busy
                disabled=Signal::derive(move || !matches!(fit.get(), Some(Fit::Abstained(_))))
                on_press=save
            />
        </BottomBar>
    }
    .into_any()
}
