//! Looking for people and households in every village that this phone reads.

use leptos::prelude::*;
use leptos_i18n::t_string;

use super::{joined, today};
use crate::i18n::*;
use crate::pages::frame::Frame;
use crate::pages::words::{self, Words};
use crate::say;
use crate::shell::Phone;
use crate::state::links;
use crate::state::people::PersonRow;
use crate::state::person::finding::{Found, FoundHousehold, find};
use crate::ui::card::Card;
use crate::ui::empty_state::EmptyState;
use crate::ui::field::{Field, FieldKind};
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};

/// What stands at `/people`.
#[component]
pub fn FindingPage() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let search = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let found = |today| phone.workspace.with(|w| search.with(|search| find(w, search, today)));
        today().map(found).unwrap_or_default()
    });
    let is_asked = Memo::new(move |_| search.with(|search| !search.trim().is_empty()));
    let body = move || {
        let Found { people, all, households } = found.get();
        if is_asked.get() && people.is_empty() && households.is_empty() {
            let title = Signal::derive(move || t_string!(i18n, people.none_found, search = search.get()));
            return view! { <EmptyState sign=Sign::People title text=say!(i18n, people.none_found_text) /> }.into_any();
        }
        let more = all.saturating_sub(people.len());
        let rows = people.into_iter().map(|(village, row)| person(i18n, village, row)).collect_view();
        let homes = households.into_iter().map(|home| household(i18n, home)).collect_view();
        let more = (more > 0).then(|| {
            view! { <ListRow title=t_string!(i18n, person.more_found, count = more) /> }
        });
        view! {
            <List label=say!(i18n, person.find)>{rows} {more}</List>
            <Card title=say!(i18n, person.households)>
                <List label=say!(i18n, person.households)>{homes}</List>
            </Card>
        }
        .into_any()
    };
    view! {
        <Frame title=say!(i18n, person.find) back=links::HOME narrow=true>
            <Field
                label=say!(i18n, people.search)
                value=search
                on_input=move |text| search.set(text)
                kind=FieldKind::Search
                hint=say!(i18n, people.search_hint)
            />
            {move || is_asked.get().then(&body)}
        </Frame>
    }
}

fn person(i18n: Words, village: String, row: PersonRow) -> impl IntoView {
    let dwelling = words::dwelling(i18n, &row.group, &row.household);
    let spoken = row.spoken().unwrap_or_default().to_owned();
    let subtitle = joined(&[village, dwelling, spoken]);
    view! { <ListRow title=row.name subtitle href=links::person(&row.id) /> }
}

fn household(i18n: Words, home: FoundHousehold) -> impl IntoView {
    let title = words::dwelling(i18n, &home.group, &home.number);
    view! { <ListRow title subtitle=home.village_name href=links::household(&home.id, &home.village) /> }
}
