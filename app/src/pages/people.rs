//! The roster: everybody of a village by group and household, found by name, pinyin or household number.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::access::may_write;
use shared::id::{DocumentKind, ScopeId, UnitCode};

use super::frame::{Frame, for_village};
use super::person::today;
use super::words::{self, Words};
use crate::i18n::*;
use crate::say;
use crate::shell::Phone;
use crate::state::home;
use crate::state::links::{self, VillagePage};
use crate::state::people::{self, PersonRow, ROWS_SHOWN};
use crate::state::person::twins;
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::button::{Button, ButtonKind, ButtonLink};
use crate::ui::empty_state::EmptyState;
use crate::ui::field::{Field, FieldKind};
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};
use shared::domain::person::{MemberClass, Roster, Standing};

/// What stands at a village's roster.
#[component]
pub fn PeoplePage() -> impl IntoView {
    for_village(|code| view! { <People code /> }.into_any())
}

#[component]
fn People(code: UnitCode) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let search = RwSignal::new(String::new());
    let limit = RwSignal::new(ROWS_SHOWN);
    let list = {
        let code = code.clone();
        Memo::new(move |_| {
            phone.workspace.with(|workspace| match workspace.villages.get(&code) {
                Some(village) => search.with(|search| people::list(&now(&village.roster), search, limit.get())),
                None => people::PeopleList::default(),
            })
        })
    };
    let count = {
        let code = code.clone();
        Memo::new(move |_| {
            phone.workspace.with(|w| w.villages.get(&code).map(|v| people::count(&now(&v.roster))).unwrap_or_default())
        })
    };
    let subtitle = {
        let code = code.clone();
        Signal::derive(move || phone.workspace.with(|workspace| home::name(workspace, &code)))
    };
    let import = links::village(&code, VillagePage::Import);
    let scope = ScopeId::Village(code.clone());
    let may_import = Memo::new(move |_| {
        phone.me.with(|me| me.as_ref().is_some_and(|me| may_write(me, &scope, DocumentKind::Roster)))
    });
    let import = StoredValue::new(import);
    let import_link = move |kind: ButtonKind| {
        let href = import.get_value();
        may_import.get().then(|| view! { <ButtonLink label=say!(i18n, people.import) href kind sign=Sign::Plus /> })
    };
    let counts = move || {
        let count = count.get();
        t_string!(
            i18n,
            people.count,
            people = count.people,
            households = count.households,
            members = count.members,
            representatives = count.representatives
        )
    };
    let twins = {
        let code = StoredValue::new(code.clone());
        let count = Memo::new(move |_| phone.workspace.with(|w| code.with_value(|code| twins::count(w, code))));
        move || {
            let subtitle = Signal::derive(move || t_string!(i18n, people.twins_count, count = count.get()));
            let href = code.with_value(links::twins);
            view! {
                <List>
                    <ListRow title=say!(i18n, person.twins) subtitle sign=Sign::People href />
                </List>
            }
        }
    };
    let back = links::village(&code, VillagePage::Meetings);
    let body = move || {
        if count.get().people == 0 {
            return view! {
                <EmptyState sign=Sign::People title=say!(i18n, people.empty) text=say!(i18n, people.empty_text)>
                    {import_link(ButtonKind::Primary)}
                </EmptyState>
            }
            .into_any();
        }
        let link = import_link(ButtonKind::Secondary);
        view! {
            <Field
                label=say!(i18n, people.search)
                value=search
                on_input=move |text| {
                    search.set(text);
                    limit.set(ROWS_SHOWN);
                }
                kind=FieldKind::Search
                hint=say!(i18n, people.search_hint)
            />
            <div class="cluster" data-align="between">
                <p class="soft small">{counts}</p>
                {link}
            </div>
            <Found list search limit />
            {twins()}
        }
        .into_any()
    };
    view! {
        <Frame title=say!(i18n, people.title) subtitle back narrow=true>
            {body}
        </Frame>
    }
}

/// Returns a roster as it is on this phone's day: who left or has not come yet is on no list.
fn now(roster: &Roster) -> Roster {
    today().map_or_else(|| roster.clone(), |today| roster.on(today))
}

#[component]
fn Found(list: Memo<people::PeopleList>, search: RwSignal<String>, limit: RwSignal<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let groups = move || {
        let list = list.get();
        if list.found == 0 {
            let title = search.get();
            let title = Signal::derive(move || t_string!(i18n, people.none_found, search = title.trim()));
            return view! { <EmptyState sign=Sign::People title text=say!(i18n, people.none_found_text) /> }.into_any();
        }
        list.groups
            .into_iter()
            .map(|group| {
                let name = match group.name.as_str() {
                    "" => t_string!(i18n, people.no_group).to_owned(),
                    name => name.to_owned(),
                };
                let rows = group.people.into_iter().map(|row| person_row(i18n, row)).collect_view();
                view! {
                    <section class="people-group">
                        <h2 class="people-group-name">{name.clone()}</h2>
                        <List label=name>{rows}</List>
                    </section>
                }
            })
            .collect_view()
            .into_any()
    };
    let rest = Memo::new(move |_| list.with(|list| list.found - list.shown));
    view! {
        {groups}
        {move || {
            (rest.get() > 0)
                .then(|| {
                    let label = Signal::derive(move || t_string!(i18n, people.show_all, count = rest.get()));
                    view! { <Button label on_press=move |()| limit.set(usize::MAX) wide=true /> }
                })
        }}
    }
}

/// One person of a list; it leads to their own page.
pub(super) fn person_row(i18n: Words, row: PersonRow) -> impl IntoView {
    let badges = badges(i18n, &row)
        .into_iter()
        .map(|(kind, label)| view! { <Badge kind label=label.to_owned() /> })
        .collect_view();
    let mut parts = vec![words::dwelling(i18n, if row.shared_name { &row.group } else { "" }, &row.household)];
    parts.extend(row.head.then(|| t_string!(i18n, words.head).to_owned()));
    parts.extend(row.birth_year.map(|year| t_string!(i18n, words.born, year = year)));
    parts.extend(row.spoken().map(str::to_owned));
    let subtitle = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    view! {
        <ListRow title=row.name subtitle href=links::person(&row.id)>
            {badges}
        </ListRow>
    }
}

/// Says in badges what somebody is: member, representative, away.
pub(super) fn badges(i18n: Words, row: &PersonRow) -> Vec<(BadgeKind, &'static str)> {
    let mut badges = Vec::new();
    match row.standing {
        Some(Standing::Full) => badges.push((BadgeKind::Plain, t_string!(i18n, words.member))),
        Some(Standing::Probationary) => {
            badges.push((BadgeKind::Attention, words::standing(i18n, Standing::Probationary)));
        }
        None => {}
    }
    if row.representative {
        badges.push((BadgeKind::Plain, t_string!(i18n, words.representative)));
    }
    if row.class != MemberClass::Ordinary {
        badges.extend(words::class(i18n, row.class).map(|label| (BadgeKind::Plain, label)));
    }
    badges.extend(words::residency(i18n, row.residency).map(|label| (BadgeKind::Plain, label)));
    badges
}
