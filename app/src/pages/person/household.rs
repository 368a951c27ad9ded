//! One household: who lives there, what its account comes to, and the records that name it.

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::hooks::{use_params_map, use_query_map};
use shared::id::{HouseholdId, UnitCode};

use super::cards::{PointsCard, RecordsCard, StoryCard};
use super::{gone, joined, today};
use crate::i18n::*;
use crate::pages::asking::{Asking, Refusal};
use crate::pages::frame::Frame;
use crate::pages::people::person_row;
use crate::pages::words;
use crate::say;
use crate::shell::Phone;
use crate::state::links::{self, VillagePage};
use crate::state::person::household;
use crate::ui::card::Card;
use crate::ui::facts::Facts;
use crate::ui::list_row::{List, ListRow};

/// What stands at `/household/:number`; numbers are those of a village, which the address may name.
#[component]
pub fn HouseholdPage() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let (params, query) = (use_params_map(), use_query_map());
    let first = RwSignal::new(0_usize);
    let asked = Memo::new(move |_| {
        let id = params.with(|params| params.get("number")).and_then(|text| HouseholdId::new(&text).ok())?;
        let named = query.with(|query| query.get("village")).and_then(|text| UnitCode::new(&text).ok());
        let village = named.or_else(|| {
            let own = phone.me.with(|me| me.as_ref().map(|me| me.villages.clone()).unwrap_or_default());
            let with = phone.workspace.with(|workspace| household::villages_with(workspace, &id));
            with.iter().find(|village| own.contains(village)).or(with.first()).cloned()
        })?;
        Some((village, id))
    });
    let page = Memo::new(move |_| {
        let ((village, id), today) = (asked.get()?, today()?);
        phone.workspace.with(|workspace| household::page(workspace, &village, &id, today, first.get()))
    });
    let is_known = Memo::new(move |_| page.with(Option::is_some));
    move || match (is_known.get(), asked.get_untracked()) {
        (true, Some((village, id))) => view! { <Household page village id first /> }.into_any(),
        _ => gone(i18n).into_any(),
    }
}

#[component]
fn Household(
    page: Memo<Option<household::HouseholdPage>>,
    village: UnitCode,
    id: HouseholdId,
    first: RwSignal<usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let asking = Asking::start();
    let title = Signal::derive(move || {
        page.with(|page| page.as_ref().map(|page| words::dwelling(i18n, "", &page.number)).unwrap_or_default())
    });
    let subtitle = Signal::derive(move || {
        page.with(|page| {
            page.as_ref().map(|page| joined(&[page.village_name.clone(), page.group.clone()])).unwrap_or_default()
        })
    });
    let account = links::account(&village, &id);
    let points = {
        let account = account.clone();
        Signal::derive(move || {
            let (_, points) = page.with(|page| page.as_ref()?.points.clone())?;
            Some((points, Some(account.clone())))
        })
    };
    let balance = move || {
        let (balance, linked) = page.with(|page| {
            let page = page.as_ref()?;
            Some((page.points.as_ref()?.0, page.linked.clone()))
        })?;
        let mut facts = vec![
            (t_string!(i18n, person.honour).to_owned(), balance.honour().to_string()),
            (t_string!(i18n, person.spendable).to_owned(), balance.spendable().to_string()),
        ];
        if !linked.is_empty() {
            facts.push((t_string!(i18n, person.linked).to_owned(), words::list(i18n, &linked)));
        }
        Some(view! { <Facts facts=Signal::derive(move || facts.clone()) /> })
    };
    let people = move || {
        let rows = page.with(|page| page.as_ref().map(|page| page.people.clone()).unwrap_or_default());
        match rows.is_empty() {
            true => view! { <ListRow title=say!(i18n, person.nobody_lives) /> }.into_any(),
            false => rows.into_iter().map(|row| person_row(i18n, row)).collect_view().into_any(),
        }
    };
    let records = Signal::derive(move || page.with(|page| page.as_ref().map(|page| page.records.clone())));
    let story = Signal::derive(move || page.with(|page| page.as_ref().map(|page| page.story.clone())));
    let of = village.clone();
    let village_of = Signal::derive(move || Some(of.clone()));
    view! {
        <Frame title subtitle back=links::village(&village, VillagePage::People) narrow=true>
            <Refusal asking />
            <Card title=say!(i18n, person.living)>
                <List label=say!(i18n, person.living)>{people}</List>
            </Card>
            {balance}
            <PointsCard points village=village_of title=say!(i18n, person.account) />
            <RecordsCard records first />
            <StoryCard story village=village_of asking />
        </Frame>
    }
}
