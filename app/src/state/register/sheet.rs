//! One record as its page shows it: what it says, where it stands, what leads on, and who is on its list.

use std::collections::BTreeSet;

use shared::access;
use shared::domain::Workspace;
use shared::domain::command::Refusal;
use shared::domain::decide::register::{may_open as decide_open, may_take};
use shared::domain::divergence::{Said, Voice};
use shared::domain::register::{Denied, Field, Line, LineSubject, Powers, Record, Standing, Step, Value};
use shared::id::{Address, DocumentKind, FactId, UnitCode};
use shared::identity::Holder;
use shared::role::Role;
use shared::time::{Date, Instant};

use super::{Shown, acting, author, person_name, pick, shown};
use crate::state::home;
use crate::state::people::dwelling;

/// The most lines of a list that stand on a page at once.
pub const LINES_SHOWN: usize = 60;

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its number.
    pub id: FactId,
    /// Where it lies.
    pub address: Address,
    /// What titles it; empty where its title is divided.
    pub title: String,
    /// The day on which it happened or began.
    pub date: Date,
    /// Its villages.
    pub hosts: Vec<(UnitCode, String)>,
    /// Where it stands.
    pub standing: Standing,
    /// The steps that people took apart, where it is divided.
    pub apart: Vec<Apart>,
    /// What it says, in the order of the declaration.
    pub fields: Vec<FieldView>,
    /// Whether the viewer may write its fields, or why not.
    pub may_write: Result<(), Refusal>,
    /// The steps that lead on from where it stands.
    pub steps: Vec<StepView>,
    /// Whether the viewer may list and strike, or why not; nothing for kinds without a list.
    pub may_list: Option<Result<(), Refusal>>,
    /// How many stand on its list.
    pub listed: usize,
}

/// One of several steps that were taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    /// The step.
    pub step: &'static Step,
    /// Who took it.
    pub by: Vec<Spoken>,
}

/// Who said or did something, and when by their clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// The name; nothing while the certificate is not here.
    pub name: Option<String>,
    /// What the clock showed.
    pub at: Instant,
}

/// One field and everything that stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldView {
    /// The field.
    pub field: &'static Field,
    /// Nothing, one value, or several that people said apart.
    pub said: Vec<ValueView>,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueView {
    /// As it is kept.
    pub value: Value,
    /// As it is shown.
    pub shown: Shown,
    /// Who said so.
    pub by: Vec<Spoken>,
}

/// One step that leads on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepView {
    /// The step.
    pub step: &'static Step,
    /// Whether the viewer may take it, or why not.
    pub may: Result<(), Refusal>,
}

/// A window of a record's list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// The lines of the window, the latest first; struck ones stay in their place.
    pub rows: Vec<LineRow>,
    /// The place of the first of them.
    pub first: usize,
    /// How many lines there are, struck ones included.
    pub all: usize,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRow {
    /// Its number.
    pub id: FactId,
    /// Who stands on it.
    pub name: String,
    /// Group and household, where they are on a roster.
    pub dwelling: String,
    /// The village, where the record has several.
    pub village: Option<String>,
    /// What is noted beside the name.
    pub note: String,
    /// Why it was struck, where it was.
    pub struck: Option<String>,
}

/// Returns a record as the viewer sees it on a day; where the clock shows none, nothing is too early.
pub fn sheet(workspace: &Workspace, me: &Holder, today: Option<Date>, address: &Address, record: &Record) -> Sheet {
    let spoken = |voice: &Voice| spoken(workspace, voice);
    let field = |field: &'static Field| {
        let standing = record.values.get(field.key).map(|settled| settled.standing()).unwrap_or_default();
        let said = standing.iter().filter(|said| standing.len() > 1 || !said.value.is_nothing());
        let view = |said: &Said<Value>| ValueView {
            value: said.value.clone(),
            shown: shown(workspace, &record.hosts, field, &said.value),
            by: said.by.iter().map(spoken).collect(),
        };
        FieldView { field, said: said.map(view).collect() }
    };
    // A record that the relay would not take from this device must not be promised to it.
    let taken = match access::may_write(me, &address.scope, DocumentKind::Affairs) {
        true => Ok(()),
        false => Err(Refusal::OtherVillage),
    };
    let standing = record.standing();
    let apart = match &standing {
        Standing::At(_) => Vec::new(),
        Standing::Divided(_) => {
            let step =
                |said: &Said<&'static Step>| Apart { step: said.value, by: said.by.iter().map(spoken).collect() };
            record.last.standing().iter().map(step).collect()
        }
    };
    Sheet {
        id: record.id.clone(),
        address: address.clone(),
        title: record.title().to_owned(),
        date: record.date,
        hosts: record.hosts.iter().map(|code| (code.clone(), home::name(workspace, code))).collect(),
        apart,
        fields: record.kind.fields.iter().map(field).collect(),
        may_write: decide_open(&acting(me), record.kind, &record.hosts).and(taken.clone()),
        steps: steps(record, &standing, |step| {
            may_take(workspace, &acting(me), record, step, today).and(taken.clone())
        }),
        may_list: record.kind.lines.map(|lines| may_list(me, record, lines.by).and(taken)),
        listed: record.listed().count(),
        standing,
    }
}

fn may_list(me: &Holder, record: &Record, by: &'static [Role]) -> Result<(), Refusal> {
    let powers = Powers { roles: me.roles, villages: me.villages.clone() };
    powers.allow(by, record.kind.home, &record.hosts).map_err(|denied| match denied {
        Denied::Role => Refusal::Role { needs: by },
        Denied::OtherVillage => Refusal::OtherVillage,
    })
}

/// Returns the steps from where a record stands, each once, with what keeps the viewer from it.
fn steps(record: &Record, standing: &Standing, may: impl Fn(&'static Step) -> Result<(), Refusal>) -> Vec<StepView> {
    let stands: BTreeSet<&str> = match standing {
        Standing::At(state) => BTreeSet::from([state.key]),
        Standing::Divided(states) => states.iter().map(|state| state.key).collect(),
    };
    let leads_on = |step: &&'static Step| step.from.iter().any(|from| stands.contains(from));
    let view = |step: &'static Step| {
        let missing: Vec<&'static str> =
            step.needs.iter().copied().filter(|field| record.value(field).is_none()).collect();
        let lacks = if missing.is_empty() { Ok(()) } else { Err(Refusal::FieldsNeeded(missing)) };
        StepView { step, may: may(step).and(lacks) }
    };
    record.kind.steps.iter().filter(leads_on).map(view).collect()
}

/// Returns the window of a record's list that begins at a place, the latest line first.
pub fn lines(workspace: &Workspace, record: &Record, first: usize) -> Lines {
    let all = record.lines.len();
    let first = if first < all { first } else { all.saturating_sub(1) / LINES_SHOWN * LINES_SHOWN };
    let mut by_time: Vec<_> = record.lines.iter().collect();
    by_time.sort_by(|(a_id, a), (b_id, b)| (b.by.at, *b_id).cmp(&(a.by.at, *a_id)));
    let row = |(id, line): (&FactId, &Line)| {
        let (name, dwelling) = subject(workspace, &record.hosts, &line.listed.subject);
        let village = line.listed.village.as_ref().filter(|_| record.hosts.len() > 1);
        LineRow {
            id: id.clone(),
            name,
            dwelling,
            village: village.map(|code| home::name(workspace, code)),
            note: line.listed.note.clone(),
            struck: line.struck.clone(),
        }
    };
    let rows = by_time.into_iter().skip(first).take(LINES_SHOWN).map(row).collect();
    Lines { rows, first, all }
}

/// Names who stands on a line, with group and household where they are on a roster.
pub fn subject(workspace: &Workspace, hosts: &BTreeSet<UnitCode>, subject: &LineSubject) -> (String, String) {
    match subject {
        LineSubject::Person(id) => {
            let household = pick::person(workspace, hosts, id).and_then(|(_, household)| household);
            let dwelling = household.map(|household| dwelling(&household.group, &household.number));
            (person_name(workspace, hosts, id), dwelling.unwrap_or_default())
        }
        LineSubject::Household(id) => match pick::household(workspace, hosts, id) {
            Some(household) => (dwelling(&household.group, &household.number), String::new()),
            None => (id.to_string(), String::new()),
        },
        LineSubject::Name(name) => (name.clone(), String::new()),
    }
}

fn spoken(workspace: &Workspace, voice: &Voice) -> Spoken {
    Spoken { name: author(workspace, &voice.author), at: voice.at }
}
