//! Entries of a village that may be of one person: side by side, merged by a press, and taken apart again.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::{Command, PeopleCommand};
use shared::domain::person::Alike;
use shared::id::{PersonId, UnitCode};

use super::cards::StoryCard;
use super::{may_keep, today};
use crate::i18n::*;
use crate::pages::asking::{Asking, Refusal};
use crate::pages::frame::{Frame, for_village};
use crate::pages::people::person_row;
use crate::pages::words::{self, Words};
use crate::say;
use crate::shell::Phone;
use crate::state::home;
use crate::state::links::{self, VillagePage};
use crate::state::people::PersonRow;
use crate::state::person::twins::{self, PAIRS_SHOWN, Pair};
use crate::ui::button::Button;
use crate::ui::empty_state::EmptyState;
use crate::ui::icon::Sign;
use crate::ui::list_row::List;
use crate::ui::pager::Pager;

/// What stands at a village's doubtful entries.
#[component]
pub fn TwinsPage() -> impl IntoView {
    for_village(|code| view! { <TwinsOf code /> }.into_any())
}

#[component]
fn TwinsOf(code: UnitCode) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let asking = Asking::start();
    let first = RwSignal::new(0_usize);
    let of = StoredValue::new(code.clone());
    let page = Memo::new(move |_| {
        let Some(today) = today() else { return twins::TwinsPage::default() };
        phone.workspace.with(|workspace| of.with_value(|code| twins::page(workspace, code, today, first.get())))
    });
    let may = Memo::new(move |_| of.with_value(|code| may_keep(phone, code).is_ok()));
    let merge = Callback::new(move |(entry, into): (PersonId, PersonId)| {
        let words = t_string!(i18n, person.merge_words).to_owned();
        let command = PeopleCommand::Merge { entry, into, words };
        asking.ask(Command::People(of.get_value(), command), || {});
    });
    let pairs = move || {
        let pairs = page.with(|page| page.pairs.clone());
        if pairs.is_empty() {
            return view! {
                <EmptyState sign=Sign::Check title=say!(i18n, person.twins_none) text=say!(i18n, person.twins_none_text) />
            }
            .into_any();
        }
        pairs.into_iter().map(|row| pair(i18n, row, may.get(), asking, merge)).collect_view().into_any()
    };
    let all = Signal::derive(move || page.with(|page| page.all));
    let at = Signal::derive(move || page.with(|page| page.first));
    let place = Signal::derive(move || {
        let (from, to) = (at.get() + 1, (at.get() + PAIRS_SHOWN).min(all.get()));
        t_string!(i18n, registers.window, from = from, to = to, all = all.get())
    });
    let subtitle =
        Signal::derive(move || phone.workspace.with(|workspace| of.with_value(|code| home::name(workspace, code))));
    let story = Signal::derive(move || Some(page.with(|page| page.merges.clone())));
    let village = Signal::derive(move || Some(of.get_value()));
    view! {
        <Frame title=say!(i18n, person.twins) subtitle back=links::village(&code, VillagePage::People) narrow=true>
            <Refusal asking />
            <p class="soft">{say!(i18n, person.twins_note)}</p>
            {pairs}
            <Pager
                first=at
                all
                size=PAIRS_SHOWN
                place
                back=say!(i18n, person.pairs_back)
                on=say!(i18n, person.pairs_on)
                on_turn=move |place| first.set(place)
            />
            <StoryCard story village asking />
        </Frame>
    }
}

fn pair(
    i18n: Words,
    Pair { one, other, alike }: Pair,
    may: bool,
    asking: Asking,
    merge: Callback<(PersonId, PersonId)>,
) -> impl IntoView {
    let alike: Vec<String> = alike
        .into_iter()
        .map(|alike| match alike {
            Alike::Household => t_string!(i18n, person.alike_household).to_owned(),
            Alike::Birth => t_string!(i18n, person.alike_birth).to_owned(),
        })
        .collect();
    let title = t_string!(i18n, person.pair, name = one.name.clone(), alike = words::list(i18n, &alike));
    let keep = |kept: &PersonRow, given_up: &PersonRow| {
        let (into, entry) = (kept.id.clone(), given_up.id.clone());
        let dwelling = words::dwelling(i18n, &kept.group, &kept.household);
        let label = t_string!(i18n, person.keep, name = kept.name.clone(), dwelling = dwelling);
        let press = Callback::new(move |()| merge.run((entry.clone(), into.clone())));
        view! { <Button label busy=asking.busy on_press=press /> }
    };
    let buttons = may.then(|| view! { <div class="twins-buttons">{keep(&one, &other)} {keep(&other, &one)}</div> });
    view! {
        <section class="twins-pair stack" data-gap="small">
            <h2>{title.clone()}</h2>
            <List label=title>{person_row(i18n, one.clone())} {person_row(i18n, other.clone())}</List>
            {buttons}
        </section>
    }
}
