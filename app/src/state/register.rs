//! Records by what their kind declares: which kinds somebody reads, what they come to, and who may open one.
//!
//! Nothing here knows a kind by name: pages follow from the declaration.

pub mod money;
pub mod pick;
pub mod list;
pub mod export;
pub mod draft;
pub mod sheet;
pub mod story;

use std::collections::{BTreeMap, BTreeSet};

use shared::access::{may_read, may_write};
use shared::domain::command::Refusal;
use shared::domain::decide::register::may_open as decide_open;
use shared::domain::meeting::Author;
use shared::domain::register::{Counted, Field, Home, KINDS, Kind, Record, Shape, Tally, Value, Words, tally};
use shared::domain::{Acting, Workspace};
use shared::id::{DocumentKind, PersonId, ScopeId, UnitCode};
use shared::identity::Holder;
use shared::role::Role;
use shared::time::Date;

use super::home;
use super::people::dwelling;

/// The places where records are kept, in the order in which they are shown.
const HOMES: [Home; 5] = [Home::Village, Home::Cases, Home::Township, Home::Office, Home::Letters];

/// The kinds of one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindGroup {
    /// Where they are kept.
    pub home: Home,
    /// Them, in the order of the mechanisms.
    pub kinds: Vec<KindRow>,
}

/// One kind and what it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindRow {
    /// The kind.
    pub kind: &'static Kind,
    /// How many records there are, whatever their state.
    pub records: usize,
    /// What is counted of them.
    pub figures: Vec<(Words, Figure)>,
    /// Whether the viewer may open one, or why not.
    pub may_open: Result<(), Refusal>,
}

/// A number as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A count.
    Count(i64),
    /// Money, in fen.
    Money(i64),
}

/// What a field says, ready to be put in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A text, a name or a number as it stands.
    Text(String),
    /// A word of the declaration.
    Word(Words),
    /// A day.
    Date(Date),
    /// Money, in fen.
    Money(i64),
    /// A household by its number.
    Household(String),
}

/// Returns who asks, as decisions take it.
pub fn acting(me: &Holder) -> Acting {
    Acting {
        device: me.device,
        code: me.code.clone(),
        holder: me.person.clone(),
        name: me.name.clone(),
        roles: me.roles,
        villages: me.villages.clone(),
    }
}

/// Returns the villages whose records the holder reads, by code.
pub fn villages(workspace: &Workspace, me: &Holder) -> Vec<UnitCode> {
    let known: BTreeSet<&UnitCode> = workspace.township.units.keys().chain(&me.villages).collect();
    known.into_iter().filter(|code| may_read(me, &ScopeId::Village((*code).clone()))).cloned().collect()
}

/// Tells whether the holder reads any records of a kind.
pub fn reads(workspace: &Workspace, me: &Holder, kind: &Kind) -> bool {
    match kind.home {
        Home::Township => may_read(me, &ScopeId::Township),
        Home::Office => may_read(me, &ScopeId::Office),
        Home::Letters => true,
        Home::Village | Home::Cases => {
            villages(workspace, me).into_iter().any(|code| may_read(me, &scope(kind, &code, &me.person)))
        }
    }
}

/// Returns the scope in which a kind's record of a village would lie.
fn scope(kind: &Kind, village: &UnitCode, holder: &PersonId) -> ScopeId {
    match kind.home {
        Home::Village => ScopeId::Village(village.clone()),
        Home::Cases => ScopeId::Cases(village.clone()),
        Home::Township => ScopeId::Township,
        Home::Office => ScopeId::Office,
        Home::Letters => ScopeId::Letters(holder.clone()),
    }
}

/// Tells whether the holder may open or write a record of a kind for these villages.
///
/// What the relay would not take is refused here as well: a record that can never leave the phone helps nobody.
pub fn may_open(me: &Holder, kind: &'static Kind, hosts: &BTreeSet<UnitCode>) -> Result<(), Refusal> {
    decide_open(&acting(me), kind, hosts)?;
    if is_taken(me, kind, hosts) { Ok(()) } else { Err(Refusal::OtherVillage) }
}

/// Tells whether the relay takes what the holder writes of a kind for these villages.
fn is_taken(me: &Holder, kind: &Kind, hosts: &BTreeSet<UnitCode>) -> bool {
    let takes = |scope: &ScopeId| may_write(me, scope, DocumentKind::Affairs);
    match kind.home {
        Home::Village | Home::Cases => hosts.iter().any(|host| takes(&scope(kind, host, &me.person))),
        Home::Township => takes(&ScopeId::Township),
        Home::Office => takes(&ScopeId::Office),
        Home::Letters => takes(&ScopeId::Letters(me.person.clone())),
    }
}

/// Tells whether the holder may open one of a kind for a village, or without one for any that they could choose.
pub fn may_open_in(
    workspace: &Workspace,
    me: &Holder,
    kind: &'static Kind,
    village: Option<&UnitCode>,
) -> Result<(), Refusal> {
    let of = |village: &UnitCode| may_open(me, kind, &BTreeSet::from([village.clone()]));
    match (village, kind.home) {
        (Some(village), _) => of(village),
        (None, Home::Village | Home::Cases) => {
            let any = workspace.township.units.keys().chain(&me.villages).any(|village| of(village).is_ok());
            if any { Ok(()) } else { may_open(me, kind, &me.villages) }
        }
        (None, Home::Township | Home::Office | Home::Letters) => may_open(me, kind, &me.villages),
    }
}

/// Returns the village to which numbers are credited: the one that was chosen, or the holder's only one.
///
/// The office's own records and letters are nobody's village until one is chosen.
fn credited<'a>(me: &'a Holder, kind: &Kind, chosen: Option<&'a UnitCode>) -> Option<&'a UnitCode> {
    let only = || me.villages.first().filter(|_| me.villages.len() == 1 && !reads_township(me));
    match kind.home {
        Home::Village | Home::Cases | Home::Township => chosen.or_else(only),
        Home::Office | Home::Letters => chosen,
    }
}

fn reads_township(me: &Holder) -> bool {
    me.roles.any(&[Role::TownshipOffice, Role::Auditor])
}

/// Returns the kinds that the holder reads, by where they are kept, each with what it comes to.
pub fn overview(workspace: &Workspace, me: &Holder, village: Option<&UnitCode>) -> Vec<KindGroup> {
    let by_kind = by_kind(workspace);
    let row = |kind: &'static Kind| {
        let records = by_kind.get(kind.key).map(Vec::as_slice).unwrap_or_default();
        let of = credited(me, kind, village);
        let counted = records.iter().filter(|record| of.is_none_or(|village| record.hosts.contains(village)));
        KindRow {
            kind,
            records: counted.count(),
            figures: figures(kind, records, of),
            may_open: may_open_in(workspace, me, kind, village),
        }
    };
    let group = |home: Home| {
        let kinds = KINDS.iter().copied().filter(|kind| kind.home == home && reads(workspace, me, kind));
        KindGroup { home, kinds: kinds.map(row).collect() }
    };
    HOMES.into_iter().map(group).filter(|group| !group.kinds.is_empty()).collect()
}

fn by_kind(workspace: &Workspace) -> BTreeMap<&'static str, Vec<&Record>> {
    let mut by_kind: BTreeMap<&'static str, Vec<&Record>> = BTreeMap::new();
    for (_, record) in workspace.records() {
        by_kind.entry(record.kind.key).or_default().push(record);
    }
    by_kind
}

fn figures(kind: &'static Kind, records: &[&Record], village: Option<&UnitCode>) -> Vec<(Words, Figure)> {
    let figure = |tally: Tally| (tally.measure.name, figure(kind, &tally));
    tally(kind, records.iter().copied(), village).into_iter().map(figure).collect()
}

/// Returns a number as it is shown: money where its field holds money.
pub(super) fn figure(kind: &Kind, tally: &Tally) -> Figure {
    match tally.measure.what {
        Counted::Sum(field) if kind.field(field).is_some_and(|field| field.shape == Shape::Money) => {
            Figure::Money(tally.count)
        }
        _ => Figure::Count(tally.count),
    }
}

/// Returns what a value says of a record of these villages.
pub fn shown(workspace: &Workspace, hosts: &BTreeSet<UnitCode>, field: &Field, value: &Value) -> Shown {
    match value {
        Value::Nothing => Shown::Text(String::new()),
        Value::Text(text) => match field.shape {
            Shape::Choice(choices) => match choices.iter().find(|choice| choice.key == text) {
                Some(choice) => Shown::Word(choice.name),
                None => Shown::Text(text.clone()),
            },
            _ => Shown::Text(text.clone()),
        },
        Value::Number(number) if field.shape == Shape::Money => Shown::Money(*number),
        Value::Number(number) => Shown::Text(number.to_string()),
        Value::Date(date) => Shown::Date(*date),
        Value::Person(id) => Shown::Text(person_name(workspace, hosts, id)),
        Value::Household(id) => match pick::household(workspace, hosts, id) {
            Some(household) => Shown::Household(dwelling(&household.group, &household.number)),
            None => Shown::Text(id.to_string()),
        },
        Value::Unit(code) => Shown::Text(home::name(workspace, code)),
    }
}

/// Names a person of a record's villages; by the identifier while their roster is not here.
pub fn person_name(workspace: &Workspace, hosts: &BTreeSet<UnitCode>, id: &PersonId) -> String {
    pick::person(workspace, hosts, id).map_or_else(|| id.to_string(), |(person, _)| person.name.clone())
}

/// Names whoever recorded something; nothing while their certificate is not here.
pub fn author(workspace: &Workspace, author: &Author) -> Option<String> {
    let holder = author.holder.as_ref()?;
    let name = workspace.holders.get(holder).cloned();
    name.or_else(|| pick::person(workspace, &BTreeSet::new(), holder).map(|(person, _)| person.name.clone()))
}

#[cfg(test)]
mod tests;
